"""Sheets that only add columns to another sheet of their workbook (Qianniu's 发货报表: who gets the parcel), joined by the order id."""

import csv
from dataclasses import replace

from crm.orders import layouts
from crm.orders.tables import Table, strip

Titled = tuple[str, Table]


def join(chosen: list[Titled], others: list[Titled]) -> set[str]:
    """Put what the other sheets know into the chosen ones (in place); the titles of the sheets that were used."""
    used = set()
    for number, (title, table) in enumerate(chosen):
        found = layouts.detect(table.names)
        rule = layouts.beside(found.name) if found else {}
        for other, more in others:
            columns = [name for name in rule.get("columns", []) if name in more.names]
            if columns and rule["by"] in more.names:
                chosen[number] = (title, _joined(chosen[number][1], more, rule["by"], columns))
                used.add(other)
    return used


def _joined(table: Table, more: Table, by: str, columns: list[str]) -> Table:
    """The table with the other's columns: new ones at its end, its own where a cell is blank."""
    known = {row[0]: row[1:] for row in _rows(more, [by, *columns])}
    added = [name for name in columns if name not in table.names]
    target = table.path.with_suffix(".joined.csv")
    with table.path.open(encoding="utf-8", newline="") as source, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for number, row in enumerate(csv.reader(source), 1):
            writer.writerow(_filled(row, number, table, known, by, columns, added))
    table.path.unlink()
    sample = [_filled(row, table.header_row + 1, table, known, by, columns, added) for row in table.rows]
    return replace(table, path=target, names=[*table.names, *added], width=len(table.names) + len(added), rows=sample)


def _filled(row: list[str], number: int, table: Table, known: dict[str, list[str]], by: str, columns: list[str], added: list[str]) -> list[str]:
    row = row + [""] * (len(table.names) - len(row))
    if number < table.header_row:
        return row + [""] * len(added)
    if number == table.header_row:
        return [*row[: len(table.names)], *added]
    told = dict(zip(columns, known.get(strip(row[table.names.index(by)]), [""] * len(columns)), strict=True))
    for name in columns:
        if name in table.names and not row[table.names.index(name)]:
            row[table.names.index(name)] = told[name]
    return [*row[: len(table.names)], *(told[name] for name in added)]


def _rows(table: Table, wanted: list[str]) -> list[list[str]]:
    places = [table.names.index(name) for name in wanted]
    with table.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[table.header_row :]
    return [[strip(row[place]) for place in places] for row in rows if len(row) > max(places)]
