"""customer_facts: one row per customer, what orders and the shop's own notes say. Pure Ibis expressions; moments and days, never ages."""

from datetime import date
from functools import cache
from typing import Any

import ibis

from crm.customers import categories, festivals, portraits
from crm.database import Store, Transaction, load_shop, tables
from crm.database.compiling import compiled

PERSON = """
nickname name platform shop country province city district city_tier mailbox email_norm phone_quality phone_until
accepts_marketing
""".split()
WRITTEN = ["gender", "birth_lunar", "birth_year", "birth_month", "birth_day", "birth_leap", "born", "owner", "known_day"]
SUMS = """
placed_orders paid_orders purchases summed_purchases spend items refunds refunded lost_payments bad_reviews inquiries
disputes calendar_purchases node_purchases priced discounted
""".split()
READ = """
customer_id platform shop order_id purchased_at day is_purchase is_paid is_lost spend items paid payable refunded rate source
""".split()
"""What is read of orders."""


def expression(
    orders: Any, per_category: Any, customers: Any, profiles: Any = tables.profiles, touches: Any = tables.touches, day: date | None = None
) -> Any:
    """One row per customer, by orders or by what uploads told of them, with the columns of `customer_facts`.

    Every input is an Ibis table with the columns of `crm.database.tables` (`per_category`: customer_categories). For a day in the past give
    all as they were then, and it as `day`: then only those count who had ordered or were known by then.
    """
    known = orders.filter(orders.customer_id.notnull()).select(*READ)
    joined = _beside(_people(customers, profiles), _orders(known))
    joined = joined if day is None else joined.filter(joined.placed_orders.notnull() | (joined.known_day <= ibis.literal(day)))
    joined = _beside(joined, _intervals(known))
    joined = _beside(joined, _sources(known))
    joined = _beside(joined, categories.favourite(per_category))
    joined = _beside(joined, _touched(touches))
    return joined.mutate(**{name: joined[name].fill_null(0) for name in SUMS}).select(*tables.customer_facts.columns)


def _beside(left: Any, right: Any) -> Any:
    return left.left_join(right, "customer_id").drop("customer_id_right")


def _people(customers: Any, profiles: Any) -> Any:
    """Who they are: as their orders tell it, and what dossiers add. What somebody wrote down of a name counts more than a parcel's."""
    result = profiles.select("customer_id", *WRITTEN, **{f"told_{name}": profiles[name] for name in PERSON if name in profiles.columns})
    both = _beside(customers.select("customer_id", *PERSON), result)
    clear = (both.phone_quality == "clear") | (both.told_phone_quality == "clear")
    ordered = both.mutate(
        nickname=ibis.coalesce(both.told_nickname, both.nickname),
        name=ibis.coalesce(both.told_name, both.name),
        mailbox=both.email_norm.notnull().ifelse(both.mailbox, both.told_mailbox),
        email_norm=ibis.coalesce(both.email_norm, both.told_email_norm),
        phone_quality=clear.ifelse("clear", ibis.coalesce(both.phone_quality, both.told_phone_quality)),
        phone_until=clear.ifelse(ibis.null("date"), both.phone_until),
    )
    alone = profiles.anti_join(customers, "customer_id")
    blank = {name: ibis.null(customers.schema()[name]) for name in PERSON if name not in profiles.columns}
    names = ["customer_id", *PERSON, *WRITTEN]
    return ordered.select(*names).union(alone.mutate(**blank).select(*names))


def _touched(touches: Any) -> Any:
    """Reviews that are not good (中差评), inquiries and disputes of each customer."""

    def how_many(*kinds: str) -> Any:
        return touches.kind.isin(kinds).ifelse(1, 0).sum()

    return touches.group_by("customer_id").aggregate(
        bad_reviews=how_many("bad_review", "fair_review"), inquiries=how_many("inquiry"), disputes=how_many("dispute")
    )


def _orders(known: Any) -> Any:
    bought = known.is_purchase
    summed = bought & known.rate.notnull()
    converted = (known.refunded.cast("float64") * known.rate.cast("float64")).round(2).cast("decimal(18, 2)")
    first, last = festivals.covered()
    told = (bought & (known.rate == 1) & (known.payable > 0) & (known.payable >= known.paid)).fill_null(False)
    return known.group_by("customer_id").aggregate(
        calendar_purchases=(bought & known.day.between(first, last)).ifelse(1, 0).sum(),
        node_purchases=(bought & known.day.isin(sorted(festivals.days()))).ifelse(1, 0).sum(),
        priced=known.payable.sum(where=told).fill_null(0),
        discounted=(known.payable - known.paid).sum(where=told).fill_null(0),
        placed_orders=known.count(),
        paid_orders=known.is_paid.ifelse(1, 0).sum(),
        purchases=bought.ifelse(1, 0).sum(),
        summed_purchases=summed.ifelse(1, 0).sum(),
        spend=known.spend.sum(),
        items=known["items"].sum(where=bought).fill_null(0),
        largest_order=known.spend.max(where=summed),
        refunds=(known.refunded > 0).ifelse(1, 0).sum(),
        refunded=(known.rate == 1).ifelse(known.refunded, converted).sum(),
        lost_payments=known.is_lost.ifelse(1, 0).sum(),
        first_purchase_at=known.purchased_at.min(where=bought),
        last_purchase_at=known.purchased_at.max(where=bought),
        first_purchase_day=known.day.min(where=bought),
        last_purchase_day=known.day.max(where=bought),
        last_placed_day=known.day.max(),
    )


def gaps(purchases: Any) -> Any:
    """One row per purchase that has one before it of the same customer: customer_id, gap (whole days between the two)."""
    order = ibis.window(group_by="customer_id", order_by="purchased_at")  # of two at one moment it makes no difference
    stepped = purchases.mutate(before=purchases.day.lag().over(order))
    again = stepped.filter(stepped.before.notnull())
    return again.select("customer_id", "day", gap=again.day.delta(again.before, unit="day"))


def _intervals(known: Any) -> Any:
    between = gaps(known.filter(known.is_purchase))
    return between.group_by("customer_id").aggregate(interval_days=between.gap.median().cast("float64"))


def _sources(known: Any) -> Any:
    """Where the customer first came from: the source of their first purchase, unknown where that names none."""
    named = known.filter(known.source.notnull()).select("customer_id").distinct()  # most files name none: nothing is put in order
    bought = portraits.numbered(known.filter(known.is_purchase).semi_join(named, "customer_id"))
    return bought.filter(bought.place == 0).select("customer_id", "source")


def rebuild(change: Transaction) -> None:
    """Make customer_categories and customer_facts anew from orders, order_lines, customers and profiles, inside the given transaction."""
    change.execute("DELETE FROM customer_categories")
    change.fill("customer_categories", categories.expression(tables.orders, tables.order_lines))
    change.execute("DELETE FROM customer_facts")
    change.execute(f"INSERT INTO customer_facts BY NAME {statement()}")


def renew(change: Transaction, customer_id: str) -> None:
    """Who one customer is, made anew after something was told of her; what she bought stays. Her reviews are no part of it."""
    customers, profiles = (one.filter(one.customer_id == ibis.literal(customer_id)) for one in (tables.customers, tables.profiles))
    names = [name for name in (*PERSON, *WRITTEN) if name in tables.customer_facts.columns]
    told, columns = compiled(_people(customers, profiles)), ", ".join(f"{name} = told.{name}" for name in names)
    change.execute(
        f"UPDATE customer_facts SET {columns} FROM ({told}) AS told WHERE customer_facts.customer_id = told.customer_id"  # noqa: S608
    )


@cache
def statement() -> str:
    """The expression over everything as SQL; it is always the same, and writing it down takes a second."""
    return compiled(expression(tables.orders, tables.customer_categories, tables.customers))


def last_day(store: Store) -> date | None:
    """The latest day of which anything is known (an order, a dossier, a review), or None."""
    row = store.one(
        "SELECT greatest((SELECT max(day) FROM orders), (SELECT max(known_day) FROM profiles), (SELECT max(day) FROM touches)) AS day"
    )
    return row["day"] if row else None


def table(store: Store, as_of: date) -> Any:
    """The facts as they were at the end of `as_of` (shop day): the stored table, or computed from the orders up to then."""
    latest = last_day(store)
    return tables.customer_facts if latest is None or as_of >= latest else past(as_of, who(store, as_of))


def who(store: Store, as_of: date) -> Any:
    """The table `customers` as the orders up to the end of `as_of` tell it."""
    latest = last_day(store)
    if latest is None or as_of >= latest:
        return tables.customers
    return portraits.expression(until(tables.orders, as_of), load_shop(store).timezone)


def past(as_of: date, customers: Any) -> Any:
    """The facts of a day in the past, from the orders up to it and `customers` as they were then."""
    orders, lines, touches = (until(source, as_of) for source in (tables.orders, tables.order_lines, tables.touches))
    return expression(orders, categories.expression(orders, lines), customers, tables.profiles, touches, as_of)


def until(source: Any, as_of: date) -> Any:
    """The rows of orders, order_lines or touches up to the end of a shop day."""
    return source.filter(source.day <= ibis.literal(as_of))
