"""Campaigns and purchases written straight into the tables, for tests of results."""

from datetime import datetime, timedelta
from decimal import Decimal

import pandas as pd

from crm import campaigns
from crm.database import Store

SENT = datetime(2026, 3, 1, 2)  # 10:00 in the shop


def customers(store: Store, names: list[str]) -> None:
    """Customers whose id is their name."""
    frame = pd.DataFrame({"customer_id": names, "platform": "taobao", "shop": "s", "buyer": names})
    with store.transaction() as change:
        change.insert("customers", frame)


def campaign(store: Store, recipients: list[str], holdout: list[str], sent_at: datetime = SENT) -> str:
    """A campaign sent elsewhere; its id."""
    customers(store, [*recipients, *holdout])
    arms = ["recipients"] * len(recipients) + ["holdout"] * len(holdout)
    frame = pd.DataFrame({"customer": [*recipients, *holdout], "arm": arms, "sent_at": sent_at})
    return campaigns.record_frame(store, frame, "Spring", "everybody", sent_at).campaign_id


def purchase(store: Store, customer: str, after: timedelta, spend: str = "100", bought: bool = True) -> None:
    """One order so long after SENT; `bought` False = refunded in full."""
    moment, amount = SENT + after, Decimal(spend)
    with store.transaction() as change:
        number = change.rows("SELECT count(*) AS n FROM orders")[0]["n"]
        change.insert(
            "orders",
            pd.DataFrame(
                [
                    {
                        "order_key": number,
                        "record_id": number,
                        "platform": "taobao",
                        "shop": "s",
                        "order_id": f"o{number}",
                        "customer_id": customer,
                        "status": "completed",
                        "purchased_at": moment,
                        "day": (moment + timedelta(hours=8)).date(),
                        "paid": amount,
                        "refunded": amount - (amount if bought else 0),
                        "spend": amount if bought else Decimal(0),
                        "currency": "CNY",
                        "rate": Decimal(1),
                        "is_purchase": bought,
                        "is_paid": True,
                        "is_lost": False,
                        "import_id": "i",
                    }
                ]
            ),
        )
