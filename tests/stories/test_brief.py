"""Stories: what can wait is read once in the morning, over a weekend, a change of the clocks and a standstill."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.sandbox.slack_driver import Json
from tests.stories.brightwater import HOT, Brightwater, Person, labels, words

pytestmark = pytest.mark.story
NEW_YORK = ZoneInfo("America/New_York")


def friday_before_the_clocks_change(now: datetime) -> datetime:
    """15:00 UTC on the Friday before New York's clocks are next put forward or back, which is on a Sunday."""
    day = now.date() + timedelta(days=7)
    while _offset(day) == _offset(day + timedelta(days=1)):
        day += timedelta(days=1)
    found = datetime.combine(day - timedelta(days=2), time(15), UTC)
    assert found.weekday() == 4
    return found


def _offset(day: object) -> timedelta | None:
    return datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=NEW_YORK).utcoffset()


async def owns(office: Brightwater, person: Person, number: int) -> None:
    """A lead out of the pool, theirs."""
    lead = {**HOT, "external_id": f"L-{number}", "name": f"Lead No{number}", "email": f"l{number}@example.com"}
    lead["company"] = f"Company {number}"
    await office.hands_over(lead)
    card = await person.sees("#lead-pool", f"Company {number}")
    await person.presses("Accept", card, "#lead-pool")


async def comes_back(office: Brightwater, number: int, times: int = 1) -> None:
    for _ in range(times):
        again = (await office.now()).isoformat()
        answer = await office.hands_over(HOT, external_id=f"B-{again}", email=f"l{number}@example.com")
        assert answer["status"] == "touch"


async def briefs_of(person: Person, place: str = "messages") -> list[Json]:
    return [one for one in await person.messages(place) if "brief of" in words(one) or "brief until" in words(one)]


def local(message: Json, person: Person) -> str:
    """When it was posted, on its reader's wall: `Mon 09:00`."""
    return f"{datetime.fromtimestamp(float(message['ts']), person.tz):%a %H:%M}"


async def test_each_reads_it_once_on_monday_at_nine_on_their_own_wall(closed_office: Brightwater) -> None:
    office = closed_office
    friday = friday_before_the_clocks_change(await office.now())
    await office.until(friday)
    async with office.lockstep():
        people = [office.jonas, office.ines, office.priya]
        for number, person in enumerate(people):
            await owns(office, person, number)
            await comes_back(office, number, times=2)
            assert await briefs_of(person) == []
        await owns(office, office.diego, 9)
        await office.passes(days=2)
        assert not [brief for person in people for brief in await briefs_of(person)], "nobody works on Sunday"
        await office.passes(days=4)
        for number, person in enumerate(people):
            (brief,) = await briefs_of(person)
            assert local(brief, person) == "Mon 09:00"
            assert f"Lead No{number}" in words(brief)
            assert "twice" in words(brief)
        assert await briefs_of(office.diego) == [], "an empty brief is none"


async def test_when_lockstep_stands_still_in_the_morning_the_brief_comes_once_when_it_is_back(
    closed_office: Brightwater,
) -> None:
    office = closed_office
    async with office.lockstep():
        await owns(office, office.jonas, 1)
        await comes_back(office, 1)
    await office.passes(hours=26)
    async with office.lockstep():
        (brief,) = await briefs_of(office.jonas)
        assert local(brief, office.jonas) == "Tue 12:00"
        await comes_back(office, 1)
    async with office.lockstep():
        assert len(await briefs_of(office.jonas)) == 1
        await office.passes(days=1)
        assert [local(one, office.jonas) for one in await briefs_of(office.jonas)] == ["Tue 12:00", "Wed 09:00"]


async def test_a_person_decides_when_and_where_it_comes_and_what_is_in_it(office: Brightwater) -> None:
    for number, person in enumerate([office.jonas, office.ines, office.tomasz]):
        await owns(office, person, number)
    await office.ines.types("/lockstep", "settings")
    refused = await office.ines.submits(
        brief_place="In a channel", brief_channel=await office.sam.place("#marketing"), brief_at="07:30"
    )
    assert "both be in it" in refused["errors"]["brief_channel"]
    answer = await office.ines.submits(brief_channel=await office.ines.place("#sales-europe"))
    assert "at 07:30, in the channel you chose" in words(answer)
    await office.tomasz.opens_home()
    await office.tomasz.presses_on_home("Settings…")
    await office.tomasz.submits(in_brief="")
    for number in range(3):
        await comes_back(office, number)
    await office.jonas.types("/lockstep", "settings")
    form = await office.jonas.form()
    assert form is not None
    assert "1 thing waits for your next brief." in words(form)
    await office.passes(days=1)

    (brief,) = await briefs_of(office.jonas)
    assert "Lead No0" in words(brief)
    assert await briefs_of(office.tomasz) == []
    assert await briefs_of(office.ines) == []
    (shared,) = await briefs_of(office.ines, "#sales-europe")
    assert local(shared, office.ines) == "Tue 07:30"
    assert "Company 1" in words(shared)
    assert "Lead No1" not in words(shared)
    assert labels(shared) == ["Show all 1"]


async def test_only_its_reader_opens_a_brief_in_a_channel(office: Brightwater) -> None:
    await owns(office, office.ines, 1)
    await office.ines.types("/lockstep", "settings")
    await office.ines.submits(
        brief_place="In a channel", brief_channel=await office.ines.place("#sales-europe")
    )  # fmt: skip
    await comes_back(office, 1)
    await office.passes(days=1)
    (brief,) = await briefs_of(office.ines, "#sales-europe")
    await office.jonas.presses("Show all 1", brief, "#sales-europe")
    await office.jonas.told("#sales-europe", "This is the brief of Inês Carvalho")
    await office.ines.presses("Show all 1", brief, "#sales-europe")
    shown = await office.ines.form()
    assert shown is not None
    assert "Lead No1" in words(shown)


async def test_a_brief_asked_for_now_is_not_said_again_in_the_morning(office: Brightwater) -> None:
    await owns(office, office.jonas, 1)
    await comes_back(office, 1)
    await office.jonas.types("/lockstep", "settings")
    await office.jonas.presses_in_form("Send me my brief now")
    form = await office.jonas.form()
    assert form is not None
    assert "on its way, in your messages with me" in words(form)
    await office.jonas.sees("messages", "this is what has waited for your next brief", "Lead No1")
    await office.passes(days=2)
    assert await briefs_of(office.jonas) == []
