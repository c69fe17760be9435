"""The sums of every sample, found a second time by pandas and plain rules from the raw file."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from crm import database
from crm.database import Store
from tests.imports import foreign, plainly
from tests.imports.given import take
from tests.layouts import samples

TOTALS = "SELECT count(*) AS n, count(*) FILTER (is_purchase) AS bought, coalesce(sum(spend), 0) AS spend FROM orders"
LINES = "SELECT count(*) AS n, coalesce(sum(quantity), 0) AS pieces, coalesce(sum(amount), 0) AS amount FROM line_records"
READ = [name for name in samples.NAMES if not samples.expected(name).get("refused")]


def found(store: Store, sql: str) -> tuple[int, int, Decimal]:
    one, two, three = store.rows(sql)[0].values()
    return int(one), int(two), Decimal(three)


def test_every_sample_that_can_be_read_is_counted_a_second_time() -> None:
    assert sorted([*plainly.ORDERS, *plainly.ITEMS, "amazon_orders_unshipped", "taobao_refund"]) == READ


@pytest.mark.parametrize("name", plainly.ORDERS)
def test_the_orders_of_a_sample_come_to_what_pandas_finds(store: Store, tmp_path: Path, name: str) -> None:
    file, encoding = samples.write(name, tmp_path), samples.expected(name)["encoding"]
    take(store, file)
    assert found(store, TOTALS) == plainly.sums(file, encoding, plainly.ORDERS[name])


@pytest.mark.parametrize("name", [name for name, rule in foreign.ORDERS.items() if rule.currency])
def test_each_currency_is_counted_for_itself_and_the_first_orders_tell_the_shops(store: Store, tmp_path: Path, name: str) -> None:
    file, expected = samples.write(name, tmp_path), samples.expected(name)
    take(store, file)
    result = foreign.by_currency(plainly.frame(file, expected["encoding"]), foreign.ORDERS[name])
    ours = store.rows("SELECT currency, sum(greatest(paid - refunded, 0)) AS kept, sum(spend) AS counted FROM orders GROUP BY currency")
    assert {row["currency"]: row["kept"] for row in ours} == result
    own = database.load_shop(store).currency
    assert {row["currency"]: row["counted"] for row in ours} == {one: kept if one == own else 0 for one, kept in result.items()}


@pytest.mark.parametrize("name", plainly.ITEMS)
def test_the_lines_of_a_sample_come_to_what_pandas_finds(store: Store, tmp_path: Path, name: str) -> None:
    file, encoding = samples.write(name, tmp_path), samples.expected(name)["encoding"]
    take(store, file)
    assert found(store, LINES) == plainly.items(file, encoding, name)


def test_the_refunds_of_the_report_come_to_what_pandas_finds(store: Store, tmp_path: Path) -> None:
    file = samples.write("taobao_refund", tmp_path)
    take(store, file)
    result = pd.read_excel(file, dtype=str, engine="calamine")
    given_back = sum(Decimal(amount) for amount in result.loc[result["退款状态"] == "退款成功", "买家退款金额"])
    ours = store.rows("SELECT count(*) AS n, sum(amount) FILTER (status = 'refunded') AS back FROM refund_records")[0]
    assert (ours["n"], ours["back"]) == (len(result), given_back)


def test_the_unshipped_report_has_its_orders_and_pieces_and_no_money(store: Store, tmp_path: Path) -> None:
    file = samples.write("amazon_orders_unshipped", tmp_path)
    take(store, file)
    result = pd.read_csv(file, sep="\t", dtype=str, encoding="utf-8")
    assert found(store, TOTALS) == (result["order-id"].nunique(), 0, 0)
    assert found(store, LINES)[:2] == (len(result), result["quantity-purchased"].astype(int).sum())
