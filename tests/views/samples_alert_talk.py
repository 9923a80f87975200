"""Values about what is said on campaign alerts; hostile ones in every text field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.campaign_alert import AlertState, Asset
from bot.domain.campaign_alert_input import Expected
from bot.services.alert_details import AlertDetails, QuestionLine, Readers, Tab
from bot.services.alert_question_forms import AnswerForm, AskForm
from bot.services.alert_question_messages import QuestionShown, To
from bot.services.alert_talk import AlertTalk, GotItCounts, LeadsSoFar
from bot.services.alert_window import AlertRow, AlertRows, AlertWindow, HomeAlerts, Which
from bot.services.campaign_alert_shown import CampaignAlertShown
from bot.services.got_its import Pressed
from bot.services.home_rows import PAGE
from bot.views.alert_details import alert_details_view
from bot.views.alert_lists import alert_window_view
from bot.views.alert_questions import answer_form, ask_form, render_question
from bot.views.alert_talk import noted
from bot.views.campaign_alert import render_campaign_alert
from bot.views.home import render_home
from storage.got_its import Reader
from tests.views.samples import HANDOFF, NOW, OTHER, hostile, hostile_or_none, make_home

ALERT = HANDOFF
LINK = "https://acme.slack.com/archives/C0SALES/p1790000000000100"
IDS = {"alert_id", "question_id", "changed", "assets"}
"""And links, which are links on purpose: where each leads stands beside it. Their hostile labels are tried below."""
STATES = st.sampled_from(AlertState)


def make_talk(**changes: Any) -> AlertTalk:
    talk = AlertTalk(
        got_it=GotItCounts(got_it=12, earlier=3, asked=20),
        waiting=2,
        leads=LeadsSoFar(handed_over=14, accepted=9, rejected=3, reasons=(("Not a fit", 2), ("Student", 1))),
    )
    return replace(talk, **changes)


def make_alert(**changes: Any) -> CampaignAlertShown:
    alert = CampaignAlertShown(
        alert_id=ALERT,
        version=2,
        state=AlertState.LIVE,
        campaign="Spring webinar",
        campaign_key="spring-webinar",
        owner="Sam Patel",
        buyer_sees="An invitation to our webinar on lane costs.",
        audience="Heads of logistics",
        segment="Enterprise",
        starts_at=NOW,
        ends_at=NOW + timedelta(days=14),
        tz="Europe/Berlin",
        offer="A free check of one lane",
        offer_is_new=True,
        questions=(Expected(text="Is it free?", answer="Yes."), Expected(text="Until when?")),
        lead_looks_like="Asks for the check",
        expected_volume=40,
        cost="€ 1,200",
        assets=(Asset(label="Deck", url="no link"),),
        changed_at=NOW,
        changed=("offer", "starts_at"),
        withdrawn="",
        talk=make_talk(),
    )
    return replace(alert, **changes)


def make_question(**changes: Any) -> QuestionShown:
    question = QuestionShown(
        question_id=OTHER,
        alert_id=ALERT,
        to=To.THREAD,
        campaign="Spring webinar",
        asked_by="Jonas Brandt",
        asked_at=NOW - timedelta(hours=2),
        text="Is it free?",
        answer=None,
        answered_by=None,
        answered_at=None,
        expected=False,
        link=None,
    )
    return replace(question, **changes)


def make_line(**changes: Any) -> QuestionLine:
    line = QuestionLine(
        question_id=OTHER,
        text="Is it free?",
        expected=False,
        asked_by="Jonas Brandt",
        asked_at=NOW,
        answer="Yes, until May.",
        answered_by="Sam Patel",
        answered_at=NOW,
    )
    return replace(line, **changes)


def make_details(**changes: Any) -> AlertDetails:
    details = AlertDetails(
        alert=make_alert(),
        talk=make_talk(),
        is_told=True,
        late_s=3600,
        approved_by="Anna Keller",
        told_at=NOW,
        sent_back="",
        sent_back_by=None,
        link=LINK,
        tab=Tab.CAMPAIGN,
        page=0,
        reader_pages=1,
        questions=(),
        questions_total=1,
        readers=None,
        read_version=None,
        may_get=True,
        may_ask=True,
        may_answer=True,
        may_see_names=True,
        may_edit=True,
        may_approve=False,
    )
    return replace(details, **changes)


def make_readers(**changes: Any) -> Readers:
    readers = Readers(
        read=(Reader(name="Jonas Brandt", is_earlier=True, at=NOW),), read_total=1, missing=("Ines Duarte",),
        missing_total=1,
    )  # fmt: skip
    return replace(readers, **changes)


def make_row(**changes: Any) -> AlertRow:
    row = AlertRow(
        alert_id=ALERT,
        version=1,
        name="Spring webinar",
        offer="A free check of one lane",
        owner="Sam Patel",
        state=AlertState.LIVE,
        starts_at=NOW,
        ends_at=None,
        tz="Europe/Berlin",
        late=True,
        talk=make_talk(),
        read=False,
    )
    return replace(row, **changes)


def make_rows(*rows: AlertRow, total: int | None = None, unread: int = 1) -> AlertRows:
    shown = rows or (make_row(),)
    return AlertRows(rows=shown, total=total or len(shown), page=0, unread=unread)


def make_window(**changes: Any) -> AlertWindow:
    window = AlertWindow(which=Which.OPEN, page=0, pages=2, first=1, total=21, rows=(make_row(),) * 20)
    return replace(window, **changes)


def full_lists() -> dict[str, Any]:
    """As much of campaign alerts as a Home can have."""
    rows = make_rows(*[make_row()] * PAGE, total=99)
    return {"alerts": HomeAlerts(to_approve=rows, mine=rows, to_read=rows)}


hostile_talk = st.builds(
    lambda label: make_talk(leads=LeadsSoFar(handed_over=3, accepted=1, rejected=2, reasons=((label, 2),))), hostile
)
hostile_expected = st.builds(lambda text, answer: Expected(text=text, answer=answer), hostile, hostile)
hostile_assets = st.builds(lambda label: Asset(label=label, url="javascript:alert(1)"), hostile)
hostile_alerts = st.builds(
    make_alert,
    state=STATES,
    campaign=hostile,
    campaign_key=hostile,
    owner=hostile,
    buyer_sees=hostile,
    audience=hostile,
    segment=hostile,
    offer=hostile,
    questions=st.tuples(hostile_expected, hostile_expected),
    lead_looks_like=hostile,
    cost=hostile_or_none,
    assets=st.tuples(hostile_assets),
    withdrawn=hostile,
    talk=hostile_talk,
)
hostile_questions = st.builds(
    make_question,
    to=st.sampled_from(To),
    campaign=hostile,
    asked_by=hostile,
    text=hostile,
    answer=hostile_or_none,
    answered_by=hostile_or_none,
    expected=st.booleans(),
    link=hostile_or_none,
    in_place_of=hostile_or_none,
)
hostile_lines = st.builds(
    make_line,
    text=hostile,
    expected=st.booleans(),
    asked_by=hostile_or_none,
    answer=hostile_or_none,
    answered_by=hostile_or_none,
)
hostile_readers = st.builds(
    lambda name, missing: make_readers(read=(Reader(name=name, is_earlier=False, at=NOW),), missing=(missing,)),
    hostile,
    hostile,
)
hostile_details = st.builds(
    make_details,
    alert=hostile_alerts,
    talk=hostile_talk,
    approved_by=hostile_or_none,
    sent_back=hostile,
    sent_back_by=hostile_or_none,
    link=hostile_or_none,
    tab=st.sampled_from(Tab),
    questions=st.tuples(hostile_lines, hostile_lines),
    readers=hostile_readers,
)
hostile_rows = st.builds(
    make_row, name=hostile, offer=hostile, owner=hostile_or_none, state=STATES, talk=hostile_talk, changed=st.booleans()
)  # fmt: skip
hostile_homes = st.builds(
    lambda row: make_home(alerts=HomeAlerts(to_approve=make_rows(row), mine=make_rows(row), to_read=make_rows(row))),
    hostile_rows,
)
VIEWS: dict[str, Any] = {
    "campaign alert with its talk": (hostile_alerts, render_campaign_alert),
    "question about a campaign": (hostile_questions, render_question),
    "ask about a campaign": (
        st.builds(lambda campaign, owner: AskForm(alert_id=ALERT, campaign=campaign, owner=owner), hostile, hostile),
        ask_form,
    ),
    "answer about a campaign": (
        st.builds(
            AnswerForm, question_id=st.just(OTHER), campaign=hostile, asked_by=hostile, text=hostile, answer=hostile,
            answered_by=hostile_or_none, expected=st.booleans(), seen=st.just(0),
        ),
        answer_form,
    ),
    "all of a campaign alert": (hostile_details, alert_details_view),
    "all campaign alerts": (
        st.builds(lambda row: make_window(rows=(row,)), hostile_rows), alert_window_view
    ),
    "home with campaign alerts": (hostile_homes, render_home),
}  # fmt: skip
NOTED = [
    noted(Pressed(again=again, earlier=earlier, counts=GotItCounts(got_it=1, earlier=0, asked=3)))
    for again in (False, True)
    for earlier in (False, True)
]
