"""A proposal is a difference: when another version comes into force meanwhile, nobody signs it unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.agreement_document import DEFAULT_DOCUMENT
from bot.domain.person import Side
from bot.domain.signing import State
from bot.errors import Refused
from bot.services import agreement_shown, agreements, reject_reasons
from bot.services.agreements import SignAgreement
from bot.views.agreement_notice import render_agreement_notice
from tests.services.test_agreements import (
    DAY,
    MANAGER,
    MONA,
    faster,
    messages,
    notice,
    present,
    propose,
    seen_again,
    sign,
    signed,
    state,
    teams,
)
from tests.services.test_reject_reasons import SMALL
from tests.services.world import START, World

__all__ = ["teams"]
OTHER = replace(DEFAULT_DOCUMENT, consequences=("Be fair.",))


async def test_a_signature_counts_no_more_once_another_version_is_in_force_and_the_proposal_says_so(
    teams: World,
) -> None:
    waiting = await propose(teams)
    await sign(teams, waiting, MANAGER)
    said = len([post for post in await messages(teams, waiting) if post.place == MANAGER])
    teams.clock.advance(timedelta(seconds=1))
    other = await signed(teams, document=OTHER)
    shown = await notice(teams, waiting, MANAGER)
    assert (shown.missing, shown.signed, shown.may_sign) == ((Side.SALES, Side.MARKETING), (), True)
    assert (shown.proposed_against, shown.compared_with) == (0, other.version)
    assert "rules.consequences" in " ".join(change.line for change in shown.changes)
    assert f"version {other.version} is in force since" in str(render_agreement_notice(shown).blocks)
    assert len([post for post in await messages(teams, waiting) if post.place == MANAGER]) == said + 1
    await sign(teams, waiting, MONA)
    assert ((await present(teams)).id, await state(teams, waiting)) == (other.id, State.PROPOSED)


async def test_what_somebody_saw_before_another_version_came_into_force_is_not_signed(teams: World) -> None:
    waiting = await propose(teams)
    form = await teams.db.read(agreement_shown.load_sign_form, MONA, waiting.id)
    teams.clock.advance(timedelta(seconds=1))
    other = await signed(teams, document=OTHER)
    command = SignAgreement(by=MONA, agreement_id=waiting.id, compared_with=form.notice.compared_with)
    with pytest.raises(Refused, match=f"Version {other.version} came into force since you opened this"):
        await teams.db.run(agreements.sign_agreement, command)
    again = replace(command, compared_with=other.version)
    assert (await teams.db.run(agreements.sign_agreement, again)).signing is not None


async def test_a_reason_that_an_admin_changes_asks_for_the_signatures_again(teams: World) -> None:
    waiting = await propose(teams)
    await sign(teams, waiting, MANAGER)
    teams.clock.advance(timedelta(seconds=1))
    await teams.db.run(reject_reasons.save_reason, SMALL)
    await sign(teams, waiting, MONA)
    assert (await present(teams)).terms.reasons[-1].label == SMALL.label
    assert (await notice(teams, waiting, MONA)).missing == (Side.SALES,)


async def test_what_both_have_signed_for_later_says_whose_place_it_takes(teams: World) -> None:
    later = await signed(teams, START + 7 * DAY, faster(minutes=11))
    teams.clock.advance(timedelta(seconds=1))
    between = await signed(teams, document=OTHER)
    shown = await notice(teams, later, MONA)
    assert (shown.state, shown.proposed_against, shown.compared_with) == (State.SIGNED, 0, between.version)
    assert "withdraw it if that is not meant" in str(render_agreement_notice(shown).blocks)
    assert [post.data["about"] for post in await messages(teams, later) if post.place == MONA] == ["proposal"] * 2
    teams.clock.advance(7 * DAY)
    await seen_again(teams, "p4", "p7", "p8")
    await teams.sweep()
    assert (await present(teams)).id == later.id
    shown = await notice(teams, later, MONA)
    assert "withdraw it" not in str(render_agreement_notice(shown).blocks)
