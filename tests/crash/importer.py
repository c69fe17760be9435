"""A worker process of its own, to be killed: python -m tests.crash.importer FOLDER. It says its steps."""

import sys
from pathlib import Path

from crm import database
from crm.jobs import Job
from crm.settings import Environment
from crm.worker import Worker
from crm.works import Args


class Talking(Worker):
    """The worker of the server; what it does is on stdout, too."""

    def work(self, job: Job[Args]) -> None:
        print("begun", flush=True)  # noqa: T201
        super().work(job)
        print("over", flush=True)  # noqa: T201

    def _report(self, job_id: str, step: str, done: int, total: int) -> None:
        print(step, flush=True)  # noqa: T201
        super()._report(job_id, step, done, total)


if __name__ == "__main__":
    worker = Talking(database.open_store(Path(sys.argv[1])), Environment())
    worker.start()
    worker._thread.join()
