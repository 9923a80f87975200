"""Changes to what is known of a lead: for each field the latest word of its source holds, whenever it arrives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.config import Campaign
from bot.domain.crm import READY, Facts
from bot.domain.lead import Lead, Priority, normalise_email
from bot.domain.matching import FURTHER
from bot.services.lead_records import HandOver
from storage.transaction import Transaction

COPIED = (
    "email", "name", "company", "title", "phone", "country", "origin", "score", "touches",
    "engaged_at", "priority", "summary", "url",
)  # fmt: skip
MOST_FURTHER = 200
"""Further key-values of one lead; what comes beyond is left out."""

Values = Mapping[str, Any]
"""By name of field what is said of it; None says there is none. `phone_e164` goes with `phone`."""


def new_lead(tx: Transaction, command: HandOver, email: str | None, campaign: Campaign | None) -> Lead:
    """The lead as it is made when it is handed over for the first time; it is not stored here. `email` is the
    normalised address; without `campaign` the lead has the key that was named and no campaign."""
    return Lead(
        id=tx.new_id(),
        source=command.source,
        external_id=command.external_id,
        email_normalised=email,
        phone_e164=command.phone_e164,
        campaign_id=campaign.id if campaign else None,
        campaign_key=campaign.key if campaign else command.campaign,
        created_at=tx.now,
        updated_at=tx.now,
        fields=command.fields,
        **{name: getattr(command, name) for name in COPIED},
    )


def values_of(command: HandOver) -> dict[str, Any]:
    """What a hand-over says of the lead's fields."""
    values = {name: getattr(command, name) for name in COPIED if name in command.given}
    if "phone" in values:
        values["phone_e164"] = command.phone_e164
    if "campaign" in command.given and command.campaign:
        values["campaign"] = command.campaign
    if "fields" in command.given:
        values |= {FURTHER + key: value for key, value in command.fields.items()}
        values |= {FURTHER + key: None for key in command.no_fields}
    return values


def start_clocks(tx: Transaction, lead: Lead, values: Values, stamp: str) -> None:
    """A new lead has these values, said at `stamp`."""
    clocks = {name: stamp for name in values if name != "phone_e164"}
    tx.facts.save(Facts(lead_id=lead.id, clocks={**clocks, READY: stamp}))


def apply_values(
    tx: Transaction, lead: Lead, values: Values, stamp: str, *, ready: bool = False, only_gaps: bool = False
) -> tuple[Lead, set[str]]:
    """The lead with what was said of it at `stamp`, where nothing later was said; and the names of what changed.

    `ready`: it was said by handing the lead over. `only_gaps`: by another record of the same person, which overwrites
    nothing the lead's own says.
    """
    facts = tx.facts.of(lead.id)
    clocks = dict(facts.clocks)
    changes: dict[str, Any] = {}
    further = dict(lead.fields)
    if ready:
        clocks[READY] = max(stamp, clocks.get(READY, ""))
    for name, value in values.items():
        if name == "phone_e164" or not facts.is_news(name, stamp) or (only_gaps and _is_known(lead, name)):
            continue
        if name.startswith(FURTHER) and not _set_further(further, name.removeprefix(FURTHER), value):
            continue  # left out, so nothing is known of when it was said
        clocks[name] = stamp
        if name.startswith(FURTHER):
            continue
        if name == "campaign":
            if value and value != lead.campaign_key:
                campaign = tx.campaigns.ensure(value)
                changes |= {"campaign_id": campaign.id, "campaign_key": campaign.key}
        elif value != getattr(lead, name) and not (name == "priority" and value is None):
            changes[name] = value
            if name == "phone":
                changes["phone_e164"] = values.get("phone_e164")
            if name == "email":
                changes["email_normalised"] = normalise_email(value)
    if further != lead.fields:
        changes["fields"] = further
    _forget_removed(clocks, further)
    if clocks != facts.clocks:
        tx.facts.save(replace(facts, clocks=clocks))
    if not changes:
        return lead, set()
    changed = replace(lead, version=lead.version + 1, updated_at=tx.now, **changes)
    tx.leads.save(changed)
    return changed, set(changes) - {"phone_e164", "email_normalised", "campaign_id"}


def from_json(values: Values) -> dict[str, Any]:
    """Values as a use case takes them, from values as JSON keeps them."""
    found = dict(values)
    if isinstance(found.get("engaged_at"), str):
        found["engaged_at"] = datetime.fromisoformat(found["engaged_at"])
    if found.get("priority") is not None:
        found["priority"] = Priority(found["priority"])
    return found


def _is_known(lead: Lead, name: str) -> bool:
    if name.startswith(FURTHER):
        return name.removeprefix(FURTHER) in lead.fields
    return getattr(lead, "campaign_key" if name == "campaign" else name) is not None


def _set_further(further: dict[str, str], key: str, value: str | None) -> bool:
    """Whether there is room for it."""
    if value is None:
        further.pop(key, None)
    elif key in further or len(further) < MOST_FURTHER:
        further[key] = value
    else:
        return False
    return True


def _forget_removed(clocks: dict[str, str], further: Mapping[str, str]) -> None:
    """Of names that are no more, when that was said is known for the latest MOST_FURTHER alone: a lead whose source
    makes up new names all the time does not grow for ever."""
    removed = [name for name in clocks if name.startswith(FURTHER) and name.removeprefix(FURTHER) not in further]
    for name in sorted(removed, key=lambda name: clocks[name], reverse=True)[MOST_FURTHER:]:
        del clocks[name]
