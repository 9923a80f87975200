"""Handoffs: offered, decided once, ended once."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.domain.agreement import Terms
from bot.domain.handoff import End, Handoff, Rejection, Status
from bot.domain.lead import Lead
from bot.errors import Stale
from storage import handoff_queries as q
from storage.leads import lead_of
from storage.repository import Repository
from storage.rows import Row, changes, values_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DayNumbers:
    """A person's numbers since an instant, without what was undone. The median is of offer to accept, real time."""

    offered: int
    accepted: int
    rejected: int
    median_seconds_to_accept: float | None


class Handoffs(Repository):
    __slots__ = ()

    def get(self, handoff_id: str) -> Handoff | None:
        return self._one(q.GET, handoff_id)

    def lock(self, handoff_id: str) -> Handoff | None:
        """The handoff; nobody else locks or changes it before this transaction ends."""
        return self._one(q.LOCK, handoff_id)

    def offered_of(self, lead_id: str) -> Handoff | None:
        """The lead's open offer: there is at most one."""
        return self._one(q.OFFERED_OF, lead_id)

    def owned_of(self, lead_id: str) -> Handoff | None:
        """The lead's accepted and unended handoff: there is at most one."""
        return self._one(q.OWNED_OF, lead_id)

    def latest_of(self, lead_id: str) -> Handoff | None:
        """The one that was opened last."""
        return self._one(q.LATEST_OF, lead_id)

    def of_lead(self, lead_id: str) -> list[Handoff]:
        """The oldest first."""
        return [self._handoff(row) for row in self._all(q.OF_LEAD, the_one=lead_id)]

    def add(self, handoff: Handoff) -> None:
        """`handoff` is stored; its terms are those of the agreement it names, whatever it was given with."""
        self._change(q.ADD, _values(handoff))
        if handoff.is_owned:
            self._set_owner(handoff.lead_id, handoff.rep_id)

    def decide(self, handoff: Handoff) -> bool:
        """The open offer becomes what `handoff` says, unless somebody was first: then nothing changes, and False.

        `handoff.version` is one more than the version the decision was taken on.
        """
        if not self._save(q.DECIDE, handoff):
            return False
        crash_points.reached(CrashPoint.CLICK_IN_TRANSACTION)
        if handoff.is_owned:
            self._set_owner(handoff.lead_id, handoff.rep_id)
        return True

    def finish(self, handoff: Handoff) -> bool:
        """The accepted handoff ends as `handoff` says, unless somebody was first; as decide."""
        if not self._save(q.FINISH, handoff):
            return False
        self._set_owner(handoff.lead_id, None)
        return True

    def reinstate(self, handoff: Handoff) -> None:
        """A disqualification was logged by mistake: the accepted handoff has not ended. Raises Stale when it changed,
        or had not ended so."""
        if not self._save(q.REINSTATE, handoff):
            raise Stale("Somebody changed this handoff at the same moment. Please try again.")
        self._set_owner(handoff.lead_id, handoff.rep_id)

    def save(self, handoff: Handoff) -> None:
        """What is neither decision nor end is as `handoff` says; its version is one more than the stored one.
        Its terms stay those it was offered under.

        Raises Stale when the stored version is another, or when it differs in lead, status or end.
        """
        if not self._save(q.SAVE, handoff):
            raise Stale("Somebody changed this handoff at the same moment. Please try again.")

    def held_by(self, person_id: str) -> int:
        """How many leads count against the person's cap: offered to them, or accepted and still MQL or SAL."""
        return self.held_by_many([person_id])[person_id]

    def held_by_many(self, person_ids: Sequence[str]) -> dict[str, int]:
        """As held_by, for several; each of them has a number."""
        held = dict.fromkeys(person_ids, 0)
        if held:
            for row in self._all(q.HELD, the_ids=list(held)):
                held[row.person_id] += row.held
        return held

    def needs(self, person_id: str, channels: Sequence[str], limit: int, offset: int) -> list[tuple[Handoff, Lead]]:
        """Offered to the person, or in one of the pools: what is due first, then the longest waiting."""
        return self._page(q.NEEDS, limit, offset, the_one=person_id, the_channels=list(channels))

    def count_needs(self, person_id: str, channels: Sequence[str]) -> int:
        return int(self._value(q.COUNT_NEEDS, the_one=person_id, the_channels=list(channels)))

    def offered_to(self, person_id: str, limit: int, offset: int) -> list[tuple[Handoff, Lead]]:
        """Offered to the person directly: the longest waiting first."""
        return self._page(q.OFFERED_TO, limit, offset, the_one=person_id)

    def count_offered_to(self, person_id: str) -> int:
        return int(self._value(q.COUNT_OFFERED_TO, the_one=person_id))

    def offered_in_pools(self, channels: Sequence[str], limit: int, offset: int) -> list[tuple[Handoff, Lead]]:
        """Offered in one of the pools: the longest waiting first."""
        return self._page(q.OFFERED_IN_POOLS, limit, offset, the_channels=list(channels))

    def count_offered_in_pools(self, channels: Sequence[str]) -> int:
        return int(self._value(q.COUNT_OFFERED_IN_POOLS, the_channels=list(channels)))

    def waiting(self, limit: int, offset: int) -> list[tuple[Handoff, Lead]]:
        """Every open offer: the longest waiting first."""
        return self._page(q.WAITING, limit, offset)

    def count_waiting(self) -> int:
        return int(self._value(q.COUNT_WAITING))

    def waiting_with(
        self, person_ids: Sequence[str], team_ids: Collection[str], limit: int, offset: int
    ) -> list[tuple[Handoff, Lead]]:
        """Open offers to one of these people, or in the pool of one of these teams: the longest waiting first."""
        return self._page(q.WAITING_WITH, limit, offset, the_ids=list(person_ids), the_teams=list(team_ids))

    def count_waiting_with(self, person_ids: Sequence[str], team_ids: Collection[str]) -> int:
        return int(self._value(q.COUNT_WAITING_WITH, the_ids=list(person_ids), the_teams=list(team_ids)))

    def listed_in(self, summary_id: str, limit: int) -> list[tuple[Handoff, Lead]]:
        """The open offers that stand in this summary: the hottest first, of each the longest waiting."""
        rows = self._all(q.LISTED_IN, the_one=summary_id, at_most=limit)
        return [(self._handoff(row[: q.WIDTH]), lead_of(row[q.WIDTH :])) for row in rows]

    def count_listed_in(self, summary_id: str) -> tuple[int, int]:
        """How many handoffs stand in this summary, and how many of them are open offers."""
        row = self._all(q.COUNT_LISTED_IN, the_one=summary_id)[0]
        return int(row.listed), int(row.waiting)

    def owned_by(self, person_id: str, limit: int, offset: int) -> list[tuple[Handoff, Lead]]:
        """Accepted by the person and not ended: the last accepted first."""
        return self._page(q.OWNED_BY, limit, offset, the_one=person_id)

    def count_owned_by(self, person_id: str) -> int:
        return int(self._value(q.COUNT_OWNED_BY, the_one=person_id))

    def owned_by_absent(self, person_ids: Sequence[str], limit: int, offset: int) -> list[tuple[Handoff, Lead]]:
        """Accepted by these people, not ended and still worked: the last accepted first."""
        return self._page(q.OWNED_BY_ABSENT, limit, offset, the_ids=list(person_ids))

    def count_owned_by_absent(self, person_ids: Sequence[str]) -> int:
        return int(self._value(q.COUNT_OWNED_BY_ABSENT, the_ids=list(person_ids)))

    def owned_by_others(self, person_ids: Sequence[str], limit: int, offset: int) -> list[tuple[Handoff, Lead]]:
        """Accepted by anybody but these people, not ended and still worked: the last accepted first."""
        return self._page(q.OWNED_BY_OTHERS, limit, offset, the_ids=list(person_ids))

    def newest_of(self, person_id: str) -> str | None:
        """Id of the newest handoff offered to the person directly or owned by them."""
        found = self._value(q.NEWEST_OF, the_one=person_id)
        return None if found is None else str(found)

    def had_offered(self, person_id: str, at: datetime, newest: str, limit: int) -> list[tuple[Handoff, Lead]]:
        """Offered to the person directly at `at`, up to the handoff `newest`, and still: the longest waiting first."""
        return self._page(q.HAD_OFFERED, limit, 0, the_one=person_id, the_instant=at, the_newest=newest)

    def had_accepted(self, person_id: str, at: datetime, newest: str, limit: int) -> list[tuple[Handoff, Lead]]:
        """Accepted by the person by `at`, up to `newest`, not ended and still worked: the first accepted first."""
        return self._page(q.HAD_ACCEPTED, limit, 0, the_one=person_id, the_instant=at, the_newest=newest)

    def loads(self, person_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """For each of them how many leads are offered to them directly, and how many they accepted and still work."""
        found = dict.fromkeys(person_ids, (0, 0))
        if found:
            for row in self._all(q.LOADS, the_ids=list(found)):
                offers, accepted = found[row.person_id]
                found[row.person_id] = (offers + row.offers, accepted + row.accepted)
        return found

    def practised_by(self, person_id: str) -> Handoff | None:
        """The practice lead that waits for the person."""
        return self._one(q.PRACTISED_BY, person_id)

    def owned_practice_of(self, person_id: str) -> list[Handoff]:
        """The practice leads the person accepted and still has."""
        return [self._handoff(row) for row in self._all(q.OWNED_PRACTICE_OF, the_one=person_id)]

    def day_numbers(self, person_id: str, since: datetime) -> DayNumbers:
        """What was offered to the person, and what they decided, from `since` on."""
        decided = self._all(q.DAY_DECIDED, the_one=person_id, the_instant=since)
        waits = [(row.decided_at - row.offered_at).total_seconds() for row in decided if row.status is Status.ACCEPTED]
        return DayNumbers(
            offered=int(self._value(q.DAY_OFFERED, the_one=person_id, the_instant=since)),
            accepted=len(waits),
            rejected=sum(row.status is Status.REJECTED for row in decided),
            median_seconds_to_accept=statistics.median(waits) if waits else None,
        )

    def held_before(self, lead_id: str) -> set[str]:
        """The people who rejected, disqualified or released this lead, or let it expire; not who asked for it to come
        back to them. The last word of each counts."""
        people: set[str | None] = set()
        for row in self._all(q.HELD_BEFORE, the_one=lead_id):
            had_it = {row.rep_id} if row.end in (End.RELEASED, End.DISQUALIFIED) else {row.rep_id, row.decided_by}
            asked_for_it = bool((row.rejection or {}).get("again") or (row.extra or {}).get("again"))
            people = people - had_it if asked_for_it and row.end is not End.RELEASED else people | had_it
        return {person for person in people if person is not None}

    def _one(self, statement: sa.Executable, key: str) -> Handoff | None:
        row = self._first(statement, the_one=key)
        return None if row is None else self._handoff(row)

    def _page(self, statement: sa.Executable, limit: int, offset: int, **given: Any) -> list[tuple[Handoff, Lead]]:
        rows = self._all(statement, at_most=limit, skipped=offset, **given)
        return [(self._handoff(row[: q.WIDTH]), lead_of(row[q.WIDTH :])) for row in rows]

    def _handoff(self, row: Row | tuple[Any, ...]) -> Handoff:
        return handoff_of(row, self._tx.agreements.terms_of)

    def _save(self, statement: sa.Executable, handoff: Handoff) -> bool:
        parameters = {"the_one": handoff.id, "the_version": handoff.version - 1, **changes(_values(handoff))}
        return self._change(statement, parameters) == 1

    def _set_owner(self, lead_id: str, owner_id: str | None) -> None:
        self._change(q.SET_OWNER, {"the_one": lead_id, "new_owner_id": owner_id})


def handoff_of(row: Row | tuple[Any, ...], terms_of: Callable[[str], Terms]) -> Handoff:
    """The handoff of a row of every column of `handoffs`; `terms_of` tells the terms of an agreement."""
    values = dict(zip(q.NAMES, row, strict=True))
    reason, rest = values.pop("reason"), values.pop("rejection")
    values["rejection"] = None if reason is None else Rejection(reason=reason, **(rest or {}))
    return Handoff(**values, terms=terms_of(values["agreement_id"]))


def _values(handoff: Handoff) -> dict[str, Any]:
    values = values_of(handoff, without=("terms",))
    rejection = handoff.rejection
    values["reason"] = None if rejection is None else rejection.reason
    values["rejection"] = None if rejection is None else values_of(rejection, without=("reason",))
    return values
