"""Reasons changed in Slack: each change is a new unsigned version, and what runs keeps its own terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.person import Role
from bot.domain.reasons import FollowUp, Reason, Then
from bot.errors import ConfigError, FormError, NotAllowed, NotFound, Refused
from bot.services import configuration, reject_reasons
from bot.services.reject_reasons import SaveReason
from tests.services.everything import set_up_events
from tests.services.signed import put_in_force
from tests.services.world import ADMIN, JONAS, MANAGER, World

SMALL = SaveReason(
    by=ADMIN, code=None, seen="", label="Too small for us", then="marketing", ask="text",
    question="How many are they?", required=False, counts_against_marketing=True,
)  # fmt: skip


async def save(world: World, command: SaveReason = SMALL, **changes: Any) -> None:
    await world.db.run(reject_reasons.save_reason, replace(command, **changes))


async def opened(world: World, code: str, by: str = ADMIN) -> SaveReason:
    """The form of the reason, as it is sent off when nothing was typed."""
    form = await world.db.read(reject_reasons.reason_form, by, code)
    reason = form.reason
    assert reason is not None
    return SaveReason(
        by=by, code=code, seen=form.seen, label=reason.label, then=reason.then, ask=reason.ask,
        question=reason.question, required=reason.required, counts_against_marketing=reason.counts_against_marketing,
    )  # fmt: skip


async def reasons(world: World) -> tuple[Reason, ...]:
    return (await world.db.read(reject_reasons.reasons_list, ADMIN)).reasons


async def version(world: World) -> int:
    return (await world.db.read(reject_reasons.reasons_list, ADMIN)).version


async def sign(world: World) -> None:
    await world.db.run(put_in_force)


async def test_a_new_reason_makes_a_new_unsigned_version(world: World) -> None:
    await save(world)
    listed = await world.db.read(reject_reasons.reasons_list, ADMIN)
    assert (listed.version, listed.is_signed) == (1, False)
    assert listed.reasons[:-1] == DEFAULT_TERMS.reasons
    assert listed.reasons[-1] == Reason(
        code="too_small_for_us", label="Too small for us", then=Then.MARKETING, ask=FollowUp.TEXT,
        question="How many are they?",
    )  # fmt: skip
    now = await world.db.read(lambda tx: tx.agreements.in_force())
    assert now.terms == replace(DEFAULT_TERMS, reasons=listed.reasons)


async def test_what_runs_keeps_its_terms(world: World) -> None:
    before = await world.hand_over("1")
    await save(world)
    await world.db.run(reject_reasons.retire_reason, ADMIN, "other")
    after = await world.hand_over("2")
    old, new = await world.handoff(before.handoff_id), await world.handoff(after.handoff_id)
    assert old.terms.reason("too_small_for_us") is None
    assert old.terms.reason("other") is not None
    assert new.terms.reason("other") is None
    rep = {"p1": "U1", "p2": "U2"}
    await world.reject(old.id, rep[old.rep_id or ""], "other", text="No")
    await world.reject(new.id, rep[new.rep_id or ""], "too_small_for_us", text="3")
    assert (await world.lead(old.lead_id)).stage == (await world.lead(new.lead_id)).stage


async def test_each_change_is_told_with_who_made_it(world: World) -> None:
    await save(world)
    await save(world, await opened(world, "other"), label="Something else")
    await world.db.run(reject_reasons.move_reason, ADMIN, "not_icp", up=False)
    await world.db.run(reject_reasons.retire_reason, ADMIN, "not_icp")
    assert [(event.kind, event.actor, event.data["agreement"]) for event in await set_up_events(world)] == [
        ("reason.added", "p6", 1), ("reason.changed", "p6", 2), ("reason.moved", "p6", 3), ("reason.retired", "p6", 4),
    ]  # fmt: skip


async def test_what_was_not_changed_makes_no_version(world: World) -> None:
    await save(world, await opened(world, "bad_timing"))
    await world.db.run(reject_reasons.move_reason, ADMIN, "not_icp", up=True)
    assert await version(world) == 0


async def test_what_follows_asks_for_what_it_needs(world: World) -> None:
    for then, ask, required in (("recycle", "date", True), ("merge", "lead", True), ("reroute", "person", False)):
        await save(world, label=then, then=then, ask="none", question="Which?")
        reason = (await reasons(world))[-1]
        assert (reason.ask, reason.required) == (ask, required)
    await save(world, label="Spam", then="close", ask="none", question="left over", required=True)
    assert (await reasons(world))[-1] == Reason(code="spam", label="Spam", then=Then.CLOSE)


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"label": " "}, "label", "Is missing."),
        ({"label": "x" * 76}, "label", "at most 75 fit"),
        ({"label": "OTHER"}, "label", "Label OTHER is there twice."),
        ({"question": " "}, "question", "Is missing: what does the rep read above the text."),
        ({"question": "x" * 151}, "question", "at most 150 fit"),
        ({"then": "forget"}, "then", "Choose one of the list."),
        ({"ask": "shoe size"}, "then", "Choose one of the list."),
        ({"then": "recycle", "question": ""}, "question", "above the date"),
    ],
)
async def test_a_mistake_stands_at_its_field_and_changes_nothing(
    world: World, changes: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(FormError) as caught:
        await save(world, **changes)
    assert list(caught.value.fields) == [field]
    assert said in caught.value.fields[field]
    assert await version(world) == 0


async def test_a_retired_reason_that_comes_back_is_the_same_and_another_one_is_not(world: World) -> None:
    await save(world)
    await world.db.run(reject_reasons.retire_reason, ADMIN, "too_small_for_us")
    await save(world, label="Too small, for us")
    assert (await reasons(world))[-1].code == "too_small_for_us_2"
    await save(world)
    assert (await reasons(world))[-1].code == "too_small_for_us"
    await save(world, label="小さすぎる")
    assert (await reasons(world))[-1].code == "reason"


async def test_there_is_always_a_reason(world: World) -> None:
    codes = [reason.code for reason in DEFAULT_TERMS.reasons]
    for code in codes[:-1]:
        await world.db.run(reject_reasons.retire_reason, ADMIN, code)
    with pytest.raises(Refused, match="the last reason"):
        await world.db.run(reject_reasons.retire_reason, ADMIN, codes[-1])
    assert [reason.code for reason in await reasons(world)] == codes[-1:]


async def test_two_admins_at_once_lose_nothing(world: World) -> None:
    await world.change("p4", roles=frozenset({Role.ADMIN}))
    mine, theirs = await opened(world, "other"), await opened(world, "other", by=MANAGER)
    await save(world, theirs, label="Something else")
    with pytest.raises(FormError, match="Somebody else changed this reason meanwhile"):
        await save(world, mine, label="Anything else")
    assert (await reasons(world))[-1].label == "Something else"
    await world.db.run(reject_reasons.retire_reason, MANAGER, "other")
    for act in (
        save(world, mine),
        world.db.run(reject_reasons.move_reason, ADMIN, "other", up=True),
        world.db.run(reject_reasons.retire_reason, ADMIN, "other"),
        world.db.read(reject_reasons.reason_form, ADMIN, "other"),
    ):
        with pytest.raises(NotFound, match="somebody retired it"):
            await act


async def test_the_reasons_of_a_signed_agreement_stay(world: World) -> None:
    mine = await opened(world, "other")
    await sign(world)
    for act in (
        save(world),
        save(world, mine, label="Something else"),
        world.db.run(reject_reasons.move_reason, ADMIN, "other", up=True),
        world.db.run(reject_reasons.retire_reason, ADMIN, "other"),
        world.db.read(reject_reasons.reason_form, ADMIN),
    ):
        with pytest.raises(Refused, match="is signed by both teams"):
            await act
    now = await world.db.read(configuration.current)
    other = replace(now, reasons=DEFAULT_TERMS.reasons[:-1])
    with pytest.raises(ConfigError, match="is signed by both teams"):
        await world.db.run(configuration.apply, other)
    with pytest.raises(ConfigError, match="is signed by both teams"):
        await world.db.read(configuration.preview, other)
    await world.db.run(configuration.apply, now)
    await world.db.run(configuration.apply, replace(now, reasons=None))
    assert await version(world) == 1


async def test_a_file_puts_its_reasons_in_force_and_one_without_leaves_them(world: World) -> None:
    now = await world.db.read(configuration.current)
    assert now.reasons == DEFAULT_TERMS.reasons
    fewer = replace(now, reasons=DEFAULT_TERMS.reasons[1:])
    assert (await world.db.run(configuration.apply, fewer)).changes == ["- reason not_icp"]
    assert (await reasons(world), await version(world)) == (fewer.reasons, 1)
    assert (await world.db.run(configuration.apply, fewer)).changes == []
    assert (await world.db.run(configuration.apply, replace(now, reasons=None))).changes == []
    assert await version(world) == 1
    world.clock.advance(timedelta(minutes=1))
    await save(world)
    assert await version(world) == 2


@pytest.mark.parametrize("by", [JONAS, MANAGER])
async def test_only_admins_see_and_change_reasons(world: World, by: str) -> None:
    for act in (
        save(world, by=by),
        world.db.read(reject_reasons.reasons_list, by),
        world.db.read(reject_reasons.reason_form, by),
        world.db.run(reject_reasons.move_reason, by, "other", up=True),
        world.db.run(reject_reasons.retire_reason, by, "other"),
    ):
        with pytest.raises(NotAllowed, match="Only Lockstep's admins"):
            await act
    assert await version(world) == 0


async def test_a_reason_changed_since_the_question_was_opened_is_not_retired(world: World) -> None:
    form = await world.db.read(reject_reasons.reason_form, ADMIN, "other")
    await save(world, replace(await opened(world, "other"), label="Something else entirely"))
    with pytest.raises(Refused, match="it reads “Something else entirely” now"):
        await world.db.run(reject_reasons.retire_reason, ADMIN, "other", form.seen)
