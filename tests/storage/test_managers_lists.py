"""What managers' Home lists: leads that nobody could be offered, and accepted ones by whether their owner is there."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.lead import Lead, Stage
from bot.domain.person import SlackFlags
from bot.domain.post import Timer, TimerKind
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, StandingClock, accepted, handoff, lead, move, person, take_due


def unrouted(tx: Transaction, external_id: str, after_minutes: int = 60, **given: object) -> Lead:
    one = lead(tx, external_id, **given)
    tx.timers.set(TimerKind.UNROUTED, one.id, tx.now + timedelta(minutes=after_minutes))
    return one


def owned(tx: Transaction, external_id: str, owner: str, minutes: int = 0, stage: Stage = Stage.SAL) -> str:
    one = lead(tx, external_id)
    made = accepted(handoff(tx, one, rep_id=owner), owner, tx.now + timedelta(minutes=minutes))
    tx.handoffs.decide(made)
    move(tx, one, stage)
    return made.id


async def test_unrouted_leads_are_listed_the_oldest_first(db: Database) -> None:
    made = await db.run(lambda tx: [unrouted(tx, str(number)) for number in range(3)])
    assert await db.read(lambda tx: tx.leads.unrouted(2, 0)) == made[:2]
    assert await db.read(lambda tx: tx.leads.unrouted(2, 2)) == made[2:]
    assert await db.read(lambda tx: tx.leads.count_unrouted()) == 3


async def test_a_lead_that_somebody_has_is_not_unrouted_whatever_its_timer_says(db: Database) -> None:
    def store(tx: Transaction) -> None:
        rep = person(tx).id
        handoff(tx, unrouted(tx, "offered"), rep_id=rep)
        tx.handoffs.decide(accepted(handoff(tx, unrouted(tx, "owned"), rep_id=rep), rep, tx.now))
        unrouted(tx, "back with marketing", stage=Stage.RECYCLED)

    await db.run(store)
    assert await db.read(lambda tx: tx.leads.unrouted(9, 0)) == []
    assert await db.read(lambda tx: tx.leads.count_unrouted()) == 0


async def test_hurrying_takes_the_next_in_turn_and_no_more_than_it_may(db: Database, clock: StandingClock) -> None:
    def store(tx: Transaction) -> list[Lead]:
        tx.timers.set(TimerKind.BACK, "somebody", tx.now + timedelta(minutes=1))
        return [unrouted(tx, str(minutes), minutes) for minutes in (30, 10, 20)]

    made = await db.run(store)
    await db.run(lambda tx: tx.timers.hurry_unrouted(2))

    def due(tx: Transaction) -> list[Timer]:
        taken = [take_due(tx) for _ in range(3)]
        return [timer for timer in taken if timer is not None]

    assert {timer.subject_id for timer in await db.run(due)} == {made[1].id, made[2].id}


async def test_hurrying_does_not_put_off_what_is_due_already(db: Database, clock: StandingClock) -> None:
    made = await db.run(unrouted, "1", -5)
    await db.run(lambda tx: tx.timers.hurry_unrouted(2))
    timer = await db.read(lambda tx: tx.timers.get(TimerKind.UNROUTED, made.id))
    assert timer is not None
    assert timer.due_at == NOON - timedelta(minutes=5)


async def test_absent_is_who_worked_with_leads_and_is_not_there(db: Database) -> None:
    def store(tx: Transaction) -> set[str]:
        person(tx, "there", email="a@example.com")
        person(tx, "a stranger who clicked", slack_id="U9", on_roster=False)
        return {
            person(tx, "away", email="b@example.com", away_since=NOON).id,
            person(tx, "gone", email="c@example.com", on_roster=False).id,
            person(tx, "deactivated", email="d@example.com", flags=SlackFlags(is_deleted=True)).id,
            person(tx, "a guest", email="e@example.com", flags=SlackFlags(is_guest=True)).id,
        }

    absent = await db.run(store)
    assert {one.id for one in await db.read(lambda tx: tx.people.absent())} == absent


async def test_accepted_leads_are_told_apart_by_their_owner_the_last_accepted_first(db: Database) -> None:
    def store(tx: Transaction) -> tuple[str, list[str], list[str]]:
        here, gone = person(tx).id, person(tx).id
        theirs = [owned(tx, f"gone-{minutes}", gone, minutes) for minutes in (1, 3)]
        others = [owned(tx, f"here-{minutes}", here, minutes) for minutes in (2, 4)]
        owned(tx, "won", gone, stage=Stage.WON)
        handoff(tx, lead(tx, "offered"), rep_id=gone)
        return gone, theirs, others

    gone, theirs, others = await db.run(store)

    def ids(tx: Transaction) -> tuple[list[str], list[str], list[str], int]:
        absent = [one.id for one, _ in tx.handoffs.owned_by_absent([gone], 9, 0)]
        rest = [one.id for one, _ in tx.handoffs.owned_by_others([gone], 9, 0)]
        every = [one.id for one, _ in tx.handoffs.owned_by_others([], 9, 0)]
        return absent, rest, every, tx.handoffs.count_owned_by_absent([gone])

    absent, rest, every, count = await db.read(ids)
    assert (absent, count) == (theirs[::-1], 2)
    assert rest == others[::-1]
    assert every == [others[1], theirs[1], others[0], theirs[0]]
    assert await db.read(lambda tx: tx.handoffs.owned_by_absent([], 9, 0)) == []
