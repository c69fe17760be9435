"""One person on two platforms in a browser: the two files, the suggestion, joined, one customer fewer, and taken back."""

import csv
import json
from pathlib import Path

from playwright.sync_api import Browser, expect

from crm.layouts.registry import layouts
from tests.browser.conftest import settle, shot, visit
from tests.conftest import crm, serving
from tests.imports.given import write_orders

PHONE = "13800000001"


def shopify(path: Path) -> Path:
    """An order of the same phone number in the shop's own web shop."""
    head = layouts()["shopify_orders"]["headers"]
    values = {
        "Name": "#1001",
        "Email": "san@web.example",
        "Financial Status": "paid",
        "Paid at": "2026-09-01 10:00:00 +0800",
        "Currency": "CNY",
        "Subtotal": "99.00",
        "Total": "99.00",
        "Created at": "2026-09-01 09:59:00 +0800",
        "Lineitem quantity": "1",
        "Lineitem name": "锅",
        "Lineitem price": "99.00",
        "Billing Name": "张三",
        "Shipping Name": "张三",
        "Shipping Phone": f"+86 {PHONE}",
        "Phone": f"+86 {PHONE}",
    }
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([head, [values.get(name.strip(), "") for name in head]])
    return path


def test_two_platforms_one_person(browser: Browser, tmp_path: Path) -> None:
    data = tmp_path / "shop"
    orders = [
        {"收货人姓名": "张三"},
        {"订单编号": '="11111111111111119"', "买家会员名": "tb二", "联系手机": "13900000009", "收货人姓名": "李四"},
    ]
    crm("import", write_orders(tmp_path / "taobao.csv", *[row | {"买家支付宝账号": ""} for row in orders]), data=data)
    crm("import", shopify(tmp_path / "shopify.csv"), data=data)
    with serving(data) as server:
        page = visit(browser, server, "same_people")
        expect(page.get_by_text("3 → 2")).to_be_visible()
        expect(page.get_by_text(PHONE).first).to_be_visible()
        expect(page.get_by_text("sa***@web.example").first).to_be_visible()
        page.get_by_role("button", name="合并为一位客户").click()
        expect(page.get_by_text("客户数由 3 变为 2")).to_be_visible(timeout=120_000)
        settle(page)
        shot(page, "same-people-joined-zh")
        page.get_by_role("button", name="撤销合并").click()
        dialog = page.locator(".stDialog")
        expect(dialog).to_contain_text("恢复为各自独立的客户")
        dialog.get_by_role("button", name="撤销合并").click()
        expect(page.get_by_text("已撤销 1 项")).to_be_visible(timeout=120_000)
        settle(page)
        page.get_by_role("button", name="不是同一个人").click()
        expect(page.get_by_text("没有待确认的")).to_be_visible(timeout=120_000)
        page.context.close()
        assert server.stop() == 0
    assert json.loads(crm("kpi", "--json", data=data).stdout)["customers"] == 3
    assert len(json.loads(crm("same", "joined", "--json", data=data).stdout)["apart"]) == 1
