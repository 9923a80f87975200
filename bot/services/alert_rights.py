"""Who makes campaign alerts, who changes them, and who approves them: in their own name or for an absent one."""

from __future__ import annotations

from bot.domain import rights
from bot.domain.campaign_alert import CampaignAlert
from bot.domain.person import Person, Role, Side
from bot.domain.rights import Clicker
from bot.services import deciders, posting
from bot.services.deputies import in_place_of
from storage.transaction import Transaction


def why_not_announce(tx: Transaction, who: Clicker) -> str | None:
    """Why this person cannot make a campaign alert; None where they can."""
    if rights.announces(who.person) or in_place_of(tx, who.person, rights.announces):
        return None
    return "Only marketers and marketing's managers make campaign alerts."


def why_not_edit(tx: Transaction, who: Clicker, alert: CampaignAlert) -> str | None:
    """Why this person cannot change the alert, send it for approval, end or withdraw it; None where they can."""
    if rights.edits_alert(who.person, alert):
        return None
    if in_place_of(tx, who.person, lambda absent: rights.edits_alert(absent, alert)):
        return None
    return "Only its owner and marketing's managers can change this campaign alert."


def why_not_approve(who: Clicker) -> str | None:
    """Why this person cannot approve a campaign alert, or send it back; None where they can."""
    return None if rights.manages_sales(who) else "Only sales managers can approve a campaign alert."


def why_not_read(tx: Transaction, who: Clicker, alert: CampaignAlert) -> str | None:
    """Why this person cannot see the alert yet: sales was not told of it, nor were they asked to
    approve it."""
    if alert.told_at is not None or why_not_edit(tx, who, alert) is None:
        return None
    if alert.proposed_at is not None and why_not_approve(who) is None:
        return None
    return "Sales has not been told of this campaign alert yet."


def approvers(tx: Transaction, alert: CampaignAlert) -> list[Person]:
    """The sales managers who are asked to approve it, by name: those of the teams in whose channels it is told, else
    all of them, else those of leadership."""
    everybody = [one for one in tx.people.with_role(Role.MANAGER) if rights.leads_sales(one) and _is_there(one)]
    ids = {one.id for one in everybody}
    nearest: set[str] = set()
    members = tx.teams.all_members()
    for team in tx.teams.all():
        if team.removed_at is None and {team.pool_channel, team.mirror_channel} & set(alert.channels):
            for member in members.get(team.id, ()):
                found = member.person.id if member.person.id in ids else member.person.manager_id
                nearest |= {found} & ids if found else set()
    chosen = [one for one in everybody if one.id in nearest]
    chosen = chosen or [one for one in everybody if one.side is Side.SALES] or everybody
    return sorted(chosen, key=lambda one: (one.name.casefold(), one.id))


def readers(tx: Transaction, managers: list[Person]) -> dict[str, Person]:
    """By manager who reads what is meant for them just now: they, or the deputy who has their rights."""
    return {one.id: deciders.reader_of(tx, one) for one in managers}


def _is_there(person: Person) -> bool:
    return posting.reads(person) is not None
