"""Asking SendGrid what became of messages: its activity feed, which an account has or has not (it is an extra that costs).

That a message is in it proves that it was accepted. That it is not there proves nothing: the feed is late, and keeps a few days only.
"""

import http.client
import json
from collections.abc import Sequence
from dataclasses import dataclass

import sendgrid as official
from python_http_client.exceptions import HTTPError

from crm.errors import Sentence
from crm.settings import Environment

MOST = 200
"""Messages asked about at once: each is a request of its own."""
TIMEOUT = 10.0
NOT_THERE = Sentence(
    "activity.not_there", "Your SendGrid account has no activity feed (an extra), so it cannot be asked. Nothing was changed."
)
BROKE_OFF = Sentence("activity.broke_off", "SendGrid did not answer all questions. What it had said by then was taken over.")


@dataclass(frozen=True)
class Asked:
    """Of how many messages was asked, which of them were accepted, and why no more was asked."""

    asked: int
    accepted: list[str]
    problem: Sentence | None = None


def ask(env: Environment, message_ids: Sequence[str]) -> Asked:
    """What the account's activity knows of these messages, of the first few hundred. Never raises for what the network does."""
    client = official.SendGridAPIClient(env.sendgrid_api_key, host=env.sendgrid_host.rstrip("/"))
    client.client.timeout = TIMEOUT
    accepted: list[str] = []
    for at, one in enumerate(message_ids[:MOST]):
        try:
            answer = client.client.messages.get(query_params={"limit": 1, "query": f"(unique_args['message_id']=\"{one}\")"})
            if answer.status_code != 200:
                return Asked(at, accepted, BROKE_OFF)
            if json.loads(answer.body)["messages"]:
                accepted.append(one)
        except HTTPError as error:
            return Asked(at, accepted, NOT_THERE if error.status_code in (401, 403, 404) else BROKE_OFF)
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return Asked(at, accepted, BROKE_OFF)
    return Asked(min(len(message_ids), MOST), accepted)
