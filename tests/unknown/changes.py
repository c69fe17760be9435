"""Changes that must not change anything else: a cell blanked or damaged, a row taken out, columns moved, another way of writing."""

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tests.unknown import styles, writing
from tests.unknown.header import titles
from tests.unknown.sheet import Sheet
from tests.unknown.shop import LANGUAGES
from tests.unknown.styles import Style

DAMAGE = ("", "", "#REF!", "???", "n/a", "9999999999999999999999", "1.2.3.4")


@dataclass
class Table:
    """A written table before it becomes bytes. `first` is the place of its first row below the header, `orders` whose row each is."""

    body: list[list[Any]]
    kinds: list[str]
    roles: list[str]
    style: Style
    first: int
    orders: list[str]
    currency: str
    seed: int

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"export-{self.seed}.{'xlsx' if self.style.container == 'xlsx' else 'csv'}"

    def data(self) -> bytes:
        """The bytes of the file."""
        return writing.workbook(self.body, self.kinds) if self.style.container == "xlsx" else writing.plain(self.body, self.style)


def table_of(seed: int, made: Sheet, style: Style) -> Table:
    """The table of a sheet in a style."""
    text = writing.Text(made, style, titles(made, style))
    body, places = text.table()
    roles = [column.role for column in text.columns]
    return Table(body, text.kinds, roles, style, min(places) - 1, list(places.values()), made.shop.currency, seed)


def spoiled(chance: Random, table: Table) -> tuple[Table, str, str]:
    """One cell blanked or damaged, or one row taken out: the table, the order it is about, and what was done in words.

    Where further rows leave the id blank, a first row without its own belongs to the order before: there ids and rows are left alone.
    """
    place = chance.randrange(len(table.orders))
    row = table.first + place
    ids = table.roles.index("order_id") if "order_id" in table.roles else None
    carried = ids is not None and any(cells[ids] == "" for cells in table.body[table.first : table.first + len(table.orders)])
    if chance.random() < 0.25 and not carried:
        body = [*table.body[:row], *table.body[row + 1 :]]
        return replace(table, body=body), table.orders[place], f"row {row + 1} taken out"
    column = chance.choice([column for column in range(len(table.roles)) if not (carried and column == ids)])
    cells = list(table.body[row])
    word = chance.choice(DAMAGE)
    text = f"row {row + 1}, {table.body[table.first - 1][column]}: {cells[column]!r} became {word!r}"
    cells[column] = word
    return replace(table, body=[*table.body[:row], cells, *table.body[row + 1 :]]), table.orders[place], text


def moved(chance: Random, table: Table, unused: list[int]) -> tuple[Table, str]:
    """A column added, an unused one renamed, or all of them in another order."""
    width = len(table.roles)
    sort = chance.choice(("added", "order", "renamed" if unused else "order"))
    if sort == "renamed":
        place = chance.choice(unused)
        header = list(table.body[table.first - 1])
        text = f"{header[place]} renamed"
        header[place] = "Extra 7"
        return replace(table, body=[*table.body[: table.first - 1], header, *table.body[table.first :]]), text
    if sort == "added":
        extra = [["Extra 8"] if row == table.first - 1 else ["see list"] if row >= table.first else [""] for row in range(len(table.body))]
        body = [[*cells, *more] for cells, more in zip(table.body, extra, strict=True)]
        return replace(table, body=body, kinds=[*table.kinds, "text"]), "a column added"
    order = chance.sample(range(width), width)
    below = [[cells[place] for place in order] for cells in table.body[table.first - 1 :]]
    moved_to = replace(table, body=table.body[: table.first - 1] + below, kinds=[table.kinds[place] for place in order])
    return moved_to, f"columns in the order {order}"


def rewritten(chance: Random, made: Sheet, style: Style) -> Style:
    """Another number format, date format, encoding, container or language of the header for the same table."""
    language = chance.choice(LANGUAGES)
    numbers = styles.numbers(chance, language, made.shop.currency)
    return replace(
        style,
        words=language if chance.random() < 0.7 else style.words,
        numbers=replace(numbers, sign=numbers.sign if made.traits.currency == "none" else "none"),
        moments=chance.choice(styles.OF_LANGUAGE[language]),
        encoding=chance.choice(("utf-8", "utf-8-sig", "utf-16")),
        container=chance.choice((",", ";", "\t", "xlsx")),
        typed=chance.random() < 0.5,
    )
