"""The process that opens workbooks: the quick way for large ones writes what the careful way writes, or leaves it to that."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database
from crm.reading import workbooks
from tests.imports.given import state, take
from tests.layouts import samples
from tests.reading.cells import book, first, left_to_the_careful_way, number, process, rows, text, undated
from tests.shares import examples

WORKBOOKS = [name for name in samples.NAMES if samples.expected(name)["container"] == "xlsx"]
QUICKLY = pytest.mark.parametrize("way", [(), ("quick",)], ids=["carefully", "quickly"])


CELLS = {
    text("1732147327000000001"): "1732147327000000001",
    text(' 3.5" 锅, "大" '): ' 3.5" 锅, "大" ',
    text("NULL"): "NULL",
    text(""): "",
    text("x\r\ny\rz").replace("\r", "&#13;"): "x\ny\nz",
    "<c/>": "",
    '<c t="e"><v>#N/A</v></c>': "",
    '<c t="b"><v>1</v></c>': "true",
    '<c t="str"><v>0.10</v></c>': "0.10",
    number("67.15"): "67.15",
    number("0"): "0",
    number("2.0"): "2",
    number("1.5E5"): "150000",
    number("67.150000000000006"): "67.15",
    number("1E-3"): "0.001",
    number("13800000001"): "13800000001",
    number("123456789012345"): "123456789012345",
    number("45292.5", 1): "2024-01-01 12:00:00",
}


@QUICKLY
def test_every_kind_of_cell(tmp_path: Path, way: tuple[str, ...]) -> None:
    file = book(tmp_path / "o.xlsx", *CELLS)
    result = process(file, tmp_path / "csv", *way)
    assert first(result) == list(CELLS.values())
    assert result["Sheet2"] == [["c"]]
    assert not left_to_the_careful_way(file)


def test_a_day_gets_a_time_in_the_quick_way_only(tmp_path: Path) -> None:
    file = book(tmp_path / "o.xlsx", number("45292", 2))
    assert first(process(file, tmp_path / "csv")) == ["2024-01-01"]
    assert first(process(file, tmp_path / "csv", "quick")) == ["2024-01-01 00:00:00"]


@pytest.mark.parametrize("cell", [number("0.5", 1), number("31.25", 1), number("2958466", 1)])
def test_what_is_no_day_is_left_to_the_careful_way(tmp_path: Path, cell: str) -> None:
    assert process(book(tmp_path / "o.xlsx", text("锅"), cell), tmp_path / "csv", "quick") == {}


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-(10**6), 10**6, places=2).map(str),
    st.integers(-(10**18), 10**18).map(str),
    st.floats(0, 1e4).map("{:.17g}".format),
    st.integers(0, 9**6).map(lambda n: f"{n / 100:.17g}"),
)
ANY = st.one_of(
    NUMBERS.map(number),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8).map(text),
    st.integers(2_000 * 86_400, 80_000 * 86_400).map(lambda second: number(repr(second / 86_400), 1)),
)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANY, min_size=10, max_size=80))
def test_both_ways_write_the_same_or_it_is_seen(tmp_path: Path, cells: Sequence[str]) -> None:
    same = [cell for number, cell in enumerate(cells) if not left_to_the_careful_way(book(tmp_path / f"{number}.xlsx", cell))]
    file = book(tmp_path / "o.xlsx", *same)
    assert not left_to_the_careful_way(file)
    assert undated(process(file, tmp_path / "csv", "quick")) == process(file, tmp_path / "csv")


@pytest.mark.parametrize("name", WORKBOOKS)
def test_large_samples_come_to_the_same_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    file, result = samples.write(name, tmp_path), []
    for large in (1 << 60, 0):
        monkeypatch.setattr(workbooks, "LARGE", large)
        workbooks._known.clear()
        store = database.memory()
        take(store, file)
        result.append(state(store))
    assert result[0] == result[1]


@pytest.mark.parametrize(("cell", "told"), [(number("1.732147327E+18"), "1.732147327e+18"), (number("0.5", 1), "12:00:00")])
def test_what_is_left_to_the_careful_way_is_read_by_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, told: str) -> None:
    monkeypatch.setattr(workbooks, "LARGE", 0)
    assert sheets(book(tmp_path / "o.xlsx", cell, number("45292", 2)), tmp_path) == [told, "2024-01-01"]


def test_what_the_quick_way_fails_at_is_read_carefully(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LARGE", 0)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "fastexcel.py").write_text("raise SystemExit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "broken"))
    assert sheets(book(tmp_path / "o.xlsx", number("45292", 2)), tmp_path) == ["2024-01-01"]


def sheets(file: Path, folder: Path) -> list[str]:
    """The first column of the first sheet of a workbook."""
    return next([row[0] for row in rows(result)] for name, result in workbooks.sheets(file, folder, file.name) if name == "Sheet1")


def test_both_ways_write_the_same_of_the_corpus(shared: Path, tmp_path: Path) -> None:
    seen = 0
    for file in sorted((shared / "corpus").rglob("*.xls[xm]")):
        if not left_to_the_careful_way(file):
            assert undated(process(file, tmp_path / "q", "quick")) == process(file, tmp_path / "c"), file.name
            seen += 1
    assert seen > 0
