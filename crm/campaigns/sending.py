"""Sending a frozen campaign to its end: recorded before the wire, nobody twice, nobody left out, safe to kill and to repeat."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from crm import jobs, messaging
from crm.accounts import acting
from crm.accounts.acting import Right
from crm.campaigns import origin, restored, roster, saved, templates
from crm.campaigns.roster import Recipient
from crm.campaigns.saved import Campaign
from crm.campaigns.spec import CampaignSpec
from crm.campaigns.templates import Compiled
from crm.database import Store, disk, load_shop
from crm.errors import BadInputError, BusyError, CrmError
from crm.messaging import Batch, Channel, Message, Outcome, channels, handed_over, ledger, suppressions, unsubscribe
from crm.settings import Environment

FAILURES_IN_A_ROW = 3
FIRST_BATCH, GROWTH = 20, 4
"""The first requests are small, and none is larger than a quarter of what this run has handed over: what is wrong with all of them is
learned from few people, and a crash leaves few of whom nobody knows whether they got it."""
LETTERS = 50_000_000
"""Characters of all letters of a batch together."""
LONGEST_WAIT = timedelta(minutes=15)
STOPPED = "Stopped as asked. Nobody was written to twice. Continue to send the rest."
FAILED = "Paused: {reason}."
FAILED_OFTEN = "Paused after {n} failures in a row: {reason}."
_sender = threading.Lock()


@dataclass(frozen=True)
class _Run:
    store: Store
    campaign_id: str
    spec: CampaignSpec
    letter: Compiled
    channel: Channel
    address: str
    now: Callable[[], datetime]
    report: jobs.Report
    wait: Callable[[float], None]


@acting.needs(Right.LAUNCH)
def send(
    store: Store,
    campaign_id: str,
    env: Environment,
    now: Callable[[], datetime],
    report: jobs.Report = jobs.silent,
    channel: Channel | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> dict[str, int]:
    """Deliver everything that still waits: {accepted, rejected, unknown, pending} (accepted includes delivered and failed later).

    Pauses the campaign with a reason where a person is needed. Raises BusyError while another send runs, BadInputError for a draft, for a
    campaign without a sender or with links that nobody can open, and while an older copy of the database waits for a decision.
    """
    from crm.campaigns import recovery

    campaign = saved.get(store, campaign_id)
    if campaign.state not in ("sending", "paused"):
        return _nothing_to_do(store, campaign)
    restored.require_decided(store)
    shop = load_shop(store)
    origin.require(campaign.spec, shop, env)
    way = channel or messaging.channel(campaign.spec.channel, env, outbox_folder(store, env))
    if not _sender.acquire(blocking=False):
        raise BusyError(
            "campaign.another_is_being_sent",
            "Another campaign is being sent at this moment. Nothing was sent. This one can start when that has ended.",
        )
    try:
        run = _Run(store, campaign_id, campaign.spec, templates.compiled(campaign.spec), way, origin.address(shop, env), now, report, wait)
        _resume(run)
        _deliver_all(run)
    except CrmError as error:
        if error.code == disk.FULL_CODE:
            raise recovery.disk_full(store, campaign_id, way, now()) from error
        raise
    finally:
        _sender.release()
    return result(store, campaign_id)


def outbox_folder(store: Store, env: Environment) -> Path:
    """Where channels that write files write."""
    return (store.folder or env.data) / "outbox"


def result(store: Store, campaign_id: str) -> dict[str, int]:
    """The four numbers of `crm campaign send`."""
    outcome = ledger.counts(store, campaign_id)
    return {
        "accepted": outcome["accepted"] + outcome["delivered"] + outcome["failed"],
        "rejected": outcome["rejected"],
        "unknown": outcome["unknown"] + outcome["undecided"] + outcome["sending"],
        "pending": outcome["pending"],
    }


def pause(store: Store, campaign_id: str, now: datetime, template: str = "", **values: object) -> None:
    """Mark as waiting for a person, and why: an English sentence with {placeholders} (translated on screen) and its values."""
    with store.transaction() as change:
        saved.mark(change, campaign_id, "paused", now, template, **values)


def _nothing_to_do(store: Store, campaign: Campaign) -> dict[str, int]:
    if campaign.state == "draft":
        raise BadInputError(
            "campaign.not_launched", "This campaign has not been launched. Nothing was sent. Look at its plan and confirm it first."
        )
    return result(store, campaign.campaign_id)


def _resume(run: _Run) -> None:
    """What an earlier, broken-off run left on its way is settled first."""
    from crm.campaigns import recovery

    recovery.settle(run.store, run.campaign_id, run.channel, run.now())
    with run.store.transaction() as change:
        saved.mark(change, run.campaign_id, "sending", run.now())


def _deliver_all(run: _Run) -> None:
    waiting = sorted(row.message_id for row in ledger.states(run.store, run.campaign_id) if row.state == "pending")
    total, failures = len(waiting), 0
    try:
        done = 0
        for ids in _batches(waiting, min(run.channel.largest_batch, max(1, LETTERS // run.letter.size))):
            run.report("Sending", done, total)
            outcome = _deliver(run, ids)
            while (
                outcome.kind == "refused"
                and not outcome.pause
                and failures < FAILURES_IN_A_ROW
                and _wait_for(run, outcome, failures, done, total)
            ):
                failures += 1
                outcome = _deliver(run, ids)
            failures = 0 if outcome.kind == "accepted" else failures + 1
            if outcome.pause or outcome.kind == "refused" or failures >= FAILURES_IN_A_ROW:
                template = FAILED_OFTEN if failures >= FAILURES_IN_A_ROW and not outcome.pause else FAILED
                pause(run.store, run.campaign_id, run.now(), template, reason=outcome.detail, n=failures)
                return
            done += len(ids)
        run.report("Sending", total, total)
    except jobs.Cancelled:
        pause(run.store, run.campaign_id, run.now(), STOPPED)
        raise
    from crm.campaigns import recovery

    recovery.finish_if_done(run.store, run.campaign_id, run.now())


def _batches(ids: Sequence[str], largest: int) -> Iterator[Sequence[str]]:
    start = 0
    while start < len(ids):
        size = min(max(FIRST_BATCH, start // GROWTH), largest)
        yield ids[start : start + size]
        start += size


def _deliver(run: _Run, ids: Sequence[str]) -> Outcome:
    """One batch: recorded as on its way, then the wire, then what came of it."""
    batch, attempt = _build(run, ids), uuid.uuid4().hex[:12]
    chosen = [message.message_id for message in batch.messages]
    with ledger.one_at_a_time, run.store.transaction() as change:
        current = ledger.of(change, chosen)
        chosen = [one for one in chosen if current[one][1] == "pending"]
        ledger.note(change, run.campaign_id, chosen, "sending", run.now(), attempt)
    if not chosen:
        return Outcome("accepted")
    batch = replace(batch, messages=[message for message in batch.messages if message.message_id in set(chosen)])
    unwritten = _write_down(run, chosen, attempt)
    outcome = run.channel.deliver(batch) if unwritten is None else unwritten
    evidence = run.channel.lookup(chosen) if outcome.kind == "unknown" else {}
    with ledger.one_at_a_time, run.store.transaction() as change:
        settled = _settled(outcome, chosen, evidence, ledger.of(change, chosen))
        for state, some in settled.items():
            ledger.note(change, run.campaign_id, some, state, run.now(), attempt, outcome.detail)
        never = [one for state in ("pending", "rejected") for one in settled.get(state, [])]
        if unwritten is None:
            handed_over.journal_outcome(change, attempt, outcome.kind == "accepted", never)
    return outcome


def _write_down(run: _Run, ids: Sequence[str], attempt: str) -> Outcome | None:
    """The journal before the wire: what leaves is known even to an older copy. An outcome when that fails: then nothing leaves."""
    try:
        people = roster.addressed(run.store, run.campaign_id, ids)
        handed_over.intend(run.store, run.campaign_id, run.spec.name, attempt, people, run.now())
    except OSError as error:
        return Outcome("refused", f"the journal beside the database cannot be written ({type(error).__name__})", pause=True)
    return None


def _settled(outcome: Outcome, ids: Sequence[str], evidence: dict[str, bool], current: dict[str, tuple[str, str]]) -> dict[str, list[str]]:
    """New state → message ids. An event that arrived meanwhile has already moved its message and stands."""
    values: dict[str, list[str]] = {}
    plain = "pending" if outcome.kind == "refused" else outcome.kind
    for one in ids:
        if current[one][1] == "sending":
            state = {True: "accepted", False: "pending"}[evidence[one]] if one in evidence else plain
            values.setdefault(state, []).append(one)
    return values


def _build(run: _Run, ids: Sequence[str]) -> Batch:
    """The letters of those who still wait and may still be written to; whoever opted out since the launch is rejected with that reason."""
    current = ledger.of(run.store, ids)
    rows = [row for row in roster.waiting(run.store, run.campaign_id, ids) if current[row.message_id][1] == "pending"]
    erased = [row.message_id for row in rows if row.address_norm is None]
    ledger.move(run.store, run.campaign_id, erased, "pending", "rejected", run.now(), ledger.BARRED)
    rows = [row for row in rows if row.address_norm is not None]
    never = suppressions.among(run.store, [str(row.address_norm) for row in rows])
    nobody = suppressions.customers(run.store, [row.customer_id for row in rows])
    never |= {str(row.address_norm) for row in rows if row.customer_id in nobody}
    barred = [row.message_id for row in rows if row.address_norm in never]
    ledger.move(run.store, run.campaign_id, barred, "pending", "rejected", run.now(), ledger.BARRED)
    shop = load_shop(run.store)
    messages = [_message(run, row) for row in rows if row.address_norm not in never]
    sender = origin.sender(run.spec, shop)
    return Batch(run.campaign_id, origin.name(run.spec, shop), sender, run.letter.pattern, messages, run.now())


def _message(run: _Run, row: Recipient) -> Message:
    link = unsubscribe.url(run.address, unsubscribe.token(row.message_id))
    rendered = run.letter.render(row.tokens, link)
    return Message(row.message_id, row.address, rendered.letter, link, rendered.values)


def _wait_for(run: _Run, outcome: Outcome, failures: int, done: int, total: int) -> bool:
    """Wait until the provider's named time (or a little longer each time); False when that is too far away."""
    pause_for = outcome.retry_after if outcome.retry_after is not None else 2.0 ** (failures + 1)
    if outcome.retry_at is not None:
        pause_for = max(0.0, (outcome.retry_at - run.now()).total_seconds())
    if pause_for > LONGEST_WAIT.total_seconds():
        return False
    while pause_for > 0:
        run.report(channels.get(run.spec.channel).waiting, done, total)
        run.wait(min(1.0, pause_for))
        pause_for -= 1.0
    return True
