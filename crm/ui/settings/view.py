"""The settings form: blocks of inputs made of the shop's settings, and what saving them sets in motion."""

from decimal import Decimal
from zoneinfo import available_timezones

import streamlit as st

from crm import database, jobs
from crm.errors import ChangedError
from crm.messaging import channels
from crm.settings import Shop
from crm.ui import components, currencies, menu, session
from crm.ui.settings import conflict, rules
from crm.ui.settings.state import Base, Key, SettingsState
from crm.ui.words import _, language

ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Tokyo",
    "Asia/Singapore",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
)
USUAL_BANDS = (50, 100, 200, 300, 500, 800, 1000, 2000, 3000, 5000, 10000)


def _key(name: str) -> str:
    """Of an input; another one after saving, so that it shows what is kept now."""
    turn = session.state(SettingsState).turn
    return f"{name}_{turn}" if turn else name


def base() -> Base:
    """The settings this form began with, and their versions."""
    page = session.state(SettingsState)
    if page.base is None or page.base.turn != page.turn or session.held(_key(Key.NAME)) is None:
        page.base = Base(page.turn, session.shop(), database.settings_seen(session.store()))
    return page.base


def form() -> Shop:
    """Draw all inputs; the settings as typed."""
    shop = base().shop
    typed = shop.model_copy()
    with st.container(border=True):
        st.subheader(_("Shop"), anchor=False)
        _identity(shop, typed)
    with st.container(border=True):
        st.subheader(_("When is a customer active, sleeping, lost?"), anchor=False)
        _stages(shop, typed)
    with st.container(border=True):
        st.subheader(_("What kind of buyer is a customer?"), anchor=False)
        rules.types(shop, typed, _key(Key.FORM))
    with st.container(border=True):
        st.subheader(_("Writing to customers"), anchor=False)
        _contact(shop, typed)
    with st.container(border=True):
        st.subheader(_("What a message costs and a sale brings"), anchor=False)
        _money(shop, typed)
    return typed


def _identity(shop: Shop, typed: Shop) -> None:
    with st.grid(min_column_width=220):
        typed.name = st.text_input(_("Shop name"), shop.name, key=_key(Key.NAME), help=_("Customers see it in your messages."))
        zones = list(dict.fromkeys([shop.timezone, *ZONES, *sorted(available_timezones())]))
        typed.timezone = st.selectbox(_("Time zone"), zones, key=_key(Key.ZONE.of(language())), help=_("A day on screen is a day there."))
        typed.currency = st.selectbox(
            _("Currency"),
            currencies.choices(shop.currency),
            format_func=currencies.named,
            key=_key(Key.CURRENCY.of(language())),
            help=_("All amounts are in it. Orders in other currencies are converted by the rates below, or left out and named."),
        )


def _stages(shop: Shop, typed: Shop) -> None:
    with st.grid(min_column_width=220):
        for name, words in (
            ("active_days", _("Active: bought within (days)")),
            ("sleeping_days", _("Sleeping: bought within (days)")),
            ("lost_days", _("Long lost: nothing for (days)")),
            ("repeat_purchases", _("Repeat customer from (purchases)")),
            ("fan_purchases", _("Fan from (purchases)")),
        ):
            uses = _("The bars of purchases are cut there, and the ladders to begin with use it.") if name.endswith("purchases") else None
            setattr(typed, name, st.number_input(words, 1, 3650, getattr(shop, name), key=_key(Key.FORM.of(name)), help=uses))
    bands = st.multiselect(
        _("Spend bands (amounts, rising)"),
        sorted({*shop.spend_bands, *USUAL_BANDS}),
        shop.spend_bands,
        key=_key(Key.BANDS),
        accept_new_options=True,
        select_all=False,
        placeholder=_("Choose"),
        help=_("Where the bars of spend are cut. Type an amount to add one."),
    )
    typed.spend_bands = sorted({_amount(band) for band in bands})
    typed.rfm_quintiles = st.checkbox(
        _("RFM by quintiles instead of these bands"),
        shop.rfm_quintiles,
        key=_key(Key.QUINTILES),
        help=_("Fifths of all buyers. Where most buy once, bands say more: equals are never parted, so a fifth may stay empty."),
    )
    rules.bars(shop, typed, _key(Key.FORM))


def _amount(typed: object) -> int:
    """A band as typed; 0, which is refused with its sentence, where it is no whole number."""
    text = str(typed).strip().replace(",", "")
    return int(text) if text.isdecimal() else 0


def _contact(shop: Shop, typed: Shop) -> None:
    with st.grid(min_column_width=220):
        typed.from_name = st.text_input(_("Sender's name"), shop.from_name, key=_key(Key.FROM_NAME))
        typed.from_email = st.text_input(_("Sender's e-mail"), shop.from_email, key=_key(Key.FROM_EMAIL))
        usual = session.environment().public_url
        typed.public_url = st.text_input(
            _("Public address of this server"),
            shop.public_url,
            key=_key(Key.PUBLIC_URL),
            placeholder=usual,
            help=_("Links in letters point there, for example https://crm.myshop.com. Empty: {url}", url=usual),
        )
        typed.cap_days = st.number_input(
            _("At most one promotion in (days)"),
            0,
            365,
            shop.cap_days,
            key=_key(Key.CAP),
            help=_("Across all channels. 0 = no limit."),
        )
        share = st.number_input(
            _("Holdout (% who get nothing)"),
            0,
            90,
            round(shop.holdout * 100),
            key=_key(Key.HOLDOUT),
            help=_("They show what would have happened without the message. Without them the effect cannot be known."),
        )
        typed.holdout = share / 100
        typed.approval = st.checkbox(
            _("Every campaign needs a second person"), shop.approval, key=_key(Key.APPROVAL), help=_("Who sends cannot approve it herself.")
        )
        typed.window_days = st.number_input(_("Count purchases for (days)"), 1, 180, shop.window_days, key=_key(Key.WINDOW))


def _money(shop: Shop, typed: Shop) -> None:
    with st.grid(min_column_width=220):
        margin = st.number_input(
            _("Margin (% of spend)"),
            0,
            100,
            round(shop.margin * 100),
            key=_key(Key.MARGIN),
            help=_("What stays of ¥100 after goods and fees."),
        )
        typed.margin = Decimal(margin) / 100
        cost = st.number_input(_("Cost per message"), 0.0, 100.0, float(shop.cost_per_message), 0.01, key=_key(Key.COST))
        typed.cost_per_message = Decimal(str(round(cost, 4)))


def save(shop: Shop) -> None:
    """Keep what was changed here; what another tab changed is left as it is, or asked about."""
    page, before = session.state(SettingsState), base()
    changes = conflict.changes(before.shop, shop)
    try:
        conflict.put(changes, before.seen)
    except ChangedError:
        page.waiting = changes
    st.rerun()


def last_rebuild() -> None:
    """Progress of recounting after a change of the time zone, the currency or its rates, and how it ended."""
    page = session.state(SettingsState)
    job = jobs.get(session.store(), page.job)
    if job and job.state in jobs.OPEN:
        st.info(_("Days and amounts are being recounted; until then the old ones are shown."))
        components.watch(job.job_id, "settings")
    elif job and job.state == "done":
        st.success(_("Saved."))
        if page.job_shown != job.job_id:
            page.job_shown = job.job_id
            conflict.anew()
            st.rerun()
    elif job:
        components.job_message(job)


def elsewhere() -> None:
    """What the shop decides on another page."""
    st.caption(_("Words in product titles that decide a category are on the page Products."))
    menu.link("products", _("Products"), "sell")


def channel_notice() -> None:
    """Which way messages leave, and what the law wants for it: each channel says so itself."""
    with st.container(border=True):
        st.subheader(_("How messages leave"), anchor=False)
        for kind in channels.every().values():
            for place, sentence in enumerate(kind.notice(session.environment())):
                (st.caption if place else st.markdown)(_(sentence))
