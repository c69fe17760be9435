"""Editing the conditions of a rung as groups inside groups: added, moved, taken apart; all, any or none of a group must hold."""

from collections.abc import Callable

import streamlit as st

from crm.ui.segments import conditions, tree
from crm.ui.segments.state import Key
from crm.ui.segments.tree import DEEPEST, MODES, Condition, Group, Part
from crm.ui.words import _, language

Act = Callable[[], None]


def editor(root: Group) -> None:
    """All conditions of a rung."""
    _group(root, [root])


def _group(group: Group, path: list[Group]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        titles = {"all": _("All of these hold"), "any": _("Any of these holds"), "none": _("None of these holds")}
        key = Key.MODE.of(group.id, language())
        chosen = st.segmented_control(
            _("How the conditions count"),
            MODES,
            default=group.mode,
            required=True,
            format_func=lambda one: titles[one],
            key=key,
            label_visibility="collapsed",
        )
        group.mode = chosen or group.mode
        if len(path) > 1:
            _menu(group, path[:-1])
    for part in list(group.parts):
        with st.container(border=True):
            if isinstance(part, Group):
                _group(part, [*path, part])
            else:
                _condition(part, path)
    _add(group, path)


def _condition(condition: Condition, path: list[Group]) -> None:
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container(width="stretch"):
            conditions.editor(condition)
        _menu(condition, path)
        if st.button(
            "", icon=":material/close:", help=_("Remove this condition"), type="tertiary", key=Key.CONDITION_GONE.of(condition.id)
        ):
            tree.remove(path[0], condition)
            st.rerun()


def _menu(part: Part, path: list[Group]) -> None:
    """Where a part can go."""
    group, place = path[-1], path[-1].parts.index(part)
    acts: list[tuple[str, str, bool, Act]] = [
        (_("Move up"), "arrow_upward", place > 0, lambda: tree.step(group, part, -1)),
        (_("Move down"), "arrow_downward", place < len(group.parts) - 1, lambda: tree.step(group, part, 1)),
        (_("Out of this group"), "logout", len(path) > 1, lambda: tree.lift(path[-2], group, part)),
        (_("Make it a group"), "data_object", isinstance(part, Condition) and len(path) < DEEPEST, lambda: tree.wrap(group, part)),
    ]
    if isinstance(part, Group):
        acts += [
            (_("Take the group apart"), "call_split", True, lambda: tree.unwrap(group, part)),
            (_("Remove the group"), "delete", True, lambda: tree.remove(path[0], part)),
        ]
    with st.popover("", icon=":material/more_vert:", type="tertiary", help=_("Move or group")):
        for words, icon, can, act in acts:
            if can and st.button(words, icon=f":material/{icon}:", key=Key.PART.of(icon, part.id), type="tertiary"):
                act()
                st.rerun()


def _add(group: Group, path: list[Group]) -> None:
    with st.container(horizontal=True):
        if st.button(_("Add a condition"), icon=":material/add:", key=Key.CONDITION_ADD.of(group.id)):
            group.parts.append(_empty())
            st.rerun()
        if len(path) < DEEPEST and st.button(
            _("Add a group"), icon=":material/data_object:", key=Key.GROUP_ADD.of(group.id), type="tertiary"
        ):
            group.parts.append(Group(tree.fresh(), "any", [_empty(), _empty()]))
            st.rerun()


def _empty() -> Condition:
    return Condition(tree.fresh(), {"field": "province", "op": "one_of", "value": []})
