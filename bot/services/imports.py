"""Leads from a file: each row is handed over once, however often the file is read; what is open can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.lead import normalise_email
from bot.errors import ConfigError
from bot.services import intake
from bot.services.answers import Answer
from bot.services.lead_records import HandOver
from bot.services.whereabouts import offered_to
from storage.transaction import Transaction

KNOWN = "known already"
BELOW = "below the definition"
NOTHING_NEW = "here already, with nothing new"
DONE = {
    Answer.OFFERED: "offered",
    Answer.UPDATED: "updated",
    Answer.TOUCH: "the same person as a lead that is here",
    Answer.UNROUTED: "stored; nobody to offer it to",
    Answer.STORED: "stored",
    Answer.BELOW_DEFINITION: BELOW,
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


def count_offers(tx: Transaction, rows: Sequence[ImportRow]) -> int:
    """How many of the rows may be offered to somebody: those not taken before whose lead nobody has."""
    return sum(_may_be_offered(tx, row) for row in rows)


def _may_be_offered(tx: Transaction, row: ImportRow) -> bool:
    if tx.imports.taken(row.command.source, _digest(tx, row)):
        return False
    known = tx.leads.by_key(row.command.source, row.command.external_id)
    return known is None or not (tx.handoffs.offered_of(known.id) or tx.handoffs.owned_of(known.id))


def take_rows(tx: Transaction, import_id: str, rows: Sequence[ImportRow]) -> list[str]:
    """Each row is a lead now, or was before; a verdict for each."""
    return [_take(tx, import_id, row) for row in rows]


def look_at_rows(
    tx: Transaction, import_id: str, rows: Sequence[ImportRow], before: Sequence[ImportRow] = ()
) -> list[str]:
    """Raises OnlyLooking with the verdicts `take_rows` would give after the rows `before`; nothing changes."""
    tx.imports.begin(import_id, rows[0].command.source if rows else "", "")
    take_rows(tx, import_id, before)
    raise OnlyLooking(take_rows(tx, import_id, rows))


class SamePeople:
    """Which earlier rows of a file are about the people of a later one: what is only looked at in parts is not known
    from one part to the next."""

    def __init__(self) -> None:
        self._first: dict[str, ImportRow] = {}

    def before(self, rows: Sequence[ImportRow]) -> list[ImportRow]:
        """The first row about each of these people, where it came before; these are known from now on."""
        found = {
            earlier.number: earlier
            for row in rows
            for name in _names(row)
            if (earlier := self._first.get(name)) is not None
        }
        for row in rows:
            for name in _names(row):
                self._first.setdefault(name, row)
        return [found[number] for number in sorted(found)]


def _names(row: ImportRow) -> list[str]:
    email = normalise_email(row.command.email)
    return [f"key {row.command.external_id}", *([f"email {email}"] if email else [])]


def _take(tx: Transaction, import_id: str, row: ImportRow) -> str:
    source, digest = row.command.source, _digest(tx, row)
    if tx.imports.taken(source, digest):
        return KNOWN
    before = tx.leads.by_key(source, row.command.external_id)
    done = intake.hand_over(tx, row.command)
    verdict = DONE.get(done.status, done.status.value)
    if before is not None and done.status is Answer.UPDATED and tx.leads.get(before.id) == before:
        verdict = NOTHING_NEW
    if done.below:
        # Not counted as taken: under a definition that asks for less, the same row is to hand it over.
        return f"{BELOW}: {' '.join(one.sentence for one in done.below)}"
    handoff = tx.handoffs.get(done.handoff_id) if done.handoff_id and done.status is Answer.OFFERED else None
    tx.imports.add(
        import_id, source, digest, lead_id=done.lead_id, handoff_id=handoff.id if handoff else None,
        verdict=done.status.value,
    )  # fmt: skip
    return offered_to(tx, handoff) if handoff is not None else verdict


def _digest(tx: Transaction, row: ImportRow) -> str:
    # Keyed, as a row may hold personal data: its digest must not confirm a guess.
    return tx.erasures.digest("row", row.command.source, str(row.command.offered), row.content)
