"""One mailing from draft to its last message: what is written, who gets it, the guardrails, the launch, the sending, the record.

saved.create / update / get / listed / copy      drafts and what became of them
plan(store, id, as_of) → launch(…, checksum)     who is in, who is left out and why; then frozen
send(store, id, env, now) · recover · retry_safe the state machine (docs: messages)
restored.state / keep / forget / go_on           an older copy of the database: nothing is sent until a person has decided
status(store, id) · record(store, FILE.csv, …)   where it stands; campaigns sent elsewhere
templates · tokens · checks · previews           the words, before anything is sent
"""

from crm.campaigns import (
    approvals,
    audience,
    bodies,
    checks,
    files,
    origin,
    previews,
    recovery,
    restored,
    roster,
    saved,
    sending,
    templates,
    tokens,
)
from crm.campaigns.audience import Plan, plan
from crm.campaigns.previews import preview, send_test
from crm.campaigns.recording import record, record_frame
from crm.campaigns.recovery import decide, recover, retry_safe
from crm.campaigns.roster import launch
from crm.campaigns.sending import pause, send
from crm.campaigns.spec import CampaignSpec, parse
from crm.campaigns.status import status
from crm.database import Transaction
from crm.messaging import events, ledger

__all__ = [
    "CampaignSpec",
    "Plan",
    "approvals",
    "audience",
    "bodies",
    "checks",
    "decide",
    "files",
    "forget_demo",
    "launch",
    "origin",
    "parse",
    "pause",
    "plan",
    "preview",
    "previews",
    "record",
    "record_frame",
    "recover",
    "recovery",
    "restored",
    "retry_safe",
    "roster",
    "saved",
    "send",
    "send_test",
    "sending",
    "status",
    "templates",
    "tokens",
]


def forget_demo(change: Transaction) -> int:
    """Drop the demo shop's campaigns with all that belongs to them; how many."""
    ids = saved.demo_ids(change)
    for owner in (events, ledger, roster, saved):
        owner.forget(change, ids)
    return len(ids)
