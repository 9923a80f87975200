"""What a CRM says late, twice or out of order ends in the same state, and never over a later human decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.crm import ActivityKind
from bot.domain.handoff import End, Status
from bot.domain.lead import Priority, Stage
from bot.domain.post import OutboxKind
from bot.services import crm, intake
from bot.services.answers import Answer
from bot.services.cards import card_of
from bot.services.crm_news import LeadUpdated
from bot.services.home_rows import row_of
from bot.services.last_contact import LastContact
from bot.services.lead_records import HandOver
from storage.transaction import Transaction
from tests.services.crm_messages import (
    AFTER_ACCEPT,
    BEFORE_ACCEPT,
    ERASED,
    ERASED_STATE,
    LOST_AT_LAST,
    SETS,
    Make,
    activity,
    at,
    begin,
    end_of_all_orders,
    erased,
    hear,
    owner,
    ready,
    stage,
    state,
    take,
    updated,
)  # fmt: skip
from tests.services.world import INES, JONAS, MANAGER, World


class TakenBack(Exception):
    """Rolls a transaction back, so that the next order starts where this one did."""


async def after(world: World, order: Sequence[Make]) -> Any:
    """The state after the messages came in this order; nothing of it stays."""
    found = []

    def hear_all(tx: Transaction) -> None:
        for make in order:
            take(tx, make("1"))
        found[:] = [state(tx, "1")]
        raise TakenBack

    with pytest.raises(TakenBack):
        await world.db.run(hear_all)
    return found[0]


async def test_all_720_orders_of_six_messages_end_in_the_same_state(world: World) -> None:
    """`python -m bench crm_orders` does it for four such sixes, on both databases."""
    await begin(world, accepted=False)
    assert await end_of_all_orders(world, BEFORE_ACCEPT) == (720, await after(world, BEFORE_ACCEPT))


@pytest.mark.parametrize("name", ["won in the end", "lost in the end", "erased"])
async def test_all_orders_in_which_the_latest_comes_first_end_in_the_same_state(world: World, name: str) -> None:
    messages, accepted = SETS[name]
    await begin(world, accepted=accepted)
    assert await end_of_all_orders(world, messages, first=5) == (120, await after(world, messages))


async def test_the_state_they_end_in_is_that_of_the_latest_words(world: World) -> None:
    lead, facts, current, acts = await after(world, BEFORE_ACCEPT)
    assert (lead.name, lead.company, lead.score, lead.priority) == ("Maria", "Nordlicht GmbH", 70, Priority.HOT)
    assert lead.fields == {"site": "Bonn"}
    assert (facts.stage, facts.amount, facts.currency) == (Stage.OPPORTUNITY, "12500", "EUR")
    assert current == (Status.OFFERED, "p2")
    assert acts == {("call", at(30), "p2")}
    await begin(world, accepted=True)
    lead, facts, current, _ = await after(world, AFTER_ACCEPT)
    assert (lead.stage, facts.amount, current) == (Stage.WON, "12500", (Status.ACCEPTED, "p2"))
    lead, facts, _, _ = await after(world, LOST_AT_LAST)
    assert (lead.stage, facts.lost_reason) == (Stage.LOST, "No budget")


async def test_whoever_was_erased_stays_erased(world: World) -> None:
    assert await after(world, ERASED) == ERASED_STATE


@pytest.fixture(params=[False, True], ids=["new", "accepted"])
async def at_work(request: pytest.FixtureRequest, world: World) -> World:
    await begin(world, accepted=request.param)
    return world


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_duplicates_between_them_change_nothing(at_work: World, data: st.DataObject) -> None:
    world = at_work
    accepted = await world.db.read(lambda tx: tx.leads.by_key("crm", "1") is not None)
    messages = AFTER_ACCEPT if accepted else BEFORE_ACCEPT
    twice = data.draw(st.lists(st.sampled_from(messages), max_size=10))
    order = data.draw(st.permutations([*messages, *twice]))
    assert await after(world, order) == await after(world, messages)


async def test_news_of_a_lead_nobody_handed_over_waits_for_it(world: World) -> None:
    early = await hear(world, updated(10, company="Nordlicht"))
    assert (early.status, early.lead_id) == (Answer.UNKNOWN, None)
    came = await hear(world, ready(0, company="Nord", name="Maria"))
    assert came.status is Answer.OFFERED
    lead = await world.lead(came.lead_id or "")
    assert (lead.name, lead.company) == ("Maria", "Nordlicht")


async def test_a_message_seen_before_gets_the_same_answer(world: World) -> None:
    await hear(world, ready(0))
    first = await hear(world, updated(10, company="Nord"))
    again = await hear(world, updated(10, company="Nord"))
    assert (first.status, first.seen) == (Answer.UPDATED, False)
    assert (again.status, again.seen) == (Answer.UPDATED, True)


async def test_what_is_known_already_is_no_news(world: World) -> None:
    await hear(world, ready(0, company="Nord"))
    assert (await hear(world, updated(10, company="Nord"))).status is Answer.UNCHANGED
    assert (await hear(world, stage(11, Stage.SQL))).status is Answer.UPDATED
    assert (await hear(world, stage(12, Stage.SQL))).status is Answer.UNCHANGED
    assert (await hear(world, activity(13, "call", "Ann"))).status is Answer.UPDATED
    assert (await hear(world, lambda key: replace(activity(13, "call", "Ann")(key), delivery_id="x"))).status is (
        Answer.UNCHANGED
    )


async def accepted_lead(world: World) -> tuple[str, str, str]:
    """A lead accepted now: its id, its handoff, and the Slack id of who has it."""
    done = await hear(world, ready(0, name="Maria", email="MAIL"))
    handoff = await world.handoff(done.handoff_id)
    by = {"p1": JONAS, "p2": INES}[handoff.rep_id or ""]
    world.clock.advance(timedelta(minutes=1))
    await world.accept(handoff.id, by)
    return done.lead_id or "", handoff.id, by


async def test_an_older_loss_does_not_take_back_an_accept(world: World) -> None:
    lead_id, _, _ = await accepted_lead(world)
    await hear(world, stage(30, Stage.LOST, reason="No answer"))
    assert (await world.lead(lead_id)).stage is Stage.SAL


async def test_an_older_owner_does_not_undo_a_managers_reassignment(world: World) -> None:
    lead_id, handoff_id, by = await accepted_lead(world)
    other = "p1" if by == INES else "p2"
    moved = await world.reassign(handoff_id, MANAGER, "p3")
    assert moved.successor is not None
    answer = await hear(world, owner(60, {"p1": "jonas@example.com", "p2": "ines@example.com"}[other]))
    assert answer.handoff_id == moved.successor.id
    [open_one] = [one for one in await world.of_lead(lead_id) if one.is_open]
    assert open_one.rep_id == "p3"


async def test_an_older_hand_over_does_not_bring_a_rejected_lead_back(world: World) -> None:
    done = await hear(world, ready(0, name="Maria"))
    rep = (await world.handoff(done.handoff_id)).rep_id
    world.clock.advance(timedelta(minutes=1))
    await world.reject(done.handoff_id, {"p1": JONAS, "p2": INES}[rep or ""], "low_intent")
    assert (await hear(world, ready(30, name="Maria B."))).status is Answer.UPDATED
    assert (await world.lead(done.lead_id or "")).stage is Stage.RECYCLED
    assert (await hear(world, ready(200, name="Maria C."))).status is Answer.OFFERED


async def test_a_newer_owner_takes_over_an_accepted_lead_with_nothing_to_decide(world: World) -> None:
    lead_id, handoff_id, by = await accepted_lead(world)
    email = "ines@example.com" if by == JONAS else "jonas@example.com"
    world.clock.advance(timedelta(hours=1))
    await hear(world, owner(150, email))
    first, second = await world.of_lead(lead_id)
    assert (first.id, first.end) == (handoff_id, End.TRANSFERRED)
    assert second.is_owned
    assert second.rep_id != first.rep_id
    assert (await world.lead(lead_id)).stage is Stage.SAL


async def test_a_lead_lost_in_the_crm_is_offered_again_when_it_comes_back(world: World) -> None:
    lead_id, _, _ = await accepted_lead(world)
    world.clock.advance(timedelta(hours=1))
    await hear(world, stage(150, Stage.LOST, reason="No budget"))
    assert (await world.lead(lead_id)).stage is Stage.LOST
    back = await hear(world, ready(160, priority=Priority.HOT))
    assert (back.status, back.lead_id) == (Answer.OFFERED, lead_id)
    assert (await world.lead(lead_id)).stage is Stage.MQL


async def test_a_lead_the_crm_carries_on_keeps_its_stage_when_it_changes_hands(world: World) -> None:
    lead_id, handoff_id, _ = await accepted_lead(world)
    world.clock.advance(timedelta(hours=1))
    await hear(world, stage(150, Stage.OPPORTUNITY))
    moved = await world.reassign(handoff_id, MANAGER, "p3")
    assert (await world.lead(lead_id)).stage is Stage.OPPORTUNITY
    await world.accept(moved.successor.id if moved.successor else "", "U3")
    assert (await world.lead(lead_id)).stage is Stage.OPPORTUNITY


async def test_a_person_who_was_erased_may_come_back_by_themselves(world: World) -> None:
    await hear(world, ready(0, email="maria@example.com"), "old")
    await hear(world, erased(60), "old")
    before = HandOver(source="web", external_id="9", email="Maria@example.com", sent_at=at(100))
    assert (await world.db.run(intake.hand_over, before)).status is Answer.ERASED
    world.clock.advance(timedelta(days=1))
    later = replace(before, sent_at=world.clock.now())
    assert (await world.db.run(intake.hand_over, later)).status is Answer.OFFERED


async def test_a_message_with_our_own_mark_is_an_echo(world: World) -> None:
    echo = LeadUpdated(source="crm", external_id="1", at=at(0), delivery_id="e", echo=True)
    assert (await world.db.run(crm.hear, echo)).status is Answer.ECHO


async def test_a_call_logged_in_the_crm_shows_on_the_card_and_on_the_owners_home(world: World) -> None:
    _, handoff_id, _ = await accepted_lead(world)
    rep_id = (await world.handoff(handoff_id)).rep_id or ""
    await world.db.run(lambda tx: tx.people.mark_home_opened(rep_id, tx.now))
    await world.said()
    world.clock.advance(timedelta(hours=1))
    await hear(world, activity(30, "mail", "Before the accept"))
    assert await shown_contact(world, handoff_id) == (None, None)
    await hear(world, activity(150, "call", "ines@example.com"))
    expected = LastContact(kind=ActivityKind.CALL, by="Ines", at=at(150))
    assert await shown_contact(world, handoff_id) == (expected, expected)
    waiting = [row.kind for row in await world.outbox()]
    assert OutboxKind.SYNC_POST in waiting
    assert OutboxKind.SYNC_HOME in waiting


async def shown_contact(world: World, handoff_id: str) -> tuple[LastContact | None, LastContact | None]:
    """What the card and the owner's line on Home say was done last."""

    def look(tx: Transaction) -> tuple[LastContact | None, LastContact | None]:
        handoff = tx.handoffs.get(handoff_id)
        lead = tx.leads.get(handoff.lead_id) if handoff else None
        assert handoff is not None
        assert lead is not None
        card = card_of(tx, handoff, masked=False)
        assert card is not None
        return card.last_contact, row_of(tx, handoff, lead, since=tx.now).last_contact

    return await world.db.read(look)
