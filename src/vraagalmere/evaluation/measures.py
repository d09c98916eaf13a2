"""The measures of an answer against the gold of its question, one pure function each.

Every function gives a number, mostly 0…1 with 1 best, or None where there is nothing to measure. An answerable
question that got no answer counts as 0 for hits, recall and facts, and is not measured for precision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..answer import Answer, Source
from ..dutch import collapse, fold
from .fidelity import Documents, share
from .sets import Place, Question

Span = tuple[str, int, int]
"""Document id and the characters [start, end)."""


def answered(answer: Answer) -> bool:
    """Whether the question was answered from the documents."""
    return answer.soort == "antwoord" and bool(answer.bronnen)


def hits(source: Source, place: Place) -> bool:
    """Whether a source and a gold place overlap by at least half of the shorter one, in characters."""
    if source.document != place.document:
        return False
    overlap = min(source.eind, place.end) - max(source.begin, place.start)
    shorter = min(source.eind - source.begin, place.end - place.start)
    return overlap > 0 and 2 * overlap >= shorter


def is_gold(source: Source, question: Question) -> bool:
    """Whether a source hits any gold place of the question."""
    return any(hits(source, place) for place in question.places)


def _applies(question: Question) -> bool:
    return question.soort == "antwoord"


def hit_at(k: int, question: Question, answer: Answer) -> float | None:
    """1 when one of the first `k` sources hits a gold place, else 0 (success@k)."""
    if not _applies(question):
        return None
    return float(answered(answer) and any(is_gold(s, question) for s in answer.bronnen[:k]))


def reciprocal_rank(question: Question, answer: Answer) -> float | None:
    """1 / rank of the first source that hits a gold place; 0 when none does (Voorhees, TREC-8 1999)."""
    if not _applies(question):
        return None
    sources = answer.bronnen if answered(answer) else ()
    return next((1 / rank for rank, s in enumerate(sources, start=1) if is_gold(s, question)), 0.0)


def page_of_gold(question: Question, answer: Answer, documents: Documents) -> float | None:
    """Share of the gold sources whose shown page is a page of the gold place; places without a page are left out.

    Looser than `page_exact` (a long chunk may show the page of its start), and harder: a reader who opens the page
    must find the statement there.
    """
    checks = []
    for source in answer.bronnen if _applies(question) and answered(answer) else ():
        places = [p for p in question.places if hits(source, p)]
        pages = [found for p in places if (found := documents[p.document].pages_of(p.start, p.end))]
        if pages:
            first, last = source.pagina_van, source.pagina_tot
            known = first is not None and last is not None
            checks.append(known and any(first <= b and last >= a for a, b in pages))  # type: ignore[operator]
    return share(checks)


def citation_precision(question: Question, answer: Answer) -> float | None:
    """Share of the shown sources that are gold.

    ALCE (arXiv 2305.14627) asks of each citation whether it supports; here that is: it hits a gold place.
    """
    if not _applies(question) or not answered(answer):
        return None
    return share([is_gold(s, question) for s in answer.bronnen])


def citation_recall(question: Question, answer: Answer) -> float | None:
    """Share of the gold parts of which a place is hit by some shown source (ALCE's recall, over parts)."""
    if not _applies(question):
        return None
    sources = answer.bronnen if answered(answer) else ()
    return share([any(hits(s, place) for s in sources for place in part) for part in question.goud])


def sentence_support(question: Question, answer: Answer) -> float | None:
    """Share of the sentences that cite at least one gold source (ALCE's statement-level recall, over spans)."""
    if not _applies(question) or not answered(answer):
        return None
    gold = {s.nummer for s in answer.bronnen if is_gold(s, question)}
    return share([bool(gold & set(s.bronnen)) for s in answer.zinnen])


def _union(spans: Iterable[Span]) -> set[tuple[str, int]]:
    return {(document, i) for document, start, end in spans for i in range(start, end)}


def _spans(places: Iterable[Place]) -> list[Span]:
    return [(p.document, p.start, p.end) for p in places]


def character_precision(question: Question, answer: Answer) -> float | None:
    """|shown ∩ gold| / |shown|, in characters (LegalBench-RAG, arXiv 2408.10343); gold is every gold place."""
    if not _applies(question) or not answered(answer):
        return None
    shown = _union((s.document, s.begin, s.eind) for s in answer.bronnen)
    return len(shown & _union(_spans(question.places))) / len(shown) if shown else None


def character_recall(question: Question, answer: Answer) -> float | None:
    """|shown ∩ gold| / |gold|, in characters (LegalBench-RAG). Of each part the best covered place is gold."""
    if not _applies(question):
        return None
    shown = _union((s.document, s.begin, s.eind) for s in answer.bronnen) if answered(answer) else set()
    covered = total = 0
    for part in question.goud:
        places = [_union(_spans([p])) for p in part]
        best = max(places, key=lambda place: len(place & shown) / len(place))
        covered, total = covered + len(best & shown), total + len(best)
    return covered / total if total else None


# Content, outcome.


def holds(text: str, fact: str) -> bool:
    """Whether `fact` stands in `text`: folded, and not inside a longer number ('35%' is not in '135%')."""
    pattern = re.escape(collapse(fold(fact))).replace(r"\ ", r"\s+")
    before = r"(?<!\d)(?<!\d[.,])" if fact[:1].isdigit() else ""
    after = r"(?![.,]?\d)" if fact[-1:].isdigit() else ""
    return re.search(before + pattern + after, collapse(fold(text))) is not None


def facts_present(question: Question, answer: Answer) -> float | None:
    """Share of the key facts that stand in the sentences or the quotes; of a list of wordings one is enough."""
    if not _applies(question) or not question.feiten:
        return None
    if not answered(answer):
        return 0.0
    text = " \n ".join([*(s.tekst for s in answer.zinnen), *(s.citaat for s in answer.bronnen)])
    return share([any(holds(text, wording) for wording in fact) for fact in question.feiten])


OUTCOMES = (
    "antwoord, zeker", "antwoord, onzeker", "geen_antwoord", "weigering", "hulp", "kennismaking", "ongeldig",
)  # fmt: skip
"""The columns of the confusion table."""


def outcome(answer: Answer) -> str:
    """What happened: one of OUTCOMES."""
    if answer.soort != "antwoord":
        return answer.soort
    return "antwoord, zeker" if answer.zekerheid == "hoog" else "antwoord, onzeker"


def outcome_right(question: Question, answer: Answer) -> float:
    """1 when the kind of the answer is the right one."""
    return float(answer.soort == question.soort)


def good(question: Question, answer: Answer) -> float:
    """1 when the kind is right and, for an answerable question, some shown source is gold."""
    if answer.soort != question.soort:
        return 0.0
    return 1.0 if question.soort != "antwoord" else float(any(is_gold(s, question) for s in answer.bronnen))
