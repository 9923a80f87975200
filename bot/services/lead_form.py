"""A person hands a lead over by hand: the same intake as every other way in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import rights
from bot.domain.config import BY_HAND, BY_HAND_PREFIX
from bot.domain.qualification import Shortfall
from bot.errors import FormError
from bot.services.answers import Answer
from bot.services.forms import Choice
from bot.services.handoffs import refuse
from bot.services.intake import hand_over
from bot.services.lead_records import HandOver
from bot.services.marketers import own_campaign
from bot.services.people import clicker
from bot.services.whereabouts import whereabouts
from storage.transaction import Transaction

CAMPAIGNS = 100
"""Slack's menus show no more."""
ASKED = frozenset({"name", "company", "email", "phone", "country", "priority", "campaign", "summary"})
"""The fields of the form."""
SOURCE = BY_HAND
"""The source of leads handed over in Slack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadForm:
    """`campaigns`: the newest CAMPAIGNS, by name. One that is older is named by the system that knows the lead."""

    campaigns: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverLead:
    """`by` is the Slack id from the signed request; `lead` was read from the form."""

    by: str
    lead: HandOver


def lead_form(tx: Transaction, by: str) -> LeadForm:
    """The form to hand a lead over. Raises NotAllowed, PersonUnknown."""
    refuse(rights.may_hand_over(clicker(tx, by)))
    newest = [one for one in tx.campaigns.newest(CAMPAIGNS) if not one.key.startswith(BY_HAND_PREFIX)]
    newest.sort(key=lambda one: one.name.casefold())
    return LeadForm(campaigns=tuple(Choice(value=one.key, label=one.name) for one in newest))


def hand_over_lead(tx: Transaction, command: HandOverLead) -> str:
    """The lead is handed over, once however often the form is sent; a sentence on where it is now. Without a campaign
    it belongs to what this person hands over, so that they hear what becomes of it.

    Raises FormError by field for a lead below the agreed definition, of which nothing is kept then; NotAllowed,
    PersonUnknown.
    """
    who = clicker(tx, command.by)
    refuse(rights.may_hand_over(who))
    campaign = command.lead.campaign or own_campaign(tx, who.person).key
    done = hand_over(tx, replace(command.lead, campaign=campaign, actor=who.person.id, origin_kind="slack"))
    if done.below:
        raise FormError(_at_fields(done.below))
    lead = tx.leads.get(done.lead_id) if done.lead_id else None
    if lead is None:
        return "This person asked to be erased, so nothing was stored."
    where = whereabouts(tx, lead)
    match done.status:
        case Answer.OFFERED:
            return f"Handed over. {where}."
        case Answer.TOUCH:
            return f"This person is known here already, and this was added to their lead. {where}."
        case Answer.UNROUTED:
            return "Stored, but there is nobody to offer it to now. The admin is told."
        case _:
            return f"Stored. {where}."


_FIELDS = {"excluded_domains": "email", "excluded_countries": "country"}


def _at_fields(found: tuple[Shortfall, ...]) -> dict[str, str]:
    """What the lead lacks, at the fields of the form; what no field asks for stands at the name."""
    errors: dict[str, str] = {}
    for one in found:
        field = _FIELDS.get(one.criterion, one.criterion.removeprefix("required_fields."))
        field = field if field in ASKED else "name"
        errors[field] = f"{errors[field]} {one.sentence}" if field in errors else one.sentence
    return errors
