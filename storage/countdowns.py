"""The windows that run, and how those that ran ended. One a kind and subject."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.countdown import CountdownKind, Running
from bot.domain.person import Person
from storage.dialect import on_both
from storage.people import person_of
from storage.repository import Repository
from storage.rows import Row, changes, given, update_of
from storage.tables.clock import RUNS, countdowns
from storage.tables.columns import is_word
from storage.tables.handoffs import IS_OFFERED, IS_REAL, handoffs
from storage.tables.posts import IS_PRIMARY, posts
from storage.tables.roster import people

_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)

_ONE = given("the_one")
_SUBJECT = given("the_subject")
_KIND = sa.bindparam("the_kind", type_=countdowns.c.kind.type)
_OF_KIND = countdowns.c.kind == _KIND

_GET = sa.select(countdowns).where(countdowns.c.id == _ONE)
_LOCK = _GET.with_for_update(key_share=True)
_TRY_LOCK = _GET.with_for_update(key_share=True, skip_locked=True)
_OF = sa.select(countdowns).where(_OF_KIND, countdowns.c.subject_id == _SUBJECT)
_LOCK_OF = _OF.with_for_update(key_share=True)
_summaries = posts.alias("summary")
# When the card of a handoff stood in Slack, or the summary that lists it, and whether it is still to come.
_WITH_CARD = (
    sa.select(
        countdowns.c.id.label("countdown_id"),
        *(column for column in countdowns.c if column.name != "id"),
        people,
        sa.func.coalesce(posts.c.posted_at, _summaries.c.posted_at).label("shown_at"),
        posts.c.id.label("post_id"),
    )
    .join(people, people.c.id == countdowns.c.owner_id, isouter=True)
    .join(posts, sa.and_(posts.c.subject_id == countdowns.c.subject_id, IS_PRIMARY), isouter=True)
    .join(_summaries, _summaries.c.id == posts.c.listed_in, isouter=True)
    .where(_OF_KIND, countdowns.c.subject_id == _SUBJECT)
    .with_for_update(of=countdowns, key_share=True)
)
_OF_MANY = sa.select(countdowns).where(_OF_KIND, countdowns.c.subject_id.in_(given("the_subjects", expanding=True)))
# In one order, so that two who plan anew do not wait for each other.
_OF_OWNER = (
    sa.select(countdowns)
    .where(countdowns.c.owner_id == _ONE, RUNS)
    .order_by(countdowns.c.id)
    .with_for_update(key_share=True)
)
_OF_TEAM = (
    sa.select(countdowns)
    .where(countdowns.c.team_id == _ONE, countdowns.c.owner_id.is_(None), RUNS)
    .order_by(countdowns.c.id)
    .with_for_update(key_share=True)
)
_OF_AGREEMENT = (
    sa.select(countdowns)
    .where(countdowns.c.agreement_id == _ONE, countdowns.c.id > sa.bindparam("the_last"), RUNS)
    .order_by(countdowns.c.id)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
    .with_for_update(key_share=True)
)
_WITHOUT = (
    sa.select(handoffs.c.id, handoffs.c.lead_id)
    .where(IS_OFFERED, IS_REAL)
    .where(
        ~sa.exists().where(is_word(countdowns.c.kind, CountdownKind.ACCEPT), countdowns.c.subject_id == handoffs.c.id)
    )
    .order_by(handoffs.c.offered_at, handoffs.c.id)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)
_START = on_both(
    countdowns,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["kind", "subject_id"],
        set_={column.name: insert.excluded[column.name] for column in countdowns.c if column.name != "id"},
    ).returning(countdowns.c.id),
)
_SAVE = update_of(countdowns, without=("kind", "subject_id", "agreement_id", "started_at")).where(
    countdowns.c.id == _ONE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """When a handoff's card was first shown in Slack; `is_to_come`: it is still to be. Neither: Slack does not take
    it."""

    shown_at: datetime | None
    is_to_come: bool


class Countdowns(Repository):
    __slots__ = ()

    def get(self, countdown_id: str) -> Running | None:
        return self._one(_GET, the_one=countdown_id)

    def lock(self, countdown_id: str) -> Running | None:
        """The countdown; nobody else locks or changes it before this transaction ends."""
        return self._one(_LOCK, the_one=countdown_id)

    def try_lock(self, countdown_id: str) -> Running | None:
        """As lock, but None when somebody else has it locked."""
        return self._one(_TRY_LOCK, the_one=countdown_id)

    def of(self, kind: CountdownKind, subject_id: str) -> Running | None:
        """The one of this kind and subject, whether it runs or has ended."""
        return self._one(_OF, the_kind=kind, the_subject=subject_id)

    def lock_of(self, kind: CountdownKind, subject_id: str) -> Running | None:
        """As of; nobody else locks or changes it before this transaction ends."""
        return self._one(_LOCK_OF, the_kind=kind, the_subject=subject_id)

    def lock_with_card(self, kind: CountdownKind, handoff_id: str) -> tuple[Running, Person | None, Card] | None:
        """As lock_of, of a handoff, with its owner and where the card stands."""
        row = self._first(_WITH_CARD, the_kind=kind, the_subject=handoff_id)
        if row is None:
            return None
        owner = person_of(row) if row.owner_id is not None else None
        card = Card(shown_at=row.shown_at, is_to_come=row.post_id is not None and row.shown_at is None)
        return running_of(row, row.countdown_id), owner, card

    def of_many(self, kind: CountdownKind, subject_ids: Iterable[str]) -> dict[str, Running]:
        """By subject; subjects that have none are not in it."""
        ids = list(dict.fromkeys(subject_ids))
        found = self._all(_OF_MANY, the_kind=kind, the_subjects=ids) if ids else []
        return {row.subject_id: running_of(row) for row in found}

    def lock_of_owner(self, person_id: str) -> list[Running]:
        """Those that run on this person's calendar, locked, in one order."""
        return [running_of(row) for row in self._all(_OF_OWNER, the_one=person_id)]

    def lock_of_team(self, team_id: str) -> list[Running]:
        """Those that run on this team's calendar, locked, in one order."""
        return [running_of(row) for row in self._all(_OF_TEAM, the_one=team_id)]

    def lock_of_agreement(self, agreement_id: str, after: str, at_most: int) -> list[Running]:
        """Those that run under this agreement with an id after `after`, locked, by id."""
        rows = self._all(_OF_AGREEMENT, the_one=agreement_id, the_last=after, at_most=at_most)
        return [running_of(row) for row in rows]

    def offers_without(self, at_most: int) -> list[tuple[str, str]]:
        """Open offers that have no window, with their leads: (handoff, lead), the longest waiting first."""
        return [(row.id, row.lead_id) for row in self._all(_WITHOUT, at_most=at_most)]

    def start(self, running: Running) -> Running:
        """It runs, in place of one of the same kind and subject; as stored: that one's id stays."""
        kept = self._value(_START[self._dialect], **_values(running))
        return running if kept == running.id else replace(running, id=str(kept))

    def save(self, running: Running) -> None:
        """What changes while it runs, and its end, are as `running` says."""
        self._change(_SAVE, {"the_one": running.id, **changes(_values(running))})

    def _one(self, statement: sa.Executable, **parameters: Any) -> Running | None:
        row = self._first(statement, **parameters)
        return None if row is None else running_of(row)


def running_of(row: Row, countdown_id: str | None = None) -> Running:
    """The countdown of a row that has every column of `countdowns`, and maybe others; `countdown_id` where the row's
    `id` is another's."""
    return Running(
        id=countdown_id or row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        agreement_id=row.agreement_id,
        lead_id=row.lead_id,
        owner_id=row.owner_id,
        team_id=row.team_id,
        window=timedelta(seconds=row.window_s),
        counted=timedelta(microseconds=row.counted_us),
        since=row.since,
        due_at=row.due_at,
        step=row.step,
        snoozed_until=row.snoozed_until,
        started_at=row.started_at,
        ended_at=row.ended_at,
        result=row.result,
    )


_PLAIN = (
    "id", "kind", "subject_id", "agreement_id", "lead_id", "owner_id", "team_id", "since", "due_at", "step",
    "snoozed_until", "started_at", "ended_at", "result",
)  # fmt: skip


def _values(running: Running) -> dict[str, Any]:
    values = {name: getattr(running, name) for name in _PLAIN}
    return values | {"window_s": running.window // _SECOND, "counted_us": running.counted // _MICROSECOND}
