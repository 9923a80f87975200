"""Slack accounts: whose they are, and what Slack says of them.

Slack is asked about the people of the roster, and about whoever clicks; of other accounts nothing is kept. So the
size of the workspace costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.domain.person import Person, Role, Side, SlackFlags
from bot.domain.post import OutboxKind
from bot.domain.rights import is_without_admin
from bot.ports import Account
from bot.services import briefs, countdowns, departures, people
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Slack answered about `person`, who was as this says when it was asked. `account` None: Slack shows none
    of theirs, neither by their account's id nor by their e-mail address."""

    person: Person
    account: Account | None


def record_answers(tx: Transaction, answers: Sequence[Answer]) -> None:
    """What Slack answered is in the people table. Whoever has no account is reported to the admin, once."""
    missing = []
    for answer in answers:
        person = tx.people.lock(answer.person.id)
        if person is None or person.slack_id != answer.person.slack_id:
            continue  # an event of Slack's told more meanwhile
        if answer.account is not None:
            if not _give(tx, person, answer.account):
                missing.append(person)
        elif person.slack_id is None:
            tx.people.set_flags(person.id, SlackFlags(checked_at=tx.now))
            missing.append(person)
        else:
            _set_flags(tx, person, SlackFlags(is_deleted=True))
    _report_missing(tx, missing)


def record_account(tx: Transaction, account: Account) -> Person | None:
    """What Slack tells by itself of an account is in the people table, if it is that of somebody known; else None."""
    person = _whose(tx, account)
    if person is not None:
        _give(tx, person, account)
    return person


def record_clicker(tx: Transaction, account: Account) -> None:
    """As record_account for somebody who clicked. Who is on no roster is kept with `on_roster` False, so that their
    clicks are refused at once. Their Home, where they may read "try again", is published anew."""
    person = record_account(tx, account)
    if person is None:
        person = Person(
            id=tx.new_id(), name=account.name, slack_id=account.slack_id, email=None, side=Side.OTHER,
            flags=_kept(tx, account), on_roster=False,
        )  # fmt: skip
        tx.people.add(person)
    show_home(tx, person.id)


def keep_row(tx: Transaction, account: Account, email: str) -> None:
    """Before the person of `account` is put on the roster under `email`: if they clicked before, they stay the same
    person, with their Home."""
    known = tx.people.by_slack_id(account.slack_id)
    if known is not None and not known.on_roster and known.email is None and tx.people.by_email(email) is None:
        tx.people.set_email(known.id, email)


def record_no_account(tx: Transaction, slack_id: str) -> None:
    """Slack shows no such account: whoever we knew by it may not act any more."""
    person = tx.people.by_slack_id(slack_id)
    if person is not None:
        _set_flags(tx, person, SlackFlags(is_deleted=True))


def show_home(tx: Transaction, person_id: str) -> None:
    """The person's Home is published, and from now on kept up to date."""
    person = tx.people.get(person_id)
    if person is None or person.slack_id is None or person.flags.is_bot or person.flags.is_deleted:
        return
    if person.home_opened_at is None:
        tx.people.mark_home_opened(person.id, tx.now)
    tx.outbox.add(OutboxKind.SYNC_HOME, person.id, f"home:{person.id}")


def _whose(tx: Transaction, account: Account) -> Person | None:
    """The person behind an account: who is known by it; else whoever of the roster has its e-mail address."""
    holder = tx.people.by_slack_id(account.slack_id)
    if holder is not None and holder.on_roster and not holder.flags.is_deleted:
        return holder
    return _by_email(tx, account) or holder


def _by_email(tx: Transaction, account: Account) -> Person | None:
    """Whoever of the roster has the account's address and no other account that is active.

    Anybody outside can write any address into a profile of theirs, so only accounts of this workspace count.
    """
    if account.email is None or account.flags.is_bot or account.flags.is_stranger or account.flags.is_deleted:
        return None
    person = tx.people.by_email(account.email)
    if person is None or not person.on_roster:
        return None
    if person.slack_id in (None, account.slack_id) or person.flags.is_deleted or person.flags.is_stranger:
        return person
    # Two active accounts cannot share an address: what we know of the other one is out of date.
    if person.slack_id is not None:
        people.queue_refresh(tx, person.slack_id)
    return None


def _give(tx: Transaction, person: Person, account: Account) -> bool:
    """The account is the person's, unless it is another active person's of the roster: then False."""
    holder = tx.people.by_slack_id(account.slack_id)
    if holder is not None and holder.id != person.id:
        if holder.on_roster and not holder.flags.is_deleted:
            tx.people.set_flags(person.id, replace(person.flags, checked_at=tx.now))
            return False
        tx.people.lose_account(holder.id)
    flags = _kept(tx, account)
    tx.people.set_account(person.id, account.slack_id, flags, tz=_zone(account.tz))
    departures.note_change(tx, person, replace(person, slack_id=account.slack_id, flags=flags))
    briefs.days_changed(tx, person.id)
    zone = _zone(account.tz)
    if zone is not None and person.tz_follows_slack:
        countdowns.replan_person(tx, person, replace(person, tz=zone))
    return True


def _kept(tx: Transaction, account: Account) -> SlackFlags:
    """The account's flags, as of now. Who looks after the workspace is kept only while somebody must be first admin."""
    flags = replace(account.flags, checked_at=tx.now)
    if flags.runs_workspace and not is_without_admin(tx.people.with_role(Role.ADMIN)):
        return replace(flags, runs_workspace=False)
    return flags


def _set_flags(tx: Transaction, person: Person, flags: SlackFlags) -> None:
    flags = replace(flags, checked_at=tx.now)
    tx.people.set_flags(person.id, flags)
    departures.note_change(tx, person, replace(person, flags=flags))


def _zone(tz: str) -> str | None:
    """Slack's name of a zone, None where it gives none that we know."""
    try:
        return ZoneInfo(tz).key
    except (KeyError, ValueError, OSError):
        return None


def _report_missing(tx: Transaction, missing: Sequence[Person]) -> None:
    names = [person.name for person in missing if tx.seen.first_time("alert", f"not-in-slack:{person.id}")]
    if not names:
        return
    briefs.tell_admin(
        tx,
        "Somebody of the roster is not in Slack",
        f"No active Slack account of their own has the e-mail address of {', '.join(names)}. Correct it in the roster, "
        "or take them off it: until then they are passed over.",
    )
