"""The notes of a period are what reading every note one by one finds. On both databases."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.digest import Digest, DigestKind, DigestState, Schedule
from bot.domain.note import Note, NoteKind, NoteState, Quoted, Theme
from bot.domain.note_rights import Readable
from bot.services.field_notes_digest import IN_CHANNEL
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, person

HOUR = timedelta(hours=1)
SINCE, UNTIL = NOON - 48 * HOUR, NOON - 24 * HOUR
LINK = "https://northwind.slack.com/archives/C0SALES01/p17000000000000{:02}"
ANSWERED = (NoteState.ACTED, NoteState.DECLINED)


def fill(tx: Transaction, seed: int) -> tuple[list[Note], list[Readable]]:
    """Three days of notes in every state, some taken back, hidden, of a campaign, or answered after the period."""
    chance = random.Random(seed)
    authors = [person(tx, name).id for name in ("Ana", "Ben", "Cleo", "Dan")]
    campaign = tx.campaigns.ensure("webinar").id
    written = []
    for number in range(12):
        hidden, kind = number % 4 == 3, chance.choice(list(NoteKind))
        theme = Theme(
            id=f"t{number:02}", kind=kind, title=f"Theme {number}", managers_only=hidden, notes=0, people=0, open=0,
            first_at=NOON, last_at=NOON, waits_since=None,
        )  # fmt: skip
        tx.themes.add(theme)
        for _ in range(chance.randrange(8)):
            at = NOON - HOUR * chance.randrange(0, 72)
            state = chance.choice(list(NoteState))
            note = Note(
                id=tx.new_id(), theme_id=theme.id, author_id=chance.choice(authors), kind=kind, text="x",
                managers_only=hidden, campaign_id=campaign if chance.random() < 0.2 else None, state=state,
                state_at=None if state is NoteState.NEW else min(NOON, at + HOUR * chance.randrange(60)),
                answer="Done" if state in ANSWERED else "", created_at=at,
                removed_at=NOON if chance.random() < 0.1 else None,
                quoted=Quoted(
                    link=LINK.format(number), slack_id=None, name="Ana", private=chance.random() < 0.5,
                ) if chance.random() < 0.5 else None,
            )  # fmt: skip
            tx.notes.add(note)
            written.append(note)
    boss = Readable(person_id=authors[0], all=True, managers_only=True)
    own = Readable(person_id=authors[1], campaign_ids=frozenset({campaign}))
    return written, [IN_CHANNEL, boss, own, Readable(person_id=authors[2], all=True), Readable(person_id="nobody")]


def came(notes: list[Note], reads: Readable) -> list[Note]:
    return [one for one in readable(notes, reads) if SINCE <= one.created_at < UNTIL]


def readable(notes: list[Note], reads: Readable) -> list[Note]:
    return [one for one in notes if one.removed_at is None and reads.includes(one)]


def was_open(note: Note, until: datetime) -> bool:
    return note.state.is_open or (note.state_at is not None and note.state_at >= until)


@pytest.mark.parametrize("seed", range(5))
async def test_what_is_counted_is_what_is_there(db: Database, seed: int) -> None:
    notes, readers = await db.run(fill, seed)

    def check(tx: Transaction) -> None:
        found = tx.digest_notes
        assert found.first_at(NOON) == min(one.created_at for one in notes if one.removed_at is None)
        assert found.first_at(NOON - 100 * HOUR) is None
        for reads in readers:
            here = came(notes, reads)
            counted = {(one.kind, one.author_id): one.count for one in found.by_kind(reads, SINCE, UNTIL)}
            assert counted == {
                key: sum((one.kind, one.author_id) == key for one in here)
                for key in {(one.kind, one.author_id) for one in here}
            }
            assert found.kinds(reads, SINCE, UNTIL) == {
                kind: sum(one.kind is kind for one in here) for kind in {one.kind for one in here}
            }
            _check_themes(tx, reads, here)
            _check_answers(tx, reads, notes)
            _check_stood(tx, reads, notes)

    await db.read(check)


def _check_themes(tx: Transaction, reads: Readable, here: list[Note]) -> None:
    of = {theme: [one for one in here if one.theme_id == theme] for theme in {one.theme_id for one in here}}
    people = {theme: len({one.author_id for one in those}) for theme, those in of.items()}
    wanted = sorted(of, key=lambda theme: (people[theme], len(of[theme]), theme), reverse=True)
    first, total = tx.digest_notes.themes(reads, SINCE, UNTIL, 3)
    rest, _ = tx.digest_notes.themes(reads, SINCE, UNTIL, 20, 3)
    assert [one.theme_id for one in [*first, *rest]] == wanted
    assert all((one.notes, one.people) == (len(of[one.theme_id]), people[one.theme_id]) for one in first)
    assert total == len(wanted)
    for kind in NoteKind:
        ideas, total = tx.digest_notes.themes(reads, SINCE, UNTIL, 20, 0, kind)
        assert [one.theme_id for one in ideas] == [one for one in wanted if of[one][0].kind is kind]
        assert total == len(ideas)
    some = wanted[:4]
    assert tx.digest_notes.of_themes(reads, some, SINCE, UNTIL) == {theme: len(of[theme]) for theme in some}


def _check_answers(tx: Transaction, reads: Readable, notes: list[Note]) -> None:
    answered = [
        one for one in readable(notes, reads)
        if one.state in ANSWERED and one.state_at is not None and SINCE <= one.state_at < UNTIL
    ]  # fmt: skip
    wanted = {(one.theme_id, one.state, one.state_at) for one in answered}
    answers, total = tx.digest_notes.answers(reads, SINCE, UNTIL, 50)
    assert {(one.theme_id, one.state, one.state_at) for one in answers} == wanted
    assert total == len(wanted)
    assert sum(one.notes for one in answers) == len(answered)
    assert [one.notes for one in answers] == sorted((one.notes for one in answers), reverse=True)
    assert all(one.answer == "Done" for one in answers)
    states = tx.digest_notes.answered(reads, SINCE, UNTIL)
    assert states == {state: sum(one.state is state for one in answered) for state in {one.state for one in answered}}
    thanked = tx.digest_notes.thanked(reads, answers, SINCE, UNTIL)
    assert {key: set(authors) for key, authors in thanked.items()} == {
        (theme, at): {one.author_id for one in answered if (one.theme_id, one.state_at) == (theme, at)}
        for theme, _, at in wanted
        if at is not None
    }


def _check_stood(tx: Transaction, reads: Readable, notes: list[Note]) -> None:
    ids = [f"t{number:02}" for number in range(12)]
    mine = [one for one in readable(notes, reads) if one.created_at < UNTIL]
    stood = tx.digest_notes.stood(reads, ids, UNTIL)
    for theme in ids:
        states = [NoteState.NEW if was_open(one, UNTIL) else one.state for one in mine if one.theme_id == theme]
        assert {state: one.notes for state, one in stood.get(theme, {}).items()} == {
            state: states.count(state) for state in set(states)
        }
    later = {one.theme_id for one in mine if one.state_at is not None and one.state_at >= UNTIL}
    assert set(tx.digest_notes.answered_later(reads, UNTIL)) == later
    seen = [
        one for one in mine if one.quoted is not None and (not one.quoted.private or one.author_id == reads.person_id)
    ]
    assert set(tx.digest_notes.links(reads, ids, UNTIL)) == {one.theme_id for one in seen}


async def test_a_digest_that_showed_a_theme_shows_the_one_it_was_joined_with(db: Database) -> None:
    def store(tx: Transaction) -> list[list[str]]:
        _digests(tx)
        theme = Theme(id="old", kind=NoteKind.IDEA, title="", managers_only=False, notes=0, people=0, open=0,
                      first_at=NOON, last_at=NOON, waits_since=None)  # fmt: skip
        for name in ("old", "new", "other"):
            tx.themes.add(replace(theme, id=name))
        tx.digest_themes.remember("d1", {"old", "new"})
        tx.digest_themes.remember("d1", {"old"})
        tx.digest_themes.remember("d2", {"old"})
        tx.digest_themes.follow("old", "new")
        return [tx.digest_themes.showing(name) for name in ("old", "new", "other")]

    assert await db.run(store) == [["d1", "d2"], ["d1", "d2"], []]


def _digests(tx: Transaction) -> None:
    by = person(tx, "Sam").id
    tx.schedules.add(
        Schedule(
            id="s1", name="Notes", kind=DigestKind.FIELD_NOTES, place="C1", weekdays=(0,), at=NOON.time(), tz="UTC",
            told_until=NOON, made_by=by, created_at=NOON, updated_at=NOON,
        )
    )  # fmt: skip
    for number in (1, 2):
        tx.digests.add(
            Digest(
                id=f"d{number}", schedule_id="s1", period=NOON.date() + timedelta(days=number), state=DigestState.SENT,
                due_at=NOON, from_at=NOON, until_at=NOON, made_at=NOON,
            )
        )  # fmt: skip
