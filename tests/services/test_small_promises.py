"""Small promises that were not kept once: what grows, what is counted, what is only looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.domain.lead import Stage
from bot.domain.matching import FURTHER
from bot.domain.post import TimerKind
from bot.metrics import Metrics
from bot.services import crm, lead_form
from bot.services.condition import load_condition
from bot.services.imports import ImportRow, SamePeople
from bot.services.lead_changes import MOST_FURTHER
from bot.services.lead_records import HandOver
from jobs.sweep_timers import Timers
from storage.transaction import Transaction
from tests.services.crm_messages import at, begin, hear, ready, stage, updated
from tests.services.world import JONAS, MARKETER, World


async def test_a_source_that_makes_up_new_names_does_not_make_a_lead_grow_for_ever(world: World) -> None:
    await begin(world, accepted=False)
    done = await hear(world, ready(0, name="Maria"))
    for message in range(40):
        news = replace(updated(1 + message)("1"), values={f"{FURTHER}m{message}n{n}": "x" for n in range(50)})
        await world.db.run(crm.hear, news)
    gone = replace(updated(50)("1"), values={f"{FURTHER}never{n}": None for n in range(500)})
    await world.db.run(crm.hear, gone)
    clocks = (await world.db.read(lambda tx: tx.facts.of(done.lead_id or ""))).clocks
    assert len((await world.lead(done.lead_id or "")).fields) == MOST_FURTHER
    assert len([name for name in clocks if name.startswith(FURTHER)]) <= 2 * MOST_FURTHER


async def test_an_accept_that_is_undone_after_the_crm_said_won_is_an_mql_again(world: World) -> None:
    await begin(world, accepted=False)
    done = await hear(world, ready(0, name="Maria"))
    await world.accept(done.handoff_id, JONAS)
    world.clock.advance(timedelta(minutes=2))
    await hear(world, stage(121, Stage.WON))
    assert (await world.lead(done.lead_id or "")).stage is Stage.WON
    undone = await world.undo(done.handoff_id, JONAS)
    assert (await world.lead(done.lead_id or "")).stage is Stage.MQL
    assert undone.successor is not None
    await world.accept(undone.successor.id, JONAS)
    assert (await world.lead(done.lead_id or "")).stage is Stage.WON  # what the CRM said counts again
    assert at(121) < world.clock.now()


async def test_the_form_offers_the_newest_campaigns_by_name(world: World) -> None:
    def make(tx: Transaction) -> None:
        for number in range(lead_form.CAMPAIGNS + 20):
            tx.campaigns.ensure(f"c-{number:03}")

    await world.db.run(make)
    form = await world.db.read(lead_form.lead_form, MARKETER)
    names = [choice.label for choice in form.campaigns]
    assert names == [f"c-{number:03}" for number in range(20, lead_form.CAMPAIGNS + 20)]


async def test_each_timer_has_an_id_that_joins_what_it_caused_and_shows_that_we_are_at_work(world: World) -> None:
    ids: list[str | None] = []
    beats: list[int] = []

    def fire(tx: Transaction, _: object) -> None:
        ids.append(tx.correlation_id)

    def due(tx: Transaction) -> None:
        for number in range(3):
            tx.timers.set(TimerKind.BACK, f"p{number}", tx.now)

    await world.db.run(due)
    timers = Timers(world.db, fire=fire)
    timers.on_fired = lambda: beats.append(timers.taken)
    await timers.sweep()
    assert len({one for one in ids if one}) == 3
    assert beats == [1, 2, 3]
    assert "correlation_id" not in structlog.contextvars.get_contextvars()


async def test_without_the_database_the_numbers_say_so_and_go_on_counting(world: World) -> None:
    metrics = Metrics()
    metrics.acknowledged("block_actions", 0.1)
    page = metrics.show(None, connected=True).decode()
    assert "lockstep_database_up 0.0" in page
    assert 'lockstep_ack_seconds_count{kind="block_actions"} 1.0' in page
    assert 'lockstep_leads{status="offered"} NaN' in page
    page = metrics.show(await world.db.read(load_condition), connected=True).decode()
    assert "lockstep_database_up 1.0" in page
    assert 'lockstep_leads{status="offered"} 0.0' in page


def test_what_is_looked_at_in_parts_knows_the_people_of_earlier_parts() -> None:
    def row(number: int, external_id: str, email: str | None = None) -> ImportRow:
        command = HandOver(source="fair", external_id=external_id, email=email)
        return ImportRow(number=number, content=str(number), command=command)

    same = SamePeople()
    assert same.before([row(1, "a", "a@example.com"), row(2, "b")]) == []
    assert [one.number for one in same.before([row(3, "c", "A@example.com"), row(4, "b"), row(5, "d")])] == [1, 2]
