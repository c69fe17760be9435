"""The whole round in Chinese in a real browser: files in, a bar clicked, the ladder, a message, later orders, the result."""

import csv
import email
import email.policy
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect

from crm import clock, database, demo, roi
from crm.words import translate
from tests.browser.conftest import settle, shot, upload, visit
from tests.conftest import serving

SHANGHAI = ZoneInfo("Asia/Shanghai")


def zh(sentence: str) -> str:
    """What a screen says for this in Chinese, up to its first number."""
    return translate("zh_CN", sentence).partition("{")[0].strip("*")


def take(page: Page, files: list[Path]) -> None:
    """Drop files in, look, import, wait for the result."""
    upload(page, files)
    page.get_by_role("button", name=zh("See what would happen")).click()
    expect(page.get_by_text(zh("Nothing has been written yet."))).to_be_visible(timeout=60_000)
    settle(page)
    page.get_by_role("button", name=zh("Import now")).click()
    expect(page.get_by_role("heading", name=zh("Imported"))).to_be_visible(timeout=60_000)


def go(page: Page, name: str) -> None:
    """To another page by the menu."""
    page.get_by_test_id("stSidebarNav").get_by_text(name, exact=True).click()
    expect(page.locator("h1")).to_have_text(name)
    settle(page)


def letters(outbox: Path) -> list[email.message.EmailMessage]:
    """Every letter written to the outbox."""
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in sorted(outbox.rglob("*.eml"))]


def order_records(file: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a Taobao order file."""
    with file.open(encoding="gb18030", newline="") as lines:
        header, *rows = csv.reader(lines)
    return header, rows


def bought_again(first: Path, addresses: set[str], target: Path) -> int:
    """A later export: half of these people have just paid 500 yuan; how many."""
    header, rows = order_records(first)
    mail = header.index("买家支付宝账号")
    known = {row[mail]: row for row in rows if row[mail] in addresses}
    paid = datetime.now(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    with target.open("w", encoding="gb18030", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        chosen = [known[address] for address in sorted(known)[::2]]
        for number, row in enumerate(chosen, 1):
            values = dict(zip(header, row, strict=True)) | {
                "订单编号": f'="77000000000000{number:05d}"',
                "订单状态": "买家已付款，等待卖家发货",
                "订单关闭原因": "订单未关闭",
                "退款金额": "0.00",
                **dict.fromkeys(("订单创建时间", "订单付款时间 "), paid),
                **dict.fromkeys(("总金额", "买家应付货款", "买家实际支付金额"), "500.00"),
            }
            writer.writerow(values.values())
    return len(chosen)


def narrow(page: Page) -> None:
    """Click a bar, make a segment of what is left, add a rung, write to those who stand on it."""
    go(page, "客户分布")
    page.locator('[aria-label*="距上次购买: 91–180 天"]').last.click()
    save = page.get_by_role("button", name=zh("Save these {n} customers as a segment"))
    expect(save).to_be_visible()
    shot(page, "round-2-clicked")
    save.click()
    expect(page.locator("h1")).to_have_text("人群圈选")
    settle(page)
    page.get_by_role("button", name=zh("Add a rung")).click()
    settle(page)
    days = page.locator("[class*=st-key-rung_]:not([class*=st-key-rung_name])").last.get_by_test_id("stNumberInputField").first
    days.fill("150")
    days.press("Enter")
    settle(page)
    shot(page, "round-3-ladder")
    page.get_by_role("button", name=zh("Write to these {n} people")).last.click()
    expect(page.get_by_role("button", name=zh("Check and count"))).to_be_visible()
    settle(page)


def send(page: Page) -> int:
    """Sender, plan, the deliberate second step with an impatient double click; how many people the button named."""
    for label, words in (("Subject", "AD 想你了"), ("Text", '{{ customer.nickname | default: "亲" }}，好久不见')):
        page.get_by_label(zh(label), exact=True).fill(words)
        page.get_by_label(zh(label), exact=True).blur()
        settle(page)
    page.get_by_text(zh("Sender and channel")).click()
    page.get_by_label(zh("Sender name")).fill("回头小店")
    page.get_by_label(zh("Sender address")).fill("shop@example.com")
    page.get_by_label(zh("Sender address")).press("Enter")
    settle(page)
    page.get_by_role("button", name=zh("Check and count")).click()
    settle(page)
    shot(page, "round-4-planned")
    page.get_by_role("button", name=zh("On to sending …")).click()
    button = page.get_by_role("dialog").get_by_role("button", name=zh("Send to {n} people"))
    expect(button).to_be_visible()
    wanted = int("".join(filter(str.isdigit, button.inner_text())))
    shot(page, "round-5-confirm")
    button.dblclick()
    expect(page.get_by_text(zh("Everything that could be sent has been sent."))).to_be_visible(timeout=60_000)
    shot(page, "round-6-sent")
    return wanted


def check_letters(outbox: Path, orders: Path, wanted: int) -> set[str]:
    """As many letters as promised, each to one person and by that person's name; their addresses."""
    sent = letters(outbox)
    addresses = {str(letter["To"].addresses[0].addr_spec) for letter in sent}
    assert len(sent) == len(addresses) == wanted > 10
    header, rows = order_records(orders)
    nicknames = {row[header.index("买家支付宝账号")]: row[header.index("买家会员名")] for row in rows}
    for letter in sent:
        body = letter.get_body(("plain",))
        assert body is not None
        assert nicknames[letter["To"].addresses[0].addr_spec] in body.get_content()
    return addresses


def test_the_whole_round_in_chinese(browser: Browser, tmp_path: Path) -> None:
    files = demo.write_files(tmp_path / "exports", 1500, datetime.now(SHANGHAI).date() - timedelta(days=1), 4000)
    data, later = tmp_path / "shop", tmp_path / "exports" / "later.csv"
    with serving(data) as server:
        page = visit(browser, server, "orders")
        take(page, files)
        settle(page)
        shot(page, "round-1-imported")
        narrow(page)
        wanted = send(page)
        addresses = check_letters(data / "outbox", files[0], wanted)
        buyers = bought_again(files[0], addresses, later)
        go(page, "导入订单")
        take(page, [later])
        go(page, "活动效果")
        expect(page.get_by_role("cell", name=zh("Buyers"))).to_be_visible()
        shot(page, "round-7-result")
        assert server.stop() == 0

    # Without the browser: exactly those buyers, exactly their money
    store = database.open_store(data)
    campaign = store.one("SELECT campaign_id FROM campaigns")
    assert campaign
    report = roi.report(store, campaign["campaign_id"], as_of=clock.day_of(clock.now(), "Asia/Shanghai"))
    store.close()
    recipients = report.arm("recipients")
    assert recipients
    assert (recipients.people, recipients.converted, float(recipients.spend)) == (wanted, buyers, 500.0 * buyers)
