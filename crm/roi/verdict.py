"""The answer in words: works, loses, cannot tell yet (and why), no holdout. Sentences are templates; who shows them fills in amounts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.roi.inference import Difference

WORKS, LOSES, CANNOT_TELL, NO_HOLDOUT = "works", "loses", "cannot tell yet", "no holdout"
FEWEST_PEOPLE, FEWEST_BUYERS, FEWEST_EXPECTED = 50, 20, 5
"""Below this an arm (people), both arms together (buyers) or the smaller arm (buyers to be expected there, were there no effect) say
nothing: the interval of a mean is not to be trusted. What is expected decides, not what happened: chance shall not choose campaigns."""

NOT_SENT = "This campaign has not been sent yet."
SPLIT = "Nothing can be compared: everybody in one of the groups also has an account in the other, joined afterwards."
ALONE = "Nobody was held out, so nobody knows what they would have spent anyway. Recipients spent {attributed} within {days} days."
OPEN = "Still running: counted until {until}. So far {value} more than sending nothing (between {low} and {high})."
OPEN_EARLY = "Still running: counted until {until}. Too little has happened so far to say anything."
FEW = "Too few people to tell: {buyers} buyers among {people} people. An effect would have to be about {smallest} or more to show."
FEW_BUYERS = "Too few people to tell: {buyers} buyers among {people} people."
COVERS = "Cannot tell: between {low} and {high}. With this many people only an effect of about {smallest} or more would show."
EARNED = "This campaign earned about {value} more than sending nothing (between {low} and {high})."
EARNED_BUT = "It brought about {value} more than sending nothing (between {low} and {high}), but cost more than its margin: {profit}."
LOST = "This campaign cost sales: about {value} less than sending nothing (between {low} and {high})."


@dataclass(frozen=True)
class Verdict:
    """A code for machines, a sentence with {placeholders} for people, and what goes into it (Decimal = money, int = count, date = day)."""

    code: str
    template: str
    values: dict[str, Any]

    def sentence(self, shown: Callable[[Any], str] = str) -> str:
        """The English sentence; `shown` turns an amount, a count or a day into text."""
        return self.template.format(**{name: shown(value) for name, value in self.values.items()})


@dataclass(frozen=True)
class Evidence:
    """What a verdict is made from: the increment in money (None without a second arm), arms, buyers, the window, people in both arms."""

    increment: Difference | None
    people: tuple[int, int]
    buyers: int
    open_until: date | None
    window_days: int
    attributed: Decimal
    profit: Decimal | None
    split: int = 0


def too_few(people: tuple[int, int], buyers: int) -> bool:
    """Whether two arms with so many buyers together say nothing about spend."""
    smaller = min(people)
    return smaller < FEWEST_PEOPLE or buyers < FEWEST_BUYERS or buyers * smaller / sum(people) < FEWEST_EXPECTED


def judge(evidence: Evidence) -> Verdict:
    """The verdict. Before the window has ended nothing is concluded, however large the difference looks."""
    if evidence.split and not all(evidence.people):
        return Verdict(CANNOT_TELL, SPLIT, {})
    if not evidence.people[0]:
        return Verdict(CANNOT_TELL, NOT_SENT, {})
    if not evidence.people[1]:
        return Verdict(NO_HOLDOUT, ALONE, {"attributed": evidence.attributed, "days": evidence.window_days})
    increment = evidence.increment
    scarce = too_few(evidence.people, evidence.buyers)
    if evidence.open_until is not None:
        values = {"until": evidence.open_until} | ({} if scarce or increment is None else _amounts(increment))
        return Verdict(CANNOT_TELL, OPEN_EARLY if scarce else OPEN, values)
    if scarce or increment is None:
        counted = {"buyers": evidence.buyers, "people": sum(evidence.people)}
        if increment is None or not increment.smallest:
            return Verdict(CANNOT_TELL, FEW_BUYERS, counted)
        return Verdict(CANNOT_TELL, FEW, counted | {"smallest": cents(increment.smallest)})
    return _concluded(increment, evidence.profit)


def _concluded(increment: Difference, profit: Decimal | None) -> Verdict:
    amounts = _amounts(increment)
    if increment.low > 0:
        paid_off = profit is None or profit >= 0
        return Verdict(WORKS, EARNED, amounts) if paid_off else Verdict(WORKS, EARNED_BUT, amounts | {"profit": profit})
    if increment.high < 0:
        return Verdict(LOSES, LOST, amounts | {"value": -amounts["value"]})
    return Verdict(CANNOT_TELL, COVERS, amounts | {"smallest": cents(increment.smallest)})


def _amounts(increment: Difference) -> dict[str, Any]:
    return {"value": cents(increment.value), "low": cents(increment.low), "high": cents(increment.high)}


def cents(amount: float | Decimal) -> Decimal:
    """An amount of money to the cent."""
    return Decimal(str(amount)).quantize(Decimal("0.01"))
