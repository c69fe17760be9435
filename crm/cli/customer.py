"""`crm customer segments`: the saved segments of a person. `find | export | erase`: what she may ask for: her data, her erasure."""

from pathlib import Path
from typing import Annotated, Any

import typer

from crm import clock, privacy
from crm.accounts.acting import Right
from crm.cli import base
from crm.cli.base import AsOf, Customer, Data, Json, opened, verb
from crm.customers import searching
from crm.errors import BadInputError
from crm.segments import belonging

group = typer.Typer(no_args_is_help=True, help="One person: the segments she is in; her data as a file, her erasure.")
Id = Annotated[str, typer.Argument(help="The customer's id (`crm customer find`).")]
Words = Annotated[str, typer.Argument(help="A whole phone number, e-mail address, account or customer id.")]
Out = Annotated[Path, typer.Option("--out", help="The JSON file to write.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it: it cannot be taken back.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to `crm`."""
    app.add_typer(group, name="customer")


@verb(group, "segments", Right.SEGMENTS)
def segments(customer: Customer, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Each saved segment and whether one customer is in it; null with the reason where that cannot be computed."""
    with opened(data) as store:
        found = searching.one(store, customer)
        told = belonging.of(store, found.customer_id, base.day(as_of, store))
        return base.masked(store, "customer segments", {"customer_id": found.customer_id, "segments": [one.as_json() for one in told]})


@verb(group, "find", Right.ERASE)
def find(words: Words, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Who is known by exactly this, and how much is kept of her."""
    with opened(data) as store:
        people = privacy.find(store, words)
        return {"people": [{"customer_id": one.customer_id} | privacy.held(store, one).as_json() for one in people]}


@verb(group, "export", Right.ERASE)
def export(customer_id: Id, out: Out, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Write everything about one person to a file that only its owner may read."""
    with opened(data) as store:
        answer = privacy.export(store, privacy.of(store, customer_id), clock.now(), "terminal")
        out.touch(mode=0o600)
        out.write_text(privacy.access.as_text(answer), encoding="utf-8")
        return {"file": str(out), "rows": {name: len(rows) for name, rows in answer["tables"].items()}, "letters": len(answer["letters"])}


@verb(group, "erase", Right.ERASE)
def erase(customer_id: Id, yes: Yes = False, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Erase one person for good; what she bought stays in all sums. Without --yes only says what would be erased."""
    with opened(data) as store:
        person = privacy.of(store, customer_id)
        held = privacy.held(store, person)
        if not yes:
            raise BadInputError(
                "erasure.not_confirmed",
                "This person has {orders} orders, {messages} messages and {accounts} accounts. Nothing was erased. It cannot be taken "
                "back: say --yes to erase her.",
                **held.as_json(),
            )
        done = privacy.erase(store, [person], held.orders, clock.now(), "terminal")
    with opened(data):  # the file is written anew at its next opening: now
        return {"erased": done.people, "letters": done.letters, **done.held.as_json()}
