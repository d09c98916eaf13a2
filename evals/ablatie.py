"""What each ingredient of the finding is worth, on the development half: docs/weging.md (python evals/ablatie.py)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from vraagalmere import VraagAlmere
from vraagalmere.evaluation.measures import hits
from vraagalmere.evaluation.sets import Question, read_sets, standard_sets
from vraagalmere.index import SearchIndex, build
from vraagalmere.retrieval import FEATURES, Retriever
from vraagalmere.settings import Settings

SETS = ("bewoners", "medewerkers", "lijkt-op-beslissing")


def only(*names: str) -> dict[str, Any]:
    """Weights that look at these features alone, each as much."""
    flat = dict.fromkeys(FEATURES, 0.0)
    return {
        "gemiddelde": flat,
        "spreiding": dict.fromkeys(FEATURES, 1.0),
        "gewicht": {**flat, **dict.fromkeys(names, 1.0)},
    }


def without(weights: dict[str, Any], *names: str) -> dict[str, Any]:
    """The learned weights with these features left out."""
    return {**weights, "gewicht": {**weights["gewicht"], **dict.fromkeys(names, 0.0)}}


def first_places(retriever: Retriever, questions: Sequence[Question]) -> tuple[float, float, float]:
    """Share of questions whose first, one of the first three, one of the first ten passages is gold."""
    ranks = []
    for question in questions:
        found = retriever.search(question.vraag).hits
        gold = [place for part in question.goud for place in part]
        rank = next((n for n, h in enumerate(found) if any(hits(_Span(h.passage), place) for place in gold)), 99)
        ranks.append(rank)
    ranked = np.array(ranks)
    return tuple(float((ranked < k).mean()) for k in (1, 3, 10))  # type: ignore[return-value]


class _Span:
    """A passage as the measures see a source: document, begin and end."""

    def __init__(self, passage: Any) -> None:
        self.document, self.begin, self.eind = passage.document, passage.start, passage.end


def systems(settings: Settings) -> list[tuple[str, Retriever]]:
    """The ingredients alone, the whole, and the whole without one ingredient."""
    raw = files("vraagalmere").joinpath("data", "weging.json").read_text(encoding="utf-8")
    weights: dict[str, Any] = json.loads(raw)
    whole: SearchIndex = build(settings)
    bare = build(settings.model_copy(update={"edition": False}))
    deaf = Retriever(whole)
    deaf.speller = _NoSpeller()  # type: ignore[assignment]
    cosines = [f for f in FEATURES if "cos" in f]
    return [
        ("BM25 over de letterlijke tekst, zonder uitgave", Retriever(bare, only("bm25_alles"))),
        ("vectoren over de letterlijke tekst, zonder uitgave", Retriever(bare, only("cos_tekst"))),
        ("alles, zonder de uitgave in gewone taal", Retriever(bare)),
        ("BM25 over alle velden", Retriever(whole, only("bm25_alles"))),
        ("vectoren: dichtste vraag", Retriever(whole, only("cos_vraag"))),
        ("BM25 + vectoren, gelijk gewogen", Retriever(whole, only("bm25_alles", "cos_vraag"))),
        ("alles, zonder vectoren in de weging", Retriever(whole, without(weights, *cosines, "rang_cos"))),
        ("alles, zonder de zin die vraagt", Retriever(whole, without(weights, *[f for f in FEATURES if "kern" in f]))),
        ("alles, zonder typefouten te herstellen", deaf),
        ("alles, zonder namen van documenten",
         Retriever(whole, without(weights, "document_genoemd", "ander_document_genoemd"))),
        ("**alles**", Retriever(whole)),
    ]  # fmt: skip


class _NoSpeller:
    def mend_text(self, text: str) -> str:
        from vraagalmere.dutch import words

        return " ".join(words(text))


def main() -> None:
    """Measure and write docs/weging.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uit", type=Path, default=Path("docs/weging.md"))
    args = parser.parse_args()
    settings = Settings.load()
    documents = VraagAlmere.open(settings).index.documents
    everything = read_sets(standard_sets(Path("evals/sets")), documents)
    questions = [q for q in everything if q.deel == "ontwikkeling" and q.goud]
    by_set = {s: [q for q in questions if q.set == s and q.soort == "antwoord"] for s in SETS}
    lines = [
        "# Wat elk onderdeel van het zoeken waard is",
        "",
        "Gemaakt door `python evals/ablatie.py`, op de ontwikkelhelft van de vragensets. In elke cel: de goede passage "
        "staat eerst / bij de eerste drie / bij de eerste tien.",
        "",
        "| | " + " | ".join(f"{s} (n={len(by_set[s])})" for s in SETS) + " |",
        "|---|" + "---|" * len(SETS),
    ]
    for name, retriever in systems(settings):
        cells = [" / ".join(f"{v:.2f}" for v in first_places(retriever, by_set[s])) for s in SETS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    args.uit.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
