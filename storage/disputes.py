"""Disputes and disagreements: who waits for whom, and how each ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.dispute import About, Dispute, DisputeState, Opinion, Ruling
from bot.domain.person import Side
from storage.repository import Repository
from storage.rows import Row, changes, given, update_of, values_of
from storage.tables.columns import is_word
from storage.tables.disputes import DISPUTE_IS_OPEN, HAS_RULING, disputes

_ONE = given("the_one")
_IDS = given("the_ids", expanding=True)
_SINCE = sa.bindparam("the_instant", type_=disputes.c.raised_at.type)
_PAGE = {"limit": sa.bindparam("at_most", type_=sa.Integer), "offset": sa.bindparam("skipped", type_=sa.Integer)}
_DERIVED = ("sales_said", "marketing_said")
_COLUMNS = tuple(column for column in disputes.c if column.name not in _DERIVED)
_OLDEST = (disputes.c.raised_at, disputes.c.id)

_GET = sa.select(*_COLUMNS).where(disputes.c.id == _ONE)
_LOCK_CASE = sa.select(*_COLUMNS).where(disputes.c.case_id == _ONE).order_by(disputes.c.id).with_for_update()
_OF_CASE = sa.select(*_COLUMNS).where(disputes.c.case_id == _ONE).order_by(disputes.c.id)
_OF_LEAD = (
    sa.select(*_COLUMNS).where(disputes.c.lead_id == _ONE, disputes.c.lead_id.is_not(None)).order_by(disputes.c.id)
)
_OF_SUBJECTS = sa.select(*_COLUMNS).where(disputes.c.subject_id.in_(_IDS), is_word(disputes.c.about, About.REJECT))
_OPEN_ABOUT = sa.select(disputes.c.id).where(
    disputes.c.subject_id == _ONE,
    disputes.c.raised_by == given("the_person"),
    DISPUTE_IS_OPEN,
    disputes.c.about != sa.literal_column("'reject'"),
)
_ADD = disputes.insert()
_SAVE = update_of(disputes, without=("case_id", "about", "subject_id", "raised_by")).where(disputes.c.id == _ONE)

_WITH_MANAGERS = is_word(disputes.c.state, DisputeState.WITH_MANAGERS)
_FOR_MANAGER = sa.and_(
    _WITH_MANAGERS,
    sa.or_(
        sa.and_(disputes.c.sales_manager_id.in_(_IDS), disputes.c.sales_said.is_(sa.false())),
        sa.and_(disputes.c.marketing_manager_id.in_(_IDS), disputes.c.marketing_said.is_(sa.false())),
    ),
)
_FOR_ARBITER = sa.and_(
    is_word(disputes.c.state, DisputeState.WITH_ARBITER),
    sa.or_(
        disputes.c.arbiter_id.in_(_IDS),
        sa.and_(disputes.c.arbiter_id.is_(None), sa.bindparam("rules", type_=sa.Boolean).is_(sa.true())),
    ),
)
_WAITS_FOR = sa.and_(DISPUTE_IS_OPEN, sa.or_(_FOR_MANAGER, _FOR_ARBITER))
_WAITING_FOR = (
    sa.select(*_COLUMNS).where(_WAITS_FOR).order_by(*_OLDEST).limit(_PAGE["limit"]).offset(_PAGE["offset"])
)  # fmt: skip
_COUNT_WAITING_FOR = sa.select(sa.func.count()).select_from(disputes).where(_WAITS_FOR)
_MINE = sa.and_(disputes.c.raised_by == _ONE, disputes.c.raised_at >= _SINCE)
_RAISED_BY = (
    sa.select(*_COLUMNS)
    .where(_MINE)
    .order_by(disputes.c.raised_at.desc(), disputes.c.id.desc())
    .limit(_PAGE["limit"])
    .offset(_PAGE["offset"])
)
_COUNT_RAISED_BY = sa.select(sa.func.count()).select_from(disputes).where(_MINE)
_RAISED = sa.select(sa.func.count()).select_from(disputes).where(disputes.c.raised_at >= _SINCE)
_WITH_ARBITER = (
    sa.select(disputes.c.case_id)
    .where(DISPUTE_IS_OPEN, is_word(disputes.c.state, DisputeState.WITH_ARBITER))
    .order_by(*_OLDEST)
)
_DECIDED = sa.select(disputes.c.ruling).where(HAS_RULING, disputes.c.decided_at >= _SINCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeNumbers:
    """Since an instant: how many were raised, and how those that were decided came out."""

    raised: int = 0
    upheld: int = 0
    overturned: int = 0


class Disputes(Repository):
    __slots__ = ()

    def get(self, dispute_id: str) -> Dispute | None:
        row = self._first(_GET, the_one=dispute_id)
        return None if row is None else _dispute(row)

    def of_case(self, case_id: str) -> list[Dispute]:
        """What was raised together, in its order."""
        return [_dispute(row) for row in self._all(_OF_CASE, the_one=case_id)]

    def lock_case(self, case_id: str) -> list[Dispute]:
        """As of_case; nobody else changes them before this transaction ends. Locks of their leads come first."""
        return [_dispute(row) for row in self._all(_LOCK_CASE, the_one=case_id)]

    def of_lead(self, lead_id: str) -> list[Dispute]:
        """The oldest first."""
        return [_dispute(row) for row in self._all(_OF_LEAD, the_one=lead_id)]

    def of_rejects(self, handoff_ids: Sequence[str]) -> dict[str, Dispute]:
        """The dispute of each of these rejects, where there is one."""
        if not handoff_ids:
            return {}
        return {row.subject_id: _dispute(row) for row in self._all(_OF_SUBJECTS, the_ids=list(handoff_ids))}

    def is_open_about(self, subject_id: str, person_id: str) -> bool:
        """Whether this person has an open disagreement about it already."""
        return self._first(_OPEN_ABOUT, the_one=subject_id, the_person=person_id) is not None

    def add(self, dispute: Dispute) -> None:
        self._change(_ADD, _values(dispute))

    def save(self, dispute: Dispute) -> None:
        """The caller holds the lock of its case."""
        self._change(_SAVE, {"the_one": dispute.id, **changes(_values(dispute))})

    def waiting_for(self, person_ids: Sequence[str], limit: int, offset: int = 0, *, rules: bool) -> list[Dispute]:
        """What waits for a word of one of these people, the longest waiting first; with `rules` also what is with the
        arbiter while nobody is."""
        rows = self._all(_WAITING_FOR, the_ids=list(person_ids), rules=rules, at_most=limit, skipped=offset)
        return [_dispute(row) for row in rows]

    def count_waiting_for(self, person_ids: Sequence[str], *, rules: bool) -> int:
        return int(self._value(_COUNT_WAITING_FOR, the_ids=list(person_ids), rules=rules))

    def cases_with_arbiter(self) -> list[str]:
        """Every case of which something waits for a ruling."""
        return list(dict.fromkeys(row.case_id for row in self._all(_WITH_ARBITER)))

    def raised_by(self, person_id: str, since: datetime, limit: int, offset: int = 0) -> list[Dispute]:
        """What this person raised since the instant, the latest first."""
        rows = self._all(_RAISED_BY, the_one=person_id, the_instant=since, at_most=limit, skipped=offset)
        return [_dispute(row) for row in rows]

    def count_raised_by(self, person_id: str, since: datetime) -> int:
        return int(self._value(_COUNT_RAISED_BY, the_one=person_id, the_instant=since))

    def numbers(self, since: datetime) -> DisputeNumbers:
        """Of both sides together."""
        rulings = [row.ruling for row in self._all(_DECIDED, the_instant=since)]
        return DisputeNumbers(
            raised=int(self._value(_RAISED, the_instant=since)),
            upheld=rulings.count(Ruling.UPHELD),
            overturned=rulings.count(Ruling.OVERTURNED),
        )


def _values(dispute: Dispute) -> dict[str, Any]:
    opinions = {
        side.value: values_of(opinion) | {"at": opinion.at.isoformat()} for side, opinion in dispute.opinions.items()
    }
    return values_of(dispute) | {
        "opinions": opinions,
        "decided_by": list(dispute.decided_by),
        "sales_said": Side.SALES in dispute.opinions,
        "marketing_said": Side.MARKETING in dispute.opinions,
    }


def _dispute(row: Row) -> Dispute:
    values = row._asdict()
    opinions = {Side(side): _opinion(said) for side, said in values.pop("opinions").items()}
    return Dispute(**values | {"opinions": opinions, "decided_by": tuple(values["decided_by"])})


def _opinion(said: Mapping[str, Any]) -> Opinion:
    read = {"at": datetime.fromisoformat(said["at"]), "ruling": Ruling(said["ruling"])}
    return Opinion(**{**said, **read})
