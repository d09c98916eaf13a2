"""Cut a document into passages: one statement each, with its place in the document.

A statement is a bullet, a paragraph (a long one is cut between sentences), or a table row. Nothing is
rewritten: `document.text[passage.start:passage.end]` is the quote.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from .corpus import Document, HeadingLine
from .dutch import collapse, ends_sentence, sentence_spans

LONG_PARAGRAPH = 520
"""Characters above which a paragraph is cut between sentences, into parts of about equal length."""
PART_TARGET = 360
"""Characters that a part of a long paragraph is to have, about."""

PassageKind = Literal["alinea", "punt", "rij"]

BULLET = re.compile(r"^\s*(?:[-•●○◦▪■‣·–*]|o(?=\s)|\d{1,2}[.)]|[a-z][.)])\s+")
_LABEL = re.compile(r"^[A-Z][a-zé]+: ")
_UNIT = re.compile(r"^\s*Bedragen\b.*€", re.IGNORECASE)
FOOTNOTE = re.compile(r"^\*\s*[A-Z][a-z/]+\s*$|^\*\s*Incidenteel/structureel")


def _heads_years(values: list[str]) -> bool:
    """Whether cells are a heading of years, for a table whose first column has a heading too ('Maatregel')."""
    years = [int(v.rstrip("*")) for v in values if re.fullmatch(r"(?:19|20)\d\d\*?", v)]
    others = [v for v in values if not re.fullmatch(r"(?:19|20)\d\d\*?", v)]
    rising = all(b == a + 1 for a, b in itertools.pairwise(years))
    return len(years) > 1 and rising and not any(c.isdigit() for v in others for c in v)


@dataclass(frozen=True)
class TableRow:
    """A table row as data: what is printed, cell by cell. An empty cell is '' ('geen bedrag genoemd')."""

    table: str
    section: str
    label: str
    cells: tuple[tuple[str, str], ...]
    """(column heading, printed cell) in order; the heading is '' in a table without a header row."""
    unit: str


@dataclass(frozen=True)
class Passage:
    """One statement of a document."""

    id: str
    """`<document id>:<8 hex>`: from the words of the statement, so it survives a re-cut of the rest."""
    document: str
    kind: PassageKind
    start: int
    end: int
    """Character span [start, end) in the document's text."""
    quote: str
    """The span, literal, with runs of white space made one space (a table row keeps its tabs)."""
    headings: tuple[str, ...]
    """Heading path, highest first."""
    lead_in: str
    """The line that opens its list ('Dit gaan we doen:'), or ''."""
    pages: tuple[int, int] | None
    """First and last page it may stand on; None where the document has no pages or the page is unknown."""
    hash: str
    """SHA-256 (16 hex) of the quote: pins the plain-language record to these words."""
    row: TableRow | None = None

    @property
    def heading_path(self) -> str:
        return " > ".join(self.headings)

    @property
    def searchable(self) -> str:
        """The words to find it by: the quote, or a table row put into words."""
        if self.row is None:
            return self.quote
        row = self.row
        kind = {"I": "incidenteel", "S": "structureel"}
        cells = "; ".join(
            f"{column} {kind.get(cell, cell or 'geen bedrag genoemd')}".strip() for column, cell in row.cells
        )
        return f"{row.label}. {row.section}. {cells}. {row.unit}. {row.table}."


@dataclass
class _Block:
    kind: PassageKind
    spans: list[tuple[int, int]]
    fixed: bool = False
    """Set by the sidecar: neither joined nor cut."""
    headings: tuple[str, ...] = ()
    lead_in: str = ""
    row: TableRow | None = field(default=None)

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


def _content_span(document: Document, line: int, skip: int = 0) -> tuple[int, int]:
    """Character span of a line without its outer white space and its first `skip` characters."""
    text, offset = document.lines[line - 1], document.line_starts[line - 1]
    body = text[skip:]
    lead = len(body) - len(body.lstrip())
    return offset + skip + lead, offset + skip + len(body.rstrip())


def find_headings(document: Document) -> tuple[HeadingLine, ...]:
    """Headings by rule, for a document whose sidecar names none: a short line alone, no final mark."""
    found = []
    lines = document.lines
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        alone = (number == 1 or not lines[number - 2].strip()) and (number == len(lines) or not lines[number].strip())
        if text.startswith("#"):
            level = len(text) - len(text.lstrip("#"))
            found.append(HeadingLine(regels=(number, number), niveau=level, tekst=text.lstrip("# ").strip()))
        elif (
            alone
            and 2 < len(text) <= 90
            and text[0].isupper()
            and not ends_sentence(text)
            and "\t" not in text
            and not BULLET.match(line)
        ):
            found.append(HeadingLine(regels=(number, number), niveau=1))
    return tuple(found)


def heading_text(document: Document, heading: HeadingLine) -> str:
    """A heading as it is shown."""
    if heading.tekst:
        return heading.tekst
    first, last = heading.regels
    return collapse(" ".join(document.lines[first - 1 : last])).strip("*# ")


class _Cutter:
    """Walks over the lines of one document and keeps what it is under: headings, list, table."""

    def __init__(self, document: Document) -> None:
        self.document = document
        sidecar = document.sidecar
        headings = sidecar.koppen if sidecar.koppen is not None else find_headings(document)
        self.heading_at = {h.vanaf or h.regels[0]: h for h in headings}
        self.heading_lines = {n for h in headings for n in range(h.regels[0], h.regels[1] + 1)}
        self.skipped = {n for s in sidecar.geen_tekst for n in range(s.regels[0], s.regels[1] + 1)}
        self.joined = dict(sidecar.samen)
        self.path: list[tuple[int, str]] = []
        self.lead_in = ""
        self.unit = ""
        self.columns: tuple[str, ...] = ()
        self.section = ""
        self.blocks: list[_Block] = []
        self.broken = True
        """True after a heading, lead-in or table: the next line cannot continue the previous block."""

    def cut(self) -> list[_Block]:
        lines = self.document.lines
        number = 1
        blank = True
        while number <= len(lines):
            line = lines[number - 1]
            if number in self.heading_at:
                self._enter(self.heading_at[number])
            if number in self.joined:
                last = self.joined[number]
                for n in range(number + 1, last + 1):
                    if n in self.heading_at:
                        self._enter(self.heading_at[n])
                self._add_fixed(number, last)
                number, blank = last + 1, False
                continue
            if number in self.skipped or number in self.heading_lines or not line.strip():
                blank = True
            elif "\t" in line:
                self._row(number, line)
                blank = False
            elif _UNIT.match(line):
                self.unit, self.columns, self.section = collapse(line), (), ""
            elif FOOTNOTE.match(line):
                blank = True
            else:
                self._text(number, line, blank)
                blank = False
            number += 1
        return self.blocks

    def _enter(self, heading: HeadingLine) -> None:
        while self.path and self.path[-1][0] >= heading.niveau:
            self.path.pop()
        self.path.append((heading.niveau, heading_text(self.document, heading)))
        self.lead_in = self.unit = self.section = ""
        self.columns = ()
        self.broken = True

    @property
    def _headings(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.path)

    def _add_fixed(self, first: int, last: int) -> None:
        spans = [_content_span(self.document, n) for n in range(first, last + 1) if self.document.lines[n - 1].strip()]
        self.blocks.append(_Block("alinea", spans, True, self._headings, ""))
        self.broken = True

    def _row(self, number: int, line: str) -> None:
        cells = [cell.strip() for cell in line.split("\t")]
        label, values = cells[0], cells[1:]
        self.broken = True
        if not label or _heads_years(values):
            self.columns = tuple(v.rstrip("*") for v in values)
            self.unit = collapse(label) if _UNIT.match(label) else self.unit
        elif not any(values):
            self.section = label
        else:
            columns = self.columns or ("",) * len(values)
            columns = columns + ("",) * (len(values) - len(columns))
            table = self._headings[-1] if self._headings else ""
            section = self.section if label == f"Totaal {self.section}" or not label.startswith("Totaal") else ""
            row = TableRow(table, section, label, tuple(zip(columns, values)), self.unit)
            span = _content_span(self.document, number)
            self.blocks.append(_Block("rij", [span], True, self._headings, row.section, row))
            if label.startswith("Totaal"):
                self.section = ""

    def _text(self, number: int, line: str, blank: bool) -> None:
        text = line.strip()
        bullet = BULLET.match(line)
        previous = self.blocks[-1] if self.blocks and not self.broken else None
        if bullet:
            span = _content_span(self.document, number, bullet.end())
            self.blocks.append(_Block("punt", [span], False, self._headings, self.lead_in))
            self.broken = False
            return
        previous_text = self.document.text[slice(*previous.spans[-1])] if previous else ""
        unfinished = previous is not None and not ends_sentence(previous_text)
        continues = previous is not None and (
            unfinished and (text[0].islower() or text[0] in "(" or not blank)
            if blank
            else not (_LABEL.match(text) and not unfinished)
        )
        if continues and previous is not None:
            previous.spans.append(_content_span(self.document, number))
            return
        block = _Block("alinea", [_content_span(self.document, number)])
        block.headings, block.lead_in = self._headings, ""
        self.blocks.append(block)
        self.broken = False


def _lead_ins(blocks: list[_Block], document: Document) -> list[_Block]:
    """Take out the short lines that only open a list, and hand them to the bullets below them."""
    kept: list[_Block] = []
    lead_in = ""
    under: tuple[str, ...] = ()
    for i, block in enumerate(blocks):
        text = collapse(document.text[block.start : block.end])
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        opens = (
            block.kind == "alinea"
            and not block.fixed
            and len(text) <= 90
            and (text.endswith(":") or text.endswith("?"))
        )
        if opens and (text.endswith(":") or (following is not None and following.kind == "punt")):
            lead_in, under = text, block.headings
            continue
        if block.kind == "alinea":
            lead_in = ""
        elif block.kind == "punt" and lead_in and block.headings[: len(under)] == under:
            block.lead_in = lead_in
        kept.append(block)
    return kept


def _parts(document: Document, block: _Block) -> Iterator[tuple[int, int]]:
    """The spans a block is cut into: itself, or runs of whole sentences of about equal length."""
    if block.fixed or block.kind != "alinea" or block.end - block.start <= LONG_PARAGRAPH:
        yield block.start, block.end
        return
    text = document.text[block.start : block.end]
    count = round(len(text) / PART_TARGET)
    size = len(text) / count
    start, spans = 0, list(sentence_spans(text))
    for i, (_, end) in enumerate(spans):
        done = i + 1 == len(spans)
        # Close the part when the next sentence would carry it further past the target than it is short of it.
        next_end = end if done else spans[i + 1][1]
        if done or abs(end - start - size) <= abs(next_end - start - size):
            yield block.start + start, block.start + end
            if not done:
                start = spans[i + 1][0]


def passages_of(document: Document) -> list[Passage]:
    """Cut one document into its passages, in document order.

    Every passage quotes verbatim (white space apart), keeps its heading path and the lead-in of its list,
    and its page or page range; lines that the sidecar calls no text are in none.
    """
    seen: dict[str, int] = {}
    passages = []
    for block in _lead_ins(_Cutter(document).cut(), document):
        for start, end in _parts(document, block):
            words = collapse(document.text[start:end])
            quote = document.text[start:end] if block.row else words
            digest = hashlib.sha256(words.encode("utf-8")).hexdigest()[:16]
            seen[digest] = seen.get(digest, 0) + 1
            key = digest[:8] if seen[digest] == 1 else f"{digest[:8]}-{seen[digest]}"
            passages.append(
                Passage(
                    id=f"{document.id}:{key}",
                    document=document.id,
                    kind=block.kind,
                    start=start,
                    end=end,
                    quote=quote,
                    headings=block.headings,
                    lead_in=block.lead_in,
                    pages=document.pages_of(start, end),
                    hash=digest,
                    row=block.row,
                )
            )
    return passages
