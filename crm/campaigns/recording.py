"""A campaign sent elsewhere, taken over from a file so that its effect is measured all the same."""

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from crm import clock
from crm.accounts import acting
from crm.accounts.acting import Right
from crm.campaigns import roster, saved
from crm.campaigns.spec import CampaignSpec
from crm.database import Store, load_shop
from crm.errors import BadFileError, BadInputError
from crm.messaging import suppressions

_ARMS = {
    **dict.fromkeys(("recipients", "recipient", "sent", "mailed", "treatment", "收信", "发送", "已发", ""), "recipients"),
    **dict.fromkeys(("holdout", "control", "留出", "对照", "未发"), "holdout"),
}
_BIGGEST = 500_000_000
_NAMED = 10
"""So many of the people in both arms are named, all are counted."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The campaign that was taken over: how many people of its file are in each arm, and how many nobody knows."""

    campaign_id: str
    recipients: int
    holdout: int
    unmatched: int


@acting.needs(Right.IMPORTS)
def record(store: Store, path: Path, name: str, segment: str, now: datetime) -> Recorded:
    """Take over FILE.csv (columns customer, arm, sent_at).

    `customer` is a customer id, a buyer name or an e-mail address; `sent_at` in the shop's zone unless it names its own.
    """
    frame = _read(path)
    zone = load_shop(store).timezone
    moments = [_moment(text, zone, row) for row, text in zip(frame.index, frame.sent_at, strict=True)]
    return record_frame(store, frame.assign(sent_at=moments), name, segment, now)


def record_frame(store: Store, frame: pd.DataFrame, name: str, segment: str, now: datetime, demo: bool = False) -> Recorded:
    """The same from a DataFrame: customer, arm (recipients or holdout), sent_at (UTC without a zone mark); its index numbers the rows.

    The same content again is the campaign that is there already: nothing is recorded twice.
    Raises BadInputError, among others for a customer in both arms, whatever names the rows give them.
    """
    arms = [_arm(text, row) for row, text in zip(frame.index, frame.arm, strict=True)]
    result = frame.assign(arm=arms, customer_id=_matched(store, frame.customer))
    _refuse_both(result)
    people = result[result.customer_id.notna()].drop_duplicates("customer_id")
    if people.empty:
        raise BadInputError(
            "recording.nobody_known", "None of these customers is known here. Nothing was recorded. Please import their orders first."
        )
    checksum = _checksum(people, name, segment)
    known = saved.recorded(store, checksum)
    campaign_id = known or saved.new_id()
    rows = people.assign(campaign_id=campaign_id, address=None, address_norm=None, tokens=None)
    if known is None:
        with store.transaction() as change:
            saved.insert(change, campaign_id, CampaignSpec(name=name, segment=segment, holdout=None), "recorded", now, demo)
            roster.freeze(change, rows, state="accepted", detail="recorded")
            saved.mark_recorded(change, campaign_id, people.sent_at.min().to_pydatetime(), checksum)
    counts = people.arm.value_counts()
    return Recorded(campaign_id, int(counts.get("recipients", 0)), int(counts.get("holdout", 0)), int(result.customer_id.isna().sum()))


def _checksum(people: pd.DataFrame, name: str, segment: str) -> str:
    lines = sorted(f"{one}|{arm}|{moment}" for one, arm, moment in zip(people.customer_id, people.arm, people.sent_at, strict=True))
    return hashlib.sha256("\n".join([name, segment, *lines]).encode()).hexdigest()[:16]


def _refuse_both(result: pd.DataFrame) -> None:
    """Nobody is in both arms: who got the message and was held out all the same would be compared with themselves."""
    known = result[result.customer_id.notna()]
    both = known[known.groupby("customer_id").arm.transform("nunique") > 1]
    if both.empty:
        return
    people = [_rows(rows) for _customer, rows in both.groupby("customer_id", sort=False)]
    raise BadInputError(
        "recording.in_both_arms",
        "Listed in both arms: {people} ({n} in all). Nothing was recorded. Please leave each person in the arm they really were in.",
        people="; ".join(people[:_NAMED]),
        n=len(people),
    )


def _rows(rows: pd.DataFrame) -> str:
    """One person as the file has them: “ann” (row 2: recipients), “ann@example.com” (row 7: holdout)."""
    return ", ".join(f"“{str(row.customer).strip()}” (row {row.Index}: {row.arm})" for row in rows.itertuples())


JOINED = (
    "SELECT DISTINCT account, person, buyer FROM order_records "
    "JOIN (SELECT customer_id AS account, merged_into AS person FROM merged_customers "
    "UNION SELECT merged_into, merged_into FROM merged_customers) ON account = customer_id ORDER BY account DESC"
)
"""The accounts of joined customers by id and name; of one name twice, the first account's person."""


def _matched(store: Store, given: pd.Series) -> pd.Series:
    """Each name as a customer id: an id itself, else an unambiguous buyer name or e-mail address."""
    known = store.frame("SELECT customer_id, buyer, email_norm FROM customers")
    ids = set(known.customer_id)
    names: dict[str, str] = {}
    for column in ("email_norm", "buyer"):
        single = known[known[column].notna()].drop_duplicates(column, keep=False)
        names |= dict(zip(single[column], single.customer_id, strict=True))
    for row in store.rows(JOINED):
        names |= {row["account"]: row["person"], row["buyer"]: row["person"]}
    texts = [str(one).strip() for one in given]
    items = [text if text in ids else names.get(text) or names.get(suppressions.normal(text)) for text in texts]
    return pd.Series(items, index=given.index, dtype=object)


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise BadFileError("recording.file_missing", "There is no file {path}. Nothing was recorded.", path=path)
    if path.stat().st_size > _BIGGEST:
        raise BadFileError("recording.file_too_large", "{path} is too large. Nothing was recorded.", path=path)
    rows = list(csv.reader(io.StringIO(_text(path), newline="")))
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    if not {"customer", "arm", "sent_at"} <= set(header):
        raise BadFileError(
            "recording.missing_columns", "{path} needs the columns customer, arm and sent_at. Nothing was recorded.", path=path
        )
    full = {at: row for at, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)}
    bad = next((at for at, row in full.items() if len(row) < len(header)), None)
    if bad is not None:
        raise BadFileError("recording.short_row", "Row {row} of {path} has too few cells. Nothing was recorded.", row=bad, path=path)
    return pd.DataFrame([row[: len(header)] for row in full.values()], columns=header, index=list(full))


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFileError("recording.not_text", "{path} is not a text file. Nothing was recorded.", path=path)


def _arm(text: object, row: int) -> str:
    arm = _ARMS.get(str(text).strip().lower())
    if arm is None:
        raise BadInputError(
            "recording.unknown_arm",
            "Row {row}: the arm “{text}” is neither recipients nor holdout. Nothing was recorded.",
            row=row,
            text=text,
        )
    return arm


def _moment(text: str, zone: str, row: int) -> datetime:
    try:
        given = datetime.fromisoformat(text.strip().replace("/", "-"))
    except ValueError as error:
        raise BadInputError(
            "recording.not_a_moment", "Row {row}: “{text}” is not a moment (2026-11-01 09:00). Nothing was recorded.", row=row, text=text
        ) from error
    return clock.utc(given, zone) if given.tzinfo is None else pd.Timestamp(given).tz_convert("UTC").tz_localize(None).to_pydatetime()
