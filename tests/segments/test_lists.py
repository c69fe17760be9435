"""Lists of customers: whom a pasted entry is, in whatever way it is written; a list as a condition; frozen ones stay as they are."""

import json
import random
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from crm import database, segments
from crm.customers import merged
from crm.database import Store, tables
from crm.errors import BadInputError, NotFoundError
from crm.segments import definition, ladder, lists, pasted, saved, shelved, words
from tests.conftest import terminal
from tests.customers.given import customer, fill, order

NOW, DAY = datetime(2026, 11, 28, 4), date(2026, 11, 28)
PEOPLE = 12


def phone(n: int) -> str:
    return f"138000000{n:02}"


@pytest.fixture
def shop(store: Store) -> Store:
    """Twelve customers, of whom the last two are both called 小鹿."""
    people = [
        customer(
            f"c{n:02}",
            buyer=f"tb_{n}",
            nickname="小鹿" if n > 9 else f"昵{n}",
            phone=phone(n),
            phone_quality="clear",
            email_norm=f"m{n}@x.cn",
        )
        for n in range(PEOPLE)
    ]
    fill(store, [order(n, f"c{n:02}", "2026-01-01", 10 * (n + 1), order_id=f"90000{n:013}7") for n in range(PEOPLE)], people)
    return store


def is_on(list_id: str) -> dict[str, Any]:
    return {"name": "x", "rungs": [{"name": "r", "where": {"in_list": {"list": list_id}}}]}


def members(store: Store, raw: Any) -> set[str]:
    frame = store.read(ladder.members(store, definition.parse(raw), DAY))
    return set(frame.customer_id)


WRITTEN = {
    "id": lambda n: f"C{n:02}",
    "order": lambda n: f'="90000{n:013}7"',
    "phone": phone,
    "phone with country": lambda n: f" +86 138-0000-00{n:02}",
    "wide phone": lambda n: "".join(chr(ord(sign) + 0xFEE0) for sign in phone(n)),
    "phone as a number": lambda n: f"{phone(n)}.0",
    "phone as text": lambda n: f"'{phone(n)}\u00a0",
    "mail": lambda n: f'"M{n}@X.cn"',
    "account": lambda n: f"\u3000TB_{n}\u200b",
}


@pytest.mark.parametrize("how", WRITTEN)
def test_everybody_is_found_however_she_is_written(shop: Store, how: str) -> None:
    text = "\r\n".join(WRITTEN[how](n) for n in range(PEOPLE))
    found = pasted.look_up(shop, text)
    assert found.found == [f"c{n:02}" for n in range(PEOPLE)]
    assert (found.given, found.matched, found.not_found, found.ambiguous, found.damaged) == (PEOPLE, PEOPLE, [], [], [])


def test_order_and_separators_do_not_matter_and_the_parts_add_up(shop: Store) -> None:
    ways = list(WRITTEN.values())
    entries = [ways[n % len(ways)](n) for n in range(PEOPLE)] + ["昵3", "小鹿", "nobody", "1.23E+17", "1234567890123450000", "a b"]
    first = pasted.look_up(shop, "\n".join(entries))
    assert (first.not_found, first.ambiguous) == (["nobody", "a b"], ["小鹿"])
    assert first.damaged == ["1.23E+17", "1234567890123450000"]
    for seed, separator in enumerate(["\r\n", "\t", ",", ";", "，", "；", "\n\n ,"]):
        shuffled = entries + entries[:5]
        random.Random(seed).shuffle(shuffled)
        again = pasted.look_up(shop, separator.join(shuffled))
        assert (again.found, again.given, again.repeated) == (first.found, len(entries), 5)
        assert again.matched + len(again.not_found) + len(again.ambiguous) + len(again.damaged) == again.given
        assert {*again.not_found, *again.ambiguous, *again.damaged} == {*first.not_found, *first.ambiguous, *first.damaged}


def test_virtual_and_masked_numbers_lead_to_nobody(shop: Store) -> None:
    with shop.transaction() as change:
        change.execute("UPDATE customers SET phone_quality = 'virtual' WHERE customer_id = 'c01'")
        change.execute("UPDATE order_records SET phone_quality = 'virtual' WHERE customer_id = 'c01'")
    assert pasted.look_up(shop, f"{phone(1)}\n{phone(2)}").not_found == [phone(1)]


def test_who_was_known_by_it_in_an_earlier_order_is_found_unless_somebody_has_it_now(shop: Store) -> None:
    with shop.transaction() as change:
        change.execute("UPDATE order_records SET phone = '13911111111', phone_quality = 'clear' WHERE customer_id = 'c01'")
        change.execute("UPDATE order_records SET phone = ?, phone_quality = 'clear' WHERE customer_id = 'c02'", [phone(3)])
    assert pasted.look_up(shop, f"13911111111\n{phone(3)}").found == ["c01", "c03"]


def test_a_joined_customer_is_one_and_lives_on_in_a_list(shop: Store) -> None:
    kept = lists.keep(shop, "名单", pasted.look_up(shop, "c10\nc03"), NOW)
    with shop.transaction() as change:
        change.execute("INSERT INTO merged_customers VALUES ('c10', 'c11')")
        change.execute("DELETE FROM customers WHERE customer_id = 'c10'")
        change.execute("DELETE FROM customer_facts WHERE customer_id = 'c10'")
    found = pasted.look_up(shop, "小鹿\nc10\ntb_11")
    assert (found.found, found.ambiguous) == (["c11"], [])
    assert members(shop, is_on(kept.list_id)) == {"c11", "c03"}
    people = shop.read(merged.current(tables.customer_list_members))
    assert set(people.customer_id) == {"c11", "c03"}


def test_a_list_is_a_condition_like_any_other(shop: Store) -> None:
    kept = lists.keep(shop, "会员日", pasted.look_up(shop, "c01 \nc02\nnobody"), NOW)
    assert (kept.given, kept.found, lists.listed(shop)) == (3, 2, [kept])
    node = {"in_list": {"list": kept.list_id, "name": kept.name}}
    assert members(shop, is_on(kept.name)) == members(shop, is_on(kept.list_id)) == {"c01", "c02"}
    others = members(shop, {"name": "x", "rungs": [{"name": "r", "where": {"not": node}}]})
    assert others | {"c01", "c02"} == {f"c{n:02}" for n in range(PEOPLE)} and not others & {"c01", "c02"}
    assert words.describe(node, "en") == "is on the list “会员日”"
    assert words.describe({"not": node}, "zh_CN") == "排除：在名单“会员日”里"
    parsed = definition.parse({"name": "x", "rungs": [{"name": "r", "where": node}]})
    assert definition.parse(json.loads(parsed.model_dump_json())) == parsed
    assert lists.keep(shop, "会员日", pasted.look_up(shop, "c03"), NOW).name == "会员日 (2)"


def test_what_cannot_be_a_list_gets_a_sentence(shop: Store) -> None:
    for bad in ("x", {}, {"list": ""}, {"list": "x", "people": 3}, {"list": "x", "name": 3}):
        with pytest.raises(BadInputError, match="needs a list of customers"):
            definition.parse({"name": "x", "rungs": [{"name": "r", "where": {"in_list": bad}}]})
    with pytest.raises(NotFoundError, match="no list “gone”"):
        segments.count(shop, definition.parse(is_on("gone")), DAY)
    for text in ("", " \n\t,;"):
        with pytest.raises(BadInputError, match="nothing to look up"):
            pasted.look_up(shop, text)
    with pytest.raises(BadInputError, match="100001 entries"):
        pasted.look_up(shop, "\n".join(map(str, range(pasted.MOST + 1))))
    with pytest.raises(BadInputError, match="None of these"):
        lists.keep(shop, "x", pasted.look_up(shop, "小鹿"), NOW)
    assert lists.listed(shop) == []


SPENDERS = {
    "name": "大客户",
    "rungs": [{"name": "all", "where": {"all": []}}, {"name": "big", "where": {"field": "spend", "op": "at_least", "value": 60}}],
}


def test_a_frozen_segment_stays_and_a_dynamic_one_follows(shop: Store) -> None:
    one = saved.save(shop, definition.parse(SPENDERS), NOW)
    before = members(shop, SPENDERS)
    frozen = saved.freeze(shop, one, DAY, NOW)
    assert (frozen.name, frozen.people) == ("大客户 (fixed 2026-11-28)", len(before))
    everybody = saved.freeze(shop, "大客户", DAY, NOW, rung="all", name="全部")
    assert everybody.people == PEOPLE
    assert members(shop, saved.get(shop, frozen.name)) == members(shop, is_on(frozen.list_id)) == before
    with pytest.raises(BadInputError, match="already a segment"):
        saved.freeze(shop, one, DAY, NOW)
    with shop.transaction() as change:
        for table in ("orders", "order_records", "customers", "customer_facts"):
            change.execute(f"DELETE FROM {table}")  # noqa: S608 (tables)
    fill(
        shop,
        [order(n, f"c{n:02}", "2026-01-01", 10 * (n + 1)) for n in range(PEOPLE)]
        + [order(90, "c00", "2026-11-27", 500), order(91, "new", "2026-11-27", 500)],
    )
    assert members(shop, SPENDERS) == before | {"c00", "new"}
    assert members(shop, saved.get(shop, frozen.name)) == before
    assert {row.name: row.fixed for row in shelved.listed(shop)} == {"大客户": False, "全部": True, frozen.name: True}
    assert next(row for row in lists.listed(shop) if row.list_id == frozen.list_id).origin == {
        "segment": "大客户",
        "rung": "big",
        "as_of": "2026-11-28",
    }


def test_nobody_to_freeze_makes_nothing(shop: Store) -> None:
    rung = {"name": "r", "where": {"any": []}}
    one = saved.save(shop, definition.parse({"name": "x", "rungs": [rung]}), NOW)
    with pytest.raises(BadInputError, match="Nobody stands"):
        saved.freeze(shop, one, DAY, NOW)
    assert (lists.listed(shop), [row.name for row in shelved.listed(shop)]) == ([], ["x"])


def test_the_terminal_keeps_a_list_and_freezes(tmp_path: Path) -> None:
    file, data = tmp_path / "list.txt", tmp_path / "shop"
    store = database.open_store(data)
    fill(store, [order(n, f"c{n}", "2026-01-01") for n in range(3)], [customer(f"c{n}", nickname=f"昵称{n}") for n in range(3)])
    saved.save(store, definition.parse(SPENDERS), NOW)
    store.close()
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        file.write_bytes("昵称0\r\n昵称2\r\n没有这个人\r\n".encode(encoding))
        made = json.loads(terminal("segment", "list", file, "--name", encoding, "--json", data=data).stdout)
        said = {"name": encoding, "given": 3, "found": 2, "not_found": ["没有这个人"], "ambiguous": [], "damaged": []}
        assert made == said | {"list_id": made["list_id"]}
    frozen = json.loads(terminal("segment", "freeze", "大客户", "--name", "名单", "--json", data=data).stdout)
    assert (frozen["name"], frozen["people"]) == ("名单", 3)
    (rung,) = json.loads(terminal("segment", "count", "名单", "--json", data=data).stdout)["rungs"]
    assert rung["customers"] == 3
    refused = terminal("segment", "list", tmp_path / "none", "--name", "n", "--json", data=data, check=False)
    assert (refused.returncode, json.loads(refused.stdout)["error"]["code"]) == (1, "list.no_file")


def test_who_left_between_looking_up_and_keeping_is_not_on_the_list(shop: Store) -> None:
    everybody = "\n".join(row["customer_id"] for row in shop.rows("SELECT customer_id FROM customer_facts ORDER BY customer_id"))
    found = pasted.look_up(shop, everybody)
    with shop.transaction() as change:
        change.execute("DELETE FROM customer_facts WHERE customer_id = ?", [found.found[0]])
    kept = lists.keep(shop, "后来", found, NOW)
    on_it = {row["customer_id"] for row in shop.rows("SELECT customer_id FROM customer_list_members WHERE list_id = ?", [kept.list_id])}
    assert on_it == set(found.found[1:]) and kept.found == len(on_it)
