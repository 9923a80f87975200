"""Every field note gets an answer: by theme, once, told to whoever wrote it as they chose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.budget import How as Told
from bot.domain.budget import Kind
from bot.domain.countdown import Result
from bot.domain.note import NoteKind, NoteState, Quoted
from bot.domain.note_answer import read_answer
from bot.domain.note_rights import Readable
from bot.domain.person import Side
from bot.domain.post import Subject
from bot.errors import FormError, NotAllowed, NotFound
from bot.services import erasure, note_answers, note_theme_shown, note_told, notes, requests
from bot.services.note_told import AnswerNotice, QuotedNotice, load_note_notice
from storage.transaction import Transaction
from tests.services.clocked import deliver
from tests.services.marketing import CMO, add_marketing
from tests.services.noting import (
    answer,
    brief_of,
    choose,
    join,
    notices,
    read,
    same,
    seen_mark,
    theme_of,
    window_of,
    write,
)
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, PRIYA, World

READS_ALL = Readable(person_id="p8", all=True, managers_only=True)
LINK = "https://content.example.com/pricing?a=1&b=2"


@pytest.fixture
async def team(world: World) -> World:
    await world.db.run(add_marketing)
    return world


async def test_answering_a_theme_answers_all_its_open_notes_and_each_author_once(team: World) -> None:
    first, *others = await same(team, JONAS, INES, PRIYA)
    again = await join(team, await write(team, by=JONAS), first, JONAS)
    done = await answer(team, first)
    assert (done.notes, done.people, done.again, done.theme.open) == (4, 3, False, 0)
    for note in (first, *others, again):
        assert (await read(team, note.id)).state is NoteState.ACTED
    assert await team.waits_for_brief("p1") == {Kind.NOTE_ANSWERED: 1}
    (line,) = await brief_of(team, "p1", Kind.NOTE_ANSWERED)
    assert line.text == "Sam acted on it (2 notes of yours): A pricing page."
    (line,) = await brief_of(team, "p2", Kind.NOTE_ANSWERED)
    assert line.text == "Sam acted on it: A pricing page."


async def test_who_chose_so_is_told_at_once_with_the_note_and_the_whole_answer(team: World) -> None:
    await choose(team, "p1", Kind.NOTE_ANSWERED, Told.LIVE)
    note = await write(team)
    text = "A page. " * 300
    await answer(team, note, text=text, link=LINK)
    (post,) = await notices(team, JONAS, note)
    shown = await team.db.read(load_note_notice, post)
    assert isinstance(shown, AnswerNotice)
    assert (shown.answer, shown.link, shown.by, shown.texts) == (text.strip(), LINK, "Sam", (note.text,))
    assert await team.waits_for_brief("p1") == {}


async def test_who_wrote_several_notes_of_a_theme_gets_one_message_however_many_there_are(team: World) -> None:
    await choose(team, "p1", Kind.NOTE_ANSWERED, Told.LIVE)
    notes = await same(team, JONAS, JONAS, JONAS, INES)
    await answer(team, notes[0])
    (post,) = await notices(team, JONAS, *notes)
    shown = await team.db.read(load_note_notice, post)
    assert isinstance(shown, AnswerNotice)
    assert (shown.notes, len(shown.texts)) == (3, 3)


async def test_seen_is_a_line_of_the_brief_and_the_answer_takes_its_place(team: World) -> None:
    note = await write(team)
    shown = await team.db.run(note_theme_shown.open_theme, note.theme_id, MARKETER)
    assert shown.may_answer
    assert (await read(team, note.id)).state is NoteState.SEEN
    (line,) = await brief_of(team, "p1", Kind.NOTE_ANSWERED)
    assert line.text == "Sam has read it"
    await choose(team, "p1", Kind.NOTE_ANSWERED, Told.LIVE)
    other = await write(team, "Something else")
    await team.db.run(note_answers.mark_seen, MARKETER, [other.theme_id])
    assert await notices(team, JONAS, note, other) == [], "that it was read is never a message"
    assert await team.waits_for_brief("p1") == {Kind.NOTE_ANSWERED: 1}
    await answer(team, other)
    assert await team.waits_for_brief("p1") == {}, "the answer was said at once, so nothing waits"


async def test_only_marketing_sees_by_opening(team: World) -> None:
    await team.configure(notes_read_by=("sales", "marketing"))
    note = await write(team)
    shown = await team.db.run(note_theme_shown.open_theme, note.theme_id, INES)
    assert not shown.may_answer
    assert (await read(team, note.id)).state is NoteState.NEW
    with pytest.raises(NotAllowed):
        await team.db.run(note_answers.mark_seen, INES, [note.theme_id])


async def test_an_answer_needs_its_words_and_a_link_that_opens(team: World) -> None:
    note = await write(team, kind=NoteKind.MISSING_CONTENT)
    for how, text, link, field in (
        ("acted", " ", "", "answer"),
        ("declined", "", "", "answer"),
        ("declined", "x" * 3001, "", "answer"),
        ("exists", "", "", "answer_link"),
        ("exists", "", "http://example.com", "answer_link"),
        ("exists", "", "https://me:secret@example.com", "answer_link"),
        ("exists", "", "https://example.com/<!channel>", "answer_link"),
        ("acted", "Done.", "javascript:alert(1)", "answer_link"),
        ("closed", "Done.", "", "how"),
    ):
        with pytest.raises(FormError) as caught:
            await answer(team, note, how, text, link=link)
        assert set(caught.value.fields) == {field}, (how, text[:5], link)
    assert (await read(team, note.id)).state is NoteState.NEW
    objection = await write(team)
    with pytest.raises(FormError) as caught:
        await answer(team, objection, "exists", "", link=LINK)
    assert set(caught.value.fields) == {"how"}


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("http://example.com", "begins with https://"),
        ("one-pager.pdf", "begins with https://"),
        ("https://nowhere", "names no site"),
        ("https://[bad", "names no site"),
        ("https://a.b/<x>", "This address has “<”, which no address may have"),
        ("https://a.b/ä", "This address has “ä”"),
        ("https://a.b/x y", "This address has a blank"),
        ("https://me:secret@a.b/", "a password"),
        ("https://a.b:8443/", "a port"),
        ("https://a.b/" + "x" * 2000, "2,012 characters"),
    ],
)
async def test_a_link_that_does_not_open_is_refused_with_what_is_wrong_with_it(link: str, said: str) -> None:
    with pytest.raises(FormError) as caught:
        read_answer("acted", "Done.", link, may_exist=False)
    assert said in caught.value.fields["answer_link"]
    assert read_answer("acted", "Done.", "HTTPS://a.b/x?y=1#z", may_exist=False).link == "HTTPS://a.b/x?y=1#z"


async def test_of_two_who_answer_at_once_the_second_reads_what_the_first_said_and_loses_nothing(team: World) -> None:
    note = await write(team)
    seen = await seen_mark(team, note)
    await answer(team, note, text="A pricing page.", seen=seen)
    with pytest.raises(FormError) as caught:
        await answer(team, note, "declined", "We do not.", by=CMO, seen=seen)
    said = caught.value.fields["answer"]
    assert "Sam answered it while you were writing: A pricing page. Nothing was sent; what you typed stays" in said
    assert "Find… on Home, then Open… the note" in said, "Home lists it no more"
    assert (await read(team, note.id)).answer == "A pricing page."


async def test_where_others_of_the_theme_still_wait_the_second_is_sent_back_to_home(team: World) -> None:
    note = await write(team)
    seen = await seen_mark(team, note)
    await answer(team, note, text="A pricing page", seen=seen)
    await join(team, await write(team, by=INES), note, INES)
    with pytest.raises(FormError) as caught:
        await answer(team, note, "declined", "We do not.", by=CMO, seen=seen)
    said = caught.value.fields["answer"]
    assert "A pricing page. Nothing was sent" in said
    assert "Others of this theme still wait: open it again from Home." in said


async def test_what_joined_while_the_answer_was_written_has_it_too(team: World) -> None:
    note = await write(team)
    seen = await seen_mark(team, note)
    late = await join(team, await write(team, by=INES), note, INES)
    done = await answer(team, note, seen=seen)
    assert done.notes == 2
    assert (await read(team, late.id)).state is NoteState.ACTED


async def test_a_corrected_answer_is_told_again_and_the_same_words_are_not(team: World) -> None:
    notes = await same(team, JONAS, INES)
    await answer(team, notes[0])
    await brief_of(team, "p1", Kind.NOTE_ANSWERED)
    done = await answer(team, notes[0], "declined", "Prices stay.", by=CMO)
    assert (done.again, done.notes, done.people) == (True, 2, 2)
    (line,) = await brief_of(team, "p1", Kind.NOTE_ANSWERED)
    assert line.text == "Carla declined it: Prices stay."
    await answer(team, notes[0], "declined", "Prices stay.", by=CMO)
    assert await team.waits_for_brief("p1") == {}, "nothing changed, so nobody is told"


async def test_a_note_that_joins_an_answered_theme_waits_for_an_answer_of_its_own(team: World) -> None:
    first, _ = await same(team, JONAS, INES)
    await answer(team, first, text="Old answer.")
    late = await join(team, await write(team, by=PRIYA), first, PRIYA)
    assert (await read(team, late.id)).state is NoteState.NEW
    done = await answer(team, first, text="New answer.")
    assert (done.notes, done.again) == (1, False)
    assert (await read(team, first.id)).answer == "Old answer."


async def test_everyone_who_asked_gets_the_link_and_so_does_who_asks_later_at_once(team: World) -> None:
    asked = await same(team, JONAS, INES, text="A one-pager for hospitals", kind=NoteKind.MISSING_CONTENT)
    await answer(team, asked[0], "exists", "It is on the shelf.", link=LINK)
    for person_id in ("p1", "p2"):
        (line,) = await brief_of(team, person_id, Kind.NOTE_ANSWERED)
        assert (line.text, line.link) == ("Content exists, says Sam: It is on the shelf.", LINK)
    late = await write(team, "A one-pager for hospitals", by=PRIYA, kind=NoteKind.MISSING_CONTENT)
    assert await team.waits_for_brief("p3") == {}
    late = await join(team, late, asked[0], PRIYA)
    assert (late.state, late.answer_link, late.state_by) == (NoteState.ACTED, LINK, "p5")
    assert (await theme_of(team, late)).open == 0
    (line,) = await brief_of(team, "p3", Kind.NOTE_ANSWERED)
    assert line.link == LINK
    assert (await window_of(team, late)).result is Result.MET


async def test_requests_stand_by_how_many_different_people_asked_then_by_age(team: World) -> None:
    missing = {"kind": NoteKind.MISSING_CONTENT}
    older = await write(team, "Case study of a bank", **missing)
    twice = await same(team, INES, INES, text="Video of the app", **missing)
    most = await same(team, JONAS, INES, PRIYA, text="A price list", **missing)
    await write(team, "An objection")
    found = await team.db.read(requests.ranked, MARKETER)
    assert [row.theme_id for row in found.rows] == [most[0].theme_id, older.theme_id, twice[0].theme_id]
    assert [row.people for row in found.rows] == [3, 1, 1]
    await answer(team, most[0], "exists", "", link=LINK)
    assert (await team.db.read(requests.ranked, MARKETER)).total == 2


async def test_marketing_answers_the_campaigns_owner_answers_theirs_and_nobody_else(team: World) -> None:
    await team.db.run(lambda tx: tx.campaigns.save(replace(tx.campaigns.ensure("fair"), owner_id="p6")))
    fair = await team.db.read(lambda tx: tx.campaigns.by_key("fair"))
    assert fair is not None
    note = await write(team, campaign_id=fair.id)
    other = await write(team, "Another")
    for by in (JONAS, INES, MANAGER):
        with pytest.raises(NotAllowed, match="Only marketing"):
            await answer(team, note, by=by)
    with pytest.raises(NotAllowed, match="Only marketing"):
        await answer(team, other, by=ADMIN)
    await answer(team, note, by=ADMIN)
    await answer(team, other, by=CMO)


async def test_notes_for_managers_only_are_answered_by_managers_and_the_campaigns_owner(team: World) -> None:
    note = await write(team, managers_only=True)
    with pytest.raises(NotAllowed):
        await answer(team, note, by=MARKETER)
    with pytest.raises(NotAllowed):
        await team.db.run(note_theme_shown.open_theme, note.theme_id, MARKETER)
    spring = await team.db.read(lambda tx: tx.campaigns.by_key("spring"))
    assert spring is not None
    hers = await write(team, "On spring", managers_only=True, campaign_id=spring.id)
    await answer(team, hers, by=MARKETER)
    await answer(team, note, by=CMO)


async def test_whoever_stands_in_for_the_absent_manager_or_owner_answers(team: World) -> None:
    note = await write(team)
    await team.db.run(lambda tx: tx.people.set_deputy("p8", "p6"))
    with pytest.raises(NotAllowed):
        await answer(team, note, by=ADMIN)
    await team.change("p8", deputy_id="p6", away_since=team.clock.now())
    await team.db.run(lambda tx: tx.people.set_deputy("p8", "p6"))
    await answer(team, note, by=ADMIN)


async def test_an_author_is_not_told_of_their_own_answer_nor_who_has_left(team: World) -> None:
    mine = await write(team, by=MARKETER)
    await answer(team, mine)
    assert await team.waits_for_brief("p5") == {}
    note = await write(team)
    await team.change("p1", on_roster=False)
    await answer(team, note)
    assert await team.waits_for_brief("p1") == {}


async def test_a_note_taken_back_is_answered_by_nobody(team: World) -> None:
    note = await write(team)
    await team.db.run(notes.take_back, JONAS, note.id)
    with pytest.raises(NotFound):
        await answer(team, note)
    assert (await window_of(team, note)).result is Result.VOID


async def test_the_author_of_a_private_message_is_told_that_it_was_saved_and_that_it_was_taken_back(
    team: World,
) -> None:
    note = await write(team)
    said = Quoted(link="https://brightwater.slack.com/archives/D1/p1", slack_id=INES, name="Ines", private=True)

    def quote(tx: Transaction) -> None:
        found = tx.notes.lock(note.id)
        assert found is not None
        quoted = replace(found, quoted=said)
        tx.notes.save(quoted)
        note_told.quoted(tx, quoted)
        for own in (replace(said, slack_id=JONAS), replace(said, private=False), replace(said, slack_id=None)):
            note_told.quoted(tx, replace(quoted, quoted=own))

    await team.db.run(quote)
    (post,) = await notices(team, INES, note)
    assert await notices(team, JONAS, note) == []
    shown = await team.db.read(load_note_notice, post)
    assert isinstance(shown, QuotedNotice)
    assert (shown.saved_by, shown.link, shown.taken_back) == ("Jonas", said.link, False)
    assert (shown.managers_only, shown.read_by) == (False, (Side.SALES, Side.MARKETING, Side.LEADERSHIP))
    await team.said()
    await team.db.run(notes.take_back, JONAS, note.id)
    (post,) = await notices(team, INES, note)
    shown = await team.db.read(load_note_notice, post)
    assert isinstance(shown, QuotedNotice)
    assert shown.taken_back


async def test_hours_later_nothing_changes_what_was_answered(team: World) -> None:
    note = await write(team)
    await answer(team, note)
    window = await window_of(team, note)
    assert (window.is_running, window.result) == (False, Result.MET)
    team.clock.advance(timedelta(days=1))
    await team.sweep()
    assert (await read(team, note.id)).state is NoteState.ACTED


async def test_a_note_about_somebody_erased_waits_no_more_and_nothing_of_it_is_left_in_what_was_told(
    team: World,
) -> None:
    handed = await team.hand_over("7", name="Maria Lopez", email="maria@example.com")
    owner = "U" + ((await team.handoff(handed.handoff_id)).rep_id or "")[1:]
    await team.accept(handed.handoff_id, owner)
    told = await write(team, "Maria asks for a discount", by=owner, lead_id=handed.lead_id)
    await answer(team, told, text="We called Maria.")
    (line,) = await brief_of(team, f"p{owner[1:]}", Kind.NOTE_ANSWERED)
    assert "Maria" in f"{line.title} {line.text}"
    waits = await write(team, "Maria asks for an invoice", by=owner, lead_id=handed.lead_id)
    await deliver(team)
    said_in = await team.db.read(_brief_posts, handed.lead_id or "")
    assert said_in
    await team.db.run(erasure.erase_key, "crm", "7", None, actor="admin")
    assert (await window_of(team, waits)).result is Result.VOID
    assert await team.db.read(lambda tx: tx.note_lists.count_waiting(READS_ALL)) == 0
    gone = await read(team, told.id)
    assert (gone.text, gone.answer, gone.answer_link, gone.state) == ("", "", None, NoteState.ACTED)
    await deliver(team)
    versions = await team.db.read(lambda tx: [getattr(tx.posts.get(one), "shown_version", 0) for one in said_in])
    assert versions == [2], "the brief is said again, without it"


def _brief_posts(tx: Transaction, lead_id: str) -> list[str]:
    return [post.id for one in tx.briefs.of_lead(lead_id) for post in tx.posts.of_subject(Subject.BRIEF, one)]
