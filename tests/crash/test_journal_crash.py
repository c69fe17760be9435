"""kill -9 around the journal: between it, the wire and the database nobody is lost or written to twice, with or without a copy put back."""

import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from crm import campaigns, clock, database
from crm.campaigns import restored
from crm.campaigns.restored import State
from crm.settings import Environment
from tests.campaigns.given import launched
from tests.conftest import ROOT
from tests.crash.test_send_crash import addresses

PEOPLE, BATCH = 60, 20
POINTS = ["intent", "torn", "wire", "commit"]


def killed(folder: Path, campaign_id: str, point: str, batch: int) -> None:
    command = [sys.executable, "-m", "tests.crash.halted", str(folder), campaign_id, point, str(batch)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr


def begun(folder: Path) -> str:
    store = database.open_store(folder)
    campaign_id = launched(store, PEOPLE, clock.now())
    store.close()
    shutil.copy2(folder / "shop.duckdb", folder.parent / "copy.duckdb")
    return campaign_id


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_alone_never_stops_sending_and_everybody_gets_it_once(tmp_path: Path, point: str) -> None:
    folder = tmp_path / "shop"
    campaign_id = begun(folder)
    for batch in (1, 2, 1):
        if len(addresses(folder)) < PEOPLE:
            killed(folder, campaign_id, point, batch)
    store = database.open_store(folder)
    campaigns.recover(store, Environment(), clock.now())
    assert restored.state(store) == State(stopped=False, troubles=[], campaigns=[], messages=0, opt_outs=0)
    result = campaigns.send(store, campaign_id, Environment(), clock.now)
    store.close()
    assert result == {"accepted": PEOPLE, "rejected": 0, "unknown": 0, "pending": 0}
    written = Counter(addresses(folder))
    assert (len(written), set(written.values())) == (PEOPLE, {1})


@pytest.mark.parametrize("point", POINTS)
def test_a_copy_put_back_after_a_kill_writes_to_nobody_twice(tmp_path: Path, point: str) -> None:
    """The outbox is emptied, as a provider's is: that a letter is there must not be what keeps it from leaving twice."""
    folder = tmp_path / "shop"
    campaign_id = begun(folder)
    killed(folder, campaign_id, point, 2)
    gone = addresses(folder)
    shutil.rmtree(folder / "outbox")
    (folder / "shop.duckdb.wal").unlink(missing_ok=True)
    shutil.copy2(tmp_path / "copy.duckdb", folder / "shop.duckdb")
    store = database.open_store(folder)
    campaigns.recover(store, Environment(), clock.now())
    result = restored.state(store)
    assert result.stopped
    handed = len(gone) if point != "wire" else len(gone) + BATCH
    assert result.messages == handed
    restored.keep(store, None, clock.now())
    campaigns.send(store, campaign_id, Environment(), clock.now)
    store.close()
    written = Counter([*gone, *addresses(folder)])
    assert set(written.values()) == {1}
    assert len(written) == PEOPLE - (handed - len(gone)), "who may have got it does not get it again"
