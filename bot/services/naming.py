"""What a lead is called where it is shown, and how it is masked."""

from __future__ import annotations

from bot.domain.lead import Lead


def lead_name(lead: Lead) -> str:
    """The best name there is: name, else the e-mail's local part, else the company, else the CRM's id."""
    if lead.erased_at is not None:
        return "Somebody who was erased"
    if lead.name:
        return lead.name
    if lead.email:
        return lead.email.partition("@")[0]
    return lead.company or f"Lead {lead.external_id}"


def masked_name(lead: Lead) -> str:
    """Initials of a name, `L. M.`; never anything from which the person can be told."""
    initials = [word[0].upper() for word in (lead.name or "").split() if word[0].isalpha()]
    return " ".join(f"{letter}." for letter in initials[:3]) or "A lead"
