"""A recycled lead comes back on its date, when somebody works, and at most as often as agreed."""

from __future__ import annotations

from datetime import datetime

from bot.domain.budget import Kind
from bot.domain.business_time import Calendar, next_working_instant
from bot.domain.handoff import Handoff, Opened
from bot.domain.lead import Lead, Stage
from bot.domain.person import Side
from bot.domain.post import TimerKind
from bot.domain.recycling import comes_back, not_offered_to
from bot.services import briefs, deciders, lost, posting
from bot.services.calendars import calendar_of_person, calendar_of_team
from bot.services.marketers import marketer
from bot.services.offering_again import asked_for_it, offer_again, refusals_of
from bot.services.offers import move, route_of
from storage.transaction import Transaction

CAME_BACK = "lead.came_back"


def come_back(tx: Transaction, lead_id: str) -> None:
    """The lead is handed over again, unless marketing or the CRM did so meanwhile.

    On a day nobody works it waits for the next working hour of the one it goes to, or of the team. Having come back as
    often as agreed it stays with marketing, who reads so in the brief.
    """
    lead = tx.leads.lock(lead_id)
    if lead is None or lead.stage not in (Stage.RECYCLED, Stage.LOST) or lead.erased_at is not None:
        return
    if lead.recycle_at is None or lead.recycle_at > tx.now:
        return
    owned = tx.handoffs.owned_of(lead.id)
    if tx.handoffs.offered_of(lead.id) is not None or (owned is not None and lead.stage is not Stage.LOST):
        return
    last = tx.handoffs.latest_of(lead.id)
    terms = last.terms if last is not None else tx.agreements.in_force().terms
    times = tx.events.count(CAME_BACK, lead.id)
    if not comes_back(terms, times):
        _stays(tx, lead, last, times)
        return
    at = _when(tx, lead)
    if at is not None and at > tx.now:
        tx.timers.set(TimerKind.RECYCLE, lead.id, at)
        return
    if owned is not None:
        last = lost.let_go(tx, owned)
    tx.events.add(CAME_BACK, lead_id=lead.id, origin="timer")
    offer_again(tx, lead, Opened.RECYCLED, after=last, origin="timer")


def _when(tx: Transaction, lead: Lead) -> datetime | None:
    """When the one it goes to works: now, or the next instant that is. None: they never do, so now."""
    return next_working_instant(_calendar(tx, lead), tx.now)


def _calendar(tx: Transaction, lead: Lead) -> Calendar:
    """Of the rep who asked for it; else of the rep or team the rules would choose now."""
    refusals = refusals_of(tx, lead.id)
    asked = asked_for_it(refusals)
    rep = tx.people.get(asked) if asked else None
    if rep is not None and rep.on_roster and not rep.is_away:
        return calendar_of_person(tx, rep)
    found = route_of(tx, lead, not_offered_to(refusals), None, look_only=True).destination
    if found is not None and found.rep_id is not None and found.team_id is None:
        rep = tx.people.get(found.rep_id)
        if rep is not None:
            return calendar_of_person(tx, rep)
    return calendar_of_team(tx, found.team_id if found is not None else None)


def _stays(tx: Transaction, lead: Lead, last: Handoff | None, times: int) -> None:
    lead = move(tx, lead, lead.stage, recycle_at=None)
    tx.events.add("lead.stays", lead_id=lead.id, origin="timer", data={"times": times})
    posting.sync_lead(tx, lead.id)
    owner = marketer(tx, last) if last is not None else None
    if owner is None or posting.reads(owner) is None:
        owner = deciders.manager_of(tx, Side.MARKETING, None)
    if owner is not None and last is not None:
        briefs.tell(tx, owner, Kind.OTHER_REJECT, last.id, lead.id, {"stays": times})
