"""Somebody asks what is kept of her, then wants it erased: found by her whole phone number, her file downloaded, the number typed, gone."""

import json
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle, shot, visit
from tests.conftest import serving
from tests.privacy.given import EMAIL, PHONE, WORDS, shop


def rules(page: Page) -> None:
    """She is not found any more; what a rule would do is said before it is saved."""
    box = page.get_by_label("Phone number, e-mail address, account or customer id", exact=True)
    box.fill(EMAIL)
    box.press("Enter")
    expect(page.get_by_text("Nobody is known by exactly that.")).to_be_visible()
    page.get_by_label("Erase customers who have not bought for (days, 0 = never)").fill("30")
    page.get_by_label("Letters in the outbox (days, 0 = for ever)").click()
    expect(page.get_by_text("Customers who have not bought for 30 days")).to_be_visible()
    shot(page, "privacy-rules-en")


def written_anew(browser: Browser, folder: Path) -> None:
    """After the next start nothing of her is left in any file."""
    with serving(folder) as server:
        again = visit(browser, server, "privacy", locale="en-US")
        expect(again.get_by_text("Erased so far")).to_be_visible()
        expect(again.get_by_text("The database file keeps the bytes")).to_have_count(0)
        again.context.close()
    kept = [path for path in (folder).rglob("*") if path.is_file()]
    assert [(path.name, word) for path in kept for word in WORDS if word.encode() in path.read_bytes()] == []


def test_a_person_is_found_handed_over_and_erased(browser: Browser, tmp_path: Path) -> None:
    shop(tmp_path).close()
    with serving(tmp_path / "shop") as server:
        page = visit(browser, server, "privacy", locale="en-US")
        box = page.get_by_label("Phone number, e-mail address, account or customer id", exact=True)
        box.fill(PHONE[:-1])
        box.press("Enter")
        expect(page.get_by_text("Nobody is known by exactly that.")).to_be_visible()
        box.fill(PHONE)
        box.press("Enter")
        expect(page.get_by_text("Accounts: 2. Orders: 4.")).to_be_visible()
        assert PHONE not in page.url
        page.get_by_role("button", name="Make the file of everything about her").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download").click()
        tables = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["tables"]
        assert len(tables["order_records"]) == 4
        shot(page, "privacy-found-en")
        page.get_by_role("button", name="Erase …").click()
        sure = page.get_by_role("button", name="Erase for good")
        expect(sure).to_be_disabled()
        number = page.get_by_label("Type the number of her orders, 4, to go on")
        number.fill("4")
        number.press("Enter")
        expect(sure).to_be_enabled()
        shot(page, "privacy-erase-en")
        sure.click()
        expect(page.get_by_text("The database file keeps the bytes")).to_be_visible()
        settle(page)
        rules(page)
        page.context.close()
        chinese = visit(browser, server, "privacy")
        shot(chinese, "privacy-zh")
        chinese.context.close()
    written_anew(browser, tmp_path / "shop")
