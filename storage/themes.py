"""Themes: field notes that say the same."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from bot.domain.note import Theme
from storage.repository import Repository
from storage.rows import Row, changes, given, update_of, values_of
from storage.tables.notes import themes

_ONE = given("the_one")
_GET = sa.select(themes).where(themes.c.id == _ONE)
_LOCK = _GET.with_for_update()
_GET_MANY = sa.select(themes).where(themes.c.id.in_(given("the_ids", expanding=True)))
_ADD = themes.insert()
_SAVE = update_of(themes).where(themes.c.id == _ONE)


class Themes(Repository):
    __slots__ = ()

    def get(self, theme_id: str) -> Theme | None:
        row = self._first(_GET, the_one=theme_id)
        return None if row is None else theme_of(row)

    def get_many(self, theme_ids: Iterable[str]) -> dict[str, Theme]:
        """By id; those that are not there are not in it."""
        return {row.id: theme_of(row) for row in self._all(_GET_MANY, the_ids=list(set(theme_ids)))}

    def present(self, theme_id: str) -> Theme | None:
        """The theme, or the one it was merged into."""
        found = self.get(theme_id)
        while found is not None and found.merged_into is not None:
            found = self.get(found.merged_into)
        return found

    def lock(self, *theme_ids: str) -> dict[str, Theme]:
        """By id, locked in the order of their ids; after leads and handoffs, before notes and people."""
        found: dict[str, Theme] = {}
        for theme_id in sorted(set(theme_ids)):
            row = self._first(_LOCK, the_one=theme_id)
            if row is not None:
                found[theme_id] = theme_of(row)
        return found

    def add(self, theme: Theme) -> None:
        self._change(_ADD, values_of(theme))

    def save(self, theme: Theme) -> None:
        """The caller holds its lock."""
        self._change(_SAVE, {"the_one": theme.id, **changes(values_of(theme))})


def theme_of(row: Row) -> Theme:
    """The theme of a row that has every column of the table."""
    return Theme(**{column.name: row._mapping[column.name] for column in themes.c})
