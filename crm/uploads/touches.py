"""Reviews, inquiries and disputes 评价、咨询与纠纷: who touched the shop without it being an order. The only writer of `touch_records`."""

import re

from crm.database import Transaction
from crm.uploads import dates, identity, records
from crm.uploads.upload import Batch, Row, Upload, titles

SORTS = {
    "bad_review": ("差评", "bad review", "bad", "negative", "差"),
    "fair_review": ("中评", "fair review", "neutral review", "neutral", "fair", "中"),
    "good_review": ("好评", "good review", "good", "positive", "好", "默认好评"),
    "inquiry": (
        "咨询",
        "咨询未购买",
        "咨询未下单",
        "询单",
        "询单未下单",
        "询单未购买",
        "售前咨询",
        "inquiry",
        "enquiry",
        "question",
        "asked",
        "售前",
    ),
    "dispute": ("纠纷", "投诉", "维权", "售后纠纷", "介入", "dispute", "complaint", "claim", "chargeback"),
}
REVIEWS = ("评价", "评论", "review", "rating", "中差评")
COLUMNS = identity.COLUMNS | {"order_id": identity.ORDER} | titles("touches")
MOMENTS = {"reviewed_at": "review", "inquired_at": "inquiry", "disputed_at": "dispute", "happened_at": ""}
KINDS = dict.fromkeys(("nickname", "kind", "rating", "product", "body"), "TEXT") | {"happened_at": "TIMESTAMP"}
KEPT = ["platform", "shop", "account", "phone", "phone_quality", "email", "email_norm", *KINDS]


def take(change: Transaction, batch: Batch) -> None:
    """Write down what the rows tell."""
    typed = [cells for row in batch.rows if (cells := _typed(row, batch))]
    identity.stage(change, batch, typed, KINDS)
    counted = records.keep(change, batch, "touch_records", "touch_sources", KEPT)
    sorts = change.rows("SELECT kind, count(*) AS n FROM upload_records GROUP BY kind")
    batch.result.counts = {"new": counted["new"] + counted["changed"], "unchanged": counted["unchanged"]} | {
        row["kind"]: row["n"] for row in sorts
    }


def _typed(row: Row, batch: Batch) -> dict[str, object] | None:
    column = next((name for name in MOMENTS if name in row.cells), "")
    at = dates.moment(row.cells[column], batch.zone) if column else None
    kind = _kind(row, MOMENTS.get(column, ""))
    if kind is None or (column and at is None):
        batch.reject(row, _kind_column(row) if kind is None else column, "kind" if kind is None else "day")
        return None
    texts = {name: row.cells.get(name) for name in ("nickname", "rating", "product", "body")}
    return identity.cells(row, batch) | texts | {"kind": kind, "happened_at": at}


def _kind_column(row: Row) -> str | None:
    return next((name for name in ("rating", "kind") if name in row.cells), None)


def _kind(row: Row, by_column: str) -> str | None:
    """What a row is: by its kind, where that says only "review" by its rating, where nothing is said by which moment it names."""
    text = row.cells.get("kind", "").strip().lower() or by_column
    if result := _sort(text):
        return result
    if not text or text.startswith(REVIEWS):
        return _rated(row.cells.get("rating", ""))
    return None


def _sort(text: str) -> str | None:
    return next((name for name, words in SORTS.items() if text in words), None)


def _rated(text: str) -> str | None:
    """好评, 中评 or 差评, or stars: four and more are good, three fair."""
    plain = text.strip().lower()
    stars = re.match(r"^([0-5](?:\.\d)?)\s*(?:星|分|stars?|/\s*5)?$", plain)
    if stars:
        number = float(stars[1])
        return "good_review" if number >= 4 else "fair_review" if number >= 3 else "bad_review"
    return _sort(plain)


def waiting(change: Transaction, import_id: str) -> int:
    """How many of an import's rows name an order that is not known yet: they are nobody's until it is."""
    statement = (
        "SELECT count(*) AS n FROM touch_records JOIN touch_sources USING (record_id) "
        "WHERE import_id = ? AND identity_key NOT IN (SELECT identity_key FROM identities)"
    )
    return int(change.rows(statement, [import_id])[0]["n"])


def undo(change: Transaction, import_id: str) -> dict[str, int]:
    """Take the source records of an import back."""
    return {"touches_removed": records.drop(change, import_id, "touch_records", "touch_sources")}


UPLOAD = Upload(
    name="touches",
    zh="评价、咨询与纠纷",
    en="Reviews, inquiries and disputes",
    columns=COLUMNS,
    required=((*identity.KEYS, "order_id"), ("kind", "rating", "inquired_at", "disputed_at")),
    take=take,
    undo=undo,
    example={
        "account": "tb_liang",
        "platform": "淘宝",
        "phone": "13800000001",
        "kind": "评价",
        "rating": "差评",
        "happened_at": "2026-05-03 10:00",
        "product": "节日礼盒 大号",
        "body": "包装破了",
    },
    english={"platform": "taobao", "kind": "review", "rating": "bad", "product": "Gift box, large", "body": "The box was torn"},
)
