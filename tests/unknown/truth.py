"""What an export comes to, worked out from the shop's history and never from the file."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.unknown.shop import WORLD, Order
from tests.unknown.traits import Traits


@dataclass(frozen=True)
class Told:
    """One order: money kept and given back, who (None: nobody known), the shop day of the purchase, where. `buyer` is any stable name."""

    kept: Decimal
    refunded: Decimal
    buyer: str | None
    day: date
    currency: str
    country: str | None = None
    region: str | None = None


@dataclass
class Truth:
    """Order id → what is true of it. `buyers`: whether the file names any. `regions`: which of country and region it has."""

    orders: dict[str, Told]
    buyers: bool = True
    regions: tuple[str, ...] = ()
    names: dict[str, set[str]] = field(default_factory=dict)

    @property
    def purchases(self) -> int:
        """Orders of which money was kept."""
        return sum(order.kept > 0 for order in self.orders.values())

    @property
    def spend(self) -> dict[str, Decimal]:
        """Money kept by currency."""
        values: dict[str, Decimal] = defaultdict(Decimal)
        for order in self.orders.values():
            values[order.currency] += order.kept
        return {currency: money for currency, money in values.items() if money}

    @property
    def customers(self) -> int | None:
        """Identified buyers; None when the file names none."""
        return len({order.buyer for order in self.orders.values() if order.buyer}) if self.buyers else None

    @property
    def repeat(self) -> int | None:
        """Buyers with two purchases or more."""
        counted = Counter(order.buyer for order in self.orders.values() if order.buyer and order.kept > 0)
        return sum(number > 1 for number in counted.values()) if self.buyers else None

    def by(self, place: str) -> dict[str | None, Decimal]:
        """Money kept by `country` or `region`; None for orders that tell none."""
        values: dict[str | None, Decimal] = defaultdict(Decimal)
        for order in self.orders.values():
            values[getattr(order, place)] += order.kept
        return {name: money for name, money in values.items() if money}


def of(orders: list[Order], traits: Traits, blank: set[str]) -> Truth:
    """The truth of these orders. `blank`: ids of orders whose place is blank in the file."""
    known = traits.identity not in ("none", "type", "masked")
    values = {}
    for order in orders:
        where = (None, None) if order.id in blank else order.place[:2]
        values[order.id] = Told(
            order.kept,
            order.refunded,
            order.buyer.account if order.buyer and known else None,
            _day(order, traits),
            order.currency,
            where[0] if "country" in traits.places else None,
            where[1] if "region" in traits.places else None,
        )
    names = {code: {code, *WORLD["countries"][code].values()} for code in WORLD["countries"]}
    return Truth(values, known, tuple(name for name in ("country", "region") if name in traits.places), names)


def _day(order: Order, traits: Traits) -> date:
    """The day of payment where the file tells it, else that of the order."""
    result = order.paid if "paid" in traits.moment else None
    return (result or order.created).date()
