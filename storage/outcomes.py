"""Outcomes: what was logged about accepted leads. Nothing is deleted: a correction takes an entry out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from bot.domain.outcome import Logged, Outcome
from storage.repository import Repository
from storage.rows import Row, given, new, values_of
from storage.tables.outcomes import STANDS, outcomes

_ONE = given("the_one")
_ADD = outcomes.insert()
_GET = sa.select(outcomes).where(outcomes.c.id == _ONE)
_EVER = sa.select(outcomes).where(outcomes.c.handoff_id == _ONE).order_by(outcomes.c.place, outcomes.c.id)
_STANDING = sa.select(outcomes).where(outcomes.c.handoff_id == _ONE, STANDS).order_by(outcomes.c.place)
_STANDING_OF_MANY = (
    sa.select(outcomes)
    .where(outcomes.c.handoff_id.in_(given("the_ids", expanding=True)), STANDS)
    .order_by(outcomes.c.handoff_id, outcomes.c.place)
)
_OF_LEAD = sa.select(outcomes).where(outcomes.c.lead_id == _ONE).order_by(outcomes.c.place, outcomes.c.id)
_TAKE_OUT = (
    outcomes.update()
    .where(outcomes.c.id == _ONE, STANDS)
    .values(
        taken_out_at=sa.bindparam("new_taken_out_at", type_=outcomes.c.taken_out_at.type),
        taken_out_by=new("taken_out_by"),
    )
)
_LAST_CURRENCY = (
    sa.select(outcomes.c.currency).where(outcomes.c.currency.is_not(None)).order_by(outcomes.c.id.desc()).limit(1)
)


class Outcomes(Repository):
    __slots__ = ()

    def add(self, logged: Logged) -> None:
        """A new entry; one that stands in the same place must have been taken out before."""
        self._change(_ADD, _values(logged))

    def get(self, outcome_id: str) -> Logged | None:
        row = self._first(_GET, the_one=outcome_id)
        return None if row is None else _logged(row)

    def standing(self, handoff_id: str) -> list[Logged]:
        """The history of the handoff as it stands, in the order in which it was logged."""
        return [_logged(row) for row in self._all(_STANDING, the_one=handoff_id)]

    def standing_of_many(self, handoff_ids: list[str]) -> dict[str, list[Logged]]:
        """As standing, by handoff; each of them has a list."""
        found: dict[str, list[Logged]] = {handoff_id: [] for handoff_id in handoff_ids}
        if found:
            for row in self._all(_STANDING_OF_MANY, the_ids=handoff_ids):
                found[row.handoff_id].append(_logged(row))
        return found

    def ever(self, handoff_id: str) -> list[Logged]:
        """As standing, with what was taken out, in each place the oldest first."""
        return [_logged(row) for row in self._all(_EVER, the_one=handoff_id)]

    def of_lead(self, lead_id: str) -> list[Logged]:
        """Everything that was ever logged of the lead, with what was taken out."""
        return [_logged(row) for row in self._all(_OF_LEAD, the_one=lead_id)]

    def take_out(self, outcome_id: str, by: str) -> bool:
        """It stands no more; False when it did not."""
        return (
            self._change(_TAKE_OUT, {"the_one": outcome_id, "new_taken_out_at": self._tx.now, "new_taken_out_by": by})
            == 1
        )

    def last_currency(self) -> str | None:
        """The currency that somebody named last."""
        found: str | None = self._value(_LAST_CURRENCY)
        return found


def _logged(row: Row) -> Logged:
    outcome = Outcome(
        kind=row.kind,
        at=row.happened_at,
        by=row.by,
        attempt=row.attempt,
        reason=row.reason,
        answer=row.answer,
        come_back_on=row.come_back_on,
        amount=None if row.amount is None else Decimal(row.amount),
        currency=row.currency,
        expected_close=row.expected_close,
        note=row.note,
    )
    return Logged(
        id=row.id,
        handoff_id=row.handoff_id,
        lead_id=row.lead_id,
        place=row.place,
        outcome=outcome,
        logged_at=row.logged_at,
        for_id=row.for_id,
        event_id=row.event_id,
        taken_out_at=row.taken_out_at,
        taken_out_by=row.taken_out_by,
    )


def _values(logged: Logged) -> dict[str, Any]:
    outcome = values_of(logged.outcome, without=("at", "amount"))
    amount = logged.outcome.amount
    return (
        values_of(logged, without=("outcome",))
        | outcome
        | {"happened_at": logged.outcome.at, "amount": None if amount is None else format(amount, "f")}
    )
