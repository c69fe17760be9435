"""Measuring the prediction: the cells beside the same in hand-written SQL, the fit on cells beside the same fit on one row per person."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from crm.bench.importing import filled
from crm.bench.timing import Measured, once, watched
from crm.customers import prediction
from crm.customers.prediction import bgnbd, gammagamma, history, predicting
from crm.database import Store, tables

PEOPLE = """
    SELECT count(DISTINCT day) - 1 AS frequency, max(day) - min(day) AS recency, CAST($day AS DATE) - min(day) AS age
    FROM orders WHERE is_purchase AND customer_id IS NOT NULL AND day <= CAST($day AS DATE) GROUP BY customer_id
"""
BY_HAND = f"SELECT frequency, recency, age, count(*) AS people FROM ({PEOPLE}) GROUP BY ALL ORDER BY ALL"  # noqa: S608 (constants above)


def models(paths: list[Path], folder: Path, as_of: date) -> Measured:
    """Cells, the fit of BG/NBD and of Gamma-Gamma, and all that a page asks for (two fits, the check, a row per customer)."""
    store = filled(paths, folder)
    day = {"day": as_of}
    rows = history.expression(tables.orders, as_of, prediction.HORIZON)
    made, by_hand = once(lambda: cells(store, as_of)), once(lambda: store.frame(BY_HAND, day))
    grouped, means = cells(store, as_of), store.read(history.means(rows)).astype(float)
    alone = store.frame(f"SELECT *, 1 AS people FROM ({PEOPLE})", day)  # noqa: S608 (a constant)
    start = watched(lambda: None)[1]
    fitted, peak = watched(lambda: bgnbd.fit(predicting.grouped(grouped)))
    ungrouped, most = watched(lambda: bgnbd.fit(predicting.grouped(alone)))
    of_spend = [one.to_numpy() for one in (means.paid_days, means.paid / means.paid_days, means.people)]
    worth, spent = watched(lambda: gammagamma.fit(*of_spend))
    whole = once(lambda: prediction.of(store, as_of))
    store.close()
    ours = {"cells": made, "fit": fitted, "spend_fit": worth, "whole": whole}
    peaks = {"fit": peak - start, "spend_fit": spent - start, "ungrouped": most - start}
    more = {"people": len(alone), "groups": len(grouped), "peak_mb_of": {step: round(mb, 1) for step, mb in peaks.items()}}
    return Measured(ours, {"cells": by_hand, "fit": ungrouped}, more)


def cells(store: Store, as_of: date) -> Any:
    """The cells as the prediction asks for them."""
    found: pd.DataFrame = store.read(history.cells(history.expression(tables.orders, as_of, prediction.HORIZON)))
    return found
