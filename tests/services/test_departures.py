"""Whoever takes no leads any more: what was offered to them goes to others, what they own is told to the admin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.budget import Kind
from bot.domain.handoff import Handoff, Opened, Status
from bot.domain.person import Role, SlackFlags
from bot.domain.post import Subject
from bot.domain.routing import Target
from bot.errors import AlreadyDecided
from bot.ports import Account
from bot.services import accounts, configuration, countdowns, departures, people, stuck
from storage.transaction import Transaction
from tests.services.clocked import sign
from tests.services.world import ADMIN, INES, JONAS, World, everything_to

GONE = SlackFlags(is_deleted=True)
GUEST = SlackFlags(is_guest=True)


async def offered_to_ines(world: World, external_id: str = "1") -> Handoff:
    await world.rules(everything_to(Target.REP, "p2"))
    found = await world.hand_over(external_id, name="Jane Miller")
    await world.rules(everything_to(Target.TEAM, "t1"))
    return await world.handoff(found.handoff_id)


async def changes(world: World, flags: SlackFlags) -> None:
    """Slack tells that Ines's account changed."""
    account = Account(slack_id=INES, name="Ines", email=None, title="", tz="", flags=flags)
    await world.db.run(accounts.record_account, account)
    await world.sweep()


async def leaves(world: World) -> None:
    """Ines is not in the configuration any more."""
    current = await world.db.read(configuration.current)
    teams = tuple(replace(team, members=(("jonas@example.com", 1),)) for team in current.teams)
    stay = tuple(entry for entry in current.people if entry.email != "ines@example.com")
    await world.db.run(configuration.apply, replace(current, people=stay, teams=teams))
    await world.sweep()


async def is_no_rep(world: World) -> None:
    """Ines stays, as a marketer."""
    current = await world.db.read(configuration.current)
    entries = tuple(
        replace(entry, roles=frozenset({Role.MARKETER})) if entry.email == "ines@example.com" else entry
        for entry in current.people
    )
    await world.db.run(configuration.apply, replace(current, people=entries))
    await world.sweep()


async def alerts(world: World) -> list[str]:
    """What the admin was told and is on its way."""

    def said(tx: Transaction) -> list[str]:
        rows = [row for row in tx.outbox.lease_lanes(100, timedelta(seconds=30)) if row.lane == ADMIN]
        posts = [tx.posts.get(row.subject_id) for row in rows]
        return [post.data["text"] for post in posts if post is not None and post.subject is Subject.ALERT]

    return await world.db.run(said)


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (lambda world: changes(world, GONE), "Ines is deactivated in Slack"),
        (lambda world: changes(world, GUEST), "Ines is a guest in Slack"),
        (leaves, "Ines left the roster"),
        (is_no_rep, "Ines is no rep any more"),
    ],
)
async def test_what_was_offered_to_them_goes_to_somebody_else(world: World, how, why: str) -> None:  # type: ignore[no-untyped-def]
    offered = await offered_to_ines(world)
    await how(world)
    ended, successor = await world.of_lead(offered.lead_id)
    assert (ended.status, ended.decided_by, ended.note) == (Status.WITHDRAWN, None, why)
    assert (successor.status, successor.opened, successor.rep_id) == (Status.OFFERED, Opened.REROUTED, "p1")
    assert successor.predecessor_id == ended.id
    assert await alerts(world) == [], "nothing is left for the admin to do"


async def test_what_they_own_is_told_to_the_admin_with_the_count(world: World) -> None:
    for number in range(7):
        offered = await offered_to_ines(world, str(number))
        await world.accept(offered.id, INES)
    await changes(world, GONE)
    (said,) = await alerts(world)
    assert said.startswith("Ines is deactivated in Slack and still owns 7 leads: ")
    assert said.endswith(" and 2 more. A manager can reassign them.")
    await changes(world, GONE)
    assert await alerts(world) == [], "once"


async def test_many_offers_are_passed_on_some_at_a_time(world: World) -> None:
    offers = [await offered_to_ines(world, str(number)) for number in range(2 * departures.AT_ONCE + 1)]
    await changes(world, GONE)
    for offered in offers:
        latest = (await world.of_lead(offered.lead_id))[-1]
        assert (latest.status, latest.rep_id) == (Status.OFFERED, "p1")


async def test_somebody_away_keeps_what_is_offered_to_them(world: World) -> None:
    offered = await offered_to_ines(world)
    await changes(world, SlackFlags())
    await world.db.run(lambda tx: departures.hand_on(tx, "p2"))
    assert (await world.handoff(offered.id)).is_open


async def test_who_goes_away_for_long_keeps_nothing_that_waits_for_a_decision(world: World) -> None:
    await sign(world)
    offered = await offered_to_ines(world)
    await world.db.run(people.set_away, INES, "2026-03-27")
    await world.sweep()
    withdrawn = await world.handoff(offered.id)
    assert (withdrawn.status, withdrawn.note) == (Status.WITHDRAWN, "Ines is away until 27 March 2026")
    latest = (await world.of_lead(offered.lead_id))[-1]
    assert (latest.status, latest.rep_id, latest.opened) == (Status.OFFERED, "p1", Opened.REROUTED)
    assert (await world.waits_for_brief("p4")).get(Kind.ESCALATION) == 1


async def test_who_is_back_tomorrow_or_at_once_keeps_it_and_so_does_everybody_in_trial(world: World) -> None:
    in_trial = await offered_to_ines(world)
    await world.db.run(people.set_away, INES, "2026-03-27")
    await world.sweep()
    assert (await world.handoff(in_trial.id)).is_open
    await world.db.run(people.set_back, INES)
    await sign(world)
    offered = await offered_to_ines(world, "2")
    await world.db.run(people.set_away, INES, "2026-03-03")
    await world.sweep()
    assert (await world.handoff(offered.id)).is_open
    await world.db.run(people.set_away, INES, "2026-03-27")
    await world.db.run(people.set_back, INES)
    await world.sweep()
    assert (await world.handoff(offered.id)).is_open


async def test_days_off_and_hours_that_put_it_off_for_long_pass_it_on_too(world: World) -> None:
    await sign(world)
    offered = await offered_to_ines(world)
    person = await world.db.read(lambda tx: tx.people.get("p2"))
    assert person is not None
    after = replace(person, days_off=("2026-03-02/2026-03-13",))

    def save(tx: Transaction) -> None:
        tx.people.set_roster(after)
        countdowns.replan_person(tx, person, after)

    await world.db.run(save)
    await world.sweep()
    latest = (await world.of_lead(offered.lead_id))[-1]
    assert (latest.rep_id, (await world.handoff(offered.id)).note) == ("p1", "Ines is off today until 14 March 2026")


async def test_the_manager_reads_of_an_accepted_lead_whose_rep_is_away_for_long(world: World) -> None:
    await sign(world)
    offered = await offered_to_ines(world)
    await world.accept(offered.id, INES)
    await world.db.run(people.set_away, INES, "2026-03-27")
    assert (await world.waits_for_brief("p4")).get(Kind.ESCALATION) == 1
    lead = await world.lead(offered.lead_id)
    said = await world.db.read(lambda tx: stuck.why(tx, lead))
    assert said == "Accepted by Ines, away until 27 March 2026: not due before 27 March 2026. Reassign it"
    await world.db.run(people.set_away, INES, None)
    said = await world.db.read(lambda tx: stuck.why(tx, lead))
    assert said == "Accepted by Ines, without any working time ahead: nobody follows up. Reassign it"


async def test_a_pool_that_is_no_more_leaves_no_lead_behind(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    found = await world.hand_over("pooled")
    now = await world.db.read(configuration.current)
    rules = tuple(replace(rule, target=Target.TEAM, to="europe") for rule in now.rules)
    teams = tuple(team for team in now.teams if team.key != "fast")
    await world.db.run(configuration.apply, replace(now, teams=teams, rules=rules))
    await world.sweep()
    withdrawn, latest = await world.of_lead(found.lead_id or "")
    assert withdrawn.note == "The channel of the pool of Fast lane has changed"
    assert (latest.status, latest.pool_channel, latest.opened) == (Status.OFFERED, None, Opened.REROUTED)


async def test_a_pool_in_another_channel_has_its_leads_there(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    found = await world.hand_over("pooled")
    now = await world.db.read(configuration.current)
    teams = tuple(replace(team, pool_channel="C0NEW") if team.key == "fast" else team for team in now.teams)
    await world.db.run(configuration.apply, replace(now, teams=teams))
    await world.sweep()
    assert [one.pool_channel for one in await world.of_lead(found.lead_id or "")][-1] == "C0NEW"


async def test_one_who_clicks_the_old_card_once_they_are_back_is_told_what_became_of_it(world: World) -> None:
    offered = await offered_to_ines(world)
    await changes(world, GONE)
    await changes(world, SlackFlags())
    with pytest.raises(AlreadyDecided, match="Lockstep withdrew this offer"):
        await world.accept(offered.id, INES)
    successor = (await world.of_lead(offered.lead_id))[-1]
    await world.accept(successor.id, JONAS)
