"""What counts against nobody, because nobody could act: until the card stands in Slack, and while Lockstep stood still.

It is the system's delay, never the time of whoever must act.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain import ladder
from bot.domain.business_time import Calendar, working_time_between
from bot.domain.countdown import CountdownKind, Running
from bot.domain.ladder import TOLD_AS_LATE_AFTER
from storage.countdowns import Card
from storage.transaction import Transaction


def since_shown(running: Running, card: Card, calendar: Calendar) -> Running:
    """As it is fair: what passed before the card stood in Slack does not count. A few seconds are not worth a due time
    that moves under its reader's eyes."""
    if card.shown_at is None or card.shown_at - running.since <= TOLD_AS_LATE_AFTER or running.step is not None:
        return running
    return _ends(replace(running, since=card.shown_at), calendar)


def while_shown(tx: Transaction, running: Running, calendar: Calendar) -> Running | None:
    """As since_shown, for an offer's countdown the caller has locked, and as it is for any other; None while the card
    is still to come: nobody could decide on it yet. One that Slack does not take runs on: it must not stay with
    whoever never sees it."""
    found = tx.countdowns.lock_with_card(running.kind, running.subject_id) if _has_card(running) else None
    if found is None:
        return running
    card = found[2]
    return None if card.is_to_come else since_shown(running, card, calendar)


def without_standstills(tx: Transaction, running: Running, calendar: Calendar) -> Running:
    """As it is fair: what passed while Lockstep stood still does not count."""
    counted, since = running.counted, running.since
    for began_at, ended_at in tx.standstills.since(running.since):
        counted += working_time_between(calendar, since, max(since, began_at))
        since = max(since, ended_at)
    if since == running.since:
        return running
    return _ends(replace(running, counted=counted, since=since), calendar)


def standstills_between(tx: Transaction, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When Lockstep stood still between the two instants."""
    for began_at, ended_at in tx.standstills.since(start):
        if began_at < end:
            yield max(began_at, start), min(ended_at, end)


def _has_card(running: Running) -> bool:
    return running.kind is CountdownKind.ACCEPT


def _ends(running: Running, calendar: Calendar) -> Running:
    return replace(running, due_at=ladder.reaches(running.countdown, calendar, 100))
