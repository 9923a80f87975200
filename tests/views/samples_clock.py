"""Values about due times, reminders, what is at risk and working hours; hostile ones in every text field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.countdown import CountdownKind
from bot.domain.ladder import Step
from bot.domain.lead import Priority
from bot.domain.work_times import WorkTimes
from bot.services.at_risk_list import LISTED, AtRiskList, AtRiskRow
from bot.services.due import DueShown, Took, Urgency
from bot.services.home_rows import PAGE, ParkedList, ParkedRow
from bot.services.reminder_content import AcceptReminder
from bot.services.snoozing import For, SnoozeForm
from bot.services.work_times import HoursForm, Whose
from tests.views.samples import CRM_URL, HANDOFF, NOW, OTHER, hostile, hostile_or_none

COUNTDOWN = "0199b6a0-0000-7000-8000-000000000003"
CARD_LINK = "https://brightwater.slack.com/archives/D012345/p1700000000000100"


def make_due(**changes: Any) -> DueShown:
    due = DueShown(
        due_at=NOW + timedelta(hours=4), window=timedelta(hours=4), urgency=Urgency.CALM, trial=False,
        tz="Europe/Berlin",
    )  # fmt: skip
    return replace(due, **changes)


def make_took(**changes: Any) -> Took:
    took = Took(
        system=timedelta(seconds=40),
        system_business=timedelta(seconds=40),
        own=timedelta(minutes=12),
        own_business=timedelta(minutes=12),
    )
    return replace(took, **changes)


def make_reminder(**changes: Any) -> AcceptReminder:
    reminder = AcceptReminder(
        countdown_id=COUNTDOWN,
        step=Step.REMIND,
        due_at=NOW + timedelta(hours=2),
        left=timedelta(hours=2),
        late_by=None,
        tz="Europe/Berlin",
        lead_id=OTHER,
        name="Dana Whitfield",
        title="VP Operations",
        company="Northwind Freight",
        priority=Priority.WARM,
        handoff_id=HANDOFF,
        version=3,
        crm_url=CRM_URL,
        card_link=CARD_LINK,
        can_snooze=True,
    )
    return replace(reminder, **changes)


def make_at_risk_row(number: int = 1, **changes: Any) -> AtRiskRow:
    row = AtRiskRow(
        countdown_id=f"0199b6a0-0000-7000-b000-{number:012d}",
        kind=CountdownKind.ACCEPT,
        name="Dana Whitfield",
        title="VP Operations",
        company="Northwind Freight",
        priority=Priority.HOT,
        owner="Jonas Brandt",
        pool=None,
        due_at=NOW + timedelta(minutes=4),
        urgency=Urgency.AT_RISK,
        handoff_id=f"0199b6a0-0000-7000-c000-{number:012d}",
        crm_url=CRM_URL,
    )
    return replace(row, **changes)


def make_at_risk(*rows: AtRiskRow, **changes: Any) -> AtRiskList:
    rows = rows or (make_at_risk_row(),)
    shown = AtRiskList(rows=rows, total=len(rows), ended=0, tz="Europe/Berlin")
    return replace(shown, **changes)


_instant = st.just(NOW) | st.none()
_span = st.integers(-5, 10**6).map(lambda seconds: timedelta(seconds=seconds))
hostile_dues = st.builds(
    DueShown,
    due_at=_instant,
    window=_span,
    urgency=st.sampled_from(Urgency),
    trial=st.booleans(),
    tz=st.sampled_from(["Europe/Berlin", "nowhere", ""]),
)
hostile_took = st.builds(Took, system=_span, system_business=_span, own=_span, own_business=_span)
hostile_reminders = st.builds(
    make_reminder,
    step=st.sampled_from(Step),
    due_at=_instant,
    left=_span,
    late_by=st.none() | _span,
    name=hostile,
    title=hostile_or_none,
    company=hostile_or_none,
    crm_url=st.none() | st.just(CRM_URL),
    card_link=st.none() | st.just(CARD_LINK) | hostile,
    can_snooze=st.booleans(),
    snoozed_until=_instant,
    is_last=st.booleans(),
    over=hostile_or_none,
    pool_name=hostile_or_none,
)
_rows = st.lists(
    st.builds(
        make_at_risk_row,
        number=st.integers(1, 10**6),
        # What is told in briefs alone stands in no such list: at_risk.tell.
        kind=st.sampled_from([kind for kind in CountdownKind if not kind.is_told_in_briefs]),
        name=hostile,
        title=hostile_or_none,
        company=hostile_or_none,
        priority=st.none() | st.sampled_from(Priority),
        owner=hostile_or_none,
        pool=hostile_or_none,
        due_at=_instant,
        urgency=st.sampled_from(Urgency),
        handoff_id=st.none() | st.just(HANDOFF),
        crm_url=st.none() | st.just(CRM_URL),
    ),
    max_size=LISTED,
).map(tuple)
hostile_at_risk = st.builds(
    AtRiskList,
    rows=_rows,
    total=st.integers(0, 100),
    ended=st.integers(0, 100),
    tz=st.sampled_from(["Europe/Berlin", "nowhere"]),
    moved=st.booleans(),
    moved_to=hostile_or_none,
    for_name=hostile_or_none,
)


def make_hours_form(**changes: Any) -> HoursForm:
    times = WorkTimes(tz="Europe/Lisbon", days_off=("2026-12-24/2026-12-31",), country="PT")
    form = HoursForm(
        whose=Whose.MINE,
        id=OTHER,
        seen="0123456789abcdef",
        name="Jonas Brandt",
        times=times,
        tz_now="Europe/Lisbon",
        next_holidays=((date(2026, 12, 1), "Restoration of Independence Day"), (date(2026, 12, 8), "Immaculate")),
    )
    return replace(form, **changes)


def make_snooze_form(**changes: Any) -> SnoozeForm:
    form = SnoozeForm(
        countdown_id=COUNTDOWN,
        lead_name="Dana Whitfield",
        due_at=NOW + timedelta(hours=2),
        tz="Europe/Berlin",
        choices=((For.QUARTER, NOW + timedelta(minutes=15)), (For.LATEST, NOW + timedelta(hours=1))),
    )
    return replace(form, **changes)


def make_parked(*rows: ParkedRow, **changes: Any) -> ParkedList:
    rows = rows or (
        ParkedRow(
            lead_id=OTHER, name="Dana Whitfield", title="VP Operations", company="Northwind Freight",
            priority=Priority.WARM, since=NOW,
        ),
    )  # fmt: skip
    return replace(ParkedList(rows=rows, total=len(rows), page=0), **changes)


hostile_hours_forms = st.builds(
    make_hours_form,
    whose=st.sampled_from(Whose),
    name=hostile,
    times=st.builds(
        WorkTimes,
        tz=hostile_or_none,
        days_off=st.lists(hostile, max_size=3).map(tuple),
        country=hostile_or_none,
        subdivision=hostile_or_none,
    ),
    tz_now=hostile,
    next_holidays=st.lists(st.tuples(st.dates(), hostile), max_size=4).map(tuple),
)
hostile_snooze_forms = st.builds(
    make_snooze_form,
    lead_name=hostile,
    due_at=_instant,
    choices=st.lists(
        st.tuples(st.sampled_from(For), st.just(NOW)), min_size=1, max_size=5, unique_by=lambda choice: choice[0]
    ).map(tuple),
)
hostile_parked = st.builds(
    ParkedList,
    rows=st.lists(
        st.builds(
            ParkedRow,
            lead_id=st.uuids().map(str),
            name=hostile,
            title=hostile_or_none,
            company=hostile_or_none,
            priority=st.sampled_from(Priority),
            since=st.just(NOW),
        ),
        max_size=PAGE,
    ).map(tuple),
    total=st.integers(0, 3 * PAGE),
    page=st.integers(0, 2),
)
