"""What briefs say of campaign alerts and of questions about them, as it is now."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.brief import BriefItem
from bot.domain.budget import Kind
from bot.services import alert_news, alert_question_messages, got_its
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """Title and text are untrusted. `link`: where the alert stands in Slack."""

    title: str
    text: str
    link: str | None


def line(tx: Transaction, item: BriefItem) -> AlertLine:
    """Of an item of CAMPAIGN, CAMPAIGN_NEWS or QUESTION."""
    if item.kind is Kind.QUESTION:
        title, text = alert_question_messages.brief_line(tx, item)
        question = tx.alert_questions.get(item.subject_id)
        return AlertLine(title=title, text=text, link=_link(tx, question.alert_id if question else None))
    reminder = got_its.brief_line(tx, item)
    if reminder is not None:
        title, text = reminder
        return AlertLine(title=title, text=text, link=_link(tx, str(item.data.get("alert_id"))))
    text = alert_news.brief_line(tx, item) or str(item.data.get("text", ""))
    return AlertLine(title=str(item.data.get("title", "")), text=text, link=_link(tx, item.subject_id))


def _link(tx: Transaction, alert_id: str | None) -> str | None:
    return alert_question_messages.link_of(tx, alert_id) if alert_id else None
