"""The sums of a table of orders: which columns come to which, per row and per order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

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
    hardly: list[Profile]
    shipping: list[Profile]
    tax: list[Profile]
    discount: list[Profile]
    balance: list[Profile]
    change: list[Profile]
    fees: list[Profile]
    quantity: Profile | None
    orders: tuple[str, ...] | None
    unpaid: frozenset[int] = frozenset()


def of_order(money: Money, column: Profile) -> bool:
    """Whether an order's rows all say the same of it, and some order has several."""
    if money.orders is None:
        return False
    seen: dict[str, set[Decimal]] = {}
    rows: dict[str, int] = {}
    for order, value in zip(money.orders, column.amounts, strict=True):
        rows[order] = rows.get(order, 0) + 1  # on its first row only, or on all of them
        if value is not None:
            seen.setdefault(order, set()).add(value)
    return any(number > 1 for number in rows.values()) and all(len(values) == 1 for values in seen.values())


def adds_up(money: Money, lines: Values, column: Profile) -> bool:
    """Whether an order's lines come to the column."""
    return share(zip(by_order(money, lines), by_order(money, column.amounts, first=True), strict=True)) >= ENOUGH


def apart(one: Profile, other: Profile, between: Profile) -> bool:
    """Whether two totals differ by just what a third column says: before and after a discount, and nobody knows which was paid."""
    rows = list(zip(one.amounts, other.amounts, between.amounts, strict=True))
    items = [(a - b, abs(c)) for a, b, c in rows if a is not None and b is not None and c]
    return len(items) > 1 and share(items) >= ENOUGH


def taxed(money: Money, lines: Values, column: Profile) -> bool:
    """Whether an order's lines come to the column once the same tax is on all of them."""
    pairs = zip(by_order(money, lines), by_order(money, column.amounts, first=True), strict=True)
    rates = sorted(whole / part for part, whole in pairs if part and whole)
    return len(rates) > 2 and rates[0] > 1 and rates[-1] - rates[0] < Decimal("0.005") and rates[-1] < Decimal("1.35")


def by_order(money: Money, values: Values, first: bool = False) -> list[Decimal | None]:
    """Per order the sum of its rows, or the first of them."""
    orders = money.orders or tuple(str(number) for number in range(len(values)))
    known: dict[str, Decimal | None] = dict.fromkeys(orders)
    for order, value in zip(orders, values, strict=True):
        if value is not None:
            before = known[order]
            known[order] = value if before is None else before if first else before + value
    return list(known.values())


def proven(money: Money, column: Profile) -> bool:
    """Whether goods, shipping, tax and discount of an order come to this column, and not just because the others are nothing."""
    total = by_order(money, column.amounts, first=of_order(money, column))
    for goods in _goods(money, column):
        for parts in _ways(money, column):
            summed = [_sum(goods[at], [part[at] for part in parts]) for at in range(len(total))]
            apart = sum(one is not None and two is not None and abs(one - two) > CENT for one, two in zip(goods, summed, strict=True))
            if apart and share(zip(summed, total, strict=True)) >= ENOUGH:
                return True
    return False


def deducted(money: Money, column: Profile) -> bool:
    """Whether a column is what was paid less the fees beside it: what was paid out to the shop, and not what the customer paid."""
    entry = [one for one in money.fees if any(one.amounts)][:4]
    fees = [[None if value is None else -abs(value) for value in by_order(money, one.amounts)] for one in entry]
    shipping = [[by_order(money, one.amounts) for one in money.shipping], []]
    total = by_order(money, column.amounts)
    for goods in _goods(money, column):
        for ships, picks in product(shipping, product((False, True), repeat=len(fees))):
            parts = [fee for fee, picked in zip(fees, picks, strict=True) if picked]
            summed = [_sum(goods[at], [part[at] for part in [*ships, *parts]]) for at in range(len(total))]
            if parts and share(zip(summed, total, strict=True)) >= ENOUGH and share(zip(goods, total, strict=True)) < ENOUGH:
                return True
    return False


def _goods(money: Money, column: Profile) -> Iterable[list[Decimal | None]]:
    for goods in [*money.goods, *money.net, *money.total, *money.amount]:
        if goods is not column:
            yield by_order(money, goods.amounts, first=of_order(money, goods))
    for column_of_lines in money.lines:
        yield by_order(money, column_of_lines.amounts)
    for unit in money.unit if money.quantity else []:
        yield by_order(money, line(money, unit))


def _ways(money: Money, column: Profile) -> Iterable[list[list[Decimal | None]]]:
    """The ways in which shipping, tax and discount may go into a total: all of a kind, or none."""

    def of(group: list[Profile], sign: int) -> list[list[Decimal | None]]:
        columns = [by_order(money, one.amounts, first=of_order(money, one)) for one in group if one is not column]
        return [[None if value is None else (value if sign > 0 else -abs(value)) for value in one] for one in columns]

    kinds = [of(money.shipping, 1), of(money.tax, 1), of(money.discount, -1)]
    for picks in product(*([[], kind] if kind else [[]] for kind in kinds)):
        if any(picks):
            yield [part for pick in picks for part in pick]


def _sum(goods: Decimal | None, parts: list[Decimal | None]) -> Decimal | None:
    return None if goods is None else goods + sum((part for part in parts if part is not None), Decimal(0))


def line(money: Money, unit: Profile) -> list[Decimal | None]:
    """What quantity and price of each row come to."""
    quantity = money.quantity.amounts if money.quantity else ()
    return [None if one is None or two is None else one * two for one, two in zip(quantity, unit.amounts, strict=True)]


def is_line(money: Money, column: Profile) -> bool:
    """Whether a column is what quantity and price of its row come to."""
    return any(share(zip(line(money, unit), column.amounts, strict=True)) >= ENOUGH for unit in money.unit) if money.quantity else False


def same(one: Values, other: Values) -> bool:
    """Whether two columns say the same wherever both say anything."""
    both = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return bool(both) and all(abs(a - b) <= CENT for a, b in both)


def share(pairs: Iterable[tuple[Decimal | None, Decimal | None]]) -> float:
    both = [(one, two) for one, two in pairs if one is not None and two is not None]
    return sum(abs(one - two) <= CENT for one, two in both) / len(both) if both else 0.0
