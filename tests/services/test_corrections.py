"""Corrections: as if it had been logged so from the start, with everything that was there before kept."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.handoff import End
from bot.domain.lead import Stage
from bot.domain.person import SlackFlags
from bot.domain.post import Subject, TimerKind
from bot.errors import FormError, LockstepError, NotAllowed, Refused
from bot.integrations.holidays import PublicHolidays
from bot.services import corrections, outcome_form, standing
from storage.database import Database
from tests.services.outcome_world import correct, log, log_all, stage
from tests.services.test_outcomes import accepted, on_the_day
from tests.services.world import INES, JONAS, MANAGER, StandingClock, World, populate

WON = ("contacted", "qualified", "opportunity", "won")


async def test_a_win_by_mistake_is_taken_back(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, *WON)
    await correct(world, handoff.id, 3)
    assert await stage(world, lead.id) == "opportunity"
    await log(world, handoff.id, "lost")
    assert await stage(world, lead.id) == "lost"


async def test_an_entry_is_replaced_in_its_place_and_what_it_said_is_kept(world: World) -> None:
    handoff, _ = await accepted(world)
    await log_all(world, handoff.id, *WON[:3])
    await correct(world, handoff.id, 2, MANAGER, "opportunity", amount="15.500,50", currency="USD")
    now = await world.db.read(lambda tx: tx.outcomes.standing(handoff.id))
    assert [one.outcome.kind.value for one in now] == list(WON[:3])
    assert (str(now[2].outcome.amount), now[2].outcome.currency, now[2].outcome.by) == ("15500.50", "USD", "p4")
    ever = await world.db.read(lambda tx: tx.outcomes.ever(handoff.id))
    before = next(one for one in ever if one.taken_out_at is not None)
    assert (str(before.outcome.amount), before.outcome.by, before.taken_out_by) == ("12000", "p1", "p4")
    assert before.place == now[2].place


@pytest.mark.parametrize(
    ("index", "kind", "sentence"),
    [(0, None, "Log the contact first"), (1, None, "Log it as qualified first"), (1, "attempt", "would not fit")],
)
async def test_a_correction_that_the_rest_does_not_fit_is_refused(
    world: World, index: int, kind: str | None, sentence: str
) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, *WON)
    with pytest.raises(Refused, match=f"{sentence}"):
        await correct(world, handoff.id, index, kind=kind)
    assert await stage(world, lead.id) == "won"
    assert all(one.taken_out_at is None for one in await world.db.read(lambda tx: tx.outcomes.ever(handoff.id)))


async def test_a_disqualification_by_mistake_is_taken_back_and_the_lead_is_theirs_again(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, "attempt", "contacted")
    await log(world, handoff.id, "disqualified", reason="no_timeline", come_back_on="2026-04-01")
    await correct(world, handoff.id, 2)
    again, lead = await world.handoff(handoff.id), await world.lead(lead.id)
    assert (again.end, again.is_owned, lead.stage, lead.recycle_at) == (None, True, Stage.SAL, None)
    assert await world.db.read(lambda tx: tx.timers.get(TimerKind.RECYCLE, lead.id)) is None
    await on_the_day(world)
    assert (await world.handoff(handoff.id)).is_owned
    assert len(await world.of_lead(lead.id)) == 1


async def test_a_disqualification_of_somebody_who_has_left_is_not_taken_back(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, "contacted", "disqualified")
    await world.change("p1", flags=SlackFlags(checked_at=world.clock.now(), is_deleted=True))
    with pytest.raises(Refused, match="Jonas takes no leads any more"):
        await correct(world, handoff.id, 1, MANAGER)
    assert (await world.handoff(handoff.id)).end is End.DISQUALIFIED
    await correct(world, handoff.id, 1, MANAGER, "disqualified", reason="no_budget")
    assert await stage(world, lead.id) == "recycled"


async def test_a_disqualification_can_get_another_reason(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, "contacted", "disqualified")
    await correct(world, handoff.id, 1, kind="disqualified", reason="no_timeline", come_back_on="2026-05-04")
    lead = await world.lead(lead.id)
    assert lead.recycle_at is not None
    assert (await world.handoff(handoff.id)).end is End.DISQUALIFIED
    notices = [post for post in await world.posts(lead.id) if post.subject is Subject.REJECT_NOTICE]
    assert len(notices) == 1


async def test_only_the_disqualification_itself_says_whether_the_lead_comes_back_to_the_same_rep(world: World) -> None:
    handoff, _ = await accepted(world)
    await log_all(world, handoff.id, "attempt", "contacted")
    day = {"reason": "no_timeline", "come_back_on": "2026-04-01"}
    await log(world, handoff.id, "disqualified", again=True, **day)
    await correct(world, handoff.id, 0, kind="attempt", attempt="mail")
    assert (await world.handoff(handoff.id)).extra["again"] is True
    history = await world.db.read(lambda tx: tx.outcomes.standing(handoff.id))
    form = await world.db.read(lambda tx: outcome_form.correct_form(tx, handoff.id, history[2].id, JONAS))
    assert form.again
    await correct(world, handoff.id, 2, kind="disqualified", **day)
    assert "again" not in (await world.handoff(handoff.id)).extra


async def test_what_went_on_since_is_not_corrected(world: World) -> None:
    handoff, _ = await accepted(world)
    await log_all(world, handoff.id, "contacted")
    await log(world, handoff.id, "disqualified", reason="no_timeline", come_back_on="2026-04-01")
    await on_the_day(world)
    await world.change("p1", flags=(await world.db.read(lambda tx: tx.people.get("p1"))).flags.__class__(  # type: ignore[union-attr]
        checked_at=world.clock.now()))  # fmt: skip
    with pytest.raises(Refused, match="gone on since"):
        await correct(world, handoff.id, 1)


async def test_nobody_corrects_what_is_given_back(world: World) -> None:
    handoff, _ = await accepted(world)
    await world.change("p2", away_since=None)
    await log(world, handoff.id, "given_back")
    with pytest.raises(Refused):
        await correct(world, handoff.id, 0)
    other, _ = await accepted(world, "2")
    await log(world, other.id, "attempt")
    with pytest.raises(FormError):
        await correct(world, other.id, 0, kind="given_back")


async def test_only_the_owner_and_sales_managers_correct(world: World) -> None:
    handoff, _ = await accepted(world)
    await log(world, handoff.id, "attempt")
    with pytest.raises(NotAllowed):
        await correct(world, handoff.id, 0, INES)


async def test_an_entry_that_was_corrected_meanwhile_is_not_corrected_twice(world: World) -> None:
    handoff, _ = await accepted(world)
    await log(world, handoff.id, "attempt")
    (entry,) = await world.db.read(lambda tx: tx.outcomes.standing(handoff.id))
    command = corrections.CorrectOutcome(handoff_id=handoff.id, by=JONAS, outcome_id=entry.id)
    await world.db.run(corrections.correct_outcome, command)
    with pytest.raises(Refused, match="meanwhile"):
        await world.db.run(corrections.correct_outcome, command)


async def test_the_list_shows_what_was_there_before_and_who_changed_it(world: World) -> None:
    handoff, _ = await accepted(world)
    await log(world, handoff.id, "attempt")
    await correct(world, handoff.id, 0, MANAGER, "contacted")
    entries = await world.db.read(lambda tx: corrections.entries(tx, handoff))
    assert [(one.outcome.kind.value, one.by, one.taken_out_by, one.can_be_corrected) for one in entries] == [
        ("attempt", "Jonas", "Anna", False),
        ("contacted", "Anna", None, True),
    ]


async def test_other_systems_hear_of_a_correction_and_of_what_it_takes_back(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, "contacted", "qualified")
    await correct(world, handoff.id, 1)
    events = await world.db.read(lambda tx: tx.events.of_lead(lead.id, 50))
    corrected = next(one for one in events if one.kind == "lead.corrected")
    qualified = next(one for one in events if one.kind == "lead.qualified")
    assert corrected.data["compensates"] == qualified.id
    assert corrected.data["before"]["kind"] == "qualified"
    assert await stage(world, lead.id) == "sal"


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("log"),
            st.sampled_from(["attempt", "contacted", "qualified", "opportunity", "won", "lost", "disqualified"]),
        ),
        st.tuples(st.just("take out"), st.integers(0, 6)),
        st.tuples(
            st.just("replace"),
            st.integers(0, 6),
            st.sampled_from(["attempt", "contacted", "qualified", "opportunity", "won", "lost", "disqualified"]),
        ),
    ),
    max_size=12,
)


@pytest.mark.parametrize("_", [None])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
async def test_whatever_is_logged_and_corrected_the_stage_is_what_the_history_comes_to(
    migrated: Path, tmp_path_factory: pytest.TempPathFactory, _: None, steps: list[Any]
) -> None:
    path = tmp_path_factory.mktemp("replay") / "lockstep.db"
    shutil.copy(migrated, path)
    clock = StandingClock()
    db = Database.open(f"sqlite:///{path}", clock=clock, holidays=PublicHolidays())
    try:
        await db.run(populate)
        world = World(db, clock)
        handoff, lead = await accepted(world)
        for step in steps:
            clock.advance(timedelta(minutes=1))
            try:
                if step[0] == "log":
                    await log(world, handoff.id, step[1])
                else:
                    await correct(world, handoff.id, step[1], kind=step[2] if len(step) > 2 else None)
            except (LockstepError, IndexError):
                pass
            current, now = await world.handoff(handoff.id), await world.lead(lead.id)
            history = await db.read(lambda tx: tx.outcomes.standing(handoff.id))
            progress = standing.progress_of(current, history)
            assert now.stage is progress.stage
            assert current.is_owned is (now.stage in (Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.WON, Stage.LOST))
    finally:
        await db.close()
