"""The grid of how often × how long ago: people, money, classes and rhythm of each box, its filter, and what may help."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.customers import dimensions, rfm
from crm.customers.attributes import bought
from crm.database import Store
from crm.patterns.keeping import kept
from crm.segments.scope import Node, Scope
from crm.settings import Shop

ADVICE = {
    "new": "Bought for the first time not long ago. Thank them, and show what goes with it while they remember you.",
    "loyal": "Your best. Ask what they think, let them see new things first; they need no discount.",
    "second": "Bought once and have gone quiet. A reason for the second purchase is worth most now.",
    "wake": "Used to come back and are overdue. Write now, personally, about what they usually buy.",
    "last": "Bought once, long ago. One cheap message with a good reason; who does not answer, leave alone.",
    "winback": "Were regulars and have gone. Call or write by name; a real offer pays here if anywhere.",
}
"""By kind of box."""
LAPSE, FREQUENCY = "lapse", "frequency"


@dataclass(frozen=True, slots=True)
class Box:
    """Bins of `lapse` (days since the last purchase) and `frequency` (purchases) and who is in both.

    `classes`: people by RFM class. `interval`: the median of their own usual days between purchases; `overdue`: of recency ÷ usual interval.
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
    per_box = store.read(boxes(within))
    per_class = store.read(classed(within))
    found = {(row.lapse, row.frequency): row for row in per_box.itertuples()}
    kinds: dict[tuple[str, str], dict[str, int]] = {}
    for row in per_class.itertuples():
        kinds.setdefault((row.lapse, row.frequency), {})[row.value] = int(row.people)
    keys = [(lapse, frequency) for lapse in lapses for frequency in frequencies]
    return Grid(lapses, frequencies, {key: _box(key, found.get(key), kinds.get(key, {}), shop) for key in keys})


def _placed(within: Scope, rows: Any) -> Any:
    """The buyers with their bins."""
    context = Scope(as_of=within.as_of, shop=within.shop, facts=rows)
    bins = {name: dimensions.get(name).bins.bin(context) for name in (LAPSE, FREQUENCY)}
    return rows.mutate(**bins)


def boxes(within: Scope) -> Any:
    """lapse, frequency, people, spend, interval, overdue."""
    ratio = bought.overdue(within)
    buyers = within.facts.filter(within.facts.purchases > 0).left_join(ratio, "customer_id").drop("customer_id_right")
    rows = _placed(within, buyers)
    sums = {"people": rows.count(), "spend": rows.spend.sum(), "interval": rows.interval_days.median(), "overdue": rows.value.median()}
    return rows.group_by(LAPSE, FREQUENCY).aggregate(**sums)


def classed(within: Scope) -> Any:
    """lapse, frequency, value (RFM class), people."""
    rows = _placed(within, rfm.rfm_class(within).join(within.facts, "customer_id"))
    return rows.group_by(LAPSE, FREQUENCY, "value").aggregate(people=rows.count())


def _box(key: tuple[str, str], row: Any, classes: dict[str, int], shop: Shop) -> Box:
    parts = [dimensions.get(name).bins.node([one], shop) for name, one in zip((LAPSE, FREQUENCY), key, strict=True)]
    people, spend = (int(row.people), Decimal(str(row.spend))) if row else (0, Decimal(0))
    ordered = dict(sorted(classes.items(), key=lambda one: -one[1]))
    interval, overdue = (_number(getattr(row, name, None)) for name in ("interval", "overdue"))
    return Box(*key, people, spend, ordered, interval, overdue, _advice(key, shop), {"all": parts})


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _advice(key: tuple[str, str], shop: Shop) -> str:
    since, once = _low(key[0]), key[1] == "1"
    if since <= shop.active_days:
        return "new" if once else "loyal"
    if since <= shop.lost_days:
        return "second" if once else "wake"
    return "last" if once else "winback"


def _low(bin: str) -> int:
    return int(bin.removesuffix("+").split("-")[0])
