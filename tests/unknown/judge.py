"""The judge: reads an export by the real import and says whether its numbers are right, asked for, doubted aloud, or wrong."""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from crm import database, uploads
from crm.database import Store
from crm.errors import CrmError
from crm.imports import steps
from crm.settings import Shop
from crm.uploads import ORDERS, detecting
from tests.imports.given import orders_only
from tests.unknown.export import Export
from tests.unknown.truth import Told, Truth

NOW = datetime(2026, 11, 1)
ASKED, RIGHT, SAID, WRONG = "asked", "right", "said", "wrong"
_MONEY = ("kept", "refunded")
COVERS: dict[str, tuple[str, ...]] = {
    "date": ("days",),
    "utc": ("days",),
    "future": ("days",),
    "ancient": ("days",),
    "no_buyer": ("nobody",),
    "masked": ("nobody",),
    "buyer": ("nobody", "buyers"),
    "currency": ("currency",),
    "fen": _MONEY,
    "number": _MONEY,
    "amount": _MONEY,
    "status": _MONEY,
    "partial": _MONEY,
    "refund": (*_MONEY, "orders"),
    "region": ("country", "region"),
    "country": ("country", "region"),
}
"""Beginning of a warning's code → the differences that it says aloud."""
READ = "SELECT order_id, customer_id, is_purchase, is_paid, paid, refunded, spend, currency, country, province, day FROM orders"


@dataclass
class Verdict:
    """`outcome`: right, said (other numbers, but a warning or a rejected row names it), asked or wrong. `without`: what was not read."""

    outcome: str
    differences: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    sentence: str = ""
    mapping: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Reading:
    """What became of a file. `found` is None when it was refused (`asked`: the sentence) or went wrong in another way (`fault`)."""

    found: Truth | None = None
    asked: str = ""
    fault: str = ""
    warnings: list[str] = field(default_factory=list)
    mapping: Mapping[str, Any] = field(default_factory=dict)
    rejected: list[int] = field(default_factory=list)


def judge(export: Export, *, whole: bool = False) -> Verdict:
    """Import the export into an empty shop of its currency and compare. `whole`: with all that follows from orders (slower).

    A refusal is `asked` when nothing was recorded; anything that is no refusal is a crash, and wrong.
    """
    reading = read(export.name, export.data, export.currency, whole=whole)
    if reading.found is None:
        return Verdict(ASKED, sentence=reading.asked) if reading.asked else Verdict(WRONG, [reading.fault])
    lost = {export.rows[row] for row in reading.rejected if row in export.rows}
    verdict = compared(reading.found, export.truth, lost, has_id=export.has_id)
    verdict.warnings, verdict.mapping = reading.warnings, reading.mapping
    if export.aloud and not any("refund" in code or "partial" in code for code in reading.warnings):
        verdict.differences.append("silent: partial refunds without an amount")
    return settled(verdict)


def read(name: str, data: bytes, currency: str = "CNY", *, whole: bool = False) -> Reading:
    """Import a file into an empty shop in memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        store = database.memory()
        try:
            database.save_shop(store, Shop(currency=currency))
            return _read(store, path, whole)
        finally:
            store.close()


def _read(store: Store, path: Path, whole: bool) -> Reading:
    options = steps.ImportOptions()
    try:
        kind = detecting.kind_of(store, path, options, path.parent)
        if whole or kind != ORDERS:
            results = uploads.import_files(store, [path], now=NOW, options=options)
        else:
            results = orders_only(store, [path], options)
    except CrmError as error:
        left = store.rows("SELECT count(*) AS n FROM imports")[0]["n"]
        return Reading(fault="refused, but recorded") if left else Reading(asked=str(error))
    except Exception as error:
        return Reading(fault=f"crash: {type(error).__name__}: {str(error)[:200]}")
    if kind != ORDERS:
        return Reading(fault=f"kind: taken for {kind}")
    warnings = [warning.code for result in results for warning in result.warnings]
    return Reading(told(store.rows(READ)), "", "", warnings, results[0].mapping, [one.row for one in results[0].rejections])


def told(rows: list[dict[str, Any]]) -> Truth:
    """What the shop holds after an import, in the form of a truth."""
    orders = {
        str(row["order_id"]): Told(
            row["paid"] - row["refunded"] if row["is_purchase"] else Decimal(0),
            row["refunded"] if row["is_paid"] else Decimal(0),
            row["customer_id"],
            row["day"],
            row["currency"],
            row["country"],
            row["province"],
        )
        for row in rows
    }
    return Truth(orders, any(order.buyer for order in orders.values()))


def settled(verdict: Verdict) -> Verdict:
    """The outcome, from the differences and the warnings."""
    kinds = {difference.split(":")[0] for difference in verdict.differences}
    aloud = {kind for code in verdict.warnings for start, covered in COVERS.items() if code.startswith(start) for kind in covered}
    if kinds == {"rejected"} or (kinds and kinds <= aloud | {"rejected"}):
        verdict.outcome = SAID
    elif kinds:
        verdict.outcome = WRONG
    return verdict


def compared(truth: Truth, true: Truth, lost: set[str], *, has_id: bool = True) -> Verdict:
    """The differences, by kind. `lost`: orders of which a row was rejected; they are left out, and named."""
    verdict = Verdict(RIGHT)
    if not has_id:
        return _without_ids(truth, true, verdict)
    if true.orders and len(truth.orders) == len(true.orders) and not truth.orders.keys() & true.orders.keys():
        if lost:
            verdict.differences.append(f"rejected: rows of {len(lost)} orders")
        return _without_ids(truth, true, verdict)  # the orders have two numbers each, and the other one was taken
    wanted = {name: order for name, order in true.orders.items() if name not in lost}
    there = {name: order for name, order in truth.orders.items() if name not in lost}
    if lost:
        verdict.differences.append(f"rejected: rows of {len(lost)} orders")
    missing, more = sorted(wanted.keys() - there.keys()), sorted(there.keys() - wanted.keys())
    if missing or more:
        verdict.differences.append(f"orders: {len(there)} for {len(wanted)}; missing {missing[:3]}, too many {more[:3]}")
    pairs = [(name, there[name], wanted[name]) for name in wanted.keys() & there.keys()]
    for kind in ("kept", "refunded", "currency", "day"):
        _each(verdict, {"day": "days"}.get(kind, kind), [(name, getattr(got, kind), getattr(right, kind)) for name, got, right in pairs])
    _people(verdict, [(got.buyer, right.buyer) for _, got, right in pairs], true)
    for place in true.regions:
        _places(verdict, place, pairs, true)
    return verdict


def _each(verdict: Verdict, kind: str, triples: list[tuple[str, Any, Any]]) -> None:
    other = sorted((name, str(got), str(right)) for name, got, right in triples if got != right)
    if other:
        name, got, right = other[0]
        verdict.differences.append(f"{kind}: {len(other)} of {len(triples)}, {name}: {got} for {right}")


def _people(verdict: Verdict, pairs: list[tuple[str | None, str | None]], true: Truth) -> None:
    """The same orders have to belong to the same people, whatever they are called."""
    got, right = _groups([one for one, _ in pairs]), _groups([one for _, one in pairs])
    if got == right:
        return
    if not got and true.buyers:
        verdict.differences.append(f"nobody: none for {len(right)}")
        return
    verdict.differences.append(f"buyers: {len(got)} for {len(right)}")


def _groups(names: list[str | None]) -> set[frozenset[int]]:
    values: dict[str, set[int]] = defaultdict(set)
    for place, name in enumerate(names):
        if name is not None:
            values[name].add(place)
    return {frozenset(places) for places in values.values()}


def _places(verdict: Verdict, place: str, pairs: list[tuple[str, Told, Told]], true: Truth) -> None:
    """Where the money comes from; a place that was not read at all is absent, not wrong."""
    if not any(getattr(got, place) for _, got, _ in pairs):
        if any(getattr(right, place) for _, _, right in pairs):
            verdict.without.append(place)
        return
    triples = [(name, getattr(got, place), getattr(right, place)) for name, got, right in pairs]
    other = sorted((name, str(got), str(right)) for name, got, right in triples if not _same(got, right, true))
    if other:
        verdict.differences.append(f"{place}: {len(other)}, {other[0][0]}: {other[0][1]} for {other[0][2]}")


def _same(got: str | None, right: str | None, true: Truth) -> bool:
    if not got or not right:
        return (got or None) == (right or None)
    plain = {word.casefold().rstrip("省市") for word in (right, *true.names.get(right, ()))}
    return got.casefold().rstrip("省市") in plain


def _without_ids(truth: Truth, true: Truth, verdict: Verdict) -> Verdict:
    """Orders without ids: each is one row, so what they come to is compared as a whole."""

    def sums(of: Truth) -> dict[str, Any]:
        told = of.orders.values()
        return {
            "orders": len(told),
            "kept": Counter(order.kept for order in told),
            "refunded": Counter(order.refunded for order in told),
            "days": Counter(order.day for order in told),
            "buyers": of.customers if true.buyers else None,
            "repeat": of.repeat if true.buyers else None,
            "currency": of.spend.keys(),
        }

    got, right = sums(truth), sums(true)
    verdict.differences += [f"{kind}: {str(got[kind])[:60]} for {str(right[kind])[:60]}" for kind in right if got[kind] != right[kind]]
    if not true.buyers and truth.buyers:
        verdict.differences.append(f"buyers: {truth.customers} for none")
    return verdict
