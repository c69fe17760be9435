"""The careful colleague's sentences, and the letter as one real person gets it."""

import pytest

from crm import campaigns, database
from crm.campaigns import checks
from crm.errors import BadInputError, NotFoundError
from crm.settings import Environment, Shop
from tests.campaigns.given import BODY, DAY, NOW, launch, people, person, spec

ENV = Environment(public_url="https://shop.example.com")


def found(store: database.Store, env: Environment = ENV, **changed: object) -> dict[str, checks.Check]:
    campaign_id = campaigns.saved.create(store, campaigns.parse(spec(**changed)), NOW)
    result = checks.run(store, campaign_id, campaigns.plan(store, campaign_id, DAY), DAY, env)
    assert all(check.sentence for check in result)
    return {check.code: check for check in result}


@pytest.fixture
def shop(store: database.Store) -> database.Store:
    people(store, [person(number, nickname=None if number < 3 else f"小{number}") for number in range(40)])
    return store


@pytest.mark.parametrize(
    ("changed", "code", "level"),
    [
        ({"subject": "想你了"}, "prefix", "stop"),
        ({"subject": "想你了 AD"}, "prefix", "stop"),
        ({"subject": "ADORE"}, "prefix", "stop"),
        ({"subject": "广告 想你了"}, "prefix", "ok"),
        ({"subject": "ad 想你了"}, "prefix", "ok"),
        ({"body": "{{ customer.nickname }} {{ unsubscribe_url }}"}, "tokens", "warn"),
        ({"body": "hello"}, "tokens", "warn"),
        ({"body": '<a href="http:/x">a</a>'}, "links", "stop"),
        ({"body": "https://shop..example.com"}, "links", "stop"),
        ({"body": "www.example.com"}, "links", "stop"),
        ({"body": "https://shop.example.com/a"}, "links", "ok"),
        ({"body": "{% if shop.name %}"}, "template", "stop"),
        ({"holdout": 0.0}, "holdout", "warn"),
        ({"channel": "email"}, "abroad", "warn"),
        ({"channel": "email"}, "channel", "stop"),
        ({}, "mailboxes", "ok"),
    ],
)
def test_each_check_has_its_sentence(shop: database.Store, changed: dict[str, object], code: str, level: str) -> None:
    assert found(shop, **changed)[code].level == level


def test_a_token_with_a_default_needs_no_warning(shop: database.Store) -> None:
    assert "tokens" not in found(shop, body=BODY)
    assert found(shop, body="{{ customer.nickname }}")["tokens"].values["n"] == 3


def test_outside_china_no_prefix_is_asked_for(shop: database.Store) -> None:
    database.save_shop(shop, Shop(currency="EUR"))
    assert found(shop, subject="We miss you")["prefix"].level == "ok"


def test_the_same_text_as_last_time_is_noticed(shop: database.Store) -> None:
    launch(shop)
    assert found(shop, cap_days=0)["same_text"].values == {"name": "秋"}
    assert "same_text" not in found(shop, cap_days=0, body=BODY + "新")


def test_the_smallest_lift_shrinks_with_the_holdout(store: database.Store) -> None:
    people(store, [person(number) for number in range(2000)])
    small, large = (float(found(store, holdout=share)["holdout"].values["points"]) for share in (0.05, 0.5))
    assert large < small


def test_nobody_left_is_a_stop(store: database.Store) -> None:
    people(store, [person(1, email_norm=None)])
    assert found(store)["nobody"].level == "stop"


def test_previews_choose_real_people(store: database.Store) -> None:
    people(store, [person(1, nickname="长长长长长的名字"), person(2), person(3, nickname=None)])
    draft = campaigns.parse(spec())
    assert campaigns.preview(store, draft, "longest", DAY).nickname == "长长长长长的名字"
    assert campaigns.preview(store, draft, "missing", DAY).customer_id == "c000003"
    assert campaigns.preview(store, draft, "P2@example.com", DAY).customer_id == "c000002"
    assert {campaigns.preview(store, draft, "random", DAY, seed).customer_id for seed in range(3)} == {"c000001", "c000002", "c000003"}
    with pytest.raises(NotFoundError):
        campaigns.preview(store, draft, "Nobody", DAY)


def test_without_people_the_example_person_is_shown(store: database.Store) -> None:
    assert campaigns.preview(store, campaigns.parse(spec(ladder=None)), "random", DAY).nickname == "小鹿"
    assert "小鹿" in campaigns.preview(store, campaigns.parse(spec()), "random", DAY).rendered.text


def test_a_test_message_is_marked_and_not_counted(store: database.Store, tmp_path: object) -> None:
    people(store, [person(1)])
    env = Environment(data=tmp_path)  # type: ignore[arg-type]
    campaigns.send_test(store, campaigns.parse(spec()), "me@example.com", env, DAY)
    files = list(env.data.glob("outbox/test/*.eml"))
    assert len(files) == 1
    assert b"me@example.com" in files[0].read_bytes()
    assert store.rows("SELECT * FROM message_states") == []
    with pytest.raises(BadInputError, match="not an e-mail address"):
        campaigns.send_test(store, campaigns.parse(spec()), "me", env, DAY)
