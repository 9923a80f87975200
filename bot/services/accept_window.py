"""The window to accept or reject an offer: on the calendar of its rep, or of its team for a pool.

It runs from the offer, not counting what passed before the card stood in Slack or while Lockstep stood still
(bot/services/delays.py), to whatever is decided. A practice lead
has none.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain import ladder
from bot.domain.business_time import working_time_between
from bot.domain.countdown import CountdownKind, Result, Running
from bot.domain.handoff import Handoff, Status
from bot.domain.ladder import Mode, Step
from bot.domain.waits import waits
from bot.services import at_risk, countdowns, delays
from bot.services.calendars import calendar_of, calendar_of_person, calendar_of_team
from storage.transaction import Transaction

KIND = CountdownKind.ACCEPT
PAUSED = "paused_s"
"""In a handoff's `extra`: what passed between an accept and its undo, in whole seconds. Nobody's time."""
_RESULTS = {Status.WITHDRAWN: Result.VOID, Status.EXPIRED: Result.MISSED}
"""Of the others the window decides."""


def start(tx: Transaction, handoff: Handoff, mode: Mode) -> None:
    """The window of a new offer runs; `mode` is that of its agreement."""
    if handoff.practice:
        return
    terms = handoff.terms
    owner = tx.people.get(handoff.rep_id) if handoff.rep_id is not None else None
    calendar = calendar_of_person(tx, owner) if owner is not None else calendar_of_team(tx, handoff.team_id)
    running = countdowns.made(
        tx, KIND, handoff.id, terms.accept_window(handoff.priority, handoff.source), handoff.agreement_id,
        lead_id=handoff.lead_id, owner_id=handoff.rep_id, team_id=handoff.team_id,
    )  # fmt: skip
    countdowns.run(tx, running, calendar, terms.ladder, mode)


def end(tx: Transaction, decided: Handoff) -> tuple[Handoff, Running | None]:
    """The window ended with this decision, which the caller stores: the handoff with who waited for whom, and the
    countdown as it ended. A withdrawn offer was nobody's to decide: void."""
    found = None if decided.practice or decided.decided_at is None else tx.countdowns.lock_with_card(KIND, decided.id)
    if found is None or not found[0].is_running or decided.decided_at is None:
        return decided, None
    running, owner, card = found
    calendar = calendar_of_person(tx, owner) if owner is not None else calendar_of_team(tx, running.team_id)
    running = delays.since_shown(running, card, calendar)
    ended = countdowns.finish(tx, running, calendar, _RESULTS.get(decided.status), at=decided.decided_at)
    waited = waits(
        calendar, engaged_at=decided.engaged_at, received_at=decided.received_at, offered_at=decided.offered_at,
        acted_at=decided.decided_at, shown_at=card.shown_at,
    )  # fmt: skip
    shown_at = max(decided.offered_at, card.shown_at or decided.offered_at)
    still = list(delays.standstills_between(tx, shown_at, decided.decided_at))
    still_s = sum(int((until - since).total_seconds()) for since, until in still)
    still_business_s = sum(int(working_time_between(calendar, *span).total_seconds()) for span in still)
    # What was counted before the calendar changed, the accept was undone, or Lockstep stood still, is known by the
    # clock alone.
    own_business = ended.counted if running.counted or still else waited.own.business
    return replace(
        decided,
        system_s=int(waited.system.wall.total_seconds()) + still_s,
        system_business_s=int(waited.system.business.total_seconds()) + still_business_s,
        own_s=max(0, int(waited.own.wall.total_seconds()) - still_s - int(decided.extra.get(PAUSED, 0))),
        own_business_s=int(own_business.total_seconds()),
    ), ended


def go_on(tx: Transaction, undone: Handoff, again: Handoff) -> Handoff:
    """An accept was undone: the same window runs on for `again`, the offer in its place, from where it stood. What
    passed between accept and undo counts against nobody. `again` as it is to be stored."""
    ended = None if undone.practice else countdowns.of(tx, KIND, undone.id)
    if ended is None or ended.ended_at is None:
        return again
    tx.countdowns.save(replace(ended, result=Result.VOID))
    running = replace(
        ended, id=tx.new_id(), subject_id=again.id, since=tx.now, started_at=tx.now, ended_at=None, result=None
    )
    mode = countdowns.mode(tx, again.agreement_id)
    stored = countdowns.run(tx, running, calendar_of(tx, running), again.terms.ladder, mode)
    if stored.step is Step.AT_RISK and mode is Mode.ENFORCED:
        at_risk.tell(tx, stored)
    paused = int(again.extra.get(PAUSED, 0)) + int((tx.now - ended.ended_at).total_seconds())
    return replace(
        again, extra=again.extra | {PAUSED: paused}, system_s=None, system_business_s=None, own_s=None,
        own_business_s=None,
    )  # fmt: skip


def hotter(tx: Transaction, handoff: Handoff) -> None:
    """The priority of an open offer was raised: its window is the hotter one's from now on, and never later than it
    was."""
    running = None if handoff.practice or not handoff.is_open else tx.countdowns.lock_of(KIND, handoff.id)
    if running is None or not running.is_running:
        return
    calendar = calendar_of(tx, running)
    window = handoff.terms.accept_window(handoff.priority, handoff.source)
    anew = replace(
        running, window=window, since=max(tx.now, running.since), counted=running.counted * 0, step=None,
        snoozed_until=None,
    )  # fmt: skip
    due_at = ladder.reaches(anew.countdown, calendar, 100)
    if due_at is not None and (running.due_at is None or due_at < running.due_at):
        # It is at risk no more, until the new window nearly is over, too.
        at_risk.sync_for(tx, running)
        countdowns.show(tx, countdowns.plan(tx, anew, calendar))
