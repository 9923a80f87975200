"""Digests from Slack: which there are, what each says when and where, and everything a manager does with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

from bot.domain.digest import KIND_NAMES, NAME_MAX, Digest, DigestKind, DigestState, Schedule
from bot.domain.local_time import read_time, zone_name
from bot.domain.person import Person, Role
from bot.domain.rights import may_schedule
from bot.domain.work_times import tz_mistake
from bot.errors import FormError, NotFound, Refused
from bot.services import digests, posting, schedules
from bot.services.digests import DigestShown
from bot.services.editing import refuse_unless_same
from bot.services.handoffs import refuse
from bot.services.note_readers import readable
from bot.services.people import clicker
from bot.services.schedules import Wanted
from bot.services.set_up_changes import seen
from storage.transaction import Transaction

MOST = 200
"""Schedules there can be at once."""
NOT_YOURS = "You read only your own field notes, so you cannot have all sent here. Please ask marketing's manager."
USUAL_AT = time(9)
MONDAYS = (0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRow:
    """A schedule in the list, with the period settled last. Names are untrusted. `reader`: whose direct messages it
    goes to; `reader_left`: they are not on the roster, or have no active account."""

    schedule: Schedule
    reader: str | None = None
    reader_left: bool = False
    last: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A digest most teams want, one click away: Mondays at nine, in this channel."""

    kind: DigestKind
    place: str
    tz: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestsList:
    rows: tuple[DigestRow, ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestForm:
    """A schedule to change, or a new one. `channel` or `person` (Slack ids) is where it goes; `seen` marks what is
    shown."""

    id: str = ""
    seen: str = ""
    name: str = ""
    kind: DigestKind | None = None
    channel: str | None = None
    person: str | None = None
    weekdays: tuple[int, ...] = MONDAYS
    at: time = USUAL_AT
    tz: str = "UTC"
    silent_when_empty: bool = False
    closing_line: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDigest:
    """What the form says. `schedule_id` None: a new one, of `kind`. Of `channel` and `person` exactly one counts; None
    and unreadable answers are told at their fields."""

    by: str
    schedule_id: str | None
    seen: str
    name: str
    kind: str
    channel: str | None
    person: str | None
    weekdays: tuple[str, ...]
    at: str
    tz: str
    silent_when_empty: bool
    closing_line: bool


def digests_list(tx: Transaction, by: str) -> DigestsList:
    """By name. Raises NotAllowed, PersonUnknown."""
    person = scheduler(tx, by)
    found = tx.schedules.all()
    readers = {one.place: tx.people.by_slack_id(one.place) for one in found if not digests.in_channel(one.place)}
    rows = []
    for one in found:
        reader = readers.get(one.place)
        latest = tx.digests.latest(one.id, 1)
        rows.append(
            DigestRow(
                schedule=one,
                reader=reader.name if reader is not None else None,
                reader_left=one.place in readers and posting.reads(reader) is None,
                last=latest[0] if latest else None,
            )
        )
    return DigestsList(rows=tuple(rows), offers=_offers(tx, person, found))


def digest_form(tx: Transaction, by: str, schedule_id: str | None = None) -> DigestForm:
    """Raises NotFound, NotAllowed, PersonUnknown."""
    person = scheduler(tx, by)
    if schedule_id is None:
        return DigestForm(tz=person.tz)
    one = _get(tx, schedule_id)
    in_channel = digests.in_channel(one.place)
    return DigestForm(
        id=one.id,
        seen=seen(schedules.wanted_of(one)),
        name=one.name,
        kind=one.kind,
        channel=one.place if in_channel else None,
        person=None if in_channel else one.place,
        weekdays=one.weekdays,
        at=one.at,
        tz=one.tz,
        silent_when_empty=one.silent_when_empty,
        closing_line=one.closing_line,
    )


def save_digest(tx: Transaction, command: SaveDigest) -> str:
    """The schedule is as the form says; the sentence tells what comes next. A new one is on.

    Raises FormError by field (name, kind, channel, person, weekdays, at, tz), NotFound, Refused when somebody changed
    it since the form was opened, NotAllowed, PersonUnknown.
    """
    person = scheduler(tx, command.by)
    if command.schedule_id is None:
        wanted = _read(tx, command, None, person)
        if len(tx.schedules.all()) >= MOST:
            raise Refused(f"There are {MOST} digests already: remove one first.")
        made = schedules.add(tx, wanted, person.id)
        _noted(tx, person, "added", made)
        return f"{made.name} is on."
    schedule = digests.take(tx, command.schedule_id)
    refuse_unless_same(command.seen, schedules.wanted_of(schedule))
    changed = schedules.change(tx, schedule, _read(tx, command, schedule, person))
    _noted(tx, person, "changed", changed)
    if changed.told_until == schedule.told_until:
        return f"{changed.name} is saved."
    (settled,) = tx.digests.latest(changed.id, 1)
    became = "is on its way" if settled.state is DigestState.SENT else "would be now, but there is nothing to say"
    return f"{changed.name} is saved. Its new time has passed today, so it {became}."


def add_offered(tx: Transaction, by: str, kind: DigestKind) -> str:
    """The digest that is offered for this kind is made, and on. Raises Refused when it is offered no more."""
    person = scheduler(tx, by)
    offer = next((one for one in _offers(tx, person, tx.schedules.all()) if one.kind is kind), None)
    if offer is None:
        raise Refused("There is such a digest already, or its channel is not set: look at the list.")
    wanted = Wanted(
        name=KIND_NAMES[kind], kind=kind, place=offer.place, weekdays=MONDAYS, at=USUAL_AT, tz=offer.tz
    )  # fmt: skip
    _refuse_name_taken(tx, wanted.name, None)
    made = schedules.add(tx, wanted, person.id)
    _noted(tx, person, "added", made)
    return f"{made.name} is on."


def switch(tx: Transaction, by: str, schedule_id: str, *, on: bool) -> str:
    """The schedule is on or off; what was so already stays so. Raises NotFound, Refused, NotAllowed, PersonUnknown."""
    person = scheduler(tx, by)
    schedule = digests.take(tx, schedule_id)
    if on and digests.reader_left(tx, schedule):
        raise Refused("The person it is for is not on the roster, or has no active account: choose somebody else.")
    changed = schedules.change(tx, schedule, replace(schedules.wanted_of(schedule), is_on=on))
    _noted(tx, person, "switched_on" if on else "switched_off", changed)
    return f"{changed.name} is {'on' if on else 'off'}."


def remove(tx: Transaction, by: str, schedule_id: str) -> str:
    """The schedule is listed no more; what it sent stays. Raises NotFound, NotAllowed, PersonUnknown."""
    person = scheduler(tx, by)
    schedule = digests.take(tx, schedule_id)
    schedules.remove(tx, schedule)
    _noted(tx, person, "removed", schedule)
    return f"{schedule.name} is removed. What it sent stays."


def send_now(tx: Transaction, by: str, schedule_id: str) -> str:
    """An extra one is on its way; see `digests.send_now`. Raises NotFound, Refused, NotAllowed, PersonUnknown."""
    person = scheduler(tx, by)
    schedule = digests.take(tx, schedule_id)
    digests.send_now(tx, schedule, person)
    digests.put(tx, schedule)
    return f"{schedule.name} is on its way. The next one comes on time all the same."


def preview(tx: Transaction, by: str, schedule_id: str) -> tuple[str, DigestShown]:
    """Its name, and what it would say now. Nothing is stored. Raises NotFound, NotAllowed, PersonUnknown."""
    person = scheduler(tx, by)
    schedule = _get(tx, schedule_id)
    return schedule.name, digests.preview(tx, schedule, person)


def scheduler(tx: Transaction, by: str) -> Person:
    """The person with this Slack id, who may make schedules. Raises NotAllowed, PersonUnknown."""
    who = clicker(tx, by)
    refuse(may_schedule(who))
    return who.person


def _offers(tx: Transaction, person: Person, found: list[Schedule]) -> tuple[Offer, ...]:
    """Of each kind that has no schedule, where its channel is known, its name is free, and the person may have it sent
    there."""
    config = tx.config
    channels = {
        DigestKind.FIELD_NOTES: config.marketing_channel,
        DigestKind.CAMPAIGNS: next(iter(config.sales_channels), None),
    }
    there, names = {one.kind for one in found}, {one.name.casefold() for one in found}
    return tuple(
        Offer(kind=kind, place=place, tz=person.tz)
        for kind, place in channels.items()
        if place is not None
        and kind not in there
        and KIND_NAMES[kind].casefold() not in names
        and (kind is not DigestKind.FIELD_NOTES or _may_share(tx, person, place))
    )


def _read(tx: Transaction, command: SaveDigest, old: Schedule | None, person: Person) -> Wanted:
    """What is meant, with everything wrong told at once."""
    wrong: dict[str, str] = {}
    name = command.name.strip()
    if not name:
        wrong["name"] = "Give it a name: it tells this digest from the others."
    elif len(name) > NAME_MAX:
        wrong["name"] = f"This has {len(name)} characters; at most {NAME_MAX} fit."
    elif _name_taken(tx, name, old):
        wrong["name"] = "Another digest has this name already."
    if old is None and command.kind not in list(DigestKind):
        wrong["kind"] = "Choose what it tells of."
    weekdays = tuple(sorted({int(day) for day in command.weekdays if day in "0123456" and len(day) == 1}))
    if not weekdays:
        wrong["weekdays"] = "Choose at least one weekday."
    at = read_time(command.at)
    if at is None:
        wrong["at"] = "Choose a time of day."
    tz = zone_name(command.tz.strip())
    if mistake := tz_mistake(tz):
        wrong["tz"] = mistake
    place = _place(tx, command, old, wrong)
    kind = old.kind.value if old is not None else command.kind
    is_new = old is None or place != old.place
    if kind == DigestKind.FIELD_NOTES and is_new and "channel" not in wrong and not _may_share(tx, person, place):
        wrong["channel"] = NOT_YOURS
    if wrong or at is None:
        raise FormError(wrong)
    return Wanted(
        name=name,
        kind=DigestKind(kind),
        place=place,
        weekdays=weekdays,
        at=at,
        tz=tz,
        is_on=old.is_on if old is not None else True,
        silent_when_empty=command.silent_when_empty,
        closing_line=command.closing_line,
    )


def _place(tx: Transaction, command: SaveDigest, old: Schedule | None, wrong: dict[str, str]) -> str:
    if command.channel is not None and command.person is not None:
        wrong["person"] = "Choose a channel or a person, not both: leave one of the two empty."
    elif command.channel is not None:
        if not digests.in_channel(command.channel):
            wrong["channel"] = "This is no channel. Please choose one of the list."
    elif command.person is None:
        wrong["channel"] = "Choose a channel here, or a person below."
    elif old is None or command.person != old.place or old.is_on:
        reader = tx.people.by_slack_id(command.person)
        if posting.reads(reader) is None:
            wrong["person"] = "They are not on the roster, or have no active account: choose somebody else."
    return command.channel or command.person or ""


def _may_share(tx: Transaction, person: Person, place: str) -> bool:
    """Whether the person may have field notes sent there: to a channel whoever reads them all, and admins, who decide
    who does."""
    return not digests.in_channel(place) or person.has(Role.ADMIN) or readable(tx, person).all


def _name_taken(tx: Transaction, name: str, old: Schedule | None) -> bool:
    return any(one.name.casefold() == name.casefold() for one in tx.schedules.all() if old is None or one.id != old.id)


def _refuse_name_taken(tx: Transaction, name: str, old: Schedule | None) -> None:
    if _name_taken(tx, name, old):
        raise Refused(f"There is a digest called {name} already.")


def _get(tx: Transaction, schedule_id: str) -> Schedule:
    schedule = tx.schedules.get(schedule_id)
    if schedule is None or schedule.removed_at is not None:
        raise NotFound(digests.GONE)
    return schedule


def _noted(tx: Transaction, person: Person, what: str, schedule: Schedule) -> None:
    tx.events.add(f"digest.{what}", actor=person.id, origin="slack", data={"schedule": schedule.id})
