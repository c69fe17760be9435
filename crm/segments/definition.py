"""Definition: a segment as a ladder of rungs, each narrowing the one before. The JSON of a segment file."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_serializer

from crm.errors import BadInputError
from crm.segments import filters, splits
from crm.segments.splits import Split


class Rung(BaseModel):
    """One step of the ladder: its name and the condition that narrows the rung before it.

    `off`: it stands on the ladder and narrows nothing. `split`: its people are shown in parts that add up to it; the rungs below go on
    from all of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(min_length=1, max_length=100)
    where: dict[str, Any]
    off: bool = False
    split: Split | None = None

    @field_validator("where")
    @classmethod
    def _known(cls, where: dict[str, Any]) -> dict[str, Any]:
        return filters.check(where)

    @field_validator("split")
    @classmethod
    def _apart(cls, split: Split | None) -> Split | None:
        return split and splits.check(split)

    @model_serializer
    def _written(self) -> dict[str, Any]:
        parts = splits.as_json(self.split) if self.split else None
        return {"name": self.name, "where": self.where} | ({"off": True} if self.off else {}) | ({"split": parts} if parts else {})


BETWEEN = " / "
"""Stands between the name of a rung and the key of one of its parts, where a part is named."""


class Definition(BaseModel):
    """A named ladder."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(default="", max_length=100)
    rungs: list[Rung] = Field(min_length=1, max_length=20)

    @field_validator("rungs")
    @classmethod
    def _apart(cls, rungs: list[Rung]) -> list[Rung]:
        names = [rung.name for rung in rungs]
        names += [f"{rung.name}{BETWEEN}{key}" for rung in rungs if rung.split for key, _ in splits.siblings(rung.split)]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise BadInputError("segment.rung_named_twice", "Two rungs are called “{name}”. Please give each its own name.", name=twice)
        if all(rung.off for rung in rungs):
            raise BadInputError("segment.all_off", "Every rung of this segment is switched off. Nothing was counted. Please switch one on.")
        return rungs

    def places(self) -> dict[str, tuple[int, str]]:
        """Every rung by its name, and every part of a split one as “rung / part”: the place of the rung, and the key of the part or ""."""
        rungs = {rung.name: (place, "") for place, rung in enumerate(self.rungs)}
        for place, rung in enumerate(self.rungs):
            for key, _ in splits.siblings(rung.split) if rung.split else []:
                rungs.setdefault(f"{rung.name}{BETWEEN}{key}", (place, key))
        return rungs

    def titled(self, name: str, language: str) -> str:
        """What a rung or part is called in a language (`zh_CN` or `en`)."""
        place, key = self.places().get(name, (0, ""))
        split = self.rungs[place].split
        return f"{self.rungs[place].name}{BETWEEN}{splits.label(split, key, language)}" if key and split else name

    def last(self) -> str:
        """The name of the last rung that is not switched off."""
        return [rung.name for rung in self.rungs if not rung.off][-1]

    def upto(self, rung: str | None = None) -> dict[str, Any]:
        """The conditions of a rung (or of one of its parts) and of all before it as one NODE; the last one when none is named.

        BadInputError for a rung that is not there or is switched off.
        """
        known = self.places()
        place, key = known[self.checked(rung)]
        nodes = [step.where for step in self.rungs[: place + 1] if not step.off]
        split = self.rungs[place].split
        return {"all": [*nodes, *([dict(splits.siblings(split))[key]] if key and split else [])]}

    def checked(self, rung: str | None) -> str:
        """The name of a rung or part from which people can be taken; the last one when none is named. BadInputError otherwise."""
        known = self.places()
        name = self.last() if rung is None else rung
        if name not in known:
            names = ", ".join(step.name for step in self.rungs)
            raise BadInputError(
                "segment.unknown_rung", "This segment has no rung “{rung}”. It has: {known}.", rung=filters.short(name), known=names
            )
        if self.rungs[known[name][0]].off:
            raise BadInputError(
                "segment.rung_off",
                "The rung “{rung}” is switched off: it chooses nobody. Please switch it on or name another one.",
                rung=name,
            )
        return name

    def as_json(self) -> dict[str, Any]:
        """The content of a segment file; `parse` makes the same definition of it."""
        return self.model_dump()


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
