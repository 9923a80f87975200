"""Leads from a file: each row is handed over once, however often the file is read; what is open can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import ConfigError
from bot.services import intake
from bot.services.intake import Answer
from bot.services.lead_records import HandOver
from bot.services.whereabouts import offered_to
from storage.transaction import Transaction

KNOWN = "known already"
NOTHING_NEW = "here already, with nothing new"
DONE = {
    Answer.OFFERED: "offered",
    Answer.UPDATED: "updated",
    Answer.TOUCH: "the same person as a lead that is here",
    Answer.UNROUTED: "stored; nobody to offer it to",
    Answer.STORED: "stored",
    Answer.ERASED: "left out: erased at the person's request",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """A row that is a lead. `content` is all of it, as text: the same content is the same row."""

    number: int
    content: str
    command: HandOver


class OnlyLooking(Exception):
    """Rolls a dry run back, with its verdicts."""

    def __init__(self, verdicts: list[str]) -> None:
        super().__init__()
        self.verdicts = verdicts


def begin(tx: Transaction, import_id: str, source: str, file_name: str) -> None:
    """The import is under way. Raises ConfigError when there is no such source."""
    check_source(tx, source)
    tx.imports.begin(import_id, source, file_name)


def check_source(tx: Transaction, source: str) -> None:
    """Raises ConfigError when there is no such source."""
    if tx.sources.get(source) is None:
        known = ", ".join(one.key for one in tx.sources.all()) or "none yet"
        raise ConfigError(
            f"There is no source {source}; there is {known}. Add it under [[sources]] with `lockstep config apply`."
        )


def count_new(tx: Transaction, rows: Sequence[ImportRow]) -> int:
    """How many of the rows were not taken before."""
    return sum(not tx.imports.taken(row.command.source, _digest(tx, row)) for row in rows)


def take_rows(tx: Transaction, import_id: str, rows: Sequence[ImportRow]) -> list[str]:
    """Each row is a lead now, or was before; a verdict for each."""
    return [_take(tx, import_id, row) for row in rows]


def look_at_rows(tx: Transaction, import_id: str, rows: Sequence[ImportRow]) -> list[str]:
    """Raises OnlyLooking with the verdicts `take_rows` would give; nothing changes."""
    tx.imports.begin(import_id, rows[0].command.source if rows else "", "")
    raise OnlyLooking(take_rows(tx, import_id, rows))


def _take(tx: Transaction, import_id: str, row: ImportRow) -> str:
    source, digest = row.command.source, _digest(tx, row)
    if tx.imports.taken(source, digest):
        return KNOWN
    before = tx.leads.by_key(source, row.command.external_id)
    done = intake.hand_over(tx, row.command)
    verdict = DONE.get(done.status, done.status.value)
    if before is not None and done.status is Answer.UPDATED and tx.leads.get(before.id) == before:
        verdict = NOTHING_NEW
    handoff = tx.handoffs.get(done.handoff_id) if done.handoff_id and done.status is Answer.OFFERED else None
    tx.imports.add(
        import_id, source, digest, lead_id=done.lead_id, handoff_id=handoff.id if handoff else None,
        verdict=done.status.value,
    )  # fmt: skip
    return offered_to(tx, handoff) if handoff is not None else verdict


def _digest(tx: Transaction, row: ImportRow) -> str:
    # Keyed, as a row may hold personal data: its digest must not confirm a guess.
    return tx.erasures.digest("row", row.command.source, str(row.command.offered), row.content)
