"""What every way out has in common: one batch goes in, one outcome comes back, and perhaps evidence after a crash."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from crm import clock
from crm.errors import BadInputError
from crm.settings import Environment

Kind = Literal["accepted", "rejected", "unknown", "refused"]
"""`accepted`: on its way. `rejected`: a refusal that names its reason. `refused`: certainly not taken, may be tried again.
`unknown`: nobody can say."""


@dataclass(frozen=True)
class Letter:
    """Subject, HTML body and plain text of one message."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True)
class Message:
    """One letter to one person. `values` are the parts in which it differs from the batch's `pattern`."""

    message_id: str
    address: str
    letter: Letter
    unsubscribe_url: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """Up to 1,000 messages of one campaign. `pattern` is the letter with the keys of `Message.values` in place of what differs.

    `at` (UTC) is their date.
    """

    campaign_id: str
    from_name: str
    from_email: str
    pattern: Letter
    messages: Sequence[Message]
    at: datetime = field(default_factory=clock.now)


@dataclass(frozen=True)
class Outcome:
    """What became of a batch. `detail` names no person. `retry_at` (UTC) or `retry_after` (seconds): the time the provider named.

    `pause` asks for a person before anything else is sent.
    """

    kind: Kind
    detail: str = ""
    retry_at: datetime | None = None
    retry_after: float | None = None
    pause: bool = False


class Channel(Protocol):
    """A way out. `lookup` answers after a crash: True sent, False certainly not sent, absent = cannot be known."""

    name: str
    largest_batch: int

    def deliver(self, batch: Batch) -> Outcome:
        """Send; never raises for what the network or the disk does."""

    def lookup(self, message_ids: Sequence[str]) -> dict[str, bool]:
        """Evidence for messages whose fate is unknown."""


def channel(name: str, env: Environment, folder: Path) -> Channel:
    """The way out called `name`; `folder` is where `outbox` writes. Raises BadInputError for one that is not there or not set up."""
    from crm.messaging import outbox, sendgrid

    if name == "outbox":
        return outbox.Outbox(folder)
    if name == "email" and env.sendgrid_api_key:
        return sendgrid.SendGrid(env)
    if name == "email":
        raise BadInputError(
            "channel.no_key",
            "No SendGrid key is set (CRM_SENDGRID_API_KEY). Nothing was sent. Choose the outbox, or set the key and start again.",
        )
    raise BadInputError("channel.unknown", "There is no channel “{name}” yet. Choose outbox or email.", name=name)
