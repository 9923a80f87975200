"""Imports of files: which rows were taken, so that the same row again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given
from storage.tables.imports import import_rows, imports

_ONE = given("the_one")
_AT_MOST = sa.bindparam("at_most", type_=sa.Integer)
_GET = sa.select(imports).where(imports.c.id == _ONE)
_BEGIN = on_both(
    imports,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"], set_={"undone_at": None, "finished_at": None, "file_name": insert.excluded.file_name}
    ),
)
_FINISH = imports.update().where(imports.c.id == _ONE).values(finished_at=sa.bindparam("new_finished_at"))
_UNDONE = imports.update().where(imports.c.id == _ONE).values(undone_at=sa.bindparam("new_undone_at"))
_SEEN = sa.select(import_rows.c.import_id).where(
    import_rows.c.source == given("the_source"), import_rows.c.digest == given("the_digest")
)
_ADD = import_rows.insert()
_ON_OFFER = (
    sa.select(import_rows.c.digest, import_rows.c.lead_id, import_rows.c.handoff_id)
    .where(import_rows.c.import_id == _ONE, import_rows.c.digest > sa.bindparam("behind"))
    .where(import_rows.c.lead_id.is_not(None), import_rows.c.verdict.in_(("offered", "unrouted")))
    .order_by(import_rows.c.digest)
    .limit(_AT_MOST)
)
_FORGET = import_rows.delete().where(import_rows.c.import_id == _ONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One file put in with one set of options. Running it again goes on with the same one."""

    id: str
    source: str
    file_name: str
    started_at: datetime
    finished_at: datetime | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOnOffer:
    """`handoff_id` None: nobody could be offered it at once."""

    digest: str
    lead_id: str
    handoff_id: str | None


class Imports(Repository):
    __slots__ = ()

    def get(self, import_id: str) -> Import | None:
        row = self._first(_GET, the_one=import_id)
        return None if row is None else Import(**row._asdict())

    def begin(self, import_id: str, source: str, file_name: str) -> None:
        """The import is under way, for the first time or again."""
        row = {"id": import_id, "source": source, "file_name": file_name, "started_at": self._tx.now}
        self._change(_BEGIN[self._dialect], row)

    def finish(self, import_id: str) -> None:
        self._change(_FINISH, {"the_one": import_id, "new_finished_at": self._tx.now})

    def taken(self, source: str, digest: str) -> bool:
        """Whether a row of this content was taken before."""
        return self._first(_SEEN, the_source=source, the_digest=digest) is not None

    def add(
        self, import_id: str, source: str, digest: str, *, lead_id: str | None, handoff_id: str | None, verdict: str
    ) -> None:
        """The row is taken."""
        row = {
            "import_id": import_id,
            "source": source,
            "digest": digest,
            "lead_id": lead_id,
            "handoff_id": handoff_id,
            "verdict": verdict,
        }
        self._change(_ADD, row)

    def on_offer(self, import_id: str, after: str, limit: int) -> list[RowOnOffer]:
        """Rows whose leads this import put on offer, whatever became of them, behind the digest `after`."""
        rows = self._all(_ON_OFFER, the_one=import_id, behind=after, at_most=limit)
        return [RowOnOffer(**row._asdict()) for row in rows]

    def undone(self, import_id: str) -> int:
        """The import counts as never made: its rows may be taken again. Returns how many there were."""
        self._change(_UNDONE, {"the_one": import_id, "new_undone_at": self._tx.now})
        return self._change(_FORGET, {"the_one": import_id})
