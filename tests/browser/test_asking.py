"""What a table leaves open, in a browser: its columns beside each other, its words with counts, no answer beforehand; kept on reload."""

from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import settle, shot, visit
from tests.browser.test_mapping import drop, server, spend, take  # noqa: F401
from tests.conftest import Server

LOOK = "先看结果"
WORDS = ["completed", "In Klärung", "completed", "cancelled"]


def two_totals(path: Path) -> Path:
    """Twelve orders: two amounts that differ, a word nobody knows on three of them, dates that could be either way."""
    rows = [f"A{n},u{n % 5}@example.com,{n % 9 + 1:02d}/{n % 7 + 2:02d}/2026,{100 + n}.50,{90 + n}.25,{WORDS[n % 4]}" for n in range(12)]
    path.write_text("\n".join(["Order No,Customer,Date,Total,Amount,Status", *rows]) + "\n", encoding="utf-8")
    return path


def still(page: Page) -> Locator:
    return page.get_by_text("导入这个文件之前还要说明")


def pick(page: Page, label: str, answer: str) -> None:
    """Choose in one of the selectors."""
    box = page.get_by_role("combobox", name=label)
    box.scroll_into_view_if_needed()  # a list that scrolls while it opens closes again
    settle(page)
    box.click()
    page.get_by_role("option", name=answer, exact=True).click()
    settle(page)


def choose_column(page: Page, title: str) -> None:
    page.get_by_test_id("stRadio").get_by_text(title, exact=True).click()
    settle(page)


def test_what_is_open_is_asked_kept_and_imported_so(browser: Browser, server: Server, tmp_path: Path) -> None:  # noqa: F811
    page = visit(browser, server, "orders")
    drop(page, two_totals(tmp_path / "two.csv"))
    expect(page.get_by_text("顾客实际付了多少钱，是哪一列？").first).to_be_visible()
    expect(page.get_by_text("前 12 行合计 1,272.00")).to_be_visible()
    expect(page.get_by_text("前 12 行合计 1,149.00")).to_be_visible()
    expect(page.get_by_test_id("stRadio").get_by_role("radio", checked=True)).to_have_count(0)
    expect(page.get_by_role("button", name=LOOK)).to_have_count(0)
    expect(page.get_by_text("前几笔订单会这样读取")).to_have_count(0)
    choose_column(page, "Amount")
    expect(page.get_by_text("前几笔订单会这样读取")).to_be_visible()
    expect(still(page)).to_contain_text("状态列里的词是什么意思、日期里先写日还是先写月")
    pick(page, "In Klärung · 3 ×", "未付款")
    page.reload()
    settle(page, 1500)
    expect(page.get_by_role("radio", name="Amount")).to_be_checked()
    expect(still(page)).to_have_text("导入这个文件之前还要说明：日期里先写日还是先写月。")
    expect(page.get_by_role("button", name=LOOK)).to_have_count(0)
    pick(page, "日期写法", "日/月/年")
    expect(still(page)).to_have_count(0)
    shot(page, "orders-asking-zh")
    take(page, "12", "5")
    page.context.close()
    assert spend(server, "2026-12-31") == sum(90 + n + 0.25 for n in (0, 2, 4, 6, 8, 10))


def test_another_answer_takes_the_first_back(browser: Browser, server: Server, tmp_path: Path) -> None:  # noqa: F811
    page = visit(browser, server, "orders", locale="en-US")
    file = two_totals(tmp_path / "two.csv")
    file.write_text(
        file.read_text(encoding="utf-8").replace("In Klärung", "shipped").replace("/2026", "/26").replace(",01/", ",21/"), "utf-8"
    )
    page.locator("input[type=file]").set_input_files([file])
    expect(page.get_by_role("radio", name="Total")).to_be_visible(timeout=30_000)
    settle(page)
    expect(page.get_by_text("Still to be said before this file can be imported: which column is what the customer paid.")).to_be_visible()
    choose_column(page, "Amount")
    choose_column(page, "Total")
    expect(page.get_by_text("Two columns mean the same")).to_have_count(0)
    expect(page.get_by_role("button", name="See what would happen")).to_be_visible()
    page.get_by_role("button", name="Import without looking").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible(timeout=60_000)
    page.context.close()
    assert spend(server, "2026-12-31") == sum(100 + n + 0.5 for n in range(12) if n % 4 != 3)
