"""What each person decided for themselves."""

from __future__ import annotations

from datetime import time

import sqlalchemy as sa

from bot.domain.brief import PersonSettings
from bot.domain.budget import How, Kind
from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given
from storage.tables import person_settings

_GET = sa.select(person_settings).where(person_settings.c.person_id == given("the_one"))
_SAVE = on_both(
    person_settings,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["person_id"],
        set_={name: insert.excluded[name] for name in ("kinds", "brief_at", "channel")},
    ),
)


class PeoplesSettings(Repository):
    __slots__ = ()

    def of(self, person_id: str) -> PersonSettings:
        """The defaults for somebody who decided nothing."""
        row = self._first(_GET, the_one=person_id)
        if row is None:
            return PersonSettings(person_id=person_id)
        return PersonSettings(
            person_id=person_id,
            kinds={Kind(kind): How(how) for kind, how in row.kinds.items() if kind in list(Kind) and how in list(How)},
            brief_at=time.fromisoformat(row.brief_at) if row.brief_at else None,
            channel=row.channel,
        )

    def save(self, settings: PersonSettings) -> None:
        self._change(
            _SAVE[self._dialect],
            {
                "person_id": settings.person_id,
                "kinds": {kind.value: how.value for kind, how in settings.kinds.items()},
                "brief_at": settings.brief_at.strftime("%H:%M") if settings.brief_at else None,
                "channel": settings.channel,
            },
        )
