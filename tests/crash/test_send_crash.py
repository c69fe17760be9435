"""kill -9 while messages go out: after the restart nobody is written to twice and nobody is left out."""

import email
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from email.policy import default
from pathlib import Path

import pytest

from crm import campaigns, clock, database
from crm.messaging import ledger
from crm.settings import Environment
from tests.campaigns.given import launched
from tests.conftest import ROOT
from tests.crash.kills import kills

PEOPLE = 900


def start(folder: Path, campaign_id: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.crash.sender", str(folder), campaign_id]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def addresses(folder: Path) -> list[str]:
    files = sorted((folder / "outbox").glob("*.eml"))
    return [str(email.message_from_bytes(file.read_bytes(), policy=default)["To"]) for file in files]


@pytest.mark.parametrize("seed", range(1, 1 + max(kills(4) // 4, 1)))
def test_killed_again_and_again_it_still_reaches_everybody_once(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    store = database.open_store(tmp_path)
    campaign_id = launched(store, PEOPLE, clock.now())
    store.close()
    for _ in range(4):
        process = start(tmp_path, campaign_id)
        time.sleep(chance.uniform(0.05, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
    store = database.open_store(tmp_path)
    campaigns.recover(store, Environment(), clock.now())
    assert ledger.counts(store, campaign_id)["sending"] == 0
    if campaigns.saved.get(store, campaign_id).state == "paused":
        assert "Nobody was written to twice" in campaigns.saved.get(store, campaign_id).state_reason
    result = campaigns.send(store, campaign_id, Environment(), clock.now)
    assert result == {"accepted": PEOPLE, "rejected": 0, "unknown": 0, "pending": 0}
    written = Counter(addresses(tmp_path))
    assert len(written) == PEOPLE
    assert set(written.values()) == {1}
    store.close()
