"""Refusals: every sentence a person may read instead of a result. What happened, what was not done, what to do."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Sentence(NamedTuple):
    """The code and the sentence of a refusal that is raised in several places: `raise BadFileError(*HUGE, file=name)`."""

    code: str
    template: str


class CrmError(Exception):
    """A refusal written for the person at the screen.

    `code` says which refusal it is, as area.reason (`file.empty`). It stays when the sentence is worded better: programs compare codes.
    All are listed in docs/terminal.md. `template` is an English sentence with {placeholders}; it is also the key under which
    `crm/ui/locale` translates it.
    """

    def __init__(self, code: str, template: str, /, **values: Any) -> None:
        self.code = code
        self.template = template
        self.values = values
        super().__init__(template.format(**values))


class BadFileError(CrmError):
    """A file that cannot be read as orders; nothing of it was written."""


class AskError(BadFileError):
    """A file that can be read in more than one way: what has to be said first. `questions` are data (crm.columns.asking.Question)."""

    def __init__(self, code: str, template: str, questions: Sequence[Any] = (), /, **values: Any) -> None:
        self.questions = tuple(questions)
        super().__init__(code, template, **values)


class NoTableError(BadFileError):
    """A file that is no table at all; beside order files in an archive it is named and left out."""


class BadInputError(CrmError):
    """Something typed or given (a filter, a template, a date) that cannot be used; nothing was changed."""


class ChangedError(CrmError):
    """What is being saved is no longer what was looked at: somebody else changed it meanwhile. Nothing was overwritten."""


class NotFoundError(CrmError):
    """A name or id that does not exist."""


class RightError(CrmError):
    """Somebody asked for what they may not do; nothing of it was done."""


class BusyError(CrmError):
    """The database is open in another process, or somebody else is changing the same thing."""
