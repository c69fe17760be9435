"""`crm campaign create | plan | send | status | record | list`: the same steps as on screen, for cron and for checks."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from crm import campaigns, clock
from crm.accounts.acting import Right
from crm.campaigns import files, saved
from crm.cli.base import AsOf, Data, Json, day, opened, verb
from crm.settings import Environment

group = typer.Typer(no_args_is_help=True, help="Write to a segment: create, plan, send, follow, or record what was sent elsewhere.")
CampaignId = Annotated[str, typer.Argument(help="The campaign's id, as `create` gave it.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to `crm`."""
    app.add_typer(group, name="campaign")


@verb(group, "create", Right.CAMPAIGNS)
def create(file: Annotated[Path, typer.Argument()], data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Keep the campaign of a JSON file as a draft."""
    with opened(data) as store:
        return {"campaign_id": files.create_from_file(store, file, Environment(), clock.now())}


@verb(group, "plan", Right.CAMPAIGNS)
def plan(campaign_id: CampaignId, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Who would be written to and who is left out, and why. Writes nothing."""
    with opened(data) as store:
        return campaigns.plan(store, campaign_id, day(as_of, store)).as_json()


@verb(group, "send", Right.LAUNCH)
def send(
    campaign_id: CampaignId,
    data: Data = None,
    as_of: AsOf = None,
    as_json: Json = False,
    approved_by: Annotated[str | None, typer.Option(help="Who approves it, where the campaign asks for that.")] = None,
) -> dict[str, Any]:
    """Launch (once) and send to the end. Safe to kill and to repeat."""
    env = Environment()
    with opened(data) as store:
        if saved.get(store, campaign_id).state == "draft":
            shown = campaigns.plan(store, campaign_id, day(as_of, store))
            campaigns.launch(store, campaign_id, day(as_of, store), shown.checksum, clock.now(), approved_by, env)
        return campaigns.send(store, campaign_id, env, clock.now)


@verb(group, "status", Right.CAMPAIGNS)
def status(campaign_id: CampaignId, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """Where a campaign stands: queued, accepted, delivered, failed, unknown."""
    with opened(data) as store:
        campaigns.recovery.give_up(store, clock.now())
        return asdict(campaigns.status(store, campaign_id))


@verb(group, "decide", Right.LAUNCH)
def decide(
    campaign_id: CampaignId,
    people: Annotated[int | None, typer.Option(help="Send again, to exactly so many people: who has it already gets it twice.")] = None,
    data: Data = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> dict[str, Any]:
    """Of whom nobody knows whether they got it: count them as sent (the default), or send again with --people."""
    with opened(data) as store:
        campaigns.recovery.give_up(store, clock.now())
        return {"decided": campaigns.decide(store, campaign_id, people is not None, clock.now(), people)}


@verb(group, "record", Right.IMPORTS)
def record(
    file: Annotated[Path, typer.Argument(help="CSV with the columns customer, arm, sent_at.")],
    name: Annotated[str, typer.Option(help="What the campaign was called.")],
    segment: Annotated[str, typer.Option(help="The segment it went to (for your own memory).")] = "",
    data: Data = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> dict[str, Any]:
    """Take over a campaign that was sent elsewhere, so that its effect is measured."""
    with opened(data) as store:
        return asdict(campaigns.record(store, file, name, segment, clock.now()))


@verb(group, "list", Right.CAMPAIGNS)
def listed(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> dict[str, Any]:
    """All campaigns, the latest first."""
    shown = ("campaign_id", "name", "state", "recipients", "holdout", "launched_at")
    with opened(data) as store:
        return {"campaigns": [{key: getattr(row, key) for key in shown} for row in saved.listed(store)]}
