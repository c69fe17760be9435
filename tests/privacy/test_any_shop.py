"""Over generated shops: whoever is erased, the numbers stay, and the same files again change nothing."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database, privacy
from crm.customers import kpi
from crm.database import Store
from crm.imports import steps
from crm.segments import scope
from tests.customers.test_as_of import TODAY, orders, row_of
from tests.imports.given import write_items, write_orders
from tests.privacy.given import LATER, bars, texts
from tests.shares import examples


def numbers(store: Store) -> list[Any]:
    """Of today and of a day between."""
    seen: list[Any] = []
    for day in (TODAY, TODAY - timedelta(days=70)):
        within = scope.at(store, day)
        seen += [kpi.compute(store, day), bars(store, within)]
    return seen


@settings(max_examples=examples(5))
@given(orders, st.sampled_from(["甲", "乙", "丙"]))
def test_whoever_is_erased_the_numbers_stay(told: list[dict[str, Any]], who: str) -> None:
    rows = [row_of(n, one) for n, one in enumerate(told)]
    later = [row | {"退款金额": "5", "收货地址": "", "联系手机": ""} for one, row in zip(told, rows, strict=True) if one["told_later"]]
    items = [
        (row["订单编号"][2:-1], f"锅{n}", "40", "1", "交易成功") for one, row in zip(told, rows, strict=True) for n in range(one["lines"])
    ]
    with TemporaryDirectory() as folder:
        paths = [write_orders(Path(folder) / "o.csv", *rows)]
        paths += [write_items(Path(folder) / "i.csv", *items)] if items else []
        paths += [write_orders(Path(folder) / "later.csv", *later)] if later else []
        store = database.memory()
        for path in paths:
            steps.import_orders(store, [path], now=LATER)
        before, people = numbers(store), privacy.find(store, who)
        if people:
            privacy.erase(store, people, None, LATER)
        assert numbers(store) == before
        for path in reversed(paths):
            steps.import_orders(store, [path], now=LATER)
        whole = texts(store)
        assert not people or who not in "".join(text for name, text in whole.items() if name not in ("settings", "imports"))
        again = database.memory()
        for path in [*paths, *reversed(paths)]:
            steps.import_orders(again, [path], now=LATER)
        assert numbers(store) == numbers(again)
        again.close()
        store.close()
