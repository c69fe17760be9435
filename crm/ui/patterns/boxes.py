"""The grid of how often × how long ago, the personal clock, the eight classes and how people moved between them."""

from datetime import date, timedelta
from typing import Any

import streamlit as st

from crm.customers import coverage, dimensions, rfm
from crm.patterns import classes, grid, rhythm
from crm.patterns.classes import NOBODY, Moved
from crm.patterns.grid import Box, Grid
from crm.patterns.rhythm import Hand
from crm.ui import charts, components, figures, session
from crm.ui.patterns import drawings, groups
from crm.ui.patterns.state import Key
from crm.ui.words import _, language

NAMES, TOP = 88, 8
AGO = (30, 90, 180, 365)


def show_grid(as_of: date) -> None:
    """The boxes; under them who is in the one that is picked, how much they spent, what may help."""
    found = grid.compute(session.store(), as_of)
    key = Key.GRID.of(language())
    drawn = session.held(key)
    clicked = [str(point["key"]) for point in (drawn.selection.get(drawings.PICKED, []) if drawn else []) if "key" in point]
    picked = next((box for box in found.boxes.values() if _key(box) in clicked), None) or _worth_most(found)
    most = max((box.people for box in found.boxes.values()), default=0) or 1
    rows = [_row(found, box, most, picked) for box in found.boxes.values()]
    charts.show(drawings.heat("boxes", NAMES), rows, drawings.HEAD + drawings.ROW * len(found.lapses), key, select=drawings.PICKED)
    _told(picked)


def _key(box: Box) -> str:
    return f"{box.lapse}|{box.frequency}"


def _worth_most(found: Grid) -> Box:
    """Until one is clicked: the regulars who are overdue and spent most; else the box with the most money."""
    boxes = [box for box in found.boxes.values() if box.advice == "wake" and box.people] or list(found.boxes.values())
    return max(boxes, key=lambda box: (box.spend, box.people))


def _named(dimension: str, bin: str) -> str:
    zh, en = dimensions.get(dimension).bins.label(bin, session.shop())
    return zh if language() == "zh_CN" else en


def _row(found: Grid, box: Box, most: int, picked: Box) -> dict[str, Any]:
    spend = figures.money(box.spend, session.shop().currency)
    return {
        "key": _key(box),
        "row": _named(grid.LAPSE, box.lapse),
        "col": _named(grid.FREQUENCY, box.frequency),
        "place": found.lapses.index(box.lapse),
        "x": found.frequencies.index(box.frequency),
        "share": (box.people / most) ** 0.5,
        "shown": figures.count(box.people),
        "told": _("{n} people · {spend}", n=figures.count(box.people), spend=spend),
        "picked": box is picked,
    }


def _told(box: Box) -> None:
    """Who is in a box, in words; advice; the button."""
    spend = components.quoted(figures.big_money(box.spend, session.shop().currency))
    values = {"n": figures.count(box.people), "spend": spend}
    lapse, times = (_named(name, bin) for name, bin in ((grid.LAPSE, box.lapse), (grid.FREQUENCY, box.frequency)))
    st.markdown(f"**{_('{n} people · {spend}', **values)}** · " + _("bought {times}, last time {days} ago", times=times, days=lapse))
    if box.people:
        st.markdown(told([_rhythm(box), *_mostly(box), _advice(box)]))
        groups.offer(box.node, "box")


def told(sentences: list[str]) -> str:
    """Sentences one after the other: in Chinese nothing stands between them."""
    return ("" if language() == "zh_CN" else " ").join(sentences)


def _advice(box: Box) -> str:
    return {
        "new": _("First purchase not long ago: say thank you, and show what goes with it while they remember you."),
        "loyal": _("Your best: ask what they think, show them new things first; they need no discount."),
        "second": _("One purchase, then silence: a reason for the second one is worth most now."),
        "wake": _("They used to come back and are overdue: write now, personally, about what they usually buy."),
        "last": _("One purchase, long ago: one cheap message with a good reason; whoever does not answer, leave in peace."),
        "winback": _("Regulars who have gone: call or write by name; if a real offer pays anywhere, then here."),
    }[box.advice]


def _rhythm(box: Box) -> str:
    if box.interval is None or box.overdue is None:
        return _("Nobody here has bought on two different days: they have no rhythm of their own yet.")
    return _(
        "They usually buy every {days} days; by now {ratio} times that has passed.",
        days=figures.count(box.interval),
        ratio=figures.plain(box.overdue),
    )


def _mostly(box: Box) -> list[str]:
    if not box.classes:
        return []
    name, people = next(iter(box.classes.items()))
    share = figures.percent(people / sum(box.classes.values()), 0)
    return [_("{share} of them are “{name}”.", share=share, name=class_name(name))]


def class_name(name: str) -> str:
    """What an RFM class is called; of NOBODY: that it is none."""
    if name == NOBODY:
        return _("not a buyer yet")
    zh, en = rfm.CLASSES[name]
    return zh if language() == "zh_CN" else en


def show_clock(as_of: date) -> None:
    """Buyers by how overdue they are, measured by themselves."""
    hands = rhythm.compute(session.store(), as_of)
    spend = f"{_('Spend')} ({session.shop().currency})"
    rows = [{_("Days since ÷ usual days"): _hand(one), _("People"): one.people, spend: round(float(one.spend))} for one in hands]
    place = groups.table(rows, Key.CLOCK, numbers=[_("People"), spend])
    if place is None:
        st.caption(_("Usual days: the customer's own, else those of the category they like best. Click a row for its people."))
    else:
        groups.offer(hands[place].node, "clock")


def _hand(one: Hand) -> str:
    if one.low is None:
        return _("No rhythm known")
    names = {0: _("In time"), 1: _("Overdue"), 2: _("Long overdue"), 4: _("Probably gone")}
    stretch = f"{one.low}×–{one.high}×" if one.high else f"≥ {one.low}×"
    return f"{names[one.low]} ({stretch if one.low else '< 1×'})"


def show_classes(as_of: date) -> None:
    """The eight classes: people, money, means. A row becomes a segment."""
    found = classes.compute(session.store(), as_of)
    spend, whole = f"{_('Spend')} ({session.shop().currency})", sum(one.people for one in found) or 1
    rows = [
        {
            _("Class"): class_name(one.name),
            _("People"): one.people,
            _("Share"): one.people / whole,
            spend: round(float(one.spend)),
            _("Days since, mean"): None if one.recency is None else round(one.recency),
            _("Purchases, mean"): None if one.purchases is None else round(one.purchases, 1),
        }
        for one in found
    ]
    place = groups.table(rows, Key.CLASSES, [_("Share")], [_("People"), spend])
    how = _("fifths of all buyers") if session.shop().rfm_quintiles else _("the bands of the settings")
    st.caption(_("Recency, frequency and money, each scored by {how}; key or ordinary: money above the mean of all or not.", how=how))
    buyers = sum(box.people for box in grid.compute(session.store(), as_of).boxes.values())
    left = buyers - sum(one.people for one in found)
    if left:
        st.caption(_("{n} buyers are in no class: all they paid is in other currencies, of which there is no rate.", n=figures.count(left)))
    if place is not None:
        groups.offer(found[place].node, "class")


def show_moves(as_of: date) -> None:
    """From which class to which people have moved since a day in the past."""
    store = session.store()
    names = {30: _("30 days ago"), 90: _("90 days ago"), 180: _("180 days ago"), 365: _("A year ago")}
    days = st.segmented_control(
        _("Compared with"),
        AGO,
        default=classes.AGO,
        required=True,
        format_func=names.get,
        key=Key.SINCE.of(language()),
        persist_state="session",
    )
    before, covered = as_of - timedelta(days=days or classes.AGO), coverage.of(store, as_of)
    if covered is None or before <= covered.first:
        st.caption(_("Cannot be computed: the orders do not reach back so far."))
        return
    found = classes.moves(store, before, as_of)
    moved, stayed = classes.changed(found), sum(one.people for one in found if one.before == one.after)
    both = {"stayed": figures.count(stayed), "moved": figures.count(sum(one.people for one in moved)), "day": figures.day(before)}
    st.markdown(_("**{stayed}** are in the class they were in on {day}; **{moved}** are in another.", **both))
    groups.table([_moved(one) for one in moved[: TOP * 2]], Key.MOVES, numbers=[_("People")], pick=False)


def _moved(one: Moved) -> dict[str, Any]:
    return {_("From"): class_name(one.before), _("To"): class_name(one.after), _("People"): one.people}
