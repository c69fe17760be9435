"""When the demo's customers order: buying and dropping out as in BG/NBD (Fader, Hardie & Lee 2005), bent to the seasons of a year.

Time is drawn evenly first and then bent, so that busy days (双十一, 618, 双十二 …) get more of it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

DAYS = 730
BURN_IN = 730
HORIZON = DAYS + BURN_IN
SHAPE, DROP_A, DROP_B = 0.75, 0.9, 2.1
"""Gamma shape of the buying rates; Beta of the chance to never come back after a purchase."""

MONTHS = (0.85, 0.75, 1.0, 0.95, 1.05, 1.1, 0.9, 0.92, 1.05, 1.05, 1.15, 1.1)
WEEK = (1.02, 1.0, 0.98, 0.98, 0.96, 1.02, 1.06)
PEAKS = {
    (11, 11): 9.0,
    (11, 10): 2.2,
    (11, 12): 2.0,
    (6, 18): 5.5,
    (6, 17): 2.0,
    (6, 1): 2.2,
    (12, 12): 4.0,
    (3, 8): 2.0,
    (9, 9): 1.5,
    (5, 20): 1.4,
}
HOURS = (2.4, 1.2, 0.6, 0.3, 0.2, 0.3, 0.8, 1.8, 3.2, 4.6, 5.6, 5.2, 4.6, 5.0, 5.4, 5.2, 4.8, 4.4, 4.2, 5.2, 6.8, 7.6, 7.0, 4.8)
YEARLY_GROWTH = 0.12


@dataclass(frozen=True)
class History:
    """One entry per order, ordered by moment: whose it is (0-based customer number), and when (shop's wall clock, datetime64[s])."""

    customer: np.ndarray
    moment: np.ndarray


def make(rng: np.random.Generator, customers: int, orders: int, as_of: date) -> History:
    """About `orders` orders of exactly `customers` customers in the 24 months up to the day before `as_of`."""
    rate, kept = _calibrated(orders / customers)
    who, when = _bought(rng, int(customers / kept * 1.15) + 50, rate)
    who, when = who[when >= BURN_IN], when[when >= BURN_IN]
    seen, number = np.unique(who, return_inverse=True)
    chosen = rng.permutation(len(seen)) < customers
    keep = chosen[number]
    renumbered = np.cumsum(chosen) - 1
    moment = _bent(rng, when[keep], as_of)
    order = np.argsort(moment, kind="stable")
    return History(renumbered[number[keep]][order], moment[order])


def _calibrated(wanted: float) -> tuple[float, float]:
    """The mean buying rate per day that gives `wanted` orders per customer seen, and the share of all customers who are seen."""
    low, high = 1e-5, 0.5
    kept = 1.0
    for _ in range(14):
        middle = (low * high) ** 0.5
        who, when = _bought(np.random.default_rng(11), 12_000, middle)
        seen = np.unique(who[when >= BURN_IN])
        kept = len(seen) / 12_000
        low, high = (middle, high) if (when >= BURN_IN).sum() / len(seen) < wanted else (low, middle)
    return middle, kept


def _bought(rng: np.random.Generator, count: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """BG/NBD: everybody buys once, then at their own rate until they drop out; (customer, day as a fraction)."""
    moment = rng.random(count) * HORIZON
    gap = 1 / rng.gamma(SHAPE, rate / SHAPE, count).clip(1e-6)
    leaves = rng.beta(DROP_A, DROP_B, count)
    active = np.arange(count)
    items: list[tuple[np.ndarray, np.ndarray]] = []
    while len(active):
        items.append((active, moment[active]))
        stays = active[rng.random(len(active)) >= leaves[active]]
        moment[stays] += 1 + rng.exponential(gap[stays])
        active = stays[moment[stays] < HORIZON]
    return np.concatenate([who for who, _ in items]), np.concatenate([when for _, when in items])


def _bent(rng: np.random.Generator, when: np.ndarray, as_of: date) -> np.ndarray:
    """Even time (BURN_IN to HORIZON) as moments: more on busy days, at the hours at which people shop."""
    first = as_of - timedelta(days=DAYS)
    busy = np.cumsum([_weight(first + timedelta(days=number), number) for number in range(DAYS)])
    place = (when - BURN_IN) / DAYS * busy[-1]
    day = np.searchsorted(busy, place, side="right").clip(0, DAYS - 1)
    hour = rng.choice(24, len(when), p=np.array(HOURS) / sum(HOURS))
    second = rng.integers(0, 3600, len(when))
    moment: np.ndarray = np.datetime64(first, "s") + (day * 86_400 + hour * 3_600 + second).astype("timedelta64[s]")
    return moment


def _weight(day: date, number: int) -> float:
    growth: float = (1 + YEARLY_GROWTH) ** (number / 365)
    return growth * MONTHS[day.month - 1] * WEEK[day.weekday()] * PEAKS.get((day.month, day.day), 1.0)
