"""What one customer said about being written to, channel by channel, with source and time: for her page."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from crm.database.statements import Reader


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, or why an address must not be used: granted or a reason of `suppressions`; which address, from where, when (UTC)."""

    channel: str
    meaning: str
    address: str
    source: str | None
    happened_at: datetime
    file: str | None

    def as_json(self) -> dict[str, Any]:
        """As `crm customer show` prints it."""
        return asdict(self)


SAID = """
WITH hers AS (
    SELECT identity_key AS mark FROM identities WHERE customer_id = $who
    UNION SELECT unnest([phone, email_norm]) FROM customers WHERE customer_id = $who
    UNION SELECT unnest([phone, email_norm]) FROM profiles WHERE customer_id = $who
    UNION SELECT email_norm FROM customer_facts WHERE customer_id = $who
), said AS (
    SELECT channel, CASE WHEN granted THEN 'granted' ELSE 'unsubscribed' END AS meaning, address_norm, source, happened_at, import_id
    FROM consents
    UNION SELECT channel, reason, address_norm, source, happened_at, import_id FROM suppressions
)
SELECT channel, meaning, address_norm AS address, source, happened_at, file FROM said LEFT JOIN imports USING (import_id)
WHERE address_norm IN (SELECT mark FROM hers WHERE mark IS NOT NULL)
ORDER BY list_position(['email', 'sms', 'call'], channel), happened_at DESC, meaning
"""


def of(reader: Reader, customer_id: str) -> list[Said]:
    """All of it by channel, the latest first. Whether an address may be used follows from all: a yes of a file never lifts a no."""
    return [Said(**row) for row in reader.rows(SAID, {"who": customer_id})]
