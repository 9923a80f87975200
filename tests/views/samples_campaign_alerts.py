"""Values about making and approving campaign alerts; hostile ones in every text field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.campaign_alert import AlertState, Asset
from bot.services.alert_news import About, AlertNotice
from bot.services.alert_times import LeadTime
from bot.services.campaign_alert_form import AlertForm
from bot.services.campaign_alert_preview import Preview
from bot.services.forms import Choice
from bot.views.campaign_alert_form import alert_form, preview_view, send_back_form, withdraw_form
from bot.views.campaign_notice import render_alert_notice
from tests.views.samples import HANDOFF, NOW, OWNER, hostile, hostile_or_none
from tests.views.samples_alert_talk import hostile_alerts, make_alert

IDS = {
    "alert_id", "owner_id", "channels", "value", "start_date", "start_time", "end_date", "end_time",
    "currency", "tz", "url", "changed", "questions_seen",
}  # fmt: skip
LEAD_TIME = LeadTime(window=timedelta(hours=24), last_moment=NOW + timedelta(days=1), late=None, trial=False)
LEAD_TIMES = st.sampled_from(
    [LEAD_TIME, replace(LEAD_TIME, late=timedelta(hours=3)), replace(LEAD_TIME, last_moment=None, trial=True)]
)
LINK = "https://brightwater.slack.com/archives/C012345/p1700000000000100"


def make_form(**changes: Any) -> AlertForm:
    form = AlertForm(
        alert_id=HANDOFF,
        version=2,
        tz="Europe/Berlin",
        campaigns=(Choice(value="c1", label="Spring webinar"), Choice(value="c2", label="Fair")),
        campaign="c1",
        owner=OWNER,
        buyer_sees="Join our webinar.",
        audience="Heads of logistics",
        segment="Enterprise",
        start_date="2026-03-12",
        start_time="10:00",
        end_date="2026-03-20",
        end_time="18:00",
        offers=(Choice(value="o1", label="Two months free"),),
        offer="o1",
        new_offer="",
        questions=("Q: Is it free?\nA: Yes.",),
        lead_looks_like="Signed up",
        assets="Page | https://example.com/spring",
        volume=120,
        cost="12000",
        currency="EUR",
        channels=("C0SALES",),
    )
    return replace(form, **changes)


def make_preview(**changes: Any) -> Preview:
    preview = Preview(alert=make_alert(talk=None, is_preview=True), lead_time=LEAD_TIME, can_edit=True)
    return replace(preview, **changes)


def make_notice(**changes: Any) -> AlertNotice:
    notice = AlertNotice(
        about=About.APPROVE,
        alert=make_alert(state=AlertState.PROPOSED, talk=None, is_preview=True),
        lead_time=LEAD_TIME,
        proposed_at=NOW,
        approved_by=None,
        sent_back="",
        sent_back_by=None,
        may_approve=True,
        in_place_of=None,
        link=LINK,
    )
    return replace(notice, **changes)


hostile_forms = st.builds(
    lambda text, name, state, kept: make_form(
        state=state,
        campaigns=(Choice(value="c1", label=text),),
        hidden_owner=name,
        buyer_sees=text,
        audience=text,
        segment=text,
        offers=(Choice(value="o1", label=text),),
        new_offer=text,
        questions=(text, text),
        questions_kept=kept,
        lead_looks_like=text,
        assets=text,
        cost=text[:40],
        sent_back=text,
        sent_back_by=name,
    ),
    hostile,
    hostile_or_none,
    st.sampled_from(AlertState),
    st.integers(0, 2),
)
hostile_shown = st.builds(
    lambda alert, label: replace(alert, assets=(Asset(label=label, url="https://content.example.com/deck"),)),
    hostile_alerts,
    hostile,
)
hostile_previews = st.builds(
    Preview,
    alert=hostile_shown,
    lead_time=LEAD_TIMES,
    missing=st.sampled_from([(), ("Audience", "Sales channels")]),
    can_propose=st.booleans(),
    can_approve=st.booleans(),
    can_edit=st.booleans(),
    needs_approval=st.booleans(),
    is_typed=st.booleans(),
)
hostile_notices = st.builds(
    AlertNotice,
    about=st.sampled_from(About),
    alert=hostile_shown,
    lead_time=LEAD_TIMES,
    proposed_at=st.just(NOW),
    approved_by=hostile_or_none,
    sent_back=hostile,
    sent_back_by=hostile_or_none,
    may_approve=st.booleans(),
    in_place_of=hostile_or_none,
    link=st.none() | hostile,
)
VIEWS: dict[str, Any] = {
    "form of a campaign alert": (hostile_forms, alert_form),
    "preview of a campaign alert": (hostile_previews, preview_view),
    "send a campaign alert back": (hostile_previews, send_back_form),
    "withdraw a campaign alert": (hostile_previews, withdraw_form),
    "notice of a campaign alert": (hostile_notices, render_alert_notice),
}
