"""`crm predict`: what is to be expected of the customers, or why nothing can be said."""

from dataclasses import asdict
from typing import Any

import typer

from crm.accounts.acting import Right
from crm.cli import base
from crm.cli.base import AsOf, Data, Json, verb
from crm.customers import prediction
from crm.customers.prediction.holdout import Check


def register(app: typer.Typer) -> None:
    """Attach the verb."""
    verb(app, "predict", Right.CUSTOMERS)(predict)


def predict(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Whether the prediction is valid for this shop and why not, its parameters, how good it was on days it had not seen, the sums."""
    with base.opened(data) as store:
        told = prediction.of(store, base.day(as_of, store))
        return {
            "valid": told.valid,
            "why": told.why and told.why.sentence(),
            "valid_spend": told.valid_spend,
            "why_spend": (told.why or told.why_spend) and (told.why or told.why_spend).sentence(),  # type: ignore[union-attr]
            "day": told.day,
            "unit": "weeks",
            "buyers": told.buyers,
            "bg_nbd": told.fit and asdict(told.fit),
            "gamma_gamma": told.spend_fit and asdict(told.spend_fit),
            "check": _check(told.check),
            "spend_check": _check(told.spend_check),
            "alive": told.alive,
            "leaving": told.leaving,
            "expected_purchases_90d": told.purchases_90d,
            "predicted_spend_365d": told.spend_365d,
        }


def _check(check: Check | None) -> dict[str, Any] | None:
    if check is None:
        return None
    return {
        "from": check.start,
        "to": check.end,
        "customers": check.people,
        "actual": check.actual,
        "model": asdict(check.ours),
        "naive": {name: asdict(one) for name, one in check.naive.items()},
    }
