"""What the forms of a handoff show, loaded from the present state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import rights
from bot.domain.criteria import criteria_of, criterion_value
from bot.domain.handoff import Handoff
from bot.domain.ladder import Step
from bot.domain.lead import Lead
from bot.domain.local_time import local_date, next_monday
from bot.domain.reasons import Reason
from bot.domain.rights import Clicker
from bot.errors import NotFound
from bot.services import standing
from bot.services.assigning import refuse_unless_waiting
from bot.services.cards import Card, card_of
from bot.services.handoffs import already_decided, refuse
from bot.services.marketers import marketer_id
from bot.services.naming import lead_name, masked_name
from bot.services.people import clicker, reps
from bot.services.rejects import LATEST_RECYCLE, NOT_LISTED, refuse_won
from bot.services.whereabouts import whereabouts
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a select: `value` is an id of ours, `label` is untrusted text."""

    value: str
    label: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectForm:
    """`people`: reps it can go to; `criteria`: what may not fit; `similar`: leads it may be the same as.
    `today` is the clicker's local date, ISO: a recycle date must be after it and at most `latest`."""

    handoff_id: str
    version: int
    agreement_id: str
    lead_name: str
    company: str | None
    reasons: tuple[Reason, ...]
    people: tuple[Choice, ...]
    criteria: tuple[Choice, ...]
    similar: tuple[Choice, ...]
    today: str
    latest: str
    suggested_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignForm:
    handoff_id: str
    version: int
    lead_name: str
    company: str | None
    people: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignForm:
    lead_id: str
    lead_name: str
    company: str | None
    people: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteForm:
    """Withdraw (reason required) or release (reason optional)."""

    handoff_id: str
    version: int
    lead_name: str
    company: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayForm:
    """`people`: who can stand in; `deputy_id`: who does already. `manages`: a sales manager, whose deputy gets their
    rights meanwhile."""

    today: str
    tz: str
    people: tuple[Choice, ...] = ()
    deputy_id: str | None = None
    manages: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    text: str
    at_iso: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything about a lead its reader may see, with its history, newest first."""

    card: Card
    history: tuple[HistoryLine, ...]


def reject_form(tx: Transaction, handoff_id: str, by: str) -> RejectForm:
    """The form to reject this handoff. Raises AlreadyDecided, NotAllowed, PersonUnknown, NotFound."""
    who, handoff, lead = _readable(tx, handoff_id, by)
    refuse(rights.may_decide(who, handoff))
    if not handoff.is_open:
        raise already_decided(tx, handoff)
    refuse_won(lead)
    today = local_date(tx.now, who.person.tz)
    masked = not rights.sees_personal_data(who, handoff)
    return RejectForm(
        handoff_id=handoff.id,
        version=handoff.version,
        lead_name=masked_name(lead) if masked else _marked(lead),
        company=lead.company,
        reasons=handoff.terms.reasons,
        agreement_id=handoff.agreement_id,
        people=_reps(tx, exclude=handoff.rep_id),
        criteria=tuple(Choice(value=criterion_value(label), label=label) for label in criteria_of(handoff.terms)),
        similar=_suggestions(tx, lead, masked=masked),
        today=today.isoformat(),
        latest=(today + LATEST_RECYCLE).isoformat(),
        suggested_date=next_monday(today, weeks=4).isoformat(),
    )


def reassign_form(tx: Transaction, handoff_id: str, by: str) -> ReassignForm:
    """The form to reassign. Raises AlreadyDecided, NotAllowed, PersonUnknown, NotFound."""
    who, handoff, lead = _readable(tx, handoff_id, by)
    refuse(rights.may_reassign(who, handoff))
    if not (handoff.is_open or handoff.is_owned):
        raise already_decided(tx, handoff)
    return ReassignForm(
        handoff_id=handoff.id,
        version=handoff.version,
        lead_name=lead_name(lead),
        company=lead.company,
        people=_reps(tx, exclude=handoff.rep_id),
    )


def assign_form(tx: Transaction, lead_id: str, by: str) -> AssignForm:
    """The form to give a lead that nobody could be offered to a rep. Raises NotAllowed, PersonUnknown, NotFound, and
    Refused when somebody has it by now."""
    who = clicker(tx, by)
    refuse(rights.may_manage(who))
    lead = tx.leads.get(lead_id)
    if lead is None:
        raise NotFound("I do not know this lead. Please open Home again.")
    refuse_unless_waiting(tx, lead)
    return AssignForm(lead_id=lead.id, lead_name=lead_name(lead), company=lead.company, people=_reps(tx, exclude=None))


def note_form(tx: Transaction, handoff_id: str, by: str, action: str) -> NoteForm:
    """The form to release (the owner) or withdraw (a manager, while open). Raises as reassign_form."""
    who, handoff, lead = _readable(tx, handoff_id, by)
    if action == "release":
        fits = handoff.is_owned
        sentence = rights.may_give_up(who, handoff)
    else:
        fits = handoff.is_open
        sentence = rights.may_manage(who)
    refuse(sentence)
    if not fits:
        raise already_decided(tx, handoff)
    if action == "release":
        standing.refuse_giving_back(tx, handoff, lead)
    return NoteForm(handoff_id=handoff.id, version=handoff.version, lead_name=_marked(lead), company=lead.company)


def away_form(tx: Transaction, by: str) -> AwayForm:
    """The form to be away. Raises NotAllowed, PersonUnknown."""
    person = clicker(tx, by).person
    people = tuple(
        Choice(value=one.id, label=one.name, description="Away" if one.is_away else one.title or None)
        for one in tx.people.all()
        if one.id != person.id and not one.flags.may_never_act
    )
    return AwayForm(
        today=local_date(tx.now, person.tz).isoformat(),
        tz=person.tz,
        people=people,
        deputy_id=person.deputy_id,
        manages=rights.leads_sales(person),
    )


def details(tx: Transaction, handoff_id: str, by: str) -> Details:
    """The lead and its history, as far as this person may see it. Raises NotAllowed, PersonUnknown, NotFound."""
    who, handoff, lead = _readable(tx, handoff_id, by)
    refused = rights.may_see(who, handoff)
    for_marketing = refused is not None and rights.markets(who, handoff, marketer_id(tx, handoff))
    if not for_marketing:
        refuse(refused)
    masked = not for_marketing and not rights.sees_personal_data(who, handoff)
    card = card_of(tx, handoff, masked=masked)
    if card is None:
        raise NotFound("This lead is not there any more.")
    if for_marketing:
        card = replace(card, note=None, passed_on=None)
    return Details(card=card, history=history(tx, lead.id))


def _marked(lead: Lead) -> str:
    """The lead's name, which says of a practice lead what it is."""
    return f"🎓 Practice: {lead_name(lead)}" if lead.practice else lead_name(lead)


def history(tx: Transaction, lead_id: str) -> tuple[HistoryLine, ...]:
    """What happened to a lead, newest first, in words."""
    lines = []
    for event in tx.events.of_lead(lead_id, 20):
        words = STEPS.get(str(event.data["step"])) if event.kind == "countdown.step" else HAPPENED.get(event.kind)
        if words is None:
            continue
        actor = tx.people.get(event.actor)
        lines.append(
            HistoryLine(text=f"{words} by {actor.name}" if actor else words, at_iso=event.recorded_at.isoformat())
        )
    return tuple(lines)


HAPPENED = {
    "lead.received": "Handed over by marketing",
    "lead.updated": "Changed at the source",
    "lead.touched": "Came back",
    "lead.recycled": "Back to marketing",
    "lead.came_back": "Came back on its date",
    "lead.merged": "Merged",
    "lead.closed": "Closed",
    "lead.unrouted": "Nobody to offer it to",
    "lead.activity": "Contacted, as the CRM says",
    "lead.stage": "Moved on in the CRM",
    "lead.owner": "Changed hands in the CRM",
    "lead.erased": "Erased at the person's request",
    "lead.assigned": "Assigned",
    "lead.attempted": "Attempt",
    "lead.contacted": "Contacted",
    "lead.qualified": "Qualified",
    "lead.disqualified": "Disqualified",
    "lead.opportunity": "Opportunity",
    "lead.won": "Won",
    "lead.lost": "Lost",
    "lead.corrected": "What was logged was corrected",
    "lead.leaking": "Leaking: nobody had tried to reach them",
    "handoff.offered": "Offered",
    "handoff.accepted": "Accepted",
    "handoff.undone": "Accept undone",
    "handoff.rejected": "Rejected",
    "handoff.released": "Released",
    "handoff.reassigned": "Reassigned",
    "handoff.transferred": "Reassigned",
    "handoff.withdrawn": "Withdrawn",
    "handoff.expired": "Not decided in time",
    "lead.parked": "Parked: nobody on the ladder decided",
    "countdown.replanned": "Due time moved with somebody's working hours",
}
STEPS = {Step.REMIND.value: "Reminded", Step.AT_RISK.value: "At risk"}


def _readable(tx: Transaction, handoff_id: str, by: str) -> tuple[Clicker, Handoff, Lead]:
    """As handoffs.open_for, without locks: forms are read, and checked again when they are submitted."""
    who = clicker(tx, by)
    handoff = tx.handoffs.get(handoff_id)
    lead = tx.leads.get(handoff.lead_id) if handoff else None
    if handoff is None or lead is None:
        raise NotFound("I do not know this lead. If the message is old, open Home for your present leads.")
    return who, handoff, lead


def _reps(tx: Transaction, *, exclude: str | None) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=person.id, label=person.name, description="Away" if person.is_away else None)
        for person in reps(tx)
        if person.id != exclude and not person.flags.may_never_act
    )


def _suggestions(tx: Transaction, lead: Lead, *, masked: bool) -> tuple[Choice, ...]:
    """The leads it may be the same as, and that it is none of them; empty when there is nothing to suggest."""
    similar = tuple(_similar(tx, other, masked=masked) for other in tx.leads.similar(lead))
    return (*similar, Choice(value=NOT_LISTED, label="A record that is not listed here")) if similar else ()


def _similar(tx: Transaction, lead: Lead, *, masked: bool) -> Choice:
    name = masked_name(lead) if masked else lead_name(lead)
    label = f"{name}, {lead.company}" if lead.company else name
    return Choice(value=lead.id, label=label, description=whereabouts(tx, lead))
