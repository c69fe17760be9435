"""Marks: signs and codes of currencies beside amounts, in headers and above them, where no column names one."""

import re
from itertools import islice

from crm.columns.currencies import code, sure
from crm.layouts.registry import Layout
from crm.reading.tables import Table

HEADER = re.compile(r"\b[A-Z]{3}\b|(?<=[(（])[^)）]+(?=[)）])|[$€£¥￥]")
"""Where a header may say a currency: `Total USD`, 金额（美元）, `Amount in €`."""
ABOVE = re.compile(r"\b[A-Z]{3}\b|[€£]")
AMOUNTS = ("paid_amount", "total_amount", "goods_amount", "line_amount", "unit_price")


def currency(table: Table, columns: dict[str, int]) -> str | None:
    """The one currency that all marks of an unknown table mean, whatever the shop's is: EUR, €, HK$; None for $, ¥ and 元 alone."""
    if "currency" in columns:
        return None
    places = sorted({columns[field] for field in AMOUNTS if field in columns})
    names = {one for text in _marks(table, places) if (one := sure(text))}
    if not names and table.codec is None:
        names = {one for text in _above(table) if (one := sure(text))}
    return names.pop() if len(names) == 1 else None


def named(table: Table, layout: Layout) -> Layout:
    """A known layout with the currency that stands beside the file's amounts or in their header, where the layout leaves it open."""
    if not layout.known or layout.currency or "currency" in layout.columns:
        return layout
    return layout.with_(currency=currency(table, {field: places[0] for field, places in layout.columns.items() if places}))


def marked(table: Table, layout: Layout, own: str) -> str | None:
    """The sign or code of another currency that stands beside the amounts of a table or in their header, where nothing else names one."""
    if layout.currency or "currency" in layout.columns:
        return None
    places = sorted({place for field in AMOUNTS for place in layout.columns.get(field, [])})
    items = [text for text in dict.fromkeys(_marks(table, places)) if text and (code(text, own) or own) != own]
    return items[0] if items else None


def _marks(table: Table, places: list[int]) -> list[str]:
    """What stands beside the numbers in the columns at these places, and in their names."""
    texts = [re.sub(r"[\d.,'\s+()-]+", "", row[place]) for row in table.rows for place in places if place < len(row)]
    return [*texts, *(word for place in places for word in HEADER.findall(table.names[place]))]


def _above(table: Table) -> list[str]:
    """Codes and signs in the lines above the header."""
    with table.opened() as file:
        return [word for line in islice(file, max(table.header_row - 1, 0)) for word in ABOVE.findall(line)]
