"""Definition: a segment as a ladder of rungs, each narrowing the one before. The JSON of a segment file."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from crm.errors import BadInputError
from crm.segments import filters


class Rung(BaseModel):
    """One step of the ladder: its name and the condition that narrows the rung before it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(min_length=1, max_length=100)
    where: dict[str, Any]

    @field_validator("where")
    @classmethod
    def _known(cls, where: dict[str, Any]) -> dict[str, Any]:
        return filters.check(where)


class Definition(BaseModel):
    """A named ladder."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(default="", max_length=100)
    rungs: list[Rung] = Field(min_length=1, max_length=20)

    @field_validator("rungs")
    @classmethod
    def _apart(cls, rungs: list[Rung]) -> list[Rung]:
        names = [rung.name for rung in rungs]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise BadInputError("segment.rung_named_twice", "Two rungs are called “{name}”. Please give each its own name.", name=twice)
        return rungs

    def index(self, rung: str | None) -> int:
        """The place of a rung by its name; the last one when none is named."""
        names = [step.name for step in self.rungs]
        if rung is None:
            return len(names) - 1
        if rung not in names:
            raise BadInputError(
                "segment.unknown_rung",
                "This segment has no rung “{rung}”. It has: {known}.",
                rung=filters.short(rung),
                known=", ".join(names),
            )
        return names.index(rung)

    def upto(self, rung: str | None) -> dict[str, Any]:
        """The conditions of a rung and all before it as one NODE."""
        return {"all": [step.where for step in self.rungs[: self.index(rung) + 1]]}


def parse(raw: Any) -> Definition:
    """A Definition from parsed JSON; raises BadInputError with a sentence."""
    try:
        return Definition.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "{}"
        raise BadInputError(
            "segment.malformed", "This is not a segment: {place}: {reason}. Nothing was counted.", place=place, reason=first["msg"]
        ) from error
