"""The SQL of the import, one statement (or a few) per file, each saying in its first lines what it makes."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from crm.database import Transaction


@cache
def load(name: str) -> str:
    """The text of sql/<name>.sql."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")


def filled(name: str, **names: str) -> str:
    """The text of sql/<name>.sql with our own words in capitals replaced."""
    text = load(name)
    for word, meaning in names.items():
        text = text.replace(word, meaning)
    return text


def run(change: Transaction, name: str, values: Sequence[Any] = (), **names: str) -> None:
    """Run the statements of sql/<name>.sql one after the other; each is bound to as many of the values as it names.

    `names` are our own words in capitals (a column, a query) and what stands for them here.
    """
    for statement in re.split(r";\s*(?:\n|$)", filled(name, **names)):
        if re.sub(r"--.*", "", statement).strip():
            used = [int(number) for number in re.findall(r"\$(\d+)", re.sub(r"--.*", "", statement))]
            change.execute(statement, list(values)[: max(used, default=0)])


def quoted(name: str) -> str:
    """A name as an SQL identifier: the only thing that is ever written into a statement."""
    return '"' + name.replace('"', '""') + '"'
