"""Tables of unknown layout before they are imported: what whole columns say, and the first orders as the import would read them."""

from pathlib import Path

import pytest

from crm.database import Store
from crm.imports import inspection, previewing
from crm.settings import Shop
from tests.imports.given import NOW, take, write

HEAD = "order_no,buyer,date,amount,product\n"
ROW = "{},x,{},{},cup\n"


def table(*rows: tuple[str, str, str]) -> str:
    return HEAD + "".join(ROW.format(*row) for row in rows)


@pytest.mark.parametrize(
    ("dates", "order", "why", "example"),
    [
        (["1/12/2025", "25/12/2025"], "dmy", "shown", "25/12/2025"),
        (["1/12/2025", "12/25/2025"], "mdy", "shown", "12/25/2025"),
        (["1/12/2025", "2/12/2025"], "mdy", "ambiguous", None),
        (["1.12.2025", "2.12.2025"], "dmy", "dots", None),
        (["25/12/2025", "12/25/2025"], "dmy", "contradictory", "25/12/2025"),
        (["2025-12-01", "2025-12-02"], "ymd", "clear", None),
    ],
)
def test_the_order_of_a_date_comes_from_the_whole_column(
    store: Store, tmp_path: Path, dates: list[str], order: str, why: str, example: str | None
) -> None:
    rows = [(f"A{number}", "1/2/2025" if "/" in dates[0] else dates[0], "1.50") for number in range(400)]
    path = write(tmp_path / "a.csv", table(*rows, *((f"B{number}", day, "2.50") for number, day in enumerate(dates))))
    result = inspection.inspect_file(path, store).evidence
    assert result and (result.date_order, result.date_why, result.rows) == (order, why, 402)
    assert example is None or result.date_example == example


def test_lines_and_amounts_come_from_repeated_ids(store: Store, tmp_path: Path) -> None:
    once = table(("A", "2025-01-02", "9.00"), ("A", "2025-01-02", "9.00"), ("B", "2025-01-02", "3.00"))
    added = table(("A", "2025-01-02", "9.00"), ("A", "2025-01-02", "4.00"), ("B", "2025-01-02", "3.00"))
    single = table(("A", "2025-01-02", "9.00"), ("B", "2025-01-02", "4.00"))
    seen = [inspection.inspect_file(write(tmp_path / "a.csv", text), store).evidence for text in (once, added, single)]
    assert [(entry.grain, entry.amounts, entry.repeated, entry.orders) for entry in seen if entry] == [
        ("line", "once", 1, 2),
        ("line", "sum", 1, 2),
        ("order", "once", 0, 2),
    ]


def test_the_preview_is_what_the_import_will_read(store: Store, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        table(("A1", "1/12/2025", "9.90"), ("A2", "3/4/2025", "zehn"), *((f"A{n}", "25/12/2025", "7.00") for n in range(3, 12))),
    )
    proposal = inspection.inspect_file(path, store)
    assert proposal.table
    given = proposal.mapping | {"date_order": "dmy"}
    seen = previewing.preview(store, proposal.table, given, Shop())
    assert [(row["order_id"], str(row["moment"])[:10], float(row["paid"])) for row in seen.orders] == [
        ("A1", "2025-12-01", 9.9),
        *((f"A{n}", "2025-12-25", 7.0) for n in range(3, 7)),
    ]
    assert (seen.orders_read, seen.rows, [(entry.row, entry.value) for entry in seen.rejected]) == (10, 11, [(3, "zehn")])
    assert store.rows("SELECT * FROM order_records") == []
    take(store, path, mapping=given)
    real = store.rows("SELECT order_id, paid FROM orders WHERE order_id IN ('A1', 'A3', 'A4', 'A5', 'A6') ORDER BY order_id")
    assert [(row["order_id"], row["paid"]) for row in seen.orders] == [(row["order_id"], row["paid"]) for row in real]


def test_without_a_date_there_is_nothing_to_show(store: Store, tmp_path: Path) -> None:
    proposal = inspection.inspect_file(write(tmp_path / "a.csv", table(("A1", "1/12/2025", "9.90"))), store)
    assert proposal.table
    columns = {field: name for field, name in proposal.mapping["columns"].items() if field != "created_at"}
    assert previewing.preview(store, proposal.table, {"columns": columns}, Shop()).orders == []


def test_a_mapping_is_remembered_with_its_day(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table(("A1", "1/12/2025", "9.90")))
    proposal = inspection.inspect_file(path, store)
    assert proposal.remembered_at is None
    take(store, path, mapping=proposal.mapping | {"date_order": "dmy"})
    again = inspection.inspect_file(path, store)
    assert (again.remembered_at, again.mapping["date_order"]) == (NOW, "dmy")


def test_an_encoding_can_be_told(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(table(("A1", "2025-01-02", "9.90")).replace("cup", "陶瓷碗盤").encode("big5"))
    proposal = inspection.inspect_file(path, store, {"encoding": "big5"})
    assert proposal.sample[0][-1] == "陶瓷碗盤"
