"""Questions: what cannot be told from a table, with what it could be. Data, never a refusal; whoever has nobody to ask refuses with it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """What it could be: the column `title` at `place` (from 0; -1: none), to be read as `field`, `why`, and some of its cells."""

    field: str
    place: int
    title: str
    why: str = ""
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One thing that has to be asked: its role (a key of `crm.layouts.asking.CHOICE`) and the candidates, the likeliest first."""

    role: str
    candidates: tuple[Candidate, ...]
