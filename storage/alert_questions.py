"""Questions about campaign alerts: those their owner expected, and those sales asked."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from bot.domain.campaign_alert import Question
from bot.domain.search import Found
from storage.repository import Repository
from storage.rows import changes, given, update_of, values_of
from storage.tables.campaign_alerts import QUESTION_WAITS, alert_questions

_ONE = given("the_one")
_IDS = given("the_ids", expanding=True)
_PAGE = {"limit": sa.bindparam("at_most", type_=sa.Integer), "offset": sa.bindparam("skipped", type_=sa.Integer)}

_GET = sa.select(alert_questions).where(alert_questions.c.id == _ONE)
_LOCK = _GET.with_for_update()
_OF_ALERT = sa.select(alert_questions).where(alert_questions.c.alert_id == _ONE).order_by(alert_questions.c.place)
_EXPECTED = _OF_ALERT.where(alert_questions.c.expected.is_(sa.true()))
# What sales asked and has no answer comes first, then what stands on the alert, then the rest.
_RANK = sa.case(
    (sa.and_(QUESTION_WAITS, alert_questions.c.asked_by.is_not(None)), 0),
    (alert_questions.c.expected.is_(sa.true()), 1),
    else_=2,
)
_LISTED = (
    sa.select(alert_questions)
    .where(alert_questions.c.alert_id == _ONE)
    .order_by(_RANK, alert_questions.c.place)
    .limit(_PAGE["limit"])
    .offset(_PAGE["offset"])
)
_COUNT_LISTED = sa.select(sa.func.count()).select_from(alert_questions).where(alert_questions.c.alert_id == _ONE)
_LAST_PLACE = sa.select(sa.func.max(alert_questions.c.place)).where(alert_questions.c.alert_id == _ONE)
_WAITING = (
    sa.select(alert_questions.c.alert_id, sa.func.count().label("questions"))
    .where(QUESTION_WAITS, alert_questions.c.alert_id.in_(_IDS), alert_questions.c.asked_by.is_not(None))
    .group_by(alert_questions.c.alert_id)
)
_ADD = alert_questions.insert()
_SAVE = update_of(alert_questions, without=("alert_id", "place", "asked_by", "asked_at")).where(
    alert_questions.c.id == _ONE
)
_REMOVE = alert_questions.delete().where(alert_questions.c.id == _ONE)


class AlertQuestions(Repository):
    __slots__ = ()

    def get(self, question_id: str) -> Question | None:
        row = self._first(_GET, the_one=question_id)
        return None if row is None else Question(**row._asdict())

    def lock(self, question_id: str) -> Question | None:
        """The question; nobody else changes it before this transaction ends."""
        row = self._first(_LOCK, the_one=question_id)
        return None if row is None else Question(**row._asdict())

    def of_alert(self, alert_id: str) -> list[Question]:
        """All of them, in their places."""
        return [Question(**row._asdict()) for row in self._all(_OF_ALERT, the_one=alert_id)]

    def expected(self, alert_id: str) -> list[Question]:
        """Those that stand on the alert, in their places."""
        return [Question(**row._asdict()) for row in self._all(_EXPECTED, the_one=alert_id)]

    def listed(self, alert_id: str, limit: int, offset: int = 0) -> list[Question]:
        """All of them: what sales asked and has no answer first, then those that stand on the alert, then the rest."""
        rows = self._all(_LISTED, the_one=alert_id, at_most=limit, skipped=offset)
        return [Question(**row._asdict()) for row in rows]

    def count_listed(self, alert_id: str) -> int:
        return int(self._value(_COUNT_LISTED, the_one=alert_id))

    def waiting(self, alert_ids: Sequence[str]) -> dict[str, int]:
        """How many sales asked about each alert and has no answer to; alerts without one are not in it."""
        if not alert_ids:
            return {}
        return {row.alert_id: row.questions for row in self._all(_WAITING, the_ids=list(alert_ids))}

    def next_place(self, alert_id: str) -> int:
        """The place of one that is added. The caller holds the lock of the alert."""
        return int(self._value(_LAST_PLACE, the_one=alert_id) or 0) + 1

    def add(self, question: Question) -> None:
        self._change(_ADD, values_of(question))
        self._tx.search.keep_question(question)

    def save(self, question: Question) -> None:
        """Its text, its answer, and whether it is expected."""
        values = values_of(question, without=("id", "alert_id", "place", "asked_by", "asked_at"))
        self._change(_SAVE, {"the_one": question.id, **changes(values)})
        self._tx.search.keep_question(question)

    def remove(self, question_id: str) -> None:
        self._change(_REMOVE, {"the_one": question_id})
        self._tx.search.remove(Found.QUESTION, question_id)
