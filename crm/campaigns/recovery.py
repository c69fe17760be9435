"""After a crash, and after silence: what was on its way becomes unknown, then evidence decides, then a person."""

from contextlib import suppress
from datetime import datetime, timedelta

from crm import messaging
from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.campaigns import restored, saved, sending
from crm.database import Store
from crm.errors import BadInputError, CrmError
from crm.messaging import Channel, activity, ledger
from crm.settings import Environment

SILENCE = timedelta(hours=25)
"""24 hours in which events still come, and some slack."""
PUT_BACK = "An older copy of the database was put back while this was being sent. Nothing more is sent until you have decided."
INTERRUPTED = "Sending broke off: the server stopped, or its disk was full. Nobody was written to twice. Continue to send the rest."


def recover(store: Store, env: Environment, now: datetime) -> list[str]:
    """At start: settle what a dead process left, pause what it was sending (a person continues it); those campaigns."""
    restored.sign_out(store, now)
    reason = PUT_BACK if restored.state(store).stopped else INTERRUPTED
    stopped = [row["campaign_id"] for row in store.rows("SELECT campaign_id FROM campaigns WHERE state = 'sending' ORDER BY campaign_id")]
    for campaign_id in sorted({*stopped, *ledger.campaigns_with(store, "sending")}):
        stop(store, campaign_id, _channel_of(store, campaign_id, env), now, reason)
    give_up(store, now)
    return stopped


def stop(store: Store, campaign_id: str, channel: Channel | None, now: datetime, reason: str = INTERRUPTED) -> None:
    """What was on its way is settled; what is left waits for a person."""
    settle(store, campaign_id, channel, now)
    if not finish_if_done(store, campaign_id, now):
        sending.pause(store, campaign_id, now, reason)


def disk_full(store: Store, campaign_id: str, channel: Channel, now: datetime) -> CrmError:
    """What became of a campaign when the database could not keep any more; what can be settled is settled, the rest at the next start."""
    left = sending.result(store, campaign_id)
    with suppress(CrmError):
        stop(store, campaign_id, channel, now)
    return CrmError(
        "campaign.disk_full",
        "The disk of the server filled up while this was being sent. {n} messages had left or were just leaving; none of them is sent a "
        "second time. The rest waits. Please free some space, then continue.",
        n=left["accepted"] + left["unknown"],
    )


def settle(store: Store, campaign_id: str, channel: Channel | None, now: datetime) -> None:
    """`sending` → `unknown`, then `unknown` → `accepted` or `pending` where the channel has evidence."""
    died = "the process ended while this was on its way"
    ledger.move(store, campaign_id, _ids(store, campaign_id, "sending"), "sending", "unknown", now, died)
    unknown = _ids(store, campaign_id, "unknown")
    evidence = channel.lookup(unknown) if channel and unknown else {}
    there = [one for one in unknown if evidence.get(one) is True]
    ledger.move(store, campaign_id, there, "unknown", "accepted", now, "evidence: it is there")
    absent = [one for one in unknown if evidence.get(one) is False]
    ledger.move(store, campaign_id, absent, "unknown", "pending", now, "evidence: it certainly was not sent")


def give_up(store: Store, now: datetime) -> None:
    """`unknown` for longer than 24 hours and some slack → `undecided`: a person decides; the default is not to send again."""
    for campaign_id in ledger.campaigns_with(store, "unknown"):
        items = [row for row in ledger.states(store, campaign_id) if row.state == "unknown"]
        old = [row.message_id for row in items if now - row.happened_at > SILENCE]
        ledger.move(store, campaign_id, old, "unknown", "undecided", now, "nothing heard for 24 hours")
        finish_if_done(store, campaign_id, now)


@acting.needs(Right.LAUNCH)
def retry_safe(store: Store, campaign_id: str, now: datetime) -> int:
    """Queue again exactly those that were certainly not sent (`rejected`, opt-outs excepted); how many."""
    again = [row.message_id for row in ledger.states(store, campaign_id) if row.state == "rejected" and row.detail != ledger.BARRED]
    moved = ledger.move(store, campaign_id, again, "rejected", "pending", now, "tried again by a person")
    if moved:
        sending.pause(store, campaign_id, now)
        audit.note(store, now, "screen", "campaign.retry", f"{campaign_id}: {len(moved)} messages")
    return len(moved)


def unsure(store: Store) -> dict[str, int]:
    """Of how many people of a campaign it is not known whether they got it, by campaign id."""
    sql = "SELECT campaign_id, count(*) AS n FROM messages WHERE state IN ('unknown', 'undecided') GROUP BY campaign_id"
    return {row["campaign_id"]: row["n"] for row in store.rows(sql)}


@acting.needs(Right.LAUNCH)
def ask(store: Store, campaign_id: str, env: Environment, now: datetime) -> activity.Asked:
    """Ask the provider about those of whom nobody knows, where it can be asked; whoever it has accepted counts as written to."""
    ids = [*_ids(store, campaign_id, "undecided"), *_ids(store, campaign_id, "unknown")]
    result = activity.ask(env, ids)
    for state in ("undecided", "unknown"):
        here = set(_ids(store, campaign_id, state))
        ledger.move(
            store, campaign_id, [one for one in result.accepted if one in here], state, "accepted", now, "evidence: the activity feed"
        )
    return result


@acting.needs(Right.LAUNCH)
def decide(store: Store, campaign_id: str, send_again: bool, now: datetime, people: int | None = None) -> int:
    """A person's word on the undecided: written to already (default), or to be sent again at the risk of a second copy; how many.

    Sending again wants the number of `people`, as the person was shown it: it is not done by accident, nor to others than was meant.
    """
    after, undecided = "pending" if send_again else "accepted", _ids(store, campaign_id, "undecided")
    if send_again and not undecided:
        raise BadInputError("campaign.nothing_undecided", "Nothing is undecided in this campaign.")
    if send_again and people != len(undecided):
        raise BadInputError(
            "campaign.other_number",
            "It is {n} people by now, not as many as you said. Nothing was sent. Please look again.",
            n=len(undecided),
        )
    ids = ledger.move(store, campaign_id, undecided, "undecided", after, now, "decided by a person")
    audit.note(store, now, "screen", "campaign.decide", f"{campaign_id}: {len(ids)} {'sent again' if send_again else 'count as sent'}")
    if send_again:
        sending.pause(store, campaign_id, now)
    else:
        finish_if_done(store, campaign_id, now)
    return len(ids)


def finish_if_done(store: Store, campaign_id: str, now: datetime) -> bool:
    """Finished = every message in an end state; unknown ones still wait for news, but nothing is left to send."""
    counts = ledger.counts(store, campaign_id)
    state = saved.get(store, campaign_id).state
    if counts["pending"] or counts["sending"] or state not in ("sending", "paused"):
        return state in ("finished", "recorded")
    with store.transaction() as change:
        saved.mark(change, campaign_id, "finished", now)
    return True


def _channel_of(store: Store, campaign_id: str, env: Environment) -> Channel | None:
    try:
        return messaging.channel(saved.get(store, campaign_id).spec.channel, env, sending.outbox_folder(store, env))
    except CrmError:
        return None


def _ids(store: Store, campaign_id: str, state: str) -> list[str]:
    return [row.message_id for row in ledger.states(store, campaign_id) if row.state == state]
