"""A person hands a lead over by hand: the same intake as every other way in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import rights
from bot.domain.config import BY_HAND, BY_HAND_PREFIX
from bot.services.forms import Choice
from bot.services.handoffs import refuse
from bot.services.intake import Answer, hand_over
from bot.services.lead_records import HandOver
from bot.services.marketers import own_campaign
from bot.services.people import clicker
from bot.services.whereabouts import whereabouts
from storage.transaction import Transaction

CAMPAIGNS = 100
"""Slack's menus show no more."""
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

    Raises NotAllowed, PersonUnknown.
    """
    who = clicker(tx, command.by)
    refuse(rights.may_hand_over(who))
    campaign = command.lead.campaign or own_campaign(tx, who.person).key
    done = hand_over(tx, replace(command.lead, campaign=campaign, actor=who.person.id, origin_kind="slack"))
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
