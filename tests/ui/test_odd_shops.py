"""Shops nobody had in mind: no identity, one day, foreign money only, nothing paid, all refunded. No page breaks or says nonsense."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm import database
from tests.customers.given import customer, fill, line, order
from tests.segments.test_pages import screen, texts

LAST = date(2026, 11, 20)
Rows = list[dict[str, Any]]


def day(n: int) -> str:
    return (LAST - timedelta(days=n)).isoformat()


def nobody() -> tuple[Rows, Rows, Rows]:
    return [order(n, None, day(2 * n), 50 + n) for n in range(100)], [], []


def one_day() -> tuple[Rows, Rows, Rows]:
    return [order(n, f"c{n // 2}", day(0), 30) for n in range(60)], [], []


def foreign() -> tuple[Rows, Rows, Rows]:
    orders = [order(n, f"x{n % 40}", day(n), 20, rate=None, currency="USD", spend=Decimal(0)) for n in range(120)]
    people = [customer(f"x{n}", country="US", province="unknown", city="", name="O'Brien <b>") for n in range(40)]
    return orders, people, [line(one, product="*Sérum* [x](http://e) `a`", category="unknown") for one in orders]


def lost() -> tuple[Rows, Rows, Rows]:
    return [order(n, f"l{n}", day(n % 50), 20, is_lost=True) for n in range(80)], [], []


def refunded() -> tuple[Rows, Rows, Rows]:
    return [order(n, f"r{n}", day(n % 50), 20, 20) for n in range(80)], [], []


PAGES = ("kpi", "patterns", "customers", "products", "all_numbers")
SAYS = {
    "nobody": {"kpi": "fewer orders without a known buyer", "all_numbers": "no identified customer bought"},
    "foreign": {"patterns": "40 buyers are in no class"},
    "lost": {"patterns": "Nobody who is known by name or account has bought yet."},
    "refunded": {"patterns": "Nobody who is known by name or account has bought yet."},
    "one_day": {"patterns": "Nobody here has bought on two different days"},
}


@pytest.mark.parametrize("make", [nobody, one_day, foreign, lost, refunded], ids=lambda make: str(make.__name__))
def test_no_page_breaks_or_says_nonsense(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = database.open_store(tmp_path / "shop")
    orders, people, lines = make()
    fill(store, orders, people, lines)
    store.close()
    monkeypatch.setenv("CRM_DATA", str(tmp_path / "shop"))
    for page in PAGES:
        run = screen(f"{page}.py")
        assert not run.exception and [one.value for one in run.error] == [], page
        assert SAYS[make.__name__].get(page, "") in texts(run)
        assert "(—)" not in texts(run)
