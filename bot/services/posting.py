"""What is to be said where: rows of posts and of the outbox, in the same transaction as the change."""

from __future__ import annotations

from bot.domain.handoff import Handoff
from bot.domain.person import Person, Role
from bot.domain.post import OutboxKind, Post, PostRole, Subject
from storage.transaction import Transaction

UPDATES = ":updates"
"""Ends the name of the lane in which a place's messages are updated; without it, new ones are posted."""


def sync(tx: Transaction, post: Post) -> None:
    """Slack is brought to the present state of this post.

    What stands already is updated in a lane of its own: a decision shows at once, however many new cards wait for
    their turn in the same place.
    """
    if post.listed_in is not None:
        # It has no message of its own; the summary says what became of it.
        summary = tx.posts.get(post.listed_in)
        if summary is None:
            return
        post = summary
    if post.gone is None:
        lane = post.place if post.ts is None else f"{post.place}{UPDATES}"
        tx.outbox.add(OutboxKind.SYNC_POST, post.id, lane)


def say(
    tx: Transaction, subject: Subject, subject_id: str, place: str, role: PostRole, lead_id: str | None,
    data: dict[str, object] | None = None,
) -> Post:  # fmt: skip
    """A new post at `place` (channel id, or user id for a direct message), to be sent."""
    post = tx.posts.add(subject, subject_id, place, role, lead_id, data or {})
    sync(tx, post)
    return post


def sync_lead(tx: Transaction, lead_id: str) -> None:
    """Every card and notice that follows this lead is brought to its present state."""
    for post in tx.posts.of_lead(lead_id):
        if post.subject in (Subject.HANDOFF, Subject.REJECT_NOTICE):
            sync(tx, post)


def sync_home(tx: Transaction, person_id: str | None) -> None:
    """The person's Home is published again, if they ever opened it."""
    person = tx.people.get(person_id) if person_id else None
    if person is not None and person.home_opened_at is not None and not person.flags.may_never_act:
        tx.outbox.add(OutboxKind.SYNC_HOME, person.id, f"home:{person.id}")


def sync_homes_of(tx: Transaction, handoff: Handoff) -> None:
    """The Homes this handoff stands on: the rep's, or those of everybody who may take it from the pool."""
    if not handoff.is_pool:
        people = [handoff.rep_id]
    elif handoff.team_id is not None:
        people = [member.person.id for member in tx.teams.members(handoff.team_id)]
    else:
        people = [person.id for person in tx.people.with_role(Role.REP)]
    for manager in tx.people.with_role(Role.MANAGER):
        people.append(manager.id)
    if handoff.rep_id is not None:
        people.append(handoff.rep_id)
    for person_id in dict.fromkeys(people):
        sync_home(tx, person_id)


def direct_message_of(person: Person | None) -> str | None:
    """Where to reach a person; None when Slack has no active account of theirs."""
    if person is None or person.slack_id is None or person.flags.may_never_act:
        return None
    return person.slack_id


def alert(tx: Transaction, title: str, text: str) -> None:
    """The configured admin is told; without one, the event alone remains."""
    tx.events.add("admin.alerted", data={"title": title, "text": text})
    admin = tx.people.get(tx.config.admin_id) if tx.config.admin_id else None
    place = direct_message_of(admin)
    if place is not None:
        say(tx, Subject.ALERT, tx.new_id(), place, PostRole.NOTICE, None, {"title": title, "text": text})
