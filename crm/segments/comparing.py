"""Two segments, or one and everybody, beside each other on all dimensions: shares, and the index against all customers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import ibis

from crm.customers import dimensions, distributions, place_names
from crm.customers.attribute import Dimension
from crm.customers.bins import Words
from crm.database import Store
from crm.database.compiling import compiled, with_given
from crm.segments import climbing, compiler, encoded, scope
from crm.segments.definition import Definition
from crm.segments.scope import Node, Scope

FEW = 30
"""Of fewer people in all nothing can be said by an index."""
KEPT = 8
"""So many answers are kept."""
EVERYBODY: Node = {"all": []}


@dataclass(frozen=True)
class Group:
    """People of one side: how many, their share of the side (None: nobody is on it), and the index: that share ÷ the share in all × 100.

    The index is None where too few people are in the bin, or nobody on the side.
    """

    people: int
    share: float | None
    index: float | None

    def as_json(self) -> dict[str, object]:
        """Its keys in `crm segment compare`."""
        return {"people": self.people, "share": self.share, "index": self.index}


@dataclass(frozen=True)
class Compared:
    """One bin of a dimension: in A, in B, in all. `strength`: how far A and B lie apart (None where too few people are in it)."""

    dimension: str
    bin: str
    label: Words
    a: Group
    b: Group
    everybody: Group
    strength: float | None

    @property
    def few(self) -> bool:
        """Whether nothing can be said by an index."""
        return self.everybody.people < FEW

    def as_json(self) -> dict[str, object]:
        """Its keys in `crm segment compare`."""
        sides = {"a": self.a.as_json(), "b": self.b.as_json(), "all": self.everybody.as_json()}
        return {"dimension": self.dimension, "bin": self.bin, **sides, "too_few": self.few}


@dataclass(frozen=True)
class Comparison:
    """`a`, `b`, `everybody`: people on each side. `bins`: by dimension, in its order; where everybody is in one, shares add up to 1."""

    a: int
    b: int
    everybody: int
    bins: dict[str, list[Compared]]

    @property
    def strongest(self) -> list[Compared]:
        """All bins, the strongest differences between A and B first, those with too few people last.

        The strength is the difference of the two shares, measured by how much a share of that size varies from one customer to the next:
        so a bin is neither strong because it is large nor because it is rare.
        """
        every = [one for some in self.bins.values() for one in some]
        return sorted(every, key=lambda one: (one.strength is None, -(one.strength or 0.0), one.dimension, one.bin))

    def as_json(self) -> dict[str, object]:
        """The keys of `crm segment compare`."""
        return {"people": {"a": self.a, "b": self.b, "all": self.everybody}, "bins": [one.as_json() for one in self.strongest]}


def compute(store: Store, a: Definition, b: Definition | None, as_of: date) -> Comparison:
    """Segment A beside B (None: everybody) as of the end of a shop day."""
    return of_nodes(store, scope.at(store, as_of), a.upto(), EVERYBODY if b is None else b.upto())


def of_nodes(store: Store, within: Scope, first: Node, second: Node) -> Comparison:
    """Everybody whom one filter means beside everybody whom another one means."""
    key = ("compared", climbing.state(within), compiled(_flagged(within, first, second)))
    known: Comparison = store.scratch.kept(key, lambda _: _compared(store, within, first, second), most=KEPT)
    return known


def _flagged(within: Scope, a: Node, b: Node) -> Any:
    """Everybody: in A, in B, and the bin of each dimension that has one per customer."""
    single = [one for one in dimensions.every().values() if not one.bins.several]
    counted = dimensions.counted(within, single)
    sides = {name: compiler.predicate(node, counted).ifelse(1, 0) for name, node in (("a", a), ("b", b))}
    return counted.facts.select("customer_id", **sides, **{f"bin_{one.name}": one.bins.bin(counted) for one in single})


def _compared(store: Store, within: Scope, a: Node, b: Node) -> Comparison:
    several = {name: one.per_bin(within).select("customer_id", "bin") for name, one in encoded.several().items()}
    given = {"flagged": compiled(_flagged(within, a, b)), **{f"several_{name}": compiled(rows) for name, rows in several.items()}}
    frame = store.frame(with_given(_counting(tuple(dimensions.every())), given))
    rows: dict[str, dict[str, tuple[int, int, int]]] = {}
    for name, key, *people in frame.itertuples(index=False, name=None):
        rows.setdefault(name, {})[key] = (int(people[0]), int(people[1]), int(people[2]))
    whole = rows.pop("", {}).get("", (0, 0, 0))
    abroad = place_names.named(store.read(place_names.abroad(within)).itertuples(index=False, name=None))
    bins = {one.name: list(_bins(one, rows.get(one.name, {}), whole, within, abroad)) for one in dimensions.page()}
    return Comparison(*whole, bins)


@cache
def _counting(names: tuple[str, ...]) -> str:
    """dimension, bin, people in A, in B, in all; of the whole both are empty. What no choice of segments changes is compiled once."""
    single = [one.name for one in dimensions.every().values() if not one.bins.several]
    columns = {"customer_id": "string", "a": "int8", "b": "int8"} | {f"bin_{name}": "string" for name in single}
    flagged = ibis.table(columns, name="flagged")
    items = [_sums(flagged, "", ibis.literal(""))]
    for name in names:
        if name in single:
            items.append(_sums(flagged, name, flagged[f"bin_{name}"]))
        else:
            bought = ibis.table({"customer_id": "string", "bin": "string"}, name=f"several_{name}")
            rows = bought.join(flagged.select("customer_id", "a", "b"), "customer_id")
            items.append(_sums(rows, name, rows["bin"]))
    return compiled(ibis.union(*items))


def _sums(rows: Any, name: str, key: Any) -> Any:
    keyed = rows.select("a", "b", dimension=ibis.literal(name), bin=key)
    counted = keyed.group_by("dimension", "bin").aggregate(
        in_a=keyed.a.sum().cast("int64"), in_b=keyed.b.sum().cast("int64"), in_all=keyed.count()
    )
    return counted.select("dimension", "bin", "in_a", "in_b", "in_all")


def _bins(
    dimension: Dimension, rows: Mapping[str, Sequence[int]], whole: Sequence[int], within: Scope, abroad: Mapping[str, Words]
) -> Iterator[Compared]:
    for one in distributions.arranged(dimension, [(key, people[2], 0, 0) for key, people in rows.items()], within, abroad):
        people = rows[one.bin]
        shares = [part / of if of else None for part, of in zip(people, whole, strict=True)]
        a, b, everybody = (Group(people[side], share, _index(share, shares[2], people[2])) for side, share in enumerate(shares))
        yield Compared(dimension.name, one.bin, (one.label_zh, one.label_en), a, b, everybody, _strength(shares, people[2]))


def _index(share: float | None, of_all: float | None, people: int) -> float | None:
    return share / of_all * 100 if share is not None and of_all and people >= FEW else None


def _strength(shares: Sequence[float | None], people: int) -> float | None:
    a, b, everybody = shares
    if a is None or b is None or not everybody or people < FEW:
        return None
    return float(abs(a - b) / (everybody * (1 - everybody)) ** 0.5) if everybody < 1 else 0.0
