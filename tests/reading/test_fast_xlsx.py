"""What the quick way of reading large workbooks would write otherwise than the careful way is seen before."""

import time
from pathlib import Path

import pytest

from crm.reading import fast_xlsx
from tests.layouts.samples import workbook as write
from tests.reading.cells import book, first, left_to_the_careful_way, number, process, restyled, styles


@pytest.mark.parametrize(
    "cell",
    [
        number("1.732147327E+18"),
        number("1732147327000000100"),
        number("1234567890123456"),
        number("33.333333333333336"),
        number("1E-10"),
        number("-0"),
        number("0.1234567890123"),
        number("12345678.12"),
        number("1732147327123.12"),
        number("0" * 60 + "1"),
        '<c t="d"><v>2024-01-01T10:00:00</v></c>',
        "<c t='d'><v>2024-01-01</v></c>",
        '<c t="str"><v>1732147327000000001</v></c>',
        '<c><v xml:space="preserve">1.7E+18</v></c>',
        "<c><v\n>173214732700000010</v></c>",
        "<c><v>+173214732700000010</v></c>",
        "<c><v>1</v><v >1.7E+18</v></c>",
        number("1732147327000000100." + "0" * 60),
        "<x:c><x:v>1.7E+18</x:v></x:c>",
        number("13800138000", 1),
        number("13800138000", 2),
        number("1.732147327E+18", 1),
        number("-400", 1),
        number("45292.5", 1) + number("1.7E17"),
        number("45292.5", 1) + "<c><v>1.7321473271234506E17</v></c>",
        number("45292.5", 1) + "<c\nr='B9'><v>173214732712345678</v></c>",
    ],
)
def test_what_the_quick_way_would_write_otherwise_is_seen(tmp_path: Path, cell: str) -> None:
    assert left_to_the_careful_way(book(tmp_path / "o.xlsx", *[number("1")] * 10, cell, number("2")))


def test_it_is_seen_across_the_pieces_of_a_part() -> None:
    whole = b"<c><v>1</v></c><c><v>1732147327000000100</v></c>"
    assert all(fast_xlsx.unlike([whole[:cut], whole[cut:]]) for cut in range(len(whole)))
    whole = b'<c s="0"><v>1</v></c><c r="B1" s="4"><v>45528.38878472222</v></c>' * 20
    assert not any(fast_xlsx.unlike([whole[:cut], whole[cut:]], {b"4"}) for cut in range(len(whole)))
    assert all(fast_xlsx.unlike([whole[:cut], whole[cut:]], {b"0"}) for cut in range(len(whole)))
    assert not fast_xlsx.unlike([b"<c><v>17321473", b"", b"27000000100</v></c>"])  # the end of one part, the beginning of another


CODES = {
    "yyyy-mm-dd hh:mm:ss": True,
    "yyyy/m/d;@": True,
    "yyyy\\-mm\\-dd": True,
    "m/d/yy h:mm": True,
    "yyyy&quot;年&quot;m&quot;月&quot;": True,
    "General": False,
    "0.00_);[Red]\\(0.00\\)": False,
    "[$¥-804]#,##0.00": False,
    "0&quot;元&quot;": False,
    "@": False,
    "h:mm:ss": None,
    "[h]:mm": None,
    "&quot;day&quot;0": None,
    "d 0": None,
    "yyyy;0.00": None,
    "\\d0": None,
    "[$-804]yyyy-mm-dd": None,
}


@pytest.mark.parametrize(("code", "day"), CODES.items())
def test_styles_of_days(tmp_path: Path, code: str, day: bool | None) -> None:
    file = book(tmp_path / "o.xlsx", number("45292.12345678901", 1), code=code)
    assert fast_xlsx.days(file) == (None if day is None else {b"1", b"2"} if day else {b"2"})
    assert left_to_the_careful_way(file) is not day
    if day:
        assert first(process(file, tmp_path / "csv", "quick"))[0].startswith("2024-01-01 02:57:46")


@pytest.mark.parametrize("kind", [18, 21, 31, 45, 46, 47, 57, 165])
def test_other_styles_are_left_to_the_careful_way(tmp_path: Path, kind: int) -> None:
    assert fast_xlsx.days(book(tmp_path / "o.xlsx", number("1"), kinds=(0, kind))) is None


@pytest.mark.parametrize(
    "told",
    [
        "<styleSheet/>",
        styles("", "0"),
        styles(f'<xf x="{"y" * 400}"/><xf numFmtId="14"/>', "0"),
        "x" * fast_xlsx.SIZE,
        styles('<!-- <xf/> --><xf numFmtId="14"/>', "0"),
        styles("<xf/>", "0").replace("</numFmts>", '<numFmt formatCode="0" numFmtId="165"/></numFmts>'),
    ],
)
def test_odd_styles_are_left_to_the_careful_way(tmp_path: Path, told: str) -> None:
    assert fast_xlsx.days(restyled(tmp_path / "o.xlsx", told, number("1"))) is None


def test_a_format_of_its_own_counts_more_than_excels(tmp_path: Path) -> None:
    result = styles('<xf/><xf numFmtId="14"/>', "0")
    assert fast_xlsx.days(restyled(tmp_path / "o.xlsx", result.replace('"164"', '"14"'))) == set()
    assert fast_xlsx.days(restyled(tmp_path / "o.xlsx", result + '<dxfs><numFmt numFmtId="14" formatCode="0"/></dxfs>')) == {b"1"}


def test_hidden_sheets_are_left_to_the_careful_way(tmp_path: Path) -> None:
    assert fast_xlsx.days(write(tmp_path / "o.xlsx", {"Sheet1": [["1"]], "Sheet2": [["2"]]}, hidden=("Sheet2",))) is None
    assert fast_xlsx.days(write(tmp_path / "o.xlsx", {"Sheet1": [["1"]], "Sheet2": [["2"]]})) == set()


def test_hostile_workbooks_take_little_time(tmp_path: Path) -> None:
    began = time.perf_counter()
    for part in (
        b"<v>" * 500_000,
        b"<v>1111111111" * 100_000,
        b"<v>" + b"1" * 1_000_000,
        b"<v>-0" * 200_000,
        b"<c " * 300_000,
        b"<v \t" * 300_000,
    ):
        fast_xlsx.unlike([part], {b"1"})
    kinds = "".join(f'<numFmt numFmtId="{number}" formatCode="{"y" * 90}!"/>' for number in range(fast_xlsx.CODES - 1))
    text = styles('<xf numFmtId="400"/>' * 50_000, "d").replace("</numFmts>", kinds + "</numFmts>")
    assert fast_xlsx.days(restyled(tmp_path / "o.xlsx", text, number("1"))) is None
    assert time.perf_counter() - began < 30  # what grows with the square takes hours
