"""Field notes: saved, changed and taken back by whoever wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.note import Note, NoteKind, Quoted
from bot.domain.note_rights import may_change, may_write
from bot.domain.note_words import guess_kind, says_something, without_name
from bot.domain.person import Person
from bot.domain.rights import Clicker
from bot.errors import FormError, NotFound, Refused, Stale, TooLate
from bot.services import note_about, note_themes, note_told, note_window
from bot.services.handoffs import refuse
from bot.services.note_themes import lock_note, recount, theme_for
from bot.services.people import clicker
from storage.transaction import Transaction

LONGEST_NOTE = 40_000
"""Characters: as long as a message in Slack."""
SHORT_MAX = 200
"""Characters of an account or a competitor."""
SENT = "note"
"""What was sent to be saved, by its key: sent twice, it is one note."""
SAVED_FROM = "note_message"
"""A message in Slack about to be saved, by an id of ours."""
ANSWERED = "Marketing has answered this field note, so it stays as it is. Write a new one for what is new."


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveNote:
    """`by`: Slack id. `kind` None: read from the text. `sent` names what was sent: the same again is the same note.
    `message`: the id by which `note_messages` keeps the message in Slack it is saved from."""

    by: str
    text: str
    sent: str
    kind: NoteKind | None = None
    account: str = ""
    competitor: str = ""
    lead_id: str | None = None
    campaign_id: str | None = None
    alert_id: str | None = None
    managers_only: bool = False
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNote:
    """What the form was sent off with. `text` None: as it is."""

    by: str
    note_id: str
    version: int
    text: str | None
    kind: NoteKind
    account: str = ""
    competitor: str = ""
    lead_id: str | None = None
    campaign_id: str | None = None
    managers_only: bool = False


def save_note(tx: Transaction, command: SaveNote) -> Note:
    """The note is saved, alone in its theme, found by search, and waits for marketing's answer. What was sent before
    is the note it became.

    Raises FormError by field, NotAllowed, PersonUnknown, NotFound.
    """
    who = clicker(tx, command.by)
    person = who.person
    refuse(may_write(person))
    # Of the same sent twice at once, the second waits here for what the first becomes.
    if not tx.seen.first_time(SENT, command.sent):
        return _sent_before(tx, command)
    kind = command.kind or guess_kind(command.text)
    text = without_name(command.text, kind)
    _check(text, command.account, command.competitor)
    _hold(tx, command.lead_id)
    about = note_about.checked(
        tx, who, lead_id=command.lead_id, campaign_id=command.campaign_id, alert_id=command.alert_id
    )
    note_id = tx.new_id()
    note = Note(
        id=note_id,
        theme_id=note_id,
        author_id=person.id,
        kind=kind,
        text=text,
        account=command.account.strip() or None,
        competitor=command.competitor.strip() or None,
        lead_id=about.lead_id,
        campaign_id=about.campaign_id,
        alert_id=about.alert_id,
        managers_only=command.managers_only,
        quoted=_quoted(tx, command.message),
        created_at=tx.now,
    )
    tx.themes.add(theme_for(note, theme_id=note.theme_id, managers_only=note.managers_only))
    tx.notes.add(note)
    note_window.start(tx, note)
    note_told.quoted(tx, note)
    tx.seen.remember(SENT, command.sent, {"note": note.id})
    _remember(tx, "note.saved", person, note, {"kind": note.kind.value})
    return note


def _sent_before(tx: Transaction, command: SaveNote) -> Note:
    before = tx.seen.answer_of(SENT, command.sent)
    note = tx.notes.get(str(before["note"])) if before else None
    if note is None:
        raise Stale("What was sent is being saved at this moment.")
    return note


def set_kind(tx: Transaction, by: str, note_id: str, kind: NoteKind) -> Note:
    """The note is of this kind; where that is OTHER, of its theme's.

    Raises NotFound, NotAllowed, PersonUnknown, TooLate when it is answered.
    """
    note, who = _to_change(tx, by, note_id)
    if note.kind is kind:
        return note
    return _saved(tx, who.person, note, replace(note, kind=kind))


def change_note(tx: Transaction, command: ChangeNote) -> Note:
    """The note says this from now on. One that becomes for managers only, or no longer is, leaves its theme.

    Raises FormError by field, NotFound, NotAllowed, PersonUnknown, TooLate when it is answered, and Refused when it
    was changed since the form was opened.
    """
    _hold(tx, command.lead_id)
    note, who = _to_change(tx, command.by, command.note_id)
    if note.version != command.version:
        raise Refused("This field note was changed since you opened the form. Please open it again.")
    text = note.text if command.text is None else without_name(command.text, command.kind)
    _check(text, command.account, command.competitor)
    about = note_about.checked(
        tx, who, lead_id=command.lead_id, campaign_id=command.campaign_id, alert_id=note.alert_id, known=note
    )
    if command.managers_only != note.managers_only:
        note = note_themes.alone(tx, note, managers_only=command.managers_only)
    after = replace(
        note,
        text=text,
        kind=command.kind,
        account=command.account.strip() or None,
        competitor=command.competitor.strip() or None,
        lead_id=about.lead_id,
        campaign_id=about.campaign_id,
        managers_only=command.managers_only,
    )
    return _saved(tx, who.person, note, after)


def take_back(tx: Transaction, by: str, note_id: str) -> Note:
    """The note, and what it says, is gone; it is in no list and no number. Raises as set_kind."""
    note, who = _to_change(tx, by, note_id)
    gone = replace(blanked(note), removed_at=tx.now, version=note.version + 1)
    tx.notes.save(gone)
    recount(tx, gone.theme_id)
    note_window.void(tx, gone)
    note_told.show_again(tx, gone)
    tx.scrub = True
    _remember(tx, "note.taken_back", who.person, gone)
    return gone


def blanked(note: Note) -> Note:
    """The note without anything somebody wrote."""
    return replace(note, text="", account=None, competitor=None, quoted=None, answer="", answer_link=None)


def forget(tx: Transaction, lead_id: str) -> None:
    """The person is erased: what was written about them is gone; that somebody said something of this kind stays. The
    caller holds the lead's lock."""
    about = tx.notes.of_lead(lead_id)
    tx.themes.lock(*(one.theme_id for one in about))
    for found in about:
        note = lock_note(tx, found.id, taken_back_too=True)
        tx.notes.save(replace(blanked(note), version=note.version + 1))
        recount(tx, note.theme_id)
        note_window.void(tx, note)
        note_told.show_again(tx, note)


def _hold(tx: Transaction, lead_id: str | None) -> None:
    """The lead is erased before this note is written, or after it. Its lock comes before that of a theme."""
    if lead_id:
        tx.leads.lock(lead_id)


def _to_change(tx: Transaction, by: str, note_id: str) -> tuple[Note, Clicker]:
    who = clicker(tx, by)
    note = lock_note(tx, note_id)
    refuse(may_change(who.person, note))
    if not note.state.is_open:
        raise TooLate(ANSWERED)
    return note, who


def _saved(tx: Transaction, person: Person, before: Note, after: Note) -> Note:
    after = replace(after, version=before.version + 1)
    tx.notes.save(after)
    recount(tx, after.theme_id)
    note_window.follow(tx, after)
    note_told.show_again(tx, after)
    _remember(tx, "note.changed", person, after)
    return tx.notes.get(after.id) or after


def _check(text: str, account: str, competitor: str) -> None:
    errors: dict[str, str] = {}
    if not says_something(text):
        errors["text"] = "Write what you heard, in a few words: there is nothing to save yet."
    elif len(text) > LONGEST_NOTE:
        errors["text"] = f"This has {len(text):,} characters; a field note takes {LONGEST_NOTE:,}. Shorten it a little."
    for field, value in (("account", account), ("competitor", competitor)):
        if len(value.strip()) > SHORT_MAX:
            errors[field] = f"This has {len(value.strip())} characters; at most {SHORT_MAX} fit."
    if errors:
        raise FormError(errors)


def _quoted(tx: Transaction, message: str | None) -> Quoted | None:
    if message is None:
        return None
    kept = tx.seen.answer_of(SAVED_FROM, message)
    if kept is None:
        raise NotFound("This form is too old to be saved. Please choose Save as field note at the message again.")
    return Quoted(**kept)


def _remember(tx: Transaction, what: str, person: Person, note: Note, more: Mapping[str, Any] | None = None) -> None:
    tx.events.add(what, actor=person.id, origin="slack", data={"note": note.id, **(more or {})})
