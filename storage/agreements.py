"""The agreement of the two teams, in all its versions: what one says never changes, where its signing stands does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.agreement import Terms
from bot.domain.agreement_document import Agreement, Document
from bot.domain.ladder import Mode
from bot.domain.signing import Signing, State, mode_of
from bot.errors import StorageError
from storage.agreement_documents import (
    document_from_text,
    document_to_json,
    replies_of,
    replies_to_json,
    signatures_of,
    signatures_to_json,
)
from storage.repository import Repository
from storage.rows import Row, given
from storage.tables.agreements import AWAITED, agreements
from storage.tables.columns import as_text
from storage.terms import terms_from_text, terms_to_json

_SIGNING = (
    "in_force_from", "state", "proposed_by", "proposed_at", "from_at", "signatures", "replies", "ended_at", "wish",
    "wished", "review_at",
)  # fmt: skip
_STANDING = tuple(agreements.c[name] for name in _SIGNING)
_COLUMNS = (
    agreements.c.id,
    agreements.c.version,
    *_STANDING,
    as_text(agreements.c.terms),
    as_text(agreements.c.document),
)
_ONE = given("the_one")
_IS_ONE = agreements.c.id == _ONE
_GET = sa.select(*_COLUMNS).where(_IS_ONE)
_LOCK = _GET.with_for_update()
_HAS_COME = agreements.c.in_force_from <= sa.bindparam("the_now")
_LAST_FIRST = (agreements.c.in_force_from.desc(), agreements.c.version.desc())
_IN_FORCE = sa.select(*_COLUMNS).where(_HAS_COME).order_by(*_LAST_FIRST).limit(1)
_PRESENT = sa.select(*_STANDING).where(_HAS_COME).order_by(*_LAST_FIRST).limit(1)
_SIGNING_OF = sa.select(*_STANDING).where(_IS_ONE)
_TERMS = sa.select(as_text(agreements.c.terms)).where(_IS_ONE)
_PENDING = sa.select(*_COLUMNS).where(AWAITED).order_by(agreements.c.version)
_ALL = sa.select(*_COLUMNS).order_by(agreements.c.version)
_BY_VERSION = sa.select(*_COLUMNS).where(agreements.c.version == sa.bindparam("the_version"))
_NEWEST = sa.select(sa.func.max(agreements.c.version))
_ADD = agreements.insert()
# Terms and document are no part of it: there is no statement that changes them.
_SAVE = (
    agreements.update()
    .where(_IS_ONE)
    .values({name: sa.bindparam(f"new_{name}", type_=agreements.c[name].type) for name in _SIGNING})
)


class Agreements(Repository):
    __slots__ = ()

    def in_force(self, at: datetime | None = None) -> Agreement:
        """The one that came into force last, until now or until `at`, an earlier instant. There is always one: version
        0 came with the schema. One that was ended stays it, as a trial, until another takes its place."""
        row = self._first(_IN_FORCE, the_now=at or self._tx.now)
        if row is None:
            raise StorageError("There is no agreement in force: the clock stands before version 0.")
        return _agreement(row)

    def get(self, agreement_id: str) -> Agreement | None:
        return _one(self._first(_GET, the_one=agreement_id))

    def lock(self, agreement_id: str) -> Agreement | None:
        """The version; nobody else locks or changes it before this transaction ends."""
        return _one(self._first(_LOCK, the_one=agreement_id))

    def by_version(self, version: int) -> Agreement | None:
        return _one(self._first(_BY_VERSION, the_version=version))

    def terms_of(self, agreement_id: str) -> Terms:
        """The terms of the agreement whose id a handoff has; read once a connection, because they never change."""
        known: dict[str, Terms] = self._connection.info.setdefault("terms", {})
        terms = known.get(agreement_id)
        if terms is None:
            terms = known[agreement_id] = terms_from_text(self._value(_TERMS, the_one=agreement_id))
        return terms

    def mode(self, agreement_id: str) -> Mode:
        """Whether what runs under this version is held to it just now. Reads no words of it."""
        row = self._first(_SIGNING_OF, the_one=agreement_id)
        signing = None if row is None else _signing(row)
        present = None
        if signing is not None and signing.state is State.REPLACED:
            latest = self._first(_PRESENT, the_now=self._tx.now)
            present = None if latest is None else _signing(latest)
        return mode_of(signing, self._tx.now, present)

    def pending(self) -> list[Agreement]:
        """Those that wait for signatures or for their instant, by version."""
        return [_agreement(row) for row in self._all(_PENDING)]

    def all(self) -> list[Agreement]:
        """By version."""
        return [_agreement(row) for row in self._all(_ALL)]

    def newest_version(self) -> int:
        return int(self._value(_NEWEST))

    def add(self, agreement: Agreement) -> None:
        values = {"id": agreement.id, "version": agreement.version} | _values(agreement)
        written = {"terms": terms_to_json(agreement.terms), "document": document_to_json(agreement.document)}
        self._change(_ADD, values | written)

    def save_signing(self, agreement: Agreement) -> None:
        """Where its signing stands, and from when it is in force, are stored; what it says stays as it is."""
        changed = {f"new_{name}": value for name, value in _values(agreement).items()}
        self._change(_SAVE, {"the_one": agreement.id, **changed})


def _one(row: Row | None) -> Agreement | None:
    return None if row is None else _agreement(row)


def _agreement(row: Row) -> Agreement:
    return Agreement(
        id=row.id,
        version=row.version,
        document=_document(row),
        in_force_from=row.in_force_from,
        signing=_signing(row),
    )


def _document(row: Row) -> Document:
    return document_from_text(row.document, terms_from_text(row.terms))


def _signing(row: Row) -> Signing | None:
    if row.state is None:
        return None
    return Signing(
        state=row.state,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        from_at=row.from_at,
        signatures=signatures_of(row.signatures),
        in_force_at=row.in_force_from,
        ended_at=row.ended_at,
        wish=row.wish,
        wished=signatures_of(row.wished),
        replies=replies_of(row.replies),
        review_at=row.review_at,
    )


def _values(agreement: Agreement) -> dict[str, Any]:
    signing = agreement.signing
    if signing is None:
        return dict.fromkeys(_SIGNING) | {"in_force_from": agreement.in_force_from}
    return {
        "in_force_from": signing.in_force_at,
        "state": signing.state,
        "proposed_by": signing.proposed_by,
        "proposed_at": signing.proposed_at,
        "from_at": signing.from_at,
        "signatures": signatures_to_json(signing.signatures),
        "replies": replies_to_json(signing.replies),
        "ended_at": signing.ended_at,
        "wish": signing.wish,
        "wished": signatures_to_json(signing.wished),
        "review_at": signing.review_at,
    }
