"""What the prediction says of the shop, or why it says nothing, and how good it was on days that it had not seen.

box(as_of)     one small box, for the foot of a page
"""

from datetime import date

import streamlit as st

from crm.customers import prediction
from crm.customers.prediction import Prediction, Reason
from crm.customers.prediction.holdout import Check
from crm.ui import components, figures, menu, session
from crm.ui.prediction.state import Key, PredictionState
from crm.ui.segments import state
from crm.ui.words import _

PATIENCE = 0.3
"""Seconds that a page waits for the models; then the box says that they are being worked out."""


def box(as_of: date) -> None:
    """The prediction of the orders up to a shop day."""
    with st.container(border=True), components.guard():
        st.markdown(f"**{_('What is to be expected')}**")
        store = session.store()
        told = session.state(PredictionState).working.ask(_question(as_of), lambda: prediction.of(store, as_of), PATIENCE)
        if told.error is not None:
            raise told.error
        if told.answer is None or not told.fresh:
            _watch()
        elif not told.answer.valid:
            _silent(told.answer)
        else:
            _said(told.answer)


def _question(as_of: date) -> tuple[object, ...]:
    return as_of, session.store().written(prediction.SOURCES)


@st.fragment(run_every=1.0)
def _watch() -> None:
    """The page is drawn anew when the models are there."""
    st.caption(_("Being worked out from all orders …"))
    if session.state(PredictionState).working.told().fresh:
        st.rerun()


def _silent(told: Prediction) -> None:
    """Not valid, and why."""
    if told.why is not None:
        st.markdown(_("Not valid for this shop: no forecast is shown, and none of its fields has a value."))
        st.caption(components.quoted(_sentence(told.why)))
    _checked(told.check, None)


def _said(told: Prediction) -> None:
    """What is expected of all, who is probably gone, and how good the forecast was."""
    currency = session.shop().currency
    with st.grid(3, min_column_width=150, gap="small"):
        hint = _("Days with a purchase in the 90 days after {day}, of all who have bought so far; new customers come on top.", **_day(told))
        st.metric(_("90-day purchases"), figures.count(told.purchases_90d), help=hint)
        hint = _("In the 365 days after {day}, of all who have bought so far; new customers come on top.", **_day(told))
        st.metric(_("365-day spend"), figures.big_money(told.spend_365d, currency), help=hint)
        hint = _("Bought on two days or more, and the chance that they still are customers is below 50%.")
        st.metric(_("Probably gone"), figures.count(told.leaving), help=hint)
    if told.why_spend is not None:
        st.caption(_("Spend is not forecast: ") + components.quoted(_sentence(told.why_spend)))
    _checked(told.check, told.spend_check if told.valid_spend else None)
    if told.leaving and menu.opens("segments"):
        words = _("Make a segment of the {n} who are probably gone", n=figures.count(told.leaving))
        if st.button(words, icon=":material/filter_alt:", key=Key.LEAVING):
            state.begin([{"field": "p_alive", "op": "below", "value": prediction.LEAVING}])
            st.switch_page(session.page_path("segments.py"))


def _day(told: Prediction) -> dict[str, str]:
    return {"day": figures.day(told.day)}


def _checked(check: Check | None, spend: Check | None) -> None:
    """The forecast of days that it had not seen, beside what happened."""
    if check is None:
        return
    lines = [
        _(
            "Checked on {start} to {end}, days that it had not seen: it said {said} purchases, there were {actual} ({off}). "
            "Its error per customer was {ours}; the best of three simple forecasts had {theirs}.",
            start=figures.day(check.start),
            end=figures.day(check.end),
            said=figures.count(check.ours.total),
            actual=figures.count(check.actual),
            off=figures.change(check.off),
            ours=figures.plain(check.ours.per_customer, 2),
            theirs=figures.plain(check.naive[check.best].per_customer, 2),
        )
    ]
    if spend is not None:
        currency = session.shop().currency
        said, actual = (figures.big_money(amount, currency) for amount in (spend.ours.total, spend.actual))
        lines.append(_("Of spend it said {said}, there was {actual} ({off}).", said=said, actual=actual, off=figures.change(spend.off)))
    st.caption(components.quoted(" ".join(lines)))


def _sentence(reason: Reason) -> str:
    shown = {name: _value(value) for name, value in reason.values.items()}
    return _(reason.template, **shown)


def _value(value: float | date) -> str:
    if isinstance(value, date):
        return figures.day(value)
    return figures.percent(value, 0) if isinstance(value, float) else figures.count(value)
