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


def test_the_owner_lets_a_specialist_in_who_may_write_but_not_send(browser: Browser, shop: Server) -> None:
    owner, bo, stranger = visitor(browser), visitor(browser), visitor(browser)
    first = re.search(r"http://\S+/invite/\S+", shop.log.read_text())
    assert first, "the server prints the owner's link"
    take_up(owner, first[0], "Anna")
    expect(owner.get_by_text("Signed in as Anna")).to_be_visible()

    stranger.goto(f"{shop.url}/customers")
    expect(stranger.get_by_role("button", name="Sign in")).to_be_visible()

    owner.goto(f"{shop.url}/users")
    settle(owner)
    owner.get_by_label("Name", exact=True).fill("Bo *not bold*")
    owner.get_by_label("Roles").click()
    owner.get_by_role("option", name=re.compile("CRM specialist")).click()
    owner.keyboard.press("Escape")
    owner.get_by_role("button", name="Add and make a link").click()
    link = owner.get_by_test_id("stCode").inner_text().strip()
    settle(owner)
    expect(owner.get_by_text("has not opened the link yet")).to_be_visible()
    expect(owner.get_by_text("Bo *not bold*", exact=True).first).to_be_visible()
    shot(owner, "users-en")

    take_up(bo, link)
    assert menu(bo) == [
        "Overview",
        "Import orders",
        "Customers",
        "Same person?",
        "Products",
        "Segments",
        "Campaigns",
        "Results",
        "My account",
    ]
    for page in ("users", "settings", "audit"):
        bo.goto(f"{shop.url}/{page}")
        settle(bo)
        assert bo.get_by_role("heading", name=re.compile("Users|Settings|Who did what")).count() == 0

    owner.goto(f"{shop.url}/audit")
    settle(owner)
    owner.get_by_role("button", name="Check all entries").click()
    expect(owner.get_by_text(re.compile(r"All \d+ entries are as they were written"))).to_be_visible()

    bo.goto(f"{shop.url}/account")
    settle(bo)
    owner.goto(f"{shop.url}/users")
    settle(owner)
    owner.get_by_role("button", name="Change …").nth(1).click()
    owner.get_by_role("dialog").get_by_role("button", name="Close this account").click()
    expect(owner.get_by_text("may not sign in any more")).to_be_visible()
    bo.get_by_role("button", name="Sign out everywhere").click()
    expect(bo.get_by_text("You are signed out.")).to_be_visible()
    bo.get_by_role("link", name="Sign in").click()
    bo.fill("input[name=name]", "bo *not bold*")
    bo.fill("input[name=password]", PASSWORD)
    bo.click("button")
    expect(bo.get_by_role("alert")).to_have_text("Name or password is wrong.")
    assert "Traceback" not in shop.log.read_text()
