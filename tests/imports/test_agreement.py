"""Consent in order files: words of five languages, how many say what, what is not taken over; no file's yes lifts an order's no."""

from datetime import date
from pathlib import Path

import pytest

from crm import segments
from crm.database import Store
from crm.segments.definition import parse
from tests.uploads.given import table, take

DAY = date(2026, 11, 1)
HEAD = "order id,email,date,amount,status"
AGREED = {"field": "consent_email", "op": "is", "value": True}
REFUSED = {"field": "consent_email", "op": "is", "value": False}


def people(store: Store, where: dict[str, object]) -> int:
    """How many customers a condition finds."""
    return segments.count(store, parse({"rungs": [{"name": "x", "where": where}]}), DAY)[0].customers


def orders(folder: Path, column: str, *cells: str) -> Path:
    """An order per cell, each of another buyer."""
    rows = [f"A{n},p{n}@x.example,2026-01-{n + 10},{n}0.50,paid,{cell}" for n, cell in enumerate(cells, 1)]
    return table(folder / "orders.csv", f"{HEAD},{column}", *rows)


@pytest.mark.parametrize(
    ("column", "yes", "no"),
    [
        ("accepts marketing", "yes", "no"),
        ("newsletter", "1", "0"),
        ("consentement marketing", "oui", "non"),
        ("newsletter", "ja", "nein"),
        ("acepta marketing", "sí", "no"),
        ("营销同意", "是", "否"),
        ("marketing consent", "TRUE", "FALSE"),
        ("marketing opt in", "subscribed", "unsubscribed"),
        ("marketing consent", "Opted in", "opted-out"),
        ("营销同意", "已订阅", "已退订"),
    ],
)
def test_an_order_says_yes_no_or_nothing_in_its_own_words(store: Store, tmp_path: Path, column: str, yes: str, no: str) -> None:
    result = take(store, orders(tmp_path, column, yes, no, "", yes, "pending"))[0]
    assert (result.kind, result.orders) == ("orders", 5)
    assert result.counts == {"email_yes": 2, "email_no": 1, "email_silent": 2}
    assert not [warning for warning in result.warnings if warning.code == "answers"]
    assert (people(store, AGREED), people(store, REFUSED)) == (2, 1)
    assert segments.count(store, parse({"rungs": [{"name": "x", "where": {"all": []}}]}), DAY)[0].reachable["email"] == 4


def test_words_that_nobody_knows_and_columns_not_taken_over_are_said(store: Store, tmp_path: Path) -> None:
    rows = [
        f"A{n},p{n}@x.example,2026-01-{n + 10},{n}0.50,paid,{cell},{sms}"
        for n, (cell, sms) in enumerate((("yes", "no"), ("maybe", "yes"), ("no", ""), ("maybe", "no"), ("yes", "no")), 1)
    ]
    result = take(store, table(tmp_path / "o.csv", f"{HEAD},accepts marketing,Accepts SMS Marketing", *rows))[0]
    values = {warning.code: warning.values for warning in result.warnings}
    assert values["answers"] == {"n": 2, "column": "accepts marketing", "names": "maybe"}
    assert values["consent_column"] == {"names": "Accepts SMS Marketing"}
    assert result.counts == {"email_yes": 2, "email_no": 1, "email_silent": 2}


@pytest.mark.parametrize("orders_first", [True, False])
def test_no_files_yes_lifts_an_orders_no(store: Store, tmp_path: Path, orders_first: bool) -> None:
    files = [orders(tmp_path, "accepts marketing", "no", "yes"), table(tmp_path / "l.csv", "email,status", "p1@x.example,subscribed")]
    for file in files if orders_first else reversed(files):
        take(store, file)
    assert (people(store, AGREED), people(store, REFUSED)) == (1, 1)
    assert segments.count(store, parse({"rungs": [{"name": "x", "where": {"all": []}}]}), DAY)[0].reachable["email"] == 1
    with store.transaction() as change:
        change.execute("INSERT INTO consents VALUES ('email', 'p1@x.example', true, 'page', NULL, NULL, TIMESTAMP '2026-10-01', NULL)")
    assert (people(store, AGREED), people(store, REFUSED)) == (2, 0)
