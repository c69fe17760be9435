"""Settings and rates, changed with all that follows from them; refused with a sentence otherwise. On screen and in the terminal."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm import database, uploads
from crm.customers import deciding
from crm.database import Store
from crm.errors import BadFileError, CrmError
from crm.imports.steps import ImportOptions
from crm.orders import rates
from crm.orders.rates import Rate
from tests.conftest import terminal
from tests.imports.given import NOW, one, write

MIDNIGHT = "order_id,buyer,created_at,amount\nA1,ann,2024-05-01T20:00:00Z,10.00\n"


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("timezone", "Europe/Berlin", "Europe/Berlin"),
        ("currency", "rmb", "CNY"),
        ("currency", "€", "EUR"),
        ("spend_bands", "50, 200,900", [50, 200, 900]),
        ("spend_bands", "[10, 20]", [10, 20]),
        ("margin", "0.35", Decimal("0.35")),
        ("holdout", "0", 0.0),
        ("name", " 小店 ", "小店"),
        ("category_rules", '{"pans": ["pan"]}', {"pans": ["pan"]}),
        ("cap_days", "0", 0),
        ("lost_days", 500, 500),
    ],
)
def test_a_setting_is_read_as_it_needs_to_be(store: Store, name: str, value: Any, found: Any) -> None:
    deciding.change(store, {name: value}, NOW)
    assert getattr(database.load_shop(store), name) == found


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("timezone", "Mars/Base", "no time zone"),
        ("currency", "shells", "no currency"),
        ("active_days", "900", "must rise"),
        ("margin", "1.5", "between 0 and 1"),
        ("holdout", "95", "cannot be|between"),
        ("cap_days", "soon", "cannot be"),
        ("colour", "red", "There is no setting"),
        ("from_email", "nobody", "no e-mail address"),
        ("spend_bands", "300,100", "must rise"),
        ("spend_bands", "much", "cannot be"),
        ("window_days", "0", "between 1 and"),
        ("fan_purchases", "2", "more purchases than a repeat customer"),
        ("repeat_purchases", "4", "more purchases than a repeat customer"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(store: Store, name: str, value: str, says: str) -> None:
    before = database.load_shop(store)
    with pytest.raises(CrmError, match=says):
        deciding.change(store, {name: value}, NOW)
    assert database.load_shop(store) == before


def test_another_time_zone_makes_the_days_anew(store: Store, tmp_path: Path) -> None:
    uploads.import_files(store, [write(tmp_path / "orders.csv", MIDNIGHT)], now=NOW)
    assert one(store, "SELECT day::TEXT AS day FROM orders") == {"day": "2024-05-02"}
    deciding.change(store, {"timezone": "Europe/London"}, NOW)
    assert one(store, "SELECT o.day::TEXT AS day, last_purchase_day::TEXT AS last FROM orders AS o, customer_facts") == {
        "day": "2024-05-01",
        "last": "2024-05-01",
    }


@pytest.mark.parametrize("bad", [("CNY", "7"), ("shells", "7"), ("USD", "0"), ("USD", "-1")])
def test_a_rate_that_cannot_be_is_refused(store: Store, bad: tuple[str, str]) -> None:
    with pytest.raises(CrmError):
        deciding.set_rates(store, [Rate(bad[0], date(2024, 1, 1), Decimal(bad[1]))], NOW)
    assert rates.known(store, "CNY") == []


@pytest.mark.parametrize(
    ("header", "row", "worth"),
    [
        ("date,currency,rate", "2024-01-01,USD,7.1", 7.1),
        ("日期,币种,汇率", "2024/1/1,美元,7.1", 7.1),
        ("日期,外币,折算率,单位", "2024-01-01,USD,710,100", 7.1),
        ("Datum,Währung,Kurs", '2024-01-01,US-Dollar,"7,1"', 7.1),
        ("currency,rate,effective date", "US$,7.1,20240101", 7.1),
        ("date,from,to,rate", "2024-01-01,USD,CNY,7.1", 7.1),
        ("date,from,to,rate", "2024-01-01,USD,EUR,0.9", None),
        ("date,currency,rate", "2024-01-01,CNY,1", None),
        ("date,currency,rate", "someday,USD,7", None),
        ("date,currency,rate", "2024-01-01,shells,7", None),
        ("date,currency,rate", "2024-01-01,USD,0", None),
        ("date,currency,rate", "2024-01-01,USD,about 7", None),
    ],
)
def test_a_file_of_rates_is_known_by_its_header(store: Store, tmp_path: Path, header: str, row: str, worth: float | None) -> None:
    file = write(tmp_path / "r.csv", f"{header}\n{row}\n")
    if worth is None:
        with pytest.raises(BadFileError, match="None of the 1 rows"):
            uploads.import_files(store, [file], now=NOW, options=ImportOptions())
        return
    result = uploads.import_files(store, [file], now=NOW, options=ImportOptions())[0]
    items = [(known["currency"], float(known["rate"])) for known in rates.known(store, "CNY")]
    assert (result.kind, items, result.rejected) == ("rates", [("USD", worth)], 0)


def test_settings_in_the_terminal(tmp_path: Path) -> None:
    data = tmp_path / "shop"
    assert json.loads(terminal("settings", "--json", data=data).stdout)["timezone"] == "Asia/Shanghai"
    parsed = json.loads(terminal("settings", "set", "currency", "usd", "--json", data=data).stdout)
    assert parsed == {"setting": "currency", "before": "CNY", "value": "USD", "remade": True}
    assert json.loads(terminal("settings", "get", "currency", "--json", data=data).stdout) == {"currency": "USD"}
    refused = terminal("settings", "set", "timezone", "Mars/Base", "--json", data=data, check=False)
    values = {"error": {"code": "setting.unknown_time_zone", "sentence": refused.stderr.strip()}}
    assert (refused.returncode, json.loads(refused.stdout)) == (1, values)
    assert "no time zone" in refused.stderr
    assert terminal("settings", "get", data=data, check=False).returncode == 1
