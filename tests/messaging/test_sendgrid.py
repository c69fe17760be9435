"""SendGrid: what is accepted, what may be tried again, what nobody can know; and its own contract says our requests are right."""

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crm import campaigns, messaging
from crm.campaigns import templates
from crm.errors import BadInputError
from crm.messaging import Batch, Message, Outcome
from crm.messaging.channels import sendgrid
from crm.settings import Environment
from tests.campaigns.given import spec
from tests.conftest import free_port
from tests.messaging import prism
from tests.messaging.wire import batch, wire


def deliver(host: str, given: Batch | None = None) -> Outcome:
    env = Environment(sendgrid_api_key="SG.secret", sendgrid_host=host)
    return sendgrid.SendGrid(env, timeout=1.0).deliver(given or batch())


@pytest.mark.parametrize(
    ("answer", "kind", "pause"),
    [
        ((202, {"X-Message-Id": "abc"}), "accepted", False),
        ((202, {}), "unknown", False),
        ((200, {"X-Message-Id": "abc"}), "unknown", False),
        ((302, {"Location": "/elsewhere"}), "unknown", False),
        ((400, {}), "rejected", False),
        ((413, {}), "rejected", False),
        ((401, {}), "refused", True),
        ((403, {}), "refused", True),
        ((429, {}), "refused", False),
        ((404, {}), "unknown", False),
        ((500, {}), "unknown", False),
        ((503, {}), "unknown", False),
        ("silence", "unknown", False),
        ("reset", "unknown", False),
        ("cut", "unknown", False),
    ],
)
def test_each_answer_means_one_thing(answer: Any, kind: str, pause: bool) -> None:
    with wire(answer) as server:
        outcome = deliver(server.url)
    assert (outcome.kind, outcome.pause) == (kind, pause)
    assert "example.com" not in outcome.detail


def test_refused_connections_and_unknown_names_were_certainly_not_accepted() -> None:
    assert deliver(f"http://127.0.0.1:{free_port()}").kind == "refused"
    assert deliver("http://nobody.invalid").kind == "refused"


def test_the_time_the_provider_names_is_taken_over() -> None:
    with wire((429, {"X-RateLimit-Reset": "1793500000"})) as server:
        assert deliver(server.url).retry_at == datetime(2026, 11, 1, 2, 26, 40)
    with wire((429, {"Retry-After": "12"})) as server:
        assert deliver(server.url).retry_after == 12.0
    with wire((429, {"X-RateLimit-Reset": "soon", "Retry-After": "nan"})) as server:
        result = deliver(server.url)
        assert (result.retry_at, result.retry_after) == (None, None)


def test_custom_arguments_carry_the_message_id_and_nothing_personal() -> None:
    with wire((202, {"X-Message-Id": "abc"})) as server:
        deliver(server.url)
        body = server.bodies[0]
    assert [one["custom_args"] for one in body["personalizations"]] == [{"message_id": f"m{at}"} for at in range(3)]
    assert body["custom_args"] == {"campaign_id": "c1"}
    assert "categories" not in body
    assert "@example.com" not in json.dumps([body["custom_args"], body["subject"], body["content"]])
    assert {len(one["to"]) for one in body["personalizations"]} == {1}


def test_limits_are_checked_before_the_wire() -> None:
    one = batch(1).messages[0]
    twice = Batch("c", "", "a@b.cn", one.letter, [one, one])
    many = batch(1001)
    for given in (twice, many, batch(1, long="x" * 9_500)):
        assert deliver("http://127.0.0.1:9", given).kind == "rejected"


def test_neither_key_nor_addresses_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), wire((202, {"X-Message-Id": "abc"}), "reset") as server:
        deliver(server.url)
        deliver(server.url)
    assert "SG.secret" not in caplog.text
    assert "@example.com" not in caplog.text


def test_without_a_key_the_channel_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="No SendGrid key"):
        messaging.channel("email", Environment(sendgrid_api_key=""), tmp_path)


def test_what_sendgrid_puts_together_is_the_letter_itself() -> None:
    letter = templates.compiled(campaigns.parse(spec(subject="AD {{ customer.nickname }}", body="<p>{{ customer.nickname }} <b>x</b></p>")))
    rendered = letter.render({"customer.nickname": "小<鹿> -k-", "shop.name": None}, "https://shop.example.com/u/1")
    message = Message("m", "p@example.com", rendered.letter, "https://shop.example.com/u/1", rendered.values)
    body = sendgrid.payload(Batch("c", "店", "a@shop.example.com", letter.pattern, [message]))
    filled = [body["subject"], *(part["value"] for part in body["content"])]
    for key, value in body["personalizations"][0]["substitutions"].items():
        filled = [text.replace(key, value) for text in filled]
    assert filled == [rendered.subject, rendered.text, rendered.html]


@pytest.fixture(scope="session")
def contract(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with prism.serving(shared / "contract", tmp_path_factory.mktemp("prism")) as url:
        yield url


def test_sendgrids_own_contract_accepts_our_requests(contract: str) -> None:
    assert deliver(contract, batch(3)).kind == "accepted"


def test_sendgrids_own_contract_refuses_a_broken_one(contract: str) -> None:
    one = batch(1)
    broken = Batch("c", "", "a@shop.example.com", type(one.pattern)("", "", ""), one.messages)
    assert deliver(contract, broken).kind == "rejected"
