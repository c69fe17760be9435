"""Everything about one person as a file: every row of every table that is hers. A new table has to be decided on (HERS)."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.database import Store
from crm.database.statements import quoted
from crm.privacy import people
from crm.privacy.people import Person

_IDS = "SELECT customer_id FROM leaving_ids"
_CUSTOMER = f"customer_id IN ({_IDS})"
_ORDER = "order_key IN (SELECT order_key FROM leaving_orders)"
_LINE = "(platform, order_id) IN (SELECT (platform, order_id) FROM leaving_orders)"
_RECORD = f"{_ORDER} OR {_CUSTOMER}"
_KEY = "identity_key IN (SELECT identity_key FROM leaving_identities)"
_PERSON = f"record_id IN (SELECT record_id FROM person_records WHERE {_KEY})"  # noqa: S608 (our own words)
_TOUCH = f"record_id IN (SELECT record_id FROM touch_records WHERE {_KEY})"  # noqa: S608 (our own words)
_MESSAGE = "message_id IN (SELECT message_id FROM leaving_messages)"
_ADDRESS = "address_norm IN (SELECT mark FROM leaving_marks WHERE kind <> 'account' UNION SELECT identity_key FROM leaving_identities)"
_CELLS = r"""rowid IN (SELECT id FROM (
    SELECT id, unnest([cell] || regexp_extract_all(cell, '\d{7,}') || regexp_extract_all(cell, '[^\s@,;<>]+@[^\s@,;<>]+')) AS piece FROM (
        SELECT rowid AS id,
            lower(trim(unnest(coalesce(try_cast(cells AS TEXT[]), [value]) || [value]), ' ''="' || chr(9) || chr(160))) AS cell
        FROM import_rejections)) WHERE piece IN (SELECT lower(mark) FROM leaving_marks))"""
HERS = {
    "order_records": _RECORD,
    "order_repeats": _ORDER,
    "line_records": _LINE,
    "line_repeats": _LINE,
    "refund_records": _LINE,
    "person_records": _KEY,
    "person_sources": _PERSON,
    "touch_records": _KEY,
    "touch_sources": _TOUCH,
    "customer_links": _CUSTOMER,
    "recipients": _CUSTOMER,
    "skipped": _CUSTOMER,
    "customer_list_members": _CUSTOMER,
    "message_states": _MESSAGE,
    "message_events": _MESSAGE,
    "consents": _ADDRESS,
    "suppressions": _ADDRESS,
    "import_rejections": _CELLS,
    "identities": _KEY,
    "merged_customers": _CUSTOMER,
    "orders": _ORDER,
    "part_orders": _ORDER,
    "order_lines": _ORDER,
    "customers": _CUSTOMER,
    "customer_facts": _CUSTOMER,
    "customer_categories": _CUSTOMER,
    "profiles": _CUSTOMER,
    "customer_tags": _CUSTOMER,
    "touches": _CUSTOMER,
}
"""Tables that hold something about a customer, and which rows are hers."""


@acting.needs(Right.ERASE)
def export(store: Store, person: Person, now: datetime, actor: str = "screen") -> dict[str, Any]:
    """Everything about her: {made_at, customer_id, tables: {table: rows}, campaigns: those she is in, lists: those she is on, letters}."""
    with store.transaction() as change:
        people.stage(change, [person])
        tables = {
            name: change.rows(f"SELECT * FROM {quoted(name)} WHERE {where}")  # noqa: S608 (our own words)
            for name, where in HERS.items()
        }
    ids = sorted({str(row["campaign_id"]) for row in tables["recipients"]})
    texts = store.rows("SELECT campaign_id, name, spec FROM campaigns WHERE campaign_id IN (SELECT unnest(?::TEXT[]))", [ids])
    campaigns = [row | {"spec": {name: json.loads(row["spec"]).get(name) for name in ("subject", "body")}} for row in texts]
    on = sorted({str(row["list_id"]) for row in tables["customer_list_members"]})
    lists = store.rows("SELECT list_id, name, kind, made_at FROM customer_lists WHERE list_id IN (SELECT unnest(?::TEXT[]))", [on])
    messages = [str(row["message_id"]) for row in tables["recipients"] if row["message_id"]]
    audit.note(store, now, actor, "access", f"{sum(map(len, tables.values()))} rows about one person")
    return {
        "made_at": now,
        "customer_id": person.customer_id,
        "tables": {name: rows for name, rows in tables.items() if rows},
        "campaigns": campaigns,
        "lists": lists,
        "letters": _letters(store.folder, messages),
    }


def as_text(answer: dict[str, Any]) -> str:
    """As JSON that a person can read."""
    return json.dumps(answer, ensure_ascii=False, indent=1, default=_plain)


def _letters(folder: Path | None, messages: list[str]) -> dict[str, str]:
    paths = [(one, folder / "outbox" / f"{one}.eml") for one in messages] if folder else []
    return {one: path.read_text(encoding="utf-8", errors="replace") for one, path in paths if path.exists()}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value.item() if hasattr(value, "item") else str(value)
