"""What marketers' Home lists of field notes: their own to answer, by age or by how many people said it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.note import NoteKind, NoteState
from bot.domain.person import Person
from bot.domain.windows import MarketingWindows
from bot.errors import NotAllowed
from bot.services import home, home_notes, note_answer_form, requests
from bot.services.home_notes import NotesToAnswer
from bot.services.home_rows import PAGE, HomeLists
from tests.services.clocked import sign
from tests.services.marketing import CMO, add_marketing
from tests.services.noting import answer, read, same, write
from tests.services.world import ADMIN, INES, JONAS, MARKETER, PRIYA, World


@pytest.fixture
async def team(world: World) -> World:
    await world.db.run(add_marketing)
    return world


async def listed(world: World, by: str, page: int = 0, *, by_people: bool = False) -> NotesToAnswer | None:
    person = await world.db.read(lambda tx: tx.people.by_slack_id(by))
    assert isinstance(person, Person)
    return await world.db.read(lambda tx: home_notes.to_answer(tx, person, page, by_people=by_people))


async def titles(world: World, by: str, *, by_people: bool = False) -> list[str]:
    found = await listed(world, by, by_people=by_people)
    return [row.title for row in found.rows] if found is not None else []


async def test_by_age_the_oldest_first_and_by_how_many_different_people_said_it(team: World) -> None:
    await write(team, "Old")
    team.clock.advance(timedelta(hours=1))
    await same(team, JONAS, JONAS, text="Twice by one")
    team.clock.advance(timedelta(hours=1))
    await same(team, JONAS, INES, PRIYA, text="By three", kind=NoteKind.MISSING_CONTENT)
    assert await titles(team, MARKETER) == ["Old", "Twice by one", "By three"]
    assert await titles(team, MARKETER, by_people=True) == ["By three", "Old", "Twice by one"]
    found = await listed(team, MARKETER, by_people=True)
    assert found is not None
    row = found.rows[0]
    assert (row.people, row.open, row.new, found.requests) == (3, 3, 3, 1)
    assert (found.total, found.open) == (3, 6), "themes, and the notes in them"


async def test_time_left_stands_with_the_note_that_has_waited_longest(team: World) -> None:
    await sign(team, marketing=MarketingWindows(answer_note=480))
    await write(team)
    found = await listed(team, MARKETER)
    assert found is not None
    due = found.rows[0].due
    assert due is not None
    assert (due.window, due.trial) == (timedelta(hours=8), False)


async def test_reps_have_none_and_who_owns_a_campaign_has_its_notes_alone(team: World) -> None:
    await team.db.run(lambda tx: tx.campaigns.save(replace(tx.campaigns.ensure("fair"), owner_id="p6")))
    fair = await team.db.read(lambda tx: tx.campaigns.by_key("fair"))
    assert fair is not None
    await write(team, "On the fair", campaign_id=fair.id)
    await write(team, "Elsewhere")
    assert await listed(team, JONAS) is None
    assert await titles(team, ADMIN) == ["On the fair"]
    assert [one.open for one in (await listed(team, ADMIN), await listed(team, MARKETER)) if one] == [1, 2]
    assert await titles(team, MARKETER) == ["On the fair", "Elsewhere"]
    await team.change("p6", away_since=team.clock.now())
    await team.db.run(lambda tx: tx.people.set_deputy("p6", "p3"))
    assert await titles(team, PRIYA) == ["On the fair"], "whoever stands in for the owner"


async def test_managers_see_what_is_for_managers_only_and_marketers_do_not(team: World) -> None:
    await write(team, "For managers", managers_only=True)
    assert await titles(team, MARKETER) == []
    assert [one.open for one in (await listed(team, MARKETER), await listed(team, CMO)) if one is not None] == [0, 1]
    assert await titles(team, CMO) == ["For managers"]


async def test_lists_are_paged_and_keep_their_order_as_pages_are_turned(team: World) -> None:
    for number in range(PAGE + 2):
        await write(team, f"Note {number}")
    pages = {HomeLists.NOTES: 9, HomeLists.NOTES_BY_PEOPLE: 1}
    shown = await team.db.read(home.load_home, MARKETER, pages)
    assert shown.notes is not None
    assert (len(shown.notes.rows), shown.notes.page, shown.notes.total) == (2, 1, PAGE + 2)
    assert shown.pages()[HomeLists.NOTES_BY_PEOPLE] == 1
    assert shown.pages()[HomeLists.NOTES] == 1


async def test_what_is_answered_is_in_the_weeks_numbers_and_no_list(team: World) -> None:
    note = await write(team)
    await write(team, "Another")
    await answer(team, note, "declined", "No.")
    assert await titles(team, MARKETER) == ["Another"]
    shown = await team.db.read(home.load_home, MARKETER)
    assert shown.week.answers is not None
    numbers = shown.week.answers.notes
    assert numbers is not None
    assert (numbers.answered, numbers.in_time, numbers.declined, numbers.missed) == (1, 1, 1, 0)


async def test_the_list_costs_the_same_however_much_waits(team: World) -> None:
    statements = []
    for count in (1, 30):
        for number in range(count):
            await write(team, f"Note {count} {number}")
        statements.append(await _statements(team))
    assert statements[1] - statements[0] <= 1, f"{statements}: a query for each row"


async def _statements(world: World) -> int:
    person = await world.db.read(lambda tx: tx.people.by_slack_id(MARKETER))
    assert person is not None

    def count(tx: object) -> int:
        connection = tx.note_lists._connection  # type: ignore[attr-defined]
        sent: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
            sent.append(statement)

        sa.event.listen(connection, "before_cursor_execute", note)
        try:
            home_notes.to_answer(tx, person, 0, by_people=False)  # type: ignore[arg-type]
        finally:
            sa.event.remove(connection, "before_cursor_execute", note)
        return len(sent)

    return await world.db.read(count)


async def test_a_row_says_who_alone_said_it_and_a_short_note_alone_is_answered_from_the_list(team: World) -> None:
    await write(team, "One", by=INES)
    team.clock.advance(timedelta(minutes=1))
    await write(team, "Long " * 300, by=JONAS)
    team.clock.advance(timedelta(minutes=1))
    await same(team, JONAS, JONAS, text="Twice by one")
    team.clock.advance(timedelta(minutes=1))
    await same(team, JONAS, INES, text="By two")
    found = await listed(team, MARKETER)
    assert found is not None
    assert [(row.author, row.fits_form) for row in found.rows] == [
        ("Ines", True), ("Jonas", False), ("Jonas", False), (None, False),
    ]  # fmt: skip


async def test_a_note_in_its_form_is_seen_when_that_opens_and_a_theme_of_several_is_not(team: World) -> None:
    note, (first, _) = await write(team, by=INES), await same(team, JONAS, PRIYA, text="By two")
    form = await team.db.run(note_answer_form.open_form, note.theme_id, MARKETER)
    assert form.note is not None
    assert (form.note.author, form.note.text, form.note.state) == ("Ines", note.text, NoteState.SEEN)
    assert (await read(team, note.id)).state is NoteState.SEEN
    form = await team.db.run(note_answer_form.open_form, first.theme_id, MARKETER)
    assert form.note is None
    assert (await read(team, first.id)).state is NoteState.NEW
    with pytest.raises(NotAllowed):
        await team.db.run(note_answer_form.open_form, note.theme_id, JONAS)


async def test_a_request_of_one_is_answered_from_the_list_by_whoever_may(team: World) -> None:
    missing = {"kind": NoteKind.MISSING_CONTENT}
    await same(team, JONAS, INES, text="A price list", **missing)
    await write(team, "A case study", **missing)
    for by, direct in ((MARKETER, [False, True]), (INES, [False, False])):
        found = await team.db.read(requests.ranked, by)
        assert [row.fits_form for row in found.rows] == direct
