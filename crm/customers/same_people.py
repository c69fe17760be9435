"""Who is probably one person: groups of customers that share a clear phone number or e-mail address. Only said here; a person decides.

suggestions(store)            the groups, the surest first, and the marks that too many carry
effect(store, groups)         what joining them would do to the shop's numbers
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple, Protocol

import pandas as pd

from crm.customers import evidence, names
from crm.database import Store, tables
from crm.database.compiling import compiled
from crm.database.rows import Read, Row
from crm.orders import crosswalk
from crm.orders.crosswalk import Bond

SOURCES = ("order_records", "customer_links", "merged_customers", "customer_facts")
MOST = 5
"""A mark that more customers carry is a forwarding agent's or the shop's own: it says nothing about any of them."""
STRENGTHS = {"surest": ("最可靠", "Surest"), "likely": ("较可靠", "Likely"), "doubtful": ("姓名不符", "Names differ")}


class Reader(Protocol):
    """A store, or a change that is open on it."""

    def read(self, expression: Any) -> pd.DataFrame: ...
    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]: ...
    def rows_as(self, kind: type[Row], sql: str, values: Sequence[Any] = (), **read: Read) -> list[Row]: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """A phone number or e-mail address, and how many customers carry it."""

    kind: str
    text: str
    customers: int

    @property
    def digest(self) -> str:
        """Stands for the mark where it must not be written."""
        return hashlib.sha256(f"{self.kind}|{self.text}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Group:
    """Customers who are probably one person. `purchases` of each; `names_given` the names that came with the marks, by customer.

    `carried`: which account carries which of the marks: account, kind and text.
    """

    customers: tuple[str, ...]
    purchases: tuple[int, ...]
    marks: tuple[Mark, ...]
    carried: frozenset[tuple[str, str, str]]
    names_given: tuple[frozenset[str], ...]

    @cached_property
    def bonds(self) -> frozenset[Bond]:
        """The same, the marks by their digests: what is kept of a decision."""
        digests = {(mark.kind, mark.text): mark.digest for mark in self.marks}
        return frozenset(Bond(account, kind, digests[kind, text]) for account, kind, text in self.carried)

    @cached_property
    def key(self) -> str:
        """The same as long as accounts and marks are the same."""
        lines = sorted(f"{bond.customer_id}|{bond.mark}" for bond in self.bonds)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]

    @cached_property
    def strength(self) -> str:
        """surest: phone and e-mail of two, or the same name as well. doubtful: names that contradict each other. likely: the others."""
        pairs = [names.compare(left, right) for left, right in combinations(self.names_given, 2)]
        if "unlike" in pairs:
            return "doubtful"
        both = len(self.customers) == 2 and len({mark.kind for mark in self.marks}) == 2
        return "surest" if both or all(pair == "same" for pair in pairs) else "likely"


@dataclass(frozen=True)
class Suggestions:
    """`groups`, the surest first; `shared`: marks that more than MOST customers carry, which are no evidence."""

    groups: list[Group]
    shared: list[Mark]

    def of(self, strength: str) -> list[Group]:
        """The groups of one strength."""
        return [group for group in self.groups if group.strength == strength]


def kept(store: Store) -> Suggestions:
    """The suggestions, looked for once per state of the data."""
    result: Suggestions = store.scratch.kept(("same people", store.written(SOURCES)), lambda _: suggestions(store))
    return result


def suggestions(reader: Reader) -> Suggestions:
    """All groups that nobody has joined or set apart yet."""
    rows = reader.read(evidence.expression())
    apart = {row["link_id"].partition("-")[0] for row in reader.rows(APART)}
    items = [group for group in _groups(rows[rows.customers <= MOST]) if not apart or group.key not in apart]
    order = list(STRENGTHS)
    small = [group for group in items if len(group.customers) <= MOST]
    chains = [Mark("chain", min(mark.text for mark in group.marks), len(group.customers)) for group in items if len(group.customers) > MOST]
    return Suggestions(sorted(small, key=lambda group: (order.index(group.strength), group.customers)), _shared(rows) + chains)


APART = (
    "SELECT DISTINCT link_id FROM customer_links WHERE state = 'apart' "
    "AND link_id NOT IN (SELECT link_id FROM customer_links WHERE state = 'undone')"
)


def _shared(result: pd.DataFrame) -> list[Mark]:
    many = result[result.customers > MOST].drop_duplicates(["kind", "mark"]).sort_values(["customers", "mark"], ascending=[False, True])
    return [Mark(*row) for row in many[["kind", "mark", "customers"]].itertuples(index=False, name=None)]


class Carried(NamedTuple):
    """A row of `evidence.expression`: a mark, and a customer who carries it."""

    account: str
    customer_id: str
    kind: str
    mark: str
    name: str | None
    customers: int
    purchases: int


def _groups(result: pd.DataFrame) -> Iterable[Group]:
    rows: dict[str, list[Carried]] = {}
    columns = [result[name].tolist() for name in Carried._fields]  # row by row it takes ten times as long
    every = [Carried(*row) for row in zip(*columns, strict=True)]
    for row in every:
        rows.setdefault(row.customer_id, []).append(row)
    bonds = ((row.customer_id, (row.kind, row.mark)) for row in every)
    return [_group(group, [rows[one] for one in group]) for group in crosswalk.groups(bonds)]


def _group(customers: list[str], rows: list[list[Carried]]) -> Group:
    every = [row for own in rows for row in own]
    marks = {(row.kind, row.mark): Mark(row.kind, row.mark, row.customers) for row in every}
    carried = frozenset((row.account, row.kind, row.mark) for row in every)
    items = tuple(frozenset(row.name for row in own if isinstance(row.name, str)) for own in rows)
    return Group(tuple(customers), tuple(own[0].purchases for own in rows), tuple(marks[key] for key in sorted(marks)), carried, items)


@dataclass(frozen=True)
class Effect:
    """The shop's numbers before and after: all customers, those who bought, those who bought at least twice."""

    customers: tuple[int, int]
    buyers: tuple[int, int]
    repeat: tuple[int, int]

    @property
    def rate(self) -> tuple[float | None, float | None]:
        """The repeat-purchase rate (people) before and after."""
        before, after = (repeat / buyers if buyers else None for repeat, buyers in zip(self.repeat, self.buyers, strict=True))
        return before, after


def effect(reader: Reader, groups: Sequence[Group]) -> Effect:
    """What joining these groups would do to the numbers, exactly."""
    facts = tables.customer_facts
    bought, again = facts.purchases >= 1, facts.purchases >= 2
    sums = facts.aggregate(customers=facts.count(), buyers=facts.count(where=bought), repeat=facts.count(where=again))
    now = {name: int(value) for name, value in reader.read(sums).iloc[0].items()}
    customers = sum(len(group.customers) - 1 for group in groups)
    buyers = sum(max(0, sum(count >= 1 for count in group.purchases) - 1) for group in groups)
    repeat = sum(sum(count >= 2 for count in group.purchases) - (sum(group.purchases) >= 2) for group in groups)
    return Effect(
        (now["customers"], now["customers"] - customers), (now["buyers"], now["buyers"] - buyers), (now["repeat"], now["repeat"] - repeat)
    )


@dataclass(frozen=True, slots=True)
class Person:
    """Who a customer is and what they bought."""

    customer_id: str
    platform: str
    shop: str
    buyer: str | None
    nickname: str | None
    name: str | None
    province: str | None
    city: str | None
    phone: str | None
    email_norm: str | None
    placed_orders: int
    purchases: int
    spend: Decimal
    last_purchase_day: date | None


def people(reader: Reader, customer_ids: Iterable[str]) -> dict[str, Person]:
    """What is known of these customers, by id."""
    who = tables.customers.filter(tables.customers.customer_id.isin(sorted(customer_ids)))
    who = who.select("customer_id", "platform", "shop", "buyer", "nickname", "name", "province", "city", "phone", "email_norm")
    facts = tables.customer_facts.select("customer_id", "placed_orders", "purchases", "spend", "last_purchase_day")
    return {one.customer_id: one for one in reader.rows_as(Person, compiled(who.join(facts, "customer_id")))}
