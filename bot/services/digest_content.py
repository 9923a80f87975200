"""What a digest says, loaded for its period: the same whenever it is loaded, but for what was taken back or erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.digest import DigestKind, Schedule
from bot.services.campaign_digest import CampaignDigest, load_campaigns
from bot.services.digest_frame import Frame
from bot.services.field_notes_digest import FieldNotesDigest, load_field_notes
from storage.transaction import Transaction

Content = FieldNotesDigest | CampaignDigest
CHANNELS = ("C", "G")


def load(
    tx: Transaction,
    schedule: Schedule,
    *,
    from_at: datetime,
    until_at: datetime,
    late_s: int | None = None,
    skipped: Sequence[date] = (),
) -> Content:
    """What the schedule's digest says of `[from_at, until_at)`. `late_s` and `skipped` as in `Digest` and `Frame`."""
    frame = Frame(
        from_at=from_at,
        until_at=until_at,
        tz=schedule.tz,
        late_s=late_s,
        skipped=tuple(skipped),
        shared=schedule.place.startswith(CHANNELS),
    )
    if schedule.kind is DigestKind.FIELD_NOTES:
        return load_field_notes(tx, frame, schedule.place)
    return load_campaigns(tx, frame)


def is_empty(content: Content) -> bool:
    """Whether nothing happened in its period: what still waits since before does not make it worth sending."""
    return content.is_empty


def remember(tx: Transaction, digest_id: str, content: Content) -> None:
    """The digest is sent with this content: when a note in it is taken back or erased, it is brought up to date. Called
    in the transaction that makes the digest."""
