"""Signatures and changed reasons at the same moment, on PostgreSQL: one version holds, and it is that of whoever
came last."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.agreement_document import Agreement
from bot.domain.person import Role, Side
from bot.domain.signing import State
from bot.errors import LockstepError, Refused
from bot.services import agreements, reject_reasons
from bot.services.agreements import SignAgreement
from storage.database import run_now
from storage.transaction import Transaction
from tests.services.test_agreements import MANAGER, MONA, faster
from tests.services.test_reject_reasons import SMALL
from tests.services.world import StandingClock, person, populate

Work = Callable[[Transaction], object]


def two_proposals(tx: Transaction) -> list[str]:
    """Both have the signature of sales."""
    populate(tx)
    tx.people.add(person(7, "Mona", Role.MANAGER, Side.MARKETING))
    manager = tx.people.by_slack_id(MANAGER)
    assert manager is not None
    made = [agreements.propose(tx, manager, faster(minutes=minutes), None).id for minutes in (10, 12)]
    for one in made:
        agreements.sign_agreement(tx, SignAgreement(by=MANAGER, agreement_id=one))
    return made


def signs(agreement_id: str) -> Work:
    """The last signatures: that of marketing, and that of sales where it counts no more."""

    def both(tx: Transaction) -> None:
        for by in (MONA, MANAGER):
            found = tx.agreements.get(agreement_id)
            if by == MONA or (found and found.signing and found.signing.missing()):
                agreements.sign_agreement(tx, SignAgreement(by=by, agreement_id=agreement_id))

    return both


def saves_a_reason(tx: Transaction) -> None:
    reject_reasons.save_reason(tx, SMALL)


def at(seconds: int) -> StandingClock:
    clock = StandingClock()
    clock.advance(timedelta(seconds=seconds))
    return clock


def at_once(url: str, first: Work, second: Work, second_began: int) -> list[LockstepError]:
    """`second` starts when `first` (five seconds on) has done its work and not committed yet, in a transaction that
    began at `second_began`. What either raised."""
    done, over = threading.Event(), threading.Event()
    raised: list[LockstepError] = []

    def holding(tx: Transaction) -> None:
        first(tx)
        done.set()
        over.wait(0.5)  # for ever, if nobody else held the second up

    def run(work: Work, seconds: int) -> None:
        try:
            run_now(url, at(seconds), work)
        except LockstepError as error:
            raised.append(error)

    def follow() -> None:
        done.wait(10)
        run(second, second_began)
        over.set()

    threads = [threading.Thread(target=run, args=(holding, 5)), threading.Thread(target=follow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def versions(url: str) -> tuple[int, list[Agreement]]:
    """The version in force a moment later, its timers fired; and all of them."""

    def look(tx: Transaction) -> tuple[int, list[Agreement]]:
        for one in tx.agreements.all():
            agreements.start(tx, one.id)
        return tx.agreements.in_force().version, tx.agreements.all()

    return run_now(url, at(9), look)


@pytest.mark.postgres
@pytest.mark.parametrize("began", [4, 6])
@pytest.mark.parametrize("last", [0, 1])
def test_of_two_last_signatures_at_once_the_second_is_in_force_and_the_first_replaced(
    postgres_url_migrated: str, last: int, began: int
) -> None:
    url = postgres_url_migrated
    proposals = run_now(url, at(0), two_proposals)
    assert at_once(url, signs(proposals[1 - last]), signs(proposals[last]), began) == []
    present, found = versions(url)
    assert present == last + 1
    states = [one.signing.state for one in found if one.signing is not None]
    assert states == ([State.IN_FORCE, State.REPLACED] if last == 0 else [State.REPLACED, State.IN_FORCE])


@pytest.mark.postgres
@pytest.mark.parametrize("began", [4, 6])
def test_a_reason_saved_while_the_last_signature_comes_is_refused_and_the_agreement_holds(
    postgres_url_migrated: str, began: int
) -> None:
    url = postgres_url_migrated
    first, _ = run_now(url, at(0), two_proposals)
    (refused,) = at_once(url, signs(first), saves_a_reason, began)
    assert isinstance(refused, Refused)
    assert "is signed by both teams" in str(refused)
    assert versions(url)[0] == 1


@pytest.mark.postgres
@pytest.mark.parametrize("began", [4, 6])
def test_the_last_signature_while_a_reason_is_saved_is_in_force_after_it(
    postgres_url_migrated: str, began: int
) -> None:
    url = postgres_url_migrated
    first, _ = run_now(url, at(0), two_proposals)
    assert at_once(url, saves_a_reason, signs(first), began) == []
    present, found = versions(url)
    assert (present, len(found)) == (1, 4)
