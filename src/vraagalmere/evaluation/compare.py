"""Two runs side by side: what changed, question by question, and whether the difference is more than chance."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from .run import SCORES
from .scoring import LABELS
from .uncertainty import Difference, paired_difference

Scores = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Change:
    """A question whose outcome or measures differ between two runs."""

    id: str
    uitkomst: tuple[str, str]
    maten: dict[str, tuple[float | None, float | None]]
    """(first, second) of each measure that differs."""

    @property
    def richting(self) -> str:
        """'beter', 'slechter' or 'anders', by the measure `goed`, then by the order of the sources."""
        for key in ("goed", "mrr", "bron_volledig", "bron_precisie"):
            a, b = self.maten.get(key, (None, None))
            if a is not None and b is not None:
                return "beter" if b > a else "slechter"
        return "anders"


@dataclass(frozen=True)
class Comparison:
    """Two runs compared over the questions that both answered."""

    n: int
    changes: tuple[Change, ...]
    differences: dict[str, Difference]
    """Second minus first, by measure."""


def read_scores(folder: Path) -> Scores:
    """scores.csv of a run, by question id.

    Raises:
        InputError: when the run has no scores.
    """
    try:
        with (folder / SCORES).open(encoding="utf-8", newline="") as lines:
            return {row["id"]: row for row in csv.DictReader(lines)}
    except OSError as exc:
        raise InputError(
            f"De run '{folder.name}' heeft geen {SCORES}. Maak het met: evalueer --naam {folder.name} --alleen-scoren"
        ) from exc


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def compare(first: Scores, second: Scores) -> Comparison:
    """What changed from `first` to `second`."""
    shared = [i for i in first if i in second]
    changes = []
    for i in shared:
        one, other = first[i], second[i]
        pairs = {key: (_number(one[key]), _number(other[key])) for key in LABELS}
        differing = {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
        outcomes = (one["uitkomst_soort"], other["uitkomst_soort"])
        if differing or outcomes[0] != outcomes[1]:
            changes.append(Change(i, outcomes, differing))
    differences = {}
    for key in LABELS:
        a, b = ([_number(scores[i][key]) for i in shared] for scores in (first, second))
        difference = paired_difference(a, b)
        if difference:
            differences[key] = difference
    return Comparison(len(shared), tuple(changes), differences)


def as_text(comparison: Comparison, names: tuple[str, str]) -> str:
    """The comparison for a person to read."""
    changed = len(comparison.changes)
    lines = [f"Van {names[0]} naar {names[1]}: {comparison.n} vragen in beide, {changed} veranderd.", ""]
    for key, d in comparison.differences.items():
        verdict = ("beter of hoger" if d.verschil > 0 else "slechter of lager") if d.zeker else "kan toeval zijn"
        lines.append(f"{d.verschil:+8.3f}  [{d.laag:+.3f}, {d.hoog:+.3f}]  n={d.n:<4} {LABELS[key]}: {verdict}")
    lines.append("")
    for change in sorted(comparison.changes, key=lambda c: (c.richting, c.id)):
        moved = "; ".join(f"{key} {_shown(a)} → {_shown(b)}" for key, (a, b) in change.maten.items())
        before, after = change.uitkomst
        outcome = f"{before} → {after}" if before != after else before
        lines.append(f"{change.richting:9} {change.id:22} {outcome}: {moved}")
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"
