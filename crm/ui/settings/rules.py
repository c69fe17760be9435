"""The settings form's block on bars and rules: where bars are cut, what makes a type of buyer, which words make a kind of address."""

import streamlit as st

from crm.customers import addresses
from crm.settings import Shop
from crm.ui.words import _, language

RULES = ("choosy_signs", "choosy_percent", "lively_percent", "lively_discount", "loyal_discount")
SEPARATORS = str.maketrans("，、;；\n", ",,,,,")


def labels() -> dict[str, str]:
    """What each of these settings is called."""
    return {
        "frequency_bands": _("Purchases (first number of each bar)"),
        "lapse_bands": _("Time since last purchase (further last days)"),
        "age_bands": _("Age (first year of each bar)"),
        "choosy_signs": _("Choosy from (refunds, bad reviews, questions, complaints)"),
        "choosy_percent": _("and for so many percent of the orders"),
        "lively_percent": _("Follows campaigns: so many percent bought at nodes"),
        "lively_discount": _("and at a discount of (%)"),
        "loyal_discount": _("Loyal: buys again at a discount of at most (%)"),
        "address_words": _("Words that make a kind of address"),
    }


def bars(shop: Shop, typed: Shop, key: str) -> None:
    """Where the bars of the customers page are cut. `key`: of the form, as it stands."""
    named = labels()
    with st.grid(min_column_width=220):
        for name in ("frequency_bands", "lapse_bands", "age_bands"):
            text = st.text_input(named[name], ", ".join(map(str, getattr(shop, name))), key=f"{key}_{name}")
            setattr(typed, name, _numbers(text))
    st.caption(_("Numbers that rise, with commas. The days of active, sleeping and lost always cut the bars of time as well."))


def _numbers(text: str) -> list[int]:
    """The numbers as typed; 0, which is refused with its sentence, where one is no whole number."""
    parts = [part.strip() for part in text.translate(SEPARATORS).split(",") if part.strip()]
    return [int(part) if part.isdecimal() else 0 for part in parts]


def types(shop: Shop, typed: Shop, key: str) -> None:
    """What makes a buyer choosy, a follower of campaigns, or loyal; and the words of addresses."""
    named = labels()
    with st.grid(min_column_width=220):
        for name in RULES:
            setattr(typed, name, st.number_input(named[name], 0, 1000, getattr(shop, name), key=f"{key}_{name}"))
    st.caption(_("The first that fits: choosy, follows campaigns, loyal."))
    usual, known = addresses.usual(), addresses.words(shop)
    chosen: dict[str, list[str]] = {}
    with st.expander(named["address_words"]), st.grid(min_column_width=300):
        for kind, words in addresses.KINDS.items():
            text = st.text_area(words[0 if language() == "zh_CN" else 1], "、".join(known[kind]), key=f"{key}_{kind}")
            some = [part.strip() for part in text.translate(SEPARATORS).split(",") if part.strip()]
            if some != usual[kind]:
                chosen[kind] = some
    typed.address_words = chosen
