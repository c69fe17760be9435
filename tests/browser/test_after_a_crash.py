"""kill -9 of the server in the middle: after the restart the screen says what happened, and the work can be finished by a click."""

import shutil
import time
from collections import Counter
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, expect

from crm import campaigns, clock, database, demo, jobs, works
from tests.browser.conftest import settle, shot, visit
from tests.conftest import serving, start_server, wait_for

EVERYBODY = {"name": "all", "rungs": [{"name": "all", "where": {"field": "has_email", "op": "is", "value": True}}]}


def launched(data: Path) -> tuple[str, int]:
    """A campaign to everybody with an address, launched and waiting for the worker; its id and how many it writes to."""
    store = database.open_store(data)
    now, day = clock.now(), clock.day_of(clock.now(), "Asia/Shanghai")
    spec = {
        "name": "大促",
        "ladder": EVERYBODY,
        "subject": "AD 想你了",
        "body": "{{ customer.nickname }}，好久不见。",
        "from_email": "a@shop.example.com",
    }
    campaign_id = campaigns.saved.create(store, campaigns.parse(spec), now)
    plan = campaigns.plan(store, campaign_id, day)
    campaigns.launch(store, campaign_id, day, plan.checksum, now)
    jobs.ask(store, works.Send(campaign_id), now)
    store.close()
    return campaign_id, plan.recipients


def written(data: Path) -> list[Path]:
    return list((data / "outbox").glob("*.eml"))


def test_a_killed_send_says_so_and_goes_on_by_a_click(browser: Browser, demo_copy: Path) -> None:
    campaign_id, people = launched(demo_copy)
    server = start_server(demo_copy)
    wait_for(lambda: len(written(demo_copy)) > 50, 60)
    server.kill()
    assert len(written(demo_copy)) < people
    with serving(demo_copy) as again:
        page = visit(browser, again, f"campaigns?campaign={campaign_id}")
        expect(page.get_by_text("没有人收到两次")).to_be_visible()
        shot(page, "crash-send")
        page.get_by_role("button", name="继续").click()
        expect(page.get_by_text("能发的都已发出")).to_be_visible(timeout=90_000)
        page.context.close()
        assert again.stop() == 0
    receivers = Counter(line for file in written(demo_copy) for line in file.read_text().splitlines() if line.startswith("To: "))
    assert len(receivers) == people
    assert set(receivers.values()) == {1}


def test_a_killed_import_says_so(browser: Browser, tmp_path: Path) -> None:
    files = demo.write_files(tmp_path / "exports", 20_000, date(2026, 11, 1), 50_000)
    data = tmp_path / "shop"
    uploads = data / "uploads" / "one"
    uploads.mkdir(parents=True)
    store = database.open_store(data)
    job_id = jobs.ask(store, works.Import([str(shutil.copy(file, uploads)) for file in files]), clock.now())
    store.close()
    server = start_server(data)
    time.sleep(1)
    server.kill()
    store = database.open_store(data)
    job = jobs.get(store, job_id)
    nothing = store.one("SELECT count(*) AS n FROM orders")
    store.close()
    assert job and (job.state, nothing) == ("running", {"n": 0})
    with serving(data) as again:
        page = visit(browser, again, "orders")
        settle(page)
        expect(page.get_by_text("服务器中途停止了")).to_be_visible()
        shot(page, "crash-import")
        page.context.close()
