"""What managers' Home lists: what has nowhere to go, what waits, and whose accepted leads need a new owner."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.person import SlackFlags
from bot.domain.routing import Target
from bot.services import forms, home, people
from bot.services.home import Home
from bot.services.home_rows import PAGE, HomeLists, HomePages, UnroutedRow
from tests.services.world import FALLBACK, INES, JONAS, MANAGER, MARKETER, PRIYA, START, World, everything_to


async def seen_by(world: World, slack_id: str = MANAGER, pages: HomePages = home.FIRST_PAGES) -> Home:
    return await world.db.read(lambda tx: home.load_home(tx, slack_id, pages))


async def owned(world: World, number: int, rep: str, by: str) -> str:
    await world.rules(everything_to(Target.REP, rep))
    done = await world.hand_over(f"{rep}-{number}", name=f"Lead {number}")
    await world.accept(done.handoff_id, by)
    world.clock.advance(timedelta(minutes=1))
    return str(done.handoff_id)


async def test_leads_of_who_is_away_come_first_and_can_be_reassigned(world: World) -> None:
    """Offered directly and accepted: there is no pool's card with Reassign on it."""
    await owned(world, 1, "p1", JONAS)
    gone = await owned(world, 2, "p2", INES)
    await owned(world, 3, "p1", JONAS)
    await world.db.run(people.set_away, INES, None)
    accepted = (await seen_by(world)).accepted
    assert accepted is not None
    assert [(row.name, row.owner, row.absence) for row in accepted.rows] == [
        ("Lead 2", "Ines", "away"),
        ("Lead 3", "Jonas", None),
        ("Lead 1", "Jonas", None),
    ]
    assert (accepted.left_behind, accepted.more) == (1, False)
    done = await world.reassign(gone, MANAGER, "p1")
    assert done.successor is not None
    assert done.successor.rep_id == "p1"


@pytest.mark.parametrize(
    ("values", "absence"),
    [
        ({"flags": SlackFlags(is_deleted=True, checked_at=START)}, "deactivated in Slack"),
        ({"on_roster": False, "roles": frozenset()}, "not on the roster any more"),
    ],
)
async def test_a_manager_reads_why_an_owner_is_not_there(world: World, values: dict[str, object], absence: str) -> None:
    await owned(world, 1, "p1", JONAS)
    await world.change("p1", **values)
    accepted = (await seen_by(world)).accepted
    assert accepted is not None
    assert [row.absence for row in accepted.rows] == [absence]


async def test_pages_go_on_from_who_is_not_there_to_who_is(world: World) -> None:
    for number in range(PAGE + 2):
        await owned(world, number, "p2", INES)
    for number in range(3):
        await owned(world, number, "p1", JONAS)
    await world.db.run(people.set_away, INES, None)
    first, second, beyond = [(await seen_by(world, pages={HomeLists.ACCEPTED: page})).accepted for page in (0, 1, 9)]
    assert first is not None
    assert second is not None
    assert (len(first.rows), first.more) == (PAGE, True)
    assert [row.owner for row in second.rows] == ["Ines", "Ines", "Jonas", "Jonas", "Jonas"]
    assert not second.more
    assert beyond == first


async def test_leads_with_nowhere_to_go_need_a_manager_until_somebody_has_them(world: World) -> None:
    await world.configure(fallback_channel=None)
    await world.rules()
    done = await world.hand_over(name="Maria Lopez")
    needs = (await seen_by(world)).needs_you
    (row,) = needs.rows
    assert isinstance(row, UnroutedRow)
    assert (row.lead_id, row.name, row.since) == (done.lead_id, "Maria Lopez", START)
    form = await world.db.read(lambda tx: forms.assign_form(tx, done.lead_id, MANAGER))
    assert [person.label for person in form.people] == ["Ines", "Jonas", "Priya"]
    await world.rules(everything_to(Target.REP, "p1"))
    await world.hand_over(name="Maria Lopez", title="CFO")
    assert (await seen_by(world)).needs_you.total == 0


async def test_what_needs_a_manager_stands_in_order_across_kinds_and_pages(world: World) -> None:
    """Leads that nobody could be offered stand before offers in the fallback pool, which have a due time."""
    await world.rules()
    for number in range(2 * PAGE + 1):
        await world.configure(fallback_channel=None if number % 3 else FALLBACK)
        await world.hand_over(f"lead-{number}", company=f"Company {number}", email=f"a{number}@example.com")
        world.clock.advance(timedelta(minutes=1))
    await world.configure(fallback_channel=FALLBACK)
    seen = []
    for page in range(3):
        needs = (await seen_by(world, pages={HomeLists.NEEDS: page})).needs_you
        assert (needs.total, needs.page) == (2 * PAGE + 1, page)
        seen += [row.company for row in needs.rows]
    in_order = sorted(range(2 * PAGE + 1), key=lambda number: (number % 3 == 0, number))
    assert seen == [f"Company {number}" for number in in_order]
    last = (await seen_by(world, pages={HomeLists.NEEDS: 9_999})).needs_you
    assert (last.page, len(last.rows)) == (2, 1)


async def test_a_manager_sees_their_own_people_and_on_request_all_teams(world: World) -> None:
    """Jonas reports to Anna; Ines and Priya report to nobody of sales."""
    await world.db.run(lambda tx: tx.people.set_links("p1", "p4", None))
    await owned(world, 1, "p1", JONAS)
    await owned(world, 2, "p2", INES)
    await world.hand_over("waits", name="Waiting with Ines")
    await world.rules(everything_to(Target.REP, "p1"))
    await world.hand_over("waits too", name="Waiting with Jonas")
    mine = await seen_by(world)
    assert mine.of_all_teams is False
    assert mine.team is not None
    assert mine.accepted is not None
    assert [row.name for row in mine.team.rows] == ["Waiting with Jonas"]
    assert [row.owner for row in mine.accepted.rows] == ["Jonas"]
    every = await seen_by(world, pages={HomeLists.EVERYBODY: 1})
    assert every.of_all_teams is True
    assert every.team is not None
    assert every.accepted is not None
    assert {row.name for row in every.team.rows} == {"Waiting with Ines", "Waiting with Jonas"}
    assert {row.owner for row in every.accepted.rows} == {"Jonas", "Ines"}


async def test_a_manager_without_people_of_their_own_sees_everybody(world: World) -> None:
    await owned(world, 1, "p1", JONAS)
    seen = await seen_by(world)
    assert seen.of_all_teams is None
    assert seen.accepted is not None
    assert [row.owner for row in seen.accepted.rows] == ["Jonas"]


async def test_pools_of_their_peoples_teams_wait_with_a_manager(world: World) -> None:
    """Jonas is in team Fast lane, which has a pool."""
    await world.db.run(lambda tx: tx.people.set_links("p1", "p4", None))
    await world.rules(everything_to(Target.POOL, "t2"))
    await world.hand_over(name="In the pool")
    team = (await seen_by(world)).team
    assert team is not None
    assert [row.pool_name for row in team.rows] == ["the pool of Fast lane"]


async def test_a_rep_who_stands_in_for_a_manager_reads_a_pools_names_in_every_list_and_form(world: World) -> None:
    """Before, Home masked the same lead in one list and named it in the next."""
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over(name="Ben Gross")
    handoff_id = str(done.handoff_id)

    async def names() -> tuple[str, str]:
        mine = (await seen_by(world, PRIYA)).needs_you.rows
        form = await world.db.read(lambda tx: forms.reject_form(tx, handoff_id, PRIYA))
        return mine[0].name, form.lead_name

    assert await names() == ("B. G.", "B. G.")
    await world.db.run(lambda tx: tx.people.set_deputy("p4", "p3"))
    await world.db.run(people.set_away, MANAGER, "2026-03-09")
    assert await names() == ("Ben Gross", "Ben Gross")


async def test_managers_homes_follow_when_a_lead_has_nowhere_to_go(world: World) -> None:
    await world.db.run(home.home_opened, MANAGER)
    await world.configure(fallback_channel=None)
    await world.rules()
    await world.hand_over()
    assert "home:p4" in {row.lane for row in await world.outbox()}


@pytest.mark.parametrize("slack_id", [JONAS, MARKETER])
async def test_only_managers_see_the_teams_leads(world: World, slack_id: str) -> None:
    seen = await seen_by(world, slack_id)
    assert (seen.team, seen.accepted, seen.of_all_teams) == (None, None, None)
