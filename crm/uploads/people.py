"""Customer dossiers 客户档案: what the shop wrote down about its customers, and whether they may be written to.

The only writer of `person_records` and `person_sources`; what people answered is kept like that of any other file (`statements`).
"""

import re

from crm.database import Transaction
from crm.messaging import consents
from crm.uploads import dates, identity, records, statements
from crm.uploads.upload import Batch, Row, Upload, titles

GENDERS = {
    "female": ("女", "女士", "女性", "female", "f", "woman", "小姐", "ms", "mrs", "miss"),
    "male": ("男", "男士", "男性", "male", "m", "man", "先生", "mr"),
    "other": ("其他", "其它", "other", "diverse", "x"),
}
TAGS = re.compile(r"[,，;；、|/\n]")
"""What stands between two tags."""
UNTOLD = ("保密", "未知", "不详", "未填写", "unknown", "secret", "u")
TEXTS = ("name", "nickname", "qq", "wechat", "size", "colours", "family", "owner", "remarks")
COLUMNS = identity.COLUMNS | titles("people") | statements.COLUMNS
WRITTEN = (*TEXTS, "first_name", "last_name", "gender", "birthday", "lunar_birthday", "tags", "age")
KINDS = dict.fromkeys((*TEXTS, "gender", "tags"), "TEXT") | {
    "birth_lunar": "BOOLEAN",
    "birth_year": "INTEGER",
    "birth_month": "INTEGER",
    "birth_day": "INTEGER",
    "birth_leap": "BOOLEAN",
}
KEPT = ["platform", "shop", "account", "phone", "phone_quality", "email", "email_norm", *KINDS]


def take(change: Transaction, batch: Batch) -> None:
    """Write down what the rows tell. An answer counts also where the rest of its row is rejected: no opt-out is lost by a bad birthday."""
    items = [one for row in batch.rows for one in statements.by_columns(row, batch)]
    if items:
        statements.write(change, batch, items)
    answered, refused = dict(batch.result.counts), {entry.row for entry in batch.result.rejections}
    typed = [cells for row in batch.rows if row.number not in refused and (cells := _typed(row, batch))]
    identity.stage(change, batch, typed, KINDS)
    batch.result.counts = records.keep(change, batch, "person_records", "person_sources", KEPT) | answered


def _typed(row: Row, batch: Batch) -> dict[str, object] | None:
    born = _born(row, batch)
    sex = gender(row.cells.get("gender", ""))
    if born is None or sex is None:
        batch.reject(row, "gender" if sex is None else _birth_column(row), "gender" if sex is None else _birth_reason(row))
        return None
    tags = sorted({tag.strip() for tag in TAGS.split(row.cells.get("tags", "")) if tag.strip()})
    texts = {name: row.cells.get(name) for name in TEXTS}
    texts["name"] = texts["name"] or _named(row)
    return identity.cells(row, batch) | texts | born | {"gender": sex or None, "tags": "|".join(tags) or None}


def _named(row: Row) -> str | None:
    """First and last name as one, the way their script writes it."""
    first, last = row.cells.get("first_name", ""), row.cells.get("last_name", "")
    return (last + first if f"{last}{first}" > "\u2e80" else f"{first} {last}".strip()) or None


def gender(text: str) -> str | None:
    """Our word; empty where it is not told, None where it is no gender."""
    plain = text.strip().lower().rstrip(".")
    if not plain or plain in UNTOLD:
        return ""
    return next((name for name, words in GENDERS.items() if plain in words), None)


def _birth_column(row: Row) -> str:
    return next((name for name in ("birthday", "lunar_birthday") if name in row.cells), "age")


def _birth_reason(row: Row) -> str:
    return "age" if _birth_column(row) == "age" else "birthday"


def _born(row: Row, batch: Batch) -> dict[str, object] | None:
    """The birthday's columns; empty where none is told, None where it cannot be one. An age alone gives the year only."""
    calendar, text = row.cells.get("calendar", ""), row.cells.get("birthday") or row.cells.get("lunar_birthday")
    if not text:
        return _aged(row, batch)
    lunar = bool(dates.LUNAR_WORDS.search(calendar)) if calendar else None
    result = dates.birthday(text, lunar if row.cells.get("birthday") else True)
    if result is None or (result.year or 0) > batch.now.year:
        return None
    return birth(result)


def birth(told: dates.Birthday) -> dict[str, object]:
    """The columns of a birthday."""
    day: dict[str, object] = {"birth_month": told.month, "birth_day": told.day, "birth_lunar": told.lunar, "birth_leap": told.leap}
    return (day if told.month else {}) | {"birth_year": told.year}


def _aged(row: Row, batch: Batch) -> dict[str, object] | None:
    age = row.cells.get("age", "").removesuffix("岁").removesuffix(".0")
    if not age:
        return {}
    return {"birth_year": batch.now.year - int(age)} if age.isascii() and age.isdigit() and 0 < int(age) < 120 else None


def undo(change: Transaction, import_id: str) -> dict[str, int]:
    """Take the source records and the answers of an import back."""
    return {"people_removed": records.drop(change, import_id, "person_records", "person_sources")} | consents.take_back(change, import_id)


UPLOAD = Upload(
    name="people",
    zh="客户档案",
    en="Customer dossiers",
    columns=COLUMNS,
    required=(identity.KEYS, WRITTEN),
    take=take,
    undo=undo,
    freed=consents.freed_by,
    example={
        "account": "tb_liang",
        "platform": "淘宝",
        "shop": "回头小店",
        "phone": "13800000001",
        "email": "liang@example.com",
        "name": "梁静",
        "nickname": "静静",
        "gender": "女",
        "birthday": "1992-05-03",
        "calendar": "公历",
        "qq": "10000",
        "wechat": "wx_liang",
        "size": "M",
        "colours": "米白、浅蓝",
        "family": "两个孩子",
        "tags": "老客、送礼",
        "owner": "小王",
        "remarks": "下午不方便接电话",
    },
    english={
        "platform": "taobao",
        "shop": "My shop",
        "name": "Jing Liang",
        "nickname": "Jing",
        "gender": "female",
        "calendar": "solar",
        "colours": "off-white, light blue",
        "family": "two children",
        "tags": "regular, gifts",
        "owner": "Wang",
        "remarks": "no calls in the afternoon",
    },
)
