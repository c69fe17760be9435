"""The words a message may fill in for each person: a registry for the picker, the checks and the rendering."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crm.settings import Shop


@dataclass(frozen=True)
class Token:
    """`name` as written in the template, `column` of customer_facts ('' = not from the customer), `default` for the picker."""

    name: str
    zh: str
    en: str
    column: str
    example: str
    default: str = ""

    @property
    def written(self) -> str:
        """As the picker writes it into the text."""
        return f'{{{{ {self.name} | default: "{self.default}" }}}}' if self.default else f"{{{{ {self.name} }}}}"


TOKENS = [
    Token("customer.nickname", "昵称", "Nickname", "nickname", "小鹿", "亲"),
    Token("customer.name", "收件人姓名", "Name", "name", "林晓", "亲"),
    Token("customer.city", "城市", "City", "city", "杭州市"),
    Token("customer.province", "省份", "Province", "province", "浙江省"),
    Token("customer.last_purchase_day", "上次购买日", "Day of the last purchase", "last_purchase_day", "2026-08-12"),
    Token("customer.first_purchase_day", "首次购买日", "Day of the first purchase", "first_purchase_day", "2025-03-02"),
    Token("customer.purchases", "购买次数", "Number of purchases", "purchases", "3"),
    Token("customer.favourite_category", "偏好品类", "Favourite category", "favourite_category", "茶具", "好物"),
    Token("shop.name", "店铺名", "Shop name", "", "回头小店"),
    Token("unsubscribe_url", "退订链接", "Unsubscribe link", "", "https://…/u/…"),
]
NAMES = {token.name for token in TOKENS}
OF_CUSTOMER = [token for token in TOKENS if token.column]


def values(row: Mapping[Any, object], shop: Shop) -> dict[str, str | None]:
    """Token name → this customer's value as text, None where unknown. `row` has the columns of customer_facts."""
    known = {token.name: _text(row.get(token.column)) for token in OF_CUSTOMER}
    return known | {"shop.name": shop.name or None}


def context(values_of_one: Mapping[str, str | None], unsubscribe_url: str) -> dict[str, object]:
    """The nested names a template sees."""
    nested: dict[str, dict[str, str | None]] = {"customer": {}, "shop": {}}
    for name, value in values_of_one.items():
        owner, _, field = name.partition(".")
        if field:
            nested[owner][field] = value
    return {"unsubscribe_url": unsubscribe_url, **nested}


def _text(value: Any) -> str | None:
    if value is None or value is pd.NaT or (not isinstance(value, str) and pd.isna(value)):
        return None
    return (value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)) or None
