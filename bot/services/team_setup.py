"""Teams: added, changed and deleted by an admin in Slack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.configuration import Configuration, TeamEntry
from bot.domain.person import Person, Side
from bot.domain.roster_check import WEIGHT_MAX, check_team, key_for
from bot.errors import FormError, NotFound
from bot.services import configuration
from bot.services.editing import change, refuse_unless_same
from bot.services.forms import Choice
from bot.services.roster import side_of
from bot.services.set_up_changes import admin, refuse_mistakes, seen
from storage.transaction import Transaction

GONE = "This team is not there any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLine:
    """`shares`: name and weight of each member, by name."""

    key: str
    name: str
    side: Side
    shares: tuple[tuple[str, int], ...]
    pool_channel: str | None
    mirror_channel: str | None
    rules: int
    """How many rules send leads to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamList:
    teams: tuple[TeamLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamForm:
    """A team as the form shows it; `key` None: a new one. `members` are Slack ids; `hidden`: names of members who have
    no account in Slack, so that its menu cannot show them, by their ids; they stay unless they are taken out."""

    key: str | None = None
    seen: str = ""
    name: str = ""
    side: Side = Side.SALES
    members: tuple[str, ...] = ()
    hidden: tuple[Choice, ...] = ()
    pool_channel: str | None = None
    mirror_channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveTeam:
    """`key` None: a new team, with `new_key` or one made of its name. `members` are Slack ids; `take_out` ids of ours,
    of members whom Slack's menu could not show."""

    by: str
    key: str | None
    seen: str = ""
    new_key: str | None = None
    name: str
    side: str
    members: tuple[str, ...]
    take_out: tuple[str, ...] = ()
    pool_channel: str | None
    mirror_channel: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesForm:
    """`shares`: id, name and weight of each member, by name."""

    key: str
    seen: str
    name: str
    shares: tuple[tuple[str, str, int], ...]


def team_list(tx: Transaction, by: str) -> TeamList:
    """Every team by name. Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    now = configuration.current(tx, every_campaign=False)
    names = {person.email: person.name for person in now.people}
    return TeamList(
        teams=tuple(
            TeamLine(
                key=team.key,
                name=team.name,
                side=team.side,
                shares=tuple((names.get(email, email), weight) for email, weight in team.members),
                pool_channel=team.pool_channel,
                mirror_channel=team.mirror_channel,
                rules=sum(rule.to == team.key and rule.target.value != "rep" for rule in now.rules),
            )
            for team in now.teams
        )
    )


def team_form(tx: Transaction, key: str | None, by: str) -> TeamForm:
    """The form for a team, or with `key` None for a new one. Raises NotAllowed, PersonUnknown, NotFound."""
    admin(tx, by)
    if key is None:
        return TeamForm()
    team = _entry(configuration.current(tx, every_campaign=False), key)
    members = _members(tx, team)
    return TeamForm(
        key=team.key,
        seen=seen(team),
        name=team.name,
        side=team.side,
        members=tuple(one.slack_id for one in members if one.slack_id is not None),
        hidden=tuple(Choice(value=one.id, label=one.name) for one in members if one.slack_id is None),
        pool_channel=team.pool_channel,
        mirror_channel=team.mirror_channel,
    )


def save_team(tx: Transaction, command: SaveTeam) -> str:
    """The team is as the form says; who stays keeps their weight, who is new has 1. Its key.

    Raises NotAllowed, PersonUnknown, NotFound, Refused when somebody changed it since the form was opened, and
    FormError(key, name, side, members).
    """
    saved: list[str] = []

    def edit(now: Configuration) -> Configuration:
        known = {team.key for team in now.teams}
        if command.key is None:
            key = command.new_key or key_for(command.name, known)
            old = TeamEntry(key=key, name="")
            if key in known:
                raise FormError({"key": "There is a team with this key already: choose another one."})
        else:
            old = _entry(now, command.key)
            refuse_unless_same(command.seen, old)
        if not command.name.strip():
            raise FormError({"name": "Give the team a name."})
        team = replace(
            old,
            name=command.name.strip(),
            side=side_of(command.side),
            members=_with_members(tx, old, command.members, command.take_out),
            pool_channel=command.pool_channel,
            mirror_channel=command.mirror_channel,
        )
        refuse_mistakes(check_team(team))
        saved.append(team.key)
        others = tuple(team if one.key == team.key else one for one in now.teams)
        return replace(now, teams=others if command.key is not None else (*now.teams, team))

    change(tx, command.by, edit)
    return saved[-1]


def shares_form(tx: Transaction, key: str, by: str) -> SharesForm:
    """Raises NotAllowed, PersonUnknown, NotFound."""
    admin(tx, by)
    team = _entry(configuration.current(tx, every_campaign=False), key)
    weights = dict(team.members)
    members = [(one.id, one.name, weights[one.email or ""]) for one in _members(tx, team)]
    return SharesForm(key=key, seen=seen(team), name=team.name, shares=tuple(members))


def save_shares(tx: Transaction, key: str, shown: str, shares: Mapping[str, int | None], by: str) -> None:
    """Each member gets so much of the team's leads (`shares`: by person id; None or missing: as before).

    Raises NotAllowed, PersonUnknown, NotFound, Refused as save_team, and FormError by person id.
    """

    def edit(now: Configuration) -> Configuration:
        old = _entry(now, key)
        refuse_unless_same(shown, old)
        weights = dict(old.members)
        for member in _members(tx, old):
            share = shares.get(member.id)
            if share is not None:
                if not 0 <= share <= WEIGHT_MAX:
                    raise FormError({member.id: f"Write a whole number from 0 to {WEIGHT_MAX}."})
                weights[member.email or ""] = share
        team = replace(old, members=tuple(weights.items()))
        refuse_mistakes(check_team(team))
        return replace(now, teams=tuple(team if one.key == key else one for one in now.teams))

    change(tx, by, edit)


def delete_team(tx: Transaction, key: str, by: str, seen_as: str | None = None) -> str:
    """The team has no members and channels any more, and is in no list; its name. Leads in its pool go on by
    the rules.

    Raises NotAllowed, PersonUnknown, NotFound, and Refused while a rule sends leads to it, or when somebody changed it
    since it looked like `seen_as` (None: however it looks).
    """
    names: list[str] = []

    def edit(now: Configuration) -> Configuration:
        team = _entry(now, key)
        if seen_as is not None:
            refuse_unless_same(seen_as, team)
        names.append(team.name)
        return replace(now, teams=tuple(one for one in now.teams if one.key != key))

    change(tx, by, edit)
    return names[-1]


def _with_members(
    tx: Transaction, old: TeamEntry, slack_ids: Sequence[str], take_out: Sequence[str]
) -> tuple[tuple[str, int], ...]:
    """Addresses and weights of whoever was chosen, and of members whom Slack's menu could not show and who are not to
    be taken out."""
    weights = dict(old.members)
    found: dict[str, int] = {}
    strangers = []
    roster = {person.slack_id: person for person in tx.people.all()}
    for slack_id in slack_ids:
        person = roster.get(slack_id) or tx.people.by_slack_id(slack_id)
        if person is None or not person.on_roster or person.email is None:
            strangers.append(person.name if person is not None else slack_id)
        else:
            found[person.email] = weights.get(person.email, 1)
    if strangers:
        who = ", ".join(strangers[:5])
        raise FormError({"members": f"Not on the roster: {who}. Add them under People first, or take them out here."})
    for member in _members(tx, old):
        if member.slack_id is None and member.email is not None and member.id not in take_out:
            found[member.email] = weights[member.email]
    return tuple(found.items())


def _members(tx: Transaction, team: TeamEntry) -> list[Person]:
    emails = {email for email, _ in team.members}
    return [person for person in tx.people.all() if person.email in emails]


def _entry(now: Configuration, key: str) -> TeamEntry:
    found = next((team for team in now.teams if team.key == key), None)
    if found is None:
        raise NotFound(GONE)
    return found
