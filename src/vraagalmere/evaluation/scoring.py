"""From answers to figures: a row of scores per question, and means over groups of questions."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..answer import Answer
from . import fidelity
from . import measures as m
from .categories import categories
from .readability import common_words, flesch_douma, own_sentences, words_per_sentence
from .sets import Question
from .uncertainty import Mean, mean_of, median_and_p95

LABELS = {
    "goed": "Goed: de juiste soort, en met een juiste bron als er een antwoord is",
    "uitkomst": "Juiste soort (antwoord, geen antwoord, weigering, hulp …)",
    "citaat_letterlijk": "Citaat staat letterlijk in het document",
    "pagina_exact": "Pagina klopt precies",
    "pagina_binnen_een": "Pagina klopt, of één ernaast",
    "pagina_goud": "Op de getoonde pagina staat de juiste plaats",
    "partij_goed": "Partij en soort document kloppen",
    "hit_1": "Eerste bron is juist (hit@1)",
    "hit_3": "Een van de eerste drie bronnen is juist (hit@3)",
    "mrr": "Plaats van de eerste juiste bron (MRR)",
    "bron_precisie": "Getoonde bronnen die juist zijn (precisie)",
    "bron_volledig": "Nodige onderdelen die getoond zijn (recall)",
    "zin_gedragen": "Zinnen met een juiste bron",
    "getal_gedragen": "Getallen in zinnen die de bron geeft",
    "teken_precisie": "Getoonde tekens die juist zijn (precisie)",
    "teken_volledig": "Nodige tekens die getoond zijn (recall)",
    "feiten": "Sleutelfeiten in het antwoord",
    "woorden_per_zin": "Woorden per zin (eigen zinnen)",
    "flesch_douma": "Leesgemak (Flesch-Douma, 0-100)",
    "gewone_woorden": "Gewone of uitgelegde woorden",
}
"""The measures, in the order shown; all but `woorden_per_zin` and `flesch_douma` are shares."""
NO_SHARE = frozenset({"woorden_per_zin", "flesch_douma"})
MIXED = "meer dan een"
_CHANCE = re.compile(r"kans dat de documenten dit beantwoorden: (\d\.\d+)")


@dataclass(frozen=True)
class Row:
    """The scores of one question."""

    id: str
    set: str
    deel: str
    soort: str
    stijl: str
    """Styles, with a space between."""
    categorie: str
    """Categories of a staff question, with a space between; '' in another set."""
    document: str
    """Of the gold places; '' for none, MIXED for several (also below)."""
    documentsoort: str
    partij: str
    uitkomst_soort: str
    """One of `measures.OUTCOMES`."""
    kans: float | None
    """The probability that the answer says the documents answer; None when it names none."""
    milliseconden: int
    maten: dict[str, float | None]
    """By key of LABELS; None: not measured."""


def score(question: Question, answer: Answer, documents: fidelity.Documents, explained: frozenset[str]) -> Row:
    """All measures of one question and its answer."""
    own = own_sentences(answer)
    values: dict[str, float | None] = {
        "goed": m.good(question, answer),
        "uitkomst": m.outcome_right(question, answer),
        "citaat_letterlijk": fidelity.quote_verbatim(answer, documents),
        "pagina_exact": fidelity.page_exact(answer, documents),
        "pagina_binnen_een": fidelity.page_within_one(answer, documents),
        "pagina_goud": m.page_of_gold(question, answer, documents),
        "partij_goed": fidelity.speaker_right(answer, documents),
        "hit_1": m.hit_at(1, question, answer),
        "hit_3": m.hit_at(3, question, answer),
        "mrr": m.reciprocal_rank(question, answer),
        "bron_precisie": m.citation_precision(question, answer),
        "bron_volledig": m.citation_recall(question, answer),
        "zin_gedragen": m.sentence_support(question, answer),
        "getal_gedragen": fidelity.numbers_supported(answer, documents),
        "teken_precisie": m.character_precision(question, answer),
        "teken_volledig": m.character_recall(question, answer),
        "feiten": m.facts_present(question, answer),
        "woorden_per_zin": words_per_sentence(own),
        "flesch_douma": flesch_douma(own),
        "gewone_woorden": common_words(own, explained),
    }
    gold = [documents[p.document] for p in question.places] if question.soort == "antwoord" else []
    chance = next((c for line in answer.uitleg if (c := _CHANCE.search(line))), None)
    return Row(
        question.id, question.set, question.deel, question.soort, " ".join(question.stijl),
        " ".join(categories(question, documents)),
        _only({d.id for d in gold}), _only({d.sidecar.soort for d in gold}), _only({d.sidecar.partij for d in gold}),
        m.outcome(answer), float(chance[1]) if chance else None, answer.milliseconden, values,
    )  # fmt: skip


def _only(names: set[str]) -> str:
    return MIXED if len(names) > 1 else next(iter(names), "")


def means(rows: Sequence[Row]) -> dict[str, Mean]:
    """The mean of every measure."""
    return {key: mean_of([row.maten[key] for row in rows]) for key in LABELS}


def confusion(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    """How often each outcome was given, by what was right."""
    table: dict[str, dict[str, int]] = {}
    for row in rows:
        counts = table.setdefault(row.soort, dict.fromkeys(m.OUTCOMES, 0))
        counts[row.uitkomst_soort] += 1
    return table


def reliability(rows: Iterable[Row], bins: int = 10) -> list[dict[str, float | int]]:
    """Of the questions with a stated probability in each of `bins` equal steps: the mean of it and the share that
    is indeed answerable (Murphy and Winkler 1977)."""
    grouped: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for row in rows:
        if row.kans is not None and row.soort in ("antwoord", "geen_antwoord"):
            grouped[min(bins - 1, int(row.kans * bins))].append((row.kans, row.soort == "antwoord"))
    return [
        {"kans": sum(c for c, _ in pairs) / len(pairs), "waar": sum(t for _, t in pairs) / len(pairs), "n": len(pairs)}
        for _, pairs in sorted(grouped.items())
    ]


GROUPS = ("set", "soort", "stijl", "categorie", "document", "documentsoort", "partij")


def aggregate(rows: Sequence[Row], asked: int) -> dict[str, Any]:
    """The figures of a run, JSON-ready.

    Args:
        asked: how many questions the sets hold; more than `rows` when the run is not finished.
    """
    result: dict[str, Any] = {"vragen": {"gesteld": asked, "beantwoord": len(rows)}, "totaal": _as_data(means(rows))}
    for group in GROUPS:
        members: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            names = getattr(row, group).split() if group in ("stijl", "categorie") else [getattr(row, group)]
            for name in filter(None, names):
                members[name].append(row)
        result[f"per_{group}"] = {name: _as_data(means(members[name])) for name in sorted(members)}
    result["verwarring"] = confusion(rows)
    result["betrouwbaarheid"] = reliability(rows)
    times = median_and_p95([row.milliseconden for row in rows])
    result["milliseconden"] = {"mediaan": times[0], "p95": times[1], "n": len(rows)} if times else None
    return result


def _as_data(means_: dict[str, Mean]) -> dict[str, Any]:
    return {key: asdict(mean) for key, mean in means_.items() if mean.n}


def write_scores(path: Path, rows: Iterable[Row]) -> None:
    """Write the rows as CSV, a column per measure; an empty cell is 'not measured'."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        plain = [f for f in Row.__dataclass_fields__ if f != "maten"]
        writer.writerow([*plain, *LABELS])
        for row in rows:
            cells = [getattr(row, f) for f in plain] + [row.maten[key] for key in LABELS]
            writer.writerow(["" if c is None else f"{c:.6g}" if isinstance(c, float) else c for c in cells])
