"""The tables of the docs that are made from registries. `make docs` writes them, tests/test_docs.py says what is missing in them."""

import re
from collections.abc import Callable
from difflib import ndiff
from pathlib import Path

from crm.customers import attributes, dimensions, metrics
from crm.customers.attribute import Dimension
from crm.layouts import platforms
from crm.messaging import channels
from crm.settings import Shop
from tests.conftest import ROOT

DOCS = ROOT / "docs"
Rows = list[tuple[str, ...]]


def fields() -> Rows:
    """Every filter field: its name in files, on screen, what it means."""
    return [
        ("field", "on screen", "meaning"),
        *((f"`{one.name}`", _both(one.en, one.zh), one.meaning) for one in attributes.every().values()),
    ]


def charts() -> Rows:
    """Every dimension of the customers page, in its order."""
    head = ("dimension", "on screen", "its bars, with the usual settings", "drawn")
    return [head, *((f"`{one.name}`", _both(one.en, one.zh), _bars(one), _drawn(one)) for one in dimensions.page())]


def _bars(dimension: Dimension) -> str:
    order, shop = dimension.bins.order(Shop()), Shop()
    return ", ".join(dimension.bins.label(key, shop)[1] for key in order) or f"each value of `{dimension.attribute.name}`"


def _drawn(dimension: Dimension) -> str:
    return "always" if dimension.chart.always else "when asked for"


APART = {"account": "account", "email": "e-mail", "phone": "phone"}


def exports() -> Rows:
    """Every platform whose files are known: how they are exported, and by what its buyers are told apart."""
    rows = [
        (_both(one.en, one.zh), one.export["where"], one.export["files"], ", ".join(APART[kind] for kind in one.identity) or "–")
        for one in platforms.every().values()
    ]
    return [("platform", "where", "files", "buyers are told apart by"), *rows]


def _both(english: str, chinese: str) -> str:
    return english if english == chinese else f"{english} {chinese}"


def ways() -> Rows:
    """Every channel: its name in files, on screen, what happens."""
    rows = [(f"`{one.name}`", _both(one.en, one.zh), one.meaning) for one in channels.every().values()]
    return [("channel", "on screen", "what happens"), *rows]


UNITS = {"money": "money", "count": "people or orders", "share": "share", "days": "days", "ratio": "ratio"}


def numbers() -> Rows:
    """Every metric: its name in JSON, on screen, its formula, which way is good, and when there is none."""
    rows = [
        (f"`{one.name}`", _both(one.en, one.zh), one.formula[1], UNITS[one.unit], one.good or "–", one.unknown[1]) for one in metrics.ALL
    ]
    return [("metric", "on screen", "formula", "unit", "good", "cannot be computed when"), *rows]


TABLES: dict[tuple[str, str], Callable[[], Rows]] = {
    ("segments.md", "fields"): fields,
    ("segments.md", "dimensions"): charts,
    ("metrics.md", "metrics"): numbers,
    ("import.md", "platforms"): exports,
    ("sending.md", "channels"): ways,
}


def lines(rows: Rows) -> str:
    """A table as Markdown."""
    head, *others = ("| " + " | ".join(cells) + " |" for cells in rows)
    return "\n".join([head, "|" + "---|" * len(rows[0]), *others])


def pattern(name: str) -> re.Pattern[str]:
    """Where a table stands: between `<!-- name: … -->` and the next `<!-- end -->`."""
    return re.compile(f"(<!-- {name}: .*? -->\n\n)(.*?)(\n\n<!-- end -->)", re.DOTALL)


def missing() -> list[str]:
    """What the docs lack (+) or have and should not (-), line by line."""
    items = []
    for (file, name), rows in TABLES.items():
        match = pattern(name).search((DOCS / file).read_text(encoding="utf-8"))
        written = match.group(2) if match else ""
        items += [line for line in ndiff(written.splitlines(), lines(rows()).splitlines()) if line.startswith(("+ ", "- "))]
    return items


def write(folder: Path = DOCS) -> None:
    """Put the tables where they belong."""
    for (file, name), rows in TABLES.items():
        path = folder / file
        table = lines(rows())
        text = path.read_text(encoding="utf-8")
        path.write_text(pattern(name).sub(lambda match, table=table: match.group(1) + table + match.group(3), text), encoding="utf-8")


if __name__ == "__main__":
    write()
