"""By what words each thing is found, and who may find it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.domain.campaign_alert import Asset, CampaignAlert, Question
from bot.domain.note import Note
from bot.domain.search import Circle, Entry, Found


def of_note(note: Note) -> Entry:
    """A note is found by what it says, whom it is about, and what was answered. One that was taken back is not."""
    said = [note.text, note.account, note.competitor, note.answer, address(note.answer_link or "")]
    return Entry(
        kind=Found.NOTE,
        subject_id=note.id,
        text="" if note.removed_at is not None else _lines(said),
        at=note.created_at,
        circle=Circle.MANAGERS_NOTES if note.managers_only else Circle.NOTES,
        author_id=note.author_id,
        campaign_id=note.campaign_id,
    )


def of_alert(alert: CampaignAlert, campaign: str) -> Entry:
    """An alert is found by everything it says; before sales was told only by its owner, and whoever may see drafts."""
    said = [campaign, alert.buyer_sees, alert.offer, alert.audience, alert.segment, alert.lead_looks_like]
    return Entry(kind=Found.ALERT, subject_id=alert.id, text=_lines(said), **_seen(alert))


def of_links(alert: CampaignAlert) -> list[Entry]:
    """Its links are found by what they are called and where they lead, each for itself."""
    return [
        Entry(kind=Found.LINK, subject_id=link_id(alert.id, place), text=_link(one), alert_id=alert.id, **_seen(alert))
        for place, one in enumerate(alert.assets)
    ]


def of_question(question: Question, alert: CampaignAlert) -> Entry:
    """A question is found with its answer by whoever may find its alert."""
    seen = _seen(alert) | {"at": question.answered_at or question.asked_at}
    text = _lines([question.text, question.answer])
    return Entry(kind=Found.QUESTION, subject_id=question.id, text=text, alert_id=alert.id, **seen)


def link_id(alert_id: str, place: int) -> str:
    """What stands for one of an alert's links, the first at 0."""
    return f"{alert_id}/{place}"


def link_of(subject_id: str) -> tuple[str, int]:
    """The alert and the place of what `link_id` made."""
    alert_id, _, place = subject_id.partition("/")
    return alert_id, int(place)


def _seen(alert: CampaignAlert) -> dict[str, Any]:
    is_told = alert.told_at is not None
    return {
        "at": alert.told_at or alert.created_at,
        "circle": Circle.TOLD if is_told else Circle.DRAFTS,
        "author_id": alert.owner_id,
    }


def _link(asset: Asset) -> str:
    return _lines([asset.label, address(asset.url)])


def address(url: str) -> str:
    """Where an address leads, without what may be a secret or a person's."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname or ''}{parts.path}"
    except ValueError:
        return ""


def _lines(parts: Sequence[str | None]) -> str:
    return "\n".join(part for part in parts if part)
