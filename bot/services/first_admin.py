"""The first admin: whoever looks after the Slack workspace, while Lockstep has none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.configuration import Configuration, PersonEntry
from bot.domain.lead import normalise_email
from bot.domain.person import Person, Role, Side
from bot.domain.rights import is_without_admin, may_become_first_admin
from bot.errors import NotAllowed, PersonUnknown, Refused
from bot.ports import Account
from bot.services import accounts, configuration, posting
from bot.services.editing import can_set_up
from bot.services.handoffs import refuse
from bot.services.people import queue_refresh
from bot.services.set_up import admins, sync_admins
from storage.transaction import Transaction

LOOK_AGAIN = timedelta(minutes=1)
NO_EMAIL = (
    "Slack shows me no e-mail address of yours, and the roster knows people by it. Add one to your Slack profile, or"
    " check that the app has the scope users:read.email; then press the button again."
)

NOT_YOURS = (
    "The roster knows your e-mail address as that of somebody with another Slack account, so you would not be its"
    " admin, and nothing was changed. Correct the address in the roster: `lockstep config export`, then `lockstep"
    " config apply`."
)


def may_ask(tx: Transaction, by: str) -> None:
    """Raises NotAllowed or PersonUnknown unless this person may become the first admin, as far as is known."""
    person = tx.people.by_slack_id(by)
    if person is None or not person.flags.is_known(tx.now):
        raise PersonUnknown(by)
    _refuse(tx, person)


def become_first_admin(tx: Transaction, account: Account) -> None:
    """The person of `account`, as Slack just described it, is on the roster as admin, and hears what needs an admin
    if nobody does. Who is on it keeps the address they have there, whatever their profile says now. Nobody's place in
    the workspace is kept any longer.

    Two at once: the second is refused and reads who it is. Raises NotAllowed, PersonUnknown, Refused.
    """
    tx.settings.lock()
    person = tx.people.by_slack_id(account.slack_id)
    if person is None:
        raise PersonUnknown(account.slack_id)
    _refuse(tx, replace(person, flags=account.flags))
    email = person.email if person.on_roster and person.email else normalise_email(account.email)
    if email is None:
        raise Refused(NO_EMAIL)
    accounts.keep_row(tx, account, email)
    now = configuration.current(tx)
    told = tx.people.by_email(now.admin) if now.admin else None
    if posting.direct_message_of(told) is None:
        now = replace(now, admin=email)
    configuration.apply(tx, _with_admin(now, account, email), actor=person.id, origin="slack")
    accounts.record_account(tx, account)
    tx.people.forget_who_runs_workspace()
    first = tx.people.by_slack_id(account.slack_id)
    if first is None or not first.has(Role.ADMIN) or not can_set_up(tx, email):
        raise Refused(NOT_YOURS)
    tx.events.add("admin.first", actor=first.id, origin="slack", data={"person": first.id})
    accounts.show_home(tx, first.id)
    sync_admins(tx)


def look_again(tx: Transaction, person: Person) -> None:
    """Who opens Home while there is no admin may be the one who can become it: Slack is asked whether they look after
    the workspace, unless it has just said so. It is not kept once there is an admin, so nobody knows."""
    flags = person.flags
    if person.slack_id is None or flags.may_never_act or flags.runs_workspace or flags.checked_at is None:
        return
    if tx.now - flags.checked_at >= LOOK_AGAIN and is_without_admin(admins(tx)):
        queue_refresh(tx, person.slack_id)


def _refuse(tx: Transaction, person: Person) -> None:
    present = [admin.name for admin in admins(tx) if not admin.is_out_of_reach]
    if present:
        raise NotAllowed(f"{', '.join(present[:3])} set up Lockstep already: please ask them to add you.")
    refuse(may_become_first_admin(person, ()))


def _with_admin(now: Configuration, account: Account, email: str) -> Configuration:
    old = next((one for one in now.people if one.email == email), None)
    entry = old or PersonEntry(email=email, name=account.name, title=account.title, side=Side.OTHER, roles=frozenset())
    others = tuple(one for one in now.people if one.email != email)
    people = (*others, replace(entry, roles=entry.roles | {Role.ADMIN}))
    return replace(now, people=people)
