"""Joined accounts: one customer from many, in any order, kept by later imports, and taken back without a trace."""

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from crm import database
from crm.database import Store
from crm.imports import history
from crm.orders import crosswalk, derive
from crm.orders.crosswalk import Bond
from tests.imports.given import NOW, one, state, take, write_orders
from tests.imports.test_properties import numbered, order, slow

NAMES = ["tb一", "tb二", "tb三"]
many = st.lists(order, min_size=3, max_size=8)


def accounts(store: Store) -> list[str]:
    """The accounts of the source records by name."""
    rows = store.rows("SELECT DISTINCT buyer, customer_id FROM order_records WHERE customer_id IS NOT NULL ORDER BY buyer")
    return [row["customer_id"] for row in rows]


def join(store: Store, link: str, *who: str) -> None:
    """Say that these accounts are one."""
    with store.transaction() as change:
        derive.start(change)
        crosswalk.decide(change, "b", crosswalk.JOINED, {link: [Bond(account, "phone", "m") for account in who]}, "test", NOW)
        derive.refresh(change, derive.shop_of(change))


def part(store: Store, *ids: str) -> None:
    """Take decisions back."""
    with store.transaction() as change:
        derive.start(change)
        crosswalk.take_back(change, ids, "b", "test", NOW)
        derive.refresh(change, derive.shop_of(change))


def told(store: Store) -> str:
    """Everything derived, and who lives on as whom."""
    return state(store) + str(store.rows("SELECT * FROM merged_customers ORDER BY ALL"))


def anew(store: Store) -> str:
    """The same after everything was made anew."""
    with store.transaction() as change:
        derive.rebuild(change)
    return told(store)


@slow
@given(many, many)
def test_joining_and_taking_back_is_nothing(tmp_path: Path, first: list[dict[str, str]], second: list[dict[str, str]]) -> None:
    store, files = database.memory(), [tmp_path / "1.csv", tmp_path / "2.csv"]
    take(store, write_orders(files[0], *numbered(first)))
    before, never = told(store), database.memory()
    for number, (left, right) in enumerate(pairwise(accounts(store))):
        join(store, f"l{number}", left, right)
    assert told(store) == anew(store)
    second_import = str(take(store, write_orders(files[1], *numbered(second)))[0].import_id)
    assert told(store) == anew(store)
    history.undo(store, second_import, NOW)
    part(store, "l0", "l1")
    assert told(store) == before
    take(never, files[0])
    assert told(store) == told(never)


@slow
@given(many, st.permutations([0, 1, 2]))
def test_the_order_of_joins_and_imports_does_not_matter(tmp_path: Path, orders: list[dict[str, str]], places: list[int]) -> None:
    file = write_orders(tmp_path / "1.csv", *numbered(orders))
    whole, parts = database.memory(), database.memory()
    take(whole, file)
    known = accounts(whole)
    for number, (left, right) in enumerate(pairwise(known)):
        join(whole, f"l{number}", left, right)
    take(parts, write_orders(tmp_path / "2.csv", numbered(orders)[0]))
    works = [lambda: join(parts, "x", *known[:2]), lambda: join(parts, "y", *known[1:]), lambda: take(parts, file)]
    for place in places:
        works[place]()
    assert told(parts) == told(whole)


def test_the_account_that_bought_first_lives_on(tmp_path: Path, store: Store) -> None:
    days = ["2026-07-08 10:00:00", "2026-07-07 10:00:00", "2026-07-09 10:00:00"]
    orders = [{"买家会员名": name, "订单付款时间": day, "订单创建时间": day} for name, day in zip(NAMES, days, strict=True)]
    take(store, write_orders(tmp_path / "1.csv", *numbered(orders)))
    ids = {row["buyer"]: row["customer_id"] for row in store.rows("SELECT buyer, customer_id FROM customers")}
    join(store, "l", ids["tb一"], ids["tb二"])
    join(store, "m", ids["tb一"], ids["tb三"])
    person = one(store, "SELECT * FROM customers")
    assert (person["customer_id"], person["buyer"]) == (ids["tb二"], "tb三")  # the id of the first, the words of the latest
    assert {row["customer_id"] for row in store.rows("SELECT customer_id FROM orders")} == {ids["tb二"]}
    part(store, "l")
    assert len(store.rows("SELECT * FROM customers")) == 2
