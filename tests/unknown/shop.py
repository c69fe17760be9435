"""The history of an invented shop: who bought what, when, and what was given back, before anybody exports it."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
WORDS: dict[str, Any] = json.loads((HERE / "words.json").read_text(encoding="utf-8"))
WORLD: dict[str, Any] = json.loads((HERE / "world.json").read_text(encoding="utf-8"))
LANGUAGES = ("zh", "en", "de", "fr", "es")
MONEY = {
    "zh": ("CNY",),
    "en": ("USD", "GBP", "INR", "AUD"),
    "de": ("EUR", "EUR", "CHF"),
    "fr": ("EUR", "EUR", "CAD"),
    "es": ("EUR", "MXN", "ARS"),
}
RATE = {"zh": "0.13", "en": "0.08", "de": "0.19", "fr": "0.20", "es": "0.21"}
CENT = Decimal("0.01")
START = datetime(2025, 3, 1)


@dataclass(frozen=True)
class Buyer:
    """A person. `place` is (country code, region, city); `account` is blank for guests."""

    account: str
    email: str
    phone: str
    name: str
    place: tuple[str, str, str]
    born: date
    gender: int


@dataclass(frozen=True)
class Line:
    """One product of an order; `total` is price × quantity."""

    title: str
    sku: str
    category: str
    quantity: int
    price: Decimal

    @property
    def total(self) -> Decimal:
        """What the line comes to."""
        return self.price * self.quantity


@dataclass
class Order:
    """One order. Moments are the shop's local time. `state`: paid, unpaid, cancelled, refunded or partial."""

    id: str
    created: datetime
    paid: datetime | None
    shipped: datetime | None
    buyer: Buyer | None
    lines: list[Line]
    place: tuple[str, str, str]
    shipping: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    state: str = "paid"
    currency: str = ""
    tax_on_top: bool = False

    @property
    def subtotal(self) -> Decimal:
        """The goods alone."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What the customer paid or was to pay: after discount, with shipping and tax."""
        return self.subtotal - self.discount + self.shipping + (self.tax if self.tax_on_top else 0)

    @property
    def kept(self) -> Decimal:
        """What the shop keeps of it."""
        return self.total - self.refunded if self.state in ("paid", "refunded", "partial") else Decimal(0)


@dataclass
class Shop:
    """What is drawn once per shop."""

    language: str
    currency: str
    scale: Decimal
    prices: str
    orders: list[Order] = field(default_factory=list)


def opened(chance: Random, language: str, size: int, *, lines: int, parts: bool, walk_ins: float) -> Shop:
    """A shop with `size` orders of up to `lines` lines. `parts`: shipping, discount, tax happen. `walk_ins`: share of orders of nobody."""
    currency = chance.choice(MONEY[language])
    scale = Decimal({"INR": 60, "MXN": 15, "ARS": 900}.get(currency, 1)) * chance.choice((1, 1, 1, 8))
    shop = Shop(language, currency, scale, chance.choices(("cents", "nines", "whole"), (5, 4, 1))[0])
    people = _people(chance, language, max(2, int(size * chance.uniform(0.4, 0.9))))
    stock = _stock(chance, shop)
    days = chance.choice((20, 60, 200, 400))
    moments = sorted(START + timedelta(minutes=chance.randrange(days * 1440), seconds=chance.randrange(60)) for _ in range(size))
    ids = _ids(chance, size)
    rate, flat = Decimal(RATE[language]), Decimal(chance.choice(("4.90", "5.00", "0", "7.50"))) * min(scale, 20)
    on_top = chance.random() < (0.8 if language == "en" else 0.25)
    for number, created in enumerate(moments):
        buyer = None if chance.random() < walk_ins else chance.choice(people)
        bought = [
            Line(*thing, chance.choices((1, 2, 3, 10), (60, 25, 10, 5))[0], price)
            for *thing, price in chance.sample(stock, chance.randint(1, min(lines, len(stock))))
        ]
        paid = created + timedelta(minutes=chance.choice((0, 1, 4, 30, 600)), seconds=chance.randrange(50))
        place = buyer.place if buyer else chance.choice(WORLD["places"][language])
        order = Order(ids[number], created, paid, paid + timedelta(days=chance.randint(1, 4)), buyer, bought, tuple(place))
        order.currency, order.tax_on_top = currency, on_top
        if parts:
            order.shipping = flat if chance.random() < 0.6 else Decimal(0)
            order.discount = (
                (order.subtotal * chance.choice((5, 10, 20, 50)) / 100).quantize(CENT) if chance.random() < 0.35 else Decimal(0)
            )
            base = order.subtotal - order.discount + order.shipping
            order.tax = (base * rate if on_top else base * rate / (1 + rate)).quantize(CENT)
        shop.orders.append(order)
    return shop


def _people(chance: Random, language: str, number: int) -> list[Buyer]:
    given, family = WORLD["given"][language], WORLD["family"][language]
    pairs = [(one, other) for one in given for other in family]
    sort = chance.choice(("number", "code", "nick"))
    items = []
    for place, (one, other) in enumerate(chance.sample(pairs, min(number, len(pairs))), 1):
        name = other + one if language == "zh" else f"{one} {other}"
        account = {
            "number": str(16 + place * 7),
            "code": f"C{1000 + place}",
            "nick": f"tb_{place}{other[0]}" if language == "zh" else f"user_{place}x",
        }[sort]
        phone = {
            "zh": f"138{10000000 + place * 137}",
            "en": f"+1 (212) 555-{1000 + place:04}",
            "de": f"+49 151 {20000000 + place * 31}",
        }.get(language, f"+3{3 if language == 'fr' else 4} 6{10000000 + place * 57}")
        born = date(chance.randint(1955, 2004), chance.randint(1, 12), chance.randint(1, 28))
        where = tuple(chance.choice(WORLD["places"][language]))
        items.append(Buyer(account, f"p{place}.{language}@mail.example", phone, name, where, born, chance.randint(0, 1)))
    return items


def _stock(chance: Random, shop: Shop) -> list[tuple[Any, ...]]:
    ends = {
        "cents": lambda: Decimal(chance.randint(199, 9999)) / 100,
        "nines": lambda: Decimal(chance.randint(2, 90)) + Decimal(chance.choice(("0.90", "0.99", "0.50"))),
    }
    draw = ends.get(shop.prices, lambda: Decimal(chance.randint(3, 90)))
    kinds = WORLD["categories"][shop.language]
    return [
        (title, f"{chance.choice('MSK')}-{number + 10}", chance.choice(kinds), (draw() * shop.scale).quantize(CENT))
        for number, title in enumerate(WORLD["products"][shop.language])
    ]


def _ids(chance: Random, size: int) -> list[str]:
    """Order ids as shops number: running, with a year, with a prefix, long."""
    first = chance.choice((1, 1001, 5001, 88010, 3900000001, 11111111111111101))
    step = chance.choice((1, 1, 1, 3))
    shape = chance.choices(("{}", "#{}", "SO-{}", "2025-{:05}", "W{:06}", "{:03}-07-{:04}"), (8, 2, 2, 2, 1, 1))[0]
    return [shape.format(first + number * step, number + 1) for number in range(size)]
