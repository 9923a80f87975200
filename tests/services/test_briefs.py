"""What waits for a morning is said once, in one short message; and each person decides what, when and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.budget import TABLE, How, Kind
from bot.domain.person import Role, Side, SlackFlags
from bot.domain.post import Post, Subject, TimerKind
from bot.domain.routing import Target
from bot.errors import FormError, NotAllowed, NotFound, Undeliverable
from bot.ports import Account
from bot.services import accounts, brief_content, briefs, configuration, delivery, erasure, people, person_settings
from bot.services.brief_content import LINES, PAGE, BriefShown
from bot.services.person_settings import SaveSettings
from bot.views.brief import brief_page, render_brief
from storage.transaction import Transaction
from tests.services.world import JONAS, MARKETER, MARKETING, START, World, everything_to, person
from tests.views.oracle import action_ids, assert_slack_takes, words

ROOM = "C0ROOM"
TUESDAY_9 = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
"""9:00 in Berlin; the world stands on Monday at 10:00 there."""


@pytest.fixture
async def owned(world: World) -> str:
    """A lead of Jonas's; its id."""
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over("1", name="Maria Lopez", company="Nordlicht", email="maria@example.com")
    await world.accept(done.handoff_id, JONAS)
    return done.lead_id or ""


async def touch(world: World, *names: str) -> None:
    """Somebody who is known comes back."""
    for name in names:
        await world.hand_over(name, email="maria@example.com", origin=f"Page {name}")


async def until(world: World, instant: datetime) -> None:
    """Each timer fires at its own instant, and Slack was asked about everybody."""
    while (due := await world.db.read(lambda tx: tx.timers.next_due())) is not None and due <= instant:
        world.clock.advance(max(due - world.clock.now(), timedelta(0)))
        await world.sweep()
    world.clock.advance(instant - world.clock.now())
    await world.db.run(asked_slack)


def asked_slack(tx: Transaction) -> None:
    for one in tx.people.all():
        tx.people.set_flags(one.id, replace(one.flags, checked_at=tx.now))


async def due(world: World, person_id: str = "p1") -> datetime | None:
    timer = await world.db.read(lambda tx: tx.timers.get(TimerKind.BRIEF, person_id))
    return timer.due_at if timer else None


async def said(world: World) -> list[tuple[Post, BriefShown]]:
    """The briefs on their way, as they would read."""

    def read(tx: Transaction) -> list[tuple[Post, BriefShown]]:
        found = []
        while rows := tx.outbox.lease_lanes(100, timedelta(seconds=30)):
            for row in rows:
                what = delivery.what_to_say(tx, row.subject_id)
                if what is not None:
                    tx.posts.shown(what[0].id, what[0].place, what[0].id, 1)
                if what is not None and isinstance(what[1], BriefShown):
                    found.append((what[0], what[1]))
                tx.outbox.done(row, tx.now)
            tx.flush()
        return found

    return await world.db.run(read)


async def choose(world: World, by: str = JONAS, **values: object) -> str:
    command = SaveSettings(
        by=by, brief_at=None, channel=None, told={}, in_brief=frozenset(TABLE), asked=frozenset(Kind)
    )  # fmt: skip
    return await world.db.run(person_settings.save_settings, replace(command, **values))  # type: ignore[arg-type]


async def test_what_can_wait_is_said_once_in_the_morning_of_the_next_day_worked(world: World, owned: str) -> None:
    await touch(world, "a", "b")
    assert await due(world) == TUESDAY_9
    await until(world, TUESDAY_9 - timedelta(seconds=1))
    assert await said(world) == []
    await until(world, TUESDAY_9)
    ((post, shown),) = await said(world)
    assert (post.place, shown.total) == (JONAS, 1)
    assert "Maria Lopez" in words(render_brief(shown))
    assert "twice: Page b" in words(render_brief(shown))
    await until(world, TUESDAY_9 + timedelta(days=7))
    assert await said(world) == [], "an empty brief is none"
    assert await due(world) is None


async def test_on_friday_it_waits_for_monday(world: World, owned: str) -> None:
    world.clock.advance(timedelta(days=4))
    await touch(world, "a")
    assert await due(world) == TUESDAY_9 + timedelta(days=6)


async def test_public_holidays_and_spans_of_days_off_have_none(world: World, owned: str) -> None:
    """Good Friday and Easter Monday of Germany, and two days more."""
    await world.change("p1", country="DE", days_off=("2026-04-07/2026-04-08",))
    world.clock.advance(timedelta(days=31))  # the Thursday before
    await touch(world, "a")
    assert await due(world) == datetime(2026, 4, 9, 7, tzinfo=UTC)


async def test_when_lockstep_was_down_in_the_morning_it_comes_late_once(world: World, owned: str) -> None:
    await touch(world, "a")
    world.clock.advance(TUESDAY_9 + timedelta(hours=2) - world.clock.now())
    await touch(world, "b")
    await world.sweep()
    await world.sweep()
    assert len(await said(world)) == 1
    await touch(world, "c")
    assert await due(world) == TUESDAY_9 + timedelta(days=1)


async def test_when_it_was_down_all_day_it_comes_the_next_morning_with_everything(world: World, owned: str) -> None:
    await touch(world, "a")
    world.clock.advance(TUESDAY_9 + timedelta(hours=11) - world.clock.now())
    await world.sweep()
    assert await said(world) == []
    assert await due(world) == TUESDAY_9 + timedelta(days=1)
    await until(world, TUESDAY_9 + timedelta(days=1))
    assert len(await said(world)) == 1


async def test_a_second_brief_of_a_day_waits_for_the_next_morning(world: World, owned: str) -> None:
    await touch(world, "a")
    await until(world, TUESDAY_9)
    await touch(world, "b")
    await world.db.run(lambda tx: tx.timers.set(TimerKind.BRIEF, "p1", tx.now))
    await world.sweep()
    assert len(await said(world)) == 1
    assert await due(world) == TUESDAY_9 + timedelta(days=1)


async def test_what_is_of_no_concern_any_more_is_not_said(world: World, owned: str) -> None:
    await touch(world, "a")
    (handoff,) = [each for each in await world.of_lead(owned) if each.is_owned]
    await world.release(handoff.id, JONAS)
    await until(world, TUESDAY_9)
    assert await said(world) == []


async def test_nobody_erased_is_named_in_a_brief_nor_afterwards(world: World, owned: str) -> None:
    other = await world.hand_over("2", name="Ann Other", email="ann@example.com")
    await world.accept(other.handoff_id, JONAS)
    await touch(world, "a")
    await world.hand_over("b", email="ann@example.com")
    await until(world, TUESDAY_9)
    ((post, shown),) = await said(world)
    assert shown.total == 2
    await world.db.run(lambda tx: erasure.erase_lead(tx, owned, actor="test"))
    ((again, shown),) = await said(world)
    assert again.id == post.id
    assert "Maria" not in words(render_brief(shown))
    assert "Ann Other" in words(render_brief(shown))
    await world.db.run(lambda tx: erasure.erase_lead(tx, other.lead_id or "", actor="test"))
    ((_, shown),) = await said(world)
    assert words(render_brief(shown)).splitlines()[-1] == "What stood here was erased."


async def test_somebody_erased_before_the_morning_is_in_no_brief(world: World, owned: str) -> None:
    await touch(world, "a")
    await world.db.run(lambda tx: erasure.erase_lead(tx, owned, actor="test"))
    await until(world, TUESDAY_9)
    assert await said(world) == []


# -- rejects ----------------------------------------------------------------------------------------------------------
async def owner_of_webinar(world: World) -> str:
    """An offer to Jonas of a campaign of Sam's."""
    await world.db.run(lambda tx: tx.campaigns.save(replace(tx.campaigns.ensure("webinar"), owner_id="p5")))
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over("9", name="Maria Lopez", company="Nordlicht", campaign="webinar")
    return done.handoff_id or ""


async def notices(world: World, lead_id: str) -> list[str]:
    return [post.place for post in await world.posts(lead_id) if post.subject is Subject.REJECT_NOTICE]


async def test_a_reject_that_counts_is_heard_at_once_and_another_in_the_morning(world: World) -> None:
    first = await world.reject(await owner_of_webinar(world), JONAS, "low_intent")
    assert await notices(world, first.lead.id) == [MARKETER]
    other = await world.hand_over("10", name="Spam Bot", campaign="webinar")
    done = await world.reject(other.handoff_id, JONAS, "ineligible")
    assert await notices(world, done.lead.id) == []
    assert await world.waits_for_brief("p5") == {Kind.OTHER_REJECT: 1}
    await until(world, TUESDAY_9)
    ((post, shown),) = await said(world)
    assert post.place == MARKETER
    for part in ("Spam Bot", "Competitor, partner, student, spam", "Closed"):
        assert part in words(render_brief(shown))


async def test_its_reader_may_move_a_reject_that_counts_into_the_brief_or_mute_it(world: World) -> None:
    offered = await owner_of_webinar(world)
    await choose(world, MARKETER, told={Kind.REJECT: How.BRIEF})
    await world.reject(offered, JONAS, "low_intent")
    assert await world.waits_for_brief("p5") == {Kind.REJECT: 1}
    await choose(world, MARKETER, told={Kind.REJECT: How.MUTED})
    other = await world.hand_over("10", campaign="webinar", name="B")
    done = await world.reject(other.handoff_id, JONAS, "low_intent")
    assert await notices(world, done.lead.id) == []
    await until(world, TUESDAY_9)
    assert await said(world) == [], "what was muted before the morning is not said in it"


async def test_without_an_owner_what_does_not_count_goes_to_whoever_leads_marketing(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    first = await world.hand_over("1", name="A")
    done = await world.reject(first.handoff_id, JONAS, "ineligible")
    assert await notices(world, done.lead.id) == [MARKETING], "nobody leads marketing"
    await world.db.run(lambda tx: tx.people.add(person(7, "Amara", Role.MANAGER, Side.MARKETING)))
    second = await world.hand_over("2", name="B")
    done = await world.reject(second.handoff_id, JONAS, "ineligible")
    assert await notices(world, done.lead.id) == []
    assert await world.waits_for_brief("p7") == {Kind.OTHER_REJECT: 1}
    third = await world.hand_over("3", name="C")
    done = await world.reject(third.handoff_id, JONAS, "low_intent")
    assert await notices(world, done.lead.id) == [MARKETING], "what counts is said in the channel at once"


# -- settings ---------------------------------------------------------------------------------------------------------
async def test_leads_and_trouble_can_not_be_muted(world: World) -> None:
    assert [kind for kind, rule in TABLE.items() if rule.is_fixed] == [
        Kind.LEAD,
        Kind.TROUBLE,
        Kind.ESCALATION,
        Kind.AGREEMENT,
        Kind.DISPUTE,
        Kind.NOTE_QUOTED,
        Kind.DIGEST,
    ]
    everybody = [Kind.MILESTONE, Kind.NOTE_ANSWERED, Kind.CAMPAIGN, Kind.CAMPAIGN_NEWS, Kind.QUESTION]
    form = await world.db.read(person_settings.settings_form, JONAS)
    assert set(form.kinds) == {Kind.HOTTER, Kind.CAME_BACK, Kind.MERGED, Kind.LEAKAGE, *everybody}
    form = await world.db.read(person_settings.settings_form, MARKETER)
    assert set(form.kinds) == {Kind.REJECT, Kind.OTHER_REJECT, Kind.NOTE, *everybody}
    form = await world.db.read(person_settings.settings_form, "U6")
    assert set(form.kinds) == {Kind.UPKEEP, *everybody}


async def test_the_owner_of_a_campaign_is_asked_about_rejects_whatever_their_role(world: World) -> None:
    await world.db.run(lambda tx: tx.campaigns.save(replace(tx.campaigns.ensure("webinar"), owner_id="p1")))
    form = await world.db.read(person_settings.settings_form, JONAS)
    assert Kind.REJECT in form.kinds


async def test_another_time_counts_for_the_next_brief_and_is_said_in_the_answer(world: World, owned: str) -> None:
    await touch(world, "a")
    answer = await choose(world, brief_at=time(7, 30))
    assert "3 March 2026 at 07:30, in your messages with me" in answer
    assert await due(world) == TUESDAY_9 - timedelta(minutes=90)
    answer = await choose(world, brief_at=time(18))
    assert "2 March 2026 at 18:00" in answer
    assert await due(world) == START + timedelta(hours=8)


async def test_a_kind_that_cannot_be_said_at_once_is_refused(world: World) -> None:
    with pytest.raises(FormError) as caught:
        await world.db.run(
            lambda tx: person_settings.save_settings(
                tx,
                SaveSettings(
                    by=MARKETER,
                    brief_at=None,
                    channel=None,
                    told={Kind.REJECT: "x"},
                    in_brief=(),
                    asked=tuple(Kind),  # type: ignore[dict-item]
                ),
            )
        )
    assert set(caught.value.fields) == {"told_reject"}


async def test_muted_touches_are_not_said(world: World, owned: str) -> None:
    await choose(world, in_brief=frozenset({Kind.MERGED}))
    await touch(world, "a")
    assert await world.waits_for_brief("p1") == {}
    assert await due(world) is None


async def test_in_a_channel_a_brief_names_companies_and_counts_and_nobody(world: World, owned: str) -> None:
    await choose(world, channel=ROOM)
    await touch(world, "a")
    await until(world, TUESDAY_9)
    ((post, shown),) = await said(world)
    assert post.place == ROOM
    told = words(render_brief(shown))
    assert "Nordlicht" in told
    assert not [part for part in ("Maria", "Lopez", "Page a") if part in told]
    assert str(shown).count("Maria") == 0, "a view cannot show what it was not given"


async def test_a_channel_that_refuses_the_brief_is_given_up_and_it_comes_as_a_direct_message(
    world: World, owned: str
) -> None:
    await choose(world, channel=ROOM)
    await touch(world, "a")
    assert await said(world) == []
    await until(world, TUESDAY_9)
    refused = Undeliverable("Lockstep is not in this channel", code="not_in_channel")

    def refuse(tx: Transaction) -> None:
        (row,) = [row for row in tx.outbox.lease_lanes(100, timedelta(seconds=30)) if row.lane == ROOM]
        delivery.undeliverable(tx, row, refused)
        tx.outbox.park(row, str(refused))

    await world.db.run(refuse)
    ((post, shown),) = await said(world)
    assert (post.place, shown.refused_by) == (JONAS, ROOM)
    assert "Maria Lopez" in words(render_brief(shown))
    assert f"<#{ROOM}>" in words(render_brief(shown))
    assert (await world.db.read(person_settings.settings_form, JONAS)).channel is None


async def test_who_asks_for_it_now_does_not_read_it_again_tomorrow(world: World, owned: str) -> None:
    await touch(world, "a")
    assert "on its way" in await world.db.run(person_settings.send_now, JONAS)
    assert len(await said(world)) == 1
    assert await world.db.run(person_settings.send_now, JONAS) == "Nothing waits to be said."
    await until(world, TUESDAY_9)
    assert await said(world) == []
    await touch(world, "b")
    await world.db.run(person_settings.send_now, JONAS)
    await touch(world, "c")
    await until(world, TUESDAY_9 + timedelta(days=1))
    assert len(await said(world)) == 2


# -- days -------------------------------------------------------------------------------------------------------------
async def test_who_is_away_reads_it_when_they_are_back(world: World, owned: str) -> None:
    await world.db.run(lambda tx: people.set_away(tx, JONAS, "2026-03-05"))
    await touch(world, "a")
    await until(world, TUESDAY_9)
    assert await said(world) == []
    await until(world, TUESDAY_9 + timedelta(days=2))
    assert len(await said(world)) == 1


async def test_who_comes_back_during_a_day_reads_it_then(world: World, owned: str) -> None:
    await world.db.run(lambda tx: people.set_away(tx, JONAS, None))
    await touch(world, "a")
    assert await due(world) is None
    await until(world, TUESDAY_9 + timedelta(hours=3))
    await world.db.run(people.set_back, JONAS)
    await world.sweep()
    assert len(await said(world)) == 1


async def test_a_new_zone_in_the_roster_moves_the_brief_at_once(world: World, owned: str) -> None:
    await touch(world, "a")
    now = await world.db.read(configuration.current)
    people_then = [
        replace(one, tz="America/New_York") if one.email == "jonas@example.com" else one for one in now.people
    ]
    await world.db.run(configuration.apply, replace(now, people=tuple(people_then)))
    assert await due(world) == START.replace(hour=14), "9:00 there is still to come today"


async def test_a_new_zone_in_slack_moves_the_brief_at_once(world: World, owned: str) -> None:
    await touch(world, "a")
    await world.db.run(follows_slack)
    there = Account(
        slack_id=JONAS, name="Jonas", email=None, title="", tz="Asia/Tokyo", flags=SlackFlags(checked_at=START)
    )
    await world.db.run(accounts.record_account, there)
    assert await due(world) == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)


def follows_slack(tx: Transaction) -> None:
    jonas = tx.people.get("p1")
    assert jonas is not None
    tx.people.set_roster(replace(jonas, tz_follows_slack=True))


# -- much -------------------------------------------------------------------------------------------------------------
@pytest.fixture
async def flooded(world: World, owned: str) -> World:
    """Five thousand things wait for Jonas, of two kinds."""

    def keep(tx: Transaction) -> None:
        for number in range(4_990):
            tx.briefs.keep("p1", Kind.CAME_BACK, f"x{number}", owned, {"origin": f"Page {number}"})
        for number in range(10):
            tx.briefs.keep("p1", Kind.UPKEEP, f"u{number}", None, {"title": "T" * 500, "text": "<!channel> " * 900})
        tx.settings.save(replace(tx.config, admin_id="p1"))
        jonas = tx.people.get("p1")
        assert jonas is not None
        briefs.plan(tx, jonas)

    await world.db.run(keep)
    return world


async def test_five_thousand_things_are_one_short_message(flooded: World) -> None:
    await until(flooded, TUESDAY_9)
    ((_, shown),) = await said(flooded)
    assert (shown.total, shown.shown) == (5_000, LINES)
    message = render_brief(shown)
    assert_slack_takes(message)
    assert len(words(message).splitlines()) < 25
    assert "and 4985 more" in words(message)
    assert action_ids(message) == ["brief.all", "home.settings"]


async def test_show_all_turns_through_everything_and_only_its_reader_may(flooded: World) -> None:
    await until(flooded, TUESDAY_9)
    ((_, shown),) = await said(flooded)
    seen = 0
    last = -(-5_000 // PAGE) - 1
    for number in (0, 1, last - 1, last, 10_000):
        page = await flooded.db.read(brief_content.load_page, shown.brief_id, JONAS, number)
        assert_slack_takes(brief_page(page))
        assert page.page == min(number, last)
        seen += sum(len(section.lines) for section in page.sections)
    assert seen == 5 * PAGE
    for other in ("U2", "U4", "U6"):
        with pytest.raises(NotAllowed, match="brief of Jonas"):
            await flooded.db.read(brief_content.load_page, shown.brief_id, other, 0)
    with pytest.raises(NotFound):
        await flooded.db.read(brief_content.load_page, "made-up", JONAS, 0)


def test_every_kind_has_a_line_before_any_has_two() -> None:
    counts = {Kind.REJECT: 900, Kind.HOTTER: 1, Kind.MERGED: 2, Kind.UPKEEP: 5}
    assert brief_content.share(counts, 8) == {Kind.REJECT: 5, Kind.HOTTER: 1, Kind.MERGED: 1, Kind.UPKEEP: 1}
    assert brief_content.share({Kind.REJECT: 2}, 8) == {Kind.REJECT: 2}


async def test_a_manager_reads_what_waits_but_that_alone_is_no_brief(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    await world.hand_over("1", name="Maria Lopez")
    await until(world, TUESDAY_9 + timedelta(days=1))
    assert await said(world) == []
    await world.configure(admin_id="p4")
    await world.db.run(lambda tx: briefs.tell_admin(tx, "Put this in order", "Somebody is not in Slack."))
    await until(world, TUESDAY_9 + timedelta(days=2))
    ((_, shown),) = await said(world)
    assert (shown.waiting, shown.team_waiting, shown.unrouted) == (0, 1, 0)
    assert "1 lead in all teams" in words(render_brief(shown))


async def test_old_briefs_are_forgotten(world: World, owned: str) -> None:
    await touch(world, "a")
    await until(world, TUESDAY_9)
    ((_, shown),) = await said(world)
    assert await world.db.run(lambda tx: tx.briefs.prune(tx.now)) == 0
    world.clock.advance(timedelta(days=1))
    assert await world.db.run(lambda tx: tx.briefs.prune(tx.now)) == 1
    with pytest.raises(NotFound, match="too old"):
        await world.db.read(brief_content.load_page, shown.brief_id, JONAS, 0)
