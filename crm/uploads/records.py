"""Source records of uploads: what files say of people, each content kept once, and which imports have it, so that any can be taken back."""

from collections.abc import Iterable

from crm.database import Transaction
from crm.database.statements import quoted
from crm.orders import tombstones
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
    _keep_erased(change, columns)
    counts = change.rows(COUNTED.format(rows=quoted(rows)))[0]
    change.execute(
        f"INSERT INTO {quoted(rows)} (record_id, identity_key, {names}) SELECT record_id, identity_key, {names} FROM upload_records "  # noqa: S608
        f"ANTI JOIN {quoted(rows)} USING (record_id)"
    )
    change.execute(
        f"INSERT INTO {quoted(sources)} SELECT record_id, $1, $2, row_no, $3, $4 FROM upload_records",  # noqa: S608
        [batch.import_id, batch.seq, batch.now, batch.actor],
    )
    return {name: int(number or 0) for name, number in counts.items()}


COUNTED = """
SELECT count(*) FILTER (NOT same AND NOT known) AS new, count(*) FILTER (NOT same AND known) AS changed, count(*) FILTER (same) AS unchanged
FROM (
    SELECT record_id IN (SELECT record_id FROM {rows}) AS same, identity_key IN (SELECT identity_key FROM {rows}) AS known
    FROM upload_records)
"""


def erase(change: Transaction) -> None:
    """Take all that dossiers, reviews and inquiries say of the people in `leaving_keys`, but what happened, when, and to which product."""
    for table in ("person_records", "touch_records"):
        names = [row["name"] for row in change.rows("SELECT column_name AS name FROM duckdb_columns() WHERE table_name = ?", [table])]
        change.execute(
            f"UPDATE {quoted(table)} SET {_blank(names)} FROM leaving_keys AS lives_as "  # noqa: S608 (names only)
            f"WHERE lives_as.identity_key = {quoted(table)}.identity_key"
        )


KEPT = ("record_id", "import_id", "kind", "happened_at", "rating", "product", "row_no")
"""Columns that say nothing of who it was."""
_NEW = {"platform": "lives_as.platform", "shop": "lives_as.shop", "identity_key": "lives_as.new_key", "account": "lives_as.token"}


def _blank(columns: Iterable[str]) -> str:
    return ", ".join(f"{quoted(name)} = {_NEW.get(name, 'NULL')}" for name in columns if name not in KEPT)


def _keep_erased(change: Transaction, columns: list[str]) -> None:
    """What an old file says of people who were erased is taken over without their data, unless an order made them customers again."""
    if not tombstones.exist(change):
        return
    change.execute(tombstones.HASHED)
    change.execute(ERASED, {"secret": change.journal.secret()})
    change.execute(
        f"UPDATE upload_records SET {_blank(['identity_key', *columns])} FROM erased_people AS lives_as "  # noqa: S608 (names only)
        "WHERE lives_as.record_id = upload_records.record_id"
    )


ERASED = r"""
CREATE OR REPLACE TEMP TABLE erased_people AS
SELECT record_id, arg_max(stones.platform, erased_at) AS platform, arg_max(stones.shop, erased_at) AS shop,
    arg_max(token, erased_at) AS token,
    CASE WHEN starts_with(any_value(identity_key), 'order:') THEN any_value(identity_key)
         ELSE 'account:' || arg_max(stones.platform || '|' || stones.shop || '|' || token, erased_at) END AS new_key
FROM (
    SELECT record_id, identity_key, buried('name', platform || '|' || account, $secret) AS its_name,
        CASE WHEN phone_quality = 'clear' THEN buried('mark', phone, $secret) END AS its_phone,
        buried('mark', email_norm, $secret) AS its_mail,
        CASE WHEN starts_with(identity_key, 'order:')
             THEN buried('mark', regexp_extract(identity_key, '^order:[^|]*\|[^|]*\|(.*)$', 1), $secret) END AS its_order
    FROM upload_records WHERE NOT EXISTS (
        SELECT 1 FROM customers AS here WHERE here.buyer = account AND upload_records.platform IN ('', here.platform)
            OR (upload_records.phone_quality = 'clear' AND here.phone = upload_records.phone)
            OR here.email_norm = upload_records.email_norm)
) AS seen JOIN tombstones AS stones ON (kind = 'name' AND mark = its_name) OR (kind = 'mark' AND mark IN (its_phone, its_mail, its_order))
WHERE token IS NOT NULL GROUP BY record_id
"""


def drop(change: Transaction, import_id: str, rows: str, sources: str) -> int:
    """Take back what an import said; what another import said as well stays. How many are gone."""
    change.execute(f"DELETE FROM {quoted(sources)} WHERE import_id = ?", [import_id])  # noqa: S608 (names only)
    return change.execute(f"DELETE FROM {quoted(rows)} WHERE record_id NOT IN (SELECT record_id FROM {quoted(sources)})")  # noqa: S608
