"""What is printed on every sheet and is no text of the document: running headers, footers, page numbers."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .pdf_layout import Page, Word, rows_of

_EDGE = 0.14
"""Share of the height of a sheet, at the top and at the bottom, where headers and footers stand."""
_ROWS = 5
_NUMBER = re.compile(r"\d{1,4}$")
_ROMAN = re.compile(r"(?=[ivxlc])(c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})$", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:pagina|pag\.?|page|blz\.?|bladzijde|p\.)\s*([\divxlc]{1,6})\b|(?:^|\s)(\d{1,4})\s?(?:/|van|of)\s?\d{1,4}$",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"[\W_]*(?:(?:pagina|pag\.?|page|blz\.?|bladzijde|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:van|of|/)\s*\d{1,4})?[\W_]*$",
    re.IGNORECASE,
)
_VALUE = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(eq=False)
class _Edge:
    """One printed line near the top or bottom of a sheet."""

    sheet: int
    top: bool
    y: float
    text: str
    size: float
    words: list[Word]
    depth: int
    """0 is the line nearest the edge."""
    apart: bool = False
    """The few lines it stands with are clearly apart from the text."""


def roman(text: str) -> int:
    """The value of a Roman numeral, 0 when it is none."""
    if not text or not _ROMAN.match(text):
        return 0
    values = [_VALUE[c] for c in text.lower()]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def running(pages: Sequence[Page], body: float) -> tuple[list[str], set[int]]:
    """(printed number of each sheet, '' where none; ids of the words that are no text)."""
    edges = [edge for page in pages for edge in _edges(page)]
    labels = _labels(edges, len(pages))
    gone = {id(e) for e in _repeated(edges, len(pages), body)}
    by_sheet: dict[tuple[int, bool], list[_Edge]] = defaultdict(list)
    for edge in edges:
        by_sheet[edge.sheet, edge.top].append(edge)
    words: set[int] = set()
    for group in by_sheet.values():
        for edge in sorted(group, key=lambda e: e.depth):
            label = labels[edge.sheet - 1]
            numbered = bool(label) and _carries(edge.text, label) and len(edge.text) < 90
            alone = numbered and bool(_ALONE.match(edge.text))
            if not (id(edge) in gone or alone or (numbered and edge.apart and edge.size <= 1.1 * body)):
                # What stands between this line and the text is text too.
                if edge.depth > 0 or not edge.apart:
                    break
                continue
            words.update(id(w) for w in edge.words)
    return _between(labels), words


def _edges(page: Page) -> list[_Edge]:
    rows = rows_of([w for w in page.words if w.angle == 0])
    found = []
    for top in (True, False):
        order = rows if top else rows[::-1]
        near = [
            r for r in order[:_ROWS] if (r.base > page.height * (1 - _EDGE) if top else r.base < page.height * _EDGE)
        ]
        group = [
            _Edge(page.sheet, top, r.base if top else -r.base, " ".join(w.text for w in r.words), r.size, r.words, n)
            for n, r in enumerate(near)
        ]
        for n, edge in enumerate(group):
            following = order[n + 1] if n + 1 < len(order) else None
            if following is None or abs(following.base - near[n].base) >= 1.7 * max(edge.size, following.size):
                for e in group[: n + 1]:
                    e.apart = True
        found.extend(group)
    return found


def _carries(text: str, label: str) -> bool:
    tokens = re.findall(r"\w+", text)
    return label in tokens[:1] + tokens[-1:] or any(label in m.groups() for m in _NAMED.finditer(text))


def _labels(edges: list[_Edge], sheets: int) -> list[str]:
    """The number printed on each sheet: the numbers that count up with the sheets."""
    seen: dict[tuple[bool, int], dict[int, tuple[str, float]]] = defaultdict(dict)
    strong: set[tuple[bool, int]] = set()
    for edge in edges:
        named = _NAMED.search(edge.text)
        alone = bool(_ALONE.match(edge.text))
        if not edge.apart and not alone:
            continue
        tokens = re.findall(r"\w+", edge.text)
        tokens = [named.group(1) or named.group(2)] if named else tokens[:1] + tokens[-1:]
        for token in tokens:
            value = int(token) if _NUMBER.match(token) else 0
            kind = bool(value)
            if not value and (alone or named):
                value = roman(token)
            if value:
                seen[kind, value - edge.sheet].setdefault(edge.sheet, (token, edge.y))
                if named or (sheets <= 2 and alone):
                    strong.add((kind, value - edge.sheet))
    labels = [""] * sheets
    for key, found in sorted(seen.items(), key=lambda item: -len(item[1])):
        numbers = sorted(found)
        # A number that counts up with the sheets by chance stands in other places and on few of them.
        heights = Counter(round(y / 8) for _, y in found.values())
        level = sum(n for _, n in heights.most_common(2)) >= 0.8 * len(found)
        dense = len(numbers) >= 0.5 * (numbers[-1] - numbers[0] + 1)
        if level and dense and (len(found) >= 3 or (len(found) == 2 and sheets <= 8) or key in strong):
            for sheet, (token, _) in found.items():
                labels[sheet - 1] = labels[sheet - 1] or token
    return labels


def _between(labels: list[str]) -> list[str]:
    """A sheet without a number, between two whose numbers leave room for exactly it, gets its number."""
    out = list(labels)
    known = [i for i, label in enumerate(labels) if label.isdigit()]
    for a, b in itertools.pairwise(known):
        if int(labels[b]) - int(labels[a]) == b - a:
            for i in range(a + 1, b):
                out[i] = out[i] or str(int(labels[a]) + i - a)
    return out


def _plain(text: str) -> str:
    tokens = ["#" if any(c.isdigit() for c in t) or roman(t) else t for t in re.findall(r"\w+", text.casefold())]
    return " ".join(tokens)


def _repeated(edges: list[_Edge], sheets: int, body: float) -> list[_Edge]:
    """Lines that come back at one place: with the same words, or always apart from the text and smaller."""
    found: list[_Edge] = []
    same: dict[tuple[bool, str, int], list[_Edge]] = defaultdict(list)
    for edge in edges:
        plain = _plain(edge.text)
        # A row of numbers is the heading of a table that goes on.
        if plain.count("#") < 2 or re.search(r"[^\W\d_]{3}", plain):
            same[edge.top, plain, round(edge.size)].append(edge)
    for (_, plain, _), group in same.items():
        places = Counter(round(e.y / 4) for e in group)
        where = {e.sheet for e in group}
        level = max(places.values()) >= 0.5 * len(group)
        enough = len(where) >= 3 or (len(where) == 2 and sheets <= 4)
        if plain and level and enough and (group[0].size <= 1.1 * body or len(where) >= 0.5 * sheets):
            found.extend(e for e in group if e.apart)
    slots: dict[tuple[bool, int, int], list[_Edge]] = defaultdict(list)
    for edge in edges:
        slots[edge.top, round(edge.y / 3), round(edge.size * 2)].append(edge)
    for group in slots.values():
        where = {e.sheet for e in group}
        apart = sum(e.apart for e in group)
        texts = Counter(_plain(e.text) for e in group)
        returning = sum(n for n in texts.values() if n > 1)
        smaller = group[0].size < 0.93 * body
        if (
            len(where) >= max(3, 0.25 * sheets)
            and apart >= 0.9 * len(group)
            and (smaller or returning >= 0.6 * len(group))
        ):
            found.extend(group)
    return found
