"""The way out without a network: each message becomes one .eml file, whole or not there at all."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

from crm.messaging import mail
from crm.messaging.channels import Batch, Outcome

log = logging.getLogger(__name__)


class Outbox:
    """Writes `<message id>.eml`. The file itself is the evidence: there = sent, not there = certainly not sent."""

    name = "outbox"
    largest_batch = 500

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, batch: Batch) -> Outcome:
        """Write what is not there yet. A full or unwritable disk stops the campaign; what was written stays and counts as sent."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for message in batch.messages:
                self._write(message.message_id, mail.build(batch, message).as_bytes())
        except OSError as error:
            log.warning("outbox: %s", type(error).__name__)
            return Outcome("unknown", f"the outbox folder cannot be written ({type(error).__name__})", pause=True)
        return Outcome("accepted", "outbox")

    def lookup(self, message_ids: Sequence[str]) -> dict[str, bool]:
        """Look for the files."""
        return {message_id: self._path(message_id).exists() for message_id in message_ids}

    def _path(self, message_id: str) -> Path:
        return self.folder / f"{message_id}.eml"

    def _write(self, message_id: str, content: bytes) -> None:
        target = self._path(message_id)
        if target.exists():
            return
        draft = target.with_suffix(".part")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
