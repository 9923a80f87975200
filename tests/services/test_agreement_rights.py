"""Who decides about the agreement: the arbiter it names, whoever stands in for them, and never one side alone."""

from __future__ import annotations

import pytest

from bot.domain.agreement_document import Agreement
from bot.domain.person import Role
from bot.domain.signing import State, Wish
from bot.errors import Refused
from bot.services import agreement_shown
from tests.services.test_agreements import ARBITER, MANAGER, MONA, faster, notice, signed, state, teams, wish
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
