"""By what a person is known in a file: account, clear phone or valid e-mail, else an order of theirs. Nothing weaker ever names anybody."""

import re
from typing import Any

import pandas as pd

from crm.database import Transaction
from crm.database.statements import quoted
from crm.imports.results import UPLOAD_REASONS
from crm.layouts import platforms
from crm.orders.sql import SQL
from crm.uploads.upload import Batch, Row

COLUMNS: dict[str, tuple[str, ...]] = {
    "account": (
        "买家会员名", "account", "会员名", "会员", "会员号", "会员编号", "会员id", "会员账号", "会员帐号", "买家账号", "买家",
        "买家id", "旺旺", "旺旺号", "旺旺名", "淘宝会员名", "淘宝账号", "淘宝id", "下单帐号", "下单账号", "京东账号", "账号", "帐号",
        "用户名", "用户id", "用户账号", "客户账号", "客户id", "客户编号", "客户号", "buyer id", "buyer", "customer id", "customer",
        "user id", "username", "member", "member id", "kundennummer", "kunden-id", "numéro client", "id client", "id cliente",
    ),
    "platform": ("平台", "platform", "来源平台", "所属平台", "渠道平台"),
    "shop": ("店铺", "shop", "店铺名称", "店铺名", "store", "shop name", "store name"),
    "phone": (
        "手机号", "phone", "手机", "手机号码", "联系手机", "联系电话", "电话", "电话号码", "收货人手机", "mobile", "mobile phone",
        "telephone", "tel", "phone number", "cell", "telefon", "telefonnummer", "mobil", "handy",
        "téléphone", "portable", "teléfono", "móvil",
    ),
    "email": (
        "邮箱", "email", "mail", "email address", "电子邮箱", "电子邮件", "邮件地址", "e-mail-adresse", "mailadresse", "adresse e-mail",
        "adresse mail", "courriel", "correo", "correo electrónico", "customer email", "user email",
    ),
}  # fmt: skip
KEYS = ("account", "phone", "email")
OTHER = ("other", "其他", "其它")
ORDER = ("订单编号", "order id", "订单号", "单号", "订单id", "主订单编号", "交易号", "order", "order number", "order no")
"""The columns by which a file that tells of orders names them; a key of its own, for whoever the order turns out to belong to."""
NOBODY = UPLOAD_REASONS["nobody"]


def platform(text: str) -> str:
    """Our word for a platform's name; what is not known stays as it is, in lower case."""
    plain = re.sub(r"\s", "", text).lower()
    known = (one.name for one in platforms.every().values() if plain.startswith(one.also))
    return "other" if plain.startswith(OTHER) else next(known, plain)


def cells(row: Row, batch: Batch) -> dict[str, Any]:
    """The identity columns of a row, as text."""
    shop = row.cells.get("shop", batch.shop_name).replace("|", "/")
    who = {name: row.cells.get(name) for name in (*KEYS, "order_id")}
    return {"row_no": row.number, "platform": platform(row.cells.get("platform", "")), "shop": shop} | who


def stage(change: Transaction, batch: Batch, rows: list[dict[str, Any]], columns: dict[str, str]) -> None:
    """Fill the temporary table `upload_known` with rows by whom they are known; who is not known is rejected.

    Besides the identity (told_key, platform, shop, account, phone, phone_quality, email, email_norm, order_id) it has row_no and these
    `columns`.
    """
    SQL.run(change, "macros")
    told = {
        "row_no": "BIGINT",
        "platform": "TEXT",
        "shop": "TEXT",
        "account": "TEXT",
        "phone": "TEXT",
        "email": "TEXT",
        "order_id": "TEXT",
    } | columns
    fields = ", ".join(f"{quoted(name)} {kind}" for name, kind in told.items())
    change.execute(f"CREATE OR REPLACE TEMP TABLE upload_cells ({fields})")
    if rows:
        change.insert("upload_cells", pd.DataFrame(rows, columns=list(told), dtype=object))
    change.execute(KNOWN)
    lost = {row["row_no"] for row in change.rows("SELECT row_no FROM upload_known WHERE told_key IS NULL")}
    for row in batch.rows if lost else ():
        if row.number in lost:
            batch.reject(row, next((name for name in KEYS if name in row.cells), None), NOBODY)
    change.execute("DELETE FROM upload_known WHERE told_key IS NULL")


KNOWN = r"""
CREATE OR REPLACE TEMP TABLE upload_known AS
SELECT CASE WHEN account IS NOT NULL THEN 'account:' || platform || '|' || shop || '|' || account
            WHEN phone_quality = 'clear' THEN 'phone:' || phone
            WHEN email_norm IS NOT NULL THEN 'email:' || email_norm
            WHEN order_id IS NOT NULL AND NOT damaged(order_id)
            THEN 'order:' || platform || '|' || shop || '|' || unfloat(order_id) END AS told_key, *
FROM (
    SELECT * REPLACE (CASE WHEN NOT contains(account, '*') THEN nullif(unfloat(account), '') END AS account,
                      CASE WHEN phone_quality(unfloat(phone)) = 'clear' THEN dial(unfloat(phone)) ELSE phone END AS phone),
        phone_quality(unfloat(phone)) AS phone_quality, address_norm(email) AS email_norm
    FROM upload_cells)
"""
