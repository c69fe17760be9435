"""The process that opens workbooks: a large sheet is written by two at once, and every cell reads as in a small one."""

import csv
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.orders.samples import workbook as write

HEADER = ["订单编号", "标题", "单价", "数量", "开票"]
PLAIN = [["1732147327000000001", "锅", "67.15", "1", "TRUE"], ["1732147327000000002", "", "0", "2.0", "FALSE"]]
OTHER = [["1732147327000000003", "67", "碗", "三", "是"], ["4", '3.5" 锅, "大"', '"', "x\r\ny\rz\nw", "'1"]]
READ = [
    ["1732147327000000001", "锅", "67.15", "1", "true"], ["1732147327000000002", "", "0", "2", "false"],
    ["1732147327000000003", "67", "碗", "三", "是"], ["4", '3.5" 锅, "大"', '"', "x\ny\nz\nw", "'1"],
]  # fmt: skip
"""What PLAIN and OTHER are read as."""


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Pieces of three rows each: texts and numbers in their columns, then cells unlike the others of theirs."""
    texts = write(tmp_path / "texts.xlsx", {"Sheet1": [HEADER, *PLAIN, *OTHER, *PLAIN, *OTHER, *PLAIN]})
    with zipfile.ZipFile(texts) as old, zipfile.ZipFile(tmp_path / "o.xlsx", "w") as new:
        for name in old.namelist():
            found = old.read(name).decode().replace("\r", "&#13;")
            true = r' t="inlineStr"><is><t xml:space="preserve">TRUE</t></is>'
            found = re.sub(true, ' t="b"><v>1</v>', found)
            new.writestr(name, re.sub(true.replace("TRUE", "FALSE"), ' t="b"><v>0</v>', found))
    return tmp_path / "o.xlsx"


def process(workbook: Path, folder: Path, before: str) -> list[dict[str, object]]:
    """What the process tells, after some of it was made otherwise."""
    folder.mkdir()
    code = f"import sys; from crm.orders import sheets\n{before}\nsheets.PIECE = 3; sheets.main(*sys.argv[1:])"
    command = [sys.executable, "-c", code, str(workbook), str(folder), "2000000000"]
    out = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


@pytest.mark.parametrize(
    "before",
    [
        "sheets.LARGE = 1 << 60",
        "sheets.LARGE = 0",
        "sheets.LARGE = 0\ndef none(): raise BlockingIOError(11, 'no more processes')\nsheets.os.fork = none",
    ],
    ids=["by one", "by two", "by one where the system allows no other"],
)
def test_every_cell_is_written(workbook: Path, tmp_path: Path, before: str) -> None:
    (told,) = process(workbook, tmp_path / "csv", before)
    assert told == {"sheet": "Sheet1", "filled": True, "file": "0.csv"}
    assert rows(tmp_path / "csv" / "0.csv") == [HEADER, *READ, *READ, *READ[:2]]
    assert [file.name for file in (tmp_path / "csv").iterdir()] == ["0.csv"]


COPY = """
import signal, time
sheets.LARGE, plain, me = 0, sheets._csv, sheets.os.getpid()
def changed(rows):
    if sheets.os.getpid() != me:
        {copy}
    {original}
    return plain(rows)
sheets._csv = changed
"""


@pytest.mark.parametrize("copy", ["raise OSError", "raise MemoryError", "raise ValueError", "sheets.os.kill(sheets.os.getpid(), 9)"])
def test_when_the_copy_fails_its_original_writes_its_rows(workbook: Path, tmp_path: Path, copy: str) -> None:
    assert process(workbook, tmp_path / "csv", COPY.format(copy=copy, original="")) == [
        {"sheet": "Sheet1", "filled": True, "file": "0.csv"}
    ]
    assert rows(tmp_path / "csv" / "0.csv") == [HEADER, *READ, *READ, *READ[:2]]


@pytest.mark.parametrize(("error", "refused"), [("OSError", "damaged"), ("MemoryError", "size"), ("ValueError", "damaged")])
def test_what_both_fail_at_is_told_by_its_reason(workbook: Path, tmp_path: Path, error: str, refused: str) -> None:
    assert process(workbook, tmp_path / "csv", COPY.format(copy="pass", original=f"raise {error}")) == [{"refused": refused}]


def test_a_copy_ends_with_its_original(workbook: Path, tmp_path: Path) -> None:
    first = """
        Path(sys.argv[2], "copy").write_text(str(sheets.os.getpid()))
        time.sleep(0.5)"""
    before = "from pathlib import Path\n" + COPY.format(copy=first, original="if sheets.os.getpid() == me: time.sleep(60)")
    folder = tmp_path / "csv"
    folder.mkdir()
    code = f"import sys; from crm.orders import sheets\n{before}\nsheets.PIECE = 1; sheets.main(*sys.argv[1:])"
    reader = subprocess.Popen([sys.executable, "-c", code, str(workbook), str(folder), "2000000000"])
    until(lambda: (folder / "copy").is_file() and (folder / "copy").read_text() != "")
    reader.kill()
    reader.wait()
    until(lambda: not alive(int((folder / "copy").read_text())))
    assert len(rows(folder / "0.rest")) < 6


def until(true: Callable[[], bool]) -> None:
    """Wait up to ten seconds for something."""
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has asked for its end does not."""
    status = Path(f"/proc/{pid}/stat")
    return status.is_file() and status.read_text().rpartition(")")[2].split()[0] != "Z"
