"""Inference: textbook values, then thousands of seeded campaigns with and without an effect."""

from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.roi.inference import Sample, incomplete_beta, newcombe, t_cdf, t_quantile, welch, wilson

TABLE = {1: 12.7062, 2: 4.3027, 3: 3.1824, 5: 2.5706, 10: 2.2281, 20: 2.0860, 30: 2.0423, 60: 2.0003, 120: 1.9799, inf: 1.95996}
RUNS = 1_000


def sample(values: list[float] | np.ndarray) -> Sample:
    numbers = np.asarray(values, dtype=float)
    return Sample(len(numbers), float(numbers.sum()), float((numbers**2).sum()))


@pytest.mark.parametrize(("freedom", "expected"), TABLE.items())
def test_t_quantile_is_the_one_in_printed_tables(freedom: float, expected: float) -> None:
    assert t_quantile(0.975, freedom) == pytest.approx(expected, abs=6e-5)


def test_other_quantiles_from_the_table() -> None:
    assert t_quantile(0.95, 7) == pytest.approx(1.8946, abs=6e-5)
    assert t_quantile(0.995, 12) == pytest.approx(3.0545, abs=6e-5)


@given(st.floats(0.001, 0.999), st.floats(0.5, 400), st.floats(0.5, 400))
def test_incomplete_beta_is_symmetric(x: float, a: float, b: float) -> None:
    assert incomplete_beta(x, a, b) + incomplete_beta(1 - x, b, a) == pytest.approx(1, abs=1e-9)


@given(st.floats(0.51, 0.9999), st.floats(1, 1e6))
def test_quantile_and_distribution_undo_each_other(probability: float, freedom: float) -> None:
    assert t_cdf(t_quantile(probability, freedom), freedom) == pytest.approx(probability, abs=1e-7)


def test_welch_on_known_numbers() -> None:
    """Worked by hand: means 21 and 18; s² 8 and 2; error √(8/5 + 2/5) = √2; ν = 4·4/(2.56/4 + 0.16/4) = 5.88…"""
    one, other = [17, 19, 21, 23, 25], [16.0, 18, 18, 18, 20]
    found = welch(sample(one), sample(other))
    assert found is not None
    squares = (10 / 5 + 2 / 5) ** 2 / ((10 / 5) ** 2 / 4 + (2 / 5) ** 2 / 4)
    reach = t_quantile(0.975, squares) * sqrt(10 / 5 + 2 / 5)
    assert (found.value, found.low, found.high) == pytest.approx((3, 3 - reach, 3 + reach))


def test_welch_needs_two_people_and_survives_no_variance() -> None:
    assert welch(sample([1]), sample([1, 2])) is None
    nothing = welch(sample([0, 0, 0]), sample([0, 0]))
    assert nothing is not None
    assert (nothing.value, nothing.low, nothing.high, nothing.smallest) == (0, 0, 0, 0)


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


def spends(rng: np.random.Generator, people: int, buying: float) -> np.ndarray:
    """Most people buy nothing; the others spend with a heavy tail, as in the demo shop."""
    return (rng.random(people) < buying) * rng.lognormal(4.75, 0.9, people)


@pytest.mark.parametrize(("buying", "true_effect"), [(0.08, 0.0), (0.12, 0.04)])
def test_95_of_100_intervals_cover_the_truth(buying: float, true_effect: float) -> None:
    """No effect: `an effect` is found in about 5 % of 1,000 runs. An effect: about 95 % of the intervals contain it (3 standard errors)."""
    rng = np.random.default_rng(20261111)
    mean_spend = np.exp(4.75 + 0.9**2 / 2)
    missed = 0
    for _ in range(RUNS):
        found = welch(sample(spends(rng, 3_000, buying)), sample(spends(rng, 1_500, buying - true_effect)))
        assert found is not None
        missed += not found.low <= true_effect * mean_spend <= found.high
    assert abs(missed / RUNS - 0.05) < 3 * sqrt(0.05 * 0.95 / RUNS)
