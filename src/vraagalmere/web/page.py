"""A page of a document as people read it: headings, paragraphs, lists and tables, with one exact span marked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ..corpus import Document, HeadingLine
from ..dutch import ends_sentence
from ..passages import BULLET, FOOTNOTE, find_headings, heading_text

BlockKind = Literal["kop", "alinea", "regels", "lijst", "tabel"]


@dataclass(frozen=True)
class Piece:
    """A run of text that is marked or not."""

    text: str
    marked: bool
    first: bool = False
    """Whether the marked span begins here on this page."""


@dataclass
class Cell:
    """A paragraph, list item or table cell."""

    pieces: list[Piece]
    head: bool = False
    wide: int = 1

    @property
    def text(self) -> str:
        """The words of the cell."""
        return "".join(p.text for p in self.pieces)


@dataclass
class Block:
    """A heading, a paragraph, a list or a table."""

    kind: BlockKind
    cells: list[Cell] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    level: int = 0


@dataclass(frozen=True)
class PageView:
    """What is shown of a document: one page, or all of it where it has no pages."""

    document: Document
    page: int | None
    span: tuple[int, int]
    """Characters [start, end) of the document that may stand on this page."""
    blocks: tuple[Block, ...]
    previous: int | None
    next: int | None
    mark: tuple[int, int] | None
    changed: bool
    """Whether the span was asked for in another version of the document, and so is not marked."""
    goes_on: int | None
    """The page on which the marked span goes on."""
    began: int | None
    """The page on which the marked span began."""
    unsure: tuple[int, ...]
    """Neighbouring pages on which some of these lines may stand instead."""

    def label(self, page: int) -> str:
        """A page as people read it."""
        return self.document.page_label((page, page))


def pages(document: Document) -> list[int]:
    """The page numbers of a document, in order; empty when it has none."""
    return sorted({
        page
        for segment in document.sidecar.paginas if segment.paginas
        for page in range(segment.paginas[0], segment.paginas[1] + 1)
    })  # fmt: skip


def view(
    document: Document, page: int | None, mark: tuple[int, int] | None = None, version: str | None = None
) -> PageView | None:
    """The view of one page (None: the whole document); None when there is no such page.

    Args:
        mark: characters [start, end) of the document to be marked; one outside the document is not marked.
        version: first 12 hex digits of the hash of the text that `mark` points into; nothing is marked when
            the document has another text by now.
    """
    numbers = pages(document)
    if page is None:
        lines: tuple[int, int] | None = (1, len(document.lines))
    else:
        lines = document.lines_of_page(page) if page in numbers else None
    if lines is None:
        return None
    span = document.span_of_lines(*lines)
    changed = mark is not None and version is not None and version != document.hash[:12]
    if mark and (changed or not 0 <= mark[0] < mark[1] <= len(document.text)):
        mark = None
    at = numbers.index(page) if page is not None else 0
    previous = numbers[at - 1] if page is not None and at > 0 else None
    following = numbers[at + 1] if page is not None and at + 1 < len(numbers) else None
    unsure = {
        p
        for s in document.sidecar.paginas
        if page is not None and s.paginas and s.paginas[0] <= page <= s.paginas[1]
        for p in range(s.paginas[0], s.paginas[1] + 1)
    } - {page}
    shown = mark is not None and mark[0] < span[1] and mark[1] > span[0]
    return PageView(
        document, page, span, tuple(_Builder(document, mark).build(*lines)), previous, following, mark, changed,
        following if shown and mark and mark[1] > span[1] else None,
        previous if shown and mark and mark[0] < span[0] else None,
        tuple(sorted(p for p in unsure if p is not None)),
    )  # fmt: skip


def contents(document: Document) -> list[tuple[str, int, int | None, str]]:
    """The headings of a document: text, level, the first page it may stand on, and how that page is called."""
    found = []
    for heading in _headings(document):
        start, end = document.span_of_lines(*heading.regels)
        where = document.pages_of(start, end)
        first = where[0] if where else None
        label = document.page_label((first, first) if first is not None else None)
        found.append((heading_text(document, heading), heading.niveau, first, label))
    return found


def _headings(document: Document) -> tuple[HeadingLine, ...]:
    given = document.sidecar.koppen
    return given if given is not None else find_headings(document)


class _Builder:
    """Turns lines into blocks."""

    def __init__(self, document: Document, mark: tuple[int, int] | None) -> None:
        self.document = document
        self.mark = mark
        self.started = False
        self.blocks: list[Block] = []

    def build(self, first: int, last: int) -> list[Block]:
        document = self.document
        headings = _headings(document)
        heading_at = {h.vanaf or h.regels[0]: h for h in headings}
        heading_lines = {n for h in headings for n in range(h.regels[0], h.regels[1] + 1)}
        skipped = {n for s in document.sidecar.geen_tekst for n in range(s.regels[0], s.regels[1] + 1)}
        together = {n for a, b in document.sidecar.samen for n in range(a, b + 1)}
        blank = True
        for number in range(first, last + 1):
            line = document.lines[number - 1]
            if number in heading_at:
                self._heading(heading_at[number])
                blank = True
            if number in skipped or number in heading_lines or not line.strip():
                blank = True
                continue
            if "\t" in line:
                self._row(number, line, blank)
            else:
                self._text(number, line, blank, number in together)
            blank = False
        return self.blocks

    def _pieces(self, start: int, end: int) -> list[Piece]:
        text = self.document.text
        if not self.mark or self.mark[1] <= start or self.mark[0] >= end:
            return [Piece(text[start:end], False)]
        a, b = max(start, self.mark[0]), min(end, self.mark[1])
        pieces = [Piece(text[start:a], False), Piece(text[a:b], True, not self.started), Piece(text[b:end], False)]
        self.started = True
        return [p for p in pieces if p.text]

    def _line_pieces(self, number: int, skip: int = 0) -> list[Piece]:
        start = self.document.line_starts[number - 1]
        line = self.document.lines[number - 1]
        lead = len(line[skip:]) - len(line[skip:].lstrip())
        return self._pieces(start + skip + lead, start + len(line.rstrip()))

    def _heading(self, heading: HeadingLine) -> None:
        start, end = self.document.span_of_lines(*heading.regels)
        pieces = self._pieces(start, end)
        if not any(p.marked for p in pieces):
            pieces = [Piece(heading_text(self.document, heading), False)]
        # A page may open under a heading of a page before it: a level is never skipped, also not then.
        above = next((b.level for b in reversed(self.blocks) if b.kind == "kop"), 0)
        self.blocks.append(Block("kop", [Cell(pieces)], level=min(heading.niveau, above + 1)))

    def _row(self, number: int, line: str, blank: bool) -> None:
        offset, cells = self.document.line_starts[number - 1], []
        for raw in line.split("\t"):
            lead = len(raw) - len(raw.lstrip())
            cells.append(Cell(self._pieces(offset + lead, offset + lead + len(raw.strip()))))
            offset += len(raw) + 1
        if not cells[0].text:
            for cell in cells:
                cell.head = True
        elif not any(c.text for c in cells[1:]):
            cells = [Cell(cells[0].pieces, head=True, wide=len(cells))]
        else:
            cells[0].head = True
        if not self.blocks or self.blocks[-1].kind != "tabel" or blank:
            self.blocks.append(Block("tabel"))
        self.blocks[-1].rows.append(cells)

    def _text(self, number: int, line: str, blank: bool, together: bool) -> None:
        last = self.blocks[-1] if self.blocks else None
        bullet = None if together or FOOTNOTE.match(line) else BULLET.match(line)
        if bullet:
            symbol = not bullet.group().strip()[:1].isalnum() or bullet.group().strip() == "o"
            cell = Cell(self._line_pieces(number, bullet.end() if symbol else 0))
            if last and last.kind == "lijst":
                last.cells.append(cell)
            else:
                self.blocks.append(Block("lijst", [cell]))
            return
        if last and last.kind in ("alinea", "lijst", "regels"):
            before = last.cells[-1].text
            goes_on = not blank or (not ends_sentence(before) and line.strip()[:1].islower())
            if together:
                goes_on = last.kind == "regels" and not blank
            if goes_on:
                last.cells[-1].pieces = _joined([*last.cells[-1].pieces, self._gap(number), *self._line_pieces(number)])
                return
        self.blocks.append(Block("regels" if together else "alinea", [Cell(self._line_pieces(number))]))

    def _gap(self, number: int) -> Piece:
        """The line end before a line that goes on: marked when the span runs over it, so that a mark is one run."""
        at = self.document.line_starts[number - 1]
        marked = bool(self.mark and self.mark[0] < at - 1 and self.mark[1] > at)
        return Piece("\n", marked)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbours that are both marked, or both not, made one: a mark over several lines is one mark."""
    made: list[Piece] = []
    for piece in pieces:
        if made and made[-1].marked == piece.marked:
            made[-1] = Piece(made[-1].text + piece.text, piece.marked, made[-1].first)
        else:
            made.append(piece)
    return made
