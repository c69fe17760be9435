"""Files that can be read in more than one way, as refusals: what is not certain, between what, and how to say it."""

from collections.abc import Sequence

from crm.columns.asking import Candidate, Question
from crm.errors import AskError, BadFileError, Sentence
from crm.layouts import mapping
from crm.layouts.registry import Layout
from crm.reading.tables import Table

HOW = " Nothing was imported. Please say it on the import page, or with --map (see “What is asked” in docs/import.md)."
CHOICE = {
    "amount": Sentence("file.which_amount", "{file}: which column is what the customer paid? It could be {candidates}." + HOW),
    "order": Sentence("file.which_order", "{file}: which column is the id of the order? It could be {candidates}." + HOW),
    "moment": Sentence("file.which_moment", "{file}: which column is the date of the order? It could be {candidates}." + HOW),
    "buyer": Sentence("file.which_buyer", "{file}: which column tells the buyers apart? It could be {candidates}." + HOW),
    "status": Sentence("file.which_status", "{file}: which column says how far an order is? It could be {candidates}." + HOW),
    "words": Sentence("file.unknown_statuses", "{file}: what do these words of its status column mean: {candidates}?" + HOW),
    "repeats": Sentence(
        "file.repeated_orders",
        "{file}: some order ids stand on several rows with different amounts, for example {candidates}. "
        "Are these lines or payments of the "
        "order (grain line, amounts sum), or does the latest row count (grain order)?" + HOW,
    ),
    "dates": Sentence("file.ambiguous_dates", "{file}: every date could be day/month or month/day, for example {candidates}." + HOW),
    "numbers": Sentence(
        "file.ambiguous_numbers", "{file}: it cannot be told whether a point or a comma parts the cents, for example {candidates}." + HOW
    ),
}
NONE = {
    "amount": Sentence("file.no_amount", "{file} has no column that could be what the customer paid." + HOW),
    "moment": Sentence("file.no_moment", "{file} has no column that could be the date of an order." + HOW),
    "order": Sentence("file.no_order_id", "{file} has no column that could be the order id or the buyer." + HOW),
    "rows": Sentence(
        "file.no_rows", "{file} has a header and no rows that could be read below it. Nothing was imported. Please export it again."
    ),
    "people": Sentence(
        "file.people_not_orders", "{file} looks like a list of people and not of orders: it names neither amounts nor days of orders." + HOW
    ),
}
SHOWN = 6


def refusal(file: str, questions: Sequence[Question]) -> AskError:
    """The first of the questions as a sentence; all of them as data."""
    first = questions[0]
    return AskError(*CHOICE[first.role], questions, file=file, candidates=" / ".join(_named(one) for one in first.candidates[:SHOWN]))


def _named(candidate: Candidate) -> str:
    """A column by its title with some of its cells, which tell it apart on the page."""
    if candidate.place < 0 and not candidate.title:
        return "—"
    samples = ", ".join(sample[:24] for sample in candidate.samples[:3])
    return f"“{candidate.title[:40]}”" + (f" ({samples})" if samples else "")


def missing(file: str, role: str) -> BadFileError:
    """There is nothing that it could be."""
    return BadFileError(*NONE[role], file=file)


def unanswered(file: str, table: Table, questions: Sequence[Question]) -> BadFileError:
    """What cannot be told of a table: asked where there is a choice, else said to be missing."""
    blank = {question.role for question in questions if not question.candidates}
    if {"amount", "moment"} <= {question.role for question in questions} and blank and mapping.names_people(table):
        return missing(file, "people")
    return missing(file, min(blank)) if blank else refusal(file, questions)


def check(file: str, layout: Layout) -> None:
    """Raise BadFileError where a layout lacks what an order table cannot do without."""
    lacking = [name for name in mapping.lacks(set(layout.columns)) if name != "amount" or not layout.no_amounts]
    if lacking and not layout.lines_only:
        raise missing(file, {"buyer": "order"}.get(lacking[0], lacking[0]))
