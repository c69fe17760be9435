"""The store: changes are whole or absent, settings come back, migrations only go forward, a second process gets one sentence."""

import json
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from crm import database
from crm.database import tables
from crm.errors import BusyError, CrmError
from crm.settings import Shop
from tests.conftest import ROOT


def test_a_failed_change_leaves_nothing(store: database.Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction() as change:
        change.execute("INSERT INTO settings (key, value) VALUES ('name', '\"x\"')")
        raise ZeroDivisionError
    assert store.rows("SELECT * FROM settings") == []


def test_frames_are_matched_by_name_not_by_place(store: database.Store) -> None:
    with store.transaction() as change:
        assert change.insert("settings", pd.DataFrame({"value": ["1"], "key": ["cap_days"]})) == 1
    assert store.one("SELECT key, value FROM settings") == {"key": "cap_days", "value": "1"}


def test_an_expression_fills_a_table(store: database.Store) -> None:
    everyone = tables.customers.select("customer_id", category=tables.customers.buyer, purchases=1, spend=Decimal(2))
    with store.transaction() as change:
        change.execute("INSERT INTO customers (customer_id, platform, shop, buyer) VALUES ('a', 'p', 's', 'b')")
        change.execute("CREATE TEMP TABLE copy (customer_id TEXT, category TEXT, purchases BIGINT, spend DECIMAL(18, 2))")
        assert change.fill("copy", everyone) == 1
        assert change.rows("SELECT * FROM copy") == [{"customer_id": "a", "category": "b", "purchases": 1, "spend": Decimal(2)}]


def test_two_changes_of_one_row_get_a_sentence(store: database.Store) -> None:
    with store.transaction() as change:
        change.execute("INSERT INTO settings (key, value) VALUES ('a', '1')")
    with pytest.raises(BusyError, match="Nothing was changed"), store.transaction() as first:
        first.execute("UPDATE settings SET value = '2'")
        with store.transaction() as second:
            second.execute("UPDATE settings SET value = '3'")
    assert store.one("SELECT value FROM settings") == {"value": "1"}


def test_settings_come_back_as_they_were(store: database.Store) -> None:
    assert database.load_shop(store) == Shop()
    chosen = Shop(name="测试店", margin=Decimal("0.35"), category_rules={"锅具": ["炒锅"]})
    database.save_shop(store, chosen)
    assert database.load_shop(store) == chosen


def test_the_schema_survives_closing_and_opening(tmp_path: Path) -> None:
    first = database.open_store(tmp_path)
    database.save_shop(first, Shop(name="x"))
    first.close()
    again = database.open_store(tmp_path)
    assert database.load_shop(again).name == "x"
    assert not again.derived_is_stale
    again.close()


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    first = database.open_store(tmp_path)
    with first.transaction() as change:
        change.execute("INSERT INTO schema_versions VALUES ('9999_later', 'x')")
    first.close()
    with pytest.raises(CrmError, match="newer Huitou"):
        database.open_store(tmp_path)


def test_a_file_that_is_no_database_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "shop.duckdb").write_bytes(b"not a database, whatever its name says" * 300)
    with pytest.raises(CrmError, match="is damaged or no database of Huitou"):
        database.open_store(tmp_path)


def test_a_second_process_gets_one_sentence(tmp_path: Path) -> None:
    opened = database.open_store(tmp_path)
    command = [sys.executable, "-m", "crm.cli", "imports", "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    opened.close()
    assert done.returncode == 1
    assert "already running" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A row as a test reads it."""

    value: dict[str, int]
    key: str


def test_rows_come_as_frozen_rows_by_name(store: database.Store) -> None:
    with store.transaction() as change:
        change.execute("INSERT INTO settings (key, value) VALUES ('a', '{\"b\": 1}')")
        assert change.rows_as(Setting, "SELECT key, value FROM settings", value=json.loads) == [Setting({"b": 1}, "a")]
    assert store.rows_as(Setting, "SELECT key, value FROM settings WHERE key = ?", ["a"], value=json.loads) == [Setting({"b": 1}, "a")]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT key FROM settings",
        "SELECT key, value, version FROM settings",
        "SELECT key AS value, value AS name FROM settings",
        "SELECT key, key, value FROM settings",
    ],
)
def test_rows_that_do_not_fit_are_refused_even_where_there_are_none(store: database.Store, sql: str) -> None:
    with pytest.raises(TypeError, match="Setting does not fit its query"):
        store.rows_as(Setting, sql)
