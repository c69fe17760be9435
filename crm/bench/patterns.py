"""Measuring the RFM classes and the cohorts beside statements written by hand for the same answers."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from crm.bench.exploring import AGE
from crm.bench.importing import filled
from crm.bench.timing import Measured, typical
from crm.database import Store
from crm.patterns import classes, cohorts

AGED = AGE.replace("?", "$day")
RFM = f"""
WITH buyers AS (SELECT {AGED} AS age, purchases, spend FROM customer_facts WHERE summed_purchases > 0),
scored AS (
    SELECT *, 1 + CASE WHEN age < 31 THEN 4 WHEN age < 91 THEN 3 WHEN age < 181 THEN 2 WHEN age < 366 THEN 1 ELSE 0 END AS r,
        1 + CASE WHEN purchases >= 10 THEN 5 WHEN purchases >= 6 THEN 4 WHEN purchases >= 4 THEN 3 ELSE purchases - 1 END AS f,
        1 + CASE WHEN spend >= 3000 THEN 5 WHEN spend >= 1000 THEN 4 WHEN spend >= 500 THEN 3 WHEN spend >= 300 THEN 2
            WHEN spend >= 100 THEN 1 ELSE 0 END AS m FROM buyers),
means AS (SELECT avg(r) AS r, avg(f) AS f, avg(m) AS m FROM scored)
SELECT scored.r > means.r AS r, scored.f > means.f AS f, scored.m > means.m AS m, count(*) AS people, sum(spend) AS spend,
    avg(age) AS recency, avg(purchases) AS often
FROM scored, means GROUP BY 1, 2, 3
"""  # noqa: S608 (constants above)
MONTH = "CAST(year({0}) * 12 + month({0}) - 1 AS INTEGER)"
COHORTS = f"""
WITH each AS (
    SELECT customer_id, {MONTH.format("day")} AS month, count(*) AS orders, sum(spend) AS spend
    FROM orders WHERE is_purchase AND customer_id IS NOT NULL GROUP BY ALL)
SELECT cohort, month - cohort AS later, count(*) AS people, sum(orders) AS orders, sum(spend) AS spend
FROM each JOIN (SELECT customer_id, {MONTH.format("first_purchase_day")} AS cohort FROM customer_facts) USING (customer_id)
GROUP BY ALL
"""  # noqa: S608 (constants above)


def views(paths: list[Path], folder: Path, as_of: date) -> Measured:
    """The eight classes, and cohorts by month: each asked anew every time."""
    return beside(filled(paths, folder), as_of)


def beside(store: Store, as_of: date) -> Measured:
    """Ours and by hand, of one shop."""
    ours = {"rfm": typical(partial(_anew, store, "classes", as_of)), "cohorts": typical(partial(_anew, store, "cohorts", as_of))}
    return Measured(ours, {"rfm": typical(partial(store.frame, RFM, {"day": as_of})), "cohorts": typical(partial(store.frame, COHORTS))})


def _anew(store: Store, name: str, as_of: date) -> Any:
    store.scratch.forget(f"patterns_{name}")
    return classes.compute(store, as_of) if name == "classes" else cohorts.compute(store, as_of)
