"""Consent from files as properties: rows and columns stand for themselves, a no is never lost, whatever the order of the files."""

import random
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import database
from crm.database import Store
from crm.layouts import answers
from crm.messaging import suppressions
from tests.shares import examples
from tests.uploads.given import table, take

HEAD = ["Email", "First Name", "Phone", "Accepts Email Marketing", "Accepts SMS Marketing", "Birthday"]
ROWS = [
    [f"p{number}@x.example", f"P{number}", f"1380000{number:04}", ("yes", "no", "")[number % 3], ("no", "yes")[number % 2], "1990-02-03"]
    for number in range(9)
]
UNUSED = ["Default Address City", "Tax Exempt", "Loyalty points", "Comments from support", "Preferred store"]


def said(folder: Path, rows: list[list[str]]) -> dict[str, set[str]]:
    """Who said what by which way, of a list with this header and these rows."""
    store = database.memory()
    take(store, table(folder / "list.csv", *(",".join(row) for row in rows)))
    lines = store.rows("SELECT channel, address_norm, granted FROM consents ORDER BY ALL")
    store.close()
    values: dict[str, set[str]] = {}
    for row in lines:
        values.setdefault(row["address_norm"], set()).add(f"{row['channel']} {row['granted']}")
    return values


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 8), st.integers(1, 5), st.sampled_from(["", "?", "perhaps"]))
def test_damaging_a_cell_changes_nobody_else(tmp_path: Path, row: int, column: int, damage: str) -> None:
    damaged = [list(cells) for cells in ROWS]
    damaged[row][column] = damage
    before, after = said(tmp_path, [HEAD, *ROWS]), said(tmp_path, [HEAD, *damaged])
    own = {ROWS[row][0], f"+86{ROWS[row][2]}", ROWS[row][2], f"email:{ROWS[row][0]}"}
    assert {who: what for who, what in before.items() if who not in own} == {who: what for who, what in after.items() if who not in own}


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 8))
def test_leaving_a_row_out_changes_nobody_else(tmp_path: Path, row: int) -> None:
    before, after = said(tmp_path, [HEAD, *ROWS]), said(tmp_path, [HEAD, *ROWS[:row], *ROWS[row + 1 :]])
    assert {who: what for who, what in before.items() if who in after} == after


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(UNUSED), unique=True))
def test_columns_that_are_not_used_change_nothing(tmp_path: Path, chance: random.Random, more: list[str]) -> None:
    order = list(range(len(HEAD) + len(more)))
    chance.shuffle(order)
    cells = [HEAD + more, *(row + [chance.choice(["yes", "no", "12", "Reno", ""]) for _ in more] for row in ROWS)]
    assert said(tmp_path, [[row[place] for place in order] for row in cells]) == said(tmp_path, [HEAD, *ROWS])


@pytest.mark.parametrize(
    "words",
    [
        ("yes", "no"),
        ("Ja", "Nein"),
        ("OUI", "non"),
        ("sí", "no"),
        ("是", "否"),
        ("1", "0"),
        ("TRUE", "false"),
        ("subscribed", "unsubscribed"),
        ("Opted in", "opted_out"),
        ("已订阅", "已退订"),
    ],
)
def test_an_answer_in_another_language_is_the_same_answer(tmp_path: Path, words: tuple[str, str]) -> None:
    meant = {"yes": words[0], "no": words[1], "": ""}
    rows = [[meant[cell] if place in (3, 4) else cell for place, cell in enumerate(row)] for row in ROWS]
    assert said(tmp_path, [HEAD, *rows]) == said(tmp_path, [HEAD, *ROWS])


def test_no_order_of_files_loses_a_no(tmp_path: Path) -> None:
    who = "a@x.example"
    files = [
        table(tmp_path / "1.csv", "email,status", f"{who},subscribed"),
        table(tmp_path / "2.csv", "email,status", f"{who},unsubscribed"),
        table(tmp_path / "3.csv", "Email,First Name,Accepts Email Marketing", f"{who},Ann,yes"),
    ]
    for order in permutations(files):
        store = database.memory()
        for file in order:
            take(store, file)
        assert suppressions.among(store, [who]) == {who}
        store.close()


def test_a_row_that_contradicts_itself_is_a_no_unless_the_yes_is_later(store: Store, tmp_path: Path) -> None:
    head = "email,status,opted in at,unsubscribed at"
    rows = [
        "a@x.example,subscribed,2025-01-01,2026-01-01",
        "b@x.example,subscribed,2026-02-01,2026-01-01",
        "c@x.example,subscribed,,2026-01-01",
    ]
    take(store, table(tmp_path / "l.csv", head, *rows, "d@x.example,subscribed,2026-02-01,0000-00-00"))
    assert suppressions.among(store, [f"{name}@x.example" for name in "abcd"]) == {"a@x.example", "c@x.example"}


def test_a_bad_birthday_or_date_loses_no_opt_out(store: Store, tmp_path: Path) -> None:
    take(store, table(tmp_path / "p.csv", "姓名,邮箱,生日,邮件订阅", "安,a@x.example,满月,否", "本,b@x.example,1990-01-01,是"))
    result = take(store, table(tmp_path / "c.csv", "email,granted,time", "c@x.example,no,someday", "d@x.example,yes,someday"))[0]
    assert suppressions.among(store, [f"{name}@x.example" for name in "abcd"]) == {"a@x.example", "c@x.example"}
    assert [(entry.row, entry.reason) for entry in result.rejections] == [(3, "This is not a date.")]


def test_what_could_be_consent_and_what_nobody_understands_is_said(store: Store, tmp_path: Path) -> None:
    head = "Email,First Name,Newsletter,Accepts WhatsApp Marketing,Partner offers opt-in,Favourite"
    result = take(
        store, table(tmp_path / "p.csv", head, "a@x.example,A,yes,no,0,tea", "b@x.example,B,vielleicht,yes,1,", "c@x.example,C,no,,,")
    )[0]
    values = {warning.code: warning.as_json()["sentence"] for warning in result.warnings}
    assert "Accepts WhatsApp Marketing, Partner offers opt-in" in values["consent_column"]
    assert values["answers"] == "Cells of Newsletter that are neither yes nor no: 1 (vielleicht). Nothing is recorded for them."
    assert (result.counts["email_yes"], result.counts["email_no"], result.counts["email_silent"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Accepts Email Marketing", "email_consent"),
        ("acceptsSmsMarketing", "sms_consent"),
        ("newsletter_opt_in", "email_consent"),
        ("Newsletter abonniert", "email_consent"),
        ("Désinscrit", "all_refused"),
        ("Désabonné le", "opted_out_at"),
        ("是否退订短信", "sms_refused"),
        ("同意营销", "all_consent"),
        ("退订时间", "opted_out_at"),
        ("Do Not Call", "call_refused"),
        ("Acepta publicidad por SMS", "sms_consent"),
        ("Werbeeinwilligung", "all_consent"),
        ("WhatsApp opt-in", "other"),
        ("Unsubscribe reason", None),
        ("Marketing campaign", None),
        ("Subscription plan", None),
        ("Status", None),
        ("Email", None),
        ("Newsletters received count", None),
        ("Inscription", None),
    ],
)
def test_titles_are_read_as_words(title: str, field: str | None) -> None:
    assert answers.question(title) == field
