"""Schedules of digests, as a TOML file says them."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain.configuration import DigestEntry
from bot.domain.digest import NAME_MAX, DigestKind
from bot.domain.lead import normalise_email
from bot.domain.local_time import read_time
from bot.domain.work_times import tz_mistake
from bot.domain.working_hours import WEEKDAYS
from handlers.config_tables import Table, TableReader

FIELDS = {
    "name", "kind", "channel", "person", "weekdays", "at", "tz", "is_on", "silent_when_empty", "closing_line",
}  # fmt: skip

_SLACK_ID = re.compile(r"[UW][A-Z0-9]{1,30}")


class DigestsReader(TableReader):
    """Reads [[digests]]; a name tells one from the others."""

    _channel_id: Callable[[str], str | None]

    def _digests(self, data: Table) -> tuple[DigestEntry, ...] | None:
        """None where the file says nothing of digests."""
        if "digests" not in data:
            return None
        found = tuple(self._digest(row, where) for row, where in self._rows(data, "digests"))
        self._once([entry.name.casefold() for entry in found], "digests", "name")
        return found

    def _digest(self, row: Table, where: str) -> DigestEntry:
        self._unknown(row, FIELDS, where)
        name = self._text(row, "name", where, required=True) or ""
        where = f"digests {name}" if name else where
        if len(name) > NAME_MAX:
            self._say(f"{where}: name", f"has {len(name)} characters; at most {NAME_MAX} fit")
        if "kind" not in row:
            self._say(f"{where}: kind", f"is missing; there is {', '.join(DigestKind)}")
        at = self._text(row, "at", where, required=True)
        if at is not None and read_time(at) is None:
            self._say(f"{where}: at", f"{at} is no time of day; write for example 09:00")
        tz = self._zone(row, where, required=True)
        if tz is not None and (mistake := tz_mistake(tz)):
            self._say(f"{where}: tz", mistake.rstrip("."))
        channel, person = self._channel_of(row, where), self._text(row, "person", where)
        if ("channel" in row) == ("person" in row):
            self._say(where, "name exactly one of channel or person")
        if person is not None and not _SLACK_ID.fullmatch(person):
            email = normalise_email(person)
            if email is None:
                way = "write it as under [[people]], or the Slack id (U…) of who has none"
                self._say(f"{where}: person", f"{person} is no e-mail address; {way}")
            person = email
        return DigestEntry(
            name=name,
            kind=self._choice(row, "kind", where, DigestKind, DigestKind.FIELD_NOTES),
            channel=channel,
            person=person,
            weekdays=self._weekdays(row, where),
            at=at or "",
            tz=tz or "",
            is_on=self._yes_or_no(row, "is_on", where, True),
            silent_when_empty=self._yes_or_no(row, "silent_when_empty", where, False),
            closing_line=self._yes_or_no(row, "closing_line", where, True),
        )

    def _weekdays(self, row: Table, where: str) -> tuple[str, ...]:
        named = [str(day) for day in self._list(row, "weekdays", where)]
        for day in named:
            if day not in WEEKDAYS:
                self._say(f"{where}: weekdays", f"{day} is no weekday; there is {', '.join(WEEKDAYS)}")
        if not named:
            self._say(f"{where}: weekdays", f'is missing; write for example ["{WEEKDAYS[0]}"]')
        return tuple(day for day in WEEKDAYS if day in named)

    def _channel_of(self, row: Table, where: str) -> str | None:
        text = self._text(row, "channel", where)
        found = self._channel_id(text) if text is not None else None
        if text is not None and found is None:
            self._say(
                f"{where}: channel",
                f"there is no channel {text} that I can see; invite @Lockstep to it, or write its id (C…)",
            )
        return found
