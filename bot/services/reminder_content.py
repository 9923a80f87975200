"""What reminders say, loaded from the present state. Each kind of window says its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.countdown import Running
from bot.domain.handoff import End, Handoff, Status
from bot.domain.ladder import Rung, Step
from bot.domain.lead import Lead, Priority
from bot.domain.post import Post, Subject
from bot.services.calendars import calendar_of
from bot.services.cards import SHARED, crm_url
from bot.services.due import can_snooze
from bot.services.naming import lead_name, masked_name
from bot.services.whereabouts import person_name, pool_name, whereabouts
from bot.services.workspace import card_link
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderAbout:
    """What every reminder about a lead says, whatever its window is for. Text untrusted; masked already where others
    read along.

    `left`: working time that was left when it was said, zero once the window had ended. `late_by`: it was said so long
    after its time; None: in time. `over`: what became of it, in a sentence; then there is nothing to press any more.
    `is_last`: no later reminder of the same window has the buttons. `tz`: of whoever reads it.
    """

    countdown_id: str
    step: Step
    due_at: datetime | None
    left: timedelta
    late_by: timedelta | None
    tz: str
    lead_id: str
    name: str
    title: str | None
    company: str | None
    priority: Priority
    handoff_id: str
    version: int
    crm_url: str | None = None
    card_link: str | None = None
    """Where the lead's card stands, to be opened with one tap; https, of the workspace itself."""
    can_snooze: bool = False
    snoozed_until: datetime | None = None
    is_last: bool = True
    over: str | None = None
    is_missed: bool = False
    """Over because its time ran out."""

    @property
    def has_buttons(self) -> bool:
        return self.over is None and self.is_last


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptReminder(ReminderAbout):
    """To accept or reject an offer. `pool_name`: it stands in a pool's channel, where everybody may."""

    pool_name: str | None = None


def load_accept_reminder(tx: Transaction, post: Post, running: Running) -> AcceptReminder | None:
    """The reminder to accept or reject, as it reads now; None when its lead is not there."""
    handoff = tx.handoffs.get(running.subject_id)
    lead = tx.leads.get(handoff.lead_id) if handoff is not None else None
    if handoff is None or lead is None:
        return None
    over = None if handoff.is_open and running.is_running else _what_became(tx, post, handoff, lead)
    return AcceptReminder(
        **about(tx, post, running, handoff, lead, over=over),
        pool_name=pool_name(tx, handoff) if handoff.is_pool else None,
    )


def about(
    tx: Transaction, post: Post, running: Running, handoff: Handoff, lead: Lead, *, over: str | None,
    missed: bool | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The fields of a ReminderAbout, for whatever kind of window. `missed` None: as the offer was."""
    masked = post.place.startswith(SHARED) and not handoff.is_owned
    late = post.data.get("late_s")
    posts = tx.posts.of_subject(Subject.REMINDER, running.id)
    calendar = calendar_of(tx, running)
    return {
        "countdown_id": running.id,
        "step": Step(str(post.data["step"])),
        "due_at": running.due_at,
        "left": timedelta(seconds=int(post.data.get("left_s", 0))),
        "late_by": timedelta(seconds=int(late)) if late is not None else None,
        "tz": calendar.tz,
        "lead_id": lead.id,
        "name": masked_name(lead) if masked else lead_name(lead),
        "title": lead.title,
        "company": lead.company,
        "priority": handoff.priority,
        "handoff_id": handoff.id,
        "version": handoff.version,
        "crm_url": None if masked else crm_url(tx, lead),
        "card_link": card_link(tx, handoff.id) if over is None else None,
        "can_snooze": over is None and can_snooze(running),
        "snoozed_until": running.snoozed_until,
        "is_last": bool(posts) and posts[-1].id == post.id,
        "over": over,
        "is_missed": handoff.status is Status.EXPIRED if missed is None else missed,
    }


def _what_became(tx: Transaction, post: Post, handoff: Handoff, lead: Lead) -> str:
    if handoff.end is End.UNDONE:
        return "Accepted, and undone: its card waits for a decision again."
    by = None
    if handoff.decided_by is not None:
        decider = tx.people.get(handoff.decided_by)
        is_reader = decider is not None and decider.slack_id == post.place
        by = "you" if is_reader else person_name(tx, handoff.decided_by)
    match handoff.status:
        case Status.ACCEPTED if handoff.ended_at is None and by is not None:
            return f"Accepted by {by}."
        case Status.REJECTED if by is not None:
            return f"Rejected by {by}."
        case Status.WITHDRAWN if by is not None:
            return f"Withdrawn by {by}. {_went_on(tx, post, handoff, lead)}"
        case Status.EXPIRED:
            return f"Not decided in time. {_went_on(tx, post, handoff, lead)}"
        case _:
            return _now(tx, post, lead)


def _went_on(tx: Transaction, post: Post, handoff: Handoff, lead: Lead) -> str:
    """Where the lead went from this offer: that stays true, wherever it goes after that."""
    later = (one for one in tx.handoffs.of_lead(lead.id) if one.predecessor_id == handoff.id)
    successor = next(later, None)
    if successor is None and handoff.status is Status.EXPIRED and lead.rung is Rung.PARKED:
        return "Nobody was left on the ladder: it was parked."
    if successor is None:
        return _now(tx, post, lead)
    to = pool_name(tx, successor) if successor.is_pool else person_name(tx, successor.rep_id)
    return f"It went on to {to}."


def _now(tx: Transaction, post: Post, lead: Lead) -> str:
    return f"{whereabouts(tx, lead, masked=post.place.startswith(SHARED))}."
