"""Everything of a digest's period, page by page, for whoever opens it: what they may read, whoever's digest it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.digest import DigestKind


class Part(StrEnum):
    """What a window lists. The kinds of notes are named as in NoteKind."""

    NOTES = "notes"
    """All themes of the period."""
    OBJECTION = "objection"
    COMPETITOR = "competitor"
    BUYERS_WORDS = "buyers_words"
    MISSING_CONTENT = "missing_content"
    WIN_LOSS = "win_loss"
    IDEA = "idea"
    OTHER = "other"
    ANSWERS = "answers"
    """What marketing did, and declined."""
    REQUESTS = "requests"
    """Content that was asked for and is still missing."""
    WAITING = "waiting"
    """What has no answer."""
    STARTING = "starting"
    RUNNING = "running"
    ENDED = "ended"
    QUESTIONS = "questions"
    """Without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRef:
    """A page, from 0, of a part of a period."""

    kind: DigestKind
    from_at: datetime
    until_at: datetime
    part: Part
    page: int = 0
