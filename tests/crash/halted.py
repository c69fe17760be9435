"""A sending process that kills itself at one exact point: python -m tests.crash.halted FOLDER CAMPAIGN_ID POINT BATCH.

POINT: intent (before the journal), torn (in the middle of its line), wire (after it, before the wire), commit (after the wire).
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from crm import campaigns, clock, database
from crm.messaging import handed_over
from crm.messaging.channels import outbox
from crm.settings import Environment


def die() -> None:
    """As if the power went."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, campaign_id: str, point: str, batch: int) -> None:
    store = database.open_store(folder)
    intend, deliver, seen = handed_over.intend, outbox.Outbox.deliver, [0]

    def writing(*told: Any) -> None:
        seen[0] += 1
        if seen[0] == batch and point == "intent":
            die()
        if seen[0] == batch and point == "torn":
            store.journal.append({"kind": "test"})
            path = max((folder / "journal").glob("*.log"))
            with path.open("ab") as file:
                file.write(b'0badc0de {"n":99,"kind":"batch","who":"aaaa')
                file.flush()
            die()
        intend(*told)

    def sending(self: Any, given: Any) -> Any:
        if seen[0] == batch and point == "wire":
            die()
        outcome = deliver(self, given)
        if seen[0] == batch and point == "commit":
            die()
        return outcome

    handed_over.intend, outbox.Outbox.deliver = writing, sending  # type: ignore[method-assign]
    campaigns.recover(store, Environment(), clock.now())
    campaigns.send(store, campaign_id, Environment(), clock.now)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
