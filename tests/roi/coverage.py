"""How often the interval of a result misses the truth, by seeded simulation: a grid of base rates, effects, sizes and amounts.

python -m tests.roi.coverage [RUNS]     the whole grid (`make intervals`): the misses of each cell in %, and the worst of them
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

from crm.roi.inference import Sample, difference
from crm.roi.verdict import too_few

RATES = (0.002, 0.005, 0.01, 0.03, 0.1)
EFFECTS = (1, 2, 5, 10)
PEOPLE = (500, 2_000, 5_000, 15_000, 50_000)
AMOUNTS = {"one price": 0.0, "log-normal 0.9": 0.9, "log-normal 1.2": 1.2}
LOG_MEAN = 4.75  # as in the demo shop
DRAWS = 20_000_000
"""About how many purchases one cell may draw: large cells get fewer runs."""


@dataclass(frozen=True)
class Cell:
    """A campaign to be repeated: people in both arms, the share held out, who buys without it, times how much, and how amounts scatter."""

    amounts: str
    people: int
    rate: float
    effect: float
    held: float = 0.1

    @property
    def arms(self) -> tuple[tuple[int, float], tuple[int, float]]:
        """(people, share who buys) of recipients and holdout."""
        holdout = int(self.people * self.held)
        return (self.people - holdout, min(self.rate * self.effect, 1.0)), (holdout, self.rate)

    @property
    def truth(self) -> float:
        """The true difference per person."""
        (_, buying), (_, without) = self.arms
        return (buying - without) * exp(LOG_MEAN + AMOUNTS[self.amounts] ** 2 / 2)


@dataclass(frozen=True)
class Missed:
    """What became of the runs that were shown: the share of intervals above the truth, below it, and their mean width."""

    shown: int
    above: float
    below: float
    width: float

    @property
    def either(self) -> float:
        """Above or below."""
        return self.above + self.below

    def chance(self, nominal: float, errors: float = 3.0) -> float:
        """The most that chance makes of a miss rate that is `nominal`, at so many standard errors."""
        return nominal + errors * sqrt(nominal * (1 - nominal) / self.shown)


def arm(rng: np.random.Generator, people: int, buying: float, spread: float) -> tuple[Sample, int]:
    """What one arm spent, and how many bought."""
    spent = rng.lognormal(LOG_MEAN, spread, rng.binomial(people, buying))
    return Sample(people, float(spent.sum()), float((spent**2).sum()), float((spent**3).sum())), len(spent)


def repeat(cell: Cell, runs: int, seed: int) -> Missed | None:
    """The same campaign so many times. What is not shown because too few bought does not count; None where hardly any run is shown."""
    rng, spread, (mailed, held) = np.random.default_rng(seed), AMOUNTS[cell.amounts], cell.arms
    runs = min(runs, max(int(DRAWS / (mailed[0] * mailed[1] + held[0] * held[1] + 1)), 300))
    ends: list[tuple[float, float]] = []
    for _ in range(runs):
        (one, buyers), (other, others) = arm(rng, *mailed, spread), arm(rng, *held, spread)
        result = None if too_few((one.n, other.n), buyers + others) else difference(one, other)
        ends += [(result.low, result.high)] if result else []
    if len(ends) < runs / 20:
        return None
    low, high = np.array(ends).T
    return Missed(len(ends), float((low > cell.truth).mean()), float((high < cell.truth).mean()), float((high - low).mean()))


def grid() -> Iterator[Cell]:
    """All cells, the holdout a tenth."""
    for amounts in AMOUNTS:
        for people in PEOPLE:
            for rate in RATES:
                for effect in EFFECTS:
                    yield Cell(amounts, people, rate, effect)


def lines(runs: int) -> Iterator[str]:
    """Each cell as it is done, then what is worst."""
    yield "amounts, people, rate, effect: shown, interval above the truth, below it, together (%), width per person"
    values = {}
    for place, cell in enumerate(grid()):
        result = repeat(cell, runs, place)
        if result is not None:
            values[cell] = result
            shares = " ".join(f"{100 * part:5.1f}" for part in (result.above, result.below, result.either))
            yield f"{cell.amounts:15} {cell.people:6} {cell.rate:6.1%} x{cell.effect:<3} {result.shown:6} {shares} {result.width:9.3f}"
    for name in ("above", "below", "either"):
        worst = max(values, key=lambda cell: getattr(values[cell], name))
        yield f"worst {name}: {100 * getattr(values[worst], name):.1f} % ({worst})"


if __name__ == "__main__":
    for line in lines(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
