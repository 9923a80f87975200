"""Reminders: where its owner reads, a message says that a window runs out, with what to do about it on it.

One message a step of the ladder; only the last one of a window has buttons, and once nothing is left to be done it has
none and says what became of it (bot/services/reminder_content.py).
"""

from __future__ import annotations

from bot.domain import ladder
from bot.domain.countdown import CountdownKind, Running
from bot.domain.ladder import Due
from bot.domain.post import Post, PostRole, Subject
from bot.services import late, posting
from bot.services.calendars import calendar_of
from storage.transaction import Transaction


def remind(tx: Transaction, running: Running, due: Due) -> Post | None:
    """The owner of the window is reminded of it, in a pool the pool; the message before this one loses its buttons.

    None where they cannot be reached, or are told of many late ones at once. The card follows: it is more urgent now.
    """
    place = place_of(tx, running)
    earlier = _of_this_window(tx, running)
    said = None
    if place is not None and (not due.is_late or late.is_one_by_one(tx, place)):
        calendar = calendar_of(tx, running)
        left = running.window - ladder.counted_by(running.countdown, calendar, tx.now)
        data: dict[str, object] = {"step": due.step.value, "left_s": max(0, int(left.total_seconds()))}
        if due.is_late:
            data["late_s"] = int(due.late_by.total_seconds())
        said = posting.say(tx, Subject.REMINDER, running.id, place, PostRole.NOTICE, running.lead_id, data)
    for post in earlier:
        posting.sync(tx, post)
    return said


def sync(tx: Transaction, running: Running) -> None:
    """The reminders of this window say how it stands now, or what became of it."""
    for post in _of_this_window(tx, running):
        posting.sync(tx, post)


def _of_this_window(tx: Transaction, running: Running) -> list[Post]:
    """Each attempt begins a new window under the same countdown: what was said of the ones before is over, and says
    so already."""
    posts = tx.posts.of_subject(Subject.REMINDER, running.id)
    return [post for post in posts if post.created_at >= running.started_at]


def place_of(tx: Transaction, running: Running) -> str | None:
    """Where whoever must act reads: the owner's direct message; without an owner the pool's channel, or marketing's."""
    if running.owner_id is not None:
        return posting.reads(tx.people.get(running.owner_id))
    if running.kind is CountdownKind.ANSWER_REJECT:
        return tx.config.marketing_channel
    handoff = tx.handoffs.get(running.subject_id) if running.kind is CountdownKind.ACCEPT else None
    if handoff is not None and handoff.pool_channel is not None:
        # Where its card stands.
        return handoff.pool_channel
    team = tx.teams.get(running.team_id) if running.team_id else None
    return team.pool_channel if team is not None else tx.config.fallback_channel
