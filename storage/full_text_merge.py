"""SQLite's full text, merged a step at a time: words that were erased are then in none of its parts any more."""

from __future__ import annotations

import sqlite3

from storage.search import TO_MERGE

MERGED_PAGES = 200
"""In one step, about a megabyte: no click waits for more."""
_TO_MERGE = "SELECT 1 FROM installation WHERE name = ?"
_MERGED = "DELETE FROM installation WHERE name = ?"
_MERGE = "INSERT INTO search_words (search_words, rank) VALUES ('merge', ?)"


class FullTextMerge:
    """`is_going_on`: the last step left something to merge."""

    __slots__ = ("is_going_on",)

    def __init__(self) -> None:
        self.is_going_on = False

    def step(self, raw: sqlite3.Connection) -> bool:
        """One more step, where words in the full text are to be forgotten; False when there is nothing left to merge.
        Raises sqlite3.Error."""
        if raw.execute(_TO_MERGE, (TO_MERGE,)).fetchone() is None:
            return False
        before = raw.total_changes
        # https://www.sqlite.org/fts5.html#the_merge_command: negative to begin with all parts, then on with those,
        # until hardly anything is written.
        raw.execute(_MERGE, (MERGED_PAGES if self.is_going_on else -MERGED_PAGES,))
        self.is_going_on = raw.total_changes - before >= 2
        if not self.is_going_on:
            raw.execute(_MERGED, (TO_MERGE,))
        return self.is_going_on
