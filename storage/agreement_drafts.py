"""What people have changed of the agreement and not proposed yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.repository import Repository
from storage.rows import given
from storage.tables.agreements import agreement_drafts

_PERSON = given("the_person")
_GET = sa.select(agreement_drafts).where(agreement_drafts.c.person_id == _PERSON)
_DELETE = agreement_drafts.delete().where(agreement_drafts.c.person_id == _PERSON)
_ADD = agreement_drafts.insert()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`sections` in the shape of the agreement's file, with only the terms that were changed. `answers_id` names the
    proposal it answers; None: it changes the version in force."""

    person_id: str
    answers_id: str | None
    sections: dict[str, Any]
    changed_at: datetime


class AgreementDrafts(Repository):
    __slots__ = ()

    def of(self, person_id: str) -> Draft | None:
        row = self._first(_GET, the_person=person_id)
        return None if row is None else Draft(**row._mapping)

    def save(self, person_id: str, sections: dict[str, Any], answers_id: str | None) -> None:
        """The person's one draft is this."""
        self.discard(person_id)
        values = {"person_id": person_id, "sections": sections, "answers_id": answers_id, "changed_at": self._tx.now}
        self._change(_ADD, values)

    def discard(self, person_id: str) -> None:
        self._change(_DELETE, {"the_person": person_id})
