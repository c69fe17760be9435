"""Which saved segments a customer is in: all of them in one query, those that cannot be computed named with the reason."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.accounts import acting
from crm.accounts.acting import Right
from crm.database import Store
from crm.errors import CrmError
from crm.segments import saved, scope, why
from crm.segments.why import Told


@dataclass(frozen=True, slots=True)
class Belonging:
    """A saved segment and whether a customer is on its last rung; None where that cannot be computed, then with the `refusal`."""

    segment_id: str
    name: str
    inside: bool | None
    refusal: CrmError | None = None

    def as_json(self) -> dict[str, Any]:
        """The keys of `crm customer segments`."""
        told = {"segment_id": self.segment_id, "name": self.name, "inside": self.inside}
        return told | ({"error": {"code": self.refusal.code, "sentence": str(self.refusal)}} if self.refusal else {})


@acting.needs(Right.SEGMENTS)
def of(store: Store, customer_id: str, as_of: date) -> list[Belonging]:
    """Every saved segment, by name, as of the end of a shop day. Raises NotFoundError for who is not known on that day."""
    within, customer_id = scope.at(store, as_of), why.lives_on(store, customer_id)
    told, refusals = Told(store, within, customer_id), dict[str, CrmError]()
    kept = sorted(saved.listed(store), key=lambda row: row.name)
    for row in kept:
        try:
            told.take(within.saved[row.segment_id], (row.name,))
        except CrmError as refusal:
            refusals[row.segment_id] = refusal
    told.ask()

    def inside(segment_id: str) -> bool | None:
        return None if segment_id in refusals else told.holds(within.saved[segment_id])

    return [Belonging(row.segment_id, row.name, inside(row.segment_id), refusals.get(row.segment_id)) for row in kept]
