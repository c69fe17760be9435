"""Every page of a shop with users, as somebody without the right to see names in full gets it; and as somebody who asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crm import database
from crm.accounts import acting, audit
from crm.accounts.acting import Actor, Right, Role
from crm.customers import lookup
from crm.database import Store
from crm.settings import root
from crm.ui import menu, session
from tests.accounts.given import add
from tests.accounts.shop_of_names import NAMES, Wire, actor, fill, named
from tests.ui.test_results_pages import FRAME

WRITES = [name for name, right in menu.RIGHTS.items() if right in acting.ROLES[Role.SPECIALIST]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("names")
    store = database.open_store(folder / "shop")
    given = fill(store, folder)
    add(store, "owner", Role.OWNER)
    yield store, given
    store.close()


class Visit:
    """A tab: one page after the other, as this actor."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch, who: Actor, language: str = "en") -> None:
        monkeypatch.setenv("CRM_DATA", str(store.folder))
        monkeypatch.setattr("crm.ui.session._visitor", lambda opened, mark=None: who)
        self.store, self.wire = store, Wire(monkeypatch)
        self.app = AppTest.from_file(FRAME, default_timeout=60)
        self.app.session_state["language"] = language
        self.app.run()

    def go(self, page: str, failed: bool = False, **query: str) -> bytes:
        self.app.query_params.clear()
        for name, value in query.items():
            self.app.query_params[name] = value
        self.app.switch_page(str(root() / "pages" / f"{page}.py")).run()
        return self.seen(failed)

    def press(self, key: str) -> bytes:
        next(button for button in self.app.button if str(button.key or "").startswith(key)).click().run()
        return self.seen()

    def seen(self, failed: bool = False) -> bytes:
        assert not self.app.exception
        assert bool(self.app.error) is failed
        return self.wire.taken()

    def offered(self) -> bool:
        return any(str(button.key or "").startswith("reveal_show") for button in self.app.button)


def tour(tab: Visit, given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Every page, with everything that can be opened on it: what was sent."""
    sent = {name: tab.go(name) for name in WRITES}
    tab.go("segments")
    next(box for box in tab.app.selectbox if str(box.key).startswith("segment_open")).set_value(given["segment"]).run()
    sent["members"] = tab.seen()
    tab.app.text_input(key="why_words").set_value("40000000000000013").run()
    sent["why"] = tab.seen()
    sent["customer"] = tab.press("why_open")
    sign = lookup.sign(tab.store, tab.store.rows("SELECT customer_id FROM profiles WHERE remarks IS NOT NULL")[0]["customer_id"])
    sent["person"] = tab.go("customer", who=sign)
    for shown in ("facts", "history"):
        next(group for group in tab.app.button_group if str(group.key).startswith("customer_shown")).set_value(shown).run()
        sent["person"] += tab.seen()
    sent["draft"] = tab.go("campaigns", campaign=given["draft"])
    for who in ("longest", "missing"):
        next(group for group in tab.app.button_group if str(group.key).startswith("preview_who")).set_value(who).run()
        sent["draft"] += tab.seen()
    sent["plan"] = tab.press("plan_")
    sent["confirm"] = tab.press("confirm_")
    sent["sent"] = tab.go("campaigns", campaign=given["sent"])
    sent["job"] = tab.go("orders", job=given["job"])
    sent["rejected"] = tab.press(f"bad_{given['rejected']}")
    sent["failed"] = tab.go("orders", failed=True, job=given["failed"])
    monkeypatch.setattr("crm.ui.orders.upload.chosen", lambda: [Path(given["unknown"]), Path(given["dossier"])])
    sent["mapping"] = tab.go("orders")
    return sent


def test_no_page_names_anybody(filled: tuple[Store, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    store, given = filled
    tab = Visit(store, monkeypatch, actor(role=Role.SENDER))
    told = {place: named(sent) for place, sent in tour(tab, given, monkeypatch).items()}
    assert {place: names for place, names in told.items() if names} == {}


def test_no_page_names_anybody_in_chinese(filled: tuple[Store, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    store, given = filled
    places = [
        ("same_people", {}),
        ("orders", {"job": given["job"]}),
        *(("campaigns", {"campaign": given[one]}) for one in ("draft", "sent")),
    ]
    for page, address in places:
        assert named(Visit(store, monkeypatch, actor(), "zh_CN").go(page, **address)) == []


def test_the_same_pages_name_everybody_where_nobody_signs_in(filled: tuple[Store, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the test before is not about empty pages."""
    store, given = filled
    tab = Visit(store, monkeypatch, acting.LOCAL)
    told = {place: named(sent) for place, sent in tour(tab, given, monkeypatch).items()}
    assert not tab.offered()
    numbers = {"kpi", "all_numbers", "customers", "patterns", "products"}
    silent = numbers | {"result", "plan", "orders", "campaigns", "segments", "together", "failed"}
    assert {place for place, names in told.items() if not names} <= silent, told
    for place in ("same_people", "members", "why", "customer", "person", "draft", "confirm", "sent", "job", "rejected", "mapping"):
        assert told[place], place


@pytest.mark.parametrize(
    ("page", "query", "detail"),
    [
        ("same_people", "", "same_people"),
        ("campaigns", "draft", "campaigns {draft}"),
        ("campaigns", "sent", "campaigns {sent}"),
        ("orders", "job", "orders {job}"),
    ],
)
def test_names_are_shown_when_asked_for_and_it_is_noted(
    filled: tuple[Store, dict[str, str]], monkeypatch: pytest.MonkeyPatch, page: str, query: str, detail: str
) -> None:
    store, given = filled
    tab = Visit(store, monkeypatch, actor(Right.REVEAL))
    address = {"campaign" if page == "campaigns" else "job": given[query]} if query else {}
    assert named(tab.go(page, **address)) == []
    entries = audit.count(store)
    assert named(tab.press("reveal_show"))
    entry = store.rows("SELECT actor, action, detail FROM audit ORDER BY entry_no DESC LIMIT 1")[0]
    assert (entry["actor"], entry["action"], entry["detail"]) == ("bo", "reveal", detail.format(**given))
    assert audit.count(store) == entries + 1
    assert named(tab.app.run() and tab.seen()), "it holds as long as she stays"
    tab.go("kpi")
    assert named(tab.go(page, **address)) == [], "and no longer"
    assert tab.offered()


def test_a_right_that_is_taken_away_counts_at_once(filled: tuple[Store, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    store, _ = filled
    tab = Visit(store, monkeypatch, actor(Right.REVEAL))
    tab.go("same_people")
    assert NAMES[0] in named(tab.press("reveal_show"))
    monkeypatch.setattr("crm.ui.session._visitor", lambda opened, mark=None: actor())
    tab.app.run()
    assert named(tab.seen()) == []
    assert not tab.offered()


def test_a_file_is_made_with_the_rights_she_has_when_she_asks_for_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page was drawn before; her right has been taken away since."""
    now = [actor(Right.EXPORT)]
    monkeypatch.setattr(session, "store", lambda: store)
    monkeypatch.setattr(session, "_visitor", lambda opened, mark: now[0])
    visitor = session.later()
    with acting.by(now[0]):
        now[0] = actor()
        with visitor():
            assert not acting.may(Right.EXPORT)
        assert acting.may(Right.EXPORT)
