"""A channel gets at most twenty cards in ten minutes, then one summary that follows the rest."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.flood import MOST_CARDS, WINDOW
from bot.domain.lead import Priority
from bot.domain.post import OutboxKind, OutboxRow, Post, PostRole, Subject
from bot.domain.routing import Target
from bot.services.cards import Card
from bot.services.delivery import what_to_say
from bot.services.floods import LISTED, Summary
from storage.transaction import Transaction
from tests.services.world import JONAS, MIRROR, POOL, PRIYA, World, everything_to


async def flood(world: World, count: int, *, start: int = 0) -> list[str]:
    """Leads handed over to the pool; their ids."""
    await world.rules(everything_to(Target.POOL, "t2"))
    return [
        (await world.hand_over(str(number), name=f"Maria Lopez{number}", company=f"Company {number}")).lead_id
        for number in range(start, start + count)
    ]


async def card_of(world: World, lead_id: str) -> Post:
    (post,) = [post for post in await world.posts(lead_id) if post.subject is Subject.HANDOFF]
    return post


async def summaries(world: World) -> list[str]:
    """The outbox rows that wait for summaries, by post."""
    found = []
    for row in await rows(world):
        post = await world.db.read(lambda tx, row=row: tx.posts.get(row.subject_id))
        if post is not None and post.subject is Subject.SUMMARY:
            found.append(post.id)
    return found


async def rows(world: World) -> list[OutboxRow]:
    """Everything that is said, lane by lane, taken as said."""
    found: list[OutboxRow] = []
    while leased := await world.outbox():
        found += leased
        for row in leased:
            await world.db.run(lambda tx, row=row: tx.outbox.done(row, tx.now))
    return found


async def said(world: World, post_id: str) -> Summary:
    found = await world.db.read(what_to_say, post_id)
    assert found is not None
    assert isinstance(found[1], Summary)
    return found[1]


async def test_twenty_leads_have_cards_and_the_rest_one_summary(world: World) -> None:
    leads = await flood(world, MOST_CARDS + 5)
    cards = [await card_of(world, lead) for lead in leads]
    assert [card.listed_in is None for card in cards] == [True] * MOST_CARDS + [False] * 5
    (summary,) = {card.listed_in for card in cards[MOST_CARDS:]}
    assert summary is not None
    assert await summaries(world) == [summary]
    shown = await said(world, summary)
    assert (shown.waiting, shown.decided, len(shown.rows)) == (5, 0, 5)
    assert all(row.may_decide for row in shown.rows)


async def test_names_in_a_summary_are_masked(world: World) -> None:
    leads = await flood(world, MOST_CARDS + 1)
    shown = await said(world, str((await card_of(world, leads[-1])).listed_in))
    assert [row.name for row in shown.rows] == ["M. L."]


async def test_a_listed_lead_is_accepted_as_any_other_and_the_summary_follows(world: World) -> None:
    leads = await flood(world, MOST_CARDS + 2)
    listed = await card_of(world, leads[-1])
    await rows(world)
    await world.accept(listed.subject_id, PRIYA)
    assert (await world.handoff(listed.subject_id)).is_owned
    # No card of its own appears: the summary is what is brought to the present state.
    assert await summaries(world) == [listed.listed_in]
    shown = await said(world, str(listed.listed_in))
    assert (shown.waiting, shown.decided) == (1, 1)
    assert listed.subject_id not in [row.handoff_id for row in shown.rows]


async def test_an_accept_that_is_undone_stands_in_the_summary_again(world: World) -> None:
    leads = await flood(world, MOST_CARDS + 1)
    listed = await card_of(world, leads[-1])
    await world.accept(listed.subject_id, PRIYA)
    await world.undo(listed.subject_id, PRIYA)
    assert (await said(world, str(listed.listed_in))).waiting == 1


async def test_what_a_summary_does_not_show_is_counted(world: World) -> None:
    leads = await flood(world, MOST_CARDS + LISTED + 3)
    shown = await said(world, str((await card_of(world, leads[-1])).listed_in))
    assert (len(shown.rows), shown.waiting) == (LISTED, LISTED + 3)


async def test_after_ten_minutes_there_is_room_for_cards_again(world: World) -> None:
    await flood(world, MOST_CARDS + 1)
    await all_shown(world)
    world.clock.advance(WINDOW - timedelta(microseconds=1))
    (still,) = await flood(world, 1, start=100)
    assert (await card_of(world, still)).listed_in is not None
    world.clock.advance(timedelta(microseconds=1))
    (again,) = await flood(world, 1, start=200)
    assert (await card_of(world, again)).listed_in is None


async def test_a_hot_lead_is_never_among_those_that_are_only_counted(world: World) -> None:
    leads = await flood(world, MOST_CARDS + LISTED + 3)
    hot = await world.hand_over("hot", name="Maria Hot", priority=Priority.HOT)
    shown = await said(world, str((await card_of(world, leads[-1])).listed_in))
    assert shown.rows[0].handoff_id == hot.handoff_id


async def test_a_channel_that_is_pool_and_mirror_says_of_each_line_what_can_be_done(world: World) -> None:
    leads = await flood(world, MOST_CARDS + 1)
    await world.db.run(_mirror_in_the_pool)
    await world.rules(everything_to(Target.REP, "p1"))
    told = await world.hand_over("told", name="Maria Told")
    shown = await said(world, str((await card_of(world, leads[-1])).listed_in))
    assert {row.handoff_id: row.may_decide for row in shown.rows}[told.handoff_id or ""] is False
    assert [row.may_decide for row in shown.rows].count(True) == 1


def _mirror_in_the_pool(tx: Transaction) -> None:
    team = tx.teams.get("t1")
    assert team is not None
    tx.teams.save(replace(team, mirror_channel=POOL))


async def test_whoever_accepts_from_a_summary_gets_the_card_with_name_and_phone(world: World) -> None:
    leads = await flood(world, MOST_CARDS + 1)
    listed = await card_of(world, leads[-1])
    await world.accept(listed.subject_id, PRIYA)
    [own] = [post for post in await world.posts(leads[-1]) if post.place == PRIYA]
    found = await world.db.read(what_to_say, own.id)
    assert found is not None
    card = found[1]
    assert isinstance(card, Card)
    assert (card.lead.name, card.masked, card.is_mirror) == (f"Maria Lopez{MOST_CARDS}", False, False)
    await world.undo(listed.subject_id, PRIYA)
    again = await world.db.read(what_to_say, own.id)
    assert again is not None
    assert isinstance(again[1], Card)
    assert again[1].is_mirror  # decided where it was: no second card with buttons


async def all_shown(world: World) -> int:
    """Slack is there: everything that waits is shown now. How many messages were new in the pool."""
    new = 0
    while leased := await world.outbox():
        for row in leased:
            new += await world.db.run(_show, row)
    return new


def _show(tx: Transaction, row: OutboxRow) -> bool:
    post = tx.posts.get(row.subject_id) if row.kind is OutboxKind.SYNC_POST else None
    if post is not None:
        tx.posts.shown(post.id, post.place, post.ts or "1.0", post.shown_version + 1)
    tx.outbox.done(row, tx.now)
    return post is not None and post.ts is None and post.place == POOL


async def test_what_a_channel_gets_after_an_hour_without_slack_is_twenty_cards_and_one_summary(world: World) -> None:
    """The promise is about what people see: cards that could not be shown still come, all at once."""
    for number in range(6):
        await flood(world, MOST_CARDS + 5, start=100 * number)
        world.clock.advance(WINDOW)
    assert await all_shown(world) == MOST_CARDS + 1
    world.clock.advance(WINDOW - timedelta(seconds=1))
    (still,) = await flood(world, 1, start=1000)
    assert (await card_of(world, still)).listed_in is not None


async def test_cards_that_wait_for_a_closed_channel_are_no_more_than_twenty(world: World) -> None:
    leads = await flood(world, 5)
    for lead in leads:
        card = await card_of(world, lead)
        await world.db.run(lambda tx, card=card: tx.posts.gone(card.id, "is_archived", waits=True))
    world.clock.advance(timedelta(hours=3))
    later = await flood(world, MOST_CARDS, start=100)
    cards = [await card_of(world, lead) for lead in later]
    assert sum(card.listed_in is None for card in cards) == MOST_CARDS - 5


async def test_what_will_never_be_shown_takes_nobodys_place(world: World) -> None:
    leads = await flood(world, MOST_CARDS)
    for lead in leads:
        card = await card_of(world, lead)
        await world.db.run(lambda tx, card=card: tx.posts.gone(card.id, "nothing to say"))
    (next_one,) = await flood(world, 1, start=100)
    assert (await card_of(world, next_one)).listed_in is None


async def test_direct_messages_are_not_limited_and_the_mirror_is(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    for number in range(MOST_CARDS + 3):
        await world.hand_over(str(number))
    found = await world.db.read(lambda tx: [tx.posts.of_lead(one.lead_id) for one, _ in tx.handoffs.waiting(100, 0)])
    direct = [post for posts in found for post in posts if post.role is PostRole.PRIMARY]
    mirrored = [post for posts in found for post in posts if post.role is PostRole.MIRROR]
    assert {post.place for post in direct} == {JONAS}
    assert [post.listed_in for post in direct] == [None] * (MOST_CARDS + 3)
    assert {post.place for post in mirrored} <= {MIRROR}
    assert sum(post.listed_in is not None for post in mirrored) == max(0, len(mirrored) - MOST_CARDS)


async def test_leads_that_arrive_at_once_do_not_pass_the_limit(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    handed = await asyncio.gather(*(world.hand_over(str(number)) for number in range(MOST_CARDS + 10)))
    cards = [await card_of(world, one.lead_id) for one in handed]
    assert sum(card.listed_in is None for card in cards) == MOST_CARDS
    assert len({card.listed_in for card in cards} - {None}) == 1
    assert {card.place for card in cards} == {POOL}
