"""The numbers of this week: whose they are, when the week begins, and what they leave out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.local_time import week_start, zone
from bot.domain.person import Role, Side
from bot.domain.post import OutboxKind
from bot.domain.routing import Target
from bot.services import home
from bot.services.home_week import Numbers, Week
from storage.transaction import Transaction
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, START, World, everything_to, person

CEO = "U9"


async def week_of(world: World, slack_id: str) -> Week:
    def confirmed(tx: Transaction) -> None:
        found = tx.people.by_slack_id(slack_id)
        assert found is not None
        tx.people.set_flags(found.id, replace(found.flags, checked_at=tx.now))

    await world.db.run(confirmed)
    return (await world.db.read(home.load_home, slack_id)).week


async def answered(world: World, number: int, rep: str, by: str, *, minutes: int, reject: bool = False) -> None:
    await world.rules(everything_to(Target.REP, rep))
    done = await world.hand_over(f"{rep}-{number}", name=f"Lead {number}", email=f"{rep}{number}@example.com")
    world.clock.advance(timedelta(minutes=minutes))
    if reject:
        await world.reject(done.handoff_id, by, "low_intent")
    else:
        await world.accept(done.handoff_id, by)


async def test_the_week_begins_on_ones_own_monday_at_midnight(world: World) -> None:
    """START is Monday 2 March 2026, 9:00 UTC; in Berlin it is 10:00."""
    assert (await week_of(world, JONAS)).since == datetime(2026, 3, 1, 23, tzinfo=UTC)
    await answered(world, 1, "p1", JONAS, minutes=4)
    await answered(world, 2, "p1", JONAS, minutes=8)
    await answered(world, 3, "p1", JONAS, minutes=1, reject=True)
    own = (await week_of(world, JONAS)).own
    assert own == Numbers(offered=3, accepted=2, rejected=1, median_seconds_to_accept=360.0)
    world.clock.advance(timedelta(days=6, hours=13, minutes=46))  # Sunday 23:59 in Berlin
    assert (await week_of(world, JONAS)).own == own
    world.clock.advance(timedelta(minutes=1))
    monday = await week_of(world, JONAS)
    assert monday.since == START + timedelta(days=6, hours=14)
    assert monday.own == Numbers()


@given(
    at=st.integers(min_value=0, max_value=2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    tz=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"]),
)
def test_a_week_holds_its_instant_and_begins_on_a_monday(at: datetime, tz: str) -> None:
    since = week_start(at, tz)
    assert since <= at < since + timedelta(days=7, hours=2)
    assert since.astimezone(zone(tz)).weekday() == 0


async def test_a_manager_sees_their_people_one_by_one(world: World) -> None:
    for rep in ("p1", "p2"):
        await world.db.run(lambda tx, rep=rep: tx.people.set_links(rep, "p4", None))
    await answered(world, 1, "p1", JONAS, minutes=10)
    await answered(world, 2, "p2", INES, minutes=2, reject=True)
    await answered(world, 3, "p3", "U3", minutes=5)
    week = await week_of(world, MANAGER)
    assert week.reps is not None
    assert [(rep.name, rep.numbers) for rep in week.reps] == [
        ("Ines", Numbers(offered=1, rejected=1)),
        ("Jonas", Numbers(offered=1, accepted=1, median_seconds_to_accept=600.0)),
    ]
    assert week.everybody is None


async def test_nobody_of_many_people_is_missing_from_their_managers_numbers(world: World) -> None:
    """The table is cut where it is drawn; the sum is of all."""

    def hire(tx: Transaction) -> None:
        tx.people.set_links("p1", "p4", None)
        for number in range(100, 130):
            tx.people.add(person(number, f"Aaron {number}", Role.REP, Side.SALES, manager_id="p4"))

    await world.db.run(hire)
    await answered(world, 1, "p1", JONAS, minutes=10)
    await answered(world, 2, "p129", "U129", minutes=10)
    week = await week_of(world, MANAGER)
    assert week.reps is not None
    assert len(week.reps) == 31
    assert sum(rep.numbers.accepted for rep in week.reps) == 2


async def test_leadership_arbiters_and_managers_of_nobody_see_everybodys_numbers_by_day(world: World) -> None:
    await world.db.run(lambda tx: tx.people.add(person(9, "Cleo", Role.ARBITER, Side.LEADERSHIP)))
    await answered(world, 1, "p1", JONAS, minutes=10)
    world.clock.advance(timedelta(hours=15))
    await answered(world, 2, "p2", INES, minutes=2, reject=True)
    for slack_id in (CEO, MANAGER):
        everybody = (await week_of(world, slack_id)).everybody
        assert everybody is not None
        assert everybody.numbers == Numbers(offered=2, accepted=1, rejected=1, median_seconds_to_accept=600.0)
        assert [(day.name, day.accepted, day.rejected) for day in everybody.days] == [("Mon", 1, 0), ("Tue", 0, 1)]


async def test_an_undone_accept_is_in_no_number(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over("1", name="Lead")
    await world.accept(done.handoff_id, JONAS)
    await world.undo(done.handoff_id, JONAS)
    everybody = (await week_of(world, MANAGER)).everybody
    assert everybody is not None
    assert (everybody.numbers.offered, everybody.numbers.accepted) == (1, 0)


async def test_an_admin_sees_what_could_not_be_said(world: World) -> None:
    before = (await week_of(world, ADMIN)).condition
    assert before is not None
    assert (before.given_up, before.sources) == (0, 0)

    def give_up(tx: Transaction) -> None:
        tx.outbox.add(OutboxKind.SYNC_HOME, "p1", "home:p1")
        tx.flush()
        (row,) = tx.outbox.lease_lanes(1, timedelta(seconds=30))
        tx.outbox.park(row, "channel_not_found")

    await world.db.run(give_up)
    after = (await week_of(world, ADMIN)).condition
    assert after is not None
    assert after.given_up == 1


async def test_everybody_sees_only_what_is_theirs(world: World) -> None:
    rep, marketer = await week_of(world, JONAS), await week_of(world, MARKETER)
    assert (rep.campaigns, rep.reps, rep.everybody, rep.condition) == (None, None, None, None)
    assert (marketer.own, marketer.reps, marketer.everybody, marketer.condition) == (None, None, None, None)
