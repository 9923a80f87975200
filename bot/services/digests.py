"""Digests as they are made: one a schedule and period, and now and then an extra one that somebody sends at once.

Whoever settles or changes a schedule first takes its timer, then its row: a sweep has the timer when it begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.domain import digest_times
from bot.domain.digest import Digest, DigestState, Schedule
from bot.domain.digest_times import Period, Settled, Times
from bot.domain.local_time import ago
from bot.domain.person import Person
from bot.domain.post import Post, PostRole, Subject, TimerKind
from bot.errors import NotFound, Refused
from bot.services import briefs, digest_content, posting
from bot.services.digest_content import Content
from bot.services.note_readers import readable
from storage.transaction import Transaction

GONE = "This digest is not there any more: somebody removed it."
AGAIN = timedelta(minutes=1)
"""So long after an extra digest there is no other: a second click is not a second wish."""
AHEAD = timedelta(days=3)
"""A change of zone moves a period by less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestShown:
    """A digest as it is read. `sent_by`: who had an extra one sent, beside the schedule; untrusted."""

    content: Content
    sent_by: str | None = None


def fire(tx: Transaction, schedule_id: str) -> None:
    """Every period of the schedule whose time has come is settled, and the next is due when it is to be."""
    schedule = tx.schedules.lock(schedule_id)
    if schedule is not None:
        put(tx, caught_up(tx, schedule))


def take(tx: Transaction, schedule_id: str) -> Schedule:
    """The schedule, in its present state, for a change in this transaction: what was due until now is settled by what
    held until now. `put` it back. Raises NotFound when it was removed."""
    tx.timers.cancel(TimerKind.DIGEST, schedule_id)
    schedule = tx.schedules.lock(schedule_id)
    if schedule is None or schedule.removed_at is not None:
        raise NotFound(GONE)
    return caught_up(tx, schedule)


def put(tx: Transaction, schedule: Schedule) -> None:
    """The schedule is stored, and its next digest is due when it says."""
    tx.schedules.save(schedule)
    if schedule.next_at is not None:
        tx.timers.set(TimerKind.DIGEST, schedule.id, schedule.next_at)
    else:
        tx.timers.cancel(TimerKind.DIGEST, schedule.id)


def times_of(schedule: Schedule) -> Times:
    return Times(weekdays=schedule.weekdays, at=schedule.at, tz=schedule.tz)


def upcoming(schedule: Schedule) -> Period | None:
    """What comes next; None while it is off."""
    if schedule.next_period is None or schedule.next_at is None:
        return None
    return Period(day=schedule.next_period, due_at=schedule.next_at)


def settled_near(tx: Transaction, schedule: Schedule, day: date) -> frozenset[date]:
    """The settled periods around `day` and after."""
    return tx.digests.settled(schedule.id, day - AHEAD)


def caught_up(tx: Transaction, schedule: Schedule) -> Schedule:
    """The schedule after everything due by now is settled. One for somebody who is not there any more is off."""
    following = upcoming(schedule)
    if following is None or following.due_at > tx.now:
        return schedule
    if reader_left(tx, schedule):
        return _off(tx, schedule)
    settled = settled_near(tx, schedule, following.day)
    caught = digest_times.catch_up(times_of(schedule), following, tx.now, settled)
    for one in caught.settled:
        schedule = settle(tx, schedule, one)
    return replace(schedule, next_period=caught.next.day, next_at=caught.next.due_at)


def settle(tx: Transaction, schedule: Schedule, settled: Settled) -> Schedule:
    """The period is sent, silent or skipped, for good; what the schedule has told of follows."""
    until_at = told = schedule.told_until
    content = None
    state = settled.state
    if state is DigestState.SENT:
        until_at = digest_times.told_until(told, tx.now)
        content = digest_content.load(tx, schedule, from_at=told, until_at=until_at, late_s=settled.late_s)
        if schedule.silent_when_empty and digest_content.is_empty(content):
            state = DigestState.SILENT
    digest = Digest(
        id=tx.new_id(),
        schedule_id=schedule.id,
        period=settled.period.day,
        state=state,
        due_at=settled.period.due_at,
        from_at=told,
        until_at=until_at,
        made_at=tx.now,
        late_s=settled.late_s,
    )
    tx.digests.add(digest)
    tx.events.add(
        f"digest.{state}",
        data={"schedule": schedule.id, "period": settled.period.day.isoformat(), "late_s": settled.late_s},
    )
    if state is DigestState.SENT and content is not None:
        _say(tx, schedule, digest, content)
        crash_points.reached(CrashPoint.DIGEST_SETTLED)
    return replace(schedule, told_until=until_at)


def send_now(tx: Transaction, schedule: Schedule, by: Person) -> None:
    """An extra digest of what happened since the last one goes to the schedule's place. It is no period's: the next one
    comes when it is due, and tells of all this too. Raises Refused."""
    latest = tx.digests.latest(schedule.id, 1)
    if latest and latest[0].sent_by is not None and tx.now - latest[0].made_at < AGAIN:
        raise Refused(f"It was sent {ago(latest[0].made_at, tx.now)}. Look whether it is there.")
    if reader_left(tx, schedule):
        raise Refused("The person it is for is not on the roster, or has no active account: choose somebody else.")
    digest = Digest(
        id=tx.new_id(),
        schedule_id=schedule.id,
        period=None,
        state=DigestState.SENT,
        due_at=tx.now,
        from_at=schedule.told_until,
        until_at=max(tx.now, schedule.told_until),
        made_at=tx.now,
        sent_by=by.id,
    )
    content = digest_content.load(tx, schedule, from_at=digest.from_at, until_at=digest.until_at)
    tx.digests.add(digest)
    tx.events.add("digest.sent_now", actor=by.id, origin="slack", data={"schedule": schedule.id})
    _say(tx, schedule, digest, content)


def preview(tx: Transaction, schedule: Schedule, by: Person) -> DigestShown:
    """What it would say now. One for somebody else's direct messages is shown as it would be to `by`: what the other
    may read is not everybody's. So is one for a channel, where `by` reads but their own field notes."""
    if not in_channel(schedule.place) or not readable(tx, by).all:
        schedule = replace(schedule, place=by.slack_id or schedule.place)
    until_at = max(tx.now, schedule.told_until)
    return DigestShown(content=digest_content.load(tx, schedule, from_at=schedule.told_until, until_at=until_at))


def load_digest(tx: Transaction, post: Post) -> DigestShown | None:
    """What the digest says; None when it is not there any more."""
    digest = tx.digests.get(post.subject_id)
    schedule = tx.schedules.get(digest.schedule_id) if digest is not None else None
    if digest is None or schedule is None:
        return None
    content = digest_content.load(
        tx,
        replace(schedule, place=post.place),
        from_at=digest.from_at,
        until_at=digest.until_at,
        late_s=digest.late_s,
        skipped=tx.digests.skipped_before(digest) if digest.sent_by is None else (),
    )
    sender = tx.people.get(digest.sent_by) if digest.sent_by else None
    content = digest_content.as_sent(tx, digest.id, content)
    return DigestShown(content=content, sent_by=sender.name if sender is not None else None)


def reader_left(tx: Transaction, schedule: Schedule) -> bool:
    """Whether it is for somebody who is not on the roster any more, or has no active account in Slack."""
    return not in_channel(schedule.place) and posting.reads(tx.people.by_slack_id(schedule.place)) is None


def in_channel(place: str) -> bool:
    """Whether a place is a channel; otherwise it is a person's direct message."""
    return place.startswith(digest_content.CHANNELS)


def _tell_reader_left(tx: Transaction, schedule: Schedule) -> None:
    """The admin hears that nobody reads this digest any more."""
    person = tx.people.by_slack_id(schedule.place)
    who = person.name if person is not None else "Somebody"
    text = (
        f"{who} is not on the roster any more, so the digest “{schedule.name}” to them is switched off. To send it to"
        " somebody else: /lockstep digests."
    )
    briefs.tell_admin(tx, "A digest is switched off", text)


def _off(tx: Transaction, schedule: Schedule) -> Schedule:
    _tell_reader_left(tx, schedule)
    tx.events.add("digest.switched_off", data={"schedule": schedule.id})
    return replace(
        schedule, is_on=False, next_period=None, next_at=None, version=schedule.version + 1, updated_at=tx.now
    )


def _say(tx: Transaction, schedule: Schedule, digest: Digest, content: Content) -> None:
    digest_content.remember(tx, digest.id, content)
    posting.say(tx, Subject.DIGEST, digest.id, schedule.place, PostRole.NOTICE, None)
