"""What a specialist writes down about one mailing: the keys of a campaign file (docs), validated, each fault a sentence."""

import math
from datetime import datetime
from decimal import Decimal
from typing import Any

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from crm.errors import BadInputError, Sentence
from crm.messaging import channels

KEYS = tuple(
    """
    name segment rung channel subject body from_name from_email holdout cap_days send_at cost_per_message approval
    """.split()
)
_FAULTS = {
    "extra_forbidden": Sentence("campaign.unknown_key", "A campaign has no “{key}”. Nothing was saved. Known: {known}."),
    "missing": Sentence("campaign.missing_key", "The campaign needs “{key}”. Nothing was saved."),
}
_BAD = Sentence("campaign.bad_value", "“{key}” of the campaign cannot be used: {reason}. Nothing was saved.")


class CampaignSpec(BaseModel):
    """One mailing as written. `holdout` is a share 0–0.9 or None (the shop's), `cap_days` None = the shop's; `send_at` in UTC.

    `ladder` is the segment's definition when it came from a file instead of a saved name.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    segment: str = ""
    rung: str | None = None
    channel: str = "outbox"
    subject: str = Field(default="", max_length=500)
    body: str = Field(default="", max_length=200_000)
    from_name: str = Field(default="", max_length=100)
    from_email: str = ""
    holdout: float | None = Field(default=None, ge=0, le=0.9)
    cap_days: int | None = Field(default=None, ge=0, le=3650)
    send_at: datetime | None = None
    cost_per_message: Decimal | None = Field(default=None, ge=0, lt=1000)
    approval: bool = False
    ladder: dict[str, Any] | None = None

    @field_validator("name", "from_name", "subject")
    @classmethod
    def _one_line(cls, text: str) -> str:
        return " ".join(text.split())

    @field_validator("holdout")
    @classmethod
    def _finite(cls, share: float | None) -> float | None:
        if share is not None and not math.isfinite(share):
            raise ValueError("not a number")
        return share

    @field_validator("channel")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in channels.every():
            *others, last = (f"'{one}'" for one in channels.every())
            raise PydanticCustomError("channel", "Input should be {known}", {"known": f"{', '.join(others)} or {last}"})
        return name

    @field_validator("from_email")
    @classmethod
    def _address(cls, text: str) -> str:
        if not text.strip():
            return ""
        try:
            result = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=True)
            return result.ascii_email or result.normalized
        except EmailNotValidError as error:
            raise ValueError("not an e-mail address") from error


def parse(given: object) -> CampaignSpec:
    """A dict as a spec. Raises BadInputError with the first fault."""
    if not isinstance(given, dict):
        raise BadInputError("campaign_file.not_an_object", "A campaign file holds one JSON object. Nothing was saved.")
    try:
        return CampaignSpec.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        fault = _FAULTS.get(first["type"], _BAD)
        key = ".".join(str(part) for part in first["loc"])
        raise BadInputError(*fault, key=key, known=", ".join(KEYS), reason=first["msg"]) from error
