"""The way out without a network: each message becomes one .eml file, whole or not there at all."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

from crm.messaging import mail
from crm.messaging.channels import Batch, ChannelType, Message, Outcome, Remark

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
            drafts = [self._draft(message.message_id, mail.build(batch, message).as_bytes()) for message in self._new(batch)]
            for draft in drafts:
                _to_disk(draft)
            for draft in drafts:
                draft.replace(draft.with_suffix(".eml"))
        except OSError as error:
            log.warning("outbox: %s", type(error).__name__)
            return Outcome("unknown", f"the outbox folder cannot be written ({type(error).__name__})", pause=True)
        return Outcome("accepted", "outbox")

    def lookup(self, message_ids: Sequence[str]) -> dict[str, bool]:
        """Look for the files."""
        return {message_id: self._path(message_id).exists() for message_id in message_ids}

    def _path(self, message_id: str) -> Path:
        return self.folder / f"{message_id}.eml"

    def _new(self, batch: Batch) -> list[Message]:
        return [message for message in batch.messages if not self._path(message.message_id).exists()]

    def _draft(self, message_id: str, content: bytes) -> Path:
        draft = self._path(message_id).with_suffix(".part")
        draft.write_bytes(content)
        return draft


def _to_disk(file: Path) -> None:
    """All are written first and flushed then: the disk does many at once."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


TESTED = "The test message is in the outbox folder (outbox/test)."
CHANNEL = ChannelType(
    "outbox",
    "发件箱（存成文件，用于试发）",
    "Outbox (files, for trying out)",
    10,
    "`.eml` files under `outbox/` in the data folder; the default without a key. Whether a file is there is proof, so nothing stays "
    "unknown",
    lambda env, folder: Outbox(folder),
    tested=TESTED,
    remarks=lambda env: [Remark("channel", "ok", "The outbox writes each message as a file; nothing leaves this machine.")],
)
