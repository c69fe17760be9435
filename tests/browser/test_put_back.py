"""An older copy of the database is put back: every page says so, a person decides on the campaigns page, and only the others get it."""

import re
import shutil
from pathlib import Path

from playwright.sync_api import Browser, expect

from crm import campaigns, clock, database
from crm.settings import Environment
from tests.browser.conftest import visit
from tests.campaigns.given import Scripted, launched
from tests.conftest import serving


def put_back(folder: Path) -> str:
    """Thirty people, ten of whom got it after the copy that is there now."""
    store = database.open_store(folder)
    campaign_id = launched(store, 30, clock.now(), name="秋 *1*")
    store.close()
    shutil.copy2(folder / "shop.duckdb", folder.parent / "copy.duckdb")
    store = database.open_store(folder)
    accepted, broken = campaigns.sending.Outcome("accepted"), campaigns.sending.Outcome("refused", "busy", pause=True)
    campaigns.send(store, campaign_id, Environment(), clock.now, channel=Scripted(accepted, broken))
    store.close()
    shutil.copy2(folder.parent / "copy.duckdb", folder / "shop.duckdb")
    return campaign_id


def test_a_person_decides_and_only_the_others_get_it(browser: Browser, tmp_path: Path) -> None:
    campaign_id = put_back(tmp_path / "shop")
    with serving(tmp_path / "shop") as server:
        for path in ("", "orders", "customers", "result", "settings"):
            expect(visit(browser, server, path).get_by_text("发送已停止")).to_be_visible()
        page = visit(browser, server, f"campaigns?campaign={campaign_id}", locale="en-US")
        expect(page.get_by_text("An older copy of the database was put back. 10 messages left")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("Continue with the remaining 30"))).to_be_disabled()
        page.get_by_role("button", name="Forget …").click()
        sure = page.get_by_role("button", name="Forget that they were written to")
        expect(sure).to_be_disabled()
        page.get_by_role("button", name="Close").click()
        page.get_by_role("button", name="Count them as written to").click()
        page.get_by_role("button", name="Continue with the remaining 20").click()
        expect(page.get_by_text("Everything that could be sent has been sent.")).to_be_visible(timeout=30_000)
        assert len(list((tmp_path / "shop" / "outbox").glob("*.eml"))) == 20
        expect(visit(browser, server, "").get_by_text("发送已停止")).to_have_count(0)
