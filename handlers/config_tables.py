"""Tables of a TOML file read field by field, with every mistake collected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.domain.local_time import zone_name

Table: TypeAlias = Mapping[str, Any]


class TableReader:
    """Collects every mistake of a file instead of stopping at the first."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def _rows(self, data: Table, name: str) -> list[tuple[Table, str]]:
        rows = data.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            self._say(name, f"must be written as [[{name}]], once for each")
            return []
        return [(row, f"{name} number {number}") for number, row in enumerate(rows, 1)]

    def _text(self, row: Table, field: str, where: str, *, required: bool = False) -> str | None:
        value = row.get(field)
        if value is None or value == "":
            if required:
                self._say(f"{where}: {field}", "is missing")
            return None
        if not isinstance(value, str):
            self._say(f"{where}: {field}", "must be text in quotes")
            return None
        return value.strip()

    def _zone(self, row: Table, where: str, *, required: bool = False) -> str | None:
        text = self._text(row, "tz", where, required=required)
        return zone_name(text) if text is not None else None

    def _list(self, row: Table, field: str, where: str) -> list[Any]:
        value = row.get(field, [])
        if not isinstance(value, list):
            self._say(f"{where}: {field}", "must be a list in [ ]")
            return []
        return value

    def _number(self, row: Table, field: str, where: str, default: int | None) -> int | None:
        value = row.get(field, default)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 100_000:
            self._say(f"{where}: {field}", "must be a whole number from 0")
            return default
        return value

    def _yes_or_no(self, row: Table, field: str, where: str, default: bool) -> bool:
        value = row.get(field, default)
        if not isinstance(value, bool):
            self._say(f"{where}: {field}", "must be true or false")
            return default
        return value

    def _choice(self, row: Table, field: str, where: str, kind: Any, default: Any) -> Any:
        text = self._text(row, field, where)
        if text is None:
            return default
        try:
            return kind(text)
        except ValueError:
            self._say(f"{where}: {field}", f"{text} is not one of {', '.join(kind)}")
            return default

    def _unknown(self, row: Table, allowed: set[str], where: str) -> None:
        for key in row:
            if key not in allowed:
                self._say(where, f"{key} is unknown; there is {', '.join(sorted(allowed))}")

    def _once(self, keys: list[str], where: str, field: str) -> None:
        for key in sorted({key for key in keys if key and keys.count(key) > 1}):
            self._say(where, f"{field} {key} is there twice")

    def _say_each(self, where: str, mistakes: Mapping[str, str]) -> None:
        """A mistake a field, unless something is said of the field already."""
        for field, what in mistakes.items():
            at = f"{where}: {field}"
            if not any(said.startswith(f"{at}: ") for said in self.mistakes):
                self._say(at, what)

    def _say(self, where: str, what: str) -> None:
        self.mistakes.append(f"{where}: {what}.")
