"""What a campaign earned: both arms, the difference with its interval, cost, profit, ROI, and the messages' fate."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from crm import clock, database
from crm.campaigns import saved
from crm.campaigns.saved import Campaign
from crm.customers import other_currencies
from crm.customers.other_currencies import Missing
from crm.database import Store
from crm.database.compiling import compiled
from crm.database.scratch import Bench
from crm.errors import BadInputError
from crm.messaging import ledger
from crm.roi import conversions, verdict
from crm.roi.inference import Difference, Sample, difference, newcombe
from crm.roi.verdict import Evidence, Verdict, cents
from crm.settings import Shop

LONGEST_WINDOW = 365
SOURCES = ("orders", "recipients", "message_states", "message_events", "merged_customers", "settings")
MOST = 200
"""Reports that are kept."""


@dataclass(frozen=True)
class Arm:
    """One arm inside the window. `squares`, `cubes` = sums of the squares and cubes of what each person spent."""

    arm: str
    people: int
    converted: int
    orders: int
    spend: Decimal
    squares: float
    cubes: float

    @property
    def sample(self) -> Sample:
        """For the inference."""
        return Sample(self.people, float(self.spend), self.squares, self.cubes)


@dataclass(frozen=True)
class Funnel:
    """Messages by what was reported about them; None = nobody reports for this channel. Opens by mail proxies are no reader."""

    sent: int
    delivered: int | None
    opened: int | None
    opened_by_machine: int | None
    clicked: int | None
    unsubscribed: int | None
    bounced: int | None


@dataclass(frozen=True)
class Report:
    """The result of one campaign. Money in the shop's currency.

    `per_person` and `increment` (per_person × recipients) are None without a holdout and where there are too few people or buyers to
    trust them (`too_few`); `smallest` = the smallest difference per person that these arms would show four times out of five. `split` =
    people who are in neither arm here, because accounts of theirs in both were joined afterwards.
    `other_currencies`: purchases of both arms whose money is in no sum.
    """

    campaign_id: str
    name: str
    demo: bool
    sent_at: datetime | None
    window_days: int
    window_ends: date | None
    is_open: bool
    arms: list[Arm]
    split: int
    funnel: Funnel
    per_person: Difference | None
    conversion: tuple[float, float, float] | None
    increment: Difference | None
    smallest: float | None
    too_few: bool
    attributed_spend: Decimal
    margin: Decimal
    cost: Decimal
    verdict: Verdict
    other_currencies: Missing

    @property
    def profit(self) -> Decimal | None:
        """Incremental spend × margin − cost."""
        return _profit(self.increment, self.margin, self.cost)

    @property
    def profit_interval(self) -> tuple[Decimal, Decimal] | None:
        """The interval of the profit."""
        if self.increment is None:
            return None
        margin = float(self.margin)
        return cents(self.increment.low * margin) - self.cost, cents(self.increment.high * margin) - self.cost

    @property
    def roi(self) -> float | None:
        """Incremental margin ÷ cost."""
        return self.increment.value * float(self.margin) / float(self.cost) if self.increment is not None and self.cost else None

    @property
    def attributed_roi(self) -> float | None:
        """What recipients spent in the window, caused by the message or not, ÷ cost."""
        return float(self.attributed_spend / self.cost) if self.cost else None

    def arm(self, name: str) -> Arm | None:
        """One of the two arms."""
        return next((arm for arm in self.arms if arm.arm == name), None)


def report(store: Store, campaign_id: str, window_days: int | None = None, *, as_of: date) -> Report:
    """The result of a campaign as known at the end of the shop day `as_of`. All recipients against all of the holdout (intention to treat).

    `window_days`: 24-hour days after each person's message, 1–365 (default: the shop's). Raises NotFoundError, BadInputError. Made once
    per state of the data.
    """
    campaign, shop = saved.get(store, campaign_id), database.load_shop(store)
    days = _checked(shop.window_days if window_days is None else window_days)
    key = ("report", store.written(SOURCES), campaign_id, campaign.version, campaign.updated_at, days, as_of)
    result: Report = store.scratch.kept(key, lambda bench: _report(store, bench, campaign, shop, days, as_of), most=MOST)
    return result


def _report(store: Store, bench: Bench, campaign: Campaign, shop: Shop, days: int, as_of: date) -> Report:
    campaign_id = campaign.campaign_id
    people = bench.put(conversions.people(), conversions.GIVEN, {"campaign": campaign_id})
    drawn = {"drawn": compiled(people)}
    mailed, held = _arms(store.read(conversions.arms(days, as_of), drawn))
    split = store.read(conversions.split(), drawn).iloc[0]
    missing = other_currencies.of_purchases(store, lambda: conversions.purchases(days, as_of), drawn)
    bench.drop(people)
    sent_at, ends = _window(store, campaign_id, days, shop.timezone)
    cost = _cost(store, campaign, shop.cost_per_message)
    compared = difference(mailed.sample, held.sample)
    too_few = verdict.too_few((mailed.people, held.people), mailed.converted + held.converted)
    per_person = None if too_few else compared
    increment = per_person.times(mailed.people) if per_person else None
    is_open = ends is not None and as_of < ends
    return Report(
        campaign_id=campaign_id,
        name=campaign.name,
        demo=campaign.demo,
        sent_at=sent_at,
        window_days=days,
        window_ends=ends,
        is_open=is_open,
        arms=[arm for arm in (mailed, held) if arm.people],
        split=int(split.people),
        funnel=_funnel(store, campaign_id, mailed.people + int(split.messages)),
        per_person=per_person,
        conversion=newcombe(mailed.converted, mailed.people, held.converted, held.people),
        increment=increment,
        smallest=compared.smallest if compared else None,
        too_few=too_few,
        attributed_spend=mailed.spend,
        margin=shop.margin,
        cost=cost,
        verdict=_verdict(
            compared, (mailed, held), int(split.people), ends if is_open else None, days, _profit(increment, shop.margin, cost)
        ),
        other_currencies=missing,
    )


def _verdict(
    compared: Difference | None, arms: tuple[Arm, Arm], split: int, open_until: date | None, days: int, profit: Decimal | None
) -> Verdict:
    mailed, held = arms
    buyers = mailed.converted + held.converted
    increment = compared.times(mailed.people) if compared else None
    return verdict.judge(Evidence(increment, (mailed.people, held.people), buyers, open_until, days, mailed.spend, profit, split))


def _profit(increment: Difference | None, margin: Decimal, cost: Decimal) -> Decimal | None:
    return None if increment is None else cents(increment.value * float(margin)) - cost


def _checked(days: int) -> int:
    if not 1 <= days <= LONGEST_WINDOW:
        raise BadInputError(
            "results.window_out_of_range",
            "A window has 1 to {longest} days, not {days}. Nothing was counted.",
            longest=LONGEST_WINDOW,
            days=days,
        )
    return days


def _arms(frame: pd.DataFrame) -> tuple[Arm, Arm]:
    rows = {row["arm"]: row for row in frame.to_dict("records")}
    return _arm("recipients", rows), _arm("holdout", rows)


def _arm(name: str, rows: dict[str, Any]) -> Arm:
    row = rows.get(name)
    if row is None:
        return Arm(name, 0, 0, 0, Decimal("0.00"), 0.0, 0.0)
    squares, cubes = float(row["squares"]), float(row["cubes"])
    return Arm(name, int(row["people"]), int(row["converted"]), int(row["orders"]), cents(row["spend"]), squares, cubes)


def _window(store: Store, campaign_id: str, days: int, zone: str) -> tuple[datetime | None, date | None]:
    """When it was sent first, and the shop day on which the last person's window ends."""
    row = store.one("SELECT min(sent_at) AS first, max(sent_at) AS last FROM recipients WHERE campaign_id = ?", [campaign_id])
    if row is None or row["last"] is None:
        return None, None
    return row["first"], clock.day_of(row["last"] + timedelta(days=days), zone)


def _cost(store: Store, campaign: Campaign, usual: Decimal) -> Decimal:
    """Messages that left × the campaign's cost per message (else the shop's). Sent elsewhere: every recipient counts."""
    states = ledger.counts(store, campaign.campaign_id)
    left = sum(states[state] for state in ledger.ON_THE_WAY) + states["failed"]
    if not any(states.values()):
        sql = "SELECT count(*) AS n FROM recipients WHERE campaign_id = ? AND arm = 'recipients' AND sent_at IS NOT NULL"
        left = (store.one(sql, [campaign.campaign_id]) or {"n": 0})["n"]
    each = campaign.spec.cost_per_message
    return cents((usual if each is None else each) * left)


def _funnel(store: Store, campaign_id: str, sent: int) -> Funnel:
    entry = store.read(conversions.funnel(), conversions.GIVEN, {"campaign": campaign_id}).iloc[0]
    if not entry.reported:
        return Funnel(sent, None, None, None, None, None, None)
    machine = int(entry.opened_any - entry.opened)
    return Funnel(sent, int(entry.delivered), int(entry.opened), machine, int(entry.clicked), int(entry.unsubscribed), int(entry.bounced))
