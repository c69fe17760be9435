"""How a file writes its dates: every form in every moment column, the order that the whole column shows, and what is rejected."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database
from crm.database import Store
from crm.errors import AskError
from crm.imports.results import FileResult
from tests.imports.given import one, take, write
from tests.reading.cells import book, number
from tests.shares import examples

CASES = Path(__file__).parent / "cases"
NO_DATE = "This is not a date. One is read that is written like 2026-01-31 09:30:00."


COLUMNS = {"order_id": 1, "buyer_id": 2, "created_at": 3, "paid_amount": 4}


def table(path: Path, *moments: str) -> Path:
    """One order per moment, of 10.00 each."""
    head = "Order ID\tCustomer ID\tDate\tAmount"
    return write(path, "\n".join([head, *(f"N{n}\tK{n}\t{moment}\t10.00" for n, moment in enumerate(moments))]))


def read(store: Store) -> list[str]:
    """The moments of the orders in the shop's zone."""
    rows = store.rows(
        "SELECT timezone('Asia/Shanghai', make_timestamptz(epoch_us(coalesce(created_at, paid_at)))) AS at FROM orders ORDER BY order_id"
    )
    return [f"{row['at']:%Y-%m-%d %H:%M:%S}" for row in rows]


def codes(result: FileResult) -> list[str]:
    return [warning.code for warning in result.warnings]


def test_the_case_of_half_days(store: Store) -> None:
    assert take(store, CASES / "am_pm.csv")[0].rejected == 0
    assert read(store) == ["2025-12-30 09:05:00", "2025-12-30 21:05:30", "2026-01-13 00:15:00"]


def test_the_case_of_written_months(store: Store) -> None:
    assert take(store, CASES / "date_words.csv")[0].rejected == 0
    assert [day[:10] for day in read(store)] == ["2026-09-03", "2025-12-30", "2025-12-30", "2026-09-05"]


def test_the_case_of_years_of_two_digits(store: Store) -> None:
    assert take(store, CASES / "etsy_two_digit_year.csv")[0].rejected == 0
    row = one(store, "SELECT min(day) AS first, max(day) AS last, count(*) AS n, count(DISTINCT customer_id) AS buyers FROM orders")
    assert row == {"first": date(2025, 12, 30), "last": date(2026, 1, 13), "n": 3, "buyers": 2}


def test_the_case_of_month_words_in_front(store: Store) -> None:
    columns = {"order_id": "Order Number", "buyer_id": "Buyer Username", "created_at": "Sale Date", "paid_amount": "Total Price"}
    take(store, CASES / "ebay_original_dates.csv", mapping={"columns": columns, "amounts": "once"})
    row = one(store, "SELECT min(day) AS first, max(day) AS last, count(*) AS n FROM orders")
    assert row == {"first": date(2026, 7, 25), "last": date(2026, 8, 1), "n": 3}


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("2026年1月3日 下午3:05", "2026-01-03 15:05:00"),
        ("2026/1/3 上午 09:05:30", "2026-01-03 09:05:30"),
        ("二〇二六年一月三日", "2026-01-03 00:00:00"),
        ("3. März 2026 8:05", "2026-03-03 08:05:00"),
        ("3 de marzo de 2026 14:05 hs.", "2026-03-03 14:05:00"),
        ("03.03.2026, 10:15 Uhr", "2026-03-03 10:15:00"),
        ("le mardi 3 mars 2026 à 10h15", "2026-03-03 10:15:00"),
        ("3 févr. 2026", "2026-02-03 00:00:00"),
        ("3 de septiembre de 2026 10:15", "2026-09-03 10:15:00"),
        ("Jan 3rd, 2026 at 9:05 pm", "2026-01-03 21:05:00"),
        ("Sat Jan 03 10:15:00 2026", "2026-01-03 10:15:00"),
        ("Sat, 03 Jan 2026 10:15:00 GMT", "2026-01-03 18:15:00"),
        ("2026-01-03 10:15:00 GMT", "2026-01-03 18:15:00"),
        ("2026-01-03 10:15:00 PM", "2026-01-03 22:15:00"),
        ("2026-01-03T10:15Z", "2026-01-03 18:15:00"),
        ("20260103T101500Z", "2026-01-03 18:15:00"),
        ("20260103T101500", "2026-01-03 10:15:00"),
        ("20260103101500", "2026-01-03 10:15:00"),
        ("12/30/2025 10:15:00 +0200", "2025-12-30 16:15:00"),
        ("2026-01-03 02:15:00 PST", "2026-01-03 18:15:00"),
        ("46025.5", "2026-01-03 12:00:00"),
        ("1767435300", "2026-01-03 18:15:00"),
        ("1767435300000", "2026-01-03 18:15:00"),
    ],
)
def test_a_moment_is_read(store: Store, tmp_path: Path, cell: str, told: str) -> None:
    assert take(store, table(tmp_path / "a.csv", cell), mapping={"columns": COLUMNS})[0].rejected == 0
    assert read(store) == [told]


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "13/13/2026", "2026-01-03 25:00", "2026-01-03 10:15 Asia/Tokyo", "soon", "2026-01-03 x", "32. Mai 2026"]
)
def test_what_is_no_moment_is_rejected_alone_with_a_form_that_is_read(store: Store, tmp_path: Path, cell: str) -> None:
    result = take(store, table(tmp_path / "a.csv", "3 May 2026", cell, "4 May 2026"))[0]
    assert [(entry.row, entry.value, entry.reason) for entry in result.rejections] == [(3, cell, NO_DATE)]
    assert read(store) == ["2026-05-03 00:00:00", "2026-05-04 00:00:00"]
    again = database.memory()
    assert take(again, table(tmp_path / "b.csv", "2026-01-31 09:30:00"))[0].rejected == 0


@pytest.mark.parametrize(
    ("cells", "days", "warnings"),
    [
        (["03/04/26", "25/12/25"], ["2026-04-03", "2025-12-25"], []),
        (["03/04/26", "12/25/25"], ["2026-03-04", "2025-12-25"], []),
        (["03.04.26", "01.02.26"], ["2026-04-03", "2026-02-01"], []),
        (["03/04/2026 9:05 AM", "25/12/2025 9:05 PM"], ["2026-04-03", "2025-12-25"], []),
        (["03/03/26"], ["2026-03-03"], []),
    ],
)
def test_the_whole_column_says_whether_the_day_is_first(
    store: Store, tmp_path: Path, cells: list[str], days: list[str], warnings: list[str]
) -> None:
    result = take(store, table(tmp_path / "a.csv", *cells))[0]
    assert ([moment[:10] for moment in read(store)], codes(result)) == (days, warnings)


def test_where_nothing_shows_it_is_asked(store: Store, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", "03-04-26", "05-06-26")
    with pytest.raises(AskError, match="03-04-26"):
        take(store, file)
    take(store, file, mapping={"columns": COLUMNS, "date_order": "dmy"})
    assert [moment[:10] for moment in read(store)] == ["2026-04-03", "2026-06-05"]


def test_a_known_layout_may_write_the_day_first(store: Store, tmp_path: Path) -> None:
    text = (CASES / "decimal_comma_woocommerce.csv").read_text(encoding="utf-8")
    take(
        store,
        write(tmp_path / "a.csv", text.replace("2026-03-01 10:00", "01/03/2026 10:00").replace("2026-03-02 10:00", "25/03/2026 10:00")),
    )
    assert read(store) == ["2026-03-01 10:00:00", "2026-03-25 10:00:00"]


def test_a_time_of_cancellation_that_cannot_be_read_is_no_order_that_stands(store: Store, tmp_path: Path) -> None:
    rows = [
        "order id,buyer,created_at,paid_amount,cancelled_at",
        "A,a,2026-03-01,10,",
        "B,b,2026-03-01,20,2 Mai 2026",
        "C,c,2026-03-01,30,never mind",
    ]
    file = write(tmp_path / "a.csv", "\n".join(rows))
    result = take(store, file, mapping={"columns": COLUMNS | {"cancelled_at": 5}})[0]
    assert [(entry.row, entry.reason) for entry in result.rejections] == [(4, NO_DATE)]
    assert [row["status"] for row in store.rows("SELECT status FROM orders ORDER BY order_id")] == ["completed", "cancelled"]


@pytest.mark.parametrize(("since", "day"), [("", "2022-01-02"), ('date1904="1"', "2026-01-03")])
def test_bare_days_of_a_workbook_are_counted_as_it_says(store: Store, tmp_path: Path, since: str, day: str) -> None:
    import zipfile

    plain, file = book(tmp_path / "p.xlsx", number("44563")), tmp_path / "o.xlsx"
    rows = [["Order ID", "Customer ID", "Date", "Amount"], ["N1", "K1", 44563, 10]]
    cells = "".join(
        "<row>" + "".join(number(str(c)) if isinstance(c, int) else f"<c t='inlineStr'><is><t>{c}</t></is></c>" for c in row) + "</row>"
        for row in rows
    )
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                part = part[: part.index("<row")] + cells + part[part.rindex("</row>") + 6 :]
            if name == "xl/workbook.xml" and since:
                part = part.replace("<sheets", f"<workbookPr {since}/><sheets", 1)
            new.writestr(name, part)
    take(store, file)
    assert [moment[:10] for moment in read(store)] == [day]


FORMS = ("%Y/%m/%d %H:%M", "%d %B %Y %H:%M", "%b %d, %Y %I:%M %p", "%Y年%m月%d日 %H:%M", "%d-%b-%y %H:%M:%S", "%Y%m%dT%H%M%S")
MOMENTS = st.lists(st.datetimes(datetime(2001, 1, 1), datetime(2030, 1, 1)), min_size=2, max_size=5)


@settings(max_examples=examples(12))
@given(MOMENTS, st.sampled_from(FORMS), st.data())
def test_the_same_moments_in_another_form_are_the_same(
    tmp_path_factory: Any, moments: list[datetime], form: str, data: st.DataObject
) -> None:
    """And one damaged cell costs its own row."""
    folder, store, hurt = tmp_path_factory.mktemp("forms"), database.memory(), database.memory()
    items = [moment.replace(second=0) for moment in moments]
    cells = [moment.strftime(form) for moment in items]
    assert take(store, table(folder / "a.csv", *cells), mapping={"columns": COLUMNS})[0].rejected == 0
    assert read(store) == [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in items]
    place = data.draw(st.integers(0, len(cells) - 1))
    worse = table(folder / "b.csv", *cells[:place], cells[place] + "?", *cells[place + 1 :])
    damaged = take(hurt, worse, mapping={"columns": COLUMNS})[0]
    assert [entry.row for entry in damaged.rejections] == [place + 2]
    assert read(hurt) == [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in items[:place] + items[place + 1 :]]
