"""Channels: one batch goes in, one outcome comes back, perhaps evidence after a crash. Each file of this folder is one, and says so."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Literal, Protocol

from crm import clock
from crm.errors import BadInputError, Sentence
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


@dataclass(frozen=True)
class Remark:
    """A sentence among the checks before a launch: English, translated on screen. `stop` blocks the launch, `warn` does not."""

    code: str
    level: Literal["stop", "warn", "ok"]
    sentence: str


def _nothing(env: Environment) -> list[Any]:
    return []


@dataclass(frozen=True, eq=False)
class ChannelType:
    """What a channel's file says of it in its `CHANNEL`; every sentence is English and translated on screen.

    `place` orders the choice on the page, `usual` is chosen for new campaigns where it is set up. `meaning`: its row in docs/sending.md.
    `missing`: the refusal to send while something is not set up. `remarks`: what the checks say of it. `host`: the address of the machine
    that real mail goes to, empty where nothing leaves this one. `notice`: what the settings page says, the small print last.
    `tested`: what is said of a test copy that left; `waiting`: what a send says while the provider asks it to wait.
    """

    name: str
    zh: str
    en: str
    place: int
    meaning: str
    open: Callable[[Environment, Path], Channel]
    tested: str
    waiting: str = "Waiting for the provider"
    usual: bool = False
    missing: Callable[[Environment], Sentence | None] = lambda env: None
    remarks: Callable[[Environment], Iterable[Remark]] = _nothing
    host: Callable[[Environment], str] = lambda env: ""
    notice: Callable[[Environment], Sequence[str]] = _nothing


@cache
def every() -> dict[str, ChannelType]:
    """All channels by name in the order of the page: the files of this folder."""
    items = [import_module(f"{__name__}.{file.name}").CHANNEL for file in iter_modules(__path__)]
    return {one.name: one for one in sorted(items, key=lambda one: (one.place, one.name))}


def get(name: str) -> ChannelType:
    """The channel called `name`; raises BadInputError naming all."""
    if name not in every():
        raise BadInputError(
            "channel.unknown", "There is no channel “{name}” yet. Choose one of: {known}.", name=name, known=", ".join(every())
        )
    return every()[name]


def usual(env: Environment) -> str:
    """The channel of a new campaign: the usual one where it is set up, else the first that is."""
    ready = [one for one in every().values() if one.missing(env) is None]
    return next((one.name for one in ready if one.usual), ready[0].name)


def channel(name: str, env: Environment, folder: Path) -> Channel:
    """The way out called `name`; `folder` is where it may write files. Raises BadInputError for one that is not there or not set up."""
    kind = get(name)
    refusal = kind.missing(env)
    if refusal:
        raise BadInputError(*refusal)
    return kind.open(env, folder)
