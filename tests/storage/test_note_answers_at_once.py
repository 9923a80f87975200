"""Several people at the same theme at the same moment, on both databases: one answer counts, and nobody is left out."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from bot.domain.budget import Kind
from bot.domain.note import Note, NoteKind, NoteState
from bot.domain.note_answer import mark
from bot.domain.person import SlackFlags
from bot.errors import FormError
from bot.services import erasure, note_answers, note_themes, notes
from bot.services.note_answers import AnswerTheme
from bot.services.notes import ChangeNote, SaveNote
from storage.database import Database
from storage.transaction import Transaction
from tests.services import marketing, world
from tests.services.marketing import CMO
from tests.services.world import INES, JONAS, MARKETER, PRIYA
from tests.storage.samples import NOON

LINK = "https://content.example.com/one-pager"


def populate(tx: Transaction) -> None:
    world.populate(tx)
    marketing.add_marketing(tx)
    for person in tx.people.all():
        tx.people.set_flags(person.id, SlackFlags(checked_at=NOON))


async def write(db: Database, by: str, kind: NoteKind = NoteKind.MISSING_CONTENT) -> Note:
    return await db.run(notes.save_note, SaveNote(by=by, text="A one-pager", sent=by, kind=kind))


def answer(note: Note, by: str, text: str, **values: Any) -> AnswerTheme:
    given = {"seen": mark(None), "how": "exists", "link": LINK, **values}
    return AnswerTheme(by=by, theme_id=note.theme_id, text=text, **given)


def _waiting(tx: Transaction, person_id: str) -> dict[Kind, int]:
    return tx.briefs.waiting(person_id)


async def at_once(*work: Any) -> list[Any]:
    return await asyncio.gather(*work, return_exceptions=True)


async def test_of_two_answers_at_once_one_is_given_and_told_once(db: Database, other_db: Database) -> None:
    await db.run(populate)
    note = await write(db, JONAS)
    done = await at_once(
        db.run(note_answers.answer, answer(note, MARKETER, "One.")),
        other_db.run(note_answers.answer, answer(note, CMO, "Two.")),
    )
    (refused,) = [one for one in done if isinstance(one, FormError)]
    assert "while you were writing" in refused.fields["answer"]
    now = await db.read(lambda tx: tx.notes.get(note.id))
    assert now is not None
    assert now.answer in ("One.", "Two.")
    assert now.answer in refused.fields["answer"], "the second reads what the first said"
    assert await db.read(lambda tx: tx.briefs.waiting("p1")) == {Kind.NOTE_ANSWERED: 1}


async def test_who_joins_while_it_is_answered_has_the_answer_all_the_same(db: Database, other_db: Database) -> None:
    await db.run(populate)
    first = await write(db, JONAS)
    late = [await write(db, INES), await write(db, PRIYA)]
    done = await at_once(
        db.run(note_themes.join, INES, late[0].id, first.theme_id),
        other_db.run(note_answers.answer, answer(first, MARKETER, "Here.")),
        db.run(note_themes.join, PRIYA, late[1].id, first.theme_id),
    )
    assert not [one for one in done if isinstance(one, BaseException)]
    found = await db.read(lambda tx: tx.notes.get_many([first.id, *(one.id for one in late)]))
    assert {one.state for one in found.values()} == {NoteState.ACTED}
    assert {one.answer_link for one in found.values()} == {LINK}
    theme = await db.read(lambda tx: tx.themes.present(first.theme_id))
    assert theme is not None
    assert (theme.notes, theme.people, theme.open, theme.waits_since) == (3, 3, 0, None)
    for person_id in ("p1", "p2", "p3"):
        assert await db.read(partial(_waiting, person_id=person_id)) == {Kind.NOTE_ANSWERED: 1}


async def test_taken_back_or_answered_never_both(db: Database, other_db: Database) -> None:
    await db.run(populate)
    note = await write(db, JONAS)
    done = await at_once(
        db.run(notes.take_back, JONAS, note.id),
        other_db.run(note_answers.answer, answer(note, MARKETER, "Here.")),
    )
    assert len([one for one in done if isinstance(one, Exception)]) == 1
    now = await db.read(lambda tx: tx.notes.get(note.id))
    assert now is not None
    assert (now.removed_at is None) == (now.state is NoteState.ACTED)


@pytest.mark.parametrize("changed", [False, True])
async def test_a_note_about_somebody_being_erased_is_erased_or_not_saved(
    db: Database, other_db: Database, clock: world.StandingClock, changed: bool
) -> None:
    """The note comes while the erasure has read what notes there are, and has not committed."""
    await db.run(populate)
    there = world.World(db, clock)
    handed = await there.hand_over("7", name="Maria Lopez", email="maria@example.com")
    lead_id, owner = handed.lead_id or "", "U" + ((await there.handoff(handed.handoff_id)).rep_id or "")[1:]
    await there.accept(handed.handoff_id, owner)
    before = await write(db, owner) if changed else None
    erasing = asyncio.Event()

    def erase(tx: Transaction) -> None:
        erasure.erase_key(tx, "crm", "7", None, actor="admin")
        erasing.set()
        if tx.people._dialect == "postgresql":
            tx.people._connection.exec_driver_sql("SELECT pg_sleep(0.3)")

    async def save() -> None:
        await erasing.wait()
        if before is None:
            await other_db.run(notes.save_note, SaveNote(by=owner, text="Maria", sent="x", lead_id=lead_id))
            return
        change = ChangeNote(
            by=owner, note_id=before.id, version=before.version, text="Maria", kind=before.kind, lead_id=lead_id
        )
        await other_db.run(notes.change_note, change)

    _, refused = await at_once(db.run(erase), save())
    assert isinstance(refused, FormError)
    assert "not there any more" in refused.fields["lead_id"]
    assert [one.text for one in await db.read(lambda tx: tx.notes.of_lead(lead_id))] == []
