"""A campaign's milestones, each once ever."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.milestone import Milestone, What
from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given, values_of
from storage.tables.outcomes import milestones

_CAMPAIGN = given("the_campaign")
_WHAT = sa.bindparam("the_what", type_=milestones.c.what.type)
_GET = sa.select(milestones).where(milestones.c.campaign_id == _CAMPAIGN, milestones.c.what == _WHAT)
_OF_HANDOFF = sa.select(milestones).where(milestones.c.handoff_id == given("the_one")).order_by(milestones.c.what)
_KEY = ["campaign_id", "what"]
# One that was a mistake makes way for the first that is none.
_ADD = on_both(
    milestones,
    lambda insert: insert.on_conflict_do_update(
        index_elements=_KEY,
        set_={column.name: insert.excluded[column.name] for column in milestones.c if column.name not in _KEY},
        where=milestones.c.corrected_at.is_not(None),
    ),
)
_CORRECT = (
    milestones.update()
    .where(milestones.c.campaign_id == _CAMPAIGN, milestones.c.what == _WHAT)
    .values(corrected_at=sa.bindparam("new_corrected_at", type_=milestones.c.corrected_at.type))
)


class Milestones(Repository):
    __slots__ = ()

    def get(self, campaign_id: str, what: What) -> Milestone | None:
        row = self._first(_GET, the_campaign=campaign_id, the_what=what)
        return None if row is None else Milestone(**row._asdict())

    def of_handoff(self, handoff_id: str) -> list[Milestone]:
        """Those reached with this handoff."""
        return [Milestone(**row._asdict()) for row in self._all(_OF_HANDOFF, the_one=handoff_id)]

    def add(self, milestone: Milestone) -> bool:
        """It is reached; False when the campaign had reached it before, and that was no mistake."""
        return self._change(_ADD[self._dialect], values_of(milestone)) == 1

    def set_corrected(self, milestone: Milestone) -> None:
        """It is, or is no more, known to be a mistake, as `milestone.corrected_at` says."""
        key = {"the_campaign": milestone.campaign_id, "the_what": milestone.what}
        self._change(_CORRECT, {**key, "new_corrected_at": milestone.corrected_at})
