"""Measuring a click on a chart and a ladder of five rungs, beside the same counts written by hand in SQL."""

from datetime import date
from functools import partial
from pathlib import Path

from crm.bench.importing import filled
from crm.bench.timing import Measured, once, typical
from crm.customers import festivals
from crm.database import Store
from crm.segments import Definition, Rung, count, explore, scope

CLICKS = {
    "click": {"province": ["广东省"]},
    "three_clicks": {"province": ["广东省", "浙江省"], "frequency": ["2", "3"], "category": ["锅具"]},
}
WHERE = {
    "first_look": "true",
    "click": "province = '广东省'",
    "three_clicks": "province IN ('广东省', '浙江省') AND purchases BETWEEN 2 AND 3 AND customer_id IN "
    "(SELECT customer_id FROM customer_categories WHERE category = '锅具')",
}
AGE = "date_diff('day', last_purchase_day, CAST(? AS DATE))"
BINS = {
    "province": "province",
    "city": "city",
    "district": "district",
    "city_tier": "city_tier",
    "mailbox": "mailbox",
    "source": "source",
    "phone_quality": "phone_quality",
    "frequency": "least(purchases, 10)",
    "refunds": "least(refunds, 2)",
    "spend": "CASE WHEN spend < 100 THEN 0 WHEN spend < 300 THEN 1 WHEN spend < 500 THEN 2 WHEN spend < 1000 THEN 3 ELSE 4 END",
    "order_value": "CASE WHEN spend / nullif(purchases, 0) < 100 THEN 0 WHEN spend / nullif(purchases, 0) < 300 THEN 1 ELSE 2 END",
    "lapse": f"CASE WHEN {AGE} <= 90 THEN 0 WHEN {AGE} <= 180 THEN 1 WHEN {AGE} <= 365 THEN 2 ELSE 3 END",
    "age": "least(date_diff('year', born, CAST(? AS DATE)) // 10, 4)",
    "gender": "gender",
    "country": "country",
    "discount_percent": "CASE WHEN discounted = 0 THEN 0 WHEN discounted / nullif(priced, 0) < 0.1 THEN 1 ELSE 2 END",
    "buyer_type": "CASE WHEN refunds + bad_reviews + inquiries + disputes >= 2 THEN 'choosy' WHEN purchases > 1 AND node_purchases > 0.6 * "
    "calendar_purchases THEN 'lively' WHEN purchases > 1 AND discounted / nullif(priced, 0) < 0.05 THEN 'loyal' ELSE 'plain' END",
    "stage": f"CASE WHEN {AGE} <= 90 THEN 'active' WHEN {AGE} <= 180 THEN 'sleeping' ELSE 'lost' END",
}
BOUGHT = "FROM orders WHERE is_purchase AND customer_id IS NOT NULL AND {people}"
HOUR, WEEKDAY = "hour(purchased_at + INTERVAL 8 HOUR)", "isodow(purchased_at + INTERVAL 8 HOUR)"


def _usual(of: str) -> str:
    """SQL: how many customers buy most often at each value."""
    each = f"SELECT customer_id, {of} AS v, count(*) AS n, max(purchased_at) AS newest, sum(spend) AS s {BOUGHT} GROUP BY ALL"
    best = f"SELECT customer_id, arg_max(v, (n, newest)) AS v, sum(n) AS n, sum(s) AS s FROM ({each}) GROUP BY customer_id"  # noqa: S608
    return f"SELECT v, count(*), sum(n), sum(s) FROM ({best}) GROUP BY v"  # noqa: S608


def _per_bin(of: str, source: str) -> str:
    """SQL: people, orders, spend of each bin in which a customer can be beside others."""
    each = f"SELECT customer_id, {of} AS v, count(*) AS n, sum(spend) AS s {source} GROUP BY ALL"
    return f"SELECT v, count(*), sum(n), sum(s) FROM ({each}) GROUP BY v"  # noqa: S608


DAYS = ", ".join(
    f"(DATE '{day}', '{name}')" for name in festivals.names() for window in festivals.windows(name) for day in festivals.days_of(window)
)
ROWS = {
    "category": "SELECT category, count(*), sum(purchases), sum(spend) FROM customer_categories WHERE {people} GROUP BY category",
    "moment": _per_bin(f"({WEEKDAY}, {HOUR})", BOUGHT),
    "node": _per_bin("node", f"FROM orders LEFT JOIN (VALUES {DAYS}) AS c (d, node) ON day = d WHERE is_purchase AND {{people}}"),
    "usual_hour": _usual(HOUR),
    "usual_weekday": _usual(WEEKDAY),
}
"""Those that are not counted from the facts alone."""
RUNGS = (
    ("purchases", "at_least", 1, "purchases >= 1"),
    ("recency_days", "at_most", 365, f"{AGE} <= 365"),
    ("spend", "at_least", 200, "spend >= 200"),
    ("province", "one_of", ["广东省", "浙江省", "江苏省", "上海市"], "province IN ('广东省', '浙江省', '江苏省', '上海市')"),
    ("has_email", "is", True, "email_norm IS NOT NULL"),
)


def click(paths: list[Path], folder: Path, as_of: date) -> Measured:
    """All distributions at the first look after an import, after one click, and after three."""
    store = filled(paths, folder)
    first = {"first_look": once(partial(_click, store, {}, as_of))}
    ours = first | {step: typical(partial(_click, store, chosen, as_of)) for step, chosen in CLICKS.items()}
    return Measured(ours, {step: typical(partial(by_hand, store, where, as_of)) for step, where in WHERE.items()})


def _click(store: Store, chosen: dict[str, list[str]], as_of: date) -> None:
    explore.explore(store, chosen, scope.at(store, as_of))


def by_hand(store: Store, where: str, as_of: date) -> None:
    """All distributions of some customers: those of the facts in one pass, those of rows one statement each."""
    bins = ", ".join(f"{sql} AS {name}" for name, sql in BINS.items())
    sets = ", ".join(f"({name})" for name in BINS)
    people = f"SELECT customer_id FROM customer_facts WHERE {where}"  # noqa: S608 (constants above)
    once_over = f"WITH who AS (SELECT {bins}, purchases AS n, spend AS money FROM customer_facts WHERE {where}) "  # noqa: S608
    once_over += f"SELECT {', '.join(BINS)}, count(*), sum(n), sum(money) FROM who GROUP BY GROUPING SETS ({sets})"  # noqa: S608
    store.frame(once_over, [as_of] * once_over.count("?"))
    for rows in ROWS.values():
        store.frame(rows.format(people="true" if where == "true" else f"customer_id IN ({people})"))


def ladder(paths: list[Path], folder: Path, as_of: date) -> Measured:
    """Count, drop, spend and reach of five rungs."""
    store = filled(paths, folder)
    rungs = [Rung(name=field, where={"field": field, "op": op, "value": value}) for field, op, value, _ in RUNGS]
    definition = Definition(name="five", rungs=rungs)
    so_far = [" AND ".join(sql for *_, sql in RUNGS[: step + 1]) for step in range(len(RUNGS))]
    wanted = ", ".join(f"count(*) FILTER ({sql}), sum(spend) FILTER ({sql})" for sql in so_far)
    by_hand = f"SELECT {wanted} FROM customer_facts"  # noqa: S608 (constants above)
    ours = typical(lambda: count(store, definition, as_of))
    return Measured({"five_rungs": ours}, {"five_rungs": typical(lambda: store.frame(by_hand, [as_of] * by_hand.count("?")))})
