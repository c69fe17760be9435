"""Tellings: what a file said about a person, each content kept once, and which imports told it. So any of them can be taken back."""

from crm.database import Transaction
from crm.database.statements import quoted
from crm.uploads.upload import Batch


def keep(change: Transaction, batch: Batch, rows: str, tellings: str, columns: list[str]) -> dict[str, int]:
    """Write the rows of `upload_known` down; how many are new, changed or known already (of each told_key the last row of the file counts).

    `rows` and `tellings` are the two tables; `columns` the content, the identity included.
    """
    names = ", ".join(quoted(name) for name in columns)
    content = ", ".join(f"coalesce({quoted(name)}::TEXT, '')" for name in ["told_key", *columns])
    change.execute(
        f"CREATE OR REPLACE TEMP TABLE upload_told AS SELECT digest(concat_ws(chr(31), {content})) AS telling, told_key, row_no, {names} "  # noqa: S608
        "FROM upload_known QUALIFY row_number() OVER (PARTITION BY telling ORDER BY row_no DESC) = 1"
    )
    counts = change.rows(COUNTED.format(rows=quoted(rows)))[0]
    change.execute(
        f"INSERT INTO {quoted(rows)} (telling, told_key, {names}) SELECT telling, told_key, {names} FROM upload_told "  # noqa: S608
        f"ANTI JOIN {quoted(rows)} USING (telling)"
    )
    change.execute(
        f"INSERT INTO {quoted(tellings)} SELECT telling, $1, $2, row_no, $3 FROM upload_told",  # noqa: S608
        [batch.import_id, batch.seq, batch.now],
    )
    return {name: int(number or 0) for name, number in counts.items()}


COUNTED = """
SELECT count(*) FILTER (NOT told AND NOT known) AS new, count(*) FILTER (NOT told AND known) AS changed, count(*) FILTER (told) AS unchanged
FROM (SELECT telling IN (SELECT telling FROM {rows}) AS told, told_key IN (SELECT told_key FROM {rows}) AS known FROM upload_told)
"""


def drop(change: Transaction, import_id: str, rows: str, tellings: str) -> int:
    """Take back what an import told; what another import told as well stays. How many tellings are gone."""
    change.execute(f"DELETE FROM {quoted(tellings)} WHERE import_id = ?", [import_id])  # noqa: S608 (names only)
    return change.execute(f"DELETE FROM {quoted(rows)} WHERE telling NOT IN (SELECT telling FROM {quoted(tellings)})")  # noqa: S608
