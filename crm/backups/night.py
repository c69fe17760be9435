"""Every night a backup: asked for at three by the shop's clock; what was missed is made up for, but not at the moment of a start."""

from datetime import datetime, time, timedelta

from crm import clock, jobs, works
from crm.backups.making import copies, folder_of
from crm.database import Store, load_shop

AT = time(3)
SETTLING, AGAIN = timedelta(minutes=10), timedelta(hours=1)
"""How long after a start nothing is asked for; after which time it is asked again when there is still none."""


def due(newest: datetime | None, now: datetime, zone: str) -> bool:
    """Whether there is no copy since the last time that it was three by the shop's clock (all moments UTC)."""
    wall = clock.local(now, zone)
    night = datetime.combine(wall.date() if wall.time() >= AT else wall.date() - timedelta(days=1), AT)
    return newest is None or newest < clock.utc(night, zone)


class Night:
    """Call `look` every few seconds from the thread that does the jobs."""

    def __init__(self, store: Store, began: datetime) -> None:
        self._store = store
        self._next = began + SETTLING

    def look(self, now: datetime) -> None:
        """Ask for a backup when one is due."""
        if now < self._next or self._store.folder is None or jobs.running(self._store, works.Backup):
            return
        newest = next(iter(copies(folder_of(self._store))), None)
        if due(newest.made_at if newest else None, now, load_shop(self._store).timezone):
            jobs.ask(self._store, works.Backup(actor="night"), now)
            self._next = now + AGAIN
