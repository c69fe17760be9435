"""How a file writes its numbers: whole cells in the style of their column, in any layout; what does not fit, or no amount can hold."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database
from crm.database import Store
from crm.errors import AskError, BadInputError
from crm.imports import inspection
from crm.imports.results import FileResult
from tests.imports.given import ORDER, one, state, take, write, write_orders
from tests.shares import examples

CASES = Path(__file__).parent / "cases"
LARGE, SUM = "This number is too large.", "This comes to more than an amount can be."
STYLE = "This amount is written in another way than its column."
COLUMNS = {"order_id": 1, "buyer_id": 2, "created_at": 3, "paid_amount": 4}


def spent(store: Store) -> tuple[int, Decimal]:
    row = one(store, "SELECT count(*) AS n, sum(spend) AS spend FROM orders")
    return row["n"], row["spend"]


def table(path: Path, *amounts: str, head: str = "Order ID;Customer ID;Order Date;Order Total") -> Path:
    """One order per amount; the cells are set apart by semicolons."""
    return write(path, "\n".join([head, *(f"N{n};K{n % 3};2026-03-{n % 28 + 1:02};{amount}" for n, amount in enumerate(amounts))]))


def codes(result: FileResult) -> list[str]:
    return [doubt.code for doubt in result.warnings if doubt.code != "sign"]  # whose currency the signs are is no matter here


def reasons(result: FileResult) -> list[tuple[int, str]]:
    return [(entry.row, entry.reason) for entry in result.rejections]


@pytest.mark.parametrize(
    ("name", "orders", "spend", "doubts"),
    [
        ("decimal_comma", 5, "4893.45", []),
        ("decimal_comma_woocommerce", 2, "1324.46", []),
        ("trailing_symbol", 4, "2080.70", ["adopted", "numbers_mixed"]),
        ("unit_price_below_a_cent", 2, "2449.00", []),
    ],
)
def test_the_cases(store: Store, name: str, orders: int, spend: str, doubts: list[str]) -> None:
    result = take(store, CASES / f"{name}.csv")[0]
    assert (spent(store), result.rejected, codes(result)) == ((orders, Decimal(spend)), 0, doubts)


def test_brackets_are_never_a_surplus(store: Store) -> None:
    take(store, CASES / "accounting_negative.csv")
    values = {row["order_id"]: row["spend"] for row in store.rows("SELECT order_id, spend FROM orders WHERE spend <> 0")}
    assert values == {"1": 20, "2": Decimal("1250.50")}


def test_unit_prices_keep_their_digits_until_they_are_multiplied(store: Store) -> None:
    take(store, CASES / "unit_price_below_a_cent.csv")
    assert [row["spend"] for row in store.rows("SELECT spend FROM orders ORDER BY order_id")] == [454, 1995]


@pytest.mark.parametrize(
    ("amounts", "spend"),
    [
        (["1 234,50", "1.999,00"], "3233.50"),
        (["1\u202f234,50", "0,50"], "1235.00"),
        (["1'234.50", "12"], "1246.50"),
        (["CHF 12.–", "CHF 1'000.50"], "1012.50"),
        (["1,23,456.00", "Rs. 500"], "123956.00"),
        (["R$ 1.234,56", "R$ 0,44"], "1235.00"),
        (["￥１，２３４．５０", "12元"], "1246.50"),
        (["1.2万元", "3万"], "42000.00"),
        (["12,50 zł", "1.000 zł", "99 Kč"], "1111.50"),
        (["kr 1.234,50", "kr. 100"], "1334.50"),
        (["499.00（系统计算中，该值仅供参考）", "1.00（满50减10）"], "500.00"),
        (["1,234.567", "1,000"], "2234.57"),
        (["USD 12.00", "US$ 1,012.50"], "1024.50"),
    ],
)
def test_amounts_of_other_places(store: Store, tmp_path: Path, amounts: list[str], spend: str) -> None:
    result = take(store, table(tmp_path / "a.csv", *amounts), mapping={"columns": COLUMNS})[0]
    assert (spent(store), result.rejected, codes(result)) == ((len(amounts), Decimal(spend)), 0, [])


@pytest.mark.parametrize("cell", ["15%", "12,34 or more", "1.2.3", "5kg", "12,34.5", "2026-03-01", "5K", "12.00 14.00", "much"])
def test_a_cell_is_never_read_in_part(store: Store, tmp_path: Path, cell: str) -> None:
    result = take(store, table(tmp_path / "a.csv", "10.00", cell, "1,020.00"), mapping={"columns": COLUMNS})[0]
    assert (spent(store), [row for row, _ in reasons(result)]) == ((2, Decimal(1030)), [3])


def test_a_cell_in_another_style_than_its_column_is_rejected_with_its_text(store: Store, tmp_path: Path) -> None:
    result = take(store, table(tmp_path / "a.csv", "1.234,56", "10,00", "12.50", "7,25"))[0]
    assert [(one.row, one.value, one.reason) for one in result.rejections] == [(4, "12.50", STYLE)]
    assert spent(store) == (3, Decimal("1251.81"))


def test_a_column_of_both_styles_is_a_doubt_and_what_could_be_either_is_rejected(store: Store, tmp_path: Path) -> None:
    result = take(store, table(tmp_path / "a.csv", "1.234,56", "10,00", "12.50", "1,000.25", "1.234"))[0]
    assert (codes(result), reasons(result)) == (["numbers_mixed"], [(6, STYLE)])
    assert spent(store) == (4, Decimal("2257.31"))


@pytest.mark.parametrize(("cell", "told"), [("1.234", {".": "1.23", ",": "1234.00"}), ("12.345", {".": "12.35", ",": "12345.00"})])
def test_a_column_that_cannot_be_told_is_asked_and_can_be_said(tmp_path: Path, cell: str, told: dict[str, str]) -> None:
    file = table(tmp_path / "a.csv", cell, "950")
    with pytest.raises(AskError, match=cell):
        take(database.memory(), file)
    for decimal, spend in told.items():
        store = database.memory()
        result = take(store, file, mapping={"columns": COLUMNS, "decimal": decimal})[0]
        assert (spent(store)[1] - 950, codes(result)) == (Decimal(spend), [])


def test_in_a_known_layout_it_is_a_doubt(store: Store, tmp_path: Path) -> None:
    order = dict.fromkeys(("买家应付货款", "总金额", "买家实际支付金额"), "1.234") | {"买家应付邮费": "0", "退款金额": "0"}
    result = take(store, write_orders(tmp_path / "a.csv", order))[0]
    doubt = next(one for one in result.warnings if one.code == "numbers")
    assert (doubt.values["example"], doubt.values["read"], one(store)["spend"]) == ("1.234", "1.234", Decimal("1.23"))


def test_another_column_helps_one_that_cannot_tell(store: Store, tmp_path: Path) -> None:
    head = "order id;buyer;created_at;paid_amount;shipping_fee"
    file = write(tmp_path / "a.csv", f"{head}\nA;b;2026-03-01;1.234;4,50\nB;b;2026-03-02;2.000;0,00")
    result = take(store, file, mapping={"columns": COLUMNS | {"shipping_fee": 5}})[0]
    assert (spent(store)[1], codes(result)) == (3234, [])


def test_what_was_said_once_holds_for_the_next_file_until_it_shows_otherwise(store: Store, tmp_path: Path) -> None:
    columns = {"order_id": "Order ID", "buyer_id": "Customer ID", "created_at": "Order Date", "paid_amount": "Order Total"}
    take(store, table(tmp_path / "a.csv", "1.234"), mapping={"columns": columns, "decimal": ","})
    again = take(store, table(tmp_path / "b.csv", "9.999", "1.000"))[0]
    assert (spent(store)[1], "numbers" in codes(again)) == (10999, False)
    take(store, table(tmp_path / "c.csv", "2.50", "1.000"))
    assert spent(store)[1] == Decimal("3.50")
    with pytest.raises(BadInputError):
        take(store, table(tmp_path / "d.csv", "2.50"), mapping={"columns": columns, "decimal": "comma"})


@pytest.mark.parametrize(
    ("cells", "why", "decimal"),
    [
        *((["1.234,56", "1"], "shown", ","), (["1.234", "1"], "doubt", "."), (["1,5", "1.5"], "mixed", "")),
        (["1.50", "1"], "plain", "."),
        (["1,234.50", "1"], "shown", "."),
    ],
)
def test_the_mapping_says_how_numbers_are_read(store: Store, tmp_path: Path, cells: list[str], why: str, decimal: str) -> None:
    result = inspection.inspect_file(table(tmp_path / "a.csv", *cells), store).evidence
    assert result and (result.decimal_why, result.decimal) == (why, decimal)


def test_a_known_layout_is_read_so_too(store: Store, tmp_path: Path) -> None:
    plain, comma = (
        ORDER | {"买家实际支付金额": "1234.50"},
        ORDER | {"买家实际支付金额": "1.234,50", "买家应付货款": "100,00", "总金额": "100,00"},
    )
    take(store, write_orders(tmp_path / "a.csv", plain))
    other = database.memory()
    take(other, write_orders(tmp_path / "b.csv", comma | {"买家应付邮费": "0,00", "退款金额": "0,00"}))
    assert state(store) == state(other)


def lines(path: Path, *rows: str) -> Path:
    return write(path, "\n".join(["order_id,buyer,created_at,item_title,quantity,unit_price", *rows]))


def test_sums_that_no_amount_holds(store: Store, tmp_path: Path) -> None:
    result = take(store, CASES / "sum_too_large.csv")[0]
    assert [(one.row, one.value, one.reason) for one in result.rejections] == [(2, "900000000.00", SUM)]
    assert {row["order_id"]: row["spend"] for row in store.rows("SELECT order_id, spend FROM orders")} == {"A1": 5, "A2": 10}


BIG = "9000000000.00"


@pytest.mark.parametrize(
    ("rows", "bad", "left"),
    [
        ([f"A,a,2026-03-01,x,1,{BIG}", f"A,a,2026-03-01,y,1,{BIG}", "B,b,2026-03-01,z,1,10"], {2: SUM, 3: SUM}, {"B": 10}),
        (["A,a,2026-03-01,x,1,12000000000", "B,b,2026-03-01,z,1,10"], {2: LARGE}, {"B": 10}),
        (["A,a,2026-03-01,x,2000000000,0.01", "A,a,2026-03-01,y,2000000000,0.01", "B,b,2026-03-01,z,1,10"], {2: SUM, 3: SUM}, {"B": 10}),
        (["A,a,2026-03-01,x,3000000000,0.01", "B,b,2026-03-01,z,1,10"], {2: "This is not a number of items."}, {"B": 10}),
    ],
)
def test_an_order_that_is_too_large_is_rejected_alone(
    store: Store, tmp_path: Path, rows: list[str], bad: dict[int, str], left: dict[str, int]
) -> None:
    columns = {"order_id": 1, "buyer_id": 2, "created_at": 3, "item_title": 4, "item_qty": 5, "unit_price": 6}
    result = take(store, lines(tmp_path / "a.csv", *rows), mapping={"columns": columns})[0]
    assert (dict(reasons(result)), {row["order_id"]: row["spend"] for row in store.rows("SELECT order_id, spend FROM orders")}) == (
        bad,
        left,
    )


def test_an_order_grows_too_large_over_files(store: Store, tmp_path: Path) -> None:
    """Each file's lines fit, together they do not: the second file's are rejected, and the first again changes nothing."""
    head = "order_id,buyer,created_at,item_title,paid_amount"
    given = {"columns": {name: name for name in head.replace("buyer", "buyer_id").split(",")} | {"buyer_id": "buyer"}, "amounts": "sum"}

    def file(name: str, *rows: str) -> Path:
        return write(tmp_path / name, "\n".join([head, *rows]))

    first = file("a.csv", f"A,a,2026-03-01,x,{BIG}", "A,a,2026-03-01,w,1")
    take(store, first, mapping=given)
    second = file("b.csv", f"A,a,2026-03-01,y,{BIG}", "A,a,2026-03-01,z,2", "B,b,2026-03-01,z,10", "B,b,2026-03-01,y,10")
    assert dict(reasons(take(store, second, mapping=given)[0])) == {2: SUM, 3: SUM}
    assert one(store, "SELECT paid FROM orders WHERE order_id = 'A'")["paid"] == 9_000_000_001
    before = state(store)
    assert take(store, first, mapping=given)[0].rejected == 0
    assert state(store) == before


def test_goods_and_shipping_together_are_too_large(store: Store, tmp_path: Path) -> None:
    head = "order id,buyer,created_at,goods_amount,shipping_fee,paid_amount"
    rows = [f"A,a,2026-03-01,{BIG},{BIG},5", "B,b,2026-03-01,10,免运费,10"]
    columns = {"order_id": 1, "buyer_id": 2, "created_at": 3, "goods_amount": 4, "shipping_fee": 5, "paid_amount": 6}
    result = take(store, write(tmp_path / "a.csv", "\n".join([head, *rows])), mapping={"columns": columns})[0]
    assert (reasons(result), spent(store)) == ([(2, SUM)], (1, 10))


STYLES = st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'"), (",", "\u202f"), (".", ""), (",", "")])


def written(amount: Decimal, style: tuple[str, str], mark: str) -> str:
    return mark.format(f"{amount:,.2f}".replace(",", "g").replace(".", style[0]).replace("g", style[1]))


@settings(max_examples=examples(12))
@given(st.lists(st.decimals("0.01", 99_999, places=2), min_size=2, max_size=6), STYLES, st.sampled_from(("{}", "{} €", "¥{}")), st.data())
def test_the_same_table_in_another_style_comes_to_the_same(
    tmp_path_factory: Any, amounts: list[Decimal], style: tuple[str, str], mark: str, data: st.DataObject
) -> None:
    """And one damaged cell costs its own row."""
    folder, store, hurt = tmp_path_factory.mktemp("styles"), database.memory(), database.memory()
    cells = [written(amount, style, mark) for amount in amounts]
    result = take(store, table(folder / "a.csv", *cells), mapping={"columns": COLUMNS})[0]
    assert (spent(store), result.rejected) == ((len(amounts), sum(amounts)), 0)
    place = data.draw(st.integers(0, len(cells) - 1))
    worse = table(folder / "b.csv", *cells[:place], "x" + cells[place], *cells[place + 1 :])
    damaged = take(hurt, worse, mapping={"columns": COLUMNS})[0]
    assert [row for row, _ in reasons(damaged)] == [place + 2]
    assert spent(hurt) == (len(amounts) - 1, sum(amounts) - amounts[place])
