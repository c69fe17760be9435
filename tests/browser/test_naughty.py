"""Naughty strings and formulas as buyers, receivers, addresses and titles: pages show them as text, the export gives them back."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crm import campaigns, clock, database
from crm.segments import definition, saved
from crm.segments.export import STARTS
from tests.browser.conftest import IDLE, shot, visit
from tests.conftest import Server, crm, serving
from tests.imports.given import write_items, write_orders

PAGES = ["orders", "customers", "products"]
NAMED = (
    "![p](https://evil.example/p.png) **zzb** :material/home: $x^2$ :red[zzr] <img src=x> www.evil.example :smile: "
    "[a](https://evil.example) -> `c`"
)
"""What a person may type as a name: a picture, bold words, an icon, a formula, a colour, markup, links, an emoji, an arrow, code."""
MARKUP = "img[src*=evil], img[src='x'], a[href*=evil], .katex"
EVERYBODY = {"name": "all", "rungs": [{"name": "all", "where": {"all": []}}]}
FILE = "<img src=x onerror=alert(1)> **b** [a](javascript:alert(2)) ![p](http:a.example) $x$.csv"
EDGES = " \t\u00a0\u3000\ufeff\u200b\n'"
"""What an import takes off both ends of a cell."""


def texts(shared: Path) -> list[str]:
    """The strings of the corpus, once each, but those that mean nothing or are nothing without their edges."""
    items: list[str] = json.loads((shared / "corpus" / "blns" / "blns.json").read_text(encoding="utf-8"))
    items += (shared / "corpus" / "injection" / "csv_injection.csv").read_text(encoding="utf-8").splitlines()
    wrapped = re.compile(r'^="(.*)"$')
    kept = [text for text in items if text.strip(EDGES) and text.lower() != "null" and not wrapped.match(text.strip(EDGES))]
    return list({text.strip(EDGES): text for text in kept}.values())


@pytest.fixture(scope="module")
def data(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with an order for each string, and one row that is rejected with a formula in it."""
    home, given = tmp_path_factory.mktemp("naughty"), texts(shared)
    ids = [f"{40000000000000001 + number * 10}" for number in range(len(given))]
    entries = [
        {"订单编号": f'="{number}"', "买家会员名": text, "收货人姓名": text, "收货地址": text, "宝贝标题": text, "订单状态": "交易成功"}
        for number, text in zip(ids, given, strict=True)
    ]
    entries.append({"订单编号": "", "买家会员名": "x", "买家实际支付金额": "=1+1"})
    orders = write_orders(home / FILE, *entries)
    lines = [(number, text.replace('"', '""'), "9", "1", "交易成功") for number, text in zip(ids, given, strict=True)]
    items = write_items(home / "items.csv", *lines)
    answer = json.loads(crm("import", orders, items, "--json", data=home / "shop").stdout)["files"]
    assert [(entries["rows"], entries["rejected"]) for entries in answer] == [(len(given) + 1, 1), (len(given), 0)]
    return home / "shop"


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[Server]:
    with serving(data) as running:
        yield running


def watched(browser: Browser, server: Server, path: str) -> tuple[Page, list[str]]:
    """A page, and everything that must not happen on it: a dialog, a request to somebody else, an error in a script."""
    page = visit(browser, server, "kpi")
    happened: list[str] = []
    page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: happened.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((server.url, "data:", "blob:")) else happened.append(asked.url))
    page.goto(f"{server.url}/{path}")
    page.wait_for_selector(IDLE, timeout=60_000)
    page.wait_for_timeout(1500)
    return page, happened


@pytest.mark.parametrize("path", PAGES)
def test_a_page_shows_naughty_strings_as_text(browser: Browser, server: Server, path: str) -> None:
    page, happened = watched(browser, server, path)
    assert happened == []
    assert page.get_by_test_id("stException").count() == 0
    assert page.locator("[data-testid=stMain] img[src='x']").count() == 0
    assert page.locator("a[href^='javascript:']").count() == 0
    if path == "orders":
        expect(page.get_by_text("<img src=x onerror=alert(1)>", exact=False).first).to_be_visible(timeout=60_000)
        shot(page, "orders-naughty")
    page.context.close()


@pytest.fixture(scope="module")
def named(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """The same shop, and everything in it that a person gives a name to is called so: segment, rung, campaigns, category, shop, sender."""
    home = Path(shutil.copytree(data, tmp_path_factory.mktemp("named") / "shop"))
    store = database.open_store(home)
    ladder = {"name": NAMED[:90], "rungs": [{"name": NAMED[:90], "where": {"field": "categories", "op": "one_of", "value": [NAMED[:60]]}}]}
    saved.save(store, definition.parse(ladder), clock.now())
    words = {"name": NAMED, "ladder": EVERYBODY, "subject": NAMED, "body": NAMED, "from_name": NAMED[:100], "from_email": "s@example.com"}
    draft = campaigns.saved.create(store, campaigns.parse(words), clock.now())
    listed = store.rows("SELECT customer_id FROM customer_facts ORDER BY customer_id LIMIT 40")
    arms = [f"{row['customer_id']},{'recipients' if at % 2 else 'holdout'},2026-01-05" for at, row in enumerate(listed)]
    (home / "sent.csv").write_text("\n".join(["customer,arm,sent_at", *arms]), encoding="utf-8")
    campaigns.record(store, home / "sent.csv", NAMED, NAMED, clock.now())
    database.change_shop(store, {"name": NAMED[:100], "from_name": NAMED[:100], "category_rules": {NAMED[:60]: [NAMED[:20]]}})
    store.close()
    with serving(home) as running:
        yield running, draft


NAMED_PAGES = [
    "kpi",
    "customers",
    "segments",
    "products",
    "same_people",
    "campaigns",
    "campaigns?campaign=DRAFT",
    "result",
    "settings",
    "orders",
]


@pytest.mark.parametrize("path", NAMED_PAGES)
def test_a_page_shows_what_a_person_named_as_text(browser: Browser, named: tuple[Server, str], path: str) -> None:
    server, draft = named
    page, happened = watched(browser, server, path.replace("DRAFT", draft))
    assert happened == []
    assert page.get_by_test_id("stException").count() == 0
    main = page.locator("[data-testid=stMain]")
    assert [one.evaluate("one => one.outerHTML") for one in main.locator(MARKUP).all()] == []
    for word in ("zzb", "zzr"):  # bold and coloured words would stand in an element of their own
        assert main.get_by_text(word, exact=True).count() == 0
    if path in ("kpi", "campaigns", "campaigns?campaign=DRAFT"):
        assert "![p](https://evil.example/p.png) **zzb** :material/home: $x^" in main.inner_text().replace("\u2060", "")
    page.context.close()


def back(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from running it, and without its edges."""
    return (cell[1:] if cell.startswith("'") and cell[1:].startswith(STARTS) else cell).strip(EDGES)


def test_the_export_gives_every_string_back_and_no_formula(shared: Path, data: Path, tmp_path: Path) -> None:
    copied = tmp_path / "shop"
    copied.mkdir()
    (copied / "shop.duckdb").write_bytes((data / "shop.duckdb").read_bytes())
    (tmp_path / "all.json").write_text(json.dumps(EVERYBODY))
    crm("segment", "members", tmp_path / "all.json", "--out", tmp_path / "out.csv", data=copied)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    given = {text.strip(EDGES) for text in texts(shared)}
    assert [cell for row in rows for cell in row.values() if cell.startswith(STARTS)] == []
    assert {back(row["nickname"]) for row in rows} - {""} == {text for text in given if "@" not in text}  # an address is no nickname
    assert {back(row["name"]) for row in rows} - {""} == given
