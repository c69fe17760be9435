"""The shape of an entry of `attributes`: a field of the filter language and, with a chart, a dimension of the customers page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from crm.customers.bins import UNKNOWN_WORDS, Band, Bands, Members, Values, Words
from crm.customers.context import Context
from crm.settings import Shop


@dataclass(frozen=True)
class Chart:
    """How customers are cut by an attribute, and where that is drawn.

    `place` orders the charts of the page; those that are not `always` there are offered under “Also show”. Places are
    tens and no two share one: take a number between those of the two charts it should stand between (docs/segments.md has them in order).
    `name`, `zh` and `en` where they are not the field's. `bands`: the stretches of a number, with their `unit` and what
    people without the number are called (`missing`); without bands each value is a bar of its own, at most `longest` of them.
    Of a `set`, `per_bin` is a table (customer_id, bin, orders, spend), one row per customer and bin: what the customer bought there.
    """

    place: int
    name: str = ""
    zh: str = ""
    en: str = ""
    always: bool = False
    bands: Callable[[Shop], list[Band]] | None = None
    unit: Words = ("", "")
    missing: Words = UNKNOWN_WORDS
    longest: int = 12
    per_bin: Callable[[Context], Any] | None = None

    def __post_init__(self) -> None:
        if not self.bands and (self.missing, self.unit) != (UNKNOWN_WORDS, ("", "")):
            raise ValueError(f"The chart at place {self.place} has no bands, so its `missing` or `unit` would never be shown.")


@dataclass(frozen=True, eq=False)
class Attribute:
    """Something to know of each customer: name, words in both languages, how it is compared (`kind`: segments/ops.py), and its value.

    `of` gives a column over the facts; with `rows`, a table (customer_id, value) instead: one row per customer, of a `set` several.
    `among_all`: the value follows from other customers too; without it what is known of her alone is enough.
    `meaning` is its row in docs/segments.md. `values` names all its values, in their order; `named` only some. `phrases`: by operator, how
    a condition is said where the usual words (segments/words.py) would be clumsy.
    """

    name: str
    zh: str
    en: str
    kind: str
    of: Callable[[Context], Any]
    meaning: str
    rows: bool = False
    among_all: bool = False
    values: dict[str, Words] = field(default_factory=dict)
    named: dict[str, Words] = field(default_factory=dict)
    phrases: dict[str, Words] = field(default_factory=dict)
    chart: Chart | None = None

    @cached_property
    def names(self) -> dict[str, Words]:
        """What its values are called, as far as they have names of their own."""
        return self.values | self.named

    @property
    def counted(self) -> str:
        """The column that `dimensions.counted` adds to the facts for an attribute with rows of its own."""
        return f"counted_{self.name}"

    def column(self, context: Context) -> Any:
        """Its value as a column over the facts."""
        return context.facts[self.counted] if self.rows else self.of(context)

    @cached_property
    def dimension(self) -> "Dimension | None":
        """The way to cut all customers by it, where it has a chart."""
        chart = self.chart
        if chart is None:
            return None
        return Dimension(chart.name or self.name, chart.zh or self.zh, chart.en or self.en, self._bins(chart), chart, self)

    def _bins(self, chart: Chart) -> Values | Bands:
        if (self.kind == "set") is not (chart.per_bin is not None):
            raise ValueError(f"{self.name}: what has several values needs `per_bin` for its chart, and nothing else does")
        if chart.bands:
            return Bands(self.name, self.column, chart.bands, chart.unit, chart.missing)
        return (Members if self.kind == "set" else Values)(self.name, self.column, self.values, self.named)


@dataclass(frozen=True, eq=False)
class Dimension:
    """A way to cut customers: `bins.bin(context)` is a text column over the facts, `bins.node(keys, shop)` the filter of some bins."""

    name: str
    zh: str
    en: str
    bins: Values | Bands
    chart: Chart
    attribute: Attribute

    def per_bin(self, context: Context) -> Any:
        """Of a dimension with several bins per customer: customer_id, bin, orders, spend."""
        if self.chart.per_bin is None:
            raise ValueError(f"{self.name}: every customer is in one bin")
        return self.chart.per_bin(context)
