"""Read a text, Markdown or HTML file as the text and headings of a document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from .corpus import INVISIBLE, HeadingLine
from .dutch import collapse
from .errors import InputError

MOST_BYTES = 20_000_000
"""A text file above this is no document of a municipality: a thousand pages of text are 3 MB."""
_SKIPPED = frozenset("script style nav footer aside template noscript svg form button select head title".split())
_BLOCKS = frozenset(
    "p div section article main blockquote figure figcaption dl dt dd table tr ul ol li pre address hr details summary "
    "h1 h2 h3 h4 h5 h6 body html thead tbody tfoot caption".split()
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass(frozen=True)
class TextReading:
    """What a file without sheets holds."""

    text: str
    headings: tuple[HeadingLine, ...] | None
    """None: the headings are found by rule."""
    pages: tuple[int, ...]
    """The page of each line, counted by the form feeds of the file; () when it has none."""
    notices: tuple[str, ...]


def read_text(path: Path) -> TextReading:
    """Read a .txt, .md, .html or .htm file.

    Raises:
        InputError: when it is too large or empty.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise InputError(f"{path.name} is {size // 10**6} MB. Een tekstbestand mag hoogstens 20 MB zijn: knip het op.")
    text, notices = _decoded(path.read_bytes())
    kind = path.suffix.lower()
    if kind == ".md":
        from markdown_it import MarkdownIt

        text = MarkdownIt("commonmark").enable("table").render(text)
    if kind in (".md", ".html", ".htm"):
        parser = _Blocks()
        parser.feed(text)
        parser.close()
        body, headings = parser.result()
        reading = TextReading(body, headings, (), notices)
    else:
        lines, pages = _sheets(text)
        reading = TextReading("\n".join(lines), None, pages, notices)
    if not reading.text.strip():
        raise InputError(f"In {path.name} staat geen tekst. Kies een ander bestand.")
    return reading


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    notices: tuple[str, ...] = ()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        notices = ("Het bestand is geen UTF-8. Het is gelezen als Windows-tekst: kijk of letters als é en ë kloppen.",)
    return text.replace("\r\n", "\n").replace("\r", "\n"), notices


def without_invisible(text: str) -> str:
    """`text` without characters that show nothing and could turn or hide what is read."""
    return INVISIBLE.sub("", text)


def _sheets(text: str) -> tuple[list[str], tuple[int, ...]]:
    """The lines of `text` and the sheet of each; a form feed begins the next sheet, as `pdftotext` writes it."""
    lines: list[str] = []
    pages: list[int] = []
    sheets = text.split("\f")
    if len(sheets) > 1 and not sheets[-1].strip():
        sheets.pop()
    for number, sheet in enumerate(sheets, start=1):
        for line in sheet.removesuffix("\n").split("\n"):
            lines.append(without_invisible(line.rstrip()))
            pages.append(number)
    return lines, tuple(pages) if len(sheets) > 1 else ()


class _Blocks(HTMLParser):
    """HTML as lines: a heading, paragraph, list item or table row each on its own, blank lines between blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._headings: list[HeadingLine] = []
        self._words: list[str] = []
        self._cells: list[str] | None = None
        self._hidden: list[str] = []
        self._lists: list[int | None] = []
        self._mark = ""

    def result(self) -> tuple[str, tuple[HeadingLine, ...]]:
        self._end_block()
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "\n".join(self._lines), tuple(self._headings)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        hidden = (
            "hidden" in given
            or given.get("aria-hidden") == "true"
            or bool(
                re.search(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0", given.get("style") or "")
            )
        )
        if tag in _VOID:
            if tag == "br":
                self._words.append(" ")
            return
        if self._hidden or tag in _SKIPPED or hidden:
            if not self._hidden or tag == self._hidden[0]:
                self._hidden.append(tag)
            return
        if tag in ("td", "th"):
            self._words = []
            return
        if tag in _BLOCKS:
            self._end_block()
        if tag == "table":
            self._blank()
        elif tag == "tr":
            self._cells = []
        elif tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            number = self._lists[-1] if self._lists else None
            self._mark = "- " if number is None else f"{number}. "
            if number is not None:
                self._lists[-1] = number + 1

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.pop()
            return
        if tag in ("td", "th"):
            if self._cells is not None:
                self._cells.append(self._said())
            return
        if tag == "tr" and self._cells is not None:
            if len(self._cells) > 1 and any(self._cells):
                self._lines.append("\t".join(self._cells))
            elif self._cells and self._cells[0]:
                self._lines += [self._cells[0], ""]
            self._cells = None
        elif re.fullmatch("h[1-6]", tag):
            said = self._said()
            if said:
                self._blank()
                self._lines += [said, ""]
                at = len(self._lines) - 1
                self._headings.append(HeadingLine(regels=(at, at), niveau=int(tag[1])))
        elif tag in _BLOCKS:
            self._end_block()
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            if tag == "table":
                self._blank()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._words.append(data)

    def _said(self) -> str:
        said = collapse(without_invisible("".join(self._words)))
        self._words = []
        return said

    def _blank(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def _end_block(self) -> None:
        if self._cells is not None:
            self._words.append(" ")
            return
        said = self._said()
        if not said:
            return
        if self._mark:
            if not (self._lines and re.match(r"(- |\d+\. )", self._lines[-1])):
                self._blank()
            self._lines.append(self._mark + said)
            self._mark = ""
        else:
            self._blank()
            self._lines += [said, ""]
