"""Why one customer is on a rung or not: the ladder's own conditions, each with whether it holds and what is known of her."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm.customers import attributes, days, one
from crm.customers.attribute import Attribute
from crm.customers.bins import UNKNOWN
from crm.database import Store
from crm.errors import NotFoundError
from crm.segments import compiler, filters, scope, words
from crm.segments.definition import Definition
from crm.segments.scope import Node, Scope

GROUPS = ("all", "any", "not")
FEW = 64
"""Of so many customers what is known is kept."""


@dataclass(frozen=True, slots=True)
class Bought:
    """Her purchases that fit a `bought`: how many, their net money in the shop's currency, the day of the last."""

    purchases: int
    spend: Decimal
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Received:
    """The campaigns that fit a `received`: how many, and the shop's day of the last message."""

    campaigns: int
    last_day: date | None


Value = None | bool | int | float | str | Decimal | date | datetime | list[str] | Bought | Received


@dataclass(frozen=True, slots=True)
class Reason:
    """A NODE and whether it holds for her. `parts`: of a group its conditions, of `in_segment` what that segment asks. `has_value`: whether
    `value` is what is known of her for this condition (None: unknown); groups and segments have none."""

    node: Node
    holds: bool
    parts: tuple["Reason", ...] = ()
    value: Value = None
    has_value: bool = False

    def as_json(self) -> dict[str, Any]:
        """The keys of `crm segment why`: the condition in English, `value` and `parts` only where it has any."""
        told: dict[str, Any] = {"condition": words.describe(self.node, "en"), "holds": self.holds}
        if self.has_value:
            told["value"] = asdict(self.value) if isinstance(self.value, Bought | Received) else self.value
        return told | ({"parts": [part.as_json() for part in self.parts]} if self.parts else {})


@dataclass(frozen=True, slots=True)
class Standing:
    """A rung: whether its own condition holds for her, and whether she is on it (all rungs so far hold)."""

    name: str
    holds: bool
    on: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Why:
    """A customer (by the id she lives on as) and each rung of a ladder that counts. `failed`: the first rung she is not on."""

    customer_id: str
    rungs: tuple[Standing, ...]

    @property
    def failed(self) -> Standing | None:
        return next((rung for rung in self.rungs if not rung.on), None)

    def as_json(self) -> dict[str, Any]:
        """The answer of `crm segment why`."""
        rungs = [{"name": rung.name, "on": rung.on, **rung.reason.as_json()} for rung in self.rungs]
        return {"customer_id": self.customer_id, "member": self.failed is None, "failed": self.failed and self.failed.name, "rungs": rungs}


def explain(store: Store, definition: Definition, customer_id: str, as_of: date) -> Why:
    """Why the customer is on each rung or not, as of the end of a shop day. Raises NotFoundError for who is not known on that day, and
    whatever counting the ladder raises."""
    within = scope.at(store, as_of)
    customer_id = lives_on(store, customer_id)
    rungs = [rung for rung in definition.rungs if not rung.off]
    told = Told(store, within, customer_id)
    for rung in rungs:
        told.take(rung.where)
    told.ask()
    standings: list[Standing] = []
    on = True
    for rung in rungs:
        reason = told.reason(rung.where)
        on = on and reason.holds
        standings.append(Standing(rung.name, reason.holds, on, reason))
    return Why(customer_id, tuple(standings))


def lives_on(store: Store, customer_id: str) -> str:
    """The id that a customer lives on as."""
    joined = store.one("SELECT merged_into FROM merged_customers WHERE customer_id = ?", [customer_id])
    return str(joined["merged_into"]) if joined else customer_id


def fields(store: Store, customer_id: str, as_of: date) -> dict[str, Value]:
    """What is known of a customer (by the id she lives on as) for every attribute; kept until anything is written.

    Raises NotFoundError where she is not known on the day.
    """
    within = scope.at(store, as_of)
    key = ("fields of one", customer_id, as_of, within.stamp, store.written(("settings",)))
    told: dict[str, Value] = store.scratch.kept(key, lambda _: Told(store, within, customer_id).fields(), most=FEW)
    return told


class Told:
    """Conditions of some NODEs for one customer: `take` each NODE, then `ask`, once, for all of them; each condition is asked for once."""

    def __init__(self, store: Store, within: Scope, customer_id: str) -> None:
        own = ("facts", "orders", "lines", "categories", "people")
        self._store, self._whole, self._customer_id = store, within, customer_id
        self._hers = replace(within, **{name: one.of(getattr(within, name)) for name in own})
        self._tests: dict[str, tuple[Scope, Any]] = {}
        self._fields: dict[str, Attribute] = {}
        self._row: dict[str, Any] = {}
        self._seen: dict[str, list[Any]] = {}

    def take(self, node: Node, inside: tuple[str, ...] = ()) -> None:
        """All conditions of a NODE, those of segments it looks into too. `inside`: the segments it stands in. Raises what counting would;
        nothing of the NODE is taken then."""
        tests: dict[str, tuple[Scope, Any]] = {}
        for leaf, names in self._leaves(node, inside):
            within = self._within(leaf)
            tests.setdefault(_key(leaf), (within, compiler.predicate(leaf, within, names)))
        self._tests |= tests

    def _leaves(self, node: Node, inside: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
        filters.check(node)
        group = next((name for name in GROUPS if name in node), None)
        if group:
            for part in _parts(node, group):
                yield from self._leaves(part, inside)
        elif "in_segment" in node:
            compiler.predicate(node, self._hers, inside)  # refuses circles and names that are not there
            name = node["in_segment"]
            yield from self._leaves(compiler.saved_node(name, self._hers.saved), (*inside, name))
        else:
            if "field" in node:
                self._fields[node["field"]] = filters.field_of(node["field"])
            yield node, inside

    def _within(self, node: Node) -> Scope:
        """The scope in which nobody but her is there; that of all where her value follows from others."""
        return self._whole if "field" in node and filters.field_of(node["field"]).among_all else self._hers

    def ask(self) -> None:
        """Which conditions hold, and the fields. Raises NotFoundError where she is not known on the day."""
        columns = {f"value_{name}": field.of(self._hers) for name, field in self._fields.items() if not field.rows}
        columns |= {key: test for key, (within, test) in self._tests.items() if within is self._hers}
        row = self._first(self._hers.facts.select("customer_id", **columns))
        if row is None:
            raise NotFoundError("customer.not_found", "There is no customer {customer_id}.", customer_id=self._customer_id[:40])
        others = {key: test for key, (within, test) in self._tests.items() if within is self._whole}
        more = self._first(one.of(self._whole.facts.select("customer_id", **others))) if others else None
        self._row = row | (more or {})

    def _first(self, expression: Any) -> dict[str, Any] | None:
        return next(iter(one.rows(self._store, expression, self._customer_id)), None)

    def fields(self) -> dict[str, Value]:
        """What is known of her for every attribute (None: unknown). Raises NotFoundError where she is not known on the day."""
        self._fields |= attributes.every()
        self.ask()
        return {name: self._field(name) for name in self._fields}

    def holds(self, node: Node) -> bool:
        """Whether a NODE holds for her."""
        group = next((name for name in GROUPS if name in node), None)
        if group:
            held = [self.holds(part) for part in _parts(node, group)]
            return all(held) if group == "all" else any(held) if group == "any" else not held[0]
        if "in_segment" in node:
            return self.holds(compiler.saved_node(node["in_segment"], self._hers.saved))
        return bool(self._row[_key(node)])

    def reason(self, node: Node) -> Reason:
        """A NODE as it is for her."""
        group = next((name for name in GROUPS if name in node), None)
        if group:
            return Reason(node, self.holds(node), tuple(self.reason(part) for part in _parts(node, group)))
        if "in_segment" in node:
            part = self.reason(compiler.saved_node(node["in_segment"], self._hers.saved))
            return Reason(node, part.holds, part.parts)
        holds = self.holds(node)
        for kind, value in (("field", self._field), ("bought", self._bought), ("received", self._received)):
            if kind in node:
                return Reason(node, holds, value=value(node[kind]), has_value=True)
        return Reason(node, holds)

    def _field(self, name: str) -> Value:
        field = filters.field_of(name)
        if not field.rows:
            value: Value = self._row[f"value_{name}"]
            return value
        if name not in self._seen:
            self._seen[name] = self._rows(field)
        values = self._seen[name]
        return (values or None) if field.kind == "set" else next(iter(values), None)

    def _rows(self, field: Attribute) -> list[Any]:
        rows = one.of(field.of(self._whole if field.among_all else self._hers))
        value = rows.value.fill_null(UNKNOWN) if field.kind == "set" else rows.value
        told = one.rows(self._store, rows.select(value=value).distinct().order_by("value"), self._customer_id)
        return [row["value"] for row in told]

    def _bought(self, wanted: Node) -> Bought:
        fit = compiler.bought(wanted, self._hers)
        told = fit.aggregate(purchases=fit.order_key.nunique(), spend=fit.spend.sum().fill_null(0), last_day=fit.day.max())
        return Bought(**one.rows(self._store, told, self._customer_id)[0])

    def _received(self, wanted: Node) -> Received:
        fit = one.of(compiler.received(wanted, self._hers))
        day = days.shop_day(fit.sent_at, self._hers.shop.timezone)
        told = fit.aggregate(campaigns=fit.campaign_id.nunique(), last_day=day.max())
        return Received(**one.rows(self._store, told, self._customer_id)[0])


def _parts(node: Node, group: str) -> list[Node]:
    return [node["not"]] if group == "not" else node[group]


def _key(node: Node) -> str:
    """The column of a condition: the same for the same words."""
    return "holds_" + hashlib.sha256(repr(node).encode()).hexdigest()[:16]
