"""The result of one campaign in parts: which one, the sentence, the interval drawn, money, the two arms, the messages' fate."""

import streamlit as st

from crm import roi
from crm.campaigns.saved import Listed
from crm.roi import verdict
from crm.settings import Shop
from crm.ui import currencies, figures, session
from crm.ui.result import computed, drawings
from crm.ui.result.state import Key, ResultState
from crm.ui.words import _, language

WINDOWS = (7, 14, 30, 60)
BADGES = {
    verdict.WORKS: ("Works", "green", ":material/trending_up:"),
    verdict.LOSES: ("Loses", "red", ":material/trending_down:"),
    verdict.CANNOT_TELL: ("Cannot tell yet", "gray", ":material/hourglass_empty:"),
    verdict.NO_HOLDOUT: ("No holdout", "gray", ":material/question_mark:"),
}


def choose_campaign(launched: list[Listed]) -> str:
    """One of the campaigns that have left; the address may name it."""
    ids = [campaign.campaign_id for campaign in launched]
    names = {campaign.campaign_id: _dated(campaign) for campaign in launched}
    page, wanted = session.state(ResultState), st.query_params.get("campaign")
    if wanted in ids and page.asked != wanted:
        page.asked = wanted
        session.fill(Key.CAMPAIGN, wanted)
    chosen: str | None = st.selectbox(_("Campaign"), ids, format_func=names.get, key=Key.CAMPAIGN, persist_state="session")
    return chosen or ids[0]


def _dated(campaign: Listed) -> str:
    day = figures.moment(campaign.launched_at, session.shop().timezone)[:10]
    return f"{campaign.name} · {day}"


def choose_window(shop: Shop) -> int:
    """How many days after the message count."""
    days = sorted({*WINDOWS, shop.window_days})
    help_text = _("Purchases within so many days after the message count, for both groups alike.")
    key = Key.WINDOW.of(language())
    chosen = st.segmented_control(
        _("Days counted"), days, default=shop.window_days, required=True, key=key, help=help_text, persist_state="session"
    )
    return chosen or shop.window_days


def answer(report: roi.Report) -> None:
    """The five-second answer, and the interval under it."""
    word, colour, icon = BADGES[report.verdict.code]
    with st.container(border=True):
        st.badge(_(word), icon=icon, color=colour)
        st.markdown(f"### {computed.sentence(report)}", anchors=False)
        st.caption(basis(report))
        if report.split:
            st.caption(
                _(
                    "{n} people are left out: they have accounts in both groups, joined into one customer afterwards.",
                    n=figures.count(report.split),
                )
            )
        if report.increment is not None:
            drawings.interval(report, report.increment)


def basis(report: roi.Report) -> str:
    """Who was compared with whom, and for how long."""
    mailed, held = report.arm("recipients"), report.arm("holdout")
    return _(
        "{recipients} people got the message, {holdout} were held out at random. Counted: purchases within {days} days, until {until}.",
        recipients=figures.count(mailed.people if mailed else 0),
        holdout=figures.count(held.people if held else 0),
        days=figures.count(report.window_days),
        until=figures.day(report.window_ends),
    )


def money(report: roi.Report) -> None:
    """Earned, cost, profit, ROI; the formula of each on hover."""
    currency = session.shop().currency
    increment = report.increment
    share = figures.percent(report.margin, 0)
    missing = _missing(report)
    with st.grid(4, min_column_width=150, gap="small"):
        st.metric(
            _("Extra sales"),
            figures.big_money(increment.value if increment else None, currency),
            border=True,
            height="stretch",
            help=missing or _("(Spend per recipient − spend per person held out) × recipients."),
        )
        st.metric(
            _("Cost"),
            figures.money(report.cost, currency, cents=report.cost < 100),
            border=True,
            height="stretch",
            help=_("Messages that left × cost per message."),
        )
        st.metric(
            _("Profit"),
            figures.big_money(report.profit, currency),
            border=True,
            height="stretch",
            help=missing or _("Extra sales × margin ({margin}) − cost. {interval}", margin=share, interval=_profit_range(report, currency)),
        )
        st.metric(
            _("ROI"),
            _times(report.roi),
            border=True,
            height="stretch",
            help=missing or _("Extra margin ÷ cost: what each unit of cost brought back, caused by the message."),
        )
    _attributed(report)
    currencies.notice(report.other_currencies)


def _attributed(report: roi.Report) -> None:
    """Small and last, with what it is not: never a headline, and never larger than the ROI."""
    if report.attributed_roi is not None:
        text = _("Attributed ÷ cost: {ratio}.", ratio=_times(report.attributed_roi))
        st.caption(
            text + " " + _("Everything recipients spent. Much of it would have been spent anyway: never judge by this number alone.")
        )


def _missing(report: roi.Report) -> str:
    """Why there is no number, or nothing when there is one."""
    if report.increment is not None:
        return ""
    if report.arm("holdout") is None:
        return _("Not known: nobody was held out, so nobody knows what would have been bought anyway.")
    return _(
        "Not shown: with so few, the number would be chance. Needed are {people} people in each group, {buyers} buyers in all, "
        "and so many that the smaller group can be expected to have {expected}.",
        people=figures.count(verdict.FEWEST_PEOPLE),
        buyers=figures.count(verdict.FEWEST_BUYERS),
        expected=figures.count(verdict.FEWEST_EXPECTED),
    )


def _profit_range(report: roi.Report, currency: str) -> str:
    result = report.profit_interval
    return _("Between {low} and {high}.", low=figures.money(result[0], currency), high=figures.money(result[1], currency)) if result else ""


def _times(ratio: float | None) -> str:
    return figures.NOTHING if ratio is None else figures.plain(ratio) + "×"


def arms(report: roi.Report) -> None:
    """Both groups side by side."""
    st.markdown(f"#### {_('The two groups')}", anchors=False)
    names = {"recipients": _("Got the message"), "holdout": _("Held out")}
    columns = [[names[arm.arm], "---:", *_column(arm)] for arm in report.arms]
    lines = ["| " + " | ".join(cells) + " |" for cells in zip([" ", ":---", *_measures()], *columns, strict=True)]
    st.markdown("\n".join(lines))
    if report.conversion is not None:
        value, low, high = (100 * part for part in report.conversion)
        more = _("Buyers: {value} points more than in the group held out (between {low} and {high}).")
        fewer = _("Buyers: {value} points fewer than in the group held out (between {low} and {high}).")
        ends = {"low": figures.signed(low), "high": figures.signed(high)}
        st.caption((fewer if round(value, 1) < 0 else more).format(value=f"{abs(value):.1f}", **ends))


def _measures() -> list[str]:
    return [_("People"), _("Buyers"), _("Share who bought"), _("Orders"), _("Sales"), _("Sales per person, buyers or not")]


def _column(arm: roi.Arm) -> list[str]:
    currency = session.shop().currency
    return [
        figures.count(arm.people),
        figures.count(arm.converted),
        figures.percent(arm.converted / arm.people),
        figures.count(arm.orders),
        figures.money(arm.spend, currency),
        figures.money(arm.sample.mean, currency, cents=True),
    ]


def funnel(report: roi.Report) -> None:
    """What became of the messages."""
    st.markdown(f"#### {_('The messages')}", anchors=False)
    result = report.funnel
    if result.delivered is None:
        st.caption(_("Nobody reports for this channel whether messages arrived. The effect above does not need it."))
        return
    drawings.funnel(report)
    proxies = _("Opens by mail programs: {n} more, not counted. Judge by orders, not by opens.", n=figures.count(result.opened_by_machine))
    st.caption(proxies + " " + _("Bounced: {n}.", n=figures.count(result.bounced)))


def method(report: roi.Report) -> None:
    """How it was computed."""
    with st.expander(_("How this was computed")):
        st.markdown(
            _(
                "Before sending, some people were picked at random and got nothing. "
                "Whatever they bought, the others would have bought as well. "
                "The difference per person, times the number of recipients, is what the message earned. The interval (95 %, score method) "
                "says how far chance alone could have moved it; everybody counts, whether the message arrived or not."
            )
        )
