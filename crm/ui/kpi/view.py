"""The boss's page in parts: the choice of period, six cards, the last campaign's result, how fresh the numbers are."""

from calendar import isleap, monthrange
from datetime import date

import streamlit as st

from crm import clock, demo, jobs, works
from crm.accounts.acting import Right
from crm.customers import coverage, overview
from crm.customers.coverage import Reason
from crm.customers.overview import Metric
from crm.customers.totals import Period
from crm.ui import components, currencies, figures, session
from crm.ui.kpi.state import Key
from crm.ui.words import _, label, language

STALE_DAYS, SILENCES = 7, 3


def choose_period() -> int | str:
    """7, 30, 90 days, or the month or the year so far."""
    names: dict[int | str, str] = {7: _("7 days"), 30: _("30 days"), 90: _("90 days"), "month": _("This month"), "year": _("This year")}
    chosen = st.segmented_control(
        _("Period"),
        list(names),
        default=30,
        required=True,
        format_func=names.get,
        key=Key.PERIOD.of(language()),
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen or 30


def nothing_yet() -> None:
    """No orders: the way to the import, or a look around in the demo shop."""
    components.empty(
        _("No orders yet. Drop in the order file that your shop exports, and this page fills itself."), _("Import orders"), "orders.py"
    )
    store = session.store()
    may = session.may(Right.IMPORTS)
    if (
        may
        and demo.wanted(store)
        and not jobs.running(store, works.Demo)
        and st.button(_("Look around in a demo shop first"), key=Key.DEMO)
    ):
        jobs.ask(store, works.Demo(), clock.now())
        st.rerun()


def freshness(days: int | str) -> None:
    """Which days are counted, when the newest file came, and what may be missing."""
    store, shop = session.store(), session.shop()
    covered = coverage.of(store, session.as_of())
    if covered is None:
        return
    window = overview.period(days, covered.last)
    row = store.one("SELECT max(imported_at) AS moment FROM imports WHERE undone_at IS NULL") or {"moment": None}
    words = _(
        "{start} to {end} · newest file {moment} · {currency}",
        start=figures.day(max(window.start, covered.first)),
        end=figures.day(window.end),
        currency=shop.currency,
        moment=figures.moment(row["moment"], shop.timezone),
    )
    st.caption(" · ".join(filter(None, (_so_far(days, window), words))))
    _warn_when_old(covered.last)
    for start, end in covered.silences[-SILENCES:]:
        _hint(start, end)


def _so_far(days: int | str, window: Period) -> str:
    """Of a month or a year that is not over: how much of it is in the numbers."""
    whole = {"month": monthrange(window.end.year, window.end.month)[1], "year": 365 + isleap(window.end.year)}.get(str(days))
    if whole is None or window.days == whole:
        return ""
    return _("{days} of {whole} days, beside as many days before", days=figures.count(window.days), whole=figures.count(whole))


def _hint(start: date, end: date) -> None:
    words = _(
        "No orders from {start} to {end}: probably a file is missing. Periods that touch these days are not compared.",
        start=figures.day(start),
        end=figures.day(end),
    )
    st.info(words, icon=":material/event_busy:")


def _warn_when_old(last: date) -> None:
    age = (session.as_of() - last).days
    if age > STALE_DAYS:
        st.warning(
            _("The newest order is {days} days old. Import newer order files to see today.", days=figures.count(age)),
            icon=":material/schedule:",
        )


def cards(metrics: list[Metric], days: int | str) -> None:
    """Six numbers, each with its course and its change; the formula on hover."""
    with st.grid(3, min_column_width=150, gap="small"):
        for metric in metrics:
            _card(metric, days)


def left_out(days: int | str) -> None:
    """Name the orders of the period that are in none of these amounts."""
    covered = coverage.of(session.store(), session.as_of())
    if covered is not None:
        currencies.notice(currencies.of_days(overview.period(days, covered.last).start, covered.last))


def _card(metric: Metric, days: int | str) -> None:
    change, result = (metric.yearly, _("vs last year")) if days == "year" else (metric.change, _("vs prior"))
    shown = _difference(metric, change)
    with st.container(border=True, height="stretch", gap=None):
        st.metric(
            label(metric.kind),
            amount(metric.kind, metric.value),
            shown,
            delta_description=result if shown else None,
            delta_arrow="down" if (change or 0) < 0 else "up",
            delta_color="red" if (change or 0) < 0 else "green",
            icon=metric.kind.icon,
            help=formula(metric),
            chart_data=_drawable(metric.series),
            chart_type="area",
        )
        for line in (*_compared(metric, days), *_target(metric)):
            st.caption(line)


def _target(metric: Metric) -> list[str]:
    """How far it is to what the shop set as a target (settings); nothing where it set none, or the number has no good direction."""
    target = session.shop().targets.get(metric.kind.name)
    if target is None or metric.value is None:
        return []
    words = _("target {target}: reached") if metric.value >= target else _("target {target}: not yet")
    return [words.format(target=amount(metric.kind, target))]


def _compared(metric: Metric, days: int | str) -> list[str]:
    """What is said under the number: the change against last year, or why there is none."""
    if metric.unknown:
        return [_why(metric.unknown)]
    if metric.not_before and metric.not_before == metric.not_yearly:
        return [_why(metric.not_before)]
    lines = [f"{_('vs prior')}: {_why(metric.not_before)}"] if metric.not_before and days != "year" else []
    if metric.not_yearly:
        return [*lines, f"{_('vs last year')}: {_why(metric.not_yearly)}"]
    return lines if days == "year" else [*lines, _yearly(metric)]


def _yearly(metric: Metric) -> str:
    change = _difference(metric, metric.yearly) or figures.NOTHING
    return _("{change} vs last year, by lunar day", change=change) if metric.lunar else _("{change} vs last year", change=change)


def _why(reason: Reason) -> str:
    return _(
        reason.template, **{name: figures.day(it) if isinstance(it, date) else figures.count(it) for name, it in reason.values.items()}
    )


def amount(kind: overview.Kind, value: float | None) -> str:
    """A value as this kind of number is read."""
    if kind.unit == "share":
        return figures.percent(value)
    if kind.unit == "money":
        return figures.big_money(value, session.shop().currency)
    return figures.big(value)


def formula(metric: Metric) -> str:
    """What the number means, what it was before and a year ago."""
    kind = metric.kind
    text = kind.metric.formula[language() != "zh_CN"]
    words = _(
        "{formula}.  \nPeriod before: {before} · last year: {year}",
        formula=text,
        before=amount(kind, metric.before),
        year=amount(kind, metric.last_year),
    )
    return words + ("  \n" + _("Orders are known since {day}.", day=figures.day(metric.since)) if kind.past else "")


def _difference(metric: Metric, change: float | None) -> str | None:
    if change is None:
        return None
    if metric.kind.unit == "share":
        return _("{n} pp", n=figures.signed(change * 100))
    return figures.change(change, 0 if abs(change) >= 0.1 else 1)


def _drawable(series: list[float | None]) -> list[float] | None:
    """What is known of a course; what is not is left out, never drawn as 0."""
    known = [value for value in series if value is not None]
    return known if len(known) > 1 else None
