"""Versions of the agreement on both databases: all of it comes back, what it says never changes, two sign at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.agreement_document import DEFAULT_DOCUMENT, Agreement
from bot.domain.ladder import Mode
from bot.domain.person import Person, Role, Side, SlackFlags
from bot.domain.signing import Reply, Signature, Signing, State, Wish
from bot.services import agreements
from bot.services.agreements import SignAgreement
from storage.agreements import _SAVE
from storage.database import Database
from storage.transaction import Transaction
from tests.handlers.test_agreement_file import CHANGED
from tests.storage.samples import NOON, StandingClock, person

DAY = timedelta(days=1)


def proposed(tx: Transaction, **changed: object) -> Agreement:
    by = person(tx, "Anna").id
    signing = Signing(state=State.PROPOSED, proposed_by=by, proposed_at=tx.now, from_at=tx.now)
    signing = replace(signing, **changed)  # type: ignore[arg-type]
    agreement = Agreement(
        id=tx.new_id(),
        version=tx.agreements.newest_version() + 1,
        document=CHANGED,
        signing=signing,
        in_force_from=signing.in_force_at,
    )
    tx.agreements.add(agreement)
    return agreement


async def test_a_version_comes_back_whole_with_where_its_signing_stands(db: Database) -> None:
    signature = Signature(person_id="p-1", at=NOON, for_id="p-2")
    stored = await db.run(
        lambda tx: proposed(
            tx,
            state=State.SUSPENDED,
            signatures={Side.SALES: signature},
            in_force_at=NOON,
            ended_at=NOON + DAY,
            wish=Wish.END,
            wished={Side.MARKETING: signature},
            review_at=NOON + DAY,
            replies=(Reply(person_id="p-1", at=NOON, text="“<b>”"), Reply(person_id="p-2", at=NOON, counter_id="a-9")),
        )
    )
    assert await db.read(lambda tx: tx.agreements.get(stored.id)) == stored
    assert await db.read(lambda tx: tx.agreements.by_version(1)) == stored
    assert await db.run(lambda tx: tx.agreements.lock(stored.id)) == stored


async def test_version_0_has_the_shipped_words_and_no_signing(db: Database) -> None:
    found = await db.read(lambda tx: tx.agreements.by_version(0))
    assert found is not None
    assert (found.document, found.signing) == (DEFAULT_DOCUMENT, None)
    assert await db.read(lambda tx: tx.agreements.mode(found.id)) is Mode.TRIAL


async def test_no_statement_changes_what_a_version_says(db: Database) -> None:
    changed = {name.removeprefix("new_") for name in _SAVE.compile().params}
    assert "state" in changed
    assert not changed & {"terms", "document", "version", "id"}
    stored = await db.run(proposed)
    assert stored.signing is not None
    other = replace(stored, document=DEFAULT_DOCUMENT, signing=replace(stored.signing, state=State.WITHDRAWN))
    await db.run(lambda tx: tx.agreements.save_signing(other))
    found = await db.read(lambda tx: tx.agreements.get(stored.id))
    assert found is not None
    assert (found.document, found.signing) == (stored.document, other.signing)


async def test_a_version_without_an_instant_is_never_in_force_and_one_with_from_it_on(
    db: Database, clock: StandingClock
) -> None:
    await db.run(proposed)
    signed = await db.run(lambda tx: proposed(tx, state=State.SIGNED, in_force_at=tx.now + DAY))
    assert len(await db.read(lambda tx: tx.agreements.pending())) == 2
    assert (await db.read(lambda tx: tx.agreements.in_force())).version == 0
    clock.advance(days=1)
    assert (await db.read(lambda tx: tx.agreements.in_force())).id == signed.id
    assert await db.read(lambda tx: tx.agreements.mode(signed.id)) is Mode.ENFORCED


def two_managers(tx: Transaction) -> str:
    for name, side in (("Anna", Side.SALES), ("Mona", Side.MARKETING)):
        tx.people.add(
            Person(
                id=name,
                name=name,
                side=side,
                roles=frozenset({Role.MANAGER}),
                slack_id=f"U{name.upper()}",
                flags=SlackFlags(checked_at=tx.now),
            )
        )
    anna = tx.people.get("Anna")
    assert anna is not None
    return agreements.propose(tx, anna, CHANGED_WITHOUT_PEOPLE, None).id


CHANGED_WITHOUT_PEOPLE = replace(CHANGED, contacts={}, arbiter=None)


@pytest.mark.parametrize("_", range(3))
async def test_two_who_sign_at_once_both_sign_and_it_is_in_force_once(db: Database, _: int) -> None:
    agreement_id = await db.run(two_managers)
    both = (SignAgreement(by=by, agreement_id=agreement_id) for by in ("UANNA", "UMONA"))
    await asyncio.gather(*(db.run(agreements.sign_agreement, one) for one in both))
    found = await db.read(lambda tx: tx.agreements.get(agreement_id))
    assert found is not None
    assert found.signing is not None
    assert (found.signing.state, set(found.signing.signatures)) == (State.IN_FORCE, {Side.SALES, Side.MARKETING})

    def began(tx: Transaction) -> int:
        said = sa.text("SELECT count(*) FROM events WHERE kind = 'agreement.in_force'")
        return int(tx.agreements._connection.execute(said).scalar() or 0)

    assert await db.read(began) == 1
