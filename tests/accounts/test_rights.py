"""What each role may do: the table in docs/rights.md is what pages, jobs, verbs and functions really ask for."""

import importlib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crm import database, jobs, works
from crm.accounts import acting, audit
from crm.accounts.acting import NEEDS, ROLES, Right, Role
from crm.database import Store
from crm.errors import RightError
from crm.settings import root
from crm.ui import menu
from tests import rights
from tests.accounts.given import NOW, add
from tests.conftest import terminal

FRAME = str(root() / "crm" / "ui" / "frame" / "main.py")


def test_the_table_in_the_docs_is_what_the_code_asks_for() -> None:
    """`python -m tests.rights` writes it."""
    assert rights.rows() == rights.written()


def test_the_menu_asks_for_what_the_page_asks_for() -> None:
    assert rights.pages() == menu.RIGHTS


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", sorted(rights.acts()))
def test_a_function_that_acts_refuses_before_it_looks_at_anything(name: str, role: Role) -> None:
    module, _, function = name.rpartition(".")
    work = getattr(importlib.import_module(module), function)
    with acting.by(acting.Actor("bo", ROLES[role], "1")), pytest.raises(TypeError if NEEDS[name] in ROLES[role] else RightError):
        work()


@pytest.mark.parametrize("kind", sorted(works.KINDS))
def test_a_job_is_asked_for_only_by_who_may(store: Store, kind: str) -> None:
    args = works.KINDS[kind]
    job = args(*(None for field in args.__dataclass_fields__.values() if field.default is field.default_factory))  # type: ignore[call-arg]
    for role in Role:
        with acting.by(acting.Actor("bo", ROLES[role], "1")):
            if Right(args.right) in ROLES[role]:
                jobs.ask(store, job, NOW)
            else:
                with pytest.raises(RightError):
                    jobs.ask(store, job, NOW)
    asked = store.rows("SELECT actor FROM jobs")
    assert [row["actor"] for row in asked] == ["bo"] * sum(Right(args.right) in rights for rights in ROLES.values())


def test_stopping_a_job_needs_the_right_to_ask_for_it(store: Store) -> None:
    job = jobs.ask(store, works.Demo(), NOW)
    with acting.by(acting.Actor("bo", ROLES[Role.STAFF], "1")), pytest.raises(RightError):
        jobs.cancel(store, job)
    found = jobs.get(store, job)
    assert found is not None and found.state == "queued"


@pytest.mark.parametrize("role", [Role.STAFF, Role.BOSS])
@pytest.mark.parametrize(
    "words", ["import x.csv", "campaign send x", "settings set name x", "users add eve --role owner", "segment members x --out y"]
)
def test_staff_above_her_right_in_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: Role, words: str) -> None:
    store = database.open_store(tmp_path)
    add(store, "owner", Role.OWNER)
    add(store, "bo", role)
    store.close()
    monkeypatch.setenv("CRM_ACT_AS", "Bo")
    done = terminal(*words.split(), data=tmp_path, check=False)
    assert (done.returncode, "You may not do this" in done.stderr, done.stdout) == (1, True, "")
    assert terminal("kpi", data=tmp_path, check=False).returncode == (0 if role is Role.BOSS else 1)


@pytest.mark.parametrize("role", Role)
def test_the_menu_has_the_pages_a_role_may_see(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    actor = acting.Actor("bo", ROLES[role], "1")
    monkeypatch.setattr("crm.ui.session._visitor", lambda opened: actor)
    store = database.open_store(tmp_path)
    owner = add(store, "owner", Role.OWNER)
    monkeypatch.setattr("crm.accounts.users.get", lambda store, user_id: owner)
    app = AppTest.from_file(FRAME, default_timeout=60).run()
    assert not app.exception
    for name, right in rights.pages().items():
        may = right is None or right in ROLES[role]
        with acting.by(actor):
            assert menu.opens(name) is may
    store.close()


def test_nobody_sees_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    store = database.open_store(tmp_path)
    add(store, "owner", Role.OWNER)
    app = AppTest.from_file(FRAME, default_timeout=60).run()
    assert "signed out" in str(app.markdown[0].value) or "退出登录" in str(app.markdown[0].value)
    assert not app.button and not app.exception
    store.close()


def test_in_a_server_nobody_may_do_anything_until_the_visitor_is_known(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setattr(acting, "_default", acting._default)
    acting.close()
    with pytest.raises(RightError):
        jobs.ask(store, works.Demo(), NOW)
    with acting.by(acting.machine("SendGrid")):
        jobs.ask(store, works.Demo(), NOW)


def test_a_refusal_is_in_the_trail(store: Store) -> None:
    with acting.by(acting.Actor("bo", ROLES[Role.STAFF], "1")):
        audit.refused(store, NOW, "settings")
    entry = audit.search(store)[0]
    assert (entry.actor, entry.action, entry.detail) == ("bo", "refused", "settings")
