"""Status texts of the platforms → our few statuses, as each platform's file says them (`platforms`)."""

import re
from functools import cache
from typing import Any

from crm.layouts import platforms

COMMON = {
    "paid": "completed",
    "complete": "completed",
    "completed": "completed",
    "success": "completed",
    "done": "completed",
    "delivered": "completed",
    "shipped": "shipped",
    "pending": "unpaid",
    "unpaid": "unpaid",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "refunded": "closed_refunded",
    "returned": "closed_refunded",
    "已付款": "paid_unshipped",
    "已支付": "paid_unshipped",
    "已完成": "completed",
    "已取消": "cancelled",
    "已退款": "closed_refunded",
    "未付款": "unpaid",
    "成功": "completed",
}


@cache
def families() -> dict[str, Any]:
    """What each platform calls its statuses, in the order in which they are tried for a table that nobody knows."""
    return {name: one.statuses for name, one in platforms.every().items() if one.statuses}


def resolve(raw: str, family: str | None) -> str:
    """Our status of a platform's text; `closed` where the payment decides, `unknown` where the text is new.

    Words of families that are a platform's `own` mean nothing in another's file.
    """
    wanted = _plain(raw)
    for name in [family] if family else [key for key in families() if "values" in families()[key] and "own" not in families()[key]]:
        values = {_plain(text): _word(*meaning) for text, meaning in families()[name]["values"].items()}
        result = _match(wanted.removeprefix("wc-"), values) or _frozen(wanted, families()[name])
        if result:
            return str(result)
    return COMMON.get(wanted, "unknown")


def _word(status: str, counts: str) -> str:
    """`on_hold` is paid at JD; where it does not count, it waits for the payment."""
    return "unpaid" if (status, counts) == ("on_hold", "no") else status


def _frozen(wanted: str, family: dict[str, Any]) -> str | None:
    """(锁定) before any status: a refund is asked for; (删除): it was given, or nothing was paid."""
    ends = {"(锁定)": "refunding", "(删除)": "closed"}
    return next((ends[mark] for mark in family.get("prefixes", {}) if wanted.startswith(mark)), None)


def _match(wanted: str, values: dict[str, str]) -> str | None:
    if wanted in values:
        return values[wanted]
    inside = [text for text in values if len(text) > 3 and text in wanted]
    return values[max(inside, key=len)] if inside else None


def refund(raw: str, family: str | None) -> str:
    """`refunded`, `charged_back`, `refunding`, `dispute`, `none` or `unknown` of a refund-status text."""
    wanted = _plain(raw)
    for name in [family] if family else list(families()):
        entry = families()[name]
        for key in ("refund_status", "aftersale"):
            values = {_plain(text): meaning for text, meaning in entry.get(key, {}).items()}
            if wanted in values:
                return str(values[wanted])
    return "refunded" if wanted.endswith("退款成功") else str(families().get(family or "", {}).get("aftersale_else", "none"))


def fulfilment(raw: str, family: str | None) -> str | None:
    """What the shipping column adds to a paid order, or None."""
    match = families().get(family or "", {}).get("fulfillment", {}).get(_plain(raw))
    return str(match) if match else None


def _plain(text: str) -> str:
    text = re.sub("(?i)on hold", "on-hold", text.replace("（", "(").replace("）", ")"))
    for mark in "，,/｜|":
        text = text.replace(mark, ",")
    while ",," in text:
        text = text.replace(",,", ",")
    return text.strip().lower()
