"""The lists on Home and the leads in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.countdown import CountdownKind
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead, Priority
from bot.services.cards import crm_url
from bot.services.due import DueShown, due_of
from bot.services.last_contact import LastContact, last_contact
from bot.services.naming import lead_name, masked_name
from bot.services.standing import Standing, can_undo_still, standing
from bot.services.whereabouts import person_name, pool_name
from storage.transaction import Transaction

PAGE = 5
"""Rows on a page of a list: far under Slack's 100 blocks for all lists of somebody with every role together."""


class HomeLists(StrEnum):
    """The paged lists of Home, as its buttons and its private metadata name them."""

    NEEDS = "needs"
    MINE = "mine"
    CAMPAIGNS = "campaigns"
    REJECTS = "rejects"
    TEAM = "team"
    ACCEPTED = "accepted"
    PEOPLE = "people"
    PARKED = "parked"
    ANSWERS = "answers"
    """Rejects that wait for marketing's answer."""
    NOTES = "notes"
    """Field notes that wait for marketing's answer."""
    NOTES_BY_PEOPLE = "notes_by_people"
    """No list: 1 shows those first that most people said, 0 those that have waited longest."""
    DISPUTES = "disputes"
    RAISED = "raised"
    ALERTS_TO_APPROVE = "alerts_to_approve"
    ALERTS_MINE = "alerts_mine"
    ALERTS_TO_READ = "alerts_to_read"
    """Campaign alerts."""
    EVERYBODY = "everybody"
    """No list: 1 shows a manager the leads of all teams, 0 those of their own people."""


HomePages = Mapping[HomeLists, int]
"""Which page of each list is shown, from 0; a list that is not there shows its first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRow:
    """One lead in a list. Text untrusted; masked already where it must be (pools)."""

    handoff_id: str
    version: int
    name: str
    title: str | None
    company: str | None
    priority: Priority
    since: datetime
    """Offered (needs you, team) or accepted (my leads, accepted in the team)."""
    pool_name: str | None = None
    offered_to: str | None = None
    """Set in a manager's list of the team's leads."""
    owner: str | None = None
    absence: str | None = None
    """Why the owner is not there, in words of ours, in a manager's list of accepted leads."""
    last_contact: LastContact | None = None
    """What was done for the lead since it was accepted."""
    crm_url: str | None = None
    phone_e164: str | None = None
    email: str | None = None
    can_undo: bool = False
    standing: Standing | None = None
    """Where an accepted lead stands."""
    contact_due: DueShown | None = None
    due: DueShown | None = None
    """Until when an offer is to be decided on."""

    @property
    def orders_by(self) -> datetime:
        """What is due first stands before the rest; what has no due time, by how long it has waited."""
        return self.due.due_at if self.due is not None and self.due.due_at is not None else self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class UnroutedRow:
    """One lead that nobody could be offered, for a manager to assign. Text untrusted. `since`: when it came."""

    lead_id: str
    name: str
    title: str | None
    company: str | None
    priority: Priority
    since: datetime

    @property
    def orders_by(self) -> datetime:
        """Nobody has it: it stands before what somebody is to decide on."""
        return self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedRow:
    """One lead that nobody decided on up to the end of the ladder. Text untrusted. `since`: when it was parked."""

    lead_id: str
    name: str
    title: str | None
    company: str | None
    priority: Priority
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    total: int
    page: int
    """From 0."""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeList(Paged):
    rows: tuple[HomeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedList(Paged):
    """The longest parked first."""

    rows: tuple[ParkedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsList(Paged):
    """What waits for a decision of this person, whatever kind it is: what is due first."""

    rows: tuple[HomeRow | UnroutedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedList:
    """Not counted: what a team ever accepted grows. `more`: there is a further page. `left_behind`: how many are with
    people who are not there; these come first."""

    rows: tuple[HomeRow, ...]
    page: int
    more: bool
    left_behind: int


def row_of(
    tx: Transaction, handoff: Handoff, lead: Lead, *, since: datetime, for_manager: bool = False,
    absence: str | None = None, unmasked: bool = False, due: DueShown | None = None,
) -> HomeRow:  # fmt: skip
    """The lead as its reader may see it: a pool's stay masked, except for managers of sales and who stands in for one.
    `for_manager`: in a list of what others have; `unmasked`: in a manager's own."""
    masked = handoff.is_pool and not handoff.is_owned and not (for_manager or unmasked)
    where = standing(tx, handoff, lead)
    offered_to = None
    if for_manager and not handoff.is_pool:
        offered_to = person_name(tx, handoff.rep_id)
    return HomeRow(
        handoff_id=handoff.id,
        version=handoff.version,
        name=masked_name(lead) if masked else lead_name(lead),
        title=lead.title,
        company=lead.company,
        priority=handoff.priority,
        since=since,
        pool_name=pool_name(tx, handoff) if handoff.is_pool else None,
        offered_to=offered_to,
        owner=person_name(tx, handoff.rep_id) if handoff.is_owned else None,
        absence=absence,
        due=due,
        last_contact=None if masked else last_contact(tx, handoff),
        crm_url=None if masked else crm_url(tx, lead),
        phone_e164=None if masked else lead.phone_e164,
        email=None if masked else lead.email,
        can_undo=can_undo_still(handoff, where, tx.now),
        standing=where,
        contact_due=due_of(tx, CountdownKind.FIRST_CONTACT, handoff.id) if handoff.is_owned else None,
    )


def within(page: int, total: int) -> int:
    """The page that is nearest to `page`."""
    return max(0, min(page, -(-total // PAGE) - 1))
