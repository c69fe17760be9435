"""Measuring the overlap of five segments, beside one statement written by hand for the same answer."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from crm.bench.exploring import AGE
from crm.bench.importing import filled
from crm.bench.timing import Measured, typical
from crm.database import Store
from crm.segments import Definition, Rung, overlap

SEGMENTS: dict[str, list[dict[str, Any]]] = {
    "regulars": [{"field": "purchases", "op": "at_least", "value": 2}, {"field": "recency_days", "op": "at_most", "value": 365}],
    "big": [{"field": "spend", "op": "at_least", "value": 300}, {"field": "province", "op": "one_of", "value": ["广东省", "浙江省"]}],
    "pots": [{"bought": {"category": "锅具", "within_days": 365, "at_least": 1}}],
    "busy": [{"field": "has_email", "op": "is", "value": True}, {"bought": {"within_days": 400, "at_least": 2}}],
    "knives": [
        {"field": "recency_days", "op": "at_least", "value": 60},
        {"bought": {"category": "刀具", "from": "2025-01-01", "to": "2026-06-30", "at_least": 1}},
    ],
}
"""Two plain ladders, three that ask for what was bought."""
DAYS_BEFORE = "day <= CAST($day AS DATE) AND day >= CAST($day AS DATE) - INTERVAL {days} DAY"
LINES = "SELECT customer_id FROM order_lines WHERE is_purchase AND customer_id IS NOT NULL AND category = '{category}' AND {days}"
MANY = "SELECT customer_id FROM orders WHERE is_purchase AND customer_id IS NOT NULL AND {days} GROUP BY customer_id HAVING count(*) >= 2"
AGED = AGE.replace("?", "$day")
SPAN = "day BETWEEN DATE '2025-01-01' AND DATE '2026-06-30'"
BY_HAND = (
    f"purchases >= 2 AND {AGED} <= 365",
    "spend >= 300 AND province IN ('广东省', '浙江省')",
    f"customer_id IN ({LINES.format(category='锅具', days=DAYS_BEFORE.format(days=365))})",
    f"email_norm IS NOT NULL AND customer_id IN ({MANY.format(days=DAYS_BEFORE.format(days=400))})",
    f"{AGED} >= 60 AND customer_id IN ({LINES.format(category='刀具', days=SPAN)})",
)
STATEMENT = (
    "SELECT bits, count(*) AS customers, sum(spend) AS spend FROM (SELECT spend, "  # noqa: S608 (constants above)
    + " + ".join(f"CASE WHEN {sql} THEN {1 << place} ELSE 0 END" for place, sql in enumerate(BY_HAND))
    + " AS bits FROM customer_facts) GROUP BY bits"
)


def definitions() -> list[Definition]:
    """The five segments."""
    return [Definition(name=name, rungs=[Rung(name=str(node), where=node) for node in nodes]) for name, nodes in SEGMENTS.items()]


def five(paths: list[Path], folder: Path, as_of: date) -> Measured:
    """All combinations of five segments: people and spend."""
    store = filled(paths, folder)
    ours = typical(lambda: overlap.compute(store, definitions(), as_of))
    return Measured({"overlap": ours}, {"overlap": typical(partial(by_hand, store, as_of))})


def by_hand(store: Store, as_of: date) -> Any:
    """bits, customers, spend."""
    return store.frame(STATEMENT, {"day": as_of})
