"""Cohorts: customers by the month of their first purchase (or what else they began with), and what they did in each month after it.

Offset n is the n-th calendar month (of shop days) after that of the first purchase. Net money: a purchase is what kept money after refunds,
its spend what is left of it. Months that are not over, or not covered by the files, are counted in the sums and marked.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

from crm.customers import attributes, coverage
from crm.customers.bins import UNKNOWN
from crm.customers.coverage import Coverage
from crm.database import Store
from crm.database.scratch import Bench
from crm.errors import NotFoundError
from crm.patterns.keeping import kept, rows
from crm.segments.scope import Scope

ROWS = ("month", "first_product", "first_category", "province", "source")
REST, LONGEST = "", 12
"""The row of all values but the LONGEST that most began with."""


@dataclass(slots=True)
class Cell:
    """What a row's customers did in their n-th month. `base`: those of the row for whom that month is over and covered, `back` those of
    them who bought in it; `per_head`: their spend up to the end of it ÷ `base`. None where no month is whole."""

    people: int = 0
    orders: int = 0
    spend: Decimal = Decimal(0)
    base: int = 0
    back: int = 0
    per_head: float | None = None

    @property
    def share(self) -> float | None:
        """Of those who could be back: who was."""
        return self.back / self.base if self.base else None


@dataclass(slots=True)
class Row:
    """A month (`YYYY-MM`) or another beginning, its customers, and its cells from the month of the first purchase on."""

    key: str
    customers: int
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Rows: months oldest first, else the most customers first. `since`: the first day with orders (None: there are none)."""

    by: str
    rows: list[Row]
    since: date | None


Counts = dict[tuple[str, int], dict[int, Any]]
"""(value, month of the first purchase) → offset → people, orders, spend."""


def compute(store: Store, as_of: date, by: str = "month") -> Cohorts:
    """The cohorts of a day (shop day); `by` one of ROWS, else NotFoundError."""
    if by not in ROWS:
        raise NotFoundError(
            "patterns.unknown_rows", "Cohorts cannot be cut by “{given}”. Known are: {known}.", given=by[:40], known=", ".join(ROWS)
        )
    return kept(store, "cohorts", as_of, lambda bench, within: _cohorts(store, bench, within, by), by)


def _cohorts(store: Store, bench: Bench, within: Scope, by: str) -> Cohorts:
    covered = coverage.of(store, within.as_of)
    counts: Counts = {}
    for row in rows(store, counted(within, by, bench)):
        counts.setdefault((getattr(row, "value", ""), int(row.cohort)), {})[int(row.offset)] = row
    if covered is None or not counts:
        return Cohorts(by, [], covered.first if covered else None)
    span = _Span(min(month for _, month in counts), _number(within.as_of), covered)
    groups: dict[str, Counts] = {}
    for (value, month), cells in counts.items():
        groups.setdefault(named(month) if by == "month" else value, {})[value, month] = cells
    if by == "month":
        return Cohorts(by, [_row(key, groups[key], span) for key in sorted(groups)], covered.first)
    return Cohorts(by, _longest(groups, span), covered.first)


def _longest(groups: dict[str, Counts], span: "_Span") -> list[Row]:
    """The rows of the values that most began with, unknown, and one for all the rest."""
    made = sorted((_row(key, some, span) for key, some in groups.items()), key=lambda one: (-one.customers, one.key))
    shown = [row for row in made if row.key != UNKNOWN][:LONGEST]
    kept_keys = {row.key for row in shown} | {UNKNOWN}
    rest: Counts = {}
    for row in made:
        if row.key not in kept_keys:
            rest |= groups[row.key]
    others = [_row(REST, rest, span)] if rest else []
    return [*shown, *others, *[row for row in made if row.key == UNKNOWN]]


class _Span:
    """The months from the first purchase to `as_of`, and which of them are over and covered."""

    def __init__(self, first: int, last: int, covered: Coverage) -> None:
        self.first, self.last = first, last
        self._whole = [covered.whole(_first_day(month), _first_day(month + 1) - timedelta(days=1)) for month in range(first, last + 1)]

    def is_whole(self, start: int, end: int) -> bool:
        """Whether all these months are."""
        return all(self._whole[start - self.first : end + 1 - self.first])


def counted(within: Scope, by: str, bench: Bench | None = None) -> Any:
    """value (not by month), cohort (months since year 0), offset, people, orders, spend; people are counted once in each cell."""
    orders = within.orders
    bought = orders.filter(orders.is_purchase & orders.customer_id.notnull())
    each = bought.group_by("customer_id", month=_month(bought.day)).aggregate(orders=bought.count(), spend=bought.spend.sum())
    begun = _begun(within, by)
    both = each.join(begun if bench is None or by == "month" else bench.put(begun), "customer_id")
    by_value = ["value"] if by != "month" else []
    cells = both.group_by(*by_value, "cohort", offset=both.month - both.cohort)
    return cells.aggregate(people=both.count(), orders=both.orders.sum(), spend=both.spend.sum())


def _begun(within: Scope, by: str) -> Any:
    """customer_id, cohort, value (not by month) of every buyer."""
    buyers = within.facts.filter(within.facts.first_purchase_day.notnull())
    cohort = _month(buyers.first_purchase_day)
    if by == "month":
        return buyers.select("customer_id", cohort=cohort)
    attribute = attributes.every()[by]
    if not attribute.rows:
        return buyers.select("customer_id", cohort=cohort, value=attribute.of(within).fill_null(UNKNOWN))
    known = attribute.of(within)
    both = buyers.select("customer_id", cohort=cohort).left_join(known, "customer_id")
    return both.select("customer_id", "cohort", value=both.value.fill_null(UNKNOWN))


def _month(day: Any) -> Any:
    return (day.year().cast("int32") * 12 + day.month().cast("int32") - 1).cast("int32")


def named(month: int) -> str:
    """Months since year 0 as YYYY-MM."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _row(key: str, some: Counts, span: _Span) -> Row:
    sizes = {begun: int(cells[0].people) for begun, cells in some.items()}
    row = Row(key, sum(sizes.values()))
    spent = {begun: _spent(cells, span.last - begun[1]) for begun, cells in some.items()}
    for offset in range(span.last - min(month for _, month in some) + 1):
        cell, money, heads = Cell(), Decimal(0), 0
        for begun, cells in some.items():
            month = begun[1] + offset
            if month > span.last:
                continue
            _add(cell, cells.get(offset), sizes[begun], span.is_whole(month, month))
            if span.is_whole(begun[1], month):
                money, heads = money + spent[begun][offset], heads + sizes[begun]
        cell.per_head = float(money) / heads if heads else None
        row.cells.append(cell)
    return row


def _spent(cells: dict[int, Any], last: int) -> list[Decimal]:
    """Their spend up to the end of each month."""
    return list(accumulate(Decimal(str(cells[offset].spend)) if offset in cells else Decimal(0) for offset in range(last + 1)))


def _add(cell: Cell, counted: Any, size: int, is_whole: bool) -> None:
    people = int(counted.people) if counted else 0
    if counted:
        cell.people += people
        cell.orders += int(counted.orders)
        cell.spend += Decimal(str(counted.spend))
    if is_whole:
        cell.base += size
        cell.back += people
