"""Briefs: what waits to be said to whom, and what was said in which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.brief import Brief, BriefItem
from bot.domain.budget import Kind
from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given, values_of
from storage.tables.briefs import OF_MORNING, WAITS_FOR_BRIEF, brief_items, brief_leads, briefs
from storage.tables.handoffs import IS_OFFERED, IS_OWNED, handoffs

_ONE = given("the_one")
_KINDS = sa.bindparam("the_kinds", type_=brief_items.c.kind.type, expanding=True)
_KIND = sa.bindparam("the_kind", type_=brief_items.c.kind.type)
_BRIEF = given("the_brief")
_AT_MOST = sa.bindparam("at_most", type_=sa.Integer)
_SKIPPED = sa.bindparam("skipped", type_=sa.Integer)
_BEFORE = sa.bindparam("before", type_=briefs.c.created_at.type)

_WAITING = sa.and_(brief_items.c.person_id == _ONE, WAITS_FOR_BRIEF)
_OF_BRIEF = sa.and_(brief_items.c.brief_id == _ONE, brief_items.c.brief_id.is_not(None))
# It happened again while it waited: the latest holds, and is counted.
_KEEP = on_both(
    brief_items,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["person_id", "kind", "subject_id"],
        index_where=WAITS_FOR_BRIEF,
        set_={"data": insert.excluded.data, "times": brief_items.c.times + 1},
    ),
)
_WAITS = sa.select(brief_items.c.id).where(_WAITING).limit(1)
_WAITING_COUNTS = (
    sa.select(brief_items.c.kind, sa.func.count().label("items")).where(_WAITING).group_by(brief_items.c.kind)
)
_FORGET_KINDS = brief_items.delete().where(_WAITING, brief_items.c.kind.in_(_KINDS))
_STILL_THEIRS = (
    sa.select(handoffs.c.id)
    .where(handoffs.c.lead_id == brief_items.c.lead_id, handoffs.c.rep_id == _ONE, sa.or_(IS_OFFERED, IS_OWNED))
    .exists()
)
_FORGET_ONE = brief_items.delete().where(
    brief_items.c.person_id.in_(given("the_people", expanding=True)),
    brief_items.c.kind == _KIND,
    brief_items.c.subject_id == given("the_subject"),
    WAITS_FOR_BRIEF,
)
_THEIRS = sa.and_(brief_items.c.person_id.in_(given("the_people", expanding=True)), brief_items.c.kind == _KIND)
_other = brief_items.alias("other")
_IS_SAID_OF_OTHER = (
    sa.select(_other.c.id)
    .where(
        _other.c.person_id == brief_items.c.person_id,
        _other.c.kind == brief_items.c.kind,
        _other.c.subject_id == given("new_subject"),
        _other.c.brief_id.is_(None),
    )
    .exists()
)
_FOLLOW = (
    brief_items.update()
    .where(_THEIRS, brief_items.c.subject_id == given("the_subject"), WAITS_FOR_BRIEF, sa.not_(_IS_SAID_OF_OTHER))
    .values(subject_id=given("new_subject"))
)
_FORGET_OTHERS = brief_items.delete().where(_WAITING, brief_items.c.kind.in_(_KINDS), sa.not_(_STILL_THEIRS))
_TAKE = brief_items.update().where(_WAITING).values(brief_id=sa.bindparam("new_brief_id"))
_ADD = briefs.insert()
_GET = sa.select(briefs).where(briefs.c.id == _ONE)
_LAST_DAY = sa.select(briefs.c.day).where(briefs.c.person_id == _ONE, OF_MORNING).order_by(briefs.c.day.desc()).limit(1)
_COUNTS = sa.select(brief_items.c.kind, sa.func.count().label("items")).where(_OF_BRIEF).group_by(brief_items.c.kind)
_ITEMS = (
    sa.select(brief_items)
    .where(_OF_BRIEF, brief_items.c.kind == _KIND)
    .order_by(brief_items.c.id)
    .limit(_AT_MOST)
    .offset(_SKIPPED)
)
_OF_LEAD = sa.union(
    sa.select(brief_items.c.brief_id).where(brief_items.c.lead_id == _ONE, brief_items.c.brief_id.is_not(None)),
    sa.select(brief_leads.c.brief_id).where(brief_leads.c.lead_id == _ONE),
)
_REMEMBER_LEADS = brief_leads.insert().from_select(
    ["lead_id", "brief_id"],
    sa.select(brief_items.c.lead_id, brief_items.c.brief_id)
    .where(brief_items.c.brief_id == _BRIEF, brief_items.c.brief_id.is_not(None), brief_items.c.lead_id.is_not(None))
    .distinct(),
)
_FORGET_WHERE = brief_leads.delete().where(brief_leads.c.lead_id == _ONE)
_FORGET_ABOUT = brief_items.delete().where(
    brief_items.c.lead_id == _ONE, brief_items.c.lead_id.is_not(None), brief_items.c.kind == _KIND, WAITS_FOR_BRIEF
)
_FORGET_LEAD = brief_items.delete().where(brief_items.c.lead_id == _ONE)
_OLD = sa.select(briefs.c.id).where(briefs.c.created_at < _BEFORE).order_by(briefs.c.created_at).limit(_AT_MOST)
_PRUNE_ITEMS = brief_items.delete().where(brief_items.c.brief_id == _BRIEF, brief_items.c.brief_id.is_not(None))
_PRUNE = briefs.delete().where(briefs.c.id == _BRIEF)


class Briefs(Repository):
    __slots__ = ()

    def keep(
        self, person_id: str, kind: Kind, subject_id: str, lead_id: str | None, data: Mapping[str, Any]
    ) -> None:  # fmt: skip
        """It waits for the person's next brief; what waits already about the same subject says this instead."""
        item = BriefItem(
            id=self._tx.new_id(),
            person_id=person_id,
            kind=kind,
            subject_id=subject_id,
            lead_id=lead_id,
            data=dict(data),
            times=1,
            created_at=self._tx.now,
        )
        self._change(_KEEP[self._dialect], values_of(item))

    def waits(self, person_id: str) -> bool:
        """Whether anything waits for the person's next brief."""
        return self._first(_WAITS, the_one=person_id) is not None

    def waiting(self, person_id: str) -> dict[Kind, int]:
        """How much of which kind waits for the person's next brief."""
        return {row.kind: row.items for row in self._all(_WAITING_COUNTS, the_one=person_id)}

    def forget(self, person_id: str, kinds: Sequence[Kind]) -> None:
        """What waits of these kinds is not said."""
        self._change(_FORGET_KINDS, {"the_one": person_id, "the_kinds": list(kinds)})

    def forget_one(self, person_ids: Sequence[str], kind: Kind, subject_id: str) -> None:
        """What waits for these people of this kind about this subject is not said."""
        if person_ids:
            asked = {"the_people": list(person_ids), "the_kind": kind, "the_subject": subject_id}
            self._change(_FORGET_ONE, asked)

    def follow(self, person_ids: Sequence[str], kind: Kind, subject_id: str, into: str) -> None:
        """What waits for these people of this kind about one subject is said of the other; once, where both wait."""
        if person_ids:
            asked = {"the_people": list(person_ids), "the_kind": kind, "the_subject": subject_id}
            self._change(_FOLLOW, asked | {"new_subject": into})
            self._change(_FORGET_ONE, asked)

    def forget_about(self, lead_id: str, kind: Kind) -> None:
        """Nothing of this kind about the lead waits to be said."""
        self._change(_FORGET_ABOUT, {"the_one": lead_id, "the_kind": kind})

    def forget_others(self, person_id: str, kinds: Sequence[Kind]) -> None:
        """What waits of these kinds about leads that are not with this person any more is not said."""
        self._change(_FORGET_OTHERS, {"the_one": person_id, "the_kinds": list(kinds)})

    def add(self, brief: Brief) -> None:
        """Everything that waits for the person is said in `brief`. Raises on a second one of a morning."""
        self._change(_ADD, values_of(brief) | {"day": brief.day.isoformat()})
        self._change(_TAKE, {"the_one": brief.person_id, "new_brief_id": brief.id})

    def get(self, brief_id: str) -> Brief | None:
        row = self._first(_GET, the_one=brief_id)
        return None if row is None else Brief(**row._asdict() | {"day": date.fromisoformat(row.day)})

    def last_day(self, person_id: str) -> date | None:
        """The local day of the person's last brief of a morning."""
        found = self._value(_LAST_DAY, the_one=person_id)
        return None if found is None else date.fromisoformat(found)

    def counts(self, brief_id: str) -> dict[Kind, int]:
        """How much of which kind is said in it."""
        return {row.kind: row.items for row in self._all(_COUNTS, the_one=brief_id)}

    def items(self, brief_id: str, kind: Kind, limit: int, skipped: int = 0) -> list[BriefItem]:
        """What is said in it of one kind, the oldest first."""
        rows = self._all(_ITEMS, the_one=brief_id, the_kind=kind, at_most=limit, skipped=skipped)
        return [BriefItem(**row._asdict()) for row in rows]

    def of_lead(self, lead_id: str) -> list[str]:
        """Ids of the briefs in which the lead stands, also of those that are forgotten."""
        return [row.brief_id for row in self._all(_OF_LEAD, the_one=lead_id)]

    def forget_lead(self, lead_id: str) -> None:
        """Nothing about the lead is said any more, nor kept."""
        self._change(_FORGET_LEAD, {"the_one": lead_id})
        self._change(_FORGET_WHERE, {"the_one": lead_id})

    def prune(self, before: datetime, limit: int = 100) -> int:
        """The oldest briefs made before `before` are forgotten, at most so many; how many were. Which leads stood in
        them is kept: the messages stand in Slack for good, and whoever is erased is to be gone from them too."""
        old = [{"the_brief": row.id} for row in self._all(_OLD, before=before, at_most=limit)]
        self._change_each(_REMEMBER_LEADS, old)
        self._change_each(_PRUNE_ITEMS, old)
        self._change_each(_PRUNE, old)
        return len(old)
