"""A practice lead works like a real one for the person who practises, and exists for nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.handoff import End, Handoff, Status
from bot.domain.lead import Stage
from bot.domain.person import Role, Side
from bot.domain.post import Subject
from bot.domain.routing import Target
from bot.domain.target import Target as Told
from bot.errors import NotAllowed, Refused
from bot.services import departures, forms, home, practice
from bot.services.condition import load_condition
from bot.views.details import details_view
from storage.transaction import Transaction
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, PRIYA, START, World, everything_to
from tests.views.oracle import words

DAY_BEFORE = START - timedelta(days=1)
PATIENT = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # one database for all examples: each adds to what is there


async def start(world: World, by: str = JONAS) -> Handoff:
    world.clock.advance(timedelta(minutes=2))
    return await world.db.run(practice.start_practice, by)


async def lead_of(world: World, handoff: Handoff) -> Stage:
    return (await world.lead(handoff.lead_id)).stage


async def test_a_practice_card_is_accepted_undone_and_rejected_like_a_real_one(world: World) -> None:
    one = await start(world)
    (post,) = await world.posts(one.lead_id)
    assert (post.place, one.practice) == (JONAS, True)
    await world.accept(one.id, JONAS)
    undone = await world.undo(one.id, JONAS)
    assert undone.successor is not None
    assert undone.successor.practice
    rejected = await world.reject(undone.successor.id, JONAS, "low_intent")
    assert (rejected.handoff.status, rejected.successor) == (Status.REJECTED, None)
    assert await lead_of(world, one) is Stage.CLOSED


@pytest.mark.parametrize("reason", [reason.code for reason in DEFAULT_TERMS.reasons])
async def test_no_reason_moves_a_practice_lead_to_anybody(world: World, reason: str) -> None:
    one = await start(world)
    answers: dict[str, Any] = {"recycle_on": "2026-04-01", "person_id": "p2", "criterion": "Role", "text": "x"}
    await world.reject(one.id, JONAS, reason, **answers)
    assert await lead_of(world, one) is Stage.CLOSED
    assert len(await world.posts(one.lead_id)) == 1
    assert len(await world.of_lead(one.lead_id)) == 1
    world.clock.advance(timedelta(days=60))
    await world.sweep()
    assert len(await world.of_lead(one.lead_id)) == 1


async def test_a_released_practice_lead_goes_to_nobody(world: World) -> None:
    one = await start(world)
    await world.accept(one.id, JONAS)
    done = await world.release(one.id, JONAS)
    assert (done.successor, done.handoff.end) == (None, End.RELEASED)
    assert await lead_of(world, one) is Stage.CLOSED


async def test_nobody_else_acts_on_it_not_even_a_manager(world: World) -> None:
    one = await start(world)
    for act in (
        world.accept(one.id, INES), world.reject(one.id, INES, "low_intent"), world.reassign(one.id, MANAGER, "p2"),
        world.withdraw(one.id, MANAGER),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            await act


async def test_the_details_of_a_practice_lead_open(world: World) -> None:
    one = await start(world)
    found = await world.db.read(forms.details, one.id, JONAS)
    assert found.card.practice


async def test_pressed_twice_is_one_card_and_later_there_is_another(world: World) -> None:
    first = await start(world)
    with pytest.raises(Refused, match="in your messages"):
        await world.db.run(practice.start_practice, JONAS)
    second = await start(world)
    assert (await world.handoff(first.id)).status is Status.WITHDRAWN
    assert second.id != first.id


@pytest.mark.parametrize("by", [MARKETER, ADMIN])
async def test_practice_is_for_who_takes_leads(world: World, by: str) -> None:
    with pytest.raises(NotAllowed):
        await world.db.run(practice.start_practice, by)


async def everything_counted(world: World) -> list[object]:
    """Every number, list, turn, announcement and message that others see."""

    def read(tx: Transaction) -> list[object]:
        everybody = (JONAS, INES, PRIYA, MANAGER, MARKETER)
        found: list[object] = [replace(home.load_home(tx, slack_id), now=START) for slack_id in everybody]
        condition = load_condition(tx)
        found += [condition.leads, tx.leads.has_any(), tx.leads.count_worked(), tx.leads.count_unrouted()]
        for person in tx.people.all():
            found += [
                tx.handoffs.held_by(person.id),
                tx.handoffs.loads([person.id]),
                tx.handoffs.day_numbers(person.id, START - timedelta(days=1)),
                tx.handoffs.count_owned_by(person.id),
                tx.handoffs.count_needs(person.id, ["C0POOL", "C0FALLBACK"]),
            ]
        found += [(member.person.id, member.credit) for key in ("t1", "t2") for member in tx.teams.members(key)]
        found += [tx.handoffs.count_waiting(), tx.leads.by_email("dana.example@example.com")]
        real = tx.leads.by_key("crm", "real")
        found.append(tx.leads.similar(real) if real else None)
        places = ("C0POOL", "C0FALLBACK", "C0MARKETING", "C0MIRROR")
        found += [tx.posts.count_cards(place, DAY_BEFORE, DAY_BEFORE, 50) for place in places]
        return found

    return await world.db.read(read)


Step = Callable[[World, Handoff], Awaitable[object]]


async def accepted(world: World, one: Handoff) -> None:
    await world.accept(one.id, JONAS)


async def accepted_and_undone(world: World, one: Handoff) -> None:
    await world.accept(one.id, JONAS)
    await world.undo(one.id, JONAS)


async def accepted_and_released(world: World, one: Handoff) -> None:
    await world.accept(one.id, JONAS)
    await world.release(one.id, JONAS)


async def rejected(world: World, one: Handoff) -> None:
    await world.reject(one.id, JONAS, "low_intent")


async def left_alone(world: World, one: Handoff) -> None:
    pass


STEPS: list[Step] = [accepted, accepted_and_undone, accepted_and_released, rejected, left_alone]


@pytest.fixture
async def busy(world: World) -> World:
    """Real leads in every state, one of them called like the practice lead, and a system that is told of decisions."""
    await world.configure(fallback_channel="C0FALLBACK")
    await world.db.run(
        lambda tx: tx.targets.add(
            Told(key="crm", url="https://crm.example.com/x", secrets=("whsec_" + "A" * 43 + "=",), created_at=START)
        )
    )
    for number in range(4):
        await world.hand_over(f"C-{number}", name=f"Lead {number}")
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over("real", name="Dana Example", company="Example Freight", email="dana@example.com")
    await world.accept(done.handoff_id, JONAS)
    await world.rules(everything_to(Target.TEAM, "t1"))
    world.clock.advance(timedelta(minutes=10))  # Undo of the real one is over
    return world


@PATIENT
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=3))
async def test_practice_changes_no_number_anywhere(busy: World, steps: list[Step]) -> None:
    told = len(await announced(busy))
    before = await everything_counted(busy)
    for step in steps:
        await step(busy, await start(busy))
    after = await everything_counted(busy)
    assert after == before
    assert len(await announced(busy)) == told


async def announced(world: World) -> list[str]:
    def read(tx: Transaction) -> list[str]:
        leads = [lead.id for _, lead in tx.handoffs.waiting(50, 0) + tx.handoffs.owned_by("p1", 50, 0)]
        one = tx.handoffs.practised_by("p1")
        leads += [one.lead_id] if one else []
        events = [event for lead_id in leads for event in tx.events.of_lead(lead_id, 50)]
        return [event.id for event in events if tx.announcements.body(event.id) is not None]

    return await world.db.read(read)


async def test_who_hands_over_the_practice_person_for_real_is_a_lead_of_their_own(busy: World) -> None:
    one = await start(busy)
    done = await busy.hand_over("C-9", name="Dana Example", company="Example Freight", email="dana.example@example.com")
    assert done.lead_id != one.lead_id


# -- the welcome -----------------------------------------------------------------------------------------------
async def welcomes(world: World, person_id: str) -> int:
    return len(await world.db.read(lambda tx: tx.posts.of_subject(Subject.WELCOME, person_id)))


async def join(world: World, roles: frozenset[Role]) -> None:
    def change(tx: Transaction) -> None:
        before = tx.people.get("p6")
        assert before is not None
        after = replace(before, roles=roles, side=Side.SALES)
        tx.people.set_roster(after)
        departures.note_change(tx, before, after)

    await world.db.run(change)


async def test_a_new_rep_is_welcomed_once_in_a_life(world: World) -> None:
    await join(world, frozenset({Role.REP}))
    assert await welcomes(world, "p6") == 1
    await join(world, frozenset({Role.ADMIN}))
    await join(world, frozenset({Role.REP}))
    assert await welcomes(world, "p6") == 1


async def test_who_is_no_rep_is_not_welcomed(world: World) -> None:
    await join(world, frozenset({Role.MANAGER}))
    assert await welcomes(world, "p6") == 0


async def test_another_practice_lead_closes_the_one_that_was_accepted(world: World) -> None:
    for _ in range(3):
        one = await world.db.run(practice.start_practice, JONAS)
        await world.accept(one.id, JONAS)
    ((owned,),) = [await world.db.read(lambda tx: tx.handoffs.owned_practice_of("p1"))]
    assert owned.id == one.id
    assert await lead_of(world, one) is Stage.SAL


async def test_forms_and_details_say_that_it_is_practice(world: World) -> None:
    one = await start(world)
    assert "🎓" in (await world.db.read(forms.reject_form, one.id, JONAS)).lead_name
    assert "🎓" in words(details_view(await world.db.read(forms.details, one.id, JONAS)))
    await world.accept(one.id, JONAS)
    assert "🎓" in (await world.db.read(lambda tx: forms.note_form(tx, one.id, JONAS, "release"))).lead_name
