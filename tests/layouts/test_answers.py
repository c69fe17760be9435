"""A map file that answers what was asked and says nothing else."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm.database import Store
from crm.errors import AskError, BadInputError
from crm.imports import history
from tests.imports.given import one, take, write
from tests.layouts import samples

HEAD = "Order No,Customer E-mail,Order Date,Order Value,Order Total,Status"
ROWS = [
    "A1,ann@example.com,2026-01-13,40.00,36.00,In Klärung",
    "A2,ben@example.com,2026-01-14,50.00,44.50,paid",
    "A3,ann@example.com,2026-01-15,60.00,58.10,paid",
]


def asked(tmp_path: Path) -> Path:
    return write(tmp_path / "asked.csv", "\n".join([HEAD, *ROWS]) + "\n")


def spend(store: Store) -> dict[str, Any]:
    return one(
        store, "SELECT sum(paid - refunded) AS spend, count(*) AS orders, count(DISTINCT customer_id) AS people FROM orders WHERE paid > 0"
    )


def test_a_word_of_the_status_is_all_that_has_to_be_said(store: Store, tmp_path: Path) -> None:
    with pytest.raises(AskError, match="In Klärung"):
        take(store, asked(tmp_path))
    take(store, asked(tmp_path), mapping={"statuses": {"In Klärung": "unpaid"}})
    assert spend(store) == {"spend": Decimal("102.60"), "orders": 2, "people": 2}


def test_an_answer_goes_before_what_was_found(store: Store, tmp_path: Path) -> None:
    take(store, asked(tmp_path), mapping={"columns": {"paid_amount": "Order Value"}, "statuses": {"In Klärung": "unpaid"}})
    assert spend(store) == {"spend": Decimal("110.00"), "orders": 2, "people": 2}


def test_what_is_still_open_is_asked(store: Store, tmp_path: Path) -> None:
    with pytest.raises(AskError, match="In Klärung"):
        take(store, asked(tmp_path), mapping={"columns": {"paid_amount": "Order Total"}})
    assert store.rows("SELECT * FROM imports") == []


def test_null_says_that_no_column_is_it(store: Store, tmp_path: Path) -> None:
    take(store, asked(tmp_path), mapping={"columns": {"status_raw": None, "paid_amount": "Order Total"}})
    assert spend(store) == {"spend": Decimal("138.60"), "orders": 3, "people": 2}


def test_an_answer_is_remembered_as_the_whole_mapping(store: Store, tmp_path: Path) -> None:
    take(store, asked(tmp_path), mapping={"statuses": {"In Klärung": "unpaid"}})
    with store.transaction() as change:
        (kept,) = history.mappings(change).values()
    assert kept["columns"] == {"order_id": 1, "buyer_email": 2, "created_at": 3, "paid_amount": 5, "status_raw": 6}
    again = take(store, write(tmp_path / "next.csv", HEAD + "\nB1,cleo@example.com,2026-02-01,9.00,8.00,In Klärung\n"))[0]
    assert (again.orders_new, spend(store)["orders"]) == (1, 2)


def test_a_map_without_columns_says_how_a_known_layout_is_written(store: Store, tmp_path: Path) -> None:
    file = samples.write("woocommerce_aoe", tmp_path)
    take(store, file, mapping={"timezone": "America/New_York"})
    assert one(store, "SELECT format FROM imports")["format"] == "woocommerce_aoe"
    with store.transaction() as change:
        assert history.mappings(change) == {}


@pytest.mark.parametrize("given", [{"kolumns": {}}, {"columns": {"paid": "Order Total"}}, {"statuses": {"x": "vielleicht"}}])
def test_an_answer_nobody_can_use_is_refused(store: Store, tmp_path: Path, given: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="cannot be used"):
        take(store, asked(tmp_path), mapping=given)
