"""What is at risk: a manager's one message with the leads of their people whose windows are nearly over.

It is edited in place as leads join it and as they are decided. An edit is not noticed, so a lead that joins after the
list was empty, or on a later day of its reader's, makes a new message; the old one says that it moved. It is read in
working hours: by the manager, or by whoever stands in while they are absent; at night it waits for the morning.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.absence import can_stand_in
from bot.domain.business_time import next_working_instant
from bot.domain.countdown import CountdownKind, Running
from bot.domain.local_time import local_date
from bot.domain.person import Person, Role, Side
from bot.domain.post import Post, PostRole, Subject, TimerKind
from bot.services import posting
from bot.services.calendars import calendar_of_person
from bot.services.deputies import deputy_of, stand_in
from storage.transaction import Transaction


def tell(tx: Transaction, running: Running) -> None:
    """The lead stands in its manager's list; they are told in their working hours. Told again, nothing changes. What
    is told in briefs stands in no list that is sent."""
    if running.kind.is_told_in_briefs:
        return
    for manager in managers_of(tx, running):
        if tx.at_risk.join(manager.id, running.id):
            say(tx, manager.id)
        posting.sync_home(tx, manager.id)


def say(tx: Transaction, manager_id: str) -> None:
    """What is at risk stands in the manager's present message, or a new one, or does so when their day begins."""
    manager = tx.people.lock(manager_id)
    if manager is None or not tx.at_risk.count([manager_id]):
        return
    reader, at = _reader(tx, manager)
    if reader is None:
        return
    if at > tx.now:
        timer = tx.timers.get(TimerKind.AT_RISK, manager_id)
        if timer is None or timer.due_at != at:
            tx.timers.set(TimerKind.AT_RISK, manager_id, at)
        return
    place = posting.reads(reader) or ""
    day = local_date(tx.now, reader.tz).isoformat()
    present = tx.posts.latest(Subject.AT_RISK, manager_id)
    if present is not None and _goes_on(present, place, day):
        posting.sync(tx, present)
        return
    data: dict[str, object] = {"day": day, "reader": reader.id}
    posting.say(tx, Subject.AT_RISK, manager_id, place, PostRole.NOTICE, None, data)
    if present is not None:
        posting.sync(tx, present)


def sync_for(tx: Transaction, running: Running) -> None:
    """The lead is out of the lists it stood in: its window has ended, or runs for somebody else."""
    for manager_id in tx.at_risk.leave(running.id):
        present = tx.posts.latest(Subject.AT_RISK, manager_id)
        if present is not None:
            empty = not tx.at_risk.count([manager_id])
            ended = int(present.data.get("ended", 0)) + 1
            tx.posts.save_data(present.id, present.data | {"ended": ended} | ({"empty": True} if empty else {}))
            posting.sync(tx, present)
        posting.sync_home(tx, manager_id)


def refresh(tx: Transaction, running: Running) -> None:
    """Its due time moved: the lists it stands in show it."""
    for manager_id in tx.at_risk.managers_of(running.id):
        present = tx.posts.latest(Subject.AT_RISK, manager_id)
        if present is not None:
            posting.sync(tx, present)


def follow(tx: Transaction, countdowns: Iterable[Running]) -> None:
    """Who manages whom has changed: what stands in a list stands in the right one."""
    for running in countdowns:
        stood = tx.at_risk.managers_of(running.id)
        if stood and stood != sorted(one.id for one in managers_of(tx, running)):
            sync_for(tx, running)
            tell(tx, running)


def is_manager(person: Person) -> bool:
    """Whether they may read who the leads of their side are, and reassign them."""
    return person.on_roster and person.has(Role.MANAGER)


def managers_of(tx: Transaction, running: Running) -> list[Person]:
    """Whose list it stands in: the manager of whoever must act; of a pool, the managers of its members. Where nobody of
    them is there to read, the managers of the side that must act; without any, the admin."""
    owner = tx.people.get(running.owner_id) if running.owner_id is not None else None
    if running.owner_id is not None:
        named = [owner.manager_id] if owner is not None and owner.manager_id else []
    else:
        members = tx.teams.members(running.team_id) if running.team_id else []
        named = [one.person.manager_id for one in members if one.person.manager_id and one.person.has(Role.REP)]
    found = [tx.people.get(one) for one in dict.fromkeys(named)]
    reached = [one for one in found if one is not None and posting.reads(one) is not None]
    if reached:
        return reached
    of_marketing = (CountdownKind.ANSWER_REJECT, CountdownKind.ANSWER_NOTE)
    side = Side.MARKETING if running.kind in of_marketing else Side.SALES
    if running.kind is CountdownKind.SETTLE and owner is not None and owner.side is Side.MARKETING:
        side = Side.MARKETING
    # Nobody is told of themself.
    others = [one for one in tx.people.with_role(Role.MANAGER) if one.id != running.owner_id]
    managers = [one for one in others if posting.reads(one) is not None]
    admin = tx.people.get(tx.config.admin_id) if tx.config.admin_id else None
    return (
        [one for one in managers if one.side is side]
        or [one for one in managers if one.side is Side.LEADERSHIP]
        or [one for one in (admin,) if posting.reads(one) is not None and one is not None]
    )


def _reader(tx: Transaction, manager: Person) -> tuple[Person | None, datetime]:
    """Who reads the manager's list, and from when: the manager, or while they are absent their deputy, who has their
    rights then, a manager above, or another manager of their side; in working hours of theirs. The admin only where
    there is nobody else: without names."""
    reader = stand_in(tx, manager)
    if reader.id != manager.id and not is_manager(reader) and deputy_of(tx, manager) != reader:
        # The admin would read names, and may do nothing about them.
        others = [one for one in tx.people.with_role(Role.MANAGER) if can_stand_in(one, tx.now)]
        sides = [one for side in (manager.side, Side.LEADERSHIP) for one in others if one.side is side]
        reader = sides[0] if sides else reader
    if posting.reads(reader) is None:
        return None, tx.now
    # Who has no working time ahead reads it at an odd hour rather than never.
    return reader, next_working_instant(calendar_of_person(tx, reader), tx.now) or tx.now


def _goes_on(post: Post, place: str, day: str) -> bool:
    return (
        post.gone is None and post.place == place and post.data.get("day") == day and not post.data.get("empty", False)
    )
