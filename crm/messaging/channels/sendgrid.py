"""The way out through SendGrid's mail API, with its official client. It has no idempotency: what is not certain is called unknown."""

import http.client
import logging
import math
import socket
import urllib.error
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sendgrid as official
from python_http_client.exceptions import HTTPError

from crm.errors import Sentence
from crm.messaging import mail
from crm.messaging.channels import Batch, ChannelType, Message, Outcome, Remark
from crm.settings import Environment

logging.getLogger("python_http_client").setLevel(logging.INFO)  # at DEBUG it prints the key and the addresses
log = logging.getLogger(__name__)
TIMEOUT = 30.0
LARGEST_SUBSTITUTIONS = 9_000  # bytes per person; SendGrid takes 10,000


class SendGrid:
    """One request per batch; each person's own words travel as substitutions, the message id (and nothing personal) as custom argument."""

    name = "email"
    largest_batch = 1000

    def __init__(self, env: Environment, timeout: float = TIMEOUT) -> None:
        self._env = env
        self._timeout = timeout

    def deliver(self, batch: Batch) -> Outcome:
        """Exactly 202 with an id is accepted; only what certainly was not taken may be tried again; the rest is unknown."""
        try:
            body = payload(batch)
        except ValueError as error:
            return Outcome("rejected", str(error))
        client = official.SendGridAPIClient(self._env.sendgrid_api_key, host=self._env.sendgrid_host.rstrip("/"))
        client.client.timeout = self._timeout
        try:
            answer = client.send(body)
        except HTTPError as error:
            return _refusal(error)
        except (OSError, http.client.HTTPException) as error:
            return _broken(error)
        if answer.status_code == 202 and answer.headers.get("X-Message-Id"):
            return Outcome("accepted", str(answer.headers["X-Message-Id"])[:100])
        return Outcome("unknown", f"SendGrid answered {answer.status_code} without an id")

    def lookup(self, message_ids: Sequence[str]) -> dict[str, bool]:
        """SendGrid cannot be asked; its events will tell."""
        return {}


def payload(batch: Batch) -> dict[str, object]:
    """The request. Raises ValueError where SendGrid's limits would refuse it: the sentence says which."""
    addresses = [message.address for message in batch.messages]
    if len(addresses) > 1000 or len(set(addresses)) != len(addresses):
        raise ValueError("more than 1,000 people, or one address twice in a request")
    if any(_size(message) > LARGEST_SUBSTITUTIONS for message in batch.messages):
        raise ValueError("one person's own words are longer than SendGrid takes")
    sender = {"email": batch.from_email} | ({"name": name} if (name := mail.one_line(batch.from_name)) else {})
    return {
        "personalizations": [_person(message) for message in batch.messages],
        "from": sender,
        "subject": batch.pattern.subject,
        "content": [{"type": "text/plain", "value": batch.pattern.text}, {"type": "text/html", "value": batch.pattern.html}],
        "custom_args": {"campaign_id": batch.campaign_id},
    }


def _person(message: Message) -> dict[str, object]:
    return {
        "to": [{"email": message.address}],
        "substitutions": message.values,
        "headers": mail.unsubscribe_headers(message.unsubscribe_url),
        "custom_args": {"message_id": message.message_id},
    }


def _size(message: Message) -> int:
    return sum(len(key) + len(value.encode("utf-8")) for key, value in message.values.items())


def _refusal(error: HTTPError) -> Outcome:
    code = int(error.status_code)
    if code == 429:
        return Outcome(
            "refused", "SendGrid asks to wait (429)", retry_at=_named_time(error.headers), retry_after=_number(error.headers, "Retry-After")
        )
    if code in (401, 403):
        return Outcome("refused", f"SendGrid does not accept the key or the sender address ({code})", pause=True)
    if code in (400, 413):
        return Outcome("rejected", f"SendGrid refused the request ({code}){_why(error)}")
    return Outcome("unknown", f"SendGrid answered {code}")


def _why(error: HTTPError) -> str:
    try:
        fields = [str(one.get("field") or "") for one in error.to_dict["errors"]]
        return ": " + ", ".join(name for name in fields if name)[:200] if any(fields) else ""
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""


def _named_time(headers: Any) -> datetime | None:
    given = _number(headers, "X-RateLimit-Reset")
    return datetime.fromtimestamp(given, UTC).replace(tzinfo=None) if given and given < 4e9 else None


def _number(headers: Any, name: str) -> float | None:
    try:
        given = float(headers.get(name))
    except (TypeError, ValueError, AttributeError):
        return None
    return given if math.isfinite(given) and given >= 0 else None


def _broken(error: Exception) -> Outcome:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, (ConnectionRefusedError, socket.gaierror)):
        return Outcome("refused", f"SendGrid cannot be reached ({type(reason).__name__})")
    log.warning("sendgrid: %s", type(reason).__name__)
    return Outcome("unknown", f"the connection broke ({type(reason).__name__})")


NO_KEY = Sentence(
    "channel.no_key",
    "No SendGrid key is set (CRM_SENDGRID_API_KEY). Nothing was sent. Choose the outbox, or set the key and start again.",
)
TESTED, WAITING = "The test message is on its way.", "Waiting for SendGrid"
ABROAD = "SendGrid is a provider abroad: customers' data may go there only with notice and their separate consent."
LAW = "SendGrid works abroad: for customers in mainland China, personal data sent there needs notice and their separate consent (PIPL)."


def _remarks(env: Environment) -> Iterator[Remark]:
    if not env.sendgrid_api_key:
        yield Remark("channel", "stop", "No SendGrid key is set, so nothing can be sent by e-mail. Choose the outbox, or set the key.")
    yield Remark("abroad", "warn", ABROAD)
    if not env.sendgrid_webhook_key:
        yield Remark("webhook", "warn", "No key for delivery reports is set: what is delivered or bounces will not be seen here.")


def _notice(env: Environment) -> list[str]:
    without = "No SendGrid key is set: messages are written as .eml files into the outbox folder, and nobody is written to."
    state = "A SendGrid key is set: campaigns can go out by e-mail." if env.sendgrid_api_key else without
    return [state, LAW]


CHANNEL = ChannelType(
    "email",
    "邮件（SendGrid）",
    "E-mail (SendGrid)",
    20,
    "SendGrid. No personal data in custom arguments or categories. It has no idempotency key, so what is unknown is not sent again",
    lambda env, folder: SendGrid(env),
    tested=TESTED,
    waiting=WAITING,
    usual=True,
    missing=lambda env: None if env.sendgrid_api_key else NO_KEY,
    remarks=_remarks,
    host=lambda env: env.sendgrid_host,
    notice=_notice,
)
