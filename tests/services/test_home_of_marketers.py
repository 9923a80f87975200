"""What marketers' Home lists: what became of their campaigns' leads, and what sales rejected, for them alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.lead import Priority
from bot.domain.person import Role, Side
from bot.domain.routing import Target
from bot.errors import NotAllowed
from bot.services import assigning, forms, home
from bot.services.home import Home
from bot.services.home_rows import PAGE, HomeLists, HomePages
from storage.transaction import Transaction
from tests.services.test_statements import counted
from tests.services.world import INES, JONAS, MARKETER, World, everything_to, person

CMO, OTHER = "U7", "U8"


async def seen_by(world: World, slack_id: str = MARKETER, pages: HomePages = home.FIRST_PAGES) -> Home:
    return await world.db.read(lambda tx: home.load_home(tx, slack_id, pages))


@pytest.fixture
async def webinar(world: World) -> World:
    """Campaign webinar is Sam's; ads is another marketer's; events is nobody's. Everything goes to Jonas."""

    def prepare(tx: Transaction) -> None:
        tx.people.add(person(7, "Nadia", Role.MANAGER, Side.MARKETING))
        tx.people.add(person(8, "Otto", Role.MARKETER, Side.MARKETING))
        for key, owner in (("webinar", "p5"), ("ads", "p8"), ("events", None)):
            tx.campaigns.save(replace(tx.campaigns.ensure(key), name=key.title(), owner_id=owner))
        tx.rules.replace([everything_to(Target.REP, "p1")])

    await world.db.run(prepare)
    return world


async def handed(world: World, number: int, campaign: str = "webinar", answer: str | None = None) -> str:
    """A lead of this campaign; `answer`: accept, or the code of a reject's reason."""
    done = await world.hand_over(
        f"{campaign}-{number}", name=f"Lead {number}", email=f"{campaign}{number}@example.com", campaign=campaign
    )
    if answer == "accept":
        await world.accept(done.handoff_id, JONAS)
    elif answer is not None:
        extra = {"criterion": "Size"} if answer == "not_icp" else {}
        await world.reject(done.handoff_id, JONAS, answer, comment="Said so on the phone", **extra)
    world.clock.advance(timedelta(minutes=1))
    return str(done.handoff_id)


async def test_a_marketer_sees_what_became_of_their_campaigns_leads(webinar: World) -> None:
    await handed(webinar, 1)
    await handed(webinar, 2, answer="accept")
    for number in (3, 4):
        await handed(webinar, number, answer="not_icp")
    await handed(webinar, 5, answer="low_intent")
    await handed(webinar, 1, campaign="ads", answer="low_intent")
    seen = await seen_by(webinar)
    assert seen.campaigns is not None
    (row,) = seen.campaigns.rows
    assert (row.name, row.owner, row.handed_over, row.accepted, row.rejected, row.waiting) == (
        "Webinar", None, 5, 1, 3, 1,
    )  # fmt: skip
    assert row.top_reason == "Company not a fit"
    week = seen.week.campaigns
    assert week is not None
    assert (week.handed_over, week.accepted, week.rejected, week.waiting) == (5, 1, 3, 1)
    assert [count for _, count in week.reasons] == [2, 1]


async def test_rejects_stand_with_reason_and_what_became_of_the_lead(webinar: World) -> None:
    rejected = await handed(webinar, 1, answer="not_icp")
    await handed(webinar, 1, campaign="ads", answer="low_intent")
    seen = await seen_by(webinar)
    assert seen.rejects is not None
    (row,) = seen.rejects.rows
    assert (row.handoff_id, row.name, row.campaign) == (rejected, "Lead 1", "Webinar")
    assert (row.reason, row.follow_up, row.comment) == ("Company not a fit", "Size", "Said so on the phone")
    assert row.rejected_by == "Jonas"
    assert row.where


async def test_what_is_longer_ago_than_thirty_days_is_not_counted_but_what_waits_is(webinar: World) -> None:
    await handed(webinar, 1)
    await handed(webinar, 2, answer="low_intent")
    webinar.clock.advance(timedelta(days=31))
    await _confirmed(webinar)
    seen = await seen_by(webinar)
    assert seen.campaigns is not None
    assert seen.rejects is not None
    (row,) = seen.campaigns.rows
    assert (row.handed_over, row.rejected, row.waiting) == (0, 0, 1)
    assert seen.rejects.total == 0


async def test_an_undone_accept_and_a_second_offer_count_a_lead_once(webinar: World) -> None:
    accepted = await handed(webinar, 1, answer="accept")
    undone = await webinar.undo(accepted, JONAS)
    assert undone.successor is not None
    await webinar.accept(undone.successor.id, JONAS)
    await webinar.release(undone.successor.id, JONAS)
    seen = await seen_by(webinar)
    assert seen.campaigns is not None
    (row,) = seen.campaigns.rows
    assert (row.handed_over, row.accepted) == (1, 1)


async def test_a_lead_that_two_reps_rejected_is_one_rejected_lead_with_both_reasons(webinar: World) -> None:
    first = await handed(webinar, 1)
    await webinar.rules(everything_to(Target.REP, "p2"))
    await webinar.reject(first, JONAS, "misrouted", comment="Not my country")
    second = next(one for one in await webinar.of_lead((await webinar.handoff(first)).lead_id) if one.id != first)
    await webinar.reject(second.id, INES, "low_intent")
    seen = await seen_by(webinar)
    assert seen.campaigns is not None
    (row,) = seen.campaigns.rows
    assert (row.handed_over, row.rejected, row.waiting) == (1, 1, 0)
    week = seen.week.campaigns
    assert week is not None
    assert (week.handed_over, week.rejected, [count for _, count in week.reasons]) == (1, 1, [1, 1])


async def test_a_lead_that_found_nobody_was_handed_over_and_waits(webinar: World) -> None:
    await webinar.configure(fallback_channel=None)
    await webinar.change("p1", cap=0)
    done = await webinar.hand_over("webinar-1", name="Lead", email="lead@example.com", campaign="webinar")
    assert done.handoff_id is None

    async def numbers() -> tuple[tuple[int, int], tuple[int, int]]:
        seen = await seen_by(webinar)
        assert seen.campaigns is not None
        assert seen.week.campaigns is not None
        (row,), week = seen.campaigns.rows, seen.week.campaigns
        return (row.handed_over, row.waiting), (week.handed_over, week.waiting)

    assert await numbers() == ((1, 1), (1, 1))
    command = assigning.AssignLead(lead_id=done.lead_id or "", by="U4", person_id="p2", note="Please")
    await webinar.db.run(assigning.assign_lead, command)
    assert await numbers() == ((1, 1), (1, 1))
    (offered,) = await webinar.of_lead(done.lead_id or "")
    await webinar.accept(offered.id, INES)
    assert await numbers() == ((1, 0), (1, 0))


async def test_a_lead_of_two_campaigns_is_one_in_the_numbers_of_both_together(webinar: World) -> None:
    """It came back by another campaign after it was rejected."""
    await webinar.db.run(
        lambda tx: tx.campaigns.save(replace(tx.campaigns.ensure("ads"), name="Ads", owner_id="p5")),
    )
    await handed(webinar, 1, answer="low_intent")
    done = await webinar.hand_over(
        "ads-9", name="Lead 1", email="webinar1@example.com", campaign="ads", priority=Priority.HOT
    )
    await webinar.reject(done.handoff_id, JONAS, "low_intent")
    week = (await seen_by(webinar)).week.campaigns
    assert week is not None
    assert (week.handed_over, week.rejected, week.reasons[0][1]) == (1, 1, 1)


async def test_a_marketing_managers_home_names_no_campaigns_one_by_one(webinar: World) -> None:
    """Sources make campaigns up without end."""

    def make(tx: Transaction) -> None:
        for number in range(200):
            tx.campaigns.ensure(f"made-up-{number:03}")

    await webinar.db.run(make)
    await handed(webinar, 1, campaign="made-up-150")
    with counted() as sent:
        seen = await seen_by(webinar, CMO)
    assert seen.campaigns is not None
    assert (seen.campaigns.rows[0].name, seen.campaigns.total) == ("made-up-150", 203)
    assert not [statement for statement in sent if statement.count("?") > 20]


async def test_a_marketing_manager_sees_all_campaigns_whose_they_are_and_which_are_nobodys(webinar: World) -> None:
    await handed(webinar, 1, campaign="events")
    seen = await seen_by(webinar, CMO)
    assert seen.campaigns is not None
    assert [(row.name, row.owner) for row in seen.campaigns.rows] == [
        ("Events", ""),
        ("Ads", "Otto"),
        ("Webinar", "Sam"),
    ]
    await webinar.db.run(lambda tx: tx.people.set_links("p5", "p7", None))
    mine = await seen_by(webinar, CMO)
    assert mine.campaigns is not None
    assert [row.name for row in mine.campaigns.rows] == ["Webinar"]


async def test_campaigns_and_rejects_are_turned_page_by_page(webinar: World) -> None:
    for number in range(PAGE + 1):
        await handed(webinar, number, answer="low_intent")
    second = await seen_by(webinar, pages={HomeLists.REJECTS: 1})
    assert second.rejects is not None
    assert [row.name for row in second.rejects.rows] == ["Lead 0"]
    assert (second.rejects.page, second.rejects.total) == (1, PAGE + 1)


async def test_the_owner_of_a_campaign_reads_the_details_of_its_leads_and_other_marketers_do_not(
    webinar: World,
) -> None:
    rejected = await handed(webinar, 1, answer="low_intent")
    for slack_id in (MARKETER, CMO):
        details = await webinar.db.read(forms.details, rejected, slack_id)
        assert details.card.lead.name == "Lead 1"
    with pytest.raises(NotAllowed):
        await webinar.db.read(forms.details, rejected, OTHER)
    other = await webinar.hand_over("no campaign", name="Somebody")
    for slack_id in (MARKETER, CMO):
        with pytest.raises(NotAllowed):
            await webinar.db.read(forms.details, str(other.handoff_id), slack_id)


async def test_what_sales_says_among_itself_is_not_in_a_marketers_details(webinar: World) -> None:
    accepted = await handed(webinar, 1, answer="accept")
    done = await webinar.release(accepted, JONAS, "I am leaving the company")
    assert done.successor is not None
    details = await webinar.db.read(forms.details, done.successor.id, MARKETER)
    assert (details.card.note, details.card.passed_on) == (None, None)


async def test_the_owners_home_follows_what_becomes_of_a_lead(webinar: World) -> None:
    await webinar.db.run(home.home_opened, MARKETER)
    await handed(webinar, 1)
    assert "home:p5" in {row.lane for row in await webinar.outbox()}


async def test_reps_and_sales_managers_have_no_campaigns(webinar: World) -> None:
    for slack_id in (JONAS, "U4", "U6"):
        seen = await seen_by(webinar, slack_id)
        assert (seen.campaigns, seen.rejects, seen.week.campaigns) == (None, None, None)


async def _confirmed(world: World) -> None:
    """Slack said lately that the marketer is who they are."""

    def confirm(tx: Transaction) -> None:
        found = tx.people.get("p5")
        assert found is not None
        tx.people.set_flags("p5", replace(found.flags, checked_at=tx.now))

    await world.db.run(confirm)
