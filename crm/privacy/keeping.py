"""Nothing is kept longer than needed: every night rejected rows, letters and the data of customers long lost go."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from crm import clock, database
from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.customers import deciding
from crm.database import Store
from crm.imports import erasing as records_of_orders
from crm.privacy import erasing
from crm.privacy.people import Person

log = logging.getLogger(__name__)
AT_ONCE = 5_000
"""People whom the rule erases in one transaction."""
SETTLED = ("accepted", "delivered", "failed")
"""States of messages whose letter is no evidence any more."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """What a night's work came to."""

    people: int
    letters: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How many copies in `backups`, and files that the inbox has filed, an erasure does not change."""

    backups: int
    filed: int


LONG_LOST = """
SELECT customer_id FROM customers LEFT JOIN customer_facts USING (customer_id)
WHERE coalesce(last_placed_day, first_seen_at::DATE) < $day
    AND customer_id NOT IN (SELECT customer_id FROM tombstones WHERE customer_id IS NOT NULL)
ORDER BY customer_id
"""


def leaving_soon(store: Store, days: int, today: date) -> int:
    """How many customers have not bought for so many days, and would be erased."""
    return len(_long_lost(store, days, today)) if days else 0


def tidy(store: Store, now: datetime) -> Tidied:
    """What is done every night. Safe to repeat."""
    shop = database.load_shop(store)
    today = clock.day_of(now, shop.timezone)
    rejected = records_of_orders.clear_rejections(store, now - timedelta(days=shop.rejected_days)) if shop.rejected_days else 0
    letters = _clear_letters(store, now - timedelta(days=shop.letters_days)) if shop.letters_days else 0
    lost = _long_lost(store, shop.retention_days, today) if shop.retention_days else []
    for start in range(0, len(lost), AT_ONCE):
        part = [Person(one) for one in lost[start : start + AT_ONCE]]
        erasing.erase(store, part, None, now + timedelta(microseconds=start), "retention", erasing.RETENTION)
    if shop.trail_days:
        audit.prune(store, now - timedelta(days=shop.trail_days), now)
    if rejected or letters:
        audit.note(store, now, "retention", "clear", f"{rejected} rejected rows, {letters} letters")
        log.info("kept long enough: %d rejected rows, %d letters", rejected, letters)
    return Tidied(len(lost), letters, rejected)


@acting.needs(Right.SETTINGS)
def keep_for(store: Store, values: Mapping[str, int], now: datetime, actor: str) -> None:
    """Change how many days anything is kept, by the names of the settings. Raises BadInputError."""
    deciding.change(store, values, now, actor)


def elsewhere(store: Store) -> Elsewhere:
    """Where older data may still lie."""
    if store.folder is None:
        return Elsewhere(0, 0)
    filed = sum(path.is_file() for name in ("done", "refused") for path in (store.folder / "inbox" / name).rglob("*"))
    return Elsewhere(sum(path.is_file() for path in (store.folder / "backups").rglob("*.duckdb*")), filed)


class Nightly:
    """`look` is called now and then; once a day of the shop, at three in the morning or at the first start after it, the work is done."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._done: date | None = None

    def look(self, now: datetime) -> None:
        """Do it where it is time."""
        wall = clock.local(now, database.load_shop(self._store).timezone)
        if wall.time() >= time(3) and self._done != wall.date():
            self._done = wall.date()
            try:
                with acting.by(acting.machine("")):
                    tidy(self._store, now)
            except Exception:
                log.exception("what was kept long enough could not be removed; it is tried again next night")


def _long_lost(store: Store, days: int, today: date) -> Sequence[str]:
    acting.require(Right.ERASE)
    rows = store.rows(LONG_LOST, {"day": today - timedelta(days=days)})
    return [row["customer_id"] for row in rows]


def _clear_letters(store: Store, before: datetime) -> int:
    """Letters in the outbox of which it is known what became of them, and test letters."""
    if store.folder is None:
        return 0
    old = [path for path in (store.folder / "outbox").rglob("*.eml") if path.stat().st_mtime < before.replace(tzinfo=UTC).timestamp()]
    unsettled = {
        row["message_id"]
        for row in store.rows(
            "SELECT message_id FROM messages WHERE NOT list_contains(?::TEXT[], state) AND list_contains(?::TEXT[], message_id)",
            [list(SETTLED), [path.stem for path in old]],
        )
    }
    gone = [path for path in old if path.stem not in unsettled]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
