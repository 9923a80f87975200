"""Field notes: saved first and whole, changed and taken back by their author, joined with what others said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.campaign_alert import AlertState, CampaignAlert
from bot.domain.note import Note, NoteKind, NoteState, Theme
from bot.domain.person import Role, SlackFlags
from bot.domain.search import Circle, Found, Sight, query
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import erasure, note_form, note_shown, note_themes, notes, practice
from bot.services.notes import LONGEST_NOTE, ChangeNote, SaveNote
from storage.transaction import Transaction
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, PRIYA, World

DEAR = "Too expensive for teams of five"


async def save(world: World, by: str = JONAS, text: str = DEAR, **values: Any) -> Note:
    sent = values.pop("sent", f"{by}{text}{values}{world.clock.now()}")
    return await world.db.run(notes.save_note, SaveNote(by=by, text=text, sent=sent, **values))


async def wait(world: World, span: timedelta) -> None:
    """Time passes, and Slack is asked about Jonas meanwhile."""
    world.clock.advance(span)
    await world.change("p1", flags=SlackFlags(checked_at=world.clock.now()))


async def join(world: World, by: str, note: Note, other: Note) -> Note:
    present = await get(world, other.id)
    return await world.db.run(note_themes.join, by, note.id, present.theme_id)


async def get(world: World, note_id: str) -> Note:
    note = await world.db.read(lambda tx: tx.notes.get(note_id))
    assert note is not None
    return note


async def theme(world: World, note_id: str) -> Theme:
    found = await world.db.read(lambda tx: tx.themes.present(_theme_of(tx, note_id)))
    assert found is not None
    return found


async def found_by(world: World, words: str) -> list[str]:
    sight = Sight(person_id="nobody", circles=frozenset(Circle))
    hits = await world.db.read(lambda tx: tx.search.find(query(words), sight, 10))
    return [hit.subject_id for hit in hits if hit.kind is Found.NOTE]


async def similar(world: World, note: Note) -> list[str]:
    return [one.title for one in await world.db.read(note_themes.similar, note)]


def _theme_of(tx: Transaction, note_id: str) -> str:
    note = tx.notes.get(note_id)
    assert note is not None
    return note.theme_id


# -- saving -------------------------------------------------------------------------------------------------------
async def test_a_note_is_saved_whole_alone_in_its_theme_and_found_by_its_words(world: World) -> None:
    text = "Line one\n  indented, *starred* <!here>\n" + "x" * (LONGEST_NOTE - 50)
    note = await save(world, text=text)
    assert (await get(world, note.id)).text == text.strip()
    alone = await theme(world, note.id)
    assert (alone.notes, alone.people, alone.open, alone.title) == (1, 1, 1, "Line one")
    assert alone.waits_since == note.created_at
    assert await found_by(world, "indented") == [note.id]


async def test_the_same_form_sent_twice_is_one_note(world: World) -> None:
    first, second = await save(world, sent="form:V1"), await save(world, sent="form:V1")
    assert first.id == second.id
    assert await world.db.read(lambda tx: tx.notes.count_by_author("p1")) == 1


@pytest.mark.parametrize(
    "text",
    ["", "  \n ", "x" * (LONGEST_NOTE + 1), '""', "“ ”", "…?!", "Objection:", " objection : ", 'Missing: "-"', "Won:"],
)
async def test_an_empty_or_overlong_text_is_refused_with_a_sentence_and_nothing_is_saved(
    world: World, text: str
) -> None:
    with pytest.raises(FormError) as refused:
        await save(world, text=text)
    assert set(refused.value.fields) == {"text"}
    assert await world.db.read(lambda tx: tx.notes.count_by_author("p1")) == 0


@pytest.mark.parametrize("by", [JONAS, MANAGER, MARKETER, ADMIN])
async def test_everybody_on_the_roster_may_save_a_note(world: World, by: str) -> None:
    assert (await save(world, by)).state is NoteState.NEW


async def test_whoever_is_on_no_roster_saves_nothing(world: World) -> None:
    await world.change("p1", on_roster=False)
    with pytest.raises(NotAllowed):
        await save(world)


async def test_a_note_is_about_a_lead_of_ones_own_and_about_no_other(world: World) -> None:
    handed = await world.hand_over(name="Maria Lopez", email="maria@example.com", campaign="spring")
    handoff = await world.handoff(handed.handoff_id)
    owner, other = (JONAS, INES) if handoff.rep_id == "p1" else (INES, JONAS)
    offered = await world.db.read(note_form.open, owner)
    assert (offered.leads, offered.takes_leads) == ((), True), "one that is only offered is nobody's yet"
    await world.accept(handed.handoff_id, owner)
    note = await save(world, owner, lead_id=handed.lead_id)
    assert note.lead_id == handed.lead_id
    with pytest.raises(FormError) as refused:
        await save(world, other, lead_id=handed.lead_id)
    assert set(refused.value.fields) == {"lead_id"}


async def test_a_campaign_that_is_not_there_is_refused_at_its_field(world: World) -> None:
    with pytest.raises(FormError) as refused:
        await save(world, campaign_id="nothing")
    assert set(refused.value.fields) == {"campaign"}


# -- changing -----------------------------------------------------------------------------------------------------
def changed(note: Note, **values: Any) -> ChangeNote:
    command = ChangeNote(by=JONAS, note_id=note.id, version=note.version, text=None, kind=note.kind)
    return replace(command, **values)


async def test_a_note_changes_for_its_theme_and_for_search_too(world: World) -> None:
    note = await save(world)
    after = await world.db.run(notes.change_note, changed(note, text="Needs SSO", kind=NoteKind.OBJECTION))
    assert (after.text, after.kind, after.version) == ("Needs SSO", NoteKind.OBJECTION, note.version + 1)
    assert (await theme(world, note.id)).title == "Needs SSO"
    assert (await theme(world, note.id)).kind is NoteKind.OBJECTION
    assert await found_by(world, "expensive") == []
    assert await found_by(world, "SSO") == [note.id]


async def test_what_the_form_did_not_touch_stays_word_for_word(world: World) -> None:
    note = await save(world, text="Zero\u200bwidth   and\tblanks")
    after = await world.db.run(notes.change_note, changed(note, account="Alpine"))
    assert (after.text, after.account) == ("Zero\u200bwidth   and\tblanks", "Alpine")


async def test_a_form_that_is_older_than_the_note_changes_nothing(world: World) -> None:
    note = await save(world)
    await world.db.run(notes.set_kind, JONAS, note.id, NoteKind.IDEA)
    with pytest.raises(Refused, match="changed since"):
        await world.db.run(notes.change_note, changed(note, text="Old"))
    assert (await get(world, note.id)).text == DEAR


async def test_only_its_author_changes_joins_or_takes_back_a_note(world: World) -> None:
    note, other = await save(world), await save(world, INES, "Something else entirely")
    for attempt in (
        lambda: world.db.run(notes.set_kind, INES, note.id, NoteKind.IDEA),
        lambda: world.db.run(notes.change_note, changed(note, by=INES, text="Mine now")),
        lambda: world.db.run(notes.take_back, INES, note.id),
        lambda: join(world, INES, note, other),
        lambda: world.db.run(note_themes.leave, INES, note.id),
        lambda: world.db.read(note_form.to_change, INES, note.id),
    ):
        with pytest.raises(NotAllowed):
            await attempt()
    assert await get(world, note.id) == note


async def test_an_answered_note_stays_as_it_is(world: World) -> None:
    note = await save(world)
    await answer(world, note)
    for attempt in (
        lambda: world.db.run(notes.set_kind, JONAS, note.id, NoteKind.IDEA),
        lambda: world.db.run(notes.take_back, JONAS, note.id),
        lambda: world.db.read(note_form.to_change, JONAS, note.id),
    ):
        with pytest.raises(Refused, match="answered"):
            await attempt()


async def test_what_is_taken_back_is_gone_from_lists_numbers_search_and_the_database(world: World) -> None:
    note = await save(world, text="Confidential Zanzibar", account="Alpine", competitor="Globex")
    await world.db.run(notes.take_back, JONAS, note.id)
    gone = await get(world, note.id)
    assert (gone.text, gone.account, gone.competitor, gone.removed_at) == ("", None, None, world.clock.now())
    left = await theme(world, note.id)
    assert (left.notes, left.people, left.open, left.title, left.waits_since) == (0, 0, 0, "", None)
    assert await found_by(world, "Zanzibar") == []
    assert (await world.db.read(note_shown.mine, JONAS)).total == 0
    with pytest.raises(NotFound):
        await world.db.read(note_shown.one, JONAS, note.id)


# -- themes -------------------------------------------------------------------------------------------------------
async def test_others_who_said_the_same_in_30_days_are_offered_with_how_many_they_are(world: World) -> None:
    first = await save(world, INES, "It is too expensive for small teams")
    second = await save(world, PRIYA, "expensive for a team of 4")
    await join(world, PRIYA, second, first)
    mine = await save(world)
    (offered,) = await world.db.read(note_themes.similar, mine)
    assert (offered.title, offered.people) == ("It is too expensive for small teams", 2)
    await join(world, JONAS, mine, first)
    (again,) = await world.db.read(note_themes.similar, await save(world, text="Too expensive for small teams, again"))
    assert again.people == 2, "who said it before is none of the others"
    alone = await save(world, INES, "Globex gives the first year for free")
    assert [one.people for one in await world.db.read(note_themes.similar, alone)] == []
    twice = await save(world, INES, "The first year is free at Globex")
    assert [one.people for one in await world.db.read(note_themes.similar, twice)] == [0]


async def test_what_is_older_than_30_days_is_not_offered(world: World) -> None:
    await save(world, INES)
    await wait(world, timedelta(days=30, seconds=1))
    assert await similar(world, await save(world)) == []


async def test_notes_of_another_kind_are_not_the_same_unless_the_competitor_is(world: World) -> None:
    await save(world, INES, "Globex has a cheaper plan for schools", kind=NoteKind.COMPETITOR, competitor="Globex")
    lost = await save(world, JONAS, "Lost: the cheaper plan for schools", kind=NoteKind.WIN_LOSS)
    assert await similar(world, lost) == []
    to_rival = await save(world, JONAS, "Cheaper plan won it", kind=NoteKind.WIN_LOSS, competitor="globex")
    assert (await similar(world, to_rival))[0] == "Globex has a cheaper plan for schools"


async def test_joining_makes_one_theme_of_two_and_counts_people_once(world: World) -> None:
    first = await save(world, INES, "Needs SSO", kind=NoteKind.MISSING_CONTENT)
    world.clock.advance(timedelta(hours=1))
    mine = await save(world, JONAS, "SSO needed")
    again = await save(world, JONAS, "SSO, once more")
    joined = await join(world, JONAS, mine, first)
    await join(world, JONAS, again, first)
    one = await theme(world, first.id)
    assert one.id == first.theme_id
    assert joined.theme_id == one.id
    assert joined.kind is NoteKind.MISSING_CONTENT  # it had no kind of its own
    assert (one.notes, one.people, one.open, one.first_at, one.last_at) == (
        3, 2, 3, first.created_at, again.created_at,
    )  # fmt: skip
    merged = await world.db.read(lambda tx: tx.themes.get(mine.theme_id))
    assert merged is not None
    assert (merged.notes, merged.open, merged.merged_into) == (0, 0, one.id)


async def test_notes_of_no_kind_take_that_of_their_theme_whoever_names_it_and_whenever(world: World) -> None:
    mine, theirs = await save(world, JONAS, "SSO needed"), await save(world, PRIYA, "SSO please")
    await join(world, PRIYA, theirs, mine)
    objection = await save(world, INES, "No deal without SSO", kind=NoteKind.OBJECTION)
    await join(world, INES, objection, mine)
    assert (await theme(world, mine.id)).kind is NoteKind.OBJECTION
    (listed,) = (await world.db.read(note_shown.mine, JONAS)).rows
    assert listed.kind is NoteKind.OBJECTION, "one's own list says what marketing reads"
    assert (await get(world, theirs.id)).kind is NoteKind.OBJECTION
    back = await world.db.run(notes.set_kind, JONAS, mine.id, NoteKind.OTHER)
    assert back.kind is (await get(world, mine.id)).kind is NoteKind.OBJECTION

    asks, another = await save(world, JONAS, "A deck on ROI"), await save(world, INES, "ROI deck?")
    await join(world, INES, another, asks)
    await world.db.run(notes.set_kind, INES, another.id, NoteKind.MISSING_CONTENT)
    assert (await get(world, asks.id)).kind is NoteKind.MISSING_CONTENT


async def test_what_has_a_kind_keeps_it_in_a_theme_of_another_one(world: World) -> None:
    rival = await save(world, INES, "Globex is cheaper", kind=NoteKind.COMPETITOR, competitor="Globex")
    lost = await save(world, JONAS, "Price lost it", kind=NoteKind.WIN_LOSS, competitor="Globex")
    await join(world, JONAS, lost, rival)
    assert [(await get(world, one.id)).kind for one in (rival, lost)] == [NoteKind.COMPETITOR, NoteKind.WIN_LOSS]


async def test_a_theme_that_was_merged_is_still_found_by_its_old_name(world: World) -> None:
    first, second = await save(world, INES, "Needs SSO"), await save(world, PRIYA, "SSO please")
    await join(world, PRIYA, second, first)
    mine = await save(world, JONAS, "SSO!")
    joined = await world.db.run(note_themes.join, JONAS, mine.id, second.theme_id)  # a button from before
    assert joined.theme_id == first.theme_id


async def test_joining_twice_changes_nothing_more(world: World) -> None:
    first, mine = await save(world, INES, "Needs SSO"), await save(world, JONAS, "SSO needed")
    await join(world, JONAS, mine, first)
    before = await theme(world, first.id)
    await join(world, JONAS, mine, first)
    assert await theme(world, first.id) == before


async def test_a_note_that_is_not_the_same_after_all_is_alone_again(world: World) -> None:
    first, mine = await save(world, INES, "Needs SSO"), await save(world, JONAS, "SSO needed")
    await join(world, JONAS, mine, first)
    left = await world.db.run(note_themes.leave, JONAS, mine.id)
    assert left.theme_id != first.theme_id
    assert (await theme(world, first.id)).notes == 1
    assert (await theme(world, mine.id)).title == "SSO needed"


async def test_the_first_note_of_a_theme_can_leave_it(world: World) -> None:
    first, mine = await save(world, INES, "Needs SSO"), await save(world, JONAS, "SSO needed")
    await join(world, JONAS, mine, first)
    left = await world.db.run(note_themes.leave, INES, first.id)
    assert left.theme_id not in (first.theme_id, mine.theme_id)
    assert (await theme(world, mine.id)).title == "SSO needed"
    assert (await theme(world, first.id)).title == "Needs SSO"


async def test_notes_for_managers_only_are_joined_with_none_and_offered_to_nobody(world: World) -> None:
    hidden = await save(world, MANAGER, managers_only=True)
    mine = await save(world)
    assert await similar(world, mine) == []
    assert await similar(world, hidden) == []
    for by, one, other in ((JONAS, mine, hidden), (MANAGER, hidden, mine)):
        with pytest.raises(Refused, match="managers only"):
            await join(world, by, one, other)


async def test_a_note_that_becomes_for_managers_only_leaves_its_theme(world: World) -> None:
    first, mine = await save(world, INES, "Needs SSO"), await save(world, JONAS, "SSO needed")
    mine = await join(world, JONAS, mine, first)
    after = await world.db.run(notes.change_note, changed(mine, managers_only=True))
    assert after.theme_id != first.theme_id
    own = await theme(world, mine.id)
    assert (own.managers_only, own.notes) == (True, 1)
    assert (await theme(world, first.id)).notes == 1


async def test_nobody_is_offered_or_joins_what_they_may_not_read(world: World) -> None:
    await world.configure(notes_read_by=("marketing",))
    theirs, mine = await save(world, INES), await save(world, JONAS)
    assert await similar(world, mine) == []
    with pytest.raises(NotFound):
        await join(world, JONAS, mine, theirs)


async def test_who_reads_only_a_part_of_a_theme_is_offered_that_part_and_not_its_title(world: World) -> None:
    theirs = await save(world, INES, "Secret: the price list is missing")
    mine = await save(world, JONAS, "The price list is missing")
    await join(world, JONAS, mine, theirs)
    await world.configure(notes_read_by=("marketing",))
    again = await save(world, JONAS, "Still no price list")
    (offered,) = await world.db.read(note_themes.similar, again)
    assert (offered.title, offered.theme_id) == ("The price list is missing", theirs.theme_id)


async def test_an_emptied_theme_is_neither_offered_nor_joined(world: World) -> None:
    theirs = await save(world, INES)
    mine = await save(world)
    await world.db.run(notes.take_back, INES, theirs.id)
    assert await similar(world, mine) == []
    with pytest.raises(Refused, match="taken back"):
        await join(world, JONAS, mine, theirs)


# -- my field notes -----------------------------------------------------------------------------------------------
async def test_my_field_notes_are_paged_the_newest_first_and_nobody_elses(world: World) -> None:
    for number in range(note_shown.PAGE + 2):
        await save(world, text=f"Note {number}")
    await save(world, INES, "Theirs")
    first = await world.db.read(note_shown.mine, JONAS)
    second = await world.db.read(note_shown.mine, JONAS, 99)
    assert [one.text for one in first.rows][:2] == [f"Note {note_shown.PAGE + 1}", f"Note {note_shown.PAGE}"]
    assert (first.total, [one.text for one in second.rows], second.page) == (
        note_shown.PAGE + 2, ["Note 1", "Note 0"], 1,
    )  # fmt: skip


async def test_who_is_erased_is_erased_from_notes_themes_and_search_and_what_is_counted_stays(world: World) -> None:
    handed = await world.hand_over("7", name="Maria Lopez", email="maria@example.com")
    handoff = await world.handoff(handed.handoff_id)
    owner = "U" + (handoff.rep_id or "p1")[1:]
    await world.accept(handed.handoff_id, owner)
    about = await save(world, owner, "Maria thinks SSO is missing", lead_id=handed.lead_id, account="Lopez Ltd")
    taken_back = await save(world, owner, "Maria again", lead_id=handed.lead_id)
    await world.db.run(notes.take_back, owner, taken_back.id)
    other = await save(world, PRIYA, "SSO is missing for all")
    await join(world, PRIYA, other, about)
    await world.db.run(erasure.erase_key, "crm", "7", None, actor="admin")
    gone = await get(world, about.id)
    assert (gone.text, gone.account, gone.state, gone.removed_at) == ("", None, NoteState.NEW, None)
    assert await found_by(world, "Maria") == []
    left = await theme(world, about.id)
    assert (left.title, left.notes, left.people) == ("SSO is missing for all", 2, 2)
    assert "Maria" not in str(await world.db.read(lambda tx: [tx.notes.get(about.id), tx.notes.get(taken_back.id)]))


async def test_a_lead_of_practice_is_not_offered_in_the_form(world: World) -> None:
    handed = await world.hand_over(name="Maria Lopez", email="maria@example.com")
    handoff = await world.handoff(handed.handoff_id)
    slack_id = "U" + (handoff.rep_id or "p1")[1:]
    await world.accept(handed.handoff_id, slack_id)
    practised = await world.db.run(practice.start_practice, slack_id)
    await world.accept(practised.id, slack_id)
    form = await world.db.read(note_form.open, slack_id)
    assert [choice.label for choice in form.leads] == ["Maria Lopez"]
    with pytest.raises(FormError):
        await save(world, slack_id, lead_id=practised.lead_id)


async def answer(world: World, note: Note) -> None:
    await world.change("p5", roles=frozenset({Role.MARKETER}))

    def act(tx: Transaction) -> None:
        present = tx.notes.get(note.id)
        assert present is not None
        tx.notes.save(replace(present, state=NoteState.ACTED, answer="Done", state_at=tx.now))
        note_themes.recount(tx, present.theme_id)

    await world.db.run(act)


async def test_feedback_on_a_campaign_alert_is_a_note_on_its_campaign(world: World) -> None:
    alert_id = await told_alert(world)
    form = await world.db.read(note_form.open, JONAS, alert_id)
    assert form.about_alert == "Spring"
    note = await save(world, alert_id=alert_id)
    campaign = await world.db.read(lambda tx: tx.campaigns.by_key("spring"))
    assert campaign is not None
    assert (note.alert_id, note.campaign_id) == (alert_id, campaign.id)
    after = await world.db.run(notes.change_note, changed(note, account="Alpine", campaign_id=None))
    assert (after.alert_id, after.campaign_id) == (alert_id, campaign.id)


async def test_of_an_alert_that_is_not_told_or_not_there_nobody_in_sales_gives_feedback(world: World) -> None:
    alert_id = await told_alert(world, state=AlertState.DRAFT, told_at=None)
    with pytest.raises(NotAllowed):
        await world.db.read(note_form.open, JONAS, alert_id)
    with pytest.raises(NotAllowed):
        await save(world, alert_id=alert_id)
    with pytest.raises(NotFound):
        await save(world, alert_id="nothing")


async def told_alert(world: World, **values: Any) -> str:
    def make(tx: Transaction) -> str:
        campaign = replace(tx.campaigns.ensure("spring"), name="Spring", owner_id="p5")
        tx.campaigns.save(campaign)
        alert = CampaignAlert(
            id=tx.new_id(), campaign_id=campaign.id, owner_id="p5", state=AlertState.LIVE, version=1, buyer_sees="x",
            audience="x", segment="", starts_at=tx.now, ends_at=None, tz="UTC", offer="x", offer_is_new=False,
            lead_looks_like="", expected_volume=None, cost=None, currency=None, channels=(), assets=(), made_by="p5",
            created_at=tx.now, updated_at=tx.now, told_at=tx.now,
        )  # fmt: skip
        alert = replace(alert, **values)
        tx.campaign_alerts.add(alert)
        return alert.id

    return await world.db.run(make)
