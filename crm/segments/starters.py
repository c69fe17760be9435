"""Ready ladders from the trade, filled with the shop's own numbers. They stand in `data/reference/ladders.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from crm.segments.scope import Node
from crm.segments.words import Pair
from crm.settings import Shop, reference


@dataclass(frozen=True)
class Starter:
    """A ready ladder: its name, what it is for and what to send, each in Chinese and English; and a NODE per rung."""

    key: str
    zh: str
    en: str
    purpose: Pair
    message: Pair
    nodes: tuple[Node, ...]


@cache
def _written() -> list[dict[str, Any]]:
    with reference("ladders.toml").open("rb") as file:
        ladders: list[dict[str, Any]] = tomllib.load(file)["ladder"]
        return ladders


def every(shop: Shop) -> list[Starter]:
    """All ready ladders with the numbers of a shop, in their order."""
    numbers = shop.model_dump() | {"top_band": shop.spend_bands[-1]}
    return [
        Starter(
            key=one["key"],
            zh=one["name"][0],
            en=one["name"][1],
            purpose=tuple(one["purpose"]),
            message=tuple(one["message"]),
            nodes=tuple(_filled(rung["where"], numbers) for rung in one["rungs"]),
        )
        for one in _written()
    ]


def _filled(part: Any, numbers: dict[str, Any]) -> Any:
    """The same with the shop's numbers in place of their names."""
    if isinstance(part, dict):
        return {key: _filled(value, numbers) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, numbers) for value in part]
    if isinstance(part, str) and part.startswith("$"):
        name, more, _one = part[1:].partition("+")
        return numbers[name] + bool(more)
    return part
