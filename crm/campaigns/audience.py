"""Who would be written to: the segment on a day, minus those who must not, cannot or need not be, split into its two arms."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta

import pandas as pd
from email_validator import EmailNotValidError, validate_email

from crm import clock, segments
from crm.campaigns import saved
from crm.campaigns.spec import CampaignSpec
from crm.database import Store, load_shop
from crm.errors import BadInputError
from crm.messaging import handed_over, suppressions
from crm.segments import definition

REASONS = ("suppressed", "no_address", "capped", "duplicates")
ARMS = ("recipients", "holdout")
_NEVER = datetime(9999, 1, 1)
_ORDINARY = re.compile(r"[a-z0-9](?:[a-z0-9_+.-]{0,60}[a-z0-9_-])?@(?:[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?\.)+[a-z]{2,12}")
"""Addresses as nearly all are; only the others are examined in full (a hundred times slower)."""


@dataclass(frozen=True)
class Plan:
    """Every person of the segment in exactly one of the numbers; `people` has one row each (customer_id, address, place, and the facts)."""

    segment: int
    suppressed: int
    no_address: int
    capped: int
    duplicates: int
    holdout: int
    recipients: int
    checksum: str
    people: pd.DataFrame = field(repr=False, compare=False)

    def as_json(self) -> dict[str, int | str]:
        """The keys of `crm campaign plan`."""
        return {name: value for name, value in asdict(self).items() if name != "people"}


def ladder_of(store: Store, spec: CampaignSpec) -> segments.Definition:
    """The definition a campaign names: its own, or a saved segment. Raises BadInputError when it names none."""
    if spec.ladder:
        return definition.parse(spec.ladder)
    if not spec.segment:
        raise BadInputError("campaign.no_segment", "This campaign has no segment yet. Nothing was sent. Please choose whom to write to.")
    return segments.load(store, spec.segment)


def members(store: Store, spec: CampaignSpec, as_of: date) -> pd.DataFrame:
    """The facts of everybody in the campaign's segment, in a stable order: the most recent buyers first."""
    people = store.read(segments.members(store, ladder_of(store, spec), as_of, spec.rung or None))
    return people.sort_values(["last_purchase_at", "customer_id"], ascending=[False, True], na_position="last", ignore_index=True)


def plan(store: Store, campaign_id: str, as_of: date) -> Plan:
    """Who is in and who is left out, and why, as of the end of a shop day. Nothing is written."""
    handed_over.adopt(store)
    spec = saved.get(store, campaign_id).spec
    people = members(store, spec, as_of)
    placed = people.assign(address=_addresses(people.email_norm))
    cap_days = load_shop(store).cap_days if spec.cap_days is None else spec.cap_days
    placed["place"] = _places(store, placed, campaign_id, _share(store, spec), _contacted(store, campaign_id, as_of, cap_days))
    counts = {name: int((placed.place == name).sum()) for name in (*REASONS, *ARMS)}
    return Plan(segment=len(placed), **counts, checksum=_checksum(placed, spec), people=placed)


def in_holdout(campaign_id: str, customer_id: str, share: float) -> bool:
    """Stable: the same person is always in the same arm of the same campaign."""
    digest = hashlib.sha256(f"{campaign_id}|{customer_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < share


def _share(store: Store, spec: CampaignSpec) -> float:
    return load_shop(store).holdout if spec.holdout is None else spec.holdout


def _addresses(given: pd.Series) -> pd.Series:
    return pd.Series([_usable(text) if isinstance(text, str) and text else None for text in given], index=given.index, dtype=object)


def _usable(text: str) -> str | None:
    if _ORDINARY.fullmatch(text) and ".." not in text:
        return text
    try:
        result = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return suppressions.normal(result.ascii_email or text)


def _places(store: Store, people: pd.DataFrame, campaign_id: str, share: float, contacted: "Contacted") -> list[str]:
    addresses = [address for address in people.address if isinstance(address, str)]
    never, nobody = suppressions.among(store, addresses), suppressions.customers(store, list(people.customer_id))
    agreed = suppressions.agreed_here(store, addresses)
    taken: set[str] = set()
    items: list[str] = []
    for customer_id, address, refused in zip(people.customer_id, people.address, _refused(people), strict=True):
        if not isinstance(address, str):
            place = "no_address"
        elif address in never or customer_id in nobody or (refused and address not in agreed):
            place = "suppressed"
        elif contacted.has(customer_id, address):
            place = "capped"
        elif address in taken:
            place = "duplicates"
        else:
            taken.add(address)
            place = "holdout" if in_holdout(campaign_id, customer_id, share) else "recipients"
        items.append(place)
    return items


def _refused(people: pd.DataFrame) -> list[bool]:
    """Who said no to marketing in the shop's own order files."""
    return [bool(pd.notna(entry)) and not entry for entry in people.accepts_marketing]


@dataclass(frozen=True)
class Contacted:
    """Customers and addresses written to by any campaign within the cap, or about to be; `hashed`: those whom only the journal knows."""

    customers: set[str]
    addresses: set[str]
    hashed: set[str]
    sign: Callable[[str, str], str]

    def has(self, customer_id: str, address: str) -> bool:
        """Whether this person was written to."""
        known = customer_id in self.customers or address in self.addresses
        return known or (bool(self.hashed) and not self.hashed.isdisjoint((self.sign("email", address), self.sign("person", customer_id))))


def _contacted(store: Store, campaign_id: str, as_of: date, cap_days: int) -> Contacted:
    """Who was written to in the last days, and who in days to come: where the clock was set back, those are the latest."""
    zone = load_shop(store).timezone
    since = clock.utc(datetime.combine(as_of + timedelta(days=1 - cap_days), time()), zone)
    rows = store.rows(
        "WITH dead AS (SELECT message_id FROM message_states GROUP BY message_id HAVING arg_max(state, seq) IN ('rejected', 'failed')) "
        "SELECT coalesce(merged_into, customer_id) AS customer_id, address_norm FROM recipients "
        "LEFT JOIN merged_customers USING (customer_id) WHERE arm = 'recipients' AND ? > 0 AND sent_at >= ? "
        "AND (message_id IS NULL OR message_id NOT IN (SELECT message_id FROM dead))",
        [cap_days, since],
    )
    hashed = handed_over.written_to(store, campaign_id, since if cap_days else _NEVER)
    return Contacted(
        {row["customer_id"] for row in rows}, {row["address_norm"] for row in rows if row["address_norm"]}, hashed, store.journal.sign
    )


def _checksum(people: pd.DataFrame, spec: CampaignSpec) -> str:
    """Over the whole manifest and the wording: one person more, less or elsewhere, or one changed word, changes it."""
    lines = sorted(f"{one}|{place}|{address}" for one, place, address in zip(people.customer_id, people.place, people.address, strict=True))
    return hashlib.sha256("\n".join([spec.model_dump_json(), *lines]).encode()).hexdigest()[:16]
