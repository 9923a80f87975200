from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_time import Calendar, is_working
from bot.domain.ladder import (
    Countdown,
    Due,
    Ladder,
    Mode,
    Plan,
    Rung,
    Snooze,
    Step,
    Told,
    counted_by,
    due_now,
    next_instant,
    next_step,
    plan,
    reaches,
    replanned,
    rungs_after,
    snooze,
)
from bot.domain.waits import Wait, waits
from bot.domain.working_hours import DEFAULT_WEEK

LADDER = Ladder()
LISBON = Calendar(tz="Europe/Lisbon")
NEW_YORK = Calendar(tz="America/New_York")
EVERYBODY = frozenset(Rung) - {Rung.PARKED}
OWNER, MANAGER = Told.OWNER, Told.MANAGER


def local(text: str, tz: str = "Europe/Lisbon") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)


def window(minutes: float, since: str = "2026-12-09 10:00") -> Countdown:
    return Countdown(window=timedelta(minutes=minutes), since=local(since))


def steps(planned: Plan) -> list[tuple[Step, str, set[Told]]]:
    zone = ZoneInfo("Europe/Lisbon")
    return [(each.step, each.due_at.astimezone(zone).strftime("%a %H:%M:%S"), set(each.told)) for each in planned.steps]


def test_a_warm_lead_reminds_twice_warns_the_manager_and_expires() -> None:
    assert steps(plan(window(240), LISBON, LADDER)) == [
        (Step.REMIND, "Wed 12:00:00", {OWNER}),
        (Step.AT_RISK, "Wed 13:00:00", {OWNER, MANAGER}),
        (Step.EXPIRE, "Wed 14:00:00", {OWNER, MANAGER}),
    ]


def test_a_window_under_half_an_hour_reminds_its_owner_once() -> None:
    assert steps(plan(window(15), LISBON, LADDER))[:2] == [
        (Step.REMIND, "Wed 10:07:30", {OWNER}),
        (Step.AT_RISK, "Wed 10:11:15", {MANAGER}),
    ]
    assert OWNER in plan(window(30), LISBON, LADDER).steps[1].told


def test_a_window_that_begins_at_night_has_its_steps_in_the_morning() -> None:
    assert [each[1] for each in steps(plan(window(15, "2026-12-11 23:00"), LISBON, LADDER))] == [
        "Mon 09:07:30",
        "Mon 09:11:15",
        "Mon 09:15:00",
    ]


def test_in_trial_the_clock_shows_and_nothing_is_told() -> None:
    planned = plan(window(15), LISBON, LADDER, Mode.TRIAL)
    assert planned == Plan(due_at=local("2026-12-09 10:15"))
    assert due_now(planned, None, local("2026-12-20 10:00")) is None


def test_who_never_works_again_has_no_steps() -> None:
    gone = replace(LISBON, away=((local("2026-12-09 09:00"), None),))
    assert plan(window(15), gone, LADDER) == Plan(due_at=None)


def test_steps_are_taken_one_after_the_other() -> None:
    planned = plan(window(240), LISBON, LADDER)
    taken: list[Step] = []
    reached: Step | None = None
    while following := next_step(planned, reached):
        assert due_now(planned, reached, following.due_at - timedelta(microseconds=1)) is None
        due = due_now(planned, reached, following.due_at)
        assert due is not None
        assert not due.is_late
        reached = due.step
        taken.append(reached)
    assert taken == [Step.REMIND, Step.AT_RISK, Step.EXPIRE]
    assert due_now(planned, reached, local("2027-01-01 00:00")) is None


def test_after_downtime_only_the_last_step_is_told_and_told_as_late() -> None:
    planned = plan(window(240), LISBON, LADDER)
    due = due_now(planned, None, local("2026-12-09 13:30"))
    assert due == Due(
        step=Step.AT_RISK, told=frozenset({OWNER, MANAGER}), late_by=timedelta(minutes=30), skipped=(Step.REMIND,)
    )
    assert due.is_late
    over = due_now(planned, Step.REMIND, local("2026-12-10 13:30"))
    assert over is not None
    assert (over.step, over.skipped) == (Step.EXPIRE, (Step.AT_RISK,))


def test_an_owner_whose_only_reminder_was_missed_hears_it_with_the_next_step() -> None:
    due = due_now(plan(window(15), LISBON, LADDER), None, local("2026-12-09 10:12"))
    assert due is not None
    assert due.told == {OWNER, MANAGER}


def test_when_hours_change_what_has_passed_stays_and_the_rest_runs_on_the_new_hours() -> None:
    at_eleven = local("2026-12-09 11:00")
    changed = replanned(window(240), LISBON, at_eleven)
    short_days = replace(LISBON, week=(((9 * 60, 12 * 60),),) * 5 + ((), ()))
    assert counted_by(changed, short_days, at_eleven) == timedelta(hours=1)
    assert reaches(changed, short_days, 100) == local("2026-12-10 11:00")
    assert reaches(changed, short_days, 50) == local("2026-12-09 12:00")


def test_hours_that_change_twice_keep_both_parts() -> None:
    first = replanned(window(240), LISBON, local("2026-12-09 11:00"))
    away = replace(LISBON, away=((local("2026-12-09 11:00"), None),))
    assert reaches(first, away, 100) is None
    back = replanned(first, away, local("2026-12-10 09:30"))
    assert back.counted == timedelta(hours=1)
    assert reaches(back, LISBON, 100) == local("2026-12-10 12:30")


def test_a_pool_handed_to_a_team_elsewhere_in_the_middle_of_a_window_keeps_the_elapsed_part() -> None:
    """Owner changed mid-window, owner in another zone."""
    at_noon = local("2026-12-09 12:00")
    moved = replanned(window(240), LISBON, at_noon)
    assert reaches(moved, NEW_YORK, 100) == local("2026-12-09 11:00", "America/New_York")


def test_a_new_owner_by_a_new_offer_has_a_whole_window_and_is_not_blamed_for_the_first() -> None:
    offered_to_second = local("2026-12-09 12:00")
    fresh = Countdown(window=timedelta(hours=4), since=offered_to_second)
    assert reaches(fresh, NEW_YORK, 100) == local("2026-12-09 13:00", "America/New_York")
    found = waits(
        NEW_YORK,
        engaged_at=local("2026-12-09 09:00"),
        received_at=local("2026-12-09 09:05"),
        offered_at=offered_to_second,
        acted_at=local("2026-12-09 14:30"),
    )
    assert found.own == Wait(wall=timedelta(hours=2, minutes=30), business=timedelta(minutes=30))
    assert found.system == Wait(wall=timedelta(hours=3), business=timedelta(0))
    assert found.whole == Wait(wall=timedelta(hours=5, minutes=30), business=timedelta(minutes=30))


def test_the_time_until_slack_shows_the_card_is_the_systems() -> None:
    found = waits(
        LISBON,
        engaged_at=None,
        received_at=local("2026-12-09 10:00"),
        offered_at=local("2026-12-09 10:00"),
        shown_at=local("2026-12-09 10:40"),
        acted_at=local("2026-12-09 10:45"),
    )
    assert found.system.wall == timedelta(minutes=40)
    assert found.own.wall == timedelta(minutes=5)


def test_snooze_ends_before_the_window_can_run_out_unseen() -> None:
    now, countdown = local("2026-12-09 10:30"), window(240)
    short = snooze(countdown, LISBON, LADDER, local("2026-12-09 12:30"), now)
    assert short == Snooze(until=local("2026-12-09 12:30"), was_shortened=False)
    tomorrow = snooze(countdown, LISBON, LADDER, local("2026-12-10 09:00"), now)
    assert tomorrow == Snooze(until=local("2026-12-09 13:00"), was_shortened=True)
    assert snooze(countdown, LISBON, LADDER, local("2026-12-09 13:30"), local("2026-12-09 13:00")) is None


def test_each_expiry_of_a_lead_goes_one_rung_up_and_ends_parked() -> None:
    assert rungs_after(LADDER, None) == Ladder().rungs
    for number, rung in enumerate(Ladder().rungs, 1):
        assert rungs_after(LADDER, rung) == Ladder().rungs[number:]
    assert rungs_after(LADDER, Rung.PARKED) == ()


def test_a_rung_the_ladder_has_no_more_begins_at_the_bottom() -> None:
    short = Ladder(rungs=(Rung.POOL, Rung.ARBITER))
    assert rungs_after(short, Rung.NEXT_REP) == (Rung.POOL, Rung.ARBITER)


def test_a_snoozed_reminder_comes_when_it_may_and_never_after_the_next_step() -> None:
    planned = plan(window(240), LISBON, LADDER)
    remind, at_risk, _ = (each.due_at for each in planned.steps)
    later = remind + timedelta(minutes=10)
    assert next_instant(planned, None, None) == remind
    assert next_instant(planned, None, later) == later
    assert next_instant(planned, None, remind - timedelta(minutes=10)) == remind
    assert next_instant(planned, Step.REMIND, later) == later
    assert next_instant(planned, Step.REMIND, at_risk + timedelta(minutes=1)) == at_risk
    assert next_instant(planned, Step.EXPIRE, None) is None


calendars = st.builds(
    Calendar,
    tz=st.sampled_from(("Europe/Lisbon", "Australia/Lord_Howe", "Africa/Cairo", "America/New_York")),
    week=st.sampled_from((DEFAULT_WEEK, (((0, 1440),),) * 7, (((540, 750), (810, 1080)),) * 5 + ((), ()))),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=6),
)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
windows = st.timedeltas(timedelta(minutes=1), timedelta(hours=80))


@given(calendars, instants, windows)
def test_steps_are_in_order_and_always_in_working_hours(calendar: Calendar, since: datetime, length: timedelta) -> None:
    planned = plan(Countdown(window=length, since=since), calendar, LADDER)
    instants_due = [each.due_at for each in planned.steps]
    assert instants_due == sorted(instants_due)
    assert planned.due_at == instants_due[-1]
    assert all(is_working(calendar, at - timedelta(microseconds=1)) for at in instants_due)


@given(calendars, instants, windows, st.lists(st.timedeltas(timedelta(0), timedelta(days=3)), max_size=4))
def test_replanning_on_the_same_calendar_changes_nothing(
    calendar: Calendar, since: datetime, length: timedelta, pauses: list[timedelta]
) -> None:
    countdown = Countdown(window=length, since=since)
    due = reaches(countdown, calendar, 100)
    now, changed = since, countdown
    for pause in pauses:
        now += pause
        changed = replanned(changed, calendar, now)
        if due is not None and now < due:
            assert reaches(changed, calendar, 100) == due


@pytest.mark.parametrize("seconds", [0, 60])
def test_within_a_minute_of_its_instant_a_step_is_not_called_late(seconds: int) -> None:
    due = due_now(plan(window(15), LISBON, LADDER), None, local("2026-12-09 10:15") + timedelta(seconds=seconds))
    assert due is not None
    assert not due.is_late


@given(calendars, instants, windows, st.lists(st.timedeltas(timedelta(seconds=1), timedelta(days=4)), max_size=30))
def test_however_the_sweeps_fall_each_step_is_told_once_in_order_and_never_early(
    calendar: Calendar, since: datetime, length: timedelta, gaps: list[timedelta]
) -> None:
    """Sweeps seconds apart and days apart: a bot that runs, stops and comes back."""
    planned = plan(Countdown(window=length, since=since), calendar, LADDER)
    due_at = {each.step: each.due_at for each in planned.steps}
    now, reached = since, None
    seen: list[Step] = []
    for gap in gaps:
        now += gap
        due = due_now(planned, reached, now)
        if due is not None:
            assert due_at[due.step] <= now
            assert due.late_by == now - due_at[due.step]
            seen += [*due.skipped, due.step]
            reached = due.step
        assert due_now(planned, reached, now) is None
    assert seen == list(Step)[: len(seen)]
    assert len(seen) == sum(at <= now for at in due_at.values())
