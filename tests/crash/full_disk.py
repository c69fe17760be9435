"""Run as a process of its own: import and upload where files may not grow beyond a limit, then say what became of it, as JSON.

python -m tests.crash.full_disk DATA KIND BYTES FILE…     KIND: import, fold (the log into the file), upload or backup
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from crm import backups, clock, database, uploads
from crm.accounts import audit
from crm.errors import CrmError
from crm.web import upload_files


def attempt(store: database.Store, kind: str, files: list[Path], data: Path) -> str:
    """Do it; what was said."""
    try:
        if kind == "import":
            uploads.import_files(store, files, now=clock.now())
        elif kind == "fold":
            store.checkpoint()
        elif kind == "backup":
            backups.make(store, clock.now())
        else:
            incoming = upload_files.Incoming(data, "owner", "id", 50_000_000)
            try:
                for _ in range(50):
                    incoming.write(bytes(1_000_000))
            finally:
                incoming.drop()
    except CrmError as refusal:
        return str(refusal)
    except Exception as error:
        return type(error).__name__
    return "done"


def limit(most: int) -> None:
    """No file of this process may grow beyond this: writing says EFBIG, which is what a full disk's ENOSPC is to the rest."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def orders(store: database.Store) -> Any:
    return (store.one("SELECT count(*) AS n FROM orders") or {})["n"]


def main() -> None:
    data, kind, most, *names = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), *sys.argv[4:]
    store = database.open_store(data)
    before = orders(store)
    if kind == "fold":
        attempt(store, "import", [Path(name) for name in names], data)
    limit(most)
    result = attempt(store, kind, [Path(name) for name in names], data)
    limit(resource.RLIM_INFINITY)
    between = orders(store)
    audit.note(store, clock.now(), "test", "still", "writes")
    left = [path.name for path in (data / "tmp").rglob("*") if path.is_file()] + [path.name for path in data.rglob("*.part")]
    again = attempt(store, "import", [Path(name) for name in names], data)
    print(json.dumps({"told": result, "before": before, "between": between, "left": left, "again": again, "after": orders(store)}))  # noqa: T201
    store.close()


if __name__ == "__main__":
    main()
