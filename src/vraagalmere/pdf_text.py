"""From the lines of all sheets to the text of the document: paragraphs, lists, tables and headings, a box per word."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from .dutch import compound_parts, ends_sentence, fold, zipf
from .passages import BULLET, FOOTNOTE
from .pdf_layout import MARK, Item, Page, Table, TextLine, Word, items_of
from .pdf_running import running

_HYPHENS = "-‐\u00ad"
_HANGING = frozenset("en of tot als noch dan respectievelijk resp naar versus".split())
"""Words that stand after a hyphen that stays: 'in- en uitstroom'."""
_START = re.compile(r"[A-Z][a-zé]+: |\s*Bedragen\b.*€|#")
"""Line starts that the cutter takes for a new statement, besides a list mark."""
_SYMBOL = re.compile(r"[^\w\s\"'“”‘’«»„(\[€$£@#&%*+=,.;:?!/\\-]$")
_NOTE = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d{1,3}$|[*†‡]+$")
_GLUED = re.compile(r"([•●○◦▪■‣]|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)(?=[^\W\d_])")
_LEADERS = re.compile(r"(?:[.…·_]\s?){3,}\s*(?:\d{1,4}|[ivxl]+)$")
_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()
_DATE = re.compile(rf"\b(\d{{1,2}})\s+({'|'.join(_MONTHS)})\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_POOR_TITLE = re.compile(
    r"^(?:microsoft|untitled|naamloos|document\d*|powerpoint|print)|\.(?:docx?|indd|pdf|html?|odt|pptx?)$", re.I
)
_VOWELS = re.compile(r"(?:aa|ae|ai|au|ee|ei|eu|ie|ii|oe|oi|oo|ou|ui|uu)$")


@dataclass
class _Block:
    """Lines that are one paragraph, list item, heading or note; or the rows of a table."""

    lines: list[TextLine] = field(default_factory=list)
    table: Table | None = None
    bullet: bool = False
    level: int = 0
    skip: str = ""

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def sheet(self) -> int:
        return self.table.sheet if self.table else self.lines[0].sheet

    @property
    def style(self) -> tuple[float, bool]:
        return round(self.lines[0].size * 2) / 2, self.lines[0].bold


@dataclass
class _Token:
    """One word as it is written, from the printed pieces it is made of."""

    text: str
    pieces: list[tuple[int, int, Word]]
    """(length, sheet, printed piece)"""


@cache
def _hyphen_prefixes() -> frozenset[str]:
    text = files("vraagalmere").joinpath("data", "koppelteken.txt").read_text(encoding="utf-8")
    return frozenset(w for line in text.splitlines() if not line.startswith("#") for w in line.split())


def compose(
    pages: Sequence[Page], labels: Sequence[str], outline: Sequence[tuple[int, str, int]], title: str, created: str
) -> dict[str, Any]:
    """The reading of a document as plain data (see `pdf.Reading`), with the words of each sheet in 'sheet_text'."""
    sheet_text = [_as_printed(page.words) for page in pages]
    body = _body_size(pages)
    printed, gone = running(pages, body)
    items: list[list[Item]] = []
    gutters: Counter[int] = Counter()
    for page in pages:
        page.words = [w for w in page.words if id(w) not in gone]
        items.append(items_of(page, gutters))
    composer = _Composer(items, body, outline)
    composer.run()
    notices = []
    used, source = _labels(printed, labels)
    if source == "kop" and labels and any(a and b and a != b for a, b in zip(printed, labels)):
        notices.append(
            "De paginanummers in het bestand zijn anders dan de gedrukte. De gedrukte nummers zijn gebruikt."
        )
    return {
        "text": "\n".join(text for text, _, _ in composer.out),
        "lines": [[sheets, boxes] for _, sheets, boxes in composer.out],
        "labels": used,
        "label_source": {
            "kop": "de nummers zijn herkend in de kop of voet van de bladen",
            "bestand": "de nummers komen uit de paginalabels van het bestand",
            "": "in het bestand staan geen paginanummers",
        }[source],
        "headings": composer.headings,
        "skipped": composer.skipped,
        "sizes": [[page.width, page.height] for page in pages],
        "title": _title(title, composer.blocks, sheet_text),
        "date": _date(sheet_text) or created,
        "notices": notices,
        "sheet_text": sheet_text,
    }


def _labels(printed: list[str], given: Sequence[str]) -> tuple[list[str], str]:
    """The page numbers a reader sees: printed ones first, then those of the file."""
    count = sum(map(bool, printed))
    if given and (not count or all(not p or p == g for p, g in zip(printed, given))):
        return list(given), "bestand"
    if count:
        return printed, "kop"
    return [""] * len(printed), ""


def _as_printed(words: Sequence[Word]) -> str:
    parts: list[str] = []
    for a, b in zip(words, [*words[1:], None]):
        parts.append(a.text)
        parts.append("\n" if b is None or abs(a.base - b.base) > 0.5 * a.size else " ")
    return "".join(parts)


def _body_size(pages: Sequence[Page]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for word in page.words:
            sizes[round(word.size * 4) / 4] += len(word.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _title(given: str, blocks: list[_Block], sheet_text: list[str]) -> str:
    start = _letters(" ".join(sheet_text[:2]))
    if given and not _POOR_TITLE.search(given.strip()) and _letters(given) and _letters(given) in start:
        return " ".join(given.split())
    first = [b for b in blocks if b.lines and b.sheet == blocks[0].sheet] if blocks else []
    if not first:
        return ""
    largest = max(b.style[0] for b in first)
    usual = sorted(b.style[0] for b in blocks if b.lines)[len([b for b in blocks if b.lines]) // 2]
    if largest < 1.2 * usual:
        return ""
    return " ".join(next(b.text for b in first if b.style[0] == largest).split())[:200]


def _date(sheet_text: list[str]) -> str:
    for text in [*sheet_text[:3], *sheet_text[-1:]]:
        found = _DATE.search(" ".join(text.split()))
        if found:
            day, month, year = found.groups()
            return f"{year}-{_MONTHS.index(month.lower()) + 1:02d}-{int(day):02d}"
    return ""


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


class _Composer:
    def __init__(self, items: list[list[Item]], body: float, outline: Sequence[tuple[int, str, int]]) -> None:
        self.items, self.body = items, body
        self.bookmarks = {(sheet, _letters(text)): level for level, text, sheet in outline if _letters(text)}
        self.blocks: list[_Block] = []
        self.out: list[tuple[str, tuple[int, int], list[list[float]]]] = []
        self.headings: list[tuple[int, int, int]] = []
        self.skipped: list[tuple[int, int, str]] = []
        self.leading = self._leadings()
        self.written: Counter[str] = Counter()
        self.prefixes: Counter[str] = Counter()
        self._count_words()
        self.hyphenated = self._is_hyphenated()
        self.justified = self._justified()

    def run(self) -> None:
        notes: list[_Block] = []
        for items in self.items:
            flow, own = self._notes(items)
            for item in flow:
                new = self._add(item)
                if new and notes and self._may_interrupt():
                    self.blocks[-1:-1] = notes
                    notes = []
            notes.extend(own)
        self.blocks.extend(notes)
        self._contents()
        self._levels()
        for block in self.blocks:
            self._write(block)

    def _leadings(self) -> dict[float, float]:
        """The usual distance between two lines, by letter size."""
        pitches: dict[float, Counter[float]] = {}
        for items in self.items:
            for a, b in itertools.pairwise(items):
                if isinstance(a, TextLine) and isinstance(b, TextLine) and a.region == b.region:
                    pitch, size = a.base - b.base, round(b.size * 2) / 2
                    if 0.8 * b.size < pitch < 2.2 * b.size:
                        pitches.setdefault(size, Counter())[round(pitch * 2) / 2] += 1
        return {size: self._least_common(found) for size, found in pitches.items()}

    @staticmethod
    def _least_common(found: Counter[float]) -> float:
        # The smallest pitch that is used often: the one within paragraphs, also where lists are set wider.
        most = found.most_common(1)[0][1]
        return min(p for p, n in found.items() if n >= 0.35 * most)

    def _count_words(self) -> None:
        for items in self.items:
            for item in items:
                lines = (
                    [item.words]
                    if isinstance(item, TextLine)
                    else [ln for row in item.rows for cell in row for ln in cell]
                )
                for words in lines:
                    for word in words[:-1]:
                        text = fold(word.text.strip(".,;:!?()'\"“”‘’"))
                        self.written[text] += 1
                        if "-" in text[1:-1]:
                            self.prefixes[text.split("-")[0]] += 1

    def _justified(self) -> set[tuple[int, int]]:
        """(sheet, region) of the columns whose lines end at one edge: there a line that is short ends a paragraph."""
        ends: dict[tuple[int, int], list[float]] = {}
        for items in self.items:
            for item in items:
                if isinstance(item, TextLine):
                    ends.setdefault((item.sheet, item.region), []).append(item.column[1] - item.x1)
        return {place for place, gaps in ends.items() if len(gaps) > 5 and sum(g < 1.5 for g in gaps) > 0.5 * len(gaps)}

    def _is_hyphenated(self) -> bool:
        """Whether this document breaks words at line ends at all: then whole words are among the broken ones."""
        lines = [item for items in self.items for item in items if isinstance(item, TextLine)]
        cases = known = 0
        for a, b in itertools.pairwise(lines):
            head, tail = a.words[-1].text, b.words[0].text
            if len(head) > 2 and head[-1] in _HYPHENS and tail[:1].islower():
                first, second = re.split(r"\W", head[:-1])[-1], re.split(r"\W", tail)[0]
                if first and fold(second) not in _HANGING:
                    cases += 1
                    known += fold(first + second) in zipf() or head[-1] != "-"
        return known >= max(1, 0.2 * cases)

    def _notes(self, items: list[Item]) -> tuple[list[Item], list[_Block]]:
        """The items without the footnotes, and the footnotes: small lines with a mark that end a column."""
        flow: list[Item] = []
        notes: list[_Block] = []
        regions: dict[int, list[TextLine]] = {}
        for item in items:
            if isinstance(item, TextLine):
                regions.setdefault(item.region, []).append(item)
        small: set[int] = set()
        for lines in regions.values():
            n = len(lines)
            while (
                n
                and lines[n - 1].size <= 0.94 * self.body
                and (n == len(lines) or abs(lines[n - 1].size - lines[n].size) < 0.6)
            ):
                n -= 1
            tail = lines[n:]
            while tail and not _NOTE.match(tail[0].words[0].text):
                tail = tail[1:]
            if tail and (n or len(regions) > 1) and len(tail[0].words) > 1:
                block = _Block()
                for line in tail:
                    if block.lines and _NOTE.match(line.words[0].text) and len(line.words) > 1:
                        notes.append(block)
                        block = _Block()
                    block.lines.append(line)
                notes.append(block)
                small.update(map(id, tail))
        flow = [item for item in items if id(item) not in small]
        return flow, notes

    def _may_interrupt(self) -> bool:
        """Whether notes may stand before the newest block: not inside a list."""
        newest, before = self.blocks[-1], self.blocks[-2] if len(self.blocks) > 1 else None
        return not newest.bullet and not (before and before.lines and before.text.rstrip().endswith(":"))

    def _add(self, item: Item) -> bool:
        """Put an item at the end; whether it began a block."""
        if isinstance(item, Table):
            self._continue_table(item)
            self.blocks.append(_Block(table=item))
            return True
        block = self.blocks[-1] if self.blocks else None
        if block is None or block.table is not None:
            self.blocks.append(_Block([item], bullet=_is_item(item)))
            return True
        bullet, new = self._starts(block, item)
        if new:
            self.blocks.append(_Block([item], bullet=bullet))
        else:
            block.lines.append(item)
        return new

    def _continue_table(self, table: Table) -> None:
        """Mend what a page break did to a table: a heading row or the name of a section left alone."""
        wide = max(map(len, table.rows))
        line = self.blocks[-1].lines[0] if len(self.blocks) > 1 and len(self.blocks[-1].lines) == 1 else None
        earlier = self.blocks[-2].table if line else None
        if (
            line
            and earlier
            and earlier.sheet != table.sheet
            and not self.blocks[-1].bullet
            and not ends_sentence(line.text)
        ):
            cells = [w for t in (table, earlier) for row in t.rows[:2] for cell in row for words in cell for w in words]
            if all(abs(w.size - line.size) < 0.1 for w in cells):
                self.blocks.pop()
                table.rows.insert(0, [[line.words], *[[] for _ in range(wide - 1)]])
                table.first = line.sheet
        before = self.blocks[-1].table if self.blocks else None
        if before and len(before.rows) == 1 and len(before.rows[0]) == wide - 1:
            head, label = before.rows[0][0], next((row[0] for row in table.rows if row[0]), None)
            if head and label and head[0][0].x0 > label[0][-1].x1:
                before.rows[0].insert(0, [])

    def _starts(self, block: _Block, line: TextLine) -> tuple[bool, bool]:
        """(is a list item, begins a block) for a line that follows the last line of `block`."""
        last = block.lines[-1]
        same_place = last.sheet == line.sheet and last.region == line.region
        pitch = last.base - line.base
        em = line.size
        first_words = line.words[1 if _is_item(line) else 0]
        need = first_words.x1 - line.words[0].x0 + 0.25 * em
        left_over = last.column[1] - last.x1
        short = left_over > (2.5 if (last.sheet, last.region) in self.justified else need + 0.4 * em)
        ended = ends_sentence(last.text)
        same_style = abs(last.size - line.size) <= 0.06 * max(last.size, line.size)
        usual = min(self.leading.get(round(em * 2) / 2, 1.25 * em), (1.3 if em > 1.1 * self.body else 2.2) * em)
        own = [
            a.base - b.base for a, b in zip(block.lines, block.lines[1:]) if a.region == b.region and a.sheet == b.sheet
        ]
        limit = 1.2 * (max(usual, min(own)) if own else usual) + 0.5
        close = not same_place or 0 < pitch <= limit
        if em > 1.1 * self.body and same_place and close and same_style and last.bold == line.bold:
            # A heading over several lines, whatever its lines end or begin with.
            return False, bool(re.match(r"\d", line.text)) and _is_item(line)
        if _is_item(line):
            strong = line.words[0].text[0] in "•●○◦▪■‣" or bool(_SYMBOL.match(line.words[0].text))
            inside = (
                not strong
                and close
                and same_style
                and last.bold == line.bold
                and not ended
                and not short
                and not (block.bullet and line.words[0].text == block.lines[0].words[0].text)
                and not (block.bullet and same_place and abs(line.x0 - block.lines[0].x0) < 2)
                and (not same_place or abs(line.x0 - last.x0) < 2)
            )
            return (not inside, not inside)
        if not same_style:
            return False, True
        if last.bold != line.bold and (short or ended or not close or (line.bold and not same_place)):
            return False, True
        if last.bold and not line.bold and line.text[:1].isupper() and all(ln.bold for ln in block.lines):
            return False, True
        first = line.text[:1]
        if not same_place:
            if not ended:
                return False, short and first.isupper()
            if (len(line.text) < 90 and line.text.endswith(":")) or first.islower() or _START.match(line.text):
                return False, True
            if block.bullet:
                text_x = _text_x(block)
                moved = abs((line.x0 - line.column[0]) - (text_x - last.column[0])) > 3 and abs(line.x0 - text_x) > 3
            else:
                moved = (
                    line.x0 - line.column[0] > 0.8 * em
                    and len(block.lines) > 1
                    and block.lines[-1].x0 - last.column[0] < 2
                )
            return False, short or moved
        if not close or pitch < -em:
            # A line with taller signs in it (a formula, another font) stands lower: a sentence goes on over it.
            goes_on = not ended and not short and line.text[:1].islower() and 0 < pitch <= 1.6 * usual
            return False, not goes_on
        if block.bullet:
            hang = _text_x(block)
            here = block.lines[0].sheet == line.sheet and block.lines[0].region == line.region
            if here and line.x0 < block.lines[0].x0 - 2:
                return False, True
            if len(block.lines) > 1 or abs(line.x0 - hang) < 2:
                return False, line.x0 < last.x0 - 2 and ended if len(block.lines) > 1 else False
            return False, ended and short
        if len(block.lines) > 1 and ended and line.x0 > last.x0 + 0.7 * em:
            return False, True
        if short and ended and (first.isupper() or first.isdigit()):
            return False, True
        return False, False

    def _contents(self) -> None:
        """Mark tables of contents: lines with leaders, or rows of a title and a rising page number."""
        limit = len(self.items) + 60
        for i, block in enumerate(self.blocks):
            if block.table is None:
                if block.lines and all(_LEADERS.search(line.text) for line in block.lines[-1:]) and block.lines:
                    block.skip = "inhoudsopgave"
                continue
            numbers = [_cell_text(row[-1]) for row in block.table.rows]
            values = [int(n) for n in numbers if n.isdigit() and int(n) <= limit]
            before = " ".join(_letters(b.text) for b in self.blocks[max(0, i - 2) : i] if b.lines)
            if (
                len(values) >= 3
                and len(values) >= 0.7 * len(numbers)
                and values == sorted(values)
                and (
                    before.endswith(("inhoud", "inhoudsopgave"))
                    or any(_LEADERS.search(_row_text(r)) for r in block.table.rows)
                )
            ):
                block.skip = "inhoudsopgave"

    def _levels(self) -> None:
        """Find the headings: by bookmark, else by size and weight; larger is higher."""
        chosen: list[tuple[_Block, int]] = []
        for i, block in enumerate(self.blocks):
            if not block.lines or block.skip:
                continue
            level = self.bookmarks.get((block.sheet, _letters(block.text)), 0)
            following = self.blocks[i + 1] if i + 1 < len(self.blocks) else None
            if level or self._looks_like_heading(block, following):
                chosen.append((block, level))
        marked: dict[tuple[float, bool], int] = {}
        for block, level in chosen:
            if level:
                marked[block.style] = min(level, marked.get(block.style, level))
        first = chosen[0][0].sheet if chosen else 0
        styles = {block.style for block, _ in chosen}
        # A title that only stands on the first sheet is above everything and takes no level of its own.
        cover = {s for s in styles if all(b.sheet == first for b, _ in chosen if b.style == s)}
        ranked = sorted(styles - cover, reverse=True) or sorted(styles, reverse=True)
        for block, level in chosen:
            style = block.style
            if level:
                block.level = level
            elif style in marked:
                block.level = marked[style]
            elif marked:
                block.level = 1 + max((n for s, n in marked.items() if s > style), default=0)
            else:
                block.level = 1 + sum(s > style for s in ranked)
            block.level = min(block.level, 6)

    def _looks_like_heading(self, block: _Block, following: _Block | None) -> bool:
        text = block.text.strip()
        size, bold = block.style
        if not any(c.isalpha() for c in text) or len(text) > 200 or len(block.lines) > 4:
            return False
        mark = MARK.match(block.lines[0].words[0].text)
        if mark and not text[0].isdigit():
            return False
        larger = size >= 1.12 * self.body
        if larger:
            return not (text.endswith((".", ";", ",")) and (len(text) > 90 or mark)) and not (
                mark and not bold and size < 1.3 * self.body
            )
        if not bold or not all(line.bold for line in block.lines) or size < 0.97 * self.body:
            return False
        if len(text) > 120 or text.endswith((".", ":", ";", ",")):
            return False
        return not (following and following.bullet and mark and following.lines[0].bold)

    def _write(self, block: _Block) -> None:
        start = len(self.out)
        previous = self.out[-1] if self.out else None
        joins = block.bullet and self._last_bullet and not block.level
        if previous is not None and not joins and previous[0]:
            self.out.append(("", (previous[1][1], previous[1][1]), []))
            start += 1
        if block.table is not None:
            for n, row in enumerate(block.table.rows):
                sheet = block.table.first if n == 0 and block.table.first else block.table.sheet
                cells = [self._tokens([(words, sheet) for words in cell]) for cell in row]
                self._line(cells)
        else:
            for tokens in self._text_lines(block):
                self._line([tokens])
        self._last_bullet = block.bullet and not block.level
        if block.level:
            self.headings.append((start + 1, len(self.out), block.level))
        if block.skip:
            self.skipped.append((start + 1, len(self.out), block.skip))

    _last_bullet = False

    def _line(self, cells: list[list[_Token]]) -> None:
        """Write one line of text: words with a space between, cells with a tab."""
        text = ""
        boxes: list[list[float]] = []
        for i, tokens in enumerate(cells):
            if i:
                text += "\t"
            for n, token in enumerate(tokens):
                if n:
                    text += " "
                at = len(text)
                text += token.text
                for length, sheet, word in token.pieces:
                    boxes.append([at, at + length, sheet, *(round(v, 2) for v in word.box)])
                    at += length
        sheets = [int(box[2]) for box in boxes]
        if sheets:
            self.out.append((text, (min(sheets), max(sheets)), boxes))

    def _text_lines(self, block: _Block) -> Iterator[list[_Token]]:
        """The lines of a block as they are written: as printed, but a broken word is whole on its first line."""
        current: list[_Token] = []
        for tokens in self._joined([(line.words, line.sheet) for line in block.lines]):
            text = " ".join(t.text for t in tokens)
            if current and (BULLET.match(text) or FOOTNOTE.match(text) or _START.match(text)):
                current.extend(tokens)
                continue
            if current:
                yield current
            current = tokens
        if current:
            yield current

    def _tokens(self, lines: list[tuple[list[Word], int]]) -> list[_Token]:
        return [token for line in self._joined(lines) for token in line]

    def _joined(self, lines: list[tuple[list[Word], int]]) -> Iterator[list[_Token]]:
        """The words of lines that follow each other, the pieces of a broken word put together on the first."""
        held: list[_Token] = []
        for n, (words, sheet) in enumerate(lines):
            tokens = [t for i, word in enumerate(words) for t in _token(word, sheet, n == 0 and i == 0)]
            if held and tokens:
                whole = self._together(held[-1].text, tokens[0].text)
                if whole is not None:
                    head, tail = held[-1], tokens.pop(0)
                    cut = len(head.text) - (len(whole) - len(tail.text))
                    length, at, word = head.pieces[-1]
                    head.pieces[-1] = (length - cut, at, word)
                    head.pieces.extend(tail.pieces)
                    head.text = whole
                    if not tokens:
                        continue
                for token in held:
                    token.text, token.pieces = _without_soft(token)
                yield held
            if tokens:
                held = tokens
        if held:
            for token in held:
                token.text, token.pieces = _without_soft(token)
            yield held

    def _together(self, head: str, tail: str) -> str | None:
        """The one word that two pieces over a line end are; None when they are two words."""
        if len(head) < 2 or not tail:
            return None
        mark, before = head[-1], head[-2]
        if mark in "/–" and before.isalnum() and tail[0].isalnum() and not head.startswith("–"):
            return head + tail
        if mark not in _HYPHENS or not (before.isalnum() or before in "+)"):
            return None
        stem = head[:-1]
        if mark == "\u00ad":
            return stem + tail
        if not tail[0].isalpha():
            return head + tail if tail[0].isdigit() else None
        word = fold(re.split(r"[^\w'’-]", tail)[0])
        groups_of_en = self.hyphenated and fold(stem)[-1] in "aeiouy" and fold(stem) + word in zipf()
        if (word in _HANGING and not groups_of_en) or (word.endswith("/of") and word.startswith("en")):
            return None
        return stem + tail if self._is_broken(stem, tail, mark) else head + tail

    def _is_broken(self, stem: str, tail: str, mark: str) -> bool:
        """Whether the hyphen was only put there because the line was full."""
        first = re.split(r"[^\w'’]", stem)[-1]
        second = re.split(r"[^\w'’]", tail)[0]
        if "//" in stem or "www." in stem or "@" in stem:
            return False
        if not first or not second[:1].islower() or first[-1:].isdigit() or (len(first) > 1 and first.isupper()):
            return False
        a, b = fold(first), fold(second)
        whole, apart = self.written[a + b], self.written[f"{a}-{b}"]
        if whole != apart and (not whole or not apart):
            return whole > 0
        if mark == "‐":
            return True
        if len(a) == 1:
            return False
        table = zipf()
        if a + b in table:
            return True
        if not self.hyphenated:
            return False
        if a in _hyphen_prefixes():
            return False
        if self.prefixes[a] and not compound_parts(a + b):
            return False
        clash = _VOWELS.match(a[-1:] + b[:1]) is not None
        return not (clash and a in table and b in table)


def _token(word: Word, sheet: int, first: bool) -> list[_Token]:
    """A printed word as written; a list mark that the file has no space behind, or an odd one, made a mark."""
    text = word.text
    glued = _GLUED.match(text) if first else None
    if glued:
        n = glued.end(1)
        return [_Token(text[:n], [(n, sheet, word)]), _Token(text[n:], [(len(text) - n, sheet, word)])]
    if first and _SYMBOL.match(text) and text not in "•●○◦▪■‣·–":
        text = "•"
    return [_Token(text, [(len(text), sheet, word)])]


def _without_soft(token: _Token) -> tuple[str, list[tuple[int, int, Word]]]:
    """The token without soft hyphens, which are only a place where a word may be broken."""
    if "\u00ad" not in token.text:
        return token.text, token.pieces
    pieces, at = [], 0
    for length, sheet, word in token.pieces:
        part = token.text[at : at + length]
        at += length
        pieces.append((len(part.replace("\u00ad", "")), sheet, word))
    return token.text.replace("\u00ad", ""), pieces


def _is_item(line: TextLine) -> bool:
    """Whether a line begins with the mark of a list item."""
    text = line.words[0].text
    if len(line.words) < 2:
        return len(text) > 2 and text[0] in "•●○◦▪■‣" and text[1].isalpha()
    return bool(MARK.match(text)) or bool(_SYMBOL.match(text)) or (text[0] in "•●○◦▪■‣")


def _text_x(block: _Block) -> float:
    """Where the text of a list item begins, behind its mark."""
    words = block.lines[0].words
    return words[1].x0 if len(words) > 1 else words[0].x0


def _cell_text(cell: list[list[Word]]) -> str:
    return " ".join(w.text for line in cell for w in line)


def _row_text(row: list[list[list[Word]]]) -> str:
    return " ".join(_cell_text(cell) for cell in row)
