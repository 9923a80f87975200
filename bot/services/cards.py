"""What a lead's card shows, loaded from the present state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from bot.domain.agreement import Met, criteria_met
from bot.domain.countdown import CountdownKind
from bot.domain.crm import BY_CRM
from bot.domain.handoff import End, Handoff, Status
from bot.domain.lead import Lead, Priority
from bot.domain.local_time import parse_date, spoken
from bot.domain.outcome import reason_of
from bot.domain.post import Post, PostRole
from bot.services.disqualified import answer_of, disqualification, note_of
from bot.services.due import DueShown, Took, can_snooze, due_of, due_shown, took
from bot.services.last_contact import LastContact, last_contact
from bot.services.marketers import came_from
from bot.services.naming import lead_name, masked_name
from bot.services.passed_on import passed_on
from bot.services.standing import Standing, can_undo_still, standing
from bot.services.whereabouts import (
    person_name,
    pool_name,
    reassigned,
    reassigned_to,
    whereabouts,
)  # fmt: skip
from storage.transaction import Transaction


class CardState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RELEASED = "released"
    TRANSFERRED = "transferred"
    DISQUALIFIED = "disqualified"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLead:
    """The lead as shown. All text is untrusted. When `masked`, name is initials and email, phone, summary,
    fields and url are None/empty already: a view cannot show what it was not given."""

    name: str
    title: str | None
    company: str | None
    country: str | None
    email: str | None
    phone: str | None
    phone_e164: str | None
    origin: str | None
    campaign: str | None
    source: str
    priority: Priority
    summary: str | None
    score: float | int | None
    touches: int | None
    fields: dict[str, str]
    engaged_at: datetime | None
    handed_over_by: str | None = None
    """Who handed it over in Slack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card in one place. `buttons`: it carries decision buttons (a primary card that is still offered)."""

    handoff_id: str
    version: int
    lead_id: str
    state: CardState
    masked: bool
    is_pool: bool
    pool_name: str | None
    is_mirror: bool
    lead: CardLead
    met: tuple[Met, ...]
    routed_because: str
    came_at: datetime
    offered_at: datetime
    offered_to: str | None
    """Name of the rep it was offered to; None in a pool."""
    decided_at: datetime | None = None
    decided_by: str | None = None
    """Name of the one who decided."""
    decided_by_slack_id: str | None = None
    ended_at: datetime | None = None
    can_undo: bool = False
    """Accepted less than five minutes ago (whoever looks; the click checks who)."""
    came_back: int = 0
    """Touches since it was handed over: how often the person came back."""
    last_contact: LastContact | None = None
    """What was done for the lead since it was accepted."""
    crm_url: str | None = None
    """https URL on a configured host, else None."""
    reason: str | None = None
    """Label of the reject reason."""
    follow_up: str | None = None
    """The answer to the reason's question, as text. Untrusted."""
    comment: str | None = None
    note: str | None = None
    """A manager's or releaser's reason. Untrusted."""
    passed_on: str | None = None
    """Who had it before and what they said of it: "Released by Jonas Brandt: on holiday". Untrusted."""
    reassigned: str | None = None
    """Who gave the lead to whom: "Reassigned by Anna Keller to Priya Raman". Untrusted."""
    practice: bool = False
    """Nobody real; said plainly wherever the card stands."""
    due: DueShown | None = None
    """Until when it is to be decided; None once it is, and for a practice lead."""
    can_snooze: bool = False
    """Its rep may put reminders off."""
    took: Took | None = None
    """How long the decision took, the system and whoever decided; None where it was not measured."""
    standing: Standing | None = None
    """Where the accepted lead stands."""
    contact_due: DueShown | None = None
    """Until when somebody is to try to reach it, or to try again."""
    what_next: str | None = None
    """A sentence of ours on what follows, e.g. "Offered to Ines Duarte"; may hold a person's name: untrusted."""


SHARED = ("C", "G")
"""How the ids of Slack's channels begin; people (U, W) and direct messages (D) are private."""
COUNTED = 50
"""How many of a lead's latest events are read for its card."""


def load_card(tx: Transaction, post: Post) -> Card | None:
    """The card as it is to be shown where `post` stands; None when its handoff is not there."""
    handoff = tx.handoffs.get(post.subject_id)
    if handoff is None:
        return None
    shared = post.place.startswith(SHARED)
    # In a channel personal data shows only once somebody has accepted, and only while they own the lead.
    return card_of(tx, handoff, masked=shared and not handoff.is_owned, mirror=_is_read_only(post, handoff))


def _is_read_only(post: Post, handoff: Handoff) -> bool:
    """Mirrors are; so is the copy of whoever accepted from a summary, should the lead be on offer again: it is decided
    where it was."""
    return post.role is PostRole.MIRROR or (post.role is PostRole.NOTICE and handoff.is_open)


def card_of(tx: Transaction, handoff: Handoff, *, masked: bool, mirror: bool = False) -> Card | None:
    """The card of a handoff, with or without personal data."""
    lead = tx.leads.get(handoff.lead_id)
    if lead is None:
        return None
    state = state_of(handoff)
    decider = tx.people.get(handoff.decided_by) if handoff.decided_by else None
    rejection = handoff.rejection
    reason = handoff.terms.reason(rejection.reason) if rejection else None
    given_up = disqualification(tx, handoff) if handoff.end is End.DISQUALIFIED else None
    if given_up is not None:
        reason = reason_of(handoff.terms.disqualify_reasons, given_up.reason)
    where = standing(tx, handoff, lead)
    running = tx.countdowns.of(CountdownKind.ACCEPT, handoff.id) if handoff.is_open and not handoff.practice else None
    return Card(
        handoff_id=handoff.id,
        version=handoff.version,
        lead_id=lead.id,
        state=state,
        masked=masked,
        is_pool=handoff.is_pool,
        pool_name=pool_name(tx, handoff) if handoff.is_pool else None,
        is_mirror=mirror,
        lead=card_lead(tx, lead, masked=masked),
        met=criteria_met(handoff.terms, lead, masked=masked),
        routed_because=handoff.routed_because,
        came_at=handoff.received_at,
        offered_at=handoff.offered_at,
        offered_to=None if handoff.is_pool else person_name(tx, handoff.rep_id),
        decided_at=handoff.decided_at,
        decided_by=_decided_by(tx, handoff),
        decided_by_slack_id=decider.slack_id if decider else None,
        ended_at=handoff.ended_at,
        can_undo=can_undo_still(handoff, where, tx.now),
        came_back=_came_back(tx, handoff),
        last_contact=None if masked else last_contact(tx, handoff),
        crm_url=None if masked else crm_url(tx, lead),
        reason=reason.label if reason else None,
        follow_up=(None if masked else answer_of(given_up)) if given_up else follow_up(tx, handoff, masked=masked),
        # What people write about a lead may say who it is: in shared places it is left out with the rest.
        comment=rejection.comment if rejection and not masked else None,
        note=None if masked else note_of(given_up) or handoff.note,
        reassigned=reassigned(tx, handoff) or None,
        practice=handoff.practice,
        due=due_shown(tx, running, _zone(tx, handoff)),
        can_snooze=running is not None and not mirror and can_snooze(running),
        took=took(handoff),
        standing=where,
        contact_due=due_of(tx, CountdownKind.FIRST_CONTACT, handoff.id, _zone(tx, handoff))
        if handoff.is_owned
        else None,
        what_next=_what_next(tx, handoff, lead, state, masked=masked),
        passed_on=None if masked else passed_on(tx, handoff),
    )


def _zone(tx: Transaction, handoff: Handoff) -> str:
    """Of whoever must decide."""
    rep = tx.people.get(handoff.rep_id) if handoff.rep_id and not handoff.is_pool else None
    return rep.tz if rep is not None else "UTC"


def _what_next(tx: Transaction, handoff: Handoff, lead: Lead, state: CardState, *, masked: bool) -> str | None:
    """Where the lead is now, unless the card says so already."""
    if state in (CardState.OFFERED, CardState.ACCEPTED) or handoff.practice:
        return None
    now = whereabouts(tx, lead, masked=masked)
    said = handoff.reassigned is not None and now == f"Offered to {reassigned_to(tx, handoff)}"
    return None if said else now


def _decided_by(tx: Transaction, handoff: Handoff) -> str | None:
    if handoff.decided_by is not None:
        return person_name(tx, handoff.decided_by)
    return f"the CRM for {person_name(tx, handoff.rep_id)}" if handoff.extra.get("accepted_by") == BY_CRM else None


def state_of(handoff: Handoff) -> CardState:
    """What a card of this handoff says. An undone accept has no card of its own: the successor took it over."""
    if handoff.status is Status.ACCEPTED and handoff.end in (End.RELEASED, End.TRANSFERRED, End.DISQUALIFIED):
        return CardState(handoff.end.value)
    return CardState(handoff.status.value)


def card_lead(tx: Transaction, lead: Lead, *, masked: bool) -> CardLead:
    """The lead as a card shows it; masked, nothing remains that tells who it is."""
    came = came_from(tx, lead, lead.campaign_id)
    return CardLead(
        name=masked_name(lead) if masked else lead_name(lead),
        title=lead.title,
        company=lead.company,
        country=lead.country,
        email=None if masked else lead.email,
        phone=None if masked else lead.phone,
        phone_e164=None if masked else lead.phone_e164,
        origin=lead.origin,
        campaign=came.campaign,
        source=came.source,
        handed_over_by=came.handed_over_by,
        priority=lead.priority,
        summary=None if masked else lead.summary,
        score=lead.score,
        touches=lead.touches,
        fields={} if masked else lead.fields,
        engaged_at=lead.engaged_at,
    )


def crm_url(tx: Transaction, lead: Lead) -> str | None:
    """The lead's CRM record, when it is an https address on one of the configured hosts; else None."""
    if not lead.url:
        return None
    try:
        parts = urlsplit(lead.url)
        port = parts.port
    except ValueError:
        return None
    plain = parts.username is None and parts.password is None and port in (None, 443)
    safe = re.fullmatch(r"[!#-;=?-Z\[\]_a-z~]+", lead.url) is not None
    if parts.scheme != "https" or not plain or not safe or parts.hostname not in tx.config.crm_hosts:
        return None
    return lead.url


def _came_back(tx: Transaction, handoff: Handoff) -> int:
    events = tx.events.of_lead(handoff.lead_id, COUNTED)
    return sum(event.kind == "lead.touched" and event.recorded_at >= handoff.received_at for event in events)


def follow_up(tx: Transaction, handoff: Handoff, *, masked: bool) -> str | None:
    """The answer to the question of the reject's reason; masked, nothing that tells who the lead is."""
    rejection = handoff.rejection
    if rejection is None:
        return None
    if rejection.recycle_on is not None:
        day = parse_date(rejection.recycle_on)
        return spoken(day) if day else rejection.recycle_on
    if rejection.person_id is not None:
        return person_name(tx, rejection.person_id)
    if rejection.lead_id is not None:
        other = tx.leads.get(rejection.lead_id)
        if other is None:
            return None
        return masked_name(other) if masked else lead_name(other)
    return rejection.criterion or (None if masked else rejection.text)
