"""Where something we said stands in Slack, what is still to be said, and what is due when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class PostRole(StrEnum):
    PRIMARY = "primary"
    """The card with the decision buttons."""
    MIRROR = "mirror"
    """A copy without them."""
    NOTICE = "notice"
    """Something people are told."""


class Subject(StrEnum):
    """What a post shows; each has a `load` in services and a `render` in views."""

    HANDOFF = "handoff"
    """The card. subject_id: the handoff."""
    REJECT_NOTICE = "reject_notice"
    """Marketing hears of a reject; follows the lead. subject_id: the rejected handoff."""
    TOUCH_NOTICE = "touch_notice"
    """The owner hears that their lead came back. subject_id: the lead; data: see services/notices.py."""
    ALERT = "alert"
    """The admin hears what could not be said. data: {"title", "text"}."""
    SUMMARY = "summary"
    """The leads whose cards did not fit into a channel any more: the posts that are `listed_in` this one."""
    WELCOME = "welcome"
    """What a new rep reads first. subject_id: the person."""
    BRIEF = "brief"
    """Everything one person is told at once. subject_id: the brief."""
    REMINDER = "reminder"
    """A window runs out. subject_id: the countdown; data: {"step"}."""
    AT_RISK = "at_risk"
    """A manager's one rolling message of what is at risk. subject_id: the manager."""
    AGREEMENT = "agreement"
    """A version of the agreement is proposed, signed, in force. subject_id: the agreement."""
    DISPUTE = "dispute"
    """A dispute or disagreement, with those who settle it. subject_id: the dispute."""
    MILESTONE = "milestone"
    """A campaign's first SQL or first win. subject_id: the campaign; data: {"what", "lead_id"}."""
    NOTE_NOTICE = "note_notice"
    """Somebody hears of a field note at once: its author of an answer, or whoever wrote a private message that it was
    saved. subject_id: the note; data: {"what"}."""
    CAMPAIGN_ALERT = "campaign_alert"
    """What buyers are about to see, in a channel of sales. subject_id: the campaign alert."""
    CAMPAIGN_NOTICE = "campaign_notice"
    """One person, or a channel on its eve, hears of a campaign alert. subject_id: the alert; data: {"what"}."""
    QUESTION = "question"
    """A question about a campaign, with its answer, in the thread of its alert. subject_id: the question."""
    DIGEST = "digest"
    """A scheduled digest. subject_id: the digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """`place` is a Slack channel id, or a user id for that person's direct message.

    `channel` and `ts` are None until Slack has it. `key` is the opaque id carried in the message's metadata.
    `shown_version` grows with each successful sync. `gone` says why it is shown no more (permanent error); if that
    can be mended, the post `waits` for it. `listed_in` is the summary that stands for it: a card never shown itself.
    `thread_of` is the post of the same place in whose thread it stands, once that one is shown there.
    """

    id: str
    subject: Subject
    subject_id: str
    lead_id: str | None
    place: str
    role: PostRole
    key: str
    channel: str | None = None
    ts: str | None = None
    shown_version: int = 0
    gone: str | None = None
    listed_in: str | None = None
    thread_of: str | None = None
    waits: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    created_at: datetime
    posted_at: datetime | None = None
    """When it was first shown."""


class OutboxKind(StrEnum):
    SYNC_POST = "sync_post"
    """Bring Slack to the present state of a post. subject_id: post id. lane: the post's place."""
    SYNC_HOME = "sync_home"
    """Publish a person's Home again. subject_id: person id. lane: `home:<person id>`."""
    REFRESH_PERSON = "refresh_person"
    """Ask Slack about one account. subject_id: Slack user id. lane: `people`."""
    REFRESH_PEOPLE = "refresh_people"
    """Ask Slack about the next few of the roster. subject_id: the instant since which everybody is to be asked, ISO.
    lane: `roster`."""
    ANNOUNCE = "announce"
    """Tell a target of a decision. subject_id: `<announcement id>@<target key>`. lane: of target and lead."""


class OutboxStatus(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    """Leased; what was dispatched under it is unknown until recorded."""
    UNKNOWN = "unknown"
    """Slack may or may not have it; looked up before anything is sent again."""
    SENT = "sent"
    PARKED = "parked"
    """Given up with a reason; kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One thing to say. Rows of one lane go out in order of id, at the lane's pace. `token` fences a lease."""

    id: str
    kind: OutboxKind
    lane: str
    subject_id: str
    status: OutboxStatus
    due_at: datetime
    attempts: int = 0
    lookups: int = 0
    """How many times an unknown outcome was looked up."""
    dispatched_at: datetime | None = None
    token: str | None = None
    leased_until: datetime | None = None
    last_error: str | None = None
    created_at: datetime
    correlation_id: str | None = None
    """Of what first asked for it; several things asked for while it waits are one row."""


class TimerKind(StrEnum):
    UNDO_END = "undo_end"
    """subject_id: handoff. The Undo button goes."""
    RECYCLE = "recycle"
    """subject_id: lead. It is handed over again."""
    BACK = "back"
    """subject_id: person. Back from away."""
    LEFT = "left"
    """subject_id: person. Somebody takes no leads any more: their open offers go to others. Or a handoff: whom it is
    offered to is away for long; or `pool:<channel>`: a team's pool is not there any more; or
    `ruling:<case>`, `answer:<handoff>`: whoever was asked may be another now; `alerts:<person>`: their campaign alerts
    go to others."""
    REFRESH_PEOPLE = "refresh_people"
    """subject_id: `all`. Slack's flags are asked again; re-arms itself."""
    UNROUTED = "unrouted"
    """subject_id: lead. Nobody could be offered it; it is routed again. Re-arms itself until somebody can."""
    REASSIGN = "reassign"
    """subject_id: reassignment. The next of a person's leads go to others. Re-arms itself until none is left."""
    BRIEF = "brief"
    """subject_id: person. Their brief is due; there is one only while something waits for it."""
    COUNTDOWN = "countdown"
    """subject_id: countdown. The next step of its ladder is due."""
    REPLAN = "replan"
    """subject_id: `<agreement id>@<countdown id>`. The countdowns after this one are planned anew; `offers`: offers
    without a window get one. Re-arms itself."""
    AT_RISK = "at_risk"
    """subject_id: manager. Their work begins: they read what is at risk."""
    CARD = "card"
    """subject_id: lead. Whoever it went up to begins to work: the card is posted."""
    AGREEMENT_START = "agreement_start"
    """subject_id: agreement. A signed version comes into force."""
    AGREEMENT_REVIEW = "agreement_review"
    """subject_id: agreement. The teams wanted to look at it again."""
    CAMPAIGN_DUE = "campaign_due"
    """subject_id: campaign alert. The last moment to tell sales of it as early as agreed is near, or past."""
    CAMPAIGN_EVE = "campaign_eve"
    """subject_id: campaign alert. It starts tomorrow."""
    CAMPAIGN_START = "campaign_start"
    """subject_id: campaign alert."""
    CAMPAIGN_END = "campaign_end"
    """subject_id: campaign alert."""
    GOT_IT = "got_it"
    """subject_id: campaign alert. Whoever has not said *Got it* is reminded, once; `<alert id>@<person id>`: those
    after this one."""
    CAMPAIGN_COUNTS = "campaign_counts"
    """subject_id: campaign alert. What is counted on its message has changed since it was shown."""
    DIGEST = "digest"
    """subject_id: schedule. Its next digest is due. Re-arms itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    id: str
    kind: TimerKind
    subject_id: str
    due_at: datetime
    attempts: int = 0
