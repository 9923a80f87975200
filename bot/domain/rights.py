"""Who may do what (P6). Each function answers None when allowed, else the sentence that refuses. Deny by default."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.campaign_alert import CampaignAlert
from bot.domain.handoff import Handoff
from bot.domain.person import Person, Role, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicker:
    """A person whose Slack account is confirmed and who is on the roster, with the ids of their teams, and the absent
    sales managers for whom they stand in just now."""

    person: Person
    team_ids: Collection[str]
    stands_in_for: tuple[Person, ...] = ()


def may_decide(clicker: Clicker, handoff: Handoff) -> str | None:
    """Accept or reject: the rep it is offered to, or whoever it went up the ladder to; in a pool the reps of its team,
    in the fallback pool every rep and the managers of sales."""
    person = clicker.person
    if not handoff.is_pool:
        if handoff.rep_id == person.id and (person.has(Role.REP) or leads_sales(person) or handoff.is_escalated):
            return None
        return "This lead is offered to somebody else: only they can decide on it."
    if handoff.team_id is None:
        if person.has(Role.REP) or leads_sales(person):
            return None
        return "Only reps and sales managers can decide on leads here."
    if person.has(Role.REP) and handoff.team_id in clicker.team_ids:
        return None
    return "Only reps of this pool's team can decide on its leads."


def may_give_up(clicker: Clicker, handoff: Handoff) -> str | None:
    """Undo or release: the owner."""
    if handoff.rep_id == clicker.person.id:
        return None
    return "Only the person who accepted this lead can do that."


def may_log(clicker: Clicker, handoff: Handoff) -> str | None:
    """Log what became of an accepted lead, or correct it: its owner; whoever manages sales, for them."""
    if handoff.rep_id == clicker.person.id or (manages_sales(clicker) and not handoff.practice):
        return None
    return "Only the person who has this lead, and sales managers, can log what became of it."


def may_manage(clicker: Clicker) -> str | None:
    """Reassign, withdraw or assign, one lead or all of a person's: managers on the sales side, and whoever stands in
    for one."""
    if manages_sales(clicker):
        return None
    return "Only sales managers can reassign or withdraw a lead."


def may_reassign(clicker: Clicker, handoff: Handoff) -> str | None:
    """Give one lead to a rep: as may_manage, and whoever it went up the ladder to."""
    if handoff.is_escalated and handoff.rep_id == clicker.person.id:
        return None
    return may_manage(clicker)


def may_hand_over(clicker: Clicker) -> str | None:
    """Hand a lead over by hand: marketers, reps, managers and admins."""
    if any(clicker.person.has(role) for role in (Role.MARKETER, Role.REP, Role.MANAGER, Role.ADMIN)):
        return None
    return "Only marketers, reps, managers and admins can hand a lead over."


def may_set_up(clicker: Clicker) -> str | None:
    """People, teams, routing, channels, sources and reasons: admins."""
    if clicker.person.has(Role.ADMIN):
        return None
    return "Only Lockstep's admins can do that."


def may_schedule(clicker: Clicker) -> str | None:
    """Digests on their schedules: managers of either side, whoever stands in for one, and admins."""
    person = clicker.person
    if person.has(Role.MANAGER) or person.has(Role.ADMIN) or clicker.stands_in_for:
        return None
    return "Only managers and Lockstep's admins can set up digests."


def may_become_first_admin(person: Person, admins: Collection[Person]) -> str | None:
    """Put oneself on the roster as admin: whoever Slack names as owner or admin of the workspace, while there is no
    admin."""
    if not is_without_admin(admins):
        return "Lockstep has an admin already."
    if person.flags.may_never_act or not person.flags.runs_workspace:
        return "Only owners and admins of this Slack workspace can set up Lockstep."
    return None


def is_without_admin(admins: Collection[Person]) -> bool:
    """Whether none of `admins` can set up anything.

    An admin counts until Slack says that they may never act or shows no account of theirs: one whom Slack was not
    asked about yet is there, one who was deactivated or whose address is mistyped is not. Otherwise the last admin who
    leaves the company would take the keys along; and whoever looks after the workspace could deactivate them anyway.
    """
    return all(admin.is_out_of_reach for admin in admins)


def may_see(clicker: Clicker, handoff: Handoff) -> str | None:
    """Details: whoever may decide on it, its owner, and sales managers."""
    if may_decide(clicker, handoff) is None or may_give_up(clicker, handoff) is None:
        return None
    if manages_sales(clicker):
        return None
    return "You cannot see this lead's details."


def markets(clicker: Clicker, handoff: Handoff, campaign_owner_id: str | None) -> bool:
    """Whether a campaign's lead is this person's to answer for: its owner, and managers of marketing. They handed
    the person over and know who it is; what sales says among itself is not theirs."""
    person = clicker.person
    return handoff.campaign_id is not None and (person.id == campaign_owner_id or manages_marketing(person))


def sees_personal_data(clicker: Clicker, handoff: Handoff) -> bool:
    """In a pool, name and contact stay masked until someone accepts, then only the owner and managers see them."""
    if manages_sales(clicker):
        return True
    if handoff.is_pool and not handoff.is_owned:
        return False
    # What is said of a lead after it went to somebody else is not for the one who had it.
    return handoff.rep_id == clicker.person.id and (handoff.is_open or handoff.is_owned)


def takes_leads(person: Person) -> bool:
    """Whether a lead offered to this person can be decided on by them."""
    return person.on_roster and not person.flags.may_never_act and (person.has(Role.REP) or leads_sales(person))


def may_practise(clicker: Clicker) -> str | None:
    """A practice lead: whoever takes leads."""
    if takes_leads(clicker.person):
        return None
    return "Practice leads are for reps and sales managers: nobody else is offered leads."


def manages_sales(clicker: Clicker) -> bool:
    """Whether the clicker is a sales manager, or stands in for one."""
    return leads_sales(clicker.person) or any(leads_sales(manager) for manager in clicker.stands_in_for)


def leads_sales(person: Person) -> bool:
    """Whether the person is a manager on the sales side (or of both)."""
    return person.has(Role.MANAGER) and person.side in (Side.SALES, Side.LEADERSHIP)


def announces(person: Person) -> bool:
    """Whether the person makes campaign alerts: marketers, and managers of marketing."""
    return person.has(Role.MARKETER) or manages_marketing(person)


def edits_alert(person: Person, alert: CampaignAlert) -> bool:
    """Whether the person may change this campaign alert: its owner and whoever made it, while they are marketers, and
    managers of marketing."""
    is_theirs = person.id in (alert.owner_id, alert.made_by)
    return (is_theirs and person.has(Role.MARKETER)) or manages_marketing(person)


def manages_marketing(person: Person) -> bool:
    """Whether the person is a manager on the side of marketing."""
    return person.has(Role.MANAGER) and person.side is Side.MARKETING
