"""The operators of the filter language: name, words in both languages, what value they need. One line each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis

from crm.customers import days
from crm.segments import periods


@dataclass(frozen=True)
class Op:
    """An operator. `needs`: one, many, pair, days, period, node or nothing. `test(column, value, as_of)`: a boolean, perhaps null."""

    name: str
    zh: str
    en: str
    needs: str
    test: Callable[[Any, Any, date], Any]


def _since(as_of: date, days: int) -> Any:
    return ibis.literal(as_of - timedelta(days=days))


def _inside(x: Any, window: periods.Window) -> Any:
    return x.between(ibis.literal(window[0]), ibis.literal(window[1]))


ALL = [
    Op("is", "是", "is", "one", lambda x, v, day: x == v),
    Op("is_not", "不是", "is not", "one", lambda x, v, day: x != v),
    Op("one_of", "是其中之一", "is one of", "many", lambda x, v, day: x.isin(v)),
    Op("none_of", "都不是", "is none of", "many", lambda x, v, day: x.notin(v)),
    Op("at_least", "至少", "at least", "one", lambda x, v, day: x >= v),
    Op("at_most", "至多", "at most", "one", lambda x, v, day: x <= v),
    Op("below", "低于", "below", "one", lambda x, v, day: x < v),
    Op("between", "介于", "between", "pair", lambda x, v, day: x.between(v[0], v[1])),
    Op("before", "早于", "before", "one", lambda x, v, day: x < v),
    Op("after", "晚于", "after", "one", lambda x, v, day: x > v),
    Op("within_days", "在最近几天内", "within the last days", "days", lambda x, v, day: days.within(x, day, v)),
    Op("not_within_days", "在最近几天之前", "longer ago than days", "days", lambda x, v, day: x < _since(day, v)),
    Op("in_period", "在某段日期", "in a period", "period", lambda x, v, day: _inside(x, periods.window(v, day))),
    Op("since", "自某个节点以来", "since a campaign node", "node", lambda x, v, day: _inside(x, periods.since(v, day))),
    Op("contains", "包含", "contains", "one", lambda x, v, day: x.lower().contains(v.lower())),
    Op("is_known", "已知", "is known", "nothing", lambda x, v, day: x.notnull()),
    Op("is_unknown", "未知", "is unknown", "nothing", lambda x, v, day: x.isnull()),
]
OPS = {op.name: op for op in ALL}

COMING = Op("within_days", "在未来几天内", "within the next days", "days", lambda x, v, day: x <= v)
"""What `within_days` means for a day that comes again every year (its column counts the days until then)."""


def of(kind: str, name: str) -> Op:
    """The operator of that name for fields of this kind."""
    return COMING if kind == "coming" and name == "within_days" else OPS[name]


_KNOWN = ("is_known", "is_unknown")
_NUMBER = ("at_least", "at_most", "below", "between", "is", "is_not", *_KNOWN)
BY_KIND = {
    "count": _NUMBER,
    "days": _NUMBER,
    "money": _NUMBER,
    "ratio": _NUMBER,
    "date": ("within_days", "not_within_days", "in_period", "since", "before", "after", "between", "is", "is_not", *_KNOWN),
    "choice": ("one_of", "none_of", "is", "is_not", "contains", *_KNOWN),
    "set": ("one_of", "none_of", "is", "is_not", "contains", *_KNOWN),
    "coming": ("within_days", "between", *_KNOWN),
    "flag": ("is", "is_not", *_KNOWN),
}
