"""Inference: properties, published values and an independent calculation, then thousands of seeded campaigns (tests/roi/coverage.py)."""

from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from crm.roi.inference import Difference, Sample, Z, difference, likeliest, newcombe, supposing, wilson
from tests.roi.coverage import LOG_MEAN, Cell, arm, repeat

RUNS = 1_000
PRICE = 7.0
amounts = st.lists(st.sampled_from([0, 0, 0, 1, 20, 99.5, 5_000]), min_size=2, max_size=40)


def sample(values: list[float] | np.ndarray) -> Sample:
    numbers = np.asarray(values, dtype=float)
    return Sample(len(numbers), float(numbers.sum()), float((numbers**2).sum()), float((numbers**3).sum()))


def found(one: Sample, other: Sample) -> Difference:
    difference_found = difference(one, other)
    assert difference_found is not None
    return difference_found


def priced(buyers: int, people: int) -> Sample:
    """Everybody who buys pays one price: then the method is the one for two shares."""
    return Sample(people, buyers * PRICE, buyers * PRICE**2, buyers * PRICE**3)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0528, 0.3382),
        ((9, 10), (3, 10), 0.1700, 0.8406),
        ((6, 7), (2, 7), 0.0342, 0.8534),
        ((5, 56), (0, 29), -0.0326, 0.1933),
        ((10, 10), (0, 20), 0.7156, 1.0),
        ((10, 10), (0, 10), 0.6636, 1.0),
    ],
)
def test_at_one_price_and_without_skewness_the_published_ends_are_found(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe (1998), table II, method 6 (Miettinen & Nurminen): at its ends the measured difference is 1.96 standard errors away."""
    measured = one[0] / one[1] - other[0] / other[1]
    for end, side in ((low, 1), (high, -1)):
        if end < 1.0:
            near, far = (side * (measured - at) / supposing(priced(*one), priced(*other), at * PRICE).error * PRICE for at in rounded(end))
            assert min(near, far) <= Z <= max(near, far)


def rounded(end: float) -> tuple[float, float]:
    """All that the four published digits can mean."""
    return end - 0.00005, end + 0.00005


@given(st.integers(2, 60), st.integers(2, 60), st.data(), st.floats(-0.95, 0.95))
def test_the_likeliest_arms_are_the_likeliest(n: int, other_n: int, data: st.DataObject, true: float) -> None:
    """Against a search over the likelihood of all pairs of shares with that difference."""
    hits, others = data.draw(st.integers(0, n)), data.draw(st.integers(0, other_n))
    first, second = likeliest((n, hits / n), (other_n, others / other_n), true)
    assert first - second == pytest.approx(true, abs=1e-9)
    tried = np.linspace(max(true, 0), min(1, 1 + true), 2_001)
    best = max(likelihood(hits, n, p) + likelihood(others, other_n, p - true) for p in tried)
    assert likelihood(hits, n, first) + likelihood(others, other_n, second) >= best - 1e-6


def likelihood(hits: int, n: int, share: float) -> float:
    share = min(max(share, 1e-15), 1 - 1e-15)
    return float(hits * np.log(share) + (n - hits) * np.log(1 - share))


@pytest.mark.parametrize(("hits", "others", "true"), [(5, 1, 0.1), (12, 2, 0.3), (3, 3, -0.2), (20, 0, 0.6)])
def test_error_and_skewness_are_those_of_two_binomials(hits: int, others: int, true: float) -> None:
    """By counting every outcome of two arms of 20 and 10 people, apart from the factor N / (N − 1) of Miettinen & Nurminen."""
    n, other_n = 20, 10
    shares = likeliest((n, hits / n), (other_n, others / other_n), true)
    outcomes = [
        (one / n - other / other_n, chance(one, n, shares[0]) * chance(other, other_n, shares[1]))
        for one in range(n + 1)
        for other in range(other_n + 1)
    ]
    mean = sum(value * weight for value, weight in outcomes)
    second, third = (sum((value - mean) ** power * weight for value, weight in outcomes) for power in (2, 3))
    result, factor = supposing(priced(hits, n), priced(others, other_n), true * PRICE), 30 / 29
    assert mean == pytest.approx(true)
    assert result.error / PRICE == pytest.approx(sqrt(second * factor))
    assert result.skewness == pytest.approx(third / (second * factor) ** 1.5)


def chance(hits: int, n: int, share: float) -> float:
    return float(comb(n, hits) * share**hits * (1 - share) ** (n - hits))


def test_two_people_are_needed_and_somebody_who_bought() -> None:
    """Where nobody bought, nobody knows what a buyer would spend: no interval, not one of width 0."""
    assert difference(sample([1]), sample([1, 2])) is None
    assert difference(sample([0, 0, 0]), sample([0, 0])) is None


@pytest.mark.parametrize(("one", "other"), [((60, 60), (50, 50)), ((900, 900), (3, 100)), ((40, 900), (100, 100)), ((30, 900), (0, 100))])
def test_one_price_and_everybody_buying_is_no_certainty(one: tuple[int, int], other: tuple[int, int]) -> None:
    interval = found(priced(*one), priced(*other))
    assert interval.low < interval.high
    assert interval.smallest > 0
    assert -PRICE <= interval.low <= interval.value <= interval.high <= PRICE


@given(st.integers(2, 400), st.integers(2, 400), st.data())
def test_no_interval_has_width_0(n: int, other_n: int, data: st.DataObject) -> None:
    one, other = data.draw(st.integers(0, n)), data.draw(st.integers(0, other_n))
    if one + other:
        assert (interval := found(priced(one, n), priced(other, other_n))).high - interval.low > 1e-3 * PRICE / max(n, other_n)


def test_the_upper_end_knows_that_the_recipients_are_a_sample_too() -> None:
    """Nobody in the holdout bought: what the recipients spent is no upper limit of what they would spend the next time."""
    interval = found(priced(50, 1_800), priced(0, 200))
    assert interval.high > 1.2 * interval.value


@given(amounts, amounts)
def test_the_interval_contains_what_was_measured_and_turns_with_the_arms(one: list[float], other: list[float]) -> None:
    assume(sum(one) + sum(other) > 0)
    there, back = found(sample(one), sample(other)), found(sample(other), sample(one))
    assert there.low <= there.value <= there.high
    assert (-back.high, -back.low) == pytest.approx((there.low, there.high), rel=1e-6, abs=1e-6)


@given(amounts, amounts, st.floats(0.01, 100))
@example([0, 0], [1, 1, 1], 0.01)
def test_another_currency_changes_nothing_else(one: list[float], other: list[float], rate: float) -> None:
    assume(sum(one) + sum(other) > 0)
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


ORDINARY = [
    Cell("log-normal 0.9", 3_000, 0.03, 1, held=0.11),
    Cell("log-normal 0.9", 3_000, 0.10, 1),
    Cell("log-normal 1.2", 5_000, 0.05, 1),
    Cell("one price", 2_000, 0.05, 1),
    Cell("log-normal 0.9", 4_500, 0.08, 1.5, held=0.33),
    Cell("log-normal 0.9", 5_000, 0.04, 1.5),
    Cell("log-normal 0.9", 5_000, 0.06, 0.5),
]
RARE = [
    Cell("log-normal 0.9", 5_000, 0.005, 5),
    Cell("log-normal 1.2", 5_000, 0.005, 5),
    Cell("one price", 5_000, 0.002, 10),
    Cell("log-normal 0.9", 5_000, 0.002, 10),
    Cell("log-normal 1.2", 15_000, 0.002, 10),
    Cell("log-normal 1.2", 2_000, 0.005, 10),
    Cell("log-normal 0.9", 500, 0.03, 10),
    Cell("one price", 2_000, 0.10, 10),
]


@pytest.mark.parametrize("cell", [*ORDINARY, *RARE], ids=str)
def test_95_of_100_intervals_cover_the_truth(cell: Cell) -> None:
    """No effect, an ordinary one, and many times as many buyers where hardly anybody buys; the whole grid is `make intervals`."""
    missed = repeat(cell, RUNS, 20261111)
    assert missed is not None
    assert missed.either < missed.chance(0.05)
    assert max(missed.above, missed.below) < missed.chance(0.025, 4 if cell in RARE else 3)


@pytest.mark.parametrize("cell", ORDINARY, ids=str)
def test_ordinary_intervals_are_no_wider_than_they_must_be(cell: Cell) -> None:
    """Beside the interval of a person who knows the true spread of both arms: at most a tenth wider, and not narrower by luck."""
    missed = repeat(cell, 400, 20261112)
    assert missed is not None
    rng, spread = np.random.default_rng(9), {"one price": 0.0, "log-normal 0.9": 0.9, "log-normal 1.2": 1.2}[cell.amounts]
    true = [variance(arm(rng, 2_000_000, buying, spread)[0]) / people for people, buying in cell.arms]
    assert 0.9 < missed.width / (2 * Z * sqrt(sum(true))) < 1.1


def variance(of: Sample) -> float:
    return of.squares / of.n - of.mean**2


def test_four_of_five_campaigns_with_the_smallest_effect_show_it() -> None:
    rng = np.random.default_rng(618)
    smallest = found(arm(rng, 40_000, 0.05, 0.9)[0], arm(rng, 10_000, 0.05, 0.9)[0]).smallest / float(np.exp(LOG_MEAN + 0.9**2 / 2))
    seen = sum(found(arm(rng, 40_000, 0.05 + smallest, 0.9)[0], arm(rng, 10_000, 0.05, 0.9)[0]).low > 0 for _ in range(500))
    assert 0.7 < seen / 500 < 0.9
