"""The small world with marketing, and what people do with field notes in it as one-liners."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.brief import Brief, Why
from bot.domain.budget import How as Told
from bot.domain.budget import Kind
from bot.domain.countdown import CountdownKind, Running
from bot.domain.note import Note, NoteKind, Theme
from bot.domain.note_answer import mark
from bot.domain.post import Post, Subject
from bot.services import brief_content, briefs, note_answers, note_themes, notes
from bot.services.brief_content import BriefLine
from bot.services.note_answers import Answered, AnswerTheme
from bot.services.notes import SaveNote
from storage.transaction import Transaction
from tests.services.world import JONAS, MARKETER, World

_SENT = iter(range(10**9))


async def write(world: World, text: str = "They say we are too pricey.", by: str = JONAS, **values: Any) -> Note:
    command = SaveNote(by=by, text=text, sent=f"s{next(_SENT)}", **{"kind": NoteKind.OBJECTION, **values})
    return await world.db.run(notes.save_note, command)


async def join(world: World, note: Note, to: Note, by: str) -> Note:
    theme_id = (await read(world, to.id)).theme_id
    return await world.db.run(note_themes.join, by, note.id, theme_id)


async def same(world: World, *by: str, text: str = "They say we are too pricey.", **values: Any) -> list[Note]:
    """Each of these people says the same, joined into one theme."""
    found = [await write(world, text, by=by[0], **values)]
    for one in by[1:]:
        note = await write(world, text, by=one, **values)
        found.append(await join(world, note, found[0], one))
    return found


async def read(world: World, note_id: str) -> Note:
    found = await world.db.read(lambda tx: tx.notes.get(note_id))
    assert found is not None
    return found


async def theme_of(world: World, note: Note) -> Theme:
    now = await read(world, note.id)
    found = await world.db.read(lambda tx: tx.themes.get(now.theme_id))
    assert found is not None
    return found


async def seen_mark(world: World, note: Note) -> str:
    """The mark a form opened now carries."""
    now = await read(world, note.id)
    return mark(await world.db.read(lambda tx: tx.note_lists.answered_last(now.theme_id)))


async def answer(
    world: World, note: Note, how: str = "acted", text: str = "A pricing page.", *, by: str = MARKETER, **values: Any
) -> Answered:
    given = {"seen": await seen_mark(world, note), "link": "", **values}
    theme_id = (await read(world, note.id)).theme_id
    return await world.db.run(
        note_answers.answer, AnswerTheme(by=by, theme_id=theme_id, how=how, text=text, **given)
    )  # fmt: skip


async def window_of(world: World, note: Note) -> Running:
    found = await world.db.read(lambda tx: tx.countdowns.of(CountdownKind.ANSWER_NOTE, note.id))
    assert found is not None
    return found


async def notices(world: World, place: str, *notes: Note) -> list[Post]:
    """Messages of their own about these notes that are, or are to be, said to this Slack id."""
    ids = [one.id for one in notes]

    def find(tx: Transaction) -> list[Post]:
        return [post for one in ids for post in tx.posts.of_subject(Subject.NOTE_NOTICE, one) if post.place == place]

    return await world.db.read(find)


async def brief_of(world: World, person_id: str, kind: Kind) -> list[BriefLine]:
    """What the person's brief says of this kind, made now: it waits no longer."""

    def say(tx: Transaction) -> list[BriefLine]:
        person = tx.people.get(person_id)
        assert person is not None
        made = Brief(
            id=tx.new_id(), person_id=person_id, why=Why.REQUESTED, day=tx.now.date(), created_at=tx.now
        )  # fmt: skip
        if briefs.say(tx, person, made) is None:
            return []
        page = brief_content.load_page(tx, made.id, person.slack_id or "", 0)
        return [line for section in page.sections if section.kind is kind for line in section.lines]

    return await world.db.run(say)


async def choose(world: World, person_id: str, kind: Kind, how: Told) -> None:
    def save(tx: Transaction) -> None:
        settings = tx.person_settings.of(person_id)
        tx.person_settings.save(replace(settings, kinds={**settings.kinds, kind: how}))

    await world.db.run(save)
