"""What the cells of a column look like: numbers, moments, addresses, words; and how well that fits what its name says."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from crm.columns import currencies, dates, money, number_formats, statuses
from crm.columns.names import listed

NOBODY, SORTS = listed("nobody"), listed("sorts")
"""Texts that stand where a buyer should and name nobody; words for a kind of customer. In small letters."""
TOTALS = (
    r"(grand |sub|sous-|sub-|day |daily |monthly |tages|monats|wochen|gesamt|zwischen|end)*"
    r"(totals?|totaux|totale|totales|sum|summe|suma)( .*|:|：)?"
    r"|(ins)?gesamt[: ]*|gesamtbetrag|ensemble|somme( totale)?|importe total|monto total"
    r"|(本日|当日|本月|当月|本页|当页|本周|日|月|页)?(合计|总计|共计|小计|汇总|总数)[:：]?"
)
"""What a cell says in a row of totals, in small letters."""
ISO = re.compile(r"[A-Za-z]{3}")
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
PHONE = re.compile(r"[+(]?[\d*][\d*\s().\-/+]{4,}(\s*(x|ext|转)\.?\s*\d+)?")


@dataclass(frozen=True)
class Profile:
    """A column: its place, its title, and the cells of the sample, row by row (`""` for blank)."""

    place: int
    title: str
    cells: tuple[str, ...]

    @cached_property
    def texts(self) -> list[str]:
        """The cells that are filled."""
        return [cell for cell in self.cells if cell]

    @cached_property
    def filled(self) -> float:
        """The share of rows that are filled."""
        return len(self.texts) / len(self.cells) if self.cells else 0.0

    @cached_property
    def counts(self) -> Counter[str]:
        """Each distinct cell with how often it is there."""
        return Counter(self.texts)

    def share(self, test: Callable[[str], bool]) -> float:
        """Of the filled cells the share that passes."""
        return sum(number for cell, number in self.counts.items() if test(cell)) / len(self.texts) if self.texts else 0.0

    @cached_property
    def amounts(self) -> tuple[Decimal | None, ...]:
        """The cells as numbers, in the style of the column."""
        style = number_formats.weigh(self.counts).style
        return tuple(number_formats.parse(cell, style) if cell else None for cell in self.cells)

    @cached_property
    def numeric(self) -> float:
        """The share of filled cells that are numbers."""
        return sum(value is not None for value in self.amounts) / len(self.texts) if self.texts else 0.0

    @cached_property
    def decimals(self) -> float:
        """The share of filled cells that are numbers with a part after the decimal sign, or a currency at an end."""
        return self.share(
            lambda cell: bool(re.search(r"\d[.,]\d{1,3}(?!\d)", cell) or money.is_currency(re.sub(r"[\d.,'\s()+-]", "", cell) or "0"))
        )

    @cached_property
    def moments(self) -> float:
        """The share of filled cells that are dates or moments."""
        return self.share(dates.looks)

    @cached_property
    def serials(self) -> bool:
        """Whether all cells could be the days of a spreadsheet, or seconds since 1970."""
        return bool(self.texts) and self.share(lambda cell: bool(re.fullmatch(r"[34]\d{4}(\.\d+)?|1[0-9]{9}(\d{3})?", cell))) == 1.0

    @cached_property
    def emails(self) -> float:
        """The share of filled cells that are e-mail addresses."""
        return self.share(lambda cell: bool(EMAIL.fullmatch(cell)))

    @cached_property
    def statuses(self) -> float:
        """The share of filled cells whose words say how far an order is."""
        return self.share(lambda cell: statuses.meaning(cell) != statuses.UNKNOWN)

    @cached_property
    def persons(self) -> list[str]:
        """The cells that name somebody."""
        return [cell for cell in self.texts if cell.lower() not in NOBODY]

    @cached_property
    def sorts(self) -> float:
        """The share of filled cells that name a kind of customer."""
        return self.share(lambda cell: cell.lower() in SORTS)


def profiles(
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    nulls: frozenset[str] = frozenset({"null", "-", "--", "——", "nan", "0000-00-00", "0000-00-00 00:00:00"}),
) -> list[Profile]:
    """The columns of a sample, whose cells are stripped already. Shape: one per title; short rows are blank at their end."""
    items = []
    for place, title in enumerate(titles):
        cells = [row[place] if place < len(row) else "" for row in rows]
        items.append(Profile(place, title, tuple("" if cell.lower() in nulls else cell for cell in cells)))
    return items


def fit(kind: str, column: Profile) -> float:
    """How well the cells fit what a column should hold (0: not at all, 1: just so). A column without any cell could be anything."""
    if not column.texts:
        return 0.7
    return _FITS[kind](column)


def _money(column: Profile) -> float:
    if column.numeric < 0.5 or (column.moments > 0.5 and column.decimals < 0.5):
        return 0.0
    if column.share(lambda cell: bool(re.fullmatch(r"\+?\d{10,}", cell))) > 0.5 or column.share(lambda cell: cell.endswith("%")) > 0.2:
        return 0.0
    return 1.0 if column.numeric >= 0.9 else 0.6


def _count(column: Profile) -> float:
    whole = sum(value is not None and value == int(value) and abs(value) < 1_000_000 for value in column.amounts)
    return 1.0 if whole >= 0.9 * len(column.texts) else 0.0


def _number(column: Profile) -> float:
    return 1.0 if column.numeric >= 0.5 or column.share(lambda cell: bool(re.fullmatch(r"[\d.,\s]+%?\w{0,3}", cell))) > 0.5 else 0.3


def _id(column: Profile) -> float:
    if column.moments > 0.5 and column.share(lambda cell: bool(re.fullmatch(r"\d{8}|\d{14}", cell))) < 0.5:
        return 0.0
    if column.share(lambda cell: bool(re.search(r"\d[.,]\d{1,2}\W*$", cell)) and not cell.endswith(".0")) > 0.5 and column.numeric > 0.5:
        return 0.0
    return 1.0


def _moment(column: Profile) -> float:
    if column.serials:
        return 0.9
    return 1.0 if column.moments >= 0.9 else 0.7 if column.moments >= 0.6 else 0.0


def _status(column: Profile) -> float:
    if column.moments > 0.5 or column.decimals > 0.5 or len(column.counts) > max(12, len(column.texts) // 3):
        return 0.0
    return 1.0 if column.statuses > 0.5 else 0.6


def _text(column: Profile) -> float:
    return 0.3 if column.numeric > 0.9 or column.moments > 0.9 else 1.0


def _person(column: Profile) -> float:
    if column.moments > 0.5 or column.decimals > 0.5 or column.sorts > 0.8:
        return 0.0
    return 1.0 if column.share(lambda cell: any(letter.isalpha() for letter in cell)) > 0.5 else 0.7


def _place(column: Profile) -> float:
    return 0.0 if column.numeric > 0.5 or column.moments > 0.5 or column.emails > 0.2 else 0.5 if column.statuses > 0.5 else 1.0


def _currency(column: Profile) -> float:
    return (
        1.0
        if column.share(lambda cell: bool(ISO.fullmatch(cell)) or currencies.code(cell) is not None or money.is_currency(cell)) > 0.4
        else 0.0
    )


def _yesno(column: Profile) -> float:
    """Whether a column only answers a question."""
    return 1.0 if column.share(lambda cell: cell.lower() in statuses.YES | statuses.NO) == 1.0 and len(column.counts) <= 2 else 0.0


_FITS: dict[str, Callable[[Profile], float]] = {
    "money": _money,
    "count": _count,
    "number": _number,
    "id": _id,
    "moment": _moment,
    "status": _status,
    "text": _text,
    "person": _person,
    "place": _place,
    "currency": _currency,
    "word": lambda column: 0.3 if column.moments > 0.9 or column.decimals > 0.9 else 1.0,
    "yesno": _yesno,
    "email": lambda column: 1.0 if column.emails > 0.5 else 0.0,
    "phone": lambda column: 1.0 if column.share(lambda cell: bool(PHONE.fullmatch(cell)) or cell.startswith(("##", "$"))) > 0.5 else 0.0,
    "flag": lambda column: 0.2 if (column.numeric > 0.9 and len(column.counts) > 2) or column.moments > 0.5 else 1.0,
}
