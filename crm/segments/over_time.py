"""The size of a segment over time: a point per week of the past, each counted as of its day, never from numbers that were kept."""

import json
import logging
import threading
import time
from collections.abc import Hashable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from weakref import WeakSet

from crm import jobs
from crm.customers import coverage, distributions, other_currencies
from crm.customers.other_currencies import Missing
from crm.database import Store
from crm.database.scratch import again
from crm.database.stopping import Stop, StoppedError
from crm.errors import BadInputError, CrmError
from crm.segments import ladder, references, scope
from crm.segments.definition import Definition
from crm.segments.scope import Node, Scope

log = logging.getLogger(__name__)
WEEKS, MOST_WEEKS = 26, 520
KEPT = 6
"""So many segments' points are kept."""
FORGOTTEN = 8.0
"""Seconds: when nobody has asked for so long, counting rests after the point in hand; the next who asks has it go on."""
RETRIED = 30.0
"""Seconds until what could not be counted is tried again."""
PAUSE = 0.5
"""Seconds between two looks at whether a job has ended that goes first."""
_one_at_a_time = threading.Lock()
"""A day of the past makes the facts of all customers anew: never two at once."""


@dataclass(frozen=True)
class Point:
    """People of the last rung as of the end of a shop day, and what they had spent. `other_currencies`: purchases not in `spend`."""

    day: date
    customers: int
    spend: Decimal
    other_currencies: Missing = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Its keys in `crm segment history`; `other_currencies` only where there are any."""
        return {name: value for name, value in asdict(self).items() if name != "other_currencies" or value}


def days(store: Store, today: date, weeks: int = WEEKS) -> list[date]:
    """The days that get a point, newest first: today and the same weekday before it, `weeks` in all.

    Left out are days before the first order, and days in a silence (probably a file that nobody imported): who was in the segment then
    cannot be known, and is not nobody. Raises BadInputError for no weeks, or for more than ten years.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise BadInputError(
            "history.weeks", "Between 1 and {most} weeks can be counted, not {n}. Nothing was counted.", most=MOST_WEEKS, n=weeks
        )
    covered = coverage.of(store, today)
    if covered is None:
        return []
    every = [today - timedelta(weeks=back) for back in range(weeks)]
    return [day for day in every if covered.missing(day, day) is None]


def point(store: Store, definition: Definition, day: date) -> Point:
    """The last rung of a ladder as of the end of a shop day: what `segments.count` says of that day."""
    within = scope.at(store, day)
    who = ladder.chosen(definition, within)
    row = store.read(distributions.total(who)).iloc[0]
    missing = other_currencies.listed(store, within.orders, who)
    return Point(day, int(row["customers"]), Decimal(str(row["spend"])), missing)


def compute(store: Store, definition: Definition, today: date, weeks: int = WEEKS) -> Iterator[Point]:
    """One point after the other, newest first."""
    return (point(store, definition, day) for day in days(store, today, weeks))


class Series:
    """The points of one ladder as they come, counted in a thread of its own, one after the other, newest first, never while a job runs."""

    def __init__(self, store: Store, definition: Definition, today: date, weeks: int = WEEKS) -> None:
        self._store, self._definition = store, definition
        self._days = days(store, today, weeks)
        self._points: dict[date, Point] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asked_at = self._ended_at = 0.0
        self._stopping, self._queries = threading.Event(), Stop()
        self.refusal: CrmError | None = None
        """Why it cannot be counted, where that is so."""
        self.is_broken = False

    @property
    def total(self) -> int:
        """How many points there will be."""
        return len(self._days)

    @property
    def first(self) -> date:
        """The earliest day that gets a point."""
        return self._days[-1]

    @property
    def last(self) -> date:
        """Today."""
        return self._days[0]

    @property
    def points(self) -> list[Point]:
        """What is counted so far, oldest first."""
        found = dict(self._points)
        return [found[day] for day in reversed(self._days) if day in found]

    @property
    def is_done(self) -> bool:
        """Whether nothing more will come."""
        return len(self._points) == self.total or self.refusal is not None or self.is_broken

    @property
    def is_running(self) -> bool:
        """Whether it is being counted."""
        return self._thread is not None and self._thread.is_alive()

    def ask(self) -> "Series":
        """Somebody looks at it: let it go on."""
        with self._lock:
            if (self.is_broken or self.refusal) and not self.is_running and time.monotonic() - self._ended_at > RETRIED:
                self.is_broken, self.refusal = False, None
            self._asked_at = time.monotonic()
            if not (self.is_done or self._stopping.is_set()) and not self.is_running:
                self._thread = threading.Thread(target=self._run, name="over_time", daemon=True)
                with _listing:
                    _running.add(self)
                self._thread.start()
        return self

    def stop(self) -> None:
        """End at once and for good, in the middle of a query, too."""
        self._stopping.set()
        self._queries.say()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def counts(self, store: Store) -> bool:
        """Whether it is this database that is counted."""
        return self._store is store

    def _is_wanted(self) -> bool:
        return not self._stopping.is_set() and time.monotonic() - self._asked_at < FORGOTTEN

    def _run(self) -> None:
        try:
            with self._queries.around():
                self._count()
        except StoppedError:
            pass
        except CrmError as refusal:
            self.refusal = refusal
        except Exception:
            self.is_broken = True
            log.exception("a segment's size over time could not be counted")
        finally:
            self._ended_at = time.monotonic()

    def _count(self) -> None:
        for day in [day for day in self._days if day not in self._points]:
            while self._is_wanted() and jobs.running(self._store):
                self._stopping.wait(PAUSE)
            with _one_at_a_time:
                if not self._is_wanted():
                    return
                self._points[day] = again(partial(point, self._store, self._definition, day))


_running: WeakSet[Series] = WeakSet()
_listing = threading.Lock()


def stop(store: Store) -> None:
    """Count no further: the database is about to be closed."""
    with _listing:
        some = [one for one in _running if one.counts(store)]
    for series in some:
        series.stop()


def asked(store: Store, definition: Definition, today: date, weeks: int = WEEKS) -> Series:
    """The points of a ladder as far as they are counted; whoever asks has the counting go on. The same as long as the data stand."""
    key = ("over time", _state(store, definition, today), weeks)
    series: Series = store.scratch.kept(key, lambda _: Series(store, definition, today, weeks), most=KEPT)
    return series.ask()


def _state(store: Store, definition: Definition, today: date) -> tuple[Hashable, ...]:
    """The same as long as every point is. A segment that is saved changes only those that look into it: all of the past is dear."""
    within = scope.at(store, today)
    read = [name for name in scope.SOURCES if name != "segments"]
    nodes = json.dumps([definition.upto(), _looked_into(definition, within)], sort_keys=True)
    return store.written(read), today, within.shop.model_dump_json(), nodes


def _looked_into(definition: Definition, within: Scope) -> dict[str, Node | None]:
    """The conditions of all segments that it looks into, and that those look into."""
    found: dict[str, Node | None] = {}
    names = [*references.used(definition)]
    while names:
        name = names.pop()
        found[name] = within.saved.get(name)
        names += [further for further in references.named_in(found[name]) if further not in found]
    return found
