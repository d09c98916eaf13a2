"""Does an answer really rest on its source? Take the source away, or change a number in it, and ask again."""

from __future__ import annotations

import copy
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..answer import Answer
from ..index import SearchIndex, build
from ..pipeline import VraagAlmere
from ..retrieval import Retriever
from ..settings import Settings
from ..writer import BuiltinWriter
from .measures import hits, outcome
from .sets import Place, Question

Progress = Callable[[int, int], None]
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Trial:
    """One question asked again in a changed world."""

    id: str
    proef: str
    """'bron weg' (the cited passages), 'goud weg' (also every gold one) or 'getal anders'."""
    uitkomst: str
    """Of the new answer: one of `measures.OUTCOMES`."""
    goed: bool
    """Whether the answer changed with its source."""


def without(index: SearchIndex, positions: Collection[int]) -> SearchIndex:
    """The index without the passages at `positions`; term rarities and the word list stay as they were."""
    import faiss

    keep = np.ones(len(index.passages), dtype=bool)
    keep[list(positions)] = False
    new_place = np.cumsum(keep) - 1
    rows = keep[index.owner]
    owner = new_place[index.owner[rows]].astype(np.int32)
    vectors = np.ascontiguousarray(index.vectors[rows])
    dense = faiss.IndexFlatIP(vectors.shape[1])
    dense.add(vectors)
    passages = [p for p, kept in zip(index.passages, keep, strict=True) if kept]
    ids = {p.id for p in passages}
    return replace(
        index, passages=passages, records={k: r for k, r in index.records.items() if k in ids}, vectors=vectors,
        owner=owner, kind=index.kind[rows], first=np.searchsorted(owner, np.arange(len(passages) + 1)),
        lexical={field: _without_rows(bm25, keep) for field, bm25 in index.lexical.items()}, dense=dense,
    )  # fmt: skip


def _engine(index: SearchIndex, like: VraagAlmere) -> VraagAlmere:
    return VraagAlmere(index, Retriever(index), BuiltinWriter(index.documents, index.records), like.limits)


def _without_rows(bm25: Any, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> Any:
    """A bm25s index without some documents: its scores are a sparse matrix with a column per term."""
    scores = bm25.scores
    kept = keep[scores["indices"]]
    counts = np.concatenate([[0], np.cumsum(kept)])
    smaller = copy.copy(bm25)
    smaller.scores = {
        "data": scores["data"][kept],
        "indices": (np.cumsum(keep) - 1)[scores["indices"][kept]].astype(scores["indices"].dtype),
        "indptr": counts[scores["indptr"]].astype(scores["indptr"].dtype),
        "num_docs": int(keep.sum()),
    }
    return smaller


def said(answer: Answer) -> tuple[object, ...]:
    """What an answer says: its kind, its sentences and its quotes."""
    return answer.soort, tuple(z.tekst for z in answer.zinnen), tuple(s.citaat for s in answer.bronnen)


def source_removed(engine: VraagAlmere, question: Question, answer: Answer) -> list[Trial]:
    """Ask again without the cited passages, and without the gold ones too: the answer must change."""
    cited = {s.passage for s in answer.bronnen}
    shown = {i for i, p in enumerate(engine.index.passages) if p.id in cited}
    gold = {
        i
        for i, p in enumerate(engine.index.passages)
        if any(g.document == p.document and min(g.end, p.end) > max(g.start, p.start) for g in question.places)
    }
    trials = []
    for name, positions in (("bron weg", shown), ("goud weg", shown | gold)):
        again = _engine(without(engine.index, positions), engine).ask(question.vraag, id=question.id)
        quotes = {s.citaat for s in answer.bronnen} & {s.citaat for s in again.bronnen}
        changed = said(again) != said(answer) and not quotes
        trials.append(Trial(question.id, name, outcome(again), changed))
    return trials


def other_number(number: str) -> str:
    """A number of the same length with every digit one higher (9 becomes 1): '35' gives '46'."""
    return "".join("1" if c == "9" else str(int(c) + 1) if c.isdigit() else c for c in number)


def numbers_changed(engine: VraagAlmere, settings: Settings, asked: Sequence[tuple[Question, Answer]]) -> list[Trial]:
    """Change every number in the passages that the answers rest on first, read the documents anew, ask again.

    An answer passes when its sentences and quotes show the new numbers of the passage, or no longer rest on it.
    """
    places = {q.id: a.bronnen[0] for q, a in asked if _NUMBER.search(a.bronnen[0].citaat)}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        shutil.copytree(settings.corpus, corpus)
        for document in engine.index.documents.values():
            spans = {(s.begin, s.eind) for s in places.values() if s.document == document.id}
            text = _with_other_numbers(document.text, spans)
            (corpus / document.sidecar.text_name).write_bytes(text.encode("utf-8"))
        changed = build(settings.model_copy(update={"corpus": corpus}), embedder=engine.index.embedder)
    other = _engine(changed, engine)
    trials = []
    for question, answer in asked:
        if question.id in places:
            again = other.ask(question.vraag, id=question.id)
            trials.append(Trial(question.id, "getal anders", outcome(again), follows(answer, again)))
    return trials


def _with_other_numbers(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + _NUMBER.sub(lambda m: other_number(m[0]), text[start:end]) + text[end:]
    return text


def follows(answer: Answer, again: Answer) -> bool:
    """Whether the changed passage is nowhere shown as it was: not its quote, not a number-bearing sentence of it."""
    first = answer.bronnen[0]
    place = Place(first.document, first.begin, first.eind)
    there = {s.nummer: s.citaat for s in again.bronnen if hits(s, place)}
    old = {z.tekst for z in answer.zinnen if first.nummer in z.bronnen and _NUMBER.search(z.tekst)}
    resting = {z.tekst for z in again.zinnen if there.keys() & set(z.bronnen)}
    return said(again) != said(answer) and first.citaat not in there.values() and not old & resting


def run_trials(
    engine: VraagAlmere,
    settings: Settings,
    questions: Sequence[Question],
    answers: dict[str, Answer],
    progress: Progress = lambda done, of: None,
) -> list[Trial]:
    """All trials for every answerable gold question that was answered with a source."""
    asked = [
        (q, answers[q.id])
        for q in questions
        if q.soort == "antwoord" and q.id in answers and answers[q.id].soort == "antwoord" and answers[q.id].bronnen
    ]
    trials = []
    for number, (question, answer) in enumerate(asked):
        progress(number, len(asked))
        trials += source_removed(engine, question, answer)
    progress(len(asked), len(asked))
    return trials + numbers_changed(engine, settings, asked)


def summary(trials: Sequence[Trial]) -> dict[str, Any]:
    """Per trial: how many, how many changed as they must, the outcomes, and the ids that did not."""
    result: dict[str, Any] = {}
    for name in dict.fromkeys(t.proef for t in trials):
        own = [t for t in trials if t.proef == name]
        result[name] = {
            "n": len(own), "goed": sum(t.goed for t in own), "uitkomst": dict(Counter(t.uitkomst for t in own)),
            "niet_veranderd": [asdict(t)["id"] for t in own if not t.goed],
        }  # fmt: skip
    return result
