"""How sure is a figure? Means with n and a 95 % interval, paired differences, agreement of two judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 2_000
"""Bootstrap samples; Efron and Tibshirani (1993) advise at least 1000 for a percentile interval."""
SEED = 2026
"""The intervals of one set of scores are always the same."""


@dataclass(frozen=True)
class Mean:
    """A mean over what was measured."""

    gemiddelde: float | None
    """None when nothing was measured; never NaN."""
    n: int
    """How many were measured."""
    van: int
    """How many there were."""
    laag: float | None
    hoog: float | None
    """Bounds of the 95 % interval."""


def _percentile_interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the mean (Efron 1979): resample with replacement, take 2.5 and 97.5 %."""
    rng = np.random.default_rng(SEED)
    means = values[rng.integers(0, len(values), (DRAWS, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def mean_of(values: Sequence[float | None]) -> Mean:
    """Mean of the values that are not None, with its interval."""
    measured = np.array([v for v in values if v is not None], dtype=np.float64)
    if not len(measured):
        return Mean(None, 0, len(values), None, None)
    low, high = _percentile_interval(measured)
    return Mean(float(measured.mean()), len(measured), len(values), low, high)


@dataclass(frozen=True)
class Difference:
    """The mean difference b − a over the same questions."""

    verschil: float
    n: int
    laag: float
    hoog: float

    @property
    def zeker(self) -> bool:
        """Whether the 95 % interval leaves out zero."""
        return self.laag > 0 or self.hoog < 0


def paired_difference(a: Sequence[float | None], b: Sequence[float | None]) -> Difference | None:
    """Paired bootstrap: resample the differences per question (Koehn, EMNLP 2004). None: nothing measured in both."""
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    if not pairs:
        return None
    differences = np.array([y - x for x, y in pairs], dtype=np.float64)
    return Difference(float(differences.mean()), len(pairs), *_percentile_interval(differences))


def median_and_p95(values: Sequence[float]) -> tuple[float, float] | None:
    """Median and 95th percentile (linear between the two nearest values); None for no values."""
    if not values:
        return None
    median, p95 = np.percentile(np.array(values, dtype=np.float64), [50, 95])
    return float(median), float(p95)


def cohens_kappa(first: Sequence[bool], second: Sequence[bool]) -> float | None:
    """Agreement of two judges beyond chance (Cohen 1960): κ = (p_o − p_e) / (1 − p_e).

    None when it is not defined: no judgements, or both judges always say the same one thing (p_e = 1).
    """
    n = len(first)
    if not n:
        return None
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    yes_first, yes_second = sum(first) / n, sum(second) / n
    chance = yes_first * yes_second + (1 - yes_first) * (1 - yes_second)
    return None if chance == 1 else (observed - chance) / (1 - chance)
