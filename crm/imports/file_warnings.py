"""Doubts: what makes a file look wrong although each of its rows can be read. Data with a sentence each, never a refusal.

`look` asks the database what the file told, beside what the shop has; RULES are plain functions of that, silent unless sure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crm.columns import currencies, number_formats
from crm.columns.number_formats import Decision
from crm.database import Transaction
from crm.imports.sql import SQL
from crm.layouts.registry import Layout
from crm.orders.context import ShopContext

ENOUGH = 20
SENTENCES = {
    "same_file": "This is the same file as {file}, imported on {day}: it changes nothing.",
    "overlaps": "{n} of its orders were told by {imports} earlier imports: {names}.",
    "fen": "All amounts are whole numbers, half of them above {median}: they look like fen. Please check before importing.",
    "fen_by_shop": "All amounts are whole numbers and about {times} times what this shop usually sells for: they look like fen.",
    "utc": "Most orders fall into the night: the times look like UTC. Please say the time zone of the file.",
    "future": "{n} orders lie in the future, the latest on {day}.",
    "ancient": "{n} orders lie before 2003, the first on {day}.",
    "currency": "{n} orders are in {currency}, the shop counts in {own}. They are converted by the shop's rates; "
    "those of days without a rate are in no sum of money.",
    "adopted": "The shop counts in {currency} from now on, the currency of this file. If it has another, please say so in the settings.",
    "currency_words": "{n} orders are in a currency that is not known: {names}. They are in no sum of money.",
    "sign": "Amounts are marked {sign}, but no column names a currency: they are counted as {own}. "
    "If they are not, please say which they are.",
    "no_orders": "None of its lines belongs to an order that is known. Please import the order file too.",
    "further_lines": "Orders of which it has lines but not the first row: {n}. Please import the file with the first rows too.",
    "few_orders": "{percent}% of its order ids are not known. Please import the order file too.",
    "small": "Only {rows} rows; the files of this kind before had about {usual}. Is the export complete?",
    "masked": "{percent}% of the phone numbers are masked, virtual or encrypted: these people cannot be called or sent texts.",
    "no_buyer": "{percent}% of the orders name no buyer: repeat rates leave them out.",
    "statuses": "{n} orders have a status that is not known: {names}. Whether they are purchases is decided by payment alone.",
    "damaged": "{n} order ids were damaged by a spreadsheet program. Please export the file again and import it without opening it.",
    "refund_rows": "{n} rows give money back: {amount} was taken off the orders that they belong to.",
    "refund_buyer": "{n} of them name no order: each was taken off the last order of the same buyer before it.",
    "partial_refund": "{n} orders were refunded in part and the file does not say how much: they are counted as kept.",
    "by_payment": "{n} orders have a status that says nothing of the payment, and no payment is told: they are counted as not paid.",
    "names": "Buyers are told apart by nothing but their names: two people of one name are one customer here.",
    "unused_money": "{names}: money on a few rows, which is not used. If it is what was given back, please say so.",
    "numbers": "Nothing in {columns} shows whether {example} has decimals or thousands; it is read as {read}. Please check.",
    "numbers_mixed": "{columns}: numbers are written in two ways, with a decimal comma and with a point. What could be either is rejected.",
    "date_order": "Every date could be day/month or month/day; it is read as month/day. Please check.",
    "consent_column": "Could say who may be written to, and is not taken over: {names}. If so, import the file as consents, too.",
    "answers": "Cells of {column} that are neither yes nor no: {n} ({names}). Nothing is recorded for them.",
    "unsure_list": "Only addresses and times: taken as people who do not want mail, so they get none. If it is something else, say what.",
}
"""Code → English template; translated in crm/ui/locale."""


@dataclass(frozen=True)
class FileWarning:
    """One warning: its code (a key of SENTENCES) and what the sentence needs."""

    code: str
    values: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """code, sentence, values."""
        return {"code": self.code, "sentence": SENTENCES[self.code].format(**self.values), "values": self.values}


@dataclass(frozen=True)
class Seen:
    """What a file told beside what the shop had. `hours`: orders per hour on the shop's clock; `offset`: how far that is ahead of UTC."""

    orders: int = 0
    priced: int = 0
    whole: bool = False
    odd: float = 0.0
    median: float = 0.0
    usual: float | None = None
    hours: tuple[int, ...] = (0,) * 24
    usual_hours: tuple[int, ...] = (0,) * 24
    offset: int = 8
    known: bool = True
    future: int = 0
    ancient: int = 0
    first: date | None = None
    last: date | None = None
    currencies: tuple[str, ...] = ()
    own: str = "CNY"
    foreign: int = 0
    unnamed: int = 0
    phones: int = 0
    unclear: int = 0
    without_buyer: int = 0
    statuses: tuple[str, ...] = ()
    odd_statuses: int = 0
    damaged: int = 0
    partly: int = 0
    unpaid: int = 0
    rows: int = 0
    usual_rows: float | None = None


def fen(seen: Seen) -> FileWarning | None:
    """A hundred times too much, without a decimal anywhere. Without sales to compare with only tables of unknown layout are doubted."""
    if seen.priced < ENOUGH or not seen.whole or {"JPY", "KRW"} & set(seen.currencies):
        return None
    if seen.usual:
        times = seen.median / seen.usual
        return FileWarning("fen_by_shop", {"times": round(times)}) if 40 <= times <= 250 else None
    if not seen.known and seen.median >= 5000 and seen.odd > 0.3:
        return FileWarning("fen", {"median": round(seen.median)})
    return None


def utc(seen: Seen) -> FileWarning | None:
    """The day stands where the night should be, by as much as the shop's clock is ahead of UTC."""
    total, usual = sum(seen.hours), sum(seen.usual_hours)
    if total < 50 or not 5 <= seen.offset <= 10:
        return None
    if usual >= 200:
        moved = tuple(seen.hours[(hour - seen.offset) % 24] for hour in range(24))
        return FileWarning("utc", {}) if _alike(moved, seen.usual_hours) > 0.75 > 0.6 > _alike(seen.hours, seen.usual_hours) else None
    night, evening = sum(seen.hours[2:7]) / total, sum(seen.hours[17:24]) / total
    return FileWarning("utc", {}) if night >= 0.2 and evening <= 0.1 else None


def _alike(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """How much two days have in common (0–1)."""
    return sum(min(left / sum(one), right / sum(other)) for left, right in zip(one, other, strict=True))


def future(seen: Seen) -> FileWarning | None:
    """Orders after today."""
    return FileWarning("future", {"n": seen.future, "day": str(seen.last)}) if seen.future else None


def ancient(seen: Seen) -> FileWarning | None:
    """Orders from before there were such shops: a misread year more often than not."""
    return FileWarning("ancient", {"n": seen.ancient, "day": str(seen.first)}) if seen.ancient else None


def currency(seen: Seen) -> FileWarning | None:
    """Money of another kind; it is never added to the shop's own."""
    others = [name for name in seen.currencies if name != seen.own and name in currencies.codes()]
    return FileWarning("currency", {"n": seen.foreign, "currency": ", ".join(others), "own": seen.own}) if others else None


def currency_words(seen: Seen) -> FileWarning | None:
    """Currencies by names that nobody knows, or two in one order (`CNY+USD`)."""
    odd = [name[:30] for name in seen.currencies if name != seen.own and name not in currencies.codes()]
    return FileWarning("currency_words", {"n": seen.unnamed, "names": ", ".join(odd[:3])}) if odd else None


def masked(seen: Seen) -> FileWarning | None:
    """Phones that reach nobody."""
    many = seen.phones >= ENOUGH and seen.unclear * 2 >= seen.phones
    return FileWarning("masked", {"percent": round(100 * seen.unclear / seen.phones)}) if many else None


def no_buyer(seen: Seen) -> FileWarning | None:
    """Orders of nobody; told from one in a hundred."""
    percent = round(100 * seen.without_buyer / seen.orders) if seen.orders else 0
    return FileWarning("no_buyer", {"percent": percent}) if percent else None


def statuses(seen: Seen) -> FileWarning | None:
    """Status words that no list has."""
    return FileWarning("statuses", {"n": seen.odd_statuses, "names": ", ".join(seen.statuses)}) if seen.odd_statuses else None


def partial_refund(seen: Seen) -> FileWarning | None:
    """Something was given back and nobody says how much."""
    return FileWarning("partial_refund", {"n": seen.partly}) if seen.partly else None


def by_payment(seen: Seen) -> FileWarning | None:
    """Orders on their way, or open, of which no payment is told."""
    return FileWarning("by_payment", {"n": seen.unpaid}) if seen.unpaid else None


def damaged(seen: Seen) -> FileWarning | None:
    """Ids in powers of ten."""
    return FileWarning("damaged", {"n": seen.damaged}) if seen.damaged else None


def small(seen: Seen) -> FileWarning | None:
    """A fifth of the usual rows: an export that was cut off."""
    few = seen.usual_rows is not None and seen.usual_rows >= 50 and seen.rows < seen.usual_rows / 5
    return FileWarning("small", {"rows": seen.rows, "usual": round(seen.usual_rows or 0)}) if few else None


RULES: tuple[Callable[[Seen], FileWarning | None], ...] = (
    fen,
    utc,
    future,
    ancient,
    currency,
    currency_words,
    small,
    damaged,
    partial_refund,
    by_payment,
    masked,
    no_buyer,
    statuses,
)


def judged(seen: Seen) -> list[FileWarning]:
    """What the rules say."""
    return [warning for rule in RULES if (warning := rule(seen))]


def written(layout: Layout, titles: dict[str, str]) -> list[FileWarning]:
    """What the columns of a cleaned file leave open of how dates and numbers are written; `titles` are the columns' names by field."""
    items = [FileWarning("date_order", {})] if layout.extra.get("dates_ambiguous") else []
    values: dict[str, Decision] = layout.extra.get("numbers", {})
    for why, code in (("doubt", "numbers"), ("mixed", "numbers_mixed")):
        those = {field: one for field, one in values.items() if one.why == why}
        if those:
            example = next(iter(those.values())).example or ""
            read = f"{number_formats.parse(example, number_formats.PLAIN) or 0:f}"
            columns = ", ".join(titles.get(field, field) for field in those)
            items.append(FileWarning(code, {"columns": columns} | ({"example": example, "read": read} if why == "doubt" else {})))
    return items


def look(change: Transaction, home: ShopContext, now: datetime, known: bool) -> Seen:
    """Ask about the orders in `file_orders`; `orders` still is what the shop had before."""
    seen = SQL.one(change, "file_looks", home, now=now, currencies=sorted(currencies.codes()))
    usual = SQL.one(change, "usual_looks", home)
    odd = SQL.rows(change, "odd_statuses")
    hours, usual_hours = seen.pop("hours"), usual.pop("hours")
    return Seen(
        **seen,
        known=known,
        own=home.shop_currency,
        usual=usual["median"],
        hours=_day(hours),
        usual_hours=_day(usual_hours),
        damaged=change.rows("SELECT count(*) AS n FROM rejects WHERE reason = 'damaged'")[0]["n"],
        statuses=tuple(row["status_raw"][:30] for row in odd[:3]),
        odd_statuses=sum(row["n"] for row in odd),
    )


def _day(counts: dict[int, int] | None) -> tuple[int, ...]:
    return tuple((counts or {}).get(hour, 0) for hour in range(24))
