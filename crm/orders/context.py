"""What statements need to know of the shop: its currency and its clock."""

from dataclasses import dataclass

from crm.database import Transaction
from crm.places import zones
from crm.settings import Shop


@dataclass(frozen=True)
class ShopContext:
    """The shop's currency, its time zone, and by how many microseconds that always is ahead of UTC (None where it changes)."""

    shop_currency: str
    shop_zone: str
    shop_offset: int | None


def of(change: Transaction, shop: Shop) -> ShopContext:
    """The context of a shop. Raises BadInputError where its time zone is none."""
    zone = zones.resolve(change, shop.timezone)
    return ShopContext(shop.currency, zone.name, zone.ahead)
