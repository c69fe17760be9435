"""By what a person is known in a file: account, clear phone or valid e-mail, else an order of theirs. Nothing weaker ever names anybody."""

import re

import pandas as pd

from crm.database import Transaction
from crm.database.statements import quoted
from crm.layouts import platforms
from crm.orders.sql import SQL
from crm.uploads.upload import Batch, Row, titles

COLUMNS = titles("who")
KEYS = ("account", "phone", "email")
OTHER = ("other", "其他", "其它")
ORDER = ("订单编号", "order id", "订单号", "单号", "订单id", "主订单编号", "交易号", "order", "order number", "order no")
"""The columns by which a file that tells of orders names them; a key of its own, for whoever the order turns out to belong to."""


def platform(text: str) -> str:
    """Our word for a platform's name; what is not known stays as it is, in lower case."""
    plain = re.sub(r"\s", "", text).lower()
    known = (one.name for one in platforms.every().values() if plain.startswith(one.also))
    return "other" if plain.startswith(OTHER) else next(known, plain)


def cells(row: Row, batch: Batch) -> dict[str, object]:
    """The identity columns of a row, as text."""
    shop = row.cells.get("shop", batch.shop_name).replace("|", "/")
    who = {name: row.cells.get(name) for name in (*KEYS, "order_id")}
    return {"row_no": row.number, "platform": platform(row.cells.get("platform", "")), "shop": shop} | who


def stage(change: Transaction, batch: Batch, rows: list[dict[str, object]], columns: dict[str, str]) -> None:
    """Fill the temporary table `upload_people` with rows by whom they are known; who is not known is rejected.

    Besides the identity (identity_key, platform, shop, account, phone, phone_quality, email, email_norm, order_id) it has row_no and these
    `columns`.
    """
    SQL.run(change, "macros")
    values = {
        "row_no": "BIGINT",
        "platform": "TEXT",
        "shop": "TEXT",
        "account": "TEXT",
        "phone": "TEXT",
        "email": "TEXT",
        "order_id": "TEXT",
    } | columns
    fields = ", ".join(f"{quoted(name)} {kind}" for name, kind in values.items())
    change.execute(f"CREATE OR REPLACE TEMP TABLE upload_cells ({fields})")
    if rows:
        change.insert("upload_cells", pd.DataFrame(rows, columns=list(values), dtype=object))
    change.execute(KNOWN)
    lost = {row["row_no"] for row in change.rows("SELECT row_no FROM upload_people WHERE identity_key IS NULL")}
    for row in batch.rows if lost else ():
        if row.number in lost:
            batch.reject(row, next((name for name in KEYS if name in row.cells), None), "nobody")
    change.execute("DELETE FROM upload_people WHERE identity_key IS NULL")


KNOWN = r"""
CREATE OR REPLACE TEMP TABLE upload_people AS
SELECT CASE WHEN account IS NOT NULL THEN 'account:' || platform || '|' || shop || '|' || account
            WHEN phone_quality = 'clear' THEN 'phone:' || phone
            WHEN email_norm IS NOT NULL THEN 'email:' || email_norm
            WHEN order_id IS NOT NULL AND NOT damaged(order_id)
            THEN 'order:' || platform || '|' || shop || '|' || unfloat(order_id) END AS identity_key, *
FROM (
    SELECT * REPLACE (CASE WHEN NOT contains(account, '*') THEN nullif(unfloat(account), '') END AS account,
                      CASE WHEN phone_quality(unfloat(phone)) = 'clear' THEN dial(unfloat(phone)) ELSE phone END AS phone),
        phone_quality(unfloat(phone)) AS phone_quality, address_norm(email) AS email_norm
    FROM upload_cells)
"""
