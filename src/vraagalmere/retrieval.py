"""Find the passages that answer a question: BM25 and vectors, fused, then weighed again.

1. BM25 over every text of a passage, and cosine between the question and the nearest vector of a passage,
   each give a ranking; reciprocal rank fusion joins them.
2. The first CANDIDATES are weighed again on FEATURES; the weights (data/weging.json) are learned on the
   edition's own questions by tools/leer_weging.py.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .contradictions import Contradiction, contradictions
from .dutch import Speller, sentences, terms, words
from .index import EVERYDAY, PLAIN, QUESTION, TEXT, UNANSWERED, SearchIndex
from .passages import Passage
from .sources import Sources

RRF_K = 60
"""Constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): score = Σ 1 / (60 + rank)."""
NAME_MARGIN = 1.6
"""Log-odds by which a passage of another document must lead before the name of a source is passed over: about five
times as likely. Chosen on the development set of confused sources."""
CANDIDATES = 30
"""Passages that are weighed again."""
MAX_QUESTION = 1_000
"""Characters of a question that are searched with; the rest of a longer text is left out."""

FEATURES = (
    "bm25_alles", "bm25_tekst", "bm25_gewone_taal", "bm25_vragen",
    "cos_vraag", "cos_vraag_2", "cos_vraag_3", "cos_gewone_taal", "cos_tekst", "cos_woorden",
    "kern_bm25", "kern_cos_vraag", "kern_cos_gewone_taal",
    "dekking", "dekking_tekst", "zeldzaamste",
    "rang_bm25", "rang_cos",
    "document_genoemd", "ander_document_genoemd",
    "geld_rij", "rij", "wie_portefeuille", "portefeuille",
)  # fmt: skip
"""What a candidate is weighed on; `kern` is the sentence that asks."""


@dataclass(frozen=True)
class Hit:
    """A passage that was found."""

    passage: Passage
    position: int
    """Its place in `SearchIndex.passages`."""
    relevance: float
    """Estimated probability, 0…1, that it answers the question, given that some passage does."""
    features: NDArray[np.float64]
    """(len(FEATURES),)"""


@dataclass(frozen=True)
class Found:
    """What a search gives: the hits, best first, and what the search was made with."""

    question: str
    """The question as searched: folded, typing errors mended."""
    core: str
    """The sentence of it that asks."""
    hits: tuple[Hit, ...]
    nearest_question: float
    """Cosine to the nearest question that a document answers, -1…1."""
    nearest_unanswered: float
    """Cosine to the nearest question that no document answers, -1…1."""
    coverage: float
    """Share (by rarity) of the question's words that the best passage holds, 0…1."""
    named: frozenset[str]
    """Ids of the documents that the question names itself."""
    compared: frozenset[str]
    """Ids of the documents that it asks for side by side; empty when it does not compare."""
    vocabulary: dict[str, int]
    """The words that can be found."""


@dataclass(frozen=True)
class _Query:
    """A question as it is searched with, and how well every passage fits it."""

    whole: str
    core: str
    named: frozenset[str]
    rarity: dict[str, float]
    """The rarity of each of its terms."""
    lexical: dict[str, NDArray[np.float32]]
    """BM25 of every passage, for each field."""
    core_bm25: NDArray[np.float32]
    vectors: NDArray[np.float32]
    """(2, dim): of the whole and of the core."""
    similarity: NDArray[np.float32]
    """(n_vectors,): the larger of the two cosines."""
    ranks_lexical: NDArray[np.int64]
    ranks_dense: NDArray[np.int64]
    money: bool
    """Whether it has a word about money."""
    who: bool
    """Whether it has a word about the college."""


_ASKING = frozenset(
    (
        "wat wie waar wanneer waarom hoe hoeveel welke welk komt komen mag mogen moet moeten kan kunnen krijg krijgt "
        "krijgen is zijn wordt worden gaat gaan doet doen heeft hebben klopt wil willen"
    ).split()
)


def asking_sentence(question: str) -> str:
    """The sentence of a long story that asks: the last with a question mark, else the last that opens like one."""
    parts = sentences(question)
    if len(parts) < 2:
        return question
    marked = [s for s in parts if s.rstrip().endswith("?")]
    if marked:
        return marked[-1] if len(words(marked[-1])) > 3 else " ".join(parts[-2:])
    opening = [s for s in parts if words(s)[:1] and words(s)[0] in _ASKING]
    return opening[-1] if opening else question


class Retriever:
    """Finds passages in an index. One per index; safe to share between threads."""

    def __init__(self, index: SearchIndex, weights: dict[str, Any] | None = None) -> None:
        self.index = index
        raw = weights or json.loads(files("vraagalmere").joinpath("data", "weging.json").read_text(encoding="utf-8"))
        self._mean = np.array([raw["gemiddelde"][f] for f in FEATURES])
        self._scale = np.array([raw["spreiding"][f] for f in FEATURES])
        self._weights = np.array([raw["gewicht"][f] for f in FEATURES])
        self.speller = Speller(index.vocabulary)
        self.sources = Sources.of(index.documents.values())
        self._is_question = index.kind == QUESTION
        self._is_unanswered = index.kind == UNANSWERED
        self._row = np.array([p.row is not None for p in index.passages])
        self._portfolio = np.array([any("ortefeuille" in h for h in p.headings) for p in index.passages], dtype=bool)
        self._held_terms: dict[int, tuple[frozenset[str], frozenset[str]]] = {}
        self._idf = self._term_idf()

    def _term_idf(self) -> dict[str, float]:
        """Rarity of each term: log(1 + n / documents that hold it)."""
        bm25 = self.index.lexical["alles"]
        indptr = bm25.scores["indptr"]
        n = len(self.index.passages)
        return {
            term: float(np.log1p(n / max(1, int(indptr[i + 1] - indptr[i]))))
            for term, i in bm25.vocab_dict.items()
            if i + 1 < len(indptr)
        }

    def search(self, question: str, context: str = "", within: Collection[str] | None = None) -> Found:
        """Find the passages for a question.

        Args:
            question: as typed; typing errors are mended, a rambling question is also searched by its core.
            context: the question before it in the conversation, for a follow-up; '' when it stands alone.
            within: ids of the documents to search; None searches all.
        """
        return self._among(self._query(question, context), within)

    def search_each(self, question: str, groups: Iterable[Collection[str] | None]) -> list[Found]:
        """`search` within each of these groups of documents; the question is read once."""
        query = self._query(question, "")
        return [self._among(query, within) for within in groups]

    def _query(self, question: str, context: str) -> _Query:
        index = self.index
        question = question[:MAX_QUESTION] if len(question) <= MAX_QUESTION else _cut(question)
        core = self.speller.mend_text(asking_sentence(question))
        whole = self.speller.mend_text(f"{context} {question}" if context else question)
        if context:
            core = f"{self.speller.mend_text(context)} {core}"
        asked = terms(whole)
        lexical = {f: self._bm25(f, asked) for f in index.lexical}
        core_bm25 = self._bm25("alles", terms(core))
        vectors = index.embedder.queries([whole, core])
        best = self._nearest_by_passage(vectors[0])
        best_core = best if core == whole else self._nearest_by_passage(vectors[1])
        # Not `@`: the threads that BLAS starts for it take longer than the whole search where the processor is busy.
        similarity = np.vecdot(index.vectors, vectors[0])
        similarity_core = similarity if core == whole else np.vecdot(index.vectors, vectors[1])
        said = set(whole.split())
        return _Query(
            whole, core, self.sources.named(question), {t: self._idf.get(t, 8.0) for t in asked}, lexical, core_bm25,
            vectors, np.maximum(similarity, similarity_core), _ranks(lexical["alles"] + core_bm25),
            _ranks(best + best_core), bool(said & _MONEY), bool(said & _WHO),
        )  # fmt: skip

    def _among(self, query: _Query, within: Collection[str] | None) -> Found:
        index = self.index
        fused = 1 / (RRF_K + query.ranks_lexical) + 1 / (RRF_K + query.ranks_dense)
        order = np.argsort(-fused, kind="stable")
        answered = self._is_question
        if within is not None:
            inside = np.array([p.document in within for p in index.passages], dtype=bool)
            order = order[inside[order]]
            answered = answered & inside[index.owner]
        order = order[:CANDIDATES]
        rows = np.array([self._features(i, query) for i in order]).reshape(len(order), len(FEATURES))
        logits = self._weigh(rows, [index.passages[i].document in query.named for i in order])
        chance = _softmax(logits)
        ranked = np.argsort(-logits, kind="stable")
        return Found(
            question=query.whole,
            core=query.core,
            hits=tuple(Hit(index.passages[order[r]], int(order[r]), float(chance[r]), rows[r]) for r in ranked),
            nearest_question=float(query.similarity[answered].max(initial=-1.0)),
            nearest_unanswered=float(query.similarity[self._is_unanswered].max(initial=-1.0)),
            coverage=float(rows[ranked[0], FEATURES.index("dekking")]) if len(ranked) else 0.0,
            named=query.named,
            compared=self.sources.compared(query.whole, query.core),
            vocabulary=index.vocabulary,
        )

    def _weigh(self, rows: NDArray[np.float64], named: list[bool]) -> NDArray[np.float64]:
        """The log-odds of the candidates. The name of a source in a question is a preference, no proof: where
        another document fits much better ('Heeft de coalitie … beloofd?'), the name does not count."""
        parts = ((rows - self._mean) / self._scale) * self._weights
        whole = parts.sum(axis=1)
        if not any(named) or all(named):
            return whole  # type: ignore[no-any-return]
        by_name = [FEATURES.index(f) for f in ("document_genoemd", "ander_document_genoemd")]
        plain = whole - parts[:, by_name].sum(axis=1)
        mine = np.array(named)
        return plain if plain[~mine].max() - plain[mine].max() > NAME_MARGIN else whole  # type: ignore[no-any-return]

    def log_odds(self, hit: Hit) -> float:
        """How well a passage fits its question, whatever source the question names; comparable between searches."""
        parts = ((hit.features - self._mean) / self._scale) * self._weights
        by_name = [FEATURES.index(f) for f in ("document_genoemd", "ander_document_genoemd")]
        return float(parts.sum() - parts[by_name].sum())

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """The reviewed contradictions of which both sides are in the index."""
        return contradictions(self.index.passages)

    def hit_of(self, position: int) -> Hit:
        """A passage as a hit of its own, without a question."""
        return Hit(self.index.passages[position], position, 1.0, np.zeros(len(FEATURES)))

    def _bm25(self, field: str, query: list[str]) -> NDArray[np.float32]:
        """BM25 of every passage, divided by the rarity of the query's terms, so that questions compare."""
        bm25 = self.index.lexical[field]
        known = [t for t in query if t in bm25.vocab_dict]
        if not known:
            return np.zeros(len(self.index.passages), dtype=np.float32)
        weight = sum(self._idf.get(t, 0.0) for t in query) + 1.0
        return np.asarray(bm25.get_scores(known), dtype=np.float32) / weight

    def _nearest_by_passage(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """For every passage the cosine of its nearest vector; -1 for a passage outside the nearest 600 vectors."""
        k = min(600, len(self.index.vectors))
        similarity, rows = self.index.dense.search(query[None, :], k)
        best = np.full(len(self.index.passages), -1.0, dtype=np.float32)
        keep = (rows[0] >= 0) & (self.index.kind[rows[0]] != UNANSWERED)
        np.maximum.at(best, self.index.owner[rows[0][keep]], similarity[0][keep])
        return best

    def _features(self, i: int, query: _Query) -> list[float]:
        index = self.index
        start, end = index.first[i], index.first[i + 1]
        kinds = index.kind[start:end]
        cosines = index.vectors[start:end] @ query.vectors.T
        if not (kinds != TEXT).any():
            # No plain-language record: its text stands in for the texts that a record would have.
            kinds, cosines = np.array([TEXT, PLAIN, EVERYDAY, QUESTION]), np.repeat(cosines, 4, axis=0)
        asked = np.sort(cosines[kinds == QUESTION, 0])[::-1]
        asked = np.concatenate([asked, np.zeros(3, dtype=np.float32)])[:3]

        def one(kind: int, q: int) -> float:
            return float(cosines[kinds == kind, q].max(initial=0.0))

        held_all, held_text = self._held(i)
        rarity = query.rarity
        total = sum(rarity.values()) or 1.0
        covered = sum(r for t, r in rarity.items() if t in held_all)
        covered_text = sum(r for t, r in rarity.items() if t in held_text)
        rarest = max(rarity, key=rarity.__getitem__, default="")
        named = index.passages[i].document in query.named
        lexical = query.lexical
        return [
            float(lexical["alles"][i]), float(lexical["tekst"][i]),
            float(lexical["gewone_taal"][i]), float(lexical["vragen"][i]),
            float(asked[0]), float(asked[1]), float(asked[2]), one(PLAIN, 0), one(TEXT, 0), one(EVERYDAY, 0),
            float(query.core_bm25[i]), one(QUESTION, 1), one(PLAIN, 1),
            covered / total, covered_text / total, float(rarest in held_all),
            1 / (1 + query.ranks_lexical[i] / 3), 1 / (1 + query.ranks_dense[i] / 3),
            float(named), float(bool(query.named) and not named),
            float(query.money and self._row[i]), float(self._row[i]),
            float(query.who and self._portfolio[i]), float(self._portfolio[i]),
        ]  # fmt: skip

    def _held(self, i: int) -> tuple[frozenset[str], frozenset[str]]:
        """The terms of everything a passage is found by, and of its text alone."""
        if i not in self._held_terms:
            passage = self.index.passages[i]
            text = terms(f"{passage.searchable} {passage.heading_path}")
            record = self.index.records.get(passage.id)
            more = terms(" ".join((record.gewone_taal, *record.vragen, *record.woorden))) if record else []
            self._held_terms[i] = (frozenset(text + more), frozenset(text))
        return self._held_terms[i]


_MONEY = frozenset(
    (
        "geld euro euros miljoen bedrag bedragen kost kosten hoeveel budget uitgaven uitgave bezuiniging "
        "bezuinigingen bezuinigt bezuinigen investering investeringen investeert uitgetrokken structureel incidenteel "
        "totaal begroting saldo 2027 2028 2029 2030"
    ).split()
)
_WHO = frozenset("wie wethouder wethouders burgemeester portefeuille verantwoordelijk bestuurder gaat".split())


def _ranks(values: NDArray[np.floating]) -> NDArray[np.int64]:
    """Rank (0 is best) of every value, highest first, equal values in order."""
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[np.argsort(-values, kind="stable")] = np.arange(len(values))
    return ranks


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(logits):
        return logits
    raised = np.exp(logits - logits.max())
    return raised / raised.sum()  # type: ignore[no-any-return]


def _cut(question: str) -> str:
    """The first and last part of an over-long question, MAX_QUESTION characters in all."""
    half = MAX_QUESTION // 2
    return f"{question[:half]} {question[-half:]}"
