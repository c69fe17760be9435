"""The ladder: rungs inside rungs, sums that add up, reachable people, saved segments, circles, the file."""

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database, segments
from crm.errors import BadInputError, NotFoundError
from crm.segments import export, ladder, saved, scope
from crm.segments.definition import parse
from tests.segments import given as made
from tests.segments.given import TODAY
from tests.shares import examples

NOW = datetime(2025, 6, 30, 4)
BUYERS = {"field": "purchases", "op": "at_least", "value": 1}


def definition(name: str, *nodes: Any) -> segments.Definition:
    return parse({"name": name, "rungs": [{"name": f"r{place}", "where": node} for place, node in enumerate(nodes)]})


@pytest.fixture(scope="module")
def crowd() -> database.Store:
    """Forty customers of every sort."""
    return made.shop(made.told())


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nodes=st.lists(made.filters, min_size=1, max_size=3))
def test_each_rung_is_a_part_of_the_one_before(crowd: database.Store, nodes: list[Any]) -> None:
    steps, outer = definition("x", *nodes), {f"c{who}" for who in range(40)}
    counted = ladder.climb(crowd, steps, scope.at(crowd, TODAY))
    assert counted[0].customers == 40
    for before, rung in pairwise(counted):
        people = crowd.read(segments.members(crowd, steps, TODAY, rung.name))
        assert set(people["customer_id"]) <= outer
        assert (rung.customers, rung.dropped) == (len(people), before.customers - len(people))
        assert rung.spend == sum((made.spent(made.told(), int(one[1:])) for one in people["customer_id"]), Decimal(0))
        assert rung.reachable["email"] == people["email_norm"].notna().sum()
        assert rung.reachable["sms"] == rung.reachable["call"] == people["phone_quality"].isin(["clear", "virtual"]).sum()
        outer = set(people["customer_id"])


def test_suppressed_addresses_cannot_be_reached() -> None:
    store = made.shop([(0, "2025-06-01", 10, False), (1, "2025-06-01", 10, False)])
    with store.transaction() as change:
        change.execute(
            "INSERT INTO suppressions (channel, address_norm, reason, happened_at) VALUES ('email', '0a@qq.com', 'unsubscribed', ?)", [NOW]
        )
    assert [rung.reachable["email"] for rung in segments.count(store, definition("x", BUYERS), TODAY)] == [1]
    assert [rung.reachable["email"] for rung in segments.count(store, definition("x", BUYERS), date(2025, 6, 29))] == [2]


def test_mailboxes_lent_by_a_marketplace_cannot_be_reached() -> None:
    store = made.shop([(0, "2025-06-01", 10, False), (1, "2025-06-01", 10, False)])
    with store.transaction() as change:
        change.execute("UPDATE customer_facts SET mailbox = 'marketplace.amazon.co.uk' WHERE customer_id = 'c0'")
    assert [rung.reachable["email"] for rung in segments.count(store, definition("x", BUYERS), TODAY)] == [1]


def test_pages_together_are_the_members() -> None:
    store = made.shop([(who, "2025-06-01", 10, False) for who in range(8)])
    pages = [segments.page(store, definition("x", BUYERS), TODAY, limit=3, offset=start) for start in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 2, 0]
    assert sorted(pd.concat(pages)["customer_id"]) == [f"c{who}" for who in range(8)]


def test_save_open_rename_copy_delete_bring_back(store: database.Store) -> None:
    kept = saved.save(store, definition("fans", BUYERS), NOW)
    assert saved.get(store, "fans") == saved.get(store, kept) == definition("fans", BUYERS)
    saved.save(store, definition("best", BUYERS), NOW, kept)
    copied = saved.copy(store, "best", "best too", NOW)
    assert {row.name: row.rungs for row in saved.listed(store)} == {"best": 1, "best too": 1}
    with pytest.raises(BadInputError, match="already a segment"):
        saved.save(store, definition("best", BUYERS), NOW, copied)
    deleted = saved.delete(store, "best", NOW)
    with pytest.raises(NotFoundError, match="best too"):
        saved.get(store, "best")
    saved.restore(store, deleted, NOW)
    assert len(saved.listed(store)) == 2


def test_a_segment_inside_a_segment() -> None:
    store = made.shop([(0, "2025-06-01", 10, False), (1, "2025-06-01", 10, True)])
    saved.save(store, definition("buyers", BUYERS), NOW)
    assert segments.count(store, definition("x", {"not": {"in_segment": "buyers"}}), TODAY)[0].customers == 1
    with pytest.raises(NotFoundError, match="buyers"):
        segments.count(store, definition("x", {"in_segment": "buyer"}), TODAY)


def test_circles_are_refused(store: database.Store) -> None:
    first = saved.save(store, definition("a", BUYERS), NOW)
    saved.save(store, definition("b", {"in_segment": "a"}), NOW)
    for node in ({"in_segment": "b"}, {"any": [{"not": {"in_segment": "a"}}]}, {"in_segment": first}):
        with pytest.raises(BadInputError, match="leads back to itself"):
            saved.save(store, definition("a", node), NOW, first)
    with store.transaction() as change:
        change.execute(
            "UPDATE segments SET definition = ? WHERE segment_id = ?", [definition("a", {"in_segment": "b"}).model_dump_json(), first]
        )
    with pytest.raises(BadInputError, match="leads back to itself"):
        segments.count(store, saved.get(store, "a"), TODAY)


def test_a_ladder_file(store: database.Store, tmp_path: Path) -> None:
    file = tmp_path / "fans.json"
    file.write_text(json.dumps({"name": "fans", "rungs": [{"name": "r0", "where": BUYERS}]}), encoding="utf-8-sig")
    assert segments.load(store, str(file)) == definition("fans", BUYERS)
    for text, sentence in (("{", "not a JSON"), ("[]", "not a segment"), ('{"rungs": []}', "not a segment"), ("[" * 100_000, "not a JSON")):
        file.write_text(text)
        with pytest.raises(BadInputError, match=sentence):
            segments.load(store, str(file))
    with pytest.raises(NotFoundError):
        segments.load(store, str(tmp_path / "none.json"))


def test_a_rung_by_a_wrong_name(store: database.Store) -> None:
    with pytest.raises(BadInputError, match="r0"):
        segments.members(store, definition("x", BUYERS), TODAY, "r7")
    with pytest.raises(BadInputError, match="its own name"):
        parse({"rungs": [{"name": "a", "where": BUYERS}] * 2})
    split = {"name": "a", "where": BUYERS, "split": {"by": "spend", "at": [100]}}
    with pytest.raises(BadInputError, match="its own name"):  # a rung that is called as a part of another one
        parse({"rungs": [split, {"name": "a / spend 100+", "where": BUYERS}]})


def read_back(written: str) -> list[str]:
    cells = [row[0] for row in csv.reader(io.StringIO(written, newline=""))][1:]
    return [cell[1:] if cell.startswith("'") and cell[1:].startswith(export.STARTS) else cell for cell in cells]


def test_no_cell_of_the_file_is_a_formula(shared: Path) -> None:
    nasty = (shared / "corpus/injection/csv_injection.csv").read_text(encoding="utf-8").splitlines()
    nasty += [text for text in json.loads((shared / "corpus/blns/blns.json").read_text(encoding="utf-8")) if text]
    out = io.StringIO(newline="")
    assert export.write(out, pd.DataFrame({"name": nasty})) == len(nasty)
    cells = [row[0] for row in csv.reader(io.StringIO(out.getvalue(), newline=""))]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert read_back(out.getvalue()) == nasty


def test_a_table_on_screen_holds_no_formula_either() -> None:
    given = pd.DataFrame({"name": ["=1+1", "＝1", "ann", None], "spend": [-1.0, 2.0, 3.0, 4.0]})
    result = export.shown(given)
    assert list(result["name"])[:3] == ["'=1+1", "'＝1", "ann"] and result["name"].isna()[3]
    assert list(result["spend"]) == [-1.0, 2.0, 3.0, 4.0]


def test_the_file_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    store = made.shop([(0, "2025-06-01", 10, False), (1, "2025-06-01", 10, True)])
    assert segments.export_csv(store, definition("x", BUYERS), TODAY, tmp_path / "x.csv", NOW) == 1
    raw = (tmp_path / "x.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and "广东省".encode() in raw and b"nan" not in raw.lower() and b"None" not in raw
