"""What the rows of a file say about being written to: from answers, flags that ask the other way round, times and reasons.

A row makes one statement per way of writing: yes, no, silent, bounced or complained. Where a row contradicts itself the gravest counts.
"""

import re
from collections import Counter
from datetime import UTC, datetime

from crm.database import Transaction
from crm.imports.file_warnings import FileWarning
from crm.layouts import answers
from crm.messaging import consents
from crm.uploads import dates, identity
from crm.uploads.lists import SHAPES
from crm.uploads.upload import Batch, Row, titles

COLUMNS = titles("statements")
"""Fields of both dossiers and consents; other titles are understood by `crm.layouts.answers.question`."""
CHANNELS = {
    "email": ("email", "e-mail", "mail", "邮件", "邮箱", "电子邮件", "edm"),
    "sms": ("sms", "短信", "text", "text message", "message", "手机短信"),
    "call": ("call", "phone", "电话", "外呼", "telephone", "去电"),
}
ALL = ("all", "全部", "所有", "*", "全部渠道", "所有渠道")
KINDS = dict.fromkeys(("channel", "meaning", "source", "text_version", "operator"), "TEXT") | {"happened_at": "TIMESTAMP"}
WAYS = consents.CHANNELS


def write(change: Transaction, batch: Batch, items: list[dict[str, object]]) -> set[int]:
    """Keep statements (identity columns, `row_no` and KINDS); fills in the counts. The rows for which there is no address."""
    identity.stage(change, batch, items, KINDS)
    change.execute(PLACED)
    lost = {row["row_no"] for row in change.rows("SELECT row_no FROM upload_placed GROUP BY row_no HAVING count(address_norm) = 0")}
    kept = change.frame("SELECT * EXCLUDE (row_no) FROM upload_placed WHERE address_norm IS NOT NULL")
    batch.result.counts |= consents.append(change, kept, batch.import_id)
    return lost


# A no without an address for its way is held by whatever else the person is known by, so that it is not lost.
PLACED = """
CREATE OR REPLACE TEMP TABLE upload_placed AS
SELECT row_no, channel, meaning, source, text_version, operator, happened_at,
    CASE WHEN channel = 'email' AND email_norm IS NOT NULL THEN email_norm
         WHEN channel <> 'email' AND phone_quality = 'clear' THEN phone
         WHEN account IS NOT NULL OR (meaning NOT IN ('yes', 'silent') AND NOT starts_with(identity_key, 'order:'))
         THEN identity_key END AS address_norm
FROM upload_people
"""


def by_columns(row: Row, batch: Batch) -> list[dict[str, object]]:
    """The statements of a row by the fields of COLUMNS, one per way of which a column asks."""
    who = identity.cells(row, batch)
    given = {way: result for way in WAYS if (result := answered(row, batch, way, who)) is not None}
    return [stated(row, batch, who, way, meaning) for way, meaning in given.items()]


def answered(row: Row, batch: Batch, way: str, who: dict[str, object], text: str = "") -> str | None:
    """What a row says of one way of writing, `text` included; None where no column asks, or its answer is for other ways.

    A no without a way is for every one that the person can be reached by, a yes for mail and texts only.
    """
    own = [name for name in (f"{way}_consent", f"{way}_refused") if name in batch.titles]
    general = [name for name in ("all_consent", "all_refused", "opted_out_at", "opted_in_at") if name in batch.titles]
    general = general if _meant(row, way, who) else []
    if not own and not general and not text:
        return None
    items = [text] if text else []
    items += [answer(row, batch, name) for name in (*own, *general) if name in row.cells and not name.endswith("_at")]
    if "opted_in_at" in row.cells and general and not ASKED & set(batch.titles) and read(row.cells["opted_in_at"], batch):
        items.append("yes")
    if not own and not text and way == "call":
        items = ["silent" if meaning == "yes" else meaning for meaning in items]
    return answers.gravest([*items, *(timed(row, batch, items) if general else [])])


ASKED = {"granted", "all_consent", "email_consent", "sms_consent", "call_consent"}
"""Where a column has the answer itself, the time of a yes is only its time."""


def channels(row: Row) -> list[str] | None:
    """The channels that a row names itself; None where it names none, or all."""
    text = row.cells.get("channel", "").strip().lower()
    return [name for name, words in CHANNELS.items() if text in words] if text and text not in ALL else None


def _meant(row: Row, way: str, who: dict[str, object]) -> bool:
    """Whether what a row says without a way is about this one: the way it names, else those it has an address for, else all."""
    named = channels(row)
    if named is not None:
        return way in named
    return bool(who["email"] if way == "email" else who["phone"]) or not (who["email"] or who["phone"])


def timed(row: Row, batch: Batch, items: list[str]) -> list[str]:
    """A time of opting out is a no, unless a yes was told for a later time; `0000-00-00` and the like are no time."""
    text = row.cells.get("opted_out_at", "")
    if not text.strip("0-:/. T") or answers.refusal(text) == "silent":
        return []
    out, back = read(text, batch), read(row.cells.get("opted_in_at") or row.cells.get("happened_at", ""), batch)
    return [] if "yes" in items and out and back and back > out else ["no"]


def answer(row: Row, batch: Batch, name: str) -> str:
    """The meaning of one cell; a word that nobody knows is silent, noted, and said with the counts."""
    text, refused = row.cells[name], name.endswith("_refused")
    known = batch.known.answers.get(text.strip().lower()) if batch.known else None
    meaning = known or (answers.refusal(text) if refused else answers.meaning(text))
    if meaning is None and refused and read(text, batch):
        return "no"  # the day on which it was refused
    if meaning is None:
        batch.unknown[(batch.titles[name], text[:40])] += 1
    return meaning or "silent"


def stated(row: Row, batch: Batch, who: dict[str, object], way: str, meaning: str) -> dict[str, object]:
    """One statement, said at the time the row gives for it (UTC), else at that of the import."""
    names = ("opted_in_at", "happened_at") if meaning == "yes" else ("opted_out_at", "happened_at")
    at = next((rows for name in names if (rows := read(row.cells.get(name, ""), batch))), batch.now)
    cells = row.cells
    beside = {"source": cells.get("source", "import"), "text_version": cells.get("text_version"), "operator": cells.get("operator")}
    return who | beside | {"channel": way, "meaning": meaning, "happened_at": min(at, batch.now)}


def read(text: str, batch: Batch) -> datetime | None:
    """A moment in UTC, also one written as seconds since 1970; None where it is none."""
    if SHAPES["epoch"].fullmatch(text.strip()):
        seconds = float(text) / (1000 if len(re.sub(r"\..*", "", text.strip())) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return dates.moment(text, batch.zone) if text else None


def warnings(unknown: Counter[tuple[str, str]]) -> list[FileWarning]:
    """One warning per column with words that are neither yes nor no."""
    columns = dict.fromkeys(column for column, _ in unknown)
    values = {column: [(word, number) for (one, word), number in unknown.most_common() if one == column] for column in columns}
    return [
        FileWarning(
            "answers", {"n": sum(number for _, number in words), "column": column, "names": ", ".join(word for word, _ in words[:3])}
        )
        for column, words in values.items()
    ]
