"""Forgetting a person: their data is overwritten in every table, and what named them is known only by its digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given
from storage.tables.configuration import installation
from storage.tables.crm import announcements, lead_facts
from storage.tables.handoffs import events, handoffs
from storage.tables.imports import import_rows
from storage.tables.leads import erasures, lead_keys, leads
from storage.tables.outcomes import outcomes
from storage.tables.posts import posts

PEPPER = "erasure_key"
GONE = "erased:"
"""Begins what an external id is replaced by."""

KEPT_IN_EVENTS = frozenset(
    {
        "reason", "counts_against_marketing", "until", "opened", "to", "into", "stage", "amount", "currency",
        "activity", "outcome", "answer", "ruling", "about", "before", "result", "seconds", "rep", "what", "campaign",
        "compensates",
    }
)  # fmt: skip
"""What may stay in an event of somebody who was erased: numbers need it, and it tells nobody who it was."""

_ONE = given("the_one")
_PEPPER = sa.select(installation.c.value).where(installation.c.name == PEPPER)
_ADD_PEPPER = on_both(installation, lambda insert: insert.on_conflict_do_nothing(index_elements=["name"]))
_FIND = sa.select(erasures.c.erased_at).where(erasures.c.digest == _ONE)
_ADD = on_both(erasures, lambda insert: insert.on_conflict_do_nothing(index_elements=["digest"]))

_MERGED = sa.select(leads.c.id).where(leads.c.merged_into == _ONE)
_KEYS = sa.select(lead_keys.c.source, lead_keys.c.external_id).where(lead_keys.c.lead_id == _ONE)
_HIDE_KEY = (
    lead_keys.update()
    .where(lead_keys.c.source == given("the_source"), lead_keys.c.external_id == given("the_external_id"))
    .values(external_id=sa.bindparam("new_external_id"))
)
_PERSONAL = (
    "email", "email_normalised", "name", "company", "who_key", "title", "phone", "phone_e164", "origin", "summary",
    "url",
)  # fmt: skip
_BLANK = (
    leads.update()
    .where(leads.c.id == _ONE)
    .values(
        dict.fromkeys(_PERSONAL)
        | {
            "fields": sa.bindparam("new_fields", type_=leads.c.fields.type),
            "external_id": sa.bindparam("new_external_id"),
            "erased_at": sa.bindparam("new_erased_at", type_=leads.c.erased_at.type),
            "version": leads.c.version + 1,
        }
    )
)
_EVENTS = sa.select(events.c.id, events.c.data).where(events.c.lead_id == _ONE)
_SAVE_EVENT = events.update().where(events.c.id == _ONE).values(data=sa.bindparam("new_data", type_=events.c.data.type))
_HANDOFFS = sa.select(handoffs.c.id, handoffs.c.rejection).where(handoffs.c.lead_id == _ONE)
_SAVE_HANDOFF = (
    handoffs.update()
    .where(handoffs.c.id == _ONE)
    # Why it was offered may hold a manager's words about the person.
    .values(note=None, routed_because="", rejection=sa.bindparam("new_rejection", type_=handoffs.c.rejection.type))
)
_POSTS = posts.update().where(posts.c.lead_id == _ONE).values(data=sa.bindparam("new_data", type_=posts.c.data.type))
_FACTS = lead_facts.update().where(lead_facts.c.lead_id == _ONE).values(lost_reason=None)
# Whether, when and why it went on is counted; what people wrote about the person is not.
_OUTCOMES = outcomes.update().where(outcomes.c.lead_id == _ONE).values(answer=None, note=None)
_TOLD = sa.select(announcements.c.id, announcements.c.body).where(announcements.c.lead_id == _ONE)
_SAVE_TOLD = announcements.update().where(announcements.c.id == _ONE).values(body=sa.bindparam("new_body"))
_ROWS = import_rows.update().where(import_rows.c.lead_id == _ONE).values(lead_id=None)


class Erasures(Repository):
    __slots__ = ()

    def digest(self, *parts: str) -> str:
        """What stands for a key or an address that must not be kept: keyed, so that nobody guesses it elsewhere."""
        key = self._value(_PEPPER)
        if key is None:
            self._change(_ADD_PEPPER[self._dialect], {"name": PEPPER, "value": secrets.token_hex(32)})
            key = self._value(_PEPPER)
        return hmac.new(bytes.fromhex(key), "\x00".join(parts).encode(), hashlib.sha256).hexdigest()

    def erased_at(self, *parts: str) -> datetime | None:
        """When what these parts name was erased; None when it was not."""
        if self._value(_PEPPER) is None:
            return None  # nobody ever was
        found: datetime | None = self._value(_FIND, the_one=self.digest(*parts))
        return found

    def remember(self, *parts: str) -> None:
        """What these parts name is erased."""
        row = {"digest": self.digest(*parts), "erased_at": self._tx.now}
        self._change(_ADD[self._dialect], row)

    def merged_into(self, lead_id: str) -> list[str]:
        """The leads that were found to be the same person."""
        return [row.id for row in self._all(_MERGED, the_one=lead_id)]

    def keys_of(self, lead_id: str) -> list[tuple[str, str]]:
        """The (source, external_id) by which the lead is known."""
        return [(row.source, row.external_id) for row in self._all(_KEYS, the_one=lead_id)]

    def blank(self, lead_id: str, keys: Iterable[tuple[str, str]]) -> None:
        """Nothing in the database tells any more who the lead was. The caller holds its lock, and nothing of it is
        open or owned. What teams count stays: stages, instants, reasons, priority, campaign."""
        for source, external_id in keys:
            hidden = GONE + self.digest("key", source, external_id)[:32]
            self._change(_HIDE_KEY, {"the_source": source, "the_external_id": external_id, "new_external_id": hidden})
        self._change(
            _BLANK,
            {
                "the_one": lead_id,
                "new_fields": {},
                "new_external_id": GONE + lead_id,
                "new_erased_at": self._tx.now,
            },
        )
        self._change_each(_SAVE_EVENT, [_event(row.id, row.data) for row in self._all(_EVENTS, the_one=lead_id)])
        self._change_each(
            _SAVE_HANDOFF, [_handoff(row.id, row.rejection) for row in self._all(_HANDOFFS, the_one=lead_id)]
        )
        self._change(_POSTS, {"the_one": lead_id, "new_data": {}})
        self._change(_FACTS, {"the_one": lead_id})
        self._change(_OUTCOMES, {"the_one": lead_id})
        self._tx.scrub = True
        self._change(_ROWS, {"the_one": lead_id})

    def told(self, lead_id: str) -> list[tuple[str, str]]:
        """(id, body) of what targets were told, or are still to be told, of the lead."""
        return [(row.id, row.body) for row in self._all(_TOLD, the_one=lead_id)]

    def save_told(self, announcement_id: str, body: str) -> None:
        self._change(_SAVE_TOLD, {"the_one": announcement_id, "new_body": body})


def _event(event_id: str, data: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in data.items() if key in KEPT_IN_EVENTS}
    return {"the_one": event_id, "new_data": kept}


def _handoff(handoff_id: str, rejection: dict[str, Any] | None) -> dict[str, Any]:
    said = None if rejection is None else {**rejection, "comment": None, "text": None}
    return {"the_one": handoff_id, "new_rejection": said}
