"""Consents and opt-outs 营销同意与退订: who may be written to, by e-mail, SMS or phone. An opt-out is never removed by a file."""

from typing import Any

from crm.database import Transaction
from crm.messaging import consents
from crm.uploads import dates, identity
from crm.uploads.upload import Batch, Row, Upload

CHANNELS = {
    "email": ("email", "e-mail", "mail", "邮件", "邮箱", "电子邮件", "edm"),
    "sms": ("sms", "短信", "text", "text message", "message", "手机短信"),
    "call": ("call", "phone", "电话", "外呼", "telephone", "去电"),
}
ALL = ("all", "全部", "所有", "*", "全部渠道", "所有渠道")
YES = (
    "是",
    "同意",
    "订阅",
    "已订阅",
    "接受",
    "允许",
    "yes",
    "y",
    "true",
    "1",
    "opt-in",
    "opt in",
    "in",
    "subscribed",
    "granted",
    "agree",
    "agreed",
)
NO = (
    "否", "不同意", "拒绝", "退订", "已退订", "拒收", "不接受", "取消", "no", "n", "false", "0", "opt-out", "opt out", "out",
    "unsubscribed", "unsubscribe", "refused", "revoked", "r", "t", "td",
)  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = identity.COLUMNS | {
    "address": ("联系方式", "address", "号码或邮箱", "手机或邮箱", "退订号码", "退订邮箱", "contact"),
    "channel": ("渠道", "channel", "营销渠道", "通道", "触达渠道", "联系渠道"),
    "granted": (
        "是否同意", "granted", "同意", "营销同意", "同意营销", "是否订阅", "订阅状态", "是否退订接收", "意愿", "状态", "accepts marketing",
        "consent", "opt in", "optin", "subscribed", "subscription status", "marketing consent", "status",
    ),
    "opted_out_at": ("退订时间", "unsubscribed at", "拒收时间", "退订日期", "opt-out date", "unsubscribe time", "opted out at"),
    "happened_at": ("时间", "time", "同意时间", "登记时间", "日期", "date", "consent time", "consented at", "opt-in time", "happened at"),
    "source": ("来源", "source", "同意来源", "登记来源", "获取方式"),
    "text_version": ("文本版本", "text version", "条款版本", "版本", "同意文本", "consent text"),
    "operator": ("操作人", "operator", "经办人", "登记人"),
}  # fmt: skip
KINDS = dict.fromkeys(("channel", "source", "text_version", "operator"), "TEXT") | {"granted": "BOOLEAN", "happened_at": "TIMESTAMP"}
NO_ANSWER = "This is neither a yes nor a no."
NO_CHANNEL = "This is not a channel (e-mail, SMS or call)."
NO_DATE = "This is not a date."
NO_FIT = "There is no address for this channel."


def take(change: Transaction, batch: Batch) -> None:
    """Keep the statements of the rows."""
    typed = [cells for row in batch.rows for cells in _typed(row, batch)]
    identity.stage(change, batch, typed, KINDS)
    change.execute(PLACED)
    lost = {row["row_no"] for row in change.rows("SELECT row_no FROM upload_placed GROUP BY row_no HAVING count(address_norm) = 0")}
    for row in batch.rows if lost else ():
        if row.number in lost:
            batch.reject(row, "channel", NO_FIT)
    told = change.frame("SELECT * EXCLUDE (row_no) FROM upload_placed WHERE address_norm IS NOT NULL")
    batch.result.counts = consents.tell(change, told, batch.import_id)


PLACED = """
CREATE OR REPLACE TEMP TABLE upload_placed AS
SELECT row_no, channel, granted, source, text_version, operator, happened_at,
    CASE WHEN channel = 'email' AND email_norm IS NOT NULL THEN email_norm
         WHEN channel <> 'email' AND phone_quality = 'clear' THEN phone WHEN account IS NOT NULL THEN told_key END AS address_norm
FROM upload_known
"""


def _typed(row: Row, batch: Batch) -> list[dict[str, Any]]:
    """One statement per channel; none where the row is rejected."""
    granted = _granted(row)
    if granted is None:
        batch.reject(row, "granted", NO_ANSWER)
        return []
    told = row.cells.get("happened_at") or row.cells.get("opted_out_at")
    at = dates.moment(told, batch.zone) if told else batch.now
    if at is None:
        batch.reject(row, "happened_at" if "happened_at" in row.cells else "opted_out_at", NO_DATE)
        return []
    who = _who(row, batch)
    channels = _channels(row, who, granted)
    if not channels:
        batch.reject(row, "channel", NO_CHANNEL)
    said = {
        "source": row.cells.get("source", "import"),
        "text_version": row.cells.get("text_version"),
        "operator": row.cells.get("operator"),
    }
    return [who | said | {"channel": channel, "granted": granted, "happened_at": min(at, batch.now)} for channel in channels]


def _granted(row: Row) -> bool | None:
    if "granted" not in row.cells:
        return False if "opted_out_at" in row.cells else None
    text = row.cells["granted"].strip().lower()
    return True if text in YES else False if text in NO else None


def _who(row: Row, batch: Batch) -> dict[str, Any]:
    who, address = identity.cells(row, batch), row.cells.get("address")
    if address:
        name = "email" if "@" in address else "phone"
        who[name] = who[name] or address
    return who


def _channels(row: Row, who: dict[str, Any], granted: bool) -> list[str]:
    """The channels a row speaks of; a no without a channel is for every one that its address has, a yes for the first only."""
    text = row.cells.get("channel", "").strip().lower()
    if text and text not in ALL:
        return [name for name, words in CHANNELS.items() if text in words]
    mail = ["email"] if who["email"] else []
    dialled = ["sms", "call"] if who["phone"] else []
    if not mail and not dialled:
        return list(consents.CHANNELS) if text or not granted else []
    return [*mail, *dialled] if text or not granted else [*mail, *dialled[:1]]


def undo(change: Transaction, import_id: str) -> dict[str, int]:
    """Take back exactly what an import said, its opt-outs too."""
    return consents.take_back(change, import_id)


UPLOAD = Upload(
    name="consents",
    zh="营销同意与退订",
    en="Consents and opt-outs",
    columns=COLUMNS,
    required=((*identity.KEYS, "address"), ("granted", "opted_out_at")),
    take=take,
    undo=undo,
    freed=consents.freed_by,
    example={
        "phone": "13800000001", "email": "liang@example.com", "channel": "短信", "granted": "是", "happened_at": "2026-05-03 10:00",
        "source": "门店登记", "text_version": "v1", "operator": "小王",
    },
)  # fmt: skip
