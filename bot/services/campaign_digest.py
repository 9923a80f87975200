"""What the digest of campaigns says: which start, run and ended, what came of them, and what is not answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.digest_frame import Frame
from bot.services.home_campaigns import reason_labels
from storage.digest_campaigns import AlertRow, OpenQuestion
from storage.transaction import Transaction

STARTING, RUNNING, ENDED, QUESTIONS, UNREAD = 2, 3, 2, 1, 3
"""Lines of each list: with head and foot a phone's screen or two."""
TIME_TO_READ = timedelta(days=1)
"""So long after sales was told of a campaign nobody counts who has got it."""
LOOKED_AT = 500
"""Campaigns that start or run of which it is counted who has got them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLine:
    """A campaign sales was told of. Leads since then, each counted once in each number; `reason`: why most were
    rejected, and how many. Text untrusted."""

    id: str
    name: str
    starts_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    offer: str
    expected: int | None
    leads: int = 0
    accepted: int = 0
    rejected: int = 0
    reason: tuple[str, int] | None = None

    @property
    def decided(self) -> int:
        return self.accepted + self.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """A question of sales without an answer. Text and name are untrusted."""

    alert_id: str
    name: str
    text: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadLine:
    """A campaign of which fewer than half of those `asked` have said *Got it*. The name is untrusted."""

    alert_id: str
    name: str
    got_it: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDigest:
    """The first few campaigns of each list, and how many there are of each. `starting`: started in the period, or still
    to come; `running`: since before it; `ended`: in it."""

    frame: Frame
    starting: tuple[CampaignLine, ...] = ()
    starting_total: int = 0
    running: tuple[CampaignLine, ...] = ()
    running_total: int = 0
    ended: tuple[CampaignLine, ...] = ()
    ended_total: int = 0
    questions: tuple[QuestionLine, ...] = ()
    questions_total: int = 0
    unread: tuple[UnreadLine, ...] = ()
    unread_total: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.starting_total or self.running_total or self.ended_total or self.questions_total)


def load_campaigns(tx: Transaction, frame: Frame) -> CampaignDigest:
    """What is known of the campaigns of the period; everybody in sales may read it."""
    found, since, until = tx.digest_campaigns, frame.from_at, frame.until_at
    starting = found.starting(since, until, STARTING)
    running = found.running(since, until, RUNNING)
    ended = found.ended(since, until, ENDED)
    lines = {one.id: one for one in campaign_lines(tx, [*starting, *running, *ended])}
    unread = unread_lines(tx, until)
    return CampaignDigest(
        frame=frame,
        starting=tuple(lines[one.id] for one in starting),
        starting_total=found.count_starting(since, until) if starting else 0,
        running=tuple(lines[one.id] for one in running),
        running_total=found.count_running(since, until) if running else 0,
        ended=tuple(lines[one.id] for one in ended),
        ended_total=found.count_ended(since, until) if ended else 0,
        questions=question_lines(found.questions(until, QUESTIONS)),
        questions_total=found.count_questions(until),
        unread=unread[:UNREAD],
        unread_total=len(unread),
    )


def campaign_lines(tx: Transaction, alerts: Sequence[AlertRow]) -> tuple[CampaignLine, ...]:
    """Each of these alerts with what came of its campaign's leads, in their order."""
    leads = tx.alert_lists.leads([one.id for one in alerts])
    labels = reason_labels(tx) if alerts else {}
    lines = []
    for one in alerts:
        numbers = leads[one.id]
        top = max(numbers.reasons, key=lambda code: (numbers.reasons[code], code), default=None)
        lines.append(
            CampaignLine(
                id=one.id,
                name=one.name,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                ended_at=one.ended_at,
                offer=one.offer,
                expected=one.expected_volume,
                leads=numbers.handed_over,
                accepted=numbers.accepted,
                rejected=numbers.rejected,
                reason=None if top is None else (labels.get(top, top), numbers.reasons[top]),
            )
        )
    return tuple(lines)


def question_lines(questions: Sequence[OpenQuestion]) -> tuple[QuestionLine, ...]:
    return tuple(
        QuestionLine(alert_id=one.alert_id, name=one.name, text=one.text, asked_at=one.asked_at) for one in questions
    )


def unread_lines(tx: Transaction, until: datetime) -> tuple[UnreadLine, ...]:
    """What sales had time to read and most have not, the least read first."""
    ids = tx.digest_campaigns.told_before(until - TIME_TO_READ, until, LOOKED_AT)
    counts = tx.got_its.counts(ids)
    many = [one for one in ids if counts[one].asked and 2 * counts[one].got_it < counts[one].asked]
    names = tx.digest_campaigns.names(many)
    lines = [
        UnreadLine(alert_id=one, name=names[one], got_it=counts[one].got_it, asked=counts[one].asked) for one in many
    ]
    return tuple(sorted(lines, key=lambda one: (one.got_it / one.asked, one.alert_id)))
