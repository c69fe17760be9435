"""Source records of uploads: what files say of people, each content kept once, and which imports have it, so that any can be taken back."""

from crm.database import Transaction
from crm.database.statements import quoted
from crm.uploads.upload import Batch


def keep(change: Transaction, batch: Batch, rows: str, sources: str, columns: list[str]) -> dict[str, int]:
    """Write the rows of `upload_people` down; how many are new, changed or known already. Of each identity the last row counts.

    `rows` and `sources` are the two tables; `columns` the content, the identity included.
    """
    names = ", ".join(quoted(name) for name in columns)
    content = ", ".join(f"coalesce({quoted(name)}::TEXT, '')" for name in ["identity_key", *columns])
    change.execute(
        "CREATE OR REPLACE TEMP TABLE upload_records AS "  # noqa: S608 (names only)
        f"SELECT digest(concat_ws(chr(31), {content})) AS record_id, identity_key, row_no, {names} "
        "FROM upload_people QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY row_no DESC) = 1"
    )
    counts = change.rows(COUNTED.format(rows=quoted(rows)))[0]
    change.execute(
        f"INSERT INTO {quoted(rows)} (record_id, identity_key, {names}) SELECT record_id, identity_key, {names} FROM upload_records "  # noqa: S608
        f"ANTI JOIN {quoted(rows)} USING (record_id)"
    )
    change.execute(
        f"INSERT INTO {quoted(sources)} SELECT record_id, $1, $2, row_no, $3 FROM upload_records",  # noqa: S608
        [batch.import_id, batch.seq, batch.now],
    )
    return {name: int(number or 0) for name, number in counts.items()}


COUNTED = """
SELECT count(*) FILTER (NOT same AND NOT known) AS new, count(*) FILTER (NOT same AND known) AS changed, count(*) FILTER (same) AS unchanged
FROM (
    SELECT record_id IN (SELECT record_id FROM {rows}) AS same, identity_key IN (SELECT identity_key FROM {rows}) AS known
    FROM upload_records)
"""


def drop(change: Transaction, import_id: str, rows: str, sources: str) -> int:
    """Take back what an import said; what another import said as well stays. How many are gone."""
    change.execute(f"DELETE FROM {quoted(sources)} WHERE import_id = ?", [import_id])  # noqa: S608 (names only)
    return change.execute(f"DELETE FROM {quoted(rows)} WHERE record_id NOT IN (SELECT record_id FROM {quoted(sources)})")  # noqa: S608
