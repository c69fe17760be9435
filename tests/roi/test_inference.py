"""Inference: properties and published values, then thousands of seeded campaigns with and without an effect."""

from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm.roi.inference import Difference, Sample, difference, newcombe, wilson

RUNS = 1_000
MEAN_BASKET = exp(4.75 + 0.9**2 / 2)
amounts = st.lists(st.sampled_from([0, 0, 0, 1, 20, 99.5, 5_000]), min_size=2, max_size=40)


def sample(values: list[float] | np.ndarray) -> Sample:
    numbers = np.asarray(values, dtype=float)
    return Sample(len(numbers), float(numbers.sum()), float((numbers**2).sum()), float((numbers**3).sum()))


def found(one: Sample, other: Sample) -> Difference:
    difference_found = difference(one, other)
    assert difference_found is not None
    return difference_found


def test_moments_about_the_mean() -> None:
    one = sample([1, 2, 6])
    assert (one.mean, one.spread, one.lean) == pytest.approx((3, 4 + 1 + 9, -8 - 1 + 27))


def test_two_equal_arms_without_skewness_as_in_a_textbook() -> None:
    """By hand: half of 200 and half of 200 spend 10; s² = 25·400/398; no difference; the ends solve δ² = z²·s²·(1/200 + 1/200)."""
    half = sample([10] * 100 + [0] * 100)
    reach = 1.959964 * sqrt(25 * 400 / 398 * 2 / 200)
    assert (found(half, half).low, found(half, half).high) == pytest.approx((-reach, reach), rel=1e-3)


def test_two_people_are_needed_and_no_variance_is_survived() -> None:
    assert difference(sample([1]), sample([1, 2])) is None
    nothing = found(sample([0, 0, 0]), sample([0, 0]))
    assert (nothing.value, nothing.low, nothing.high, nothing.smallest) == (0, 0, 0, 0)


@given(amounts, amounts)
def test_the_interval_contains_what_was_measured_and_turns_with_the_arms(one: list[float], other: list[float]) -> None:
    there, back = found(sample(one), sample(other)), found(sample(other), sample(one))
    assert there.low <= there.value <= there.high
    assert (-back.high, -back.low) == pytest.approx((there.low, there.high), rel=1e-6, abs=1e-6)


@given(amounts, amounts, st.floats(0.01, 100))
@example([0, 0], [1, 1, 1], 0.01)
def test_another_currency_changes_nothing_else(one: list[float], other: list[float], rate: float) -> None:
    here, there = found(sample(one), sample(other)), found(sample(np.array(one) * rate), sample(np.array(other) * rate))
    assert (there.low, there.high, there.smallest) == pytest.approx((here.low * rate, here.high * rate, here.smallest * rate), abs=1e-4)


def test_newcombe_gives_the_published_interval() -> None:
    """Newcombe (1998), table II, contrast (a): 56/70 − 48/80, method 10: 0.0524 to 0.3339."""
    assert newcombe(56, 70, 48, 80) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert newcombe(0, 10, 0, 10) == pytest.approx((0.0, -0.2775, 0.2775), abs=5e-5)


@given(st.integers(1, 5000), st.data())
def test_wilson_stays_inside_0_and_1_and_around_the_share(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1


def spends(rng: np.random.Generator, people: int, buying: float) -> Sample:
    """Most people buy nothing; the others spend with a heavy tail, as in the demo shop."""
    bought = rng.lognormal(4.75, 0.9, rng.binomial(people, buying))
    return Sample(people, float(bought.sum()), float((bought**2).sum()), float((bought**3).sum()))


@pytest.mark.parametrize(
    ("recipients", "holdout", "buying", "effect"),
    [
        (2_670, 330, 0.03, 0.0),
        (2_700, 300, 0.10, 0.0),
        (1_200, 300, 0.05, 0.0),
        (4_500, 500, 0.05, 0.0),
        (13_500, 1_500, 0.03, 0.0),
        (3_000, 1_500, 0.08, 0.0),
        (3_000, 1_500, 0.08, 0.04),
        (4_500, 500, 0.04, 0.02),
    ],
)
def test_95_of_100_intervals_cover_the_truth(recipients: int, holdout: int, buying: float, effect: float) -> None:
    """No effect: one is found in about 5 % of 1,000 runs, in either direction alike. An effect: about 95 % of the intervals contain it."""
    rng = np.random.default_rng(20261111)
    above = below = 0
    for _ in range(RUNS):
        interval = found(spends(rng, recipients, buying + effect), spends(rng, holdout, buying))
        above += interval.low > effect * MEAN_BASKET
        below += interval.high < effect * MEAN_BASKET
    assert abs((above + below) / RUNS - 0.05) < 3 * sqrt(0.05 * 0.95 / RUNS)
    assert max(above, below) / RUNS < 0.025 + 3 * sqrt(0.025 * 0.975 / RUNS)


def test_four_of_five_campaigns_with_the_smallest_effect_show_it() -> None:
    rng = np.random.default_rng(618)
    smallest = found(spends(rng, 40_000, 0.05), spends(rng, 10_000, 0.05)).smallest / MEAN_BASKET
    seen = sum(found(spends(rng, 40_000, 0.05 + smallest), spends(rng, 10_000, 0.05)).low > 0 for _ in range(500))
    assert 0.7 < seen / 500 < 0.9
