"""The index in memory: what is searched. Made document by document; `store` keeps it on disk."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .corpus import Document, read_corpus
from .dutch import terms, vocabulary_of
from .edition import FOLDER, Edition, Record, read_edition
from .embeddings import Embedder, Vectors, open_embedder
from .passages import Passage, passages_of
from .settings import Settings

FORMAT = 4
"""Raised when the files of the index or what is made of a document change: an index of another format is rebuilt."""
LEXICAL_FIELDS = ("alles", "tekst", "gewone_taal", "vragen")
"""The texts of a passage that BM25 searches apart; 'alles' is the other three and the everyday words together."""
TEXT, PLAIN, QUESTION, EVERYDAY, UNANSWERED = range(5)
"""What a vector stands for: the passage, its plain-language text, a question, its everyday words, a near question
that no document answers."""

Progress = Callable[[str, int, int], None]
"""Called with a step's name, how many are done and how many there are."""


def no_progress(step: str, done: int, total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True)
class Part:
    """What the index holds of one document; made anew only when the document or its edition has changed."""

    key: str
    """Changes when anything changes that the part is made of."""
    document: Document
    passages: list[Passage]
    records: dict[str, Record]
    """Usable plain-language records, by passage id."""
    vectors: Vectors
    """(n_vectors, dim), unit rows."""
    owner: NDArray[np.int32]
    """(n_vectors,): which passage of this document a vector stands for."""
    kind: NDArray[np.int8]
    """(n_vectors,): TEXT, PLAIN, QUESTION, EVERYDAY or UNANSWERED."""
    tokens: dict[str, list[list[str]]]
    """For each of LEXICAL_FIELDS the search terms of each passage."""
    vocabulary: Counter[str]


@dataclass(frozen=True)
class SearchIndex:
    """An index in memory. Vectors of one passage lie next to each other."""

    documents: dict[str, Document]
    passages: list[Passage]
    records: dict[str, Record]
    """Usable plain-language records, by passage id."""
    vectors: Vectors
    """(n_vectors, dim), unit rows."""
    owner: NDArray[np.int32]
    """(n_vectors,): which passage a vector stands for."""
    kind: NDArray[np.int8]
    """(n_vectors,): TEXT, PLAIN, QUESTION, EVERYDAY or UNANSWERED."""
    first: NDArray[np.int64]
    """(n_passages + 1,): the vectors of passage i are first[i]:first[i + 1]."""
    lexical: dict[str, Any]
    """A bm25s.BM25 for each of LEXICAL_FIELDS."""
    dense: Any
    """faiss index of the vectors, inner product (cosine: rows are unit)."""
    vocabulary: dict[str, int]
    fingerprint: str
    embedder: Embedder
    parts: tuple[Part, ...] = ()
    """What it was made of; () when it was read from disk, which needs the whole only."""

    @cached_property
    def by_id(self) -> dict[str, Passage]:
        """The passages by their id."""
        return {p.id: p for p in self.passages}

    def page_label(self, passage: str) -> str:
        """Where the passage with this id stands, as shown: 'pagina 12'."""
        found = self.by_id[passage]
        return self.documents[found.document].page_label(found.pages)


def fingerprint(settings: Settings, embedder: Embedder) -> str:
    """Changes when anything that the index is made of changes: documents, edition, embedder, format."""
    digest = hashlib.sha256(f"{FORMAT} {embedder.name} {settings.edition}".encode())
    paths = [*settings.corpus.glob("*.json"), *settings.corpus.glob("*.txt")]
    if settings.edition:
        paths += (settings.corpus / FOLDER).glob("*.yaml")
    for path in sorted(paths):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:24]


def part_key(document: Document, settings: Settings, embedder: Embedder) -> str:
    """The key of a document's part: a hash of its text, its sidecar, its records, the embedder and the format."""
    digest = hashlib.sha256(f"{FORMAT} {embedder.name} {document.hash} ".encode())
    digest.update(document.sidecar.model_dump_json().encode())
    edition = settings.corpus / FOLDER / f"{document.id}.yaml"
    if settings.edition and edition.is_file():
        digest.update(hashlib.sha256(edition.read_bytes()).digest())
    return digest.hexdigest()[:24]


def searchable_text(passage: Passage, document: Document) -> str:
    """What a passage is found by: its words with misread words mended, under its headings."""
    text = f"{passage.searchable} {' '.join(passage.headings)} {passage.lead_in}"
    for wrong, right in document.sidecar.leesfouten.items():
        text = text.replace(wrong, right)
    return text


def build(
    settings: Settings,
    progress: Progress = no_progress,
    *,
    embedder: Embedder | None = None,
    ready: Mapping[str, Part] = {},
    keep: Callable[[str, int], bool] = lambda kind, number: True,
) -> SearchIndex:
    """Make the index of the corpus in memory.

    Args:
        ready: parts that were made before, by their key; they are taken as they are.
        keep: which questions of a record are indexed, by kind ('vraag', 'onbeantwoord') and number; all, but
            when weights are learned.

    Raises:
        CorpusError, EditionError: when a file cannot be used.
    """
    embedder = embedder or open_embedder(settings.embedder)
    mark = fingerprint(settings, embedder)
    parts = []
    for document in read_corpus(settings.corpus):
        key = part_key(document, settings, embedder)
        parts.append(ready.get(key) or _part(key, document, settings, embedder, progress, keep))
    return _whole(parts, mark, embedder, progress)


def _part(
    key: str,
    document: Document,
    settings: Settings,
    embedder: Embedder,
    progress: Progress,
    keep: Callable[[str, int], bool],
) -> Part:
    passages = passages_of(document)
    edition = (
        read_edition(settings.corpus, passages, {document.id}) if settings.edition else Edition({}, (), tuple(passages))
    )
    records = {key: _kept(record, keep) for key, record in edition.records.items()}
    texts: list[str] = []
    owner: list[int] = []
    kind: list[int] = []
    fields: dict[str, list[str]] = {name: [] for name in LEXICAL_FIELDS}
    for i, passage in enumerate(passages):
        record = records.get(passage.id)
        text = searchable_text(passage, document)
        rows: list[tuple[int, str]] = [(TEXT, text)]
        plain = questions = everyday = ""
        if record:
            plain, questions, everyday = record.gewone_taal, " ".join(record.vragen), " ".join(record.woorden)
            rows += [(PLAIN, plain), (EVERYDAY, everyday)]
            rows += [(QUESTION, q) for q in record.vragen] + [(UNANSWERED, q) for q in record.onbeantwoord]
        texts.extend(t for _, t in rows)
        owner.extend([i] * len(rows))
        kind.extend(k for k, _ in rows)
        fields["tekst"].append(text)
        fields["gewone_taal"].append(plain)
        fields["vragen"].append(questions)
        fields["alles"].append(f"{text} {plain} {questions} {everyday}")
    vectors = []
    for start in range(0, len(texts), 256):
        progress(document.sidecar.korte_titel, start, len(texts))
        vectors.append(embedder.passages(texts[start : start + 256]))
    progress(document.sidecar.korte_titel, len(texts), len(texts))
    return Part(
        key, document, passages, records, np.concatenate(vectors), np.asarray(owner, np.int32),
        np.asarray(kind, np.int8), {name: [terms(t) for t in fields[name]] for name in LEXICAL_FIELDS},
        vocabulary_of(fields["alles"]),
    )  # fmt: skip


def _kept(record: Record, keep: Callable[[str, int], bool]) -> Record:
    lists = {"vragen": ("vraag", record.vragen), "onbeantwoord": ("onbeantwoord", record.onbeantwoord)}
    return record.model_copy(
        update={f: tuple(q for n, q in enumerate(qs) if keep(k, n)) for f, (k, qs) in lists.items()}
    )


def _whole(parts: list[Part], mark: str, embedder: Embedder, progress: Progress) -> SearchIndex:
    lexical = {}
    for n, name in enumerate(LEXICAL_FIELDS):
        progress("Woorden tellen", n, len(LEXICAL_FIELDS))
        lexical[name] = _bm25([t for part in parts for t in part.tokens[name]])
    offsets = np.cumsum([0, *(len(part.passages) for part in parts)])
    return assemble(
        [part.document for part in parts],
        [p for part in parts for p in part.passages],
        {key: record for part in parts for key, record in part.records.items()},
        np.concatenate([part.vectors for part in parts]),
        np.concatenate([part.owner + offset for part, offset in zip(parts, offsets)]).astype(np.int32),
        np.concatenate([part.kind for part in parts]),
        lexical, sum((part.vocabulary for part in parts), Counter()), mark, embedder, tuple(parts),
    )  # fmt: skip


def _bm25(tokens: list[list[str]]) -> Any:
    import bm25s

    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index([t or ["∅"] for t in tokens], show_progress=False)
    return index


def assemble(
    documents: Sequence[Document],
    passages: list[Passage],
    records: dict[str, Record],
    vectors: Vectors,
    owner: NDArray[np.int32],
    kind: NDArray[np.int8],
    lexical: dict[str, Any],
    vocabulary: dict[str, int],
    mark: str,
    embedder: Embedder,
    parts: tuple[Part, ...] = (),
) -> SearchIndex:
    """An index from what was made or read."""
    import faiss

    faiss.omp_set_num_threads(1)  # ten thousand short rows: starting threads costs more than it saves
    dense = faiss.IndexFlatIP(vectors.shape[1])
    dense.add(vectors)
    first = np.searchsorted(owner, np.arange(len(passages) + 1))
    return SearchIndex(
        {d.id: d for d in documents}, passages, records, vectors, owner, kind, first, lexical, dense, vocabulary, mark,
        embedder, parts,
    )  # fmt: skip
