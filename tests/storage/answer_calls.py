"""Every call of the repository of what waits for an answer among field notes, for the test of their plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.budget import Kind
from bot.domain.note_rights import Readable
from storage.note_lists import Order
from storage.transaction import Transaction
from tests.storage.samples import NOON

SINCE = NOON - timedelta(days=7)
ALL = Readable(person_id="p-1", all=True, managers_only=True, campaign_ids=frozenset({"c-1", "c-2"}))
OWN = Readable(person_id="p-1", campaign_ids=frozenset({"c-1", "c-2"}))

CALLS: dict[str, Callable[[Any, Transaction], object]] = {
    "note_lists.waiting": lambda w, tx: tx.note_lists.waiting(ALL, Order.AGE, 5, 5),
    "note_lists.waiting by people": lambda w, tx: tx.note_lists.waiting(ALL, Order.PEOPLE, 5),
    "note_lists.waiting of campaigns": lambda w, tx: tx.note_lists.waiting(OWN, Order.AGE, 5),
    "note_lists.waiting requests": lambda w, tx: tx.note_lists.waiting(ALL, Order.PEOPLE, 10, requests=True),
    "note_lists.count_waiting": lambda w, tx: tx.note_lists.count_waiting(ALL),
    "note_lists.count_waiting of campaigns": lambda w, tx: tx.note_lists.count_waiting(OWN),
    "note_lists.count_waiting requests": lambda w, tx: tx.note_lists.count_waiting(ALL, requests=True),
    "note_lists.count_waiting_notes": lambda w, tx: tx.note_lists.count_waiting_notes(ALL),
    "note_lists.count_waiting_notes of campaigns": lambda w, tx: tx.note_lists.count_waiting_notes(OWN),
    "note_lists.waits_in": lambda w, tx: tx.note_lists.waits_in(["nt-1", "nt-2"]),
    "note_lists.of_author": lambda w, tx: tx.note_lists.of_author("nt-1", w.person.id, 5),
    "note_lists.answered_last": lambda w, tx: tx.note_lists.answered_last("nt-1"),
    "note_lists.asked_of": lambda w, tx: tx.note_lists.asked_of(w.person.id),
    "note_lists.open_of_campaign": lambda w, tx: tx.note_lists.open_of_campaign("c-1"),
    "note_lists.numbers": lambda w, tx: tx.note_lists.numbers(SINCE),
    "briefs.follow": lambda w, tx: tx.briefs.follow([w.person.id, "p-2"], Kind.NOTE, "nt-1", "nt-2"),
    "briefs.forget_one": lambda w, tx: tx.briefs.forget_one([w.person.id, "p-2"], Kind.NOTE, "nt-1"),
}


def fill(connection: sa.Connection) -> None:
    """Some thousand themes with a note each, of which every tenth waits; and their windows."""
    rows = "WITH rows AS (SELECT generate_series(1, 3000) AS n)"
    of_person = "'copy-' || mod(n, 500) + 1"
    age = "now() - n * interval '1 hour'"
    connection.exec_driver_sql(
        f"{rows} INSERT INTO themes (id, kind, title, managers_only, notes, people, open, first_at, last_at, "
        "waits_since) SELECT 'nt-' || n, 'objection', 'Too pricey', false, 1, 1, "
        f"CASE WHEN mod(n, 10) = 0 THEN 1 ELSE 0 END, {age}, {age}, "
        f"CASE WHEN mod(n, 10) = 0 THEN {age} END FROM rows"
    )
    connection.exec_driver_sql(
        f"{rows} INSERT INTO notes (id, theme_id, author_id, kind, text, managers_only, state, state_at, answer, "
        f"version, created_at, campaign_id) SELECT 'nn-' || n, 'nt-' || n, {of_person}, 'objection', 'Too pricey', "
        f"false, CASE WHEN mod(n, 10) = 0 THEN 'new' ELSE 'acted' END, CASE WHEN mod(n, 10) > 0 THEN {age} END, "
        f"'', 1, {age}, 'copy-' || mod(n, 50) + 1 FROM rows"
    )
    connection.exec_driver_sql(
        f"{rows} INSERT INTO countdowns SELECT 'nc-' || n, 'answer_note', 'nn-' || n, "
        "'00000000-0000-7000-8000-000000000000', NULL, NULL, NULL, 60, 0, now(), now(), NULL, NULL, now(), now(), "
        "CASE WHEN mod(n, 30) = 0 THEN 'missed' ELSE 'met' END FROM rows"
    )
