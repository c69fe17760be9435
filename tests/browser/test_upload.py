"""Big uploads in a browser: 300 MB with progress and a cancel in the middle, a reload, a page change, and the server's memory."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CANCEL, REMOVE, settle, shot, upload, visit
from tests.conftest import Server, serving, wait_for

SIZE = 300_000_000
HEADER = b"order_id,buyer_id,created_at,paid_amount,status,item_title\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "shop") as running:
        yield running


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 300 MB: orders with very much in one cell that is not read."""
    file = tmp_path_factory.mktemp("big") / "大订单.csv"
    filling = b"x" * 99_900
    with file.open("wb") as out:
        out.write(HEADER.replace(b"item_title", b"remark"))
        number = 0
        while out.tell() < SIZE:
            number += 1
            out.write(b"A%05d,buyer%d,2026-05-01 10:00:00,%d.00,paid,%s\n" % (number, number % 40, number, filling))
    return file


def slow(page: Page, bytes_per_second: int) -> None:
    """A line so slow that a person has time to look and to cancel."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    values = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    wire.send("Network.emulateNetworkConditions", values)


def memory(server: Server) -> int:
    """The most megabytes the server has ever held."""
    text = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+)", text)[0]) // 1000


def on_disk(server: Server) -> list[str]:
    return [path.name for path in (server.data / "uploads").rglob("*") if path.is_file()]


def test_a_big_upload_shows_progress_and_can_be_cancelled(browser: Browser, server: Server, big: Path) -> None:
    page = visit(browser, server, "orders")
    slow(page, 30_000_000)
    page.locator("input[type=file]").set_input_files([big])
    expect(page.get_by_text(re.compile(r"^[1-9]\d?% · \d+ MB / 30\d MB$"))).to_be_visible(timeout=30_000)
    expect(page.get_by_role("progressbar", name=big.name)).to_be_visible()
    assert [name.partition(".")[2] for name in on_disk(server)] == ["part"]
    shot(page, "upload-progress-zh")
    page.get_by_role("button", name=CANCEL).click()
    expect(page.get_by_text(big.name, exact=True)).to_have_count(0)
    wait_for(lambda: on_disk(server) == [], 10)
    expect(page.get_by_role("button", name="先看结果")).to_have_count(0)
    page.context.close()


def test_a_big_upload_ends_in_an_import_and_not_in_memory(browser: Browser, server: Server, big: Path) -> None:
    page = visit(browser, server, "orders")
    before = memory(server)
    page.locator("input[type=file]").set_input_files([big])
    wait_for(lambda: on_disk(server) == [big.name], 120)
    assert memory(server) - before < 100
    expect(page.get_by_role("button", name=REMOVE)).to_be_visible(timeout=30_000)
    assert next((server.data / "uploads").rglob(big.name)).stat().st_size == big.stat().st_size
    settle(page)
    page.get_by_role("button", name="先看结果").click()
    expect(page.get_by_text("还没有写入任何内容。")).to_be_visible(timeout=120_000)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(f"{big.read_bytes().count(b'buyer') - 1:,}")
    settle(page)
    page.get_by_role("button", name=re.compile(REMOVE.pattern + big.name)).click()
    page.get_by_role("button", name=f"确定移除 {big.name}").click()
    wait_for(lambda: on_disk(server) == [], 10)
    page.context.close()


def test_files_outlive_a_reload_and_another_page(browser: Browser, server: Server, tmp_path: Path, big: Path) -> None:
    first = tmp_path / "first.csv"
    first.write_bytes(HEADER + b"A1,buyer1,2026-05-01 10:00:00,12.00,paid,shirt\n")
    page = visit(browser, server, "orders", locale="en-US", color_scheme="dark", viewport={"width": 390, "height": 844})
    upload(page, [first])
    slow(page, 10_000_000)
    page.locator("input[type=file]").set_input_files([big])
    expect(page.get_by_role("progressbar")).to_be_visible()
    shot(page, "upload-phone-dark-en")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    page.reload()
    settle(page)
    expect(page.get_by_role("button", name="Remove first.csv")).to_be_visible()
    expect(page.get_by_role("button", name=CANCEL)).to_have_count(0)
    wait_for(lambda: on_disk(server) == ["first.csv"], 10)
    page.goto(f"{server.url}/customers")
    settle(page)
    page.goto(f"{server.url}/orders")
    settle(page)
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_text("Nothing has been written yet.")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name=REMOVE)).to_have_count(0)
    page.context.close()


def test_another_browser_sees_nothing_and_files_of_no_kind_are_not_sent(browser: Browser, server: Server, tmp_path: Path) -> None:
    one, photo = tmp_path / "one.csv", tmp_path / "photo.png"
    one.write_bytes(HEADER)
    photo.write_bytes(b"\x89PNG")
    page = visit(browser, server, "orders")
    page.locator("input[type=file]").set_input_files([one, photo])
    expect(page.get_by_text("这种文件不能导入，没有上传。")).to_be_visible()
    wait_for(lambda: on_disk(server) == ["one.csv"], 10)
    other = visit(browser, server, "orders")
    expect(other.get_by_role("button", name=REMOVE)).to_have_count(0)
    other.context.close()
    page.context.close()


def middle(button: Locator) -> tuple[float, float]:
    box = button.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_hand_that_slips_removes_no_file(browser: Browser, server: Server, tmp_path: Path) -> None:
    """Where Cancel was while a file came nothing removes it afterwards, and a double click removes neither it nor the next one."""
    files = [tmp_path / name for name in ("one.csv", "two.csv", "three.csv")]
    for file in files:
        file.write_bytes(HEADER + b"A1,buyer1,2026-05-01 10:00:00,12.00,paid,shirt\n")
    page = visit(browser, server, "orders", locale="en-US")
    slow(page, 100)
    page.locator("input[type=file]").set_input_files(files)
    cancel = middle(page.get_by_role("button", name="Cancel one.csv"))
    slow(page, -1)
    for file in files:
        expect(page.get_by_role("button", name=f"Remove {file.name}")).to_be_visible(timeout=30_000)
    settle(page)
    page.mouse.click(*cancel)
    settle(page)
    assert sorted(on_disk(server)) == sorted(file.name for file in files)
    remove = middle(page.get_by_role("button", name="Remove one.csv"))
    page.mouse.dblclick(*remove)
    expect(page.get_by_role("button", name="Keep one.csv")).to_be_visible()
    page.mouse.dblclick(*middle(page.get_by_role("button", name="Yes, remove one.csv")))
    wait_for(lambda: sorted(on_disk(server)) == ["three.csv", "two.csv"], 10)
    settle(page)
    expect(page.get_by_role("button", name="Remove two.csv")).to_be_visible()
    assert sorted(on_disk(server)) == ["three.csv", "two.csv"]
    page.get_by_role("button", name="Remove two.csv").click()
    page.get_by_role("button", name="Keep two.csv").click()
    expect(page.get_by_role("button", name="Remove two.csv")).to_be_visible()
    page.context.close()
