"""The order's id, its moment and its status: which column, how sure, or between which columns it cannot be told."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm.columns import statuses
from crm.columns.asking import Candidate, Question
from crm.columns.values import TOTALS, Profile, fit

if TYPE_CHECKING:
    from crm.columns.assignment import Sorted

Fields = dict[str, tuple[Profile, float, str]]
DENSE = 0.9
MANY = 4
"""Rows from which on it says something that no two are alike."""
NEVER = ("unpaid", "closed_unpaid", "cancelled", "closed", "closed_refunded")


@dataclass(frozen=True)
class Role:
    """Field → (column, confidence, why), the questions that are open, and remarks."""

    fields: Fields = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)


def candidate(name: str, column: Profile, why: str) -> Candidate:
    """A column as one of several answers."""
    return Candidate(name, column.place, column.title, why, tuple(dict.fromkeys(column.texts))[:3])


def order(table: "Sorted") -> Role:
    """The column that tells orders apart: called so, filled on every row (or on each order's first), and no two of them contrary."""
    ranked = [table.called(name) for name in ("order_id", "receipt_id", "transaction_id", "invoice_id", "plain_id", "payment_id")]
    good = [[column for column in group if _tells_apart(column)] for group in ranked]
    good[-2] = [column for column in good[-2] if column.share(lambda cell: any(letter.isdigit() for letter in cell)) > 0.8]  # no names
    for group in good:
        if group:
            first = group[0]
            rivals = [other for other in group[1:] if not _agree(first, other)]
            if rivals:
                return Role({}, [Question("order", tuple(candidate("order_id", column, "named") for column in [first, *rivals]))])
            whole = [column for other in good for column in other if column.filled == 1.0 > first.filled >= DENSE and _agree(first, column)]
            return Role({"order_id": ([*whole, first][0], 0.95, "name")})
    sparse = [column for group in ranked[:4] for column in group if column.texts]
    unknown = [column for column in table.unnamed if _like_ids(column)]
    alone = [column for column in unknown if len(column.counts) == len(column.cells) > MANY]
    if alone and not sparse:  # each row is an order, with it or without
        return Role({"order_id": (alone[0], 0.7, "values")})
    if sparse or unknown:
        answers = [candidate("order_id", column, "sparse" if column in sparse else "values") for column in [*sparse, *unknown]]
        return Role({}, [Question("order", (*answers, Candidate("order_id", -1, "", "none")))])
    return Role()


def _tells_apart(column: Profile) -> bool:
    """Whether a column can be an id of orders: filled, or filled on rows that begin an order; not one value for all."""
    if not column.texts or _sorts(column) or column.statuses > 0.8:
        return False
    if len(column.texts) > 2 and len(column.counts) == 1:
        return False
    return column.filled >= DENSE or (
        column.filled >= 0.2 and bool(column.cells[0]) and len(column.counts) == len(column.texts) and _in_runs(column)
    )


def _in_runs(column: Profile) -> bool:
    """Whether blanks follow filled cells as further lines follow an order's first: few more blanks than orders."""
    return max(len(run) for run in re.findall("b+", "".join("a" if cell else "b" for cell in column.cells)) or [""]) <= 30


def _like_ids(column: Profile) -> bool:
    result = column.texts
    codes = column.share(lambda cell: bool(re.fullmatch(r"(?=.*\d)[\w#/.-]{4,40}", cell))) > 0.95
    return (
        column.filled >= DENSE
        and len(column.counts) > 0.9 * len(result)
        and codes
        and column.moments < 0.5
        and column.decimals < 0.2
        and len(result) > 1
    )


def _agree(one: Profile, other: Profile) -> bool:
    """Whether two columns tell the same rows apart: each value of one has one of the other."""
    there: dict[str, str] = {}
    back: dict[str, str] = {}
    for a, b in zip(one.cells, other.cells, strict=True):
        if a and b and (there.setdefault(a, b) != b or back.setdefault(b, a) != a):
            return False
    return True


def order_of_rows(table: "Sorted", place: int) -> tuple[str, ...]:
    """The order id of each row, carried down where it stands on an order's first row only."""
    column = next(column for column in table.columns if column.place == place)
    result, last = [], ""
    for number, cell in enumerate(column.cells):
        last = cell or last
        result.append(last or f"row {number}")
    return tuple(result)


def carries(table: "Sorted", columns: dict[str, int]) -> bool:
    """Whether an order's id, moment and amount stand on its first row and its further rows name products only."""
    by_place = {column.place: column for column in table.columns}
    if "order_id" not in columns or not {"item_title", "sku_code", "line_amount", "unit_price", "item_qty"} & set(columns):
        return False
    totals = {row for column in table.columns for row, cell in enumerate(column.cells) if cell and re.fullmatch(TOTALS, cell.lower())}
    blank = [row for row, cell in enumerate(by_place[columns["order_id"]].cells) if not cell and row not in totals]
    own = [by_place[columns[name]] for name in ("created_at", "paid_at", "buyer_id", "buyer_email") if name in columns]
    amount = by_place[columns["paid_amount"]] if "paid_amount" in columns else None
    if amount and not all(amount.cells[row] for row in blank):  # of the order, or of each of its lines
        own.append(amount)
    elif blank and min(blank) > max(row for row, cell in enumerate(by_place[columns["order_id"]].cells) if cell):
        return False  # only the end of the table has none: a sum under it, whatever it is called
    lines = [by_place[columns[name]] for name in ("item_title", "sku_code") if name in columns]
    return (
        bool(blank and own)
        and all(not column.cells[row] for row in blank for column in own)
        and all(any(column.cells[row] for column in lines) for row in blank)
    )


def moment(table: "Sorted", language: str | None) -> Role:
    """When the order was placed, and when it was paid where that is told beside it."""
    fields: Fields = {}
    paid = table.called("paid_date")
    for name in ("order_date", "created", "invoice_date"):
        group = [column for column in table.called(name) if column.texts and fit("moment", column) > 0]
        if group:
            first = max(group, key=lambda column: (round(column.filled, 1), any(":" in cell for cell in column.texts[:20]), -column.place))
            rivals = [other for other in group if other is not first and not _same_days(first, other)]
            if rivals:
                return Role({}, [Question("moment", tuple(candidate("created_at", column, "named") for column in [first, *rivals]))])
            fields["created_at"] = (first, 0.95, "name")
            break
    if paid:
        fields["paid_at"] = (paid[0], 0.95, "name")
    if "created_at" in fields or (paid and paid[0].filled >= DENSE):
        return Role(fields)
    unknown = [column for column in table.unnamed if column.moments >= DENSE]
    other = [column for column in table.called("other_date", "shipped_date", "completed_date") if column.moments >= DENSE]
    if paid and not any(column.filled >= DENSE for column in unknown):
        return Role(fields)
    if len(unknown) == 1 and (paid or not other):
        return Role(fields | {"created_at": (unknown[0], 0.7, "only")})
    return Role({}, [Question("moment", tuple(candidate("created_at", column, "values") for column in [*unknown, *other]))])


def _same_days(one: Profile, other: Profile) -> bool:
    return all(a[:8] == b[:8] for a, b in zip(one.cells, other.cells, strict=True) if a and b)


def status(table: "Sorted") -> Role:
    """How far the order is; where its payment has a column of its own, that one beside it."""
    own = [column for column in table.called("status") if column.texts]
    if any(column.statuses > 0.5 for column in own):  # `État` of a book beside the status of its order
        own = [column for column in own if column.statuses > 0.2]
    paid = [column for column in table.called("payment_status") if column.texts] or _payments(table, own)
    rivals = [other for other in own[1:] if other.cells != own[0].cells]
    if rivals:
        return Role({}, [Question("status", tuple(candidate("status_raw", column, "named") for column in own))])
    fields: Fields = {}
    if own:
        fields["status_raw"] = (own[0], 0.95 if own[0].statuses > 0.5 else 0.7, "name")
    if paid:
        fields["payment_raw" if own else "status_raw"] = (paid[0], 0.95, "name")
    role = Role(fields) if fields else _by_values(table)
    if role.questions:
        return role
    fields = role.fields
    sorts = [column for column in table.columns if _sorts(column)]
    if len(sorts) == 1 and "refund_status_raw" not in fields and all(column is not sorts[0] for column, _, _ in fields.values()):
        fields["refund_status_raw"] = (sorts[0], 0.9, "values")
    shipped = table.called("fulfilment")
    if shipped:
        fields["fulfillment_raw"] = (shipped[0], 0.9, "name")
    return Role(fields)


def _by_values(table: "Sorted") -> Role:
    """The status of a table that has no column called so: by its words, or asked."""
    free = [column for column in table.columns if column not in table.called(*SPOKEN_FOR)]
    free += [
        column for column in table.called("payment_method") if any(statuses.meaning(cell) in NEVER for cell in column.texts)
    ]  # Payment: paid
    named = [column for column, _ in table.of.get("status", []) if column in free and _coded(column)]
    if len(named) == 1:  # what its numbers mean is asked
        return Role({"status_raw": (named[0], 0.7, "name")})
    alike = [
        column for column in free if column.statuses == 1.0 and not _sorts(column) and 0 < len(column.counts) <= 8 and column.filled > 0.5
    ]
    means = {column.place: {statuses.meaning(cell) for cell in column.texts} for column in alike}
    alike = [column for column in alike if len(column.counts) > 1 or means[column.place] <= {*NEVER, "partial_refund", "refunding"}]
    if len(alike) == 1 and len(means[alike[0].place]) > 1:
        return Role({"status_raw": (alike[0], 0.7, "values")})
    if alike:
        return _one_or_none(alike)
    inner = [column for column in [*table.unnamed, *table.called("internal_status")] if len(column.counts) <= 12]
    inner = [column for column in inner if any(statuses.meaning(cell) in NEVER for cell in column.texts)]
    if inner and not table.called("paid_amount", "balance"):  # of lines, or of the shop's own work: but some were never bought
        return _one_or_none(inner)
    return Role({})


def _one_or_none(columns: list[Profile]) -> Role:
    answers = (candidate("status_raw", column, "values") for column in columns)
    return Role({}, [Question("status", (*answers, Candidate("status_raw", -1, "", "none")))])


SPOKEN_FOR = "fulfilment refund_status internal_status customer_kind payment_method consent void_flag returned_flag done_flag".split()
"""What looks like a status and says something else."""


def _coded(column: Profile) -> bool:
    """Whether a column holds a few short numbers, again and again."""
    return (
        1 < len(column.counts) <= min(8, len(column.texts) // 2) and column.share(lambda one: bool(re.fullmatch(r"-?\d{1,3}", one))) == 1.0
    )


def _payments(table: "Sorted", own: list[Profile]) -> list[Profile]:
    """A column without a name of ours that says of each order whether it was paid."""
    items = [
        column
        for column in [*table.unnamed, *table.called("payment_method")]
        if own
        and column.filled > 0.5
        and 1 < len(column.counts) <= 8
        and column.statuses == 1.0
        and all(statuses.says_paid(cell) or statuses.meaning(cell) == "unpaid" for cell in column.counts)
    ]
    return items if len(items) == 1 else []


def _sorts(column: Profile) -> bool:
    """Whether a column says of each row whether it is a sale or gives money back."""
    return column.filled >= DENSE and statuses.are_sorts(column.counts)


def unpaid(table: "Sorted", columns: dict[str, int]) -> frozenset[int]:
    """The rows whose status says that no money stayed."""
    by_place = {column.place: column for column in table.columns}
    items = [by_place[columns[name]] for name in ("status_raw", "payment_raw") if name in columns]
    return frozenset(row for column in items for row, cell in enumerate(column.cells) if cell and statuses.answer(cell) in NEVER)
