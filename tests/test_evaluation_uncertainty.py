"""Means with intervals, paired bootstrap and kappa on cases worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vraagalmere.evaluation.uncertainty import cohens_kappa, mean_of, median_and_p95, paired_difference


def test_a_mean_is_over_what_was_measured() -> None:
    mean = mean_of([1.0, None, 0.0, 1.0])
    assert (mean.gemiddelde, mean.n, mean.van) == (2 / 3, 3, 4)
    assert mean.laag is not None and mean.hoog is not None and mean.laag <= 2 / 3 <= mean.hoog


def test_a_mean_of_nothing_is_none_and_never_nan() -> None:
    mean = mean_of([None, None])
    assert (mean.gemiddelde, mean.n, mean.van, mean.laag) == (None, 0, 2, None)
    assert mean_of([]).gemiddelde is None


def test_the_interval_is_the_same_every_time_and_near_the_normal_one() -> None:
    values = [1.0] * 70 + [0.0] * 30
    first, second = mean_of(values), mean_of(values)
    assert first == second
    half = 1.96 * math.sqrt(0.7 * 0.3 / 100)  # 0.0898
    assert first.laag == pytest.approx(0.7 - half, abs=0.02)
    assert first.hoog == pytest.approx(0.7 + half, abs=0.02)


def test_equal_values_have_no_spread() -> None:
    mean = mean_of([0.5] * 10)
    assert (mean.laag, mean.hoog) == (0.5, 0.5)


def test_a_paired_difference_uses_only_what_both_measured() -> None:
    found = paired_difference([0.0, 1.0, None, 0.0], [1.0, 1.0, 1.0, None])
    assert found is not None
    assert (found.verschil, found.n) == (1 / 2, 2)  # (1 - 0 + 1 - 1) / 2
    assert paired_difference([None], [1.0]) is None


def test_pairing_sees_a_small_steady_difference() -> None:
    rng = np.random.default_rng(0)
    a = rng.random(200)
    found = paired_difference(list(a), list(a + 0.01))
    assert found is not None
    assert found.verschil == pytest.approx(0.01)
    assert found.zeker  # every question differs by the same, so the interval is a point
    unpaired = mean_of(list(a))
    assert unpaired.hoog is not None and unpaired.laag is not None
    assert unpaired.hoog - unpaired.laag > 0.05


def test_a_difference_that_goes_both_ways_is_not_sure() -> None:
    found = paired_difference([0.0, 1.0] * 20, [1.0, 0.0] * 20)
    assert found is not None and found.verschil == 0 and not found.zeker


def test_median_and_p95() -> None:
    # of 1…101 the median is 51, and p95 is the value at place 0.95 * 100 = 95, counting from 0
    assert median_and_p95(list(range(1, 102))) == (51, 96)
    assert median_and_p95([]) is None


def test_cohens_kappa() -> None:
    # 10 items: both yes 4, both no 3, only first yes 2, only second yes 1
    first = [True] * 4 + [False] * 3 + [True] * 2 + [False]
    second = [True] * 4 + [False] * 3 + [False] * 2 + [True]
    observed = 7 / 10
    chance = 6 / 10 * 5 / 10 + 4 / 10 * 5 / 10  # 0.5
    assert cohens_kappa(first, second) == pytest.approx((observed - chance) / (1 - chance))  # 0.4


def test_kappa_is_not_defined_when_all_say_the_same() -> None:
    assert cohens_kappa([True, True], [True, True]) is None
    assert cohens_kappa([], []) is None
