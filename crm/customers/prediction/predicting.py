"""The models of a shop: fitted, held against the last 90 days, and either valid or with the reason why not. Kept with their data."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from crm.customers import coverage
from crm.customers.coverage import Coverage
from crm.customers.prediction import bgnbd, gammagamma, history, holdout
from crm.customers.prediction.history import COLUMNS, WEEK
from crm.customers.prediction.holdout import Check
from crm.database import Store, tables
from crm.database.scratch import Bench

HORIZON, YEAR = 90, 365
HISTORY, BUYERS, REPEATERS = 180, 500, 50
LEAVING = 0.5
SOURCES = ("orders",)
KEPT = 2

NO_ORDERS = "There are no orders yet."
SHORT = "Orders are known for {days} days; a forecast needs {least}."
SILENT = "There are no orders from {start} to {end}, probably because a file is missing: whoever bought then would look lost."
FEW = "By {day}, the day from which the forecast is checked, {n} identified customers had bought; it needs {least}."
RARE = "By {day}, the day from which the forecast is checked, {n} customers had bought again on another day; it needs {least}."
NOBODY = "Nobody who had bought before bought again from {start} to {end}: there is nothing to check a forecast on."
VAGUE = "The orders do not tell who has left from who only waits (a → 0), so nothing can be said of single customers."
NO_MEAN = "What a purchase is worth scatters too widely for a mean (q ≤ 1), so nothing can be said of spend."
WORSE = "From {start} to {end} a simple forecast came closer to the customers than the model did."
OFF = "From {start} to {end} the model was off by {off} in the sum, a simple forecast by {theirs} only."


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not valid: a sentence with {placeholders}; values are whole numbers, shares (float) and days."""

    template: str
    values: dict[str, int | float | date]

    def sentence(self) -> str:
        """The English sentence."""
        shown = {name: f"{value:.0%}" if isinstance(value, float) else value for name, value in self.values.items()}
        return self.template.format(**shown)


@dataclass(frozen=True, eq=False)
class Prediction:
    """`day`: the last day with orders, from which is forecast. `why`, `why_spend`: what keeps purchases and spend from being shown (None:
    they are valid). `alive` (of who bought again), `purchases_90d` and `spend_365d` are sums over all buyers, `leaving` how many have a
    P(alive) below LEAVING; None where not valid. `rows`: customer_id and
    COLUMNS, in memory.
    """

    day: date | None = None
    buyers: int = 0
    why: Reason | None = None
    why_spend: Reason | None = None
    fit: bgnbd.Fit | None = None
    spend_fit: gammagamma.Fit | None = None
    check: Check | None = None
    spend_check: Check | None = None
    alive: float | None = None
    leaving: int | None = None
    purchases_90d: float | None = None
    spend_365d: Decimal | None = None
    rows: Any = None

    @property
    def valid(self) -> bool:
        """Whether P(alive) and expected purchases are shown."""
        return self.why is None

    @property
    def valid_spend(self) -> bool:
        """Whether predicted spend is shown, too."""
        return self.valid and self.why_spend is None


def of(store: Store, as_of: date) -> Prediction:
    """By the orders up to the end of a shop day; later ones make no difference. Worked out once per state of the orders."""
    covered = coverage.of(store, as_of)
    made: Prediction = store.scratch.kept(_key(store, covered), lambda bench: _made(store, bench, covered), most=KEPT)
    return made


def table(store: Store, as_of: date) -> Any:
    """customer_id and COLUMNS of everybody who bought, a table of scratch; None where the models are not valid."""
    return of(store, as_of).rows


def _key(store: Store, covered: Coverage | None) -> tuple[Hashable, ...]:
    """The days of the past have a place of their own, so that looking back does not push today out."""
    latest = coverage.of(store, date.max)
    sort = "prediction" if covered == latest else "prediction then"
    return sort, store.written(SOURCES), covered and covered.last


def _made(store: Store, bench: Bench, covered: Coverage | None) -> Prediction:
    if covered is None:
        return Prediction(why=Reason(NO_ORDERS, {}))
    day, days = covered.last, (covered.last - covered.first).days + 1
    if days < HISTORY:
        return Prediction(day, why=Reason(SHORT, {"days": days, "least": HISTORY}))
    if covered.silences:
        start, end = covered.silences[-1]
        return Prediction(day, why=Reason(SILENT, {"start": start, "end": end}))
    checked = _checked(store, bench, day)
    if checked.why is not None:
        return checked
    return _forecast(store, bench, checked, day)


def _checked(store: Store, bench: Bench, day: date) -> Prediction:
    """Fitted on all but the last HORIZON days, and held against those."""
    split = day - timedelta(days=HORIZON)
    rows = bench.put(history.expression(tables.orders, split, HORIZON))
    cells = store.read(history.cells(rows))
    buyers, again = int(cells.people.sum()), int(cells.people[cells.frequency > 0].sum())
    none = Prediction(day, buyers)
    if buyers < BUYERS:
        return replace(none, why=Reason(FEW, {"day": split, "n": buyers, "least": BUYERS}))
    if again < REPEATERS:
        return replace(none, why=Reason(RARE, {"day": split, "n": again, "least": REPEATERS}))
    fit, spend = _fits(store, rows, cells)
    told = history.forecast(rows, _ahead(bench, cells, fit), fit, spend)
    start = split + timedelta(days=1)
    bought, paid = holdout.happened(tables.orders, start, day)
    check = holdout.check(store.read(holdout.compared(told, bought, holdout.purchases(told, HORIZON))).iloc[0], start, day)
    spent = None
    if spend is not None:
        spent = holdout.check(store.read(holdout.compared(told, paid, holdout.spend(told, HORIZON))).iloc[0], start, day)
    bench.drop(rows)
    why = Reason(VAGUE, {}) if fit.degenerate else _verdict(check)
    why_spend = Reason(NO_MEAN, {}) if spent is None else _verdict(spent)
    return Prediction(day, buyers, why, why_spend, fit, spend, check, spent)


def _fits(store: Store, rows: Any, cells: pd.DataFrame) -> tuple[bgnbd.Fit, gammagamma.Fit | None]:
    """Both models; none of the money where nobody's repeat purchases have any, or it has no mean."""
    fit = bgnbd.fit(grouped(cells))
    paid = store.read(history.means(rows)).astype(float)
    if paid.people.sum() < REPEATERS:
        return fit, None
    spend = gammagamma.fit(paid.paid_days.to_numpy(), (paid.paid / paid.paid_days).to_numpy(), paid.people.to_numpy())
    return fit, None if spend.degenerate else spend


def grouped(cells: pd.DataFrame) -> bgnbd.Cells:
    """`history.cells` in weeks."""
    plain = cells.astype(float)
    return bgnbd.Cells(
        plain.frequency.to_numpy(), (plain.recency / WEEK).to_numpy(), (plain.age / WEEK).to_numpy(), plain.people.to_numpy()
    )


def _ahead(bench: Bench, cells: pd.DataFrame, fit: bgnbd.Fit) -> Any:
    """frequency, age, near (HORIZON) and far (YEAR): purchases expected of who is alive."""
    pairs = cells[["frequency", "age"]].drop_duplicates()
    x, age = pairs.frequency.to_numpy(float), pairs.age.to_numpy(float) / WEEK
    near, far = (np.nan_to_num(bgnbd.if_alive(fit, x, age, days / WEEK)) for days in (HORIZON, YEAR))
    columns = {"frequency": "int64", "age": "int64", "near": "float64", "far": "float64"}
    return bench.take(pairs.assign(near=near, far=far), columns)


def _verdict(check: Check) -> Reason | None:
    days: dict[str, int | float | date] = {"start": check.start, "end": check.end}
    if check.off is None:
        return Reason(NOBODY, days)
    if not check.beats:
        return Reason(WORSE, days)
    theirs = min(abs(one.total / check.actual - 1) for one in check.naive.values())
    if abs(check.off) > max(holdout.TOLERANCE, theirs):
        return Reason(OFF, days | {"off": abs(check.off), "theirs": theirs})
    return None


def _forecast(store: Store, bench: Bench, checked: Prediction, day: date) -> Prediction:
    """Fitted anew on all days: the values of everybody, and their sums."""
    rows = bench.put(history.expression(tables.orders, day, HORIZON))
    cells = store.read(history.cells(rows))
    fit, spend = _fits(store, rows, cells)
    if fit.degenerate:
        return replace(checked, why=Reason(VAGUE, {}), fit=fit)
    spend = spend if checked.why_spend is None else None
    told = bench.put(history.fields(history.forecast(rows, _ahead(bench, cells, fit), fit, spend)))
    bench.drop(rows)
    leaving = told.count(where=told.p_alive < LEAVING)
    whole = store.read(told.aggregate(leaving=leaving, **{name: told[name].sum() for name in COLUMNS})).iloc[0]
    return replace(
        checked,
        buyers=int(cells.people.sum()),
        fit=fit,
        spend_fit=spend,
        why_spend=checked.why_spend or (Reason(NO_MEAN, {}) if spend is None else None),
        alive=float(whole.p_alive),
        leaving=int(whole.leaving),
        purchases_90d=float(whole.expected_purchases_90d),
        spend_365d=None if spend is None else Decimal(str(whole.predicted_spend_365d)).quantize(Decimal("0.01")),
        rows=told,
    )
