"""Random histories of offers, absences, decisions and standstills: whatever happens, each step of a window is told
once, in its order, never before its time, never after a decision, and in trial not at all."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.business_time import is_working
from bot.domain.config import Event
from bot.domain.countdown import CountdownKind, Running
from bot.domain.handoff import Handoff, Status
from bot.domain.ladder import TOLD_AS_LATE_AFTER, Step
from bot.domain.lead import Priority
from bot.errors import LockstepError
from bot.integrations.holidays import PublicHolidays
from bot.services import people
from bot.services.calendars import calendar_of_person
from storage.database import Database
from storage.transaction import Transaction
from tests.services.clocked import deliver, down_until, sign, until
from tests.services.world import StandingClock, World, populate

REPS = ("p1", "p2", "p3")

hand_overs = st.tuples(st.just("hand over"), st.sampled_from(Priority))
spans = st.one_of(st.integers(1, 20), st.integers(20, 8 * 60), st.integers(8 * 60, 30 * 60))
acts = st.builds(
    lambda first, rest: [*first, *rest],
    st.lists(hand_overs, min_size=1, max_size=3),
    st.lists(
        st.one_of(
            hand_overs,
            st.tuples(st.sampled_from(["pass", "down", "down"]), spans),
            st.tuples(st.sampled_from(["accept", "reject", "undo"]), st.integers(0, 3)),
            st.tuples(st.sampled_from(["away", "back"]), st.sampled_from(REPS)),
        ),
        min_size=2,
        max_size=10,
    ),
)


class Company:
    """The small world, with what it was asked to do."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.leads: list[str] = []

    async def do(self, act: str, argument: Any) -> None:
        world, now = self.world, self.world.clock.now()
        match act:
            case "hand over":
                done = await world.hand_over(str(len(self.leads)), priority=argument)
                self.leads.append(done.lead_id or "")
                await deliver(world)
            case "pass":
                await until(world, now + timedelta(minutes=argument))
            case "down":
                await down_until(world, now + timedelta(minutes=argument))
            case "away":
                await world.db.run(_away, argument)
            case "back":
                await world.db.run(people.come_back, argument, actor=argument, origin="slack")
            case _:
                await self.decide(act, argument)

    async def decide(self, act: str, number: int) -> None:
        if not self.leads:
            return
        lead_id = self.leads[number % len(self.leads)]
        current = await self.world.db.read(lambda tx: tx.handoffs.offered_of(lead_id) or tx.handoffs.owned_of(lead_id))
        if current is None or current.is_pool:
            return
        by = (current.rep_id or "").replace("p", "U")
        await self.world.db.run(_refresh, current.rep_id or "")
        try:
            match act:
                case "accept":
                    await self.world.accept(current.id, by)
                case "undo":
                    await self.world.undo(current.id, by)
                case _:
                    await self.world.reject(current.id, by, "low_intent")
        except LockstepError:
            return


def _away(tx: Transaction, person_id: str) -> None:
    person = tx.people.get(person_id)
    assert person is not None
    if not person.is_away:
        people.go_away(tx, person, None, actor=person_id)


def _refresh(tx: Transaction, person_id: str) -> None:
    """Slack was asked about them just now: the roster's refresh does not run here."""
    person = tx.people.get(person_id)
    assert person is not None
    tx.people.set_flags(person_id, replace(person.flags, checked_at=tx.now))


def _history(tx: Transaction, leads: list[str]) -> tuple[list[Event], dict[str, Handoff], dict[str, Running]]:
    events = [event for lead in leads for event in tx.events.of_lead(lead, 500) if event.kind == "countdown.step"]
    offers = {handoff.id: handoff for lead in leads for handoff in tx.handoffs.of_lead(lead)}
    clocks = tx.countdowns.of_many(CountdownKind.ACCEPT, offers)
    return list(reversed(events)), offers, clocks


async def _lived(migrated: Path, history: list[tuple[str, Any]], *, signed: bool) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        shutil.copy(migrated, folder / "lockstep.db")
        clock = StandingClock()
        db = Database.open(f"sqlite:///{folder / 'lockstep.db'}", clock=clock, holidays=PublicHolidays())
        try:
            await db.run(populate)
            world = World(db, clock)
            if signed:
                await sign(world)
            company = Company(world)
            for act, argument in history:
                await company.do(act, argument)
            await until(world, clock.now() + timedelta(days=1))
            events, offers, clocks = await db.read(_history, company.leads)
            _check(events, offers, clocks, signed=signed)
            await db.read(_check_hours, events)
        finally:
            await db.close()
    finally:
        shutil.rmtree(folder)


def _check(events: list[Event], offers: dict[str, Handoff], clocks: dict[str, Running], *, signed: bool) -> None:
    told: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.data["of"] == CountdownKind.ACCEPT:
            told[str(event.data["subject"])].append(event)
    assert signed or not events, "nothing is told in trial"
    order = list(Step)
    for handoff_id, steps in told.items():
        handoff, clock = offers[handoff_id], clocks[handoff_id]
        numbers = [order.index(Step(str(event.data["step"]))) for event in steps]
        assert numbers == sorted(set(numbers)), "each step once, in order"
        assert len({event.recorded_at for event in steps}) == len(steps), "one step at a time"
        for event in steps:
            assert handoff.decided_at is None or event.recorded_at <= handoff.decided_at, "nothing after a decision"
            assert int(str(event.data["late_s"])) >= 0, "never early"
        if Step.EXPIRE in [event.data["step"] for event in steps]:
            assert handoff.status is Status.EXPIRED
            assert clock.counted >= clock.window, "an offer expires when its whole window has passed"
    for handoff in offers.values():
        if handoff.status is Status.EXPIRED:
            assert [event.data["step"] for event in told[handoff.id]][-1:] == [Step.EXPIRE]
        assert clocks[handoff.id].is_running == handoff.is_open
    open_leads = [handoff.lead_id for handoff in offers.values() if handoff.is_open or handoff.is_owned]
    assert len(open_leads) == len(set(open_leads)), "never two owners"


def _check_hours(tx: Transaction, events: list[Event]) -> None:
    """Whoever is told works then; a step at the very end of a working interval is still told. Who went away since is
    asked about their hours alone."""
    for event in events:
        if event.data["of"] != CountdownKind.ACCEPT:
            continue
        handoff = tx.handoffs.get(str(event.data["subject"]))
        rep = tx.people.get(handoff.rep_id) if handoff is not None and handoff.rep_id else None
        if rep is None or handoff is None or handoff.is_pool:
            continue
        calendar = calendar_of_person(tx, replace(rep, away_since=None, away_until=None))
        a_moment_before = event.recorded_at - TOLD_AS_LATE_AFTER
        assert is_working(calendar, event.recorded_at) or is_working(calendar, a_moment_before)


@given(history=acts)
@settings(
    max_examples=15,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_step_once_in_order_and_none_after_a_decision(migrated: Path, history: list[tuple[str, Any]]) -> None:
    asyncio.run(_lived(migrated, history, signed=True))


@given(history=acts)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_trial_nothing_is_told_whatever_happens(migrated: Path, history: list[tuple[str, Any]]) -> None:
    asyncio.run(_lived(migrated, history, signed=False))
