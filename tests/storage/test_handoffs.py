"""Handoffs: stored whole, decided once, ended once, counted right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.agreement_document import Agreement, Document
from bot.domain.handoff import End, Handoff, Opened, Rejection, Status
from bot.domain.lead import Lead, Stage
from bot.errors import Stale, StorageError
from storage.database import Database
from storage.handoffs import DayNumbers
from storage.transaction import Transaction
from tests.storage.samples import NOON, StandingClock, accepted, handoff, lead, move, person, rejected


@dataclass(frozen=True)
class Offer:
    lead: Lead
    handoff: Handoff


def offer(tx: Transaction, rep_id: str | None = None, pool: str | None = None, **given: object) -> Offer:
    one = lead(tx, tx.new_id())
    return Offer(one, handoff(tx, one, rep_id=rep_id, pool_channel=pool, **given))


@pytest.fixture
async def rep(db: Database) -> str:
    return (await db.run(person, "Ines Duarte")).id


@pytest.fixture
async def colleague(db: Database) -> str:
    return (await db.run(person, "Jon Berg")).id


async def test_a_handoff_comes_back_as_stored(db: Database, rep: str) -> None:
    def store(tx: Transaction) -> tuple[Handoff, Handoff]:
        one = lead(tx)
        first = handoff(tx, one, rep_id=rep)
        tx.handoffs.decide(rejected(first, rep, tx.now))
        terms = replace(DEFAULT_TERMS, criteria=(), criteria_needed=2)
        later = Agreement(id=tx.new_id(), version=1, document=Document(terms=terms), in_force_from=tx.now)
        tx.agreements.add(later)
        return first, handoff(
            tx, one, rep_id=rep, pool_channel="C1", opened=Opened.REROUTED, predecessor_id=first.id,
            routed_because="Rule “Europe”", engaged_at=tx.now, note="why", extra={"a": [1]},
            agreement_id=later.id, terms=terms,
        )  # fmt: skip

    _, stored = await db.run(store)
    assert await db.read(lambda tx: tx.handoffs.get(stored.id)) == stored
    assert await db.run(lambda tx: tx.handoffs.lock(stored.id)) == stored


async def test_the_terms_of_many_handoffs_are_read_once(db: Database, rep: str) -> None:
    def store_and_look(tx: Transaction) -> list[str]:
        made = [offer(tx, rep).handoff for _ in range(3)]
        sent: list[str] = []
        note = lambda _connection, _cursor, statement, *_: sent.append(statement)  # noqa: E731
        sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
        try:
            found = [tx.handoffs.get(one.id) for one in made] + [one for one, _ in tx.handoffs.waiting(3, 0)]
        finally:
            sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
        assert all(one is not None and one.terms == DEFAULT_TERMS for one in found)
        return [statement for statement in sent if "agreements" in statement]

    assert len(await db.run(store_and_look)) == 1
    assert await db.run(store_and_look) == []


async def test_the_whole_rejection_comes_back(db: Database, rep: str) -> None:
    made = await db.run(offer, rep)
    given = Rejection(reason="other", comment="<b>", recycle_on="2026-12-01", person_id=rep, text="“x”")
    decided = replace(rejected(made.handoff, rep, NOON), rejection=given)
    assert await db.run(lambda tx: tx.handoffs.decide(decided))
    found = await db.read(lambda tx: tx.handoffs.get(made.handoff.id))
    assert found == decided


async def test_a_handoff_is_decided_once(db: Database, rep: str, colleague: str) -> None:
    made = await db.run(offer, pool="C1")
    assert await db.run(lambda tx: tx.handoffs.decide(accepted(made.handoff, rep, tx.now)))
    assert not await db.run(lambda tx: tx.handoffs.decide(accepted(made.handoff, colleague, tx.now)))
    assert not await db.run(lambda tx: tx.handoffs.decide(rejected(made.handoff, colleague, tx.now)))
    found = await db.read(lambda tx: tx.handoffs.get(made.handoff.id))
    assert found is not None
    assert found.rep_id == rep


async def test_a_decision_on_an_old_version_changes_nothing(db: Database, rep: str) -> None:
    made = await db.run(offer, rep)
    await db.run(lambda tx: tx.handoffs.save(replace(made.handoff, note="x", version=2)))
    assert not await db.run(lambda tx: tx.handoffs.decide(accepted(made.handoff, rep, tx.now)))


async def test_an_accepted_handoff_ends_once(db: Database, rep: str) -> None:
    made = await db.run(offer, rep)
    taken = accepted(made.handoff, rep, NOON)
    ended = replace(taken, end=End.RELEASED, ended_at=NOON, version=taken.version + 1)
    assert not await db.run(lambda tx: tx.handoffs.finish(ended))
    await db.run(lambda tx: tx.handoffs.decide(taken))
    assert await db.run(lambda tx: tx.handoffs.finish(ended))
    assert not await db.run(lambda tx: tx.handoffs.finish(ended))
    assert await db.read(lambda tx: tx.handoffs.get(made.handoff.id)) == ended


async def test_saving_can_change_neither_decision_nor_end_nor_lead(db: Database, rep: str) -> None:
    made = await db.run(offer, rep)
    other = await db.run(lead, "other")
    noted = replace(made.handoff, note="x", version=2)
    await db.run(lambda tx: tx.handoffs.save(noted))
    assert await db.read(lambda tx: tx.handoffs.get(noted.id)) == noted
    for wrong in (
        accepted(noted, rep, NOON),
        replace(noted, version=3, lead_id=other.id),
        replace(noted, version=3, end=End.UNDONE, ended_at=NOON),
        replace(noted, version=2),
    ):
        with pytest.raises(Stale):
            await db.run(lambda tx, wrong=wrong: tx.handoffs.save(wrong))


@pytest.mark.parametrize("reason", [None, ""])
async def test_no_path_stores_a_reject_without_a_reason(db: Database, rep: str, reason: str | None) -> None:
    made = await db.run(offer, rep)
    rejection = None if reason is None else Rejection(reason=reason)
    with pytest.raises(StorageError):
        await db.run(lambda tx: tx.handoffs.decide(replace(rejected(made.handoff, rep, NOON), rejection=rejection)))
    with pytest.raises(StorageError):
        await db.run(
            lambda tx: tx.handoffs.add(replace(rejected(made.handoff, rep, NOON), id=tx.new_id(), rejection=rejection))
        )


async def test_a_lead_has_at_most_one_open_offer_and_one_owner(db: Database, rep: str) -> None:
    made = await db.run(offer, rep)
    with pytest.raises(StorageError):
        await db.run(lambda tx: handoff(tx, made.lead, rep_id=rep))
    await db.run(lambda tx: tx.handoffs.decide(accepted(made.handoff, rep, tx.now)))
    second = await db.run(lambda tx: handoff(tx, made.lead, rep_id=rep))
    with pytest.raises(StorageError):
        await db.run(lambda tx: tx.handoffs.decide(accepted(second, rep, tx.now)))


async def test_a_lead_knows_its_handoffs(db: Database, rep: str, clock: StandingClock) -> None:
    made = await db.run(offer, rep)
    taken = accepted(made.handoff, rep, NOON)
    await db.run(lambda tx: tx.handoffs.decide(taken))
    clock.advance(minutes=1)
    second = await db.run(lambda tx: handoff(tx, made.lead, pool_channel="C1", predecessor_id=taken.id))
    lead_id = made.lead.id
    assert await db.read(lambda tx: tx.handoffs.owned_of(lead_id)) == taken
    assert await db.read(lambda tx: tx.handoffs.offered_of(lead_id)) == second
    assert await db.read(lambda tx: tx.handoffs.latest_of(lead_id)) == second
    assert await db.read(lambda tx: tx.handoffs.of_lead(lead_id)) == [taken, second]


async def test_a_person_holds_what_is_offered_to_them_and_what_they_still_work(
    db: Database, rep: str, colleague: str
) -> None:
    async def held() -> tuple[int, dict[str, int]]:
        return (
            await db.read(lambda tx: tx.handoffs.held_by(rep)),
            await db.read(lambda tx: tx.handoffs.held_by_many([rep, colleague])),
        )

    first = await db.run(offer, rep)
    second = await db.run(offer, rep)
    await db.run(offer, None, "C1")
    assert await held() == (2, {rep: 2, colleague: 0})
    taken = accepted(first.handoff, rep, NOON)
    await db.run(lambda tx: tx.handoffs.decide(taken))
    one = await db.run(move, first.lead, Stage.SAL)
    assert (await held())[0] == 2
    qualified = await db.run(move, one, Stage.SQL)
    assert (await held())[0] == 1
    await db.run(move, qualified, Stage.RECYCLED)
    await db.run(lambda tx: tx.handoffs.decide(rejected(second.handoff, rep, NOON)))
    assert (await held())[0] == 0

    third = await db.run(offer, rep)
    taken = accepted(third.handoff, rep, NOON)
    await db.run(lambda tx: tx.handoffs.decide(taken))
    assert (await held())[0] == 1
    ended = replace(taken, end=End.UNDONE, ended_at=NOON, version=3)
    await db.run(lambda tx: tx.handoffs.finish(ended))
    assert (await held())[0] == 0
    assert await db.read(lambda tx: tx.handoffs.held_by_many([])) == {}


async def test_lists_are_paged_in_their_order(db: Database, rep: str, colleague: str, clock: StandingClock) -> None:
    direct, pooled = [], []
    for n in range(5):
        clock.advance(minutes=1)
        direct.append(await db.run(offer, rep))
        clock.advance(minutes=1)
        pooled.append(await db.run(offer, None, f"C{n % 2}"))
    await db.run(offer, colleague)

    def ids(page: list[tuple[Handoff, Lead]]) -> list[str]:
        assert all(one.lead_id == of.id for one, of in page)
        return [one.id for one, _ in page]

    to_rep = [made.handoff.id for made in direct]
    in_pools = [made.handoff.id for made in pooled]
    assert ids(await db.read(lambda tx: tx.handoffs.offered_to(rep, 3, 0))) == to_rep[:3]
    assert ids(await db.read(lambda tx: tx.handoffs.offered_to(rep, 3, 3))) == to_rep[3:]
    assert await db.read(lambda tx: tx.handoffs.count_offered_to(rep)) == 5
    assert ids(await db.read(lambda tx: tx.handoffs.offered_in_pools(["C0", "C1"], 9, 0))) == in_pools
    assert ids(await db.read(lambda tx: tx.handoffs.offered_in_pools(["C1"], 9, 1))) == [in_pools[3]]
    assert await db.read(lambda tx: tx.handoffs.count_offered_in_pools(["C0"])) == 3
    assert await db.read(lambda tx: tx.handoffs.count_offered_in_pools([])) == 0
    both = sorted(to_rep + in_pools[1::2])
    assert ids(await db.read(lambda tx: tx.handoffs.needs(rep, ["C1"], 20, 0))) == both
    assert await db.read(lambda tx: tx.handoffs.count_needs(rep, ["C1"])) == 7
    assert await db.read(lambda tx: tx.handoffs.count_needs(rep, [])) == 5
    assert len(await db.read(lambda tx: tx.handoffs.waiting(100, 0))) == 11
    assert await db.read(lambda tx: tx.handoffs.count_waiting()) == 11

    for made in direct:
        clock.advance(minutes=1)
        await db.run(lambda tx, made=made: tx.handoffs.decide(accepted(made.handoff, rep, tx.now)))
    assert ids(await db.read(lambda tx: tx.handoffs.owned_by(rep, 2, 1))) == [to_rep[3], to_rep[2]]
    assert await db.read(lambda tx: tx.handoffs.count_owned_by(rep)) == 5


async def test_a_days_numbers_leave_out_what_was_undone_and_what_was_before(
    db: Database, rep: str, clock: StandingClock
) -> None:
    await db.run(offer, rep)
    clock.advance(days=1)
    morning = clock.now()
    quick, slow, refused, undone, _ = [await db.run(offer, rep) for _ in range(5)]
    clock.advance(seconds=10)
    await db.run(lambda tx: tx.handoffs.decide(accepted(quick.handoff, rep, tx.now)))
    await db.run(lambda tx: tx.handoffs.decide(rejected(refused.handoff, rep, tx.now)))
    taken = accepted(undone.handoff, rep, clock.now())
    await db.run(lambda tx: tx.handoffs.decide(taken))
    await db.run(lambda tx: tx.handoffs.finish(replace(taken, end=End.UNDONE, ended_at=tx.now, version=3)))
    clock.advance(seconds=50)
    await db.run(lambda tx: tx.handoffs.decide(accepted(slow.handoff, rep, tx.now)))

    numbers = await db.read(lambda tx: tx.handoffs.day_numbers(rep, morning))
    assert numbers == DayNumbers(offered=4, accepted=2, rejected=1, median_seconds_to_accept=35.0)
    later = await db.read(lambda tx: tx.handoffs.day_numbers(rep, morning + timedelta(days=1)))
    assert later == DayNumbers(offered=0, accepted=0, rejected=0, median_seconds_to_accept=None)


async def test_who_rejected_or_released_a_lead_had_it_before(
    db: Database, rep: str, colleague: str, clock: StandingClock
) -> None:
    made = await db.run(offer, rep)
    third = (await db.run(person, "Kim Ito")).id
    await db.run(lambda tx: tx.handoffs.decide(rejected(made.handoff, rep, tx.now)))
    second = await db.run(lambda tx: handoff(tx, made.lead, rep_id=colleague))
    taken = accepted(second, colleague, NOON)
    await db.run(lambda tx: tx.handoffs.decide(taken))
    await db.run(lambda tx: tx.handoffs.finish(replace(taken, end=End.RELEASED, ended_at=tx.now, version=3)))
    pooled = await db.run(lambda tx: handoff(tx, made.lead, pool_channel="C1"))
    taken = accepted(pooled, third, NOON)
    await db.run(lambda tx: tx.handoffs.decide(taken))
    await db.run(lambda tx: tx.handoffs.finish(replace(taken, end=End.UNDONE, ended_at=tx.now, version=3)))
    assert await db.read(lambda tx: tx.handoffs.held_before(made.lead.id)) == {rep, colleague}


async def test_who_disqualified_a_lead_had_it_before_unless_they_asked_for_it_again(
    db: Database, rep: str, colleague: str, clock: StandingClock
) -> None:
    made = await db.run(offer, rep)
    taken = accepted(made.handoff, rep, NOON)
    ended = replace(taken, end=End.DISQUALIFIED, ended_at=NOON, version=3)
    await db.run(lambda tx: tx.handoffs.decide(taken))
    await db.run(lambda tx: tx.handoffs.finish(ended))
    assert await db.read(lambda tx: tx.handoffs.held_before(made.lead.id)) == {rep}
    await db.run(lambda tx: tx.handoffs.save(replace(ended, extra={"again": True}, version=4)))
    second = await db.run(lambda tx: handoff(tx, made.lead, rep_id=colleague))
    await db.run(lambda tx: tx.handoffs.decide(rejected(second, colleague, tx.now)))
    assert await db.read(lambda tx: tx.handoffs.held_before(made.lead.id)) == {colleague}


async def test_version_0_of_the_agreement_is_in_force_and_not_signed(db: Database) -> None:
    found = await db.read(lambda tx: tx.agreements.in_force())
    assert (found.version, found.terms, found.signing) == (0, DEFAULT_TERMS, None)
    later = replace(found, id="a-1", version=1, in_force_from=NOON)
    future = replace(found, id="a-2", version=2, in_force_from=NOON + timedelta(days=1))
    await db.run(lambda tx: (tx.agreements.add(later), tx.agreements.add(future)))
    assert await db.read(lambda tx: tx.agreements.in_force()) == later
    assert await db.read(lambda tx: tx.agreements.get("a-2")) == future


async def test_a_status_is_one_of_its_words(db: Database, rep: str) -> None:
    assert {status.value for status in Status} == {"offered", "accepted", "rejected", "expired", "withdrawn"}
    made = await db.run(offer, rep)
    with pytest.raises(StorageError):
        await db.run(lambda tx: tx.handoffs.decide(replace(made.handoff, status=Status.EXPIRED, version=2)))
