"""kill -9 of the server while it works on the inbox: after the restart every file is imported once in effect and filed."""

import shutil
from datetime import date
from pathlib import Path

from crm import database, demo, jobs, works
from tests.conftest import start_server, wait_for


def counts(data: Path) -> tuple[int, int, int]:
    """Orders, imports and orders that an import had to touch, once no server has the file."""
    store = database.open_store(data)
    row = store.one("SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM imports) AS imports")
    states = [job.state for job in jobs.latest(store, works.Import, 20)]
    store.close()
    assert row is not None
    return row["orders"], row["imports"], states.count("done")


def left(inbox: Path) -> list[str]:
    return [path.name for path in inbox.iterdir() if path.is_file()]


def drop(data: Path, folder: Path, orders: int) -> None:
    (data / "inbox").mkdir(parents=True)
    for file in demo.write_files(folder, orders // 3, date(2026, 11, 1), orders):
        shutil.copy(file, data / "inbox")


def test_killed_between_the_import_and_the_filing(tmp_path: Path) -> None:
    data, inbox = tmp_path / "shop", tmp_path / "shop" / "inbox"
    drop(data, tmp_path / "exports", 300)
    (inbox / "done").write_text("in the way: nothing can be filed")
    server = start_server(data)
    wait_for(lambda: "cannot be filed" in server.log.read_text(), 60, server.log.read_text)
    server.kill()
    before = counts(data)
    assert before[0] > 0
    (inbox / "done").unlink()
    again = start_server(data)
    wait_for(lambda: left(inbox) == [], 60, again.log.read_text)
    assert again.stop() == 0
    assert counts(data) == before
    assert len([path for path in (inbox / "done").iterdir() if path.suffix != ".txt"]) == before[1]


def test_killed_in_the_middle_of_the_import(tmp_path: Path) -> None:
    data, inbox = tmp_path / "shop", tmp_path / "shop" / "inbox"
    drop(data, tmp_path / "exports", 60_000)
    files = len(left(inbox))
    server = start_server(data)
    wait_for(lambda: any((data / "tmp" / "imports").glob("*/*.csv")), 60, server.log.read_text)
    server.kill()
    assert len(left(inbox)) == files
    assert counts(data)[:2] == (0, 0)
    again = start_server(data)
    wait_for(lambda: left(inbox) == [], 120, again.log.read_text)
    assert again.stop() == 0
    orders, imports, done = counts(data)
    assert orders > 50_000
    assert (imports, done) == (files, files)
    assert len(list((inbox / "done").glob("*.txt"))) == files
