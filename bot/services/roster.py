"""The roster as admins see it in Slack, and people added to it from Slack's directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.configuration import Configuration, PersonEntry
from bot.domain.lead import normalise_email
from bot.domain.person import Person, Role, Side
from bot.domain.roster_check import check_person
from bot.errors import FormError, Refused
from bot.ports import Account
from bot.services import accounts, configuration
from bot.services.editing import change
from bot.services.forms import Choice
from bot.services.set_up_changes import admin
from storage.transaction import Transaction

AT_ONCE = 100
"""People added in one go: more are added by sending the form again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person in the list. `trouble`: why leads pass them over for good, in words of ours."""

    id: str
    name: str
    side: Side
    roles: tuple[Role, ...]
    trouble: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleList:
    """The roster by name."""

    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddForm:
    """`groups`: Slack's user groups; None when Slack does not list them, and why in `no_groups`."""

    teams: tuple[Choice, ...]
    groups: tuple[Choice, ...] | None = None
    no_groups: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPeople:
    """`accounts`: what Slack just said of those who were picked; `nobody`: whom it does not show; `unanswered`: how
    many it could not be asked about in time."""

    by: str
    picked: tuple[str, ...]
    accounts: tuple[Account, ...]
    nobody: tuple[str, ...] = ()
    unanswered: int = 0
    side: str
    roles: tuple[str, ...]
    team: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Names, all untrusted. `refused`: a sentence each."""

    added: tuple[str, ...]
    there_already: tuple[str, ...]
    refused: tuple[str, ...]
    unanswered: int
    total: int


def people_list(tx: Transaction, by: str) -> PeopleList:
    """The roster. Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    return PeopleList(
        people=tuple(
            PersonLine(
                id=person.id,
                name=person.name,
                side=person.side,
                roles=tuple(role for role in Role if role in person.roles),
                trouble=_trouble(person),
            )
            for person in tx.people.all()
        )
    )


def add_form(tx: Transaction, by: str) -> AddForm:
    """Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    return AddForm(teams=team_choices(configuration.current(tx, every_campaign=False)))


def to_ask(tx: Transaction, by: str, picked: Sequence[str]) -> list[str]:
    """Whom of these Slack must be asked about: all who are not on the roster. Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    known = {person.slack_id for person in tx.people.all()}
    return [slack_id for slack_id in dict.fromkeys(picked) if slack_id not in known]


def add_people(tx: Transaction, command: AddPeople) -> Added:
    """Whoever may work with leads is on the roster; guests, apps, deactivated people and those of other organisations
    are not, and the answer names them. Who was there stays as they were.

    Raises NotAllowed, PersonUnknown, and FormError(people, side, roles, team).
    """
    admin(tx, command.by)
    side, roles = side_of(command.side), roles_of(command.roles)
    if not command.picked:
        raise FormError({"people": "Choose at least one person, or a user group that has members."})
    tx.settings.lock()
    before = {person.slack_id: person.name for person in tx.people.all()}
    taken = {person.email for person in tx.people.all()}
    there = [before[slack_id] for slack_id in dict.fromkeys(command.picked) if slack_id in before]
    refused = [f"Slack shows no account {slack_id}." for slack_id in command.nobody]
    new: dict[str, tuple[PersonEntry, Account]] = {}
    for account in command.accounts:
        email = normalise_email(account.email)
        why = _why_not(account, email)
        if why is not None:
            refused.append(f"{account.name} {why}.")
        elif account.slack_id in before:
            continue
        elif email in taken:
            there.append(account.name)
            accounts.record_account(tx, account)
        elif email is not None:
            entry = PersonEntry(email=email, name=account.name, title=account.title, side=side, roles=roles)
            mistakes = check_person(entry)
            if mistakes:
                refused += [f"{account.name}: {field} {what}." for field, what in mistakes.items()]
            else:
                new[email] = (entry, account)
    if new:
        for entry, account in new.values():
            accounts.keep_row(tx, account, entry.email)
        change(tx, command.by, lambda now: _with_people(now, [entry for entry, _ in new.values()], command.team))
        for _, account in new.values():
            accounts.record_account(tx, account)
    return Added(
        added=tuple(sorted((entry.name for entry, _ in new.values()), key=str.casefold)),
        there_already=tuple(sorted(there, key=str.casefold)),
        refused=tuple(refused),
        unanswered=command.unanswered,
        total=len(before) + len(new),
    )


def _why_not(account: Account, email: str | None) -> str | None:
    """Why this account cannot be on the roster, after its name; None when it can."""
    flags = account.flags
    if flags.is_bot:
        return "is an app"
    if flags.is_deleted:
        return "is deactivated in Slack"
    if flags.is_stranger:
        return "belongs to another organisation"
    if flags.is_guest:
        return "is a guest in Slack"
    if email is None:
        return "has no e-mail address that Slack shows me"
    return None


def _trouble(person: Person) -> str | None:
    if person.slack_id is None:
        return "not found in Slack" if person.flags.checked_at is not None else "being looked up in Slack"
    return person.flags.why_never


def _with_people(now: Configuration, new: Sequence[PersonEntry], team: str | None) -> Configuration:
    teams = now.teams
    if team is not None:
        refuse_unknown_teams(now, (team,), field="team")
        members = tuple((entry.email, 1) for entry in new)
        teams = tuple(replace(one, members=one.members + members) if one.key == team else one for one in teams)
    return replace(now, people=(*now.people, *new), teams=teams)


def refuse_unknown_teams(now: Configuration, keys: Sequence[str], *, field: str) -> None:
    known = {team.key for team in now.teams}
    if any(key not in known for key in keys):
        raise FormError({field: "This team is not there any more: open the form again."})


def team_choices(now: Configuration) -> tuple[Choice, ...]:
    return tuple(Choice(value=team.key, label=team.name) for team in now.teams)


def side_of(text: str) -> Side:
    if text not in list(Side):
        raise FormError({"side": "Choose a side."})
    return Side(text)


def roles_of(texts: Sequence[str]) -> frozenset[Role]:
    if not all(text in list(Role) for text in texts):
        raise Refused("I do not know this role. Please open the form again.")
    return frozenset(Role(text) for text in texts)
