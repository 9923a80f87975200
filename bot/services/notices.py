"""What people are told beside the cards: rejects to marketing, touches to owners, trouble to the admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.agreement import Met, criteria_met
from bot.domain.budget import Kind
from bot.domain.config import BY_HAND_PREFIX
from bot.domain.handoff import Handoff, Status
from bot.domain.lead import Lead, Priority, Stage
from bot.domain.outcome import Outcome, reason_of
from bot.domain.person import Person, Role, Side
from bot.domain.post import Post, PostRole, Subject
from bot.services import briefs, posting
from bot.services.answer_shown import AnswerShown, answer_in
from bot.services.cards import SHARED, crm_url, follow_up
from bot.services.disqualified import answer_of, disqualification, note_of
from bot.services.marketers import came_from, marketer
from bot.services.naming import lead_name, masked_name
from bot.services.whereabouts import person_name, whereabouts
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectNotice:
    """Marketing hears of a reject, or of an offer withdrawn by a manager; the message follows the lead.

    All text is untrusted.
    """

    lead_name: str
    company: str | None
    campaign: str | None
    source: str
    met: tuple[Met, ...]
    reason: str
    follow_up: str | None
    comment: str | None
    rejected_by: str
    rejected_at: datetime
    counts_against_marketing: bool
    to_owner_slack_id: str | None
    """Whoever answers for the lead in marketing, mentioned when the notice stands in a channel."""
    stage: Stage
    what_next: str
    """Where the lead is now, in a sentence: recycled until, offered again to, accepted by, closed, merged into."""
    crm_url: str | None
    handed_over_by: str | None = None
    withdrawn: bool = False
    """Withdrawn by a manager, not rejected: `comment` is the manager's reason."""
    answer: AnswerShown | None = None
    """Marketing's answer; None where the reject does not count against it."""
    disqualified: bool = False
    """Not rejected: accepted, and no good after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchNotice:
    """The owner (or the one it is offered to) hears that their lead came back. Text untrusted."""

    lead_name: str
    company: str | None
    summary: str | None
    origin: str | None
    campaign: str | None
    came_at: datetime
    priority: Priority
    raised_from: Priority | None
    """The priority it had before, when it came hotter."""
    crm_url: str | None
    phone_e164: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The admin hears what could not be said, and what to do."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What is left of a message about somebody who was erased."""

    erased_at: datetime


def load_reject_notice(tx: Transaction, post: Post) -> RejectNotice | None:
    """The reject as it reads now; None when handoff or lead are not there."""
    handoff = tx.handoffs.get(post.subject_id)
    lead = tx.leads.get(handoff.lead_id) if handoff else None
    if handoff is None or lead is None or handoff.decided_at is None:
        return None
    withdrawn = handoff.status is Status.WITHDRAWN
    given_up = disqualification(tx, handoff)
    if handoff.rejection is None and not withdrawn and given_up is None:
        return None
    came, owner = came_from(tx, lead, handoff.campaign_id), marketer(tx, handoff)
    shared = post.place.startswith(SHARED)
    reason = handoff.terms.reason(handoff.rejection.reason) if handoff.rejection else None
    if given_up is not None:
        reason = reason_of(handoff.terms.disqualify_reasons, given_up.reason)
    return RejectNotice(
        withdrawn=withdrawn,
        disqualified=given_up is not None,
        lead_name=masked_name(lead) if shared else lead_name(lead),
        company=lead.company,
        campaign=came.campaign,
        source=came.source,
        handed_over_by=came.handed_over_by,
        met=criteria_met(handoff.terms, lead, masked=shared),
        reason=reason.label if reason else "Withdrawn",
        # Marketing reads what sales wrote to it; names of other leads stay out of the channel.
        follow_up=follow_up(tx, handoff, masked=shared)
        or (handoff.rejection.text if handoff.rejection else None)
        or answer_of(given_up),
        comment=handoff.note if withdrawn else handoff.rejection.comment if handoff.rejection else note_of(given_up),
        rejected_by=person_name(tx, given_up.by if given_up is not None else handoff.decided_by),
        rejected_at=given_up.at if given_up is not None else handoff.decided_at,
        counts_against_marketing=reason.counts_against_marketing if reason else False,
        to_owner_slack_id=owner.slack_id if owner and shared else None,
        stage=lead.stage,
        what_next=whereabouts(tx, lead, masked=shared),
        crm_url=crm_url(tx, lead),
        answer=answer_in(tx, handoff, lead, post),
    )


def load_touch_notice(tx: Transaction, post: Post) -> TouchNotice | None:
    """What came in when the lead came back, kept as it was then."""
    lead = tx.leads.get(post.subject_id)
    if lead is None:
        return None
    data = post.data
    key = data.get("campaign")
    campaign = tx.campaigns.by_key(key) if key and not key.startswith(BY_HAND_PREFIX) else None
    raised_from = data.get("raised_from")
    return TouchNotice(
        lead_name=lead_name(lead),
        company=lead.company,
        summary=data.get("summary"),
        origin=data.get("origin"),
        campaign=campaign.name if campaign else None,
        came_at=datetime.fromisoformat(data["came_at"]),
        priority=Priority(data.get("priority") or lead.priority),
        raised_from=Priority(raised_from) if raised_from else None,
        crm_url=crm_url(tx, lead),
        phone_e164=lead.phone_e164,
        email=lead.email,
    )


def load_alert(post: Post) -> Alert:
    return Alert(title=str(post.data.get("title", "")), text=str(post.data.get("text", "")))


def tell_marketing(tx: Transaction, handoff: Handoff, lead: Lead) -> None:
    """The campaign's owner, or who handed it over in Slack, hears of it, as they chose. Without one, what counts
    against marketing is said in its channel, and the rest waits for the briefs of whoever leads marketing; where there
    is only one of the two, it hears of both."""
    reason = handoff.terms.reason(handoff.rejection.reason) if handoff.rejection else None
    _tell_marketing(tx, handoff, lead, counts=reason is not None and reason.counts_against_marketing)


def _tell_marketing(tx: Transaction, handoff: Handoff, lead: Lead, *, counts: bool) -> None:
    owner = marketer(tx, handoff)
    kind = Kind.REJECT if counts else Kind.OTHER_REJECT
    if owner is not None and posting.reads(owner) is not None:
        _tell_of_reject(tx, owner, kind, handoff, lead)
        return
    in_channel = counts and tx.config.marketing_channel is not None
    leading = [] if in_channel else _who_leads_marketing(tx)
    for person in leading:
        _tell_of_reject(tx, person, kind, handoff, lead)
    if leading:
        return
    if tx.config.marketing_channel is not None:
        posting.say(
            tx, Subject.REJECT_NOTICE, handoff.id, tx.config.marketing_channel, PostRole.NOTICE, lead.id
        )  # fmt: skip
    elif tx.seen.first_time("alert", "no-marketing-channel"):
        briefs.tell_admin(
            tx,
            "Marketing does not hear of rejects",
            "A lead was rejected, its campaign has no owner and the configuration names no channel of marketing.",
        )


def tell_of_disqualified(tx: Transaction, handoff: Handoff, lead: Lead, outcome: Outcome) -> None:
    """Marketing hears why a lead that sales had accepted was no good after all, as of a reject with such a reason."""
    reason = reason_of(handoff.terms.disqualify_reasons, outcome.reason)
    _tell_marketing(tx, handoff, lead, counts=reason is not None and reason.counts_against_marketing)


def _tell_of_reject(tx: Transaction, person: Person, kind: Kind, handoff: Handoff, lead: Lead) -> None:
    def live() -> None:
        posting.say(tx, Subject.REJECT_NOTICE, handoff.id, person.slack_id or "", PostRole.NOTICE, lead.id)

    briefs.tell(tx, person, kind, handoff.id, lead.id, {}, live)


def _who_leads_marketing(tx: Transaction) -> list[Person]:
    return [
        person
        for person in tx.people.with_role(Role.MANAGER)
        if person.side is Side.MARKETING and posting.reads(person) is not None
    ]


def tell_of_touch(tx: Transaction, current: Handoff, lead: Lead, data: dict[str, Any], *, hotter: bool) -> None:
    """Whoever has the lead hears that it came back: hotter than before at once, else in their brief. While it is
    offered its card says the latter; in a pool the card says both."""
    person = tx.people.get(current.rep_id) if current.rep_id else None
    place = posting.reads(person)
    if person is None or place is None or (current.is_open and not hotter):
        return
    kind = Kind.HOTTER if hotter else Kind.CAME_BACK
    data = {**data, "handoff": current.id}

    def live() -> None:
        posting.say(tx, Subject.TOUCH_NOTICE, lead.id, place, PostRole.NOTICE, lead.id, data)

    briefs.tell(tx, person, kind, lead.id, lead.id, data, live)


def tell_of_merge(tx: Transaction, owner: Person, survivor: Lead, lead: Lead, by: str) -> None:
    """The owner of `survivor` reads in their brief that `lead` is the same person, found by the one named `by`."""
    if posting.reads(owner) is not None:
        briefs.tell(tx, owner, Kind.MERGED, lead.id, survivor.id, {"merged": lead.id, "by": by})
