"""Finding customers: whole numbers and addresses however written, names in part, joined accounts by each, and by whom nobody is found."""

from collections.abc import Iterator

import pytest

from crm import database
from crm.accounts import acting
from crm.accounts.acting import Actor, Right, Role
from crm.customers import joining, same_people, searching
from crm.database import Store
from crm.errors import BadInputError, NotFoundError, RightError
from tests.imports.given import NOW, write_orders
from tests.imports.given import take as take_orders
from tests.uploads.given import table, take

PHONE = "13811112222"
OLD = "13833334444"
MUCH = dict.fromkeys(("买家应付货款", "总金额", "买家实际支付金额"), "900.00")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Li Ming with two numbers over time, and two accounts of one Zhang San, one of whom a dossier knows by another nickname."""
    folder, store = tmp_path_factory.mktemp("shop"), database.memory()
    rows = [
        _order(1, "TB_Li", "李明", OLD, "Li.Ming@example.com", "2026-07-01"),
        _order(2, "TB_Li", "李明", PHONE, "Li.Ming@example.com", "2026-07-02"),
        _order(3, "zhang1", "张三", "13855556666", "z1@example.com", "2026-07-03"),
        _order(4, "zhang2", "张三丰", "13855556666", "z2@example.com", "2026-07-04"),
        _order(5, "other", "李明明", "13800000009", "o@example.com", "2026-07-05") | MUCH,
    ]
    take_orders(store, write_orders(folder / "o.csv", *rows))
    take(store, table(folder / "d.csv", "平台,店铺,账号,昵称,姓名", "淘宝,测试店,other,小太阳 Sunny,李明明"))
    keys = [group.key for group in same_people.suggestions(store).groups]
    joining.join(store, keys, NOW, "test")
    assert len(keys) == 1
    yield store
    store.close()


def _order(number: int, buyer: str, name: str, phone: str, mail: str, day: str) -> dict[str, str]:
    who = {"买家会员名": buyer, "收货人姓名": name, "联系手机": f"'{phone}", "买家支付宝账号": mail}
    return {"订单编号": f'="1111111111111111{number}"', "订单创建时间": f"{day} 10:00:00", "订单付款时间": f"{day} 10:01:00"} | who


def found(store: Store, words: str) -> set[str]:
    """The buyers of whoever is found, as their latest order names them."""
    answer = searching.find(store, words)
    ids = [one.customer_id for one in answer.people]
    assert answer.total == len(set(ids)) == len(ids)
    return {row["buyer"] for row in store.rows("SELECT buyer FROM customers WHERE customer_id IN (SELECT unnest(?::TEXT[]))", [ids])}


@pytest.mark.parametrize(
    ("words", "who"),
    [
        (PHONE, {"TB_Li"}),
        ("+86 138-1111-2222", {"TB_Li"}),
        ("１３８１１１１２２２２", {"TB_Li"}),
        (OLD, {"TB_Li"}),
        (PHONE[-4:], {"TB_Li"}),
        (PHONE[-3:], set()),
        (OLD[-4:], set()),
        ("0009", {"other"}),
        (PHONE[:-1], set()),
        ("li.ming@EXAMPLE.com", {"TB_Li"}),
        ("ming@example.com", set()),
        ("tb_li", {"TB_Li"}),
        ("11111111111111115", {"other"}),
        ("1111111111111111", set()),
        ("李明", {"TB_Li", "other"}),
        ("sunny 李明", {"other"}),
        ("太阳", {"other"}),
        ("zhang1", {"zhang2"}),
        ("z1@example.com", {"zhang2"}),
        ("11111111111111113", {"zhang2"}),
        ("张三丰", {"zhang2"}),
        ("王", set()),
        ("%", set()),
        ("'; DROP TABLE customers; --", set()),
        ("   ", set()),
    ],
)
def test_who_is_found(shop: Store, words: str, who: set[str]) -> None:
    assert found(shop, words) == who


def test_everybody_is_found_by_her_id_and_by_the_id_she_had_before(shop: Store) -> None:
    gone = shop.rows("SELECT customer_id, merged_into FROM merged_customers")
    known = {row["customer_id"]: row["customer_id"] for row in shop.rows("SELECT customer_id FROM customer_facts")}
    for before, now in (known | {row["customer_id"]: row["merged_into"] for row in gone}).items():
        assert [one.customer_id for one in searching.find(shop, before).people] == [now]


def test_pages_add_up_and_who_is_called_exactly_so_comes_first(shop: Store) -> None:
    whole = searching.find(shop, "李")
    assert [one.name for one in searching.find(shop, "李明").people] == ["李明", "李明明"]
    pages = [searching.find(shop, "李", 1, offset) for offset in range(whole.total)]
    assert [page.people[0] for page in pages] == whole.people
    assert {page.total for page in pages} == {whole.total} == {2}


def test_the_only_one_or_a_sentence(shop: Store) -> None:
    assert searching.one(shop, "TB_Li").name == "李明"
    with pytest.raises(NotFoundError, match="Nobody is found by “王”"):
        searching.one(shop, "王")
    with pytest.raises(BadInputError) as refusal:
        searching.one(shop, "李")
    assert all(one.customer_id in str(refusal.value) for one in searching.find(shop, "李").people)


def test_who_may_not_see_names_finds_by_order_number_alone(shop: Store) -> None:
    with acting.by(Actor("bo", acting.rights_of([Role.STAFF]), "1")):
        assert found(shop, "11111111111111115") == {"other"}
        everything = [
            PHONE,
            "李明",
            "tb_li",
            "li.ming@example.com",
            *[row["customer_id"] for row in shop.rows("SELECT customer_id FROM customers")],
        ]
        assert [words for words in everything if searching.find(shop, words).total] == []
    with acting.by(Actor("bo", acting.rights_of([Role.STAFF], [Right.REVEAL]), "1")):
        assert found(shop, PHONE) == {"TB_Li"}
    with acting.by(Actor("boss", acting.rights_of([Role.BOSS]), "1")), pytest.raises(RightError):
        searching.find(shop, "11111111111111115")
