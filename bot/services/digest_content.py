"""What a digest says, loaded for its period. Field notes: the same whenever it is loaded, but for what was taken back
or erased. Campaigns: with the leads, questions and *Got it* of now; a digest of them is loaded when Slack takes it, and
never again."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.digest import DigestKind, Schedule
from bot.domain.local_time import local_date
from bot.services.campaign_digest import CampaignDigest, load_campaigns
from bot.services.digest_frame import Frame
from bot.services.field_notes_digest import FieldNotesDigest, load_field_notes, reads_at
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
        closing=_closing(schedule, until_at) if schedule.closing_line else None,
        shared=schedule.place.startswith(CHANNELS),
    )
    if schedule.kind is DigestKind.FIELD_NOTES:
        return load_field_notes(tx, frame, reads_at(tx, schedule.place))
    return load_campaigns(tx, frame)


def is_empty(content: Content) -> bool:
    """Whether nothing happened in its period: what still waits since before does not make it worth sending."""
    return content.is_empty


def remember(tx: Transaction, digest_id: str, content: Content) -> None:
    """The digest is sent with this content: when a note in it is taken back or erased, it is brought up to date by
    bot/services/digest_again.py. Called in the transaction that makes the digest, after it was stored."""
    if isinstance(content, FieldNotesDigest):
        tx.digest_themes.remember(digest_id, content.shown)


def as_sent(tx: Transaction, digest_id: str, content: Content) -> Content:
    """What is left of a digest that was sent: nothing moves up into the place of what was taken back or erased, or it
    would stand where nobody looks for it when that is erased, too."""
    return content.only(tx.digest_themes.shown(digest_id)) if isinstance(content, FieldNotesDigest) else content


def _closing(schedule: Schedule, until_at: datetime) -> int:
    """Always the same for the digest of a day, and another one the day or the week after."""
    return zlib.crc32(schedule.id.encode()) + local_date(until_at, schedule.tz).toordinal()
