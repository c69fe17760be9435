"""Everything about one person as a file: every table with her words in it is in the file, and every table is decided on."""

import json
import os
from pathlib import Path

import pytest

from crm import database, jobs, privacy, uploads, works
from crm.accounts import acting
from crm.accounts.acting import Right
from crm.accounts.audit import search
from crm.errors import RightError
from crm.privacy import access
from tests.conftest import terminal
from tests.privacy.given import ACCOUNT, EMAIL, LATER, PHONE, WORDS, naming, shop
from tests.uploads.given import table

NOT_HERS = {
    "settings": "the shop's",
    "setting_changes": "the shop's",
    "schema_versions": "the database's own",
    "jobs": "names of files and counts",
    "audit": "what staff did; names no customer",
    "users": "of staff",
    "sessions": "of staff",
    "invitations": "of staff",
    "approvals": "of staff",
    "imports": "names of files and counts",
    "import_mappings": "titles of columns",
    "rate_rows": "of currencies",
    "product_assignments": "of products",
    "segments": "conditions, no people",
    "segment_versions": "conditions, no people",
    "ladder_drafts": "conditions, no people",
    "customer_lists": "names and counts; who is on one is in customer_list_members",
    "campaigns": "the text that all get",
    "journal_seen": "numbers",
    "handed_over": "campaigns and moments",
    "handed_over_people": "keyed hashes",
    "refusals_heard": "keyed hashes",
    "tombstones": "keyed hashes and random accounts",
    "erasures": "counts",
    "erasures_heard": "keyed hashes and random accounts",
}
"""Tables that hold nothing of a customer, and why. What her messages said is in `recipients` and in the text of the campaign."""


def test_every_table_is_decided_on() -> None:
    store = database.memory()
    names = {row["name"] for row in store.rows("SELECT table_name AS name FROM duckdb_tables() WHERE NOT temporary")}
    store.close()
    assert names == access.HERS.keys() | NOT_HERS.keys(), (
        "a new table: whose rows are a customer's? HERS of crm/privacy/access.py, or NOT_HERS here"
    )
    assert not access.HERS.keys() & NOT_HERS.keys()


def test_the_file_has_every_word_of_hers_from_every_table(tmp_path: Path) -> None:
    store = shop(tmp_path)
    jobs.ask(store, works.Import(["/somewhere/orders.csv"]), LATER)
    (person,) = privacy.find(store, f" {PHONE} ")
    assert privacy.find(store, EMAIL.upper()) == privacy.find(store, ACCOUNT) == privacy.find(store, str(person.customer_id)) == [person]
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in PHONE)
    assert privacy.find(store, ACCOUNT.upper()) == privacy.find(store, wide) == privacy.find(store, f"+86 {PHONE}") == [person]
    assert privacy.find(store, PHONE[:-1]) == privacy.find(store, "zq") == privacy.find(store, "") == privacy.find(store, "%") == []
    answer = json.loads(access.as_text(privacy.export(store, person, LATER)))
    here = {name: [word for word in WORDS if word in json.dumps(rows, ensure_ascii=False)] for name, rows in answer["tables"].items()}
    for name, words in naming(store).items():
        assert sorted(here.get(name, [])) == sorted(words), name
    assert answer["letters"] or not answer["tables"].get("message_events")
    assert [row["name"] for row in answer["lists"]] == ["会员日"]
    assert len(answer["tables"]["customer_list_members"]) == 1
    text = json.dumps(answer, ensure_ascii=False)
    assert "别人" not in text and "other1" not in text
    assert [entry.action for entry in search(store, "access")] == ["access"]
    with acting.by(acting.NOBODY), pytest.raises(RightError):
        privacy.find(store, PHONE)
    with acting.by(acting.Actor("x", acting.EVERYTHING - {Right.ERASE})), pytest.raises(RightError):
        privacy.export(store, person, LATER)
    store.close()


def test_the_terminal_finds_exports_and_erases(tmp_path: Path) -> None:
    shop(tmp_path).close()
    folder, out = tmp_path / "shop", tmp_path / "her.json"
    (row,) = json.loads(terminal("customer", "find", PHONE, "--json", data=folder).stdout)["people"]
    assert row["orders"] == 4
    made = json.loads(terminal("customer", "export", row["customer_id"], "--out", out, "--json", data=folder).stdout)
    assert made["rows"]["order_records"] == 4
    assert os.stat(out).st_mode & 0o777 == 0o600
    refused = terminal("customer", "erase", row["customer_id"], "--json", data=folder, check=False)
    assert (refused.returncode, json.loads(refused.stdout)["error"]["code"]) == (1, "erasure.not_confirmed")
    assert json.loads(terminal("customer", "erase", row["customer_id"], "--yes", "--json", data=folder).stdout)["erased"] == 1
    assert not (folder / "rewrite.asked").exists()
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert [(path.name, word) for path in kept for word in WORDS if word.encode() in path.read_bytes()] == []


def test_a_person_on_a_list_only(tmp_path: Path, store: database.Store) -> None:
    uploads.import_files(
        store, [table(tmp_path / "n.csv", "email,channel,consent,time", "zqlist@example.com,email,no,2026-01-01")], now=LATER
    )
    (person,) = privacy.find(store, "zqlist@example.com")
    assert "zqlist@example.com" in access.as_text(privacy.export(store, person, LATER))
