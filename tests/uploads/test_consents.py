"""Consents, opt-outs, reviews and inquiries from files: a no is never lifted, undo takes back exactly its own, what is what."""

from datetime import date, datetime
from pathlib import Path

import pytest

from crm import database, segments, uploads
from crm.database import Store
from crm.messaging import suppressions
from crm.segments.definition import parse
from crm.uploads.undoing import Preview
from tests.imports.given import write_orders
from tests.uploads.given import NOW, agreeing, state, suppressed, table, take

HEAD = "手机号,邮箱,渠道,是否同意,时间"
DAY = date(2026, 11, 1)
EVERYBODY = parse({"rungs": [{"name": "x", "where": {"all": []}}]})


def test_an_opt_out_keeps_people_from_being_written_to_on_its_channel(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "o.csv", {}))
    assert segments.count(store, EVERYBODY, DAY)[0].reachable == {"email": 1, "sms": 1, "call": 1}
    entry = take(store, table(tmp_path / "c.csv", HEAD, "13800000001,,短信,否,2026-05-01", ",a@example.com,邮件,退订,2026-05-01"))[0]
    assert (entry.kind, entry.counts["opt_outs_new"]) == ("consents", 2)
    assert segments.count(store, EVERYBODY, DAY)[0].reachable == {"email": 0, "sms": 0, "call": 1}
    assert suppressions.among(store, ["a@example.com"]) == {"a@example.com"}
    assert uploads.preview(store, str(entry.import_id)) == Preview("consents", freed=2)
    uploads.undo(store, str(entry.import_id), NOW)
    assert segments.count(store, EVERYBODY, DAY)[0].reachable == {"email": 1, "sms": 1, "call": 1}


def test_a_yes_from_a_file_never_lifts_a_no(store: Store, tmp_path: Path) -> None:
    suppressions.add(store, ["a@example.com"], "unsubscribed", "page", datetime(2026, 1, 1))
    entry = take(store, table(tmp_path / "c.csv", HEAD, ",a@example.com,邮件,是,2026-10-01", ",b@example.com,邮件,是,2026-10-01"))[0]
    assert entry.counts == {
        "opt_ins": 2,
        "opt_outs": 0,
        "opt_outs_new": 0,
        "opt_ins_new": 1,
        "without_effect": 1,
        "email_yes": 2,
        "email_no": 0,
        "email_silent": 0,
    }
    assert suppressions.among(store, ["a@example.com", "b@example.com"]) == {"a@example.com"}
    assert agreeing(store, ["b@example.com"]) == {"b@example.com"}
    uploads.undo(store, str(entry.import_id), NOW)
    assert suppressions.among(store, ["a@example.com"]) == {"a@example.com"}


def test_a_recorded_no_of_ones_own_is_not_lifted_by_a_later_file(store: Store, tmp_path: Path) -> None:
    with store.transaction() as change:
        change.execute("INSERT INTO consents VALUES ('email', 'a@example.com', false, 'page', NULL, NULL, TIMESTAMP '2026-01-01', NULL)")
    take(store, table(tmp_path / "c.csv", HEAD, ",a@example.com,邮件,是,2026-10-01"))
    assert suppressions.among(store, ["a@example.com"]) == {"a@example.com"}


def test_two_files_with_the_same_opt_out_each_hold_it(store: Store, tmp_path: Path) -> None:
    file = table(tmp_path / "c.csv", HEAD, ",a@example.com,邮件,否,2026-05-01")
    before = state(store)
    first, second = take(store, file)[0], take(store, file)[0]
    assert (first.counts["opt_outs_new"], second.counts["opt_outs_new"]) == (1, 0)
    assert len(suppressed(store)) == 1
    assert uploads.undo(store, str(first.import_id), NOW)["freed"] == 0
    assert suppressions.among(store, ["a@example.com"]) == {"a@example.com"}
    assert uploads.undo(store, str(second.import_id), NOW)["freed"] == 1
    assert state(store) == before


@pytest.mark.parametrize("orders_first", [True, False])
def test_an_opt_out_by_account_holds_for_whatever_address_the_orders_give(store: Store, tmp_path: Path, orders_first: bool) -> None:
    files = [write_orders(tmp_path / "o.csv", {}), table(tmp_path / "c.csv", "买家会员名,平台,退订时间", "tb一,淘宝,2026-05-01")]
    for file in files if orders_first else reversed(files):
        take(store, file)
    assert segments.count(store, EVERYBODY, DAY)[0].reachable == {"email": 0, "sms": 0, "call": 0}
    (who,) = store.rows("SELECT customer_id FROM customers")
    assert suppressions.customers(store, [who["customer_id"]]) == {who["customer_id"]}


def test_reviews_inquiries_and_disputes_are_counted_once(store: Store, tmp_path: Path) -> None:
    rows = ["买家会员名,平台,类型,评价,时间,商品,内容", "a,淘宝,评价,差评,2026-05-01 10:00,锅,坏了", "a,淘宝,评价,3星,2026-05-02,锅,还行"]
    rows += ["a,淘宝,评价,好评,2026-05-03,锅,好", "b,淘宝,咨询未购买,,2026-05-03,锅,多大", "b,淘宝,投诉,,2026-05-04,锅,慢"]
    file = table(tmp_path / "t.csv", *rows, "c,淘宝,散步,,2026-05-04,,")
    before = state(store)
    first = take(store, file)[0]
    assert (first.kind, first.rejected, first.customers_new) == ("touches", 1, 2)
    once = state(store)
    second = take(store, file)[0]
    assert state(store) == once
    rows = store.rows("SELECT nickname, bad_reviews, inquiries, disputes, purchases FROM customer_facts ORDER BY bad_reviews DESC")
    assert [(row["bad_reviews"], row["inquiries"], row["disputes"], row["purchases"]) for row in rows] == [(2, 0, 0, 0), (0, 1, 1, 0)]
    for result in (first, second):
        uploads.undo(store, str(result.import_id), NOW)
    assert state(store) == before


def test_a_review_that_names_only_an_order_is_its_buyers_whichever_comes_first(tmp_path: Path) -> None:
    rows = ["订单编号,买家会员名,评价,评价时间", '="11111111111111111",t**一,差评,2026-08-01', '="99999999999999999",,差评,2026-08-02']
    reviews, orders = table(tmp_path / "r.csv", *rows), write_orders(tmp_path / "o.csv", {})
    items = []
    for files in ((reviews, orders), (orders, reviews)):
        store = database.memory()
        taken = [take(store, file)[0] for file in files]
        assert [one.rejected for one in taken] == [0, 0]
        assert {one.counts.get("without_order") for one in taken} == {None, 2 if files[0] is reviews else 1}
        assert store.rows("SELECT nickname, bad_reviews FROM customer_facts") == [{"nickname": "tb一", "bad_reviews": 1}]
        items.append(state(store))
        uploads.undo(store, str(next(one.import_id for one in taken if one.kind == "touches")), NOW)
        assert store.rows("SELECT bad_reviews FROM customer_facts") == [{"bad_reviews": 0}]
    assert items[0] == items[1]


def test_what_is_what(tmp_path: Path) -> None:
    headers = {
        "people": "姓名,手机号,生日",
        "consents": "email,channel,granted,time",
        "touches": "买家会员名,评价,评价时间",
        "orders": "手机号,姓名,订单日期,金额",
    }
    for kind, header in headers.items():
        row = "a@example.com,email,yes,2026-05-01" if kind == "consents" else "13800000001,王五,2026-05-01,12.50"
        assert uploads.propose(table(tmp_path / f"{kind}.csv", header, row)).kind == kind


def test_the_person_can_say_otherwise(store: Store, tmp_path: Path) -> None:
    file = table(tmp_path / "x.csv", "客户,电话一,金额,日期", "梁静,13800000001,12.50,2026-05-01")
    mapping = {"kind": "people", "columns": {"name": "客户", "phone": "电话一"}}
    assert take(store, file, mapping=mapping)[0].kind == "people"
    assert uploads.propose(file, store).kind == "people"
    plain = table(tmp_path / "y.csv", "姓名,手机号,生日", "梁静,13800000001,5-3")
    assert take(store, plain, format="people")[0].customers_new == 0
