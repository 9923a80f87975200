"""Undoing an import takes back what it put on offer, wherever that is by now, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.lead import Stage
from bot.domain.routing import Target
from bot.errors import AlreadyDecided
from bot.services import import_undo, imports, intake
from bot.services.answers import Answer
from bot.services.imports import ImportRow
from bot.services.lead_records import HandOver
from tests.services.world import JONAS, World, everything_to

BATCH = "imp-1"
DAY = timedelta(days=1)


def row(number: int, **values: str) -> ImportRow:
    command = HandOver(
        source="crm", external_id=str(number), origin_kind="import", actor="import:imp-1", given=frozenset(values),
        **values,  # type: ignore[arg-type]
    )  # fmt: skip
    return ImportRow(number=number, content=f"{number} {sorted(values.items())}", command=command)


async def imported(world: World, *rows: ImportRow) -> list[str]:
    await world.db.run(lambda tx: tx.imports.begin(BATCH, "crm", "leads.csv"))
    return await world.db.run(imports.take_rows, BATCH, rows)


async def undone(world: World) -> int:
    """How much was taken back; a row at a time, as for a long file."""
    taken, behind = 0, ""
    while True:
        some, last = await world.db.run(import_undo.withdraw_some, BATCH, behind, 1)
        taken += some
        if last is None:
            await world.db.run(lambda tx: tx.imports.undone(BATCH))
            return taken
        behind = last


async def lead_of(world: World, number: int) -> str:
    found = await world.db.read(lambda tx: tx.leads.by_key("crm", str(number)))
    assert found is not None
    return found.id


async def somebody_is_free(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))


async def nobody_is_free(world: World) -> None:
    await world.rules()
    await world.configure(fallback_channel=None)


async def test_leads_nobody_could_be_offered_are_not_offered_later(world: World) -> None:
    await nobody_is_free(world)
    assert await imported(world, row(1), row(2)) == ["stored; nobody to offer it to"] * 2
    assert await undone(world) == 2
    await somebody_is_free(world)
    world.clock.advance(DAY)
    await world.sweep()
    assert [one.is_open for one in await world.of_lead(await lead_of(world, 1))] == []
    assert (await world.lead(await lead_of(world, 1))).stage is Stage.RECYCLED
    assert (await imported(world, row(1)))[0].startswith("Offered to Jonas")


async def test_offers_made_later_by_the_timer_are_taken_back(world: World) -> None:
    await nobody_is_free(world)
    await imported(world, row(1))
    await somebody_is_free(world)
    world.clock.advance(DAY)
    await world.sweep()
    [offer] = await world.of_lead(await lead_of(world, 1))
    assert offer.is_open
    assert await undone(world) == 1
    assert not (await world.handoff(offer.id)).is_open


async def test_an_accept_that_was_undone_is_taken_back_and_one_that_holds_is_not(world: World) -> None:
    await somebody_is_free(world)
    await imported(world, row(1), row(2))
    for number in (1, 2):
        [offer] = await world.of_lead(await lead_of(world, number))
        await world.accept(offer.id, JONAS)
        if number == 1:
            await world.undo(offer.id, JONAS)
    assert await undone(world) == 1
    assert not [one for one in await world.of_lead(await lead_of(world, 1)) if one.is_open]
    assert [one for one in await world.of_lead(await lead_of(world, 2)) if one.is_owned]


async def test_an_offer_the_import_only_touched_stays(world: World) -> None:
    await somebody_is_free(world)
    done = await world.hand_over("7", email="maria@example.com", name="Maria")
    assert await imported(world, row(1, email="maria@example.com")) == ["the same person as a lead that is here"]
    assert await undone(world) == 0
    assert (await world.handoff(done.handoff_id)).is_open


async def test_who_comes_too_late_hears_who_took_it_back(world: World) -> None:
    await somebody_is_free(world)
    await imported(world, row(1))
    [offer] = await world.of_lead(await lead_of(world, 1))
    await undone(world)
    with pytest.raises(AlreadyDecided, match="undoing an import, withdrew this offer"):
        await world.accept(offer.id, JONAS)


async def test_a_source_that_repeats_itself_does_not_offer_again_what_was_undone(world: World) -> None:
    await somebody_is_free(world)
    await imported(world, row(1, name="Maria"))
    await undone(world)
    nightly = HandOver(source="crm", external_id="1", name="Maria", given=frozenset({"name"}))
    assert (await world.db.run(intake.hand_over, nightly)).status is Answer.UPDATED
    assert not [one for one in await world.of_lead(await lead_of(world, 1)) if one.is_open]
