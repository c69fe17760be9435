"""Why sales changed: one sentence above the numbers, the steps below them, and the rates that left their usual band."""

from typing import Any

import altair as alt
import streamlit as st

from crm.customers import alarms, coverage, explaining, overview
from crm.customers.alarms import Alarm
from crm.customers.explaining import Explained, Step
from crm.customers.overview import Metric
from crm.customers.totals import Period
from crm.ui import charts, components, figures, menu, session
from crm.ui.charts import Palette
from crm.ui.kpi.state import Key
from crm.ui.segments import state
from crm.ui.words import _, label

SAME, WORTH = 0.02, 0.2
"""Below this change sales are called the same; a step that is a smaller part of the change is not worth naming."""
ROW = 34


def compared(days: int | str) -> tuple[Period, Period] | None:
    """The period on the page and the one it is beside; None without orders."""
    covered = coverage.of(session.store(), session.as_of())
    if covered is None:
        return None
    now = overview.period(days, covered.last)
    return now, overview.compared(days, now)[0]


def explained(days: int | str, metrics: list[Metric]) -> Explained | None:
    """The steps between the two periods; None where there is nothing to compare, or all of it is in other currencies."""
    periods = compared(days)
    sales = metrics[0]
    if periods is None or (sales.last_year if days == "year" else sales.before) is None:
        return None
    result = explaining.explain(session.store(), session.as_of(), *periods)
    return result if result.before or result.after else None


def sentence(days: int | str, result: Explained | None) -> None:
    """How sales changed and what did most of it; nothing where they cannot be compared: the cards say why."""
    periods = compared(days)
    if result is None or periods is None:
        return
    st.markdown(f"#### {components.quoted(told(result, _days(periods[1])))}", anchors=False)


def _days(period: Period) -> str:
    return _("{start} to {end}", start=figures.day(period.start), end=figures.day(period.end))


def told(result: Explained, days: str) -> str:
    """The sentence. What is named did at least a fifth of the change, at most two steps; the largest step the other way beside them."""
    currency, change = session.shop().currency, result.after - result.before
    values = {"amount": figures.big_money(abs(change), currency), "days": days}
    if result.before and abs(change / result.before) < SAME:
        return _("Sales are about the same as from {days}.", **values)
    lead = _lead(result, values)
    ranked = sorted(result.steps, key=lambda step: -abs(step.amount))
    drove = [step for step in ranked if step.amount * change > 0 and abs(step.amount) >= WORTH * float(abs(change))][:2]
    against = [step for step in ranked if step.amount * change < 0 and abs(step.amount) >= WORTH * float(abs(change))][:1]
    text = lead + (_(": {causes}", causes=_(" and ").join(map(_cause, drove))) if drove else "")
    return text + (_("; but {cause}", cause=_cause(against[0])) if against else "") + _(".")


def _lead(result: Explained, values: dict[str, str]) -> str:
    if not result.before:
        return _("Sales are {amount}; from {days} there were none", **values)
    share = figures.percent(abs(result.after / result.before - 1), 0)
    if result.after < result.before:
        return _("Sales fell by {amount} ({share}) against {days}", **values, share=share)
    return _("Sales rose by {amount} ({share}) against {days}", **values, share=share)


def _cause(step: Step) -> str:
    up = step.amount > 0
    words = {
        "customers": (_("more customers"), _("fewer customers")),
        "new": (_("more new customers"), _("fewer new customers")),
        "returning": (_("more customers came back"), _("fewer customers came back")),
        "frequency": (_("each ordered more often"), _("each ordered less often")),
        "basket": (_("larger baskets"), _("smaller baskets")),
        "unidentified": (_("more orders without a known buyer"), _("fewer orders without a known buyer")),
        "refunds": (_("fewer refunds"), _("more refunds")),
    }[step.name]
    return f"{words[0] if up else words[1]} ({_signed(step)})"


def _signed(step: Step) -> str:
    amount = figures.big_money(step.amount, session.shop().currency)
    return f"+{amount}" if step.amount > 0 else amount


def waterfall(days: int | str, result: Explained | None) -> None:
    """The steps from the earlier sales to the later ones; they add up to the cent."""
    periods = compared(days)
    if result is None or periods is None:
        return
    with st.container(border=True):
        st.markdown(f"**{_('Why sales changed')}**")
        rows = _rows(result, *map(_days, reversed(periods)))
        charts.show(_bars(), rows, ROW * len(rows), Key.WATERFALL)
        st.caption(
            _(
                "New: no purchase before the period. Each step is reckoned with those above it already taken: people first, then orders "
                "per customer, then order value. The steps add up to the cent."
            )
        )


def _rows(result: Explained, before: str, now: str) -> list[dict[str, Any]]:
    currency, level = session.shop().currency, float(result.before)
    names = {
        "customers": _("Customers"),
        "new": _("New customers"),
        "returning": _("Returning customers"),
        "frequency": _("Orders per customer"),
        "basket": _("Order value"),
        "unidentified": _("Buyer unknown"),
        "refunds": _("Refunds"),
    }
    items = [_bar(_("Before"), 0.0, level, "whole", figures.big_money(result.before, currency), before)]
    for step in result.steps:
        ends = level + float(step.amount)
        kind = "loss" if step.amount < 0 else "gain"
        items.append(_bar(names[step.name], level, ends, kind, _signed(step), figures.money(step.amount, currency, cents=True)))
        level = ends
    items.append(_bar(_("This period"), 0.0, float(result.after), "whole", figures.big_money(result.after, currency), now))
    return [item | {"place": place} for place, item in enumerate(items)]


def _bar(name: str, start: float, end: float, kind: str, text: str, more: str) -> dict[str, Any]:
    return {"step": name, "low": min(start, end), "high": max(start, end), "kind": kind, "text": text, "more": more}


@charts.built_once
def _bars(palette: Palette) -> alt.LayerChart:
    tones = {"whole": palette.context, "gain": palette.accent, "loss": palette.loss}
    tone = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=[*tones], range=[*tones.values()]))
    y = alt.Y("step:N", sort=charts.IN_PLACE, axis=alt.Axis(labelLimit=150))
    room = alt.Scale(range=[0, alt.ExprRef("max(width - 84, 60)")], zero=True, nice=False)
    low, high = alt.X("low:Q", axis=None, scale=room), alt.X("high:Q", axis=None, scale=room)
    tooltip = charts.tooltip(step=_("Step"), text=_("Change"), more=" ")
    bar = alt.Chart().mark_bar(height=18, cornerRadius=2).encode(y, low, alt.X2("high:Q"), tone, tooltip)
    text = alt.Chart().mark_text(aria=False, align="left", dx=6).encode(y, high, alt.Text("text:N"))
    return alt.LayerChart(layer=[bar, text], description=_("Steps from the sales before to the sales now"))


def warnings(days: int | str) -> None:
    """Rates outside their usual band, each with the people behind it one click away."""
    periods = compared(days)
    if periods is None:
        return
    for alarm in alarms.of(session.store(), session.as_of(), periods[0]):
        with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(_told(alarm), width="stretch")
            if menu.opens("segments") and st.button(_("See the people behind it"), key=Key.ALARM.of(alarm.metric.name)):
                state.begin(alarm.people, label(alarm.metric))
                st.switch_page(session.page_path("segments.py"))


def _told(alarm: Alarm) -> str:
    icon = ":red[:material/warning:]" if alarm.bad else ":green[:material/trending_up:]"
    words = _(
        "{name} is {value}: outside its usual {low} to {high} (the {runs} periods before).",
        name=label(alarm.metric),
        value=figures.percent(alarm.value),
        low=figures.percent(alarm.low),
        high=figures.percent(alarm.high),
        runs=figures.count(alarm.runs),
    )
    return f"{icon} {words}"
