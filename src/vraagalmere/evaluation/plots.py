"""Small plots as SVG text: bars with intervals, reliability, a histogram, lines. No library, no script, no font."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from .uncertainty import Mean

_TEXT = 'font-family="sans-serif" font-size="13" fill="currentColor"'
INK = ("#1a5fb4", "#c64600", "#26734d", "#613583")
"""Colours that differ in brightness too, so that they stay apart in grey."""


def number(value: float, digits: int = 2) -> str:
    """A number the Dutch way: '0,84'."""
    return f"{value:.{digits}f}".replace(".", ",")


def _power(exponent: int) -> str:
    """10 to a power the Dutch way: '0,1', '1.000'."""
    return f"{10.0**exponent:,.{max(0, -exponent)}f}".translate(str.maketrans(",.", ".,"))


def _svg(width: int, height: int, title: str, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'style="max-width:100%;height:auto;color:#222">'
        f"<title>{escape(title)}</title>{''.join(body)}</svg>"
    )


def _label(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {_TEXT}>{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, color: str = "#999", width: float = 1) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}" stroke-width="{width}"/>'


def bars(title: str, means: Mapping[str, Mean]) -> str:
    """A bar per name for means of 0…1, with the 95 % interval as a whisker and n behind it."""
    left, scale, row = 240, 360, 26
    body = []
    for i, (name, mean) in enumerate(means.items()):
        y = 8 + i * row
        body.append(_label(left - 8, y + 14, name, "end"))
        if mean.gemiddelde is None or mean.laag is None or mean.hoog is None:
            body.append(_label(left + 4, y + 14, "niet gemeten"))
            continue
        width = scale * mean.gemiddelde
        body.append(f'<rect x="{left}" y="{y}" width="{width:.1f}" height="18" fill="{INK[0]}" opacity="0.75"/>')
        body.append(_line(left + scale * mean.laag, y + 9, left + scale * mean.hoog, y + 9, "#000", 2))
        body.append(_label(left + scale + 12, y + 14, f"{number(mean.gemiddelde)} (n={mean.n})"))
    return _svg(left + scale + 120, 16 + row * len(means), title, body)


def reliability(title: str, points: Sequence[Mapping[str, float]]) -> str:
    """Stated probability against the share that came true; on the diagonal is honest. Area of a dot: how many."""
    left, size = 60, 300

    def x(p: float) -> float:
        return left + size * p

    def y(p: float) -> float:
        return 10 + size * (1 - p)

    body = [_line(x(0), y(0), x(1), y(1)), _line(x(0), y(0), x(1), y(0)), _line(x(0), y(0), x(0), y(1))]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        body += [_label(x(tick), y(0) + 18, number(tick), "middle"), _label(left - 8, y(tick) + 5, number(tick), "end")]
    for point in points:
        radius = 2 + math.sqrt(point["n"])
        body.append(
            f'<circle cx="{x(point["kans"]):.1f}" cy="{y(point["waar"]):.1f}" r="{radius:.1f}" '
            f'fill="{INK[0]}" opacity="0.7"><title>{point["n"]} vragen</title></circle>'
        )
    body.append(_label(x(0.5), y(0) + 38, "kans die het programma noemt", "middle"))
    return _svg(left + size + 20, size + 60, title, body)


def histogram(title: str, values: Sequence[float], unit: str, bins: int = 24) -> str:
    """How often values fall in `bins` equal steps from 0 to the 99th percentile; the rest is in the last."""
    if not values:
        return ""
    top = sorted(values)[int(0.99 * (len(values) - 1))] or 1
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(bins * value / top))] += 1
    left, step, height = 40, 20, 160
    body = [_line(left, 10 + height, left + step * bins, 10 + height)]
    for i, count in enumerate(counts):
        tall = height * count / max(counts)
        body.append(
            f'<rect x="{left + i * step + 1}" y="{10 + height - tall:.1f}" width="{step - 2}" height="{tall:.1f}" '
            f'fill="{INK[0]}" opacity="0.75"><title>{count}</title></rect>'
        )
    for part in (0.0, 0.5, 1.0):
        body.append(_label(left + part * step * bins, height + 28, f"{part * top:.0f}", "middle"))
    body.append(_label(left + step * bins / 2, height + 48, unit, "middle"))
    return _svg(left + step * bins + 40, height + 58, title, body)


def lines(title: str, series: Mapping[str, Sequence[tuple[float, float]]], x_name: str, y_name: str) -> str:
    """Lines through (x, y) points, both axes logarithmic; zero and less are left out."""
    points = [(x, y) for line in series.values() for x, y in line if x > 0 and y > 0]
    if not points:
        return ""
    low = [math.floor(math.log10(min(p[i] for p in points))) for i in (0, 1)]
    high = [max(low[i] + 1, math.ceil(math.log10(max(p[i] for p in points)))) for i in (0, 1)]
    left, width, height = 80, 420, 260

    def x(value: float) -> float:
        return left + width * (math.log10(value) - low[0]) / (high[0] - low[0])

    def y(value: float) -> float:
        return 30 + height * (high[1] - math.log10(value)) / (high[1] - low[1])

    body = [_label(left, 18, y_name)]
    for exponent in range(low[0], high[0] + 1):
        body.append(_line(x(10.0**exponent), 30, x(10.0**exponent), 30 + height, "#ddd"))
        body.append(_label(x(10.0**exponent), height + 48, _power(exponent), "middle"))
    for exponent in range(low[1], high[1] + 1):
        body.append(_line(left, y(10.0**exponent), left + width, y(10.0**exponent), "#ddd"))
        body.append(_label(left - 8, y(10.0**exponent) + 5, _power(exponent), "end"))
    body.append(_label(left + width / 2, height + 68, x_name, "middle"))
    for i, (name, line) in enumerate(series.items()):
        color = INK[i % len(INK)]
        shown = [(x(a), y(b)) for a, b in line if a > 0 and b > 0]
        body.append(
            f'<polyline points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in shown)}" fill="none" stroke="{color}" '
            f'stroke-width="2" stroke-dasharray="{("none", "8 4", "2 3", "12 3 2 3")[i % 4]}"/>'
        )
        body += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{color}"/>' for a, b in shown]
        body += [_line(left + width + 16, 40 + i * 22, left + width + 40, 40 + i * 22, color, 3)]
        body.append(_label(left + width + 46, 45 + i * 22, name))
    return _svg(left + width + 220, height + 80, title, body)
