"""What unpacks to more than any machine holds, or never ends, is refused with one sentence, and without taking the memory it asks for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crm.words import catalogue
from tests.conftest import ROOT
from tests.reading import bombs

READER = """
import json, resource, sys
from datetime import datetime
from pathlib import Path
from crm import database
from crm.errors import CrmError
from crm.imports import steps

def own():  # Linux counts what the process was that started this one, unless asked here
    status = Path("/proc/self/status")
    told = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")] if status.exists() else []
    return int(told[0]) if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

for name in sys.argv[1:]:
    try:
        steps.import_orders(database.memory(), [Path(name)], now=datetime(2026, 11, 1))
        told = ""
    except CrmError as refusal:
        told = refusal.template
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps([told, own() // 1024, children // 1024]), flush=True)
"""


def read(*files: Path) -> list[tuple[str, int, int]]:
    """Import each file in a process of its own: the refusal's template, and the peaks of that process and of its children in MB."""
    command = [sys.executable, "-c", READER, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=True)
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("part", range(4))
def test_bombs_are_refused_with_a_sentence_and_little_memory(tmp_path: Path, part: int) -> None:
    names = list(bombs.BOMBS)[part::4]
    rows = read(*[bombs.BOMBS[name](tmp_path / name) for name in names])
    known = catalogue("zh_CN")
    assert [name for name, (sentence, *_) in zip(names, rows, strict=True) if sentence not in known] == []
    assert max(own for _, own, _ in rows) < 900
    assert max(other for _, _, other in rows) < 900


def test_what_the_refusals_say(tmp_path: Path) -> None:
    wanted = {
        "nulls.zip": "would unpack",
        "overlapping.zip": "would unpack",
        "crowded.zip": "holds {count} files",
        "locked.zip": "password",
        "far_cell.xlsx": "would unpack",
        "claiming.xls": "would unpack",
        "unclosed.csv": "quotation mark",
        "endless_line.csv": "endless line",
        "rather_wide.csv": "columns",
    }
    rows = read(*[bombs.BOMBS[name](tmp_path / name) for name in wanted])
    assert [name for (name, words), (sentence, *_) in zip(wanted.items(), rows, strict=True) if words not in sentence] == []


@pytest.mark.parametrize("rows", [40, 1_200_000])
def test_a_quotation_mark_that_swallows_rows_later_on_is_never_passed_over(tmp_path: Path, rows: int) -> None:
    items = [f"A{number},2026-05-01,b{number % 97},5.00\n" for number in range(400 + rows)]
    file = tmp_path / "o.csv"
    file.write_text("order id,date,buyer,amount\n" + "".join(items[:400]) + 'B2,"2026-05-01,x,5.00\n' + "".join(items[400:]))
    assert "quotation mark" in read(file)[0][0]


def test_a_line_longer_than_the_reader_holds_is_never_passed_over(tmp_path: Path) -> None:
    file = bombs.endless_later(tmp_path / "o.csv")
    assert "characters" in read(file)[0][0]
