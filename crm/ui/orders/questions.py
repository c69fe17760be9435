"""Import page: what is not certain in an unknown table, with the columns it could be beside each other and what would follow from each."""

from decimal import Decimal
from pathlib import Path

import streamlit as st

from crm.columns import values
from crm.columns.asking import Candidate, Question
from crm.columns.assignment import COUNTED
from crm.columns.values import Profile
from crm.imports.inspection import Proposal
from crm.layouts import mapping
from crm.reading.tables import strip
from crm.ui import components, personal
from crm.ui.figures import count
from crm.ui.orders import reasons as orders_why
from crm.ui.orders import wording
from crm.ui.orders.state import Key, MappingDraft
from crm.ui.words import _, language

ALONE = {"amount": "paid_amount", "order": "order_id", "moment": "created_at", "buyer": "buyer_id", "status": "status_raw"}
"""What an answer makes of a column, and no other column may mean beside it."""
COUNT_AS = {
    "amount": mapping.AMOUNTS,
    "order": ("order_id",),
    "moment": mapping.MOMENTS,
    "buyer": mapping.WHO[1:],
    "status": ("status_raw", "payment_raw"),
}
"""Meanings that, chosen in the table of columns, answer a question too."""
WORDS = 4


def asked(proposal: Proposal) -> list[Question]:
    """The questions that have columns to choose from; where there is none the table of columns says what is missing."""
    return [question for question in proposal.questions if question.candidates]


def unanswered(proposal: Proposal, kept: MappingDraft) -> list[str]:
    """The roles of the questions nobody has answered yet."""
    return [question.role for question in asked(proposal) if question.role not in kept.answers]


def fresh(proposal: Proposal) -> list[str]:
    """The meaning of each column before anything is said: what is asked is taken for nothing."""
    fields = set(wording.fields()) - {ALONE[question.role] for question in asked(proposal)}
    return [guess.field if guess.field in fields else "" for guess in proposal.guesses]


def ask(proposal: Proposal, path: Path, kept: MappingDraft) -> None:
    """Draw the questions; an answer gives its column its meaning and takes it from all others."""
    questions = asked(proposal)
    if not questions or not proposal.table:
        return
    titles = proposal.names if proposal.mapping.get("header", True) else [""] * len(proposal.names)
    columns = values.profiles(titles, [[strip(cell) for cell in row] for row in proposal.table.rows])
    for question in questions:
        with st.container(border=True):
            answer = _draw(question, columns, path, kept)
        if answer is not None and answer != kept.answers.get(question.role):
            kept.answers[question.role] = answer
            kept.now = kept.base = _answered(question, answer, kept.now, fresh(proposal))
            kept.turn += 1


def _draw(question: Question, columns: list[Profile], path: Path, kept: MappingDraft) -> int | None:
    result = orders_why.question(question.role)
    st.markdown(f"**{result}**")
    reasons = [orders_why.asked_because(one.why) for one in question.candidates if one.place >= 0]
    st.caption(" ".join(dict.fromkeys(why for why in reasons if why)) or orders_why.no_column(question.role))
    places = [one.place for one in question.candidates]
    answer = kept.answers.get(question.role)
    chosen: int | None = st.radio(
        result,
        places,
        index=places.index(answer) if answer in places else None,
        format_func=lambda place: _title(columns, place),
        captions=[_follows(question.role, one, columns) for one in question.candidates],
        horizontal=True,
        label_visibility="collapsed",
        key=Key.ASK.of(question.role, path, language(), kept.asked),
    )
    return chosen


def _title(columns: list[Profile], place: int) -> str:
    if place < 0:
        return _("none of them")
    return components.quoted(columns[place].title[:60]) or _("Column {n}", n=place + 1)


def _follows(role: str, candidate: Candidate, columns: list[Profile]) -> str:
    """The first cells of a candidate, and what the sample comes to with it."""
    if candidate.place < 0:
        return orders_why.without(role)
    column = columns[candidate.place]
    cells = " · ".join(components.quoted(personal.cell(ALONE[role], cell)[:24]) for cell in column.texts[:3])
    items = [cells, _result(role, column)]
    if len(column.texts) < len(column.cells):
        items.append(_("empty on {n} of {rows} rows", n=count(len(column.cells) - len(column.texts)), rows=count(len(column.cells))))
    return "  \n".join(part for part in items if part)


def _result(role: str, column: Profile) -> str:
    rows = count(len(column.cells))
    if role == "amount":
        total = sum((value for value in column.amounts if value is not None), Decimal(0))
        return _("the first {rows} rows come to {total}", rows=rows, total=f"{total:,.2f}")
    if role == "order":
        return _("{n} orders on the first {rows} rows", n=count(len(column.counts)), rows=rows)
    if role == "buyer":
        return _("{n} different buyers on the first {rows} rows", n=count(len({one.lower() for one in column.persons})), rows=rows)
    if role == "status":
        return " · ".join(
            f"{components.quoted(personal.cell(ALONE[role], text)[:24])} {count(n)} ×" for text, n in column.counts.most_common(WORDS)
        )
    return ""


def _answered(question: Question, place: int, now: list[str], before: list[str]) -> list[str]:
    """The meanings with an answer: what stood for it before is again what it was proposed to be."""
    field = next(one.field for one in question.candidates if one.place == place)
    gone = {field, ALONE[question.role], *(COUNTED if question.role == "amount" else ())}
    meanings = ["" if meaning in gone else meaning for meaning in now]
    for at, meaning in enumerate(now):
        if meaning in gone and before[at] not in gone and before[at] not in meanings:
            meanings[at] = before[at]
    if place >= 0:
        meanings[place] = field
    return meanings


def follow(proposal: Proposal, kept: MappingDraft) -> None:
    """What is said in the table of columns answers a question too, or changes its answer; then the page is drawn anew."""
    before = fresh(proposal)
    answers = dict(kept.answers)
    for question in asked(proposal):
        answer = answers.pop(question.role, None)
        items = [at for at, field in enumerate(kept.now) if field in COUNT_AS[question.role] and field != before[at]]
        alone = [at for at in items if kept.now[at] == ALONE[question.role]] or items
        if answer is not None and (answer in items or (answer == -1 and not items)):
            answers[question.role] = answer
        elif answer is not None and answer >= 0 and kept.now[answer] in COUNT_AS[question.role] and not alone:
            answers[question.role] = answer  # the e-mail address that was proposed stands as it was
        elif alone:
            answers[question.role] = alone[0]
    if answers != kept.answers:
        kept.answers, kept.asked = answers, kept.asked + 1
        st.rerun()
