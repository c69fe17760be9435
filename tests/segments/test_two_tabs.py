"""One segment in two tabs: the second save, rename or delete is told, and nothing is overwritten; two drafts of one address stay two."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from crm.database import Store
from crm.errors import ChangedError
from crm.segments import Definition, definition, drafts, saved

NOW = datetime(2026, 11, 1, 4)
Act = Callable[[Store, str, int | None], object]


def named(name: str, days: int = 90) -> Definition:
    return definition.parse({"name": name, "rungs": [{"name": "a", "where": {"field": "recency_days", "op": "at_most", "value": days}}]})


ACTS: dict[str, Act] = {
    "edit": lambda store, one, seen: saved.save(store, named("回头客", 30), NOW, one, seen),
    "edit back": lambda store, one, seen: saved.save(store, named("回头客", 90), NOW, one, seen),
    "rename": lambda store, one, seen: saved.save(store, named("老客户"), NOW, one, seen),
    "delete": lambda store, one, seen: saved.delete(store, one, NOW, seen),
    "delete and undo": lambda store, one, seen: saved.restore(store, saved.delete(store, one, NOW, seen), NOW),
}
SECOND = ("edit", "edit back", "rename", "delete")


@pytest.mark.parametrize("second", SECOND)
@pytest.mark.parametrize("first", ACTS)
def test_the_second_of_two_is_told_and_nothing_is_overwritten(store: Store, first: str, second: str) -> None:
    one = saved.save(store, named("回头客"), NOW)
    seen = saved.find(store, one).version
    ACTS[first](store, one, seen)
    before = saved.standing(store, one)
    if second == "delete" and before and before.deleted:
        return  # both wanted the same
    with pytest.raises(ChangedError, match="deleted" if first == "delete" else "changed"):
        ACTS[second](store, one, seen)
    assert saved.standing(store, one) == before


@pytest.mark.parametrize("first", ACTS)
def test_mine_can_be_kept_after_looking_again(store: Store, first: str) -> None:
    one = saved.save(store, named("回头客"), NOW)
    ACTS[first](store, one, 1)
    standing = saved.standing(store, one)
    assert standing
    saved.save(store, named("回头客", 7), NOW, one, standing.version)
    assert saved.get(store, one) == named("回头客", 7)


def test_a_name_taken_meanwhile_is_refused(store: Store) -> None:
    saved.save(store, named("甲"), NOW)
    one = saved.save(store, named("乙"), NOW)
    with pytest.raises(Exception, match="already a segment"):
        saved.save(store, named("甲"), NOW, one, 1)


def test_two_tabs_on_one_draft_do_not_write_over_each_other(store: Store) -> None:
    first = drafts.keep(store, "d", {"name": "甲"}, False, NOW)
    here = drafts.keep(store, "d", {"name": "乙"}, False, NOW + timedelta(days=100), first)
    for stale in (None, first, 7):
        with pytest.raises(ChangedError):
            drafts.keep(store, "d", {"name": "丙"}, False, NOW, stale)
    assert drafts.find(store, "d") == {"name": "乙"}
    assert drafts.version(store, "d") == here
    drafts.keep(store, "d", {"name": "丁"}, True, NOW, here)
    assert drafts.find(store, "d") == {"name": "丁"}
