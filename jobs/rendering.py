"""Which view renders which value."""

from __future__ import annotations

from typing import assert_never

from bot.ports import Message
from bot.services.agreement_news import AgreementNotice
from bot.services.alert_news import AlertNotice
from bot.services.alert_question_messages import QuestionShown
from bot.services.at_risk_list import AtRiskList
from bot.services.brief_content import BriefShown
from bot.services.campaign_alert_shown import CampaignAlertShown
from bot.services.cards import Card
from bot.services.delivery import Said
from bot.services.digests import DigestShown
from bot.services.dispute_messages import CaseShown
from bot.services.floods import Summary
from bot.services.marketing_reminders import AnswerReminder, SettleReminder
from bot.services.milestones import MilestoneShown
from bot.services.note_told import AnswerNotice, QuotedNotice
from bot.services.notices import Alert, Erased, RejectNotice, TouchNotice
from bot.services.reached import ContactReminder
from bot.services.reminder_content import AcceptReminder
from bot.services.reminder_kinds import Reminder
from bot.services.welcome import Welcome
from bot.views.agreement_notice import render_agreement_notice
from bot.views.alert_questions import render_question
from bot.views.at_risk import render_at_risk
from bot.views.brief import render_brief
from bot.views.campaign_alert import render_campaign_alert
from bot.views.campaign_notice import render_alert_notice
from bot.views.digest import render_digest
from bot.views.disputes import render_case
from bot.views.flood_summary import render_summary
from bot.views.handoff_card import render_card
from bot.views.marketing_reminders import render_answer_reminder, render_settle_reminder
from bot.views.milestone import render_milestone
from bot.views.note_answers import render_note_notice
from bot.views.notices import render_alert, render_erased, render_reject_notice, render_touch_notice
from bot.views.practice import render_welcome
from bot.views.reached import render_contact_reminder
from bot.views.reminder import render_accept_reminder


def render(said: Said) -> Message:
    """The message that says it."""
    message: Message
    match said:
        case Card():
            message = render_card(said)
        case RejectNotice():
            message = render_reject_notice(said)
        case TouchNotice():
            message = render_touch_notice(said)
        case Alert():
            message = render_alert(said)
        case BriefShown():
            message = render_brief(said)
        case Summary():
            message = render_summary(said)
        case Welcome():
            message = render_welcome(said)
        case CaseShown():
            message = render_case(said)
        case AcceptReminder() | ContactReminder() | AnswerReminder() | SettleReminder():
            message = _render_reminder(said)
        case AtRiskList():
            message = render_at_risk(said)
        case MilestoneShown() | AgreementNotice() | AnswerNotice() | QuotedNotice() | DigestShown():
            message = _render_news(said)
        case CampaignAlertShown() | AlertNotice() | QuestionShown():
            message = _render_of_campaign(said)
        case Erased():
            message = render_erased(said)
        case _:
            assert_never(said)
    return message


def _render_of_campaign(said: CampaignAlertShown | AlertNotice | QuestionShown) -> Message:
    match said:
        case CampaignAlertShown():
            return render_campaign_alert(said)
        case AlertNotice():
            return render_alert_notice(said)
        case QuestionShown():
            return render_question(said)
        case _:
            assert_never(said)


def _render_news(said: MilestoneShown | AgreementNotice | AnswerNotice | QuotedNotice | DigestShown) -> Message:
    match said:
        case MilestoneShown():
            return render_milestone(said)
        case AgreementNotice():
            return render_agreement_notice(said)
        case AnswerNotice() | QuotedNotice():
            return render_note_notice(said)
        case DigestShown():
            return render_digest(said)
        case _:
            assert_never(said)


def _render_reminder(said: Reminder) -> Message:
    match said:
        case AcceptReminder():
            return render_accept_reminder(said)
        case ContactReminder():
            return render_contact_reminder(said)
        case AnswerReminder():
            return render_answer_reminder(said)
        case SettleReminder():
            return render_settle_reminder(said)
        case _:
            assert_never(said)
