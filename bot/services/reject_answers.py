"""What marketing answers to a reject that counts against it, under its own window. Silence is never an answer: what
runs out is counted as missed, told to marketing's manager, then to the one above, and stays listed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.budget import Kind
from bot.domain.countdown import CountdownKind
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.person import Person, Role, Side
from bot.domain.post import PostRole, Subject
from bot.domain.recycling import RejectAnswer, may_answer
from bot.domain.reject_answer import AnswerState, AnswerToReject, Asked, next_asked
from bot.domain.rights import manages_marketing
from bot.errors import NotAllowed, NotFound, Refused
from bot.services import announcements, briefs, countdowns, deciders, posting, reminders
from bot.services.deputies import deputy_of, in_place_of
from bot.services.marketers import marketer
from bot.services.people import clicker
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

NOT_YOURS = "Only whoever handed this lead over, or marketing's manager, can answer this reject."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReject:
    """`by` is the Slack id of the one who clicked; the rest came back from the client and is not trusted."""

    handoff_id: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A reject that somebody may answer: locked, and still without an answer."""

    person: Person
    answer: AnswerToReject
    handoff: Handoff
    lead: Lead


def open_for(tx: Transaction, handoff: Handoff, lead: Lead) -> AnswerToReject | None:
    """Marketing is asked for its answer to this reject, and its window runs. None for a reject that does not count
    against marketing, and for a practice lead. The caller holds the lead's lock."""
    reason = handoff.terms.reason(handoff.rejection.reason) if handoff.rejection else None
    if reason is None or not reason.counts_against_marketing or lead.practice:
        return None
    asked = whom_to_ask(tx, handoff)
    answer = AnswerToReject(
        handoff_id=handoff.id,
        lead_id=lead.id,
        campaign_id=handoff.campaign_id,
        reason=reason.code,
        asked_id=asked.id if asked else None,
        asked_at=tx.now,
    )
    tx.reject_answers.add(answer)
    if asked is not None or tx.config.marketing_channel is not None:
        start_window(tx, handoff, asked)
    posting.sync_home(tx, answer.asked_id)
    return answer


def accept_reject(tx: Transaction, command: AnswerReject) -> AnswerToReject:
    """Marketing says that the reason is right. Raises NotAllowed, PersonUnknown, NotFound, and Refused when it is
    answered already."""
    return give(tx, to_answer(tx, command, RejectAnswer.ACCEPTED), AnswerState.ACCEPTED, "")


def to_answer(
    tx: Transaction, command: AnswerReject, kind: RejectAnswer, *, what_changed: str = "-"
) -> Question:  # fmt: skip
    """Who answers what, with the lead locked. Raises NotAllowed, PersonUnknown, NotFound, and Refused when this
    answer cannot be given (any more)."""
    person = clicker(tx, command.by).person
    found = tx.reject_answers.get(command.handoff_id)
    if found is None:
        raise NotFound("This reject does not count against marketing: there is nothing to answer.")
    refuse_others(tx, person, found)
    lead = tx.leads.lock(found.lead_id)
    answer, handoff = tx.reject_answers.get(command.handoff_id), tx.handoffs.get(command.handoff_id)
    if lead is None or answer is None or handoff is None or lead.erased_at is not None:
        raise NotFound("This lead is not there any more.")
    refuse_answer(tx, answer, lead, kind, what_changed=what_changed)
    return Question(person=person, answer=answer, handoff=handoff, lead=lead)


def refuse_answer(
    tx: Transaction, answer: AnswerToReject, lead: Lead, kind: RejectAnswer, *, what_changed: str = "-"
) -> None:  # fmt: skip
    """Raises Refused, with who was first, unless `kind` can be answered."""
    sentence = may_answer(kind, counts=True, answered=answer.given, stage=lead.stage, what_changed=what_changed)
    if sentence is not None and answer.given is not None:
        sentence = f"{person_name(tx, answer.answered_by)} has answered this reject already: {answer.given.value}."
    if sentence is not None:
        raise Refused(sentence)


def refuse_others(tx: Transaction, person: Person, answer: AnswerToReject) -> None:
    """Raises NotAllowed unless this person may answer: who is asked, managers of marketing, and whoever stands in for
    one of them; once it went above marketing's manager, whoever heard of it there."""
    if is_theirs(tx, person, answer):
        return
    raise NotAllowed(NOT_YOURS)


def is_theirs(tx: Transaction, person: Person, answer: AnswerToReject) -> bool:
    """Whether this person may answer it."""
    handoff = tx.handoffs.get(answer.handoff_id)
    owner = marketer(tx, handoff) if handoff is not None else None
    mine = {answer.asked_id, owner.id if owner else None}

    def answers(one: Person) -> bool:
        nobodys = answer.asked_id is None and one.has(Role.MARKETER)
        return one.id in mine or manages_marketing(one) or nobodys

    return answers(person) or bool(in_place_of(tx, person, answers))


def may_dispute(person: Person) -> bool:
    """Whether this person speaks for marketing: others fix what they handed over, or accept the reason."""
    return person.on_roster and person.side in (Side.MARKETING, Side.LEADERSHIP)


def give(tx: Transaction, question: Question, state: AnswerState, said: str) -> AnswerToReject:
    """The answer is stored, its window has ended, other systems hear of it, and messages and Homes follow."""
    answer, lead, person = question.answer, question.lead, question.person
    given = replace(answer, state=state, answered_by=person.id, answered_at=tx.now, said=said)
    tx.reject_answers.save(given)
    countdowns.stop(tx, CountdownKind.ANSWER_REJECT, answer.handoff_id)
    data = {"answer": state.value, "note": said or None, "in_time": given.missed_at is None}
    event = tx.events.add(
        "reject.answered", lead_id=lead.id, handoff_id=answer.handoff_id, actor=person.id, origin="slack", data=data
    )  # fmt: skip
    announcements.announce(tx, event)
    show_again(tx, given, person.id)
    return given


def show_again(tx: Transaction, answer: AnswerToReject, *people: str | None) -> None:
    """The messages about the reject show how it stands now, and so do the Homes of those whom it concerns."""
    for post in tx.posts.of_subject(Subject.REJECT_NOTICE, answer.handoff_id):
        posting.sync(tx, post)
    for person_id in dict.fromkeys((answer.asked_id, *people)):
        posting.sync_home(tx, person_id)


def window_over(tx: Transaction, handoff_id: str) -> None:
    """Nobody answered in time: it is counted, whoever is next in line hears of it and has a window of their own, and
    after the last of them it stays listed. Nothing is answered for anybody."""
    answer = tx.reject_answers.get(handoff_id)
    lead = tx.leads.lock(answer.lead_id) if answer else None
    answer, handoff = tx.reject_answers.get(handoff_id), tx.handoffs.get(handoff_id)
    if answer is None or lead is None or handoff is None or not answer.is_waiting:
        return
    following = next_asked(answer.asked)
    reader = _next_reader(tx, answer, following) if following else None
    late = replace(answer, missed_at=answer.missed_at or tx.now, asked=following or answer.asked)
    tx.reject_answers.save(late)
    if answer.missed_at is None:
        tx.events.add("reject.unanswered", lead_id=lead.id, handoff_id=handoff.id, origin="timer")
    show_again(tx, late)
    countdowns.miss(tx, CountdownKind.ANSWER_REJECT, handoff.id)
    if reader is not None:
        start_window(tx, handoff, reader)
        running = countdowns.of(tx, CountdownKind.ANSWER_REJECT, handoff.id)
        if running is not None:
            reminders.sync(tx, running)
        _tell_late(tx, deputy_of(tx, reader) or reader, late, lead)


def forget(tx: Transaction, lead_id: str) -> None:
    """The person is erased: nothing of what was said of them is left, and nobody is asked any more."""
    for answer in tx.reject_answers.of_lead(lead_id):
        state = AnswerState.VOID if answer.is_waiting else answer.state
        tx.reject_answers.save(replace(answer, state=state, said=""))
        if answer.is_waiting:
            countdowns.stop(tx, CountdownKind.ANSWER_REJECT, answer.handoff_id, void=True)
            posting.sync_home(tx, answer.asked_id)


def whom_to_ask(tx: Transaction, handoff: Handoff) -> Person | None:
    """The campaign's owner, or who handed the lead over in Slack; else a manager of marketing."""
    owner = marketer(tx, handoff)
    if owner is not None and posting.reads(owner) is not None:
        return owner
    return deciders.manager_of(tx, Side.MARKETING, None)


def _next_reader(tx: Transaction, answer: AnswerToReject, following: Asked) -> Person | None:
    """Marketing's manager; after them the manager's manager, else the arbiter. Nobody hears of it twice."""
    asked = tx.people.get(answer.asked_id) if answer.asked_id else None
    manager = deciders.manager_of(tx, Side.MARKETING, asked, but=answer.asked_id)
    if following is Asked.MANAGER or manager is None:
        return manager
    above = tx.people.get(manager.manager_id) if manager.manager_id else None
    if above is not None and posting.reads(above) is not None and above.id != answer.asked_id:
        return above
    return deciders.arbiter(tx, but={answer.asked_id, manager.id})


def start_window(tx: Transaction, handoff: Handoff, person: Person | None) -> None:
    """The whole window for an answer runs, for this person; None: for everybody."""
    countdowns.start(
        tx,
        CountdownKind.ANSWER_REJECT,
        handoff.id,
        window=timedelta(minutes=handoff.terms.marketing.answer_reject),
        terms=handoff.terms,
        agreement_id=handoff.agreement_id,
        lead_id=handoff.lead_id,
        owner_id=person.id if person else None,
    )


def _tell_late(tx: Transaction, reader: Person, answer: AnswerToReject, lead: Lead) -> None:
    place = posting.reads(reader)
    if place is None:
        return

    def live() -> None:
        data: dict[str, object] = {"late": True}
        posting.say(tx, Subject.REJECT_NOTICE, answer.handoff_id, place, PostRole.NOTICE, lead.id, data)

    briefs.tell(tx, reader, Kind.ESCALATION, answer.handoff_id, lead.id, {}, live)
    posting.sync_home(tx, reader.id)
