"""Who reads, writes, answers and changes field notes (P6): deny by default, per side, and managers-only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.note import Note, NoteKind
from bot.domain.note_rights import Readable, may_answer, may_change, may_read, may_write, readable_by
from bot.domain.person import Person, Role, Side, SlackFlags

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NOTE = Note(id="n", theme_id="n", author_id="author", kind=NoteKind.IDEA, text="x", created_at=NOW)
ON_CAMPAIGN = replace(NOTE, campaign_id="c")
DEFAULT = ("sales", "marketing", "leadership")


def person(side: Side, *roles: Role, **values: object) -> Person:
    return Person(id=f"{side}{sorted(roles)}", name="P", side=side, roles=frozenset(roles), **values)  # type: ignore[arg-type]


def reads(note: Note, who: Person, read_by: tuple[str, ...] = DEFAULT, owned: tuple[str, ...] = ()) -> bool:
    return may_read(readable_by([who], read_by, owned), note) is None


@pytest.mark.parametrize(
    ("side", "role", "read_by", "plain", "managers_only"),
    [
        (side, role, read_by, side.value in read_by or (side, role) == MARKETING_MANAGER,
         role is Role.MANAGER and (side.value in read_by or (side, role) == MARKETING_MANAGER))
        for MARKETING_MANAGER in [(Side.MARKETING, Role.MANAGER)]
        for side, role, read_by in product(Side, Role, [(), ("sales",), ("marketing",), DEFAULT, ("other",)])
    ],
)  # fmt: skip
def test_who_reads_what_by_side_and_role(
    side: Side, role: Role, read_by: tuple[str, ...], plain: bool, managers_only: bool
) -> None:
    who = person(side, role)
    assert reads(NOTE, who, read_by) is plain
    assert reads(replace(NOTE, managers_only=True), who, read_by) is managers_only


@pytest.mark.parametrize("side", Side)
def test_everybody_reads_and_changes_their_own_and_nobody_else_changes_it(side: Side) -> None:
    who = person(side, Role.REP)
    own = replace(NOTE, author_id=who.id, managers_only=True)
    assert reads(own, who, ())
    assert may_change(who, own) is None
    assert may_change(person(Side.MARKETING, Role.MANAGER), own) is not None


def test_the_owner_of_a_campaign_reads_and_answers_what_is_about_it_for_managers_only_too() -> None:
    owner = person(Side.OTHER)
    hidden = replace(ON_CAMPAIGN, managers_only=True)
    assert reads(hidden, owner, (), ("c",))
    assert not reads(hidden, owner, (), ("other",))
    assert may_answer([owner], readable_by([owner], (), ("c",)), hidden) is None
    assert may_answer([owner], readable_by([owner], (), ()), hidden) is not None


@pytest.mark.parametrize(
    ("who", "answers", "answers_hidden"),
    [
        (person(Side.MARKETING, Role.MARKETER), True, False),
        (person(Side.MARKETING, Role.MANAGER), True, True),
        (person(Side.MARKETING), False, False),
        (person(Side.SALES, Role.REP), False, False),
        (person(Side.SALES, Role.MANAGER), False, False),
        (person(Side.SALES, Role.MARKETER), False, False),
        (person(Side.LEADERSHIP, Role.MANAGER), False, False),
        (person(Side.OTHER, Role.ADMIN), False, False),
        (person(Side.MARKETING, Role.MANAGER, on_roster=False), False, False),
    ],
)
def test_who_answers(who: Person, answers: bool, answers_hidden: bool) -> None:
    readable = readable_by([who], DEFAULT)
    assert (may_answer([who], readable, NOTE) is None) is answers
    assert (may_answer([who], readable, replace(NOTE, managers_only=True)) is None) is answers_hidden


def test_a_marketer_who_may_not_read_all_notes_answers_none_of_them() -> None:
    who = person(Side.MARKETING, Role.MARKETER)
    assert may_answer([who], readable_by([who], ("sales",)), NOTE) is not None


def test_whoever_stands_in_for_a_manager_reads_and_answers_as_they_do() -> None:
    who, absent = person(Side.SALES, Role.REP), person(Side.MARKETING, Role.MANAGER)
    readable = readable_by([who, absent], ())
    hidden = replace(NOTE, managers_only=True)
    assert may_read(readable, hidden) is None
    assert may_answer([who, absent], readable, hidden) is None


def test_what_was_taken_back_is_read_by_nobody_but_its_author() -> None:
    gone = replace(ON_CAMPAIGN, removed_at=NOW)
    assert not reads(gone, person(Side.MARKETING, Role.MANAGER), DEFAULT, ("c",))


@pytest.mark.parametrize(
    ("flags", "on_roster", "writes"),
    [
        (SlackFlags(), True, True),
        (SlackFlags(), False, False),
        (SlackFlags(is_guest=True), True, False),
        (SlackFlags(is_bot=True), True, False),
        (SlackFlags(is_deleted=True), True, False),
        (SlackFlags(is_stranger=True), True, False),
    ],
)
def test_who_writes(flags: SlackFlags, on_roster: bool, writes: bool) -> None:
    assert (may_write(person(Side.OTHER, flags=flags, on_roster=on_roster)) is None) is writes


def test_who_left_the_roster_reads_nothing_new() -> None:
    gone = person(Side.MARKETING, Role.MANAGER, on_roster=False)
    assert readable_by([gone], DEFAULT, ("c",)) == Readable(person_id=gone.id)
