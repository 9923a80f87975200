"""One person of the roster: changed by an admin, or taken off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.configuration import Configuration, PersonEntry, TeamEntry
from bot.domain.local_time import zone_name
from bot.domain.person import Person, Role, Side
from bot.domain.roster_check import check_person, check_team
from bot.errors import FormError, NotFound
from bot.services import configuration
from bot.services.editing import can_set_up, change, refuse_unless_same
from bot.services.forms import Choice
from bot.services.roster import refuse_unknown_teams, roles_of, side_of, team_choices
from bot.services.set_up_changes import admin, refuse_mistakes, seen
from storage.transaction import Transaction

GONE = "This person is not on the roster any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForm:
    """A person as the form shows them. `weight` None: theirs differs from team to team, as `weights` says."""

    id: str
    seen: str
    name: str
    email: str
    side: Side
    roles: tuple[Role, ...]
    manager: str | None
    deputy: str | None
    hidden: tuple[Choice, ...]
    """`manager` and `deputy` with the name of who it is, where they have no account in Slack, so that its menus cannot
    show them."""
    slack_tz: str
    tz: str | None
    cap: int | None
    weight: int | None
    weights: str
    teams: tuple[Choice, ...]
    in_teams: tuple[str, ...]
    owned: int
    offered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPerson:
    """`manager` and `deputy` are Slack ids; `weight` None leaves it as it is. `teams_shown`: keys that the form let
    choose from; in other teams nothing changes. `take_out`: `manager` or `deputy` whom Slack's menus could not show
    and who is to be it no more."""

    by: str
    person_id: str
    seen: str
    side: str
    roles: tuple[str, ...]
    manager: str | None
    deputy: str | None
    tz: str | None
    cap: int | None
    weight: int | None
    teams: tuple[str, ...]
    teams_shown: tuple[str, ...]
    take_out: tuple[str, ...] = ()


def person_form(tx: Transaction, person_id: str, by: str) -> PersonForm:
    """Raises NotAllowed, PersonUnknown, NotFound."""
    admin(tx, by)
    person, now = _on_roster(tx, person_id), configuration.current(tx, every_campaign=False)
    entry = _entry(now, person.email)
    weights = {team.key: dict(team.members)[entry.email] for team in _teams_of(now, entry.email)}
    names = {team.key: team.name for team in now.teams}
    linked = {field: tx.people.get(found) if found else None for field, found in _links(person)}
    return PersonForm(
        id=person.id,
        seen=seen(_shown(now, entry)),
        name=person.name,
        email=entry.email,
        side=entry.side,
        roles=tuple(role for role in Role if role in entry.roles),
        manager=_slack_id(linked["manager"]),
        deputy=_slack_id(linked["deputy"]),
        hidden=tuple(
            Choice(value=field, label=one.name)
            for field, one in linked.items()
            if one is not None and one.slack_id is None
        ),
        slack_tz=person.tz,
        tz=entry.tz,
        cap=entry.cap,
        weight=next(iter(weights.values())) if len(set(weights.values())) == 1 else None,
        weights=", ".join(f"{weight} in {names[key]}" for key, weight in weights.items()),
        teams=team_choices(now),
        in_teams=tuple(weights),
        owned=tx.handoffs.count_owned_by(person.id),
        offered=tx.handoffs.count_offered_to(person.id),
    )


def edit_person(tx: Transaction, command: EditPerson) -> None:
    """The person is as the form says. Raises NotAllowed, PersonUnknown, NotFound, Refused when somebody changed them
    since the form was opened or no admin would be left, and FormError by field."""

    def edit(now: Configuration) -> Configuration:
        person = _on_roster(tx, command.person_id)
        old = _entry(now, person.email)
        refuse_unless_same(command.seen, _shown(now, old))
        entry = replace(
            old,
            side=side_of(command.side),
            roles=roles_of(command.roles),
            manager=_linked(tx, "manager", command.manager, person.manager_id, command.take_out),
            deputy=_linked(tx, "deputy", command.deputy, person.deputy_id, command.take_out),
            tz=zone_name(command.tz) if command.tz is not None else None,
            cap=command.cap,
        )
        refuse_mistakes(check_person(entry))
        people = tuple(entry if one.email == entry.email else one for one in now.people)
        teams = _teams_with(now, entry.email, command.teams, command.weight, command.teams_shown)
        wrong = next((what for team in teams if (what := check_team(team).get("members"))), None)
        refuse_mistakes({} if wrong is None else {"weight": wrong})
        return replace(now, people=people, teams=teams)

    change(tx, command.by, edit)


def remove_person(tx: Transaction, person_id: str, by: str, seen_as: str | None = None) -> str:
    """The person is off the roster and out of their teams, nobody's manager or deputy, and owns no campaign; their
    name. What is only offered to them goes to others, and the admin hears of what they own (departures.py).

    Raises NotAllowed, PersonUnknown, NotFound, and Refused when a rule sends leads to them, no admin would be left, or
    somebody changed them since they looked like `seen_as` (None: however they look).
    """
    admin(tx, by)
    person = _on_roster(tx, person_id)

    def edit(now: Configuration) -> Configuration:
        old = _entry(now, person.email)
        if seen_as is not None:
            refuse_unless_same(seen_as, _shown(now, old))
        gone = old.email
        return replace(
            now,
            admin=_another_admin(tx, now, gone) if now.admin == gone else now.admin,
            people=tuple(
                replace(
                    one,
                    manager=None if one.manager == gone else one.manager,
                    deputy=None if one.deputy == gone else one.deputy,
                )
                for one in now.people
                if one.email != gone
            ),
            teams=_teams_with(now, gone, (), None, [team.key for team in now.teams]),
            campaigns=tuple(replace(one, owner=None if one.owner == gone else one.owner) for one in now.campaigns),
        )

    change(tx, by, edit)
    return person.name


def _another_admin(tx: Transaction, now: Configuration, gone: str) -> str | None:
    """Who hears of trouble instead: an admin whom a message reaches."""
    others = (one.email for one in now.people if Role.ADMIN in one.roles and one.email != gone)
    return next((email for email in others if can_set_up(tx, email)), None)


def _teams_with(
    now: Configuration, email: str, keys: Sequence[str], weight: int | None, shown: Sequence[str]
) -> tuple[TeamEntry, ...]:
    """The teams, with this person in those of `keys` and in no other of `shown`; who is new in one gets `weight` or 1.
    In teams that the form did not show they stay as they are."""
    refuse_unknown_teams(now, keys, field="teams")
    found = []
    for team in now.teams:
        if team.key not in shown and team.key not in keys:
            found.append(team)
            continue
        members = dict(team.members)
        old = members.pop(email, None)
        if team.key in keys:
            members[email] = weight if weight is not None else 1 if old is None else old
        found.append(replace(team, members=tuple(members.items())))
    return tuple(found)


def _shown(now: Configuration, entry: PersonEntry) -> object:
    """What the form shows of a person, the same for every process: sets have no order of their own."""
    teams = sorted((team.key, dict(team.members)[entry.email]) for team in _teams_of(now, entry.email))
    return (replace(entry, roles=frozenset()), sorted(entry.roles), teams)


def _teams_of(now: Configuration, email: str) -> list[TeamEntry]:
    return [team for team in now.teams if email in dict(team.members)]


def _entry(now: Configuration, email: str | None) -> PersonEntry:
    found = next((one for one in now.people if one.email == email), None)
    if found is None:
        raise NotFound(GONE)
    return found


def _on_roster(tx: Transaction, person_id: str) -> Person:
    person = tx.people.get(person_id)
    if person is None or not person.on_roster:
        raise NotFound(GONE)
    return person


def _links(person: Person) -> tuple[tuple[str, str | None], ...]:
    return (("manager", person.manager_id), ("deputy", person.deputy_id))


def _slack_id(person: Person | None) -> str | None:
    return person.slack_id if person is not None else None


def _linked(
    tx: Transaction, field: str, slack_id: str | None, before: str | None, take_out: Sequence[str]
) -> str | None:
    """The address of whoever was chosen. Nobody chosen: none, unless who it was cannot be shown in Slack's menu and is
    not to be taken out."""
    if slack_id is None:
        if field in take_out:
            return None
        old = tx.people.get(before) if before else None
        return old.email if old is not None and old.slack_id is None and old.on_roster else None
    person = tx.people.by_slack_id(slack_id)
    if person is None or not person.on_roster:
        raise FormError({field: "This person is not on the roster: add them under People first."})
    return person.email
