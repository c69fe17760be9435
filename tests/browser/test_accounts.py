"""Accounts on screen: the owner lets a specialist in, who sees what she may and no more; a session that is ended ends at the next click."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle, shot
from tests.conftest import Server, serving

PASSWORD = "correct horse battery"


@pytest.fixture
def shop(demo_copy: Path) -> Iterator[Server]:
    with serving(demo_copy) as server:
        yield server


def visitor(browser: Browser, **context: object) -> Page:
    options = {"locale": "en-US", "viewport": {"width": 1440, "height": 1000}} | context
    return browser.new_context(**options).new_page()


def take_up(page: Page, link: str, name: str = "") -> None:
    """Open a one-time link and set the password."""
    page.goto(link)
    if name:
        page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.click("button")
    settle(page)


def menu(page: Page) -> list[str]:
    return [text.splitlines()[-1] for text in page.get_by_test_id("stSidebarNavLink").all_inner_texts()]


def sign_in(page: Page, name: str) -> None:
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("button")


def go(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.url}/{name}")
    settle(page)


def invited(owner: Page, server: Server, name: str, role: str) -> str:
    """Somebody added on the users page; the link that is shown for it."""
    go(owner, server, "users")
    owner.get_by_label("Name", exact=True).fill(name)
    owner.get_by_label("Roles").click()
    owner.get_by_role("option", name=re.compile(role)).click()
    owner.keyboard.press("Escape")
    owner.get_by_role("button", name="Add and make a link").click()
    link = owner.get_by_test_id("stCode").inner_text().strip()
    settle(owner)
    return link


@pytest.fixture
def owner(browser: Browser, shop: Server) -> Page:
    """The owner, by the link that the server prints."""
    page, first = visitor(browser), re.search(r"http://\S+/invite/\S+", shop.log.read_text())
    assert first
    take_up(page, first[0], "Anna")
    expect(page.get_by_text("Signed in as Anna")).to_be_visible()
    return page


def test_a_specialist_writes_but_does_not_send_nor_manage(browser: Browser, shop: Server, owner: Page) -> None:
    stranger, bo = visitor(browser), visitor(browser)
    stranger.goto(f"{shop.url}/customers")
    expect(stranger.get_by_role("button", name="Sign in")).to_be_visible()
    link = invited(owner, shop, "Bo *not bold*", "CRM specialist")
    expect(owner.get_by_text("has not opened the link yet")).to_be_visible()
    expect(owner.get_by_text("Bo *not bold*", exact=True).first).to_be_visible()
    shot(owner, "users-en")
    take_up(bo, link)
    pages = [
        "Overview",
        "Import orders",
        "Customers",
        "Patterns",
        "Same person?",
        "Products",
        "Segments",
        "Compare segments",
        "Campaigns",
        "All numbers",
        "Results",
        "My account",
    ]
    assert menu(bo) == pages
    for page in ("users", "settings", "audit"):
        go(bo, shop, page)
        assert bo.get_by_role("heading", name=re.compile("Users|Settings|Who did what")).count() == 0
    assert "Traceback" not in shop.log.read_text()


def test_a_closed_account_is_out_at_the_next_click_and_the_trail_knows(browser: Browser, shop: Server, owner: Page) -> None:
    bo = visitor(browser)
    take_up(bo, invited(owner, shop, "Bo", "Staff"))
    go(bo, shop, "account")
    go(owner, shop, "users")
    owner.get_by_role("button", name="Change …").nth(1).click()
    owner.get_by_role("dialog").get_by_role("button", name="Close this account").click()
    expect(owner.get_by_text("may not sign in any more")).to_be_visible()
    bo.get_by_role("button", name="Sign out everywhere").click()
    expect(bo.get_by_text("You are signed out.")).to_be_visible()
    bo.get_by_role("link", name="Sign in").click()
    sign_in(bo, "bo")
    expect(bo.get_by_role("alert")).to_have_text("Name or password is wrong.")
    go(owner, shop, "audit")
    owner.get_by_role("button", name="Check all entries").click()
    expect(owner.get_by_text(re.compile(r"All \d+ entries are as they were written"))).to_be_visible()
    assert "Traceback" not in shop.log.read_text()
