"""The agreed window to answer a field note: on whose calendar it runs, what it says in whose brief, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.budget import Kind
from bot.domain.countdown import Result
from bot.domain.ladder import Step
from bot.domain.note import Note
from bot.domain.person import Role, Side
from bot.domain.post import Subject
from bot.domain.signing import State
from bot.domain.windows import MarketingWindows
from bot.services import asking_again, countdowns, departures, home_notes, note_window
from storage.transaction import Transaction
from tests.services.clocked import at, down_until, sign, until
from tests.services.marketing import CMO, add_marketing, known
from tests.services.noting import answer, brief_of, same, window_of, write
from tests.services.world import INES, JONAS, World, person

DAY = MarketingWindows(answer_note=480)


@pytest.fixture
async def team(world: World) -> World:
    await world.db.run(add_marketing)
    return world


async def on_spring(world: World, text: str = "About spring", by: str = JONAS) -> Note:
    """A note on Sam's campaign."""
    spring = await world.db.read(lambda tx: tx.campaigns.by_key("spring"))
    assert spring is not None
    return await write(world, text, by=by, campaign_id=spring.id)


async def live(world: World) -> list[Subject]:
    """Everything said to anybody as a message of its own, but briefs."""

    def find(tx: Transaction) -> list[Subject]:
        found = []
        for subject in (Subject.REMINDER, Subject.AT_RISK, Subject.NOTE_NOTICE, Subject.ALERT):
            found += [subject for one in tx.people.all() if tx.posts.latest(subject, one.id) is not None]
        return found

    return await world.db.read(find)


async def test_the_owner_of_the_campaign_is_asked_else_marketing(team: World) -> None:
    await sign(team, marketing=DAY)
    hers, nobodys = await on_spring(team), await write(team)
    assert (await window_of(team, hers)).owner_id == "p5"
    window = await window_of(team, nobodys)
    # 10:00 in Berlin, where marketers are: a working day of eight hours ends at 10:00 the next day.
    assert (window.owner_id, window.team_id, window.due_at) == (None, None, at(3, 9))


async def test_who_writes_on_their_own_campaign_is_not_asked_themself(team: World) -> None:
    assert (await window_of(team, await on_spring(team, by="U5"))).owner_id is None


async def test_reminders_are_lines_of_the_brief_and_never_messages(team: World) -> None:
    await sign(team, marketing=DAY)
    note = await on_spring(team)
    await until(team, at(2, 13, 1))
    assert (await window_of(team, note)).step is Step.REMIND
    assert await team.waits_for_brief("p5") == {Kind.NOTE: 1}
    assert await team.waits_for_brief("p8") == {}
    (line,) = await brief_of(team, "p5", Kind.NOTE)
    assert line.title == "Objection: “About spring”"
    assert line.text == "1 note waits, said by 1 person. To be answered by 3 March 2026"
    await until(team, at(2, 15, 1))
    assert (await window_of(team, note)).step is Step.AT_RISK
    assert await team.waits_for_brief("p5") == {Kind.NOTE: 1}
    assert await live(team) == []
    assert await team.db.read(lambda tx: tx.at_risk.count(["p8"])) == 0


async def test_out_of_time_it_is_missed_marketings_manager_reads_it_and_it_waits_all_the_same(team: World) -> None:
    await sign(team, marketing=DAY)
    note = await on_spring(team)
    await until(team, at(3, 9, 1))
    window = await window_of(team, note)
    assert (window.is_running, window.result) == (False, Result.MISSED)
    assert await team.waits_for_brief("p8") == {Kind.NOTE: 1}
    await known(team)
    (line,) = await brief_of(team, "p8", Kind.NOTE)
    assert line.text == "1 note waits, said by 1 person. Not answered in time"
    assert await live(team) == []
    carla = await team.db.read(lambda tx: tx.people.get("p8"))
    assert carla is not None
    home = await team.db.read(lambda tx: home_notes.to_answer(tx, carla, 0, by_people=False))
    assert home is not None
    assert [(row.theme_id, row.missed, row.due) for row in home.rows] == [(note.theme_id, True, None)]
    await answer(team, note)
    numbers = await team.db.read(lambda tx: home_notes.numbers(tx, carla, at(2, 0)))
    assert numbers is not None
    assert (numbers.answered, numbers.in_time, numbers.missed) == (1, 0, 1)


async def test_answered_before_the_brief_it_is_in_no_brief(team: World) -> None:
    await sign(team, marketing=DAY)
    note = await write(team)
    await until(team, at(2, 13, 1))
    assert await team.waits_for_brief("p5") == {Kind.NOTE: 1}
    await answer(team, note, by=CMO)
    assert await team.waits_for_brief("p5") == {}
    numbers = await team.db.read(lambda tx: tx.note_lists.numbers(at(2, 0)))
    assert (numbers.answered, numbers.in_time, numbers.declined, numbers.missed) == (1, 1, 0, 0)


async def test_notes_of_one_theme_are_one_line(team: World) -> None:
    await sign(team, marketing=DAY)
    await same(team, JONAS, INES)
    await until(team, at(2, 13, 1))
    (line,) = await brief_of(team, "p5", Kind.NOTE)
    assert (line.text or "").startswith("2 notes wait, said by 2 people")


async def test_of_notes_for_managers_only_only_managers_read_that_they_wait(team: World) -> None:
    await sign(team, marketing=DAY)
    await write(team, managers_only=True)
    await until(team, at(2, 13, 1))
    assert await team.waits_for_brief("p5") == {}
    assert await team.waits_for_brief("p8") == {Kind.NOTE: 1}


async def test_until_both_sides_have_signed_the_window_shows_and_nothing_is_said(team: World) -> None:
    note = await write(team)
    window = await window_of(team, note)
    assert window.due_at is not None
    await until(team, at(13, 18))
    assert (await window_of(team, note)).is_running
    assert await team.waits_for_brief("p5") == {}
    assert await team.waits_for_brief("p8") == {}


async def test_a_suspended_agreement_holds_the_window_and_resumed_it_goes_on_from_there(team: World) -> None:
    await sign(team, marketing=DAY)
    note = await write(team)
    await until(team, at(2, 15, 1))
    await team.db.run(_in_state, State.SUSPENDED)
    await until(team, at(6, 9))
    assert (await window_of(team, note)).is_running
    assert await team.waits_for_brief("p8") == {}
    await team.db.run(_in_state, State.IN_FORCE)
    await until(team, at(6, 9, 1))
    window = await window_of(team, note)
    assert window.due_at is not None
    assert window.due_at > at(6, 9)
    assert await live(team) == [], "nothing of it goes into a list that is sent, resumed neither"
    assert await team.db.read(lambda tx: tx.at_risk.count(["p8"])) == 0


def _in_state(tx: Transaction, state: State) -> None:
    agreement = tx.agreements.in_force() if state is State.SUSPENDED else tx.agreements.all()[-1]
    for one in tx.agreements.all():
        if one.signing is not None and one.signing.state in (State.SUSPENDED, State.IN_FORCE):
            agreement = one
    assert agreement.signing is not None
    tx.agreements.save_signing(replace(agreement, signing=replace(agreement.signing, state=state)))
    countdowns.replan_agreement(tx, agreement.id)


async def test_the_hours_of_whoever_is_asked_move_its_end(team: World) -> None:
    await sign(team, marketing=DAY)
    note = await on_spring(team)

    def away(tx: Transaction) -> None:
        before = tx.people.get("p5")
        assert before is not None
        after = replace(before, away_since=tx.now, away_until=at(4, 8))
        tx.people.set_away("p5", after.away_since, after.away_until)
        countdowns.replan_person(tx, before, after)

    before = (await window_of(team, note)).due_at
    await team.db.run(away)
    after = (await window_of(team, note)).due_at
    assert before is not None
    assert after is not None
    assert after - before >= timedelta(days=1)


async def test_absent_for_long_marketings_manager_reads_who_it_waits_for(team: World) -> None:
    await sign(team, marketing=DAY)
    await on_spring(team)

    def away(tx: Transaction) -> None:
        before = tx.people.get("p5")
        assert before is not None
        tx.people.set_away("p5", tx.now, None)
        countdowns.replan_person(tx, before, replace(before, away_since=tx.now))

    await team.db.run(away)
    assert await team.waits_for_brief("p8") == {Kind.NOTE: 1}
    (line,) = await brief_of(team, "p8", Kind.NOTE)
    assert (line.text or "").endswith("It waits for Sam, without any working time ahead")


async def test_the_owner_left_or_is_another_it_is_asked_of_others_with_a_window_of_its_own(team: World) -> None:
    await sign(team, marketing=DAY)
    note = await on_spring(team)

    def leave(tx: Transaction) -> None:
        before = tx.people.get("p5")
        assert before is not None
        after = replace(before, on_roster=False)
        tx.people.set_roster(after)
        departures.note_change(tx, before, after)

    await team.db.run(leave)
    await team.sweep()
    window = await window_of(team, note)
    assert (window.owner_id, window.is_running) == (None, True)

    def give(tx: Transaction) -> None:
        tx.people.add(person(11, "Mara", Role.MARKETER, Side.MARKETING))
        spring = tx.campaigns.by_key("spring")
        assert spring is not None
        tx.campaigns.save(replace(spring, owner_id="p11"))
        asking_again.owner_changed(tx, spring.id)

    await team.db.run(give)
    await team.sweep()
    assert (await window_of(team, note)).owner_id == "p11"


async def test_what_ran_out_stays_missed_whoever_is_asked_later(team: World) -> None:
    await sign(team, marketing=DAY)
    note = await on_spring(team)
    await until(team, at(3, 9, 1))
    await team.db.run(note_window.ask_again, note.id)
    assert (await window_of(team, note)).result is Result.MISSED


async def test_a_standstill_costs_nobody_their_window(team: World) -> None:
    await sign(team, marketing=DAY)
    note = await write(team)
    await down_until(team, at(4, 9))
    window = await window_of(team, note)
    assert window.is_running
    assert window.due_at is not None
    assert window.due_at > at(4, 9)
    assert await live(team) == []
