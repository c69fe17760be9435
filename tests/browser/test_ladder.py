"""A ladder built in a browser: groups in a rung, a pasted list, a rung moved, switched off and split, saved, written to; read by phone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from crm import clock, database, segments
from crm.segments import saved
from crm.words import translate
from tests.browser.conftest import settle, shot, visit
from tests.conftest import Server, serving

LANGUAGES = {"zh-CN": "zh_CN", "en-US": "en"}


@dataclass
class Shop:
    server: Server
    nicknames: list[str]


@pytest.fixture(scope="module")
def shop(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A demo shop, and three of its customers by the names they go by."""
    folder = Path(shutil.copytree(demo_data, tmp_path_factory.mktemp("ladder") / "shop"))
    store = database.open_store(folder)
    alone = "SELECT nickname FROM customer_facts WHERE purchases > 0 GROUP BY nickname HAVING count(*) = 1 ORDER BY max(spend) DESC LIMIT 3"
    names = [row["nickname"] for row in store.rows(alone)]
    store.close()
    with serving(folder) as server:
        yield Shop(server, names)


@dataclass
class Screen:
    """The ladder page in one language."""

    page: Page
    language: str

    def say(self, sentence: str) -> str:
        return translate(self.language, sentence).split("{")[0].strip()

    def press(self, sentence: str, within: Locator | None = None, last: bool = False) -> None:
        some = (within or self.page).get_by_role("button", name=self.say(sentence))
        (some.last if last else some.first).click()
        settle(self.page)

    def tap(self, place: int, key: str) -> None:
        """A button of a rung that has a picture instead of words."""
        self.rung(place).locator(f"[class*=st-key-{key}] button").first.click()
        settle(self.page)

    def pick(self, box: Locator, text: str) -> None:
        box.click()
        self.page.keyboard.type(text)  # while the list is open the rest of the page is hidden from those who ask by role
        self.page.get_by_role("option", name=text).first.click()
        self.page.keyboard.press("Escape")
        settle(self.page)

    def rung(self, place: int) -> Locator:
        return self.page.locator("[class*=st-key-rung_]:not([class*=st-key-rung_name])").nth(place)

    def fields(self, place: int) -> Locator:
        return self.rung(place).get_by_role("combobox")

    def people(self, place: int) -> int:
        return int(self.rung(place).get_by_test_id("stMetricValue").first.inner_text().replace(",", ""))


def build(screen: Screen, names: list[str]) -> None:
    """Two rungs: bought at all, and (in Guangdong or spent 300 or more); and the people of a pasted list."""
    page, chinese = screen.page, screen.language == "zh_CN"
    screen.press("Add a rung")
    number = screen.rung(0).get_by_test_id("stNumberInputField").first
    number.fill("3000")
    number.press("Enter")
    settle(page)
    screen.press("Add a group", screen.rung(0))
    boxes = screen.fields(0)
    screen.pick(boxes.nth(4), "广东省" if chinese else "Guangdong")
    screen.pick(boxes.nth(5), "消费金额" if chinese else "How they buy · Spend")
    spend = screen.rung(0).get_by_test_id("stNumberInputField").last
    spend.fill("300")
    spend.press("Enter")
    settle(page)
    shot(page, f"ladder-nested-{screen.language}")
    screen.press("Done", screen.rung(0))
    screen.press("Add a rung")
    screen.pick(screen.fields(1).first, "在某个名单" if chinese else "Is on the list")
    paste(screen, [*names, "没有这个人"])


def paste(screen: Screen, lines: list[str]) -> None:
    page = screen.page
    if not screen.rung(1).locator("textarea").is_visible():
        screen.rung(1).get_by_text(screen.say("Paste a list")).click()
    box = screen.rung(1).locator("textarea")
    box.fill("\n".join(lines))
    box.blur()
    settle(page)
    screen.press("Look up", screen.rung(1))
    expect(screen.rung(1)).to_contain_text("1 条在店里查不到" if screen.language == "zh_CN" else "1 entry is not known here")
    shot(page, f"ladder-pasted-{screen.language}")
    screen.press("Use these {n} people", screen.rung(1))


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_ladder_is_built_by_clicking_and_typing(browser: Browser, shop: Shop, locale: str) -> None:
    page = visit(browser, shop.server, "segments", locale=locale)
    screen = Screen(page, LANGUAGES[locale])
    build(screen, shop.nicknames)
    assert screen.people(1) == 3
    nested = screen.people(0)

    screen.tap(1, "move_arrow_upward_")  # the list comes first now
    assert screen.people(0) == 3
    screen.tap(0, "off_")
    assert screen.people(1) == nested
    screen.tap(0, "off_")
    screen.tap(0, "move_arrow_downward_")
    assert screen.people(0) == nested

    screen.press("Edit", screen.rung(0))
    screen.pick(screen.fields(0).last, "消费金额" if locale == "zh-CN" else "Spend")
    shot(page, f"ladder-split-{screen.language}")
    buttons = screen.rung(0).get_by_role("button", name="给“" if locale == "zh-CN" else "Write to “")
    shown = [
        int("".join(filter(str.isdigit, text.rpartition("：" if locale == "zh-CN" else ":")[2]))) for text in buttons.all_inner_texts()
    ]
    assert len(shown) > 2 and sum(shown) == nested
    name = screen.say("Name of the segment")
    page.get_by_label(name).fill(f"点出来的 {locale}")
    page.get_by_label(name).blur()
    settle(page)
    screen.press("Save")
    expect(page.get_by_test_id("stToast")).to_be_visible()
    settle(page)
    screen.press("Write to these {n} people", screen.rung(1))
    expect(page.get_by_role("button", name=screen.say("Check and count"))).to_be_visible()
    page.context.close()


def test_a_ladder_is_read_on_a_phone(browser: Browser, shop: Shop) -> None:
    page = visit(browser, shop.server, "segments", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    Screen(page, "zh_CN").press("Start with this")
    shot(page, "ladder-phone-zh")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    assert all(card.bounding_box()["x"] + card.bounding_box()["width"] <= 390 for card in page.get_by_test_id("stMetric").all()[:7])  # type: ignore[index]
    page.context.close()


def test_what_was_clicked_is_what_the_file_says(shop: Shop) -> None:
    """After the two languages: both made the same ladder."""
    shop.server.stop()
    store = database.open_store(shop.server.data)
    made = {row.name: saved.get(store, row.name) for row in saved.listed(store) if row.name.startswith("点出来的")}
    store_day = clock.day_of(clock.now(), database.load_shop(store).timezone)
    assert len(made) == 2
    first, second = made.values()
    assert first.rungs[0].where == second.rungs[0].where
    assert first.rungs[0].where == {
        "all": [
            {"field": "recency_days", "op": "at_most", "value": 3000},
            {
                "any": [
                    {"field": "province", "op": "one_of", "value": ["广东省"]},
                    {"field": "spend", "op": "at_least", "value": 300},
                ]
            },
        ]
    }
    assert [segments.count(store, one, store_day)[1].customers for one in made.values()] == [3, 3]
    store.close()
