"""Who waited for whom: the system's delay and the rep's own time, kept apart, by the wall clock and in working time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.business_time import Calendar, working_time_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The same stretch of time twice: by the wall clock, and what of it was working time."""

    wall: timedelta
    business: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """`whole` is speed to lead: what the lead itself waited. `system` is what passed before this rep could act, earlier
    offers to others included; `own` is the rep's. `system` and `own` make up `whole`."""

    whole: Wait
    system: Wait
    own: Wait


def waits(
    calendar: Calendar,
    *,
    engaged_at: datetime | None,
    received_at: datetime,
    offered_at: datetime,
    acted_at: datetime,
    shown_at: datetime | None = None,
) -> Waits:
    """The waits of one handoff, on the calendar of the rep or pool it was offered to.

    `engaged_at` None: counted from `received_at`. `acted_at` is when it was decided, or now. Where the card stood in
    Slack (`shown_at`) only after it was offered, the time until then is the system's, not the rep's.
    """
    began = min(engaged_at or received_at, offered_at)
    could_act = min(max(offered_at, shown_at or offered_at), max(acted_at, offered_at))

    def wait(start: datetime, end: datetime) -> Wait:
        return Wait(wall=max(end - start, timedelta(0)), business=working_time_between(calendar, start, end))

    return Waits(whole=wait(began, acted_at), system=wait(began, could_act), own=wait(could_act, acted_at))
