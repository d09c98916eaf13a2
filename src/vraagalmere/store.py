"""The index on disk: written whole, put in place in one step, no pickle.

`index/huidig` names the folder of the index in use; a new index is written beside it and takes its place in
one step, so a reader sees the old one or the new one, never half of either. The folder holds the documents too:
an answer rests on the text that the index was made of, also while a document is being replaced.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from .corpus import Document, Sidecar, document_of
from .edition import Record
from .embeddings import Embedder, open_embedder
from .errors import CorpusError, EditionError, IndexBroken, IndexBusy, IndexMissing
from .index import FORMAT, LEXICAL_FIELDS, Part, Progress, SearchIndex, assemble, build, fingerprint, no_progress
from .passages import Passage, TableRow
from .settings import Settings

CURRENT = "huidig"
LOCK = ".slot"
LOCK_WAIT = 600
"""Seconds that a second program waits for the first: longer than a large document takes."""
_PARTS, _TERMS = "delen", "termen.json"

log = logging.getLogger("vraagalmere")


@contextmanager
def locked(folder: Path, progress: Progress = no_progress) -> Iterator[None]:
    """Hold the only right to change the corpus and the index; the system lets go of it when the program dies.

    Raises:
        IndexBusy: when another program still holds it after LOCK_WAIT seconds.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress("Wachten op een ander programma dat de index maakt", 0, 1)
        try:
            lock.acquire(timeout=LOCK_WAIT)
        except Timeout as exc:
            raise IndexBusy(
                f"Een ander programma is al {LOCK_WAIT // 60} minuten bezig met de index in {folder}. "
                "Wacht tot het klaar is, of stop het, en probeer het opnieuw."
            ) from exc
    try:
        yield
    finally:
        lock.release()


def save(index: SearchIndex, folder: Path) -> None:
    """Write an index that was just built into `folder` and make it the one in use, in one step.

    The one before it stays, for a reader that is still busy with it; older ones are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{index.fingerprint}-{secrets.token_hex(4)}"
    target = folder / name
    target.mkdir()
    for part in index.parts:
        _write_part(part, target / _PARTS / part.document.id)
    for field, bm25 in index.lexical.items():
        bm25.save(str(target / field), show_progress=False)
    about = {
        "versie": FORMAT,
        "vingerafdruk": index.fingerprint,
        "embedder": index.embedder.name,
        "documenten": [part.document.id for part in index.parts],
        "bestanden": {str(p.relative_to(target)): _hash(p) for p in sorted(target.rglob("*")) if p.is_file()},
    }
    (target / "index.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
    for path in target.rglob("*"):
        if path.is_file():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
    before = current_name(folder)
    pointer = target / CURRENT
    pointer.write_text(name, encoding="utf-8")
    pointer.replace(folder / CURRENT)
    for old in folder.iterdir():
        if old.is_dir() and old.name not in (name, before):
            shutil.rmtree(old, ignore_errors=True)


def _write_part(part: Part, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, rows in (("vectoren", part.vectors), ("eigenaar", part.owner), ("soort", part.kind)):
        np.save(folder / f"{name}.npy", rows, allow_pickle=False)
    document = part.document
    _write(folder / "document.json", {"sidecar": document.sidecar.model_dump(mode="json"), "tekst": document.text})
    _write_lines(folder / "passages.jsonl", [dataclasses.asdict(p) for p in part.passages])
    _write_lines(folder / "klaretaal.jsonl", [r.model_dump(mode="json") for r in part.records.values()])
    _write(folder / "woorden.json", part.vocabulary)
    tokens = {field: [" ".join(row) for row in rows] for field, rows in part.tokens.items()}
    _write(folder / _TERMS, {"sleutel": part.key, "termen": tokens})


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def current_name(folder: Path) -> str:
    """The name of the index in use; '' when there is none."""
    try:
        return (folder / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def documents_in(folder: Path) -> tuple[str, ...]:
    """Ids of the documents of the index in use; () when it cannot be read."""
    try:
        about = json.loads((folder / current_name(folder) / "index.json").read_text(encoding="utf-8"))
        return tuple(about["documenten"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def load(settings: Settings, embedder: Embedder | None = None, *, fresh: bool = True) -> SearchIndex:
    """Read the index in use.

    Args:
        fresh: whether it must fit the documents as they are now.

    Raises:
        IndexMissing: when there is none.
        IndexBroken: when it is damaged, of another format, or no longer fits the documents.
    """
    folder = settings.index
    embedder = embedder or open_embedder(settings.embedder)
    while True:
        name = current_name(folder)
        if not name:
            raise IndexMissing(f"Er is nog geen index in {folder}. Maak hem met: vraagalmere index")
        try:
            return _read(folder / name, settings, embedder, fresh)
        except (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, CorpusError) as exc:
            if name == current_name(folder):
                raise IndexBroken(
                    f"De index in {folder} is beschadigd. Maak hem opnieuw met: vraagalmere index"
                ) from exc
            # Another program put a newer index in place while this one was read: read that.


def _about(target: Path, embedder: Embedder) -> dict[str, Any]:
    about: dict[str, Any] = json.loads((target / "index.json").read_text(encoding="utf-8"))
    if about["versie"] != FORMAT or about["embedder"] != embedder.name:
        raise IndexBroken("De index is van een andere versie. Maak hem opnieuw met: vraagalmere index")
    return about


def _read(target: Path, settings: Settings, embedder: Embedder, fresh: bool) -> SearchIndex:
    import bm25s

    about = _about(target, embedder)
    if fresh and about["vingerafdruk"] != fingerprint(settings, embedder):
        raise IndexBroken("De index hoort niet meer bij de documenten. Maak hem opnieuw met: vraagalmere index")
    for name, digest in about["bestanden"].items():
        if not name.endswith(_TERMS) and _hash(target / name) != digest:
            raise ValueError(f"{name} is not what was written")
    documents, vectors, owner, kind = [], [], [], []
    passages: list[Passage] = []
    records: dict[str, Record] = {}
    vocabulary: Counter[str] = Counter()
    for name in about["documenten"]:
        part = target / _PARTS / name
        rows, own, kinds = _arrays(part)
        vectors.append(rows)
        owner.append(own + len(passages))
        kind.append(kinds)
        documents.append(_document(part))
        passages += _passages(part)
        records |= _records(part)
        vocabulary.update(_json(part / "woorden.json"))
    lexical = {f: bm25s.BM25.load(str(target / f), show_progress=False, allow_pickle=False) for f in LEXICAL_FIELDS}
    return assemble(
        documents, passages, records, np.concatenate(vectors), np.concatenate(owner).astype(np.int32),
        np.concatenate(kind), lexical, vocabulary, about["vingerafdruk"], embedder,
    )  # fmt: skip


def parts_on_disk(settings: Settings, embedder: Embedder) -> dict[str, Part]:
    """The parts of the index in use, by key; a part that is damaged or cannot be used is left out."""
    target = settings.index / current_name(settings.index)
    try:
        about = _about(target, embedder)
        names, digests = list(about["documenten"]), dict(about["bestanden"])
    except (OSError, ValueError, KeyError, TypeError, IndexBroken):
        return {}
    parts = {}
    for name in names:
        folder = target / _PARTS / name
        try:
            if any(digests[str(p.relative_to(target))] != _hash(p) for p in folder.iterdir()):
                continue
            raw = _json(folder / _TERMS)
            parts[raw["sleutel"]] = Part(
                raw["sleutel"], _document(folder), _passages(folder), _records(folder),
                *_arrays(folder),
                {field: [row.split() for row in rows] for field, rows in raw["termen"].items()},
                Counter(_json(folder / "woorden.json")),
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError, CorpusError):
            continue
    return parts


def _arrays(folder: Path) -> tuple[Any, Any, Any]:
    """The vectors of a part, their owners and their kinds."""
    vectors, owner, kind = (
        np.load(folder / f"{name}.npy", allow_pickle=False) for name in ("vectoren", "eigenaar", "soort")
    )
    return vectors, owner, kind


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _json_lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line]


def _document(folder: Path) -> Document:
    raw = _json(folder / "document.json")
    return document_of(Sidecar.model_validate(raw["sidecar"]), raw["tekst"])


def _records(folder: Path) -> dict[str, Record]:
    records = [Record.model_validate_json(line) for line in _json_lines(folder / "klaretaal.jsonl")]
    return {record.passage: record for record in records}


def _passages(folder: Path) -> list[Passage]:
    return [_passage(json.loads(line)) for line in _json_lines(folder / "passages.jsonl")]


def _passage(raw: dict[str, Any]) -> Passage:
    row = raw["row"]
    if row is not None:
        row = TableRow(**{**row, "cells": tuple((a, b) for a, b in row["cells"])})
    pages = tuple(raw["pages"]) if raw["pages"] is not None else None
    return Passage(**{**raw, "headings": tuple(raw["headings"]), "pages": pages, "row": row})


def renew(settings: Settings, progress: Progress = no_progress, *, embedder: Embedder | None = None) -> SearchIndex:
    """Build the index of what has changed and put it in place; the caller holds the lock.

    Raises:
        CorpusError, EditionError: when a file cannot be used; the index in use stays.
    """
    embedder = embedder or open_embedder(settings.embedder)
    index = build(settings, progress, embedder=embedder, ready=parts_on_disk(settings, embedder))
    save(index, settings.index)
    return index


def open_index(settings: Settings, progress: Progress = no_progress) -> SearchIndex:
    """The index in use; brought up to date when it no longer fits the documents, made when there is none.

    When a document cannot be used, the index from before stays in use and the log says why.

    Raises:
        CorpusError, EditionError: the same, and there is no index from before.
        IndexBusy: when another program does not get ready with it.
    """
    embedder = open_embedder(settings.embedder)
    try:
        return load(settings, embedder)
    except (IndexMissing, IndexBroken):
        pass
    with locked(settings.index, progress):
        try:
            return load(settings, embedder)  # made by another program in the meantime
        except (IndexMissing, IndexBroken):
            pass
        try:
            return dataclasses.replace(renew(settings, progress, embedder=embedder), parts=())
        except (CorpusError, EditionError) as exc:
            try:
                index = load(settings, embedder, fresh=False)
            except (IndexMissing, IndexBroken):
                raise exc from None
            log.warning("%s De antwoorden komen uit de index van daarvoor.", exc)
            return index
