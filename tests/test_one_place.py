"""Adding touches one place: an invented entry is on the pages, in the terminal, and is missed by the docs check."""

import importlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from crm import clock, database, uploads
from crm.cli import orders
from crm.customers import attributes, dimensions
from crm.layouts import platforms, registry, statuses
from crm.segments import explore, scope
from crm.uploads import identity
from tests import doc_tables
from tests.segments.test_pages import screen, shop, stocked, texts  # noqa: F401 (shop is a fixture)
from tests.segments.test_terminal import data, run  # noqa: F401 (data is a fixture)

ATTRIBUTE = '''
"""An attribute that nobody has: orders of a round amount."""

from crm.customers.attribute import Attribute, Chart
from crm.customers.bins import whole


def _rows(context):
    orders = context.orders.filter(context.orders.paid == 100)
    return orders.group_by("customer_id").aggregate(value=orders.count())


ENTRY = Attribute(
    "round_orders", "整百订单", "Round orders", "count", _rows, "orders of exactly one hundred", rows=True,
    chart=Chart(175, bands=lambda shop: whole(1, 2)),
)
'''

PLATFORM = {
    "en": "Lantern Market", "zh": "灯笼集市", "also": ["lantern"], "identity": ["account"], "currency": "EUR", "country": "DE",
    "export": {"where": "Laternen → Export", "files": "`laternen.csv`"},
    "layouts": {
        "lantern_orders": {
            "label": "灯笼集市订单", "label_en": "Lantern Market orders", "grain": "order",
            "fingerprint": {"all": ["Laternennummer", "Gezahlt"]},
            "columns": {
                "Laternennummer": "order_id", "Konto": "buyer_id", "Mail": "buyer_email", "Gezahlt": "paid_amount", "Am": "created_at",
                "Stand": "status_raw",
            },
        },
    },
    "statuses": {"own": True, "values": {"Leuchtet": ["completed", "net"], "Erloschen": ["closed_refunded", "no"]}},
}  # fmt: skip
LANTERNS = """Laternennummer;Konto;Mail;Gezahlt;Am;Stand
L1;anna;anna@example.com;1.234,56;31.12.2025;Leuchtet
L2;anni;anna@example.com;20,00;02.01.2026;Leuchtet
L3;anna;anna@example.com;5,00;13.01.2026;Erloschen
"""


@pytest.fixture
def attribute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The entry of a module that is there for one test."""
    (tmp_path / "invented_attribute.py").write_text(ATTRIBUTE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    entry = importlib.import_module("invented_attribute").ENTRY
    monkeypatch.setitem(attributes.MENU, "trouble", [*attributes.MENU["trouble"], entry])
    _forget()
    yield entry
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for known in (attributes.every, dimensions.every, platforms.every, registry.layouts, registry.titles, statuses.families):
        known.cache_clear()


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A platform's file that is there for one test, and an export of it."""
    (tmp_path / "lantern.json").write_text(json.dumps(PLATFORM, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "laternen.csv").write_text(LANTERNS, encoding="utf-8")
    monkeypatch.setattr(platforms, "files", lambda known=platforms.files: [*known(), tmp_path / "lantern.json"])
    _forget()
    yield tmp_path / "laternen.csv"
    monkeypatch.undo()
    _forget()


def _rounded(store: database.Store) -> None:
    """Four customers: one with one order of a hundred, one with two."""
    stocked(store)
    with store.transaction() as change:
        change.execute("UPDATE orders SET paid = 100 WHERE order_id IN ('o1', 'o2', 'o6')")


def test_an_attribute_is_on_the_pages(shop: database.Store, attribute: Any) -> None:  # noqa: F811
    _rounded(shop)
    page = screen("customers.py")
    more = next(one for one in page.button_group if "Round orders" in one.options)
    more.set_value(["round_orders"]).run()
    assert not page.exception and not page.error
    assert "**Round orders**" in texts(page)
    ladder = screen("segments.py")
    ladder.button(key="starter_0").click().run()
    next(one for one in ladder.button if one.label == "Edit").click().run()
    next(one for one in ladder.selectbox if one.label == "Field").select("round_orders").run()
    assert not ladder.exception and not ladder.error
    assert "Round orders" in texts(ladder)


def test_a_click_on_its_chart_counts_and_is_a_condition(shop: database.Store, attribute: Any) -> None:  # noqa: F811
    _rounded(shop)
    within = scope.at(shop, date(2025, 6, 30))
    found = explore.explore(shop, {"round_orders": ["1"]}, within)
    assert {one.bin: one.customers for one in found.bins["round_orders"]} == {"1": 1, "2+": 1, "unknown": 2}
    assert found.customers == 1
    assert found.sentence("zh_CN") == "整百订单：1"


def test_an_attribute_is_in_the_terminal(data: Path, attribute: Any) -> None:  # noqa: F811
    bins = run(data, "distribution", "round_orders")["bins"]
    assert {one["bin"]: one["customers"] for one in bins} == {"unknown": 2}
    ladder = {"name": "x", "rungs": [{"name": "r", "where": {"field": "round_orders", "op": "at_least", "value": 1}}]}
    (data / "round.json").write_text(json.dumps(ladder))
    assert run(data, "segment", "count", str(data / "round.json"))["rungs"][0]["customers"] == 0


def test_the_docs_check_misses_an_attribute(attribute: Any) -> None:
    missing = doc_tables.missing()
    assert [line[:17] for line in missing] == ["+ | `round_orders", "+ | `round_orders"]
    assert "orders of exactly one hundred" in missing[0]


def test_a_platform_is_imported_in_the_terminal(tmp_path: Path, platform: Path) -> None:
    app = typer.Typer()
    orders.register(app)
    done = CliRunner().invoke(app, ["import", str(platform), "--data", str(tmp_path / "shop"), "--json"])
    assert done.exit_code == 0, done.output
    (told,) = json.loads(done.stdout)["files"]
    assert (told["format"], told["orders"], told["customers_new"], told["rejected"]) == ("lantern_orders", 3, 2, 0)
    assert told["amounts"] == [{"currency": "EUR", "orders": 3, "amount": 1254.56}]


def test_a_platform_is_on_the_pages(shop: database.Store, platform: Path) -> None:  # noqa: F811
    uploads.import_files(shop, [platform], now=clock.now())
    rows = shop.rows("SELECT platform, status, paid::TEXT AS paid, day::TEXT AS day FROM orders ORDER BY order_id")
    assert [tuple(row.values()) for row in rows] == [
        ("lantern", "completed", "1234.56", "2025-12-31"), ("lantern", "completed", "20.00", "2026-01-02"),
        ("lantern", "closed_refunded", "5.00", "2026-01-13"),
    ]  # fmt: skip
    page = screen("same_people.py")
    assert not page.exception and not page.error
    assert "Lantern Market" in texts(page)
    assert identity.platform("Lantern.de") == "lantern"
    assert registry.label("lantern_orders", "zh_CN") == "灯笼集市订单"


def test_the_docs_check_misses_a_platform(platform: Path) -> None:
    assert [line[:25] for line in doc_tables.missing()] == ["+ | Lantern Market 灯笼集市 |"]
