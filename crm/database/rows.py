"""The answer of a query as rows: dicts by column name, or frozen dataclasses whose fields are the columns."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, cast

Row = TypeVar("Row")
Read = Callable[[Any], Any]


def named(result: Any) -> list[dict[str, Any]]:
    """The rows of an answer as dicts."""
    names = _answered(result)
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def typed(kind: type[Row], result: Any, read: Mapping[str, Read]) -> list[Row]:
    """The rows of an answer as `kind`, a dataclass with a field for each column. `read`: what is made of the value of a column.

    Raises TypeError where columns and fields differ, also when there are no rows.
    """
    names, checked = _answered(result), cast(Any, kind)
    _compare(checked, names)
    reads = [read.get(name) for name in names]
    return [
        kind(**{name: value if make is None else make(value) for name, make, value in zip(names, reads, row, strict=True)})
        for row in result.fetchall()
    ]


def columns(frame: Any) -> list[str]:
    """The names of what is to be inserted: a DataFrame, an Arrow table or a stream of batches."""
    schema = getattr(frame, "schema", None)
    return list(frame.columns if schema is None else schema.names)


def _answered(result: Any) -> tuple[str, ...]:
    return tuple(column[0] for column in result.description or [])


@cache
def _compare(kind: Any, names: tuple[str, ...]) -> None:
    wanted = {field.name for field in fields(kind)}
    if wanted != set(names) or len(names) != len(wanted):
        lacking, strange = sorted(wanted - set(names)), sorted(set(names) - wanted)
        raise TypeError(f"{kind.__name__} does not fit its query: no column for {lacking}, no field for {strange}")
