"""One change of people, teams or channels by an admin in Slack: the same rules and way into force as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.configuration import Configuration
from bot.domain.person import Role
from bot.domain.roster_check import Broken, Part, Want, broken_links
from bot.errors import Refused
from bot.services import configuration
from bot.services.configuration import Applied
from bot.services.set_up import sync_admins
from bot.services.set_up_changes import admin, seen
from storage.transaction import Transaction

CHANGED_MEANWHILE = (
    "Somebody changed this while you had the form open, so nothing was saved. Please open it again: it shows what"
    " stands now."
)
NO_ADMIN_LEFT = "Lockstep needs an admin who is active in Slack: name another one first."


def change(tx: Transaction, by: str, edit: Callable[[Configuration], Configuration]) -> Applied:
    """What `edit` makes of the configuration in force is in force, and the checklists on Home follow.

    One at a time: `edit` sees what everybody before has changed. Raises NotAllowed, PersonUnknown, and Refused when
    something would lead nowhere, or nobody would be admin any more; what `edit` raises goes through.
    """
    tx.settings.lock()
    person = admin(tx, by)
    before = configuration.current(tx, every_campaign=False)
    after = edit(before)
    if not any(can_set_up(tx, entry.email) for entry in after.people if Role.ADMIN in entry.roles):
        raise Refused(NO_ADMIN_LEFT)
    known = set(broken_links(before))
    broken = [one for one in broken_links(after) if one not in known]
    if broken:
        names = {entry.email: entry.name for entry in (*before.people, *after.people)}
        names |= {team.key: team.name for team in (*before.teams, *after.teams)}
        raise Refused(" ".join(dict.fromkeys(_sentence(one, names) for one in broken)))
    applied = configuration.apply(tx, after, before=before, actor=person.id, origin="slack")
    sync_admins(tx)
    return applied


def refuse_unless_same(shown: str, now: object) -> None:
    """Raises Refused unless `shown` is the mark (`seen`) of what stands `now`."""
    if shown != seen(now):
        raise Refused(CHANGED_MEANWHILE)


def can_set_up(tx: Transaction, email: str) -> bool:
    """Whether the person with this address, if they are admin, can act on it: Slack knows them, and they are active."""
    person = tx.people.by_email(email)
    return person is not None and person.slack_id is not None and not person.flags.may_never_act


def _sentence(broken: Broken, names: Mapping[str, str]) -> str:
    """A link that a change would leave behind, with the way to mend it."""
    to, key = names.get(broken.to, broken.to), names.get(broken.key, broken.key)
    match broken.part, broken.want:
        case Part.ROUTING, Want.POOL:
            return f"The rule “{broken.key}” needs the pool channel of {to}: change the rule first."
        case Part.ROUTING, _:
            return f"The rule “{broken.key}” sends leads to {to}: change the rule first."
        case Part.PEOPLE, _:
            return f"{to}, {broken.field} of {key}, is not on the roster."
        case Part.TEAMS, _:
            return f"{to}, of the team {key}, is not on the roster."
        case _:
            return f"{to} is not on the roster."
