"""The question sets on a corpus of PDFs beside the same sets on the text corpus: docs/pdf-vragen.md.

    python evals/pdfvragen.py [--maker chromium-pagina typst …]

Each of the documents is printed to a PDF by a maker of tests/pdf_makers.py and takes the place of its text. Gold
places are found again by their literal words; a question with one that is not found is left out on both sides.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from pdf_makers import MAKERS, can_make, elements_of  # noqa: E402
from vraagalmere import VraagAlmere  # noqa: E402
from vraagalmere.corpus import Document, read_corpus  # noqa: E402
from vraagalmere.evaluation.readability import explained_words  # noqa: E402
from vraagalmere.evaluation.scoring import LABELS, means, score  # noqa: E402
from vraagalmere.evaluation.sets import Place, Question, read_sets, standard_sets  # noqa: E402
from vraagalmere.intake import Given, add  # noqa: E402
from vraagalmere.settings import Settings  # noqa: E402

SHOWN = (
    "goed", "hit_1", "hit_3", "bron_precisie", "bron_volledig", "citaat_letterlijk", "pagina_exact", "pagina_goud",
)  # fmt: skip


def letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of `text`, and the offset of each."""
    found, at = [], []
    for i, char in enumerate(text):
        for plain in unicodedata.normalize("NFKC", char).lower():
            if plain.isalnum():
                found.append(plain)
                at.append(i)
    return "".join(found), at


class Finder:
    """Finds a span of one text in another text that has the same words."""

    def __init__(self, text: str) -> None:
        self.letters, self.at = letters(text)

    def place(self, words: str, share: float) -> tuple[int, int] | None:
        """The span of `words`; of several the one nearest to `share` (0…1) of the text."""
        wanted = letters(words)[0]
        spots = [m.start() for m in re.finditer(re.escape(wanted), self.letters)] if wanted else []
        if not spots:
            return None
        best = min(spots, key=lambda s: abs(s / len(self.letters) - share))
        return self.at[best], self.at[best + len(wanted) - 1] + 1


def moved(question: Question, old: dict[str, Document], finders: dict[str, Finder]) -> Question | None:
    """The question with its gold places in the new documents; None when one is not found."""
    parts = []
    for part in question.goud:
        places = []
        for p in part:
            text = old[p.document].text
            span = finders[p.document].place(text[p.start : p.end], p.start / len(text))
            if span is None:
                return None
            places.append(Place(p.document, *span))
        parts.append(tuple(places))
    return replace(question, goud=tuple(parts))


def figures(engine: VraagAlmere, questions: list[Question], explained: frozenset[str]) -> dict[str, float]:
    """Means over the questions."""
    rows = [score(q, engine.ask(q.vraag), engine.index.documents, explained) for q in questions]
    found = means(rows)
    return {key: value for key in SHOWN if (value := found[key].gemiddelde) is not None}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--maker", nargs="*", default=["chromium-pagina", "typst-kolommen"], choices=MAKERS)
    parser.add_argument("--deel", default="test", choices=("ontwikkeling", "test"))
    parser.add_argument("--uit", type=Path, default=ROOT / "docs" / "pdf-vragen.md")
    given = parser.parse_args()
    settings = Settings.load()
    engine = VraagAlmere.open(settings)
    old = engine.index.documents
    asked = [q for q in read_sets(standard_sets(ROOT / "evals" / "sets"), old) if q.deel == given.deel]
    explained = explained_words(settings.corpus)
    lines = [
        "# De vragen, gesteld aan PDF's",
        "",
        f"Gemaakt door `python evals/pdfvragen.py`, op het deel `{given.deel}` van de vragensets, {len(asked)} vragen. "
        "Elk van de documenten is afgedrukt naar een PDF en kwam met `voegtoe --vervangt` in de plaats van de tekst. "
        "De juiste plaatsen zijn in de PDF teruggezocht op hun letterlijke woorden; een vraag waarvan dat niet lukt, "
        "telt in beide kolommen niet mee.",
    ]
    for maker in given.maker:
        if not can_make(maker):
            lines += ["", f"## {maker}", "", "Niet gemaakt: het programma is er niet."]
            continue
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus"
            shutil.copytree(settings.corpus, corpus)
            other = Settings.load(corpus=corpus, index=Path(folder) / "index")
            kept = total = 0
            for document in read_corpus(settings.corpus):
                target = Path(folder) / f"{document.id}.pdf"
                MAKERS[maker](target, document.sidecar.titel, elements_of(document))
                added = add(other, target, Given(), replaces=document.id)
                kept, total = kept + added.kept, total + added.passages
            printed = VraagAlmere.open(other)
            finders = {d.id: Finder(d.text) for d in printed.index.documents.values()}
            pairs = [(q, moved(q, old, finders)) for q in asked]
            both = [(q, m) for q, m in pairs if m is not None]
            text = figures(engine, [q for q, _ in both], explained)
            pdf = figures(printed, [m for _, m in both], explained)
        lines += [
            "", f"## {maker}", "",
            f"{total} passages, {kept} daarvan met hun gewone taal. {len(asked) - len(both)} vragen vielen uit.",
            "", "| | tekst | PDF |", "|---|---|---|",
            *(f"| {LABELS[k]} | {text[k]:.3f} | {pdf[k]:.3f} |" for k in SHOWN if k in text and k in pdf),
        ]  # fmt: skip
        print("\n".join(lines[-len(SHOWN) - 6 :]), flush=True)
    given.uit.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
