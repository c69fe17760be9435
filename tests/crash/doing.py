"""A process of its own that is killed in the middle of it: python -m tests.crash.doing KIND DATA [FILE] [CALL].

KIND: backup, restore (of FILE), migrate (FILE: a folder of steps) or rebuild, again and again where that makes sense. It says `ready`,
and of each change that is acknowledged its number. With CALL it kills itself just before that call of those that change names on the disk.
"""

import os
import signal
import sys
import threading
from itertools import count
from pathlib import Path
from typing import Any

from crm import backups, clock, database
from crm.customers import derived
from crm.database import durable, migrations, restoring


def say(what: object) -> None:
    print(what, flush=True)  # noqa: T201


def deadly(number: int) -> None:
    """The process dies at the numberth of these calls, before anything is done."""
    seen = count(1)
    for holder, name in ((Path, "rename"), (Path, "replace"), (Path, "mkdir"), (durable, "settle"), (durable, "write")):
        original = getattr(holder, name)

        def call(*told: Any, original: Any = original, **named: Any) -> Any:
            if next(seen) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*told, **named)

        setattr(holder, name, call)


def write_on(store: database.Store) -> None:
    """Somebody goes on working: a setting counts up, and each number is said once it is kept."""
    for number in count(1):
        database.change_shop(store, {"name": str(number)})
        say(number)


def main(kind: str, data: Path, file: Path) -> None:
    if kind == "restore":
        say("ready")
        restoring.restore(data, file, clock.now())
        return
    if kind == "migrate":
        migrations.VERSIONS = file
        say("ready")
        database.open_store(data)
        say("migrated")
        return
    store = database.open_store(data)
    say("ready")
    threading.Thread(target=write_on, args=[store], daemon=True).start()
    while True:
        if kind == "backup":
            backups.make(store, clock.now())
        else:
            derived.refresh(store, force=True)


if __name__ == "__main__":
    if len(sys.argv) > 4:
        deadly(int(sys.argv[4]))
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
