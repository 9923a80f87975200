"""Every call of the full text, for the test of their plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from bot.domain.campaign_alert import AlertState, Asset, CampaignAlert, Question
from bot.domain.search import Circle, Entry, Found, Sight, query
from storage.search import _AMONG_ALL
from storage.transaction import Transaction
from tests.storage.samples import NOON

SIGHT = Sight(person_id="p-1", circles=frozenset({Circle.NOTES, Circle.TOLD}), campaign_ids=frozenset({"c-1"}))


def entry(text: str) -> Entry:
    return Entry(kind=Found.NOTE, subject_id="s-1", text=text, at=NOON, circle=Circle.NOTES)


def alert(world: Any) -> CampaignAlert:
    return CampaignAlert(
        id="a-1", campaign_id="copy-1", owner_id=world.person.id, state=AlertState.LIVE, version=1, buyer_sees="A mail",
        audience="", segment="", starts_at=NOON, ends_at=None, tz="UTC", offer="", offer_is_new=False,
        lead_looks_like="", expected_volume=None, cost=None, currency=None, channels=(),
        assets=(Asset(label="Sheet", url="https://example.com"),), made_by=world.person.id, created_at=NOON,
        updated_at=NOON, told_at=NOON,
    )  # fmt: skip


QUESTION = Question(id="q-1", alert_id="a-1", place=1, text="Why?", expected=True, asked_at=NOON)

CALLS: dict[str, Callable[[Any, Transaction], object]] = {
    "search.keep": lambda w, tx: [tx.search.keep(entry(text)) for text in ("a price", "another", "")],
    "search.keep_alert": lambda w, tx: tx.search.keep_alert(alert(w)),
    "search.keep_question": lambda w, tx: tx.search.keep_question(QUESTION),
    "search.remove": lambda w, tx: tx.search.remove(Found.NOTE, "s-1"),
    "search.find": lambda w, tx: tx.search.find(query("price budget"), SIGHT, 10),
    "search.find older": lambda w, tx: tx.search.find(query("p"), SIGHT, 10, before=5),
}
RARE = {"search.flush"}
GIVEN = {"the_words": "'price':* & '/of/n'", "the_end": 2**60, "the_most": 10}


def older(connection: sa.Connection) -> str:
    """The statement that asks for all there ever was; its parameters are GIVEN."""
    return str(_AMONG_ALL.compile(dialect=connection.dialect))


def fill(connection: sa.Connection) -> None:
    """Some thousand things that can be found, a few of them by "price"."""
    connection.exec_driver_sql(
        "WITH rows AS (SELECT generate_series(1, 3000) AS n) "
        "INSERT INTO search_entries (kind, subject_id, text, seen_by, words, at, alert_id) "
        "SELECT 'note', 'copy-' || n, 'price ' || n, '/of/n', "
        "array_to_tsvector(ARRAY['/of/n', 'w' || n, CASE WHEN mod(n, 100) = 0 THEN 'price' ELSE 'x' END]), "
        "now(), 'copy-' || mod(n, 500) FROM rows"
    )
