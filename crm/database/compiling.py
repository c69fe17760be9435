"""Ibis expressions as DuckDB's SQL."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import ibis


def compiled(expression: Any) -> str:
    """An Ibis expression as DuckDB's SQL (Ibis writes the values as quoted literals).

    Writing a long one down takes a second and the same ones are asked for again and again: the newest are kept.
    """
    return _compiled(expression.op())


@lru_cache(maxsize=128)
def _compiled(operation: Any) -> str:
    return str(ibis.to_sql(operation.to_expr(), dialect="duckdb"))


def with_given(sql: str, given: Mapping[str, str] | None) -> str:
    """Compiled SQL over tables that are queries themselves: each goes in front under its name.

    So the long part of a query that never changes is compiled once, and only what a click changes is compiled again.
    """
    if not given:
        return sql
    heads = ", ".join(f'"{name}" AS ({query})' for name, query in given.items())
    return f"WITH {heads} SELECT * FROM ({sql})"  # noqa: S608 (names and compiled expressions, never values)
