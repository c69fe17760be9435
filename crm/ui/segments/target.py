"""“About 500 people”: the rung that fits, or what would bring the ladder there, one click away."""

import streamlit as st

from crm.segments import Definition, aiming, climbing, scope, words
from crm.segments.aiming import Aim
from crm.segments.ladder import RungCount
from crm.ui import components, figures, session
from crm.ui.segments import state, tree
from crm.ui.segments.state import Key, SegmentsState
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
    found = _aimed(definition, counted, int(target))
    if found is None:
        return
    _say(found, int(target))
    _narrow(found)
    _widen(found, definition)


def _aimed(definition: Definition, counted: list[RungCount], target: int) -> Aim | None:
    """What is advised; None while it is being worked out, beside the page."""
    store, within = session.store(), scope.at(session.store(), session.as_of())
    question = (definition.model_dump_json(), climbing.state(within), target)
    work = session.state(SegmentsState).aiming
    told = work.ask(question, lambda: aiming.aim(store, definition, within, counted, target), state.PATIENCE)
    if told.error is not None:
        raise told.error.with_traceback(None)
    if not told.fresh:
        _wait()
        return None
    return told.answer


@st.fragment(run_every=0.5)
def _wait() -> None:
    st.caption(_("Looking for the rung that fits …"))
    if session.state(SegmentsState).aiming.told().fresh:
        st.rerun()


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
