"""A sending process of its own, to be killed: python -m tests.crash.sender FOLDER CAMPAIGN_ID."""

import sys
from pathlib import Path

from crm import campaigns, clock, database
from crm.settings import Environment

if __name__ == "__main__":
    store = database.open_store(Path(sys.argv[1]))
    print("ready", flush=True)  # noqa: T201
    campaigns.recover(store, Environment(), clock.now())
    print(campaigns.send(store, sys.argv[2], Environment(), clock.now), flush=True)  # noqa: T201
