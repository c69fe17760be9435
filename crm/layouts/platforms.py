"""The known platforms, one file each in data/reference/platforms: names, buyers, layouts and statuses of their exports."""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from crm import settings
from crm.layouts import vocabulary


@dataclass(frozen=True)
class Platform:
    """A platform's file (data/reference/README.md says what each key is). `name` is the file's."""

    name: str
    en: str
    zh: str
    identity: tuple[str, ...]
    layouts: dict[str, dict[str, Any]]
    export: dict[str, str]
    statuses: dict[str, Any] = field(default_factory=dict)
    place: int = 1000
    also: tuple[str, ...] = ()
    currency: str | None = None
    country: str | None = None
    nulls: tuple[str, ...] = ()
    masks: bool = False
    guests: bool = True


def files() -> list[Path]:
    """The files of the platforms."""
    return sorted(settings.reference("platforms").glob("*.json"))


@cache
def every() -> dict[str, Platform]:
    """All platforms by name, in the order in which they are tried."""
    items = [_platform(file) for file in files()]
    return {one.name: one for one in sorted(items, key=lambda one: (one.place, one.name))}


def _platform(file: Path) -> Platform:
    parsed = json.loads(file.read_text(encoding="utf-8"))
    vocabulary.check(file.name, parsed)
    lists = {key: tuple(value) for key, value in parsed.items() if isinstance(value, list)}
    return Platform(file.stem, **parsed | lists)
