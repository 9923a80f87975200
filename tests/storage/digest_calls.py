"""Every call about what digests say, for the test of their plans, and rows to plan over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.digest import Digest, DigestKind, DigestState, Schedule
from bot.domain.note import NoteKind, NoteState
from bot.domain.note_rights import Readable
from bot.services.field_notes_digest import IN_CHANNEL
from storage.digest_notes import Answer
from storage.transaction import Transaction
from tests.storage.note_calls import saved
from tests.storage.samples import NOON

SINCE, UNTIL = NOON - timedelta(days=7), NOON
READER = Readable(person_id="copy-1", all=True, managers_only=True, campaign_ids=frozenset({"copy-1"}))
OWN = Readable(person_id="copy-1", campaign_ids=frozenset({"copy-1"}))
ANSWER = Answer("copy-1", NoteState.ACTED, NOON, 1, "")
THEMES = ["copy-1", "copy-2"]
FILL = (
    "INSERT INTO digest_schedules (id, name, kind, place, weekdays, at, tz, is_on, silent_when_empty, closing_line, "
    "told_until, version, created_at, updated_at) VALUES ('copied', 'copied', 'field_notes', 'C1', '[0]', '09:00', "
    "'UTC', false, false, false, now(), 1, now(), now())",
    "INSERT INTO digests (id, schedule_id, period, state, due_at, from_at, until_at, made_at) SELECT 'shown-' || n, "
    "'copied', current_date + n, 'sent', now(), now(), now(), now() FROM generate_series(1, 3000) AS n",
    "INSERT INTO digest_themes SELECT 'copy-' || n, 'shown-' || n FROM generate_series(1, 3000) AS n",
)


def fill(connection: sa.Connection) -> None:
    """Some thousand digests, each of which showed a theme: after those of note_calls."""
    for statement in FILL:
        connection.exec_driver_sql(statement)


def _remember(world: Any, tx: Transaction) -> None:
    schedule = Schedule(
        id="s-1", name="Mine", kind=DigestKind.FIELD_NOTES, place="C1", weekdays=(0,), at=NOON.time(), tz="UTC",
        told_until=NOON, made_by=world.person.id, created_at=NOON, updated_at=NOON,
    )  # fmt: skip
    tx.schedules.add(schedule)
    digest = Digest(
        id="d-1", schedule_id="s-1", period=NOON.date(), state=DigestState.SENT, due_at=NOON, from_at=SINCE,
        until_at=UNTIL, made_at=NOON,
    )  # fmt: skip
    tx.digests.add(digest)
    tx.digest_themes.remember("d-1", {saved(world, tx).theme_id})


CALLS: dict[str, Callable[[Any, Transaction], object]] = {
    "digest_notes.by_kind": lambda w, tx: tx.digest_notes.by_kind(IN_CHANNEL, SINCE, UNTIL),
    "digest_notes.by_kind of a person": lambda w, tx: tx.digest_notes.by_kind(OWN, SINCE, UNTIL),
    "digest_notes.kinds": lambda w, tx: tx.digest_notes.kinds(READER, SINCE, UNTIL),
    "digest_notes.first_at": lambda w, tx: tx.digest_notes.first_at(UNTIL),
    "digest_notes.themes": lambda w, tx: tx.digest_notes.themes(READER, SINCE, UNTIL, 3, 3),
    "digest_notes.themes of a kind": lambda w, tx: tx.digest_notes.themes(
        IN_CHANNEL, SINCE, UNTIL, 3, 0, NoteKind.IDEA
    ),
    "digest_notes.of_themes": lambda w, tx: tx.digest_notes.of_themes(READER, THEMES, SINCE, UNTIL),
    "digest_notes.answers": lambda w, tx: tx.digest_notes.answers(READER, SINCE, UNTIL, 3, 3),
    "digest_notes.answered": lambda w, tx: tx.digest_notes.answered(OWN, SINCE, UNTIL),
    "digest_notes.thanked": lambda w, tx: tx.digest_notes.thanked(READER, [ANSWER], SINCE, UNTIL),
    "digest_notes.stood": lambda w, tx: tx.digest_notes.stood(READER, THEMES, UNTIL),
    "digest_notes.links": lambda w, tx: tx.digest_notes.links(READER, THEMES, UNTIL),
    "digest_notes.titles": lambda w, tx: tx.digest_notes.titles(THEMES),
    "digest_notes.said_first": lambda w, tx: tx.digest_notes.said_first(OWN, THEMES, UNTIL),
    "digest_notes.answered_later": lambda w, tx: tx.digest_notes.answered_later(READER, UNTIL),
    "digest_themes.remember": _remember,
    "digest_themes.showing": lambda w, tx: tx.digest_themes.showing("copy-1"),
    "digest_themes.shown": lambda w, tx: tx.digest_themes.shown("shown-1"),
    "digest_themes.follow": lambda w, tx: tx.digest_themes.follow("copy-1", "copy-2"),
    "digest_campaigns.starting": lambda w, tx: tx.digest_campaigns.starting(SINCE, UNTIL, 3, 3),
    "digest_campaigns.count_starting": lambda w, tx: tx.digest_campaigns.count_starting(SINCE, UNTIL),
    "digest_campaigns.running": lambda w, tx: tx.digest_campaigns.running(SINCE, UNTIL, 3, 3),
    "digest_campaigns.count_running": lambda w, tx: tx.digest_campaigns.count_running(SINCE, UNTIL),
    "digest_campaigns.ended": lambda w, tx: tx.digest_campaigns.ended(SINCE, UNTIL, 3, 3),
    "digest_campaigns.count_ended": lambda w, tx: tx.digest_campaigns.count_ended(SINCE, UNTIL),
    "digest_campaigns.told_before": lambda w, tx: tx.digest_campaigns.told_before(SINCE, UNTIL, 500),
    "digest_campaigns.names": lambda w, tx: tx.digest_campaigns.names(["talk-1", "talk-2"]),
    "digest_campaigns.questions": lambda w, tx: tx.digest_campaigns.questions(UNTIL, 3, 3),
    "digest_campaigns.count_questions": lambda w, tx: tx.digest_campaigns.count_questions(UNTIL),
}
