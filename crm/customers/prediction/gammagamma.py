"""Gamma-Gamma: what a purchase of each customer is worth. Fader & Hardie 2013, “The Gamma-Gamma model of monetary value”.

Of a customer: repeat purchases x and their mean m. Her purchases scatter as gamma(p, ν) about a mean of her own; over customers ν is
gamma(q, v).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Numbers = NDArray[np.float64]
LOW, HIGH = 1e-4, 1e5
STARTS = ((1.0, 2.0, 1.0), (6.0, 4.0, 0.5))
FINE: Any = {"ftol": 1e-13, "gtol": 1e-8, "maxiter": 500}


@dataclass(frozen=True, slots=True)
class Fit:
    """The parameters (v in the shop's currency) and the log-likelihood."""

    p: float
    q: float
    v: float
    log_likelihood: float

    @property
    def degenerate(self) -> bool:
        """Whether there is no mean (q ≤ 1), or p or q ran away."""
        return self.q <= 1.05 or not all(LOW * 1.05 < one < HIGH / 1.05 for one in (self.p, self.q))


def fit(frequency: Numbers, mean: Numbers, people: Numbers) -> Fit:
    """The parameters under which the means are likeliest: groups of `people` with that many repeat purchases (≥ 1) of that mean (> 0)."""
    scale = float((people * mean).sum()) / float(people.sum())  # so that the currency makes no difference to the search
    cost = _Cost(frequency, mean / scale, people)
    return max((_searched(cost, start, scale) for start in STARTS), key=lambda found: found.log_likelihood)


def _searched(cost: "_Cost", start: tuple[float, float, float], scale: float) -> Fit:
    ends = [(np.log(LOW), np.log(HIGH))] * 3
    found: Any = optimize.minimize(cost, np.log(start), jac=True, method="L-BFGS-B", bounds=ends, options=FINE)
    p, q, v = (float(one) for one in np.exp(found.x))
    return Fit(p, q, v * scale, -(float(found.fun) + float(np.log(scale))) * cost.people)


class _Cost:
    """Minus equation (1a) there per person, and its slopes, at (ln p, ln q, ln v)."""

    def __init__(self, x: Numbers, m: Numbers, people: Numbers) -> None:
        self.people = float(people.sum())
        self._x, self._n, self._sum = x, people, x * m
        self._log_sum, self._log_m = np.log(x * m), float((people * np.log(m)).sum())
        self._often, self._place = np.unique(x, return_inverse=True)

    def __call__(self, logs: Numbers) -> tuple[float, Numbers]:
        p, q, v = np.exp(logs)
        x, n = self._x, self._n
        often = p * self._often
        own = (special.gammaln(often + q) - special.gammaln(often))[self._place]
        both, alone = special.psi(often + q)[self._place], special.psi(often)[self._place]
        away = v + self._sum
        log_away = np.log(away)
        value = (n * (own + p * x * self._log_sum - (p * x + q) * log_away)).sum() - self._log_m
        value += self.people * (q * np.log(v) - special.gammaln(q))
        slopes = [
            (n * x * (both - alone + self._log_sum - log_away)).sum(),
            (n * (both - log_away)).sum() + self.people * (np.log(v) - special.psi(q)),
            self.people * q / v - (n * (p * x + q) / away).sum(),
        ]
        return -float(value) / self.people, -np.array(slopes) * np.exp(logs) / self.people
