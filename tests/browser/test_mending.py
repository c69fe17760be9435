"""An unknown file in a browser, all the way: preview, dry run with warnings, rejected rows mended and imported, an import taken back."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crm import database
from tests.browser.conftest import settle, shot, upload, visit
from tests.conftest import Server, serving

LINE = "{},会员{},{},{},保温杯,广东省 广州市 越秀区 路1号\n"
LONG = 60_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "shop") as running:
        yield running


def table(path: Path) -> Path:
    """Forty orders of an unknown layout in the future, day before month, two amounts and one id that cannot be read."""
    rows = [(f"LS{number:04}", number % 9, f"{number % 12 + 1}/7/2099 10:00", f"{number}.50") for number in range(38)]
    rows += [("LS0038", 1, "25/7/2099 10:00", "缺"), ("LS0039", 2, "26/7/2099 10:00", "=1+1")]
    path.write_text("订单号,客户,下单日期,实收,商品,地址\n" + "".join(LINE.format(*row) for row in rows), encoding="utf-8")
    return path


def look(page: Page) -> None:
    page.get_by_role("button", name="先看结果").click()
    expect(page.get_by_text("还没有写入任何内容。")).to_be_visible(timeout=LONG)
    settle(page)


def go(page: Page) -> None:
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", name="已导入")).to_be_visible(timeout=LONG)
    settle(page)


def mended(download: Path, target: Path) -> Path:
    """What the person does in a spreadsheet program."""
    with download.open(encoding="utf-8-sig", newline="") as lines:
        header, *rows = csv.reader(lines)
    assert header[:3] == ["行号 row", "原因 reason", "订单号"] and len(rows) == 2
    assert rows[0][:3] == ["40", "这不是金额。", "LS0038"] and rows[1][5] == "'=1+1"
    with target.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([header, *([*row[:5], "9.90", *row[6:]] for row in rows)])
    return target


def take_back(page: Page) -> None:
    """The first import goes, the second stays; what that means is said before."""
    page.get_by_role("button", name="撤销").nth(1).click()
    expect(page.get_by_role("dialog").get_by_text("收回 38 笔订单")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("dialog").get_by_text("之后的 1 次导入保留")).to_be_visible()
    shot(page, "import-undo-zh")
    page.get_by_role("button", name="确认撤销").click()
    expect(page.get_by_text("已撤销").first).to_be_visible(timeout=LONG)


def test_reject_download_mend_and_import_the_rest_then_take_it_back(browser: Browser, server: Server, tmp_path: Path) -> None:
    page = visit(browser, server, "orders", accept_downloads=True, viewport={"width": 1440, "height": 1800})
    upload(page, [table(tmp_path / "新系统.csv")])
    expect(page.get_by_text("前几笔订单会这样读取")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("所以按“日/月/年”读取")).to_be_visible()
    expect(page.get_by_text("读出 38 笔订单，2 行读不了")).to_be_visible()
    shot(page, "import-preview-zh")
    look(page)
    expect(page.get_by_text("笔订单的日期在未来")).to_be_visible()
    shot(page, "import-dry-run-zh")
    go(page)
    expect(page.get_by_text("每秒")).to_be_visible()
    shot(page, "import-result-zh")
    with page.expect_download(timeout=LONG) as waiting:
        page.get_by_role("button", name="下载未导入的行").click()
    fixed = mended(Path(waiting.value.path()), tmp_path / "mended.csv")

    # Only the mended rows again; the layout is known although two columns were added
    upload(page, [fixed])
    expect(page.get_by_text("按上次")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("读出 2 笔订单，每行都能读取")).to_be_visible()
    look(page)
    go(page)
    expect(page.get_by_test_id("stMetricValue").nth(4)).to_have_text("0")

    take_back(page)
    page.context.close()
    assert server.stop() == 0
    store = database.open_store(server.data)
    orders = store.rows("SELECT order_id, paid, day FROM orders ORDER BY order_id")
    trail = [row["action"] for row in store.rows("SELECT action FROM audit ORDER BY happened_at, rowid")]
    store.close()
    assert [(row["order_id"], float(row["paid"]), str(row["day"])) for row in orders] == [
        ("LS0038", 9.9, "2099-07-25"),
        ("LS0039", 9.9, "2099-07-26"),
    ]
    assert trail == ["import", "mapping", "export", "import", "undo"]


def test_what_was_chosen_for_an_unknown_table_outlives_a_reload(browser: Browser, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "either.csv"
    path.write_text("订单号,客户,下单日期,实收\n" + "".join(f"A{n},x,{n}/7/2026,{n}.50\n" for n in range(1, 9)), encoding="utf-8")
    page = visit(browser, server, "orders", viewport={"width": 1440, "height": 1800})
    upload(page, [path])
    expect(page.get_by_text("看不出是哪一种")).to_be_visible(timeout=LONG)
    page.get_by_role("combobox", name="日期写法").click()
    page.get_by_role("option", name="日/月/年").click()
    settle(page, 800)
    page.reload()
    settle(page)
    expect(page.get_by_role("combobox", name="日期写法")).to_have_value("日/月/年", timeout=LONG)
    look(page)
    expect(page.get_by_text("2026-07-01 至 2026-07-08")).to_be_visible()
    page.context.close()
