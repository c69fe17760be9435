"""The inbox: whole files only, together, once; filed with a report; a bad one holds nobody back; a kill changes nothing."""

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm import jobs, works
from crm.imports import history
from tests.imports.inbox_given import HEADER, NOW, Given


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Given]:
    given = Given(tmp_path)
    yield given
    given.store.close()


def test_a_file_is_imported_and_filed_with_a_report(shop: Given) -> None:
    shop.drop("orders.csv", "A1", "A2")
    shop.round()
    assert shop.orders() == ["A1", "A2"]
    assert shop.files() == ["done/2026-11-22 1115 orders.csv", "done/2026-11-22 1115 orders.csv.txt"]
    text = (shop.home / shop.files()[1]).read_text()
    assert "It was imported." in text
    assert "New orders: 2" in text
    entry = history.listed(shop.store)[0]
    assert f"crm undo {entry.import_id}" in text
    assert entry.actor == "inbox"


def test_a_file_that_still_grows_is_left_alone(shop: Given) -> None:
    path = shop.drop("orders.csv", "A1")
    shop.look()
    shop.drop("orders.csv", "A1", "A2")
    shop.look()
    shop.look(2)
    assert shop.asked() == []
    assert path.exists()
    shop.look()
    assert shop.asked() == [["orders.csv"]]
    shop.look()
    assert len(shop.asked()) == 1


def test_files_that_come_together_are_one_import(shop: Given) -> None:
    shop.drop("items.csv", "A1")
    shop.look()
    shop.drop("orders.csv", "A2")
    shop.look()
    assert shop.asked() == []
    shop.look()
    assert shop.asked() == [["items.csv", "orders.csv"]]


def test_patience_with_a_growing_neighbour_ends(shop: Given) -> None:
    shop.drop("orders.csv", "A1")
    for number in range(12):
        shop.drop("endless.csv", *(f"B{n}" for n in range(number + 1)))
        shop.look()
    assert shop.asked() == [["orders.csv"]]


def test_a_bad_file_holds_nobody_back(shop: Given) -> None:
    shop.drop("good.csv", "A1")
    shop.drop("bad.csv", content=b"\x89PNG\r\n\x1a\n" + bytes(200))
    shop.drop("also good.csv", "A2")
    shop.round(2)
    assert shop.orders() == ["A1", "A2"]
    names = [name.replace("2026-11-22 ", "").split(" ", 1) for name in shop.files() if not name.endswith(".txt")]
    assert sorted((folder.split("/")[0], name) for folder, name in names) == [
        ("done", "also good.csv"),
        ("done", "good.csv"),
        ("refused", "bad.csv"),
    ]
    report = next(path for path in (shop.home / "refused").iterdir() if path.suffix == ".txt").read_text()
    assert "It was not imported." in report
    assert "bad.csv" in report
    assert "put it into the inbox again" in report


def test_rejected_rows_are_in_the_report_in_the_shops_language(tmp_path: Path) -> None:
    shop = Given(tmp_path, "zh_CN")
    path = shop.drop("orders.csv", *(f"A{number}" for number in range(20)))
    path.write_text(path.read_text() + "B1,b,nonsense,5.00,paid\n")
    shop.round()
    text = (shop.home / shop.files()[1]).read_text()
    assert "结果：已导入。" in text
    assert "行 22: 这不是日期。请写成 2026-01-31 09:30:00 这样。 (created_at nonsense)" in text
    shop.store.close()


@pytest.mark.parametrize("name", [".hidden.csv", ".~lock.orders.csv#", "~$orders.xlsx", "orders.csv.part", "orders.TMP", "a.filepart"])
def test_names_of_half_written_files_are_ignored(shop: Given, name: str) -> None:
    shop.drop(name, "A1")
    shop.round()
    assert shop.files() == [name]
    assert shop.asked() == []


def test_links_are_not_followed(shop: Given, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text(HEADER + "A1,b,2026-05-01,1,paid\n")
    (shop.home / "link.csv").symlink_to(outside)
    (shop.home / "folder").symlink_to(tmp_path)
    shop.round()
    assert shop.asked() == []
    assert outside.exists()


def test_nothing_is_ever_overwritten(shop: Given) -> None:
    for number in range(3):
        shop.drop("orders.csv", f"A{number}")
        shop.round()
        shop.now = NOW
    assert shop.orders() == ["A0", "A1", "A2"]
    assert [name for name in shop.files() if not name.endswith(".txt")] == [
        "done/2026-11-22 1115 orders (2).csv",
        "done/2026-11-22 1115 orders (3).csv",
        "done/2026-11-22 1115 orders.csv",
    ]


def test_a_folder_names_the_shop(shop: Given) -> None:
    shop.drop("猫店/orders.csv", "A1")
    shop.round()
    assert shop.store.one("SELECT shop FROM orders") == {"shop": "猫店"}
    assert shop.files()[0] == "done/猫店/2026-11-22 1115 orders.csv"


def test_a_name_in_the_encoding_of_old_programs(shop: Given) -> None:
    raw = os.fsencode(shop.home) + b"/" + "订单.csv".encode("gb18030")
    Path(os.fsdecode(raw)).write_text(HEADER + "A1,b,2026-05-01,1,paid\n")
    shop.round()
    assert shop.files()[0] == "done/2026-11-22 1115 订单.csv"


def test_after_a_stop_what_was_imported_is_only_filed(shop: Given) -> None:
    shop.drop("orders.csv", "A1")
    shop.look()
    shop.look()
    shop.work()
    shop.restart()
    shop.look()
    assert len(shop.asked()) == 1
    assert shop.files()[0].startswith("done/")


def test_what_was_cut_off_is_asked_for_again_but_not_forever(shop: Given) -> None:
    shop.drop("orders.csv", "A1")
    for number in range(1, 4):
        shop.restart()
        shop.look()
        shop.look()
        job = jobs.next_waiting(shop.store)
        assert job is not None
        assert len(shop.asked()) == number
        jobs.start(shop.store, job.job_id, shop.now)
        jobs.interrupt_open(shop.store, shop.now)
    shop.restart()
    shop.look()
    assert shop.files()[0].startswith("refused/")
    assert "stopped several times" in (shop.home / shop.files()[1]).read_text()


def test_an_import_stopped_by_a_person_is_not_started_again(shop: Given) -> None:
    shop.drop("orders.csv", "A1")
    shop.look()
    shop.look()
    jobs.cancel(shop.store, jobs.running(shop.store, works.Import)[0].job_id)
    shop.look()
    assert shop.files()[0].startswith("refused/")
    assert shop.orders() == []


def test_a_folder_that_cannot_be_used_is_complained_about_once(shop: Given, caplog: pytest.LogCaptureFixture) -> None:
    shop.drop("orders.csv", "A1")
    (shop.home / "done").write_text("in the way")
    with caplog.at_level(logging.WARNING):
        shop.round()
        shop.look()
        shop.look()
    assert shop.orders() == ["A1"]
    assert len(shop.asked()) == 1
    assert len([line for line in caplog.messages if "inbox" in line]) == 1
    (shop.home / "done").unlink()
    shop.look()
    assert shop.files()[0].startswith("done/")
    shutil.rmtree(shop.home)
    shop.home.write_text("not a folder")
    with caplog.at_level(logging.WARNING):
        shop.look()
        shop.look()
    assert len([line for line in caplog.messages if "cannot be read" in line]) == 1
