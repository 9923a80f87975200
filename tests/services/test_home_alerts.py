"""Home: campaign alerts by role, and all of them in a window."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.campaign_alert import AlertState
from bot.domain.person import Role, Side
from bot.errors import NotAllowed
from bot.services.alert_window import Which, load_window
from bot.services.home import load_home
from bot.services.home_rows import PAGE, HomeLists
from bot.views.home import render_home
from tests.services.alert_world import STARTS, ask, press, tell
from tests.services.test_statements import counted
from tests.services.world import ADMIN, JONAS, MANAGER, MARKETER, START, World, person
from tests.views.oracle import assert_slack_takes, words


async def test_sales_sees_first_what_it_has_not_got(world: World) -> None:
    await world.db.run(tell)
    await world.db.run(tell, "a2", starts_at=STARTS + timedelta(days=1))
    await press(world, JONAS)
    home = await world.db.read(load_home, JONAS)
    assert home.alerts.to_read is not None
    assert [(row.alert_id, row.read) for row in home.alerts.to_read.rows] == [("a2", False), ("a1", True)]
    assert (home.alerts.to_read.unread, home.alerts.mine, home.alerts.to_approve) == (1, None, None)
    view = render_home(home)
    assert_slack_takes(view)
    assert "You have not said *Got it* to 1 campaign yet." in words(view)


async def test_a_marketer_sees_theirs_by_state_with_counts(world: World) -> None:
    await world.db.run(tell)
    await world.db.run(tell, "a2", state=AlertState.DRAFT, told_at=None)
    await ask(world, JONAS)
    await press(world, JONAS)
    home = await world.db.read(load_home, MARKETER)
    assert home.alerts.mine is not None
    assert [(row.state, row.talk.waiting) for row in home.alerts.mine.rows] == [
        (AlertState.DRAFT, 0), (AlertState.SCHEDULED, 1),
    ]  # fmt: skip
    assert home.alerts.to_read is None
    said = words(render_home(home))
    assert "*1 of 3* got it" in said
    assert "1 question waits for an answer" in said


async def test_sales_managers_see_what_waits_for_them(world: World) -> None:
    await world.db.run(tell, state=AlertState.PROPOSED, told_at=None)
    home = await world.db.read(load_home, MANAGER)
    assert home.alerts.to_approve is not None
    assert [row.alert_id for row in home.alerts.to_approve.rows] == ["a1"]
    assert "Campaign alerts to approve" in words(render_home(home))
    await world.db.run(tell, "a2")
    manager = await world.db.read(load_home, MANAGER)
    assert manager.alerts.to_read is not None
    # A manager reads it, too, and is not asked to say so.
    assert ([row.read for row in manager.alerts.to_read.rows], manager.alerts.to_read.unread) == ([None], 0)
    rep = await world.db.read(load_home, JONAS)
    assert rep.alerts.to_approve is None
    assert rep.alerts.to_read is not None
    assert [row.alert_id for row in rep.alerts.to_read.rows] == ["a2"]


async def test_an_admin_of_neither_side_has_none_on_home(world: World) -> None:
    await world.db.run(tell)
    home = await world.db.read(load_home, ADMIN)
    assert (home.alerts.to_read, home.alerts.mine, home.alerts.to_approve) == (None, None, None)


async def test_each_list_has_pages(world: World) -> None:
    for number in range(PAGE + 1):
        await world.db.run(tell, f"b{number}", starts_at=STARTS + timedelta(hours=number))
    home = await world.db.read(load_home, JONAS, {HomeLists.ALERTS_TO_READ: 1})
    assert home.alerts.to_read is not None
    assert [row.alert_id for row in home.alerts.to_read.rows] == [f"b{PAGE}"]
    assert home.pages()[HomeLists.ALERTS_TO_READ] == 1


async def test_the_window_lists_what_its_reader_may_see(world: World) -> None:
    cleo = person(8, "Cleo", Role.MANAGER, Side.MARKETING)
    await world.db.run(lambda tx: tx.people.add(cleo))
    await world.db.run(tell)
    await world.db.run(tell, "a2", state=AlertState.DRAFT, told_at=None)
    await world.db.run(tell, "a3", state=AlertState.ENDED, ended_at=START, told_at=START - timedelta(days=9))

    async def listed(by: str, which: Which) -> list[str]:
        return [row.alert_id for row in (await world.db.read(load_window, by, which, 0)).rows]

    assert await listed(JONAS, Which.OPEN) == ["a1"]
    assert await listed(JONAS, Which.EVER) == ["a1", "a3"]
    assert await listed("U8", Which.OPEN) == ["a2", "a1"]
    assert await listed("U8", Which.EVER) == ["a3", "a2", "a1"]
    await world.change("p1", on_roster=False)
    with pytest.raises(NotAllowed):
        await listed(JONAS, Which.OPEN)


async def test_a_home_takes_as_many_statements_for_many_alerts_as_for_one(world: World) -> None:
    async def statements(by: str) -> int:
        with counted() as sent:
            await world.db.read(load_home, by)
        return len(sent)

    await world.db.run(tell)
    one = [await statements(by) for by in (JONAS, MARKETER, MANAGER)]
    for number in range(PAGE - 1):
        await world.db.run(tell, f"b{number}")
    assert [await statements(by) for by in (JONAS, MARKETER, MANAGER)] == one
