"""Same-person page: the suggestions side by side, what joining them would change, and the buttons that do it."""

from math import ceil

import streamlit as st

from crm import clock
from crm.accounts.acting import Right
from crm.accounts.masking import Kind
from crm.customers import joining, same_people
from crm.customers.same_people import STRENGTHS, Group, Mark, Person, Suggestions
from crm.segments import words
from crm.ui import components, figures, joined, personal, session
from crm.ui.customer import view
from crm.ui.figures import count, money, percent
from crm.ui.same_people.state import Key, SamePeopleState
from crm.ui.words import _, language

PAGE = 10
COLOURS = {"surest": "primary", "likely": "gray", "doubtful": "orange"}


def suggestions() -> Suggestions:
    """All suggestions, looked for once per state of the data."""
    return same_people.kept(session.store())


def summary(suggestions: Suggestions) -> None:
    """How many groups, what joining all of them would do to the shop's numbers, and the surest ones with one button."""
    if not suggestions.groups:
        with st.container(border=True):
            st.markdown(_("Nothing to decide: no two customers share a clear phone number or e-mail address."))
            st.caption(_("Look here again when you have imported the orders of another platform or shop."))
        return
    surest = suggestions.of("surest")
    with st.container(border=True):
        st.markdown(f"**{_('{n} groups of accounts look like one person each. If you join them all:', n=count(len(suggestions.groups)))}**")
        _effect(suggestions.groups)
        if surest:
            with st.popover(_("Join the {n} surest …", n=count(len(surest))), icon=":material/link:", type="primary"):
                _all(surest)


def _effect(groups: list[Group]) -> None:
    effect = same_people.effect(session.store(), groups)
    rate = _("Customers with two or more purchases ÷ customers who bought, over all time")
    with st.grid(min_column_width=230):
        st.metric(_("Customers in all"), f"{count(effect.customers[0])} → {count(effect.customers[1])}")
        st.metric(_("Repeat buyers, of all time"), f"{percent(effect.rate[0])} → {percent(effect.rate[1])}", help=rate)


def _all(surest: list[Group]) -> None:
    st.markdown(_("Surest: phone number and e-mail address are the same, or one of them and the name. No name contradicts."))
    _effect(surest)
    st.caption(_("You can take back all of it, or any single one, below."))
    if st.button(_("Join these {n}", n=count(len(surest))), type="primary", key=Key.ALL):
        joined.join([group.key for group in surest])


def groups(suggestions: Suggestions) -> None:
    """The groups, a page at a time, each with its evidence and its buttons."""
    if not suggestions.groups:
        return
    shown = _filtered(suggestions)
    pages = max(1, ceil(len(shown) / PAGE))
    place = components.page(pages, Key.PAGE.of(pages))
    here = shown[(place - 1) * PAGE : place * PAGE]
    people = same_people.people(session.store(), [one for group in here for one in group.customers])
    for group in here:
        with st.container(border=True):
            _group(group, people)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        _chosen(suggestions)
        if pages > 1:
            st.pagination(pages, key=Key.PAGE.of(pages))


def _filtered(suggestions: Suggestions) -> list[Group]:
    sizes = {name: len(suggestions.of(name)) for name in STRENGTHS}
    names = {"all": _("All"), **{name: STRENGTHS[name][0 if language() == "zh_CN" else 1] for name in STRENGTHS}}
    options = ["all", *[name for name in STRENGTHS if sizes[name]]]
    wanted = st.segmented_control(
        _("How sure"),
        options,
        default="all",
        required=True,
        key=Key.STRENGTH.of(language(), len(options)),
        format_func=lambda name: f"{names[name]} {count(sizes.get(name, len(suggestions.groups)))}",
        label_visibility="collapsed",
        persist_state="session",
    )
    return suggestions.of(wanted) if wanted in STRENGTHS else suggestions.groups


def _group(group: Group, people: dict[str, Person]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(STRENGTHS[group.strength][0 if language() == "zh_CN" else 1], color=COLOURS[group.strength])
        st.markdown(_evidence(group))
    if group.strength == "doubtful":
        text = "、".join(sorted({personal.shown(Kind.NAME, name) for names in group.names_given for name in names}))
        st.warning(_("The names differ: {names}. Look twice: one may have ordered for the other.", names=components.quoted(text)))
    with st.grid(min_column_width=260):
        known = [people[one] for one in group.customers if one in people]
        for who in sorted(known, key=lambda one: (-one.placed_orders, one.customer_id)):
            _person(who, {mark.text for mark in group.marks}, f"{group.key}_{known.index(who)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(_("Join into one customer"), key=Key.JOIN.of(group.key)):
            joined.join([group.key])
        if st.button(_("Not the same person"), key=Key.APART.of(group.key), type="tertiary"):
            joining.set_apart(session.store(), [group.key], clock.now(), "screen")
            st.rerun()
        _tick(group)


def _evidence(group: Group) -> str:
    values = {"phone": _("Same phone number"), "email": _("Same e-mail address")}
    return " · ".join(f"{values[mark.kind]} {components.quoted(_mark(mark))}" for mark in reversed(group.marks))


def _mark(mark: Mark) -> str:
    """The number or address that accounts share."""
    return personal.contact(mark.text, {mark.text})


def _names(who: Person, marks: set[str]) -> list[str]:
    name = [personal.shown(Kind.NAME, who.name)] if who.name else []
    return [personal.account(str(who.buyer), marks), *name]


def _person(who: Person, marks: set[str], place: str) -> None:
    lines = [
        f"**{joined.platform(who)}**",
        " · ".join(components.quoted(text) for text in _names(who, marks)),
        " ".join(
            components.quoted(words.name(kind, place, language()))
            for kind, place in (("province", who.province), ("city", who.city))
            if place
        )
        or _("Place unknown"),
        _("Orders: {n}, purchases: {bought}", n=count(who.placed_orders), bought=count(who.purchases)),
        _("{spend} spent, last on {day}", spend=money(who.spend, session.shop().currency), day=figures.day(who.last_purchase_day)),
        " · ".join(components.quoted(personal.contact(text, marks)) for text in (who.phone, who.email_norm) if text),
    ]
    with st.container(border=True, height="stretch"):
        st.markdown("  \n".join(line for line in lines if line))
        if session.may(Right.CUSTOMERS) and st.button(_("Open this customer"), key=Key.OPEN.of(place), type="tertiary"):
            view.opened(who.customer_id)


def _tick(group: Group) -> None:
    chosen = session.state(SamePeopleState).chosen
    if st.checkbox(_("Select this one"), value=group.key in chosen, key=Key.TICK.of(group.key)):
        chosen.add(group.key)
    else:
        chosen.discard(group.key)


def _chosen(suggestions: Suggestions) -> None:
    keys = {group.key for group in suggestions.groups} & session.state(SamePeopleState).chosen
    if keys and st.button(_("Join the {n} chosen", n=count(len(keys))), type="primary", key=Key.JOIN_CHOSEN):
        joined.join(sorted(keys))


def shared(suggestions: Suggestions) -> None:
    """Marks that more customers carry than one person has accounts: named, never joined."""
    if not suggestions.shared:
        return
    with st.expander(_("{n} numbers and addresses that too many accounts share", n=count(len(suggestions.shared)))):
        text = _("More than {most} customers carry each of these: a forwarding agent, or the shop's own number. They are no evidence.")
        st.caption(text.format(most=same_people.MOST))
        kinds = {"phone": _("Phone number"), "email": _("E-mail"), "chain": _("A chain of numbers and addresses, one of them")}
        rows = [{"kind": kinds[mark.kind], "mark": _mark(mark), "customers": mark.customers} for mark in suggestions.shared[:200]]
        heads = {"kind": _("Kind"), "mark": _("Number or address"), "customers": _("Customers")}
        st.dataframe([{heads[name]: value for name, value in row.items()} for row in rows], hide_index=True, placeholder="")
