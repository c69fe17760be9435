"""What the results and the overview screens share: results computed once per state of the data, and sentences with amounts filled in."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import streamlit as st

from crm import roi
from crm.campaigns import saved
from crm.customers import months as months_of
from crm.customers import overview
from crm.ui import figures, session
from crm.ui.words import _


def version() -> str:
    """Changes whenever an import, a campaign or a report changes what these screens show."""
    store = session.store()
    sql = """
        SELECT (SELECT count(*) || '|' || coalesce(max(imported_at)::TEXT, '') || coalesce(max(undone_at)::TEXT, '') FROM imports) || '|' ||
               (SELECT count(*) || '|' || coalesce(max(updated_at)::TEXT, '') FROM campaigns) || '|' ||
               (SELECT count(*) FROM message_events) || '|' || (SELECT count(*) FROM message_states) || '|' ||
               (SELECT count(*) || '|' || coalesce(max(told), 0) FROM rate_rows) AS version
    """
    row = store.one(sql)
    return f"{store.folder}|{session.shop().model_dump_json()}|{row['version'] if row else ''}"


@st.cache_resource(max_entries=200, show_spinner=False)
def _report(version: str, campaign_id: str, window_days: int | None, as_of: date) -> roi.Report:
    return roi.report(session.store(), campaign_id, window_days, as_of=as_of)


@st.cache_resource(max_entries=50, show_spinner=False)
def _metrics(version: str, as_of: date, days: int | str) -> list[overview.Metric]:
    return overview.compute(session.store(), as_of, days)


@st.cache_resource(max_entries=10, show_spinner=False)
def _months(version: str, as_of: date) -> list[dict[str, Any]]:
    return months_of.compute(session.store(), as_of)


def report(campaign_id: str, window_days: int | None = None) -> roi.Report:
    """The result of one campaign as of today."""
    found: roi.Report = _report(version(), campaign_id, window_days, session.as_of())
    return found


def metrics(days: int | str) -> list[overview.Metric]:
    """The overview's numbers as of today."""
    found: list[overview.Metric] = _metrics(version(), session.as_of(), days)
    return found


def months() -> list[dict[str, Any]]:
    """Sales by month as of today."""
    found: list[dict[str, Any]] = _months(version(), session.as_of())
    return found


def launched() -> list[dict[str, Any]]:
    """Campaigns that have left, the latest first."""
    return [campaign for campaign in saved.listed(session.store()) if campaign["launched_at"] is not None]


def sentence(report: roi.Report) -> str:
    """The verdict in the session's language."""
    found = report.verdict
    return _(found.template, **{name: shown(value) for name, value in found.values.items()})


def shown(value: Any) -> str:
    """A Decimal is money, an int a count, a date a day."""
    if isinstance(value, Decimal):
        return figures.money(value, session.shop().currency)
    if isinstance(value, datetime | date):
        return figures.day(value)
    return figures.count(value) if isinstance(value, int) else str(value)
