"""Consents and opt-outs 营销同意与退订: who may be written to, by e-mail, SMS or phone. An opt-out is never removed by a file."""

from crm.database import Transaction
from crm.layouts import answers
from crm.messaging import consents
from crm.uploads import identity, statements
from crm.uploads.upload import Batch, Row, Upload, titles

COLUMNS = identity.COLUMNS | titles("consents") | statements.COLUMNS


def take(change: Transaction, batch: Batch) -> None:
    """Keep the statements of the rows."""
    lost = statements.write(change, batch, [entry for row in batch.rows for entry in _typed(row, batch)])
    for row in batch.rows if lost else ():
        if row.number in lost:
            batch.reject(row, "channel", "address")


def _typed(row: Row, batch: Batch) -> list[dict[str, object]]:
    """One statement per channel; none where the row is rejected."""
    who, own = _who(row, batch), _own(row, batch)
    if own is None:
        batch.reject(row, "granted", "answer")
        return []
    ways = _channels(row, who, own) if own else []
    if own not in ("", "silent") and not ways:
        batch.reject(row, "channel", "channel")
        return []
    values = {way: statements.answered(row, batch, way, who, own if way in ways else "") for way in consents.CHANNELS}
    known = {way: meaning for way, meaning in values.items() if meaning is not None}
    if "yes" in known.values() and (column := _unreadable(row, batch)):
        batch.reject(row, column, "day")
        return []
    return [statements.stated(row, batch, who, way, meaning) for way, meaning in known.items()]


def _own(row: Row, batch: Batch) -> str | None:
    """What a row says as a whole; empty where no column of that kind asks, None for a word that nobody knows."""
    known, text = batch.known, row.cells.get("granted", "").strip().lower()
    asked = "granted" in batch.titles or "suppressions" in batch.titles or bool(known and known.says)
    items = []
    if text:
        items.append((known.answers.get(text) if known else None) or ("no" if text in answers.REPLIES else answers.meaning(text)))
    if "suppressions" in row.cells:
        items.append(_listed(row.cells["suppressions"]))
    if known and known.says and not items:
        needed = known.says != "yes" or any(name in row.cells for name in known.needs)
        items.append(known.says if needed else "silent")
    if None in items:
        return None
    meaning = answers.gravest([one for one in items if one])
    if meaning == "bounced" and row.cells.get("smtp", "").startswith("4"):
        return "silent"  # not for good: the mail may arrive another time
    return "complained" if meaning == "no" and _complains(row) else meaning if items or asked else ""


def _listed(text: str) -> str:
    """What a list of reasons comes to; a mere yes or no says whether there is one."""
    flag = answers.refusal(text)
    return flag if flag in ("no", "silent") else answers.listed(text)


def _complains(row: Row) -> bool:
    return any(word in row.cells.get("why", "").lower() for word in ("spam", "abuse", "投诉"))


def _unreadable(row: Row, batch: Batch) -> str | None:
    """The column with a time that is none; a no counts all the same, a yes needs its time."""
    names = ("happened_at", "opted_in_at")
    return next((name for name in names if name in row.cells and statements.read(row.cells[name], batch) is None), None)


def _who(row: Row, batch: Batch) -> dict[str, object]:
    who, address = identity.cells(row, batch), row.cells.get("address")
    if address:
        name = "email" if "@" in address else "phone"
        who[name] = who[name] or address
    return who


def _channels(row: Row, who: dict[str, object], meaning: str) -> list[str]:
    """The channels a row speaks of; a no without a channel is for every one that its address has, anything else for mail and texts."""
    named = statements.channels(row)
    if named is not None:
        return named
    everywhere = "channel" in row.cells or meaning in answers.REFUSALS
    mail = ["email"] if who["email"] else []
    dialled = ["sms", "call"] if who["phone"] else []
    if not mail and not dialled:
        return list(consents.CHANNELS) if everywhere else []
    return [*mail, *dialled] if everywhere else [*mail, *dialled[:1]]


def undo(change: Transaction, import_id: str) -> dict[str, int]:
    """Take back exactly what an import said, its opt-outs too."""
    return consents.take_back(change, import_id)


UPLOAD = Upload(
    name="consents",
    zh="营销同意与退订",
    en="Consents and opt-outs",
    columns=COLUMNS,
    required=((*identity.KEYS, "address"), ("granted", "suppressions", *statements.COLUMNS)),
    take=take,
    undo=undo,
    freed=consents.freed_by,
    example={
        "phone": "13800000001",
        "email": "liang@example.com",
        "channel": "短信",
        "granted": "是",
        "happened_at": "2026-05-03 10:00",
        "source": "门店登记",
        "text_version": "v1",
        "operator": "小王",
    },
    english={"channel": "SMS", "granted": "yes", "source": "in the shop", "operator": "Wang"},
)
