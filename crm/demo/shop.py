"""Making the demo shop's files: the same customers, orders and products for the same day and size, every time."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from crm.demo import baskets, catalogue, files, history, people

SEED = 20_241_111


def write_files(folder: Path, customers: int, as_of: date, orders: int | None = None) -> list[Path]:
    """Write 24 months of orders up to the day before `as_of` as an order file and an item file; their paths.

    The same arguments give the same bytes. `orders` (default: 2.5 per customer) is met within some per cent.
    """
    buyers = population(customers, as_of)
    rng = np.random.default_rng([SEED, customers, as_of.toordinal(), 1])
    bought = history.make(rng, customers, orders or customers * 5 // 2, as_of)
    until = np.datetime64(as_of, "s")
    filled = baskets.make(rng, buyers, bought.customer, bought.moment, until)
    stamp = f"{as_of - timedelta(days=1):%Y%m%d}"
    return files.write(folder, stamp, buyers, filled, rng, files.order_ids(bought.moment))


def population(customers: int, as_of: date) -> people.People:
    """The demo's customers; the same ones for the same arguments."""
    return people.make(np.random.default_rng([SEED, customers, as_of.toordinal()]), customers, len(catalogue.CATEGORIES))
