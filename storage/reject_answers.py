"""What marketing answers to the rejects that count against it. Practice is in none of it: it is never asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.reject_answer import AnswerState, AnswerToReject
from storage.repository import Repository
from storage.rows import Row, changes, given, update_of, values_of
from storage.tables.disputes import ANSWER_WAITS, reject_answers

_ONE = given("the_one")
_IDS = given("the_ids", expanding=True)
_SINCE = sa.bindparam("the_instant", type_=reject_answers.c.asked_at.type)
_PAGE = {"limit": sa.bindparam("at_most", type_=sa.Integer), "offset": sa.bindparam("skipped", type_=sa.Integer)}
_GET = sa.select(reject_answers).where(reject_answers.c.handoff_id == _ONE)
_MANY = sa.select(reject_answers).where(reject_answers.c.handoff_id.in_(_IDS))
_OF_LEAD = sa.select(reject_answers).where(reject_answers.c.lead_id == _ONE).order_by(reject_answers.c.asked_at)
_ADD = reject_answers.insert()
_SAVE = update_of(reject_answers, without=("handoff_id", "lead_id")).where(reject_answers.c.handoff_id == _ONE)
_OLDEST = (reject_answers.c.asked_at, reject_answers.c.handoff_id)


class _Waiting:
    """What waits of those who are `asked`."""

    def __init__(self, asked: sa.ColumnElement[bool] | None) -> None:
        where = ANSWER_WAITS if asked is None else sa.and_(asked, ANSWER_WAITS)
        found = sa.select(reject_answers).where(where)
        self.page = found.order_by(*_OLDEST).limit(_PAGE["limit"]).offset(_PAGE["offset"])
        self.count = sa.select(sa.func.count()).select_from(reject_answers).where(where)


_OF_ASKED = _Waiting(sa.or_(reject_answers.c.asked_id.in_(_IDS), reject_answers.c.asked_id.is_(None)))
_OF_ALL = _Waiting(None)
_ANSWERED = sa.select(reject_answers.c.state, reject_answers.c.missed_at).where(
    reject_answers.c.answered_at.is_not(None), reject_answers.c.answered_at >= _SINCE
)
_ANSWERED_OF = _ANSWERED.where(reject_answers.c.asked_id.in_(_IDS))
_MISSED = sa.select(sa.func.count()).select_from(reject_answers).where(
    reject_answers.c.missed_at.is_not(None), reject_answers.c.missed_at >= _SINCE
)  # fmt: skip
_MISSED_OF = _MISSED.where(reject_answers.c.asked_id.in_(_IDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerNumbers:
    """Since an instant. `in_time` of `answered` were given within the window; `missed`: windows that ran out."""

    answered: int = 0
    in_time: int = 0
    fixed: int = 0
    accepted: int = 0
    disputed: int = 0
    missed: int = 0


class RejectAnswers(Repository):
    """`asked`: the people whose rejects are meant; None: everybody's. What waits for nobody waits for all of them."""

    __slots__ = ()

    def get(self, handoff_id: str) -> AnswerToReject | None:
        row = self._first(_GET, the_one=handoff_id)
        return None if row is None else _answer(row)

    def many(self, handoff_ids: Sequence[str]) -> dict[str, AnswerToReject]:
        """By handoff; those that count against nobody are not in it."""
        if not handoff_ids:
            return {}
        return {row.handoff_id: _answer(row) for row in self._all(_MANY, the_ids=list(handoff_ids))}

    def of_lead(self, lead_id: str) -> list[AnswerToReject]:
        """The oldest first."""
        return [_answer(row) for row in self._all(_OF_LEAD, the_one=lead_id)]

    def add(self, answer: AnswerToReject) -> None:
        self._change(_ADD, values_of(answer))

    def save(self, answer: AnswerToReject) -> None:
        """The caller holds the lead's lock."""
        self._change(_SAVE, {"the_one": answer.handoff_id, **changes(values_of(answer))})

    def waiting(self, asked: Sequence[str] | None, limit: int, offset: int = 0) -> list[AnswerToReject]:
        """What waits for an answer, the longest waiting first."""
        statements, given_ids = _of(asked)
        return [_answer(row) for row in self._all(statements.page, at_most=limit, skipped=offset, **given_ids)]

    def count_waiting(self, asked: Sequence[str] | None) -> int:
        statements, given_ids = _of(asked)
        return int(self._value(statements.count, **given_ids))

    def numbers(self, asked: Sequence[str] | None, since: datetime) -> AnswerNumbers:
        """What was answered from the instant on, and what ran out."""
        given_ids: dict[str, Any] = {} if asked is None else {"the_ids": list(asked)}
        answered, missed = (_ANSWERED, _MISSED) if asked is None else (_ANSWERED_OF, _MISSED_OF)
        rows = self._all(answered, the_instant=since, **given_ids)
        states = [row.state for row in rows]
        return AnswerNumbers(
            answered=len(rows),
            in_time=sum(row.missed_at is None for row in rows),
            fixed=states.count(AnswerState.FIXED),
            accepted=states.count(AnswerState.ACCEPTED),
            disputed=states.count(AnswerState.DISPUTED),
            missed=int(self._value(missed, the_instant=since, **given_ids)),
        )


def _of(asked: Sequence[str] | None) -> tuple[_Waiting, dict[str, list[str]]]:
    return (_OF_ALL, {}) if asked is None else (_OF_ASKED, {"the_ids": list(asked)})


def _answer(row: Row) -> AnswerToReject:
    return AnswerToReject(**row._asdict())
