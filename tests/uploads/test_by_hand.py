"""What is written of a customer by hand: as a file's word, later than it; the same as making everybody anew; never over somebody unseen."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from crm import database, demo, privacy, uploads
from crm.accounts import acting
from crm.accounts.acting import Actor, Right, Role
from crm.customers import derived
from crm.database import Store
from crm.errors import BadInputError, ChangedError, NotFoundError, RightError
from crm.segments import why
from crm.uploads import by_hand, dossier
from tests.imports.given import take as take_orders
from tests.imports.given import write_orders
from tests.uploads.given import NOW, state, table, take

HER = {"买家会员名": "tb_li", "收货人姓名": "李明", "联系手机": "'13811112222", "买家支付宝账号": "li@example.com"}
DOSSIER = "平台,店铺,账号,姓名,性别,生日,标签,备注"


@pytest.fixture
def shop(tmp_path: Any) -> Iterator[Store]:
    """Li Ming by orders and a dossier; somebody of whom only a phone number is known."""
    store = database.memory()
    take_orders(store, write_orders(tmp_path / "o.csv", HER))
    take(store, table(tmp_path / "d.csv", DOSSIER, "淘宝,测试店,tb_li,李明,男,1990-02-03,老客、送礼,怕冷"))
    take(store, table(tmp_path / "p.csv", "手机号,姓名", "13900000001,王五"))
    yield store
    store.close()


def li(store: Store) -> str:
    return str(store.rows("SELECT customer_id FROM customers WHERE buyer = 'tb_li'")[0]["customer_id"])


def edit(store: Store, who: str, hours: int = 0, **values: str) -> list[str]:
    return by_hand.edit(store, who, values, NOW + timedelta(hours=hours), "小木")


def whole(store: Store) -> str:
    """Everything that follows, made anew for everybody."""
    with store.transaction() as change:
        derived.rebuild(change)
    return state(store)


def folded(store: Store, who: str) -> dict[str, str]:
    """The fields as the changes one after the other leave them."""
    return dict.fromkeys(dossier.FIELDS, "") | {one.field: one.after for one in reversed(dossier.history(store, who))}


EDITS: list[dict[str, str]] = [
    {"gender": "女"},
    {"birthday": "农历三月初八", "size": "M", "tags": "常客, VIP"},
    {"birthday": "1991", "tags": ""},
    {"name": "", "remarks": "", "birthday": ""},
    {"phone": "+86 137-0000-0000", "email": "New@Example.com", "wechat": "wx"},
    {"size": "L"},
    {"size": "M", "birthday": "1990-闰5-08"},
]


def test_one_customer_made_anew_is_as_everybody_made_anew(shop: Store) -> None:
    for who in (li(shop), "".join(row["customer_id"] for row in shop.rows("SELECT customer_id FROM profiles WHERE name = '王五'"))):
        for number, values in enumerate(EDITS):
            own = {"phone": "13600000000", "email": "w@example.com"} if "phone" in values and who != li(shop) else {}
            edit(shop, who, number, **values | own)
            by_hand.note(shop, who, f"第 {number} 次", NOW + timedelta(hours=number))
            now = state(shop)
            assert now == whole(shop), values
            assert folded(shop, who) == dossier.known(shop, who), values
    told = dossier.known(shop, li(shop))
    assert told["birthday"] == "lunar 1990-闰05-08"
    assert (told["size"], told["tags"], told["name"], told["email"]) == ("M", "", "", "new@example.com")
    facts = shop.one("SELECT * FROM customer_facts WHERE customer_id = ?", [li(shop)]) or {}
    assert (facts["gender"], facts["name"], facts["birth_lunar"], facts["born"].isoformat()) == ("female", "李明", True, "1990-06-30")


def test_what_was_told_last_counts_and_every_word_can_come_back(shop: Store, tmp_path: Any) -> None:
    who = li(shop)
    assert why.fields(shop, who, NOW.date())["gender"] == "male"
    assert edit(shop, who, size="M", gender="女") == ["size", "gender"]
    assert why.fields(shop, who, NOW.date())["gender"] == "female"
    assert edit(shop, who, size=" M ") == []
    (later,) = take(shop, table(tmp_path / "later.csv", "平台,店铺,账号,尺码", "淘宝,测试店,tb_li,XL"))
    assert dossier.known(shop, who)["size"] == "XL"
    uploads.undo(shop, str(later.import_id), NOW)
    assert dossier.known(shop, who)["size"] == "M"
    edit(shop, who, 2, size="")
    edit(shop, who, 3, size="M")
    told = [(one.before, one.after, one.actor) for one in dossier.history(shop, who) if one.field == "size"]
    assert told == [("", "M", "小木"), ("M", "", "小木"), ("", "M", "小木")]
    first = dossier.history(shop, who)[-1]
    assert (first.actor, first.file, first.at) == (None, "d.csv", NOW)


def test_two_who_write_at_once_do_not_overwrite_each_other(shop: Store) -> None:
    who = li(shop)
    seen = dossier.known(shop, who)
    by_hand.edit(shop, who, {"size": "M"}, NOW, "小木", seen)
    by_hand.edit(shop, who, {"gender": "女"}, NOW, "小林", seen)
    with pytest.raises(ChangedError, match="小木 changed the size") as refusal:
        by_hand.edit(shop, who, {"size": "L", "family": "两个孩子"}, NOW, "小林", seen)
    assert refusal.value.code == "dossier.changed_meanwhile"
    now = dossier.known(shop, who)
    assert (now["size"], now["gender"], now["family"]) == ("M", "female", "")


BAD = [("gender", "蓝"), ("birthday", "2月30日"), ("birthday", "2200"), ("phone", "138****2222"), ("email", "a@b"), ("nose", "x")]


def test_what_cannot_be_is_refused_and_nothing_is_written(shop: Store) -> None:
    before = state(shop)
    for field, text in [*BAD, ("size", "x" * 501)]:
        with pytest.raises(BadInputError) as refusal:
            by_hand.edit(shop, li(shop), {"wechat": "M", field: text}, NOW)
        assert refusal.value.code == "dossier.value"
    (other,) = shop.rows("SELECT customer_id FROM profiles WHERE name = '王五'")
    with pytest.raises(BadInputError, match="another customer's"):
        by_hand.edit(shop, other["customer_id"], {"email": "li@example.com"}, NOW)
    for body in ("  ", "x" * 2001):
        with pytest.raises(BadInputError):
            by_hand.note(shop, li(shop), body, NOW)
    assert state(shop) == before


def test_who_may_write(shop: Store) -> None:
    staff = Actor("小林", acting.ROLES[Role.STAFF], "u1")
    with acting.by(staff):
        by_hand.note(shop, li(shop), "爱喝茶", NOW)
        with pytest.raises(RightError):
            by_hand.edit(shop, li(shop), {"size": "M"}, NOW)
    with acting.by(Actor("x", acting.EVERYTHING - {Right.CUSTOMERS}, "u2")), pytest.raises(RightError):
        by_hand.note(shop, li(shop), "x", NOW)
    (kept,) = shop.rows("SELECT kind, body, actor FROM touches")
    assert kept == {"kind": "note", "body": "爱喝茶", "actor": "小林"}
    with pytest.raises(NotFoundError):
        by_hand.edit(shop, "nobody", {"size": "M"}, NOW)


def test_of_who_was_erased_nothing_is_left_and_nothing_can_be_written(shop: Store) -> None:
    who = li(shop)
    edit(shop, who, wechat="zqwechat", remarks="zqremark")
    by_hand.note(shop, who, "zqnote", NOW)
    person = privacy.of(shop, who)
    told = privacy.access.as_text(privacy.export(shop, person, NOW))
    assert all(word in told for word in ("zqwechat", "zqremark", "zqnote", "小木"))
    privacy.erase(shop, [person], None, NOW)
    assert not [word for word in ("zqwechat", "zqremark", "zqnote") if word in state(shop)]
    (left,) = shop.rows("SELECT DISTINCT customer_id FROM orders")
    assert shop.rows("SELECT count(*) AS n FROM touch_records WHERE body IS NULL") == [{"n": 1}]
    for write in (lambda: edit(shop, left["customer_id"], size="M"), lambda: by_hand.note(shop, left["customer_id"], "x", NOW)):
        with pytest.raises(NotFoundError) as refusal:
            write()
        assert refusal.value.code == "customer.erased"


def test_what_was_written_of_the_demo_goes_with_it(tmp_path: Any) -> None:
    store = database.memory()
    demo.load(store, tmp_path, NOW.date(), NOW, customers=60, orders=120)
    who = str(store.rows("SELECT customer_id FROM orders WHERE customer_id IS NOT NULL ORDER BY customer_id LIMIT 1")[0]["customer_id"])
    edit(store, who, size="M")
    by_hand.note(store, who, "x", datetime(2026, 11, 1))
    demo.remove(store, NOW)
    left = [table for table in ("person_records", "touch_records", "profiles", "customer_facts") if store.rows(f"SELECT 1 FROM {table}")]  # noqa: S608
    assert left == []
    store.close()
