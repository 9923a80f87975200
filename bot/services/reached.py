"""*Reached them?*: what a reminder asks about an accepted lead, until somebody says."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.countdown import Running
from bot.domain.follow_up import disqualify_reasons
from bot.domain.handoff import End, Handoff
from bot.domain.lead import Lead
from bot.domain.post import Post
from bot.services import standing
from bot.services.reminder_content import ReminderAbout, about
from bot.services.standing import Standing
from bot.services.whereabouts import whereabouts
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReminder(ReminderAbout):
    """To try to reach an accepted lead, or to try again. `standing` None: nobody has it any more. `phone_e164` and
    `email`: what to try; `can_disqualify`: the agreed attempts are made, and it can be given up."""

    standing: Standing | None = None
    can_disqualify: bool = False
    phone_e164: str | None = None
    email: str | None = None


def load_contact_reminder(tx: Transaction, post: Post, running: Running) -> ContactReminder | None:
    """The reminder as it reads now; None when its lead is not there. Once something was logged since it was said, it
    says what, and asks no more."""
    handoff = tx.handoffs.get(running.subject_id)
    lead = tx.leads.get(handoff.lead_id) if handoff is not None else None
    if handoff is None or lead is None:
        return None
    is_answered = not running.is_running or running.started_at > post.created_at
    known = standing.known(tx, handoff, lead)
    return ContactReminder(
        **about(tx, post, running, handoff, lead, over=_what_became(tx, handoff, lead) if is_answered else None),
        standing=standing.standing(tx, handoff, lead),
        can_disqualify=bool(known.progress.attempts and disqualify_reasons(known.progress, handoff.terms)),
        phone_e164=lead.phone_e164 if handoff.is_owned else None,
        email=lead.email if handoff.is_owned else None,
    )


def _what_became(tx: Transaction, handoff: Handoff, lead: Lead) -> str:
    if handoff.end is End.DISQUALIFIED:
        return f"Logged: disqualified. {whereabouts(tx, lead)}."
    if not handoff.is_owned:
        return f"{whereabouts(tx, lead)}."
    progress = standing.known(tx, handoff, lead).progress
    if progress.contacted_at is not None:
        return "Logged: reached."
    if progress.last_attempt is None:
        return "The CRM knows of a call, a mail or a meeting."
    how = progress.last_attempt.value.replace("_", " ")
    return f"Logged: {how}, attempt {progress.attempts} of {handoff.terms.attempts}."
