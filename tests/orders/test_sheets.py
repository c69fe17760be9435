"""The process that opens workbooks: a large sheet is written by two at once, and every cell reads as in a small one."""

import csv
import json
import re
import subprocess
import sys
import zipfile
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


@pytest.mark.parametrize(("large", "first"), [(1 << 60, 11), (0, 5)])
def test_every_cell_is_written_whether_by_one_or_by_two(workbook: Path, tmp_path: Path, large: int, first: int) -> None:
    (told,) = process(workbook, tmp_path / "csv", f"sheets.LARGE = {large}")
    assert told == {"sheet": "Sheet1", "rows": first, "file": "0.csv"}
    assert rows(tmp_path / "csv" / "0.csv") == [HEADER, *READ, *READ, *READ[:2]]
    assert [file.name for file in (tmp_path / "csv").iterdir()] == ["0.csv"]


@pytest.mark.parametrize(("error", "refused"), [("OSError", "damaged"), ("MemoryError", "size"), ("RuntimeError", "size")])
def test_when_the_other_process_fails_nothing_is_told(workbook: Path, tmp_path: Path, error: str, refused: str) -> None:
    torn = f"""
sheets.LARGE, plain, me = 0, sheets._csv, sheets.os.getpid()
def torn(rows):
    if sheets.os.getpid() != me:
        raise {error}
    return plain(rows)
sheets._csv = torn
"""
    assert process(workbook, tmp_path / "csv", torn) == [{"refused": refused}]
