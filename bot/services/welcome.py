"""A new rep is welcomed, once: what happens here, and a card to try."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.person import Person, Role
from bot.domain.post import Post, PostRole, Subject
from bot.services import posting
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """Names are untrusted. `pools`: of their teams those in which the first to accept gets a lead."""

    first_name: str
    manager: str | None
    teams: tuple[str, ...]
    pools: tuple[str, ...]


def note_joining(tx: Transaction, before: Person | None, after: Person) -> None:
    """`after` is welcomed if they are a rep now whom Slack can reach, were none before, and never were welcomed."""
    if not _is_rep_in_slack(after) or (before is not None and _is_rep_in_slack(before)):
        return
    place = posting.direct_message_of(after)
    if place is not None and tx.people.welcome(after.id, tx.now):
        posting.say(tx, Subject.WELCOME, after.id, place, PostRole.NOTICE, None)


def load_welcome(tx: Transaction, post: Post) -> Welcome | None:
    """What the welcome says now; None when the person is not there any more."""
    person = tx.people.get(post.subject_id)
    if person is None:
        return None
    manager = tx.people.get(person.manager_id) if person.manager_id else None
    teams = tx.teams.of_person(person.id)
    return Welcome(
        first_name=next(iter(person.name.split()), person.name),
        manager=manager.name if manager else None,
        teams=tuple(team.name for team in teams),
        pools=tuple(team.name for team in teams if team.pool_channel),
    )


def _is_rep_in_slack(person: Person) -> bool:
    known = person.slack_id is not None and person.flags.checked_at is not None
    return known and person.has(Role.REP) and not person.flags.may_never_act
