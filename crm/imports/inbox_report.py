"""The report beside a file from the inbox, as text in the shop's language: what came of it, row by row what did not, what to do."""

from collections.abc import Callable, Sequence

from crm import works
from crm.imports import outcomes
from crm.imports.file_warnings import SENTENCES
from crm.imports.outcomes import Outcome
from crm.imports.results import Rejection
from crm.jobs import Job

Say = Callable[..., str]
"""A sentence and its values → the words of the shop's language."""
MOST_ROWS = 2000


def write(_: Say, name: str, moment: str, job: Job[works.Import], rejected: Sequence[Rejection]) -> str:
    """The report of one file. `job` is the import that took it, `moment` the shop's wall clock, `rejected` its rows not taken over."""
    items = [_("Report of the inbox"), f"{_('File')}: {name}", f"{_('Time')}: {moment}", ""]
    if job.state == "done":
        return "\n".join([*items, _("It was imported."), "", *_counts(_, job, name), *_rows(_, rejected)]) + "\n"
    return "\n".join([*items, _("It was not imported."), _refusal(_, job), "", _next(_)]) + "\n"


def _next(_: Say) -> str:
    return _("What to do: correct the file and put it into the inbox again. Importing the same file twice changes nothing.")


def _refusal(_: Say, job: Job[works.Import]) -> str:
    if job.state == "failed":
        return job.why(_)
    if job.state == "cancelled":
        return _("Somebody stopped this import on the import page. Nothing of it was kept.")
    return _("The server stopped several times in the middle of this file. Nothing of it was kept.")


def results_of(job: Job[works.Import], name: str) -> list[Outcome]:
    """The results of a job that speak of this file (a workbook has one per sheet)."""
    result = outcomes.of(job) if job.state == "done" else []
    return result if len(job.args.paths) == 1 else [entry for entry in result if entry.file.startswith(name)]


def _counts(_: Say, job: Job[works.Import], name: str) -> list[str]:
    lines = []
    for entry in results_of(job, name):
        named = [
            (_("Rows"), entry.rows),
            (_("New orders"), entry.orders_new),
            (_("Changed orders"), entry.orders_changed),
            (_("Unchanged"), entry.orders_unchanged),
            (_("Order lines"), entry.lines),
            (_("New customers"), entry.customers_new),
            (_("Rejected rows"), entry.rejected),
        ]
        lines += [entry.file] if entry.file != name else []
        lines += [f"{words}: {number:,}" for words, number in named]
        warnings = [(SENTENCES.get(warning.code), warning.values) for warning in entry.warnings]
        lines += [_(template, **values) for template, values in warnings if template]
        if entry.import_id:
            lines.append(_("To take it back: crm undo {import_id}, or on the import page.", import_id=entry.import_id))
        lines.append("")
    return lines


def _rows(_: Say, rejected: Sequence[Rejection]) -> list[str]:
    if not rejected:
        return []
    lines = [_("Rows that were not taken over:")]
    for row in rejected[:MOST_ROWS]:
        cell = f"{row.column or ''} {row.value or ''}".strip()
        lines.append(f"{_('Row')} {row.row}: {_(row.reason)}" + (f" ({cell})" if cell else ""))
    if len(rejected) > MOST_ROWS:
        lines.append(_("… and {n} more.", n=f"{len(rejected) - MOST_ROWS:,}"))
    return [*lines, "", _next(_)]
