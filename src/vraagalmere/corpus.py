"""Read the documents: the verbatim text, the sidecar that describes it, the page of every character.

A document is `corpus/<id>.txt` with `corpus/<id>.json` beside it. The text is never changed; every
position in the program is a character offset into it. Where it was read from a file, that file is kept in
`corpus/bestanden/` and the sidecar says which sheet of the file each line stands on.
"""

from __future__ import annotations

import bisect
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import CorpusError

Kind = Literal["coalitieakkoord", "verkiezingsprogramma", "dialoogverslag", "gemeentestuk"]
FILES = "bestanden"
"""Folder in the corpus with the files that documents were read from."""
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Characters that show nothing and can turn text round or hide it (Unicode UAX 9, UTS 39); no document holds one."""


class PageSegment(BaseModel):
    """A run of lines (1-based, inclusive) and the pages they may stand on; null: the document has no pages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    regels: tuple[int, int]
    paginas: tuple[int, int] | None
    bewijs: str


class HeadingLine(BaseModel):
    """The lines (1-based, inclusive) of a heading and its level (1 is highest)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    regels: tuple[int, int]
    niveau: int
    tekst: str | None = None
    """How the heading is shown, where the extraction garbled it."""
    vanaf: int | None = None
    """Only for a heading that the extraction put at the end of its page: the first line it stands over."""


class SkippedLines(BaseModel):
    """Lines that are no text of the document (photo descriptions, buttons, tables of contents)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    regels: tuple[int, int]
    waarom: str


class SourceFile(BaseModel):
    """The file that a document was read from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    naam: str
    """As it was called when it was added: 'hoofdlijnenakkoord.pdf'."""
    sha256: str
    kopie: str | None = None
    """Where in the corpus it is kept, for a file whose pages can be shown; null: not kept."""
    vakken: str | None = None
    """Where in the corpus the boxes of its words are kept."""
    bladen: tuple[str, ...] = ()
    """For each sheet of the file the page number that is printed on it, '' where there is none."""


class Sidecar(BaseModel):
    """What `corpus/<id>.json` says about a document. Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    titel: str
    korte_titel: str
    partij: str
    """Who speaks: the name as a reader knows it ('Coalitie', 'PvdA Almere')."""
    uitgever: str
    soort: Kind
    datum: str
    datum_bewijs: str
    status: str
    """One sentence in plain Dutch that says what a line of this document is worth."""
    groep: str
    """The line above what this document says in an answer ('Dit wil Samen voor Almere')."""
    spreker: str
    """Who speaks, inside a sentence ('de coalitie', 'de PvdA')."""
    paginanummering: str
    koppen: tuple[HeadingLine, ...] | None = None
    """Headings; null: find them by rule."""
    geen_tekst: tuple[SkippedLines, ...] = ()
    samen: tuple[tuple[int, int], ...] = ()
    """Runs of lines that are one statement although their layout says otherwise."""
    leesfouten: dict[str, str] = {}
    """Misread words and what they should be: for finding only, a quote stays as printed."""
    tekst: str | None = None
    """Name of the file with the text; null: `<id>.txt`. A document that replaces another brings a new name."""
    bestand: SourceFile | None = None
    """The file it was read from; with sheets, `paginas` counts the sheets of that file."""
    paginas: tuple[PageSegment, ...]

    @property
    def text_name(self) -> str:
        """Name of the file with the text."""
        return self.tekst or f"{self.id}.txt"


@dataclass(frozen=True)
class Document:
    """One document: its description and its text, exactly as extracted."""

    sidecar: Sidecar
    text: str

    @property
    def id(self) -> str:
        return self.sidecar.id

    @cached_property
    def lines(self) -> list[str]:
        """The text split on newlines; `lines[0]` is line 1."""
        return self.text.split("\n")

    @cached_property
    def line_starts(self) -> list[int]:
        """Character offset of the start of each line."""
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts[:-1]

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the text, hexadecimal: the version of the document that an answer rests on."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def line_of(self, offset: int) -> int:
        """The 1-based line that holds the character at `offset`."""
        return bisect.bisect_right(self.line_starts, offset)

    def span_of_lines(self, first: int, last: int) -> tuple[int, int]:
        """Character span [start, end) of the lines `first`..`last` (1-based, inclusive)."""
        if not 1 <= first <= last <= len(self.lines):
            raise CorpusError(f"{self.id}: de regels {first}-{last} bestaan niet in dit document.")
        return self.line_starts[first - 1], self.line_starts[last - 1] + len(self.lines[last - 1])

    def pages_of(self, start: int, end: int) -> tuple[int, int] | None:
        """First and last page that the span [start, end) may stand on; None where the page is unknown."""
        first, last = self.line_of(start), self.line_of(max(start, end - 1))
        pages: list[int] = []
        for segment in self.sidecar.paginas:
            if segment.regels[0] <= last and first <= segment.regels[1]:
                if segment.paginas is None:
                    return None
                pages.extend(segment.paginas)
        return (min(pages), max(pages)) if pages else None

    def page_label(self, pages: tuple[int, int] | None) -> str:
        """Pages as people read them, printed number first; a range stays a range, an unknown page stays unknown."""
        if pages is None:
            return "zonder paginanummer"
        sheets = _range(str(pages[0]), str(pages[1]))
        labels = self.sidecar.bestand.bladen if self.sidecar.bestand else ()
        if not labels:
            return f"pagina {sheets}"
        printed = [labels[p - 1] for p in pages]
        if not all(printed):
            return f"blad {sheets} van het bestand"
        label = f"pagina {_range(*printed)}"
        return label if _range(*printed) == sheets else f"{label} (blad {sheets} van het bestand)"

    def lines_of_page(self, page: int) -> tuple[int, int] | None:
        """First and last line (1-based) that may stand on `page`; None when there is no such page."""
        lines = [
            line
            for segment in self.sidecar.paginas
            if segment.paginas and segment.paginas[0] <= page <= segment.paginas[1]
            for line in segment.regels
        ]
        return (min(lines), min(max(lines), len(self.lines))) if lines else None


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first}-{last}"


def document_of(sidecar: Sidecar, text: str) -> Document:
    """A document, when the sidecar fits the text.

    Raises:
        CorpusError: when it does not, or the text holds invisible characters.
    """
    document = Document(sidecar, text)
    name = f"{sidecar.id}.json"
    if found := INVISIBLE.search(text):
        raise CorpusError(
            f"{sidecar.id}: regel {document.line_of(found.start())} heeft een onzichtbaar teken "
            f"(U+{ord(found.group()):04X}). Voeg het bestand toe met: vraagalmere voegtoe"
        )
    expected = 1
    for segment in sidecar.paginas:
        if segment.regels[0] != expected or segment.regels[1] < segment.regels[0]:
            raise CorpusError(f"{name}: de paginakaart slaat regel {expected} over of noemt hem dubbel.")
        expected = segment.regels[1] + 1
    if expected <= len(document.lines):
        raise CorpusError(f"{name}: de paginakaart stopt bij regel {expected - 1} van {len(document.lines)}.")
    labels = sidecar.bestand.bladen if sidecar.bestand else ()
    if labels and any(s.paginas and not 1 <= s.paginas[0] <= s.paginas[1] <= len(labels) for s in sidecar.paginas):
        raise CorpusError(f"{name}: de paginakaart noemt een blad dat niet in het bestand zit.")
    return document


def read_document(sidecar_path: Path) -> Document:
    """Read one sidecar and the text beside it.

    Raises:
        CorpusError: when a file is missing, is not UTF-8, or the sidecar does not fit the text.
    """
    name = sidecar_path.name
    try:
        sidecar = Sidecar.model_validate(json.loads(sidecar_path.read_text(encoding="utf-8")))
        text = sidecar_path.with_name(sidecar.text_name).read_bytes().decode("utf-8")
    except FileNotFoundError as exc:
        raise CorpusError(f"Het bestand {Path(exc.filename).name} ontbreekt in de map corpus.") from exc
    except (json.JSONDecodeError, UnicodeDecodeError) as exc:
        raise CorpusError(f"{name}: het bestand is beschadigd of geen UTF-8 ({exc}).") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CorpusError(f"{name}: het veld '{place}' klopt niet ({first['msg']}).") from exc
    if sidecar.id != sidecar_path.stem:
        raise CorpusError(f"{name}: het veld 'id' moet '{sidecar_path.stem}' zijn, net als de bestandsnaam.")
    return document_of(sidecar, text)


def read_corpus(folder: Path) -> list[Document]:
    """All documents of `folder`, the coalition accord first, then by id.

    Raises:
        CorpusError: when there is no document or one cannot be used.
    """
    documents = [read_document(path) for path in sorted(folder.glob("*.json"))]
    if not documents:
        raise CorpusError(f"Er staan geen documenten in {folder}. Zet er een .txt met een .json bij.")
    return sorted(documents, key=lambda d: (d.sidecar.soort != "coalitieakkoord", d.id))
