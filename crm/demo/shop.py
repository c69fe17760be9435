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
    rng = np.random.default_rng([SEED, customers, as_of.toordinal()])
    population = people.make(rng, customers, len(catalogue.CATEGORIES))
    bought = history.make(rng, customers, orders or customers * 5 // 2, as_of)
    until = np.datetime64(as_of, "s")
    filled = baskets.make(rng, population, bought.customer, bought.moment, until)
    stamp = f"{as_of - timedelta(days=1):%Y%m%d}"
    return files.write(folder, stamp, population, filled, rng, files.order_ids(bought.moment))
