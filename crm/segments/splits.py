"""A split: one rung cut into siblings by a field, so that everybody on the rung is in exactly one of them and they add up to it."""

from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from crm.customers.attribute import Attribute
from crm.customers.bins import UNKNOWN, UNKNOWN_WORDS
from crm.errors import BadInputError
from crm.segments import filters, words
from crm.segments.scope import Node
from crm.segments.words import pick

NUMBERS = ("count", "days", "money", "ratio")
MOST = 12
OTHERS, OTHERS_WORDS = "others", ("其他", "Others")
FLAGS = {True: "yes", False: "no"}


class Split(BaseModel):
    """`by`: a field. `at`: where a number is cut, rising: [100, 300] makes below 100, 100 to below 300, 300 and more. `into`: values of a
    text field; the rest become “others”. A yes-or-no field needs neither. Who has no value is in a sibling of their own, “unknown”.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    by: str
    at: list[int | float] = Field(default_factory=list, max_length=MOST)
    into: list[str] = Field(default_factory=list, max_length=MOST)


def check(split: Split) -> Split:
    """The split itself when its siblings cannot overlap; raises BadInputError with a sentence otherwise."""
    field = filters.field_of(split.by)
    if not can(field):
        raise BadInputError(
            "segment.split_overlaps",
            "A rung cannot be split by “{field}”: nobody could say to which part somebody belongs. Nothing was counted.",
            field=split.by,
        )
    needed = split.at if field.kind in NUMBERS else split.into if field.kind == "choice" else [True]
    rising = all(low < high for low, high in pairwise(split.at)) and len({*split.into, UNKNOWN, OTHERS}) == len(split.into) + 2
    if not needed or not rising or (split.at and split.into) or not all(filters.is_number(edge) for edge in split.at):
        raise BadInputError(
            "segment.split_malformed",
            "A split by “{field}” needs {example}. Nothing was counted.",
            field=split.by,
            example='"at": [100, 300]' if field.kind in NUMBERS else '"into": ["…", "…"]',
        )
    return split


def can(field: Attribute) -> bool:
    """Whether a rung can be split by this field: everybody has one value of it or none."""
    return field.kind in (*NUMBERS, "choice", "flag")


def siblings(split: Split) -> list[tuple[str, Node]]:
    """Each part of the rung: its key (“spend 100-300”, the same in every language) and its condition. They exclude each other."""
    field = filters.field_of(split.by)
    parts = _bands(split) if field.kind in NUMBERS else _values(split) if field.kind == "choice" else _flags(split)
    return [(f"{split.by} {key}", node) for key, node in [*parts, (UNKNOWN, {"field": split.by, "op": "is_unknown"})]]


def _bands(split: Split) -> list[tuple[str, Node]]:
    least: list[Node] = [{"field": split.by, "op": "at_least", "value": edge} for edge in split.at]
    below: list[Node] = [{"field": split.by, "op": "below", "value": edge} for edge in split.at]
    inner = [(f"{low}-{high}", {"all": [least[place], below[place + 1]]}) for place, (low, high) in enumerate(pairwise(split.at))]
    return [(f"<{split.at[0]}", below[0]), *inner, (f"{split.at[-1]}+", least[-1])]


def _values(split: Split) -> list[tuple[str, Node]]:
    named: list[tuple[str, Node]] = [(value, {"field": split.by, "op": "is", "value": value}) for value in split.into]
    return [*named, (OTHERS, {"field": split.by, "op": "none_of", "value": split.into})]


def _flags(split: Split) -> list[tuple[str, Node]]:
    return [(key, {"field": split.by, "op": "is", "value": value}) for value, key in FLAGS.items()]


def label(split: Split, key: str, language: str) -> str:
    """What a sibling is called in a language."""
    key = key.removeprefix(f"{split.by} ")
    if key == UNKNOWN:
        return pick(UNKNOWN_WORDS, language)
    if key == OTHERS:
        return pick(OTHERS_WORDS, language)
    field = filters.field_of(split.by)
    if field.kind == "flag":
        return words.flag(field, key == FLAGS[True], language)
    if field.kind in NUMBERS:
        return dict(zip([known for known, _ in _bands(split)], _titles(split, field.kind), strict=True)).get(key, key)
    return str(words.name(split.by, key, language))


def _titles(split: Split, kind: str) -> list[str]:
    """Of whole numbers the last one that still counts is named: 2 to below 4 are 2–3."""
    step = 1 if kind in ("count", "days") and all(isinstance(edge, int) for edge in split.at) else 0
    inner = [str(low) if step and high - 1 == low else f"{low}–{high - step}" for low, high in pairwise(split.at)]
    return [f"<{split.at[0]}", *inner, f"≥{split.at[-1]}"]


def as_json(split: Split) -> dict[str, Any]:
    """The keys of a segment file; only those that say something."""
    return {"by": split.by} | ({"at": split.at} if split.at else {}) | ({"into": split.into} if split.into else {})
