"""Dates and moments: every form that is read, what is none, and that a date written in any form is read back."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.columns import dates

DAY = datetime(2026, 1, 3)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("2026-01-03", DAY),
        ("2026/1/3", DAY),
        ("2026.01.03", DAY),
        ("20260103", DAY),
        ("01/03/26", DAY),
        ("Jan-03-26", DAY),
        ("03-Jan-2026", DAY),
        ("3. Januar 2026", DAY),
        ("3 janv. 2026", DAY),
        ("samedi 3 janvier 2026", DAY),
        ("3 de enero de 2026", DAY),
        ("January 3rd, 2026", DAY),
        ("2026年1月3日", DAY),
        ("26年1月3日", DAY),
        ("二〇二六年一月三日", DAY),
        ("2026-01-03 星期六", DAY),
        ("2026年1月3日 下午3:05", datetime(2026, 1, 3, 15, 5)),
        ("2026/1/3 上午 09:05:30", datetime(2026, 1, 3, 9, 5, 30)),
        ("1/3/2026 12:15 AM", datetime(2026, 1, 3, 0, 15)),
        ("1/3/2026 12:15:01 p.m.", datetime(2026, 1, 3, 12, 15, 1)),
        ("2026-01-03 10:15:00 PM", datetime(2026, 1, 3, 22, 15)),
        ("Jan 3, 2026 at 9:05 AM", datetime(2026, 1, 3, 9, 5)),
        ("le 3 janvier 2026 à 10h15", datetime(2026, 1, 3, 10, 15)),
        ("3. Jan. 2026, 10:15 Uhr", datetime(2026, 1, 3, 10, 15)),
        ("20260103T101500Z", datetime(2026, 1, 3, 10, 15, tzinfo=UTC)),
        ("2026-01-03T10:15Z", datetime(2026, 1, 3, 10, 15, tzinfo=UTC)),
        ("2026-01-03 18:15:00 +0800", datetime(2026, 1, 3, 10, 15, tzinfo=UTC)),
        ("2026-01-03 18:15:00 UTC+8", datetime(2026, 1, 3, 10, 15, tzinfo=UTC)),
        ("2026-01-03 10:15:00 GMT", datetime(2026, 1, 3, 10, 15, tzinfo=UTC)),
        ("Sat, 03 Jan 2026 10:15:00 GMT", datetime(2026, 1, 3, 10, 15, tzinfo=UTC)),
        ("Sat Jan 03 10:15:00 2026", datetime(2026, 1, 3, 10, 15)),
        ("Sat Jan 03 2026 18:15:00 GMT+0800 (China Standard Time)", datetime(2026, 1, 3, 10, 15, tzinfo=UTC)),
        ("Jan-03-26 02:15:00 PST", datetime(2026, 1, 3, 10, 15, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read(cell: str, told: datetime) -> None:
    assert dates.read(cell) == told
    assert dates.looks(cell)


@pytest.mark.parametrize(
    "cell",
    [
        *("", "-", "45291", "1700000000", "12345678", "12.50", "1,234.56", "2026-13-45", "2026-02-30", "13/13/2026", "2026-01-03 25:00"),
        *("2026-01-03 13:00 PM", "2026-01-03 10:15 Mars time", "2026-01-03 x", "x 2026-01-03", "May 2026", "10:15", "192.168.1.1"),
        "3 items 2026",
    ],
)
def test_no_moment(cell: str) -> None:
    assert dates.read(cell) is None
    assert not dates.looks(cell)


def test_the_order_of_short_dates_is_told() -> None:
    assert dates.read("03/04/26", "dmy") == datetime(2026, 4, 3)
    assert dates.read("03/04/26", "mdy") == datetime(2026, 3, 4)
    assert dates.read("26/04/03", "ymd") == datetime(2026, 4, 3)
    assert dates.read("30/12/25", "mdy") is None


def test_bare_numbers_of_days_and_seconds() -> None:
    assert dates.serial("46025.5") == datetime(2026, 1, 3, 12)
    assert dates.serial("44563.5", since_1904=True) == datetime(2026, 1, 3, 12)
    assert dates.epoch("1767435300") == dates.epoch("1767435300000") == datetime(2026, 1, 3, 10, 15, tzinfo=UTC)
    assert dates.serial("12345678") is None
    assert dates.epoch("12345") is None


WRITTEN = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y", "%b-%d-%y", "%m/%d/%Y", "%m/%d/%y", "%A, %d %B %Y")


@given(
    st.dates(date(1970, 1, 1), date(2068, 12, 31)),
    st.sampled_from(WRITTEN),
    st.sampled_from(("", " %H:%M:%S", " %I:%M:%S %p", ", %I:%M:%S%p")),
)
def test_a_moment_written_in_any_form_is_read_back(day: date, form: str, clock: str) -> None:
    result = datetime(day.year, day.month, day.day, 0 if not clock else 15, 5 if clock else 0, 9 if clock else 0)
    assert dates.read(result.strftime(form + clock)) == result
