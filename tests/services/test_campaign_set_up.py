"""Campaigns set up from Slack: the same as a configuration file says of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.config import Campaign
from bot.errors import FormError, NotAllowed, Refused
from bot.services import campaign_set_up, configuration
from bot.services.campaign_set_up import SaveCampaign
from storage.transaction import Transaction
from tests.services.world import ADMIN, JONAS, MARKETER, World


async def save(world: World, **values: Any) -> None:
    known: dict[str, Any] = {"by": ADMIN, "campaign_id": None, "seen": "", "key": "", "name": "", "owner": None}
    await world.db.run(campaign_set_up.save_campaign, SaveCampaign(**known | values))


async def campaign(world: World, key: str = "fair") -> Campaign:
    found = await world.db.read(lambda tx: tx.campaigns.by_key(key))
    assert found is not None
    return found


async def change(world: World, key: str = "fair", **values: Any) -> None:
    """The form for this campaign, sent off as it was opened but for `values`."""
    form = await world.db.read(campaign_set_up.campaign_form, ADMIN, (await campaign(world, key)).id)
    shown = {"campaign_id": form.id, "seen": form.seen, "name": form.name, "owner": form.owner}
    await save(world, **shown | values)


async def test_a_campaign_added_in_slack_is_what_a_file_would_say(world: World) -> None:
    await save(world, key=" fair ", name="Spring fair", owner=MARKETER)
    assert (await campaign(world)).owner_id == "p5"
    entry = next(one for one in (await world.db.read(configuration.current)).campaigns if one.key == "fair")
    assert (entry.name, entry.owner) == ("Spring fair", "sam@example.com")


async def test_a_campaign_that_a_lead_made_is_taken_over_by_its_key(world: World) -> None:
    await world.hand_over("1", name="Ada", campaign="fair")
    before = await campaign(world)
    await save(world, key="fair", owner=MARKETER)
    assert await campaign(world) == replace(before, owner_id="p5")


async def test_an_owner_is_changed_and_taken_away(world: World) -> None:
    await save(world, key="fair", owner=MARKETER)
    await change(world, owner=JONAS)
    assert (await campaign(world)).owner_id == "p1"
    await change(world, owner=None)
    assert (await campaign(world)).owner_id is None


async def test_an_owner_whom_slacks_menu_cannot_show_stays(world: World) -> None:
    await save(world, key="fair", owner=MARKETER)
    await world.change("p5", slack_id=None)
    await change(world, name="Fair")
    assert ((await campaign(world)).name, (await campaign(world)).owner_id) == ("Fair", "p5")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "key"),
        ({"key": "slack:sam@example.com"}, "key"),
        ({"key": "k" * 201}, "key"),
        ({"key": "fair", "name": "n" * 201}, "name"),
        ({"key": "fair", "owner": "U999"}, "owner"),
    ],
)
async def test_a_mistake_is_said_at_its_field_and_nothing_is_made(
    world: World, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(FormError) as wrong:
        await save(world, **values)
    assert list(wrong.value.fields) == [field]
    assert await world.db.read(lambda tx: tx.campaigns.by_key("fair")) is None


async def test_a_campaign_that_is_set_up_is_not_added_twice(world: World) -> None:
    await save(world, key="fair", owner=MARKETER)
    with pytest.raises(FormError, match="already"):
        await save(world, key="fair", owner=JONAS)


async def test_what_somebody_changed_meanwhile_is_not_overwritten(world: World) -> None:
    await save(world, key="fair", owner=MARKETER)
    with pytest.raises(Refused, match="while you had the form open"):
        await change(world, seen="0" * 16)


async def test_those_without_an_owner_come_first(world: World) -> None:
    def make(tx: Transaction) -> None:
        tx.campaigns.ensure("nobodys")

    await save(world, key="fair", name="Fair", owner=MARKETER)
    await world.db.run(make)
    rows = await world.db.read(campaign_set_up.campaigns_list, ADMIN)
    assert [(row.name, row.owner) for row in rows] == [("nobodys", None), ("Fair", "Sam")]


async def test_only_admins_see_and_change_them(world: World) -> None:
    with pytest.raises(NotAllowed):
        await world.db.read(campaign_set_up.campaigns_list, MARKETER)
    with pytest.raises(NotAllowed):
        await save(world, by=MARKETER, key="fair")
