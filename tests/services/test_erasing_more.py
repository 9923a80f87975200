"""What of an erased person stood beside the lead: alerts, reasons, what waits, other leads of theirs, Homes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.lead import Stage
from bot.domain.post import OutboxKind, OutboxRow, OutboxStatus
from bot.domain.routing import Target as RuleTarget
from bot.domain.target import Target
from bot.errors import Undeliverable
from bot.services import assigning, crm, delivery
from bot.services.answers import Answer
from bot.services.assigning import AssignLead
from bot.services.crm import LeadErased
from bot.services.crm_news import LeadUpdated
from storage.transaction import Transaction
from tests.services.test_erasure import erase, everything
from tests.services.world import JONAS, MANAGER, START, World, everything_to


async def tells_nobody(world: World, *words: str) -> bool:
    left = (await world.db.read(everything)).casefold()
    return not [word for word in words if word.casefold() in left]


async def test_an_alert_about_a_card_that_could_not_be_shown_names_nobody(world: World) -> None:
    done = await world.hand_over("W-1889", name="Ludwig Wittgenstein")
    [card, *_] = await world.posts(done.lead_id or "")

    def refused(tx: Transaction) -> None:
        row = OutboxRow(
            id="r-1", kind=OutboxKind.SYNC_POST, lane=card.place, subject_id=card.id, status=OutboxStatus.SENDING,
            due_at=tx.now, created_at=tx.now,
        )  # fmt: skip
        delivery.undeliverable(tx, row, Undeliverable("Slack refuses it.", code="not_in_channel"))

    await world.db.run(refused)
    await erase(world)
    assert await tells_nobody(world, "Wittgenstein")


async def nobody_is_free(world: World) -> None:
    await world.rules()
    await world.configure(fallback_channel=None)


async def test_why_a_manager_assigned_it_is_gone(world: World) -> None:
    await nobody_is_free(world)
    done = await world.hand_over("W-1889", name="Ludwig")
    command = AssignLead(lead_id=done.lead_id or "", by=MANAGER, person_id="p1", note="Wittgenstein's old friend")
    await world.db.run(assigning.assign_lead, command)
    await erase(world)
    assert await tells_nobody(world, "Wittgenstein", "friend", "Ludwig")


async def test_what_waits_for_another_key_of_the_address_is_gone_and_comes_no_more(world: World) -> None:
    news = LeadUpdated(
        source="web", external_id="not here", at=START, values={"email": "Ludwig@Example.com", "name": "Wittgenstein"}
    )
    assert (await world.db.run(crm.hear, news)).status is Answer.UNKNOWN
    await world.hand_over("W-1889", email="ludwig@example.com")
    await erase(world)
    assert await tells_nobody(world, "Wittgenstein", "ludwig@")
    assert (await world.db.run(crm.hear, news)).status is Answer.ERASED
    assert await tells_nobody(world, "Wittgenstein", "ludwig@")


async def test_every_lead_of_the_address_is_erased_though_only_a_key_was_named(world: World) -> None:
    first = await world.hand_over("W-1", email="ludwig@example.com", name="Ludwig Wittgenstein")
    await world.withdraw(first.handoff_id, MANAGER)
    await world.db.run(_is_won, first.lead_id or "")
    second = await world.hand_over("W-2", email="ludwig@example.com", name="Ludwig Wittgenstein")
    assert second.lead_id != first.lead_id
    await erase(world, "W-2")
    assert await tells_nobody(world, "Wittgenstein", "ludwig@")


def _is_won(tx: Transaction, lead_id: str) -> None:
    """A customer nobody owns any more, who starts anew when they come back."""
    lead = tx.leads.get(lead_id)
    assert lead is not None
    tx.leads.save(replace(lead, stage=Stage.WON, version=lead.version + 1))


async def test_where_it_came_from_in_free_text_is_gone(world: World) -> None:
    await world.hand_over("W-1889", name="Ludwig", origin="Met Wittgenstein at Trinity")
    await erase(world)
    assert await tells_nobody(world, "Wittgenstein")


async def test_a_lead_that_nobody_had_leaves_the_homes_of_managers(world: World) -> None:
    await world.db.run(lambda tx: tx.people.mark_home_opened("p4", tx.now))
    await nobody_is_free(world)
    done = await world.hand_over("W-1889", name="Ludwig Wittgenstein")
    await world.outbox()
    await erase(world)
    world.clock.advance(timedelta(seconds=31))
    homes = [row.subject_id for row in await world.outbox() if row.kind is OutboxKind.SYNC_HOME]
    assert homes == ["p4"]
    world.clock.advance(timedelta(days=2))
    await world.sweep()
    assert (await world.lead(done.lead_id or "")).stage is Stage.CLOSED


@pytest.mark.parametrize("accepted", [True, False, None])
async def test_other_systems_are_told_of_the_erasure_and_of_no_decision(world: World, accepted: bool | None) -> None:
    await world.db.run(
        lambda tx: tx.targets.add(
            Target(key="crm", url="https://crm.example.com/hook", secrets=("whsec_x",), created_at=START)
        )
    )
    await world.rules(everything_to(RuleTarget.REP, "p1"))
    if accepted is None:
        await nobody_is_free(world)
    done = await world.hand_over("W-1889", name="Ludwig")
    if accepted:
        await world.accept(done.handoff_id, JONAS)
    await erase(world)
    told = [body for _, body in await world.db.read(lambda tx: tx.erasures.told(done.lead_id or ""))]
    kinds = [body.partition('"type":"')[2].partition('"')[0] for body in told]
    assert kinds == (["handoff.accepted"] if accepted else []) + ["lead.erased"]


async def test_nobody_is_merged_with_somebody_who_was_erased(world: World) -> None:
    await world.rules(everything_to(RuleTarget.REP, "p1"))
    first = await world.hand_over("W-1", name="Ludwig")
    second = await world.hand_over("W-2", name="Ludwig")
    await world.db.run(crm.hear, LeadErased(source="crm", external_id="W-1", at=START))
    with pytest.raises(Exception, match="Choose"):
        await world.reject(second.handoff_id, JONAS, "duplicate", lead_id=first.lead_id)
