"""What is in the demo's orders and how they end: products, amounts in cents, statuses, refunds, payments that never came."""

from dataclasses import dataclass, replace

import numpy as np

from crm.demo import catalogue, history
from crm.demo.people import People

SUCCESS, UNPAID, CLOSED_UNPAID, CLOSED_REFUNDED, UNSHIPPED, SHIPPED = range(6)
STATUS = ("交易成功", "等待买家付款", "交易关闭", "交易关闭", "买家已付款，等待卖家发货", "卖家已发货，等待买家确认")
LINES = (0.62, 0.24, 0.1, 0.04)


@dataclass(frozen=True)
class Baskets:
    """Orders (one entry each, in the order of `moment`) and their lines (`of` = number of the order); amounts in cents."""

    customer: np.ndarray
    moment: np.ndarray
    pay_delay: np.ndarray  # seconds
    status: np.ndarray
    goods: np.ndarray
    shipping: np.ndarray
    paid: np.ndarray
    refunded: np.ndarray
    items: np.ndarray
    of: np.ndarray
    product: np.ndarray
    variant: np.ndarray
    quantity: np.ndarray
    line_closed: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """What the buyer was asked for: goods and shipping."""
        asked: np.ndarray = self.goods + self.shipping
        return asked


def make(
    rng: np.random.Generator, people: People, customer: np.ndarray, moment: np.ndarray, until: np.datetime64, plain: bool = False
) -> Baskets:
    """One basket per order. `until` is when the export was made; `plain` = every order is completed and keeps its money."""
    count = len(customer)
    of = np.repeat(np.arange(count), 1 + rng.choice(len(LINES), count, p=LINES))
    product = _products(rng, people.favourite[customer[of]])
    quantity = 1 + rng.poisson(0.12 * people.taste[customer[of]])
    listed = np.bincount(of, catalogue.PRICES[product] * 100 * quantity, minlength=count)
    goods = np.round(listed * _discount(rng, moment)).astype(np.int64).clip(100)
    shipping = np.where(goods < 5_900, 800, 0)
    status = np.full(count, SUCCESS) if plain else _statuses(rng, moment, until)
    paid, refunded, line_closed = _money(rng, status, goods + shipping, of, plain)
    items = np.bincount(of, quantity, minlength=count).astype(np.int64)
    delay = np.round(rng.lognormal(3.6, 1.6, count)).clip(5, 86_000).astype(np.int64)
    variant = rng.integers(0, 12, len(of))
    return Baskets(customer, moment, delay, status, goods, shipping, paid, refunded, items, of, product, variant, quantity, line_closed)


def repriced(baskets: Baskets, paid: np.ndarray) -> Baskets:
    """The same orders at other prices, in cents, free of shipping."""
    return replace(baskets, goods=paid, shipping=np.zeros_like(paid), paid=paid)


def _products(rng: np.random.Generator, favourite: np.ndarray) -> np.ndarray:
    """A product per line: mostly out of the buyer's favourite category."""
    product = np.zeros(len(favourite), dtype=np.int64)
    for category in range(len(catalogue.CATEGORIES)):
        mine = favourite == category
        product[mine] = rng.choice(len(catalogue.PRODUCTS), mine.sum(), p=catalogue.shares(category))
    return product


def _discount(rng: np.random.Generator, moment: np.ndarray) -> np.ndarray:
    day = moment.astype("datetime64[D]")
    month_day = np.char.partition(day.astype(str), "-")[:, 2]
    is_peak = np.isin(month_day, [f"{month:02d}-{number:02d}" for month, number in history.PEAKS])
    factor: np.ndarray = np.where(is_peak, 0.82, 0.95) - rng.choice((0, 0, 0.05, 0.1), len(moment))
    return factor


def _statuses(rng: np.random.Generator, moment: np.ndarray, until: np.datetime64) -> np.ndarray:
    age = (until - moment).astype(np.int64) / 86_400
    chance = rng.random(len(moment))
    running = np.where(age < 1, UNSHIPPED, np.where(age < 8, SHIPPED, SUCCESS))
    closed = np.where(chance < 0.115, np.where(age < 1, UNPAID, CLOSED_UNPAID), CLOSED_REFUNDED)
    status: np.ndarray = np.where(chance < 0.137, closed, running)
    return status


def _money(
    rng: np.random.Generator, status: np.ndarray, total: np.ndarray, of: np.ndarray, plain: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Paid and refunded cents, and the lines a refund closed. Half of the closed refunds show what was paid, half are net 0."""
    chance = rng.random(len(status))
    paid = np.where((status == UNPAID) | (status == CLOSED_UNPAID), 0, total)
    refunded = np.where(status == CLOSED_REFUNDED, total, 0)
    paid = np.where((status == CLOSED_REFUNDED) & (chance < 0.5), 0, paid)
    after = np.zeros(len(status), dtype=bool) if plain else (status == SUCCESS) & (chance < 0.028)
    share = np.where(chance < 0.016, 1.0, 0.25 + 0.5 * rng.random(len(status)))
    refunded = np.where(after, np.round(total * share), refunded).astype(np.int64)
    is_first = np.r_[True, of[1:] != of[:-1]] if len(of) else np.zeros(0, dtype=bool)
    line_closed = (after[of] & is_first) | np.isin(status, (CLOSED_UNPAID, CLOSED_REFUNDED))[of]
    return paid, refunded, line_closed
