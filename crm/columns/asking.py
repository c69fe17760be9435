"""Questions: what cannot be told from a table, with what it could be. Data, never a refusal; whoever has nobody to ask refuses with it."""

from dataclasses import dataclass

ROLES = {
    "amount": "It is not certain which column is what the customer paid",
    "order": "It is not certain which column is the order's id",
    "moment": "It is not certain which column is the date of the order",
    "buyer": "It is not certain which column is the buyer",
    "status": "It is not certain which column is the status of the order",
    "words": "It is not certain what these words of the status column mean",
    "repeats": "It is not certain whether rows of one order are its payments or lines, or what became of it later",
    "dates": "It is not certain whether the day or the month stands first in the dates",
    "numbers": "It is not certain whether a comma or a point parts the cents in the amounts",
}
"""What a question is about, and how it begins. The sentences are translated in crm/ui/locale."""


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
    """One thing that has to be asked: its role (a key of ROLES) and the candidates, the likeliest first."""

    role: str
    candidates: tuple[Candidate, ...]
