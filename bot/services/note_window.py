"""The agreed window to answer a field note: whom it runs for, what its steps say in whose brief, and when it has run
out. Nothing of it is said at once: a note waits for days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.domain.budget import Kind
from bot.domain.countdown import CountdownKind, Running
from bot.domain.ladder import Due
from bot.domain.note import Note
from bot.domain.person import Person, Role, Side
from bot.domain.post import TimerKind
from bot.domain.rights import manages_marketing
from bot.services import briefs, countdowns, deciders, posting
from storage.transaction import Transaction

KIND = CountdownKind.ANSWER_NOTE
NOTE = "note:"
"""Before a note, in place of a person, in a timer's subject."""


def start(tx: Transaction, note: Note) -> Running:
    """The whole window runs from when the note was saved, for the owner of its campaign, else for all of marketing."""
    agreement = tx.agreements.in_force()
    asked = asked_for(tx, note)
    running = countdowns.start(
        tx, KIND, note.id, window=timedelta(minutes=agreement.terms.marketing.answer_note), terms=agreement.terms,
        agreement_id=agreement.id, owner_id=asked.id if asked is not None else None, since=note.created_at,
    )  # fmt: skip
    sync_homes(tx, asked)
    return running


def stop(tx: Transaction, notes: Iterable[Note]) -> None:
    """They are answered: in time, or not."""
    for note in sorted(notes, key=lambda one: one.id):
        countdowns.stop(tx, KIND, note.id)


def void(tx: Transaction, note: Note) -> None:
    """It was taken back, or erased: there is nothing left to answer, unless others of its theme wait."""
    countdowns.stop(tx, KIND, note.id, void=True)
    if note.theme_id not in tx.note_lists.waits_in([note.theme_id]):
        forget_lines(tx, note.theme_id)
    sync_homes(tx, asked_for(tx, note))


def follow(tx: Transaction, note: Note) -> None:
    """Whoever is to be asked about the note now is asked, with a window of their own since it was saved, if that is
    somebody else than before. What ran out already stays missed."""
    running = countdowns.of(tx, KIND, note.id)
    asked = asked_for(tx, note)
    if running is None or not running.is_running or running.owner_id == (asked.id if asked is not None else None):
        return
    before = running.owner_id
    countdowns.stop(tx, KIND, note.id, void=True)
    start(tx, note)
    posting.sync_home(tx, before)


def asked_for(tx: Transaction, note: Note) -> Person | None:
    """Who is asked for an answer: the owner of its campaign; None: marketing. Nobody is asked about their own note."""
    campaign = tx.campaigns.get(note.campaign_id) if note.campaign_id else None
    owner = tx.people.get(campaign.owner_id) if campaign is not None and campaign.owner_id else None
    if owner is None or owner.id == note.author_id or posting.reads(owner) is None:
        return None
    return owner


def remind(tx: Transaction, running: Running, due: Due) -> None:
    """Whoever is asked reads in their next brief that it waits; notes of one theme are one line."""
    note = tx.notes.get(running.subject_id)
    if note is None or not note.state.is_open:
        return
    owner = tx.people.get(running.owner_id) if running.owner_id else None
    readers = [deciders.reader_of(tx, owner)] if owner is not None else of_marketing(tx, note)
    _tell(tx, note, readers)


def over(tx: Transaction, note_id: str) -> None:
    """Nobody answered in time: it is counted, marketing's manager reads it, and it waits for an answer all the same."""
    countdowns.miss(tx, KIND, note_id)
    note = tx.notes.get(note_id)
    if note is None or not note.state.is_open:
        return
    tx.events.add("note.unanswered", origin="timer", data={"note": note.id, "theme": note.theme_id})
    asked = asked_for(tx, note)
    manager = deciders.manager_of(tx, Side.MARKETING, asked, but=asked.id if asked is not None else None)
    _tell(tx, note, [deciders.reader_of(tx, manager)] if manager is not None else of_marketing(tx, note))
    sync_homes(tx, asked)


def forget_lines(tx: Transaction, theme_id: str) -> None:
    """That the theme waits is said in no brief any more."""
    tx.briefs.forget_one([one.id for one in _everybody(tx)], Kind.NOTE, theme_id)


def joined(tx: Transaction, gone_id: str, kept_id: str) -> None:
    """That the one theme waits is said of the other, which it is part of now."""
    tx.briefs.follow([one.id for one in _everybody(tx)], Kind.NOTE, gone_id, kept_id)


def owner_changed(tx: Transaction, campaign_id: str) -> None:
    """The campaign is somebody else's now: its open notes are asked of them, soon."""
    _soon(tx, tx.note_lists.open_of_campaign(campaign_id))


def somebody_left(tx: Transaction, person_id: str) -> None:
    """What waited for this person's answer is asked of others, soon."""
    _soon(tx, tx.note_lists.asked_of(person_id))


def ask_again(tx: Transaction, note_id: str) -> None:
    """As follow, for a note that may be answered already, or taken back."""
    note = tx.notes.get(note_id)
    if note is not None and note.removed_at is None and note.state.is_open:
        follow(tx, note)


def of_marketing(tx: Transaction, note: Note) -> list[Person]:
    """Who reads that a note waits which is nobody's campaign: marketers, if they may read it; else, and where there is
    no marketer, marketing's managers."""
    everybody = _everybody(tx)
    hidden = note.managers_only or Side.MARKETING not in tx.config.notes_read_by
    marketers = [] if hidden else [one for one in everybody if one.has(Role.MARKETER)]
    return marketers or [one for one in everybody if manages_marketing(one)]


def sync_homes(tx: Transaction, asked: Person | None = None) -> None:
    """The Homes of marketing follow, at most so many, and that of whoever is asked."""
    found = [*([asked] if asked is not None else []), *_everybody(tx)]
    for person_id in list(dict.fromkeys(one.id for one in found))[: posting.HOMES_AT_ONCE]:
        posting.sync_home(tx, person_id)


def _tell(tx: Transaction, note: Note, readers: Iterable[Person]) -> None:
    first = tx.notes.of_theme(note.theme_id, 1)
    lead_id = first[0].lead_id if first else note.lead_id
    for person in sorted(readers, key=lambda one: one.id):
        if posting.reads(person) is not None:
            briefs.tell(tx, person, Kind.NOTE, note.theme_id, lead_id, {})


def _everybody(tx: Transaction) -> list[Person]:
    """Marketers, and managers of marketing, whom Slack knows."""
    return [
        one
        for one in tx.people.all()
        if one.side is Side.MARKETING
        and (one.has(Role.MARKETER) or one.has(Role.MANAGER))
        and posting.reads(one) is not None
    ]


def _soon(tx: Transaction, note_ids: Iterable[str]) -> None:
    for note_id in note_ids:
        tx.timers.set(TimerKind.LEFT, f"{NOTE}{note_id}", tx.now)
