"""What the digest of field notes says: how many came, what was said most, what marketing did, and what waits."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.digest_frame import Frame
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNotesDigest:
    """`notes` that came in the period from `people`; `answered`: notes marketing answered in it."""

    frame: Frame
    notes: int
    people: int
    answered: int

    @property
    def is_empty(self) -> bool:
        return not self.notes and not self.answered


def load_field_notes(tx: Transaction, frame: Frame, place: str) -> FieldNotesDigest:
    """What whoever reads at `place` may read of the period."""
    return FieldNotesDigest(frame=frame, notes=0, people=0, answered=0)
