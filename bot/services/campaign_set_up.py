"""Campaigns from Slack: which there are, what people call them, and who hears what becomes of their leads."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.config import BY_HAND_PREFIX, Campaign
from bot.errors import FormError, NotFound
from bot.services import asking_again, posting
from bot.services.editing import refuse_unless_same
from bot.services.set_up_changes import admin, change, changed, refuse_mistakes, seen
from storage.transaction import Transaction

KEY_MAX = NAME_MAX = 200
"""As long as a lead's field `campaign` may be."""
UNOWNED = 200
"""Sources make campaigns up without end: of those that nobody owns, the newest are listed."""
GONE = "This campaign is not there."


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEntryRow:
    """`owner`: their name, None where nobody owns it. Names and key are untrusted."""

    id: str
    key: str
    name: str
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignForm:
    """A campaign to change, or a new one. `hidden`: the owner's name where Slack's menu cannot show them; they stay
    when nobody else is chosen."""

    id: str = ""
    key: str = ""
    name: str = ""
    owner: str | None = None
    hidden: str | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCampaign:
    """`owner`: a Slack id; `campaign_id` None and `key`: a new one."""

    by: str
    campaign_id: str | None
    seen: str
    key: str
    name: str
    owner: str | None


def campaigns_list(tx: Transaction, by: str) -> tuple[CampaignEntryRow, ...]:
    """First the newest that nobody owns, then the others by name. Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    owned = tx.campaigns.owned()
    people = tx.people.get_many(one.owner_id for one in owned if one.owner_id)
    names = {one.id: one.name for one in people.values()}
    found = [*tx.campaigns.newest_unowned(UNOWNED), *sorted(owned, key=lambda one: one.name.casefold())]
    return tuple(
        CampaignEntryRow(id=one.id, key=one.key, name=one.name, owner=names.get(one.owner_id or "")) for one in found
    )


def campaign_form(tx: Transaction, by: str, campaign_id: str | None = None) -> CampaignForm:
    """Raises NotFound, NotAllowed, PersonUnknown."""
    admin(tx, by)
    if campaign_id is None:
        return CampaignForm()
    campaign = _get(tx, campaign_id)
    owner = tx.people.get(campaign.owner_id) if campaign.owner_id else None
    return CampaignForm(
        id=campaign.id,
        key=campaign.key,
        name=campaign.name,
        owner=owner.slack_id if owner else None,
        hidden=owner.name if owner and owner.slack_id is None else None,
        seen=seen(campaign),
    )


def save_campaign(tx: Transaction, command: SaveCampaign) -> None:
    """The campaign is called so and is this person's; both owners' Homes follow. A key that a lead named already is
    that campaign.

    Raises FormError by field (key, name, owner), NotFound, Refused when somebody changed it since it looked like
    `seen`, NotAllowed, PersonUnknown.
    """
    person = change(tx, command.by)
    key, name = command.key.strip(), command.name.strip()
    if command.campaign_id is not None:
        old = _get(tx, command.campaign_id)
        refuse_unless_same(command.seen, old)
        refuse_mistakes(_mistakes(old.key, name or old.key))
    else:
        refuse_mistakes(_mistakes(key, name))
        if key.startswith(BY_HAND_PREFIX):
            raise FormError({"key": f"Keys with {BY_HAND_PREFIX} are of what somebody hands over in Slack."})
        known = tx.campaigns.by_key(key)
        if known is not None and (known.owner_id is not None or known.name != known.key):
            raise FormError({"key": f"There is a campaign {key} already: change it in the list."})
        old = tx.campaigns.ensure(key)
    after = replace(old, name=name or old.key, owner_id=_owner(tx, command, old))
    if after != old:
        tx.campaigns.save(after)
    if after.owner_id != old.owner_id:
        asking_again.owner_changed(tx, after.id)
    for owner_id in {old.owner_id, after.owner_id}:
        posting.sync_home(tx, owner_id)
    changed(tx, person, "campaign.changed", campaign=old.key)


def _owner(tx: Transaction, command: SaveCampaign, old: Campaign) -> str | None:
    """Whoever was chosen; where nobody was, an owner whom Slack's menu could not show stays."""
    if command.owner is None:
        before = tx.people.get(old.owner_id) if old.owner_id else None
        return before.id if before is not None and before.slack_id is None else None
    person = tx.people.by_slack_id(command.owner)
    if person is None or not person.on_roster:
        raise FormError({"owner": "They are not on the roster. Add them under People first."})
    return person.id


def _mistakes(key: str, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if not key:
        found["key"] = "is missing: leads name their campaign by it"
    elif len(key) > KEY_MAX:
        found["key"] = f"has {len(key)} characters; at most {KEY_MAX} fit"
    if len(name) > NAME_MAX:
        found["name"] = f"has {len(name)} characters; at most {NAME_MAX} fit"
    return found


def _get(tx: Transaction, campaign_id: str) -> Campaign:
    campaign = tx.campaigns.get(campaign_id)
    if campaign is None:
        raise NotFound(GONE)
    return campaign
