"""The digest of campaigns: what starts, runs and ended, with what came of it; what was asked, and what few read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from bot.domain.campaign_alert import AlertState
from bot.domain.config import Campaign
from bot.domain.digest import DigestKind
from bot.domain.post import Subject
from bot.services import digest_content, digest_window, erasure, schedules
from bot.services.campaign_digest import STARTING, CampaignDigest
from bot.services.digest_window import Part, WindowRef
from bot.services.schedules import Wanted
from storage.transaction import Transaction
from tests.services.alert_world import STARTS, answer, ask, press, tell
from tests.services.test_digest_content import schedule, wait
from tests.services.world import INES, JONAS, MARKETER, PRIYA, START, World

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def told(tx: Transaction, alert_id: str = "a1", /, **values: Any) -> None:
    tell(tx, alert_id, **values)


async def load(world: World, since: datetime, until: datetime) -> CampaignDigest:
    def read(tx: Transaction) -> CampaignDigest:
        found = digest_content.load(tx, schedule(world, DigestKind.CAMPAIGNS), from_at=since, until_at=until)
        assert isinstance(found, CampaignDigest)
        return found

    return await world.db.read(read)


def save(tx: Transaction, alert_id: str, state: AlertState, ended_at: datetime | None = None) -> None:
    alert = tx.campaign_alerts.get(alert_id)
    assert alert is not None
    tx.campaign_alerts.save(replace(alert, state=state, ended_at=ended_at))


def names(digest: CampaignDigest) -> dict[str, list[str]]:
    return {part: [one.id for one in getattr(digest, part)] for part in ("starting", "running", "ended")}


async def test_a_campaign_starts_runs_and_ends_in_the_digest_of_its_week(world: World) -> None:
    await world.db.run(told)
    await world.db.run(lambda tx: told(tx, "never", told_at=None, state=AlertState.PROPOSED))
    await wait(world, WEEK)
    monday = START + WEEK
    week = names(await load(world, START, monday))
    assert week == {"starting": ["a1"], "running": [], "ended": []}
    assert names(await load(world, START, START + DAY)) == week  # still to come
    assert names(await load(world, START - DAY, START)) == {"starting": [], "running": [], "ended": []}  # not told yet
    await world.db.run(save, "a1", AlertState.LIVE)
    assert names(await load(world, monday, monday + WEEK)) == {"starting": [], "running": ["a1"], "ended": []}
    await world.db.run(save, "a1", AlertState.ENDED, STARTS + 2 * WEEK)
    # The digest from before it ended says the same as then.
    assert names(await load(world, monday, monday + WEEK)) == {"starting": [], "running": ["a1"], "ended": []}
    later = monday + WEEK
    assert names(await load(world, later, later + WEEK)) == {"starting": [], "running": [], "ended": ["a1"]}
    after = await load(world, later + WEEK, later + 2 * WEEK)
    assert after.is_empty
    await world.db.run(save, "a1", AlertState.WITHDRAWN, STARTS + 2 * WEEK)
    assert (await load(world, later, later + WEEK)).is_empty


async def test_the_leads_of_a_campaign_are_those_its_alert_shows_with_why_most_were_rejected(world: World) -> None:
    await world.db.run(told)
    for number, reason in enumerate((None, "low_intent", "low_intent", "ineligible")):
        handed = await world.hand_over(str(number), email=f"{number}@example.com", campaign="webinar")
        handoff = await world.handoff(handed.handoff_id or "")
        assert handoff is not None
        by = {"p1": JONAS, "p2": INES}[handoff.rep_id or ""]
        if reason is None:
            await world.accept(handoff.id, by)
        else:
            await world.reject(handoff.id, by, reason)
    await world.hand_over("9", email="9@example.com")
    await wait(world, WEEK)
    found = await load(world, START, START + WEEK)
    [line] = found.starting
    numbers = await world.db.read(lambda tx: tx.alert_lists.leads(["a1"])["a1"])
    assert (line.leads, line.accepted, line.rejected) == (numbers.handed_over, numbers.accepted, numbers.rejected)
    assert (line.leads, line.accepted, line.rejected) == (4, 1, 3)
    assert line.reason == ("Not ready to talk to sales", 2)


async def test_one_that_was_sent_is_not_touched_whatever_becomes_of_its_campaigns(world: World) -> None:
    await world.db.run(told)
    handed = await world.hand_over("1", email="1@example.com", campaign="webinar")
    asked = await ask(world, JONAS, "Is it free?")
    wanted = Wanted(
        name="Campaigns", kind=DigestKind.CAMPAIGNS, place="C0QUIET", weekdays=tuple(range(7)), at=time(9), tz="UTC"
    )
    made = await world.db.run(schedules.add, wanted, "p4")
    await wait(world, DAY)
    await world.sweep()
    (digest,) = await world.db.read(lambda tx: tx.digests.latest(made.id, 5))
    (post,) = await world.db.read(lambda tx: tx.posts.of_subject(Subject.DIGEST, digest.id))
    while await world.said():
        pass
    shown = await world.db.read(lambda tx: tx.posts.get(post.id))
    assert shown is not None
    assert shown.shown_version == 1
    handoff = await world.handoff(handed.handoff_id or "")
    assert handoff is not None
    await world.accept(handoff.id, JONAS if handoff.rep_id == "p1" else INES)
    await answer(world, asked, MARKETER)
    await press(world, PRIYA)
    await world.db.run(lambda tx: erasure.erase_lead(tx, handed.lead_id or "", actor="test"))
    while await world.said():
        pass
    assert await world.db.read(lambda tx: tx.posts.get(post.id)) == shown


async def test_open_questions_wait_in_it_until_they_are_answered(world: World) -> None:
    await world.db.run(told)
    first, _ = await ask(world, JONAS, "Is it free?"), await ask(world, INES, "Is it for renewals?")
    await wait(world, DAY)
    found = await load(world, START, START + DAY)
    assert ([one.text for one in found.questions], found.questions_total) == (["Is it free?"], 2)
    await answer(world, first, MARKETER)
    found = await load(world, START, START + DAY)
    assert ([one.text for one in found.questions], found.questions_total) == (["Is it for renewals?"], 1)


async def test_what_fewer_than_half_have_got_is_said_after_a_day_and_names_nobody(world: World) -> None:
    await world.db.run(told)
    await press(world, JONAS)
    assert (await load(world, START, START + DAY / 2)).unread == ()
    await wait(world, 2 * DAY)
    [line] = (await load(world, START, START + 2 * DAY)).unread
    assert (line.name, line.got_it, line.asked) == ("Spring webinar", 1, 3)
    await press(world, PRIYA)
    assert (await load(world, START, START + 2 * DAY)).unread == ()


async def test_many_campaigns_are_a_few_lines_and_all_of_them_in_the_window(world: World) -> None:
    def fill(tx: Transaction) -> None:
        for number in range(40):
            tx.campaigns.add(
                Campaign(id=f"x{number}", key=f"x{number}", name=f"X {number}", owner_id="p5", created_at=START)
            )
            tell(tx, f"x{number:02}", campaign_id=f"x{number}", starts_at=STARTS + number * timedelta(hours=1))

    await world.db.run(fill)
    await wait(world, WEEK)
    found = await load(world, START, START + WEEK)
    assert (len(found.starting), found.starting_total) == (STARTING, 40)
    ref = WindowRef(kind=DigestKind.CAMPAIGNS, from_at=START, until_at=START + WEEK, part=Part.STARTING)
    pages = [
        await world.db.read(digest_window.load_window, JONAS, replace(ref, page=number)) for number in range(3)
    ]  # fmt: skip
    ids = [getattr(line, "id", "") for window in pages for line in window.lines]
    assert ids == [f"x{number:02}" for number in range(40)]
    unread = await world.db.read(digest_window.load_window, JONAS, replace(ref, part=Part.UNREAD, page=99))
    assert (unread.total, unread.ref.page, len(unread.lines)) == (40, 2, 10)
