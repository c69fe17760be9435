"""Measuring what pages compute when they are opened, the first time after a start and again, beside the same numbers by hand in SQL."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from crm import database, demo
from crm.bench import exploring
from crm.bench.importing import NOW
from crm.bench.timing import Measured, Steps, once, typical
from crm.database import Store
from crm.demo.catalogue import SHOP
from crm.imports import steps
from crm.ready import READY

SECOND_SHOP, EVERY = "另一家店", 50
"""One in so many orders comes from a second shop too, so that there are people with two accounts."""

SOLD_BY_DAY = "SELECT day, count(*), sum(spend), count(rate) FROM orders WHERE is_purchase GROUP BY day ORDER BY day"
PEOPLE_IN_SPANS = """
    WITH last AS (SELECT max(day) AS last_day FROM orders WHERE day <= $1), spans AS (
        SELECT i AS place, last_day - i::INTEGER AS until, 29 AS back FROM last, range(30) AS days(i) UNION ALL
        SELECT 100 + i, last_day - i::INTEGER, 0 FROM last, range(30) AS days(i) UNION ALL
        SELECT 200, last_day - 30, 29 FROM last UNION ALL SELECT 201, last_day - 365, 29 FROM last
    ), people AS (
        SELECT place, until - back AS start, customer_id, count(*) AS bought
        FROM orders JOIN spans ON day BETWEEN until - back AND until WHERE is_purchase AND customer_id IS NOT NULL GROUP BY ALL
    )
    SELECT place, count(*) AS customers, count(*) FILTER (bought > 1) AS again, count(*) FILTER (first_purchase_day < start) AS before
    FROM people JOIN customer_facts USING (customer_id) GROUP BY place
"""
PRODUCTS = (
    "SELECT product, sku, category, category_from, count(DISTINCT order_key), count(*), sum(spend), max(day) "
    "FROM order_lines WHERE is_purchase GROUP BY ALL",
    "SELECT category, count(DISTINCT order_key), sum(spend) FROM order_lines WHERE is_purchase GROUP BY category",
    "SELECT category, count(*) FROM customer_categories GROUP BY category",
    "SELECT count(*), sum(orders.spend - coalesce(lined, 0)) FROM orders LEFT JOIN (SELECT order_key, sum(spend) AS lined FROM order_lines "
    "WHERE is_purchase GROUP BY order_key) USING (order_key) WHERE is_purchase AND orders.spend <> coalesce(lined, 0)",
)
SAME_PEOPLE = """
    WITH told AS (
        SELECT DISTINCT customer_id, 'phone' AS kind, right(regexp_replace(phone, '[^0-9]', '', 'g'), 11) AS mark, receiver
        FROM order_records WHERE customer_id IS NOT NULL AND phone_quality = 'clear' UNION ALL
        SELECT DISTINCT customer_id, 'email', lower(trim(email)), receiver
        FROM order_records WHERE customer_id IS NOT NULL AND email LIKE '%@%'
    )
    SELECT kind, mark, list(DISTINCT customer_id), list(DISTINCT receiver) FROM told GROUP BY ALL HAVING count(DISTINCT customer_id) > 1
"""
CAMPAIGNS = "SELECT campaign_id FROM campaigns WHERE launched_at IS NOT NULL"
RESULT = (
    """
    WITH people AS (SELECT customer_id, arm, sent_at FROM recipients WHERE campaign_id = $1 AND sent_at IS NOT NULL), spent AS (
        SELECT people.customer_id, arm, count(order_key) AS orders, coalesce(sum(spend), 0)::DOUBLE AS spend
        FROM people LEFT JOIN orders ON orders.customer_id = people.customer_id AND is_purchase
             AND purchased_at >= sent_at AND purchased_at < sent_at + INTERVAL 14 DAY
        GROUP BY ALL
    )
    SELECT arm, count(*), count(*) FILTER (orders > 0), sum(orders), sum(spend), sum(spend * spend), sum(spend ^ 3) FROM spent GROUP BY arm
    """,
    "SELECT state, count(*) FROM (SELECT arg_max(state, seq) AS state FROM message_states WHERE campaign_id = $1 GROUP BY message_id) "
    "GROUP BY state",
    "SELECT event, machine, count(DISTINCT message_id) FROM message_events WHERE campaign_id = $1 GROUP BY ALL",
    "SELECT min(sent_at), max(sent_at) FROM recipients WHERE campaign_id = $1",
)


def _overview(store: Store, as_of: date) -> None:
    store.frame(SOLD_BY_DAY)
    store.frame(PEOPLE_IN_SPANS, [as_of])


def _products(store: Store, as_of: date) -> None:
    for sql in PRODUCTS:
        store.frame(sql)


def _results(store: Store, as_of: date) -> None:
    for campaign in store.rows(CAMPAIGNS):
        for sql in RESULT:
            store.frame(sql, [campaign["campaign_id"]])


BY_HAND: dict[str, Callable[[Store, date], object]] = {
    "overview": _overview,
    "customers": lambda store, as_of: exploring.by_hand(store, "true", as_of),
    "products": _products,
    "results": _results,
    "same_people": lambda store, as_of: store.frame(SAME_PEOPLE),
}
"""Of what is made ready, what a person would write down in SQL."""


def pages(folder: Path, customers: int, orders: int, as_of: date) -> Measured:
    """What is made ready (`crm.ready`), each the first time in this process and `again`."""
    store = database.open_store(folder / "shop")
    paths = demo.load(store, folder / "files", as_of, NOW, customers=customers, orders=orders)["files"]
    steps.import_orders(store, [_second_shop(folder / "files" / paths[0])], now=NOW)
    for work in BY_HAND.values():  # so that neither is the first to read the file
        work(store, as_of)
    reference = {name: typical(partial(work, store, as_of), 3) for name, work in BY_HAND.items()}
    first: Steps = {name: once(partial(work, store, as_of)) for name, work in READY.items()}
    again = {f"{name}_again": once(partial(work, store, as_of)) for name, work in READY.items()}
    return Measured(first | again, reference | {f"{name}_again": took for name, took in reference.items()})


def _second_shop(file: Path) -> Path:
    """A part of an order file as another shop's."""
    head, *rows = file.read_bytes().splitlines(keepends=True)
    other = file.with_name("second.csv")
    other.write_bytes(b"".join([head, *rows[::EVERY]]).replace(SHOP.encode("gb18030"), SECOND_SHOP.encode("gb18030")))
    return other
