"""Measuring a click on a chart and a ladder of five rungs, beside the same counts written by hand in SQL."""

from datetime import date
from functools import partial
from pathlib import Path

from crm.bench.importing import filled
from crm.bench.timing import Measured, once, typical
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
    "stage": f"CASE WHEN {AGE} <= 90 THEN 'active' WHEN {AGE} <= 180 THEN 'sleeping' ELSE 'lost' END",
}
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
    """All distributions of some customers, one statement each."""
    for bins in BINS.values():
        sql = f"SELECT {bins} AS bin, count(*), sum(spend) FROM customer_facts WHERE {where} GROUP BY bin"  # noqa: S608 (constants above)
        store.frame(sql, [as_of] * sql.count("?"))
    people = f"SELECT customer_id FROM customer_facts WHERE {where}"  # noqa: S608
    sql = f"SELECT category, count(*), sum(spend) FROM customer_categories WHERE customer_id IN ({people}) GROUP BY category"  # noqa: S608
    store.frame(sql)


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
