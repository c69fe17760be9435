"""BG/NBD: how often customers buy, and whether they still do. Fader, Hardie & Lee 2005, “Counting your customers” the easy way.

A customer is (frequency x, recency t, age T): repeat purchases, weeks from the first purchase to the last, weeks from the first to the day
of looking. While alive she buys at a rate that is gamma(r, α) over customers; after each purchase she leaves with a chance that is
beta(a, b).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Numbers = NDArray[np.float64]
LOW, HIGH = 1e-4, 1e5
"""Between these the parameters are looked for; one that comes to an end of it has run away."""
STARTS = ((1.0, 1.0, 1.0, 1.0), (0.3, 0.5, 0.5, 3.0))
"""r, α (in mean ages), a, b from where is looked; the better end counts."""
STAYS = 1e-3
"""Where fewer than this leave after a purchase, nobody leaves: a → 0."""
FINE: Any = {"ftol": 1e-13, "gtol": 1e-8, "maxiter": 500}


@dataclass(frozen=True, slots=True)
class Fit:
    """The parameters (α in weeks) and the log-likelihood."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    @property
    def degenerate(self) -> bool:
        """Whether the data do not tell who left from who waits, or a parameter ran away: nothing may be said by it then."""
        ends = any(not LOW * 1.05 < one < HIGH / 1.05 for one in (self.r, self.alpha, self.a, self.b))
        return ends or self.a / (self.a + self.b) < STAYS


@dataclass(frozen=True, slots=True)
class Cells:
    """Groups of customers alike: frequency, recency and age (weeks) of each, and how many they are (`people`)."""

    frequency: Numbers
    recency: Numbers
    age: Numbers
    people: Numbers


def fit(cells: Cells) -> Fit:
    """The parameters under which what was bought is likeliest; quasi-Newton over their logarithms with exact slopes."""
    likelihood = _Likelihood(cells)
    return max((_searched(likelihood, start) for start in STARTS), key=lambda found: found.log_likelihood)


def _searched(likelihood: "_Likelihood", start: tuple[float, float, float, float]) -> Fit:
    r, alpha, a, b = start
    first = np.log([r, alpha * max(likelihood.usual_age, 0.1), a, b])
    ends = [(np.log(LOW), np.log(HIGH))] * 4
    found: Any = optimize.minimize(likelihood.cost, first, jac=True, method="L-BFGS-B", bounds=ends, options=FINE)
    r, alpha, a, b = (float(one) for one in np.exp(found.x))
    return Fit(r, alpha, a, b, -float(found.fun) * likelihood.people)


class _Likelihood:
    """Equation (3) there, summed over cells: what depends on the frequency alone is worked out once per frequency.

    Sums are no products of vectors: those share their work between all cores, and wait for each other where cores are busy.
    """

    def __init__(self, cells: Cells) -> None:
        again = cells.frequency > 0
        self.people = float(cells.people.sum())
        self.usual_age = float((cells.people * cells.age).sum() / self.people)
        self._often, place = np.unique(cells.frequency, return_inverse=True)
        self._of_often = np.bincount(place, weights=cells.people)
        self._once = cells.age[~again], cells.people[~again]
        self._again = cells.frequency[again], cells.recency[again], cells.age[again], cells.people[again]

    def cost(self, logs: Numbers) -> tuple[float, Numbers]:
        """Minus the log-likelihood per person at (ln r, ln α, ln a, ln b), and its slopes."""
        r, alpha, a, b = np.exp(logs)
        x, n = self._often, self._of_often
        of_often = special.gammaln(r + x) + special.gammaln(b + x) - special.gammaln(a + b + x)
        value = (n * (of_often - special.gammaln(r) + r * np.log(alpha) + special.gammaln(a + b) - special.gammaln(b))).sum()
        both = special.psi(a + b) - special.psi(a + b + x)
        slopes = np.array(
            [
                (n * (special.psi(r + x) - special.psi(r) + np.log(alpha))).sum(),
                n.sum() * r / alpha,
                (n * both).sum(),
                (n * (both + special.psi(b + x) - special.psi(b))).sum(),
            ]
        )
        for more, slope in (self._single(r, alpha), self._repeated(r, alpha, a, b)):
            value, slopes = value + more, slopes + slope
        return -float(value) / self.people, -slopes * np.exp(logs) / self.people

    def _single(self, r: float, alpha: float) -> tuple[float, Numbers]:
        """Who bought once is alive for certain in this model."""
        age, n = self._once
        waited = alpha + age
        logs = float((n * np.log(waited)).sum())
        return -r * logs, np.array([-logs, -r * (n / waited).sum(), 0.0, 0.0])

    def _repeated(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Numbers]:
        """Who bought again is alive (until the age), or left after the last purchase."""
        x, recency, age, n = self._again
        until, last = np.log(alpha + age), np.log(alpha + recency)
        alive = -(r + x) * until
        left = np.log(a) - np.log(b + x - 1) - (r + x) * last
        whole = np.logaddexp(alive, left)
        gone = np.exp(left - whole)
        stays, goes = n * (1 - gone), n * gone
        slopes = [
            -(stays * until + goes * last).sum(),
            -((r + x) * (stays / (alpha + age) + goes / (alpha + recency))).sum(),
            goes.sum() / a,
            -(goes / (b + x - 1)).sum(),
        ]
        return float((n * whole).sum()), np.array(slopes)


def if_alive(one: Fit, frequency: Numbers, age: Numbers, weeks: float) -> Numbers:
    """Purchases expected in the next `weeks`, of customers who are alive; equation (10) there without its denominator (1 ÷ P(alive))."""
    a = one.a + 2e-6 if abs(one.a - 1) < 1e-6 else one.a  # the formula has a gap there, its value has none
    r, b, x = one.r, one.b, frequency
    z = weeks / (one.alpha + age + weeks)
    # Euler's transformation (DLMF 15.8.1) takes (1 - z)^(r + x), which vanishes for large x, out of the product
    left = (1 - z) ** (a - 1) * special.hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
    result: Numbers = (a + b + x - 1) / (a - 1) * (1 - left)
    return result


def alive(one: Fit, frequency: Numbers, recency: Numbers, age: Numbers) -> Numbers:
    """P(alive) of (frequency, recency, age): Fader, Hardie & Lee 2008, “Computing P(alive) using the BG/NBD model”; 1 without repeats."""
    x = np.maximum(frequency, 1)
    odds = one.a / (one.b + x - 1) * np.exp((one.r + x) * np.log((one.alpha + age) / (one.alpha + recency)))
    result: Numbers = np.where(frequency > 0, 1 / (1 + odds), 1.0)
    return result
