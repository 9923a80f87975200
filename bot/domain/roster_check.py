"""What is wrong with people and teams as somebody wrote them: the same for the file and for the forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import available_timezones

from bot.domain.config import wrong_key
from bot.domain.configuration import Configuration, PersonEntry, TeamEntry
from bot.domain.lead import normalise_email
from bot.domain.routing import Target
from bot.domain.work_times import days_off_mistake, tz_mistake

NAME_MAX = 200
KEY_MAX = 64
CAP_MAX = 100_000
WEIGHT_MAX = 1000
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(:\d{1,5})?")


def check_person(person: PersonEntry) -> dict[str, str]:
    """By field (email, name, tz, cap, days_off, manager, deputy) what is wrong and how to mend it, as the rest of a
    sentence; empty when the person can be put on the roster."""
    found: dict[str, str] = {}
    if normalise_email(person.email) is None:
        found["email"] = f"{person.email} is no e-mail address; write it as in Slack"
    if not person.name.strip():
        found["name"] = "is missing"
    elif len(person.name) > NAME_MAX:
        found["name"] = f"has {len(person.name)} characters; at most {NAME_MAX} fit"
    if person.tz is not None and person.tz not in available_timezones():
        found["tz"] = f"{person.tz} is no time zone; write for example Europe/Berlin"
    if person.cap is not None and not 0 <= person.cap <= CAP_MAX:
        found["cap"] = "must be a whole number from 0"
    if person.days_off is not None and (wrong := days_off_mistake(person.days_off)):
        found["days_off"] = wrong.rstrip(".")
    for field, other in (("manager", person.manager), ("deputy", person.deputy)):
        if other == person.email:
            found[field] = "must be somebody else"
    return found


def check_team(team: TeamEntry) -> dict[str, str]:
    """By field (key, name, members, tz, days_off) what is wrong, as check_person."""
    found: dict[str, str] = {}
    if not team.key:
        found["key"] = "is missing"
    elif wrong := wrong_key(team.key):
        found["key"] = f"{wrong}: rules and files name the team by it"
    if team.tz is not None and (wrong := tz_mistake(team.tz)):
        found["tz"] = wrong.rstrip(".")
    if team.days_off is not None and (wrong := days_off_mistake(team.days_off)):
        found["days_off"] = wrong.rstrip(".")
    if len(team.name) > NAME_MAX:
        found["name"] = f"has {len(team.name)} characters; at most {NAME_MAX} fit"
    heavy = [email for email, weight in team.members if not 0 <= weight <= WEIGHT_MAX]
    if heavy:
        found["members"] = f"the weight of {heavy[0]} must be a whole number from 0 to {WEIGHT_MAX}"
    emails = [email for email, _ in team.members]
    twice = sorted({email for email in emails if emails.count(email) > 1})
    if twice:
        found["members"] = f"members {twice[0]} is there twice"
    return found


def check_host(host: str) -> str | None:
    """What is wrong with a host to which Open in CRM may lead; None when nothing."""
    if _HOST.fullmatch(host):
        return None
    return f"“{host}” is no host name; write for example crm.example.com, without https:// and without a path"


class Want(StrEnum):
    """What a link asks for and does not find."""

    PERSON = "person"
    TEAM = "team"
    POOL = "pool"
    """The team is there, and has no pool channel."""


class Part(StrEnum):
    """The part of the configuration that a link is in, as its table in the file."""

    GENERAL = "lockstep"
    PEOPLE = "people"
    TEAMS = "teams"
    ROUTING = "routing"
    CAMPAIGNS = "campaigns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A link to somebody or something that is not there: `field` of `key` in `part` names `to`."""

    part: Part
    key: str
    field: str
    to: str
    want: Want


def broken_links(configuration: Configuration) -> list[Broken]:
    """Every link of the configuration that leads nowhere."""
    people = {person.email for person in configuration.people}
    teams = {team.key: team for team in configuration.teams}
    found = [
        Broken(part=part, key=key, field=field, to=to, want=Want.PERSON)
        for part, key, field, to in _to_people(configuration)
        if to is not None and to not in people
    ]
    for rule in configuration.rules:
        if rule.target is Target.REP:
            continue
        want = None
        if rule.to not in teams:
            want = Want.TEAM
        elif rule.target is Target.POOL and teams[rule.to].pool_channel is None:
            want = Want.POOL
        if want is not None:
            found.append(Broken(part=Part.ROUTING, key=rule.name, field=rule.target.value, to=rule.to, want=want))
    return found


def _to_people(configuration: Configuration) -> Iterator[tuple[Part, str, str, str | None]]:
    yield Part.GENERAL, "", "admin", configuration.admin
    for person in configuration.people:
        yield Part.PEOPLE, person.email, "manager", person.manager
        yield Part.PEOPLE, person.email, "deputy", person.deputy
    for team in configuration.teams:
        for email, _ in team.members:
            yield Part.TEAMS, team.key, "members", email
    for rule in configuration.rules:
        if rule.target is Target.REP:
            yield Part.ROUTING, rule.name, "rep", rule.to
    for campaign in configuration.campaigns:
        yield Part.CAMPAIGNS, campaign.key, "owner", campaign.owner


def key_for(name: str, taken: Iterable[str]) -> str:
    """A team's key made of its name that nobody has: `Europe North` becomes `europe-north`."""
    known = set(taken)
    stem = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[: KEY_MAX - 4] or "team"
    number, key = 1, stem
    while key in known:
        number += 1
        key = f"{stem}-{number}"
    return key
