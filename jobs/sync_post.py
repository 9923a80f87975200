"""Brings one message in Slack to the present state of its post: posts it, updates it, or finds where it is."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import structlog

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.domain.post import OutboxKind, OutboxRow, OutboxStatus, Post, PostRole, Subject
from bot.errors import ChatError, OutcomeUnknown, RetryLater, Undeliverable
from bot.ports import Chat, Message, Posted
from bot.services import posting, waiting
from bot.services.delivery import Said
from bot.views.pictures import plainer_message
from jobs import records
from jobs.records import Record, Recorded
from jobs.rendering import render
from storage.database import Database
from storage.transaction import Transaction

log = structlog.get_logger(__name__)
T = TypeVar("T")

BETWEEN_LOOKS = (timedelta(seconds=10), timedelta(seconds=20))
"""History is searched at once, after 10 and after 30 s: it lags behind posting. Then the message is sent again."""
LOOKS = len(BETWEEN_LOOKS) + 1
PACE = timedelta(seconds=1)
"""Slack takes one message a second in a channel (https://docs.slack.dev/apis/web-api/rate-limits)."""
NO_PACE = timedelta(0)
REMEMBERED = 5_000
"""Messages whose shown content is remembered, so that an update that changes nothing is not sent."""

NO_REPLY = frozenset(
    {
        "cannot_reply_to_message",
        "message_not_found",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "thread_not_found",
    }
)
"""Slack's errors for a thread that is not there, or in which nobody can say anything."""

WITHDRAWN = Message(text="This message was sent twice by mistake. Please use the other one.", blocks=[])


Load = Callable[[Transaction, str], tuple[Post, Said] | None]
"""What a post says at this moment; None when there is nothing to say (any more)."""


class SyncPost:
    """Carries out SYNC_POST. Returns what is to be recorded, or raises a ChatError."""

    def __init__(self, db: Database, chat: Chat, load: Load) -> None:
        self._db = db
        self._chat = chat
        self._load = load
        self._shows: OrderedDict[str, tuple[int, str]] = OrderedDict()
        self._perhaps: dict[str, str] = {}
        """By row: the digest of what was sent and may have arrived."""

    async def carry_out(self, row: OutboxRow) -> Record:
        crash_points.reached(CrashPoint.DISPATCH_LEASED)
        said = await self._db.read(self._load, row.subject_id)
        if said is None:
            return _nothing_to_say
        post, value = said
        message = render(value)
        if post.channel is None or post.ts is None:
            return await self._post(row, post, message)
        if row.lane != posting.lane_of(post):
            return _in_its_lane
        if self._shows.get(post.id) == (post.shown_version, _digest(message)):
            return records.done
        return await self._update(row, post, Posted(channel=post.channel, ts=post.ts), message)

    async def after(self, recorded: Recorded) -> None:
        """Call it once the record is committed."""
        crash_points.reached(CrashPoint.DISPATCH_RECORDED)
        if recorded.shows is not None:
            post_id, version, digest = recorded.shows
            self._shows[post_id] = (version, digest)
            self._shows.move_to_end(post_id)
            while len(self._shows) > REMEMBERED:
                self._shows.popitem(last=False)
        if recorded.extra is not None:
            try:
                await self._chat.update(recorded.extra.channel, recorded.extra.ts, WITHDRAWN)
            except ChatError as error:
                log.warning("a message too many could not be withdrawn", error=str(error))

    async def _update(self, row: OutboxRow, post: Post, at: Posted, message: Message) -> Record:
        try:
            await _simply(message, lambda said: self._chat.update(at.channel, at.ts, said))
        except Undeliverable as error:
            if error.code != "message_not_found":
                raise
            # Somebody deleted it in Slack. Leads are decided on cards and summaries, so they come back; the rest
            # was only to be read.
            if post.role is PostRole.PRIMARY or post.subject is Subject.SUMMARY:
                return await self._post(row, post, message)
            return _gone(post, str(error))
        return _standing(post, at, message, NO_PACE)

    async def _post(self, row: OutboxRow, post: Post, message: Message) -> Record:
        where, thread_ts = posting.InThread.CHANNEL, None
        if post.thread_of is not None:
            where, thread_ts = await self._db.read(posting.in_thread, post)
        if row.status is OutboxStatus.UNKNOWN:
            try:
                found, readable = await self._look(row, post, thread_ts)
            except RetryLater as error:
                return records.look_later(error)
            if found is not None:
                return await self._found(row, post, found, message)
            if (more := _look_again(row, readable=readable)) is not None:
                return more
        if where is posting.InThread.WAITS:
            return _after_its_parent
        first = row.status is not OutboxStatus.UNKNOWN
        try:
            posted = await self._say(post, message, thread_ts if where is posting.InThread.THREAD else None)
        except OutcomeUnknown:
            self._perhaps.pop(row.id, None)
            if first:
                self._perhaps[row.id] = _digest(message)
            raise
        crash_points.reached(CrashPoint.DISPATCH_ANSWERED)
        return _standing(post, posted, message, PACE)

    async def _say(self, post: Post, message: Message, thread_ts: str | None) -> Posted:
        """Posts it; at the place itself where Slack has no such thread, or lets nobody reply there."""
        try:
            return await _simply(
                message, lambda said: self._chat.post(post.place, said, key=post.key, thread_ts=thread_ts)
            )
        except Undeliverable as error:
            if thread_ts is None or error.code not in NO_REPLY:
                raise
            log.info("not in its thread", lane=post.place, code=error.code)
            return await _simply(message, lambda said: self._chat.post(post.place, said, key=post.key))

    async def _look(self, row: OutboxRow, post: Post, thread_ts: str | None) -> tuple[Posted | None, bool]:
        """Our message if it is there, and whether the history could be read at all."""
        since = row.dispatched_at or row.created_at
        try:
            return await self._chat.find(post.place, post.key, since=since, thread_ts=thread_ts), True
        except Undeliverable as error:
            log.warning("history not readable", row=row.id, lane=row.lane, code=error.code)
            return None, False

    async def _found(self, row: OutboxRow, post: Post, found: Posted, message: Message) -> Record:
        """It had arrived. What it shows may be old by now; then it is updated."""
        log.info("found what had arrived", row=row.id, lane=row.lane)
        if self._perhaps.pop(row.id, None) == _digest(message):
            return _standing(post, found, message, PACE)
        return _standing(post, found, None, PACE)


async def _simply(message: Message, send: Callable[[Message], Awaitable[T]]) -> T:
    """Sends it, without pictures to a workspace that refuses them: the text beside them says the same."""
    try:
        return await send(message)
    except Undeliverable as error:
        simple = plainer_message(message, error.code)
        if simple is None:
            raise
        return await send(simple)


def _look_again(row: OutboxRow, *, readable: bool) -> Record | None:
    """What to record when the message was not found; None when it is to be sent again now.

    Where history can be read, not being there after the last look means not having arrived. Where it cannot,
    sending again is a guess: made once, so that there is at worst one message too many.
    """
    look = row.lookups % LOOKS
    if look < len(BETWEEN_LOOKS):
        return records.unknown("Not in the history yet.", BETWEEN_LOOKS[look])
    if readable or row.lookups < LOOKS:
        return None
    sentence = (
        "Slack did not say whether the message arrived, and its history cannot be read: look whether it is there."
    )
    return records.give_up(Undeliverable(sentence, code="outcome_unknown"))


def _standing(post: Post, at: Posted, message: Message | None, pace: timedelta) -> Record:
    """The post stands at `at` and shows `message`, or with None something older; the lane goes on after `pace`."""
    version = post.shown_version + 1

    def record(tx: Transaction, row: OutboxRow) -> Recorded:
        before = tx.posts.get(post.id)
        # Posts are written before the lane is touched, as in every use case: in the other order two
        # transactions could wait for each other.
        tx.posts.shown(post.id, at.channel, at.ts, version)
        waiting.arrived(tx, post.place)
        if not tx.outbox.done(row, tx.now + pace):
            return _too_late(tx, before, at)
        now = replace(post, channel=at.channel, ts=at.ts)
        if message is None:
            posting.thread_goes_on(tx, post.id)
            posting.sync(tx, now)
            return Recorded()
        if post.ts is None:
            posting.thread_goes_on(tx, post.id)
            # What changed while it was being posted waits no longer behind the other posts.
            tx.outbox.move(OutboxKind.SYNC_POST, post.id, posting.lane_of(now))
        return Recorded(shows=(post.id, version, _digest(message)))

    return record


def _nothing_to_say(tx: Transaction, row: OutboxRow) -> None:
    """What was never shown and has nothing to say is not still to come."""
    post = tx.posts.get(row.subject_id)
    if not tx.outbox.done(row, tx.now) or post is None or post.listed_in is not None:
        return
    if post.ts is None and post.gone is None:
        tx.posts.gone(post.id, "nothing to say")
        posting.thread_goes_on(tx, post.id)


def _after_its_parent(tx: Transaction, row: OutboxRow) -> None:
    """What it belongs to is not shown yet: it is said as soon as that is, or will never be. Which it may have become
    meanwhile."""
    post = tx.posts.get(row.subject_id)
    if not tx.outbox.done(row, tx.now) or post is None:
        return
    if posting.in_thread(tx, post)[0] is not posting.InThread.WAITS:
        posting.sync(tx, post)


def _in_its_lane(tx: Transaction, row: OutboxRow) -> None:
    """The post came to stand while this waited to be posted. Updates of a message go one after the other, in their own
    lane: two side by side could arrive in the wrong order."""
    post = tx.posts.get(row.subject_id)
    if tx.outbox.done(row, tx.now) and post is not None:
        posting.sync(tx, post)


def _too_late(tx: Transaction, before: Post | None, at: Posted) -> Recorded:
    """Somebody took the row over while this process was away, and what it sent last may be older than theirs:
    the message is brought to the present state once more. A second message of the same post is withdrawn."""
    if before is None:
        return Recorded()
    stands = Posted(channel=before.channel, ts=before.ts) if before.channel and before.ts else at
    # The new version tells every process that what it remembers is no longer what is shown.
    tx.posts.shown(before.id, stands.channel, stands.ts, before.shown_version + 1)
    posting.sync(tx, replace(before, channel=stands.channel, ts=stands.ts))
    return Recorded(extra=None if stands == at else at)


def _gone(post: Post, why: str) -> Record:
    def record(tx: Transaction, row: OutboxRow) -> None:
        if tx.outbox.done(row, tx.now):
            tx.posts.gone(post.id, why)

    return record


def _digest(message: Message) -> str:
    said = json.dumps([message.text, list(message.blocks)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
