"""A run that the next thing typed cuts short right after it has kept a draft: the tab knows its own words again."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest

from crm.campaigns import saved
from crm.database import Store
from crm.segments import drafts
from crm.ui import session
from crm.ui.campaigns import conflict, draft
from crm.ui.segments import memory, state
from tests.campaigns.given import spec

NOW = datetime(2026, 11, 1)


class CutShortError(BaseException):
    """As Streamlit ends a run: at the first touch of the session after somebody typed on."""


class Session(dict[str, Any]):
    """What a tab remembers; once `cut`, nobody touches it any more in this run."""

    cut = False

    def _touch(self) -> None:
        if self.cut:
            raise CutShortError

    def get(self, *words: Any) -> Any:
        self._touch()
        return super().get(*words)

    def setdefault(self, *words: Any) -> Any:
        self._touch()
        return super().setdefault(*words)

    def __setitem__(self, name: str, value: Any) -> None:
        self._touch()
        super().__setitem__(name, value)


def test_what_was_kept_is_known_though_the_run_ends_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made, tab, update = saved.create(store, spec(subject="AD 1"), NOW), Session(), saved.update

    def kept(*words: Any) -> None:
        update(*words)
        tab.cut = True

    monkeypatch.setattr(session, "store", lambda: store)
    monkeypatch.setattr(conflict.st, "session_state", tab)
    monkeypatch.setattr(saved, "update", kept)
    before = saved.get(store, made)
    conflict.base(before)
    typed = before.spec.model_dump() | {"subject": "AD 2"}
    with suppress(CutShortError):
        draft._keep(before, typed)
    tab.cut, now = False, saved.get(store, made)
    seen = conflict.base(now)
    assert now.spec.subject == "AD 2"
    assert (seen.spec, seen.version) == (now.spec, now.version)


def test_a_ladder_that_was_kept_is_known_though_the_run_ends_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    tab, keep = Session(), drafts.keep

    def kept(*words: Any) -> int:
        version = keep(*words)
        tab.cut = True
        return version

    monkeypatch.setattr(session, "store", lambda: store)
    monkeypatch.setattr(session.st, "session_state", tab)
    monkeypatch.setattr(session.st, "query_params", {})
    monkeypatch.setattr(drafts, "keep", kept)
    state.begin([{"field": "purchases", "op": "at_least", "value": 2}])
    for _run in range(2):
        state.add_rung()
        with suppress(CutShortError):
            memory.remember()
        tab.cut = False
    assert [len(row.draft["rungs"]) for row in drafts.unfinished(store)] == [3]
