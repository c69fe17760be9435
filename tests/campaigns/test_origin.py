"""Who a letter comes from and where its links point: nothing leaves without a sender, no e-mail with links that nobody can open."""

import email
from email.policy import default
from pathlib import Path

import pytest

from crm import campaigns, database
from crm.campaigns import checks, origin
from crm.errors import BadInputError
from crm.settings import Environment, Shop
from tests.campaigns.given import DAY, NOW, Scripted, launch, people, person, spec

REAL = Environment(sendgrid_api_key="SG.x", public_url="http://localhost:8501")
AT_HOME = [
    "http://localhost:8501",
    "http://127.0.0.1:8501",
    "http://[::1]:8501",
    "http://0.0.0.0",
    "https://10.0.0.7",
    "http://192.168.1.20:8501",
    "http://172.16.3.4",
    "https://shop-pc:8501",
    "http://crm.local",
    "https://crm.lan",
    "http://x.localhost",
    "",
    "not an address",
    "http://169.254.1.1",
    "https://crm.internal.",
]
OUTSIDE = [
    "https://crm.shop.example",
    "http://crm.shop.example:8080/huitou",
    "https://8.8.8.8",
    "https://店铺.example",
    "https://local.example.com",
    "https://a.b.c.example",
    "http://shop.example.",
    "https://[2606:4700::1111]",
    "https://localhost.example.org",
    "https://xn--5bt.example",
]


def draft(store: database.Store, **changed: object) -> str:
    return campaigns.saved.create(store, campaigns.parse(spec(**changed)), NOW)


def found(store: database.Store, campaign_id: str, env: Environment = REAL) -> dict[str, checks.Check]:
    result = checks.run(store, campaign_id, campaigns.plan(store, campaign_id, DAY), DAY, env)
    return {check.code: check for check in result}


@pytest.fixture
def shop(store: database.Store) -> database.Store:
    people(store, [person(number) for number in range(3)])
    return store


@pytest.mark.parametrize("channel", ["outbox", "email"])
def test_a_launch_without_a_sender_is_stopped_on_every_way(shop: database.Store, channel: str) -> None:
    campaign_id = draft(shop, from_email="", channel=channel)
    assert found(shop, campaign_id)["sender"].level == "stop"
    checksum = campaigns.plan(shop, campaign_id, DAY).checksum
    with pytest.raises(BadInputError, match="no sender address"):
        campaigns.launch(shop, campaign_id, DAY, checksum, NOW, env=REAL)
    assert campaigns.saved.get(shop, campaign_id).state == "draft"
    database.save_shop(shop, Shop(from_email="news@shop.example", public_url="https://crm.shop.example"))
    assert "sender" not in found(shop, campaign_id)
    campaigns.launch(shop, campaign_id, DAY, checksum, NOW, env=REAL)


@pytest.mark.parametrize(
    "address", ["shop", "a@b", "a@@shop.example", "a b@shop.example", "a@shop.example, b@shop.example", "@", "a@shop..example"]
)
def test_a_sender_that_is_no_address_is_stopped(shop: database.Store, address: str) -> None:
    database.save_shop(shop, Shop(from_email=address))
    entry = found(shop, draft(shop, from_email=""))["sender"]
    assert (entry.level, entry.values) == ("stop", {"address": address})


@pytest.mark.parametrize("url", AT_HOME)
def test_links_that_only_this_house_can_open_stop_real_mail_and_not_the_outbox(shop: database.Store, url: str) -> None:
    env = REAL.model_copy(update={"public_url": url})
    assert origin.is_local(url)
    assert found(shop, draft(shop, channel="email"), env)["public_url"].level == "stop"
    assert found(shop, draft(shop, channel="outbox"), env)["public_url"].level == "warn"
    campaign_id = draft(shop, channel="email")
    with pytest.raises(BadInputError, match="public address"):
        campaigns.launch(shop, campaign_id, DAY, campaigns.plan(shop, campaign_id, DAY).checksum, NOW, env=env)


@pytest.mark.parametrize("url", OUTSIDE)
def test_an_address_in_the_world_stops_nothing(shop: database.Store, url: str) -> None:
    database.save_shop(shop, Shop(public_url=url))
    assert found(shop, draft(shop, channel="email")).get("public_url", checks.Check("", "ok", "")).level != "stop"


def test_links_point_to_the_address_the_shop_set(shop: database.Store, tmp_path: Path) -> None:
    database.save_shop(shop, Shop(public_url="https://crm.shop.example"))
    way = Scripted()
    campaigns.send(shop, launch(shop), Environment(public_url="https://machine.example"), lambda: NOW, channel=way)
    links = {message.unsubscribe_url.rpartition("/")[0] for batch in way.batches for message in batch.messages}
    assert links == {"https://crm.shop.example/u"}
    campaigns.send_test(shop, campaigns.parse(spec()), "me@shop.example", Environment(data=tmp_path), DAY)
    (file,) = (tmp_path / "outbox" / "test").glob("*.eml")
    parsed = email.message_from_bytes(file.read_bytes(), policy=default)
    assert parsed["List-Unsubscribe"] == "<https://crm.shop.example/u/test>"
    assert parsed["Date"] is not None


def test_a_paused_campaign_does_not_go_on_once_its_sender_is_gone(shop: database.Store) -> None:
    database.save_shop(shop, Shop(from_email="news@shop.example"))
    campaign_id = launch(shop, from_email="")
    database.save_shop(shop, Shop())
    way = Scripted()
    with pytest.raises(BadInputError, match="no sender address"):
        campaigns.send(shop, campaign_id, REAL, lambda: NOW, channel=way)
    assert way.batches == []


def test_a_double_click_on_the_test_sends_one(shop: database.Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env, written = Environment(data=tmp_path), campaigns.parse(spec())
    names = {campaigns.send_test(shop, written, f"me@shop.example{' ' * blanks}", env, DAY) for blanks in range(3)}
    assert len(names) == 1
    assert len(list((tmp_path / "outbox" / "test").iterdir())) == 1
    campaigns.send_test(shop, campaigns.parse(spec(subject="AD other words")), "me@shop.example", env, DAY)
    campaigns.send_test(shop, campaigns.parse(spec(subject="AD other words")), "you@shop.example", env, DAY)
    assert len(list((tmp_path / "outbox" / "test").iterdir())) == 3
    monkeypatch.setattr(campaigns.previews, "TWICE", 0.0)
    campaigns.send_test(shop, campaigns.parse(spec(subject="AD other words")), "you@shop.example", env, DAY)
    assert len(list((tmp_path / "outbox" / "test").iterdir())) == 4


def test_a_test_needs_an_address_and_a_sender(shop: database.Store, tmp_path: Path) -> None:
    for nothing in ("", "   "):
        with pytest.raises(BadInputError, match="no address yet"):
            campaigns.send_test(shop, campaigns.parse(spec()), nothing, Environment(data=tmp_path), DAY)
    with pytest.raises(BadInputError, match="no sender address"):
        campaigns.send_test(shop, campaigns.parse(spec(from_email="")), "me@shop.example", Environment(data=tmp_path), DAY)


STARTERS = [
    'Hello {{ customer.nickname | default: "there" }},\n\nit has been a while. We have put aside something new for you:\n\n'
    "https://shop.example.com/new\n\nSee you soon",
    '{{ customer.nickname | default: "亲" }}，您好：\n\n好久不见。我们给您留了新品：\n\nhttps://shop.example.com/new\n\n期待您回来看看',
]


@pytest.mark.parametrize("body", STARTERS)
def test_the_text_that_drafts_once_began_with_is_stopped(shop: database.Store, body: str) -> None:
    assert found(shop, draft(shop, body=body))["starter"].level == "stop"
    assert "starter" not in found(shop, draft(shop, body=body + "!"))


@pytest.mark.parametrize("subject", ["", "AD", "AD ", "广告", "[AD]", "【广告】", "广告：", "ad:"])
def test_a_subject_of_nothing_but_its_prefix_is_empty(shop: database.Store, subject: str) -> None:
    assert found(shop, draft(shop, subject=subject))["empty"].level == "stop"
    assert "empty" not in found(shop, draft(shop, subject=f"{subject} x"))
