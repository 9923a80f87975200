"""Schedules of digests in the file of the configuration: read with every mistake, exported, compared, applied."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.configuration import Configuration, DigestEntry, difference
from bot.domain.digest import DigestKind, Schedule
from bot.domain.person import Role, Side
from bot.errors import ConfigError
from bot.services import configuration
from handlers.config_export import write_config_file
from tests.handlers.test_config_file import read
from tests.services.world import World, person

WEEKLY = """
[[digests]]
name = "Weekly notes"
kind = "field_notes"
channel = "#sales"
weekdays = ["thu", "mon"]
at = "09:00"
tz = "Europe/Lisbon"
silent_when_empty = true
"""
ENTRY = DigestEntry(
    name="Weekly notes", kind=DigestKind.FIELD_NOTES, channel="C0SALES", weekdays=("mon", "thu"), at="09:00",
    tz="Europe/Lisbon", silent_when_empty=True,
)  # fmt: skip


def test_a_digest_is_read_compared_and_exported_the_same() -> None:
    found = read(WEEKLY.replace("#sales", "C1"))
    assert found.digests is not None
    (entry,) = found.digests
    assert read(WEEKLY.replace("#sales", "C1").replace("Europe/Lisbon", "EUROPE/LISBON")) == found
    assert (entry.weekdays, entry.at, entry.is_on, entry.closing_line) == (("mon", "thu"), "09:00", True, True)
    assert read(write_config_file(found)) == found
    other = Configuration(digests=(replace(entry, at="10:00"),))
    assert difference(found, other) == ["~ digest Weekly notes: at 09:00 -> 10:00"]
    assert difference(found, Configuration(digests=())) == ["- digest Weekly notes"]
    assert difference(found, Configuration()) == [], "a file that says nothing of digests leaves them"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (('at = "09:00"', 'at = "9 o\'clock"'), "digests Weekly notes: at: 9 o'clock is no time of day"),
        (("Europe/Lisbon", "Lisbon"), "digests Weekly notes: tz: “Lisbon” is no time zone"),
        (('["thu", "mon"]', '["Friday"]'), "digests Weekly notes: weekdays: Friday is no weekday"),
        (('["thu", "mon"]', "[]"), "digests Weekly notes: weekdays: is missing"),
        (('kind = "field_notes"', 'kind = "news"'), "digests Weekly notes: kind: news is not one of"),
        (('kind = "field_notes"', ""), "digests Weekly notes: kind: is missing"),
        (('channel = "C1"', ""), "digests Weekly notes: name exactly one of channel or person"),
        (('channel = "C1"', 'channel = "C1"\nperson = "a@example.com"'), "name exactly one of channel or person"),
        (('channel = "C1"', 'channel = "#nowhere"'), "digests Weekly notes: channel: there is no channel #nowhere"),
        (('channel = "C1"', 'person = "Ada"'), "digests Weekly notes: person: Ada is no e-mail address"),
        (('name = "Weekly notes"', 'name = ""'), "digests number 1: name: is missing"),
        (("silent_when_empty = true", "silent = true"), "silent is unknown"),
    ],
)
def test_each_mistake_names_the_digest_and_the_way_to_mend_it(change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(WEEKLY.replace("#sales", "C1").replace(*change))
    assert sentence in str(error.value)


def test_a_name_stands_once() -> None:
    twice = WEEKLY.replace("#sales", "C1")
    with pytest.raises(ConfigError, match="weekly notes is there twice"):
        read(twice + twice.replace("Weekly", "weekly"))


async def test_applied_they_are_made_changed_and_removed_and_people_unknown_to_slack_wait(world: World) -> None:
    async def apply(*entries: DigestEntry) -> list[str]:
        now = await world.db.read(configuration.current)
        wanted = replace(now, digests=entries)
        return (await world.db.run(configuration.apply, wanted)).changes

    async def schedules() -> list[Schedule]:
        return await world.db.read(lambda tx: tx.schedules.all())

    to_sam = replace(ENTRY, name="To Sam", channel=None, person="sam@example.com")
    await apply(ENTRY, to_sam)
    weekly, personal = sorted(await schedules(), key=lambda one: one.place)
    assert (weekly.place, weekly.made_by, personal.place) == ("C0SALES", None, "U5")
    assert await apply(ENTRY, to_sam) == []
    later = replace(ENTRY, at="18:00")
    await apply(later, to_sam)
    (changed,) = [one for one in await schedules() if one.id == weekly.id]
    assert changed.next_at is not None
    assert changed.next_at - world.clock.now() < timedelta(days=1), "it is Monday, before six"
    await world.change("p5", slack_id=None)
    await apply()
    assert await schedules() == []
    said = await apply(to_sam)
    assert any("off, because Slack shows no active account of sam@example.com" in line for line in said)


async def test_what_is_exported_of_a_digest_to_somebody_without_an_address_is_applied_again(world: World) -> None:
    ida = replace(person(9, "Ida", Role.MARKETER, Side.MARKETING), email=None)
    await world.db.run(lambda tx: tx.people.add(ida))
    now = await world.db.read(configuration.current)
    wanted = replace(now, digests=(replace(ENTRY, channel=None, person="U9"),))
    assert (await world.db.run(configuration.apply, wanted)).changes == ["+ digest Weekly notes"]
    exported = await world.db.read(configuration.current)
    assert [one.person for one in exported.digests or ()] == ["U9"]
    again = read(write_config_file(Configuration(digests=exported.digests)))
    assert again.digests == exported.digests
    assert (await world.db.run(configuration.apply, replace(exported, digests=again.digests))).changes == []
    (schedule,) = await world.db.read(lambda tx: tx.schedules.all())
    assert (schedule.place, schedule.is_on) == ("U9", True)
