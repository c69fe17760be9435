"""Whatever a shop calls itself: exactly one mailbox in From with that name, a date and an id of its own in every mail."""

import email
import json
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm import campaigns
from crm.database import Store
from crm.messaging import Batch, Message, mail
from crm.messaging.channels import Letter, outbox, sendgrid
from crm.settings import Environment
from tests.campaigns.given import NOW, launch, people, person

HERE = Path(__file__).parent
ADDRESS = "shop@shop.example"
LETTER = Letter("AD Hello", "<p>Hello</p>", "Hello")
NAMES = [
    'Kock, Arne (Sales) "X" 回头',
    "Müller, Söhne & Co.",
    "a@b.example",
    "Ann <ann@evil.example>",
    'x" <ann@evil.example>, "y',
    "店铺；甲,乙、丙",
    "\r\nBcc: ann@evil.example",
    "🛍️👩‍👩‍👧 小店",
    "מבצע <ann@evil.example> شركة",
    "=?utf-8?q?ann=40evil=2Eexample=2C?=",
    "\\",
    '"',
    "(",
    ")(",
    "group: a@b.example;",
    "回" * 100,
    "x" * 300,
    "回头, " * 60,
    "A. B. Shop",
    ",",
    "@",
    "\u202eexe.\u200b, shop",
    "O'Neil's",
    "  ",
    "",
]


def written(name: str) -> bytes:
    batch = Batch("c", name, ADDRESS, LETTER, [], datetime(2026, 11, 1, 4, 0, 7))
    return mail.build(batch, Message("m1", "ann@example.com", LETTER, "https://shop.example.com/u/m1")).as_bytes()


def senders(content: bytes) -> list[tuple[str, str]]:
    """As two parsers read From: name and address of each mailbox. (The newer one leaves a blank between encoded words.)"""
    parsed = email.message_from_bytes(content, policy=default)
    assert isinstance(parsed, EmailMessage)
    plain = getaddresses([str(email.message_from_bytes(content, policy=compat32)["From"])])
    assert [address for _name, address in plain] == [one.addr_spec for one in parsed["From"].addresses]
    return [(str(make_header(decode_header(name))), address) for name, address in plain]


@pytest.mark.parametrize("name", NAMES)
def test_one_mailbox_with_the_name_as_it_was_typed(name: str) -> None:
    assert senders(written(name)) == [(mail.one_line(name), ADDRESS)]


@given(st.text(max_size=120) | st.text(alphabet=',;:"()<>@\\.= ?é回\n', max_size=60))
@example("a" * 44 + "é回")
def test_no_name_makes_a_second_mailbox(name: str) -> None:
    content = written(name)
    assert senders(content) == [(mail.one_line(name), ADDRESS)]
    header = content.split(b"\r\n\r\n")[0]
    assert header.isascii()
    assert max(map(len, re.findall(rb"From: .*|^ .*", header, re.MULTILINE)), default=0) <= 998
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?b\?\S*\?=", header))


def test_every_mail_has_its_date_and_its_own_id() -> None:
    parsed = email.message_from_bytes(written("Shop"), policy=default)
    assert parsedate_to_datetime(parsed["Date"]) == datetime(2026, 11, 1, 4, 0, 7, tzinfo=UTC)
    assert parsed["Message-ID"] == "<m1@shop.example>"


def test_the_case_is_sent_from_one_mailbox(store: Store, tmp_path: Path) -> None:
    people(store, [person(number) for number in range(3)])
    content = json.loads((HERE / "cases" / "from_name.json").read_text(encoding="utf-8"))
    campaign_id = launch(store, **{name: content[name] for name in ("from_name", "from_email", "subject", "body")})
    campaigns.send(store, campaign_id, Environment(), lambda: NOW, channel=outbox.Outbox(tmp_path))
    mails = [file.read_bytes() for file in tmp_path.glob("*.eml")]
    assert [senders(one) for one in mails] == [[('Kock, Arne (Sales) "X" 回头', "shop@shop.example")]] * 3
    parsed = [email.message_from_bytes(one, policy=default) for one in mails]
    assert {parsedate_to_datetime(one["Date"]).replace(tzinfo=None) for one in parsed} == {NOW}
    assert len({one["Message-ID"] for one in parsed}) == 3


@pytest.mark.parametrize("name", NAMES)
def test_sendgrid_gets_the_name_apart_from_the_address(name: str) -> None:
    result = sendgrid.payload(Batch("c", name, ADDRESS, LETTER, [Message("m", "ann@example.com", LETTER, "https://shop.example.com/u/m")]))
    assert result["from"] == {"email": ADDRESS} | ({"name": mail.one_line(name)} if mail.one_line(name) else {})
