"""Hands slip: two tabs on one thing, double clicks, deleting. What the other did is told, nothing is lost or done twice."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from crm import campaigns, database
from crm.segments import definition, saved
from crm.settings import Shop
from tests.browser.conftest import settle, shot, visit
from tests.campaigns.given import EVERYBODY, people, person, spec
from tests.conftest import Server, serving, wait_for

NOW = datetime(2026, 11, 1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("tabs") / "shop"
    store = database.open_store(folder)
    people(store, [person(number, nickname="小鹿" if number < 2 else f"小{number}", name="林晓", city="杭州市") for number in range(12)])
    saved.save(store, definition.parse(EVERYBODY | {"name": "老客户"}), NOW)
    for name in ("秋改", "秋删", "秋发", "秋测", "秋快"):
        campaigns.saved.create(store, spec(name=name, ladder=None, segment="老客户"), NOW)
    database.save_shop(store, Shop(from_email="news@shop.example"))
    store.close()
    with serving(folder) as running:
        yield running


def one(browser: Browser, server: Server, name: str) -> Page:
    """One campaign."""
    first = visit(browser, server, "campaigns")
    card = first.locator("[class*=st-key-card_]").filter(has_text=name)
    card.get_by_role("button", name="打开").click()
    settle(first)
    return first


def opened(browser: Browser, server: Server, name: str) -> tuple[Page, Page]:
    """One campaign in two tabs."""
    first = one(browser, server, name)
    second = first.context.new_page()
    second.goto(first.url)
    settle(second)
    return first, second


def fill(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.blur()
    settle(page)


def test_the_second_tab_is_told_what_changed_and_offered_both(browser: Browser, server: Server) -> None:
    first, second = opened(browser, server, "秋改")
    fill(first, "主题", "AD 甲")
    fill(first, "活动名称", "改名甲")
    expect(first.get_by_role("heading", name="改名甲")).to_be_visible()  # the title does not lag behind
    fill(second, "主题", "AD 乙")
    panel = second.locator("[class*=st-key-conflict_]").first
    expect(panel).to_contain_text("AD 甲")
    expect(panel).to_contain_text("AD 乙")
    expect(second.get_by_role("button", name="检查并计算人数")).to_have_count(0)
    shot(second, "two-tabs-campaign-zh")
    panel.get_by_role("button", name="保留我的改动").click()
    settle(second, 2000)
    expect(second.get_by_label("主题", exact=True)).to_have_value("AD 乙")
    expect(second.get_by_label("活动名称", exact=True)).to_have_value("改名甲")  # what only the other changed stays
    fill(first, "主题", "AD 丙")
    first.locator("[class*=st-key-conflict_]").first.get_by_role("button", name="采用那边的").click()
    settle(first, 2000)
    expect(first.get_by_label("主题", exact=True)).to_have_value("AD 乙")
    first.context.close()


def test_who_writes_without_a_pause_is_never_taken_for_another(browser: Browser, server: Server) -> None:
    """Each field that is left sets a run in motion that cuts the one before short, wherever that is."""
    page = one(browser, server, "秋快")
    for number in range(80):
        for label in ("主题", "正文"):
            field = page.get_by_label(label, exact=True)
            field.fill(f"AD {label} {number}")
            field.blur()
            page.wait_for_timeout(number * 2)
    settle(page)
    expect(page.locator("[class*=st-key-conflict_]")).to_have_count(0)
    expect(page.get_by_role("button", name="检查并计算人数")).to_be_visible()
    expect(page.get_by_label("主题", exact=True)).to_have_value("AD 主题 79")
    page.context.close()


def test_deleting_asks_and_the_other_tab_keeps_what_it_wrote(browser: Browser, server: Server) -> None:
    first, second = opened(browser, server, "秋删")
    first.get_by_role("button", name="更多").click()
    first.get_by_role("button", name="删除草稿").click()
    dialog = first.locator(".stDialog")
    expect(dialog).to_contain_text("秋删")
    shot(first, "delete-draft-zh")
    dialog.get_by_role("button", name="彻底删除").click()
    settle(first)
    expect(first.locator("[class*=st-key-card_]").filter(has_text="秋删")).to_have_count(0)
    fill(second, "主题", "AD 写到一半")
    expect(second.locator("[class*=st-key-conflict_]").first).to_contain_text("AD 写到一半")
    shot(second, "deleted-elsewhere-zh")
    second.get_by_role("button", name="另存为新草稿").click()
    settle(second)
    expect(second.get_by_label("主题", exact=True)).to_have_value("AD 写到一半")
    first.context.close()


def test_a_double_click_on_the_test_copy_sends_one(browser: Browser, server: Server) -> None:
    page = one(browser, server, "秋测")
    button = page.get_by_role("button", name="发测试给自己")
    button.scroll_into_view_if_needed()
    settle(page)  # a click in the moment of scrolling would fall into the letter that was in its place
    button.click()
    page.get_by_role("button", name="发送测试").click()
    expect(page.get_by_text("还没有填邮箱地址")).to_be_visible()
    page.get_by_label("您自己的邮箱").fill("me@shop.example")
    page.get_by_role("button", name="发送测试").dblclick()
    settle(page, 1500)
    assert len(list((server.data / "outbox" / "test").glob("*.eml"))) == 1
    page.context.close()


def test_a_double_click_on_new_and_on_copy_makes_one(browser: Browser, server: Server) -> None:
    page = visit(browser, server, "campaigns")
    cards = page.locator("[class*=st-key-card_]")
    before = cards.count()
    page.get_by_role("button", name="新建活动").dblclick()
    settle(page, 1500)
    assert page.get_by_label("正文", exact=True).input_value() == page.get_by_label("主题", exact=True).input_value() == ""
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="复制这个活动").dblclick()
    settle(page, 2500)
    page.goto(f"{server.url}/campaigns")
    settle(page)
    assert cards.count() == before + 2
    page.context.close()


def test_a_person_with_namesakes_is_chosen(browser: Browser, server: Server) -> None:
    page = one(browser, server, "秋发")
    page.get_by_text("指定某人").click()
    settle(page)
    fill(page, "昵称、姓名、邮箱或客户编号", "小鹿")
    expect(page.get_by_text("2 个人都叫这个名字")).to_be_visible()
    fill(page, "昵称、姓名、邮箱或客户编号", "小5")
    expect(page.get_by_text("找到：小5")).to_be_visible()
    shot(page, "preview-person-zh")
    page.context.close()


def test_launched_in_one_tab_is_told_in_the_other(browser: Browser, server: Server) -> None:
    first, second = opened(browser, server, "秋发")
    first.get_by_role("button", name="检查并计算人数").click()
    settle(first)
    first.get_by_role("button", name="下一步：发送").click()
    dialog = first.locator(".stDialog")
    expect(dialog).not_to_contain_text("{{")
    dialog.get_by_role("button", name="发送给").dblclick()
    wait_for(lambda: len(list((server.data / "outbox").glob("*.eml"))) > 0, 60)
    fill(second, "主题", "AD 太晚了")
    expect(second.locator("[class*=st-key-conflict_]").first).to_contain_text("AD 太晚了")
    settle(first, 1500)
    assert len(list((server.data / "outbox").glob("*.eml"))) <= 12
    first.context.close()


def segment(browser: Browser, server: Server) -> tuple[Page, Page]:
    """One segment in two tabs, each of its own visitor."""
    pages = []
    for _ in range(2):
        page = visit(browser, server, "segments")
        page.get_by_label("已保存的人群").click()
        page.get_by_role("option", name="老客户").first.click()
        settle(page)
        pages.append(page)
    return pages[0], pages[1]


def test_a_segment_renamed_and_deleted_while_another_edits(browser: Browser, server: Server) -> None:
    first, second = segment(browser, server)
    fill(second, "人群名称", "老客户乙")
    fill(first, "人群名称", "老客户甲")
    first.get_by_role("button", name="保存", exact=True).click()
    settle(first)
    second.get_by_role("button", name="保存", exact=True).click()
    settle(second)
    panel = second.locator("[class*=st-key-conflict_]").first
    expect(panel).to_contain_text("老客户甲")
    expect(panel).to_contain_text("老客户乙")
    shot(second, "two-tabs-segment-zh")
    panel.get_by_role("button", name="保存我的").click()
    settle(second)
    second.get_by_role("button", name="删除", exact=True).click()
    expect(second.locator(".stDialog")).to_contain_text("老客户乙")
    shot(second, "delete-segment-zh")
    second.locator(".stDialog").get_by_role("button", name="删除人群").click()
    settle(second)
    fill(first, "人群名称", "老客户丙")
    expect(first.locator("[class*=st-key-conflict_]").first).to_contain_text("已在别的标签页")
    first.locator("[class*=st-key-conflict_]").first.get_by_role("button", name="保存我的").click()
    settle(first)
    second.reload()
    settle(second)
    second.get_by_label("已保存的人群").click()
    expect(second.get_by_role("option", name="老客户丙")).to_have_count(1)
    for page in (first, second):
        page.context.close()


def store_settings(page: Page) -> None:
    page.get_by_role("button", name="保存设置").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    settle(page, 2000)  # until the form of before is gone


def test_settings_in_two_tabs(browser: Browser, server: Server) -> None:
    first, second = (visit(browser, server, "settings") for _ in range(2))
    first.get_by_label("店铺名称", exact=True).fill("甲店")
    store_settings(first)
    second.get_by_label("发件人名称", exact=True).fill("乙发件人")
    store_settings(second)
    expect(second.get_by_label("店铺名称", exact=True)).to_have_value("甲店")  # not overwritten by what this tab once showed
    second.get_by_label("店铺名称", exact=True).fill("乙店")
    store_settings(second)
    first.get_by_label("店铺名称", exact=True).fill("丙店")
    first.get_by_role("button", name="保存设置").click()
    panel = first.locator("[class*=st-key-conflict_]").first
    expect(panel).to_contain_text("乙店")
    expect(panel).to_contain_text("丙店")
    shot(first, "two-tabs-settings-zh")
    panel.get_by_role("button", name="保存我的").click()
    expect(first.get_by_text("已保存")).to_be_visible()
    settle(first, 2000)
    expect(first.get_by_label("店铺名称", exact=True)).to_have_value("丙店")
    expect(first.get_by_label("发件人名称", exact=True)).to_have_value("乙发件人")
    for page in (first, second):
        page.context.close()
