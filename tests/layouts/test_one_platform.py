"""A platform is one file: an invented one is imported in the terminal, named on the pages, and missed by the docs check."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from crm import clock, database, uploads
from crm.cli import orders
from crm.layouts import platforms, registry, statuses
from crm.uploads import identity
from tests import doc_tables
from tests.segments.test_pages import screen, shop, texts  # noqa: F401 (shop is a fixture)

PLATFORM = {
    "en": "Lantern Market",
    "zh": "灯笼集市",
    "also": ["lantern"],
    "identity": ["account"],
    "currency": "EUR",
    "country": "DE",
    "export": {"where": "Laternen → Export", "files": "`laternen.csv`"},
    "layouts": {
        "lantern_orders": {
            "label": "灯笼集市订单",
            "label_en": "Lantern Market orders",
            "grain": "order",
            "fingerprint": {"all": ["Laternennummer", "Gezahlt"]},
            "columns": {
                "Laternennummer": "order_id",
                "Konto": "buyer_id",
                "Mail": "buyer_email",
                "Gezahlt": "paid_amount",
                "Am": "created_at",
                "Stand": "status_raw",
            },
        },
    },
    "statuses": {"own": True, "values": {"Leuchtet": ["completed", "net"], "Erloschen": ["closed_refunded", "no"]}},
}
LANTERNS = """Laternennummer;Konto;Mail;Gezahlt;Am;Stand
L1;anna;anna@example.com;1.234,56;31.12.2025;Leuchtet
L2;anni;anna@example.com;20,00;02.01.2026;Leuchtet
L3;anna;anna@example.com;5,00;13.01.2026;Erloschen
"""


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


def _forget() -> None:
    for known in (platforms.every, registry.layouts, registry.titles, statuses.families):
        known.cache_clear()


def test_a_platform_is_imported_in_the_terminal(tmp_path: Path, platform: Path) -> None:
    app = typer.Typer()
    orders.register(app)
    done = CliRunner().invoke(app, ["import", str(platform), "--data", str(tmp_path / "shop"), "--json"])
    assert done.exit_code == 0, done.output
    (result,) = json.loads(done.stdout)["files"]
    assert (result["format"], result["orders"], result["customers_new"], result["rejected"]) == ("lantern_orders", 3, 2, 0)
    assert result["amounts"] == [{"currency": "EUR", "orders": 3, "amount": 1254.56}]


def test_a_platform_is_on_the_pages(shop: database.Store, platform: Path) -> None:  # noqa: F811
    uploads.import_files(shop, [platform], now=clock.now())
    rows = shop.rows("SELECT platform, status, paid::TEXT AS paid, day::TEXT AS day FROM orders ORDER BY order_id")
    assert [tuple(row.values()) for row in rows] == [
        ("lantern", "completed", "1234.56", "2025-12-31"),
        ("lantern", "completed", "20.00", "2026-01-02"),
        ("lantern", "closed_refunded", "5.00", "2026-01-13"),
    ]
    page = screen("same_people.py")
    assert not page.exception and not page.error
    assert "Lantern Market" in texts(page)
    assert identity.platform("Lantern.de") == "lantern"
    assert registry.label("lantern_orders", "zh_CN") == "灯笼集市订单"


def test_the_docs_check_misses_a_platform(platform: Path) -> None:
    assert [line[:25] for line in doc_tables.missing()] == ["+ | Lantern Market 灯笼集市 |"]
