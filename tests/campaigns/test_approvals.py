"""A second person's yes: to these words, by somebody else, and not for ever."""

from datetime import timedelta

import pytest

from crm import campaigns, database, segments
from crm.accounts import acting, audit, users
from crm.accounts.acting import Role
from crm.accounts.users import User
from crm.campaigns import approvals, saved
from crm.database import Store
from crm.errors import BadInputError, ChangedError, RightError
from tests.accounts.conftest import quick_hashes as quick_hashes
from tests.accounts.given import add
from tests.campaigns import given
from tests.campaigns.given import DAY, NOW


@pytest.fixture
def people(store: Store) -> dict[str, User]:
    roles = {"owner": Role.OWNER, "boss": Role.BOSS, "sender": Role.SENDER, "writer": Role.SPECIALIST}
    return {name: add(store, name, role) for name, role in roles.items()}


def wanting(store: Store) -> str:
    """A draft that wants a second person."""
    given.people(store, [given.person(number) for number in range(5)])
    return saved.create(store, given.spec(approval=True), NOW)


def approve(store: Store, campaign_id: str, who: User) -> approvals.Approval:
    with acting.by(who.actor()):
        return approvals.approve(store, campaign_id, saved.get(store, campaign_id).spec, DAY, NOW)


def launch(store: Store, campaign_id: str, who: User, later: timedelta = timedelta(0)) -> int:
    plan = campaigns.plan(store, campaign_id, DAY)
    with acting.by(who.actor()):
        return campaigns.launch(store, campaign_id, DAY, plan.checksum, NOW + later).recipients


def test_without_it_nothing_is_sent_and_with_it_everything(store: Store, people: dict[str, User]) -> None:
    one = wanting(store)
    with pytest.raises(BadInputError, match="second person"):
        launch(store, one, people["sender"])
    approval = approve(store, one, people["boss"])
    assert launch(store, one, people["sender"]) == approval.recipients > 0
    trail = [(entry.actor, entry.action) for entry in audit.search(store, limit=2)]
    assert trail == [("sender", "campaign.launch"), ("boss", "campaign.approve")]


def test_nobody_approves_what_she_sends_herself(store: Store, people: dict[str, User]) -> None:
    one = wanting(store)
    approve(store, one, people["owner"])
    with pytest.raises(BadInputError, match="second person"):
        launch(store, one, people["owner"])
    assert launch(store, one, people["sender"])


def test_another_word_asks_again(store: Store, people: dict[str, User]) -> None:
    one = wanting(store)
    seen = saved.get(store, one).spec
    approve(store, one, people["boss"])
    saved.update(store, one, seen.model_copy(update={"subject": "Something else"}), NOW)
    with pytest.raises(BadInputError, match="second person"):
        launch(store, one, people["sender"])
    with acting.by(people["boss"].actor()):
        with pytest.raises(ChangedError):
            approvals.approve(store, one, seen, DAY, NOW)
        assert [campaign.campaign_id for campaign in approvals.waiting(store, NOW)] == [one]
    saved.update(store, one, seen, NOW)
    assert launch(store, one, people["sender"])


def test_it_is_good_for_a_week(store: Store, people: dict[str, User]) -> None:
    one = wanting(store)
    approve(store, one, people["boss"])
    with pytest.raises(BadInputError, match="second person"):
        launch(store, one, people["sender"], timedelta(days=7))
    assert launch(store, one, people["sender"], timedelta(days=6))


def test_only_who_has_the_right_approves_and_only_signed_in(store: Store, people: dict[str, User]) -> None:
    one = wanting(store)
    for name in ("sender", "writer"):
        with pytest.raises(RightError):
            approve(store, one, people[name])
    with pytest.raises(BadInputError, match="signed in"):
        approvals.approve(store, one, saved.get(store, one).spec, DAY, NOW)


def test_the_boss_reads_a_letter_with_nobodys_data_in_it(store: Store, people: dict[str, User]) -> None:
    one = wanting(store)
    with acting.by(people["boss"].actor()):
        letter = approvals.letter(store, saved.get(store, one).spec, DAY)
        assert acting.current().name == "boss"
    assert letter.subject
    everybody = store.rows("SELECT nickname FROM customers WHERE nickname IS NOT NULL")
    assert not [row for row in everybody if row["nickname"] in letter.html]


def by_segment(store: Store) -> str:
    """A draft that wants a second person, for a saved segment of those who bought for 500 or more."""
    given.people(store, [given.person(number, spend=number * 100) for number in range(30)])
    segments.saved.save(store, narrowed(2500), NOW)
    return saved.create(store, given.spec(approval=True, segment="VIP", ladder=None), NOW)


def narrowed(least: int) -> segments.Definition:
    where = {"field": "spend", "op": "at_least", "value": least}
    return segments.definition.parse({"name": "VIP", "rungs": [{"name": "rich", "where": where}]})


def test_a_segment_that_was_changed_behind_its_name_asks_again(store: Store, people: dict[str, User]) -> None:
    one = by_segment(store)
    assert approve(store, one, people["boss"]).recipients == 5
    kept = segments.saved.find(store, "VIP")
    segments.saved.save(store, narrowed(0), NOW, kept.segment_id)
    with pytest.raises(BadInputError, match="second person"):
        launch(store, one, people["sender"])


def test_a_group_that_has_grown_by_itself_asks_again(store: Store, people: dict[str, User]) -> None:
    one = by_segment(store)
    approve(store, one, people["boss"])
    given.people(store, [given.person(number, spend=9999) for number in range(100, 108)])
    assert campaigns.plan(store, one, DAY).recipients == 13
    given.people(store, [given.person(number, spend=9999) for number in range(200, 220)])
    with pytest.raises(BadInputError, match="second person"):
        launch(store, one, people["sender"])


def test_who_sends_cannot_do_without_the_second_person(store: Store, people: dict[str, User]) -> None:
    one = wanting(store)
    without = saved.get(store, one).spec.model_copy(update={"approval": False})
    with acting.by(people["sender"].actor()), pytest.raises(RightError):
        saved.update(store, one, without, NOW)
    with acting.by(people["owner"].actor()):
        saved.update(store, one, without, NOW)
    database.change_shop(store, {"approval": True})
    with pytest.raises(BadInputError, match="second person"):
        launch(store, one, people["sender"])


def test_one_of_two_approvals_is_enough_and_a_closed_account_approves_nothing(store: Store, people: dict[str, User]) -> None:
    one = wanting(store)
    approve(store, one, people["boss"])
    approve(store, one, people["owner"])
    second = add(store, "second", Role.OWNER)
    users.close(store, users.get(store, people["boss"].user_id), NOW)
    with pytest.raises(BadInputError, match="second person"):
        launch(store, one, people["owner"])
    assert launch(store, one, second)


def test_a_draft_whose_segment_is_gone_hides_no_other(store: Store, people: dict[str, User]) -> None:
    lost = by_segment(store)
    other = saved.create(store, given.spec(approval=True), NOW)
    segments.saved.delete(store, "VIP", NOW)
    with acting.by(people["boss"].actor()):
        assert {one.campaign_id for one in approvals.waiting(store, NOW)} == {lost, other}
