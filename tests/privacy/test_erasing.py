"""Erasing a person: her words are nowhere, every number stays, and no old file, undoing or older copy brings her back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm import database, jobs, privacy, uploads, works
from crm.database import Store, rewriting
from crm.errors import BadInputError
from crm.messaging import suppressions, unsubscribe
from tests.imports.given import write_orders
from tests.privacy.given import ACCOUNT, EMAIL, LATER, PHONE, WORDS, files, naming, numbers, order, shop
from tests.uploads.given import table


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    shop(folder).close()
    return folder / "shop"


@pytest.fixture
def here(made: Path, tmp_path: Path) -> Iterator[Store]:
    store = database.open_store(Path(shutil.copytree(made, tmp_path / "shop")))
    store.journal.settle_here()
    yield store
    store.close()


def erase(store: Store) -> privacy.erasing.Erased:
    (person,) = privacy.find(store, ACCOUNT)
    return privacy.erase(store, [person], privacy.held(store, person).orders, LATER)


def test_her_words_are_nowhere_and_every_number_stays(here: Store) -> None:
    assert {word for some in naming(here).values() for word in some} >= set(WORDS) - {"zqengraved"}
    before = numbers(here)
    job = jobs.ask(here, works.Import([f"/somewhere/{ACCOUNT}, 收件昭昭.csv"]), LATER)
    done = erase(here)
    assert jobs.get(here, job, works.Import).args.paths == ["/somewhere/…, ….csv"]  # type: ignore[union-attr]
    assert (done.people, done.held.orders, done.held.accounts) == (1, 4, 2)
    assert naming(here) == {}
    assert numbers(here) == before
    assert here.rows("SELECT c.buyer FROM customer_list_members JOIN customers c USING (customer_id)") == [{"buyer": "other1"}]
    assert here.one("SELECT count(*) AS n FROM customer_list_members") == {"n": 1}
    assert privacy.find(here, ACCOUNT) == privacy.find(here, PHONE) == privacy.find(here, EMAIL) == []


def test_the_number_of_her_orders_is_said_first(here: Store) -> None:
    before = naming(here)
    with pytest.raises(BadInputError) as refused:
        privacy.erase(here, privacy.find(here, PHONE), 3, LATER)
    assert refused.value.code == "erasure.number_not_confirmed"
    assert naming(here) == before


def test_the_file_keeps_none_of_her_bytes_once_it_was_opened_anew(here: Store, tmp_path: Path) -> None:
    erase(here)
    assert rewriting.is_asked(tmp_path / "shop")
    before = numbers(here)
    here.close()
    again = database.open_store(tmp_path / "shop")
    assert not rewriting.is_asked(tmp_path / "shop")
    assert numbers(again) == before
    again.close()
    kept = [path for path in (tmp_path / "shop").rglob("*") if path.is_file()]
    assert any(path.suffix == ".eml" for path in kept)
    assert [(path.name, word) for path in kept for word in WORDS if word.encode() in path.read_bytes()] == []


def test_old_files_come_again(here: Store, tmp_path: Path) -> None:
    erase(here)
    before = numbers(here)
    uploads.import_files(here, files(tmp_path), now=LATER)
    assert naming(here) == {}
    assert numbers(here) == before


def test_an_old_file_that_says_it_otherwise_changes_the_order_and_names_nobody(here: Store, tmp_path: Path) -> None:
    erase(here)
    path = write_orders(tmp_path / "later.csv", order(2, "2026-06-05", "80.00", **{"退款金额": "30.00", "收货人姓名": "zqname"}))
    uploads.import_files(here, [path], now=LATER)
    assert naming(here) == {}
    rows = here.rows("SELECT order_id, refunded, customer_id FROM orders WHERE order_id = '90000000000000002'")
    assert [str(row["refunded"]) for row in rows] == ["30.00"]
    assert here.rows("SELECT count(*) AS n FROM orders WHERE customer_id = ?", [rows[0]["customer_id"]]) == [{"n": 4}]


def test_undoing_and_importing_again(here: Store, tmp_path: Path) -> None:
    erase(here)
    before = numbers(here)
    taken = [row["import_id"] for row in here.rows("SELECT import_id FROM imports ORDER BY import_seq")]
    for one in taken:
        uploads.undo(here, one, LATER)
    uploads.import_files(here, files(tmp_path), now=LATER)
    assert naming(here) == {}
    assert numbers(here) == before


def test_what_she_orders_afterwards_is_a_new_customers_whom_nobody_writes_to(here: Store, tmp_path: Path) -> None:
    erase(here)
    uploads.import_files(here, [write_orders(tmp_path / "new.csv", order(8, "2026-11-25"))], now=LATER)
    (person,) = privacy.find(here, ACCOUNT)
    assert privacy.held(here, person).orders == 1
    assert suppressions.among(here, [EMAIL]) == {EMAIL}
    assert suppressions.among(here, [PHONE], "sms") == suppressions.among(here, [PHONE], "call") == {PHONE}
    privacy.erase(here, [person], 1, LATER.replace(day=28))
    uploads.import_files(here, [tmp_path / "new.csv", *files(tmp_path)], now=LATER)
    assert naming(here) == {}
    assert here.rows("SELECT count(DISTINCT customer_id) AS n FROM orders WHERE province = '浙江省'") == [{"n": 2}]


def test_an_older_copy_that_is_put_back_erases_her_again(here: Store, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    here.checkpoint()
    shutil.copy2(folder / "shop.duckdb", tmp_path / "copy.duckdb")
    erase(here)
    before = numbers(here)
    here.close()
    shutil.copy2(tmp_path / "copy.duckdb", folder / "shop.duckdb")
    again = database.open_store(folder)
    assert naming(again)
    assert privacy.adopt(again, LATER) == 1
    assert naming(again) == {}
    assert numbers(again) == before
    assert privacy.adopt(again, LATER) == 0
    uploads.import_files(again, files(tmp_path), now=LATER)
    assert naming(again) == {}
    assert suppressions.among(again, [EMAIL]) == {EMAIL}
    again.close()


def test_the_link_in_an_old_letter_still_works(here: Store) -> None:
    rows = here.rows("SELECT message_id FROM recipients WHERE message_id IS NOT NULL AND address_norm = ?", [EMAIL])
    privacy.erase(here, privacy.find(here, EMAIL), None, LATER, "retention", "retention")
    assert suppressions.among(here, [EMAIL]) == set()
    assert rows
    for row in rows:
        assert unsubscribe.open(here, row["message_id"], LATER)
        assert suppressions.among(here, [EMAIL]) == {EMAIL}


def test_an_address_that_is_only_on_a_list(here: Store, tmp_path: Path) -> None:
    uploads.import_files(
        here, [table(tmp_path / "n.csv", "email,channel,consent,time", "zqlist@example.com,email,no,2026-01-01")], now=LATER
    )
    (person,) = privacy.find(here, " ZQlist@example.com ")
    privacy.erase(here, [person], 0, LATER)
    assert naming(here, ("zqlist",)) == {}
    assert suppressions.among(here, ["zqlist@example.com"]) == {"zqlist@example.com"}


def test_the_demo_shop_counts_the_same(demo_copy: Path) -> None:
    """Some of its people by the rule, some by name: kpi, distributions and results to the cent, today and in the past."""
    store = database.open_store(demo_copy)
    everybody = [row["customer_id"] for row in store.rows("SELECT customer_id FROM customers ORDER BY customer_id")]
    mailed = [
        row["customer_id"] for row in store.rows("SELECT DISTINCT customer_id FROM recipients JOIN orders USING (customer_id) ORDER BY 1")
    ]
    before, places = numbers(store), store.rows("SELECT arm, count(*) AS n FROM recipients GROUP BY arm ORDER BY arm")
    privacy.erase(store, [privacy.people.Person(one) for one in everybody[::7]], None, LATER, "retention", "retention")
    assert numbers(store) == before
    left = [one for one in mailed if one not in everybody[::7]][:3]
    for one in left:
        person = privacy.of(store, one)
        privacy.erase(store, [person], privacy.held(store, person).orders, LATER.replace(hour=int(left.index(one)) + 5))
    assert numbers(store) == before
    assert store.rows("SELECT arm, count(*) AS n FROM recipients GROUP BY arm ORDER BY arm") == places
    assert store.rows("SELECT count(*) AS n FROM customers WHERE email IS NULL AND name IS NULL") != [{"n": 0}]
    store.close()
