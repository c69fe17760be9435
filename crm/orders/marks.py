"""Marks: signs and codes of another currency beside amounts, where nothing else in a table names one."""

import re

from crm.columns.currencies import code
from crm.orders.layouts import Layout
from crm.orders.tables import Table

HEADER = re.compile(r"\b[A-Z]{3}\b|(?<=[(（])[^)）]+(?=[)）])|[$€£¥￥]")
"""Where a header may say a currency: `Total USD`, 金额（美元）, `Amount in €`."""
AMOUNTS = ("paid_amount", "total_amount", "goods_amount", "line_amount", "unit_price")


def marked(table: Table, layout: Layout, own: str) -> str | None:
    """The sign or code of another currency that stands beside the amounts of a table or in their header, where nothing else names one."""
    if layout.currency or "currency" in layout.columns:
        return None
    places = sorted({place for field in AMOUNTS for place in layout.columns.get(field, [])})
    texts = [re.sub(r"[\d.,'\s+-]+", "", row[place]) for row in table.rows for place in places if place < len(row)]
    headers = [word for place in places for word in HEADER.findall(table.names[place])]
    found = [text for text in dict.fromkeys([*texts, *headers]) if text and (code(text, own) or own) != own]
    return found[0] if found else None
