"""A campaign's first SQL and first win: told once ever, to both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.brief import PersonSettings
from bot.domain.budget import How, Kind
from bot.domain.config import BY_HAND_PREFIX
from bot.domain.lead import Stage
from bot.domain.milestone import What
from bot.domain.person import Role, Side
from bot.domain.post import Post, Subject
from bot.services import crm, delivery
from bot.services.crm_news import LeadStage
from bot.services.milestones import MilestoneShown
from tests.services.outcome_world import correct, log, log_all
from tests.services.test_outcomes import accepted
from tests.services.world import MARKETER, MARKETING, MIRROR, World, person

SQL = ("contacted", "qualified")


async def campaign(world: World) -> str:
    """Spring is Sam's; Carla leads marketing, Anna leads Jonas. The campaign's id."""

    def grow(tx):  # type: ignore[no-untyped-def]
        tx.people.add(person(7, "Carla", Role.MANAGER, Side.MARKETING))
        tx.people.set_links("p1", "p4", None)
        tx.people.set_links("p5", "p7", None)
        made = tx.campaigns.ensure("spring")
        tx.campaigns.save(replace(made, name="Spring webinar", owner_id="p5"))
        return made.id

    return str(await world.db.run(grow))


async def told(world: World, campaign_id: str) -> list[Post]:
    return await world.db.read(lambda tx: tx.posts.of_subject(Subject.MILESTONE, campaign_id))


async def shown(world: World, post: Post) -> MilestoneShown:
    found = await world.db.read(delivery.what_to_say, post.id)
    assert found is not None
    assert isinstance(found[1], MilestoneShown)
    return found[1]


async def test_the_first_sql_is_told_to_both_sides_crediting_rep_and_marketer(world: World) -> None:
    spring = await campaign(world)
    handoff, _ = await accepted(world, campaign="spring")
    await log_all(world, handoff.id, *SQL)
    posts = await told(world, spring)
    assert sorted(post.place for post in posts) == sorted(["U1", "U4", MARKETER, "U7", MARKETING, MIRROR])
    private = await shown(world, next(post for post in posts if post.place == MARKETER))
    assert (private.campaign, private.rep, private.marketer, private.lead_name) == (
        "Spring webinar", "Jonas", "Sam", "Dana Whitfield",
    )  # fmt: skip
    public = await shown(world, next(post for post in posts if post.place == MARKETING))
    assert public.lead_name != "Dana Whitfield"


async def test_it_is_told_once_ever_and_the_win_besides(world: World) -> None:
    spring = await campaign(world)
    for number in ("1", "2"):
        handoff, _ = await accepted(world, number, campaign="spring")
        await log_all(world, handoff.id, *SQL, "won")
    whats = [post.data["what"] for post in await told(world, spring)]
    assert (whats.count("sql"), whats.count("win")) == (6, 6)


async def test_a_correction_says_so_where_it_was_told_and_the_same_again_is_no_second_message(world: World) -> None:
    spring = await campaign(world)
    handoff, _ = await accepted(world, campaign="spring")
    await log_all(world, handoff.id, *SQL)
    posts = await told(world, spring)
    while await world.said():
        pass
    await correct(world, handoff.id, 1)
    assert (await shown(world, posts[0])).corrected
    assert {row.subject_id for row in await world.outbox()} >= {post.id for post in posts}
    await log(world, handoff.id, "qualified")
    assert not (await shown(world, posts[0])).corrected
    assert len(await told(world, spring)) == len(posts)


async def test_after_a_mistake_the_first_that_is_none_is_told_and_the_mistake_stays_struck(
    world: World,
) -> None:
    spring = await campaign(world)
    handoff, _ = await accepted(world, campaign="spring")
    other, _ = await accepted(world, "2", campaign="spring")
    await log_all(world, handoff.id, *SQL)
    mistaken = await told(world, spring)
    await correct(world, handoff.id, 1)
    await log_all(world, other.id, *SQL)
    anew = [post for post in await told(world, spring) if post.id not in {one.id for one in mistaken}]
    assert sorted(post.place for post in anew) == sorted(post.place for post in mistaken)
    assert not (await shown(world, anew[0])).corrected
    assert (await shown(world, mistaken[0])).corrected
    reached = await world.db.read(lambda tx: tx.milestones.get(spring, What.SQL))
    assert reached is not None
    assert reached.handoff_id == other.id
    await log_all(world, handoff.id, "qualified")
    assert len(await told(world, spring)) == len(mistaken) + len(anew)


async def test_a_deal_that_is_lost_later_was_an_sql_all_the_same(world: World) -> None:
    spring = await campaign(world)
    handoff, _ = await accepted(world, campaign="spring")
    await log_all(world, handoff.id, *SQL, "lost")
    assert not (await shown(world, (await told(world, spring))[0])).corrected


async def test_the_word_of_the_crm_counts_too(world: World) -> None:
    spring = await campaign(world)
    await accepted(world, campaign="spring")
    world.clock.advance(timedelta(minutes=1))
    news = LeadStage(source="crm", external_id="1", at=world.clock.now(), stage=Stage.WON)
    await world.db.run(crm.hear, news)
    assert {post.data["what"] for post in await told(world, spring)} == {"sql", "win"}


async def test_whoever_chose_so_reads_it_in_the_brief_and_whoever_muted_it_nowhere(world: World) -> None:
    spring = await campaign(world)

    def choose(tx):  # type: ignore[no-untyped-def]
        tx.person_settings.save(PersonSettings(person_id="p4", kinds={Kind.MILESTONE: How.BRIEF}))
        tx.person_settings.save(PersonSettings(person_id="p7", kinds={Kind.MILESTONE: How.MUTED}))

    await world.db.run(choose)
    handoff, _ = await accepted(world, campaign="spring")
    await log_all(world, handoff.id, *SQL)
    assert not {"U4", "U7"} & {post.place for post in await told(world, spring)}
    assert await world.waits_for_brief("p4") == {Kind.MILESTONE: 1}
    assert await world.waits_for_brief("p7") == {}


async def test_what_people_hand_over_by_hand_is_no_campaign(world: World) -> None:
    handoff, _ = await accepted(world, campaign=f"{BY_HAND_PREFIX}sam@example.com")
    await log_all(world, handoff.id, *SQL)
    assert handoff.campaign_id is not None
    assert await told(world, handoff.campaign_id) == []
