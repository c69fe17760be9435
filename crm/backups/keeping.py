"""Which copies are kept: the newest of each of the last days, weeks and months that have one."""

from collections.abc import Callable, Iterable
from datetime import datetime

DAYS, WEEKS, MONTHS = 7, 4, 12
PERIODS: tuple[tuple[int, Callable[[datetime], object]], ...] = (
    (DAYS, lambda moment: moment.date()),
    (WEEKS, lambda moment: moment.isocalendar()[:2]),
    (MONTHS, lambda moment: (moment.year, moment.month)),
)


def superfluous(moments: Iterable[datetime]) -> set[datetime]:
    """Those of these moments (the shop's wall clock) whose copies may go."""
    newest_first = sorted(set(moments), reverse=True)
    kept: set[datetime] = set()
    for most, period in PERIODS:
        newest: dict[object, datetime] = {}
        for moment in newest_first:
            newest.setdefault(period(moment), moment)
        kept.update(list(newest.values())[:most])
    return set(newest_first) - kept
