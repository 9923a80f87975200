"""What the forms to ask about a campaign alert, and to answer, show."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services import alert_questions
from bot.services.alert_talk import alert_of, campaign_name
from bot.services.people import clicker
from bot.services.whereabouts import person_name
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForm:
    """Names are untrusted."""

    alert_id: str
    campaign: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerForm:
    """A question and what was answered so far. Text untrusted, and whole. `seen`: of which answer."""

    question_id: str
    campaign: str
    asked_by: str
    text: str
    answer: str
    answered_by: str | None
    expected: bool
    seen: int


def ask_form(tx: Transaction, alert_id: str, by: str) -> AskForm:
    """Raises NotAllowed, PersonUnknown, NotFound, Refused."""
    person = clicker(tx, by).person
    alert = alert_of(tx, alert_id)
    alert_questions.refuse_to_ask(person, alert)
    return AskForm(alert_id=alert.id, campaign=campaign_name(tx, alert), owner=person_name(tx, alert.owner_id))


def answer_form(tx: Transaction, question_id: str, by: str) -> AnswerForm:
    """Raises NotAllowed, PersonUnknown, NotFound."""
    person = clicker(tx, by).person
    question, alert = alert_questions.question_of(tx, question_id)
    alert_questions.refuse_to_answer(tx, person, alert)
    return AnswerForm(
        question_id=question.id,
        campaign=campaign_name(tx, alert),
        asked_by=person_name(tx, question.asked_by),
        text=question.text,
        answer=question.answer or "",
        answered_by=person_name(tx, question.answered_by) if question.answered_by else None,
        expected=question.expected,
        seen=alert_questions.seen_of(question),
    )
