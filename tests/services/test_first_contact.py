"""After Accept the lead must not sink: the clock to the first contact, who stops it, and what leaks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.budget import Kind
from bot.domain.countdown import CountdownKind, Result, Running
from bot.domain.crm import ActivityKind
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead, Priority, Stage
from bot.domain.post import Subject
from bot.services import crm, delivery, home
from bot.services.cards import Card
from bot.services.crm_news import LeadActivity, LeadStage
from bot.services.reached import ContactReminder
from tests.services.clocked import at, events, sign, steps, told, until
from tests.services.outcome_world import correct, log, log_all, stage
from tests.services.test_outcomes import accepted
from tests.services.world import INES, JONAS, MANAGER, World


async def hot(world: World, external_id: str = "1", **values: Any) -> tuple[Handoff, Lead]:
    """A hot lead that Jonas accepted at nine: an hour to try to reach it, under a signed agreement."""
    await world.db.run(lambda tx: tx.people.set_links("p1", "p4", None))
    await sign(world)
    return await accepted(world, external_id, priority=Priority.HOT, **values)


async def clock(world: World, handoff: Handoff) -> Running | None:
    return await world.db.read(lambda tx: tx.countdowns.of(CountdownKind.FIRST_CONTACT, handoff.id))


async def hears(world: World, kind: ActivityKind = ActivityKind.CALL, key: str = "1") -> None:
    await world.db.run(crm.hear, LeadActivity(source="crm", external_id=key, at=world.clock.now(), kind=kind))


async def says(world: World, what: Stage, key: str = "1", minutes_ago: float = 0) -> None:
    when = world.clock.now() - timedelta(minutes=minutes_ago)
    await world.db.run(crm.hear, LeadStage(source="crm", external_id=key, at=when, stage=what))


async def asked(world: World, lead: Lead) -> ContactReminder:
    """The last *Reached them?* as it reads now."""
    post = (await told(world, Subject.REMINDER, lead.id))[-1]
    found = await world.db.read(delivery.what_to_say, post.id)
    assert found is not None
    assert isinstance(found[1], ContactReminder)
    return found[1]


async def test_an_accept_starts_the_clock_on_the_owners_calendar(world: World) -> None:
    handoff, _ = await hot(world)
    running = await clock(world, handoff)
    assert running is not None
    assert (running.owner_id, running.since, running.due_at) == ("p1", at(2, 9), at(2, 10))


async def test_half_asks_the_rep_three_quarters_again_and_the_manager_then_it_leaks(world: World) -> None:
    handoff, lead = await hot(world)
    await until(world, at(2, 10))
    assert [one for one in await steps(world, lead.id) if one[0] == "first_contact"] == [
        ("first_contact", "remind", at(2, 9, 30)),
        ("first_contact", "at_risk", at(2, 9, 45)),
        ("first_contact", "expire", at(2, 10)),
    ]
    assert len(await world.db.read(lambda tx: tx.posts.of_subject(Subject.AT_RISK, "p4"))) == 1
    (leaking,) = await events(world, lead.id, "lead.leaking")
    assert leaking.happened_at == at(2, 10)
    for person in ("p1", "p4"):
        assert (await world.waits_for_brief(person)).get(Kind.LEAKAGE) == 1
    assert (await world.handoff(handoff.id)).is_owned, "it is not taken away"
    assert await world.db.read(lambda tx: tx.leaks.count()) == {"p1": 1}


async def test_a_lead_in_trial_shows_its_clock_and_names_nobody(world: World) -> None:
    handoff, lead = await accepted(world, priority=Priority.HOT)
    await until(world, at(2, 12))
    assert await clock(world, handoff) is not None
    assert not await events(world, lead.id, "lead.leaking")
    assert not await told(world, Subject.REMINDER, lead.id)


async def test_an_attempt_in_time_meets_the_window_and_asks_again_after_the_agreed_time(world: World) -> None:
    handoff, lead = await hot(world)
    await until(world, at(2, 9, 40))
    await log(world, handoff.id, "attempt", attempt="no_answer")
    (first,) = await events(world, lead.id, "handoff.first_contact")
    assert first.data == {"result": "met", "seconds": 2400}
    running = await clock(world, handoff)
    assert running is not None
    # Eight working hours from 9:40 UTC, of a day that ends at 17:00 in Berlin.
    assert (running.is_running, running.since, running.due_at) == (True, at(2, 9, 40), at(3, 9, 40))
    reminder = await asked(world, lead)
    assert reminder.over == "Logged: no answer, attempt 1 of 3."
    await until(world, at(3, 10))
    assert not await events(world, lead.id, "lead.leaking"), "it was touched"
    assert (await asked(world, lead)).over is None


async def test_an_attempt_after_the_window_misses_it_and_ends_the_leak(world: World) -> None:
    handoff, lead = await hot(world)
    await until(world, at(2, 10, 30))
    await log(world, handoff.id, "attempt")
    (first,) = await events(world, lead.id, "handoff.first_contact")
    assert first.data["result"] == "missed"
    assert await world.db.read(lambda tx: tx.leaks.count()) == {}


async def test_a_call_made_in_time_and_logged_later_meets_the_window(world: World) -> None:
    handoff, lead = await hot(world)
    await until(world, at(2, 12))
    await log(world, handoff.id, "attempt", when="today", at="10:50")
    (first,) = await events(world, lead.id, "handoff.first_contact")
    assert first.data["result"] == "met"
    assert await world.db.read(lambda tx: tx.leaks.count()) == {}


async def test_contact_stops_the_clock_for_good(world: World) -> None:
    handoff, lead = await hot(world)
    await until(world, at(2, 9, 40))
    await log(world, handoff.id, "contacted")
    running = await clock(world, handoff)
    assert running is not None
    assert (running.is_running, running.result) == (False, Result.MET)
    await until(world, at(5, 17))
    assert len(await told(world, Subject.REMINDER, lead.id)) == 1
    assert (await asked(world, lead)).over == "Logged: reached."


async def test_an_activity_in_the_crm_stops_the_clock_and_asks_again_later(world: World) -> None:
    handoff, lead = await hot(world)
    await until(world, at(2, 9, 20))
    await hears(world)
    running = await clock(world, handoff)
    assert running is not None
    assert running.since == at(2, 9, 20)
    (first,) = await events(world, lead.id, "handoff.first_contact")
    assert first.data["result"] == "met"
    await until(world, at(2, 10, 30))
    assert not await events(world, lead.id, "lead.leaking")


async def test_a_call_before_the_accept_is_not_this_owners(world: World) -> None:
    handoff, _ = await hot(world)
    when = world.clock.now() - timedelta(hours=1)
    await world.db.run(crm.hear, LeadActivity(source="crm", external_id="1", at=when, kind=ActivityKind.CALL))
    running = await clock(world, handoff)
    assert running is not None
    assert running.since == at(2, 9)


async def test_a_stage_in_the_crm_stops_the_clock(world: World) -> None:
    handoff, lead = await hot(world)
    await until(world, at(2, 9, 20))
    await says(world, Stage.SQL)
    running = await clock(world, handoff)
    assert running is not None
    assert not running.is_running
    assert await stage(world, lead.id) == "sql"


async def test_undo_release_and_reassign_stop_it_and_a_new_owner_has_their_own(world: World) -> None:
    handoff, lead = await hot(world)
    await world.undo(handoff.id, JONAS)
    running = await clock(world, handoff)
    assert running is not None
    assert running.result is Result.VOID
    again = (await world.of_lead(lead.id))[-1]
    await world.accept(again.id, JONAS)
    await until(world, at(2, 10, 30))
    await world.change("p2", away_since=None)
    await world.reassign(again.id, MANAGER, "p2")
    assert await world.db.read(lambda tx: tx.leaks.count()) == {}
    latest = (await world.of_lead(lead.id))[-1]
    await world.accept(latest.id, INES)
    running = await clock(world, latest)
    assert running is not None
    assert (running.owner_id, running.since) == ("p2", at(2, 10, 30))


async def test_taking_out_the_only_attempt_starts_the_first_window_again(world: World) -> None:
    handoff, _ = await hot(world)
    await until(world, at(2, 9, 20))
    await log(world, handoff.id, "attempt")
    await correct(world, handoff.id, 0)
    running = await clock(world, handoff)
    assert running is not None
    assert (running.is_running, running.due_at) == (True, at(2, 10))


async def test_after_the_agreed_attempts_the_reminder_offers_to_disqualify(world: World) -> None:
    handoff, lead = await hot(world)
    await log_all(world, handoff.id, "attempt", "attempt")
    await until(world, at(2, 16))
    assert not (await asked(world, lead)).can_disqualify
    await log(world, handoff.id, "attempt")
    await until(world, at(3, 16))
    assert (await asked(world, lead)).can_disqualify


async def test_a_leak_is_counted_once_though_what_ended_it_was_logged_by_mistake(world: World) -> None:
    handoff, lead = await hot(world)
    await until(world, at(2, 11))
    await log(world, handoff.id, "attempt")
    await correct(world, handoff.id, 0)
    await until(world, at(2, 14))
    assert await world.db.read(lambda tx: tx.leaks.count()) == {"p1": 1}
    assert len(await events(world, lead.id, "lead.leaking")) == 1


async def test_card_and_home_say_where_a_lead_stands_and_that_it_leaks(world: World) -> None:
    handoff, lead = await hot(world)
    await until(world, at(2, 10))
    (post, *_) = [one for one in await world.posts(lead.id) if one.subject is Subject.HANDOFF]
    said = await world.db.read(delivery.what_to_say, post.id)
    assert said is not None
    assert isinstance(said[1], Card)
    assert said[1].standing is not None
    assert said[1].standing.leaking_since == at(2, 10)
    mine = await world.db.read(home.load_home, JONAS)
    assert mine.mine.rows[0].standing is not None
    assert mine.mine.rows[0].standing.leaking_since == at(2, 10)
    await log(world, handoff.id, "attempt")
    mine = await world.db.read(home.load_home, JONAS)
    row = mine.mine.rows[0].standing
    assert row is not None
    assert (row.attempts, row.leaking_since) == (1, None)


async def test_what_was_logged_holds_against_what_the_crm_says_of_earlier(world: World) -> None:
    handoff, lead = await hot(world)
    world.clock.advance(timedelta(minutes=30))
    await log_all(world, handoff.id, "contacted", "qualified", "opportunity")
    await says(world, Stage.LOST, minutes_ago=20)
    assert await stage(world, lead.id) == "opportunity"
    world.clock.advance(timedelta(minutes=30))
    await says(world, Stage.WON)
    assert await stage(world, lead.id) == "won"


async def test_what_is_logged_builds_on_what_the_crm_said(world: World) -> None:
    handoff, lead = await hot(world)
    world.clock.advance(timedelta(minutes=30))
    await says(world, Stage.SQL)
    world.clock.advance(timedelta(minutes=5))
    await log(world, handoff.id, "opportunity")
    assert await stage(world, lead.id) == "opportunity"
    history = await world.db.read(lambda tx: tx.outcomes.standing(handoff.id))
    assert [(one.outcome.kind.value, one.outcome.by) for one in history] == [
        ("qualified", "crm"),
        ("opportunity", "p1"),
    ]
    await says(world, Stage.SQL, minutes_ago=2)
    assert await stage(world, lead.id) == "opportunity"


async def test_home_of_rep_and_manager_names_what_leaks_until_somebody_acts(world: World) -> None:
    handoff, _ = await hot(world)
    await until(world, at(2, 10, 30))
    for slack_id, mine in ((JONAS, 1), (MANAGER, 0)):
        leaks = (await world.db.read(home.load_home, slack_id)).leaks
        assert ([row.handoff_id for row in leaks.rows], leaks.total, leaks.mine) == ([handoff.id], 1, mine)
    assert (await world.db.read(home.load_home, INES)).leaks.total == 0
    await log(world, handoff.id, "attempt", MANAGER)
    for slack_id in (JONAS, MANAGER):
        assert (await world.db.read(home.load_home, slack_id)).leaks.total == 0
    for person in ("p1", "p4"):
        assert Kind.LEAKAGE not in await world.waits_for_brief(person)
