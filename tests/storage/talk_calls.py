"""Every call about what is said about campaign alerts, for the test of their plans, and rows to plan over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from bot.domain.campaign_alert import Question
from storage.transaction import Transaction
from tests.storage.samples import NOON

FILL = (
    "INSERT INTO campaign_alerts (id, campaign_id, owner_id, state, version, buyer_sees, audience, segment, starts_at, "
    "tz, offer, offer_is_new, lead_looks_like, channels, assets, made_by, created_at, updated_at, sent_back, "
    "withdrawn, changed, told_at, ended_at) SELECT 'talk-' || n, 'copy-' || mod(n, 50) + 1, "
    "'copy-' || mod(n, 500) + 1, CASE WHEN mod(n, 60) = 0 THEN 'live' ELSE 'ended' END, 1, '', '', '', "
    "now() + n * interval '1 hour', 'UTC', '', false, '', '[]', '[]', 'copy-1', now(), now(), '', '', '[]', "
    "now() + n * interval '1 hour', CASE WHEN mod(n, 60) = 0 THEN NULL ELSE now() END FROM rows",
    "INSERT INTO alert_questions (id, alert_id, place, text, expected, asked_by, asked_at, answer) "
    "SELECT 'talk-' || n, 'talk-' || n, 1, '', false, 'copy-1', now(), CASE WHEN mod(n, 60) = 0 THEN NULL ELSE 'a' END "
    "FROM rows",
    "INSERT INTO got_its SELECT 'talk-' || n, 'copy-' || mod(n, 500) + 1, 1, now() FROM rows",
)


def fill(connection: sa.Connection) -> None:
    """Some thousand alerts of which few are not over, each with a question and a reader."""
    for statement in FILL:
        connection.exec_driver_sql(f"WITH rows AS (SELECT generate_series(1, 3000) AS n) {statement}")
    connection.exec_driver_sql(
        "INSERT INTO posts (id, subject, subject_id, place, role, key, shown_version, waits, data, created_at, "
        "thread_of) SELECT 'talk-' || n, 'question', 'talk-' || n, 'C1', 'notice', 'talk-' || n, 0, false, '{}', "
        "now(), 'copy-' || n FROM generate_series(1, 3000) AS n"
    )


def _question(world: Any) -> Question:
    return Question(id="q-1", alert_id="a-1", place=1, text="?", expected=False, asked_at=NOON)


CALLS: dict[str, Callable[[Any, Transaction], object]] = {
    "posts.to_come_in_thread_of": lambda w, tx: tx.posts.to_come_in_thread_of(w.post.id),
    "alert_questions.get": lambda w, tx: tx.alert_questions.get("q-1"),
    "alert_questions.lock": lambda w, tx: tx.alert_questions.lock("q-1"),
    "alert_questions.of_alert": lambda w, tx: tx.alert_questions.of_alert("a-1"),
    "alert_questions.expected": lambda w, tx: tx.alert_questions.expected("a-1"),
    "alert_questions.listed": lambda w, tx: tx.alert_questions.listed("a-1", 10, 10),
    "alert_questions.count_listed": lambda w, tx: tx.alert_questions.count_listed("a-1"),
    "alert_questions.waiting": lambda w, tx: tx.alert_questions.waiting(["a-1", "a-2"]),
    "alert_questions.next_place": lambda w, tx: tx.alert_questions.next_place("a-1"),
    "alert_questions.save": lambda w, tx: tx.alert_questions.save(_question(w)),
    "alert_questions.remove": lambda w, tx: tx.alert_questions.remove("q-1"),
    "got_its.get": lambda w, tx: tx.got_its.get("a-1", w.person.id),
    "got_its.of_person": lambda w, tx: tx.got_its.of_person(w.person.id, ["a-1", "a-2"]),
    "got_its.counts": lambda w, tx: tx.got_its.counts(["a-1", "a-2"]),
    "got_its.read_by": lambda w, tx: tx.got_its.read_by("a-1", 50, 50),
    "got_its.count_read_by": lambda w, tx: tx.got_its.count_read_by("a-1"),
    "got_its.missing": lambda w, tx: tx.got_its.missing("a-1", 50, 50),
    "got_its.count_missing": lambda w, tx: tx.got_its.count_missing("a-1"),
    "got_its.missing_after": lambda w, tx: tx.got_its.missing_after("a-1", w.person.id, 50),
    "alert_lists.to_read": lambda w, tx: tx.alert_lists.to_read(w.person.id, 5, 5),
    "alert_lists.count_running": lambda w, tx: tx.alert_lists.count_running(),
    "alert_lists.count_unread": lambda w, tx: tx.alert_lists.count_unread(w.person.id),
    "alert_lists.open_of": lambda w, tx: tx.alert_lists.open_of([w.person.id, "p-2"], 5, 5),
    "alert_lists.open_of everybody": lambda w, tx: tx.alert_lists.open_of(None, 5, 5),
    "alert_lists.count_open_of": lambda w, tx: tx.alert_lists.count_open_of([w.person.id, "p-2"]),
    "alert_lists.count_open_of everybody": lambda w, tx: tx.alert_lists.count_open_of(None),
    "alert_lists.proposed": lambda w, tx: tx.alert_lists.proposed(5, 5),
    "alert_lists.count_proposed": lambda w, tx: tx.alert_lists.count_proposed(),
    "alert_lists.all": lambda w, tx: tx.alert_lists.all(told=True, limit=20, offset=20),
    "alert_lists.all not told": lambda w, tx: tx.alert_lists.all(told=False, limit=20, offset=20),
    "alert_lists.told_of_campaign": lambda w, tx: tx.alert_lists.told_of_campaign("copy-1", 5),
    "alert_lists.leads": lambda w, tx: tx.alert_lists.leads(["a-1", "a-2"]),
}
RARE = {"alert_questions.add", "got_its.press", "alert_lists.count_all"}
"""Inserts of one row, and the length of a list that somebody opens."""
