"""The agreement of the two teams, in all its versions."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.agreement import Agreement, Terms
from bot.errors import StorageError
from storage.repository import Repository
from storage.rows import Row, given, values_of
from storage.tables import agreements, as_text
from storage.terms import terms_from_text, terms_to_json

_COLUMNS = (*(column for column in agreements.c if column.name != "terms"), as_text(agreements.c.terms))
_ONE = given("the_one")
_GET = sa.select(*_COLUMNS).where(agreements.c.id == _ONE)
_IN_FORCE = (
    sa.select(*_COLUMNS)
    .where(agreements.c.in_force_from <= sa.bindparam("the_now"))
    .order_by(agreements.c.in_force_from.desc(), agreements.c.version.desc())
    .limit(1)
)
_TERMS = sa.select(as_text(agreements.c.terms)).where(agreements.c.id == _ONE)
_ALL = sa.select(*_COLUMNS).order_by(agreements.c.version)
_ADD = agreements.insert()


class Agreements(Repository):
    __slots__ = ()

    def in_force(self) -> Agreement:
        """The one that came into force last. There is always one: version 0 came with the schema."""
        row = self._first(_IN_FORCE, the_now=self._tx.now)
        if row is None:
            raise StorageError("There is no agreement in force: the clock stands before version 0.")
        return _agreement(row)

    def get(self, agreement_id: str) -> Agreement | None:
        row = self._first(_GET, the_one=agreement_id)
        return None if row is None else _agreement(row)

    def terms_of(self, agreement_id: str) -> Terms:
        """The terms of the agreement whose id a handoff has; read once a connection, because they never change."""
        known: dict[str, Terms] = self._connection.info.setdefault("terms", {})
        terms = known.get(agreement_id)
        if terms is None:
            terms = known[agreement_id] = terms_from_text(self._value(_TERMS, the_one=agreement_id))
        return terms

    def all(self) -> list[Agreement]:
        """By version."""
        return [_agreement(row) for row in self._all(_ALL)]

    def add(self, agreement: Agreement) -> None:
        self._change(_ADD, values_of(agreement) | {"terms": terms_to_json(agreement.terms)})


def _agreement(row: Row) -> Agreement:
    return Agreement(
        id=row.id,
        version=row.version,
        terms=terms_from_text(row.terms),
        in_force_from=row.in_force_from,
        signed_at=row.signed_at,
    )
