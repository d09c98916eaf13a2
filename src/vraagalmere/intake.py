"""Take a document in, replace one, or take one out, so that a reader sees the corpus before or after, never between.

What is seen of a document is its sidecar: everything else is written first and removed last.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import get_args

import yaml
from pydantic import BaseModel, ConfigDict

from .corpus import (
    FILES,
    INVISIBLE,
    Document,
    HeadingLine,
    Kind,
    PageSegment,
    Sidecar,
    SkippedLines,
    SourceFile,
    document_of,
    read_corpus,
)
from .dutch import collapse
from .edition import FOLDER, Record, read_edition
from .errors import InputError
from .index import Progress, no_progress
from .passages import Passage, passages_of
from .settings import Settings
from .store import locked, renew

SUFFIXES = (".pdf", ".txt", ".md", ".html", ".htm")
_DATE = re.compile(r"(\d{4})(-\d{2}){0,2}|ongeveer \d{4}")


class KindText(BaseModel):
    """What a kind of document is worth, in words (data/soorten.yaml)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    naam: str
    partij: str | None = None
    """Who speaks, where the kind says so itself."""
    status: str
    groep: str
    spreker: str


@cache
def kinds() -> dict[Kind, KindText]:
    """The kinds of documents."""
    raw = yaml.safe_load(files("vraagalmere").joinpath("data", "soorten.yaml").read_text(encoding="utf-8"))
    return {kind: KindText.model_validate(raw[kind]) for kind in get_args(Kind)}


@dataclass(frozen=True)
class Given:
    """What a person says about a document; None: not said."""

    titel: str | None = None
    soort: str | None = None
    partij: str | None = None
    datum: str | None = None


@dataclass(frozen=True)
class Contents:
    """What was read from a file, whatever its kind."""

    text: str
    headings: tuple[HeadingLine, ...] | None
    skipped: tuple[SkippedLines, ...]
    pages: tuple[tuple[int, int], ...]
    """First and last sheet of each line; () when the file has no sheets."""
    labels: tuple[str, ...]
    """Printed page number of each sheet."""
    numbering: str
    """In Dutch: where the page numbers come from."""
    boxes: str
    """JSON with the boxes of the words, '' when there are none."""
    title: str
    date: str
    notices: tuple[str, ...]


@dataclass(frozen=True)
class Added:
    """What came of taking a document in."""

    document: Document
    passages: int
    notices: tuple[str, ...]
    kept: int
    """Plain-language records that fit the new document."""
    lost: tuple[Record, ...]
    """Those of the replaced document whose passage is no longer there."""
    seconds: float


def read_file(path: Path) -> Contents:
    """Read a file of any kind that is known.

    Raises:
        InputError: when there is no such file, or it is of no known kind.
        PdfError: when a PDF cannot be read.
    """
    if not path.is_file():
        raise InputError(f"Het bestand {path} is er niet. Kijk of de naam klopt.")
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path.name} is geen bestand dat we kunnen lezen. Kies een van deze: {', '.join(SUFFIXES)}.")
    if path.suffix.lower() == ".pdf":
        return _read_pdf(path)
    from .textfile import read_text

    read = read_text(path)
    sheets = bool(read.pages)
    numbering = (
        "Geteld volgens de paginascheidingen in het bestand."
        if sheets
        else "Dit bestand heeft geen paginanummers. Een bron noemt daarom de kop en het stuk tekst."
    )
    title = read.text.split("\n")[read.headings[0].regels[0] - 1] if read.headings else ""
    return Contents(
        read.text, read.headings, (), tuple((p, p) for p in read.pages), (), numbering, "",
        title, "", read.notices,
    )  # fmt: skip


def _read_pdf(path: Path) -> Contents:
    from .pdf import read_pdf

    read = read_pdf(path)
    boxes = {
        "maten": read.sizes,
        "regels": [[(b.start, b.end, b.sheet, b.x0, b.y0, b.x1, b.y1) for b in line.boxes] for line in read.lines],
    }
    return Contents(
        read.text, read.headings, read.skipped, tuple(line.sheets for line in read.lines), read.labels,
        f"Paginanummers: {read.label_source}. Het blad is de plaats in het bestand.", json.dumps(boxes),
        read.title, read.date, read.notices,
    )  # fmt: skip


def missing(given: Given) -> tuple[str, ...]:
    """The names of the options that a new document still needs."""
    known = kinds().get(given.soort) if given.soort else None  # type: ignore[call-overload]
    needed = {"titel": given.titel, "soort": given.soort, "datum": given.datum}
    if known is None or known.partij is None:
        needed["partij"] = given.partij
    return tuple(name for name, value in needed.items() if not value)


def add(
    settings: Settings, path: Path, given: Given, replaces: str | None = None, progress: Progress = no_progress
) -> Added:
    """Take a file in as a document, or in the place of the document `replaces`, and bring the index up to date.

    Raises:
        InputError: when something that must be said is missing or wrong, or the document is there already.
        PdfError: when a PDF cannot be read.
        CorpusError, EditionError: when another document or its edition cannot be used; nothing is changed.
        IndexBusy: when another program is changing the corpus and does not get ready.
    """
    started = time.perf_counter()
    progress("Bestand lezen", 0, 1)
    contents = read_file(path)
    progress("Bestand lezen", 1, 1)
    with locked(settings.index, progress):
        documents = {d.id: d for d in read_corpus(settings.corpus)}
        _clean(settings.corpus, documents.values())
        old = documents.get(replaces) if replaces else None
        if replaces and old is None:
            raise InputError(f"Er is geen document '{replaces}'. Bekende documenten: {', '.join(documents)}.")
        document = _document(path, contents, given, old, set(documents))
        same = next((d for d in documents.values() if d.hash == document.hash and d is not old), None)
        if same:
            raise InputError(f"Dit document is er al: '{same.id}' ({same.sidecar.titel}).")
        passages = passages_of(document)
        if not passages:
            raise InputError(f"In {path.name} staat geen lopende tekst. Kies een ander bestand.")
        kept, lost = _fit_edition(settings.corpus, old, document, passages)
        _write(settings.corpus, path, document, contents)
        renew(settings, progress)
        _clean(settings.corpus, [d for d in documents.values() if d is not old] + [document])
    return Added(document, len(passages), contents.notices, kept, lost, time.perf_counter() - started)


def remove(settings: Settings, name: str, progress: Progress = no_progress) -> Document:
    """Take a document out, with its file and its plain-language records, and bring the index up to date.

    Raises:
        InputError: when there is no such document, or it is the only one.
    """
    with locked(settings.index, progress):
        documents = {d.id: d for d in read_corpus(settings.corpus)}
        if name not in documents:
            raise InputError(f"Er is geen document '{name}'. Bekende documenten: {', '.join(documents)}.")
        if len(documents) == 1:
            raise InputError("Dit is het enige document. Voeg eerst een ander toe met: vraagalmere voegtoe")
        (settings.corpus / f"{name}.json").unlink()
        gone = documents.pop(name)
        (settings.corpus / gone.sidecar.text_name).unlink(missing_ok=True)
        (settings.corpus / FOLDER / f"{name}.yaml").unlink(missing_ok=True)
        _clean(settings.corpus, documents.values())
        renew(settings, progress)
    return gone


def _document(path: Path, contents: Contents, given: Given, old: Document | None, taken: set[str]) -> Document:
    """The document that a file becomes.

    Raises:
        InputError: when what was said about it is missing or wrong.
    """
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    pdf = path.suffix.lower() == ".pdf"
    segments = _segments(contents)
    if old:
        about = old.sidecar
        titel, partij, soort, datum = about.titel, about.partij, about.soort, about.datum
        if given.soort not in (None, soort) or given.partij not in (None, partij):
            raise InputError(
                f"'{old.id}' is een {soort} van {partij}. Een ander soort of een andere partij is een ander document: "
                "laat --vervangt weg."
            )
        key, titel, datum = old.id, given.titel or titel, given.datum or datum
    else:
        if given.soort:
            _kind(given.soort)
        if lacking := missing(given):
            options = ", ".join(f"--{name}" for name in lacking)
            raise InputError(f"Zeg er nog bij: {options}. Hulp: vraagalmere voegtoe --help")
        titel, datum = collapse(given.titel or ""), given.datum or ""
        soort = _kind(given.soort)
        partij = collapse(given.partij or kinds()[soort].partij or "")
        key = slug(titel)
        if key in taken:
            raise InputError(f"Er is al een document '{key}'. Geef een andere titel, of: --vervangt {key}")
    if not _DATE.fullmatch(datum):
        raise InputError("Schrijf de datum als 2026-06-30, als 2026-06, of alleen als jaar: 2026.")
    stem = f"{key}.{digest[:8]}"
    bestand = SourceFile(
        naam=path.name,
        sha256=digest,
        kopie=f"{FILES}/{stem}.pdf" if pdf else None,
        vakken=f"{FILES}/{stem}.vakken" if contents.boxes else None,
        bladen=contents.labels,
    )
    read: dict[str, object] = {
        "titel": titel, "datum": datum, "koppen": contents.headings, "geen_tekst": contents.skipped,
        "paginas": segments, "bestand": bestand, "paginanummering": contents.numbering,
    }  # fmt: skip
    if old:
        dated = {"datum_bewijs": "Opgegeven bij het toevoegen."} if given.datum else {}
        sidecar = old.sidecar.model_copy(update={**read, **dated, "samen": (), "tekst": f"{stem}.txt"})
    else:
        words = {"partij": partij, "jaar": (re.findall(r"\d{4}", datum) or [""])[0]}
        text = kinds()[soort]
        sidecar = Sidecar.model_validate({
            **read, "id": key, "korte_titel": titel if len(titel) <= 60 else titel[:57].rsplit(" ", 1)[0] + " …",
            "partij": partij, "uitgever": partij, "soort": soort, "datum_bewijs": "Opgegeven bij het toevoegen.",
            "status": text.status.format(**words), "groep": text.groep.format(**words),
            "spreker": text.spreker.format(**words),
        })  # fmt: skip
    return document_of(sidecar, contents.text)


def _kind(said: str | None) -> Kind:
    for kind in kinds():
        if kind == said:
            return kind
    raise InputError(f"Het soort '{said}' is er niet. Kies een van deze: {', '.join(kinds())}.")


def slug(title: str) -> str:
    """`title` as the id of a document: small letters, digits and hyphens, at most 60.

    Raises:
        InputError: when nothing is left of it.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", INVISIBLE.sub("", title)) if not unicodedata.combining(c))
    key = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:60].strip("-")
    if not key:
        raise InputError("Geef een titel met letters of cijfers: --titel")
    return key


def _segments(contents: Contents) -> tuple[PageSegment, ...]:
    """Runs of lines on the same sheets."""
    count = contents.text.count("\n") + 1
    if not contents.pages:
        return (PageSegment(regels=(1, count), paginas=None, bewijs="geen bladen"),)
    made, line = [], 1
    for sheets, run in groupby(contents.pages):
        last = line + len(list(run)) - 1
        made.append(PageSegment(regels=(line, last), paginas=sheets, bewijs="bestand"))
        line = last + 1
    return tuple(made)


def _write(corpus: Path, path: Path, document: Document, contents: Contents) -> None:
    """Everything of a document, its sidecar last."""
    about = document.sidecar
    bestand = about.bestand
    if bestand and bestand.kopie:
        _put(corpus / bestand.kopie, path.read_bytes())
    if bestand and bestand.vakken:
        _put(corpus / bestand.vakken, contents.boxes.encode())
    _put(corpus / about.text_name, document.text.encode())
    raw = about.model_dump(mode="json", exclude_defaults=True)
    if about.koppen is not None:
        raw["koppen"] = [h.model_dump(mode="json", exclude_defaults=True) for h in about.koppen]
    _put(corpus / f"{about.id}.json", (json.dumps(raw, ensure_ascii=False, indent=1) + "\n").encode())


def _put(path: Path, data: bytes) -> None:
    """Write a file in one step.

    Raises:
        InputError: when it cannot be written.
    """
    beside = path.with_name(f".{path.name}.nieuw")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as exc:
        raise InputError(f"{path} is niet te schrijven ({exc.strerror}). Kies een eigen map met: --corpus") from exc


def _clean(corpus: Path, documents: Iterable[Document]) -> None:
    """Remove what an earlier, killed run left behind, and what replaced documents left."""
    named: set[str] = set()
    ids = []
    for document in documents:
        about = document.sidecar
        ids.append(re.escape(about.id))
        named |= {about.text_name, *filter(None, (about.bestand.kopie, about.bestand.vakken) if about.bestand else ())}
    own = re.compile(rf"(?:{'|'.join(ids)})(?:\.[0-9a-f]{{8}})?\.txt|\..*\.nieuw")
    left = [p for p in corpus.iterdir() if p.is_file() and own.fullmatch(p.name) and p.name not in named]
    folder = corpus / FILES
    if folder.is_dir():
        left += [p for p in folder.iterdir() if p.is_file() and f"{FILES}/{p.name}" not in named]
    for path in left:
        with suppress(OSError):
            path.unlink()


def _fit_edition(
    corpus: Path, old: Document | None, document: Document, passages: Sequence[Passage]
) -> tuple[int, tuple[Record, ...]]:
    """Pin the records of `old` to the passages of `document` that say the same; gives how many fit and which do not.

    'The same' is: the same letters and digits in the same order, whatever the white space and punctuation.
    """
    if old is None:
        return 0, ()
    before = passages_of(old)
    records = read_edition(corpus, before, {old.id}).records
    now = {p.id for p in passages}
    free = {_letters(p): p for p in passages if p.id not in records}
    words = {p.id: _letters(p) for p in before}
    moved = {key: free[words[key]] for key in records if key not in now and words[key] in free}
    if moved:
        path = corpus / FOLDER / f"{old.id}.yaml"
        text = path.read_bytes().decode("utf-8")
        for key, passage in moved.items():
            entry = f"- passage: {key}\n  hash: {records[key].hash}\n"
            text = text.replace(entry, f"- passage: {passage.id}\n  hash: {passage.hash}\n")
        _put(path, text.encode())
    fitting = read_edition(corpus, passages, {document.id}).records
    lost = tuple(r for key, r in records.items() if key not in now and key not in moved)
    return len(fitting), lost


def _letters(passage: Passage) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", passage.quote).lower())
