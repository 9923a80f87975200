"""Until when something is to be done, as people see it: on cards, on Home, in reminders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.countdown import CountdownKind, Running
from bot.domain.handoff import Handoff
from bot.domain.ladder import Mode, Step
from bot.services import countdowns
from storage.transaction import Transaction


class Urgency(StrEnum):
    """How a window stands, in the order in which it turns more urgent."""

    CALM = "calm"
    REMINDED = "reminded"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueShown:
    """`due_at` None: whoever must act has no working time ahead. `window` is the agreed working time; `tz` the zone of
    whoever must act, for where Slack cannot show each reader's own. In `trial` the clock shows and nothing follows."""

    due_at: datetime | None
    window: timedelta
    urgency: Urgency
    trial: bool
    tz: str = "UTC"

    @property
    def rank(self) -> int:
        return list(Urgency).index(self.urgency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """How long it took until the decision: first the system, then whoever decided, each by the wall clock and in the
    decider's working time."""

    system: timedelta
    system_business: timedelta
    own: timedelta
    own_business: timedelta


def due_of(tx: Transaction, kind: CountdownKind, subject_id: str, tz: str = "UTC") -> DueShown | None:
    """How the window of this kind and subject stands; None when none runs."""
    return due_shown(tx, countdowns.of(tx, kind, subject_id), tz)


def dues_of(tx: Transaction, kind: CountdownKind, subject_ids: Iterable[str], tz: str) -> dict[str, DueShown]:
    """How the windows of several subjects stand, by subject; those of which none runs are not in it."""
    return dues_shown(tx, tx.countdowns.of_many(kind, subject_ids), tz)


def dues_shown(tx: Transaction, windows: Mapping[str, Running], tz: str = "UTC") -> dict[str, DueShown]:
    """As dues_of, of countdowns read before; asks about each agreement once."""
    running = {subject: one for subject, one in windows.items() if one.is_running}
    trials = {
        agreement_id: countdowns.mode(tx, agreement_id) is Mode.TRIAL
        for agreement_id in {one.agreement_id for one in running.values()}
    }
    return {subject: _shown(one, tx.now, tz, trial=trials[one.agreement_id]) for subject, one in running.items()}


def due_shown(tx: Transaction, running: Running | None, tz: str = "UTC") -> DueShown | None:
    """As due_of, of a countdown read before."""
    if running is None or not running.is_running:
        return None
    return _shown(running, tx.now, tz, trial=countdowns.mode(tx, running.agreement_id) is Mode.TRIAL)


def _shown(running: Running, now: datetime, tz: str, *, trial: bool) -> DueShown:
    return DueShown(due_at=running.due_at, window=running.window, urgency=urgency_of(running, now), trial=trial, tz=tz)


def urgency_of(running: Running, now: datetime) -> Urgency:
    """By the steps that were taken, so that it turns at the same moment as somebody hears of it."""
    if running.due_at is not None and running.due_at <= now:
        return Urgency.OVERDUE
    match running.step:
        case Step.REMIND:
            return Urgency.REMINDED
        case Step.AT_RISK | Step.EXPIRE:
            return Urgency.AT_RISK
        case None:
            return Urgency.CALM


def can_snooze(running: Running) -> bool:
    """Whether its owner may put reminders off: a pool has none, and what is at risk cannot wait."""
    return running.is_running and running.owner_id is not None and running.step in (None, Step.REMIND)


def took(handoff: Handoff) -> Took | None:
    """What the decision took; None before it, and where it was not measured."""
    parts = (handoff.system_s, handoff.system_business_s, handoff.own_s, handoff.own_business_s)
    if any(part is None for part in parts):
        return None
    system, system_business, own, own_business = (timedelta(seconds=part or 0) for part in parts)
    return Took(system=system, system_business=system_business, own=own, own_business=own_business)
