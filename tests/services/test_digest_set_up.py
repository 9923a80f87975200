"""Digests from Slack: who sets them up, what a form may say, and what its buttons do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.digest import DigestKind, Schedule
from bot.domain.note import NoteKind
from bot.domain.person import Side
from bot.domain.post import Subject
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import digest_set_up, notes
from bot.services.digest_set_up import SaveDigest
from bot.services.field_notes_digest import FieldNotesDigest
from bot.services.notes import SaveNote
from tests.services.world import ADMIN, JONAS, MANAGER, MARKETER, MARKETING, World

NEW = SaveDigest(
    by=MANAGER, schedule_id=None, seen="", name="Notes", kind="field_notes", channel=MARKETING, person=None,
    weekdays=("0", "3"), at="09:00", tz="Europe/Lisbon", silent_when_empty=False, closing_line=True,
)  # fmt: skip


async def added(world: World) -> Schedule:
    await world.db.run(digest_set_up.save_digest, NEW)
    (schedule,) = await world.db.read(lambda tx: tx.schedules.all())
    return schedule


async def again(world: World, schedule: Schedule, **changes: object) -> str:
    form = await world.db.read(digest_set_up.digest_form, MANAGER, schedule.id)
    return await world.db.run(
        digest_set_up.save_digest, replace(NEW, schedule_id=schedule.id, seen=form.seen, **changes)
    )  # fmt: skip


async def test_a_manager_adds_one_and_it_is_on(world: World) -> None:
    await world.db.run(digest_set_up.save_digest, replace(NEW, tz="europe/lisbon"))
    (schedule,) = await world.db.read(lambda tx: tx.schedules.all())
    assert schedule.tz == "Europe/Lisbon", "whatever its capitals were when it was typed"
    assert (schedule.kind, schedule.weekdays, schedule.at) == (DigestKind.FIELD_NOTES, (0, 3), time(9))
    assert (schedule.is_on, schedule.made_by, schedule.next_period) == (True, "p4", date(2026, 3, 5))
    rows = (await world.db.read(digest_set_up.digests_list, ADMIN)).rows
    assert [row.schedule for row in rows] == [schedule]


async def test_reps_and_marketers_set_up_none(world: World) -> None:
    for by in (JONAS, MARKETER):
        with pytest.raises(NotAllowed):
            await world.db.run(digest_set_up.save_digest, replace(NEW, by=by))
        with pytest.raises(NotAllowed):
            await world.db.read(digest_set_up.digests_list, by)


async def test_everything_wrong_is_told_at_its_field_and_nothing_is_made(world: World) -> None:
    wrong = replace(NEW, name=" ", kind="news", channel=None, weekdays=("8", ""), at="25:00", tz="Lisbon")
    with pytest.raises(FormError) as error:
        await world.db.run(digest_set_up.save_digest, wrong)
    assert set(error.value.fields) == {"name", "kind", "channel", "weekdays", "at", "tz"}
    for change, field in [
        ({"name": "x" * 81}, "name"),
        ({"person": MARKETER}, "person"),
        ({"channel": None, "person": "U0NOBODY"}, "person"),
        ({"channel": "nonsense"}, "channel"),
        ({"at": "9"}, "at"),
    ]:
        with pytest.raises(FormError) as error:
            await world.db.run(digest_set_up.save_digest, replace(NEW, **change))
        assert set(error.value.fields) == {field}
    assert await world.db.read(lambda tx: tx.schedules.all()) == []


async def test_a_name_stands_once_whatever_its_case(world: World) -> None:
    await added(world)
    with pytest.raises(FormError, match="has this name already"):
        await world.db.run(digest_set_up.save_digest, replace(NEW, name="NOTES"))


async def test_who_saves_what_somebody_else_changed_meanwhile_is_told_so(world: World) -> None:
    schedule = await added(world)
    stale = replace(NEW, schedule_id=schedule.id, seen="0" * 16)
    with pytest.raises(Refused, match="Somebody changed this"):
        await world.db.run(digest_set_up.save_digest, stale)
    said = await again(world, schedule, at="18:00", weekdays=("0",))
    assert said == "Notes is saved."
    (changed,) = await world.db.read(lambda tx: tx.schedules.all())
    assert changed.next_at == datetime(2026, 3, 2, 18, tzinfo=UTC), "today at six in Lisbon"
    assert await again(world, changed, at="08:00", weekdays=("0",)) == (
        "Notes is saved. Its new time has passed today, so it is on its way."
    )


async def test_moved_to_before_now_with_nothing_to_say_it_says_that_nothing_is_sent(world: World) -> None:
    await world.db.run(digest_set_up.save_digest, replace(NEW, at="18:00", weekdays=("0",), silent_when_empty=True))
    (schedule,) = await world.db.read(lambda tx: tx.schedules.all())
    said = await again(world, schedule, at="08:00", weekdays=("0",), silent_when_empty=True)
    assert said.endswith("so it would be now, but there is nothing to say.")


async def test_who_reads_but_their_own_notes_neither_sends_nor_previews_those_of_all(world: World) -> None:
    schedule = await added(world)
    saved = SaveNote(by=JONAS, text="Too expensive for teams of five", kind=NoteKind.OBJECTION, sent="1")
    await world.db.run(notes.save_note, saved)
    world.clock.advance(timedelta(minutes=1))

    async def previewed() -> int:
        _, shown = await world.db.read(digest_set_up.preview, MANAGER, schedule.id)
        assert isinstance(shown.content, FieldNotesDigest)
        return shown.content.notes

    assert await previewed() == 1
    await world.configure(notes_read_by=("marketing",))
    assert await previewed() == 0
    with pytest.raises(FormError) as error:
        await world.db.run(digest_set_up.save_digest, replace(NEW, name="All", channel="C0SALES"))
    assert set(error.value.fields) == {"channel"}
    with pytest.raises(FormError):
        await again(world, schedule, channel="C0SALES")
    assert await again(world, schedule, at="10:00") == "Notes is saved.", "what stands may get another time"
    await world.db.run(digest_set_up.save_digest, replace(NEW, name="Mine", channel=None, person=MANAGER))
    await world.db.run(digest_set_up.save_digest, replace(NEW, by=ADMIN, name="All", channel="C0SALES"))
    await world.db.run(digest_set_up.save_digest, replace(NEW, kind="campaigns", name="News", channel="C0SALES"))


async def test_switched_sent_now_and_removed(world: World) -> None:
    schedule = await added(world)
    assert await world.db.run(digest_set_up.send_now, ADMIN, schedule.id) != ""
    with pytest.raises(Refused, match="It was sent"):
        await world.db.run(digest_set_up.send_now, MANAGER, schedule.id)
    (digest,) = await world.db.read(lambda tx: tx.digests.latest(schedule.id, 5))
    posts = await world.db.read(lambda tx: tx.posts.of_subject(Subject.DIGEST, digest.id))
    assert [post.place for post in posts] == [MARKETING]
    for on in (False, False, True):
        await world.db.run(lambda tx, on=on: digest_set_up.switch(tx, MANAGER, schedule.id, on=on))
        (now,) = await world.db.read(lambda tx: tx.schedules.all())
        assert (now.is_on, now.next_at is not None) == (on, on)
    await world.db.run(digest_set_up.remove, MANAGER, schedule.id)
    with pytest.raises(NotFound):
        await world.db.run(digest_set_up.remove, MANAGER, schedule.id)
    await added(world)


async def test_the_usual_ones_are_one_click_away_until_they_are_there(world: World) -> None:
    await world.configure(sales_channels=("C0SALES",))
    offers = (await world.db.read(digest_set_up.digests_list, MANAGER)).offers
    assert {offer.kind: offer.place for offer in offers} == {
        DigestKind.FIELD_NOTES: MARKETING, DigestKind.CAMPAIGNS: "C0SALES"
    }  # fmt: skip
    assert await world.db.read(lambda tx: tx.schedules.all()) == [], "none is there before somebody chooses it"
    await world.db.run(digest_set_up.add_offered, MANAGER, DigestKind.FIELD_NOTES)
    (made,) = await world.db.read(lambda tx: tx.schedules.all())
    assert (made.weekdays, made.at, made.tz, made.place) == ((0,), time(9), "Europe/Berlin", MARKETING)
    with pytest.raises(Refused):
        await world.db.run(digest_set_up.add_offered, MANAGER, DigestKind.FIELD_NOTES)


async def test_the_usual_ones_are_offered_to_who_may_have_them_sent_there(world: World) -> None:
    await world.configure(sales_channels=("C0SALES",), notes_read_by=(Side.MARKETING,))
    offers = (await world.db.read(digest_set_up.digests_list, MANAGER)).offers
    assert [offer.kind for offer in offers] == [DigestKind.CAMPAIGNS], "a sales manager reads no notes of others now"
    with pytest.raises(Refused):
        await world.db.run(digest_set_up.add_offered, MANAGER, DigestKind.FIELD_NOTES)
    await world.db.run(digest_set_up.save_digest, replace(NEW, by=ADMIN, name="Elsewhere", channel="C0ELSE"))
    offers = (await world.db.read(digest_set_up.digests_list, ADMIN)).offers
    assert [offer.kind for offer in offers] == [DigestKind.CAMPAIGNS], "of notes there is one already"


async def test_a_preview_stores_nothing_and_one_for_somebody_else_is_read_as_oneself(world: World) -> None:
    await world.db.run(digest_set_up.save_digest, replace(NEW, channel=None, person=MARKETER))
    (schedule,) = await world.db.read(lambda tx: tx.schedules.all())
    name, shown = await world.db.read(digest_set_up.preview, MANAGER, schedule.id)
    assert (name, shown.sent_by) == ("Notes", None)
    assert await world.db.read(lambda tx: tx.digests.latest(schedule.id, 5)) == []
