"""Which column is what the customer paid: by its name, by the sums that come to it, and by what the other columns leave over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from crm.columns import arithmetic
from crm.columns.arithmetic import CENT, ENOUGH, Money
from crm.columns.asking import Candidate
from crm.columns.values import Profile


@dataclass(frozen=True)
class Chosen:
    """Field → column, why, and between which columns it is not certain (then nobody should go on)."""

    fields: dict[str, Profile]
    why: str
    doubt: list[Candidate]


def choose(money: Money) -> Chosen:
    """The columns of what was paid, of the total beside it, or of the lines that come to it."""
    named = [*money.paid, *money.total, *money.amount]
    if not named:
        return _without_name(money)
    if money.paid:
        return _paid(money)
    groups = [group for group in (money.total, money.amount) if group]
    best = _one(money, groups[0])
    if best is None:
        return Chosen({}, "", _asked(groups[0], "named"))
    rivals = [other for group in groups[1:] for other in group if not arithmetic.same(best.amounts, other.amounts)]
    proven = arithmetic.proven(money, best)
    left = [*money.discount, *money.unnamed]
    if proven and any(arithmetic.apart(best, other, one) for other in rivals for one in left):  # before a discount, and after it
        return Chosen({}, "", _asked([best, *rivals], "differ"))
    if rivals and not proven:
        turned = [other for other in rivals if arithmetic.proven(money, other)]
        if len(turned) == 1:
            return Chosen({"paid_amount": turned[0]}, "sum", [])
        whole = [
            other
            for other in rivals
            if arithmetic.of_order(money, other) and not arithmetic.of_order(money, best) and arithmetic.adds_up(money, best.amounts, other)
        ]
        if len(whole) == 1 == len(rivals):
            return Chosen({"paid_amount": whole[0]}, "sum", [])
        if not all(_explained(money, best, other) for other in rivals):
            return Chosen({}, "", _asked([best, *rivals], "differ"))
    if not proven and arithmetic.deducted(money, best):
        return Chosen({}, "", _asked([best, *money.goods], "parts"))
    if not proven and (better := _outdone(money, best)):
        return Chosen({}, "", _asked([best, better], "sum"))
    owed = next((column for column in money.balance if _all_or_nothing(money, column, best)), None)
    fields = {"paid_amount": best} | ({"owed_amount": owed} if owed else {})
    return Chosen(fields, "sum" if proven else "name", _owing(money, best))


def quantity(counts: list[Profile], units: list[Profile], sums: list[Profile], orders: tuple[str, ...] | None) -> Profile | None:
    """How many of a thing a row is about: of several counts the one that prices and sums go with, else one that is not the order's own."""
    for count in counts if len(counts) > 1 else []:
        lines = [[None if a is None or b is None else a * b for a, b in zip(count.amounts, unit.amounts, strict=True)] for unit in units]
        if any(arithmetic.share(zip(line, one.amounts, strict=True)) >= ENOUGH for line in lines for one in sums):
            return count
    several = {order for order in orders or () if (orders or ()).count(order) > 1}
    own = [count for count in counts if any(len(_cells_of(count, orders or (), order)) > 1 for order in several)]
    return next(iter(own or counts), None)


def _cells_of(column: Profile, orders: tuple[str, ...], order: str) -> set[str]:
    """What a column says on the rows of an order."""
    return {cell for cell, one in zip(column.cells, orders, strict=True) if one == order and cell}


def _paid(money: Money) -> Chosen:
    """A column that is called what was paid, with the total beside it."""
    paid = _one(money, money.paid)
    if paid is None:
        return Chosen({}, "", _asked(money.paid, "named"))
    total = _one(money, money.total) if money.total else None
    if not arithmetic.proven(money, paid) and arithmetic.deducted(money, paid):
        return Chosen({}, "", _asked([paid, *money.total, *money.goods], "parts"))
    if any(value for column in money.change for value in column.amounts):
        return _handed_over(money, paid)
    if more := [column for column in [*money.unnamed, *money.hardly] if _in_part(money, paid, column)]:
        return Chosen({}, "", _asked([paid, *more], "part"))
    beside = {"total_amount": total} if total and total is not paid else {}
    return Chosen({"paid_amount": paid} | beside, "name", _blank(money, paid, total))


def _in_part(money: Money, paid: Profile, price: Profile) -> bool:
    """Whether one amount is now and then a part of the other, and else all of it: a deposit? Not a price, not where the rest is told."""
    if money.balance or _is_price(money, paid, price) or _is_price(money, price, paid):
        return False
    rows = [(row, one, two) for row, (one, two) in enumerate(zip(paid.amounts, price.amounts, strict=True)) if one and two]
    less = any(one < two - CENT for row, one, two in rows if row not in money.unpaid)
    return less and sum(one >= two - CENT for _, one, two in rows) > 1 and all(one <= two + CENT for _, one, two in rows)


def _is_price(money: Money, column: Profile, whole: Profile) -> bool:
    """Whether a column times the number of things, with one more column (what the way costs), is the other."""
    lines = arithmetic.line(money, column) if money.quantity else []
    if not any(one and one != two for one, two in zip(lines, column.amounts, strict=False)):
        return False  # never more than one of a thing
    for fees in [[None] * len(lines), *(other.amounts for other in [*money.shipping, *money.unnamed, *money.hardly])]:
        sums = [None if one is None else one + (fee or 0) for one, fee in zip(lines, fees, strict=True)]
        if arithmetic.share(zip(sums, whole.amounts, strict=True)) >= ENOUGH:
            return True
    return False


def _handed_over(money: Money, given: Profile) -> Chosen:
    """What was handed over at a till, less the change: the total that it comes to."""
    change = money.change[0].amounts
    left = [None if one is None else one if two is None else one - abs(two) for one, two in zip(given.amounts, change, strict=True)]
    items = [None if not one else two for one, two in zip(given.amounts, left, strict=True)]
    totals = [column for column in [*money.total, *money.amount] if arithmetic.share(zip(items, column.amounts, strict=True)) >= ENOUGH]
    return (
        Chosen({"paid_amount": totals[0]}, "sum", []) if totals else Chosen({}, "", _asked([given, *money.total, *money.change], "differ"))
    )


def _all_or_nothing(money: Money, owed: Profile, total: Profile) -> bool:
    """Whether of each order either all is owed or nothing; orders that are told to be unpaid may owe what they like."""
    rows = enumerate(zip(owed.amounts, total.amounts, strict=True))
    left = [(one, two) for row, (one, two) in rows if two and one and one > 0 and row not in money.unpaid]
    return bool(left) and all(one >= two - CENT for one, two in left)


def _owing(money: Money, paid: Profile) -> list[Candidate]:
    """What is owed in part beside a total and no status tells apart, or money without a name of ours that is the total or nothing."""
    for column in money.balance:
        some = any(value for row, value in enumerate(column.amounts) if row not in money.unpaid)
        if some and not _all_or_nothing(money, column, paid):
            return _asked([paid, *money.balance], "owed")
    parts = [column for column in money.unnamed if _part_of(column, paid) or (paid in money.amount and _rivals(paid, column))]
    parts += [column for column in [*money.unnamed, *money.hardly] if column not in parts and _in_part(money, column, paid)]
    return _asked([paid, *parts], "part") if parts else []


def _rivals(named: Profile, other: Profile) -> bool:
    """Whether money without a name of ours could as well be what was paid: it is told on all rows and about as much."""
    return _near(named.amounts, other)


def _near(amounts: Sequence[Decimal | None], other: Profile) -> bool:
    """Whether a column tells other amounts than these, on nearly all rows, and about as much."""
    both = [(one, two) for one, two in zip(amounts, other.amounts, strict=True) if one and two]
    alike = sum(abs(one) <= 2 * abs(two) and abs(two) <= 2 * abs(one) for one, two in both)
    return len(both) >= ENOUGH * len(other.cells) and alike >= ENOUGH * len(both) and not arithmetic.same(amounts, other.amounts)


def _part_of(column: Profile, whole: Profile) -> bool:
    """Whether a column is the whole on some rows and nothing on others: paid, owed or given back, but nobody knows which."""
    pairs = [(one, two) for one, two in zip(column.amounts, whole.amounts, strict=True) if two]
    same = sum(one is not None and abs(one - two) <= CENT for one, two in pairs)
    nothing = sum(not one for one, two in pairs)
    return same > 0 and nothing > 0 and same + nothing >= ENOUGH * len(pairs)


def _without_name(money: Money) -> Chosen:
    """No column is called an amount: lines, or quantity and price, or the only money there is; never with tax or a discount left over."""
    lines = [column for column in [*money.goods, *money.net] if arithmetic.is_line(money, column)]
    if not money.lines and len(lines) == 1:
        money = replace(
            money,
            lines=lines,
            goods=[column for column in money.goods if column not in lines],
            net=[column for column in money.net if column not in lines],
        )
    rows = replace(money, orders=None)
    settled = [column for column in money.lines if arithmetic.proven(rows, column)]  # what is left over is in the lines already
    money = replace(money, lines=settled) if len(settled) == 1 else money
    if len(settled) != 1 and any(value for part in [*money.tax, *money.discount] for value in part.amounts):
        return Chosen({}, "", _asked([*money.lines, *money.goods, *money.net, *money.unnamed, *money.unit], "parts"))
    if money.lines:
        line = _one(money, money.lines)
        return Chosen({"line_amount": line}, "lines", []) if line else Chosen({}, "", _asked(money.lines, "named"))
    if money.unit and money.quantity and not money.goods and not money.net:
        unit = _one(money, money.unit)
        near = [column for column in money.unnamed if unit and _near(arithmetic.line(money, unit), column)]  # a share after discounts?
        return Chosen({"unit_price": unit}, "price", []) if unit and not near else Chosen({}, "", _asked([*money.unit, *near], "named"))
    rest = [*money.goods, *money.net, *money.unnamed]
    if not rest and len(money.unit) == 1:
        return Chosen({"paid_amount": money.unit[0]}, "only", [])
    if len(rest) == 1 and rest[0] in money.unnamed and not money.unit:
        return Chosen({"paid_amount": rest[0]}, "only", [])
    return Chosen({}, "", _asked([*rest, *money.unit], "none"))


def _one(money: Money, group: list[Profile]) -> Profile | None:
    """Of columns that are called alike: the only one, one of those that are the same, or the one that sums and orders show; else None."""
    if len(group) == 1 or all(arithmetic.same(group[0].amounts, other.amounts) for other in group[1:]):
        return group[0]
    paid = [[None if row in money.unpaid else value for row, value in enumerate(column.amounts)] for column in group]
    if all(arithmetic.same(paid[0], other) for other in paid[1:]):
        return group[0]
    proven = [column for column in group if arithmetic.proven(money, column)]
    if len(proven) == 1:
        left = [*money.unnamed, *money.discount]
        return None if any(arithmetic.apart(proven[0], other, one) for other in group for one in left) else proven[0]
    whole = [column for column in group if arithmetic.of_order(money, column)]
    if len(whole) == 1 and all(arithmetic.adds_up(money, column.amounts, whole[0]) for column in group if column is not whole[0]):
        return whole[0]
    return None


def _explained(money: Money, total: Profile, other: Profile) -> bool:
    """Whether another amount is the lines' of which the order's total is made: then it is no rival."""
    lines = next((arithmetic.line(money, unit) for unit in money.unit if money.quantity), None)
    if (
        lines is not None
        and arithmetic.share(zip(lines, other.amounts, strict=True)) >= ENOUGH
        and not arithmetic.same(lines, total.amounts)
    ):
        return True
    if not arithmetic.of_order(money, total) or arithmetic.of_order(money, other):
        return False
    wholes = [total, *(column for column in [*money.goods, *money.net] if arithmetic.of_order(money, column))]
    return any(arithmetic.adds_up(money, other.amounts, whole) for whole in wholes) or arithmetic.taxed(money, other.amounts, total)


def _outdone(money: Money, best: Profile) -> Profile | None:
    """A column without a name of ours that the sums come to while they do not come to the named one."""
    return next(
        (other for other in money.unnamed if not arithmetic.same(best.amounts, other.amounts) and arithmetic.proven(money, other)), None
    )


def _blank(money: Money, paid: Profile, total: Profile | None) -> list[Candidate]:
    """What was paid is blank where there is something to pay: was nothing paid, or is it not told?"""
    if total is None or not paid.texts:
        return []
    rows = enumerate(zip(paid.cells, total.amounts, strict=True))
    gaps = sum(not cell and bool(value) for row, (cell, value) in rows if row not in money.unpaid)
    return _asked([paid, total], "blank") if gaps else []


def _asked(columns: Sequence[Profile], why: str) -> list[Candidate]:
    return [Candidate("paid_amount", column.place, column.title, why, tuple(column.texts[:3])) for column in columns]
