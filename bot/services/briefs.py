"""What is told to a person: at once, in their next brief, or not, as they chose; and when that brief goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain import brief, budget
from bot.domain.brief import Brief, Days, Why
from bot.domain.budget import How, Kind
from bot.domain.person import Person
from bot.domain.post import Post, PostRole, Subject, TimerKind
from bot.services import posting
from bot.services.calendars import holidays_of
from storage.transaction import Transaction


def tell(
    tx: Transaction, person: Person, kind: Kind, subject_id: str, lead_id: str | None, data: dict[str, Any],
    live: Callable[[], object] | None = None,
) -> None:  # fmt: skip
    """The person hears of it as they chose: `live()` says it at once; or it waits for their brief; or nothing happens.
    Kinds that are never live need no `live`.

    What happens again about the same subject while it waits is one line of the brief, which says the latest.
    """
    match budget.how(kind, tx.person_settings.of(person.id).kinds):
        case How.LIVE if live is not None:
            live()
        case How.LIVE | How.BRIEF:
            # Who asks for the brief, comes back or saves Settings meanwhile waits, and sees this item.
            present = tx.people.lock(person.id) or person
            tx.briefs.keep(person.id, kind, subject_id, lead_id, data)
            plan(tx, present)
        case How.MUTED:
            pass


def tell_admin(tx: Transaction, title: str, text: str) -> None:
    """The admin hears what to put in order when there is time. `posting.alert` is for what cannot wait."""
    tx.events.add("admin.told", data={"title": title, "text": text})
    admin = tx.people.get(tx.config.admin_id) if tx.config.admin_id else None
    if admin is not None and posting.reads(admin) is not None:
        tell(tx, admin, Kind.UPKEEP, tx.new_id(), None, {"title": title, "text": text})


def days_of(tx: Transaction, person: Person) -> Days:
    """When the person is there to read their brief."""
    return brief.days_of(person, tx.person_settings.of(person.id), holidays_of(tx, person))


def plan(tx: Transaction, person: Person) -> None:
    """The person's brief is due when it is to be, now that something waits for it or their days have changed. The
    caller holds the person's lock."""
    days = days_of(tx, person)
    present = tx.timers.get(TimerKind.BRIEF, person.id)
    last = tx.briefs.last_day(person.id)
    due = brief.planned(days, tx.now, last, present.due_at if present is not None else None)
    if due is None:
        tx.timers.cancel(TimerKind.BRIEF, person.id)
    elif present is None or present.due_at != due:
        # A sweep that has taken the present timer waits for the person's lock, and then says this item, too; were the
        # timer set nevertheless, the two would wait for each other.
        tx.timers.set(TimerKind.BRIEF, person.id, due)


def days_changed(tx: Transaction, person_id: str) -> None:
    """Their zone, hours, days off, absence or settings have changed: their brief is due when it is to be now.

    Nothing happens while nothing waits for it. Who comes back after the brief's time on a day without one gets it now.
    """
    person = tx.people.lock(person_id)
    if person is not None and tx.briefs.waits(person_id):
        plan(tx, person)


def came_back(tx: Transaction, person_id: str) -> None:
    """Somebody was away at the time of today's brief and is there now: what waits for them is due at once."""
    person = tx.people.lock(person_id)
    if person is None or not tx.briefs.waits(person_id):
        return
    days = days_of(tx, person)
    if brief.due_now(days, tx.now, tx.briefs.last_day(person.id)) is not None:
        tx.timers.set(TimerKind.BRIEF, person.id, tx.now)
    else:
        plan(tx, person)


def fire(tx: Transaction, person_id: str) -> None:
    """The brief goes out, if this is still its time and something is left to be said; else it is planned anew. Who is
    not on the roster any more has none, and finds none of it when they are back on it."""
    person = tx.people.lock(person_id)
    if person is None:
        return
    if posting.reads(person) is None:
        if not person.on_roster:
            tx.briefs.forget(person.id, list(Kind))
        return
    days = days_of(tx, person)
    day = brief.due_now(days, tx.now, tx.briefs.last_day(person.id))
    if day is not None:
        say(tx, person, Brief(id=tx.new_id(), person_id=person.id, why=Why.MORNING, day=day, created_at=tx.now))
    elif tx.briefs.waits(person.id):
        plan(tx, person)


def say(tx: Transaction, person: Person, made: Brief) -> Post | None:
    """What waits for the person is said in `made` and waits no longer; None when nothing is left to be said."""
    tx.people.lock(person.id)  # who asks for it at the moment it is due gets it once
    settings = tx.person_settings.of(person.id)
    tx.briefs.forget(person.id, (*budget.muted(settings.kinds), *_not_told_any_more(tx, person)))
    tx.briefs.forget_others(person.id, budget.ABOUT_MINE)
    if not tx.briefs.waits(person.id):
        return None
    tx.briefs.add(made)
    tx.events.add("brief.made", actor="lockstep", data={"person": person.id, "day": made.day.isoformat()})
    place = settings.channel or person.slack_id or ""
    return posting.say(tx, Subject.BRIEF, made.id, place, PostRole.NOTICE, None)


def come_home(tx: Transaction, post: Post) -> bool:
    """A channel does not take the brief: from now on it comes as a direct message, this one too. False for a brief that
    was one already, and for one that stood in the channel: it was read, and only its update fails."""
    if post.ts is not None:
        return False
    made = tx.briefs.get(post.subject_id)
    person = tx.people.get(made.person_id) if made is not None else None
    home = posting.reads(person)
    if made is None or person is None or home is None or post.place == home:
        return False
    settings = tx.person_settings.of(person.id)
    if settings.channel == post.place:
        tx.person_settings.save(brief.without_channel(settings))
    posting.say(tx, Subject.BRIEF, made.id, home, PostRole.NOTICE, None, {"refused_by": post.place})
    return True


def forget_lead(tx: Transaction, lead_id: str) -> None:
    """Nothing about somebody who was erased waits to be said, and what was said in briefs is gone from them."""
    said_in = tx.briefs.of_lead(lead_id)
    tx.briefs.forget_lead(lead_id)
    for brief_id in said_in:
        for post in tx.posts.of_subject(Subject.BRIEF, brief_id):
            posting.sync(tx, post)


def nothing_waits(tx: Transaction, person_id: str) -> None:
    """Everything that waited for the person has been said; what came in since has its timer."""
    tx.people.lock(person_id)
    if not tx.briefs.waits(person_id):
        tx.timers.cancel(TimerKind.BRIEF, person_id)


def kinds_of(tx: Transaction, person: Person) -> tuple[Kind, ...]:
    """The kinds this person can be told and may choose about."""
    owns = bool(tx.campaigns.owned_by([person.id]))
    return budget.kinds_for(person, is_admin=tx.config.admin_id == person.id, owns_campaigns=owns)


def _not_told_any_more(tx: Transaction, person: Person) -> list[Kind]:
    """What somebody could be told in a role they have no more; what is about their own leads is theirs in any."""
    told = kinds_of(tx, person)
    return [
        kind
        for kind, rule in budget.TABLE.items()
        if not rule.is_fixed and kind not in told and kind not in budget.ABOUT_MINE
    ]
