"""Random customers and random filters, and the same filter in plain Python."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from crm import database
from tests.customers.given import customer, fill, line, order

TODAY = date(2025, 6, 30)
Told = tuple[int, str, int, bool]
PROVINCES = ["广东省", "浙江省", None]
MAILS = ["a@qq.com", "b@163.com", None]


def _field(name: str, ops: list[str], values: Any) -> Any:
    return st.builds(lambda op, value: {"field": name, "op": op, "value": value}, st.sampled_from(ops), values)


def _bare(name: str) -> Any:
    return st.sampled_from([{"field": name, "op": "is_known"}, {"field": name, "op": "is_unknown"}])


PERIODS, NODES = st.sampled_from(["this_month", "last_month", "last_quarter", "this_year"]), st.sampled_from(["618", "元旦"])
leaves = st.one_of(
    _field("recency_days", ["at_least", "at_most", "below", "is", "is_not"], st.integers(0, 300)),
    _field("purchases", ["at_least", "at_most", "below", "is"], st.integers(0, 4)),
    _field("spend", ["at_least", "at_most", "below"], st.integers(0, 900)),
    _field("province", ["is", "is_not", "contains"], st.sampled_from(PROVINCES[:2])),
    _field("categories", ["one_of", "none_of"], st.just(["锅具"])),
    _field("last_purchase_at", ["within_days", "not_within_days"], st.integers(0, 300)),
    *[_bare(name) for name in ("province", "largest_order", "categories", "interval_days")],
    _field("last_purchase_at", ["in_period"], PERIODS),
    _field("last_purchase_at", ["since"], NODES),
    st.builds(
        lambda when, what: {"bought": when | what},
        st.one_of(
            st.builds(lambda days: {"within_days": days}, st.integers(0, 300)),
            st.builds(lambda name: {"period": name}, PERIODS),
            st.builds(lambda key, name: {key: name}, st.sampled_from(["since", "node"]), NODES),
        ),
        st.sampled_from(
            [{}, {"at_least": 0}, {"at_least": 1}, {"at_least": 2}, {"category": "锅具"}, {"category": "餐具", "spend_at_least": 300}]
        ),
    ),
    st.just({"field": "has_email", "op": "is", "value": True}),
    st.just({"field": "promotions_30d", "op": "at_most", "value": 0}),
    st.just({"received": {"within_days": 30}}),
)
filters = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.builds(lambda some: {"all": some}, st.lists(parts, max_size=3)),
        st.builds(lambda some: {"any": some}, st.lists(parts, max_size=3)),
        st.builds(lambda one: {"not": one}, parts),
    ),
    max_leaves=5,
)


def told(customers: int = 40, seed: int = 7) -> list[Told]:
    """(customer, day, paid, never paid) of about three orders per customer, the same every time."""
    chance = random.Random(seed)
    some = [
        (who, chance.randint(0, 300), chance.randint(0, 600), chance.random() < 0.2)
        for who in range(customers)
        for _ in range(chance.randint(1, 5))
    ]
    return [(who, (TODAY - timedelta(days=ago)).isoformat(), paid, lost) for who, ago, paid, lost in some]


def shop(orders: list[Told]) -> database.Store:
    """A shop with these orders."""
    store = database.memory()
    rows = [order(n, f"c{who}", day, paid, is_lost=lost) for n, (who, day, paid, lost) in enumerate(orders)]
    people = [customer(f"c{who}", **known(who)) for who in sorted({who for who, *_ in orders})]
    fill(store, rows, people, [line(row, category="锅具" if n % 2 else "餐具") for n, row in enumerate(rows)])
    return store


def known(who: int) -> dict[str, Any]:
    """What is known of a customer, by number."""
    quality = ["clear", "virtual", "masked", None][who % 4]
    return {"province": PROVINCES[who % 3], "email_norm": MAILS[who % 3] and f"{who}{MAILS[who % 3]}", "phone_quality": quality}


def spent(orders: list[Told], who: int) -> Decimal:
    """What a customer spent."""
    return Decimal(sum(paid for one, _, paid, lost in orders if one == who and not lost))
