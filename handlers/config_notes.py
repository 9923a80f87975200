"""Who reads field notes, as a TOML file says it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.person import Side
from handlers.config_tables import Table, TableReader


class NotesReader(TableReader):
    """Reads the table [notes]."""

    def _notes_read_by(self, data: Table) -> tuple[Side, ...] | None:
        """The sides whose people read field notes, each once and in one order; None where the file does not say."""
        notes = data.get("notes", {})
        if not isinstance(notes, Mapping):
            self._say("notes", "must be a table, [notes]")
            return None
        self._unknown(notes, {"read_by"}, "notes")
        if "read_by" not in notes:
            return None
        named = self._list(notes, "read_by", "notes")
        for one in named:
            if one not in list(Side):
                self._say("notes: read_by", f"{one} is not one of {', '.join(Side)}")
        return tuple(side for side in Side if side in named)
