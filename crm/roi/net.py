"""What several campaigns earned together, net: profits add up, and so do the variances of independent campaigns."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import hypot

from crm.roi.reporting import Report


@dataclass(frozen=True, slots=True)
class Net:
    """`known` of `campaigns` have a profit that can be told; of these the sum and its 95 % interval (None: there are none)."""

    campaigns: int
    known: int
    profit: Decimal | None
    low: Decimal | None
    high: Decimal | None


def net(reports: Sequence[Report]) -> Net:
    """The campaigns of a month, say. Each side of the interval is the root of the summed squares of theirs."""
    known = [(one.profit, one.profit_interval) for one in reports if one.profit is not None and one.profit_interval is not None]
    if not known:
        return Net(len(reports), 0, None, None, None)
    profit = sum((value for value, _ in known), Decimal(0))
    below = hypot(*(float(value - interval[0]) for value, interval in known))
    above = hypot(*(float(interval[1] - value) for value, interval in known))
    cent = Decimal("0.01")
    return Net(len(reports), len(known), profit, (profit - Decimal(below)).quantize(cent), (profit + Decimal(above)).quantize(cent))
