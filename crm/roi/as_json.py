"""A result as `crm roi` prints it."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from crm.roi.inference import Difference
from crm.roi.reporting import Report


def as_json(report: Report) -> dict[str, Any]:
    """The keys of `crm roi`; what cannot be computed is None."""
    increment = report.increment
    return {
        "campaign_id": report.campaign_id,
        "name": report.name,
        "window_days": report.window_days,
        "window_ends": report.window_ends,
        "arms": [
            {"arm": arm.arm, "people": arm.people, "converted": arm.converted, "orders": arm.orders, "spend": arm.spend}
            for arm in report.arms
        ],
        "joined_in_both_arms": report.split,
        "lift": _lift(report),
        "incremental_spend": None if increment is None else round(increment.value, 2),
        "interval": None if increment is None else [round(increment.low, 2), round(increment.high, 2)],
        "attributed_spend": report.attributed_spend,
        "cost": report.cost,
        "profit": report.profit,
        "profit_interval": None if report.profit_interval is None else list(report.profit_interval),
        "roi": None if report.roi is None else round(report.roi, 4),
        "attributed_roi": None if report.attributed_roi is None else round(report.attributed_roi, 4),
        "other_currencies": [asdict(row) for row in report.other_currencies],
        **vars(report.funnel),
        "verdict": report.verdict.code,
        "sentence": report.verdict.sentence(plain),
    }


def plain(value: Any) -> str:
    """An amount, count or day in an English sentence."""
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else value.isoformat() if isinstance(value, date) else str(value)


def _lift(report: Report) -> dict[str, Any]:
    spend, conversion = report.per_person, report.conversion
    return {
        "spend_per_person": _rounded(spend),
        "conversion": None
        if conversion is None
        else {"value": round(conversion[0], 6), "interval": [round(end, 6) for end in conversion[1:]]},
        "relative": _relative(report),
        "smallest_visible": round(report.smallest, 4) if report.smallest else None,
    }


def _rounded(difference: Difference | None) -> dict[str, Any] | None:
    if difference is None:
        return None
    return {"value": round(difference.value, 4), "interval": [round(difference.low, 4), round(difference.high, 4)]}


def _relative(report: Report) -> float | None:
    """The difference as a share of what the holdout spent per person."""
    held = report.arm("holdout")
    if report.per_person is None or held is None or not held.spend:
        return None
    return round(report.per_person.value / held.sample.mean, 4)
