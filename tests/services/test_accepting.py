from datetime import timedelta

import pytest

from bot.domain.handoff import End, Opened, Status
from bot.domain.lead import Stage
from bot.domain.person import SlackFlags
from bot.domain.post import PostRole, Subject
from bot.domain.routing import Target
from bot.errors import AlreadyDecided, NotAllowed, NotFound, OverCap, PersonUnknown, TooLate
from bot.services import cards, forms, notices
from tests.services.world import (
    FALLBACK,
    INES,
    JONAS,
    MANAGER,
    MARKETER,
    MIRROR,
    POOL,
    PRIYA,
    START,
    World,
    everything_to,
)  # fmt: skip


async def test_a_lead_is_one_card_in_one_reps_messages_and_a_mirror(world: World) -> None:
    done = await world.hand_over(name="Maria Lopez")
    posts = await world.posts(done.lead_id)
    assert {(post.place, post.role) for post in posts} == {(JONAS, PostRole.PRIMARY), (MIRROR, PostRole.MIRROR)} or {
        (post.place, post.role) for post in posts
    } == {(INES, PostRole.PRIMARY), (MIRROR, PostRole.MIRROR)}


async def test_an_accept_makes_the_clicker_the_owner_and_the_lead_a_sal(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over()
    accepted = await world.accept(done.handoff_id, JONAS)
    assert accepted.handoff.is_owned
    assert (accepted.handoff.rep_id, accepted.handoff.decided_by) == ("p1", "p1")
    assert (await world.lead(done.lead_id)).stage is Stage.SAL


async def test_a_second_accept_is_refused_and_says_who_was_first_and_when(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over()
    await world.accept(done.handoff_id, JONAS)
    world.clock.advance(timedelta(seconds=3))
    with pytest.raises(AlreadyDecided, match="Jonas accepted this lead 3 s ago") as caught:
        await world.accept(done.handoff_id, PRIYA)
    assert caught.value.by == "Jonas"
    assert (await world.handoff(done.handoff_id)).rep_id == "p1"


async def test_a_double_click_of_the_same_person_changes_nothing(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over()
    first = await world.accept(done.handoff_id, JONAS)
    again = await world.accept(done.handoff_id, JONAS)
    assert again.repeated
    assert again.handoff == first.handoff
    assert (await world.events(done.lead_id)).count("handoff.accepted") == 1


async def test_only_reps_of_the_pools_team_accept(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over()
    for by in (INES, MANAGER, MARKETER):
        with pytest.raises(NotAllowed):
            await world.accept(done.handoff_id, by)
    assert (await world.handoff(done.handoff_id)).is_open


async def test_the_fallback_pool_is_for_all_reps_and_sales_managers(world: World) -> None:
    await world.rules()
    done = await world.hand_over()
    handoff = await world.handoff(done.handoff_id)
    assert handoff.pool_channel == FALLBACK
    assert handoff.routed_because == "No routing rule matches this lead"
    with pytest.raises(NotAllowed):
        await world.accept(done.handoff_id, MARKETER)
    assert (await world.accept(done.handoff_id, MANAGER)).handoff.rep_id == "p4"


@pytest.mark.parametrize(
    "flags",
    [
        SlackFlags(is_guest=True, checked_at=START),
        SlackFlags(is_stranger=True, checked_at=START),
        SlackFlags(is_deleted=True, checked_at=START),
        SlackFlags(is_bot=True, checked_at=START),
    ],
)
async def test_guests_strangers_leavers_and_apps_never_act(world: World, flags: SlackFlags) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over()
    await world.change("p3", flags=flags)
    with pytest.raises(NotAllowed):
        await world.accept(done.handoff_id, PRIYA)
    assert (await world.handoff(done.handoff_id)).is_open


@pytest.mark.parametrize("checked_at", [None, START - timedelta(hours=24, seconds=1)])
async def test_an_account_slack_has_not_confirmed_lately_is_asked_to_try_again(
    world: World, checked_at: object
) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over()
    await world.change("p3", flags=SlackFlags(checked_at=checked_at))  # type: ignore[arg-type]
    with pytest.raises(PersonUnknown, match="try again in a moment"):
        await world.accept(done.handoff_id, PRIYA)


async def test_a_click_with_an_id_or_version_we_never_gave_finds_nothing(world: World) -> None:
    with pytest.raises(NotFound):
        await world.accept("made-up", JONAS)


async def test_nobody_takes_more_from_a_pool_than_their_cap(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    await world.change("p1", cap=1)
    first, second = await world.hand_over("1"), await world.hand_over("2")
    await world.accept(first.handoff_id, JONAS)
    with pytest.raises(OverCap, match="limit of 1"):
        await world.accept(second.handoff_id, JONAS)
    assert (await world.handoff(second.handoff_id)).is_open


async def test_undo_opens_the_same_card_again_for_the_same_rep(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over()
    await world.accept(done.handoff_id, JONAS)
    world.clock.advance(timedelta(minutes=4, seconds=59))
    undone = await world.undo(done.handoff_id, JONAS)
    assert undone.handoff.end is End.UNDONE
    successor = undone.successor
    assert successor is not None
    assert (successor.status, successor.opened, successor.rep_id) == (Status.OFFERED, Opened.UNDONE, "p1")
    assert successor.offered_at == START
    cards = [post for post in await world.posts(done.lead_id) if post.subject is Subject.HANDOFF]
    assert {post.subject_id for post in cards} == {successor.id}
    assert (await world.lead(done.lead_id)).stage is Stage.MQL


async def test_an_undo_is_shown_on_the_card(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over()
    await world.said()
    await world.accept(done.handoff_id, JONAS)
    assert await world.said() == 1
    await world.undo(done.handoff_id, JONAS)
    assert await world.said() == 1


async def test_undo_in_a_pool_opens_it_for_the_whole_pool(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over()
    await world.accept(done.handoff_id, JONAS)
    undone = await world.undo(done.handoff_id, JONAS)
    assert undone.successor is not None
    assert (undone.successor.rep_id, undone.successor.pool_channel) == (None, POOL)
    assert (await world.accept(undone.successor.id, PRIYA)).handoff.rep_id == "p3"


async def test_undo_is_over_at_five_minutes_to_the_second(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over()
    await world.accept(done.handoff_id, JONAS)
    world.clock.advance(timedelta(minutes=5))
    with pytest.raises(TooLate, match="Release"):
        await world.undo(done.handoff_id, JONAS)


async def test_only_who_accepted_can_undo_or_release(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over()
    await world.accept(done.handoff_id, JONAS)
    for by in (PRIYA, MANAGER):
        with pytest.raises(NotAllowed):
            await world.undo(done.handoff_id, by)
        with pytest.raises(NotAllowed):
            await world.release(done.handoff_id, by)


async def test_the_end_of_undo_is_a_timer_that_fires_once_at_its_instant(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over()
    await world.accept(done.handoff_id, JONAS)
    world.clock.advance(timedelta(minutes=5) - timedelta(microseconds=1))
    assert await world.sweep() == 0
    world.clock.advance(timedelta(microseconds=1))
    assert await world.sweep() == 1
    assert await world.sweep() == 0


async def test_nothing_fires_after_an_undo(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over()
    await world.accept(done.handoff_id, JONAS)
    await world.undo(done.handoff_id, JONAS)
    world.clock.advance(timedelta(days=1))
    assert await world.sweep() == 0


async def test_a_released_lead_goes_to_somebody_else(world: World) -> None:
    done = await world.hand_over()
    rep = (await world.handoff(done.handoff_id)).rep_id
    by = JONAS if rep == "p1" else INES
    await world.accept(done.handoff_id, by)
    released = await world.release(done.handoff_id, by, "on holiday")
    assert released.handoff.end is End.RELEASED
    assert released.successor is not None
    assert released.successor.rep_id == ("p2" if rep == "p1" else "p1")


async def test_a_manager_reassigns_an_open_and_an_accepted_lead(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over()
    moved = await world.reassign(done.handoff_id, MANAGER, "p2")
    assert moved.handoff.status is Status.WITHDRAWN
    assert moved.successor is not None
    await world.accept(moved.successor.id, INES)
    again = await world.reassign(moved.successor.id, MANAGER, "p3")
    assert again.handoff.end is End.TRANSFERRED
    assert again.successor is not None
    assert (again.successor.rep_id, again.successor.status) == ("p3", Status.OFFERED)


async def test_a_withdrawn_lead_is_back_with_marketing(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over()
    withdrawn = await world.withdraw(done.handoff_id, MANAGER)
    assert withdrawn.handoff.status is Status.WITHDRAWN
    assert withdrawn.lead.stage is Stage.RECYCLED
    with pytest.raises(AlreadyDecided, match="Anna withdrew"):
        await world.accept(done.handoff_id, JONAS)


async def test_reps_cannot_reassign_or_withdraw(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over()
    with pytest.raises(NotAllowed):
        await world.reassign(done.handoff_id, JONAS, "p2")
    with pytest.raises(NotAllowed):
        await world.withdraw(done.handoff_id, JONAS)


async def test_marketing_reads_why_a_manager_withdrew_a_lead(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over()
    await world.withdraw(done.handoff_id, MANAGER, "test lead")
    post = next(post for post in await world.posts(done.lead_id) if post.subject is Subject.REJECT_NOTICE)
    notice = await world.db.read(notices.load_reject_notice, post)
    assert notice is not None
    assert (notice.withdrawn, notice.comment, notice.rejected_by) == (True, "test lead", "Anna")


async def test_the_next_one_reads_what_the_one_before_said(world: World) -> None:
    done = await world.hand_over()
    rep = (await world.handoff(done.handoff_id)).rep_id
    by, name = (JONAS, "Jonas") if rep == "p1" else (INES, "Ines")
    await world.accept(done.handoff_id, by)
    released = await world.release(done.handoff_id, by, "prefers French")
    assert released.successor is not None
    card = await world.db.read(cards.card_of, released.successor, masked=False)
    assert card is not None
    assert card.passed_on == f"Released by {name}: prefers French"


async def test_who_had_a_lead_does_not_see_what_comes_later(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over(name="Maria Lopez", email="maria@example.com")
    await world.reassign(done.handoff_id, MANAGER, "p2")
    details = await world.db.read(forms.details, done.handoff_id or "", JONAS)
    assert "Maria" not in str(details)
