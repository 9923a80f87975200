"""What digests say: only what may be read where they stand, the same whenever it is loaded, and nothing taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from bot.domain.digest import DigestKind, Schedule
from bot.domain.note import Note, NoteKind, NoteState
from bot.domain.note_answer import How
from bot.domain.person import SlackFlags
from bot.domain.post import Post, Subject
from bot.services import (
    delivery,
    digest_content,
    digest_window,
    erasure,
    note_answer_form,
    note_answers,
    note_themes,
    notes,
)
from bot.services.digest_window import PAGE, Part, WindowRef
from bot.services.field_notes_digest import REPEATED, FieldNotesDigest
from bot.services.notes import SaveNote
from bot.views.digest_frame import CLOSING
from jobs.rendering import render
from storage.transaction import Transaction
from tests.services.test_digests import at, made
from tests.services.world import INES, JONAS, MANAGER, MARKETER, PRIYA, World
from tests.views.oracle import words

DEAR, RIVAL, CASE = "Too expensive for teams of five", "Cargonaut gives a year for free", "A case study of a port"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def schedule(world: World, kind: DigestKind = DigestKind.FIELD_NOTES, place: str = "C0SALES01") -> Schedule:
    now = world.clock.now()
    return Schedule(
        id="s1", name="Digest", kind=kind, place=place, weekdays=(0,), at=time(9), tz="Europe/Berlin",
        told_until=now, made_by=None, created_at=now, updated_at=now,
    )  # fmt: skip


async def note(world: World, by: str = JONAS, text: str = DEAR, **values: Any) -> Note:
    values = {"kind": NoteKind.OBJECTION} | values
    sent = f"{by}{text}{values}{world.clock.now()}"
    saved = await world.db.run(notes.save_note, SaveNote(by=by, text=text, sent=sent, **values))
    world.clock.advance(timedelta(minutes=1))
    return saved


async def join(world: World, by: str, one: Note, other: Note) -> None:
    await world.db.run(note_themes.join, by, one.id, other.theme_id)


async def answer(world: World, one: Note, how: How = How.ACTED, text: str = "There is a page now") -> None:
    form = await world.db.read(note_answer_form.answer_form, one.theme_id, MARKETER)
    command = note_answers.AnswerTheme(by=MARKETER, theme_id=form.theme_id, seen=form.seen, how=how, text=text)
    await world.db.run(note_answers.answer, command)


async def load(
    world: World, since: datetime, until: datetime | None = None, place: str = "C0SALES01"
) -> FieldNotesDigest:
    def read(tx: Transaction) -> FieldNotesDigest:
        what = schedule(world, place=place)
        found = digest_content.load(tx, what, from_at=since, until_at=until or world.clock.now())
        assert isinstance(found, FieldNotesDigest)
        return found

    return await world.db.read(read)


async def wait(world: World, span: timedelta) -> None:
    """Time passes, and Slack is asked about everybody meanwhile."""
    world.clock.advance(span)
    for number in range(1, 7):
        await world.change(f"p{number}", flags=SlackFlags(checked_at=world.clock.now()))


async def test_notes_are_counted_by_kind_and_theme_and_marketings_answer_thanks_who_said_it(world: World) -> None:
    since = world.clock.now()
    first, second = await note(world), await note(world, INES, "Much too expensive for our teams of five")
    await join(world, INES, second, first)
    await note(world, PRIYA, RIVAL, kind=NoteKind.COMPETITOR)
    found = await load(world, since)
    assert (found.notes, found.people, found.usual) == (3, 3, None)
    assert [(one.kind, one.count) for one in found.kinds] == [(NoteKind.OBJECTION, 2), (NoteKind.COMPETITOR, 1)]
    top = found.themes[0]
    assert (top.title, top.notes, top.people, top.is_new, top.waits) == (DEAR, 2, 2, True, 2)
    await answer(world, first)
    found = await load(world, since, world.clock.now() + HOUR)
    [said] = found.answers
    assert (said.acted, said.answer, said.notes) == (True, "There is a page now", 2)
    assert sorted(said.thanked) == ["Ines", "Jonas"]
    assert (found.acted, found.declined, found.themes[0].state) == (2, 0, NoteState.ACTED)


async def test_what_is_asked_for_is_ranked_and_what_waits_longest_is_said_once(world: World) -> None:
    old = await note(world, text="Our forms are long", kind=NoteKind.IDEA)
    await wait(world, timedelta(days=12))
    since = world.clock.now()
    await note(world, INES, "A price list for ports", kind=NoteKind.MISSING_CONTENT)
    asked = await note(world, JONAS, CASE, kind=NoteKind.MISSING_CONTENT)
    again = await note(world, PRIYA, "Case study: any port", kind=NoteKind.MISSING_CONTENT)
    await join(world, PRIYA, again, asked)
    await note(world, JONAS, RIVAL, kind=NoteKind.COMPETITOR)
    found = await load(world, since)
    shown = {one.id for one in found.themes}
    assert shown == {asked.theme_id}, "what was said once is not said most often"
    assert [(one.title, one.people) for one in found.requests] == [(CASE, 2), ("A price list for ports", 1)]
    assert [one.title for one in found.waiting] == ["Our forms are long"]
    assert not {one.id for one in (*found.themes, *found.requests)} & {one.id for one in found.waiting}
    later = await load(world, world.clock.now())
    assert [(one.title, one.people) for one in later.requests] == [(CASE, 2), ("A price list for ports", 1)]
    assert later.is_empty
    assert old.theme_id in {one.id for one in later.waiting}


async def test_a_channel_never_reads_what_is_for_managers_only_and_a_person_what_they_may(world: World) -> None:
    since = world.clock.now()
    await note(world, JONAS, "A secret about a board", managers_only=True)
    await note(world, INES, RIVAL)
    assert (await load(world, since)).notes == 1
    counts = {place: (await load(world, since, place=place)).notes for place in (JONAS, INES, MANAGER, MARKETER, "U9")}
    assert counts == {JONAS: 2, INES: 1, MANAGER: 2, MARKETER: 1, "U9": 0}
    await world.configure(notes_read_by=("marketing",))
    found = await load(world, since, place=INES)
    assert (found.notes, found.own) == (1, True)
    assert [one.title for one in found.themes] == [RIVAL]
    await world.configure(notes_read_by=("sales",))
    theirs = await note(world, JONAS, DEAR)
    mine = await note(world, INES, "Much too expensive for our teams of five")
    await join(world, INES, mine, theirs)
    await world.configure(notes_read_by=("marketing",))
    found = await load(world, since, place=INES)
    assert {(one.title, one.people) for one in found.themes} == {(RIVAL, 1), (mine.text, 1)}, "not their words"
    ref = WindowRef(kind=DigestKind.FIELD_NOTES, from_at=since, until_at=world.clock.now(), part=Part.NOTES)
    window = await world.db.read(digest_window.load_window, INES, ref)
    assert {getattr(line, "title", "") for line in window.lines} == {RIVAL, mine.text}


async def test_a_digest_says_the_same_when_it_is_loaded_again_after_everything_was_answered(world: World) -> None:
    since = world.clock.now()
    first = await note(world)
    asked = await note(world, INES, CASE, kind=NoteKind.MISSING_CONTENT)
    await wait(world, 2 * DAY)
    await note(world, PRIYA, RIVAL, kind=NoteKind.COMPETITOR)
    until = world.clock.now()
    before = await load(world, since, until)
    await wait(world, DAY)
    for one in (first, asked):
        await answer(world, one, How.DECLINED, "We never will")
    late = await note(world, PRIYA, "Expensive for a team of five, they say")
    await join(world, PRIYA, late, first)
    assert await load(world, since, until) == before
    quiet = await load(world, until, until + HOUR)
    assert quiet.is_empty
    assert {one.id for one in (*quiet.requests, *quiet.waiting)} == {asked.theme_id, first.theme_id}


async def sent(world: World) -> Post:
    """The post of the digest that went to a channel just now."""
    what = await made(world)
    assert what.next_at is not None
    await at(world, what.next_at)

    def find(tx: Transaction) -> Post:
        [digest] = tx.digests.latest(what.id, 1)
        [post] = tx.posts.of_subject(Subject.DIGEST, digest.id)
        return post

    post = await world.db.read(find)
    await world.said()
    return post


async def shows(world: World, post: Post) -> str:
    said = await world.db.read(delivery.what_to_say, post.id)
    assert said is not None
    return words(render(said[1]))


async def is_to_update(world: World, post: Post) -> bool:
    return post.id in {row.subject_id for row in await world.outbox()}


async def test_a_note_taken_back_is_gone_from_just_the_digests_that_showed_it(world: World) -> None:
    one = await note(world)
    post = await sent(world)
    assert DEAR in await shows(world, post)
    other = await note(world, INES, RIVAL)
    await world.said()
    await wait(world, HOUR)
    await world.db.run(notes.take_back, INES, other.id)
    assert not await is_to_update(world, post)
    await world.db.run(notes.take_back, JONAS, one.id)
    assert await is_to_update(world, post)
    assert DEAR not in await shows(world, post)
    assert "No field notes since" in await shows(world, post)


async def test_nothing_moves_up_into_the_place_of_what_is_taken_back(world: World) -> None:
    said = [f"Thing number {number} zz{number}" for number in range(REPEATED + 3)]
    written = {text: await note(world, text=text, kind=NoteKind.IDEA) for text in said}
    post = await sent(world)
    before = await shows(world, post)
    shown = [text for text in said if text in before]
    await wait(world, HOUR)
    for text in shown[:2]:
        await world.db.run(notes.take_back, JONAS, written[text].id)
    after = await shows(world, post)
    assert [text for text in said if text in after] == shown[2:]


async def test_a_note_that_becomes_for_managers_only_is_gone_from_the_channel(world: World) -> None:
    one = await note(world)
    post = await sent(world)
    await wait(world, HOUR)
    change = notes.ChangeNote(
        by=JONAS, note_id=one.id, version=one.version, text=DEAR, kind=NoteKind.OBJECTION, managers_only=True
    )
    await world.db.run(notes.change_note, change)
    assert await is_to_update(world, post)
    assert DEAR not in await shows(world, post)


async def test_what_was_said_about_somebody_erased_is_gone_also_where_the_note_was_joined_later(world: World) -> None:
    handed = await world.hand_over("7", email="dana@example.com", name="Dana Whitfield")
    assert handed.handoff_id is not None
    handoff = await world.db.read(lambda tx: tx.handoffs.get(handed.handoff_id or ""))
    assert handoff is not None
    owner = {"p1": JONAS, "p2": INES}[handoff.rep_id or ""]
    await world.accept(handed.handoff_id, owner)
    first = await note(world, PRIYA, "Ports want paper")
    await answer(world, first)
    await wait(world, 10 * DAY)
    about = await note(world, owner, "Dana Whitfield wants paper", lead_id=handed.lead_id)
    post = await sent(world)
    assert "Dana Whitfield" in await shows(world, post)
    await wait(world, HOUR)
    await join(world, owner, about, first)
    await world.said()
    assert handed.lead_id is not None
    await world.db.run(lambda tx: erasure.erase_lead(tx, handed.lead_id or "", actor="test"))
    assert await is_to_update(world, post)
    said = await shows(world, post)
    assert "Dana" not in said
    assert "1 note" in said


async def test_the_window_has_all_of_it_page_by_page(world: World) -> None:
    since = world.clock.now()
    for number in range(PAGE + 3):
        await note(world, text=f"Thing number {number} zz{number}", kind=NoteKind.IDEA)
    await note(world, INES, RIVAL, kind=NoteKind.COMPETITOR)
    ref = WindowRef(
        kind=DigestKind.FIELD_NOTES, from_at=since, until_at=world.clock.now(), part=Part.IDEA, page=0
    )  # fmt: skip

    async def page(**changes: Any) -> digest_window.DigestWindow:
        return await world.db.read(digest_window.load_window, MARKETER, replace(ref, **changes))

    pages = [await page(page=number) for number in (0, 1)]
    titles = [getattr(line, "title", "") for window in pages for line in window.lines]
    assert len(titles) == len(set(titles)) == PAGE + 3
    assert {window.total for window in pages} == {PAGE + 3}
    beyond = await page(page=9)
    assert (beyond.ref.page, beyond.lines) == (1, pages[1].lines)
    assert (await page(part=Part.NOTES)).counts[Part.COMPETITOR] == 1
    waiting = await page(part=Part.WAITING, page=1)
    assert (waiting.total, len(waiting.lines)) == (PAGE + 4, 4)
    # A part of the other digest: the first of this one.
    assert (await page(part=Part.RUNNING)).ref.part is Part.NOTES
    assert (await page(kind=DigestKind.CAMPAIGNS, part=Part.QUESTIONS)).lines == ()


async def test_a_closing_line_is_the_same_for_a_day_and_another_the_next_time(world: World) -> None:
    def closing(tx: Transaction, days: int, /, **changes: Any) -> int | None:
        until = world.clock.now() + days * DAY
        what = replace(schedule(world), **changes)
        return digest_content.load(tx, what, from_at=until - DAY, until_at=until).frame.closing

    lines = [await world.db.read(closing, days) for days in range(10)]
    assert lines == [await world.db.read(closing, days) for days in range(10)]
    shown = [(line or 0) % len(CLOSING) for line in lines]
    assert len(set(shown)) == len(shown), "of a dozen lines none comes again so soon"
    assert await world.db.read(lambda tx: closing(tx, 0, closing_line=False)) is None
