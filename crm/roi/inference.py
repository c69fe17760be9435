"""Inference in plain Python from what the database counted: n and the sums of x, x², x³. No effect is ever claimed without its interval.

Sources: Gart & Nam (1990), Biometrics 46, 637–643 (score interval of a difference, corrected for skewness), here for amounts instead of
shares; Cornish & Fisher (1938), Revue de l'Institut International de Statistique 5, 307–320 (quantiles of a skewed distribution);
Newcombe (1998), Statistics in Medicine 17, 873–890, method 10 (difference of two shares from Wilson's intervals).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
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

    @property
    def spread(self) -> float:
        """The sum of squared distances from the mean; what is only the rounding of equal amounts counts as none."""
        found = self.squares - self.total * self.mean
        return found if found > 1e-12 * self.squares else 0.0

    @property
    def lean(self) -> float:
        """The sum of cubed distances from the mean."""
        return self.cubes - 3 * self.mean * self.squares + 2 * self.n * self.mean**3


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


def difference(one: Sample, other: Sample) -> Difference | None:
    """Mean of `one` − mean of `other` with its 95 % score interval: every true difference under which the measured one is no surprise.

    None where an arm has fewer than two people. Spread and skewness are those of both arms together, so that a small holdout that
    happens to miss the big buyers does not look more certain than it is. docs/decisions/0004 says why, with the error rates.
    """
    if min(one.n, other.n) < 2:
        return None
    value = one.mean - other.mean
    if one.spread + other.spread == 0:
        return Difference(value, value, value, 0.0)
    both = one.total + other.total
    low = _end(one, other, -both / other.n, value, lambda at: at.high)
    high = _end(one, other, both / one.n, value, lambda at: at.low)
    none = supposing(one, other, 0.0)
    return Difference(value, low, high, (none.high + NormalDist().inv_cdf(POWER)) * none.error)


def supposing(one: Sample, other: Sample, true: float) -> Supposed:
    """The scatter of the difference if it truly were `true`: each arm's variance and third moment grow with its mean.

    So it is where a message changes how many buy; where it changes only the amounts, the interval is somewhat too wide.
    """
    people, both = one.n + other.n, one.total + other.total
    variance = (one.spread + other.spread) / (people - 2)
    third = (one.lean + other.lean) / people
    mean = both / people
    share, other_share = max((mean + other.n * true / people) / mean, 0.0), max((mean - one.n * true / people) / mean, 0.0)
    error = sqrt(variance * (share / one.n + other_share / other.n))
    return Supposed(error, third * (share / one.n**2 - other_share / other.n**2) / error**3)


def _end(one: Sample, other: Sample, furthest: float, value: float, quantile: Callable[[Supposed], float]) -> float:
    """The end of the interval between `furthest` (there one arm would buy nothing) and the measured value, by halving."""
    outside, inside = furthest, value
    for _ in range(60):
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
