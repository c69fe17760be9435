"""Settings in two tabs: only what was changed here is saved; what was changed there as well is shown with both values, and asked."""

from typing import Any

import streamlit as st
from email_validator import EmailNotValidError, validate_email

from crm import clock, database, works
from crm.customers import deciding
from crm.errors import BadInputError
from crm.settings import Shop
from crm.ui import components, conflicts, currencies, session
from crm.ui.settings import rules
from crm.ui.settings.state import Key, SettingsState
from crm.ui.words import _


def changes(before: Shop, typed: Shop) -> dict[str, Any]:
    """What was changed on this form, checked. Raises BadInputError."""
    values = {name: value for name, value in typed.model_dump().items() if getattr(before, name) != value}
    if values.get("from_email"):
        values["from_email"] = _address(values["from_email"].strip())
    return values


def _address(text: str) -> str:
    try:
        result = validate_email(text, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as error:
        raise BadInputError(
            "setting.undeliverable_address", "“{address}” is not an e-mail address. Nothing was saved.", address=text[:100]
        ) from error
    return result.ascii_email or result.normalized


def put(wanted: dict[str, Any], seen: database.Seen) -> None:
    """Save them and show the form anew; those on which days and sums depend are changed by the worker, together with all that follows.

    Raises ChangedError and BadInputError.
    """
    page = session.state(SettingsState)
    deciding.checked(session.shop(), wanted)
    later = {name: value for name, value in wanted.items() if name in deciding.REMAKES}
    database.require_seen(session.store(), later, seen)
    deciding.change(session.store(), {name: value for name, value in wanted.items() if name not in later}, clock.now(), seen=seen)
    if later:
        currencies.ask(works.Settings(later))
    page.waiting, page.saved = None, not later
    anew()


def anew() -> None:
    """The form shows what is kept."""
    session.state(SettingsState).turn += 1


def show() -> None:
    """After saving: that it is saved, or both values of what two tabs changed."""
    page = session.state(SettingsState)
    if page.saved:
        page.saved = False
        st.success(_("Saved."))
    waiting = page.waiting
    if not waiting:
        return
    now = session.shop()
    rows = [(_names().get(name, name), getattr(now, name), value) for name, value in waiting.items() if getattr(now, name) != value]
    words = _("These settings were changed in another tab or by somebody else since you opened this page. Nothing of yours is saved yet.")
    chosen = conflicts.choose(words, rows, Key.FORM, _("Save mine"), _("Take what is there"))
    if chosen == "mine":
        with components.guard():
            put(waiting, database.settings_seen(session.store()))
    elif chosen == "theirs":
        page.waiting = None
        anew()
    if chosen:
        st.rerun()


def name(setting: str) -> str:
    """A setting as the form calls it."""
    return _names().get(setting, setting)


def _names() -> dict[str, str]:
    return {
        "name": _("Shop name"),
        "timezone": _("Time zone"),
        "currency": _("Currency"),
        "active_days": _("Active: bought within (days)"),
        "sleeping_days": _("Sleeping: bought within (days)"),
        "lost_days": _("Long lost: nothing for (days)"),
        "repeat_purchases": _("Repeat customer from (purchases)"),
        "fan_purchases": _("Fan from (purchases)"),
        "from_name": _("Sender's name"),
        "from_email": _("Sender's e-mail"),
        "public_url": _("Public address of this server"),
        "cap_days": _("At most one promotion in (days)"),
        "holdout": _("Holdout (% who get nothing)"),
        "window_days": _("Count purchases for (days)"),
        "retention_days": _("Erase customers who have not bought for (days, 0 = never)"),
        "rejected_days": _("Cells of rows that were not taken over (days, 0 = for ever)"),
        "letters_days": _("Letters in the outbox (days, 0 = for ever)"),
        "uploads_days": _("Uploads that were not imported (days)"),
        "trail_days": _("Entries of who did what (days, 0 = for ever)"),
        "margin": _("Margin (% of spend)"),
        "cost_per_message": _("Cost per message"),
        "approval": _("Every campaign needs a second person"),
        "rfm_quintiles": _("RFM by quintiles instead of these bands"),
        "spend_bands": _("Spend bands (amounts, rising)"),
        "category_rules": _("Words that decide a category"),
        **rules.labels(),
    }
