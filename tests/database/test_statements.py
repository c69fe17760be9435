"""SQL in files: its first lines declare what it touches; what it needs it is given; only names and literals are written into it."""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from crm import database
from crm.database.statements import Statements, literal
from tests.conftest import ROOT

FILES = sorted((ROOT / "crm").glob("*/sql/*.sql"))


def touched(text: str) -> dict[str, set[str]]:
    """The relations that the statements of a file read, make and write; what they make or write they may read as well."""
    values: dict[str, set[str]] = {"reads": set(), "makes": set(), "writes": set()}
    for statement in filter(None, sqlglot.parse(text, dialect="duckdb")):
        if isinstance(statement, exp.Drop) or statement.find(exp.UserDefinedFunction):
            continue
        own, target = {query.alias_or_name for query in statement.find_all(exp.CTE)}, None
        if isinstance(statement, exp.Insert | exp.Update | exp.Delete | exp.Create):
            target = statement.this if isinstance(statement.this, exp.Table) else statement.this.find(exp.Table)
            values["makes" if isinstance(statement, exp.Create) else "writes"].add(target.name)
        named = [table for table in statement.find_all(exp.Table) if isinstance(table.this, exp.Identifier) and table is not target]
        values["reads"] |= {table.name for table in named} - own
    values["writes"] -= values["makes"]
    values["reads"] -= values["makes"] | values["writes"]
    return values


def declared(text: str) -> dict[str, set[str]]:
    """What the first lines of a file say: `Reads a, b; makes c; writes d.`"""
    head = " ".join(line[2:].strip() for line in re.match(r"(--.*\n)+", text)[0].splitlines())  # type: ignore[index]
    sentence = re.search(r"\b(Reads|Makes|Writes) [^.]*\.$", head)
    parts = dict(part.strip().split(" ", 1) for part in (sentence[0][:-1].split(";") if sentence else []))
    return {verb: {name.strip() for name in parts.get(verb, parts.get(verb.capitalize(), "")).split(",")} - {""} for verb in touched("")}


@pytest.mark.parametrize("file", [file for file in FILES if file.stem != "macros"], ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_a_file_says_what_it_reads_and_makes(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert declared(text) == touched(text)


def test_statements_are_told_apart_and_given_what_they_name(tmp_path: Path, store: database.Store) -> None:
    (tmp_path / "two.sql").write_text(
        "-- Makes t. Not a statement; $nobody\nCREATE TEMP TABLE t AS SELECT $text AS x, ';' AS y;\n"
        "CREATE TEMP VIEW v AS SELECT *, $text AS again, COLUMN AS z FROM t;",
        encoding="utf-8",
    )
    with store.transaction() as change:
        Statements(tmp_path).run(change, "two", column="x", text="it's; 5 $", more=1)
        assert change.rows("FROM v") == [{"x": "it's; 5 $", "y": ";", "again": "it's; 5 $", "z": "it's; 5 $"}]
        with pytest.raises(KeyError):
            Statements(tmp_path).run(change, "two", column="x")


def test_literals_are_what_they_were(store: database.Store) -> None:
    for value in (None, True, False, 0, -7, 2**40, "", "it's", "'; DROP TABLE orders; --", "a\nb", "港 €"):
        assert store.rows(f"SELECT {literal(value)} AS x") == [{"x": value}]
