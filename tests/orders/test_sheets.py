"""The process that opens workbooks: the quick way for large ones writes what the careful way writes, or leaves it to that."""

import csv
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database
from crm.orders import archives, workbooks
from tests.orders import samples
from tests.orders.given import state, take
from tests.orders.samples import workbook as write

WORKBOOKS = [name for name in samples.NAMES if samples.expected(name)["container"] == "xlsx"]
QUICKLY = pytest.mark.parametrize("way", [(), ("quick",)], ids=["carefully", "quickly"])
STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" '
    'formatCode="CODE"/></numFmts><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/>'
    '<xf numFmtId="21"/><xf numFmtId="46"/></cellXfs></styleSheet>'
)
"""Cell styles 1 to 4: moments, days, times of day, durations."""


def process(workbook: Path, folder: Path, *way: str) -> dict[str, list[list[str]]]:
    """What the process makes of each sheet that holds anything."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "crm.orders.sheets", str(workbook), str(folder), "2000000000", *way]
    lines = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
    told = [json.loads(line) for line in lines]
    return {line["sheet"]: rows(folder / line["file"]) for line in told if line["filled"]}


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


def book(path: Path, *cells: str, code: str = "yyyy-mm-dd hh:mm:ss") -> Path:
    """A workbook whose first sheet holds these cells, one below the other, as they are written in it, each beside a text."""
    plain = write(path.with_suffix(".plain"), {"Sheet1": [["HERE"]], "Sheet2": [["c"]]})
    body = "".join(f"<row>{cell}<c t='inlineStr'><is><t>x</t></is></c></row>" for cell in cells)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if "HERE" in part:
                part = part[: part.index("<row")] + body + part[part.rindex("</row>") + 6 :]
            if name == "xl/_rels/workbook.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
                part = part.replace("</Relationships>", f'<Relationship Id="s" Type="{kind}" Target="styles.xml"/></Relationships>')
            new.writestr(name, part)
        new.writestr("xl/styles.xml", STYLES.replace("CODE", code))
    return path


def undated(told: dict[str, list[list[str]]]) -> dict[str, list[list[str]]]:
    """Without the time that the quick way sets behind a day."""
    return {name: [[cell.removesuffix(" 00:00:00") for cell in row] for row in rows] for name, rows in told.items()}


def number(text: str, style: int = 0) -> str:
    return f'<c s="{style}"><v>{text}</v></c>'


def text(content: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(content)}</t></is></c>'


def first(told: dict[str, list[list[str]]]) -> list[str]:
    return [row[0] for row in told.get("Sheet1", [])]


def left_to_the_careful_way(workbook: Path) -> bool:
    return workbooks.unlike(archives.pieces(workbook, workbook.name), workbooks.moments(workbook))


CELLS = {
    text("1732147327000000001"): "1732147327000000001", text(' 3.5" 锅, "大" '): ' 3.5" 锅, "大" ', text("NULL"): "NULL", text(""): "",
    text("x\r\ny\rz").replace("\r", "&#13;"): "x\ny\nz", "<c/>": "", '<c t="e"><v>#N/A</v></c>': "", '<c t="b"><v>1</v></c>': "true",
    '<c t="str"><v>0.10</v></c>': "0.10", number("67.15"): "67.15", number("0"): "0", number("2.0"): "2", number("1.5E5"): "150000",
    number("67.150000000000006"): "67.15", number("1E-3"): "0.001", number("13800000001"): "13800000001",
    number("123456789012345"): "123456789012345", number("45292.5", 1): "2024-01-01 12:00:00",
}  # fmt: skip


@QUICKLY
def test_every_kind_of_cell(tmp_path: Path, way: tuple[str, ...]) -> None:
    file = book(tmp_path / "o.xlsx", *CELLS)
    told = process(file, tmp_path / "csv", *way)
    assert first(told) == list(CELLS.values())
    assert told["Sheet2"] == [["c"]]
    assert not left_to_the_careful_way(file)


def test_a_day_gets_a_time_in_the_quick_way_only(tmp_path: Path) -> None:
    file = book(tmp_path / "o.xlsx", number("45292", 2))
    assert first(process(file, tmp_path / "csv")) == ["2024-01-01"]
    assert first(process(file, tmp_path / "csv", "quick")) == ["2024-01-01 00:00:00"]


@pytest.mark.parametrize("cell", [number("0.5", 3), number("1.25", 4)], ids=["time of day", "duration"])
def test_times_of_day_and_durations_are_left_to_the_careful_way(tmp_path: Path, cell: str) -> None:
    assert process(book(tmp_path / "o.xlsx", text("锅"), cell), tmp_path / "csv", "quick") == {}


@pytest.mark.parametrize(
    "cell",
    [
        number("1.732147327E+18"), number("1732147327000000100"), number("1234567890123456"), number("33.333333333333336"), number("1E-10"),
        number("-0"), number("0.1234567890123"), number("45292.12345678901", 3), '<c t="d"><v>2024-01-01T10:00:00</v></c>',
        '<c t="str"><v>1732147327000000001</v></c>',
    ],
)  # fmt: skip
def test_what_the_quick_way_would_write_otherwise_is_seen(tmp_path: Path, cell: str) -> None:
    assert left_to_the_careful_way(book(tmp_path / "o.xlsx", *[number("1")] * 10, cell, number("2")))


def test_it_is_seen_across_the_pieces_of_a_part() -> None:
    whole = b"<c><v>1</v></c><c><v>1732147327000000100</v></c>"
    assert all(workbooks.unlike([whole[:cut], whole[cut:]]) for cut in range(len(whole)))
    whole = b'<c s="0"><v>1</v></c><c r="B1" s="4"><v>45528.38878472222</v></c>' * 20
    assert not any(workbooks.unlike([whole[:cut], whole[cut:]], {b"4"}) for cut in range(len(whole)))
    assert all(workbooks.unlike([whole[:cut], whole[cut:]], {b"0"}) for cut in range(len(whole)))
    assert not workbooks.unlike([b"<c><v>17321473", b"", b"27000000100</v></c>"])  # the end of one part, the beginning of another


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr), st.decimals(-10**6, 10**6, places=2).map(str),
    st.integers(-(10**18), 10**18).map(str), st.floats(0, 1e4).map("{:.17g}".format), st.integers(0, 9**6).map(lambda n: f"{n / 100:.17g}"),
)  # fmt: skip
ANY = st.one_of(
    NUMBERS.map(number), st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8).map(text),
    st.integers(2_000 * 86_400, 80_000 * 86_400).map(lambda second: number(repr(second / 86_400), 1)),
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANY, min_size=10, max_size=80))
def test_both_ways_write_the_same_or_it_is_seen(tmp_path: Path, cells: Sequence[str]) -> None:
    same = [cell for number, cell in enumerate(cells) if not left_to_the_careful_way(book(tmp_path / f"{number}.xlsx", cell))]
    file = book(tmp_path / "o.xlsx", *same)
    assert not left_to_the_careful_way(file)
    assert undated(process(file, tmp_path / "csv", "quick")) == process(file, tmp_path / "csv")


CODES = {
    "yyyy-mm-dd hh:mm:ss": True, "yyyy/m/d;@": True, "yyyy\\-mm\\-dd": True, "m/d/yy h:mm": True, "yyyy&quot;年&quot;m&quot;月&quot;": True,
    "General": False, "0.00_);[Red]": False, "h:mm:ss": False, "[h]:mm": False, "&quot;day&quot;0": False, "d 0": False, "yyyy;0.00": False,
}  # fmt: skip


@pytest.mark.parametrize(("code", "is_moment"), CODES.items())
def test_styles_of_moments(tmp_path: Path, code: str, is_moment: bool) -> None:
    file = book(tmp_path / "o.xlsx", number("45292.12345678901", 1), code=code)
    assert workbooks.moments(file) == ({b"1", b"2"} if is_moment else {b"2"})
    assert left_to_the_careful_way(file) is not is_moment
    if is_moment:
        assert first(process(file, tmp_path / "csv", "quick"))[0].startswith("2024-01-01 02:57:46")


@pytest.mark.parametrize("name", WORKBOOKS)
def test_large_samples_come_to_the_same_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    file, found = samples.write(name, tmp_path), []
    for large in (1 << 60, 0):
        monkeypatch.setattr(workbooks, "LARGE", large)
        workbooks._known.clear()
        store = database.memory()
        take(store, file)
        found.append(state(store))
    assert found[0] == found[1]


@pytest.mark.parametrize(("cell", "told"), [(number("1.732147327E+18"), "1.732147327e+18"), (number("0.5", 3), "12:00:00")])
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
    return next([row[0] for row in rows(found)] for name, found in workbooks.sheets(file, folder, file.name) if name == "Sheet1")


def test_both_ways_write_the_same_of_the_corpus(shared: Path, tmp_path: Path) -> None:
    seen = 0
    for file in sorted((shared / "corpus").rglob("*.xls[xm]")):
        if workbooks._is_xlsx(file) and not left_to_the_careful_way(file):
            assert undated(process(file, tmp_path / "q", "quick")) == process(file, tmp_path / "c"), file.name
            seen += 1
    assert seen > 0
