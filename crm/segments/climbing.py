"""Climbing a ladder: each customer's depth (how many rungs she passes), kept beside the file: one rung more asks only for that rung."""

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis

from crm.customers import contacts
from crm.database import Store, tables
from crm.database.compiling import compiled
from crm.database.scratch import Bench
from crm.segments import compiler
from crm.segments.scope import Node, Scope

CHANNELS = ("email", "sms", "call")
SORT = "climbed"
MOST, ROWS = 16, 3_000_000
"""So many ladders are kept, in a large shop fewer: so many rows of them."""


@dataclass(frozen=True)
class Sums:
    """What is counted of some people; `reach` in the order of CHANNELS."""

    customers: int
    spend: Decimal
    orders: int
    capped: int
    reach: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Climb:
    """`rungs`: the conditions as texts. `steps`: everybody, then each rung. `people`: customer_id, depth and what is summed, of those who
    pass at least `floor` rungs.
    """

    rungs: tuple[str, ...]
    steps: list[Sums]
    people: Any
    floor: int


def state(within: Scope) -> tuple[Hashable, ...]:
    """The same as long as every condition has the same people."""
    source = "" if within.facts is tables.customer_facts else compiled(within.facts)
    return within.stamp, within.as_of, within.shop.model_dump_json(), source


def climb(store: Store, nodes: Sequence[Node], within: Scope) -> Climb:
    """The people and sums of a ladder of NODEs."""
    for node in nodes:
        compiler.predicate(node, within)  # what cannot be read is refused, kept or not
    rungs, now = _written(nodes), state(within)
    known, common = _longest(store, rungs, now)
    if known and common == len(rungs):
        return Climb(rungs, known.steps[: common + 1], known.people, known.floor)
    store.scratch.forget(SORT, lambda key: key[1][0] != within.stamp)  # they can never be asked for again
    made: Climb = store.scratch.kept((SORT, now, rungs), lambda bench: _made(store, bench, nodes, within, known, common), most=_most(store))
    return made


def _most(store: Store) -> int:
    people = int(store.rows("SELECT count(*) AS people FROM customer_facts")[0]["people"])
    return max(2, min(MOST, ROWS // max(people, 1)))


def counted(store: Store, nodes: Sequence[Node], within: Scope) -> Any:
    """The kept people (customer_id, depth …) of a ladder that begins with these NODEs; None where none was counted."""
    rungs = _written(nodes)
    known, common = _longest(store, rungs, state(within))
    return known.people if known and common == len(rungs) else None


def _written(nodes: Sequence[Node]) -> tuple[str, ...]:
    return tuple(json.dumps(node, sort_keys=True, ensure_ascii=False) for node in nodes)


def _longest(store: Store, rungs: tuple[str, ...], now: Hashable) -> tuple[Climb | None, int]:
    """The kept ladder that begins with the most rungs of this one, and how many those are."""
    best: tuple[Climb | None, int] = (None, 0)
    for key, climbed in store.scratch.alike(SORT):
        if isinstance(key, tuple) and key[1] == now:
            common = next(
                (place for place, pair in enumerate(zip(key[2], rungs, strict=False)) if pair[0] != pair[1]), min(len(key[2]), len(rungs))
            )
            if common >= climbed.floor and (best[0] is None or common > best[1]):
                best = (climbed, common)
    return best


def _made(store: Store, bench: Bench, nodes: Sequence[Node], within: Scope, known: Climb | None, common: int) -> Climb:
    people = bench.put(depths(nodes[common:], within, known.people.filter(known.people.depth >= common) if known else None, common))
    rows = store.read(_summed(people.group_by("depth")))
    above = known.steps[:common] if known else []
    steps = [*above, *(_total(rows[rows.depth >= depth]) for depth in range(common, len(nodes) + 1))]
    return Climb(_written(nodes), steps, people, common)


def depths(nodes: Sequence[Node], within: Scope, among: Any = None, passed: int = 0) -> Any:
    """One row per customer (`among` some: rows of an earlier answer, who all pass `passed` rungs): how many rungs, and what is summed."""
    tests = [compiler.predicate(node, within) for node in nodes]
    if among is not None:
        narrowed = within.facts.filter(tests[0]).select("customer_id") if len(tests) == 1 else None
        if narrowed is not None:
            return among.mutate(depth=among.customer_id.isin(narrowed.customer_id).ifelse(passed + 1, passed).cast("int8"))
        placed = within.facts.semi_join(among, "customer_id").select("customer_id", depth=_depth(tests, passed))
        return among.drop("depth").join(placed, "customer_id").select(*among.columns)
    facts, held = within.facts, contacts.capped(within)
    reach = contacts.reachable(within)
    anyhow = reach["email"] | reach["sms"] | reach["call"]
    return facts.select(
        "customer_id",
        "spend",
        orders=facts.summed_purchases,
        depth=_depth(tests, passed),
        capped=(anyhow & held).ifelse(1, 0).cast("int8"),
        **{channel: (reach[channel] & ~held).ifelse(1, 0).cast("int8") for channel in CHANNELS},
    )


def _depth(tests: Sequence[Any], passed: int) -> Any:
    stopped = [(~test, passed + place) for place, test in enumerate(tests)]
    return (ibis.cases(*stopped, else_=passed + len(tests)) if stopped else ibis.literal(passed)).cast("int8")


def parts(store: Store, climbed: Climb, depth: int, nodes: Sequence[Node], within: Scope) -> list[Sums]:
    """The sums of each of some NODEs that exclude each other, among those who pass `depth` rungs."""
    key = (f"{SORT} parts", state(within), climbed.rungs[:depth], _written(nodes))
    found: list[Sums] = store.scratch.kept(key, lambda _: _parts(store, climbed, depth, nodes, within), most=MOST)
    return found


def _parts(store: Store, climbed: Climb, depth: int, nodes: Sequence[Node], within: Scope) -> list[Sums]:
    tests, people = [compiler.predicate(node, within) for node in nodes], climbed.people
    if depth < climbed.floor:  # it was built on an earlier ladder and holds only those further down
        people = depths([json.loads(rung) for rung in climbed.rungs[:depth]], within)
    placed = within.facts.select("customer_id", part=ibis.cases(*[(test, place) for place, test in enumerate(tests)], else_=len(tests)))
    inside = people.filter(people.depth >= depth).join(placed, "customer_id")
    rows = store.read(_summed(inside.group_by("part")))
    return [_total(rows[rows.part == place]) for place in range(len(nodes))]


def _summed(grouped: Any) -> Any:
    sums = {name: ibis._[name].sum() for name in ("spend", "orders", "capped", *CHANNELS)}
    return grouped.aggregate(customers=ibis._.count(), **sums)


def _total(rows: Any) -> Sums:
    spend = sum((Decimal(str(amount)) for amount in rows.spend), Decimal("0.00"))
    whole = [int(rows[name].sum()) for name in ("customers", "orders", "capped", *CHANNELS)]
    return Sums(whole[0], spend, whole[1], whole[2], tuple(whole[3:]))
