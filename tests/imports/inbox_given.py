"""What inbox tests start from: a shop in a folder, files dropped into its inbox, a clock that only moves when told."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from crm import database, jobs, works
from crm.database import Store
from crm.imports.inbox import Inbox
from crm.settings import Environment
from crm.words import translate
from crm.worker import Worker

HEADER = "order_id,buyer_id,created_at,paid_amount,status\n"
NOW = datetime(2026, 11, 22, 3, 15)


class Given:
    """A shop with an inbox and a clock that only moves when told."""

    def __init__(self, folder: Path, language: str = "en") -> None:
        self.store: Store = database.open_store(folder)
        self.worker = Worker(self.store, Environment(data=folder))
        self.now = NOW
        self.language = language
        self.home = folder / "inbox"
        self.home.mkdir(exist_ok=True)
        self.restart()

    def restart(self) -> None:
        self.inbox = Inbox(self.store, partial(translate, self.language))

    def drop(self, name: str, *orders: str, content: bytes | None = None) -> Path:
        path = self.home / name
        path.parent.mkdir(exist_ok=True)
        rows = "".join(f"{order},buyer-{order},2026-05-01 10:00:00,12.00,paid\n" for order in orders)
        path.write_bytes((HEADER + rows).encode() if content is None else content)
        return path

    def look(self, seconds: int = 6) -> None:
        self.now += timedelta(seconds=seconds)
        self.inbox.look(self.now)

    def work(self) -> None:
        while job := jobs.next_waiting(self.store):
            self.worker.work(job)

    def round(self, times: int = 1) -> None:
        """Seen, quiet, asked for, done, filed."""
        for _ in range(times):
            self.look()
            self.look()
            self.work()
        self.look()

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.home)) for path in self.home.rglob("*") if path.is_file())

    def asked(self) -> list[list[str]]:
        return [sorted(Path(path).name for path in job.args.paths) for job in jobs.latest(self.store, works.Import, 50)]

    def orders(self) -> list[Any]:
        return [row["order_id"] for row in self.store.rows("SELECT order_id FROM orders ORDER BY 1")]
