"""What the pages show first, made ready after a start, after each change of the data and on a new day, so that nobody waits for it.

A page takes what is ready, or makes it itself: what is listed here is only asked for sooner.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import date, timedelta

from crm import clock, database, jobs, roi
from crm.campaigns import saved
from crm.customers import alarms, comparisons, explaining, kpi, overview, per_day, prediction, same_people
from crm.customers import coverage as coverage_of_days
from crm.database import Store
from crm.patterns import affinity, classes, cohorts, cycle, firsts, grid, keeping, rhythm
from crm.products import coverage, proposing
from crm.segments import encoded, explore, over_time, scope

log = logging.getLogger(__name__)
REPORTS = 12
"""So many campaigns are beside each other on the results page."""
PAUSE = 1.0
"""Seconds between two looks at whether anything has changed."""
SOURCES = sorted({"settings", *keeping.SOURCES, *overview.SOURCES, *encoded.SOURCES, *coverage.SOURCES, *same_people.SOURCES})


Work = Callable[[Store, date], object]


def _results(store: Store, day: date) -> None:
    launched = [campaign for campaign in saved.listed(store) if campaign.launched_at is not None]
    for campaign in launched[:REPORTS]:
        roi.report(store, campaign.campaign_id, as_of=day)


def _why(store: Store, day: date) -> None:
    """Why sales changed and what is out of the ordinary, for each period of the overview; the usual one first."""
    covered = coverage_of_days.of(store, day)
    if covered is None:
        return
    for period in (overview.PERIODS[1], *overview.PERIODS):
        now = overview.period(period, covered.last)
        explaining.explain(store, day, now, overview.compared(period, now)[0])
        alarms.of(store, day, now)


def _numbers(store: Store, day: date) -> None:
    covered = coverage_of_days.of(store, day)
    if covered is not None:
        now = overview.period(30, covered.last)
        comparisons.table(store, kpi.window(store, day, now.start, now.end))


PATTERNS: tuple[Work, ...] = (
    grid.compute,
    rhythm.compute,
    classes.compute,
    cohorts.compute,
    cycle.compute,
    firsts.compute,
    affinity.compute,
)
"""What the patterns page shows when it is opened."""


def _moved(store: Store, day: date) -> object:
    return classes.moves(store, day - timedelta(days=classes.AGO), day)


READY: dict[str, Work] = {
    "overview": overview.compute,
    "customers": lambda store, day: explore.first_look(store, scope.at(store, day)),
    "products": lambda store, day: (coverage.share(store), proposing.proposed(store)),
    "results": _results,
    "same_people": lambda store, day: same_people.kept(store),
    "patterns": lambda store, day: [one(store, day) for one in (*PATTERNS, _moved)],
    "prediction": prediction.of,
    "clicks": lambda store, day: encoded.of(store, scope.at(store, day)),
    "why": _why,
    "numbers": _numbers,
    "periods": lambda store, day: [overview.compute(store, day, period) for period in overview.PERIODS],
}
"""What is made ready, in this order: the page that is opened first comes first. A page that takes long to open adds a line."""


class Ready:
    """Makes it ready in a thread of its own, one after the other, while no job waits or runs. Whatever changes the data ends it: then all
    begins anew with what is there now. Nothing waits for this.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._state: object = None
        self._left: deque[str] = deque()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ready", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being made; what pages have counted beside it ends, too."""
        self._stopping.set()
        over_time.stop(self._store)
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self.turn():
                self._stopping.wait(PAUSE)

    def turn(self) -> bool:
        """Make the next one ready; whether there was one, and no job that goes first. What fails is left to who opens the page."""
        store, name = self._store, ""
        try:
            day = clock.day_of(clock.now(), database.load_shop(store).timezone)
            state = (store.written(SOURCES), day)
            if state != self._state:
                self._state, self._left = state, deque(READY if per_day.of(store) else ())
            if not self._left or jobs.running(store):
                return False
            name = self._left.popleft()
            READY[name](store, day)
        except Exception:
            if not self._stopping.is_set():
                log.exception("%s could not be made ready", name)
            return False
        return True
