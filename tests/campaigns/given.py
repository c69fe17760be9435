"""What the campaign tests start from: a shop with people in it, a campaign to them, a channel that does as it is told."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from crm import campaigns
from crm.database import Store, tables
from crm.messaging import Batch, Outcome

NOW = datetime(2026, 11, 1, 4, 0)
DAY = date(2026, 11, 1)
EVERYBODY = {"name": "all", "rungs": [{"name": "all", "where": {"field": "purchases", "op": "at_least", "value": 0}}]}
BODY = '{{ customer.nickname | default: "亲" }}，好久不见。\n\nhttps://shop.example.com/new\n\n退订：{{ unsubscribe_url }}'
FACTS = {
    "placed_orders": 1,
    "paid_orders": 1,
    "purchases": 1,
    "summed_purchases": 1,
    "spend": 99,
    "items": 1,
    "refunds": 0,
    "refunded": 0,
    "lost_payments": 0,
    "bad_reviews": 0,
    "inquiries": 0,
    "disputes": 0,
    "calendar_purchases": 0,
    "node_purchases": 0,
    "priced": 0,
    "discounted": 0,
    "last_purchase_day": date(2026, 9, 1),
    "last_purchase_at": datetime(2026, 9, 1, 3),
}


def person(number: int, **facts: Any) -> dict[str, Any]:
    """One customer with an address of their own."""
    return {"customer_id": f"c{number:06}", "nickname": f"小{number}", "email_norm": f"p{number}@example.com", **FACTS, **facts}


def people(store: Store, rows: Sequence[dict[str, Any]]) -> None:
    """Put customers and their facts there."""
    frame = pd.DataFrame(list(rows))
    known = [name for name in tables.customer_facts.columns if name in frame]
    who = pd.DataFrame({"customer_id": frame.customer_id, "platform": "taobao", "shop": "s", "buyer": frame.customer_id.str.upper()})
    with store.transaction() as change:
        change.insert("customer_facts", frame[known])
        change.insert("customers", who.assign(nickname=frame.get("nickname"), email_norm=frame.email_norm, email=frame.email_norm))


def spec(**changed: Any) -> dict[str, Any]:
    """A campaign to everybody."""
    return {
        "name": "秋",
        "ladder": EVERYBODY,
        "subject": "AD 想你了",
        "body": BODY,
        "holdout": 0.0,
        "from_email": "a@shop.example.com",
    } | changed


def launched(store: Store, number: int, now: datetime = NOW, **changed: Any) -> str:
    """A campaign to `number` people, its audience frozen."""
    people(store, [person(at) for at in range(number)])
    return launch(store, now, **changed)


def launch(store: Store, now: datetime = NOW, **changed: Any) -> str:
    """A campaign to those who are there."""
    campaign_id = campaigns.saved.create(store, campaigns.parse(spec(**changed)), now)
    campaigns.launch(store, campaign_id, DAY, campaigns.plan(store, campaign_id, DAY).checksum, now)
    return campaign_id


class Scripted:
    """A channel that answers from a list (the last answer for ever) and remembers what went out."""

    name = "scripted"
    largest_batch = 10

    def __init__(self, *answers: Outcome | BaseException, evidence: dict[str, bool] | None = None) -> None:
        self.answers = list(answers) or [Outcome("accepted", "ok")]
        self.sent: list[str] = []
        self.batches: list[Batch] = []
        self.evidence = evidence or {}

    def deliver(self, batch: Batch) -> Outcome:
        """Remember and answer; an exception in the list is a crash."""
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.batches.append(batch)
        if isinstance(answer, BaseException):
            raise answer
        if answer.kind == "accepted":
            self.sent += [message.address for message in batch.messages]
        return answer

    def lookup(self, message_ids: Sequence[str]) -> dict[str, bool]:
        """What was given as evidence."""
        return {one: self.evidence[one] for one in message_ids if one in self.evidence}
