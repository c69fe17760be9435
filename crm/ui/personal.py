"""Whether this visitor sees names, phone numbers and addresses in full on the page she is on, and how she sees them if not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.accounts import acting, masking
from crm.accounts.acting import Right
from crm.accounts.masking import Kind
from crm.ui import session


@dataclass
class RevealState:
    """What was asked to be shown in full; forgotten when the page is left."""

    page: str = ""  # the page's name
    what: str = ""  # of what it speaks: a campaign's id, a job's; empty: the page as a whole
    shown: set[str] = field(default_factory=set)


def entered(page: str) -> None:
    """A page begins to run: what was shown in full on another one no longer is."""
    kept = session.state(RevealState)
    if kept.page != page:
        kept.page = page
        kept.shown.clear()
    kept.what = ""


def asked() -> bool:
    """Whether the shop has users: only then is anything masked by right."""
    if acting.current() == acting.NOBODY:  # a dialog may run before anything has asked for the database
        session.store()
    return acting.current().user_id is not None or not acting.may(Right.REVEAL)


def full(what: str | None = None) -> bool:
    """Whether everything is shown: she may, and has asked for it on this page (`what`: for this part of it)."""
    if not asked():
        return True
    kept = session.state(RevealState)
    return acting.may(Right.REVEAL) and (kept.what if what is None else what) in kept.shown


def shown(kind: Kind, text: str, what: str | None = None) -> str:
    """A personal text as this visitor sees it."""
    return text if full(what) else masking.shown(kind, text)


def contact(text: str, marks: Collection[str] = ()) -> str:
    """A phone number or e-mail address. In a shop without users with its middle hidden, unless it is one of the marks that match."""
    if asked():
        return text if full() else masking.contact(text)
    if text in marks:
        return text
    name, at, domain = text.partition("@")
    return f"{name[:2]}***{at}{domain}" if at else f"{text[:3]}****{text[-4:]}"


def account(name: str, marks: Collection[str] = ()) -> str:
    """An account's name, which can itself be a phone number or an e-mail address."""
    if asked():
        return shown(Kind.NAME, name)
    return contact(name, marks) if "@" in name or name.strip("+").isdigit() else name


def cell(field: str | None, text: str) -> str:
    """A cell of a file, by the field its column was taken for; of a column that nobody knows only what can be nobody's."""
    if full():
        return text
    kind = masking.PERSONAL.get(field) if field else Kind.CELL
    return masking.shown(Kind.CELL if kind is Kind.HIDE else kind, text) if kind else masking.found(text)


def values(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a refusal or a warning quotes."""
    return dict(told) if full() else masking.values(told)
