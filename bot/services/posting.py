"""What is to be said where: rows of posts and of the outbox, in the same transaction as the change."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.handoff import Handoff
from bot.domain.person import Person
from bot.domain.post import OutboxKind, Post, PostRole, Subject
from bot.services import alert_counts
from bot.services.deputies import stand_in
from storage.transaction import Transaction

UPDATES = ":updates"
"""Ends the name of the lane in which a place's messages are updated; without it, new ones are posted."""


HOMES_AT_ONCE = 25
"""So many Homes follow one change: Slack takes some hundred a minute, and an opened Home is always the present one."""


def lane_of(post: Post) -> str:
    """What stands already is updated in a lane of its own: a decision shows at once, however many new cards wait for
    their turn in the same place."""
    return post.place if post.ts is None else f"{post.place}{UPDATES}"


def sync(tx: Transaction, post: Post) -> None:
    """Slack is brought to the present state of this post."""
    if post.listed_in is not None:
        # It has no message of its own; the summary says what became of it.
        summary = tx.posts.get(post.listed_in)
        if summary is None:
            return
        post = summary
    if post.gone is None:
        tx.outbox.add(OutboxKind.SYNC_POST, post.id, lane_of(post))


def say(
    tx: Transaction, subject: Subject, subject_id: str, place: str, role: PostRole, lead_id: str | None,
    data: dict[str, object] | None = None, *, thread_of: Post | None = None,
) -> Post:  # fmt: skip
    """A new post at `place` (channel id, or user id for a direct message), to be sent; with `thread_of` in the thread
    of that post, which stands at the same place or will."""
    parent = thread_of.id if thread_of is not None else None
    post = tx.posts.add(subject, subject_id, place, role, lead_id, data or {}, thread_of=parent)
    sync(tx, post)
    return post


class InThread(StrEnum):
    """Where a post that belongs into a thread goes just now."""

    THREAD = "thread"
    CHANNEL = "channel"
    """What it belongs to is not there and does not come any more: it says itself at the place."""
    WAITS = "waits"
    """Until it is known what becomes of what it belongs to."""


def in_thread(tx: Transaction, post: Post) -> tuple[InThread, str | None]:
    """Where `post`, which is not shown yet, is said now; and the `ts` of the message it belongs to, if that was shown:
    what was said before may stand in its thread."""
    parent = tx.posts.get(post.thread_of) if post.thread_of is not None else None
    if parent is None:
        return InThread.CHANNEL, None
    if parent.gone is None and parent.ts is not None:
        return InThread.THREAD, parent.ts
    if parent.ts is None and (parent.gone is None or parent.waits):
        return InThread.WAITS, None
    return InThread.CHANNEL, parent.ts


def thread_goes_on(tx: Transaction, post_id: str) -> None:
    """The post is shown now, or will never be: what waited to be said in its thread is said."""
    for post in tx.posts.to_come_in_thread_of(post_id):
        sync(tx, post)


def sync_lead(tx: Transaction, lead_id: str) -> None:
    """The cards and notices of the lead's latest handoffs and disputes are brought to its present state. Older ones are
    history: they stay as they are, and a lead that comes back for years costs no more than a new one."""
    for post in tx.posts.following(lead_id):
        sync(tx, post)


def sync_home(tx: Transaction, person_id: str | None) -> None:
    """The person's Home is published again, if they ever opened it."""
    person = tx.people.get(person_id) if person_id else None
    if person is not None and person.home_opened_at is not None and not person.flags.may_never_act:
        _publish_home(tx, person.id)


def sync_homes_of(tx: Transaction, handoff: Handoff) -> None:
    """The Homes this handoff stands on: the rep's, the managers', and those of everybody who may take it from the
    pool; the rep's first, then those opened last, HOMES_AT_ONCE in all. And that of the campaign's owner.
    The messages of its campaign's alerts, which count leads, follow too. A practice lead stands on none."""
    if handoff.practice:
        return
    alert_counts.leads_changed(tx, handoff.campaign_id)
    campaign = tx.campaigns.get(handoff.campaign_id) if handoff.campaign_id else None
    sync_home(tx, campaign.owner_id if campaign else None)
    for person_id in tx.people.with_home(
        rep_id=handoff.rep_id, team_id=handoff.team_id, in_pool=handoff.is_pool, limit=HOMES_AT_ONCE
    ):
        _publish_home(tx, person_id)


def _publish_home(tx: Transaction, person_id: str) -> None:
    tx.outbox.add(OutboxKind.SYNC_HOME, person_id, f"home:{person_id}")


def direct_message_of(person: Person | None) -> str | None:
    """Where to reach a person; None when Slack has no active account of theirs."""
    if person is None or person.slack_id is None or person.flags.may_never_act:
        return None
    return person.slack_id


def reads(person: Person | None) -> str | None:
    """Where a person is told what is meant for them; None when Slack has no active account of theirs, or they are not
    on the roster: whoever left hears of no lead any more."""
    return direct_message_of(person) if person is not None and person.on_roster else None


def alert(tx: Transaction, title: str, text: str) -> Post | None:
    """The configured admin, or whoever stands in for them, is told by the post returned; without one, the event alone
    remains."""
    tx.events.add("admin.alerted", data={"title": title, "text": text})
    admin = tx.people.get(tx.config.admin_id) if tx.config.admin_id else None
    reader = stand_in(tx, admin) if admin else None
    place = direct_message_of(reader)
    if place is None:
        return None
    if admin is not None and reader is not None and reader.id != admin.id:
        text = f"{text} You read this because you stand in for {admin.name}."
    return say(tx, Subject.ALERT, tx.new_id(), place, PostRole.NOTICE, None, {"title": title, "text": text})
