"""The contract of storage about marketing's answers and disputes, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.dispute import About, Dispute, DisputeState, Opinion, Ruling
from bot.domain.handoff import Handoff
from bot.domain.person import Person, Side
from bot.domain.reject_answer import AnswerState, AnswerToReject, Asked
from bot.errors import LockstepError
from storage.database import Database
from storage.reject_answers import AnswerNumbers
from storage.transaction import Transaction
from tests.storage.samples import NOON, handoff, lead, person


def answer(tx: Transaction, of: Handoff, asked: Person | None, **given: Any) -> AnswerToReject:
    values: dict[str, Any] = {"reason": "low_intent", "asked_at": tx.now} | given
    made = AnswerToReject(handoff_id=of.id, lead_id=of.lead_id, asked_id=asked.id if asked else None, **values)
    tx.reject_answers.add(made)
    return made


def rejected(tx: Transaction, key: str, asked: Person | None, **given: Any) -> AnswerToReject:
    return answer(tx, handoff(tx, lead(tx, key), pool_channel="C1"), asked, **given)


def dispute(tx: Transaction, by: Person, **given: Any) -> Dispute:
    made_id = tx.new_id()
    values: dict[str, Any] = {
        "about": About.DEFINITION, "subject_id": "mql", "side": Side.MARKETING, "why": "Too low", "raised_at": tx.now,
        "to_arbiter_at": None, "case_id": made_id,
    } | given  # fmt: skip
    made = Dispute(id=made_id, raised_by=by.id, **values)
    tx.disputes.add(made)
    return made


async def test_an_answer_comes_back_as_it_was_stored_and_changed(db: Database) -> None:
    made = await db.run(lambda tx: rejected(tx, "C-1", person(tx)))
    assert await db.read(lambda tx: tx.reject_answers.get(made.handoff_id)) == made
    given = replace(
        made, state=AnswerState.DISPUTED, answered_by=made.asked_id, answered_at=NOON, said="“x”", missed_at=NOON,
        ruling=Ruling.UPHELD, asked=Asked.MANAGER,
    )  # fmt: skip
    await db.run(lambda tx: tx.reject_answers.save(given))
    assert await db.read(lambda tx: tx.reject_answers.many([made.handoff_id, "x"])) == {made.handoff_id: given}
    assert await db.read(lambda tx: tx.reject_answers.of_lead(made.lead_id)) == [given]
    assert await db.read(lambda tx: tx.reject_answers.get("nobody's")) is None


async def test_what_waits_is_listed_the_longest_waiting_first_and_nobodys_for_everybody(db: Database) -> None:
    def fill(tx: Transaction) -> tuple[str, list[str]]:
        mine, other = person(tx), person(tx, "Sam")
        late = rejected(tx, "C-1", mine, asked_at=NOON - timedelta(days=1))
        nobodys = rejected(tx, "C-2", None, asked_at=NOON - timedelta(days=2))
        rejected(tx, "C-3", other)
        done = rejected(tx, "C-4", mine)
        tx.reject_answers.save(replace(done, state=AnswerState.ACCEPTED, answered_at=NOON, answered_by=mine.id))
        return mine.id, [nobodys.handoff_id, late.handoff_id]

    mine, waiting = await db.run(fill)
    found = await db.read(lambda tx: tx.reject_answers.waiting([mine], 5))
    assert [one.handoff_id for one in found] == waiting
    assert await db.read(lambda tx: tx.reject_answers.count_waiting([mine])) == 2
    assert await db.read(lambda tx: tx.reject_answers.count_waiting(None)) == 3
    second = await db.read(lambda tx: tx.reject_answers.waiting([mine], 1, 1))
    assert [one.handoff_id for one in second] == waiting[1:]


async def test_an_answer_is_counted_by_its_instant_and_whether_it_was_in_time(db: Database) -> None:
    def fill(tx: Transaction) -> str:
        mine = person(tx)
        for number, (days, missed, state) in enumerate(
            [(0, False, AnswerState.ACCEPTED), (1, True, AnswerState.FIXED), (9, False, AnswerState.DISPUTED)]
        ):
            at = NOON - timedelta(days=days)
            made = rejected(tx, f"C-{number}", mine)
            missed_at = at if missed else None
            tx.reject_answers.save(
                replace(made, state=state, answered_at=at, answered_by=mine.id, missed_at=missed_at)
            )  # fmt: skip
        rejected(tx, "C-9", mine, missed_at=NOON)
        return mine.id

    mine = await db.run(fill)
    since = NOON - timedelta(days=7)
    expected = AnswerNumbers(answered=2, in_time=1, fixed=1, accepted=1, disputed=0, missed=2)
    assert await db.read(lambda tx: tx.reject_answers.numbers([mine], since)) == expected
    assert await db.read(lambda tx: tx.reject_answers.numbers(None, since)) == expected
    assert await db.read(lambda tx: tx.reject_answers.numbers(["x"], since)) == AnswerNumbers()


async def test_a_dispute_comes_back_with_its_opinions(db: Database) -> None:
    def fill(tx: Transaction) -> Dispute:
        sam, anna = person(tx, "Sam"), person(tx, "Anna")
        said = Opinion(person_id=anna.id, ruling=Ruling.UPHELD, sentence="<b>", at=NOON, for_id=sam.id)
        return dispute(tx, sam, against=anna.id, opinions={Side.SALES: said}, sales_manager_id=anna.id)

    made = await db.run(fill)
    assert await db.read(lambda tx: tx.disputes.get(made.id)) == made
    ruled = replace(
        made, state=DisputeState.RULED, ruling=Ruling.OVERTURNED, sentence="So.", decided_by=(made.raised_by,),
        decided_at=NOON,
    )  # fmt: skip
    await db.run(lambda tx: tx.disputes.save(ruled))
    assert await db.run(lambda tx: tx.disputes.lock_case(made.case_id)) == [ruled]
    assert await db.read(lambda tx: tx.disputes.of_case("none")) == []


async def test_a_reject_is_disputed_once(db: Database) -> None:
    def twice(tx: Transaction) -> None:
        sam = person(tx, "Sam")
        one = rejected(tx, "C-1", sam)
        for _ in range(2):
            dispute(tx, sam, about=About.REJECT, subject_id=one.handoff_id, lead_id=one.lead_id)

    with pytest.raises(LockstepError):
        await db.run(twice)


async def test_a_dispute_waits_for_who_has_not_said_anything_then_for_the_arbiter(db: Database) -> None:
    def fill(tx: Transaction) -> tuple[Dispute, list[str]]:
        people = [person(tx, name) for name in ("Sam", "Anna", "Carla", "Ada")]
        sam, anna, carla, _ = people
        made = dispute(tx, sam, sales_manager_id=anna.id, marketing_manager_id=carla.id)
        return made, [one.id for one in people]

    made, (sam, anna, carla, ada) = await db.run(fill)

    async def waits() -> list[str]:
        def read(tx: Transaction) -> list[str]:
            return [who for who in (sam, anna, carla, ada) if tx.disputes.count_waiting_for([who], rules=False)]

        return await db.read(read)

    assert await waits() == [anna, carla]
    said = Opinion(person_id=anna, ruling=Ruling.UPHELD, sentence="No.", at=NOON)
    made = replace(made, opinions={Side.SALES: said})
    await db.run(lambda tx: tx.disputes.save(made))
    assert await waits() == [carla]
    made = replace(made, state=DisputeState.WITH_ARBITER)
    await db.run(lambda tx: tx.disputes.save(made))
    assert await waits() == []
    assert await db.read(lambda tx: tx.disputes.waiting_for([ada], 5, rules=True)) == [made], "nobody is arbiter yet"
    await db.run(lambda tx: tx.disputes.save(replace(made, arbiter_id=ada)))
    assert await waits() == [ada]
    assert await db.read(lambda tx: tx.disputes.waiting_for([sam], 5, rules=True)) == []


async def test_what_somebody_raised_is_found_and_open_once_about_the_same(db: Database) -> None:
    sam = await db.run(lambda tx: person(tx, "Sam"))
    made = await db.run(lambda tx: dispute(tx, sam))
    since = NOON - timedelta(days=1)
    assert await db.read(lambda tx: tx.disputes.raised_by(sam.id, since, 5)) == [made]
    assert await db.read(lambda tx: tx.disputes.count_raised_by(sam.id, NOON + timedelta(days=1))) == 0
    assert await db.read(lambda tx: tx.disputes.is_open_about("mql", sam.id))
    assert not await db.read(lambda tx: tx.disputes.is_open_about("sql", sam.id))
    await db.run(lambda tx: tx.disputes.save(replace(made, state=DisputeState.TAKEN_BACK, decided_at=NOON)))
    assert not await db.read(lambda tx: tx.disputes.is_open_about("mql", sam.id))
    numbers = await db.read(lambda tx: tx.disputes.numbers(since))
    assert (numbers.raised, numbers.upheld, numbers.overturned) == (1, 0, 0)
