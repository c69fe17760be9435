"""A message as one real person would get it, and a test copy to oneself. Nothing here is counted as sent."""

import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import ibis
import pandas as pd
from email_validator import EmailNotValidError, validate_email

from crm import messaging, segments
from crm.accounts import acting, masking
from crm.accounts.acting import Right
from crm.campaigns import audience, origin, saved, sending, templates, tokens
from crm.campaigns.spec import CampaignSpec
from crm.campaigns.templates import Rendered
from crm.database import Store, load_shop
from crm.database.compiling import compiled
from crm.errors import BadInputError, NotFoundError
from crm.messaging import Batch, Message, channels, unsubscribe
from crm.messaging.channels import Letter
from crm.settings import Environment

Who = Literal["random", "longest", "missing"]
KINDS: tuple[Who, ...] = ("random", "longest", "missing")
TWICE = 10.0
"""Seconds in which the same test again is taken for the second half of a double click."""
_one_test, _tested = threading.Lock(), dict[tuple[str, str, str, bool], float]()
EXAMPLE = {token.name: token.example for token in tokens.TOKENS}


@dataclass(frozen=True)
class Preview:
    """Whose letter it is ('' = the example person, when the segment is empty or not chosen yet), and the letter."""

    customer_id: str
    nickname: str | None
    address: str | None
    rendered: Rendered


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose letter may be looked at."""

    customer_id: str
    nickname: str | None
    name: str | None
    city: str | None
    email_norm: str


@acting.needs(Right.CAMPAIGNS)
def preview(store: Store, of: str | CampaignSpec, who: str, as_of: date, seed: int = 0, *, masked: bool = False) -> Preview:
    """The letter for one person of the segment: `random` (by `seed`), `longest` name, `missing` values, or an id, nickname, address.

    Names and address are `masked` in any case for whoever may not see them in full; and nobody may be looked up by such a person.
    """
    spec = saved.get(store, of).spec if isinstance(of, str) else of
    if who not in KINDS:
        acting.require(Right.REVEAL)
    row = _person(store, spec, who, as_of, seed)
    if row is None:
        letter, link = templates.compiled(spec), unsubscribe.url("https://example.com", unsubscribe.NOBODY)
        return Preview("", EXAMPLE["customer.nickname"], None, letter.render(EXAMPLE, link))
    return letter_to(store, spec, row, masked=masked)


@acting.needs(Right.CAMPAIGNS)
def letter_to(store: Store, spec: CampaignSpec, row: Mapping[Any, Any], *, masked: bool = False) -> Preview:
    """The letter for the person of a row of the facts. Raises BadInputError where it cannot be filled in."""
    if masked or not acting.may(Right.REVEAL):
        row = masking.row(row)
    result, link = tokens.values(row, load_shop(store)), unsubscribe.url("https://example.com", unsubscribe.NOBODY)
    rendered = templates.compiled(spec).render(result, link)
    return Preview(str(row["customer_id"]), result["customer.nickname"], str(row["email_norm"]), rendered)


@acting.needs(Right.REVEAL)
def called(store: Store, spec: CampaignSpec, who: str, as_of: date, limit: int = 20) -> list[Person]:
    """The people of the segment with that id, nickname, name or address, by id."""
    if not who.strip() or not (spec.segment or spec.ladder):
        return []
    people = segments.members(store, audience.ladder_of(store, spec), as_of, spec.rung or None)
    result = _ordered(people.filter(people.email_norm.notnull()), who).order_by("customer_id").limit(limit)
    return store.rows_as(Person, compiled(result.select("customer_id", "nickname", "name", "city", "email_norm")))


@acting.needs(Right.CAMPAIGNS)
def send_test(store: Store, spec: CampaignSpec, address: str, env: Environment, as_of: date, *, masked: bool = False) -> str:
    """Send one copy, marked in its subject, to an address of one's own; what became of it as an English sentence.

    It is somebody's letter: `masked`, and always for whoever may not see names in full, without the name.

    The same words to the same address within a few seconds are a double click and leave once.
    """
    own, shop = _own(address), load_shop(store)
    sender = origin.sender(spec, shop)
    with _one_test:
        asked = (str(sending.outbox_folder(store, env)), spec.model_dump_json(), own, masked)
        if time.monotonic() - _tested.get(asked, -TWICE) >= TWICE:
            _deliver_test(store, spec, own, sender, env, preview(store, spec, "random", as_of, masked=masked).rendered)
            _tested.clear()
            _tested[asked] = time.monotonic()
    return channels.get(spec.channel).tested


def _own(address: str) -> str:
    if not address.strip():
        raise BadInputError("test_message.no_address", "There is no address yet. Nothing was sent. Please enter your own.")
    try:
        return validate_email(address.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise BadInputError(
            "test_message.not_an_address", "“{address}” is not an e-mail address. Nothing was sent.", address=address
        ) from error


def _deliver_test(store: Store, spec: CampaignSpec, own: str, sender: str, env: Environment, rendered: Rendered) -> None:
    shop = load_shop(store)
    link = unsubscribe.url(origin.address(shop, env), unsubscribe.NOBODY)
    letter = Letter(f"[测试] {rendered.subject}", rendered.html, rendered.text)
    message = Message(f"test-{uuid.uuid4().hex}", own, letter, link)
    batch = Batch("test", origin.name(spec, shop), sender, letter, [message])
    outcome = messaging.channel(spec.channel, env, sending.outbox_folder(store, env) / "test").deliver(batch)
    if outcome.kind != "accepted":
        raise BadInputError("test_message.not_sent", "The test message was not sent: {reason}.", reason=outcome.detail)


def _person(store: Store, spec: CampaignSpec, who: str, as_of: date, seed: int) -> dict[str, object] | None:
    if not spec.segment and not spec.ladder:
        return None
    people = segments.members(store, audience.ladder_of(store, spec), as_of, spec.rung or None)
    people = people.filter(people.email_norm.notnull())
    rows = store.read(_ordered(people, who).limit(1, offset=seed % max(1, _size(store, people)) if who == "random" else 0))
    if rows.empty and who not in KINDS:
        raise NotFoundError("preview.nobody_called_so", "Nobody in this segment with an address is called “{who}”.", who=who)
    return None if rows.empty else {str(name): value for name, value in rows.iloc[0].items()}


def _size(store: Store, people: Any) -> int:
    frame: pd.DataFrame = store.read(people.aggregate(n=people.count()))
    return int(frame.n.iloc[0])


def _ordered(people: Any, who: str) -> Any:
    if who == "longest":
        return people.order_by([ibis.desc(people.nickname.fill_null("").length()), "customer_id"])
    if who == "missing":
        gaps = sum(people[name].isnull().ifelse(1, 0) for name in ("nickname", "name", "city", "favourite_category", "last_purchase_day"))
        return people.order_by([ibis.desc(gaps), "customer_id"])
    if who == "random":
        return people.order_by("customer_id")
    wanted = who.strip()
    return people.filter(
        (people.customer_id == wanted) | (people.nickname == wanted) | (people.name == wanted) | (people.email_norm == wanted.lower())
    )
