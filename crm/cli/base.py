"""What all verbs share: --data, --as-of, --json, one JSON object on stdout, sentences on stderr, exit 0 done, 1 refused, 2 wrong usage.

@verb(app, "kpi", Right.OVERVIEW)
def kpi(data: Data = DEFAULT_DATA, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    with opened(data) as store:
        return …
"""

import functools
import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from crm import clock, database, logs, privacy
from crm.accounts import acting, audit, masking, users
from crm.accounts.acting import Right
from crm.customers import derived
from crm.database import Store
from crm.errors import BadInputError, CrmError
from crm.settings import Environment

Data = Annotated[Path | None, typer.Option("--data", help="Folder of the shop's data (default: CRM_DATA or data/shop).")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Look at the shop as it was on this day, YYYY-MM-DD.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout and nothing else.")]
Customer = Annotated[str, typer.Argument(help="A customer id, or whatever finds exactly one: order number, phone, e-mail, account, name.")]
DEFAULTS = {"data": None, "as_of": None, "as_json": False}
Verb = Callable[..., dict[str, Any] | None]


def verb(app: typer.Typer, name: str, right: Right) -> Callable[[Verb], Verb]:
    """Register a function as a verb: its dict is printed, its CrmError becomes a sentence on stderr and exit 1.

    Whoever may read the data folder may do everything; with CRM_ACT_AS=NAME only what that user may, and `right` is asked for first.

    With --json stdout has one JSON object either way: a refusal is {"error": {"code", "sentence"}}. Of --data, --as-of and
    --json it gets those it names; the others are taken and have no effect on it.
    """

    def register(work: Verb) -> Verb:
        own = inspect.signature(work, eval_str=True).parameters
        shared = {"data": Data, "as_of": AsOf, "as_json": Json}
        missing = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=DEFAULTS[name], annotation=kind)
            for name, kind in shared.items()
            if name not in own
        ]

        @functools.wraps(work)
        def run(*args: Any, **options: Any) -> None:
            try:
                logs.begin()
                with _acting(options.get("data")):
                    acting.require(right)
                    answer = work(*args, **{name: value for name, value in options.items() if name in own})
            except CrmError as refusal:
                typer.echo(str(refusal), err=True)
                if options.get("as_json"):
                    typer.echo(as_text({"error": {"code": refusal.code, "sentence": str(refusal)}}, as_json=True))
                raise typer.Exit(1) from refusal
            if answer is not None:
                typer.echo(as_text(answer, bool(options.get("as_json"))))

        run.right = right  # type: ignore[attr-defined]
        run.__signature__ = inspect.Signature([*own.values(), *missing])  # type: ignore[attr-defined]
        app.command(name)(run)
        return work

    return register


@contextmanager
def _acting(data: Path | None) -> Iterator[None]:
    """Whoever may read the folder, or the user whom CRM_ACT_AS names. Raises NotFoundError where there is no such user."""
    if not (name := Environment().act_as):
        yield
        return
    store = database.open_store(data or Environment().data)
    try:
        user = users.by_name(store, name)
    finally:
        store.close()
    with acting.by(user.actor() if user.closed_at is None else acting.NOBODY):
        try:
            yield
        except CrmError as refusal:
            if not acting.may(Right.REVEAL):
                refusal.args = (refusal.template.format(**masking.values(refusal.values)),)
            raise


def in_full(store: Store, what: str) -> bool:
    """Whether a verb may print names and cells in full; that a user of the shop sees them is noted in the trail."""
    may = acting.may(Right.REVEAL)
    if may and acting.current().user_id is not None:
        audit.note(store, clock.now(), "terminal", "reveal", what)
    return may


def masked(store: Store, what: str, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer about one customer, without her id for whoever may not see it."""
    return answer if in_full(store, what) else masking.row(answer)


def as_text(answer: dict[str, Any], as_json: bool) -> str:
    """The answer as JSON, or as plain lines for a person."""
    if as_json:
        return json.dumps(answer, ensure_ascii=False, default=_plain)
    return "\n".join(line for key, value in answer.items() for line in _lines(key, value))


def _lines(key: str, value: Any) -> list[str]:
    if isinstance(value, list):
        return [f"{key}:"] + [
            "  " + "  ".join(f"{k}={_shown(v)}" for k, v in row.items()) if isinstance(row, dict) else f"  {row}" for row in value
        ]
    return [f"{key}: {_shown(value)}"]


def _shown(value: Any) -> str:
    return "—" if value is None else json.dumps(value, ensure_ascii=False, default=_plain) if isinstance(value, dict | list) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    return float(value)


@contextmanager
def opened(data: Path | None) -> Iterator[Store]:
    """The database of a folder, ready to be read, closed afterwards."""
    store = database.open_store(data or Environment().data)
    try:
        derived.refresh(store)
        privacy.adopt(store, clock.now())
        yield store
    finally:
        store.close()


def day(text: str | None, store: Store) -> date:
    """--as-of as a day; today in the shop's zone when not given."""
    if text is None:
        return clock.day_of(clock.now(), database.load_shop(store).timezone)
    return parsed(text)


def parsed(text: str) -> date:
    """YYYY-MM-DD as a day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInputError(
            "day.malformed", "“{text}” is not a day. Nothing was done. Please write it as YYYY-MM-DD.", text=text
        ) from error
