"""All of a campaign alert, in a window: itself, its questions, and for owner and managers who has read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain import alert_talk as rules
from bot.domain.campaign_alert import AlertState, CampaignAlert
from bot.domain.rights import Clicker
from bot.errors import NotAllowed
from bot.services import alert_news, alert_question_messages, alert_rights, campaign_alert_shown
from bot.services.alert_talk import AlertTalk, acting_as, alert_of, talk_of
from bot.services.campaign_alert_shown import CampaignAlertShown
from bot.services.people import clicker
from bot.services.whereabouts import person_name
from storage.got_its import Reader
from storage.transaction import Transaction

QUESTIONS = 300
"""So many of one alert are read: what waits for an answer, then what stands on it, then the others."""
READERS_PAGE = 50
REASONS = 20


class Tab(StrEnum):
    """A part of the window."""

    CAMPAIGN = "campaign"
    QUESTIONS = "questions"
    READERS = "readers"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """A question with its answer. Text and names untrusted, and whole. `asked_by` None: the owner expected it."""

    question_id: str
    text: str
    expected: bool
    asked_by: str | None
    asked_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who has said *Got it*, by name, and who of those asked has not; a page of each. Names untrusted."""

    read: tuple[Reader, ...]
    read_total: int
    missing: tuple[str, ...]
    missing_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDetails:
    """A page, from 0, of one part of an alert, for one reader. `read_version`: which version they said *Got it* to.
    `readers` None: not for this reader. `approved_by`: untrusted."""

    alert: CampaignAlertShown
    talk: AlertTalk
    is_told: bool
    late_s: int | None
    approved_by: str | None
    told_at: datetime | None
    sent_back: str
    sent_back_by: str | None
    link: str | None
    tab: Tab
    page: int
    reader_pages: int
    """How many pages of readers there are; how many of the other parts is for the view to say."""
    questions: tuple[QuestionLine, ...]
    questions_total: int
    readers: Readers | None
    read_version: int | None
    may_get: bool
    may_ask: bool
    may_answer: bool
    may_see_names: bool
    may_edit: bool
    """Also one that has ended: a later end brings it back."""
    may_approve: bool


def load_details(tx: Transaction, alert_id: str, by: str, tab: Tab = Tab.CAMPAIGN, page: int = 0) -> AlertDetails:
    """What `by` (Slack id) may see of it. Raises NotAllowed, PersonUnknown, NotFound."""
    who = clicker(tx, by)
    alert = alert_of(tx, alert_id)
    refusal = alert_rights.why_not_read(tx, who, alert)
    if refusal is not None:
        raise NotAllowed(refusal)
    acting = acting_as(tx, who.person)
    names = rules.may_see_names(acting, alert) is None
    if tab is Tab.READERS and not names:
        raise NotAllowed(rules.may_see_names(acting, alert) or "")
    total = tx.alert_questions.count_listed(alert.id)
    pages = 1
    questions: tuple[QuestionLine, ...] = ()
    readers: Readers | None = None
    if tab is Tab.QUESTIONS:
        questions = _questions(tx, alert.id)
    elif tab is Tab.READERS:
        readers, pages = _readers(tx, alert, page)
        page = min(page, pages - 1)
    return AlertDetails(
        alert=campaign_alert_shown.shown(tx, alert),
        talk=talk_of(tx, [alert.id], reasons=REASONS)[alert.id],
        is_told=alert.told_at is not None and alert.state is not AlertState.WITHDRAWN,
        late_s=alert.late_s,
        approved_by=person_name(tx, alert.approved_by) if alert.approved_by else None,
        told_at=alert.told_at,
        sent_back=alert.sent_back if alert.state is AlertState.DRAFT else "",
        sent_back_by=alert_news.sent_back_by(tx, alert),
        link=alert_question_messages.link_of(tx, alert.id),
        tab=tab,
        page=page,
        reader_pages=pages,
        questions=questions,
        questions_total=total,
        readers=readers,
        read_version=tx.got_its.of_person(who.person.id, [alert.id]).get(alert.id),
        may_get=rules.may_get(who.person, alert) is None,
        may_ask=rules.may_ask(who.person, alert) is None,
        may_answer=rules.may_answer(acting, alert) is None,
        may_see_names=names,
        may_edit=_may_edit(tx, who, alert),
        may_approve=alert.state is AlertState.PROPOSED and alert_rights.why_not_approve(who) is None,
    )


def _may_edit(tx: Transaction, who: Clicker, alert: CampaignAlert) -> bool:
    return alert.state is not AlertState.WITHDRAWN and alert_rights.why_not_edit(tx, who, alert) is None


def _readers(tx: Transaction, alert: CampaignAlert, page: int) -> tuple[Readers, int]:
    read, missing = tx.got_its.count_read_by(alert.id), tx.got_its.count_missing(alert.id)
    pages = max(1, -(-max(read, missing) // READERS_PAGE))
    skipped = min(page, pages - 1) * READERS_PAGE
    readers = Readers(
        read=tuple(tx.got_its.read_by(alert.id, READERS_PAGE, skipped)),
        read_total=read,
        missing=tuple(tx.got_its.missing(alert.id, READERS_PAGE, skipped)),
        missing_total=missing,
    )
    return readers, pages


def _questions(tx: Transaction, alert_id: str) -> tuple[QuestionLine, ...]:
    found = tx.alert_questions.listed(alert_id, QUESTIONS)
    people = tx.people.get_many(one for each in found for one in (each.asked_by, each.answered_by) if one is not None)
    names = {person.id: person.name for person in people.values()}

    def name(person_id: str | None) -> str | None:
        return names.get(person_id, "somebody who left") if person_id is not None else None

    return tuple(
        QuestionLine(
            question_id=one.id,
            text=one.text,
            expected=one.expected,
            asked_by=name(one.asked_by),
            asked_at=one.asked_at,
            answer=one.answer,
            answered_by=name(one.answered_by),
            answered_at=one.answered_at,
        )
        for one in found
    )
