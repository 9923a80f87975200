"""Field notes at their edges: who asked before, who is erased, who may read a part, and what is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain.budget import Kind
from bot.domain.note import NoteKind, NoteState
from bot.domain.person import Side
from bot.domain.windows import MarketingWindows
from bot.errors import NotAllowed
from bot.services import (
    erasure,
    home_notes,
    note_answer_form,
    note_answers,
    note_messages,
    note_shown,
    note_theme_shown,
    note_window,
    notes,
    requests,
)
from bot.services.home_notes import NotesToAnswer
from bot.services.note_messages import SlackMessage
from bot.services.notes import ChangeNote
from storage.note_lists import NoteNumbers
from storage.transaction import Transaction
from tests.services.clocked import at, sign, until
from tests.services.marketing import add_marketing, known
from tests.services.noting import answer, brief_of, join, read, same, write
from tests.services.world import INES, JONAS, MARKETER, PRIYA, World

LINK = "https://content.example.com/one-pager"


@pytest.fixture
async def team(world: World) -> World:
    await world.db.run(add_marketing)
    return world


async def accepted(world: World, **values: Any) -> tuple[str, str]:
    """A lead somebody accepted: its id, and who has it."""
    handed = await world.hand_over("7", name="Maria Lopez", email="maria@example.com", **values)
    handoff = await world.handoff(handed.handoff_id)
    owner = "U" + (handoff.rep_id or "p1")[1:]
    await world.accept(handed.handoff_id, owner)
    return handed.lead_id or "", owner


async def test_what_is_erased_or_taken_back_is_no_title_of_a_merged_theme_either(team: World) -> None:
    lead_id, owner = await accepted(team)
    first = await write(team, "SSO is missing for all", by=PRIYA)
    about = await write(team, "Maria needs SSO", by=owner, lead_id=lead_id)
    await join(team, about, first, owner)
    back = await write(team, "Secret words", by=INES)
    await join(team, back, first, INES)
    await team.db.run(erasure.erase_key, "crm", "7", None, actor="admin")
    await team.db.run(notes.take_back, INES, back.id)

    def titles(tx: Transaction) -> str:
        return " ".join(one.title for one in tx.themes.get_many([first.id, about.id, back.id]).values())

    kept = await team.db.read(titles)
    assert "Maria" not in kept
    assert "Secret" not in kept


async def test_a_correction_reaches_those_who_were_told_and_not_what_is_erased(team: World) -> None:
    lead_id, owner = await accepted(team)
    first = await write(team, by=PRIYA)
    about = await write(team, "Maria says so", by=owner, lead_id=lead_id)
    await join(team, about, first, owner)
    await answer(team, first, text="A page.")
    await team.db.run(erasure.erase_key, "crm", "7", None, actor="admin")
    form = await team.db.read(note_answer_form.answer_form, first.theme_id, MARKETER)
    assert form.text == "A page."
    done = await answer(team, first, text="A better page.", seen=form.seen)
    assert (done.notes, done.again) == (1, True)
    assert (await read(team, first.id)).answer == "A better page."
    assert (await read(team, about.id)).answer == ""


async def test_what_is_erased_waits_for_no_answer_and_has_none(team: World) -> None:
    lead_id, owner = await accepted(team)
    first = await write(team, by=PRIYA)
    about = await write(team, "Maria says so", by=owner, lead_id=lead_id)
    await join(team, about, first, owner)
    await team.db.run(erasure.erase_key, "crm", "7", None, actor="admin")
    done = await answer(team, first, text="A page.")
    assert (done.notes, done.people, done.theme.open) == (1, 1, 0)
    gone = await read(team, about.id)
    assert (gone.state, gone.answer) == (NoteState.ACTED, "")
    assert Kind.NOTE_ANSWERED not in await team.waits_for_brief(f"p{owner[1:]}")


@pytest.mark.parametrize("before", ["declined", "acted"])
async def test_who_asked_before_and_was_answered_without_it_gets_the_link_once_it_exists(
    team: World, before: str
) -> None:
    first, again = await same(team, JONAS, PRIYA, text="A one-pager", kind=NoteKind.MISSING_CONTENT)
    await answer(team, first, how=before, text="Not now.")
    await brief_of(team, "p1", Kind.NOTE_ANSWERED)
    later = await write(team, "A one-pager", by=INES, kind=NoteKind.MISSING_CONTENT)
    await join(team, later, first, INES)
    third = await write(team, "A one-pager", by=JONAS, kind=NoteKind.MISSING_CONTENT)
    await join(team, third, first, JONAS)
    done = await answer(team, first, how="exists", text="Here.", link=LINK)
    assert (done.notes, done.people) == (4, 3)
    for note in (first, again, later, third):
        assert (await read(team, note.id)).answer_link == LINK
    (line,) = await brief_of(team, "p1", Kind.NOTE_ANSWERED)
    assert line.text == "Content exists, says Sam (2 notes of yours): Here."


async def test_one_of_several_taken_back_the_others_still_wait_in_the_brief(team: World) -> None:
    await sign(team, marketing=MarketingWindows(answer_note=480))
    first, other = await same(team, JONAS, INES)
    await until(team, at(2, 13, 1))
    await known(team)
    assert await team.waits_for_brief("p5") == {Kind.NOTE: 1}
    await team.db.run(notes.take_back, INES, other.id)
    assert await team.waits_for_brief("p5") == {Kind.NOTE: 1}
    await team.db.run(notes.take_back, JONAS, first.id)
    assert await team.waits_for_brief("p5") == {}


async def test_only_who_may_read_a_note_is_reminded_of_it(team: World) -> None:
    note = await write(team)
    assert [one.id for one in await team.db.read(note_window.of_marketing, note)] == ["p5"]
    await team.configure(notes_read_by=(Side.SALES,))
    assert [one.id for one in await team.db.read(note_window.of_marketing, note)] == ["p8"]


async def test_the_name_of_a_lead_is_for_the_author_of_the_note_and_the_company_for_others(team: World) -> None:
    lead_id, owner = await accepted(team, company="Lopez Ltd")
    about = await write(team, "They need SSO", by=owner, lead_id=lead_id)
    mine, others = [await team.db.read(note_shown.one, by, about.id) for by in (owner, PRIYA)]
    assert (mine.lead, mine.account) == ("Maria Lopez", None)
    assert (others.lead, others.account) == (None, "Lopez Ltd")


async def test_the_owner_of_a_campaign_reads_only_its_notes_of_a_theme_wherever_it_stands(team: World) -> None:
    """Somebody of sales joined what is about Sam's campaign with what is not; Sam reads no notes of others."""
    await sign(team, marketing=MarketingWindows(answer_note=480))
    spring = await team.db.read(lambda tx: tx.campaigns.by_key("spring"))
    assert spring is not None
    await team.configure(notes_read_by=(Side.SALES,))
    kind = NoteKind.MISSING_CONTENT
    first, other = await same(team, PRIYA, INES, text="Not for Sam", kind=kind)
    hers = await write(team, "For Sam", by=JONAS, kind=kind, campaign_id=spring.id)
    await join(team, hers, first, JONAS)
    await until(team, at(2, 13, 1))
    await known(team)

    def home(tx: Transaction) -> NotesToAnswer | None:
        sam = tx.people.get("p5")
        return None if sam is None else home_notes.to_answer(tx, sam, 0, by_people=False)

    listed = await team.db.read(home)
    assert listed is not None
    assert [(row.title, row.open, row.new, row.people) for row in listed.rows] == [("For Sam", 1, 1, 1)]
    asked = await team.db.read(requests.ranked, MARKETER)
    assert [(row.title, row.people, row.notes, row.may_answer) for row in asked.rows] == [("For Sam", 1, 1, True)]
    form = await team.db.run(note_answer_form.open_form, first.id, MARKETER)
    assert (form.title, form.waiting, form.people) == ("For Sam", 1, 1)
    assert form.note is not None
    assert (form.note.id, form.note.state) == (hers.id, NoteState.SEEN)
    assert {(await read(team, one.id)).state for one in (first, other)} == {NoteState.NEW}
    shown = await team.db.run(note_theme_shown.open_theme, first.id, MARKETER)
    assert (shown.title, shown.open, shown.people, shown.total) == ("For Sam", 1, 1, 1)
    (line,) = await brief_of(team, "p5", Kind.NOTE)
    assert (line.title, (line.text or "").split(".")[0]) == (
        "Missing content: “For Sam”",
        "1 note waits, said by 1 person",
    )
    await answer(team, hers, how="declined", text="No.")
    assert (await read(team, other.id)).state is NoteState.NEW
    assert [row.open for row in (await team.db.read(home) or listed).rows] == []


async def test_two_themes_that_are_joined_are_one_line_of_the_brief(team: World) -> None:
    await sign(team, marketing=MarketingWindows(answer_note=480))
    first, other = await write(team, by=JONAS), await write(team, by=INES)
    await until(team, at(2, 13, 1))
    await known(team)
    alone = await write(team, by=PRIYA)
    assert await team.waits_for_brief("p5") == {Kind.NOTE: 2}
    await join(team, other, first, INES)
    assert await team.waits_for_brief("p5") == {Kind.NOTE: 1}
    await join(team, alone, first, PRIYA)
    (line,) = await brief_of(team, "p5", Kind.NOTE)
    assert (line.text or "").startswith("3 notes wait, said by 3 people")


async def test_the_line_of_a_theme_that_is_joined_with_an_older_one_is_kept(team: World) -> None:
    await sign(team, marketing=MarketingWindows(answer_note=480))
    first = await write(team, by=JONAS, managers_only=True)
    other = await write(team, by=INES)
    await until(team, at(2, 13, 1))
    await known(team)
    await team.db.run(tell_nobody, first.theme_id)
    await team.db.run(notes.change_note, ChangeNote(by=JONAS, note_id=first.id, version=1, text=None, kind=first.kind))
    await join(team, other, first, INES)
    (line,) = await brief_of(team, "p5", Kind.NOTE)
    assert (line.text or "").startswith("2 notes wait")


def tell_nobody(tx: Transaction, theme_id: str) -> None:
    tx.briefs.forget_one([one.id for one in tx.people.all()], Kind.NOTE, theme_id)


async def test_what_was_seen_before_themes_were_joined_is_one_line_with_the_answer(team: World) -> None:
    first, other = await write(team, by=JONAS), await write(team, by=JONAS)
    await team.db.run(note_answers.mark_seen, MARKETER, [other.theme_id])
    await join(team, other, first, JONAS)
    await answer(team, first)
    (line,) = await brief_of(team, "p1", Kind.NOTE_ANSWERED)
    assert line.text == "Sam acted on it (2 notes of yours): A pricing page."


async def test_what_was_answered_in_time_and_is_corrected_later_is_answered_once(team: World) -> None:
    note = await write(team)
    await answer(team, note, text="A page.")
    before = team.clock.now() - timedelta(days=1)
    team.clock.advance(timedelta(days=8))
    await known(team)
    since = team.clock.now() - timedelta(days=1)
    await answer(team, note, text="A better page.")
    numbers = [await team.db.read(partial(numbers_since, since=one)) for one in (before, since)]
    assert [one.answered for one in numbers] == [1, 0]


def numbers_since(tx: Transaction, since: datetime) -> NoteNumbers:
    return tx.note_lists.numbers(since)


async def test_who_is_on_no_roster_is_told_so_before_a_form_opens(team: World) -> None:
    await team.change("p3", on_roster=False)
    message = SlackMessage(
        channel="C0PUBLIC", ts="1.2", thread_ts=None, domain="acme", author="U1", author_name="", text="Hi",
        is_app=False, is_ours=False, is_ephemeral=False, is_public=True,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        await team.db.run(note_messages.capture, PRIYA, message)


async def test_who_may_answer_a_note_of_a_theme_has_the_button_on_each_of_its_pages(team: World) -> None:
    """The owner of a campaign, of sales, reads the whole theme: theirs is on its second page."""
    await team.db.run(lambda tx: tx.campaigns.save(replace(tx.campaigns.ensure("fair"), owner_id="p1")))
    fair = await team.db.read(lambda tx: tx.campaigns.by_key("fair"))
    assert fair is not None
    first, *_ = await same(team, *[INES] * note_theme_shown.PAGE)
    hers = await write(team, by=PRIYA, campaign_id=fair.id)
    await join(team, hers, first, PRIYA)
    pages = [await team.db.run(note_theme_shown.open_theme, first.theme_id, JONAS, page) for page in (0, 1)]
    assert [(len(one.notes), one.may_answer) for one in pages] == [(note_theme_shown.PAGE, True), (1, True)]
    assert not (await team.db.run(note_theme_shown.open_theme, first.theme_id, INES)).may_answer
