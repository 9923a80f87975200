"""What the form of a field note shows: a new one, one to change, or a message in Slack to be saved."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.note import NoteKind
from bot.domain.note_rights import may_change, may_write
from bot.domain.note_words import guess_kind
from bot.domain.person import Role, Side
from bot.errors import NotFound, TooLate
from bot.services import note_about
from bot.services.forms import Choice
from bot.services.handoffs import refuse
from bot.services.note_messages import Captured, SlackMessage, capture
from bot.services.note_readers import sides
from bot.services.note_themes import GONE
from bot.services.notes import ANSWERED
from bot.services.people import clicker
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteForm:
    """A note to write (`note_id` None) or to change. `read_by`: the sides whose people read what is not for managers
    only. `takes_leads`: its writer may have leads of their own. `about_alert`: the name of the campaign whose alert it
    is feedback on. Texts are untrusted."""

    read_by: tuple[Side, ...]
    note_id: str | None = None
    version: int = 0
    kind: NoteKind = NoteKind.OTHER
    text: str = ""
    account: str = ""
    competitor: str = ""
    takes_leads: bool = False
    leads: tuple[Choice, ...] = ()
    lead_id: str | None = None
    campaigns: tuple[Choice, ...] = ()
    campaign_id: str | None = None
    managers_only: bool = False
    alert_id: str | None = None
    about_alert: str | None = None
    message: Captured | None = None


def open(tx: Transaction, by: str, alert_id: str | None = None) -> NoteForm:  # noqa: A001 - note_form.open
    """The form for a new note; with `alert_id` for feedback on that campaign alert. Raises NotAllowed, PersonUnknown,
    NotFound."""
    who = clicker(tx, by)
    person = who.person
    refuse(may_write(person))
    campaign_id = note_about.alert(tx, who, alert_id).campaign_id if alert_id else None
    campaign = tx.campaigns.get(campaign_id) if campaign_id else None
    return NoteForm(
        read_by=sides(tx),
        takes_leads=person.has(Role.REP),
        leads=note_about.leads_of(tx, person),
        campaigns=note_about.campaigns(tx, known=campaign_id),
        campaign_id=campaign_id,
        alert_id=alert_id,
        about_alert=campaign.name if campaign else None,
    )


def of_message(tx: Transaction, by: str, message: SlackMessage) -> NoteForm:
    """The form with what the message says. Raises as `capture`."""
    captured = capture(tx, by, message)
    person = clicker(tx, by).person
    return NoteForm(
        read_by=sides(tx),
        kind=guess_kind(captured.text),
        text=captured.text,
        takes_leads=person.has(Role.REP),
        leads=note_about.leads_of(tx, person),
        campaigns=note_about.campaigns(tx),
        message=captured,
    )


def to_change(tx: Transaction, by: str, note_id: str) -> NoteForm:
    """The form with what the note says now. Raises NotFound, NotAllowed, PersonUnknown, TooLate when it is answered."""
    person = clicker(tx, by).person
    note = tx.notes.get(note_id)
    if note is None or note.removed_at is not None:
        raise NotFound(GONE)
    refuse(may_change(person, note))
    if not note.state.is_open:
        raise TooLate(ANSWERED)
    return NoteForm(
        read_by=sides(tx),
        note_id=note.id,
        version=note.version,
        kind=note.kind,
        text=note.text,
        account=note.account or "",
        competitor=note.competitor or "",
        takes_leads=person.has(Role.REP),
        leads=note_about.leads_of(tx, person, known=note.lead_id),
        lead_id=note.lead_id,
        campaigns=note_about.campaigns(tx, known=note.campaign_id),
        campaign_id=note.campaign_id,
        managers_only=note.managers_only,
    )
