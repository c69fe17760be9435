"""Inference in plain Python from what the database counted: n and the sums of x, x², x³. No effect is ever claimed without its interval.

Sources: Miettinen & Nurminen (1985), Statistics in Medicine 4, 213–226 (score interval of a difference; the likeliest arms under a supposed
difference in the closed form of Farrington & Manning (1990), Statistics in Medicine 9, 1447–1454); Gart & Nam (1990), Biometrics 46,
637–643 (the same, corrected for skewness), here for amounts instead of shares; Cornish & Fisher (1938), Revue de l'Institut International
de Statistique 5, 307–320 (quantiles of a skewed distribution); Newcombe (1998), Statistics in Medicine 17, 873–890, method 10.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import acos, cos, pi, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
POWER = 0.8
NEAREST = 1.0
"""However skewed the amounts, an end of the interval is never nearer than so many standard errors."""
Z = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2)


@dataclass(frozen=True)
class Sample:
    """One arm: people, the sum of what each spent (never negative), the sums of its squares and cubes (one currency)."""

    n: int
    total: float
    squares: float
    cubes: float

    @property
    def mean(self) -> float:
        """Per person."""
        return self.total / self.n


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


@dataclass(frozen=True)
class Supposed:
    """How the measured difference would scatter if the true one were a given value: its standard error and skewness."""

    error: float
    skewness: float

    @property
    def high(self) -> float:
        """The 97.5 % quantile, in standard errors."""
        return max(Z + self._shift, NEAREST)

    @property
    def low(self) -> float:
        """The 2.5 % quantile, in standard errors."""
        return min(-Z + self._shift, -NEAREST)

    @property
    def _shift(self) -> float:
        """Cornish & Fisher, the term of the skewness."""
        return self.skewness * (Z * Z - 1) / 6


@dataclass(frozen=True)
class Amounts:
    """What the buyers of both arms spent: `total` = Σx, `size` = Σx²/Σx (at one price that price), `third` = Σx³/Σx (its square).

    A person who spends m on average then has the second moment m·size and the third m·third: as many buyers as m asks for, each
    spending what buyers here spend. `size` is the most that anybody can spend on average: then everybody buys. Of both arms together,
    so that a small holdout that happens to miss the big buyers does not look more certain than it is.
    """

    total: float
    size: float
    third: float

    def if_spent(self, total: float) -> "Amounts":
        """The same if both arms could be expected to spend `total`: who spent less than expected has also missed big buyers.

        Σx² moves with Σx by Σx³/Σx², the slope of the one on the other among sums of that many purchases.
        """
        size = max(self.size + (self.third / self.size - self.size) * (1 - self.total / total), self.size / 2) if total else self.size
        return Amounts(total, size, self.third * size / self.size)


def amounts(one: Sample, other: Sample) -> Amounts:
    """What both arms spent."""
    both = one.total + other.total
    size = max((one.squares + other.squares) / both, one.mean, other.mean)
    return Amounts(both, size, max((one.cubes + other.cubes) / both, size * size))


def difference(one: Sample, other: Sample) -> Difference | None:
    """Mean of `one` − mean of `other` with its 95 % score interval: every true difference under which the measured one is no surprise.

    None where an arm has fewer than two people, or nobody bought (then nobody knows what a buyer spends). docs/decisions/0015 says
    why, with the error rates.
    """
    if min(one.n, other.n) < 2 or one.total + other.total <= 0:
        return None
    size, value = amounts(one, other).size, one.mean - other.mean
    low = _end(one, other, -size, value, lambda at: at.high)
    high = _end(one, other, size, value, lambda at: at.low)
    none = supposing(one, other, 0.0)
    visible = (none.high + NormalDist().inv_cdf(POWER)) * none.error
    return Difference(value, low, high, visible or high - low)


def supposing(one: Sample, other: Sample, true: float) -> Supposed:
    """The scatter of the difference if it truly were `true`, with the means of both arms that are likeliest then.

    So it is where a message changes how many buy. docs/decisions/0015 says what happens where it changes what each of them spends.
    """
    result = amounts(one, other)
    shares = likeliest((one.n, one.mean / result.size), (other.n, other.mean / result.size), true / result.size)
    mean, other_mean = (share * result.size for share in shares)
    then = result.if_spent(one.n * mean + other.n * other_mean)
    people, variance, third = one.n + other.n, 0.0, 0.0
    for at, n, sign in ((mean, one.n, 1), (other_mean, other.n, -1)):
        size = max(then.size, at)
        variance += at * (size - at) / n
        third += sign * at * (then.third - 3 * at * size + 2 * at * at) / n**2
    error = sqrt(variance * people / (people - 1))
    return Supposed(error, third / error**3 if error else 0.0)


def likeliest(one: tuple[int, float], other: tuple[int, float], true: float) -> tuple[float, float]:
    """The likeliest two shares with the difference `true`, given (people, share found) of two arms: the cubic's root in closed form."""
    (n, share), (other_n, other_share) = one, other
    ratio = other_n / n
    both = share + ratio * other_share
    a = 1 + ratio
    b = -(a + both + true * (ratio + 2))
    c = true * true + true * (2 * share + a) + both
    d = -share * true * (1 + true)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a * a) + d / (2 * a)
    u = sqrt(max((b / (3 * a)) ** 2 - c / (3 * a), 0.0)) * (-1 if v < 0 else 1)
    angle = (pi + acos(max(-1.0, min(1.0, v / u**3)))) / 3 if u else pi / 3
    result = min(max(2 * u * cos(angle) - b / (3 * a), true, 0.0), 1.0, 1.0 + true)
    return result, min(max(result - true, 0.0), 1.0)


def _end(one: Sample, other: Sample, furthest: float, value: float, quantile: Callable[[Supposed], float]) -> float:
    """The end of the interval between `furthest` (there everybody in one arm buys and nobody in the other) and the measured value."""
    outside, inside = furthest, value
    for _ in range(50):
        middle = (outside + inside) / 2
        at = supposing(one, other, middle)
        surprising = abs(value - middle) > abs(quantile(at)) * at.error
        outside, inside = (middle, inside) if surprising else (outside, middle)
    return inside


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share, square = hits / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = Z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
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
