"""A system that is told of every decision, and when it is told again after it did not answer."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

EVENTS = (
    "handoff.accepted",
    "handoff.rejected",
    "handoff.undone",
    "handoff.released",
    "handoff.reassigned",
    "handoff.transferred",
    "handoff.withdrawn",
    "handoff.expired",
    "lead.attempted",
    "lead.contacted",
    "lead.qualified",
    "lead.disqualified",
    "lead.opportunity",
    "lead.won",
    "lead.lost",
    "lead.corrected",
    "reject.answered",
    "dispute.raised",
    "dispute.decided",
    "lead.recycled",
    "lead.merged",
    "lead.closed",
    "lead.erased",
)
"""What is told. That a lead was offered is no decision."""
COMPENSATES = {"handoff.undone": "handoff.accepted"}
"""What takes back what."""
ORIGIN = "lockstep"
"""Marks what comes from us; a message that carries it back is our own echo."""

SCHEDULE = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
"""Waits between attempts: the example of Standard Webhooks, ten attempts in a little over three days."""
ATTEMPTS = len(SCHEDULE) + 1
JITTER = 0.2
"""By how much a wait may be longer, so that many messages do not come again in step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`events` empty: all of them. `secrets` are one or two live signing secrets; each signs."""

    key: str
    url: str
    secrets: tuple[str, ...] = field(repr=False)
    events: tuple[str, ...] = ()
    created_at: datetime
    disabled_at: datetime | None = None
    disabled_why: str | None = None

    def wants(self, kind: str) -> bool:
        """Whether it is to be told of this kind of event."""
        return not self.events or kind in self.events


def is_target_url(url: str) -> bool:
    """Whether decisions may be sent there: https, or plain http on this machine; no user name in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        host.encode("ascii").decode("idna")
    except ValueError:
        return False
    if not host or parts.username is not None or not url.isascii() or not url.isprintable() or " " in url:
        return False
    if parts.scheme == "https":
        return True
    try:
        return parts.scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False


def wait_after(attempt: int, chance: float, asked_for: timedelta | None = None) -> timedelta | None:
    """The wait after the `attempt`-th failed attempt, counted from 1; None when it was the last.

    `chance` is from 0 to 1. A receiver may ask for a longer wait (Retry-After), up to a day.
    """
    if attempt >= ATTEMPTS:
        return None
    wait = SCHEDULE[max(attempt, 1) - 1] * (1 + JITTER * chance)
    return wait if asked_for is None else max(wait, min(asked_for, timedelta(days=1)))
