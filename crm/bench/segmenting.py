"""Measuring a ladder of five rungs with two `bought`, one rung more, and pages of its members, beside the same answers by hand in SQL."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from crm.bench.importing import filled
from crm.bench.timing import Measured, typical
from crm.database import Store
from crm.segments import Definition, climbing, definition, ladder, listing
from crm.segments.ladder import RungCount

PROVINCES = ["广东省", "浙江省", "江苏省", "上海市"]
PLAIN = {"name": "buyers", "where": {"field": "purchases", "op": "at_least", "value": 1}}
MORE = {"name": "recent", "where": {"field": "recency_days", "op": "at_most", "value": 60}}
PER_PAGE = 25
PEOPLE = """
    SELECT customer_id, spend, summed_purchases, purchases >= 1 AS first,
        customer_id IN (SELECT customer_id FROM order_lines WHERE is_purchase AND category = '锅具' AND customer_id IS NOT NULL
                        AND day BETWEEN $today - 365 AND $today) AS second,
        customer_id IN (SELECT customer_id FROM orders WHERE is_purchase AND customer_id IS NOT NULL
                        AND day BETWEEN $start AND $last) AS third,
        coalesce(province IN ('广东省', '浙江省', '江苏省', '上海市'), false) AS fourth, spend >= 200 AS fifth,
        last_purchase_day >= $today - 60 AS sixth,
        customer_id IN (SELECT customer_id FROM recipients WHERE arm = 'recipients' AND sent_at >= $today - 29) AS held,
        email_norm IS NOT NULL AND coalesce(accepts_marketing, true)
            AND email_norm NOT IN (SELECT address_norm FROM suppressions WHERE channel = 'email') AS mail,
        coalesce(phone_quality = 'clear' OR (phone_quality = 'virtual' AND (phone_until IS NULL OR phone_until >= $today)), false)
            AND customer_id NOT IN (SELECT customer_id FROM customers JOIN suppressions ON address_norm = phone
                                    WHERE channel = 'sms' AND customer_id IS NOT NULL) AS phone
    FROM customer_facts
"""
COUNTED = """
    SELECT CASE WHEN NOT first THEN 0 WHEN NOT second THEN 1 WHEN NOT third THEN 2 WHEN NOT fourth THEN 3 WHEN NOT fifth THEN 4
                ELSE 5 END AS depth,
        count(*) AS customers, sum(spend) AS spend, sum(summed_purchases) AS orders,
        count(*) FILTER (mail AND NOT held) AS email, count(*) FILTER (phone AND NOT held) AS sms
    FROM people GROUP BY depth ORDER BY depth
"""
PAGE = """
    SELECT customer_id, nickname, name, province, city, purchases, spend, last_purchase_day, favourite_category, email_norm, phone_quality,
        phone_until
    FROM customer_facts {narrowed} ORDER BY spend DESC, customer_id LIMIT 25 OFFSET $offset
"""
NARROWED = "SEMI JOIN (SELECT customer_id FROM people WHERE first AND second AND third AND fourth AND fifth) USING (customer_id)"


def five(as_of: date) -> list[dict[str, Any]]:
    """The rungs of the ladder."""
    start, last = as_of - timedelta(days=400), as_of - timedelta(days=140)
    return [
        PLAIN,
        {"name": "pots", "where": {"bought": {"category": "锅具", "within_days": 365}}},
        {"name": "season", "where": {"bought": {"from": start.isoformat(), "to": last.isoformat()}}},
        {"name": "near", "where": {"field": "province", "op": "one_of", "value": PROVINCES}},
        {"name": "worth", "where": {"field": "spend", "op": "at_least", "value": 200}},
    ]


def _ladder(rungs: list[dict[str, Any]]) -> Definition:
    return definition.parse({"name": "measured", "rungs": rungs})


def anew(store: Store, steps: Definition, as_of: date) -> list[RungCount]:
    """All counts of a ladder of which nothing is kept."""
    store.scratch.forget(climbing.SORT)
    return ladder.count(store, steps, as_of)


def by_hand(store: Store, as_of: date) -> list[tuple[Any, ...]]:
    """The counts per depth: depth, customers, spend, orders, reachable by e-mail, by SMS."""
    values = {"today": as_of, "start": as_of - timedelta(days=400), "last": as_of - timedelta(days=140)}
    frame = store.frame(f"WITH people AS ({PEOPLE}) {COUNTED}", values)
    return list(frame.itertuples(index=False, name=None))


def page_by_hand(store: Store, as_of: date, offset: int, narrowed: str) -> None:
    """A page of members in one statement."""
    values: dict[str, Any] = {"offset": offset}
    if narrowed == NARROWED:
        values |= {"today": as_of, "start": as_of - timedelta(days=400), "last": as_of - timedelta(days=140)}
    head = f"WITH people AS ({PEOPLE}) " if narrowed == NARROWED else ""
    store.frame(head + PAGE.format(narrowed=narrowed), values)


def ladders(paths: list[Path], folder: Path, as_of: date) -> Measured:
    """The whole ladder, one rung more (beside counting that one anew), and members at the beginning, in the middle and at the end."""
    store = filled(paths, folder)
    steps, longer, one = _ladder(five(as_of)), _ladder([*five(as_of), MORE]), _ladder([PLAIN])
    ours = {"five_rungs": typical(lambda: anew(store, steps, as_of))}
    reference = {"five_rungs": typical(lambda: by_hand(store, as_of))}
    reference["one_rung_more"] = typical(lambda: anew(store, longer, as_of))
    anew(store, steps, as_of)

    def more() -> None:
        store.scratch.forget(climbing.SORT, lambda key: len(key[2]) == len(longer.rungs))
        ladder.count(store, longer, as_of)

    ours["one_rung_more"] = typical(more)
    people = ladder.count(store, one, as_of)[0].customers
    for name, whole, many, narrowed in (
        ("one", one, people, "WHERE purchases >= 1"),
        ("five", steps, ladder.count(store, steps, as_of)[-1].customers, NARROWED),
    ):
        for where, offset in (("first", 0), ("middle", many // 2), ("last", max(many - PER_PAGE, 0))):
            step = f"members_{name}_{where}"
            ours[step] = typical(partial(listing.page, store, whole, as_of, limit=PER_PAGE, offset=offset))
            reference[step] = typical(partial(page_by_hand, store, as_of, offset, narrowed))
    return Measured(ours, reference)
