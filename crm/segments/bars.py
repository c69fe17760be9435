"""What a chart of the customers page says beside its counts: the index against all customers, another group's share, and itself as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.customers import dimensions
from crm.customers.distributions import Bin
from crm.database import Store
from crm.segments import comparing
from crm.segments.comparing import FEW
from crm.segments.explore import Explored
from crm.segments.export import safe
from crm.segments.scope import Node, Scope

Indexes = Mapping[str, float | None]
HEADS = {
    "zh_CN": ("分组", "客户数", "订单数", "消费金额", "客户占比 %", "指数（全店 = 100）", "对比组占比 %", "对比组指数"),
    "en": ("bin", "customers", "orders", "spend", "share of customers %", "index (shop = 100)", "compared group: share %", "its index"),
}


@dataclass(frozen=True)
class Mark:
    """Of a bin the share (0–1) of another group's people in it, and that share ÷ the share of all customers × 100."""

    share: float | None
    index: float | None


def whole(result: Explored, name: str) -> int | None:
    """People whom a chart is about; None where its own bins are chosen and a customer can be in several: nobody counted them."""
    if not dimensions.get(name).bins.several:
        return sum(one.customers for one in result.bins[name])
    return None if name in dict(result.steps) else result.customers


def indexes(result: Explored, everybody: Explored, name: str) -> dict[str, float | None]:
    """bin → share of the people on screen ÷ share of all customers × 100. None where fewer than FEW of all customers are in the bin."""
    of, of_all = whole(result, name), everybody.customers
    known = {one.bin: one.customers for one in everybody.bins[name]}
    return {one.bin: _index(one.customers, of, known.get(one.bin, 0), of_all) for one in result.bins[name]}


def _index(part: int, of: int | None, part_of_all: int, of_all: int) -> float | None:
    return None if not of or part_of_all < FEW or not of_all else (part / of) / (part_of_all / of_all) * 100


def beside(store: Store, within: Scope, node: Node) -> dict[str, dict[str, Mark]]:
    """Of everybody whom a filter means, on every distribution: dimension → bin → share and index, kept until the data change."""
    found = comparing.of_nodes(store, within, node, comparing.EVERYBODY)
    return {name: {one.bin: Mark(one.a.share, one.a.index) for one in bins} for name, bins in found.bins.items()}


def as_csv(bins: Sequence[Bin], of: int | None, indexes: Indexes, marks: Mapping[str, Mark], language: str) -> bytes:
    """A chart as a file for spreadsheets: UTF-8 with BOM, a row per bin, no cell that would be run as a formula; nobody by name.

    Shares are in percent of the people whom the chart is about (`of`), with two digits; empty where they cannot be computed.
    """
    lines = io.StringIO()
    writer = csv.writer(lines)
    heads = HEADS["zh_CN" if language == "zh_CN" else "en"]
    writer.writerow(heads if marks else heads[:6])
    for one in bins:
        mark = marks.get(one.bin, Mark(None, None))
        share = one.customers / of * 100 if of else None
        row = [safe(one.zh if language == "zh_CN" else one.en), one.customers, one.orders, one.spend]
        row += [_digits(share, 2), _digits(indexes.get(one.bin), 0)]
        writer.writerow(row + ([_digits(mark.share and mark.share * 100, 2), _digits(mark.index, 0)] if marks else []))
    return ("\ufeff" + lines.getvalue()).encode()


def _digits(number: float | None, digits: int) -> str:
    return "" if number is None else f"{number:.{digits}f}"
