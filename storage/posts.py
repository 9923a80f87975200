"""Posts: where something we said stands in Slack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.domain.handoff import End
from bot.domain.post import Post, PostRole, Subject
from storage.repository import Repository
from storage.rows import given, new, values_of
from storage.tables.columns import is_one_of, is_word
from storage.tables.disputes import disputes
from storage.tables.handoffs import handoffs
from storage.tables.posts import IN_THREAD, IS_CARD, IS_PRIMARY, IS_SUMMARY, IS_TO_COME, WAITS, posts

LATEST = 3
"""Handoffs of a lead whose posts follow it: the present one and the two before."""

_ONE = given("the_one")
_AT_MOST = sa.bindparam("at_most", type_=sa.Integer)
_GET = sa.select(posts).where(posts.c.id == _ONE)
_OF_SUBJECT = (
    sa.select(posts)
    .where(posts.c.subject_id == _ONE, posts.c.subject == sa.bindparam("the_subject", type_=posts.c.subject.type))
    .order_by(posts.c.id)
)
_LATEST_OF_SUBJECT = _OF_SUBJECT.order_by(None).order_by(posts.c.id.desc()).limit(1)
_OF_LEAD = sa.select(posts).where(posts.c.lead_id == _ONE).order_by(posts.c.id)
_LATEST = (
    sa.select(handoffs.c.id)
    # What was undone left its cards to its successor.
    .where(handoffs.c.lead_id == _ONE, handoffs.c.end.is_distinct_from(sa.literal_column(f"'{End.UNDONE}'")))
    .order_by(handoffs.c.id.desc())
    .limit(LATEST)
)
_LATEST_CASES = (
    sa.select(disputes.c.case_id).where(disputes.c.lead_id == _ONE).order_by(disputes.c.id.desc()).limit(LATEST)
)
_FOLLOWED = sa.select(_LATEST.subquery().c.id).union_all(sa.select(_LATEST_CASES.subquery().c.case_id))
_FOLLOWING = (
    sa.select(posts)
    .where(posts.c.subject_id.in_(_FOLLOWED))
    .where(is_one_of(posts.c.subject, (Subject.HANDOFF, Subject.REJECT_NOTICE, Subject.DISPUTE)))
    .order_by(posts.c.id)
)
_IN_THREAD_OF = sa.select(posts).where(IN_THREAD, posts.c.thread_of == _ONE, IS_TO_COME).order_by(posts.c.id)
_PRIMARY = sa.select(posts).where(posts.c.subject_id == _ONE, IS_PRIMARY)
_BY_MESSAGE = sa.select(posts).where(
    posts.c.channel == sa.bindparam("the_channel"), posts.c.ts == sa.bindparam("the_ts")
)
_PLACE = sa.bindparam("the_place", type_=posts.c.place.type)
_SINCE = sa.bindparam("the_instant", type_=posts.c.created_at.type)
_MADE_SINCE = sa.bindparam("made_since", type_=posts.c.created_at.type)


def _count_cards(*condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    found = sa.select(posts.c.id).where(posts.c.place == _PLACE, IS_CARD, *condition).limit(_AT_MOST)
    return sa.select(sa.func.count()).select_from(found.subquery())


_COUNT_SHOWN = _count_cards(posts.c.posted_at.is_not(None), posts.c.posted_at > _SINCE)
_COUNT_TO_COME = _count_cards(IS_TO_COME, posts.c.created_at > _MADE_SINCE)
_LATEST_SUMMARY = (
    sa.select(posts)
    .where(posts.c.place == _PLACE, posts.c.created_at > _MADE_SINCE, IS_SUMMARY)
    .where(sa.or_(sa.and_(posts.c.posted_at > _SINCE, posts.c.gone.is_(None)), IS_TO_COME))
    .order_by(posts.c.created_at.desc())
    .limit(1)
)
_LOCK_PLACE = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_ADD = posts.insert()
_MOVE = (
    posts.update()
    .where(posts.c.subject_id == _ONE, is_word(posts.c.subject, Subject.HANDOFF))
    .values(subject_id=new("subject_id"))
)
_SHOWN = (
    posts.update()
    .where(posts.c.id == _ONE)
    .values(
        channel=new("channel"),
        ts=new("ts"),
        shown_version=new("shown_version"),
        posted_at=sa.func.coalesce(posts.c.posted_at, sa.bindparam("the_now", type_=posts.c.posted_at.type)),
    )
)
_GONE = posts.update().where(posts.c.id == _ONE).values(gone=new("gone"), waits=new("waits"))
_PLACES_WAITING = sa.select(posts.c.place).where(WAITS).distinct().order_by(posts.c.place)
_WAITING_AT = sa.select(posts).where(WAITS, posts.c.place == _ONE).order_by(posts.c.id).limit(_AT_MOST)
_COUNT_WAITING_AT = sa.select(sa.func.count()).select_from(posts).where(WAITS, posts.c.place == _ONE)
_SAVE_DATA = posts.update().where(posts.c.id == _ONE).values(data=sa.bindparam("new_data", type_=posts.c.data.type))


class Posts(Repository):
    __slots__ = ()

    def add(
        self,
        subject: Subject,
        subject_id: str,
        place: str,
        role: PostRole,
        lead_id: str | None,
        data: Mapping[str, Any],
        *,
        listed_in: str | None = None,
        thread_of: str | None = None,
    ) -> Post:
        """A post nobody sees yet, with a new opaque key; with `listed_in` one that stands in that summary, with
        `thread_of` one in the thread of that post."""
        post = Post(
            id=self._tx.new_id(),
            subject=subject,
            subject_id=subject_id,
            lead_id=lead_id,
            place=place,
            role=role,
            key=self._tx.new_key(),
            listed_in=listed_in,
            thread_of=thread_of,
            data=dict(data),
            created_at=self._tx.now,
        )
        self._change(_ADD, values_of(post))
        return post

    def get(self, post_id: str) -> Post | None:
        row = self._first(_GET, the_one=post_id)
        return None if row is None else Post(**row._asdict())

    def of_subject(self, subject: Subject, subject_id: str) -> list[Post]:
        """The oldest first."""
        return [Post(**row._asdict()) for row in self._all(_OF_SUBJECT, the_one=subject_id, the_subject=subject)]

    def latest(self, subject: Subject, subject_id: str) -> Post | None:
        """The newest of them."""
        row = self._first(_LATEST_OF_SUBJECT, the_one=subject_id, the_subject=subject)
        return None if row is None else Post(**row._asdict())

    def of_lead(self, lead_id: str) -> list[Post]:
        """The oldest first."""
        return [Post(**row._asdict()) for row in self._all(_OF_LEAD, the_one=lead_id)]

    def following(self, lead_id: str) -> list[Post]:
        """The cards and reject notices of the lead's LATEST handoffs, and what was said of its LATEST disputes, the
        oldest first."""
        return [Post(**row._asdict()) for row in self._all(_FOLLOWING, the_one=lead_id)]

    def to_come_in_thread_of(self, post_id: str) -> list[Post]:
        """What is still to be shown in the thread of this post, the oldest first."""
        return [Post(**row._asdict()) for row in self._all(_IN_THREAD_OF, the_one=post_id)]

    def primary(self, handoff_id: str) -> Post | None:
        """The card with the decision buttons, unless Slack can never show it."""
        row = self._first(_PRIMARY, the_one=handoff_id)
        return None if row is None else Post(**row._asdict())

    def by_message(self, channel: str, ts: str) -> Post | None:
        row = self._first(_BY_MESSAGE, the_channel=channel, the_ts=ts)
        return None if row is None else Post(**row._asdict())

    def lock_place(self, place: str) -> None:
        """Nobody else counts the cards of this place before this transaction ends."""
        if self._dialect == "postgresql":
            self._connection.execute(_LOCK_PLACE, {"name": f"place:{place}"})

    def count_cards(self, place: str, since: datetime, made_since: datetime, most: int) -> int:
        """How many cards were shown in this place after `since`, and how many made after `made_since` are still to
        be; each counted up to `most`."""
        shown = self._value(_COUNT_SHOWN, the_place=place, the_instant=since, at_most=most)
        return int(shown) + int(self._value(_COUNT_TO_COME, the_place=place, made_since=made_since, at_most=most))

    def latest_summary(self, place: str, since: datetime, made_since: datetime) -> Post | None:
        """The newest summary of this place that was shown after `since`, or, made after `made_since`, is still to be;
        never one that Slack can never show."""
        row = self._first(_LATEST_SUMMARY, the_place=place, the_instant=since, made_since=made_since)
        return None if row is None else Post(**row._asdict())

    def move(self, from_subject_id: str, to_subject_id: str) -> None:
        """The cards of one handoff are now those of the other."""
        self._change(_MOVE, {"the_one": from_subject_id, "new_subject_id": to_subject_id})

    def shown(self, post_id: str, channel: str, ts: str, version: int) -> None:
        """The post stands at `ts` in `channel` and shows `version`."""
        stands = {"new_channel": channel, "new_ts": ts, "new_shown_version": version}
        self._change(_SHOWN, {"the_one": post_id, "the_now": self._tx.now, **stands})
        crash_points.reached(CrashPoint.DISPATCH_RECORDING)

    def gone(self, post_id: str, why: str, *, waits: bool = False) -> None:
        """The post is shown no more; if it `waits`, until `why` is mended."""
        self._change(_GONE, {"the_one": post_id, "new_gone": why, "new_waits": waits})

    def back(self, post_id: str) -> None:
        """The post can be shown (again)."""
        self._change(_GONE, {"the_one": post_id, "new_gone": None, "new_waits": False})

    def places_waiting(self) -> list[str]:
        """Where posts wait for something to be mended."""
        return [row.place for row in self._all(_PLACES_WAITING)]

    def waiting_at(self, place: str, limit: int) -> list[Post]:
        """What waits there, the oldest first."""
        return [Post(**row._asdict()) for row in self._all(_WAITING_AT, the_one=place, at_most=limit)]

    def count_waiting_at(self, place: str) -> int:
        return int(self._value(_COUNT_WAITING_AT, the_one=place))

    def back_unless_replaced(self, post_id: str) -> bool:
        """The post may be shown again; False when another card took its place."""
        post = self.get(post_id)
        if post is None or post.gone is None:
            return post is not None
        if post.subject is Subject.HANDOFF and post.role is PostRole.PRIMARY and self.primary(post.subject_id):
            return False
        self.back(post_id)
        return True

    def save_data(self, post_id: str, data: Mapping[str, Any]) -> None:
        self._change(_SAVE_DATA, {"the_one": post_id, "new_data": dict(data)})
