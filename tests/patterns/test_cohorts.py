"""Cohorts: the triangle adds up to customers and money, each cell is that of pandas, later days change nothing that is over."""

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from crm.customers import kpi
from crm.errors import NotFoundError
from crm.patterns import cohorts
from crm.patterns.cohorts import ROWS
from tests.patterns.shops import LAST, made


def month(day: date) -> int:
    return day.year * 12 + day.month - 1


def with_cohorts(bought: pd.DataFrame) -> pd.DataFrame:
    first = bought.groupby("who").day.min().map(month)
    months = bought.day.map(month)
    return bought.assign(cohort=bought.who.map(first), offset=months - bought.who.map(first))


@pytest.mark.parametrize("seed", [1, 2])
def test_every_cell_is_that_of_pandas(seed: int) -> None:
    store, bought, _ = made(seed)
    rows, plain = cohorts.compute(store, LAST).rows, with_cohorts(bought)
    assert [row.key for row in rows] == sorted({cohorts.named(one) for one in plain.cohort})
    whole = set(range(plain.cohort.min() + 1, month(LAST)))  # neither the month in which the orders begin nor the one that is not over
    for row in rows:
        mine = plain[plain.cohort.map(cohorts.named) == row.key]
        start = mine.cohort.iloc[0]
        assert row.customers == mine.who.nunique() and len(row.cells) == month(LAST) - start + 1
        for offset, cell in enumerate(row.cells):
            here = mine[mine.offset == offset]
            assert (cell.people, cell.orders, cell.spend) == (here.who.nunique(), len(here), sum(here.spend, Decimal(0)))
            over = start + offset in whole
            assert (cell.base, cell.back) == ((row.customers, here.who.nunique()) if over else (0, 0))
            assert cell.share == (here.who.nunique() / row.customers if over else None)
            so_far = sum(mine[mine.offset <= offset].spend, Decimal(0))
            valid = over and start in whole
            assert cell.per_head == (pytest.approx(float(so_far) / row.customers) if valid else None)
    store.close()


@pytest.mark.parametrize("by", ROWS)
def test_the_rows_are_all_customers_and_the_cells_all_their_money(by: str) -> None:
    store, bought, sold = made(8)
    rows, shop = cohorts.compute(store, LAST, by).rows, kpi.compute(store, LAST).numbers
    assert sum(row.customers for row in rows) == shop["customers"] == bought.who.nunique()
    assert float(sum(cell.spend for row in rows for cell in row.cells)) == shop["identified_spend"]
    assert sum(cell.orders for row in rows for cell in row.cells) == len(bought)
    assert sum(row.cells[0].people for row in rows) == bought.who.nunique()
    if by == "first_product":
        began = bought.sort_values(["at", "order_id"]).groupby("who").first()
        expected: dict[str, int] = {}
        for who, one in began.iterrows():
            # of orders at one moment the first that names a product
            keys = bought[(bought.who == who) & (bought["at"] == one["at"])].sort_values("order_id").order_key
            mine = sold.assign(n=-sold.spend.astype(float)).sort_values(["n", "item"])
            items = [item for key in keys for item in mine[mine.order_key == key].item]
            expected[items[0] if items else "unknown"] = expected.get(items[0] if items else "unknown", 0) + 1
        assert {row.key: row.customers for row in rows} == expected
    store.close()


def test_long_tails_are_one_row_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    store, _, _ = made(9)
    whole = {row.key: row for row in cohorts.compute(store, LAST, "first_product").rows}
    monkeypatch.setattr(cohorts, "LONGEST", 2)
    store.scratch.forget("patterns_cohorts")
    rows = cohorts.compute(store, LAST, "first_product").rows
    assert [row.key for row in rows][2:] == [cohorts.REST, "unknown"]
    assert rows[0].customers >= rows[1].customers
    left = [row for key, row in whole.items() if key not in {one.key for one in rows}]
    assert rows[2].customers == sum(row.customers for row in left)
    assert [cell.back for cell in rows[2].cells] == [
        sum(row.cells[n].back for row in left if n < len(row.cells)) for n in range(len(rows[2].cells))
    ]
    store.close()


def test_what_comes_later_changes_no_month_that_is_over() -> None:
    store, _, _ = made(10)
    earlier = LAST - timedelta(days=100)
    now, then = (cohorts.compute(store, day).rows for day in (LAST, earlier))
    seen = 0
    for row, old in zip(now, then, strict=False):
        assert (row.key, row.customers) == (old.key, old.customers) or old is then[-1]
        for cell, before in zip(row.cells, old.cells, strict=False):
            if before.base:
                assert cell == before
                seen += 1
    assert seen > 50
    store.close()


def test_an_unknown_cut_is_refused() -> None:
    store, _, _ = made(11, 3, 5)
    with pytest.raises(NotFoundError, match="cannot be cut"):
        cohorts.compute(store, LAST, "colour")
    store.close()
