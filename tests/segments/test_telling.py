"""A ladder in words: the sentence names every condition and reads as a person would say it, in both languages."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from crm.segments import splits, telling, words
from tests.segments.test_trees import laddered, trees
from tests.shares import examples


def leaves(node: Any) -> Iterator[Any]:
    """Every condition of a NODE."""
    inside = node.get("all") or node.get("any") or ([node["not"]] if "not" in node else [])
    if not node.keys() & {"all", "any", "not"}:
        yield node
    for part in inside:
        yield from leaves(part)


@settings(max_examples=examples(60))
@given(nodes=trees)
def test_the_sentence_names_every_condition(nodes: list[Any]) -> None:
    ladder_ = laddered(nodes)
    for language in ("zh_CN", "en"):
        told = telling.sentence(ladder_, language)
        assert told.count("；" if language == "zh_CN" else "; ") == len(nodes) - 1
        for node in nodes:
            for leaf in leaves(node):
                assert telling.clause(leaf, language) in told
                assert words.describe(leaf, language)


SAID = [
    (
        [{"field": "recency_days", "op": "at_most", "value": 90}, {"field": "purchases", "op": "between", "value": [2, 3]}],
        "最近 90 天内买过的客户；其中买过 2–3 次的。",
        "Everyone who bought in the last 90 days; of these, everyone who bought 2–3×.",
    ),
    (
        [{"all": [{"field": "has_email", "op": "is", "value": True}, {"not": {"received": {"within_days": 30}}}]}],
        "有邮箱，且不属于“最近 30 天内收到过活动消息”的客户。",
        "Everyone who has an e-mail address, except anyone who was sent a campaign in the last 30 days.",
    ),
    (
        [{"any": [{"field": "spend", "op": "at_least", "value": 1000}, {"bought": {"category": "锅具", "node": "双十一", "at_least": 2}}]}],
        "消费金额不低于 1,000 或 双十一（2024 年起）期间买过品类 锅具 至少 2 次的客户。",
        "Everyone whose spend is at least 1,000 or who bought the category 锅具 during Double 11 (2024 or later) at least 2×.",
    ),
]


@pytest.mark.parametrize(("nodes", "zh", "en"), SAID)
def test_it_reads_like_a_person_said_it(nodes: list[Any], zh: str, en: str) -> None:
    assert telling.sentence(laddered(nodes), "zh_CN") == zh
    assert telling.sentence(laddered(nodes), "en") == en


def test_parts_are_named_in_the_sentence() -> None:
    ladder_ = laddered([{"field": "purchases", "op": "at_least", "value": 2}], split={"by": "spend", "at": [100, 300]})
    assert "按消费金额分成 <100、100–300、≥300、未知" in telling.sentence(ladder_, "zh_CN")


MORE = [
    ({"field": "has_email", "op": "is_not", "value": True}, "没有邮箱的客户。", "Everyone who has no e-mail address."),
    ({"field": "refunds", "op": "at_least", "value": 2}, "退款单数不低于 2的客户。", "Everyone who has 2 or more orders with a refund."),
    (
        {"any": [{"field": "city", "op": "is", "value": "上海市"}, {"not": {"field": "age", "op": "at_least", "value": 30}}]},
        "城市是 上海市 或 不属于“年满 30 岁”的客户。",
        "Everyone whose city is Shanghai or who is not anyone who is 30 or older.",
    ),
]


@pytest.mark.parametrize(("node", "zh", "en"), MORE)
def test_each_language_keeps_its_grammar(node: Any, zh: str, en: str) -> None:
    assert (telling.sentence(laddered([node]), "zh_CN"), telling.sentence(laddered([node]), "en")) == (zh, en)


@pytest.mark.parametrize(
    ("cut", "titles"),
    [
        ({"by": "purchases", "at": [1, 2, 4]}, ["<1", "1", "2–3", "≥4", "Unknown"]),
        ({"by": "spend", "at": [-5, 100]}, ["<-5", "-5–100", "≥100", "Unknown"]),
        ({"by": "has_email"}, ["Has an e-mail address", "has no e-mail address", "Unknown"]),
    ],
)
def test_parts_are_called_by_what_is_in_them(cut: dict[str, Any], titles: list[str]) -> None:
    split = splits.check(splits.Split.model_validate(cut))
    assert [splits.label(split, key, "en") for key, _ in splits.siblings(split)] == titles
