"""A field note: what somebody in sales heard from buyers, for marketing; and the theme of those who heard the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SAME_WITHIN = timedelta(days=30)
"""Notes that are so far apart are not offered as the same."""


class NoteKind(StrEnum):
    OBJECTION = "objection"
    COMPETITOR = "competitor"
    BUYERS_WORDS = "buyers_words"
    """What a buyer said, as they said it."""
    MISSING_CONTENT = "missing_content"
    """Something sales could show and has not: a request."""
    WIN_LOSS = "win_loss"
    """Why a deal was won or lost."""
    IDEA = "idea"
    OTHER = "other"


LABELS: dict[NoteKind, str] = {
    NoteKind.OBJECTION: "Objection",
    NoteKind.COMPETITOR: "Competitor",
    NoteKind.BUYERS_WORDS: "Buyer's own words",
    NoteKind.MISSING_CONTENT: "Missing content",
    NoteKind.WIN_LOSS: "Win or loss reason",
    NoteKind.IDEA: "Idea",
    NoteKind.OTHER: "Other",
}
"""The words people read, on buttons and in digests."""


class NoteState(StrEnum):
    NEW = "new"
    SEEN = "seen"
    """Somebody in marketing has read it, and it still waits for an answer."""
    ACTED = "acted"
    """Something was done about it; `answer` says what."""
    DECLINED = "declined"
    """Nothing will be done about it; `answer` says why."""

    @property
    def is_open(self) -> bool:
        return self in OPEN_STATES


OPEN_STATES = (NoteState.NEW, NoteState.SEEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """The message in Slack a note was saved from. `slack_id` and `name`: its author; `link`: where it stands;
    `private`: not in a public channel."""

    link: str
    slack_id: str | None
    name: str
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One field note. All text is untrusted, and whole: what does not fit is cut where it is shown.

    Every note belongs to a theme; one that nobody else has said is alone in its own. `managers_only`: read by
    managers, by its author, and by whoever is asked to answer it. `answer` and `answer_link` are what marketing said
    with ACTED or DECLINED; `state_by` and `state_at` of the last change of state. `removed_at`: its author took it
    back; it is in no list and no number any more.
    """

    id: str
    theme_id: str
    author_id: str
    kind: NoteKind
    text: str
    account: str | None = None
    competitor: str | None = None
    lead_id: str | None = None
    campaign_id: str | None = None
    alert_id: str | None = None
    """The campaign alert whose message it is feedback on."""
    managers_only: bool = False
    quoted: Quoted | None = None
    state: NoteState = NoteState.NEW
    state_by: str | None = None
    state_at: datetime | None = None
    answer: str = ""
    answer_link: str | None = None
    version: int = 1
    """Grows with each change: what a form was opened on is what it changes."""
    created_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Notes that say the same. `id` is that of the note it began with, which may have left since. `title`: what they
    are about, untrusted. `notes`, `people` and `open` count its notes that were not removed, their different authors,
    and those without an answer. All its notes are for managers only, or none. A theme of MISSING_CONTENT is a request.
    One without notes is in no list: all were taken back, or are in the theme it was `merged_into`."""

    id: str
    kind: NoteKind
    title: str
    managers_only: bool
    notes: int
    people: int
    open: int
    first_at: datetime
    last_at: datetime
    """When its newest note was saved."""
    waits_since: datetime | None
    """When its oldest note without an answer was saved; None when all have one."""
    merged_into: str | None = None
