"""The settings page: how old the newest backup is, and the button that makes one while everybody works on; after a restore it says so."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import settle, shot, visit
from tests.conftest import crm, serving


def test_a_backup_on_demand_and_the_way_back_in_both_languages(browser: Browser, demo_copy: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    with serving(demo_copy, CRM_BACKUP_DIR=str(second)) as server:
        page = visit(browser, server, "settings")
        expect(page.get_by_text("还没有备份。")).to_be_visible()
        expect(page.get_by_text("里没有备份。它挂载了吗？")).to_be_visible()
        page.get_by_role("button", name="立即备份").click()
        expect(page.get_by_text("已经做好，但没能再放进")).to_be_visible(timeout=60_000)
        expect(page.get_by_text(re.compile("最近一次备份：.*（0 小时前，\\d+ MB）"))).to_be_visible()
        second.mkdir()
        page.get_by_role("button", name="立即备份").click()
        expect(page.get_by_text(re.compile("第二个文件夹.*里：.*（0 小时前"))).to_be_visible(timeout=60_000)
        settle(page)
        shot(page, "backups_zh")
        english = visit(browser, server, "settings", locale="en-US")
        expect(english.get_by_text(re.compile("Newest backup: .* \\(0 hours ago, \\d+ MB\\)"))).to_be_visible()
        expect(english.get_by_text(re.compile("In the second folder .* \\(0 hours ago"))).to_be_visible()
        expect(english.get_by_role("button", name="Back up now")).to_be_visible()
        shot(english, "backups_en")
        expect(visit(browser, server, "").get_by_text("已经两天没有可用的备份了。")).to_have_count(0)
    crm("restore", max(second.glob("*.duckdb")), data=demo_copy)
    with serving(demo_copy) as server:
        expect(visit(browser, server, "settings").get_by_text("发送已停止")).to_be_visible()
        page = visit(browser, server, "campaigns", locale="en-US")
        expect(page.get_by_text("A backup was put back, so all sending is off")).to_be_visible()
        shot(page, "safe_mode_en")
        page.get_by_text("Messages may be sent from here").click()
        page.get_by_role("button", name="Send from here").click()
        expect(page.get_by_text("A backup was put back")).to_have_count(0)
        assert not (demo_copy / "safe_mode").exists()


def test_what_an_update_brought_is_said_until_it_was_read(browser: Browser, demo_copy: Path) -> None:
    (demo_copy / "version_seen").write_text("0.1.0")
    with serving(demo_copy) as server:
        page = visit(browser, server, "")
        expect(page.get_by_text("回头已更新到")).to_be_visible()
        shot(page, "whats_new_zh")
        expect(visit(browser, server, "", locale="en-US").get_by_text("Huitou was updated to")).to_be_visible()
        page.get_by_role("button", name="知道了").click()
        expect(page.get_by_text("回头已更新到")).to_have_count(0)
        expect(visit(browser, server, "").get_by_text("回头已更新到")).to_have_count(0)
