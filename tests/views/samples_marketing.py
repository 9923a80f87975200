"""Values about marketing's answers, about disputes and disagreements; hostile ones in every text field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.dispute import About, DisputeState, Ruling
from bot.domain.ladder import Step
from bot.domain.lead import Priority
from bot.domain.person import Side
from bot.domain.recycling import RejectAnswer
from bot.domain.reject_answer import AnswerState
from bot.services.answer_shown import AnswerShown
from bot.services.answering_several import DisputeForm, SeveralAnswered, SeveralForm, WaitingReject
from bot.services.dispute_forms import DecideForm, Deciding, DisagreementForm
from bot.services.dispute_messages import CaseShown, DisputeShown, OpinionShown, ReadAs
from bot.services.due import DueShown, Urgency
from bot.services.forms import Choice
from bot.services.home_marketing import AnswerList, DisputeList, DisputeRow, MarketingNumbers
from bot.services.home_rows import PAGE
from bot.services.marketing_reminders import AnswerReminder, SettleReminder
from bot.services.resending import ResendForm
from bot.views.answer_several import answered_view, several_form
from bot.views.disputes import decide_form, disagreement_form, render_case
from bot.views.home import render_home
from bot.views.marketing_reminders import render_answer_reminder, render_settle_reminder
from bot.views.notices import render_reject_notice
from bot.views.reject_answers import dispute_form, resend_form
from storage.campaign_alerts import AlertNumbers
from storage.disputes import DisputeNumbers
from storage.reject_answers import AnswerNumbers
from tests.views.samples import HANDOFF, NOW, OTHER, hostile, hostile_or_none, make_home, make_reject_notice

DUE = DueShown(due_at=NOW + timedelta(hours=5), window=timedelta(hours=16), urgency=Urgency.CALM, trial=False)
DUES = st.sampled_from([None, DUE, replace(DUE, urgency=Urgency.OVERDUE), replace(DUE, due_at=None, trial=True)])


def make_opinion(**changes: Any) -> OpinionShown:
    said = OpinionShown(
        side=Side.SALES, name="Anna Keller", for_name=None, ruling=Ruling.UPHELD, sentence="There is no budget."
    )
    return replace(said, **changes)


def make_dispute(**changes: Any) -> DisputeShown:
    dispute = DisputeShown(
        id=OTHER,
        about=About.REJECT,
        name="Dana Whitfield",
        company="Northwind Freight",
        reason="Not ready to talk to sales",
        follow_up=None,
        comment="No project before next year",
        rejected_by="Jonas Brandt",
        raised_by="Sam Patel",
        raised_at=NOW - timedelta(hours=2),
        why="She asked for a demo on our pricing page.",
        state=DisputeState.WITH_MANAGERS,
        opinions=(),
        waits_for=("Anna Keller", "Carla Nunes"),
        ruling=None,
        sentence="",
        decided_by=(),
        decided_at=None,
        what_next="Back with marketing",
    )
    return replace(dispute, **changes)


def ruled(ruling: Ruling = Ruling.OVERTURNED, **changes: Any) -> DisputeShown:
    decided: dict[str, Any] = {
        "state": DisputeState.RULED,
        "ruling": ruling,
        "sentence": "A demo request is as ready as it gets.",
        "decided_by": ("Ada Lind",),
        "decided_at": NOW,
        "waits_for": (),
        "opinions": (make_opinion(), make_opinion(side=Side.MARKETING, name="Carla Nunes", ruling=Ruling.OVERTURNED)),
        "what_next": "Offered to Inês Carvalho",
    }
    return make_dispute(**{**decided, **changes})


def make_case(**changes: Any) -> CaseShown:
    case = CaseShown(case_id=OTHER, read_as=ReadAs.MANAGER, in_place_of=None, due=DUE, disputes=(make_dispute(),))
    return replace(case, **changes)


def make_answer(**changes: Any) -> AnswerShown:
    answer = AnswerShown(handoff_id=HANDOFF, state=AnswerState.WAITING, due=DUE, can_fix=True, can_dispute=True)
    return replace(answer, **changes)


def make_resend_form(**changes: Any) -> ResendForm:
    form = ResendForm(
        handoff_id=HANDOFF,
        lead_name="Dana Whitfield",
        reason="Contact data wrong or missing",
        comment="The number is a fax",
        rejected_by="Jonas Brandt",
        values={
            "name": "Dana Whitfield", "company": "Northwind Freight", "title": "CFO", "email": "dana@northwind.example",
            "phone": "030 901820", "country": "DE", "summary": "Asked for a demo",
        },
        priority=Priority.HOT,
        goes_to="whose turn it is by the rules, not to Jonas Brandt, who rejected it",
    )  # fmt: skip
    return replace(form, **changes)


def make_waiting(number: int = 1, **changes: Any) -> WaitingReject:
    row = WaitingReject(
        handoff_id=f"0199b6a0-0000-7000-b000-{number:012d}",
        name="Dana Whitfield",
        company="Northwind Freight",
        reason="Not ready to talk to sales",
        rejected_by="Jonas Brandt",
        due=DUE,
    )
    return replace(row, **changes)


def make_several(count: int = 12, **changes: Any) -> SeveralForm:
    form = SeveralForm(
        filters=(
            Choice(value="all", label=f"All that wait ({count})"),
            Choice(value="reason:low_intent", label=f"Not ready to talk to sales ({count})"),
        ),
        chosen="all",
        rows=tuple(make_waiting(n) for n in range(count)),
        total=count,
        can_dispute=True,
    )
    return replace(form, **changes)


def make_disagreement(**changes: Any) -> DisagreementForm:
    form = DisagreementForm(
        definitions=(Choice(value="definition:mql", label="The definition of an MQL"),),
        campaigns=(Choice(value=f"campaign:{OTHER}", label="Spring webinar"),),
        goals=(Choice(value="goal:accept", label="Accept or reject in time"),),
        chosen=None,
    )
    return replace(form, **changes)


def make_decide(**changes: Any) -> DecideForm:
    form = DecideForm(case_id=OTHER, deciding=Deciding.OPINION, disputes=(make_dispute(),))
    return replace(form, **changes)


def answer_list(*rows: WaitingReject, total: int | None = None, page: int = 0) -> AnswerList:
    return AnswerList(rows=rows, total=len(rows) if total is None else total, page=page)


def make_dispute_row(**changes: Any) -> DisputeRow:
    return replace(DisputeRow(case_id=OTHER, dispute=make_dispute(), due=DUE), **changes)


def dispute_list(*rows: DisputeRow, total: int | None = None, page: int = 0) -> DisputeList:
    return DisputeList(rows=rows, total=len(rows) if total is None else total, page=page)


def full_lists() -> dict[str, Any]:
    """What Home has of it at most, in the middle of its pages."""
    rows = [make_dispute_row() for _ in range(PAGE)]
    return {
        "answers": answer_list(*(make_waiting(n, missed=True) for n in range(PAGE)), total=3 * PAGE, page=1),
        "disputes": dispute_list(*rows, total=3 * PAGE, page=1),
        "raised": dispute_list(*rows, total=3 * PAGE, page=1),
        "may_disagree": True,
    }


def make_numbers(**changes: Any) -> MarketingNumbers:
    numbers = MarketingNumbers(
        answers=AnswerNumbers(answered=5, in_time=4, fixed=1, accepted=3, disputed=1, missed=1),
        disputes=DisputeNumbers(raised=2, upheld=1, overturned=1),
        alerts=AlertNumbers(told=3, in_time=2),
    )
    return replace(numbers, **changes)


def make_answer_reminder(**changes: Any) -> AnswerReminder:
    reminder = AnswerReminder(
        countdown_id=OTHER,
        step=Step.REMIND,
        due_at=NOW + timedelta(hours=8),
        left=timedelta(hours=8),
        late_by=None,
        tz="Europe/Berlin",
        lead_id=OTHER,
        name="Dana Whitfield",
        title="CFO",
        company="Northwind Freight",
        priority=Priority.HOT,
        handoff_id=HANDOFF,
        version=3,
        can_snooze=True,
        answer=make_answer(),
        reason="Not ready to talk to sales",
        rejected_by="Jonas Brandt",
    )
    return replace(reminder, **changes)


def make_settle_reminder(**changes: Any) -> SettleReminder:
    reminder = SettleReminder(
        countdown_id=OTHER,
        case_id=OTHER,
        step=Step.AT_RISK,
        due_at=NOW + timedelta(hours=4),
        left=timedelta(hours=4),
        late_by=timedelta(minutes=5),
        tz="Europe/Berlin",
        disputes=(make_dispute(),),
        can_snooze=True,
        is_last=True,
    )
    return replace(reminder, **changes)


hostile_opinions = st.builds(
    make_opinion, name=hostile, for_name=hostile_or_none, sentence=hostile, ruling=st.sampled_from(Ruling)
)
_TEXTS: dict[str, Any] = {
    "name": hostile, "company": hostile_or_none, "reason": hostile_or_none, "follow_up": hostile_or_none,
    "comment": hostile_or_none, "rejected_by": hostile_or_none, "raised_by": hostile, "why": hostile,
    "opinions": st.lists(hostile_opinions, max_size=2).map(tuple),
    "waits_for": st.lists(hostile, max_size=2).map(tuple), "sentence": hostile,
    "decided_by": st.lists(hostile, max_size=2).map(tuple), "what_next": hostile_or_none,
    "about": st.sampled_from(About),
}  # fmt: skip
hostile_disputes = st.builds(
    make_dispute,
    state=st.sampled_from([DisputeState.WITH_MANAGERS, DisputeState.WITH_ARBITER, DisputeState.TAKEN_BACK]),
    **_TEXTS,
) | st.builds(
    make_dispute, state=st.sampled_from([DisputeState.SETTLED, DisputeState.RULED]), ruling=st.sampled_from(Ruling),
    **_TEXTS,
)  # fmt: skip
hostile_cases = st.builds(
    make_case,
    read_as=st.sampled_from(ReadAs),
    in_place_of=hostile_or_none,
    due=DUES,
    disputes=st.lists(hostile_disputes, min_size=1, max_size=2).map(tuple),
)
hostile_answers = st.builds(
    make_answer,
    state=st.sampled_from(AnswerState),
    due=DUES,
    settle=DUES,
    missed=st.booleans(),
    late_of=hostile_or_none,
    can_fix=st.booleans(),
    can_dispute=st.booleans(),
    said=hostile,
    answered_by=hostile_or_none,
    answered_at=st.sampled_from([None, NOW]),
    dispute=st.none() | hostile_disputes,
    case_id=st.sampled_from([None, OTHER]),
)
hostile_notices = st.builds(make_reject_notice, answer=hostile_answers)
hostile_resend_forms = st.builds(
    make_resend_form,
    lead_name=hostile,
    reason=hostile,
    comment=hostile_or_none,
    rejected_by=hostile,
    goes_to=hostile,
    values=st.fixed_dictionaries(
        dict.fromkeys(("name", "company", "title", "email", "phone", "country", "summary"), hostile_or_none)
    ),
)
hostile_dispute_forms = st.builds(
    DisputeForm,
    handoff_id=st.just(HANDOFF),
    lead_name=hostile,
    company=hostile_or_none,
    reason=hostile,
    rejected_by=hostile,
)
hostile_waiting = st.builds(
    make_waiting,
    number=st.integers(0, 10**6),
    name=hostile,
    company=hostile_or_none,
    reason=hostile,
    rejected_by=hostile,
    due=DUES,
    missed=st.booleans(),
    can_fix=st.booleans(),
)
_filters = st.lists(hostile, max_size=5).map(
    lambda names: (
        Choice(value="all", label="All that wait (3)"),
        *(Choice(value=f"reason:{number}", label=name) for number, name in enumerate(names)),
    )
)
hostile_several = st.builds(
    make_several,
    filters=_filters,
    rows=st.lists(hostile_waiting, min_size=1, max_size=11, unique_by=lambda row: row.handoff_id).map(tuple),
    total=st.integers(1, 500),
    can_dispute=st.booleans(),
)
hostile_answered = st.builds(
    SeveralAnswered,
    answer=st.sampled_from([RejectAnswer.ACCEPTED, RejectAnswer.DISPUTED]),
    done=st.integers(0, 50),
    left_out=st.lists(hostile, max_size=3).map(tuple),
)
hostile_decide_forms = st.builds(
    make_decide,
    deciding=st.sampled_from(Deciding),
    asks_side=st.booleans(),
    in_place_of=hostile_or_none,
    disputes=st.lists(hostile_disputes, min_size=1, max_size=2).map(
        lambda found: tuple(replace(one, id=f"d-{number}") for number, one in enumerate(found))
    ),
)
hostile_disagreements = st.builds(
    make_disagreement,
    campaigns=st.lists(hostile, max_size=5).map(
        lambda names: tuple(Choice(value=f"campaign:c{number}", label=name) for number, name in enumerate(names))
    ),
)
hostile_answer_reminders = st.builds(
    make_answer_reminder,
    name=hostile,
    title=hostile_or_none,
    company=hostile_or_none,
    reason=hostile,
    rejected_by=hostile,
    over=hostile_or_none,
    is_last=st.booleans(),
    step=st.sampled_from(Step),
    answer=hostile_answers,
)
hostile_settle_reminders = st.builds(
    make_settle_reminder,
    disputes=st.lists(hostile_disputes, max_size=2).map(tuple),
    step=st.sampled_from(Step),
    is_last=st.booleans(),
    can_snooze=st.booleans(),
)
hostile_rows = st.builds(make_dispute_row, dispute=hostile_disputes, due=DUES)
hostile_lists = st.fixed_dictionaries(
    {
        "answers": st.lists(hostile_waiting, max_size=2).map(lambda rows: answer_list(*rows)),
        "disputes": st.lists(hostile_rows, max_size=1).map(lambda rows: dispute_list(*rows)),
        "raised": st.lists(hostile_rows, max_size=1).map(lambda rows: dispute_list(*rows)),
        "may_disagree": st.booleans(),
    }
)

VIEWS: dict[str, tuple[st.SearchStrategy[Any], Any]] = {
    "reject notice with its answer": (hostile_notices, render_reject_notice),
    "fix and resend": (hostile_resend_forms, resend_form),
    "dispute a reject": (hostile_dispute_forms, dispute_form),
    "answer several": (hostile_several, several_form),
    "several answered": (hostile_answered, answered_view),
    "case": (hostile_cases, render_case),
    "opinion or ruling": (hostile_decide_forms, decide_form),
    "disagreement": (hostile_disagreements, disagreement_form),
    "reminder of a reject": (hostile_answer_reminders, render_answer_reminder),
    "reminder of a dispute": (hostile_settle_reminders, render_settle_reminder),
    "home of who answers and settles": (hostile_lists.map(lambda lists: make_home(**lists)), render_home),
}
