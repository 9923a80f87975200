"""Leads, and the keys by which the systems that send them know them."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.domain.lead import Lead, Stage
from bot.errors import Stale
from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import Row, changes, given, update_of, values_of
from storage.tables.clock import IS_UNROUTED, timers
from storage.tables.columns import is_word
from storage.tables.configuration import sources
from storage.tables.handoffs import IS_OFFERED, handoffs
from storage.tables.leads import IS_PARKED_LEAD, IS_REAL_LEAD, IS_WORKED, NOT_MERGED, lead_keys, leads

_KEPT_HERE = ("who_key", "owner_id")
"""Columns beside the dataclass."""

LEAD_COLUMNS = tuple(column for column in leads.c if column.name not in _KEPT_HERE)
_NAMES = tuple(column.name for column in LEAD_COLUMNS)

_ONE = given("the_one")
_SOURCE = given("the_source")
_EXTERNAL_ID = given("the_external_id")
_AT_MOST = sa.bindparam("at_most", type_=sa.Integer)

_GET = sa.select(*LEAD_COLUMNS).where(leads.c.id == _ONE)
_LOCK = _GET.with_for_update(key_share=True)
_TRY_LOCK = _GET.with_for_update(key_share=True, skip_locked=True)
_BY_KEY = (
    sa.select(*LEAD_COLUMNS)
    .join(lead_keys, lead_keys.c.lead_id == leads.c.id)
    .where(lead_keys.c.source == _SOURCE, lead_keys.c.external_id == _EXTERNAL_ID)
)
_ADD = leads.insert()
_SAVE = update_of(leads, without=("owner_id",)).where(
    leads.c.id == _ONE, leads.c.version == sa.bindparam("the_version")
)
_ADD_KEY = on_both(lead_keys, lambda insert: insert.on_conflict_do_nothing(index_elements=["source", "external_id"]))
_MOVE_KEYS = lead_keys.update().where(lead_keys.c.lead_id == _ONE).values(lead_id=sa.bindparam("new_lead_id"))
_CLOSE = (
    leads.update()
    .where(leads.c.id == _ONE)
    .values(stage=sa.literal_column(f"'{Stage.CLOSED}'"), recycle_at=None, version=leads.c.version + 1)
)
_BY_EMAIL = (
    sa.select(*LEAD_COLUMNS)
    .where(leads.c.email_normalised == _ONE, NOT_MERGED, IS_REAL_LEAD)
    .order_by(leads.c.id.desc())
    .limit(_AT_MOST)
)
_BY_WHO = (
    sa.select(*LEAD_COLUMNS)
    .where(leads.c.who_key == _ONE, NOT_MERGED, IS_REAL_LEAD)
    .order_by(leads.c.id.desc())
    .limit(_AT_MOST)
)
_WORKED = sa.select(leads.c.id).where(leads.c.id.in_(sa.bindparam("the_ids", expanding=True)), IS_WORKED)
_COUNT_WORKED = (
    sa.select(sa.func.count()).select_from(leads).where(leads.c.owner_id.is_not(None), IS_WORKED, IS_REAL_LEAD)
)
# Their timers are the list: a handful of rows, however many leads there are. One whose lead was offered meanwhile
# fires within the hour and is gone.
IS_WITHOUT = sa.and_(
    IS_UNROUTED,
    is_word(leads.c.stage, Stage.MQL),
    leads.c.owner_id.is_(None),
    IS_REAL_LEAD,
    ~sa.exists().where(handoffs.c.lead_id == leads.c.id, IS_OFFERED),
)
_UNROUTED = (
    sa.select(*LEAD_COLUMNS)
    .join(timers, timers.c.subject_id == leads.c.id)
    .where(IS_WITHOUT)
    .order_by(leads.c.id)
    .limit(_AT_MOST)
    .offset(sa.bindparam("skipped", type_=sa.Integer))
)
_COUNT_UNROUTED = (
    sa.select(sa.func.count()).select_from(timers.join(leads, timers.c.subject_id == leads.c.id)).where(IS_WITHOUT)
)
_PARKED = (
    sa.select(*LEAD_COLUMNS)
    .where(IS_PARKED_LEAD)
    .order_by(leads.c.updated_at, leads.c.id)
    .limit(_AT_MOST)
    .offset(sa.bindparam("skipped", type_=sa.Integer))
)
_COUNT_PARKED = sa.select(sa.func.count()).select_from(leads).where(IS_PARKED_LEAD)
# Reads no further than the first: practice leads before it are as many as reps tried.
_ANY = sa.select(leads.c.id).where(IS_REAL_LEAD).limit(1)
_LOCK_NAME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")

_LOOK_AT = 50
"""How many of each kind `similar` chooses from."""


# Beside each source, so that a source that is silent for long costs no more than one that just sent.
_LAST_BY_SOURCE = sa.select(
    sources.c.key,
    sa.select(leads.c.created_at)
    .where(leads.c.source == sources.c.key, IS_REAL_LEAD)
    .order_by(leads.c.created_at.desc())
    .limit(1)
    .scalar_subquery()
    .label("last"),
)


class Leads(Repository):
    __slots__ = ()

    def get(self, lead_id: str) -> Lead | None:
        row = self._first(_GET, the_one=lead_id)
        return None if row is None else lead_of(row)

    def has_any(self) -> bool:
        """Whether a lead ever arrived."""
        return self._first(_ANY) is not None

    def last_by_source(self) -> dict[str, datetime]:
        """When the newest lead of each source came; those of which none ever came are not in it."""
        return {row.key: row.last for row in self._all(_LAST_BY_SOURCE) if row.last is not None}

    def parked(self, limit: int, offset: int) -> list[Lead]:
        """At the end of the ladder, with nobody: those unchanged for longest first."""
        return [lead_of(row) for row in self._all(_PARKED, at_most=limit, skipped=offset)]

    def count_parked(self) -> int:
        return int(self._value(_COUNT_PARKED))

    def try_lock(self, lead_id: str) -> Lead | None:
        """As lock, but None when somebody else has it locked."""
        row = self._first(_TRY_LOCK, the_one=lead_id)
        return None if row is None else lead_of(row)

    def lock(self, lead_id: str) -> Lead | None:
        """The lead; nobody else locks or changes it before this transaction ends."""
        row = self._first(_LOCK, the_one=lead_id)
        return None if row is None else lead_of(row)

    def by_key(self, source: str, external_id: str) -> Lead | None:
        """The lead this system calls so; after a merge the one that survived."""
        row = self._first(_BY_KEY, the_source=source, the_external_id=external_id)
        return None if row is None else lead_of(row)

    def add(self, lead: Lead) -> None:
        """A new lead, known by its key."""
        self._change(_ADD, _values(lead))
        self.add_key(lead.id, lead.source, lead.external_id)
        crash_points.reached(CrashPoint.INGEST_LEAD_INSERTED)

    def add_key(self, lead_id: str, source: str, external_id: str) -> None:
        """`source` knows the lead as `external_id` too. A key that names a lead already stays as it is."""
        key = {"source": source, "external_id": external_id, "lead_id": lead_id}
        self._change(_ADD_KEY[self._dialect], key)

    def save(self, lead: Lead) -> None:
        """Every column is as `lead` says; its version is one more than the stored one. Raises Stale otherwise."""
        parameters = {"the_one": lead.id, "the_version": lead.version - 1, **changes(_values(lead))}
        if self._change(_SAVE, parameters) != 1:
            raise Stale("Somebody changed this lead at the same moment. Please try again.")

    def close(self, lead_id: str) -> None:
        """The lead is closed, whatever it was: for one that is erased."""
        self._change(_CLOSE, {"the_one": lead_id})

    def move_keys(self, from_lead_id: str, to_lead_id: str) -> None:
        """What named the one lead names the other."""
        self._change(_MOVE_KEYS, {"the_one": from_lead_id, "new_lead_id": to_lead_id})

    def by_email(self, email_normalised: str, limit: int = 20) -> list[Lead]:
        """Leads of this address, the newest first, without merged ones."""
        return [lead_of(row) for row in self._all(_BY_EMAIL, the_one=email_normalised, at_most=limit)]

    def similar(self, lead: Lead, limit: int = 10) -> list[Lead]:
        """Other leads that may be the same person: those with an open or owned handoff first, of each those with
        the same address before those with the same company and name, then the newest. Merged ones never."""
        if lead.practice:
            return []
        found: dict[str, Lead] = {}
        for statement, key in ((_BY_EMAIL, lead.email_normalised), (_BY_WHO, who_key(lead))):
            if key is not None:
                for row in self._all(statement, the_one=key, at_most=_LOOK_AT):
                    found.setdefault(row.id, lead_of(row))
        found.pop(lead.id, None)
        if not found:
            return []
        worked = {row.id for row in self._all(_WORKED, the_ids=list(found))}
        return sorted(found.values(), key=lambda other: other.id not in worked)[:limit]

    def count_worked(self) -> int:
        """How many leads somebody has accepted and still works on: SAL."""
        return int(self._value(_COUNT_WORKED))

    def unrouted(self, limit: int, offset: int) -> list[Lead]:
        """Leads that wait because nobody could be offered them: the oldest first."""
        return [lead_of(row) for row in self._all(_UNROUTED, at_most=limit, skipped=offset)]

    def count_unrouted(self) -> int:
        return int(self._value(_COUNT_UNROUTED))

    def lock_email(self, email_normalised: str) -> None:
        """Whoever asks for the same address waits until this transaction ends."""
        self._lock_name(f"email:{email_normalised}")

    def lock_key(self, source: str, external_id: str) -> None:
        """Whoever asks for the same key waits until this transaction ends."""
        self._lock_name(f"key:{source}:{external_id}")

    def _lock_name(self, name: str) -> None:
        # SQLite has one writer at a time: a transaction that writes holds every lock there is.
        if self._dialect == "postgresql":
            self._connection.execute(_LOCK_NAME, {"name": name})


def lead_of(row: Row | tuple[Any, ...]) -> Lead:
    """The lead of a row of `LEAD_COLUMNS`."""
    values = dict(zip(_NAMES, row, strict=True))
    score = values["score"]
    if score is not None and score.is_integer():
        values["score"] = int(score)
    return Lead(**values)


def who_key(lead: Lead) -> str | None:
    """Company and name in the form in which they are compared; None without both."""
    parts = [
        " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        for text in (lead.company or "", lead.name or "")
    ]
    return "\n".join(parts) if all(parts) else None


def _values(lead: Lead) -> dict[str, Any]:
    return values_of(lead) | {"who_key": who_key(lead)}
