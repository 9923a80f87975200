"""Between rows and the domain's dataclasses, where a column has the name of its field."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

Row = sa.Row[Any]

_NAMES: dict[type[Any], tuple[str, ...]] = {}


def values_of(record: Any, *, without: Collection[str] = ()) -> dict[str, Any]:
    """The fields of a dataclass by name, not copied."""
    kind = type(record)
    names = _NAMES.get(kind)
    if names is None:
        names = _NAMES[kind] = tuple(field.name for field in fields(kind))
    return {name: getattr(record, name) for name in names if name not in without}


def one_or_many(parameters: list[dict[str, Any]]) -> dict[str, Any] | list[dict[str, Any]]:
    """Parameters for as many rows as there are: a single row's statement is compiled once and for all."""
    return parameters[0] if len(parameters) == 1 else parameters


def given(name: str, *, expanding: bool = False) -> sa.BindParameter[Any]:
    """A parameter of a statement; `expanding` for a list of values."""
    return sa.bindparam(name, expanding=expanding)


def new(name: str) -> sa.BindParameter[Any]:
    """The parameter for the new value of a column (a column's own name is taken inside SET)."""
    return sa.bindparam(f"new_{name}")


def update_of(table: sa.Table, *, without: Iterable[str] = ()) -> sa.Update:
    """An UPDATE of every column of `table` but those `without`; parameters as `changes` makes them."""
    skipped = {"id", *without}
    return table.update().values(
        {
            column.name: sa.bindparam(f"new_{column.name}", type_=column.type)
            for column in table.c
            if column.name not in skipped
        }
    )


def changes(values: dict[str, Any]) -> dict[str, Any]:
    """The parameters of `update_of`."""
    return {f"new_{name}": value for name, value in values.items()}
