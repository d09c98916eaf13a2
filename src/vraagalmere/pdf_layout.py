"""From the words of a sheet to its lines and tables, in reading order.

Coordinates are points from the bottom left of what is visible. Columns and tables are found by the white that runs
through several lines (an XY-cut that looks for gutters first), tables also by their ruling lines.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple
from unicodedata import bidirectional

Rect = tuple[float, float, float, float]

MARK = re.compile(r"(?:[-•●○◦▪■‣·–*]|o|\(?\d{1,2}[.)]|\(?[a-z][.)]|[ivx]{1,4}[.)])$")
"""A word that is only the mark of a list item: the white after it is no gutter."""
_DIGITS = re.compile(r"[\d.,€%+\-–−/*()\s]+$")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MIN_GUTTER = 7.0
"""Points of white between two columns, at least."""


class Rule(NamedTuple):
    """A straight line: from `start` to `end` along x (horizontal) or y, at `at` on the other axis."""

    start: float
    end: float
    at: float
    horizontal: bool


@dataclass(slots=True, eq=False)
class Word:
    """One printed word, or a piece of one."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    box: Rect
    """Ink on the sheet; x0, x1 and base are along the direction of the text."""
    angle: int = 0
    glyph: Rect = (0.0, 0.0, 0.0, 0.0)


@dataclass
class Page:
    """One sheet as the file gives it."""

    sheet: int
    width: float
    height: float
    words: list[Word]
    rules: list[Rule]


@dataclass(slots=True)
class TextLine:
    """One printed line of running text, with the edges of the column it stands in."""

    sheet: int
    words: list[Word]
    column: tuple[float, float] = (0.0, 0.0)
    region: int = 0
    """Counts the columns of a sheet: lines of one region stand under each other."""
    base: float = field(init=False)
    size: float = field(init=False)

    def __post_init__(self) -> None:
        self.base = max(self.words, key=lambda w: w.size * len(w.text)).base
        self.size = max(self.words, key=lambda w: len(w.text)).size

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def bold(self) -> bool:
        return all(w.bold for w in self.words if w.text not in "•-–")

    @property
    def text(self) -> str:
        return " ".join(w.text for w in self.words)


@dataclass(slots=True)
class Table:
    """A table: rows of cells, each cell the lines of words printed in it."""

    sheet: int
    rows: list[list[list[list[Word]]]]
    first: int = 0
    """The sheet of its first row, where that is another."""


Item = TextLine | Table


@dataclass(slots=True)
class _Row:
    """Words on one baseline, left to right."""

    words: list[Word]
    base: float
    size: float
    least: float
    """Size of its smallest words."""


@dataclass(slots=True, eq=False)
class _Placed(Word):
    """Stands for a ruled table among the words around it."""

    table: Table | None = None


def rows_of(words: Sequence[Word]) -> list[_Row]:
    """Words grouped by baseline, from the top of the sheet down, left to right."""
    rows: list[_Row] = []
    for word in sorted(words, key=lambda w: (-w.base, w.x0)):
        row = rows[-1] if rows else None
        if row is not None and row.base - word.base <= 0.2 * min(word.size, row.least) + 0.3:
            row.words.append(word)
            row.size, row.least = max(row.size, word.size), min(row.least, word.size)
        else:
            rows.append(_Row([word], word.base, word.size, word.size))
    rows = _raised_into(rows)
    for row in rows:
        row.words.sort(key=lambda w: w.x0)
        _right_to_left(row.words)
    return rows


def _right_to_left(words: list[Word]) -> None:
    """Turn runs of words in a right-to-left script into the order they are read in."""
    start = None
    for i in range(len(words) + 1):
        rtl = i < len(words) and bidirectional(words[i].text[:1] or " ") in ("R", "AL")
        if rtl and start is None:
            start = i
        elif not rtl and start is not None:
            words[start:i] = words[start:i][::-1]
            start = None


def _raised_into(rows: list[_Row]) -> list[_Row]:
    """Put small raised or lowered pieces (a note mark, a unit) on the line they belong to."""
    kept: list[_Row] = []
    for i, row in enumerate(rows):
        loose = []
        others = [other for other in rows[max(0, i - 2) : i + 3] if other is not row]
        largest = max((other.size for other in others), default=0.0)
        for word in row.words:
            home = before = None
            if len(word.text) <= 3 and word.size < 0.85 * largest and not _has_mate(word, row.words):
                for other in others:
                    fit = [
                        w
                        for w in other.words
                        if word.size < 0.85 * w.size and -0.3 * w.size < word.base - w.base < 0.65 * w.size
                    ]
                    near = [w for w in fit if -0.1 * w.size < word.x0 - w.x1 < 0.3 * w.size]
                    after = [w for w in fit if -0.1 * w.size < w.x0 - word.x1 < 0.6 * w.size]
                    if near or after:
                        home, before = other, near[0] if near else None
            if home is None:
                loose.append(word)
                continue
            text = word.text.translate(RAISED) if word.base > home.base + 0.1 * home.size else word.text
            if before is None:
                word.text, word.base = text, home.base
                home.words.append(word)
            else:
                before.text += text
                before.x1 = max(before.x1, word.x1)
                a, b = before.box, word.box
                before.box = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
        row.words = loose
        kept.append(row)
    return [row for row in kept if row.words]


def _has_mate(word: Word, words: list[Word]) -> bool:
    """Whether another word of about its size stands next to it: then it is text, not a mark."""
    return any(
        o is not word
        and o.size > 0.9 * word.size
        and (abs(o.x0 - word.x1) < word.size or abs(word.x0 - o.x1) < word.size)
        for o in words
    )


def segments(words: Sequence[Word], least: float) -> list[list[Word]]:
    """The words of a line, cut where the white is `least` points or more and not just the white after a list mark."""
    parts = [[words[0]]]
    gaps = [b.x0 - a.x1 for a, b in itertools.pairwise(words)]
    # In justified text every space is wide; a gutter is wider than its neighbours.
    usual = median(gaps) if len(gaps) > 2 else 0.0
    figures = [_figure(w) for w in words]
    rows_of_figures = any(a and b and gap >= 0.5 * w.size for a, b, gap, w in zip(figures, figures[1:], gaps, words))
    for i, (gap, word) in enumerate(zip(gaps, words[1:])):
        mark = len(parts[-1]) == 1 and MARK.match(parts[-1][0].text) and gap < 4 * word.size
        wide = gap >= least and (gap > 1.6 * usual or gap > 3 * word.size or figures[i + 1])
        # Columns of figures may stand close together.
        close = rows_of_figures and (figures[i] or figures[i + 1]) and gap >= 0.5 * word.size
        if (wide or close) and not mark:
            parts.append([word])
        else:
            parts[-1].append(word)
    return parts


def _figure(word: Word) -> bool:
    return bool(_DIGITS.match(word.text)) and any(c.isdigit() for c in word.text)


def items_of(page: Page, gutters: Counter[int] | None = None) -> list[Item]:
    """The lines and tables of a sheet in reading order; text that is turned comes last.

    `gutters` counts where the sheets so far have their columns: one that comes back is believed sooner.
    """
    turned: dict[int, list[Word]] = {}
    for word in page.words:
        turned.setdefault(word.angle, []).append(word)
    # A sheet whose text is all turned is read in its own direction first.
    angles = sorted(turned, key=lambda a: -len(turned[a]))
    reader = _Reader(page.sheet, [], gutters)
    for angle in angles:
        words = turned[angle]
        reader.rules = page.rules if angle == 0 else []
        reader.read(_with_grids(page, words) if angle == 0 else words)
    return reader.items


def _with_grids(page: Page, words: list[Word]) -> list[Word]:
    """The words, those of a ruled table replaced by one that stands for the table."""
    for box, xs, ys, horizontals, verticals in _lattices(page.rules):
        x0, y0, x1, y1 = box
        inside = [w for w in words if x0 <= (w.x0 + w.x1) / 2 <= x1 and y0 <= w.base + 0.3 * w.size <= y1]
        if not inside:
            continue
        for low, high in _bands(xs, ys, verticals):
            part = [w for w in inside if ys[low] <= w.base + 0.3 * w.size <= ys[high]]
            rows = _lattice_rows(part, xs, ys[low : high + 1], horizontals, verticals)
            if not _is_table(rows):
                continue
            taken = set(map(id, part))
            words = [w for w in words if id(w) not in taken]
            size = part[0].size
            words.append(_Placed("", x0, x1, ys[high] - size, size, False, box, table=Table(page.sheet, rows)))
    return words


def _bands(xs: list[float], ys: list[float], verticals: list[Rule]) -> list[tuple[int, int]]:
    """Runs of rows [low, high] in `ys`, each one table: tables that touch have their upright lines elsewhere."""
    runs: list[tuple[int, int]] = []
    union: set[int] = set()
    for band in range(len(ys) - 1):
        middle = (ys[band] + ys[band + 1]) / 2
        active = {
            i for i, x in enumerate(xs) if any(abs(v.at - x) <= 3 and v.start <= middle <= v.end for v in verticals)
        }
        if runs and (active <= union or union <= active):
            runs[-1] = (runs[-1][0], band + 1)
            union |= active
        else:
            runs.append((band, band + 1))
            union = active
    return runs


def _is_table(rows: list[list[list[list[Word]]]]) -> bool:
    """Whether cells are those of a table: two filled columns and two rows, and no cell is a page of text."""
    if len(rows) == 1:
        return sum(_numeric([w for line in cell for w in line]) for cell in rows[0]) >= 2
    filled = [[i for i, cell in enumerate(row) if cell] for row in rows]
    columns = {i for row in filled for i in row}
    both = sum(len(row) > 1 for row in filled)
    longest = max((len(cell) for row in rows for cell in row), default=0)
    return len(rows) > 0 and len(columns) >= 2 and both >= max(1, len(rows) // 4) and longest <= 15


def _merged(values: list[float], within: float = 3.0) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > within:
            out.append(value)
    return out


Lattice = tuple[Rect, list[float], list[float], list[Rule], list[Rule]]


def _lattices(rules: list[Rule]) -> list[Lattice]:
    """Groups of ruling lines that touch and cut an area into two columns or more."""
    rules = sorted(set(Rule(round(r.start), round(r.end), round(r.at, 1), r.horizontal) for r in rules))[:3000]
    group = list(range(len(rules)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    flat = [i for i, r in enumerate(rules) if r.horizontal]
    upright = [i for i, r in enumerate(rules) if not r.horizontal]
    for i in flat:
        h = rules[i]
        for j in upright:
            v = rules[j]
            if h.start - 2 <= v.at <= h.end + 2 and v.start - 2 <= h.at <= v.end + 2:
                group[root(i)] = root(j)
    parts: dict[int, list[Rule]] = {}
    for i, rule in enumerate(rules):
        parts.setdefault(root(i), []).append(rule)
    found: list[Lattice] = []
    for part in parts.values():
        horizontals, verticals = [r for r in part if r.horizontal], [r for r in part if not r.horizontal]
        xs, ys = _merged([r.at for r in verticals]), _merged([r.at for r in horizontals])
        if horizontals:
            ends = [x for r in horizontals for x in (r.start, r.end)]
            xs = _merged([*xs, min(ends), max(ends)])
        if verticals:
            ends = [y for r in verticals for y in (r.start, r.end)]
            ys = _merged([*ys, min(ends), max(ends)])
        if len(xs) >= 3 and len(ys) >= 2 and verticals and horizontals:
            found.append(((xs[0], ys[0], xs[-1], ys[-1]), xs, ys, horizontals, verticals))
    # A lattice within another (a shaded cell) belongs to the outer one.
    found.sort(key=lambda f: -(f[0][2] - f[0][0]) * (f[0][3] - f[0][1]))
    kept: list[Lattice] = []
    for lattice in found:
        b = lattice[0]
        if not any(
            o[0][0] - 3 <= b[0] and o[0][1] - 3 <= b[1] and b[2] <= o[0][2] + 3 and b[3] <= o[0][3] + 3 for o in kept
        ):
            kept.append(lattice)
    return kept


def _lattice_rows(
    words: list[Word], xs: list[float], ys: list[float], horizontals: list[Rule], verticals: list[Rule]
) -> list[list[list[list[Word]]]]:
    """The cells of a ruled table; a cell over several columns or rows counts as its first."""
    bands, columns = len(ys) - 1, len(xs) - 1

    def left_of(band: int, column: int) -> int:
        middle = (ys[band] + ys[band + 1]) / 2
        while column > 0 and not any(abs(v.at - xs[column]) <= 3 and v.start <= middle <= v.end for v in verticals):
            column -= 1
        return column

    def top_of(band: int, column: int) -> int:
        middle = (xs[column] + xs[column + 1]) / 2
        while band < bands - 1 and not any(
            abs(h.at - ys[band + 1]) <= 3 and h.start <= middle <= h.end for h in horizontals
        ):
            band += 1
        return band

    cells: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        band = min(max(bisect_right(ys, word.base + 0.3 * word.size) - 1, 0), bands - 1)
        column = min(max(bisect_right(xs, (word.x0 + word.x1) / 2) - 1, 0), columns - 1)
        column = left_of(band, column)
        cells.setdefault((top_of(band, column), column), []).append(word)
    used = sorted({c for _, c in cells})
    rows = []
    for band in sorted({b for b, _ in cells}, reverse=True):
        rows.append([[r.words for r in rows_of(cells[band, c])] if (band, c) in cells else [] for c in used])
    return rows


class _Reader:
    """Reads the words of an area of a sheet: columns first, then the tables and lines in each."""

    def __init__(self, sheet: int, rules: list[Rule], gutters: Counter[int] | None = None) -> None:
        self.sheet, self.rules = sheet, rules
        self.gutters = Counter() if gutters is None else gutters
        self.items: list[Item] = []
        self.region = 0

    def read(self, words: list[Word], depth: int = 0) -> None:
        if not words:
            return
        rows = rows_of(words)
        found = self._columns(rows) if depth < 12 else None
        if found is None:
            self._flow(rows)
            return
        first, last, x = found
        self.gutters[round(x / 4)] += 1
        band = [w for row in rows[first : last + 1] for w in row.words]
        self.read([w for row in rows[:first] for w in row.words], depth + 1)
        self.read([w for w in band if w.x0 < x], depth + 1)
        self.read([w for w in band if w.x0 >= x], depth + 1)
        self.read([w for row in rows[last + 1 :] for w in row.words], depth + 1)

    def _columns(self, rows: list[_Row]) -> tuple[int, int, float] | None:
        """(first row, last row, x of the right column) of the best gutter between two columns of text."""
        if len(rows) < 2:
            return None
        sizes = [w.size for row in rows for w in row.words if w.text]
        em = median(sizes) if sizes else 10.0
        least = max(_MIN_GUTTER, 0.75 * em)
        starts: list[float] = []
        left_edge = min(row.words[0].x0 for row in rows)
        for row in rows:
            for part in segments(row.words, least):
                if part[0].x0 > left_edge + 4 * em:
                    starts.append(part[0].x0)
        starts.sort()
        candidates = [x for i, x in enumerate(starts) if i + 2 < len(starts) and starts[i + 2] - x < 2]
        candidates = sorted([*candidates, *(4.0 * n for n, times in self.gutters.items() if times >= 2)])
        best: tuple[float, tuple[int, int, float]] | None = None
        done = -9.0
        for x in candidates:
            if x - done < 1.0:
                continue
            done = x
            for first, last in _open_runs(rows, x - least + 0.2, x - 0.2):
                worth = self._worth(rows[first : last + 1], x - 0.2, em)
                if worth is not None and (best is None or worth > best[0]):
                    best = (worth, (first, last, x - 0.2))
        return best[1] if best else None

    def _worth(self, rows: list[_Row], x: float, em: float) -> float | None:
        """How good a gutter left of `x` is through `rows`; None when the sides are no columns of text."""
        left = [[w for w in row.words if w.x0 < x] for row in rows]
        right = [[w for w in row.words if w.x0 >= x] for row in rows]
        lefts, rights = [p for p in left if p], [p for p in right if p]
        known = sum(self.gutters[round(x / 4) + n] for n in (-1, 0, 1)) >= 2
        least = 1 if known else 3
        if len(lefts) < least or len(rights) < least:
            return None
        edge = max(p[-1].x1 for p in lefts)
        white = x - edge
        heights = [row.base for row in rows]
        middle = [y for y in (r.at for r in self.rules if r.horizontal and r.start < edge and r.end > x + em)]
        if sum(heights[-1] < y < heights[0] for y in middle) >= 2:
            return None
        both = sum(bool(a and b) for a, b in zip(left, right))
        prose = [_is_prose(side) for side in (lefts, rights)]
        marks = sum(bool(MARK.match(p[0].text)) for p in rights)

        apart = 1 - both / min(len(lefts), len(rights))
        if any(_numbers(side) > 0.3 for side in (lefts, rights)) and not (apart > 0.35 and any(prose)):
            return None
        if known or all(prose) or marks >= max(2, 0.2 * len(rights)) or (apart > 0.4 and any(prose)) or apart > 0.7:
            return min(len(lefts), len(rights)) + min(white, 20.0) / 20
        return None

    def _flow(self, rows: list[_Row]) -> None:
        """Lines and tables of one column, from the top down."""
        self.region += 1
        text = [row for row in rows if not isinstance(row.words[0], _Placed)]
        edges = (
            min((row.words[0].x0 for row in text), default=0.0),
            max((row.words[-1].x1 for row in text), default=0.0),
        )
        i = 0
        while i < len(rows):
            placed = [w for w in rows[i].words if isinstance(w, _Placed)]
            words = [w for w in rows[i].words if not isinstance(w, _Placed)]
            if placed:
                if words:
                    self.items.append(TextLine(self.sheet, words, edges, self.region))
                self.items.extend(w.table for w in placed if w.table is not None)
                i += 1
                continue
            end = self._table_end(rows, i, edges)
            if end is not None:
                cells = _loose_rows(rows[i:end], self.rules)
                if _is_table(cells):
                    self.items.append(Table(self.sheet, cells))
                    i = end
                    continue
            self.items.append(TextLine(self.sheet, words, edges, self.region))
            i += 1

    def _table_end(self, rows: list[_Row], first: int, edges: tuple[float, float]) -> int | None:
        """Where the table without lines ends that begins at row `first`; None when none begins there."""
        if not _is_cut(rows[first], edges) and not (
            first + 1 < len(rows)
            and _is_cut(rows[first + 1], edges)
            and rows[first].base - rows[first + 1].base < rows[first].size
        ):
            return None
        last, i, count = first, first, 0
        label_end = 0.0
        first_wide = max(s[-1].x1 for s in [segments(rows[first].words, 0.9 * rows[first].size)[0]])
        while i < len(rows):
            row = rows[i]
            if isinstance(row.words[0], _Placed):
                break
            if i > first and (rows[i - 1].base - row.base > 3.2 * row.size or row.size > 1.1 * rows[first].size):
                break
            if _is_cut(row, edges):
                under = rows[i - 1].base - row.base if i > first else 0.0
                if count > 1 and 0 < label_end < row.words[0].x0 and under > 0.95 * row.size:
                    # A row without a label is the heading of a next table.
                    break
                label = segments(row.words, 0.9 * row.size)[0]
                if not _numeric(label):
                    label_end = max(label_end, label[-1].x1)
                last, count = i, count + 1
                first_wide = max(first_wide, segments(row.words, 0.9 * row.size)[0][-1].x1)
            elif i - last > 3 or row.words[-1].x1 > first_wide + 6 * row.size:
                break
            i += 1
        numbers = sum(_numeric(part) for part in segments(rows[first].words, 0.9 * rows[first].size)[1:])
        if count < 2 and numbers < 2:
            return None
        # Short lines close under the last row, that only have a first cell, are the rest of that cell.
        pitches = [a.base - b.base for a, b in zip(rows[first:last], rows[first + 1 : last + 1])]
        usual = median(pitches) if pitches else 0.0
        while last + 1 < min(len(rows), i + 1):
            row, above = rows[last + 1], rows[last]
            pitch = above.base - row.base
            label = segments(above.words, 0.9 * above.size)[0]
            if row.words[-1].x1 > first_wide + 2 * row.size or row.size > 1.1 * above.size:
                break
            if not (
                pitch < max(0.87 * usual, 0.85 * above.size)
                or (pitch < 1.1 * usual and _goes_on(label, row.words, label_end))
            ):
                break
            last += 1
        return last + 1


def _goes_on(above: list[Word], line: list[Word], edge: float) -> bool:
    """Whether `line` is the rest of the cell above it: its first word did not fit there, and it begins no sentence."""
    first = line[0]
    forced = above[-1].x1 + 0.25 * first.size + (first.x1 - first.x0) > edge + 0.5
    return forced and (not first.text[:1].isupper() or (first.text.isupper() and len(first.text) > 1))


def _is_prose(lines: list[list[Word]]) -> bool:
    """Whether the lines of one side are running text: several words a line, and many lines about full."""
    widths = [p[-1].x1 - p[0].x0 for p in lines]
    letters = [sum(len(w.text) for w in p) for p in lines]
    full = sum(w > 0.7 * max(widths) for w in widths)
    return median(letters) >= 12 and full >= 0.4 * len(widths)


def _numbers(lines: list[list[Word]]) -> float:
    """Share of the words that are numbers."""
    words = [w for line in lines for w in line if w.text]
    return sum(bool(_DIGITS.match(w.text)) and len(w.text) > 1 for w in words) / max(1, len(words))


def _open_runs(rows: list[_Row], x0: float, x1: float) -> list[tuple[int, int]]:
    """Runs of rows in which no word covers the strip x0..x1."""
    runs: list[tuple[int, int]] = []
    first: int | None = None
    for i, row in enumerate(rows):
        covered = any(w.x0 < x1 and w.x1 > x0 for w in row.words)
        if covered and first is not None:
            runs.append((first, i - 1))
            first = None
        elif not covered and first is None:
            first = i
    if first is not None:
        runs.append((first, len(rows) - 1))
    return runs


def _is_cut(row: _Row, edges: tuple[float, float]) -> bool:
    """Whether a line is cut into cells; the even white of a justified line does not count."""
    parts = segments(row.words, 0.9 * row.size)
    if len(parts) < 2:
        return False
    words = row.words[1:] if MARK.match(row.words[0].text) else row.words
    gaps = [b.x0 - a.x1 for a, b in itertools.pairwise(words)]
    even = bool(gaps) and max(gaps) - min(gaps) < 0.25 * row.size
    full = edges[1] - row.words[-1].x1 < 1.5
    return not (even and full and not any(_numeric(part) for part in parts))


def _loose_rows(rows: list[_Row], rules: list[Rule]) -> list[list[list[list[Word]]]]:
    """The cells of a table without upright lines."""
    parts = [(row, segments(row.words, 0.9 * row.size)) for row in rows]
    cut = [p for _, row in parts if len(row) > 1 for p in row]
    count = sum(len(row) > 1 for _, row in parts)
    spans = [(p[0].x0, p[-1].x1) for p in cut]
    separators = _valleys(spans, max(0.0, 0.1 * count))
    cells: list[tuple[_Row, list[list[Word]]]] = []
    for row, row_parts in parts:
        line: list[list[Word]] = [[] for _ in range(len(separators) + 1)]
        for part in row_parts:
            piece = [part[0]]
            pieces = [piece]
            for a, b in itertools.pairwise(part):
                if b.x0 - a.x1 > 0.5 * row.size and any(a.x1 <= s <= b.x0 for s in separators):
                    piece = [b]
                    pieces.append(piece)
                else:
                    piece.append(b)
            for piece in pieces:
                column = bisect_right(separators, _anchor(piece, separators))
                line[column].extend(piece)
        cells.append((row, line))
    groups = _grouped(cells, rules)
    used = [c for c in range(len(separators) + 1) if any(line[c] for _, line in cells)]
    return [[[line[c] for _, line in group if line[c]] for c in used] for group in groups]


def _anchor(piece: list[Word], separators: list[float]) -> float:
    """An x in the column that a piece covers most of."""
    x0, x1 = piece[0].x0, piece[-1].x1
    edges = [x0, *(s for s in separators if x0 < s < x1), x1]
    a, b = max(itertools.pairwise(edges), key=lambda e: e[1] - e[0])
    return (a + b) / 2


def _valleys(spans: list[tuple[float, float]], allowed: float) -> list[float]:
    """Middles of the strips, 3 points wide at least, that at most `allowed` spans cover."""
    events = sorted([(x0, 1) for x0, _ in spans] + [(x1, -1) for _, x1 in spans])
    out: list[float] = []
    level, since = 0, None
    for x, step in events:
        low = level <= allowed
        level += step
        if low and level > allowed:
            if since is not None and x - since >= 3:
                out.append((since + x) / 2)
            since = None
        elif not low and level <= allowed:
            since = x
    return out


def _numeric(words: list[Word]) -> bool:
    return bool(words) and bool(_DIGITS.match(" ".join(w.text for w in words)))


def _grouped(
    cells: list[tuple[_Row, list[list[Word]]]], rules: list[Rule]
) -> list[list[tuple[_Row, list[list[Word]]]]]:
    """The printed lines of a table put together into its rows."""
    x0 = min(row.words[0].x0 for row, _ in cells)
    x1 = max(row.words[-1].x1 for row, _ in cells)
    ys = _merged([r.at for r in rules if r.horizontal and r.start < x0 + 0.6 * (x1 - x0) and r.end > x0], 2.0)
    bands: dict[int, list[tuple[_Row, list[list[Word]]]]] = {}
    for row, line in cells:
        bands.setdefault(bisect_right(ys, row.base + 0.3 * row.size), []).append((row, line))
    clash = sum(
        any(sum(_numeric(line[c]) for _, line in band) > 1 for c in range(1, len(cells[0][1])))
        for band in bands.values()
    )
    if len(bands) >= 3 and clash <= 0.1 * len(bands) and max(len(b) for b in bands.values()) <= 8:
        return [bands[k] for k in sorted(bands, reverse=True)]
    pitches = [a[0].base - b[0].base for a, b in itertools.pairwise(cells) if any(map(_numeric, b[1][1:]))]
    usual = median(pitches) if pitches else 0.0
    groups = [[cells[0]]]
    edges = [max((line[c][-1].x1 for _, line in cells if line[c]), default=0.0) for c in range(len(cells[0][1]))]
    for previous, (row, line) in itertools.pairwise(cells):
        above, old = previous
        pitch = above.base - row.base
        filled = [c for c, words in enumerate(line) if words]
        rest = all(not _numeric(line[c]) for c in filled) and all(
            any(cell[c] for _, cell in groups[-1]) for c in filled
        )
        ended = old[filled[0]][-1].text if filled and old[filled[0]] else ""
        overlap = pitch < 0.85 * min(row.size, above.size)
        if overlap or (
            rest
            and len(filled) < max(2, sum(bool(w) for w in old))
            and (
                pitch < 0.87 * usual
                or ended.endswith(("-", "/"))
                or _goes_on(old[filled[0]] or line[filled[0]], line[filled[0]], edges[filled[0]])
            )
        ):
            groups[-1].append((row, line))
        else:
            groups.append([(row, line)])
    return groups
