"""Addresses that must not be written to, on any campaign. The only writer of `suppressions`. Nothing here is ever removed by an import.

A row that a file told bears the import; taking that import back removes it, and only it (`crm.messaging.consents`).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import pandas as pd

from crm.accounts import audit
from crm.database import Store, Transaction
from crm.settings import RELAYS


def normal(address: str) -> str:
    """The form in which addresses are compared."""
    return re.sub(r"\s", "", address).casefold()


def add(store: Store, addresses: Sequence[str], reason: str, source: str, now: datetime, channel: str = "email") -> int:
    """Suppress these addresses; how many were not yet."""
    with store.transaction() as change:
        return add_within(change, addresses, reason, source, now, channel)


def add_within(change: Transaction, addresses: Sequence[str], reason: str, source: str, now: datetime, channel: str = "email") -> int:
    """The same, inside a change that is already open."""
    wanted = {normal(address) for address in addresses if address}
    new = wanted - _among(change, sorted(wanted), channel)
    for address in sorted(new):
        change.execute(
            "INSERT INTO suppressions (channel, address_norm, reason, source, happened_at) VALUES (?, ?, ?, ?, ?)",
            [channel, address, reason, source, now],
        )
    refuse(change, [(channel, address) for address in sorted(new)], now)
    if new:
        audit.noted(change, now, "", "suppress", f"{reason}: {len(new)} ({source})")
    return len(new)


def refuse(change: Transaction, refused: Iterable[tuple[str, str]], now: datetime) -> None:
    """Write these (channel, address) into the journal, where they outlive a copy of the database that is put back."""
    signs = "".join(change.journal.sign(channel, address) for channel, address in refused)
    if signs:
        change.to_journal("no", at=now, who=signs)


def allow_again(change: Transaction, items: Sequence[tuple[str, str]]) -> None:
    """The same for those of these whom nobody else keeps from being written to any more."""
    still = {channel: _among(change, [one[1] for one in items if one[0] == channel], channel) for channel in {one[0] for one in items}}
    signs = "".join(change.journal.sign(channel, address) for channel, address in items if address not in still[channel])
    if signs:
        change.to_journal("yes", who=signs)


def adopt(change: Transaction, heard: Sequence[tuple[str, str, datetime]]) -> None:
    """Suppress what the journal knows of: (channel, address, since)."""
    known = {(row["channel"], row["address_norm"]) for row in change.rows("SELECT channel, address_norm FROM suppressions")}
    new = [row for row in heard if row[:2] not in known]
    if new:
        frame = pd.DataFrame(new, columns=["channel", "address_norm", "happened_at"])
        change.insert("suppressions", frame.assign(reason="unsubscribed", source="journal"))


def among(store: Store, addresses: Sequence[str], channel: str = "email") -> set[str]:
    """Which of these (normalised) addresses must not be written to: suppressed, consent taken back, or lent by a marketplace."""
    lent = {address for address in addresses if address.partition("@")[2].startswith(RELAYS)}
    return _among(store, addresses, channel) | lent


def agreed_here(store: Store, addresses: Sequence[str], channel: str = "email") -> set[str]:
    """Which of these said yes to us after any no: on a page of ours, not in a file, which never lifts a no that an order told."""
    rows = store.rows(
        "SELECT address_norm FROM consents WHERE channel = ? AND import_id IS NULL AND address_norm IN (SELECT unnest(?::TEXT[])) "
        "GROUP BY address_norm HAVING arg_max(granted, happened_at)",
        [channel, list(addresses)],
    )
    return {row["address_norm"] for row in rows}


def customers(store: Store, customer_ids: Sequence[str], channel: str = "email") -> set[str]:
    """Which of these customers must not be written to because a file said so of their account, whatever their address."""
    rows = store.rows(
        "SELECT DISTINCT customer_id FROM identities JOIN suppressions ON address_norm = identity_key "
        "WHERE channel = ? AND customer_id IN (SELECT unnest(?::TEXT[]))",
        [channel, list(customer_ids)],
    )
    keys = "SELECT customer_id, identity_key FROM identities WHERE customer_id IN (SELECT unnest(?::TEXT[]))"
    heard = _heard(store)
    also = (
        [row for row in store.rows(keys, [list(customer_ids)]) if store.journal.sign(channel, row["identity_key"]) in heard]
        if heard
        else []
    )
    return {row["customer_id"] for row in [*rows, *also]}


def _among(reader: Store | Transaction, addresses: Sequence[str], channel: str) -> set[str]:
    rows = reader.rows(
        "SELECT address_norm FROM suppressions WHERE channel = ? AND address_norm IN (SELECT unnest(?::TEXT[])) "
        "UNION SELECT address_norm FROM consents WHERE channel = ? AND address_norm IN (SELECT unnest(?::TEXT[])) "
        "AND NOT (granted AND import_id IS NOT NULL) GROUP BY address_norm HAVING NOT arg_max(granted, happened_at)",
        [channel, list(addresses), channel, list(addresses)],
    )
    heard = _heard(reader)
    also = {address for address in addresses if reader.journal.sign(channel, address) in heard} if heard else set()
    return {row["address_norm"] for row in rows} | also


def _heard(reader: Store | Transaction) -> set[str]:
    """Opt-outs that only the journal knows, as hashes: there are none unless an older copy was put back."""
    return {row["sign"] for row in reader.rows("SELECT sign FROM refusals_heard")}
