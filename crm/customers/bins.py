"""How a dimension cuts customers into bins: by value, by bands of a number, by the categories they bought. A bin's node is a filter."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import ibis

from crm.customers.context import Context
from crm.settings import Shop

Node = dict[str, Any]
Words = tuple[str, str]
UNKNOWN = "unknown"
UNKNOWN_WORDS = ("未知", "Unknown")


@dataclass(frozen=True)
class Values:
    """One bin per value of a text column; `words` names the values that need names and gives their order, `named` only names some."""

    field: str
    column: Callable[[Context], Any]
    words: dict[str, Words] = dataclasses.field(default_factory=dict)
    named: dict[str, Words] = dataclasses.field(default_factory=dict)
    several = False

    def bin(self, context: Context) -> Any:
        """The bin of each customer as a text column."""
        return self.column(context).fill_null(UNKNOWN)

    def order(self, shop: Shop) -> list[str]:
        """The fixed order of the bins; empty: by size."""
        return list(self.words)

    def label(self, key: str, shop: Shop) -> Words:
        """A bin's name, zh and en."""
        return self.words.get(key) or self.named.get(key) or (UNKNOWN_WORDS if key == UNKNOWN else (key, key))

    def node(self, keys: list[str], shop: Shop) -> Node:
        """The filter that chooses exactly the customers of these bins."""
        known = [key for key in keys if key != UNKNOWN]
        parts: list[Node] = []
        if len(known) > 1:
            parts.append({"field": self.field, "op": "one_of", "value": known})
        elif known:
            parts.append({"field": self.field, "op": "is", "value": known[0]})
        if UNKNOWN in keys:
            parts.append({"field": self.field, "op": "is_unknown"})
        return parts[0] if len(parts) == 1 else {"any": parts}


class Members(Values):
    """One bin per category: a customer is in the bin of each category they bought; `unknown` is what they bought that is in none.

    There the word itself is the filter's value: whoever bought nothing at all has no such thing either.
    """

    several = True

    def node(self, keys: list[str], shop: Shop) -> Node:
        """The filter that chooses exactly the customers of these bins."""
        op, value = ("is", keys[0]) if len(keys) == 1 else ("one_of", keys)
        return {"field": self.field, "op": op, "value": value}


@dataclass(frozen=True)
class Band:
    """A stretch of numbers, both ends counted; `high` None: no upper end."""

    key: str
    low: Decimal
    high: Decimal | None


@dataclass(frozen=True)
class Bands:
    """One bin per stretch of a number; people without the number are in `unknown`."""

    field: str
    column: Callable[[Context], Any]
    cut: Callable[[Shop], list[Band]]
    unit: Words = ("", "")
    missing: Words = UNKNOWN_WORDS
    several = False

    def bin(self, context: Context) -> Any:
        """The bin of each customer as a text column."""
        number, bands = self.column(context), self.cut(context.shop)
        steps = [(number <= _plain(band.high), band.key) for band in bands if band.high is not None]
        return ibis.cases((number.isnull(), UNKNOWN), *steps, else_=bands[-1].key)

    def order(self, shop: Shop) -> list[str]:
        """From low to high, unknown last."""
        return [band.key for band in self.cut(shop)] + [UNKNOWN]

    def label(self, key: str, shop: Shop) -> Words:
        """A bin's name, zh and en."""
        if key == UNKNOWN:
            return self.missing
        shown = key.replace("-", "–")
        return shown + self.unit[0], shown + self.unit[1]

    def node(self, keys: list[str], shop: Shop) -> Node:
        """The filter that chooses exactly the customers of these bins; neighbours become one stretch."""
        stretches: list[Node] = [self._between(first, last) for first, last in self._runs(keys, shop)]
        if UNKNOWN in keys:
            stretches.append({"field": self.field, "op": "is_unknown"})
        return stretches[0] if len(stretches) == 1 else {"any": stretches}

    def _runs(self, keys: list[str], shop: Shop) -> list[tuple[Band, Band]]:
        runs: list[tuple[Band, Band]] = []
        before = False
        for band in self.cut(shop):
            if band.key in keys:
                runs = [*runs[:-1], (runs[-1][0], band)] if before else [*runs, (band, band)]
            before = band.key in keys
        return runs

    def _between(self, first: Band, last: Band) -> Node:
        if last.high is None:
            return {"field": self.field, "op": "at_least", "value": _plain(first.low)}
        if first.low == last.high:
            return {"field": self.field, "op": "is", "value": _plain(first.low)}
        return {"field": self.field, "op": "between", "value": [_plain(first.low), _plain(last.high)]}


def _plain(number: Decimal | None) -> Any:
    whole = number is not None and number == number.to_integral_value()
    return int(number or 0) if whole else float(number or 0)


def whole(*edges: int) -> list[Band]:
    """Bands of whole numbers, each edge the first number of a band; the last is open."""
    nexts = [*edges[1:], None]
    return [_whole(low, None if following is None else following - 1) for low, following in zip(edges, nexts, strict=True)]


@cache
def _whole(low: int, high: int | None) -> Band:
    key = f"{low}+" if high is None else str(low) if low == high else f"{low}-{high}"
    return Band(key, Decimal(low), None if high is None else Decimal(high))


def amounts(edges: list[int]) -> list[Band]:
    """Bands of money: nothing at all, then up to each edge (not counted), the last open."""
    cent = Decimal("0.01")
    lows = [0, *edges]
    closed = [Band(f"{low}-{high}", Decimal(low) if low else cent, high - cent) for low, high in zip(lows, edges, strict=False)]
    return [Band("0", Decimal(0), Decimal(0)), *closed, Band(f"{edges[-1]}+", Decimal(edges[-1]), None)]
