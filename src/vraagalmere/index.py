"""The index: what is searched, on disk. Built whole, written atomically, no pickle.

`index/huidig` names the folder of the index in use; a new index is written beside it and takes its place in
one step, so a reader sees the old one or the new one, never half of either.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .corpus import Document, read_corpus
from .dutch import terms, vocabulary_of
from .edition import FOLDER, Edition, Record, read_edition
from .embeddings import Embedder, Vectors, open_embedder
from .errors import IndexBroken, IndexMissing
from .passages import Passage, TableRow, passages_of
from .settings import Settings

FORMAT = 3
"""Raised when the files of the index change: an index of another format is rebuilt."""
CURRENT = "huidig"
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
    keep: Callable[[str, int], bool] = lambda kind, number: True,
) -> SearchIndex:
    """Make the index of the corpus in memory.

    Args:
        keep: which questions of a record are indexed, by kind ('vraag', 'onbeantwoord') and number; all, but
            when weights are learned.

    Raises:
        CorpusError, EditionError: when a file cannot be used.
    """
    embedder = embedder or open_embedder(settings.embedder)
    documents = read_corpus(settings.corpus)
    passages: list[Passage] = []
    for i, document in enumerate(documents):
        progress("Documenten lezen", i, len(documents))
        passages.extend(passages_of(document))
    by_id = {d.id: d for d in documents}
    edition = read_edition(settings.corpus, passages) if settings.edition else Edition({}, (), ())
    records = {key: _kept(record, keep) for key, record in edition.records.items()}
    texts: list[str] = []
    owner: list[int] = []
    kind: list[int] = []
    fields: dict[str, list[str]] = {name: [] for name in LEXICAL_FIELDS}
    for i, passage in enumerate(passages):
        record = records.get(passage.id)
        text = searchable_text(passage, by_id[passage.document])
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
    parts = []
    for start in range(0, len(texts), 256):
        progress("Vectoren maken", start, len(texts))
        parts.append(embedder.passages(texts[start : start + 256]))
    vectors = np.concatenate(parts)
    lexical = {}
    for n, name in enumerate(LEXICAL_FIELDS):
        progress("Woorden tellen", n, len(LEXICAL_FIELDS))
        lexical[name] = _bm25([terms(t) for t in fields[name]])
    return _assemble(
        documents, passages, records, vectors, owner, kind, lexical,
        vocabulary_of(fields["alles"]), fingerprint(settings, embedder), embedder,
    )  # fmt: skip


def _kept(record: Record, keep: Callable[[str, int], bool]) -> Record:
    lists = {"vragen": ("vraag", record.vragen), "onbeantwoord": ("onbeantwoord", record.onbeantwoord)}
    return record.model_copy(
        update={f: tuple(q for n, q in enumerate(qs) if keep(k, n)) for f, (k, qs) in lists.items()}
    )


def _bm25(tokens: list[list[str]]) -> Any:
    import bm25s

    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index([t or ["∅"] for t in tokens], show_progress=False)
    return index


def _assemble(
    documents: Sequence[Document],
    passages: list[Passage],
    records: dict[str, Record],
    vectors: Vectors,
    owner: Sequence[int] | NDArray[np.int32],
    kind: Sequence[int] | NDArray[np.int8],
    lexical: dict[str, Any],
    vocabulary: dict[str, int],
    mark: str,
    embedder: Embedder,
) -> SearchIndex:
    import faiss

    owners = np.asarray(owner, dtype=np.int32)
    faiss.omp_set_num_threads(1)  # ten thousand short rows: starting threads costs more than it saves
    dense = faiss.IndexFlatIP(vectors.shape[1])
    dense.add(vectors)
    first = np.searchsorted(owners, np.arange(len(passages) + 1))
    return SearchIndex(
        {d.id: d for d in documents}, passages, records, vectors, owners,
        np.asarray(kind, dtype=np.int8), first, lexical, dense, vocabulary, mark, embedder,
    )  # fmt: skip


def save(index: SearchIndex, folder: Path) -> None:
    """Write `index` into `folder` and make it the one in use, in one step; older ones are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{index.fingerprint}-{os.getpid()}"
    target = folder / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    np.save(target / "vectoren.npy", index.vectors, allow_pickle=False)
    np.save(target / "eigenaar.npy", index.owner, allow_pickle=False)
    np.save(target / "soort.npy", index.kind, allow_pickle=False)
    for field, bm25 in index.lexical.items():
        bm25.save(str(target / field), show_progress=False)
    with (target / "passages.jsonl").open("w", encoding="utf-8") as out:
        for passage in index.passages:
            out.write(json.dumps(dataclasses.asdict(passage), ensure_ascii=False) + "\n")
    with (target / "klaretaal.jsonl").open("w", encoding="utf-8") as out:
        for record in index.records.values():
            out.write(record.model_dump_json() + "\n")
    (target / "woorden.json").write_text(json.dumps(index.vocabulary, ensure_ascii=False), encoding="utf-8")
    about = {
        "versie": FORMAT,
        "vingerafdruk": index.fingerprint,
        "embedder": index.embedder.name,
        "bestanden": {str(p.relative_to(target)): _hash(p) for p in sorted(target.rglob("*")) if p.is_file()},
    }
    (target / "index.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
    for path in target.rglob("*"):
        if path.is_file():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
    pointer = folder / f".{CURRENT}-{os.getpid()}"
    pointer.write_text(name, encoding="utf-8")
    pointer.replace(folder / CURRENT)
    for old in folder.iterdir():
        if old.is_dir() and old.name != name:
            shutil.rmtree(old, ignore_errors=True)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _json_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


def load(settings: Settings, embedder: Embedder | None = None) -> SearchIndex:
    """Read the index in use.

    Raises:
        IndexMissing: when there is none.
        IndexBroken: when it is damaged, of another format, or no longer fits the documents.
    """
    folder = settings.index
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except OSError as exc:
        raise IndexMissing(f"Er is nog geen index in {folder}. Maak hem met: vraagalmere index") from exc
    embedder = embedder or open_embedder(settings.embedder)
    broken = f"De index in {folder} is beschadigd. Maak hem opnieuw met: vraagalmere index"
    try:
        return _read(folder / name, settings, embedder)
    except IndexBroken:
        raise
    except (OSError, ValueError, KeyError, TypeError, IndexError, EOFError) as exc:
        raise IndexBroken(broken) from exc


def _read(target: Path, settings: Settings, embedder: Embedder) -> SearchIndex:
    import bm25s

    about = json.loads((target / "index.json").read_text(encoding="utf-8"))
    mark = fingerprint(settings, embedder)
    if about["versie"] != FORMAT or about["vingerafdruk"] != mark:
        raise IndexBroken("De index hoort niet meer bij de documenten. Maak hem opnieuw met: vraagalmere index")
    for name, digest in about["bestanden"].items():
        if _hash(target / name) != digest:
            raise ValueError(f"{name} is not what was written")
    passages = [_passage(json.loads(line)) for line in _json_lines(target / "passages.jsonl")]
    records = [Record.model_validate_json(line) for line in _json_lines(target / "klaretaal.jsonl") if line]
    arrays = {n: np.load(target / f"{n}.npy", allow_pickle=False) for n in ("vectoren", "eigenaar", "soort")}
    lexical = {f: bm25s.BM25.load(str(target / f), show_progress=False, allow_pickle=False) for f in LEXICAL_FIELDS}
    return _assemble(
        read_corpus(settings.corpus), passages, {r.passage: r for r in records}, arrays["vectoren"],
        arrays["eigenaar"], arrays["soort"], lexical,
        json.loads((target / "woorden.json").read_text(encoding="utf-8")), mark, embedder,
    )  # fmt: skip


def _passage(raw: dict[str, Any]) -> Passage:
    row = raw["row"]
    if row is not None:
        row = TableRow(**{**row, "cells": tuple((a, b) for a, b in row["cells"])})
    pages = tuple(raw["pages"]) if raw["pages"] is not None else None
    return Passage(**{**raw, "headings": tuple(raw["headings"]), "pages": pages, "row": row})


def open_index(settings: Settings, progress: Progress = no_progress) -> SearchIndex:
    """The index in use; made anew when there is none or it no longer fits the documents."""
    try:
        return load(settings)
    except (IndexMissing, IndexBroken):
        index = build(settings, progress)
        save(index, settings.index)
        return index
