"""A sheet of the file that a document was read from: its picture, and where on it a span of the text stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..corpus import Document

WIDTH = 900
"""Pixels of a picture: a line of small print can be read on a screen of a library."""
_MARGIN = 1.5
"""Points that a mark goes round a word."""


@dataclass(frozen=True)
class SheetView:
    """The size of a sheet and the boxes to mark on it, in points from the top left."""

    width: float
    height: float
    boxes: tuple[tuple[float, float, float, float], ...]
    """(x, y, width, height), one for each run of words on a line."""


def sheet_view(corpus: Path, document: Document, sheet: int, span: tuple[int, int] | None) -> SheetView | None:
    """A sheet with the characters `span` of the document marked; None when there is no picture of it."""
    about = document.sidecar.bestand
    if about is None or about.kopie is None or about.vakken is None or not (corpus / about.kopie).is_file():
        return None
    try:
        sizes, lines = _boxes(corpus / about.vakken)
        width, height = sizes[sheet - 1]
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None
    marked = list(_marked(document, lines, sheet, span)) if span else []
    boxes = tuple(
        (x0 - _MARGIN, height - y1 - _MARGIN, x1 - x0 + 2 * _MARGIN, y1 - y0 + 2 * _MARGIN)
        for x0, y0, x1, y1 in marked
    )  # fmt: skip
    return SheetView(width, height, boxes)


@lru_cache(maxsize=4)
def _boxes(path: Path) -> tuple[list[list[float]], list[list[list[float]]]]:
    """The sizes of the sheets, and the boxes of the words by line; those of a thousand full sheets take 150 MB."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    return raw["maten"], raw["regels"]


def _marked(
    document: Document, lines: list[list[list[float]]], sheet: int, span: tuple[int, int]
) -> Iterator[tuple[float, float, float, float]]:
    """Words of the span on this sheet; neighbours on one line of print are one box."""
    last: tuple[float, float, float, float] | None = None
    for number in range(document.line_of(span[0]), document.line_of(max(span[0], span[1] - 1)) + 1):
        offset = document.line_starts[number - 1]
        for start, end, at, *box in lines[number - 1]:
            if at != sheet or offset + end <= span[0] or offset + start >= span[1]:
                continue
            x0, y0, x1, y1 = box
            if last and abs(y0 - last[1]) < (y1 - y0) / 2 and -1 < x0 - last[2] < 2 * (y1 - y0):
                last = (last[0], min(last[1], y0), x1, max(last[3], y1))
                continue
            if last:
                yield last
            last = (x0, y0, x1, y1)
    if last:
        yield last


@lru_cache(maxsize=32)
def picture(path: Path, sheet: int) -> bytes:
    """The picture of a sheet as PNG.

    Raises:
        PdfError: when it cannot be made.
    """
    from ..pdf import page_image

    return page_image(path, sheet, WIDTH)
