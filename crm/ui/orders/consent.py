"""Import page: what a file says of being written to, by way: how many yes, no and no answer; the words for its counts."""

import streamlit as st

from crm.messaging import consents
from crm.ui.figures import count
from crm.ui.words import _

TOTALS = ("opt_ins", "opt_outs", "silent")
"""What the table by way says already."""


def ways() -> dict[str, str]:
    """The ways of writing to somebody."""
    return {"email": _("E-mail"), "sms": _("SMS"), "call": _("Calls")}


def answers(values: dict[str, int]) -> None:
    """A line per way of which the file speaks; nothing where it says nothing of it."""
    rows = [(name, [values[f"{way}_{answer}"] for answer in consents.ANSWERS]) for way, name in ways().items() if f"{way}_yes" in values]
    if not rows:
        return
    head = [_("Consent"), _("Said yes"), _("Said no"), _("No answer")]
    lines = [" | ".join(head), " | ".join([":---", "---:", "---:", "---:"])]
    lines += [" | ".join([name, *(count(number) for number in numbers)]) for name, numbers in rows]
    st.markdown("\n".join(f"| {line} |" for line in lines))


def rest(values: dict[str, int]) -> dict[str, int]:
    """The counts that the table does not show."""
    shown = {f"{way}_{answer}" for way in consents.CHANNELS for answer in consents.ANSWERS}
    totals = TOTALS if shown & set(values) else ()
    kept = {name: number for name, number in values.items() if name not in shown and name not in totals}
    return {name: number for name, number in kept.items() if number or name != "without_effect"}


def counts() -> dict[str, str]:
    """The words for what a file with answers came to."""
    return {
        "opt_ins": _("Said yes"),
        "opt_outs": _("Said no"),
        "silent": _("No answer"),
        "opt_ins_new": _("New yes"),
        "opt_outs_new": _("New opt-outs"),
        "without_effect": _("Yes without effect"),
        "bounced": _("Mail does not arrive"),
        "affected": _("Customers it changes"),
    }
