"""What every digest says around its content: for when it is, that it is late, which were not sent, and good-bye."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The digest tells of what happened from `from_at` until just before `until_at`, in local days of `tz`. `late_s`:
    seconds after its time, None: in time. `skipped`: local dates of the digests before it that were not sent, in
    order. `closing`: which of the light lines ends it, None: none. `shared`: in a channel, where anybody may read."""

    from_at: datetime
    until_at: datetime
    tz: str
    late_s: int | None = None
    skipped: tuple[date, ...] = ()
    closing: int | None = None
    shared: bool = True
