"""What a CRM says, how often and with whatever clock, against what people decide: the latest of both holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from bot.domain.crm import ECHO_WINDOW
from bot.domain.lead import Priority, Stage
from bot.domain.target import Target
from bot.services import crm, crm_waiting, handoffs, intake
from bot.services.answers import Answer
from bot.services.crm_news import LeadActivity, LeadOwner, LeadStage, LeadUpdated
from bot.services.crm_waiting import MOST_WAITING, shortened
from bot.services.handoffs import AcceptHandoff
from bot.services.lead_records import HandOver
from storage.ids import Ids
from storage.transaction import Transaction
from tests.services.crm_messages import Make, activity, at, begin, hear, owner, ready, stage, take, updated
from tests.services.world import JONAS, MANAGER, START, World

HOUR = timedelta(hours=1)


async def accepted_lead(world: World) -> tuple[str, str]:
    """Jonas has it; the lead and its handoff."""
    await begin(world, accepted=False)
    done = await hear(world, ready(0, name="Maria", email="MAIL"))
    await world.accept(done.handoff_id, JONAS)
    world.clock.advance(timedelta(minutes=1))
    return done.lead_id or "", done.handoff_id or ""


def lost(when: datetime, delivery: str) -> LeadStage:
    return LeadStage(source="crm", external_id="1", at=when, delivery_id=delivery, stage=Stage.LOST)


# ------------------------------------------------------------------ the same word again, and words around a decision


async def test_the_same_stage_said_again_after_an_accept_counts(world: World) -> None:
    await begin(world, accepted=False)
    done = await hear(world, ready(0, name="Maria"))
    await hear(world, stage(100, Stage.LOST))
    await world.accept(done.handoff_id, JONAS)
    assert (await world.lead(done.lead_id or "")).stage is Stage.SAL
    world.clock.advance(HOUR)
    again = await world.db.run(crm.hear, lost(world.clock.now(), "again"))
    assert again.status is Answer.UPDATED
    assert (await world.lead(done.lead_id or "")).stage is Stage.LOST
    assert (await world.events(done.lead_id or "")).count("lead.stage") == 2


ACCEPT = "accept"
WORDS: list[Make | str] = [
    stage(60, Stage.LOST, reason="No budget"),
    stage(90, Stage.SQL),
    ACCEPT,
    stage(130, Stage.LOST, reason="No budget"),
    updated(131, company="Nordlicht"),
]
"""An accept at START, two hours in; what is said of a time after it can arrive only after it."""


class TakenBack(Exception):
    """Rolls back, so that the next order starts where this one did."""


async def test_every_order_around_an_accept_ends_in_the_same_state(world: World) -> None:
    await begin(world, accepted=False)
    done = await hear(world, ready(0, name="Maria"))
    early, late = WORDS[:2], WORDS[3:]
    ends: set[Any] = set()
    count = 0

    def go(tx: Transaction, order: tuple[Make | str, ...]) -> None:
        connection = tx.leads._connection
        now, ids = START, Ids()
        for word in order:
            own = Transaction(connection, now=now, ids=ids)
            if isinstance(word, str):
                handoffs.accept_handoff(own, AcceptHandoff(handoff_id=done.handoff_id or "", by=JONAS))
                now = START + HOUR
            else:
                take(own, word("1"))
            own.flush()
        lead = tx.leads.get(done.lead_id or "")
        assert lead is not None
        ends.add((lead.stage, lead.company, tx.facts.of(lead.id).lost_reason))
        raise TakenBack

    for order in permutations(WORDS):
        when = order.index(ACCEPT)
        if any(order.index(word) < when for word in late):
            continue
        count += 1
        with pytest.raises(TakenBack):
            await world.db.run(go, order)
    assert count == 40
    assert len(early) == 2
    assert ends == {(Stage.LOST, "Nordlicht", "No budget")}


# ------------------------------------------------------------------------------------- a sender whose clock is ahead


async def test_an_owner_said_with_a_clock_ahead_does_not_undo_a_later_reassignment(world: World) -> None:
    lead_id, _ = await accepted_lead(world)
    ahead = world.clock.now() + 10 * HOUR
    said = LeadOwner(source="crm", external_id="1", at=ahead, delivery_id="1", email="ines@example.com")
    moved = await world.db.run(crm.hear, said)
    assert (await world.handoff(moved.handoff_id)).rep_id == "p2"
    world.clock.advance(HOUR)
    await world.reassign(moved.handoff_id, MANAGER, "p1")
    for number, hours in enumerate((1, 10)):  # before the instant it names, and after
        world.clock.advance(hours * HOUR)
        again = await world.db.run(crm.hear, replace(said, delivery_id=f"again {number}"))
        assert (await world.handoff(again.handoff_id)).rep_id == "p1"
    assert (await world.lead(lead_id)).stage is not Stage.LOST


async def test_nor_does_a_loss_said_so_take_back_a_later_accept(world: World) -> None:
    await begin(world, accepted=False)
    done = await hear(world, ready(0, name="Maria"))
    await world.db.run(crm.hear, lost(world.clock.now() + 10 * HOUR, "1"))
    world.clock.advance(HOUR)
    await world.accept(done.handoff_id, JONAS)
    assert (await world.lead(done.lead_id or "")).stage is Stage.SAL


async def test_and_what_is_said_later_with_a_right_clock_counts_at_once(world: World) -> None:
    await accepted_lead(world)
    ahead = LeadOwner(source="crm", external_id="1", at=world.clock.now() + 10 * HOUR, email="ines@example.com")
    await world.db.run(crm.hear, replace(ahead, delivery_id="1"))
    world.clock.advance(HOUR)
    right = replace(ahead, at=world.clock.now(), email="jonas@example.com", delivery_id="2")
    heard = await world.db.run(crm.hear, right)
    assert heard.status is Answer.UPDATED
    assert (await world.handoff(heard.handoff_id)).rep_id == "p1"


async def test_fields_said_ahead_give_way_to_later_ones(world: World) -> None:
    await begin(world, accepted=False)
    done = await hear(world, ready(0, company="Nord"))
    news = LeadUpdated(source="crm", external_id="1", at=world.clock.now() + 10 * HOUR, delivery_id="1")
    await world.db.run(crm.hear, replace(news, values={"company": "Ahead"}))
    world.clock.advance(HOUR)
    await world.db.run(crm.hear, replace(news, at=world.clock.now(), delivery_id="2", values={"company": "Nordlicht"}))
    assert (await world.lead(done.lead_id or "")).company == "Nordlicht"


# --------------------------------------------------------------------------------------------- an owner made elsewhere


async def test_a_change_of_owner_is_remembered_and_told_with_the_new_owner(world: World) -> None:
    await world.db.run(_target)
    lead_id, _ = await accepted_lead(world)
    world.clock.advance(HOUR)
    await world.db.run(
        crm.hear, LeadOwner(source="crm", external_id="1", at=world.clock.now(), email="ines@example.com")
    )
    kinds = await world.events(lead_id)
    assert kinds[-3:] == ["handoff.transferred", "handoff.accepted", "lead.owner"]
    events = await world.db.read(lambda tx: {one.kind: one.data for one in tx.events.of_lead(lead_id)})
    assert events["handoff.transferred"]["to"] == "p2"
    assert events["lead.owner"] == {"moved": True, "to": "p2"}
    told = [body for _, body in await world.db.read(lambda tx: tx.erasures.told(lead_id))]
    assert [body for body in told if '"type":"handoff.accepted"' in body and '"ines@example.com"' in body]


def _target(tx: Transaction) -> None:
    tx.targets.add(Target(key="crm", url="https://crm.example.com/hook", secrets=("whsec_x",), created_at=START))


# ---------------------------------------------------------------------------------- what waits for a lead is not lost


async def test_of_a_thousand_words_about_an_unknown_lead_the_latest_of_each_field_count(world: World) -> None:
    await begin(world, accepted=False)
    for minute in range(MOST_WAITING + 3):
        assert (await hear(world, updated(minute / 10, score=minute, company=f"C{minute}"))).status is Answer.UNKNOWN
    await hear(world, updated(0.05, title="CFO"))
    await hear(world, owner(60, "ines@example.com"))
    assert await world.db.read(lambda tx: tx.news.count("crm", "1")) <= MOST_WAITING
    came = await hear(world, ready(0, name="Maria"))
    lead = await world.lead(came.lead_id or "")
    last = MOST_WAITING + 2
    assert (lead.score, lead.company, lead.title) == (last, f"C{last}", "CFO")
    assert (await world.handoff(came.handoff_id)).rep_id == "p2"


def test_what_is_kept_of_many_is_the_latest_of_each() -> None:
    words = [
        stage(1, Stage.SQL), stage(2, Stage.OPPORTUNITY, amount="5", currency="EUR"), stage(3, Stage.WON),
        owner(1, "a@example.com"), owner(2, None), updated(1, name="A", title="T"), updated(2, name="B"),
        *[activity(10 + number, "call") for number in range(200)],
    ]  # fmt: skip
    kept = shortened([word("1") for word in words])
    assert [one.stage for one in kept if isinstance(one, LeadStage)] == [Stage.OPPORTUNITY, Stage.WON]
    assert [one.email for one in kept if isinstance(one, LeadOwner)] == [None]
    assert [one.values for one in kept if isinstance(one, LeadUpdated)] == [{"title": "T"}, {"name": "B"}]
    calls = [one for one in kept if isinstance(one, LeadActivity)]
    assert len(calls) == crm_waiting.MOST_ACTIVITIES
    assert calls[-1].at == at(209)


# --------------------------------------------------------------------------------------- our own word, come back


async def rejected(world: World) -> str:
    await world.db.run(_target)
    await begin(world, accepted=False)
    done = await hear(world, ready(0, name="Maria", score=50))
    await world.reject(done.handoff_id, JONAS, "low_intent")
    return done.lead_id or ""


def later(world: World, **values: Any) -> HandOver:
    now = world.clock.now()
    return HandOver(
        source="crm",
        external_id="1",
        sent_at=now,
        delivery_id=f"{now} {sorted(values)}",
        given=frozenset(values),
        **values,
    )


async def test_a_crm_that_notes_our_reject_on_its_record_does_not_undo_it(world: World) -> None:
    lead_id = await rejected(world)
    for wait in (timedelta(seconds=20), timedelta(days=1)):  # an automation at once, and the nightly export
        world.clock.advance(wait)
        noted = later(world, fields={"lockstep_status": f"rejected {wait}"})
        assert (await world.db.run(intake.hand_over, noted)).status is Answer.UPDATED
    assert (await world.lead(lead_id)).stage is Stage.RECYCLED


async def test_soon_after_we_told_it_only_a_sign_of_interest_brings_the_lead_back(world: World) -> None:
    await rejected(world)
    world.clock.advance(timedelta(seconds=20))
    assert (await world.db.run(intake.hand_over, later(world, title="CFO"))).status is Answer.UPDATED
    assert (await world.db.run(intake.hand_over, later(world, priority=Priority.HOT))).status is Answer.OFFERED


async def test_a_mended_record_brings_it_back_later(world: World) -> None:
    await rejected(world)
    world.clock.advance(ECHO_WINDOW + timedelta(seconds=1))
    assert (await world.db.run(intake.hand_over, later(world, phone="+49 30 1"))).status is Answer.OFFERED


# ------------------------------------------------------------------------------------------------ files of long ago


@pytest.mark.parametrize("dated", [False, True])
async def test_a_row_that_does_not_say_when_it_was_true_brings_nobody_back(world: World, *, dated: bool) -> None:
    await hear(world, ready(0, email="maria@example.com"), "old")
    await world.db.run(crm.hear, crm.LeadErased(source="crm", external_id="old", at=START, email="maria@example.com"))
    world.clock.advance(HOUR)
    row = HandOver(
        source="crm", external_id="file-7", email="maria@example.com", name="Maria", origin_kind="import",
        given=frozenset({"email", "name"}), sent_at=world.clock.now() if dated else None,
    )  # fmt: skip
    assert (await world.db.run(intake.hand_over, row)).status is (Answer.OFFERED if dated else Answer.ERASED)
