"""Who may read, write and answer field notes (P6). Pure; deny by default."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.note import Note
from bot.domain.person import Person, Role, Side
from bot.domain.rights import manages_marketing


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """Which field notes a person may read, for every list, digest and search: their own (`person_id`), those of the
    campaigns they own, and `all` others that are not for managers only; those too with `managers_only`."""

    person_id: str
    all: bool = False
    managers_only: bool = False
    campaign_ids: frozenset[str] = frozenset()

    def includes(self, note: Note) -> bool:
        """Whether this note is among them. One that was taken back is nobody's but its author's."""
        if note.author_id == self.person_id:
            return True
        if note.removed_at is not None:
            return False
        if note.campaign_id is not None and note.campaign_id in self.campaign_ids:
            return True
        return self.managers_only if note.managers_only else self.all


def readable_by(
    acting_as: Sequence[Person], read_by: Collection[str], owned_campaigns: Collection[str] = ()
) -> Readable:
    """What the first of `acting_as` may read. The others: absent managers whose deputy they are just now. `read_by`:
    the sides whose people read field notes; `owned_campaigns`: ids of the campaigns that are theirs.

    Marketing's managers read all: they answer what is nobody's campaign. Who is on no roster reads nothing new.
    """
    person = acting_as[0]
    if not person.on_roster:
        return Readable(person_id=person.id)
    managers = [one for one in acting_as if one.has(Role.MANAGER)]
    manages = any(manages_marketing(one) or one.side.value in read_by for one in managers)
    return Readable(
        person_id=person.id,
        all=manages or person.side.value in read_by,
        managers_only=manages,
        campaign_ids=frozenset(owned_campaigns),
    )


def may_write(person: Person) -> str | None:
    """Save a field note: everybody on the roster."""
    if person.on_roster and not person.flags.may_never_act:
        return None
    return "Only people on Lockstep's roster can save field notes."


def may_read(readable: Readable, note: Note) -> str | None:
    if readable.includes(note):
        return None
    return "This field note is not for you to read."


def may_answer(acting_as: Sequence[Person], readable: Readable, note: Note) -> str | None:
    """Mark a note as seen, acted or declined: the owner of its campaign, marketing's managers and whoever stands in
    for one, and marketers who may read it."""
    person = acting_as[0]
    if person.on_roster and (
        (note.campaign_id is not None and note.campaign_id in readable.campaign_ids)
        or any(manages_marketing(one) for one in acting_as)
        or (person.side is Side.MARKETING and person.has(Role.MARKETER) and readable.includes(note))
    ):
        return None
    return "Only marketing answers field notes."


def may_change(person: Person, note: Note) -> str | None:
    """Change a note, say that it is the same as others, or take it back: its author."""
    if note.author_id == person.id:
        return None
    return "Only whoever saved this field note can change it."
