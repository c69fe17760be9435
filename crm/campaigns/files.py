"""A campaign file (JSON) as a draft: the segment may be a saved name or the path of a ladder file beside it."""

import json
from datetime import datetime
from pathlib import Path

from crm import segments
from crm.accounts import acting
from crm.accounts.acting import Right
from crm.campaigns import saved, templates
from crm.campaigns.spec import CampaignSpec, parse
from crm.database import Store
from crm.errors import BadFileError
from crm.messaging import channels
from crm.settings import Environment

_BIGGEST = 2_000_000


@acting.needs(Right.CAMPAIGNS)
def create_from_file(store: Store, path: Path, env: Environment, now: datetime) -> str:
    """Keep the campaign of a file as a draft; its id. Without a `channel` it has the usual one."""
    given = _read(path)
    if isinstance(given, dict):
        given.setdefault("channel", channels.usual(env))
    spec = _with_ladder(store, parse(given), path.parent)
    templates.compiled(spec)  # a file is meant to be sent as it is: what cannot be read is refused now
    return saved.create(store, spec, now)


def _with_ladder(store: Store, spec: CampaignSpec, folder: Path) -> CampaignSpec:
    """Take a ladder file into the campaign, so that the draft stands by itself; a saved name and the rung are only checked."""
    if not spec.segment:
        return spec
    beside = folder / spec.segment
    is_file = spec.segment.lower().endswith(".json")
    ladder = segments.load(store, str(beside) if is_file and beside.is_file() else spec.segment)
    ladder.checked(spec.rung)
    return spec.model_copy(update={"ladder": ladder.model_dump()}) if is_file else spec


def _read(path: Path) -> object:
    if not path.is_file():
        raise BadFileError("campaign_file.missing", "There is no file {path}. Nothing was saved.", path=path)
    if path.stat().st_size > _BIGGEST:
        raise BadFileError("campaign_file.too_large", "{path} is too large for a campaign. Nothing was saved.", path=path)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadFileError("campaign_file.not_json", "{path} is not a JSON file. Nothing was saved.", path=path) from error
