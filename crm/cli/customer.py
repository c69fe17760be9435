"""`crm customer show | edit | note | history`: one customer as on her page; `segments`: those she is in. `find | export | erase`: what
she may ask for: her data, her erasure."""

from pathlib import Path
from typing import Annotated, Any

import typer

from crm import clock, privacy
from crm.accounts import masking
from crm.accounts.acting import Right
from crm.cli import base
from crm.cli.base import AsOf, Customer, Data, Json, opened, verb
from crm.customers import lookup, missing, searching, story
from crm.database import Store
from crm.errors import BadInputError
from crm.messaging import standing
from crm.segments import belonging, why
from crm.uploads import by_hand, dossier

group = typer.Typer(no_args_is_help=True, help="One person: the segments she is in; her data as a file, her erasure.")
Id = Annotated[str, typer.Argument(help="The customer's id (`crm customer find`).")]
Words = Annotated[str, typer.Argument(help="A whole phone number, e-mail address, account or customer id.")]
Out = Annotated[Path, typer.Option("--out", help="The JSON file to write.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="So much of the time line.")]
Set = Annotated[list[str], typer.Option("--set", help="FIELD=VALUE, several times; FIELD= takes it away (fields: `crm customer show`).")]
Text = Annotated[str, typer.Argument(help="What is to be noted.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it: it cannot be taken back.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to `crm`."""
    app.add_typer(group, name="customer")


@verb(group, "show", Right.CUSTOMERS)
def show(customer: Customer, limit: Limit = story.MOST, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Everything about one customer: who, numbers, dossier, what to ask next, the time line, consents, accounts, every attribute."""
    with opened(data) as store:
        who = searching.one(store, customer).customer_id
        values = why.fields(store, who, base.day(None, store))
        told, fields = lookup.customer(store, who), dossier.known(store, who)
        events, total = story.of(store, who, limit)
        consent = {"email": _known(values["consent_email"]), "sms": _known(values["consent_sms"])}
        answer = {
            "customer_id": who,
            "nickname": told["facts"]["nickname"],
            "name": told["facts"]["name"],
            "erased_at": lookup.erased_at(store, who),
            "dossier": fields,
            "ask_next": missing.of(told["facts"], fields, consent),
            "attributes": values,
            "events": total,
            "story": [event.as_json() for event in events],
            "consents": [one.as_json() for one in standing.of(store, who)],
            "accounts": lookup.accounts(store, who),
        }
        return _seen(store, "customer show", answer)


def _known(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _seen(store: Store, what: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer; without what is personal for whoever may not see that."""
    return answer if base.in_full(store, what) else _masked(answer)


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return masking.row({name: _masked(one) if isinstance(one, dict | list) else one for name, one in value.items()})
    return [_masked(one) for one in value] if isinstance(value, list) else value


@verb(group, "history", Right.CUSTOMERS)
def history(customer: Customer, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Every change of the dossier, newest first: what it was, what it became, when (UTC), by whom or by which file."""
    with opened(data) as store:
        who = searching.one(store, customer).customer_id
        changes = [one.as_json() for one in dossier.history(store, who)]
        if not base.in_full(store, "customer history"):
            hidden = [
                masking.row({one["field"]: one["before"]}) | {"after": masking.row({one["field"]: one["after"]})[one["field"]]}
                for one in changes
            ]
            changes = [one | {"before": seen[one["field"]], "after": seen["after"]} for one, seen in zip(changes, hidden, strict=True)]
            return masking.row({"customer_id": who}) | {"changes": changes}
        return {"customer_id": who, "changes": changes}


@verb(group, "edit", Right.IMPORTS)
def edit(customer: Customer, given: Set, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Say what fields of the dossier are, by hand: the fields that changed."""
    with opened(data) as store:
        who = searching.one(store, customer).customer_id
        values = dict(_pair(one) for one in given)
        return base.masked(
            store, "customer edit", {"customer_id": who, "changed": by_hand.edit(store, who, values, clock.now(), "terminal")}
        )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or name not in dossier.FIELDS:
        raise BadInputError(
            "dossier.field",
            "“{text}” is no field of a dossier. Nothing was saved. Fields are: {names}.",
            text=name[:40],
            names=", ".join(dossier.FIELDS),
        )
    return name, value


@verb(group, "note", Right.CUSTOMERS)
def note(customer: Customer, text: Text, data: Data = None, as_json: Json = False) -> dict[str, Any]:
    """Note something about a customer."""
    with opened(data) as store:
        who, now = searching.one(store, customer).customer_id, clock.now()
        by_hand.note(store, who, text, now, "terminal")
        return base.masked(store, "customer note", {"customer_id": who, "noted_at": now})


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
