"""Inference in plain Python from what the database counted: n, sum, sum of squares. No effect is ever claimed without its interval.

Sources: Welch (1947), Biometrika 34, 28–35; Satterthwaite (1946), Biometrics Bulletin 2, 110–114 (degrees of freedom);
Newcombe (1998), Statistics in Medicine 17, 873–890, method 10 (difference of two proportions from Wilson's intervals);
DLMF §8.17 (incomplete beta function, continued fraction 8.17.22).
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, lgamma, log, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
POWER = 0.8


@dataclass(frozen=True)
class Sample:
    """One arm: people, the sum of what each spent, the sum of its squares (one currency)."""

    n: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        """Per person."""
        return self.total / self.n

    @property
    def variance(self) -> float:
        """Of single persons, unbiased (n − 1); needs two people."""
        return max(self.squares - self.total * self.mean, 0.0) / (self.n - 1)


@dataclass(frozen=True)
class Difference:
    """A difference of two means with its interval, and the smallest difference that these arms would show four times out of five."""

    value: float
    low: float
    high: float
    smallest: float

    def times(self, factor: float) -> "Difference":
        """The same for a positive multiple (people, margin)."""
        return Difference(self.value * factor, self.low * factor, self.high * factor, self.smallest * factor)


def welch(one: Sample, other: Sample) -> Difference | None:
    """Mean of `one` − mean of `other` with Welch's 95 % interval (unequal variances); None where an arm has fewer than two people."""
    if min(one.n, other.n) < 2:
        return None
    parts = one.variance / one.n, other.variance / other.n
    error = sqrt(sum(parts))
    value = one.mean - other.mean
    if error == 0:
        return Difference(value, value, value, 0.0)
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (one.n - 1) + parts[1] ** 2 / (other.n - 1))
    reach = t_quantile(1 - (1 - CONFIDENCE) / 2, freedom)
    return Difference(value, value - reach * error, value + reach * error, (reach + NormalDist().inv_cdf(POWER)) * error)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2)
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def newcombe(hits: int, n: int, other_hits: int, other_n: int) -> tuple[float, float, float] | None:
    """Difference of two shares and its 95 % interval (Newcombe's method 10); None where an arm is empty."""
    if min(n, other_n) < 1:
        return None
    one, other = hits / n, other_hits / other_n
    (low, high), (other_low, other_high) = wilson(hits, n), wilson(other_hits, other_n)
    below = sqrt((one - low) ** 2 + (other_high - other) ** 2)
    above = sqrt((high - one) ** 2 + (other - other_low) ** 2)
    return one - other, one - other - below, one - other + above


@lru_cache(maxsize=256)
def t_quantile(probability: float, freedom: float) -> float:
    """The quantile of Student's t for a probability above one half, by halving; right to at least 6 digits up to a million degrees."""
    if freedom == inf:
        return NormalDist().inv_cdf(probability)
    low, high = 0.0, 1.0
    while t_cdf(high, freedom) < probability:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if t_cdf(middle, freedom) < probability else (low, middle)
    return (low + high) / 2


def t_cdf(value: float, freedom: float) -> float:
    """Student's t distribution function for value ≥ 0: 1 − I(ν/(ν + t²); ν/2, 1/2) / 2."""
    return 1 - incomplete_beta(freedom / (freedom + value * value), freedom / 2, 0.5) / 2


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I(x; a, b), 0 ≤ x ≤ 1."""
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    return front / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of DLMF 8.17.22, from its first term on, by Lentz's forward method."""
    tiny = 1e-300
    value, upper, lower = 1.0, 1.0, 0.0
    for step in range(1, 2_000):
        half = step // 2
        if step % 2:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        lower = 1 / (1 + term * lower or tiny)
        upper = 1 + term / upper or tiny
        value *= upper * lower
        if abs(upper * lower - 1) < 1e-15:
            break
    return value
