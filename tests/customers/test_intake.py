"""The one entry for order files: after it the facts are there, after a refusal nothing is."""

from datetime import date, datetime
from pathlib import Path

import pytest

from crm import database
from crm.customers import derived, kpi, lookup
from crm.errors import CrmError, NotFoundError
from crm.imports import steps

NOW = datetime(2026, 11, 21)


def test_an_import_ends_with_the_facts(store: database.Store, shared: Path) -> None:
    results = steps.import_orders(store, [shared / "corpus/datasets/rfm_data_orders.csv"], now=NOW)
    assert [result.as_json()["orders"] for result in results] == [4906]
    assert store.one("SELECT count(*) AS n, sum(spend) AS spend FROM customer_facts") == {"n": 995, "spend": 464158}
    assert kpi.compute(store, date(2006, 12, 31)).numbers["median_repurchase_days"] == 101
    row = store.one("SELECT customer_id, placed_orders FROM customer_facts ORDER BY spend DESC LIMIT 1")
    assert row is not None
    outcome = lookup.customer(store, row["customer_id"])
    assert (outcome["facts"]["customer_id"], len(outcome["orders"])) == (row["customer_id"], row["placed_orders"])
    with pytest.raises(NotFoundError):
        lookup.customer(store, "nobody")


def test_a_refused_file_leaves_nothing(store: database.Store, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(CrmError):
        steps.import_orders(store, [tmp_path / "empty.csv"], now=NOW)
    assert store.one("SELECT count(*) AS n FROM customer_facts") == {"n": 0}


def test_remade_tables_are_filled_again(store: database.Store, shared: Path) -> None:
    steps.import_orders(store, [shared / "corpus/datasets/rfm_data_orders.csv"], now=NOW)
    before = store.rows("SELECT * FROM customer_facts ORDER BY customer_id")
    with store.transaction() as change:
        change.execute("DELETE FROM orders")
        change.execute("DELETE FROM customers")
        change.execute("DELETE FROM customer_facts")
    store.derived_is_stale = True
    derived.refresh(store)
    assert store.rows("SELECT * FROM customer_facts ORDER BY customer_id") == before
    assert not store.derived_is_stale
