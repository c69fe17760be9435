"""Every file of the corpus through `crm import --dry-run`: exit 0 with its numbers or exit 1 with a sentence; no hang, nothing written."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from crm import database
from tests.conftest import SHARED, crm
from tests.test_bad_input import run

CORPUS = sorted(file for file in (SHARED / "corpus").rglob("*") if file.is_file())
PATIENCE = 20
"""Seconds after which a file counts as one that hangs."""
PARTS = 8


@contextmanager
def no_hang(file: Path) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"{file.name} hangs")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def answered(code: int, out: str, err: str) -> bool:
    """Exit 0 and one JSON object, or exit 1, one sentence that has a Chinese twin, and the same as JSON; never anything else."""
    if code == 0:
        one = json.loads(out)["files"]
        return err == "" and bool(one) and all(entry["import_id"] is None for entry in one)
    sentence = err.strip()
    same = json.loads(out)["error"]["sentence"] == sentence
    return code == 1 and same and "Traceback" not in err and sentence.endswith(".") and "imported" in sentence


def nothing_written(data: Path) -> bool:
    store = database.open_store(data)
    tables = ("imports", "order_records", "line_records", "import_rejections", "import_mappings", "orders", "customers", "jobs")
    rows = [row for table in tables for row in store.rows(f"SELECT * FROM {table} LIMIT 1")]  # noqa: S608
    store.close()
    files = [file.name for file in data.rglob("*") if file.is_file()]
    return not rows and not [name for name in files if not name.startswith(("shop.duckdb", "version_seen"))]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_file_is_read_or_refused_with_a_sentence(shared: Path, tmp_path: Path, part: int) -> None:
    data = tmp_path / "shop"
    for file in CORPUS[part::PARTS]:
        with no_hang(file):
            result = run("import", file, "--dry-run", "--json", data=data)
        assert answered(*result), (file.name, result)
    assert nothing_written(data)


@pytest.mark.parametrize("name", ["samples/ExportOrderList_synth.csv", "csvkit/null_byte.csv", "csvkit/dummy.xls", "BOMBS.md"])
def test_as_a_command_of_its_own(shared: Path, tmp_path: Path, name: str) -> None:
    done = crm("import", shared / "corpus" / name, "--dry-run", "--json", data=tmp_path / "shop", check=False)
    assert answered(done.returncode, done.stdout, done.stderr), done
    assert nothing_written(tmp_path / "shop")


def test_the_whole_corpus_at_once_is_refused_with_one_sentence(shared: Path, tmp_path: Path) -> None:
    code, out, err = run("import", *CORPUS, "--dry-run", "--json", data=tmp_path / "shop")
    assert (code, json.loads(out)["error"]["sentence"]) == (1, err.strip())
    assert len(err.strip().splitlines()) == 1
    assert nothing_written(tmp_path / "shop")
