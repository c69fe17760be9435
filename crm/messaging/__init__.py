"""Messages on their way: channels, what was recorded before and after the wire, events that come back, and who must not be written to.

channels.every(), channel(name, …)    the ways out, one file each: `outbox` (files), `email` (SendGrid)
ledger.note(change, ids, state, …)    the states a message goes through; the only writer of `message_states`
handed_over.adopt(store)              what left after this copy of the database was made, as the journal beside it tells
events.ingest(store, raw, now)        what the provider reports afterwards
webhook.verify(env, …)                is this report really from the provider
suppressions.add(store, …)            never write to this address again
unsubscribe.token(id) / .open(…)      the link in each message
"""

from crm.messaging import channels, events, handed_over, ledger, suppressions, unsubscribe, webhook
from crm.messaging.channels import Batch, Channel, Message, Outcome, channel

__all__ = [
    "Batch",
    "Channel",
    "Message",
    "Outcome",
    "channel",
    "channels",
    "events",
    "handed_over",
    "ledger",
    "suppressions",
    "unsubscribe",
    "webhook",
]
