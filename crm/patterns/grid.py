"""The grid of how often × how long ago: people, money, classes and rhythm of each box, its filter, and what may help."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.customers import dimensions, rfm
from crm.customers.attributes import bought
from crm.database import Store
from crm.patterns.keeping import kept, rows
from crm.segments.scope import Node, Scope
from crm.settings import Shop

ADVICE = ("new", "loyal", "second", "wake", "last", "winback")
"""Kinds of boxes, by what may help: bought lately (once, more often), a while ago, long ago. The page says it in words."""
LAPSE, FREQUENCY = "lapse", "frequency"


@dataclass(frozen=True, slots=True)
class Box:
    """Bins of `lapse` (days since the last purchase) and `frequency` (purchases) and who is in both.

    `classes`: people by RFM class. `interval`: median of their own usual days between purchases, `overdue` of recency ÷ usual days.
    """

    lapse: str
    frequency: str
    people: int
    spend: Decimal
    classes: dict[str, int]
    interval: float | None
    overdue: float | None
    advice: str
    node: Node


@dataclass(frozen=True, slots=True)
class Grid:
    """`boxes` by (lapse, frequency), also those with nobody in them; `lapses` and `frequencies` in their order."""

    lapses: list[str]
    frequencies: list[str]
    boxes: dict[tuple[str, str], Box]


def compute(store: Store, as_of: date) -> Grid:
    """All buyers in boxes; whoever never bought is in none."""
    return kept(store, "grid", as_of, lambda _bench, within: _grid(store, within))


def _grid(store: Store, within: Scope) -> Grid:
    shop = within.shop
    lapses = [one.key for one in bought.lapse(shop)]
    frequencies = [one.key for one in bought.frequency(shop) if one.low > 0]
    found = {(row.lapse, row.frequency): row for row in rows(store, boxes(within))}
    kinds: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows(store, classed(within)):
        kinds.setdefault((row.lapse, row.frequency), {})[row.value] = int(row.people)
    keys = [(lapse, frequency) for lapse in lapses for frequency in frequencies]
    return Grid(lapses, frequencies, {key: _box(key, found.get(key), kinds.get(key, {}), shop) for key in keys})


def _placed(within: Scope, buyers: Any) -> Any:
    """The buyers with their bins."""
    context = Scope(as_of=within.as_of, shop=within.shop, facts=buyers)
    bins = {name: dimensions.get(name).bins.bin(context) for name in (LAPSE, FREQUENCY)}
    return buyers.mutate(**bins)


def boxes(within: Scope) -> Any:
    """lapse, frequency, people, spend, interval, overdue."""
    ratio = bought.overdue(within)
    buyers = within.facts.filter(within.facts.purchases > 0).left_join(ratio, "customer_id").drop("customer_id_right")
    placed = _placed(within, buyers)
    rhythm = {"interval": placed.interval_days.median(), "overdue": placed.value.median()}
    return placed.group_by(LAPSE, FREQUENCY).aggregate(people=placed.count(), spend=placed.spend.sum(), **rhythm)


def classed(within: Scope) -> Any:
    """lapse, frequency, value (RFM class), people."""
    placed = _placed(within, rfm.rfm_class(within).join(within.facts, "customer_id"))
    return placed.group_by(LAPSE, FREQUENCY, "value").aggregate(people=placed.count())


def _box(key: tuple[str, str], row: Any, classes: dict[str, int], shop: Shop) -> Box:
    parts = [dimensions.get(name).bins.node([one], shop) for name, one in zip((LAPSE, FREQUENCY), key, strict=True)]
    people, spend = (int(row.people), Decimal(str(row.spend))) if row else (0, Decimal(0))
    ordered = dict(sorted(classes.items(), key=lambda one: -one[1]))
    interval, overdue = (_number(getattr(row, name, None)) for name in ("interval", "overdue"))
    return Box(*key, people, spend, ordered, interval, overdue, _advice(key, shop), {"all": parts})


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _advice(key: tuple[str, str], shop: Shop) -> str:
    since, again = _low(key[0]), key[1] != "1"
    place = 0 if since <= shop.active_days else 2 if since <= shop.lost_days else 4
    return ADVICE[place + again]


def _low(bin: str) -> int:
    return int(bin.removesuffix("+").split("-")[0])
