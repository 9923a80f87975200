"""Reminders: where its owner reads, a message says that a window runs out, with what to do about it on it.

One message a step of the ladder; only the last one of a window has buttons, and once nothing is left to be done it has
none and says what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.countdown import CountdownKind, Running
from bot.domain.ladder import Due, Step
from bot.domain.lead import Priority
from bot.domain.post import Post, PostRole, Subject
from bot.services import posting
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderAbout:
    """What every reminder says, whatever its window is for. Text untrusted; masked already where others read along.

    `left`: working time that was left when it was said; zero once the window had ended. `late_by`: it was said so long
    after its time; None: in time. `over`: what became of it, in a sentence; then there is nothing to press any more.
    `is_last`: no later reminder of the same window has the buttons.
    """

    countdown_id: str
    step: Step
    due_at: datetime | None
    left: timedelta
    late_by: timedelta | None
    name: str
    title: str | None
    company: str | None
    priority: Priority
    handoff_id: str
    version: int
    card_link: str | None = None
    """Where the lead's card stands, to be opened with one tap; https, of the workspace itself."""
    can_snooze: bool = False
    snoozed_until: datetime | None = None
    is_last: bool = True
    over: str | None = None

    @property
    def has_buttons(self) -> bool:
        return self.over is None and self.is_last


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptReminder(ReminderAbout):
    """To accept or reject an offer. `pool_name`: it stands in a pool's channel, where everybody may."""

    pool_name: str | None = None


def remind(tx: Transaction, running: Running, due: Due) -> Post | None:
    """The owner of the window is reminded of it, in a pool the pool; the message before this one loses its buttons.

    None where they cannot be reached. The card follows: it is more urgent now.
    """
    place = place_of(tx, running)
    earlier = tx.posts.of_subject(Subject.REMINDER, running.id)
    said = None
    if place is not None:
        data: dict[str, object] = {"step": due.step.value}
        if due.is_late:
            data["late_s"] = int(due.late_by.total_seconds())
        said = posting.say(tx, Subject.REMINDER, running.id, place, PostRole.NOTICE, running.lead_id, data)
    for post in earlier:
        posting.sync(tx, post)
    return said


def sync(tx: Transaction, running: Running) -> None:
    """The reminders of this window say what became of it."""
    for post in tx.posts.of_subject(Subject.REMINDER, running.id):
        posting.sync(tx, post)


def place_of(tx: Transaction, running: Running) -> str | None:
    """Where whoever must act reads: the owner's direct message; without an owner the pool's channel, or marketing's."""
    if running.owner_id is not None:
        return posting.reads(tx.people.get(running.owner_id))
    if running.kind is CountdownKind.ANSWER_REJECT:
        return tx.config.marketing_channel
    team = tx.teams.get(running.team_id) if running.team_id else None
    return team.pool_channel if team is not None else tx.config.fallback_channel
