"""When people and teams work, as a TOML file says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.work_times import PlaceMistake, place_mistakes, read_place
from bot.domain.working_hours import WEEKDAYS, HoursMistake, Week, read_intervals
from handlers.config_tables import Table, TableReader


class TimesReader(TableReader):
    """Reads the four fields that people and teams share."""

    def __init__(self, place_mistake: PlaceMistake) -> None:
        super().__init__()
        self._place_mistake = place_mistake

    def _times(self, row: Table, where: str) -> dict[str, Any]:
        """When somebody works, with every mistake in it but those of days off, which the caller's check tells."""
        country, subdivision = read_place(
            self._text(row, "country", where) or "", self._text(row, "subdivision", where) or ""
        )
        wrong = place_mistakes(country, subdivision, self._place_mistake)
        self._say_each(where, {field: sentence.rstrip(".") for field, sentence in wrong.items()})
        return {
            "hours": self._week(row, where),
            "days_off": tuple(str(day) for day in self._list(row, "days_off", where)) if "days_off" in row else None,
            "country": country,
            "subdivision": subdivision,
        }

    def _week(self, row: Table, where: str) -> Week | None:
        """The working hours of each weekday; a weekday that is not named is free. None when nothing is said."""
        hours = row.get("hours")
        if hours is None:
            return None
        if not isinstance(hours, Mapping):
            self._say(f"{where}: hours", 'must be a table, such as { mon = "9:00-12:30, 13:30-18:00" }')
            return None
        unknown = [day for day in hours if day not in WEEKDAYS]
        if unknown:
            self._say(f"{where}: hours", f"{unknown[0]} is no weekday; there is {', '.join(WEEKDAYS)}")
        week = []
        for day in WEEKDAYS:
            text = hours.get(day, "")
            try:
                written = ", ".join(map(str, text)) if isinstance(text, list) else str(text)
                week.append(read_intervals(written, day))
            except HoursMistake as error:
                self._say(f"{where}: hours", str(error).rstrip("."))
                week.append(())
        return tuple(week)
