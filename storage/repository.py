"""What every repository stands on: the connection of the transaction it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage.rows import Row

if TYPE_CHECKING:
    from storage.transaction import Transaction


class Repository:
    """Reads and writes the tables of one concept inside one transaction."""

    __slots__ = ("_connection", "_tx")

    def __init__(self, tx: Transaction, connection: sa.Connection) -> None:
        self._tx = tx
        self._connection = connection

    def _all(self, statement: sa.Executable, **parameters: Any) -> list[Row]:
        return list(self._connection.execute(statement, parameters).all())

    def _first(self, statement: sa.Executable, **parameters: Any) -> Row | None:
        return self._connection.execute(statement, parameters).first()

    def _value(self, statement: sa.Executable, **parameters: Any) -> Any:
        return self._connection.execute(statement, parameters).scalar()

    def _change(self, statement: sa.Executable, parameters: Mapping[str, Any]) -> int:
        """How many rows the statement changed."""
        return self._connection.execute(statement, parameters).rowcount

    def _change_each(self, statement: sa.Executable, parameters: list[dict[str, Any]]) -> None:
        if parameters:
            self._connection.execute(statement, parameters)

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name
