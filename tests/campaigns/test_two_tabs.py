"""One draft in two tabs: whoever comes second is told; a launch and a deletion never meet another text than the one looked at."""

from collections.abc import Callable

import pytest

from crm import campaigns
from crm.campaigns import saved
from crm.database import Store
from crm.errors import BadInputError, ChangedError, NotFoundError
from tests.campaigns.given import DAY, NOW, people, person, spec

Act = Callable[[Store, str, int], object]
ACTS: dict[str, Act] = {
    "text": lambda store, one, seen: saved.update(store, one, spec(body="theirs"), NOW, seen),
    "name": lambda store, one, seen: saved.update(store, one, spec(name="theirs"), NOW, seen),
    "back": lambda store, one, seen: saved.update(store, one, spec(), NOW, seen),
}


@pytest.mark.parametrize("first", ACTS)
def test_the_second_save_is_told_and_overwrites_nothing(store: Store, first: str) -> None:
    one = saved.create(store, spec(), NOW)
    seen = saved.get(store, one).version
    ACTS[first](store, one, seen)
    before = saved.get(store, one)
    for late in (lambda: saved.update(store, one, spec(subject="AD mine"), NOW, seen), lambda: saved.delete_draft(store, one, NOW, seen)):
        with pytest.raises(ChangedError):
            late()
    assert saved.get(store, one) == before
    saved.update(store, one, spec(subject="AD mine"), NOW, before.version)
    assert saved.get(store, one).spec.subject == "AD mine"


def test_a_deleted_or_launched_draft_takes_no_more_words(store: Store) -> None:
    people(store, [person(1)])
    one, other = saved.create(store, spec(), NOW), saved.create(store, spec(), NOW)
    saved.delete_draft(store, one, NOW, 1)
    with pytest.raises(NotFoundError):
        saved.update(store, one, spec(subject="AD mine"), NOW, 1)
    campaigns.launch(store, other, DAY, campaigns.plan(store, other, DAY).checksum, NOW)
    with pytest.raises(BadInputError, match="launched"):
        saved.update(store, other, spec(subject="AD mine"), NOW, 1)
    with pytest.raises(ChangedError):
        saved.delete_draft(store, other, NOW, 1)


def test_what_was_planned_in_one_tab_is_not_sent_with_the_words_of_another(store: Store) -> None:
    people(store, [person(1)])
    one = saved.create(store, spec(), NOW)
    checksum = campaigns.plan(store, one, DAY).checksum
    saved.update(store, one, spec(body="theirs"), NOW, 1)
    with pytest.raises(BadInputError, match="has changed since you looked"):
        campaigns.launch(store, one, DAY, checksum, NOW)
    assert saved.get(store, one).state == "draft"
