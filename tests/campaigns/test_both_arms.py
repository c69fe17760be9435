"""A recorded campaign that lists somebody in both arms is refused, whatever names the rows give them; who and where is said."""

import json
from pathlib import Path

import pytest

from crm import campaigns
from crm.database import Store
from crm.errors import BadInputError
from tests.campaigns.given import NOW, people, person
from tests.conftest import terminal

HEAD = "customer,arm,sent_at"
REST = ["c000003,recipients,2026-10-01", "c000004,holdout,2026-10-01"]


@pytest.fixture
def shop(store: Store) -> Store:
    people(store, [person(number) for number in range(30)])
    return store


def written(folder: Path, rows: list[str], head: str = HEAD) -> Path:
    file = folder / "sent.csv"
    file.write_text("\n".join([head, *rows]), encoding="utf-8")
    return file


def recorded(store: Store) -> list[int]:
    return [len(store.rows(f"FROM {table}")) for table in ("campaigns", "recipients", "message_states")]


BOTH = {
    "one id twice": (
        ["c000000,recipients,2026-10-01", "c000000,holdout,2026-10-01"],
        ["“c000000” (row 2: recipients)", "(row 3: holdout)"],
    ),
    "far apart": (["c000000,recipients,2026-10-01", *REST, "c000000,holdout,2026-10-01"], ["(row 2: recipients)", "(row 5: holdout)"]),
    "held out first": (["c000000,control,2026-10-01", "c000000,sent,2026-10-01"], ["(row 2: holdout)", "(row 3: recipients)"]),
    "id and address": (["c000000,sent,2026-10-01", "p0@example.com,holdout,2026-10-01"], ["“c000000” (row 2", "“p0@example.com” (row 3"]),
    "id and account": (["c000000,sent,2026-10-01", "C000000,holdout,2026-10-01"], ["“c000000” (row 2", "“C000000” (row 3"]),
    "address twice, written otherwise": (
        ["p0@example.com,sent,2026-10-01", " P0@Example.com ,holdout,2026-10-01"],
        ["“p0@example.com” (row 2", "“P0@Example.com” (row 3"],
    ),
    "Chinese words": (["c000000,发送,2026-10-01", "c000000,对照,2026-10-01"], ["(row 2: recipients)", "(row 3: holdout)"]),
    "an empty arm is a recipient": (["c000000,,2026-10-01", "c000000,未发,2026-10-01"], ["(row 2: recipients)", "(row 3: holdout)"]),
    "on different days": (["c000000,mailed,2026-10-01", "c000000,holdout,2026-10-09 12:00"], ["(row 2: recipients)", "(row 3: holdout)"]),
    "three rows": (
        ["c000000,sent,2026-10-01", "c000000,sent,2026-10-02", "c000000,holdout,2026-10-01"],
        ["(row 2: recipients), “c000000” (row 3: recipients), “c000000” (row 4: holdout)"],
    ),
    "blank lines count": (
        ["", "c000000,sent,2026-10-01", "", ",,", "c000000,holdout,2026-10-01"],
        ["(row 3: recipients)", "(row 6: holdout)"],
    ),
    "two people": (
        ["c000000,sent,2026-10-01", "c000001,sent,2026-10-01", "c000001,holdout,2026-10-01", "c000000,holdout,2026-10-01"],
        ["“c000000” (row 2", "“c000001” (row 3", "(2 in all)"],
    ),
}


@pytest.mark.parametrize("rows", BOTH)
def test_who_is_in_both_arms_is_named_and_nothing_recorded(shop: Store, tmp_path: Path, rows: str) -> None:
    given, named = BOTH[rows]
    with pytest.raises(BadInputError) as refused:
        campaigns.record(shop, written(tmp_path, [*given, *REST]), "x", "", NOW)
    assert [part for part in named if part not in str(refused.value)] == []
    assert "Nothing was recorded." in str(refused.value)
    assert "c000003" not in str(refused.value)
    assert recorded(shop) == [0, 0, 0]


def test_other_columns_in_another_order(shop: Store, tmp_path: Path) -> None:
    rows = ["2026-10-01,x,holdout,c000002", "2026-10-01,y,sent,c000002", "2026-10-01,y,sent,c000001"]
    with pytest.raises(BadInputError, match=r"“c000002” \(row 2: holdout\), “c000002” \(row 3: recipients\) \(1 in all\)"):
        campaigns.record(shop, written(tmp_path, rows, "sent_at,note,arm,customer"), "x", "", NOW)


def test_of_many_ten_are_named_and_all_counted(shop: Store, tmp_path: Path) -> None:
    rows = [f"c{number:06},{arm},2026-10-01" for number in range(30) for arm in ("sent", "holdout")]
    with pytest.raises(BadInputError, match=r"\(30 in all\)") as refused:
        campaigns.record(shop, written(tmp_path, rows), "x", "", NOW)
    assert str(refused.value).count("holdout") == 10


def test_twice_in_one_arm_and_two_strangers_are_no_contradiction(shop: Store, tmp_path: Path) -> None:
    rows = ["c000000,sent,2026-10-01", "P0@example.com,sent,2026-10-01", "stranger,sent,2026-10-01", "stranger,holdout,2026-10-01"]
    result = campaigns.record(shop, written(tmp_path, [*rows, *REST]), "x", "", NOW)
    assert (result.recipients, result.holdout, result.unmatched) == (2, 1, 2)


def test_the_terminal_refuses_with_the_sentence(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "订单编号,买家会员名,买家实际支付金额,订单状态,订单付款时间\n1,ann,10,交易成功,2026-09-01 10:00:00\n", encoding="utf-8"
    )
    assert terminal("import", str(orders), "--json", data=tmp_path / "shop").returncode == 0
    file = written(tmp_path, ["ann,sent,2026-10-01", "ann,holdout,2026-10-01"])
    result = terminal("campaign", "record", str(file), "--name", "x", "--segment", "s", "--json", data=tmp_path / "shop", check=False)
    refused = json.loads(result.stdout)["error"]
    assert (result.returncode, refused["code"]) == (1, "recording.in_both_arms")
    assert refused["sentence"].startswith("Listed in both arms: “ann” (row 2: recipients), “ann” (row 3: holdout) (1 in all).")
