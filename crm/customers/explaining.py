"""Why sales changed from one period to another: steps from the earlier sum to the later one, which add up to the cent.

Of each sort of customer (new: no purchase before the period; returning: one) gross sales are customers × paid orders per customer × amount
per order. Each factor is changed in turn, customers first, then orders, then baskets (chain substitution 连环替代法: the order is a
convention, stated on the page). Refunds are what is between gross sales and sales.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import ibis

from crm.customers import coverage, facts
from crm.customers.totals import Period
from crm.database import Store, tables

STEPS = ("new", "returning", "customers", "frequency", "basket", "unidentified", "refunds")
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name (of STEPS) and by how much it changed sales, in the shop's currency."""

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Explained:
    """`before` + the steps = `after`, to the cent. Steps that changed nothing are 0.

    `unidentified` is there only where there is any; `customers` in place of `new` and `returning` where the past is too short to tell.
    """

    before: Decimal
    after: Decimal
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Part:
    """What one sort of customers bought in one period: people, paid orders, and their money before and after refunds."""

    customers: int = 0
    orders: int = 0
    gross: Decimal = Decimal(0)
    spend: Decimal = Decimal(0)


Parts = dict[tuple[bool, str], Part]


def explain(store: Store, as_of: date, now: Period, before: Period) -> Explained:
    """Sales of `before` and of `now` and the steps between them. Orders in other currencies without a rate are in neither."""
    key = ("explained", store.written(["orders", "customer_facts"]), as_of, now, before)
    result: Explained = store.scratch.kept(key, lambda bench: steps(_parts(store, as_of, now, before)), most=6)
    return result


def _parts(store: Store, as_of: date, now: Period, before: Period) -> Parts:
    """As `parts`; where too little of the past is known to tell who is new, all identified buyers are one sort, `customers`."""
    found, covered = parts(store, as_of, now, before), coverage.of(store, as_of)
    if covered is not None and covered.short_past(before.start) is None:
        return found
    sums: Parts = {when: part for when, part in found.items() if when[1] == "unidentified"}
    for late in (False, True):
        some = [part for (when, sort), part in found.items() if when == late and sort != "unidentified"]
        amounts = [sum((getattr(one, name) for one in some), Decimal(0)) for name in ("gross", "spend")]
        sums[late, "customers"] = Part(sum(one.customers for one in some), sum(one.orders for one in some), *amounts)
    return sums


def parts(store: Store, as_of: date, now: Period, before: Period) -> Parts:
    """By (whether it is the later period, sort of customer: new, returning or unidentified)."""
    rows = store.read(expression(facts.until(tables.orders, as_of), facts.table(store, as_of), now, before))
    items = rows[["later", "sort", "people", "orders", "gross", "spend"]].itertuples(index=False, name=None)
    return {(bool(row[0]), row[1]): Part(int(row[2]), int(row[3]), int(row[4]) * CENT, int(row[5]) * CENT) for row in items}


def expression(orders: Any, people: Any, now: Period, before: Period) -> Any:
    """later, sort, people, orders, gross, spend (whole cents): what was paid in the two periods, by sort of customer."""
    later = orders.day.between(ibis.literal(now.start), ibis.literal(now.end))
    earlier = orders.day.between(ibis.literal(before.start), ibis.literal(before.end))
    paid = orders.filter(orders.is_paid & orders.rate.notnull() & (later | earlier))
    converted = (paid.paid.cast("float64") * paid.rate.cast("float64")).round(2).cast("decimal(18, 2)")
    gross = (paid.rate == 1).ifelse(paid.paid.cast("decimal(18, 2)"), converted)
    begins = paid.day.between(ibis.literal(now.start), ibis.literal(now.end))
    rows = paid.select("customer_id", "spend", gross=gross, later=begins)
    both = rows.left_join(people.select("customer_id", "first_purchase_day"), "customer_id")
    start = both.later.ifelse(ibis.literal(now.start), ibis.literal(before.start))
    old = (both.first_purchase_day < start).fill_null(False)
    sort = ibis.cases((both.customer_id.isnull(), "unidentified"), (old, "returning"), else_="new")
    sums = {"orders": both.count(), "gross": (both.gross * 100).cast("int64").sum(), "spend": (both.spend * 100).cast("int64").sum()}
    return both.group_by(later=both.later, sort=sort).aggregate(people=both.customer_id.nunique(), **sums)


def steps(found: Parts) -> Explained:
    """The steps between two periods, from what was bought in them."""
    effect: dict[str, Fraction] = dict.fromkeys(STEPS, Fraction(0))
    for sort in ("new", "returning", "customers"):
        for name, amount in _chain(sort, *_pair(found, sort)).items():
            effect[name] += amount
    earlier, later = _pair(found, "unidentified")
    effect["unidentified"] = Fraction(later.gross) - Fraction(earlier.gross)
    refunds = [sum((part.gross - part.spend for (late, _), part in found.items() if late == when), Decimal(0)) for when in (False, True)]
    effect["refunds"] = Fraction(refunds[0]) - Fraction(refunds[1])
    sums = [sum((part.spend for (late, _), part in found.items() if late == when), Decimal(0)) for when in (False, True)]
    sorts = {sort for _, sort in found if sort != "unidentified"}
    kinds = ("customers",) if "customers" in sorts else ("new", "returning")
    names = [*kinds, "frequency", "basket", *(["unidentified"] if earlier.orders or later.orders else []), "refunds"]
    return Explained(sums[0].quantize(CENT), sums[1].quantize(CENT), _rounded(sums[0], [(name, effect[name]) for name in names]))


def _pair(found: Parts, sort: str) -> tuple[Part, Part]:
    return found.get((False, sort), Part()), found.get((True, sort), Part())


def _chain(sort: str, then: Part, now: Part) -> dict[str, Fraction]:
    """What more people, more orders of each and larger baskets did; of a sort that is missing in one period, all is the people's."""
    if not then.customers or not now.customers:
        return {sort: Fraction(now.gross) - Fraction(then.gross)}
    often, basket = Fraction(then.orders, then.customers), Fraction(then.gross) / then.orders
    people = (now.customers - then.customers) * often * basket
    frequency = (now.orders - now.customers * often) * basket
    return {sort: people, "frequency": frequency, "basket": Fraction(now.gross) - now.orders * basket}


def _rounded(start: Decimal, exact: list[tuple[str, Fraction]]) -> list[Step]:
    """Whole cents whose running sums are the rounded running sums: so they add up."""
    level, shown, items = Fraction(start), round(Fraction(start) * 100), []
    for name, amount in exact:
        level += amount
        reached = round(level * 100)
        items.append(Step(name, (Decimal(reached - shown) / 100).quantize(CENT)))
        shown = reached
    return items
