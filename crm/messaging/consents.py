"""What people said about being written to, as files tell it. With `suppressions` the only writer of these two tables.

A no from a file is kept in both tables, each import its own rows, so that taking one back leaves what another said.
A yes from a file never lifts a no (`suppressions.among`): it counts only where nobody ever said no.
"""

from typing import Any

import pandas as pd

from crm.database import Transaction
from crm.messaging import suppressions

CHANNELS = ("email", "sms", "call")


def tell(change: Transaction, told: pd.DataFrame, import_id: str) -> dict[str, int]:
    """Keep statements (channel, address_norm, granted, source, text_version, operator, happened_at) of an import; what they came to.

    `opt_ins`, `opt_outs`: distinct addresses per channel. `opt_outs_new`: of these not known to refuse before.
    `without_effect`: yes where a no is on record, which it never lifts.
    """
    change.execute(
        "CREATE OR REPLACE TEMP TABLE told_consents (channel TEXT, address_norm TEXT, granted BOOLEAN, source TEXT, text_version TEXT, "
        "operator TEXT, happened_at TIMESTAMP, import_id TEXT)"
    )
    if len(told):
        change.insert("told_consents", told.assign(import_id=import_id))
    counts = change.rows(COUNTED)[0]
    change.execute("INSERT INTO consents BY NAME SELECT DISTINCT * FROM told_consents")
    change.execute(
        "INSERT INTO suppressions (channel, address_norm, reason, source, happened_at, import_id) "
        "SELECT channel, address_norm, 'unsubscribed', any_value(source), min(happened_at), import_id "
        "FROM told_consents WHERE NOT granted GROUP BY channel, address_norm, import_id"
    )
    refused = change.rows("SELECT channel, address_norm, max(happened_at) AS at FROM told_consents WHERE NOT granted GROUP BY ALL")
    if refused:
        suppressions.tell_no(change, [(row["channel"], row["address_norm"]) for row in refused], max(row["at"] for row in refused))
    return {name: int(number) for name, number in counts.items()}


COUNTED = """
WITH refused AS (
    SELECT channel, address_norm FROM suppressions
    UNION SELECT channel, address_norm FROM consents WHERE NOT granted
), told AS (SELECT DISTINCT channel, address_norm, granted FROM told_consents)
SELECT count(*) FILTER (granted) AS opt_ins, count(*) FILTER (NOT granted) AS opt_outs,
    count(*) FILTER (NOT granted AND (channel, address_norm) NOT IN (SELECT (channel, address_norm) FROM refused)) AS opt_outs_new,
    count(*) FILTER (granted AND ((channel, address_norm) IN (SELECT (channel, address_norm) FROM refused)
        OR (channel, address_norm) IN (SELECT (channel, address_norm) FROM told_consents WHERE NOT granted))) AS without_effect
FROM told
"""


def take_back(change: Transaction, import_id: str) -> dict[str, int]:
    """Remove exactly what an import told: how many statements, and how many addresses may be written to again."""
    freed = freed_by(change, import_id)
    told = change.rows("SELECT DISTINCT channel, address_norm FROM suppressions WHERE import_id = ?", [import_id])
    gone = change.execute("DELETE FROM consents WHERE import_id = ?", [import_id])
    change.execute("DELETE FROM suppressions WHERE import_id = ?", [import_id])
    suppressions.tell_freed(change, [(row["channel"], row["address_norm"]) for row in told])
    return {"consents_removed": gone, "freed": freed}


def freed_by(change: Transaction, import_id: str) -> int:
    """How many addresses nobody but this import keeps from being written to, on some channel."""
    rows: list[dict[str, Any]] = change.rows(
        "WITH others AS (SELECT channel, address_norm FROM suppressions WHERE import_id IS DISTINCT FROM $1 "
        "UNION SELECT channel, address_norm FROM consents WHERE import_id IS NULL GROUP BY ALL HAVING NOT arg_max(granted, happened_at)) "
        "SELECT count(DISTINCT address_norm) AS n FROM suppressions ANTI JOIN others USING (channel, address_norm) WHERE import_id = $1",
        [import_id],
    )
    return int(rows[0]["n"])
