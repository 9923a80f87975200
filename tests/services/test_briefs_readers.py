"""Who reads what in a brief: whoever it is for at present, and nobody who left, lost it or was never asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.budget import How, Kind
from bot.domain.lead import Priority
from bot.domain.person import Role, Side
from bot.domain.post import Subject
from bot.domain.routing import Target
from bot.errors import Undeliverable
from bot.services import brief_content, briefs, delivery, erasure, person_settings
from bot.views.brief import brief_page, render_brief
from storage.transaction import Transaction
from tests.services.test_briefs import ROOM, TUESDAY_9, choose, due, notices, owned, said, touch, until
from tests.services.world import JONAS, MANAGER, MARKETER, World, everything_to, person
from tests.views.oracle import words

__all__ = ["owned"]


async def rejected(world: World, external_id: str, reason: str, campaign: str | None = None) -> str:
    """A lead of Jonas's that he rejects; its id."""
    await world.rules(everything_to(Target.REP, "p1"))
    values = {"campaign": campaign} if campaign else {}
    found = await world.hand_over(external_id, name=f"Lead {external_id}", company="Nordlicht", **values)
    return (await world.reject(found.handoff_id, JONAS, reason)).lead.id


async def test_without_a_channel_of_marketing_rejects_that_count_are_heard_by_who_leads_it(world: World) -> None:
    await world.configure(marketing_channel=None)
    await world.db.run(lambda tx: tx.people.add(person(7, "Amara", Role.MANAGER, Side.MARKETING)))
    assert await notices(world, await rejected(world, "1", "low_intent")) == ["U7"]
    assert await notices(world, await rejected(world, "2", "ineligible")) == []
    assert await world.waits_for_brief("p7") == {Kind.OTHER_REJECT: 1}
    assert await world.waits_for_brief("p6") == {}, "nothing for the admin to mend"


async def test_who_left_the_roster_hears_of_no_lead_any_more(world: World, owned: str) -> None:
    await touch(world, "a")
    await world.db.run(lambda tx: tx.people.leave_roster("p1"))
    await world.hand_over("b", email="maria@example.com", priority=Priority.HOT)
    assert [post for post in await world.posts(owned) if post.subject is Subject.TOUCH_NOTICE] == []
    await until(world, TUESDAY_9)
    assert await said(world) == []
    assert await world.waits_for_brief("p1") == {}
    assert await due(world) is None


async def test_who_is_admin_no_more_does_not_read_what_the_admin_is_to_put_in_order(world: World, owned: str) -> None:
    await world.configure(admin_id="p1")
    await world.db.run(lambda tx: briefs.tell_admin(tx, "Put this in order", "Somebody is not in Slack."))
    await touch(world, "a")
    await world.configure(admin_id="p6")
    await until(world, TUESDAY_9)
    ((_, shown),) = await said(world)
    assert [one.kind for one in shown.sections] == [Kind.CAME_BACK]


async def test_somebody_erased_after_months_is_gone_from_old_briefs_too(world: World, owned: str) -> None:
    await touch(world, "a")
    await until(world, TUESDAY_9)
    ((post, shown),) = await said(world)
    assert "Maria" in words(render_brief(shown))
    world.clock.advance(timedelta(days=61))
    assert await world.db.run(lambda tx: tx.briefs.prune(tx.now - timedelta(days=60))) == 1
    await world.db.run(lambda tx: erasure.erase_lead(tx, owned, actor="test"))
    ((again, shown),) = await said(world)
    assert again.id == post.id
    assert words(render_brief(shown)).splitlines()[-1] == "What stood here was erased."
    assert await world.db.read(lambda tx: tx.briefs.of_lead(owned)) == []


async def test_a_brief_that_was_read_in_a_channel_is_not_said_again_when_the_channel_is_gone(
    world: World, owned: str
) -> None:
    await choose(world, channel=ROOM)
    await touch(world, "a")
    await until(world, TUESDAY_9)
    ((post, _),) = await said(world)
    assert post.place == ROOM
    world.clock.advance(timedelta(days=30))
    await world.db.run(lambda tx: erasure.erase_lead(tx, owned, actor="test"))
    refused = Undeliverable("The channel is archived", code="is_archived")

    def refuse(tx: Transaction) -> None:
        (row,) = [row for row in tx.outbox.lease_lanes(100, timedelta(seconds=30)) if row.lane.startswith(ROOM)]
        delivery.undeliverable(tx, row, refused)
        tx.outbox.park(row, str(refused))

    await world.db.run(refuse)
    assert await said(world) == []


async def test_saving_settings_changes_nothing_that_was_not_asked(world: World) -> None:
    asked = tuple((await world.db.read(person_settings.settings_form, JONAS)).kinds)
    assert Kind.OTHER_REJECT not in asked
    await world.db.run(lambda tx: tx.campaigns.save(replace(tx.campaigns.ensure("webinar"), owner_id="p1")))
    await choose(world, asked=asked, in_brief=frozenset({Kind.CAME_BACK}))
    kinds = (await world.db.read(person_settings.settings_form, JONAS)).kinds
    assert (kinds[Kind.OTHER_REJECT], kinds[Kind.MERGED]) == (How.BRIEF, How.MUTED)


async def test_what_a_brief_says_of_a_lead_ends_for_whoever_has_it_no_more(world: World, owned: str) -> None:
    await touch(world, "a")
    await until(world, TUESDAY_9)
    ((_, shown),) = await said(world)
    (handoff,) = [each for each in await world.of_lead(owned) if each.is_owned]
    await world.reassign(handoff.id, MANAGER, "p2")
    read = words(brief_page(await world.db.read(brief_content.load_page, shown.brief_id, JONAS, 0)))
    assert "Maria" not in read
    assert "Not with you any more." in read


async def test_what_a_brief_says_of_a_campaign_ends_for_whoever_owned_it(world: World) -> None:
    await world.db.run(lambda tx: tx.campaigns.save(replace(tx.campaigns.ensure("webinar"), owner_id="p5")))
    await rejected(world, "1", "ineligible", "webinar")
    await until(world, TUESDAY_9)
    ((_, shown),) = await said(world)
    assert "Lead 1" in words(render_brief(shown))
    await world.db.run(lambda tx: tx.campaigns.save(replace(tx.campaigns.ensure("webinar"), owner_id="p6")))
    assert "Lead 1" not in words(brief_page(await world.db.read(brief_content.load_page, shown.brief_id, MARKETER, 0)))


async def test_the_answer_of_settings_says_when_the_brief_really_comes(world: World, owned: str) -> None:
    await touch(world, "a")
    world.clock.advance(TUESDAY_9 - timedelta(hours=1) - world.clock.now())
    await world.db.run(
        lambda tx: [tx.people.set_flags(one.id, replace(one.flags, checked_at=tx.now)) for one in tx.people.all()]
    )
    answer = await choose(world, brief_at=person_settings.time(7, 30))
    assert await due(world) == TUESDAY_9
    assert "3 March 2026 at 09:00" in answer


async def test_a_late_brief_wishes_no_good_morning(world: World, owned: str) -> None:
    await touch(world, "a")
    world.clock.advance(TUESDAY_9 + timedelta(hours=5) - world.clock.now())
    await world.sweep()
    ((_, shown),) = await said(world)
    assert "Good morning" not in words(render_brief(shown))


@pytest.mark.parametrize("away", [True, False])
async def test_without_a_day_ahead_the_answer_says_why(world: World, away: bool) -> None:
    days = [(world.clock.now() + timedelta(days=n)).date().isoformat() for n in range(1200)]
    if away:
        await world.change("p1", away_since=world.clock.now())
    else:
        await world.change("p1", days_off=tuple(days))
    answer = await choose(world)
    assert ("when you are back" in answer) is away
