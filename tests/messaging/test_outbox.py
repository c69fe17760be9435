"""The outbox: whole files or none, headers that cannot be broken out of, any nickname intact; the file is the evidence."""

import email
import json
import os
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from crm import campaigns, database
from crm.campaigns import templates
from crm.messaging import Batch, Message
from crm.messaging.channels import outbox
from crm.settings import Environment
from tests.campaigns.given import NOW, launch, people, person, spec
from tests.messaging.wire import batch


def read(file: Path) -> EmailMessage:
    parsed = email.message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def part(mail: EmailMessage, kind: str) -> str:
    result = mail.get_body((kind,))
    assert result is not None
    return str(result.get_content())


def test_every_message_is_a_file_with_both_parts_and_one_click_unsubscribe(tmp_path: Path) -> None:
    way = outbox.Outbox(tmp_path)
    assert way.deliver(batch(3)).kind == "accepted"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["m0.eml", "m1.eml", "m2.eml"]
    mail = read(tmp_path / "m0.eml")
    assert mail["To"] == "p0@example.com"
    assert mail["List-Unsubscribe"] == "<https://shop.example.com/u/m0>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "multipart/alternative"
    assert "<p>" in part(mail, "html")


def test_the_file_is_the_evidence(tmp_path: Path) -> None:
    way = outbox.Outbox(tmp_path)
    way.deliver(batch(2))
    assert way.lookup(["m0", "m1", "m2"]) == {"m0": True, "m1": True, "m2": False}


def test_what_is_there_is_not_written_again(tmp_path: Path) -> None:
    way = outbox.Outbox(tmp_path)
    way.deliver(batch(1))
    before = (tmp_path / "m0.eml").read_bytes()
    way.deliver(batch(2))
    assert (tmp_path / "m0.eml").read_bytes() == before


def test_a_folder_that_cannot_be_written_pauses_and_nothing_is_lost(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file stands where the folder should be")
    store = database.open_store(tmp_path / "shop")
    people(store, [person(number) for number in range(5)])
    (tmp_path / "shop" / "outbox").write_text("in the way")
    campaign_id = launch(store)
    result = campaigns.send(store, campaign_id, Environment(), lambda: NOW)
    assert result == {"accepted": 0, "rejected": 0, "unknown": 0, "pending": 5}
    assert campaigns.saved.get(store, campaign_id).state == "paused"
    os.unlink(tmp_path / "shop" / "outbox")
    assert campaigns.send(store, campaign_id, Environment(), lambda: NOW)["accepted"] == 5
    assert len(list((tmp_path / "shop" / "outbox").glob("*.eml"))) == 5
    store.close()


@pytest.mark.parametrize("name", ["a\r\nBcc: x@evil.example", "a\nSubject: other", "a\u2028b", '"; <x@evil.example>', "回头,小店;"])
def test_headers_cannot_be_broken_out_of(tmp_path: Path, name: str) -> None:
    given = batch(1)
    letter = type(given.pattern)(f"AD {name}", "<p>x</p>", "x")
    message = Message("m", "p@example.com", letter, "https://shop.example.com/u/m")
    outbox.Outbox(tmp_path).deliver(Batch("c", name, "news@shop.example.com", letter, [message]))
    mail = read(tmp_path / "m.eml")
    assert set(mail.keys()) == {
        "Date",
        "Subject",
        "From",
        "To",
        "Message-ID",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Content-Type",
    }
    assert [address.addr_spec for address in mail["From"].addresses] == ["news@shop.example.com"]


def test_naughty_nicknames_survive(tmp_path: Path, shared: Path) -> None:
    naughty = [text for text in json.loads((shared / "corpus" / "blns" / "blns.json").read_text()) if text.strip()]
    body = "[{{ customer.nickname }}]{{ unsubscribe_url }}"
    letter = templates.compiled(campaigns.parse(spec(subject="AD {{ customer.nickname }}", body=body)))
    link = "https://shop.example.com/u/1"
    made = [letter.render({"customer.nickname": text, "shop.name": None}, link) for text in naughty]
    messages = [Message(f"m{at}", f"p{at}@example.com", one.letter, link, one.values) for at, one in enumerate(made)]
    assert outbox.Outbox(tmp_path).deliver(Batch("c", "x", "news@shop.example.com", letter.pattern, messages)).kind == "accepted"
    for at, text in enumerate(naughty):
        mail = read(tmp_path / f"m{at}.eml")
        plain = part(mail, "plain").replace("\r\n", "\n")
        assert plain.rstrip("\n") == f"[{text}]{link}"
        assert "<script" not in part(mail, "html").lower()
