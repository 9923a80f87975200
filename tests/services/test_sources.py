"""Sources from Slack: a secret is told once, two are believed while a sender changes over, and none is ever written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import sources
from bot.services.sources import NewSecret
from tests.services.everything import everything, set_up_events
from tests.services.world import ADMIN, JONAS, MANAGER, World


async def add(world: World, key: str = "crm", name: str = "CRM", by: str = ADMIN) -> NewSecret:
    return await world.db.run(sources.add_source, by, key=key, name=name)


async def live(world: World, key: str = "crm") -> tuple[str, ...]:
    source = await world.db.read(lambda tx: tx.sources.get(key))
    return () if source is None else source.secrets


async def test_a_source_is_added_with_a_secret_of_its_own(world: World) -> None:
    made, other = await add(world), await add(world, "forms", "")
    assert await live(world) == (made.secret,)
    assert made.secret != other.secret
    assert (other.name, made.replaces) == ("forms", False)
    rows = await world.db.read(sources.sources_list, ADMIN)
    assert [(row.key, row.name, row.secrets) for row in rows] == [("crm", "CRM", 1), ("forms", "forms", 1)]


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"key": " "}, "key", "Is missing: it becomes part of the address."),
        ({"key": "c r m"}, "key", "Use letters, digits, - and _ only"),
        ({"key": "x" * 65}, "key", "at most 64"),
        ({"key": "slack"}, "key", "Slack is what leads handed over in Slack are called; choose another."),
        ({"key": "old"}, "key", "There is a source old already"),
        ({"name": "x" * 101}, "name", "at most 100 fit"),
    ],
)
async def test_a_mistake_stands_at_its_field(world: World, values: dict[str, Any], field: str, said: str) -> None:
    await add(world, "old")
    before = await everything(world)
    with pytest.raises(FormError) as caught:
        await add(world, **values)
    assert list(caught.value.fields) == [field]
    assert said in caught.value.fields[field]
    assert await everything(world) == before


async def test_a_new_secret_leaves_the_one_before_it_until_it_is_ended(world: World) -> None:
    first = await add(world)
    second = await world.db.run(sources.renew_secret, ADMIN, "crm")
    assert await live(world) == (second.secret, first.secret)
    third = await world.db.run(sources.renew_secret, ADMIN, "crm")
    assert await live(world) == (third.secret, second.secret)
    await world.db.run(sources.end_old_secret, ADMIN, "crm")
    assert await live(world) == (third.secret,)
    with pytest.raises(Refused, match="one secret only"):
        await world.db.run(sources.end_old_secret, ADMIN, "crm")
    await world.db.run(sources.delete_source, ADMIN, "crm")
    assert await live(world) == ()
    assert [(event.kind, event.actor, event.data) for event in await set_up_events(world)] == [
        (kind, "p6", {"source": "crm"})
        for kind in (
            "source.added", "source.secret_renewed", "source.secret_renewed", "source.secret_ended", "source.deleted",
        )
    ]  # fmt: skip


@pytest.mark.parametrize("act", [sources.renew_secret, sources.end_old_secret, sources.delete_source])
async def test_secrets_that_somebody_renewed_meanwhile_are_left_alone(world: World, act: Callable[..., object]) -> None:
    """Whoever was asked about one secret does not end another, which the sender has just changed to."""
    await add(world)
    await world.db.run(sources.renew_secret, ADMIN, "crm")
    opened = await world.db.read(sources.source_row, ADMIN, "crm")
    await world.db.run(sources.renew_secret, ADMIN, "crm", opened.seen)
    secrets = await live(world)
    with pytest.raises(Refused, match="Somebody else changed this source"):
        await world.db.run(act, ADMIN, "crm", opened.seen)
    assert await live(world) == secrets


async def test_a_source_that_is_gone_is_told_so(world: World) -> None:
    for use_case in (sources.renew_secret, sources.end_old_secret, sources.delete_source):
        with pytest.raises(NotFound, match="somebody deleted it"):
            await world.db.run(use_case, ADMIN, "crm")
    with pytest.raises(NotFound):
        await world.db.read(sources.source_row, ADMIN, "crm")


async def test_a_secret_is_in_the_sources_table_and_nowhere_else(world: World) -> None:
    made = await add(world)
    renewed = await world.db.run(sources.renew_secret, ADMIN, "crm")
    rows = await everything(world)
    found = {name for name, table in rows.items() if made.secret in str(table) or renewed.secret in str(table)}
    assert found == {"sources"}
    assert made.secret not in repr(made)
    assert made.secret not in str(await world.db.read(sources.sources_list, ADMIN))


@pytest.mark.parametrize("by", [JONAS, MANAGER])
async def test_only_admins_see_and_change_sources(world: World, by: str) -> None:
    await add(world)
    secrets = await live(world)
    for act in (
        add(world, "forms", by=by),
        world.db.read(sources.sources_list, by),
        world.db.read(sources.source_row, by, "crm"),
        world.db.read(sources.may_add, by),
        world.db.run(sources.renew_secret, by, "crm"),
        world.db.run(sources.end_old_secret, by, "crm"),
        world.db.run(sources.delete_source, by, "crm"),
    ):
        with pytest.raises(NotAllowed, match="Only Lockstep's admins"):
            await act
    assert await live(world) == secrets
