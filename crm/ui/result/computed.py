"""What the results and the overview screens share: numbers as of today, and sentences with amounts filled in."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm import roi
from crm.campaigns import saved
from crm.campaigns.saved import Listed
from crm.customers import months as months_of
from crm.customers import overview
from crm.customers.months import Month
from crm.ui import figures, session
from crm.ui.words import _


def report(campaign_id: str, window_days: int | None = None) -> roi.Report:
    """The result of one campaign as of today."""
    return roi.report(session.store(), campaign_id, window_days, as_of=session.as_of())


def metrics(days: int | str) -> list[overview.Metric]:
    """The overview's numbers as of today."""
    return overview.compute(session.store(), session.as_of(), days)


def months() -> list[Month]:
    """Sales by month as of today."""
    return months_of.compute(session.store(), session.as_of())


def launched() -> list[Listed]:
    """Campaigns that have left, the latest first."""
    return [campaign for campaign in saved.listed(session.store()) if campaign.launched_at is not None]


def sentence(report: roi.Report) -> str:
    """The verdict in the session's language."""
    result = report.verdict
    return _(result.template, **{name: shown(value) for name, value in result.values.items()})


def shown(value: Any) -> str:
    """A Decimal is money, an int a count, a date a day."""
    if isinstance(value, Decimal):
        return figures.money(value, session.shop().currency)
    if isinstance(value, datetime | date):
        return figures.day(value)
    return figures.count(value) if isinstance(value, int) else str(value)
