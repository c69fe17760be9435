"""The filter language a second time, in pandas alone: what the product answers is held against it. It shares no code with the product."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd

from tests.segments.given import TODAY, Told, known

NODES = {
    "618": [("2024-05-20", "2024-06-20"), ("2025-05-20", "2025-06-20")],
    "元旦": [("2024-01-01", "2024-01-01"), ("2025-01-01", "2025-01-01")],
}
PERIODS = {
    "this_month": ("2025-06-01", "2025-06-30"),
    "last_month": ("2025-05-01", "2025-05-31"),
    "last_quarter": ("2025-01-01", "2025-03-31"),
    "this_year": ("2025-01-01", "2025-12-31"),
}
"""Copied from a calendar, as seen on TODAY."""


def orders(told: list[Told]) -> pd.DataFrame:
    """One row per order: who, day, spend, category, bought (is it a purchase)."""
    frame = pd.DataFrame(told, columns=["who", "day", "paid", "lost"])
    frame["category"] = ["锅具" if number % 2 else "餐具" for number in range(len(frame))]
    frame["bought"] = ~frame.lost & (frame.paid > 0)
    frame["spend"] = frame.paid.where(frame.bought, 0)
    frame["day"] = [date.fromisoformat(day) for day in frame.day]
    return frame


def people(told: list[Told]) -> pd.DataFrame:
    """One row per customer, by number, with a column per field that the random filters ask for; None is unknown."""
    rows, some = [], orders(told)
    for who, own in some.groupby("who"):
        bought = own[own.bought].sort_values("day")
        days = list(bought.day)
        gaps = [(after - before).days for before, after in pairwise(days)]
        rows.append(
            {
                "who": who,
                "recency_days": (TODAY - days[-1]).days if days else None,
                "purchases": len(days),
                "spend": int(own.spend.sum()),
                "largest_order": int(bought.spend.max()) if days else None,
                "last_purchase_at": days[-1] if days else None,
                "interval_days": float(pd.Series(gaps).median()) if gaps else None,
                "province": known(who)["province"],
                "has_email": known(who)["email_norm"] is not None,
                "promotions_30d": 0,
                "categories": set(bought.category),
            }
        )
    return pd.DataFrame(rows, dtype=object).set_index("who")


def members(node: Any, told: list[Told]) -> set[str]:
    """The ids of the customers for whom a NODE holds."""
    frame, some = people(told), orders(told)
    return {f"c{who}" for who in frame.index if _holds(node, frame.loc[who], some[some.who == who])}


def _holds(node: Any, one: pd.Series, own: pd.DataFrame) -> bool:
    if "all" in node:
        return all(_holds(part, one, own) for part in node["all"])
    if "any" in node:
        return any(_holds(part, one, own) for part in node["any"])
    if "not" in node:
        return not _holds(node["not"], one, own)
    if "bought" in node:
        return _bought(node["bought"], own[own.bought])
    if "received" in node:
        return False  # nobody was ever written to
    value = one[node["field"]]
    return _several(node, value) if node["field"] == "categories" else _one(node["op"], value, node.get("value"))


def _several(node: Any, value: set[str]) -> bool:
    wanted = set(node.get("value") or [])
    return {
        "one_of": bool(value & wanted),
        "none_of": bool(value) and not value & wanted,
        "is_known": bool(value),
        "is_unknown": not value,
    }[node["op"]]


def _one(op: str, value: Any, wanted: Any) -> bool:
    if op in ("is_known", "is_unknown"):
        return (value is not None) is (op == "is_known")
    if value is None:
        return False
    match op:
        case "is" | "is_not":
            return bool((value == wanted) is (op == "is"))
        case "at_least":
            return bool(value >= wanted)
        case "at_most":
            return bool(value <= wanted)
        case "below":
            return bool(value < wanted)
        case "contains":
            return wanted in value
        case "within_days":
            return bool(TODAY - timedelta(days=wanted) <= value <= TODAY)
        case "not_within_days":
            return bool(value < TODAY - timedelta(days=wanted))
        case "in_period":
            return _inside(value, [PERIODS[wanted]])
        case "since":
            return _inside(value, [(NODES[wanted][-1][0], TODAY.isoformat())])
    raise AssertionError(op)


def _inside(day: date, windows: list[tuple[str, str]]) -> bool:
    return any(date.fromisoformat(first) <= day <= date.fromisoformat(last) for first, last in windows)


def _bought(wanted: Any, bought: pd.DataFrame) -> bool:
    tests = {
        "category": lambda row, value: row.category == value,
        "within_days": lambda row, value: row.day >= TODAY - timedelta(days=value),
        "period": lambda row, value: _inside(row.day, [PERIODS[value]]),
        "since": lambda row, value: _inside(row.day, [(NODES[value][-1][0], TODAY.isoformat())]),
        "node": lambda row, value: _inside(row.day, NODES[value]),
    }
    fitting = [row for row in bought.itertuples() if all(tests[key](row, value) for key, value in wanted.items() if key in tests)]
    return len(fitting) >= wanted.get("at_least", 1) and sum(row.spend for row in fitting) >= wanted.get("spend_at_least", 0)
