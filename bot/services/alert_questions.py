"""Questions about campaign alerts: sales asks, in the alert's thread; marketing answers, and what all should know
stands on the alert from then on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import alert_talk as rules
from bot.domain.campaign_alert import CampaignAlert, Question
from bot.domain.person import Person
from bot.domain.post import PostRole, Subject
from bot.errors import NotAllowed, NotFound, Refused
from bot.services import alert_counts, alert_question_messages, posting
from bot.services.alert_talk import GONE, acting_as, alert_of
from bot.services.people import clicker
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

GONE_QUESTION = "I do not know this question any more."
QUESTION, ANSWER = "question", "answer"
"""Names of the fields."""
ASK_FORM = "ask_form"
"""A form that was sent off, by who sent it and its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuestion:
    """`by` is a Slack id. From the client: not trusted. `request`: an id of the form, by which sending it twice asks
    once."""

    alert_id: str
    by: str
    text: str
    request: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion:
    """`expected`: it is to stand on the alert, for all. `seen`: the instant of the answer the form showed, in whole
    seconds; 0: there was none."""

    question_id: str
    by: str
    text: str
    expected: bool
    seen: int = 0


def ask(tx: Transaction, command: AskQuestion) -> Question:
    """The question stands in the thread of its alert, in each of its channels, and the alert's owner hears of it.
    Raises NotAllowed, PersonUnknown, NotFound, Refused, FormError (question)."""
    person = clicker(tx, command.by).person
    alert = tx.campaign_alerts.lock(command.alert_id)
    if alert is None:
        raise NotFound(GONE)
    refuse_to_ask(person, alert)
    request = f"{person.id}:{command.request}" if command.request else ""
    if request and not tx.seen.first_time(ASK_FORM, request):
        asked = tx.alert_questions.get(str((tx.seen.answer_of(ASK_FORM, request) or {}).get("question")))
        if asked is not None:
            return asked
    question = Question(
        id=tx.new_id(),
        alert_id=alert.id,
        place=tx.alert_questions.next_place(alert.id),
        text=rules.words(command.text, QUESTION, "Write your question."),
        expected=False,
        asked_by=person.id,
        asked_at=tx.now,
    )
    tx.alert_questions.add(question)
    if request:
        tx.seen.remember(ASK_FORM, request, {"question": question.id})
    tx.events.add(
        "campaign.asked", actor=person.id, origin="slack", data={"alert": alert.id, "question": question.id}
    )  # fmt: skip
    for post in tx.posts.of_subject(Subject.CAMPAIGN_ALERT, alert.id):
        if post.place in alert.channels and (post.gone is None or post.waits):
            data: dict[str, object] = {"to": alert_question_messages.To.THREAD.value}
            posting.say(
                tx, Subject.QUESTION, question.id, post.place, PostRole.NOTICE, None, data, thread_of=post
            )  # fmt: skip
    alert_question_messages.tell_asked(tx, alert, question)
    alert_counts.changed(tx, alert.id)
    posting.sync_home(tx, alert.owner_id)
    return question


def answer(tx: Transaction, command: AnswerQuestion) -> Question:
    """The answer stands under the question, wherever that stands, and whoever asked hears of it; an `expected` one on
    the alert, too. Sent twice it is one answer. Raises NotAllowed, PersonUnknown, NotFound, FormError (answer), and
    Refused when somebody else answered meanwhile."""
    person = clicker(tx, command.by).person
    found = tx.alert_questions.get(command.question_id)
    if found is None or found.asked_by is None:
        raise NotFound(GONE_QUESTION)
    alert = tx.campaign_alerts.lock(found.alert_id)
    question = tx.alert_questions.lock(found.id)
    if alert is None or question is None:
        raise NotFound(GONE_QUESTION)
    refuse_to_answer(tx, person, alert)
    text = rules.words(command.text, ANSWER, "Write the answer: whoever asked reads it, and all in the thread.")
    if seen_of(question) != command.seen:
        # Slack may not have heard that it was saved; whoever wrote it then sends the same once more.
        if (question.answered_by, question.answer, question.expected) == (person.id, text, command.expected):
            return question
        by = person_name(tx, question.answered_by)
        raise Refused(f"{by} answered this meanwhile. Nothing of yours was saved: open it again to change the answer.")
    answered = replace(
        question,
        answer=text,
        answered_by=person.id,
        answered_at=tx.now,
        expected=command.expected,
    )
    tx.alert_questions.save(answered)
    tx.events.add(
        "campaign.answered",
        actor=person.id,
        origin="slack",
        data={"alert": alert.id, "question": question.id, "expected": command.expected},
    )
    alert_question_messages.show_again(tx, question.id)
    alert_question_messages.tell_answered(tx, alert, answered)
    if answered.expected or question.expected:
        for post in tx.posts.of_subject(Subject.CAMPAIGN_ALERT, alert.id):
            posting.sync(tx, post)
    alert_counts.changed(tx, alert.id)
    for person_id in (alert.owner_id, question.asked_by):
        posting.sync_home(tx, person_id)
    return answered


def seen_of(question: Question) -> int:
    """The instant of its answer as a form carries it; 0: it has none."""
    return 0 if question.answered_at is None else int(question.answered_at.timestamp())


def refuse_to_ask(person: Person, alert: CampaignAlert) -> None:
    """Raises NotAllowed or Refused unless the person may ask about this alert."""
    why = rules.may_ask(person, alert)
    if why is not None:
        raise Refused(why) if rules.is_sales(person) else NotAllowed(why)


def refuse_to_answer(tx: Transaction, person: Person, alert: CampaignAlert) -> None:
    """Raises NotAllowed unless the person may answer questions about this alert."""
    if (why := rules.may_answer(acting_as(tx, person), alert)) is not None:
        raise NotAllowed(why)


def question_of(tx: Transaction, question_id: str) -> tuple[Question, CampaignAlert]:
    """A question that somebody asked, and its alert. Raises NotFound."""
    question = tx.alert_questions.get(question_id)
    if question is None or question.asked_by is None:
        raise NotFound(GONE_QUESTION)
    return question, alert_of(tx, question.alert_id)
