"""People: who clicked, who is away, and what Slack says of their accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.local_time import MORNING, instant_of, local_date, parse_date
from bot.domain.person import Person, Role, Side, SlackFlags
from bot.domain.post import OutboxKind, TimerKind
from bot.domain.rights import Clicker
from bot.errors import FormError, NotAllowed, PersonUnknown
from bot.services import posting, unrouted
from storage.transaction import Transaction

REFRESH_EVERY = timedelta(hours=6)
"""How often Slack is asked about all accounts: four times within the day the flags are believed."""
LONGEST_ABSENCE = timedelta(days=366)


def clicker(tx: Transaction, slack_id: str) -> Clicker:
    """The person behind a click, whose right to act at all is confirmed.

    Raises PersonUnknown when Slack's flags are unknown or stale, NotAllowed for guests, people of other
    organisations, deactivated people, apps and people who are not on the roster.
    """
    person = tx.people.by_slack_id(slack_id)
    if person is None or not person.flags.is_known(tx.now):
        raise PersonUnknown(slack_id)
    if person.flags.may_never_act:
        raise NotAllowed("Guests, apps and people outside this workspace cannot work with leads.")
    if not person.on_roster:
        raise NotAllowed(f"You are not on Lockstep's roster yet. {ask_whom(tx)}")
    teams = tx.teams.of_person(person.id)
    return Clicker(person=person, team_ids=frozenset(team.id for team in teams))


def ask_whom(tx: Transaction) -> str:
    """A sentence that names the admin, where there is one."""
    admin = tx.people.get(tx.config.admin_id) if tx.config.admin_id else None
    return f"Please ask {admin.name} to add you." if admin else "Please ask your Lockstep admin to add you."


def set_away(tx: Transaction, by: str, back_on: str | None) -> Person:
    """`by` (Slack id) is away from now on; leads pass them over. They are back at 9:00 local on `back_on`
    (ISO date), or when they say so. Raises FormError(back_on) unless it is a date after today, within a year."""
    person = clicker(tx, by).person
    until = None
    if back_on:
        day = parse_date(back_on)
        today = local_date(tx.now, person.tz)
        if day is None or not today < day <= today + LONGEST_ABSENCE:
            raise FormError({"back_on": "Choose a day after today and within a year, for example next Monday."})
        until = instant_of(day, MORNING, person.tz)
    tx.people.set_away(person.id, person.away_since or tx.now, until)
    if until is None:
        tx.timers.cancel(TimerKind.BACK, person.id)
    else:
        tx.timers.set(TimerKind.BACK, person.id, until)
    tx.events.add("person.away", actor=person.id, origin="slack", data={"until": back_on})
    posting.sync_home(tx, person.id)
    return replace(person, away_since=person.away_since or tx.now, away_until=until)


def set_back(tx: Transaction, by: str) -> Person:
    """`by` (Slack id) is offered leads again."""
    person = clicker(tx, by).person
    come_back(tx, person.id, actor=person.id, origin="slack")
    return replace(person, away_since=None, away_until=None)


def come_back(tx: Transaction, person_id: str, *, actor: str, origin: str) -> None:
    """The person is offered leads again; nothing happens when they were not away."""
    person = tx.people.lock(person_id)
    if person is None or not person.is_away:
        return
    tx.people.set_away(person_id, None, None)
    tx.timers.cancel(TimerKind.BACK, person_id)
    tx.events.add("person.back", actor=actor, origin=origin, data={"person": person_id})
    unrouted.try_soon(tx, unrouted.SOMEBODY_IS_BACK)
    posting.sync_home(tx, person_id)


def queue_refresh(tx: Transaction, slack_id: str) -> None:
    """Slack is asked about this account."""
    tx.outbox.add(OutboxKind.REFRESH_PERSON, slack_id, "people")


def queue_refresh_of_all(tx: Transaction) -> None:
    """Slack is asked about all accounts now, and again every six hours."""
    tx.outbox.add(OutboxKind.REFRESH_PEOPLE, "all", "people")
    tx.timers.set(TimerKind.REFRESH_PEOPLE, "all", tx.now + REFRESH_EVERY)


def record_account(tx: Transaction, account: Account) -> Person:
    """What Slack says of an account is in the people table: flags, and the Slack id of whoever has its e-mail on
    the roster. Somebody on no roster is kept with `on_roster` False, so that their clicks are refused at once."""
    flags = replace(account.flags, checked_at=tx.now)
    known = tx.people.by_slack_id(account.slack_id)
    if known is None and account.email:
        by_email = tx.people.by_email(account.email)
        if by_email is not None and (by_email.slack_id is None or by_email.slack_id == account.slack_id):
            known = by_email
    if known is None:
        person = Person(
            id=tx.new_id(), name=account.name, slack_id=account.slack_id, email=None, tz=account.tz or "UTC",
            side=Side.OTHER, flags=flags, on_roster=False,
        )  # fmt: skip
        tx.people.add(person)
        return person
    # The roster's zone is what the teams decided; Slack's is followed only where the roster says nothing else.
    person = replace(known, slack_id=account.slack_id, flags=flags, title=known.title or account.title)
    if person != known:
        tx.people.save(person)
    return person


def record_accounts(tx: Transaction, accounts: Sequence[Account]) -> None:
    """As record_account for all of Slack's accounts; people of the roster who are not among them are reported
    to the admin once."""
    for account in accounts:
        record_account(tx, account)
    known = {account.slack_id for account in accounts}
    for person in tx.people.all(on_roster=True):
        if person.slack_id is None:
            _report_missing(tx, person)
        elif person.slack_id not in known and not person.flags.is_deleted:
            tx.people.set_flags(person.slack_id, SlackFlags(is_deleted=True, checked_at=tx.now))


def _report_missing(tx: Transaction, person: Person) -> None:
    if tx.seen.first_time("alert", f"not-in-slack:{person.id}"):
        posting.alert(
            tx,
            "Somebody of the roster is not in Slack",
            f"No Slack account has the e-mail address of {person.name}. Correct it in the roster: until then "
            "they are passed over.",
        )


def reps(tx: Transaction) -> list[Person]:
    """The reps of the roster by name."""
    return sorted(tx.people.with_role(Role.REP), key=lambda person: person.name.casefold())
