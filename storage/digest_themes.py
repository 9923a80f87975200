"""Which themes of field notes a digest showed: what is taken back or erased is gone from just these,
and nothing else moves up into its place."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given
from storage.tables.digests import digest_themes

_ADD = on_both(digest_themes, lambda insert: insert.on_conflict_do_nothing(index_elements=["theme_id", "digest_id"]))
_SHOWING = (
    sa.select(digest_themes.c.digest_id)
    .where(digest_themes.c.theme_id == given("the_one"))
    .order_by(digest_themes.c.digest_id)
)
_SHOWN = sa.select(digest_themes.c.theme_id).where(digest_themes.c.digest_id == given("the_one"))
_FOLLOW = on_both(
    digest_themes,
    lambda insert: insert.from_select(
        ["theme_id", "digest_id"],
        sa.select(sa.bindparam("new_theme", type_=digest_themes.c.theme_id.type), digest_themes.c.digest_id).where(
            digest_themes.c.theme_id == given("the_one")
        ),
    ).on_conflict_do_nothing(index_elements=["theme_id", "digest_id"]),
)


class DigestThemes(Repository):
    __slots__ = ()

    def remember(self, digest_id: str, theme_ids: Collection[str]) -> None:
        """The digest shows these themes."""
        rows = [{"theme_id": theme_id, "digest_id": digest_id} for theme_id in sorted(theme_ids)]
        self._change_each(_ADD[self._dialect], rows)

    def showing(self, theme_id: str) -> list[str]:
        """The ids of the digests that showed the theme."""
        return [row.digest_id for row in self._all(_SHOWING, the_one=theme_id)]

    def shown(self, digest_id: str) -> frozenset[str]:
        """The ids of the themes the digest showed."""
        return frozenset(row.theme_id for row in self._all(_SHOWN, the_one=digest_id))

    def follow(self, theme_id: str, into: str) -> None:
        """Digests that showed the one theme show the other from now on: its notes are there."""
        self._change(_FOLLOW[self._dialect], {"the_one": theme_id, "new_theme": into})
