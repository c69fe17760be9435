"""The demo's three past campaigns: whom they were sent to, when, and the true effect that the generator puts into later orders."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np

LONGEST_EFFECT_DAYS = 13
WARM_UP = (10, 28)
MEAN_BASKET = 150.0


@dataclass(frozen=True)
class Past:
    """One campaign. `effect` = what each recipient spends more because of it, in yuan, on average (exactly, over all recipients)."""

    name: str
    segment: str
    where: dict[str, object]
    days_ago: int | None  # None = the latest 28 October with its window over
    hour: int
    holdout: float
    effect: Decimal
    opened: float
    clicked: float
    unsubscribed: float

    def day(self, as_of: date) -> date:
        """The shop day on which it was sent."""
        if self.days_ago is not None:
            return as_of - timedelta(days=self.days_ago)
        day = date(as_of.year, *WARM_UP)
        return day if (as_of - day).days > LONGEST_EFFECT_DAYS + 3 else date(as_of.year - 1, *WARM_UP)

    def sent_at(self, as_of: date) -> datetime:
        """The moment on the shop's wall clock."""
        return datetime.combine(self.day(as_of), time(self.hour))


def _and_mail(*conditions: dict[str, object]) -> dict[str, object]:
    return {"all": [*conditions, {"field": "has_email", "op": "is", "value": True}]}


CAMPAIGNS: tuple[Past, ...] = (
    Past(
        "新品上架通知",
        "近 90 天买过",
        _and_mail({"field": "recency_days", "op": "between", "value": [0, 90]}),
        120,
        15,
        0.2,
        Decimal("0"),
        0.11,
        0.012,
        0.006,
    ),
    Past(
        "沉睡客户唤回 · 满 99 减 20",
        "沉睡客户",
        _and_mail({"field": "recency_days", "op": "between", "value": [91, 365]}),
        75,
        9,
        0.25,
        Decimal("11.00"),
        0.16,
        0.045,
        0.004,
    ),
    Past(
        "双十一预热",
        "一年内买过",
        _and_mail({"field": "recency_days", "op": "between", "value": [0, 365]}),
        None,
        20,
        0.2,
        Decimal("2.50"),
        0.14,
        0.03,
        0.003,
    ),
)


def truth(name: str) -> Decimal:
    """What each recipient of the campaign truly spent more because of it, in yuan, on average."""
    return next(past.effect for past in CAMPAIGNS if past.name == name)


def buyers(rng: np.random.Generator, past: Past, recipients: int) -> np.ndarray:
    """Which recipients (their numbers) buy once more because of the message."""
    share = float(past.effect) / MEAN_BASKET
    chosen: np.ndarray = rng.permutation(recipients)[: round(recipients * share)]
    return chosen


def delays(rng: np.random.Generator, count: int) -> np.ndarray:
    """Seconds from the message to the order it caused: most within days, all within the window."""
    days = np.minimum(rng.exponential(3.5, count), LONGEST_EFFECT_DAYS * rng.random(count) ** 0.3)
    seconds: np.ndarray = 600 + (days * 86_400).astype(np.int64)
    return seconds


def scaled(cents: np.ndarray, wanted: int) -> np.ndarray:
    """Amounts in cents made to add up to `wanted`, keeping their proportions."""
    if not len(cents):
        return cents
    amounts: np.ndarray = np.floor(cents * (wanted / cents.sum())).astype(np.int64)
    amounts[: wanted - amounts.sum()] += 1
    return amounts


def reports(rng: np.random.Generator, past: Past, messages: list[str], sent: int) -> list[dict[str, object]]:
    """What the provider would have told about these messages; `sent` in seconds since 1970 (UTC)."""
    chance, late = rng.random((6, len(messages))), rng.exponential(7 * 3_600, (3, len(messages)))
    items: list[dict[str, object]] = []
    for number, message in enumerate(messages):
        if chance[0, number] < 0.015:
            items.append(_event(message, "bounce", sent + 40))
            continue
        items.append(_event(message, "delivered", sent + 30))
        if chance[1, number] < 0.07:
            items.append(_event(message, "open", sent + 90) | {"sg_machine_open": True})
        if chance[2, number] < past.opened:
            items += _read(past, message, sent + 120 + late[:, number], chance[:, number])
    return items


def _read(past: Past, message: str, moments: np.ndarray, chance: np.ndarray) -> list[dict[str, object]]:
    """What somebody who opened the message did next."""
    items = [_event(message, "open", moments[0])]
    if chance[3] < past.clicked / past.opened:
        items.append(_event(message, "click", moments[0] + 45) | {"url": "https://shop.example/"})
    if chance[4] < past.unsubscribed / past.opened:
        items.append(_event(message, "unsubscribe", moments[0] + 60))
    return items


def _event(message: str, event: str, moment: float) -> dict[str, object]:
    return {"message_id": message, "event": event, "timestamp": int(moment)}
