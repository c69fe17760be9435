"""Which column is what the customer paid: by its name, by the sums that come to it, and by what the other columns leave over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from crm.columns.asking import Candidate
from crm.columns.values import Profile

CENT, ENOUGH = Decimal("0.021"), 0.9
"""How far sums may differ, and of the rows that can be compared the share that must agree."""
Values = Sequence[Decimal | None]


@dataclass(frozen=True)
class Money:
    """The columns of a table that hold money, by what their names say; `unpaid`: rows whose status says that nothing was paid."""

    paid: list[Profile]
    total: list[Profile]
    amount: list[Profile]
    goods: list[Profile]
    net: list[Profile]
    lines: list[Profile]
    unit: list[Profile]
    unnamed: list[Profile]
    shipping: list[Profile]
    tax: list[Profile]
    discount: list[Profile]
    balance: list[Profile]
    quantity: Profile | None
    orders: tuple[str, ...] | None
    unpaid: frozenset[int] = frozenset()


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
        paid = _one(money, money.paid)
        if paid is None:
            return Chosen({}, "", _asked(money.paid, "named"))
        total = _one(money, money.total) if money.total else None
        return Chosen(
            {"paid_amount": paid} | ({"total_amount": total} if total and total is not paid else {}), "name", _blank(money, paid, total)
        )
    groups = [group for group in (money.total, money.amount) if group]
    best = _one(money, groups[0])
    if best is None:
        return Chosen({}, "", _asked(groups[0], "named"))
    rivals = [other for group in groups[1:] for other in group if not _same(best.amounts, other.amounts)]
    proven = _proven(money, best)
    if rivals and not proven:
        turned = [other for other in rivals if _proven(money, other)]
        if len(turned) == 1:
            return Chosen({"paid_amount": turned[0]}, "sum", [])
        whole = [
            other for other in rivals if _of_order(money, other) and not _of_order(money, best) and _adds_up(money, best.amounts, other)
        ]
        if len(whole) == 1 == len(rivals):
            return Chosen({"paid_amount": whole[0]}, "sum", [])
        if not all(_explained(money, best, other) for other in rivals):
            return Chosen({}, "", _asked([best, *rivals], "differ"))
    if not proven and (better := _outdone(money, best)):
        return Chosen({}, "", _asked([best, better], "sum"))
    return Chosen({"paid_amount": best}, "sum" if proven else "name", _owing(money, best))


def _owing(money: Money, paid: Profile) -> list[Candidate]:
    """What is owed beside a total and no status tells apart, or money without a name of ours that is the total or nothing."""
    if any(value for column in money.balance for row, value in enumerate(column.amounts) if row not in money.unpaid):
        return _asked([paid, *money.balance], "owed")
    parts = [column for column in money.unnamed if _part_of(column, paid)]
    return _asked([paid, *parts], "part") if parts else []


def _part_of(column: Profile, whole: Profile) -> bool:
    """Whether a column is the whole on some rows and nothing on others: paid, owed or given back, but nobody knows which."""
    pairs = [(one, two) for one, two in zip(column.amounts, whole.amounts, strict=True) if two]
    same = sum(one is not None and abs(one - two) <= CENT for one, two in pairs)
    nothing = sum(not one for one, two in pairs)
    return same > 0 and nothing > 0 and same + nothing >= ENOUGH * len(pairs)


def _without_name(money: Money) -> Chosen:
    """No column is called an amount: lines, or quantity and price, or the only money there is; never with tax or a discount left over."""
    lines = [column for column in [*money.goods, *money.net] if _is_line(money, column)]
    if not money.lines and len(lines) == 1:
        money = replace(
            money,
            lines=lines,
            goods=[column for column in money.goods if column not in lines],
            net=[column for column in money.net if column not in lines],
        )
    if any(value for part in [*money.tax, *money.discount] for value in part.amounts):
        return Chosen({}, "", _asked([*money.lines, *money.goods, *money.net, *money.unnamed, *money.unit], "parts"))
    if money.lines:
        line = _one(money, money.lines)
        return Chosen({"line_amount": line}, "lines", []) if line else Chosen({}, "", _asked(money.lines, "named"))
    if money.unit and money.quantity and not money.goods and not money.net:
        unit = _one(money, money.unit)
        return Chosen({"unit_price": unit}, "price", []) if unit else Chosen({}, "", _asked(money.unit, "named"))
    rest = [*money.goods, *money.net, *money.unnamed]
    if not rest and len(money.unit) == 1:
        return Chosen({"paid_amount": money.unit[0]}, "only", [])
    if len(rest) == 1 and rest[0] in money.unnamed and not money.unit:
        return Chosen({"paid_amount": rest[0]}, "only", [])
    return Chosen({}, "", _asked([*rest, *money.unit], "none"))


def _one(money: Money, group: list[Profile]) -> Profile | None:
    """Of columns that are called alike: the only one, one of those that are the same, or the one that sums and orders show; else None."""
    if len(group) == 1 or all(_same(group[0].amounts, other.amounts) for other in group[1:]):
        return group[0]
    proven = [column for column in group if _proven(money, column)]
    if len(proven) == 1:
        return proven[0]
    whole = [column for column in group if _of_order(money, column)]
    if len(whole) == 1 and all(_adds_up(money, column.amounts, whole[0]) for column in group if column is not whole[0]):
        return whole[0]
    return None


def _of_order(money: Money, column: Profile) -> bool:
    """Whether an order's rows all say the same of it, and some order has several."""
    if money.orders is None:
        return False
    seen: dict[str, set[Decimal]] = {}
    rows: dict[str, int] = {}
    for order, value in zip(money.orders, column.amounts, strict=True):
        if value is not None:
            seen.setdefault(order, set()).add(value)
            rows[order] = rows.get(order, 0) + 1
    return any(number > 1 for number in rows.values()) and all(len(values) == 1 for values in seen.values())


def _adds_up(money: Money, lines: Values, column: Profile) -> bool:
    """Whether an order's lines come to the column."""
    return _share(zip(_by_order(money, lines), _by_order(money, column.amounts, first=True), strict=True)) >= ENOUGH


def _by_order(money: Money, values: Values, first: bool = False) -> list[Decimal | None]:
    """Per order the sum of its rows, or the first of them."""
    orders = money.orders or tuple(str(number) for number in range(len(values)))
    found: dict[str, Decimal | None] = dict.fromkeys(orders)
    for order, value in zip(orders, values, strict=True):
        if value is not None:
            before = found[order]
            found[order] = value if before is None else before if first else before + value
    return list(found.values())


def _proven(money: Money, column: Profile) -> bool:
    """Whether goods, shipping, tax and discount of an order come to this column, and not just because the others are nothing."""
    total = _by_order(money, column.amounts, first=_of_order(money, column))
    for goods in _goods(money, column):
        for parts in _ways(money, column):
            summed = [_sum(goods[at], [part[at] for part in parts]) for at in range(len(total))]
            telling = sum(one is not None and two is not None and abs(one - two) > CENT for one, two in zip(goods, summed, strict=True))
            if telling and _share(zip(summed, total, strict=True)) >= ENOUGH:
                return True
    return False


def _goods(money: Money, column: Profile) -> Iterable[list[Decimal | None]]:
    for goods in [*money.goods, *money.net, *money.total, *money.amount]:
        if goods is not column:
            yield _by_order(money, goods.amounts, first=_of_order(money, goods))
    for line in money.lines:
        yield _by_order(money, line.amounts)
    for unit in money.unit if money.quantity else []:
        yield _by_order(money, _line(money, unit))


def _ways(money: Money, column: Profile) -> Iterable[list[list[Decimal | None]]]:
    """The ways in which shipping, tax and discount may go into a total: all of a kind, or none."""

    def of(group: list[Profile], sign: int) -> list[list[Decimal | None]]:
        told = [_by_order(money, one.amounts, first=_of_order(money, one)) for one in group if one is not column]
        return [[None if value is None else (value if sign > 0 else -abs(value)) for value in one] for one in told]

    kinds = [of(money.shipping, 1), of(money.tax, 1), of(money.discount, -1)]
    for picks in product(*([[], kind] if kind else [[]] for kind in kinds)):
        if any(picks):
            yield [part for pick in picks for part in pick]


def _sum(goods: Decimal | None, parts: list[Decimal | None]) -> Decimal | None:
    return None if goods is None else goods + sum((part for part in parts if part is not None), Decimal(0))


def _explained(money: Money, total: Profile, other: Profile) -> bool:
    """Whether another amount is the lines' of which the order's total is made: then it is no rival."""
    lines = next((_line(money, unit) for unit in money.unit if money.quantity), None)
    if lines is not None and _share(zip(lines, other.amounts, strict=True)) >= ENOUGH and not _same(lines, total.amounts):
        return True
    return _of_order(money, total) and not _of_order(money, other) and _adds_up(money, other.amounts, total)


def _line(money: Money, unit: Profile) -> list[Decimal | None]:
    """What quantity and price of each row come to."""
    quantity = money.quantity.amounts if money.quantity else ()
    return [None if one is None or two is None else one * two for one, two in zip(quantity, unit.amounts, strict=True)]


def _is_line(money: Money, column: Profile) -> bool:
    """Whether a column is what quantity and price of its row come to."""
    return any(_share(zip(_line(money, unit), column.amounts, strict=True)) >= ENOUGH for unit in money.unit) if money.quantity else False


def _outdone(money: Money, best: Profile) -> Profile | None:
    """A column without a name of ours that the sums come to while they do not come to the named one."""
    return next((other for other in money.unnamed if not _same(best.amounts, other.amounts) and _proven(money, other)), None)


def _blank(money: Money, paid: Profile, total: Profile | None) -> list[Candidate]:
    """What was paid is blank where there is something to pay: was nothing paid, or is it not told?"""
    if total is None or not paid.told:
        return []
    rows = enumerate(zip(paid.cells, total.amounts, strict=True))
    gaps = sum(not cell and bool(value) for row, (cell, value) in rows if row not in money.unpaid)
    return _asked([paid, total], "blank") if gaps else []


def _same(one: Values, other: Values) -> bool:
    """Whether two columns say the same wherever both say anything."""
    both = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return bool(both) and all(abs(a - b) <= CENT for a, b in both)


def _share(pairs: Iterable[tuple[Decimal | None, Decimal | None]]) -> float:
    both = [(one, two) for one, two in pairs if one is not None and two is not None]
    return sum(abs(one - two) <= CENT for one, two in both) / len(both) if both else 0.0


def _asked(columns: Sequence[Profile], why: str) -> list[Candidate]:
    return [Candidate("paid_amount", column.place, column.title, why, tuple(column.told[:3])) for column in columns]
