"""As whom somebody answers field notes, and which of them they may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.note import Note, Theme
from bot.domain.note_rights import Readable, may_answer
from bot.domain.note_words import title_of
from bot.domain.person import Person, Role, Side
from bot.domain.rights import manages_marketing
from bot.services.deputies import in_place_of
from bot.services.note_readers import acting_as, readable
from storage.transaction import Transaction

MOST = 500
"""Of so many notes of a theme somebody who may not read all of it reads theirs."""

IN_FORM = 1000
"""Characters of a note that stands whole in the form to answer it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """As whom somebody answers: themself and the absent managers they stand in for, and what they may read then."""

    acting_as: tuple[Person, ...]
    readable: Readable

    @property
    def person(self) -> Person:
        return self.acting_as[0]

    @property
    def is_marketing(self) -> bool:
        """Whether they answer what nobody owns, not only the notes of their campaigns."""
        if any(manages_marketing(one) for one in self.acting_as):
            return True
        return self.person.side is Side.MARKETING and self.person.has(Role.MARKETER)

    @property
    def to_answer(self) -> Readable | None:
        """Which notes they are asked to answer; None: none."""
        if self.is_marketing:
            return self.readable
        if not self.readable.campaign_ids:
            return None
        return replace(self.readable, all=False, managers_only=False)

    def part_of(self, tx: Transaction, theme: Theme) -> list[Note] | None:
        """What they read of the theme, the oldest first; None where that is all of it."""
        if self.readable.all and (self.readable.managers_only or not theme.managers_only):
            return None
        return [one for one in tx.notes.of_theme(theme.id, MOST) if self.readable.includes(one)]

    def refusal(self, note: Note) -> str | None:
        """Why they may not answer this note; None when they may."""
        return may_answer(self.acting_as, self.readable, note)

    def answers_any(self, tx: Transaction, theme: Theme, some: Iterable[Note] = ()) -> bool:
        """Whether they may answer a note of the theme, one of `some` or another: they may own the campaign of a few."""
        if any(self.refusal(one) is None for one in some):
            return True
        return any(self.refusal(one) is None for one in tx.notes.of_theme(theme.id, MOST))


def fits_form(theme: Theme, part: list[Note] | None, note: Note | None) -> bool:
    """Whether the theme is this one note for whoever reads this part of it, and short enough to stand in the form: it
    can be answered without opening the theme."""
    single = theme.notes == 1 if part is None else len(part) == 1
    return single and note is not None and len(note.text) <= IN_FORM


def title_for(theme: Theme, part: list[Note] | None) -> str:
    """What the theme is called for whoever reads this part of it."""
    if part is None:
        return theme.title
    return next((title_of(one.text) for one in part if one.text), "")


def answering(tx: Transaction, person: Person) -> Answering:
    """As whom this person answers; whoever stands in for the absent owner of a campaign answers its notes."""
    may = readable(tx, person)
    absent = [one.id for one in in_place_of(tx, person, lambda _: True)]
    if absent:
        theirs = frozenset(one.id for one in tx.campaigns.owned_by(absent))
        may = replace(may, campaign_ids=may.campaign_ids | theirs)
    return Answering(acting_as=tuple(acting_as(tx, person)), readable=may)
