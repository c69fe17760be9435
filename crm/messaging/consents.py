"""What people said about being written to, as files tell it. With `suppressions` the only writer of these two tables.

A no from a file is kept in both tables, each import its own rows, so that taking one back leaves what another said.
A yes from a file never lifts a no (`suppressions.among`): it counts only where nobody ever said no. An address that mail does not reach
for good is in `suppressions` only: nobody refused.
"""

from datetime import datetime

import pandas as pd

from crm.database import Transaction
from crm.messaging import handed_over, suppressions
from crm.orders import tombstones

CHANNELS = ("email", "sms", "call")
ANSWERS = ("yes", "no", "silent")


def append(change: Transaction, result: pd.DataFrame, import_id: str) -> dict[str, int]:
    """Keep statements (channel, address_norm, meaning, source, text_version, operator, happened_at) of an import; what they came to.

    `meaning` is yes, no, complained (a no), bounced or silent. `opt_ins`, `opt_outs`, `silent`, `bounced`: distinct addresses per channel;
    silent are those of which nothing else was told. `opt_outs_new`, `opt_ins_new`: of these not known before. `without_effect`: yes where a
    no is on record, which it never lifts. `email_yes`, `email_no`, `email_silent` and so on: the same by channel, where a file asks.
    """
    change.execute(
        "CREATE OR REPLACE TEMP TABLE told_consents (channel TEXT, address_norm TEXT, meaning TEXT, source TEXT, text_version TEXT, "
        "operator TEXT, happened_at TIMESTAMP, import_id TEXT)"
    )
    if len(result):
        change.insert("told_consents", result.assign(import_id=import_id))
    _keep_erased(change)
    change.execute(CHANGES)
    counts = {name: int(number) for name, number in change.rows(COUNTED)[0].items()}
    for row in change.rows(BY_CHANNEL):
        counts |= {f"{row['channel']}_{name}": int(row[name]) for name in ANSWERS}
    change.execute(
        "INSERT INTO consents BY NAME SELECT DISTINCT * EXCLUDE (meaning), meaning = 'yes' AS granted FROM told_consents "
        "WHERE meaning IN ('yes', 'no', 'complained')"
    )
    change.execute(SUPPRESSED)
    _journal(change)
    return {name: number for name, number in counts.items() if number or name not in ("bounced", "silent", "opt_ins_new")}


def erase(change: Transaction, barred: bool, now: datetime) -> None:
    """Of the people in the `leaving_…` tables every no goes on counting, as a keyed hash; with `barred` they are never written to again."""
    change.execute(LEAVING)
    own = change.rows(
        "SELECT channel, address_norm FROM leaving_addresses WHERE $barred UNION SELECT channel, address_norm FROM suppressions "
        "SEMI JOIN leaving_addresses USING (channel, address_norm) UNION SELECT channel, address_norm FROM consents "
        "SEMI JOIN leaving_addresses USING (channel, address_norm) GROUP BY ALL HAVING NOT arg_max(granted, happened_at)",
        {"barred": barred},
    )
    for row in own:
        handed_over.hear(change, change.journal.sign(row["channel"], row["address_norm"]), now)
    for table in ("consents", "suppressions"):
        change.execute(
            f"DELETE FROM {table} WHERE address_norm IN (SELECT address_norm FROM leaving_addresses WHERE NOT is_shared)"  # noqa: S608
        )


LEAVING = """
CREATE OR REPLACE TEMP TABLE leaving_addresses AS
SELECT 'email' AS channel, mark AS address_norm, is_shared FROM leaving_marks WHERE kind = 'email'
UNION SELECT unnest(['sms', 'call']), mark, is_shared FROM leaving_marks WHERE kind = 'phone'
UNION SELECT unnest(['email', 'sms', 'call']), identity_key, false FROM leaving_keys WHERE NOT starts_with(identity_key, 'order:')
"""


def _keep_erased(change: Transaction) -> None:
    """What an old file says of people who were erased: a no is kept as a hash, the rest is not taken over."""
    if not tombstones.exist(change):
        return
    change.execute(tombstones.HASHED)
    change.execute(ERASED, {"secret": change.journal.secret()})
    refused = (
        "SELECT channel, address_norm, min(happened_at) AS at FROM erased_consents WHERE meaning NOT IN ('yes', 'silent') GROUP BY ALL"
    )
    for row in change.rows(refused):
        handed_over.hear(change, change.journal.sign(row["channel"], row["address_norm"]), row["at"])
    change.execute("DELETE FROM told_consents WHERE address_norm IN (SELECT address_norm FROM erased_consents)")


ERASED = r"""
CREATE OR REPLACE TEMP TABLE erased_consents AS
SELECT told.* FROM told_consents AS told JOIN (
    SELECT DISTINCT address_norm FROM (
        SELECT address_norm, regexp_extract(address_norm, '^(account:[^|]*)\|[^|]*\|(.*)$', ['platform', 'account']) AS named,
            regexp_replace(address_norm, '^(phone|email):', '') AS plain FROM told_consents)
    JOIN tombstones ON (kind = 'mark' AND mark = buried('mark', plain, $secret))
        OR (kind = 'name' AND mark = buried('name', substring(named.platform, 9) || '|' || named.account, $secret))
    WHERE NOT EXISTS (SELECT 1 FROM customers WHERE email_norm = plain OR phone = plain OR (named.account <> '' AND buyer = named.account))
) USING (address_norm)
"""


def _journal(change: Transaction) -> None:
    """What is suppressed outlives a copy of the database that is put back."""
    kept = change.rows(
        "SELECT channel, address_norm, max(happened_at) AS at FROM told_consents "
        "WHERE meaning IN ('no', 'complained', 'bounced') GROUP BY ALL"
    )
    if kept:
        suppressions.refuse(change, [(row["channel"], row["address_norm"]) for row in kept], max(row["at"] for row in kept))


# Per channel and address what was told, and what that would change: a refusal, a bounce or a yes that was not known before.
CHANGES = """
CREATE OR REPLACE TEMP TABLE told_changes AS
WITH refused AS (
    SELECT channel, address_norm FROM suppressions UNION SELECT channel, address_norm FROM consents WHERE NOT granted
), agreed AS (SELECT DISTINCT channel, address_norm FROM consents WHERE granted
), told AS (
    SELECT channel, address_norm, bool_or(meaning = 'yes') AS yes, bool_or(meaning IN ('no', 'complained')) AS no,
        bool_or(meaning = 'bounced') AS bounced
    FROM told_consents GROUP BY ALL
)
SELECT *, (channel, address_norm) IN (SELECT (channel, address_norm) FROM refused) AS was_no,
    (channel, address_norm) IN (SELECT (channel, address_norm) FROM agreed) AS was_yes
FROM told
"""
COUNTED = """
SELECT count(*) FILTER (yes) AS opt_ins, count(*) FILTER (no) AS opt_outs, count(*) FILTER (bounced) AS bounced,
    count(*) FILTER (NOT yes AND NOT no AND NOT bounced) AS silent, count(*) FILTER (no AND NOT was_no) AS opt_outs_new,
    count(*) FILTER (yes AND NOT no AND NOT bounced AND NOT was_no AND NOT was_yes) AS opt_ins_new,
    count(*) FILTER (yes AND (no OR bounced OR was_no)) AS without_effect
FROM told_changes
"""
BY_CHANNEL = """
SELECT channel, count(*) FILTER (yes AND NOT no) AS yes, count(*) FILTER (no) AS no, 
    count(*) FILTER (NOT yes AND NOT no AND NOT bounced) AS silent
FROM told_changes GROUP BY channel ORDER BY list_position(['email', 'sms', 'call'], channel)
"""
SUPPRESSED = """
INSERT INTO suppressions (channel, address_norm, reason, source, happened_at, import_id)
SELECT channel, address_norm,
    CASE WHEN bool_or(meaning = 'complained') THEN 'complained' WHEN bool_or(meaning = 'no') THEN 'unsubscribed' ELSE 'bounced' END,
    any_value(source), min(happened_at), import_id
FROM told_consents WHERE meaning IN ('no', 'complained', 'bounced') GROUP BY channel, address_norm, import_id
"""


def affected(change: Transaction) -> int:
    """How many customers the statements told last change: whose address, phone or account it is. Asked when profiles are made."""
    rows = change.rows(
        "WITH changed AS (SELECT channel, address_norm FROM told_changes "
        "WHERE NOT was_no AND (no OR bounced OR (yes AND NOT was_yes))), "
        "known AS (SELECT customer_id, email_norm, phone FROM customers UNION ALL SELECT customer_id, email_norm, phone FROM profiles) "
        "SELECT count(DISTINCT customer_id) AS n FROM ("
        "SELECT customer_id FROM known JOIN changed ON changed.channel = 'email' AND email_norm = address_norm "
        "UNION ALL SELECT customer_id FROM known JOIN changed ON changed.channel <> 'email' AND phone = address_norm "
        "UNION ALL SELECT customer_id FROM identities JOIN changed ON identity_key = address_norm)"
    )
    return int(rows[0]["n"])


def take_back(change: Transaction, import_id: str) -> dict[str, int]:
    """Remove exactly what an import told: how many statements, and how many addresses may be written to again."""
    freed = freed_by(change, import_id)
    rows = change.rows("SELECT DISTINCT channel, address_norm FROM suppressions WHERE import_id = ?", [import_id])
    gone = change.execute("DELETE FROM consents WHERE import_id = ?", [import_id])
    change.execute("DELETE FROM suppressions WHERE import_id = ?", [import_id])
    suppressions.allow_again(change, [(row["channel"], row["address_norm"]) for row in rows])
    return {"consents_removed": gone, "freed": freed}


def freed_by(change: Transaction, import_id: str) -> int:
    """How many addresses nobody but this import keeps from being written to, on some channel."""
    rows = change.rows(
        "WITH others AS (SELECT channel, address_norm FROM suppressions WHERE import_id IS DISTINCT FROM $1 "
        "UNION SELECT channel, address_norm FROM consents WHERE import_id IS NULL GROUP BY ALL HAVING NOT arg_max(granted, happened_at)) "
        "SELECT count(DISTINCT address_norm) AS n FROM suppressions ANTI JOIN others USING (channel, address_norm) WHERE import_id = $1",
        [import_id],
    )
    return int(rows[0]["n"])
