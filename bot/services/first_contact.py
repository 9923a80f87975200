"""The clock after Accept: the agreed time to try to reach the lead, and again after each try that reached nobody.

It stops with the first attempt or contact, whoever says so: the rep, or the CRM. A lead that nobody touched in time
leaks: it is named to the rep and their manager, and stays whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.countdown import CountdownKind, Running
from bot.domain.crm import touched_since
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead, Stage
from bot.services import countdowns, leaking, posting, standing
from storage.transaction import Transaction

KIND = CountdownKind.FIRST_CONTACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """`is_reached`: somebody spoke with them, or went on without saying so."""

    first: datetime | None
    last: datetime | None
    is_reached: bool


def start(tx: Transaction, handoff: Handoff, lead: Lead) -> None:
    """From the accept on the rep has the agreed time to try to reach the lead. A practice lead has no clock, nor has
    one that is qualified already."""
    if not handoff.practice and handoff.is_owned and lead.stage is Stage.SAL:
        _run(tx, handoff, lead, handoff.terms.first_contact_window(handoff.priority, handoff.source), _began(handoff))


def follow(tx: Transaction, handoff: Handoff, lead: Lead, before: Touched) -> None:
    """After something was logged, corrected or heard from the CRM: the clock is where what is known of the lead puts
    it. `before` is what was known then; `lead` is as it is now, locked by the caller."""
    if handoff.practice or not handoff.is_owned:
        return
    now = touched(tx, handoff, lead)
    if now.first is not None:
        leaking.end(tx, handoff)
    if now == before:
        return
    ended = countdowns.stop(tx, KIND, handoff.id, at=now.first if before.first is None else now.last)
    if before.first is None and now.first is not None and ended is not None:
        _record(tx, handoff, ended, now.first)
    if now.is_reached:
        return
    if now.last is None:
        start(tx, handoff, lead)
    else:
        _run(tx, handoff, lead, timedelta(minutes=handoff.terms.follow_up_minutes), now.last)


def touched(tx: Transaction, handoff: Handoff, lead: Lead) -> Touched:
    """When somebody first and last tried to reach the lead since the accept, by what was logged and by the CRM."""
    progress = standing.known(tx, handoff, lead).progress
    by_crm = touched_since(tx.facts.of(handoff.lead_id), progress.accepted_at)
    logged = (progress.first_touch_at, progress.last_attempt_at, progress.contacted_at)
    instants = [at for at in (*logged, by_crm) if at is not None]
    return Touched(
        first=min(instants, default=None),
        last=max(instants, default=None),
        is_reached=progress.contacted_at is not None or lead.stage is not Stage.SAL,
    )


def over(tx: Transaction, handoff: Handoff) -> None:
    """The rep does not have the lead any more: nothing is left to be done in time."""
    if handoff.practice:
        return
    running = countdowns.of(tx, KIND, handoff.id)
    if running is not None and running.is_running:
        countdowns.stop(tx, KIND, handoff.id, void=True)
    leaking.end(tx, handoff)


def leaks(tx: Transaction, running: Running) -> None:
    """The window is over. If nobody has touched the lead it leaks: the rep and their manager read it in their briefs,
    Home shows it, and it stays the rep's until somebody acts. A try that reached nobody, and was not repeated in time,
    is no leak: its reminder says so."""
    handoff = tx.handoffs.get(running.subject_id)
    lead = tx.leads.get(handoff.lead_id) if handoff is not None else None
    if handoff is None or lead is None or not handoff.is_owned or handoff.rep_id is None:
        return
    if touched(tx, handoff, lead).first is not None:
        return
    since = running.due_at or tx.now
    if tx.leaks.start(handoff.id, lead.id, handoff.rep_id, since):
        tx.events.add(
            "lead.leaking", lead_id=lead.id, handoff_id=handoff.id, happened_at=since, data={"rep": handoff.rep_id}
        )
    leaking.tell(tx, handoff)
    posting.sync_lead(tx, lead.id)
    posting.sync_homes_of(tx, handoff)


def _began(handoff: Handoff) -> datetime:
    return handoff.decided_at or handoff.offered_at


def _run(tx: Transaction, handoff: Handoff, lead: Lead, window: timedelta, since: datetime) -> None:
    countdowns.start(
        tx, KIND, handoff.id, window=window, terms=handoff.terms, agreement_id=handoff.agreement_id, lead_id=lead.id,
        owner_id=handoff.rep_id, team_id=handoff.team_id, since=since,
    )  # fmt: skip


def _record(tx: Transaction, handoff: Handoff, ended: Running, at: datetime) -> None:
    """How long the first try took, and whether it was in time, for the numbers of both sides."""
    if ended.result is not None:
        tx.events.add(
            "handoff.first_contact", lead_id=handoff.lead_id, handoff_id=handoff.id, happened_at=at,
            data={"result": ended.result.value, "seconds": int((at - _began(handoff)).total_seconds())},
        )  # fmt: skip
