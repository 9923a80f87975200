"""Whoever stands in for an absent manager has the manager's rights for exactly that time, and nobody else has."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.absence import absence
from bot.domain.budget import Kind
from bot.domain.person import Person, Role, Side, SlackFlags
from bot.domain.post import Subject
from bot.domain.routing import Target
from bot.domain.target import Target as Told
from bot.errors import AlreadyDecided, FormError, NotAllowed
from bot.services import cards, departures, deputies, forms, home, people, posting
from storage.transaction import Transaction
from tests.services.test_reassigning_all import reassign_all
from tests.services.world import ADMIN, INES, JONAS, MANAGER, PRIYA, START, World, everything_to

ANNA, PRIYA_ID, INES_ID = "p4", "p3", "p2"


async def deputy(world: World, of: str, who: str | None) -> None:
    await world.db.run(lambda tx: tx.people.set_deputy(of, who))


async def manager(world: World, of: str, who: str) -> None:
    def link(tx: Transaction) -> None:
        person = tx.people.get(of)
        tx.people.set_links(of, who, person.deputy_id if person else None)

    await world.db.run(link)


async def offered(world: World, to: str = "p1") -> str:
    await world.rules(everything_to(Target.REP, to))
    done = await world.hand_over("1", name="Maria Lopez")
    assert done.handoff_id is not None
    return done.handoff_id


async def stands_in(world: World, person_id: str) -> str:
    def ask(tx: Transaction) -> str:
        person = tx.people.get(person_id)
        assert person is not None
        return deputies.stand_in(tx, person).id

    return await world.db.read(ask)


async def test_a_deputy_manages_while_the_manager_is_away_and_no_longer(world: World) -> None:
    one = await offered(world)
    await deputy(world, ANNA, PRIYA_ID)
    with pytest.raises(NotAllowed):
        await world.reassign(one, PRIYA, "p2")
    await world.db.run(people.set_away, MANAGER, "2026-03-09")
    form = await world.db.read(lambda tx: forms.reassign_form(tx, one, PRIYA))
    assert form.handoff_id == one
    world.clock.advance(timedelta(days=8))
    await world.change(PRIYA_ID, flags=SlackFlags(checked_at=world.clock.now()))
    with pytest.raises(NotAllowed):
        await world.reassign(one, PRIYA, "p2")


async def test_what_a_deputy_does_is_theirs_for_the_manager_and_the_card_says_so(world: World) -> None:
    one = await offered(world)
    await deputy(world, ANNA, PRIYA_ID)
    await world.db.run(people.set_away, MANAGER, None)
    done = await world.reassign(one, PRIYA, "p2", "Jonas is on holiday")
    events = await world.db.read(lambda tx: tx.events.of_lead(done.lead.id, 20))
    (event,) = [event for event in events if event.kind == "handoff.reassigned"]
    assert (event.actor, event.data["for"]) == (PRIYA_ID, ANNA)
    before, after = await world.of_lead(done.lead.id)
    shown = [await world.db.read(lambda tx, one=one: cards.card_of(tx, one, masked=False)) for one in (before, after)]
    assert shown[0] is not None
    assert shown[1] is not None
    assert (shown[0].reassigned, shown[0].what_next) == ("Reassigned by Priya for Anna to Ines", None)
    assert shown[1].passed_on == "Reassigned by Priya for Anna: Jonas is on holiday"
    with pytest.raises(AlreadyDecided, match=r"Reassigned by Priya for Anna to Ines 0 s ago\."):
        await world.accept(one, JONAS)


async def test_an_accepted_lead_that_went_on_says_to_whom_as_well(world: World) -> None:
    one = await offered(world)
    await world.accept(one, JONAS)
    world.clock.advance(timedelta(hours=3))
    await world.reassign(one, MANAGER, "p2")
    ended = await world.handoff(one)
    card = await world.db.read(lambda tx: cards.card_of(tx, ended, masked=False))
    assert card is not None
    assert card.reassigned == "Reassigned by Anna to Ines"
    with pytest.raises(AlreadyDecided, match="Reassigned by Anna to Ines"):
        await world.reject(one, JONAS, "low_intent")


async def test_a_manager_acts_for_the_absent_one_only_on_that_ones_people(world: World) -> None:
    """Noor is a manager herself: what she does with others' people she does in her own name."""
    await world.change("p6", roles=frozenset({Role.MANAGER}), side=Side.SALES)
    await deputy(world, ANNA, "p6")
    await manager(world, "p1", ANNA)
    await world.db.run(people.set_away, MANAGER, None)
    of_anna = await world.reassign(await offered(world), ADMIN, "p2")
    assert of_anna.successor is not None
    other = await world.reassign(of_anna.successor.id, ADMIN, "p3")
    reassigned = [one.handoff.reassigned for one in (of_anna, other)]
    assert [one.for_id if one else None for one in reassigned] == [ANNA, None]


async def test_a_day_off_and_a_deactivated_account_count_too(world: World) -> None:
    one = await offered(world)
    await deputy(world, ANNA, PRIYA_ID)
    await world.change(ANNA, days_off=("2026-03-02", "2026-03-03"))
    stood = (await world.db.read(lambda tx: home.load_home(tx, PRIYA))).stands_in_for
    assert [(who.name, who.absence, who.until and who.until.isoformat()) for who in stood] == [
        ("Anna", "off today", "2026-03-03T23:00:00+00:00")
    ]
    await world.change(ANNA, days_off=(), flags=SlackFlags(is_deleted=True, checked_at=START))
    assert (await world.reassign(one, PRIYA, "p2")).successor is not None


async def test_the_deputy_of_an_absent_deputy_stands_in(world: World) -> None:
    one = await offered(world)
    await deputy(world, ANNA, INES_ID)
    await deputy(world, INES_ID, PRIYA_ID)
    await world.db.run(people.set_away, MANAGER, None)
    with pytest.raises(NotAllowed):
        await world.reassign(one, PRIYA, "p3")
    await world.db.run(people.set_away, INES, None)
    with pytest.raises(NotAllowed):
        await world.reassign(one, INES, "p3")
    assert (await world.reassign(one, PRIYA, "p3")).successor is not None


async def test_circles_and_chains_end(world: World) -> None:
    await deputy(world, ANNA, INES_ID)
    await deputy(world, INES_ID, ANNA)
    await world.db.run(people.set_away, MANAGER, None)
    await world.db.run(people.set_away, INES, None)
    assert await stands_in(world, ANNA) == "p6"
    with pytest.raises(NotAllowed):
        await world.reassign(await offered(world), INES, "p3")


async def test_without_a_deputy_messages_go_to_the_managers_manager_then_the_admin(world: World) -> None:
    await manager(world, ANNA, "p5")
    await world.db.run(people.set_away, MANAGER, None)
    assert await stands_in(world, ANNA) == "p5"
    await world.db.run(people.set_away, "U5", None)
    assert await stands_in(world, ANNA) == "p6"
    await world.db.run(people.set_away, ADMIN, None)
    assert await stands_in(world, ANNA) == ANNA
    assert await stands_in(world, "p1") == "p1"


async def test_rights_go_only_to_who_was_named(world: World) -> None:
    """The manager's manager and the admin hear what is meant for her; neither manages by that."""
    await manager(world, ANNA, "p5")
    await world.db.run(people.set_away, MANAGER, None)
    one = await offered(world)
    for by in ("U5", ADMIN):
        with pytest.raises(NotAllowed):
            await world.reassign(one, by, "p2")


async def test_alerts_for_an_absent_admin_reach_the_deputy_and_say_so(world: World) -> None:
    await deputy(world, "p6", PRIYA_ID)
    await world.db.run(people.set_away, ADMIN, None)
    post = await world.db.run(posting.alert, "Trouble", "Something is wrong.")
    assert post is not None
    assert post.subject is Subject.ALERT
    assert post.place == PRIYA
    assert post.data["text"] == "Something is wrong. You read this because you stand in for Noor."


async def test_the_deputys_home_has_the_managers_lists_meanwhile(world: World) -> None:
    await manager(world, "p1", ANNA)
    await deputy(world, ANNA, PRIYA_ID)
    await offered(world)
    before = await world.db.read(lambda tx: home.load_home(tx, PRIYA))
    assert (before.team, before.people, before.stands_in_for) == (None, None, ())
    await world.db.run(people.set_away, MANAGER, "2026-03-09")
    now = await world.db.read(lambda tx: home.load_home(tx, PRIYA))
    assert now.team is not None
    assert now.people is not None
    assert [row.name for row in now.team.rows] == ["Maria Lopez"]
    assert [(row.name, row.offers, row.accepted) for row in now.people.rows] == [("Jonas", 1, 0)]
    assert [who.name for who in now.stands_in_for] == ["Anna"]


async def test_a_deputys_home_follows_when_the_manager_goes_and_comes(world: World) -> None:
    await deputy(world, ANNA, PRIYA_ID)
    await world.db.run(home.home_opened, PRIYA)
    await world.db.run(people.set_away, MANAGER, None)
    assert "home:p3" in {row.lane for row in await world.outbox()}


async def test_a_deputy_reassigns_all_leads_of_the_managers_people(world: World) -> None:
    await offered(world)
    await deputy(world, ANNA, PRIYA_ID)
    with pytest.raises(NotAllowed):
        await reassign_all(world, by=PRIYA)
    await world.db.run(people.set_away, MANAGER, None)
    done = await reassign_all(world, by=PRIYA, to="rep:p2")
    assert (done.by_id, done.for_id, done.done) == (PRIYA_ID, ANNA, 1)


async def test_who_goes_away_names_who_stands_in(world: World) -> None:
    await deputy(world, ANNA, INES_ID)
    form = await world.db.read(forms.away_form, MANAGER)
    assert (form.deputy_id, form.manages) == (INES_ID, True)
    assert ANNA not in [one.value for one in form.people]
    await world.db.run(people.set_away_with_deputy, MANAGER, "2026-03-09", PRIYA_ID)
    anna = await world.db.read(lambda tx: tx.people.get(ANNA))
    assert anna is not None
    assert (anna.deputy_id, anna.is_away) == (PRIYA_ID, True)
    await world.db.run(people.set_away_with_deputy, MANAGER, None, None)
    anna = await world.db.read(lambda tx: tx.people.get(ANNA))
    assert anna is not None
    assert anna.deputy_id is None


@pytest.mark.parametrize("who", [ANNA, "nobody"])
async def test_nobody_stands_in_for_themself(world: World, who: str) -> None:
    with pytest.raises(FormError) as refused:
        await world.db.run(people.set_away_with_deputy, MANAGER, None, who)
    assert set(refused.value.fields) == {"deputy"}


def test_an_absence_ends_where_it_says() -> None:
    person = Person(id="p", name="Anna", away_since=START, away_until=START + timedelta(hours=1))
    assert absence(person, START) is not None
    assert absence(person, START + timedelta(hours=1)) is None
    assert absence(replace(person, away_until=None), START + timedelta(days=400)) is not None


async def test_other_systems_hear_for_whom_a_deputy_acted(world: World) -> None:
    target = Told(key="crm", url="https://crm.example.com/x", secrets=("whsec_" + "A" * 43 + "=",), created_at=START)
    await world.db.run(lambda tx: tx.targets.add(target))
    one = await offered(world)
    await deputy(world, ANNA, PRIYA_ID)
    await world.db.run(people.set_away, MANAGER, None)
    done = await world.reassign(one, PRIYA, "p2")
    events = await world.db.read(lambda tx: tx.events.of_lead(done.lead.id, 20))
    (told,) = [event.id for event in events if event.kind == "handoff.reassigned"]
    body = await world.db.read(lambda tx: tx.announcements.body(told))
    assert body is not None
    said = json.loads(body)["data"]
    assert (said["by"]["name"], said["for"]["name"]) == ("Priya", "Anna")


async def test_a_deputys_home_follows_each_lead_of_the_absent_manager(world: World) -> None:
    await deputy(world, ANNA, PRIYA_ID)
    await world.db.run(home.home_opened, PRIYA)
    there = await world.db.read(lambda tx: tx.people.with_home(rep_id="p1", team_id=None, in_pool=False, limit=25))
    await world.db.run(people.set_away, MANAGER, None)
    away = await world.db.read(lambda tx: tx.people.with_home(rep_id="p1", team_id=None, in_pool=False, limit=25))
    assert (there, away) == ([], [PRIYA_ID])


async def test_the_admin_hears_that_somebody_acts_for_a_manager_who_is_gone(world: World) -> None:
    await world.configure(admin_id="p6")
    await world.db.run(lambda tx: tx.people.set_deputy("p4", "p5"))

    def deactivate(tx: Transaction) -> None:
        anna = tx.people.get("p4")
        assert anna is not None
        departures.note_change(tx, anna, replace(anna, flags=replace(anna.flags, is_deleted=True)))

    await world.db.run(deactivate)
    assert await world.waits_for_brief("p6") == {Kind.UPKEEP: 1}
