"""What each person decided for themselves."""

from __future__ import annotations

from datetime import time

import sqlalchemy as sa

from bot.domain.brief import PersonSettings
from bot.domain.budget import How, Kind
from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given
from storage.tables.roster import ON_ROSTER, people, person_settings

_GET = sa.select(person_settings).where(person_settings.c.person_id == given("the_one"))
_CHANNELS = (
    sa.select(people.c.name, person_settings.c.channel)
    .join(people, people.c.id == person_settings.c.person_id)
    .where(person_settings.c.channel.is_not(None), ON_ROSTER)
    .order_by(people.c.name, people.c.id)
)
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

    def channels(self) -> list[tuple[str, str]]:
        """The name of everybody of the roster whose brief comes in a channel, and the channel."""
        return [(row.name, row.channel) for row in self._all(_CHANNELS)]

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
