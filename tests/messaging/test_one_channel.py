"""A channel is one file: an invented one is on the pages, sends in the terminal, and is missed by the docs check."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from crm import database
from crm.campaigns import checks, parse, plan, saved
from crm.cli import campaigns
from crm.errors import BadInputError
from crm.messaging import channels
from crm.settings import Environment
from crm.words import catalogue
from tests import doc_tables
from tests.campaigns.given import DAY, NOW, people, person, spec
from tests.segments.test_pages import screen, shop, texts  # noqa: F401 (shop is a fixture)

CHANNEL = '''
"""A channel that nobody has: pigeons."""

from crm.messaging.channels import ChannelType, Outcome, Remark

LETTERS = []


class Pigeons:
    name, largest_batch = "pigeon", 10

    def deliver(self, batch):
        LETTERS.extend(message.address for message in batch.messages)
        return Outcome("accepted", "flown")

    def lookup(self, message_ids):
        return {}


CHANNEL = ChannelType(
    "pigeon", "信鸽", "Pigeon post", 30, "pigeons fly", lambda env, folder: Pigeons(), tested="A pigeon flies.",
    remarks=lambda env: [Remark("pigeons", "warn", "Pigeons are slow.")], notice=lambda env: ["The pigeons are fed."],
)
'''


@pytest.fixture
def pigeons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A channel's file that is there for one test; the addresses it has written to."""
    (tmp_path / "channels").mkdir()
    (tmp_path / "channels" / "pigeon.py").write_text(CHANNEL, encoding="utf-8")
    monkeypatch.setattr(channels, "__path__", [*channels.__path__, str(tmp_path / "channels")])
    channels.every.cache_clear()
    yield importlib.import_module("crm.messaging.channels.pigeon").LETTERS
    monkeypatch.undo()
    sys.modules.pop("crm.messaging.channels.pigeon")
    channels.every.cache_clear()


def _drafted(store: database.Store) -> str:
    people(store, [person(number) for number in range(3)])
    return saved.create(store, parse(spec(channel="pigeon")), NOW)


def test_a_channel_is_on_the_pages(shop: database.Store, pigeons: list[str]) -> None:  # noqa: F811
    campaign_id = _drafted(shop)
    page = screen("campaigns.py")
    page.button(key=f"open_{campaign_id}").click().run()
    assert not page.exception
    choice = next(one for one in page.selectbox if one.label == "Channel")
    assert (choice.options, choice.value) == (["Outbox (files, for trying out)", "E-mail (SendGrid)", "Pigeon post"], "pigeon")
    assert "Pigeons are slow." in [
        check.sentence for check in checks.run(shop, campaign_id, plan(shop, campaign_id, DAY), DAY, Environment())
    ]
    assert "The pigeons are fed." in texts(screen("settings.py"))


def test_a_channel_sends_in_the_terminal(shop: database.Store, tmp_path: Path, pigeons: list[str]) -> None:  # noqa: F811
    campaign_id = _drafted(shop)
    shop.close()
    app = typer.Typer()
    campaigns.register(app)
    done = CliRunner().invoke(app, ["campaign", "send", campaign_id, "--data", str(tmp_path), "--as-of", str(DAY), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["accepted"] == len(pigeons) == 3


def test_without_its_file_a_channel_is_refused() -> None:
    with pytest.raises(BadInputError, match="Input should be " + " or ".join(map(repr, channels.every()))):
        parse(spec(channel="pigeon"))
    with pytest.raises(BadInputError, match="Choose one of: " + ", ".join(channels.every())):
        channels.get("pigeon")


@pytest.mark.parametrize(("key", "name"), [("", "outbox"), ("SG.x", "email")])
def test_a_new_campaign_has_the_usual_channel_where_it_is_set_up(key: str, name: str) -> None:
    assert channels.usual(Environment(sendgrid_api_key=key)) == name


def test_the_docs_check_misses_a_channel(pigeons: list[str]) -> None:
    assert doc_tables.missing() == ["+ | `pigeon` | Pigeon post 信鸽 | pigeons fly |"]


@pytest.mark.parametrize("key", ["", "SG.x"])
def test_every_sentence_of_a_channel_is_translated(key: str) -> None:
    env, known = Environment(sendgrid_api_key=key), catalogue("zh_CN")
    for one in channels.every().values():
        refusal = one.missing(env)
        items = [one.tested, one.waiting, *one.notice(env), *(remark.sentence for remark in one.remarks(env))]
        assert [text for text in [*items, *([refusal.template] if refusal else [])] if text not in known] == []
