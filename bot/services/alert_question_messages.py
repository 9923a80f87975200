"""What people read of a question about a campaign alert: all in its thread, its owner, and whoever asked. Each is one
message, which follows the question; and what its forms show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.brief import BriefItem
from bot.domain.budget import Kind
from bot.domain.campaign_alert import CampaignAlert, Question
from bot.domain.person import Person, Side
from bot.domain.post import Post, PostRole, Subject
from bot.services import briefs, deciders, posting
from bot.services.alert_talk import campaign_name
from bot.services.deputies import stand_in
from bot.services.whereabouts import person_name
from bot.services.workspace import post_link
from storage.transaction import Transaction


class To(StrEnum):
    """For whom a message about a question is."""

    THREAD = "thread"
    OWNER = "owner"
    ASKER = "asker"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionShown:
    """A question as it stands now. Text and names are untrusted, and whole. `link`: where the alert stands, with the
    question in its thread. `in_place_of`: the absent owner for whom it is read."""

    question_id: str
    alert_id: str
    to: To
    campaign: str
    asked_by: str
    asked_at: datetime
    text: str
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    expected: bool
    link: str | None
    in_place_of: str | None = None


def tell_asked(tx: Transaction, alert: CampaignAlert, question: Question) -> None:
    """The alert's owner hears of it as they chose, or whoever stands in for them; where Slack knows neither,
    marketing's manager. Nobody is told of their own question."""
    owner = tx.people.get(alert.owner_id)
    reader = stand_in(tx, owner) if owner is not None and owner.on_roster else None
    if posting.reads(reader) is None:
        reader = deciders.manager_of(tx, Side.MARKETING, owner, but=question.asked_by)
    if reader is None or reader.id == question.asked_by:
        return
    for_id = alert.owner_id if reader.id != alert.owner_id else None
    _tell(tx, reader, question, To.OWNER, for_id=for_id)


def tell_answered(tx: Transaction, alert: CampaignAlert, question: Question) -> None:
    """Whoever asked hears of the answer as they chose, once: an answer that is changed later shows where they read it.
    Where it waited in the brief of the owner, or of who answered, it is not said any more."""
    waited = {one for one in (alert.owner_id, question.answered_by) if one is not None}
    tx.briefs.forget_one(sorted(waited), Kind.QUESTION, question.id)
    if not tx.seen.first_time("question", question.id):
        return
    asker = tx.people.get(question.asked_by) if question.asked_by else None
    if asker is not None and posting.reads(asker) is not None and asker.id != question.answered_by:
        _tell(tx, asker, question, To.ASKER)


def show_again(tx: Transaction, question_id: str) -> None:
    """Every message about the question shows it as it is now."""
    for post in tx.posts.of_subject(Subject.QUESTION, question_id):
        posting.sync(tx, post)


def load_question(tx: Transaction, post: Post) -> QuestionShown | None:
    """The question where it stands; None when it is not there any more."""
    question = tx.alert_questions.get(post.subject_id)
    alert = tx.campaign_alerts.get(question.alert_id) if question is not None else None
    if question is None or alert is None or question.asked_by is None:
        return None
    to = To(post.data.get("to", To.THREAD.value))
    for_id = post.data.get("for")
    return QuestionShown(
        question_id=question.id,
        alert_id=alert.id,
        to=to,
        campaign=campaign_name(tx, alert),
        asked_by=person_name(tx, question.asked_by),
        asked_at=question.asked_at,
        text=question.text,
        answer=question.answer,
        answered_by=person_name(tx, question.answered_by) if question.answered_by else None,
        answered_at=question.answered_at,
        expected=question.expected,
        link=None if to is To.THREAD else link_of(tx, alert.id),
        in_place_of=person_name(tx, for_id) if for_id else None,
    )


def link_of(tx: Transaction, alert_id: str) -> str | None:
    """Where the alert stands in Slack, the first of its channels; None where it is not shown."""
    shown = (post_link(tx, post) for post in tx.posts.of_subject(Subject.CAMPAIGN_ALERT, alert_id))
    return next((link for link in shown if link is not None), None)


def brief_line(tx: Transaction, item: BriefItem) -> tuple[str, str]:
    """What a brief says of a question, as it is now: title and text, both untrusted."""
    question = tx.alert_questions.get(item.subject_id)
    alert = tx.campaign_alerts.get(question.alert_id) if question is not None else None
    if question is None or alert is None:
        return "A question", "It is not there any more."
    name = campaign_name(tx, alert)
    if question.answer is None:
        return name, f"{person_name(tx, question.asked_by)} asks: {question.text}"
    if item.data.get("to") == To.ASKER:
        return name, f"{person_name(tx, question.answered_by)} answers: {question.answer}"
    return name, f"Answered by {person_name(tx, question.answered_by)}: {question.text}"


def _tell(tx: Transaction, person: Person, question: Question, to: To, *, for_id: str | None = None) -> None:
    data: dict[str, object] = {"to": to.value, **({"for": for_id} if for_id else {})}

    def live() -> Post:
        place = person.slack_id or ""
        return posting.say(tx, Subject.QUESTION, question.id, place, PostRole.NOTICE, None, data)

    briefs.tell(tx, person, Kind.QUESTION, question.id, None, data, live)
