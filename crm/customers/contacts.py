"""What was sent to a customer and what they agreed to, as expressions for the filter fields."""

from typing import Any

import ibis

from crm.customers import days, measures, merged
from crm.customers.context import Context
from crm.database import tables
from crm.settings import RELAYS

PROMOTION_DAYS = 30


def written_to(context: Context) -> Any:
    """The rows of `recipients` (not the holdout) that were written to by the end of the context's day, as the customers of today."""
    people = merged.current(tables.recipients)
    return people.filter((people.arm == "recipients") & people.sent_at.notnull() & (people.sent_at < ibis.literal(context.end)))


def last_contacted(context: Context) -> Any:
    """customer_id, value: days since the last message of any campaign; people never written to are missing (unknown)."""
    people = written_to(context)
    latest = people.group_by("customer_id").aggregate(latest=people.sent_at.max())
    return latest.select("customer_id", value=measures.days_since(days.shop_day(latest.latest, context.shop.timezone), context))


def promotions(context: Context) -> Any:
    """customer_id, value: campaigns that wrote to them in the last 30 days (0 for the others)."""
    people = written_to(context)
    recent = people.filter(days.within(days.shop_day(people.sent_at, context.shop.timezone), context.as_of, PROMOTION_DAYS))
    counted = recent.group_by("customer_id").aggregate(value=recent.campaign_id.nunique())
    everyone = context.facts.select("customer_id").left_join(counted, "customer_id")
    return everyone.select("customer_id", value=everyone.value.fill_null(0))


def tags(context: Context) -> Any:
    """customer_id, value: the tags of dossiers."""
    return tables.customer_tags.select("customer_id", value=tables.customer_tags.tag)


def email_consent(context: Context) -> Any:
    """A recorded no, else a yes told on a page of ours, else a no of the order file, else any yes; null where nobody asked."""
    address = context.facts.email_norm
    no, yes, here = (entry.address_norm for entry in _said("email", context))
    refused = address.isin(no) | context.facts.customer_id.isin(_accounts(no))
    agreed = address.isin(yes) | context.facts.customer_id.isin(_accounts(yes))
    ordered = context.facts.accepts_marketing
    return ibis.cases((refused, False), (address.isin(here), True), (~ordered.fill_null(True), False), (agreed, True), else_=ordered)


def sms_consent(context: Context) -> Any:
    """The latest recorded consent for the phone number; null where nobody asked."""
    no, yes = (_dialled(entry.address_norm, context) for entry in _said("sms", context)[:2])
    customer = context.facts.customer_id
    return ibis.cases((customer.isin(no), False), (customer.isin(yes), True), else_=ibis.null("boolean"))


def _said(channel: str, context: Context) -> tuple[Any, Any, Any]:
    """Who said no on a channel by the end of the context's day, whose latest word is yes, and who said that yes to us and not to a file.

    A yes from a file never lifts a no.
    """
    result = tables.consents
    result = result.filter((result.channel == channel) & (result.happened_at < ibis.literal(context.end)))
    own = result.filter(result.import_id.isnull() | ~result.granted)
    latest = result.group_by("address_norm").aggregate(granted=result.granted.argmax(result.happened_at))
    lasting = own.group_by("address_norm").aggregate(
        granted=own.granted.argmax(own.happened_at), by_file=(own.import_id.notnull() & ~own.granted).ifelse(1, 0).max()
    )
    no = lasting.filter(~lasting.granted | (lasting.by_file == 1))
    here = lasting.filter(lasting.granted & (lasting.by_file == 0))
    return no.select("address_norm"), latest.filter(latest.granted).select("address_norm"), here.select("address_norm")


def _accounts(addresses: Any) -> Any:
    """The customers (a column of ids) whose account stands among these addresses."""
    result = tables.identities
    return result.filter(result.identity_key.isin(addresses)).customer_id


def _dialled(addresses: Any, context: Context) -> Any:
    """The customers (a column of ids) whose phone or account stands among these addresses."""
    known = [people.filter(people.phone.isin(addresses)).select("customer_id") for people in (context.people, tables.profiles)]
    result = tables.identities
    return ibis.union(*known, result.filter(result.identity_key.isin(addresses)).select("customer_id")).customer_id


def suppressed(channel: str, context: Context) -> Any:
    """The addresses of a channel that must not be written to (column of normalised addresses)."""
    result = tables.suppressions
    return result.filter((result.channel == channel) & (result.happened_at < ibis.literal(context.end))).address_norm


NOT_SENT = ("rejected", "failed")
"""The last states of a message that nobody got."""


def capped(context: Context) -> Any:
    """A boolean over the facts: written to within the shop's cap, as the customer or under the address; what nobody got does not count."""
    facts, cap = context.facts, context.shop.cap_days
    if cap <= 0:
        return ibis.literal(False)
    states = tables.message_states
    last = states.filter(states.happened_at < ibis.literal(context.end)).group_by("message_id")
    ended = last.aggregate(state=ibis._.state.argmax(ibis._.seq))
    people = written_to(context)
    recent = people.filter(days.within(days.shop_day(people.sent_at, context.shop.timezone), context.as_of, cap - 1))
    recent = recent.filter(~recent.message_id.isin(ended.filter(ended.state.isin(NOT_SENT)).message_id).fill_null(False))
    known = recent.filter(recent.address_norm.notnull())
    return facts.customer_id.isin(recent.customer_id) | facts.email_norm.isin(known.address_norm).fill_null(False)


def reachable(context: Context) -> dict[str, Any]:
    """Per channel, a boolean over the facts: has an address that may be used. SMS and calls only count: the numbers stay in the store.

    A virtual number counts until the day on which the platform takes it back; where no file tells that day, it counts.
    The cap is not in it.
    """
    facts = context.facts
    alive = facts.phone_until.isnull() | (facts.phone_until >= ibis.literal(context.as_of))
    phone = ((facts.phone_quality == "clear") | ((facts.phone_quality == "virtual") & alive)).fill_null(False)
    lent = facts.mailbox.startswith(RELAYS).fill_null(False)
    never = suppressed("email", context)
    mail = facts.email_norm.notnull() & ~lent & ~facts.email_norm.isin(never).fill_null(False) & ~facts.customer_id.isin(_accounts(never))
    mail &= facts.accepts_marketing.fill_null(True) | facts.email_norm.isin(_said("email", context)[2].address_norm).fill_null(False)
    sms, call = (phone & ~facts.customer_id.isin(_dialled(suppressed(channel, context), context)) for channel in ("sms", "call"))
    return {"email": mail, "sms": sms, "call": call}
