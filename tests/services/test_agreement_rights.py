"""Who decides about the agreement: the arbiter it names, whoever stands in for them, and never one side alone."""

from __future__ import annotations

import pytest

from bot.domain.agreement_document import Agreement
from bot.domain.person import Role, Side
from bot.domain.signing import State, Wish
from bot.errors import Refused
from bot.services import agreement_shown, agreements
from bot.views.agreement_forms import more_form
from tests.services.test_agreements import (
    ARBITER,
    DAY,
    LENA,
    MANAGER,
    MONA,
    faster,
    notice,
    propose,
    seen_again,
    sign,
    signed,
    state,
    teams,
    wish,
)
from tests.services.world import INES, JONAS, World

__all__ = ["teams"]


async def may_change(world: World, agreement: Agreement, by: str) -> bool:
    shown = await world.db.read(agreement_shown.load_agreement, by, agreement.id)
    assert shown.notice is not None
    return shown.notice.may_change


async def away(world: World, person_id: str, deputy_id: str) -> None:
    await world.db.run(lambda tx: tx.people.set_deputy(person_id, deputy_id))
    await world.change(person_id, away_since=world.clock.now())


async def test_the_arbiter_the_agreement_names_decides_and_nobody_with_the_role_alone(teams: World) -> None:
    agreement = await signed(teams, document=faster(arbiter="ines@example.com"))
    assert (await may_change(teams, agreement, INES), await may_change(teams, agreement, ARBITER)) == (True, False)
    with pytest.raises(Refused, match="Only managers"):
        await wish(teams, agreement, ARBITER, Wish.END)
    form = await teams.db.read(agreement_shown.load_change_form, INES, agreement.id)
    assert (form.sides, form.wishes) == ((), (Wish.SUSPEND, Wish.END))
    await wish(teams, agreement, INES, Wish.SUSPEND)
    assert await state(teams, agreement) is State.SUSPENDED


async def test_the_deputy_of_an_absent_arbiter_decides_for_them(teams: World) -> None:
    agreement = await signed(teams)
    assert await may_change(teams, agreement, JONAS) is False
    await away(teams, "p9", "p1")
    assert await may_change(teams, agreement, JONAS) is True
    await wish(teams, agreement, JONAS, Wish.END)
    assert await state(teams, agreement) is State.ENDED


@pytest.mark.parametrize("named", [None, "anna@example.com"])
async def test_a_manager_of_one_side_speaks_for_it_whatever_else_they_are(teams: World, named: str | None) -> None:
    await teams.change("p4", roles=frozenset({Role.MANAGER, Role.ARBITER}))
    agreement = await signed(teams, document=faster(arbiter=named))
    await wish(teams, agreement, MANAGER, Wish.END)
    assert (await state(teams, agreement), (await notice(teams, agreement, MONA)).wish) == (State.IN_FORCE, Wish.END)
    await wish(teams, agreement, MANAGER, None)
    await away(teams, "p9", "p7")  # a manager of marketing stands in for the arbiter
    await wish(teams, agreement, MONA, Wish.SUSPEND)
    assert (await state(teams, agreement), (await notice(teams, agreement, MANAGER)).wish) == (
        State.IN_FORCE, Wish.SUSPEND,
    )  # fmt: skip


async def test_who_stands_in_for_a_manager_that_signed_can_still_sign_for_their_own_side(teams: World) -> None:
    agreement = await propose(teams)
    await sign(teams, agreement, MONA)
    await away(teams, "p7", "p4")  # the manager of sales stands in for the one of marketing, who has signed
    assert (await notice(teams, agreement, MANAGER)).may_sign is True
    form = await teams.db.read(agreement_shown.load_sign_form, MANAGER, agreement.id)
    assert form.sides == (Side.SALES,)
    home = await teams.db.read(lambda tx: tx.people.get("p4"))
    assert home is not None
    assert (await teams.db.read(agreement_shown.standing, home)).waits == 1
    await sign(teams, agreement, MANAGER)
    assert await state(teams, agreement) is State.IN_FORCE


async def test_why_somebody_cannot_sign_is_said_as_it_is(teams: World) -> None:
    agreement = await propose(teams)
    await sign(teams, agreement, LENA, Side.SALES)
    why = {LENA: "You have signed for the other side", MANAGER: "A manager of sales has signed", JONAS: "Only managers"}
    for by, said in why.items():
        assert (await notice(teams, agreement, by if by != JONAS else MONA)).may_sign is (by == JONAS)
        with pytest.raises(Refused, match=said):
            await teams.db.read(agreement_shown.load_sign_form, by, agreement.id)


async def test_only_who_asked_for_something_is_offered_to_take_it_back(teams: World) -> None:
    agreement = await signed(teams)
    await wish(teams, agreement, MANAGER, Wish.END)
    forms = [await teams.db.read(agreement_shown.load_change_form, by, agreement.id) for by in (MANAGER, MONA)]
    assert [form.may_take_back for form in forms] == [True, False]
    offered = ["Take back what I asked for" in str(more_form(form)) for form in forms]
    assert offered == [True, False]


async def test_a_review_is_answered_when_it_is_due_and_once(teams: World) -> None:
    agreement = await signed(teams, document=faster(review_every_days=30))
    with pytest.raises(Refused, match="No review is due: version 1 is to be looked at again on 2026-04-01"):
        await teams.db.run(agreements.review_agreement, MANAGER, agreement.id)
    teams.clock.advance(31 * DAY)
    for one in ("p4", "p7"):
        await seen_again(teams, one)
    await teams.db.run(agreements.review_agreement, MANAGER, agreement.id)
    with pytest.raises(Refused, match="No review is due"):
        await teams.db.run(agreements.review_agreement, MONA, agreement.id)


async def test_nobody_has_more_than_a_few_proposals_before_the_managers(teams: World) -> None:
    open_ones = [await propose(teams, faster(minutes=minutes), by=INES) for minutes in (5, 6, 7)]
    with pytest.raises(Refused, match=r"3 proposals of yours wait already \(versions 1, 2, 3\)"):
        await propose(teams, faster(minutes=8), by=INES)
    await teams.db.run(agreements.withdraw_agreement, INES, open_ones[0].id)
    await propose(teams, faster(minutes=8), by=INES)
