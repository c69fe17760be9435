"""An order's money by line, category and product: to the cent, in whatever order the rows came, adding up to what the shop sold."""

import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database
from crm.customers import distributions, facts
from crm.database import Store, tables
from crm.orders import derive
from crm.products import coverage
from crm.segments import compiler, scope
from tests.segments.given import TODAY
from tests.shares import examples

Line = tuple[str | None, str | None, str]
"""Category, amount (None: not told), refund."""
NOTHING = Decimal(0)


def told(number: int, paid: str, back: str = "0", who: str | None = "a") -> dict[str, Any]:
    """One order as an import keeps it."""
    at = pd.Timestamp(2025, 1, 1 + number % 28, 12)
    return dict.fromkeys(tables.order_records.columns) | {
        "order_key": number,
        "record_id": number,
        "customer_id": who,
        "platform": "taobao",
        "shop": "s",
        "order_id": f"o{number:03}",
        "import_id": "i",
        "import_seq": 1,
        "buyer": who,
        "status": "completed",
        "status_rank": 9,
        "created_at": at,
        "paid_at": at,
        "payable": Decimal(paid),
        "paid": Decimal(paid),
        "refunded": Decimal(back),
        "currency": "CNY",
        "observed_at": at,
    }


def line(number: int, place: int, one: Line) -> dict[str, Any]:
    """One line of it."""
    category, amount, back = one
    return {
        "platform": "taobao",
        "shop": "s",
        "order_id": f"o{number:03}",
        "line_id": f"l{place}",
        "record_id": number * 100 + place,
        "import_id": "i",
        "import_seq": 1,
        "product": f"p{place}",
        "category": category,
        "quantity": 1,
        "amount": None if amount is None else Decimal(amount),
        "refunded": Decimal(back),
        "status_rank": 0,
    }


def shop(orders: list[dict[str, Any]], lines: list[dict[str, Any]]) -> Store:
    """A shop with these source records, everything derived."""
    store = database.memory()
    with store.transaction() as change:
        change.insert("order_records", pd.DataFrame(orders, dtype=object))
        if lines:
            change.insert("line_records", pd.DataFrame(lines, dtype=object))
        derive.rebuild(change)
        facts.rebuild(change)
    return store


def spends(store: Store) -> list[Decimal | None]:
    """What of the orders' money is each line's, by order and line."""
    return [
        row["spend"]
        for row in store.rows("SELECT order_lines.spend FROM order_lines JOIN orders USING (order_key) ORDER BY order_id, line_id")
    ]


CASES = [
    # paid, refunded, lines, what each is of it, what is no line's
    ("100", "0", [("锅", "60", "0"), ("碗", "40", "0")], ["60", "40"], "0"),
    ("90", "0", [("锅", "60", "0"), ("碗", "40", "0")], ["54", "36"], "0"),  # a discount
    ("110", "0", [("锅", "60", "0"), ("碗", "40", "0")], ["66", "44"], "0"),  # shipping
    ("10", "0", [("a", "1", "0"), ("b", "1", "0"), ("c", "1", "0")], ["3.34", "3.33", "3.33"], "0"),
    ("0.01", "0", [("a", "5", "0"), ("b", "9", "0")], ["0", "0.01"], "0"),
    ("100", "40", [("锅", "60", "0"), ("碗", "40", "40")], ["60", "0"], "0"),  # the refund of one line
    ("100", "50", [("锅", "60", "0"), ("碗", "40", "40")], ["50", "0"], "0"),  # and ten more
    ("90", "36", [("锅", "60", "0"), ("碗", "40", "36")], ["54", "0"], "0"),  # what was paid for it, after the discount
    ("100", "30", [("锅", "60", "0"), ("碗", "40", "0")], ["42", "28"], "0"),  # a refund of nothing in particular
    ("100", "0", [("锅", "100", "0"), ("赠品", "0", "0")], ["100", "0"], "0"),
    ("80", "0", [("锅", "60", "0"), ("碗", "40", "0"), ("优惠", "-20", "0")], ["48", "32", "0"], "0"),
    ("10", "0", [("锅", "60", "60"), ("碗", "40", "40")], ["6", "4"], "0"),  # all goods came back, not the shipping
    ("100", "100", [("锅", "60", "0"), ("碗", "40", "0")], ["0", "0"], "0"),  # no purchase
    ("100", "0", [("锅", None, "0")], ["100"], "0"),  # alone: no guess
    ("100", "0", [("锅", None, "0"), ("碗", None, "0")], [None, None], "100"),
    ("100", "0", [("锅", "60", "0"), ("碗", None, "0")], ["60", None], "40"),
    ("60", "0", [("锅", "60", "0"), ("碗", None, "0")], ["60", "0"], "0"),  # the other comes to all of it
    ("50", "0", [("锅", "60", "0"), ("碗", None, "0")], ["50", "0"], "0"),
    ("100", "20", [("锅", "60", "20"), ("碗", None, "0")], ["40", None], "40"),
    ("10", "0", [("赠品", "0", "0"), ("赠品", "0", "0")], ["0", "0"], "10"),
    ("25", "0", [], [], "25"),
    ("9999999999.99", "0.01", [("a", "9999999999.99", "0.01"), ("b", "9999999999.99", "0")], ["4999999999.98", "5000000000.00"], "0"),
]


@pytest.mark.parametrize(("paid", "back", "lines", "each", "rest"), CASES)
def test_what_of_an_orders_money_is_each_lines(paid: str, back: str, lines: list[Line], each: list[str | None], rest: str) -> None:
    store = shop([told(1, paid, back)], [line(1, place, one) for place, one in enumerate(lines)])
    expected = [None if one is None else Decimal(one) for one in each]
    assert spends(store) == expected
    without = store.rows("SELECT spend FROM customer_categories WHERE category IS NULL")
    assert [row["spend"] for row in without] == ([Decimal(rest)] if Decimal(rest) else [])
    assert coverage.share(store).spend_unlined == Decimal(rest)


amounts = st.integers(0, 30_000).map(lambda cents: str(Decimal(cents) / 100))
told_lines = st.lists(
    st.tuples(st.sampled_from(["锅", "碗", None]), st.one_of(amounts, amounts, st.none(), st.just("-5")), st.one_of(st.just("0"), amounts)),
    max_size=5,
)
told_orders = st.lists(st.tuples(amounts, st.one_of(st.just("0"), amounts), st.sampled_from(["a", "b", None]), told_lines), max_size=8)
Told = list[tuple[str, str, str | None, list[Line]]]


def rows_of(some: Told) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The source records of generated orders."""
    orders = [told(n, paid, back, who) for n, (paid, back, who, _) in enumerate(some)]
    return orders, [line(n, place, one) for n, (*_, lines) in enumerate(some) for place, one in enumerate(lines)]


def by_hand(kept: Decimal, paid: Decimal, lines: list[Line]) -> list[Decimal | None]:
    """The same with fractions, for orders of which every line has its amount."""
    listed = [max(Decimal(amount or 0), NOTHING) for _, amount, _ in lines]
    own = [min(max(Decimal(back), NOTHING), amount) for (*_, back), amount in zip(lines, listed, strict=True)]
    left = [amount - back for amount, back in zip(listed, own, strict=True)]
    whole = sum(listed)
    if any(own) and sum(left) != kept:
        left = [max(Fraction(paid) * Fraction(a) / Fraction(whole) - Fraction(r), 0) for a, r in zip(listed, own, strict=True)]
    weights = [Fraction(one) for one in (left if sum(left) else listed)]
    if not sum(weights):
        return [NOTHING for _ in lines]
    exact = [Fraction(kept) * 100 * weight / sum(weights) for weight in weights]
    cents = [int(one) for one in exact]
    order = sorted(range(len(lines)), key=lambda n: (cents[n] - exact[n], -weights[n], n))
    for n in order[: int(kept * 100) - sum(cents)]:
        cents[n] += 1
    return [Decimal(one) / 100 for one in cents]


@settings(max_examples=examples(25))
@given(told_orders, st.randoms(use_true_random=False))
def test_everything_adds_up_in_whatever_order_the_rows_came(some: Told, chance: random.Random) -> None:
    orders, lines = rows_of(some)
    if not orders:
        return
    store = shop(orders, lines)
    first = spends(store)
    for row in store.rows("SELECT order_key, spend, paid FROM orders"):
        own = some[row["order_key"]][3]
        mine = [
            one["spend"] for one in store.rows("SELECT spend FROM order_lines WHERE order_key = ? ORDER BY line_id", [row["order_key"]])
        ]
        assert sum((one or NOTHING for one in mine), NOTHING) <= row["spend"]
        if len(own) > 1 and all(amount is not None for _, amount, _ in own):
            assert mine == by_hand(row["spend"], row["paid"], own)
    whole = store.rows("SELECT coalesce(sum(spend), 0) AS spend FROM orders")[0]["spend"]
    table = coverage.by_category(store)
    assert sum(table.spend, NOTHING) == whole == coverage.share(store).spend
    assert not (table.share > 1).any()
    people = store.rows(
        "SELECT spend, (SELECT sum(spend) FROM customer_categories AS per WHERE per.customer_id = one.customer_id) AS sorted "
        "FROM customer_facts AS one"
    )
    assert all(one["spend"] == (one["sorted"] or 0) for one in people)
    chance.shuffle(orders)
    chance.shuffle(lines)
    assert spends(shop(orders, lines)) == first


@settings(max_examples=examples(10))
@given(told_orders)
def test_a_category_is_the_same_as_a_bar_and_as_a_filter(some: Told) -> None:
    orders, lines = rows_of(some)
    if not orders:
        return
    store = shop(orders, lines)
    within = scope.at(store, TODAY)
    bins = distributions.compute(store, "category", distributions.everybody(within), within)
    whole = store.rows("SELECT coalesce(sum(spend), 0) AS spend FROM customer_facts")[0]["spend"]
    assert sum((one.spend for one in bins), NOTHING) == whole
    for one in bins:
        for node in ({"field": "categories", "op": "is", "value": one.bin}, {"bought": {"category": one.bin}}):
            people = store.read(within.facts.filter(compiler.predicate(node, within)))
            assert len(people) == one.customers
        dearest = store.rows("SELECT max(spend) AS most FROM customer_categories WHERE coalesce(category, 'unknown') = ?", [one.bin])
        most = float(dearest[0]["most"])
        for least, result in ((most, True), (most + 0.01, False)):
            if least > 0:
                rich = {"bought": {"category": one.bin, "spend_at_least": least}}
                assert bool(len(store.read(within.facts.filter(compiler.predicate(rich, within))))) is result
