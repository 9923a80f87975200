"""Field notes and themes, on both databases: stored whole, counted right, and joined by several people at once."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain.note import Note, NoteKind, NoteState
from bot.domain.person import SlackFlags
from bot.errors import Refused
from bot.services import note_themes, notes
from bot.services.notes import SaveNote
from storage.database import Database
from storage.transaction import Transaction
from tests.services import world
from tests.services.world import INES, JONAS, PRIYA
from tests.storage.note_calls import saved
from tests.storage.samples import NOON, person


def populate(tx: Transaction) -> None:
    world.populate(tx)
    for one in tx.people.all():
        tx.people.set_flags(one.id, SlackFlags(checked_at=NOON))


async def save(db: Database, by: str, text: str, **values: Any) -> Note:
    return await db.run(notes.save_note, SaveNote(by=by, text=text, sent=f"{by}{text}", **values))


async def at_once(*work: Any) -> list[Any]:
    return await asyncio.gather(*work, return_exceptions=True)


def _themes_of(tx: Transaction, ids: list[str]) -> set[str]:
    return {note.theme_id for note in tx.notes.get_many(ids).values()}


async def true_of(db: Database) -> None:
    """Every theme's counts are those of its notes, and every note is in a theme that stands."""

    def check(tx: Transaction) -> None:
        found = [one for number in range(1, 7) for one in tx.notes.by_author(f"p{number}", 500)]
        for theme in tx.themes.get_many(one.theme_id for one in found).values():
            mine = [one for one in found if one.theme_id == theme.id]
            opened = [one.created_at for one in mine if one.state.is_open]
            assert theme.merged_into is None
            assert (theme.notes, theme.people) == (len(mine), len({one.author_id for one in mine}))
            assert (theme.open, theme.waits_since) == (len(opened), min(opened, default=None))
            assert theme.first_at == min(one.created_at for one in mine)

    await db.read(check)


async def test_a_note_is_read_as_it_was_stored(db: Database) -> None:
    def store(tx: Transaction) -> Note:
        writer = person(tx, slack_id="U1")
        return saved(SimpleNamespace(person=writer), tx, text="ü\n" * 20_000, account="Ø", state=NoteState.NEW)

    note = await db.run(store)
    assert await db.read(lambda tx: tx.notes.get(note.id)) == note
    changed = replace(note, state=NoteState.ACTED, answer="Done", state_at=NOON, quoted=None, version=2)
    await db.run(lambda tx: tx.notes.save(changed))
    assert await db.read(lambda tx: tx.notes.get_many([note.id])) == {note.id: changed}
    assert await db.read(lambda tx: tx.notes.by_author(note.author_id, 5)) == [changed]


async def test_counts_leave_out_what_was_taken_back_and_count_open_ones_apart(db: Database) -> None:
    def store(tx: Transaction) -> str:
        writers = [person(tx, slack_id=f"U{number}", email=f"{number}@example.com") for number in range(3)]
        made = [
            saved(SimpleNamespace(person=one), tx, created_at=NOON + timedelta(hours=hour))
            for hour, one in enumerate([*writers, writers[0]])
        ]
        for one in made[1:]:
            tx.notes.save(replace(one, theme_id=made[0].theme_id))
        first, _, third, _ = [replace(one, theme_id=made[0].theme_id) for one in made]
        tx.notes.save(replace(first, state=NoteState.DECLINED))
        tx.notes.save(replace(third, removed_at=NOON))
        return made[0].theme_id

    theme_id = await db.run(store)
    counted = await db.read(lambda tx: tx.notes.counts(theme_id))
    assert (counted.notes, counted.people, counted.open) == (3, 2, 2)
    assert (counted.first_at, counted.last_at) == (NOON, NOON + timedelta(hours=3))
    assert counted.waits_since == NOON + timedelta(hours=1)
    nothing = await db.read(lambda tx: tx.notes.counts("no theme"))
    assert (nothing.notes, nothing.first_at, nothing.waits_since) == (0, None, None)


async def test_three_who_join_each_other_in_a_circle_at_once_are_one_theme(db: Database, other_db: Database) -> None:
    await db.run(populate)
    for turn in range(4):
        one, two, three = [await save(db, by, f"SSO {turn} {by}") for by in (JONAS, INES, PRIYA)]
        done = await at_once(
            db.run(note_themes.join, JONAS, one.id, two.theme_id),
            other_db.run(note_themes.join, INES, two.id, three.theme_id),
            db.run(note_themes.join, PRIYA, three.id, one.theme_id),
        )
        assert [each for each in done if isinstance(each, BaseException)] == []
        ids = [one.id, two.id, three.id]
        present = await db.read(_themes_of, ids)
        assert present == {one.theme_id}
        await true_of(db)


async def test_joining_leaving_changing_and_taking_back_at_once_count_right(db: Database, other_db: Database) -> None:
    await db.run(populate)
    chance = random.Random(7)
    mine = {by: [await save(db, by, f"{by} {number}") for number in range(4)] for by in (JONAS, INES, PRIYA)}
    everything = [note for found in mine.values() for note in found]

    def step(using: Database) -> Any:
        by = chance.choice(list(mine))
        note, other = chance.choice(mine[by]), chance.choice(everything)
        match chance.randrange(6):
            case 0 | 1 | 2:
                return using.run(note_themes.join, by, note.id, other.theme_id)
            case 3:
                return using.run(note_themes.leave, by, note.id)
            case 4:
                return using.run(notes.set_kind, by, note.id, chance.choice(list(NoteKind)))
            case _:
                return using.run(notes.take_back, by, note.id)

    for _ in range(12):
        done = await at_once(*(step(using) for using in (db, other_db, db, other_db)))
        unexpected = [one for one in done if isinstance(one, BaseException) and not isinstance(one, Refused)]
        assert unexpected == []
    await true_of(db)


async def test_a_form_sent_twice_at_once_is_one_note(db: Database, other_db: Database) -> None:
    await db.run(populate)
    command = SaveNote(by=JONAS, text="Too dear", sent="form:V1")
    await at_once(*(using.run(notes.save_note, command) for using in (db, other_db, db, other_db)))
    assert await db.read(lambda tx: tx.notes.count_by_author("p1")) == 1


@pytest.mark.parametrize("both", [("join", "take back"), ("join", "kind")])
async def test_a_note_joined_while_the_other_changes_is_counted_once(
    db: Database, other_db: Database, both: tuple[str, str]
) -> None:
    await db.run(populate)
    theirs, note = await save(db, INES, "Too dear for us"), await save(db, JONAS, "Too dear")
    other = (
        other_db.run(notes.take_back, INES, theirs.id)
        if both[1] == "take back"
        else other_db.run(notes.set_kind, INES, theirs.id, NoteKind.OBJECTION)
    )
    await at_once(db.run(note_themes.join, JONAS, note.id, theirs.theme_id), other)
    await true_of(db)
