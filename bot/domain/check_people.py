"""What the roster says about itself: who is in Slack, who may act, and who is missing. Values in, findings out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.config import Campaign, Config, Source
from bot.domain.findings import Area, Finding, counted, fix, named, note, ok
from bot.domain.person import Member, Person, Role, Team
from bot.domain.rights import leads_sales
from bot.domain.routing import Rule
from bot.domain.routing import Target as RuleTarget
from bot.domain.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """`parked`: given up, with the reasons of the newest; `due_at`: of the oldest that is still to be said."""

    parked: int = 0
    reasons: tuple[str, ...] = ()
    unsent: int = 0
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Everything that is looked at. `people` of the roster; `teams` in force with their members; `managers`: everybody
    somebody names as manager or deputy, on the roster or not; `last_leads` by source."""

    now: datetime
    config: Config
    people: tuple[Person, ...]
    named_people: dict[str, Person]
    teams: tuple[tuple[Team, tuple[Member, ...]], ...]
    rules: tuple[Rule, ...]
    sources: tuple[Source, ...]
    last_leads: dict[str, datetime]
    targets: tuple[Target, ...]
    outbox: Outbox
    campaigns: tuple[Campaign, ...]
    """All that have an owner, and the newest without one."""
    more_campaigns: int = 0
    """Further ones without an owner."""
    timer_due_at: datetime | None = None
    """Of the oldest timer that has not fired."""


def check_people(company: Company) -> list[Finding]:
    """The roster: who is in Slack, who may act, and who is missing."""
    area, people = Area.PEOPLE, company.people
    if not people:
        return [
            fix(
                area, "Nobody is on the roster.",
                "Open Lockstep's Home as an owner or admin of the Slack workspace and press Set up Lockstep, or apply a"
                " file: lockstep config apply FILE.",
            )
        ]  # fmt: skip
    found = []
    if not any(person.has(Role.ADMIN) and not person.is_out_of_reach for person in people):
        found.append(fix(area, "Nobody on the roster is an admin who can act.", "Give somebody the role admin."))
    if not any(can_take(person) for person in people):
        found.append(fix(area, "No rep on the roster can be offered leads.", "Give somebody the role rep."))
    found += _accounts(people)
    in_teams = {member.person.id for _, members in company.teams for member in members}
    of_rules = {rule.target_id for rule in company.rules if rule.target is RuleTarget.REP}
    idle = [one.name for one in people if one.has(Role.REP) and one.id not in in_teams | of_rules]
    if idle:
        found.append(
            note(area, f"In no team and named by no rule, so no lead comes to: {named(idle)}.", "Home, Set-up, Teams….")
        )
    found += _links(company)
    unknown = sorted({person.tz for person in people if not _is_zone(person.tz)})
    if unknown:
        found.append(
            fix(
                area, f"No such time zone: {named(unknown)}. Their times are taken as UTC.",
                "Write it like Europe/Berlin.",
            )
        )  # fmt: skip
    return found or [ok(area, f"{counted(len(people), 'person', 'people')}, all of them in Slack.")]


def can_take(person: Person) -> bool:
    """Whether leads can be offered to them, as far as is known: Slack may not have been asked yet."""
    is_known = person.slack_id is not None or _is_unasked(person)
    return person.has(Role.REP) and is_known and not person.flags.may_never_act


def _is_unasked(person: Person) -> bool:
    return person.slack_id is None and person.flags.checked_at is None


def is_there(person: Person | None) -> bool:
    return person is not None and person.on_roster and not person.flags.may_never_act


def _accounts(people: Sequence[Person]) -> list[Finding]:
    area = Area.PEOPLE
    unasked = [one.name for one in people if _is_unasked(one)]
    lost = [one.name for one in people if one.slack_id is None and one.flags.checked_at is not None]
    found = []
    if lost:
        found.append(
            fix(
                area, f"Slack has no active account with the address of {named(lost)}.",
                "Correct the address, or take them off the roster.",
            )
        )  # fmt: skip
    if unasked:
        found.append(
            note(
                area, f"Not looked up in Slack yet, so no lead comes to: {named(unasked)}.",
                "A running Lockstep does it within a minute: is lockstep run running?",
            )
        )  # fmt: skip
    kinds = (
        ("deactivated in Slack", [one.name for one in people if one.flags.is_deleted]),
        ("guests", [one.name for one in people if one.flags.is_guest]),
        ("of another organisation", [one.name for one in people if one.flags.is_stranger]),
        ("apps", [one.name for one in people if one.flags.is_bot]),
    )
    return found + [
        fix(area, f"On the roster, and {kind}, so they can never act: {named(names)}.", "Take them off the roster.")
        for kind, names in kinds
        if names
    ]


def _links(company: Company) -> list[Finding]:
    area = Area.PEOPLE
    found = []
    without = [one.name for one in company.people if one.has(Role.REP) and one.manager_id is None]
    if without:
        fix_it = "Name their manager, who sees on Home what waits with them."
        found.append(note(area, f"Reps without a manager: {named(without)}.", fix_it))
    for one in company.people:
        deputy = company.named_people.get(one.deputy_id) if one.deputy_id else None
        if one.flags.is_deleted and leads_sales(one) and deputy is not None and is_there(deputy):
            says = f"{one.name} is deactivated in Slack, and {deputy.name} acts in their place as long as it stays so."
            found.append(note(area, says, f"Take {one.name} off the roster, or name no deputy for them."))
    for word, ids in (
        ("manager", [(one.name, one.manager_id) for one in company.people]),
        ("deputy", [(one.name, one.deputy_id) for one in company.people]),
    ):
        gone = [name for name, link in ids if link is not None and not is_there(company.named_people.get(link))]
        if gone:
            found.append(
                fix(area, f"Their {word} is not on the roster or deactivated: {named(gone)}.", f"Name another {word}.")
            )
    return found


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
