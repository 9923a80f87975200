"""Schedules of digests as the file of the configuration says them; one is known by its name."""

from __future__ import annotations

from bot.domain.configuration import DigestEntry
from bot.domain.digest import Schedule
from bot.domain.local_time import read_time
from bot.domain.working_hours import WEEKDAYS
from bot.errors import ConfigError
from bot.services import digests, posting, schedules
from bot.services.schedules import Wanted
from storage.transaction import Transaction


def current(tx: Transaction) -> tuple[DigestEntry, ...]:
    """Those there are, by name."""
    return tuple(_entry(tx, one) for one in tx.schedules.all())


def apply(tx: Transaction, wanted: tuple[DigestEntry, ...]) -> list[str]:
    """The schedules are those of `wanted`; those not in it are removed. A digest for somebody whom Slack shows no
    account of yet is off until the file is applied again; the lines returned say so."""
    known = {one.name: one for one in tx.schedules.all()}
    off: list[str] = []
    for name, one in known.items():
        if name not in {entry.name for entry in wanted}:
            schedules.remove(tx, digests.take(tx, one.id))
    for entry in wanted:
        old = known.get(entry.name)
        place = _place(tx, entry)
        if place is None and entry.is_on:
            off.append(
                f"! digest {entry.name}: off, because Slack shows no active account of {entry.person} on the roster;"
                " apply the file again when it does"
            )
        if place is None and old is None:
            continue
        _put(tx, entry, old, place)
    return off


def _put(tx: Transaction, entry: DigestEntry, old: Schedule | None, place: str | None) -> None:
    at = read_time(entry.at)
    if at is None:
        raise ConfigError(f"digests {entry.name}: at: {entry.at} is no time of day.")
    wanted = Wanted(
        name=entry.name,
        kind=entry.kind,
        place=place or (old.place if old is not None else ""),
        weekdays=tuple(WEEKDAYS.index(day) for day in entry.weekdays),
        at=at,
        tz=entry.tz,
        is_on=entry.is_on and place is not None,
        silent_when_empty=entry.silent_when_empty,
        closing_line=entry.closing_line,
    )
    if old is not None and old.kind is not wanted.kind:
        schedules.remove(tx, digests.take(tx, old.id))
        old = None
    if old is None:
        schedules.add(tx, wanted, None)
    elif schedules.wanted_of(old) != wanted:
        schedules.change(tx, digests.take(tx, old.id), wanted)


def _place(tx: Transaction, entry: DigestEntry) -> str | None:
    """None: Slack shows no active account of the person."""
    if entry.channel is not None:
        return entry.channel
    said = entry.person or ""
    return posting.reads(tx.people.by_email(said) if "@" in said else tx.people.by_slack_id(said))


def _entry(tx: Transaction, one: Schedule) -> DigestEntry:
    in_channel = digests.in_channel(one.place)
    reader = None if in_channel else tx.people.by_slack_id(one.place)
    email = reader.email if reader is not None else None
    return DigestEntry(
        name=one.name,
        kind=one.kind,
        channel=one.place if in_channel else None,
        person=None if in_channel else email or one.place,
        weekdays=tuple(WEEKDAYS[day] for day in one.weekdays),
        at=f"{one.at:%H:%M}",
        tz=one.tz,
        is_on=one.is_on,
        silent_when_empty=one.silent_when_empty,
        closing_line=one.closing_line,
    )
