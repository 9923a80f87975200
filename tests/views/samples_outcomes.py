"""Values about what became of accepted leads; hostile ones in every text field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.ladder import Step
from bot.domain.lead import Priority, Stage
from bot.domain.milestone import What
from bot.domain.money import CURRENCIES
from bot.domain.outcome import Attempt, Kind, Outcome
from bot.services.corrections import Entry
from bot.services.due import DueShown, Urgency
from bot.services.forms import Choice
from bot.services.home_leaks import LeakList
from bot.services.milestones import MilestoneShown
from bot.services.my_leads import MyLeads
from bot.services.outcome_form import HistoryShown, OutcomeForm, Question
from bot.services.reached import ContactReminder
from bot.services.standing import Standing
from bot.views.blocks import home as home_of
from bot.views.home_leaks import leaking
from bot.views.milestone import render_milestone
from bot.views.my_leads import render_my_leads
from bot.views.outcome_form import TAKE_OUT, outcome_form
from bot.views.outcome_history import history_view
from bot.views.reached import render_contact_reminder
from tests.views.oracle import Shown
from tests.views.samples import HANDOFF, NOW, OTHER, hostile, hostile_or_none, make_row

DAY = date(2026, 11, 30)
DUE = DueShown(due_at=NOW + timedelta(hours=2), window=timedelta(hours=4), urgency=Urgency.CALM, trial=False)


def make_standing(**changes: Any) -> Standing:
    standing = Standing(
        stage=Stage.SAL,
        attempts=2,
        attempts_agreed=3,
        last_attempt=Attempt.CALL,
        last_attempt_at=NOW - timedelta(hours=18),
        is_logged=True,
    )
    return replace(standing, **changes)


def make_outcome(kind: Kind = Kind.OPPORTUNITY, **changes: Any) -> Outcome:
    filled: dict[str, Any] = {
        "amount": Decimal("12000.50"), "currency": "EUR", "expected_close": DAY, "note": "Wants a pilot first",
    }  # fmt: skip
    return Outcome(**{"kind": kind, "at": NOW - timedelta(hours=1), "by": "ana"} | filled | changes)


def make_entry(**changes: Any) -> Entry:
    entry = Entry(
        id=OTHER,
        outcome=make_outcome(),
        reason=None,
        by="Jonas Brandt",
        logged_at=NOW,
        can_be_corrected=True,
    )
    return replace(entry, **changes)


def corrected_entry(**changes: Any) -> Entry:
    return make_entry(
        taken_out_by="Anna Keller", taken_out_at=NOW, can_be_corrected=False, reason="Price or terms",
        outcome=make_outcome(Kind.LOST, reason="price", answer="Too dear", come_back_on=DAY), **changes,
    )  # fmt: skip


def make_history(*entries: Entry) -> HistoryShown:
    return HistoryShown(
        handoff_id=HANDOFF,
        version=4,
        lead_name="Dana Whitfield",
        company="Northwind Freight",
        entries=entries or (make_entry(), corrected_entry()),
    )


def make_outcome_form(**changes: Any) -> OutcomeForm:
    def questions(reasons: Any) -> tuple[Question, ...]:
        return tuple(
            Question(code=one.code, label=one.label, ask=one.ask, question=one.question, required=one.required)
            for one in reasons
        )

    form = OutcomeForm(
        handoff_id=HANDOFF,
        version=4,
        agreement_id=OTHER,
        lead_name="Dana Whitfield",
        company="Northwind Freight",
        standing=make_standing(),
        possible=tuple(Kind),
        refused=(),
        disqualify=questions(DEFAULT_TERMS.disqualify_reasons),
        loss=questions(DEFAULT_TERMS.loss_reasons),
        win=tuple(Question(code=one.code, label=one.label) for one in DEFAULT_TERMS.win_reasons),
        criteria=(Choice(value="Industry", label="Industry"),),
        currencies=CURRENCIES,
        currency="EUR",
        today="2026-10-06",
        latest="2027-10-07",
        suggested_return="2026-11-09",
        suggested_close="2026-11-05",
        tz="Europe/Berlin",
        is_logged=True,
        for_owner="Jonas Brandt",
    )
    return replace(form, **changes)


def make_contact_reminder(**changes: Any) -> ContactReminder:
    reminder = ContactReminder(
        countdown_id=OTHER,
        step=Step.REMIND,
        due_at=NOW + timedelta(hours=1),
        left=timedelta(hours=1),
        late_by=None,
        tz="Europe/Berlin",
        lead_id=OTHER,
        name="Dana Whitfield",
        title="VP Operations",
        company="Northwind Freight",
        priority=Priority.HOT,
        handoff_id=HANDOFF,
        version=4,
        standing=make_standing(),
        can_disqualify=True,
        phone_e164="+4930901820",
        email="dana@northwind.example",
    )
    return replace(reminder, **changes)


def make_milestone(**changes: Any) -> MilestoneShown:
    shown = MilestoneShown(
        what=What.WIN,
        campaign="Spring webinar",
        lead_name="Dana Whitfield",
        company="Northwind Freight",
        rep="Jonas Brandt",
        marketer="Marta Lind",
        amount="EUR 12,000",
        corrected=False,
    )
    return replace(shown, **changes)


def make_my_leads(**changes: Any) -> MyLeads:
    rows = (make_row(1, standing=make_standing(), contact_due=DUE), make_row(2, standing=won()))
    return replace(MyLeads(rows=rows, found=12, asked="dana"), **changes)


def won() -> Standing:
    return make_standing(
        stage=Stage.WON, ended_at=NOW, amount="EUR 12,000", reason="Best fit for the need", expected_close=DAY
    )


STANDINGS = (
    make_standing(),
    make_standing(attempts=0, last_attempt=None, last_attempt_at=None),
    make_standing(attempts=0, last_attempt=None, last_attempt_at=None, leaking_since=NOW),
    make_standing(attempts=4, contacted_at=NOW),
    make_standing(stage=Stage.SQL, qualified_at=NOW),
    make_standing(stage=Stage.OPPORTUNITY, amount="EUR 12,000", expected_close=DAY, by_crm=True),
    make_standing(stage=Stage.LOST, ended_at=NOW, reason="Postponed", come_back_on=DAY),
    won(),
)
standings = st.sampled_from(STANDINGS)
hostile_standings = st.builds(
    lambda standing, reason, amount: replace(standing, reason=reason, amount=amount),
    standings, hostile_or_none, hostile_or_none,
)  # fmt: skip
hostile_outcomes = st.builds(
    make_outcome,
    st.sampled_from(Kind),
    answer=hostile_or_none,
    note=hostile_or_none,
    currency=hostile_or_none,
    reason=hostile_or_none,
)
hostile_entries = st.builds(
    make_entry,
    outcome=hostile_outcomes,
    reason=hostile_or_none,
    by=hostile,
    taken_out_by=hostile_or_none,
    taken_out_at=st.sampled_from([None, NOW]),
    can_be_corrected=st.booleans(),
)
hostile_histories = st.builds(
    HistoryShown,
    handoff_id=st.just(HANDOFF),
    version=st.just(1),
    lead_name=hostile,
    company=hostile_or_none,
    entries=st.lists(hostile_entries, max_size=3).map(tuple),
)
hostile_questions = st.builds(
    lambda label, question, base: replace(base, label=label, question=question),
    hostile, hostile, st.sampled_from([*make_outcome_form().disqualify, *make_outcome_form().loss]),
)  # fmt: skip
hostile_forms = st.builds(
    make_outcome_form,
    lead_name=hostile,
    company=hostile_or_none,
    standing=st.none() | hostile_standings,
    disqualify=st.lists(hostile_questions, min_size=1, max_size=3).map(tuple),
    loss=st.lists(hostile_questions, min_size=1, max_size=3).map(tuple),
    win=st.lists(hostile_questions, min_size=1, max_size=3).map(tuple),
    criteria=st.lists(st.builds(Choice, value=st.just("c"), label=hostile), max_size=2).map(tuple),
    refused=st.lists(st.tuples(st.sampled_from(Kind), hostile), max_size=3).map(tuple),
    tz=hostile,
    for_owner=hostile_or_none,
    correcting=st.none() | hostile_entries,
)
chosen = st.tuples(
    st.sampled_from([None, TAKE_OUT, "nonsense", *(kind.value for kind in Kind)]),
    st.sampled_from([None, "now", "today", "yesterday", "keep", "nonsense"]),
    st.sampled_from([None, "nonsense", *(one.code for one in DEFAULT_TERMS.disqualify_reasons)]),
)
hostile_reminders = st.builds(
    make_contact_reminder,
    name=hostile,
    title=hostile_or_none,
    company=hostile_or_none,
    phone_e164=hostile_or_none,
    email=hostile_or_none,
    over=hostile_or_none,
    standing=st.none() | hostile_standings,
    step=st.sampled_from(Step),
    is_last=st.booleans(),
)
hostile_milestones = st.builds(
    make_milestone,
    what=st.sampled_from(What),
    campaign=hostile,
    lead_name=hostile,
    company=hostile_or_none,
    rep=hostile_or_none,
    marketer=hostile_or_none,
    amount=hostile_or_none,
    corrected=st.booleans(),
)
hostile_rows = st.builds(
    lambda name, company, owner, standing: make_row(1, name=name, company=company, owner=owner, standing=standing),
    hostile, hostile_or_none, hostile_or_none, hostile_standings,
)  # fmt: skip
hostile_my_leads = st.builds(
    make_my_leads, rows=st.lists(hostile_rows, max_size=2).map(tuple), asked=hostile, found=st.integers(0, 9)
)
hostile_leaks = st.builds(LeakList, rows=st.lists(hostile_rows, min_size=1, max_size=2).map(tuple), total=st.just(7))

VIEWS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], Shown]]] = {
    "log outcome": (
        st.tuples(hostile_forms, chosen),
        lambda both: outcome_form(both[0], kind=both[1][0], when=both[1][1], reason=both[1][2]),
    ),
    "what was logged": (hostile_histories, history_view),
    "reached them": (hostile_reminders, render_contact_reminder),
    "milestone": (hostile_milestones, render_milestone),
    "my leads": (hostile_my_leads, render_my_leads),
    "leaks": (hostile_leaks, lambda leaks: home_of(leaking(leaks))),
}
