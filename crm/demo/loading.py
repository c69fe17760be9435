"""Putting the demo shop into a database through the ordinary doors, and taking it out again without a trace."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from crm import campaigns, clock, database, jobs, segments
from crm.accounts import acting
from crm.accounts.acting import Right
from crm.database import Store
from crm.demo import baskets, catalogue, files, past, shop
from crm.demo.past import CAMPAIGNS, Past
from crm.imports import history, steps
from crm.imports.steps import ImportOptions
from crm.messaging import events
from crm.segments import Definition, Rung
from crm.settings import Shop
from crm.uploads import by_hand

STEP = "Setting up the demo shop …"
DEMO_IMPORT = ImportOptions(demo=True)


@acting.needs(Right.IMPORTS)
def load(
    store: Store,
    folder: Path,
    as_of: date,
    now: datetime,
    report: jobs.Report = jobs.silent,
    customers: int = 20_000,
    orders: int | None = None,
) -> dict[str, list[str]]:
    """Write the demo's files to `folder`, import them, add the three past campaigns and the orders they caused: {files, campaigns}.

    What an earlier load left is removed first, so it can be repeated after a crash; stopped by a person, it takes all back. `now` is UTC.
    """
    if present(store):
        remove(store, now)
    try:
        return _load(store, folder, as_of, now, report, customers, orders)
    except jobs.Cancelled:
        remove(store, now)
        raise


def _load(
    store: Store, folder: Path, as_of: date, now: datetime, report: jobs.Report, customers: int, orders: int | None
) -> dict[str, list[str]]:
    total = len(CAMPAIGNS) + 3
    report(STEP, 0, total)
    _decorate(store)
    paths = shop.write_files(folder, customers, as_of, orders)
    steps.import_orders(store, paths, now=now, options=DEMO_IMPORT, report=report)
    caused = []
    for number, one in enumerate(CAMPAIGNS):
        report(STEP, number + 2, total)
        caused.append(_send(store, one, as_of, now))
    paths += _later_orders(store, folder, customers, as_of, pd.concat(caused), now)
    report(STEP, total, total)
    return {"files": [path.name for path in paths], "campaigns": [one.name for one in CAMPAIGNS]}


def present(store: Store) -> bool:
    """Is anything of the demo in this database?"""
    sql = "SELECT EXISTS (FROM imports WHERE demo AND undone_at IS NULL) OR EXISTS (FROM campaigns WHERE demo) AS there"
    return bool((store.one(sql) or {})["there"])


def wanted(store: Store) -> bool:
    """Is there nothing at all yet, neither the shop's own data nor a demo?"""
    sql = "SELECT NOT EXISTS (FROM imports) AND NOT EXISTS (FROM campaigns) AND NOT EXISTS (FROM orders) AS nothing"
    return bool((store.one(sql) or {})["nothing"])


@acting.needs(Right.IMPORTS)
def remove(store: Store, now: datetime) -> None:
    """Take out everything marked as demo: campaigns, messages, events, imports, its own settings. What the shop put in stays."""
    with store.transaction() as change:
        campaigns.forget_demo(change)
        by_hand.forget_demo(change)
    history.remove_demo(store, now)
    settings, usual = database.load_shop(store), Shop()
    own = {name: getattr(usual, name) for name, value in _settings().items() if getattr(settings, name) == value}
    database.change_shop(store, own)


def _settings() -> dict[str, object]:
    return {"name": catalogue.SHOP, "category_rules": catalogue.CATEGORY_RULES, "cost_per_message": Decimal("0.10")}


def _decorate(store: Store) -> None:
    """The demo's settings, where the shop has none of its own."""
    settings, usual = database.load_shop(store), Shop()
    free = {name: value for name, value in _settings().items() if getattr(settings, name) == getattr(usual, name)}
    database.change_shop(store, free)


def _send(store: Store, one: Past, as_of: date, now: datetime) -> pd.DataFrame:
    """Record one past campaign with its reports; the orders that it causes: customer_id, moment (shop's clock), cents."""
    rng = np.random.default_rng([shop.SEED, as_of.toordinal(), one.hour])
    definition = Definition(name=one.segment, rungs=[Rung(name=one.segment, where=one.where)])
    people = store.read(segments.members(store, definition, one.day(as_of)))
    people = people.drop_duplicates("email_norm", keep=False).sort_values("customer_id", ignore_index=True)
    zone = database.load_shop(store).timezone
    sent_at = clock.utc(one.sent_at(as_of), zone)
    arm = np.where(rng.random(len(people)) < one.holdout, "holdout", "recipients")
    frame = pd.DataFrame({"customer": people.customer_id, "arm": arm, "sent_at": sent_at})
    result = campaigns.record_frame(store, frame, one.name, one.segment, now, demo=True)
    _report(store, one, result.campaign_id, sent_at, now, rng)
    return _caused(one, people.customer_id[arm == "recipients"].to_numpy(), as_of, rng)


def _report(store: Store, one: Past, campaign_id: str, sent_at: datetime, now: datetime, rng: np.random.Generator) -> None:
    sql = "SELECT message_id FROM recipients WHERE campaign_id = ? AND arm = 'recipients' ORDER BY customer_id"
    messages = [row["message_id"] for row in store.rows(sql, [campaign_id])]
    events.ingest(store, past.reports(rng, one, messages, events.seconds(sent_at)), now)


def _caused(one: Past, recipients: np.ndarray, as_of: date, rng: np.random.Generator) -> pd.DataFrame:
    chosen = recipients[past.buyers(rng, one, len(recipients))]
    moment = np.datetime64(one.sent_at(as_of), "s") + past.delays(rng, len(chosen)).astype("timedelta64[s]")
    wanted = int(one.effect * len(recipients) * 100)
    return pd.DataFrame({"customer_id": chosen, "moment": moment, "wanted": wanted, "name": one.name})


def _later_orders(store: Store, folder: Path, customers: int, as_of: date, caused: pd.DataFrame, now: datetime) -> list[Path]:
    """Write and import the orders that the campaigns caused, as one more export."""
    rng = np.random.default_rng([shop.SEED, as_of.toordinal()])
    population = shop.population(customers, as_of)
    number = {buyer: place for place, buyer in enumerate(population.buyer)}
    known = store.frame("SELECT customer_id, buyer FROM customers").set_index("customer_id").buyer
    caused = caused.sort_values("moment", ignore_index=True)
    who = caused.customer_id.map(known).map(number).to_numpy(dtype=np.int64)
    moment = caused.moment.to_numpy().astype("datetime64[s]")
    filled = baskets.make(rng, population, who, moment, np.datetime64(as_of, "s"), plain=True)
    paid = filled.total.copy()
    for _, rows in caused.groupby("name"):
        paid[rows.index] = past.scaled(paid[rows.index], int(rows.wanted.iloc[0]))
    paths = files.write(folder, f"{as_of:%Y%m%d}", population, baskets.repriced(filled, paid), rng, files.order_ids(moment, late=True))
    steps.import_orders(store, paths, now=now, options=DEMO_IMPORT)
    return paths
