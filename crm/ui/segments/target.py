"""“About 500 people”: the rung that fits, or what would bring the ladder there, one click away."""

import streamlit as st

from crm.segments import Definition, aiming, scope, words
from crm.segments.aiming import Aim
from crm.segments.ladder import RungCount
from crm.ui import components, figures, session
from crm.ui.segments import state, tree
from crm.ui.segments.state import Key
from crm.ui.words import _, language

MOST = 10_000_000


def aim(counted: list[RungCount]) -> None:
    """How many people are wanted, and which rung comes near."""
    definition = state.definition()
    if definition is None or not counted or not counted[0].customers:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        target = st.number_input(
            _("About how many people do you want?"),
            1,
            MOST,
            None,
            100,
            key=Key.TARGET,
            placeholder=_("500, say"),
            width=260,
            persist_state="session",
        )
    if target is None:
        return
    store = session.store()
    found = aiming.aim(store, definition, scope.at(store, session.as_of()), counted, int(target))
    _say(found, int(target))
    _narrow(found)
    _widen(found, definition)


def _say(found: Aim, target: int) -> None:
    if found.rung is None:
        st.caption(_("Nobody stands on this ladder. Loosen its first condition."))
        return
    name, people = components.quoted(found.rung), figures.count(found.people)
    if found.fits:
        st.markdown(_("**“{rung}”** fits: {n} people.", rung=name, n=people))
    else:
        st.markdown(
            _("No rung has about {target} people. “{rung}” comes nearest, with {n}.", target=figures.count(target), rung=name, n=people)
        )


def _narrow(found: Aim) -> None:
    step = found.narrow
    if step is None:
        return
    what = components.quoted(words.describe(step.node, language()))
    title = _("Narrow after rung {place}: {what} leaves {n}", place=step.place + 1, what=what, n=figures.count(step.people))
    if st.button(title, icon=":material/filter_alt:", key=Key.TARGET_ADD.of("narrow")):
        state.draft().rungs.insert(step.place + 1, state.rung("", step.node))
        st.rerun()


def _widen(found: Aim, definition: Definition) -> None:
    step = found.widen
    if step is None:
        return
    what = components.quoted(words.describe(step.node, language()))
    title = _("Loosen rung {place}: {what} leaves {n}", place=step.place + 1, what=what, n=figures.count(step.people))
    if st.button(title, icon=":material/open_in_full:", key=Key.TARGET_ADD.of("widen")):
        state.draft().rungs[step.place].root = tree.root(step.node)
        st.rerun()
