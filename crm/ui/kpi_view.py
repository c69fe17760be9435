"""The boss's page in parts: the choice of period, six cards, the last campaign's result, how fresh the numbers are."""

from datetime import date
from typing import Any

import streamlit as st

from crm import clock, demo, jobs
from crm.customers import overview
from crm.customers.overview import Metric
from crm.ui import charts, currencies_view, numbers, parts, results_charts, results_numbers, session
from crm.ui.words import _, label, language

STALE_DAYS = 7


def choose_period() -> int | str:
    """7, 30, 90 days or the year so far."""
    names: dict[int | str, str] = {7: _("7 days"), 30: _("30 days"), 90: _("90 days"), "year": _("This year")}
    chosen = st.segmented_control(
        _("Period"), list(names), default=30, required=True, format_func=names.get, key=f"kpi_period_{language()}",
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    return chosen or 30


def nothing_yet() -> None:
    """No orders: the way to the import, or a look around in the demo shop."""
    parts.empty(
        _("No orders yet. Drop in the order file that your shop exports, and this page fills itself."), _("Import orders"), "orders.py"
    )
    store = session.store()
    if demo.wanted(store) and not jobs.running(store, "demo") and st.button(_("Look around in a demo shop first"), key="kpi_demo"):
        jobs.ask(store, "demo", {}, clock.now())
        st.rerun()


def freshness(days: int | str) -> None:
    """Which days are counted, and when the newest file came."""
    store, shop = session.store(), session.shop()
    last = overview.last_day(store, session.as_of())
    if last is None:
        return
    window = overview.period(days, last)
    told = store.one("SELECT max(imported_at) AS moment FROM imports WHERE undone_at IS NULL") or {"moment": None}
    st.caption(
        _(
            "{start} to {end} · newest file {moment} · {currency}",
            start=numbers.day(window.start), end=numbers.day(window.end), currency=shop.currency,
            moment=numbers.moment(told["moment"], shop.timezone),
        )
    )  # fmt: skip
    _warn_when_old(last)


def _warn_when_old(last: date) -> None:
    age = (session.as_of() - last).days
    if age > STALE_DAYS:
        st.warning(
            _("The newest order is {days} days old. Import newer order files to see today.", days=numbers.count(age)),
            icon=":material/schedule:",
        )


def cards(metrics: list[Metric], days: int | str) -> None:
    """Six numbers, each with its course and its change; the formula on hover."""
    with st.grid(3, min_column_width=150, gap="small"):
        for metric in metrics:
            _card(metric, days)


def left_out(days: int | str) -> None:
    """Name the orders of the period that are in none of these amounts."""
    last = overview.last_day(session.store(), session.as_of())
    if last is not None:
        currencies_view.notice(currencies_view.of_days(overview.period(days, last).start, last))


def _card(metric: Metric, days: int | str) -> None:
    before, yearly = _difference(metric, metric.change), _difference(metric, metric.yearly)
    shown, told = (yearly, _("vs last year")) if days == "year" else (before, _("vs prior"))
    with st.container(border=True, height="stretch", gap=None):
        st.metric(
            label(metric.kind), amount(metric.kind, metric.value), shown, delta_description=told if shown else None,
            icon=metric.kind.icon, help=formula(metric), chart_data=_drawable(metric.series), chart_type="area",
        )  # fmt: skip
        if days != "year":
            st.caption(_("{change} vs last year", change=yearly or numbers.NOTHING))


def amount(kind: overview.Kind, value: float | None) -> str:
    """A value as this kind of number is read."""
    if kind.unit == "share":
        return numbers.percent(value)
    if kind.unit == "money":
        return numbers.big_money(value, session.shop().currency)
    return numbers.big(value)


def formula(metric: Metric) -> str:
    """What the number means, what it was before and a year ago."""
    kind = metric.kind
    text = kind.formula_zh if language() == "zh_CN" else kind.formula_en
    return _(
        "{formula}.  \nPeriod before: {before} · last year: {year}",
        formula=text,
        before=amount(kind, metric.before),
        year=amount(kind, metric.last_year),
    )


def _difference(metric: Metric, change: float | None) -> str | None:
    if change is None:
        return None
    return f"{change * 100:+.1f} pp" if metric.kind.unit == "share" else numbers.change(change, 0 if abs(change) >= 0.1 else 1)


def _drawable(series: list[float | None]) -> list[float] | None:
    known = [value for value in series if value is not None]
    return [value or 0.0 for value in series] if len(known) > 1 else None


def last_result() -> None:
    """What the latest campaign earned, in one sentence, with the way to the whole story."""
    campaigns = results_numbers.launched()
    with st.container(border=True):
        if not campaigns:
            st.markdown(
                f"**{_('Last campaign')}**  \n" + _("No campaign has been sent yet. Choose a group of customers and write to them.")
            )
            st.page_link(session.page_path("customers.py"), label=_("Find customers to write to"), icon=":material/groups:")
            return
        newest = campaigns[0]
        day = numbers.moment(newest["launched_at"], session.shop().timezone)[:10]
        told = results_numbers.sentence(results_numbers.report(newest["campaign_id"]))
        st.markdown(f"**{_('Last campaign')}** · {newest['name']} · {day}  \n{told}")
        st.page_link(
            session.page_path("result.py"), label=_("See what it earned"), icon=":material/query_stats:", query_params=_wanted(newest)
        )


def _wanted(campaign: dict[str, Any]) -> dict[str, str]:
    return {"campaign": campaign["campaign_id"]}


def sales_by_month() -> None:
    """Sales of the last twelve months beside the twelve before."""
    rows = results_numbers.months()
    if len([row for row in rows if row["spend"]]) < 2:
        return
    with st.container(border=True):
        st.markdown(f"**{_('Sales by month')}**")
        st.vega_lite_chart(_month_rows(rows), _month_spec(), height=220, key="kpi_months")


def _month_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    this, last, currency = _("Last 12 months"), _("A year earlier"), session.shop().currency
    return [
        {
            "month": row["month"],
            "place": place,
            "amount": row[column],
            "year": name,
            "text": numbers.big_money(row[column], currency),
        }
        for place, row in enumerate(rows)
        for column, name in (("before", last), ("spend", this))
    ]


def _month_spec() -> dict[str, Any]:
    names = [_("Last 12 months"), _("A year earlier")]
    return {
        "mark": {"type": "line", "interpolate": "monotone", "point": {"size": 28}},
        "encoding": {
            "x": {
                "field": "month", "type": "nominal", "sort": {"field": "place"},
                "axis": {"title": None, "labelAngle": 0, "labelOverlap": True, "grid": False},
            },
            "y": {"field": "amount", "type": "quantitative", "axis": results_charts.money_axis() | {"tickCount": 4}},
            "color": {
                "field": "year", "scale": {"domain": names, "range": [charts.accent(), charts.muted()]},
                "legend": {"title": None, "orient": "top"},
            },
            "tooltip": [{"field": "month", "title": _("Month")}, {"field": "year", "title": " "}, {"field": "text", "title": _("Sales")}],
        },
    }  # fmt: skip
