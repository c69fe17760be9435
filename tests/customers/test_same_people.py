"""Suggestions come from strong evidence only; joining, setting apart and taking back do what they said, exactly."""

import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database
from crm.customers import facts, joining, kpi, names, same_people
from crm.database import Store, save_shop
from crm.errors import BadInputError, NotFoundError
from crm.imports import history, steps
from crm.imports.steps import ImportOptions
from crm.settings import Shop
from tests.imports.given import NOW, state, write_orders
from tests.shares import examples

PHONE = "13800000001"


def accounts(tmp_path: Path, store: Store, *told: dict[str, str], name: str = "o.csv") -> str:
    """One order each, imported as one file; what is not told is different for each. The import's id."""
    rows = []
    for number, row in enumerate(told):
        plain = {
            "订单编号": f'="{41000000000000001 + number * 10 + zlib.crc32(name.encode()) % 10**6 * 1000}"',
            "买家会员名": f"{name}{number}",
        }
        rows.append(plain | {"买家支付宝账号": "", "联系手机": "", "收货人姓名": ""} | row)
    return str(steps.import_orders(store, [write_orders(tmp_path / name, *rows)], now=NOW, options=ImportOptions())[0].import_id)


def phone(number: str, name: str = "") -> dict[str, str]:
    return {"联系手机": number, "收货人姓名": name}


def found(store: Store) -> list[tuple[int, str, list[str]]]:
    """Each group: how many customers, how sure, by which marks."""
    return [(len(one.customers), one.strength, [mark.text for mark in one.marks]) for one in same_people.suggestions(store).groups]


def told(store: Store) -> str:
    """Everything derived, facts included."""
    rows = [store.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in ("customer_facts", "customer_categories", "merged_customers")]  # noqa: S608
    return state(store) + json.dumps(rows, default=str)


@pytest.mark.parametrize(
    ("left", "right", "groups"),
    [
        (phone("'13800000001"), phone("+86 13800000001"), [(2, "likely", [PHONE])]),
        (phone("86-13800000001"), phone("138-0000-0001"), [(2, "likely", [PHONE])]),
        (phone(PHONE, "张三"), phone(PHONE, "张三"), [(2, "surest", [PHONE])]),
        (phone(PHONE, "张三"), phone(PHONE, "张**"), [(2, "likely", [PHONE])]),
        (phone(PHONE, "张三"), phone(PHONE, "张先生"), [(2, "likely", [PHONE])]),
        (phone(PHONE, "张三"), phone(PHONE, "李四"), [(2, "doubtful", [PHONE])]),
        (phone(PHONE, "张三"), phone(PHONE, "*四"), [(2, "doubtful", [PHONE])]),
        (phone(PHONE, "张三"), phone(PHONE, "San Zhang"), [(2, "likely", [PHONE])]),
        ({"买家支付宝账号": "A@Example.com"}, {"买家支付宝账号": " a@example.com"}, [(2, "likely", ["a@example.com"])]),
        (phone("13800000001-7576", "张三"), phone("13800000001-7576", "张三"), []),
        (phone("138****0001", "张三"), phone("138****0001", "张三"), []),
        (phone("8812345", "张三"), phone("8812345", "张三"), []),
        (phone("", "张三"), phone("", "张三"), []),
        ({"买家支付宝账号": "a***@qq.com"}, {"买家支付宝账号": "a***@qq.com"}, []),
        ({"买家支付宝账号": "x1@marketplace.amazon.de"}, {"买家支付宝账号": "x1@marketplace.amazon.de"}, []),
    ],
)
def test_only_strong_evidence_suggests(tmp_path: Path, store: Store, left: Any, right: Any, groups: Any) -> None:
    accounts(tmp_path, store, left, right)
    assert found(store) == groups


def test_phone_and_mail_together_are_surest_and_earlier_tellings_count(tmp_path: Path, store: Store) -> None:
    both = phone(PHONE, "张三") | {"买家支付宝账号": "a@example.com"}
    accounts(tmp_path, store, both, both | {"收货人姓名": "Sam"})
    assert found(store) == [(2, "surest", ["a@example.com", PHONE])]
    again = {"订单编号": '="51000000000000001"', "买家会员名": "o.csv0", "订单创建时间": "2026-09-01 10:00:00", "订单付款时间": ""}
    accounts(tmp_path, store, again | phone("13900000009", "王五"), name="later.csv")
    assert found(store) == [(2, "surest", ["a@example.com", PHONE])]


def test_what_many_carry_is_named_and_never_suggested(tmp_path: Path, store: Store) -> None:
    accounts(tmp_path, store, *[phone(PHONE) for _ in range(6)], phone("13900000002"), phone("13900000002"))
    assert found(store) == [(2, "likely", ["13900000002"])]
    assert [(mark.kind, mark.text, mark.customers) for mark in same_people.suggestions(store).shared] == [("phone", PHONE, 6)]


def test_a_long_chain_of_marks_is_named_too(tmp_path: Path, store: Store) -> None:
    chain = [phone(f"1380000000{number // 2}") | {"买家支付宝账号": f"a{(number + 1) // 2}@example.com"} for number in range(7)]
    accounts(tmp_path, store, *chain)
    assert (found(store), [mark.customers for mark in same_people.suggestions(store).shared]) == ([], [7])


def test_joining_does_what_the_preview_said(tmp_path: Path, store: Store) -> None:
    accounts(tmp_path, store, *[phone(PHONE)] * 3, phone("13900000002"), phone("13900000002"), phone("13700000003"))
    result = same_people.effect(store, same_people.suggestions(store).groups)
    assert (result.customers, result.rate) == ((6, 3), (0, pytest.approx(2 / 3)))
    answer = joining.join(store, [group.key for group in same_people.suggestions(store).groups], NOW, "test")
    assert (answer.joined, answer.customers_after, joining.count(store)) == (2, 3, 2)
    numbers = kpi.compute(store, facts.last_day(store) or NOW.date()).numbers
    assert (numbers["customers"], numbers["repeat_buyer_rate"]) == (3, pytest.approx(2 / 3))
    assert found(store) == []
    assert [batch.groups for batch in joining.batches(store)] == [2]
    assert sorted(len(row.accounts) for row in joining.decisions(store)) == [2, 3]
    assert PHONE not in str(store.rows("SELECT * FROM audit")) + str(store.rows("SELECT * FROM customer_links"))


def test_a_new_account_is_suggested_to_the_joined_person(tmp_path: Path, store: Store) -> None:
    accounts(tmp_path, store, phone(PHONE), phone(PHONE))
    first = joining.join(store, [same_people.suggestions(store).groups[0].key], NOW, "test")
    accounts(tmp_path, store, phone(PHONE), name="later.csv")
    group = same_people.suggestions(store).groups[0]
    assert (len(group.customers), len(group.bonds), sorted(group.purchases)) == (2, 3, [1, 2])
    second = joining.join(store, [group.key], NOW, "test")
    assert len(store.rows("SELECT * FROM customers")) == 1
    joining.undo(store, [second.batch_id], NOW, "test")
    joining.undo(store, [first.batch_id], NOW, "test")
    assert (len(store.rows("SELECT * FROM customers")), joining.count(store)) == (3, 0)


def test_what_was_set_apart_stays_apart_until_the_evidence_changes(tmp_path: Path, store: Store) -> None:
    accounts(tmp_path, store, phone(PHONE), phone(PHONE))
    assert joining.set_apart(store, [same_people.suggestions(store).groups[0].key], NOW, "test") == {"set_apart": 1}
    accounts(tmp_path, store, phone("13700000003"), name="other.csv")
    assert (found(store), joining.count(store, "apart")) == ([], 1)
    accounts(tmp_path, store, phone(PHONE), name="third.csv")
    assert [group[0] for group in found(store)] == [3]


def test_setting_apart_can_be_taken_back(tmp_path: Path, store: Store) -> None:
    accounts(tmp_path, store, phone(PHONE), phone(PHONE))
    joining.set_apart(store, [same_people.suggestions(store).groups[0].key], NOW, "test")
    joining.undo(store, [joining.decisions(store, "apart")[0].link_id], NOW, "test")
    assert len(found(store)) == 1


def test_refusals_change_nothing(tmp_path: Path, store: Store) -> None:
    accounts(tmp_path, store, phone(PHONE), phone(PHONE))
    before = told(store)
    for refused in (lambda: joining.join(store, ["nobody"], NOW, "test"), lambda: joining.set_apart(store, ["nobody"], NOW, "test")):
        with pytest.raises(BadInputError, match="evidence has changed"):
            refused()
    with pytest.raises(NotFoundError):
        joining.undo(store, ["nothing"], NOW, "test")
    assert told(store) == before


marks = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 9)), min_size=2, max_size=7)


@settings(max_examples=examples(5), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks, marks, st.randoms())
def test_join_and_undo_is_nothing_whatever_happens_between(tmp_path: Path, first: Any, second: Any, chance: Any) -> None:
    def rows(some: Any) -> list[dict[str, str]]:
        mail, paid = "买家支付宝账号", "订单付款时间"
        return [
            phone(f"1380000000{p}" if p else "") | {mail: f"a{m}@example.com" if m else "", paid: f"2026-07-0{d} 10:00:00"}
            for p, m, d in some
        ]

    store, never = database.memory(), database.memory()
    save_shop(store, Shop())
    accounts(tmp_path, store, *rows(first))
    accounts(tmp_path, never, *rows(first))
    while keys := [group.key for group in same_people.suggestions(store).groups if chance.random() < 0.7]:
        result = same_people.effect(store, [group for group in same_people.suggestions(store).groups if group.key in keys])
        assert joining.join(store, keys, NOW, "test").customers_after == result.customers[1] == len(store.rows("FROM customers"))
    later = accounts(tmp_path, store, *rows(second), name="second.csv")
    history.undo(store, later, NOW)
    for row in joining.decisions(store):
        joining.undo(store, [row.link_id], NOW, "test")
    assert told(store) == told(never)


def test_names_are_compared_as_far_as_they_can_be_seen() -> None:
    assert names.compare(["张三", "李四"], ["李四"]) == "same"
    assert names.compare(["Li  Lei"], ["lei li"]) == "same"
    assert names.compare([], ["张三"]) == "unknown"
    assert names.compare(["王女士"], ["王小明"]) == "unknown"
    assert names.compare(["王女士"], ["张小明"]) == "unlike"
