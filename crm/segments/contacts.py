"""What was sent to a customer and what they agreed to, as expressions for the filter fields."""

from datetime import timedelta
from typing import Any

import ibis

from crm.customers import measures, merged
from crm.database import tables
from crm.segments.scope import Scope
from crm.settings import RELAYS

PROMOTION_DAYS = 30


def written_to(scope: Scope) -> Any:
    """The rows of `recipients` (not the holdout) that were written to by the end of the scope's day, as the customers of today."""
    people = merged.current(tables.recipients)
    return people.filter((people.arm == "recipients") & people.sent_at.notnull() & (people.sent_at < ibis.literal(scope.end)))


def last_contacted(scope: Scope) -> Any:
    """customer_id, value: days since the last message of any campaign; people never written to are missing (unknown)."""
    people = written_to(scope)
    latest = people.group_by("customer_id").aggregate(latest=people.sent_at.max())
    return latest.select("customer_id", value=measures.days_since(latest.latest.date(), scope))


def promotions(scope: Scope) -> Any:
    """customer_id, value: campaigns that wrote to them in the last 30 days (0 for the others)."""
    people = written_to(scope)
    recent = people.filter(people.sent_at >= ibis.literal(scope.end - timedelta(days=PROMOTION_DAYS)))
    counted = recent.group_by("customer_id").aggregate(value=recent.campaign_id.nunique())
    everyone = scope.facts.select("customer_id").left_join(counted, "customer_id")
    return everyone.select("customer_id", value=everyone.value.fill_null(0))


def email_consent(scope: Scope) -> Any:
    """The latest recorded consent for the e-mail address, else what the order file said; null where nobody asked."""
    told = tables.consents.filter(tables.consents.channel == "email")
    told = told.filter(told.happened_at < ibis.literal(scope.end))
    latest = told.group_by("address_norm").aggregate(granted=told.granted.argmax(told.happened_at))
    address = scope.facts.email_norm
    yes, no = latest.filter(latest.granted).address_norm, latest.filter(~latest.granted).address_norm
    return ibis.cases((address.isin(no), False), (address.isin(yes), True), else_=scope.facts.accepts_marketing)


def suppressed(channel: str, scope: Scope) -> Any:
    """The addresses of a channel that must not be written to (column of normalised addresses)."""
    found = tables.suppressions
    return found.filter((found.channel == channel) & (found.happened_at < ibis.literal(scope.end))).address_norm


def reachable(scope: Scope) -> dict[str, Any]:
    """Per channel, a boolean over the facts: has an address that may be used. SMS and calls only count: the numbers stay in the store."""
    facts = scope.facts
    phone = facts.phone_quality.isin(["clear", "virtual"]).fill_null(False)
    lent = facts.mailbox.startswith(RELAYS).fill_null(False)
    mail = facts.email_norm.notnull() & ~lent & ~facts.email_norm.isin(suppressed("email", scope)).fill_null(False)
    return {"email": mail, "sms": phone, "call": phone}
