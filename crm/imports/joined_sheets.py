"""Sheets that only add columns to another sheet of their workbook (Qianniu's 发货报表: who gets the parcel), joined by the order id."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from crm.layouts import registry
from crm.reading.tables import Table, strip

Titled = tuple[str, Table]


def join(chosen: list[Titled], others: list[Titled]) -> set[str]:
    """Put what the other sheets know into the chosen ones (in place); the titles of the sheets that were used."""
    used = set()
    for number, (title, table) in enumerate(chosen):
        result = registry.detect(table.names)
        rule = registry.joined_columns(result.name) if result else {}
        for other, more in others:
            columns = [name for name in rule.get("columns", []) if name in more.names]
            if columns and rule["by"] in more.names:
                chosen[number] = (title, _joined(chosen[number][1], more, rule["by"], columns))
                used.add(other)
    return used


@dataclass(frozen=True)
class _Join:
    """What one sheet adds to another, by the id in column `by`: the cells of `columns`, of which `added` are new to it."""

    table: Table
    by: str
    columns: list[str]
    added: list[str]
    known: dict[str, list[str]]

    def row(self, row: list[str], number: int) -> list[str]:
        """A row of the table with what the other sheet knows of its order."""
        width = len(self.table.names)
        row = (row + [""] * width)[:width]
        if number <= self.table.header_row:
            return row + (self.added if number == self.table.header_row else [""] * len(self.added))
        cells = self.known.get(strip(row[self.table.names.index(self.by)]), [""] * len(self.columns))
        values = dict(zip(self.columns, cells, strict=True))
        own = [cell if strip(cell) else values.get(name, "") for name, cell in zip(self.table.names, row, strict=True)]
        return own + [values[name] for name in self.added]


def _joined(table: Table, more: Table, by: str, columns: list[str]) -> Table:
    """The table with the other's columns: new ones at its end, its own where a cell is blank."""
    known = {row[0]: row[1:] for row in _rows(more, [by, *columns])}
    work = _Join(table, by, columns, [name for name in columns if name not in table.names], known)
    target = table.path.with_suffix(".joined.csv")
    with table.path.open(encoding="utf-8", newline="") as source, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows(work.row(row, number) for number, row in enumerate(csv.reader(source), 1))
    table.path.unlink()
    names, sample = [*table.names, *work.added], [work.row(row, table.header_row + 1) for row in table.rows]
    return replace(table, path=target, names=names, width=len(names), rows=sample)


def _rows(table: Table, wanted: list[str]) -> Iterator[list[str]]:
    places = [table.names.index(name) for name in wanted]
    with table.path.open(encoding="utf-8", newline="") as file:
        for row in islice(csv.reader(file), table.header_row, None):
            if len(row) > max(places):
                yield [strip(row[place]) for place in places]
