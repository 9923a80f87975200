"""A campaign alert on its way from draft to ended: who moves it, what fires by itself, and what sales sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.budget import How, Kind
from bot.domain.campaign_alert import AlertState
from bot.domain.person import Role, Side, Team
from bot.domain.post import Subject
from bot.errors import AlreadyDecided, FormError, NotAllowed, Refused
from bot.services import (
    alert_times,
    campaign_alert_preview,
    campaign_alert_shown,
    campaign_alerts,
    delivery,
    departures,
)
from bot.services.brief_content import load_brief
from bot.services.campaign_alerts import ActOnAlert
from bot.views.brief import render_brief
from storage.transaction import Transaction
from tests.services.alerting import EMEA, ENDS, MONA, SALES, STARTS, Alerts, populate
from tests.services.noting import choose
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, World, person
from tests.views.oracle import words


@pytest.fixture
async def alerts(world: World) -> Alerts:
    await world.db.run(populate)
    return Alerts(world)


async def test_a_draft_is_approved_with_one_click_starts_and_ends_by_itself(alerts: Alerts) -> None:
    draft = await alerts.save()
    assert (draft.state, await alerts.posts(draft)) == (AlertState.DRAFT, [])
    proposed = await alerts.propose(draft)
    assert proposed.state is AlertState.PROPOSED
    assert await alerts.notices(proposed) == [(MANAGER, "approve")]
    told = await alerts.approve(proposed)
    assert (told.state, told.approved_by, told.late_s) == (AlertState.SCHEDULED, "p4", None)
    assert [post.place for post in await alerts.posts(told)] == [SALES]
    assert set(await alerts.timers(told)) == {"eve", "start", "end"} - {"end"}
    await alerts.until(STARTS)
    assert (await alerts.now(told)).state is AlertState.LIVE
    assert await alerts.timers(told) == {"end": ENDS}
    await alerts.until(ENDS)
    ended = await alerts.now(told)
    assert (ended.state, ended.ended_at) == (AlertState.ENDED, ENDS)
    assert await alerts.timers(told) == {}


async def test_each_channel_is_reminded_on_the_eve_once(alerts: Alerts) -> None:
    told = await alerts.told(channels=(SALES, EMEA))
    await alerts.until(datetime(2026, 3, 11, 13, 59, tzinfo=UTC))
    assert await alerts.notices(told) == [(MANAGER, "approve")]
    await alerts.until(datetime(2026, 3, 11, 14, 0, tzinfo=UTC))
    assert (await alerts.notices(told))[1:] == [(SALES, "eve"), (EMEA, "eve")]
    moved = await alerts.save(await alerts.now(told), channels=(SALES, EMEA), start_time="11:00")
    assert "eve" not in await alerts.timers(moved), "the eve is past"
    later = await alerts.save(moved, channels=(SALES,), start_date="2026-03-16")
    assert (await alerts.timers(later))["eve"] == datetime(2026, 3, 13, 14, 0, tzinfo=UTC), "the Friday before"
    await alerts.until(datetime(2026, 3, 14, tzinfo=UTC))
    assert (await alerts.notices(told))[3:] == [(SALES, "eve")]


async def test_an_eve_that_was_missed_is_skipped_once_it_has_started(alerts: Alerts) -> None:
    told = await alerts.told()
    alerts.world.clock.advance(ENDS - alerts.world.clock.now())
    await alerts.world.sweep()
    assert (await alerts.now(told)).state is AlertState.ENDED, "start and end at once after downtime"
    assert (SALES, "eve") not in await alerts.notices(told)


async def test_nothing_fires_for_one_that_was_withdrawn_and_sales_reads_why(alerts: Alerts) -> None:
    told = await alerts.told()
    with pytest.raises(FormError, match="Say why"):
        await alerts.withdraw(told, " ")
    gone = await alerts.withdraw(told)
    assert await alerts.timers(gone) == {}
    await alerts.until(ENDS)
    assert (await alerts.now(gone)).state is AlertState.WITHDRAWN
    assert (SALES, "eve") not in await alerts.notices(gone)
    (post,) = await alerts.posts(gone)
    said = await alerts.world.db.read(delivery.what_to_say, post.id)
    assert said is not None
    assert isinstance(said[1], campaign_alert_shown.CampaignAlertShown)
    assert (said[1].state, said[1].withdrawn) == (AlertState.WITHDRAWN, "No budget.")
    with pytest.raises(Refused, match="Spring webinar is withdrawn"):
        await alerts.propose(gone)


async def test_one_that_was_sent_back_is_a_draft_with_a_reason_until_it_is_sent_again(alerts: Alerts) -> None:
    proposed = await alerts.propose(await alerts.save())
    back = await alerts.send_back(proposed)
    assert (back.state, back.sent_back, back.sent_back_by) == (AlertState.DRAFT, "Say who speaks.", "p4")
    assert (MARKETER, "sent_back") in await alerts.notices(back)
    again = await alerts.propose(await alerts.save(back, audience="Dana speaks to them"))
    assert (again.state, again.sent_back, again.sent_back_by) == (AlertState.PROPOSED, "", None)
    asked = await alerts.notices(again)
    assert asked == [(MANAGER, "approve"), (MARKETER, "sent_back"), (MANAGER, "approve")], "asked again"


async def test_the_first_click_wins(alerts: Alerts) -> None:
    boss = person(8, "Bea", Role.MANAGER, Side.LEADERSHIP)
    await alerts.world.db.run(lambda tx: tx.people.add(boss))
    proposed = await alerts.propose(await alerts.save())
    await alerts.approve(proposed, "U8")
    with pytest.raises(AlreadyDecided, match="Bea has approved it already"):
        await alerts.approve(proposed)


async def test_what_was_changed_since_it_was_seen_is_not_approved_unseen(alerts: Alerts) -> None:
    proposed = await alerts.propose(await alerts.save())
    await alerts.save(proposed, new_offer="Three months free")
    with pytest.raises(Refused, match="changed since you saw it"):
        await alerts.approve(proposed)
    assert (await alerts.approve(await alerts.now(proposed))).state is AlertState.SCHEDULED


async def test_managers_of_the_teams_in_whose_channels_it_is_told_are_asked(alerts: Alerts) -> None:
    def another_team(tx: Transaction) -> None:
        tx.people.add(person(8, "Olga", Role.MANAGER, Side.SALES))
        tx.people.add(person(9, "Ron", Role.REP, Side.SALES, manager_id="p8"))
        tx.teams.add(Team(id="t3", key="emea", name="EMEA", mirror_channel=EMEA))
        tx.teams.set_members("t3", [("p9", 1)])

    await alerts.world.db.run(another_team)
    near = await alerts.propose(await alerts.save(channels=(EMEA,)))
    assert await alerts.notices(near) == [("U8", "approve")]
    everywhere = await alerts.propose(await alerts.save(name="Fair"))
    assert await alerts.notices(everywhere) == [(MANAGER, "approve"), ("U8", "approve")]


async def test_managers_of_a_channel_that_is_added_while_it_waits_are_asked_and_nobody_twice(alerts: Alerts) -> None:
    def another_team(tx: Transaction) -> None:
        tx.people.add(person(8, "Olga", Role.MANAGER, Side.SALES))
        tx.people.add(person(9, "Ron", Role.REP, Side.SALES, manager_id="p8"))
        tx.teams.add(Team(id="t3", key="emea", name="EMEA", mirror_channel=EMEA))
        tx.teams.set_members("t3", [("p9", 1)])

    await alerts.world.db.run(another_team)
    near = await alerts.propose(await alerts.save(channels=(EMEA,)))
    assert await alerts.notices(near) == [("U8", "approve")]
    near = await alerts.save(near, channels=(EMEA, SALES), audience="All")
    assert await alerts.notices(near) == [("U8", "approve")]
    await alerts.save(near, channels=(SALES,))
    assert await alerts.notices(near) == [("U8", "approve"), (MANAGER, "approve")]


async def test_a_start_that_moves_near_makes_it_late_and_one_that_moves_away_in_time(alerts: Alerts) -> None:
    told = await alerts.told()
    await alerts.until(datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
    near = await alerts.save(told, start_date="2026-03-04", start_time="12:00")
    assert near.late_s is not None
    away = await alerts.save(near)
    assert (away.starts_at, away.late_s) == (STARTS, None)


async def test_who_tells_sales_themselves_does_not_read_of_it_in_the_brief(alerts: Alerts) -> None:
    await alerts.world.configure(alerts_need_approval=False)
    await alerts.propose(await alerts.save())
    assert await alerts.world.waits_for_brief("p5") == {}


async def test_the_deputy_of_an_absent_manager_is_asked_and_may_approve(alerts: Alerts) -> None:
    await alerts.world.change("p4", deputy_id="p2", away_since=alerts.world.clock.now())
    await alerts.world.db.run(lambda tx: tx.people.set_deputy("p4", "p2"))
    proposed = await alerts.propose(await alerts.save())
    assert await alerts.notices(proposed) == [(INES, "approve")]
    assert (await alerts.approve(proposed, INES)).approved_by == "p2"


async def test_approval_can_be_switched_off(alerts: Alerts) -> None:
    await alerts.world.configure(alerts_need_approval=False)
    told = await alerts.propose(await alerts.save())
    assert (told.state, told.approved_by) == (AlertState.SCHEDULED, None)
    assert await alerts.notices(told) == []


async def test_what_waits_when_approval_is_switched_off_is_told_by_its_owner(alerts: Alerts) -> None:
    proposed = await alerts.propose(await alerts.save())
    with pytest.raises(Refused, match="waits for approval"):
        await alerts.propose(proposed)
    await alerts.world.configure(alerts_need_approval=False)
    assert (await alerts.world.db.read(campaign_alert_preview.preview, proposed.id, MARKETER)).can_propose
    assert (await alerts.propose(proposed)).state is AlertState.SCHEDULED


async def test_without_anybody_to_approve_it_stays_a_draft_and_says_so(alerts: Alerts) -> None:
    draft = await alerts.save()
    await alerts.world.change("p4", roles=frozenset({Role.REP}))
    with pytest.raises(Refused, match="no sales manager to approve it"):
        await alerts.propose(draft)
    assert (await alerts.now(draft)).state is AlertState.DRAFT


async def test_one_whose_start_has_passed_is_live_at_once_and_late(alerts: Alerts) -> None:
    proposed = await alerts.propose(await alerts.save())
    await alerts.until(STARTS + timedelta(hours=1))
    told = await alerts.approve(proposed)
    assert told.state is AlertState.LIVE
    assert told.late_s == (24 + 1) * 3600


async def test_one_that_is_over_is_not_told_any_more(alerts: Alerts) -> None:
    proposed = await alerts.propose(await alerts.save())
    await alerts.until(ENDS)
    with pytest.raises(Refused, match="Its end has passed"):
        await alerts.approve(proposed)


async def test_an_edit_changes_the_message_its_channels_and_its_dates(alerts: Alerts) -> None:
    told = await alerts.told()
    changed = await alerts.save(told, channels=(EMEA,), new_offer="Free", start_date="2026-03-13")
    assert changed.version == told.version + 1
    assert changed.changed == ("starts_at", "offer")
    assert [post.place for post in await alerts.posts(changed)] == [SALES, EMEA]
    old, new = [
        await alerts.world.db.read(campaign_alert_shown.load_campaign_alert, post)
        for post in await alerts.posts(changed)
    ]
    assert old is None, "what nobody saw is not said in a channel that was taken out"
    assert new is not None
    assert new.offer == "Free"
    assert (await alerts.timers(changed))["start"] == STARTS + timedelta(days=1)
    again = await alerts.save(changed, channels=(EMEA, SALES), new_offer="Free", start_date="2026-03-13")
    assert again.changed_at == changed.changed_at, "a channel that is added is no change of the campaign"
    assert len(await alerts.posts(again)) == 2


async def test_what_is_saved_unchanged_is_no_edit(alerts: Alerts) -> None:
    told = await alerts.told()
    assert await alerts.save(told) == told


async def test_the_form_sent_twice_is_one_alert(alerts: Alerts) -> None:
    first = await alerts.save(request="V1")
    assert await alerts.save(request="V1") == first


async def test_a_live_one_can_be_ended_and_brought_back_by_a_later_end(alerts: Alerts) -> None:
    told = await alerts.told()
    with pytest.raises(Refused, match="is approved, and sales has been told"):
        await alerts.end(told)
    await alerts.until(STARTS + timedelta(days=1))
    ended = await alerts.end(await alerts.now(told))
    assert (ended.state, ended.ends_at) == (AlertState.ENDED, alerts.world.clock.now())
    back = await alerts.save(ended)
    assert (back.state, back.ended_at, await alerts.timers(back)) == (AlertState.LIVE, None, {"end": ENDS})


async def test_the_owner_and_who_approves_are_reminded_before_the_last_moment(alerts: Alerts) -> None:
    """24 hours before Thursday, 10:00 is Monday, 10:00; a working day before that is Friday, 10:00."""
    waits = await alerts.propose(await alerts.save())
    assert (await alerts.timers(waits))["due"] == datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
    await alerts.until(datetime(2026, 3, 6, 9, 0, tzinfo=UTC))
    assert sorted(await alerts.notices(waits)) == [(MANAGER, "approve"), (MANAGER, "due"), (MARKETER, "due")]


async def test_a_new_agreement_takes_no_start_from_an_alert_that_is_approved_at_that_moment(alerts: Alerts) -> None:
    proposed = await alerts.propose(await alerts.save())
    told = await alerts.approve(proposed)
    before = await alerts.timers(told)
    await alerts.world.db.run(alert_times.plan_reminder, proposed)  # as it was read before the approval
    after = await alerts.timers(told)
    assert {name: after[name] for name in before} == before
    await alerts.until(STARTS)
    assert (await alerts.now(told)).state is AlertState.LIVE


async def test_on_trial_nobody_is_reminded_and_lateness_is_counted_all_the_same(world: World) -> None:
    alerts = Alerts(world)
    await world.db.run(lambda tx: tx.settings.save(replace(tx.config, sales_channels=(SALES,))))
    draft = await alerts.save()
    await alerts.until(datetime(2026, 3, 10, tzinfo=UTC))
    assert await alerts.notices(draft) == []
    told = await alerts.approve(await alerts.propose(await alerts.now(draft)))
    assert told.late_s == 7 * 3600, "Monday from 10:00 to 17:00"
    numbers = await world.db.read(lambda tx: tx.campaign_alerts.numbers(datetime(2026, 3, 1, tzinfo=UTC)))
    assert (numbers.told, numbers.in_time) == (1, 0)


async def test_absences_of_the_owner_make_no_last_moment_later(alerts: Alerts) -> None:
    draft = await alerts.save()
    before = await alerts.world.db.read(alert_times.lead_time_of, draft)
    await alerts.world.change("p5", away_since=alerts.world.clock.now())
    assert await alerts.world.db.read(alert_times.lead_time_of, draft) == before


async def test_who_is_named_its_owner_hears_of_it_and_who_takes_it_over_needs_no_telling(alerts: Alerts) -> None:
    draft = await alerts.save()
    given = await alerts.save(draft, owner=MONA)
    assert await alerts.notices(given) == [(MONA, "given")]
    taken = await alerts.save(given, by=MONA, owner=MARKETER)
    assert await alerts.notices(taken) == [(MONA, "given"), (MARKETER, "given")]
    await alerts.save(taken, by=MONA, owner=MONA)
    assert len(await alerts.notices(taken)) == 2


async def test_the_owner_reads_in_the_brief_that_sales_was_told(alerts: Alerts) -> None:
    await alerts.told()
    assert await alerts.world.waits_for_brief("p5") == {Kind.CAMPAIGN_NEWS: 1}


async def test_an_owner_who_reads_it_in_the_brief_reads_there_who_sent_it_back(alerts: Alerts) -> None:
    world = alerts.world
    await choose(world, "p5", Kind.CAMPAIGN, How.BRIEF)
    back = await alerts.send_back(await alerts.propose(await alerts.save()))
    assert (MARKETER, "sent_back") not in await alerts.notices(back)
    await alerts.until(world.clock.now() + timedelta(days=1))
    rows = await world.outbox()

    def read(tx: Transaction) -> str:
        posts = [post for row in rows if (post := tx.posts.get(row.subject_id)) is not None]
        brief = next(one for one in posts if (one.subject, one.place) == (Subject.BRIEF, MARKETER))
        shown = load_brief(tx, brief)
        assert shown is not None
        return words(render_brief(shown))

    assert "was sent back to you by Anna: why stands on Home" in await world.db.read(read)


@pytest.mark.parametrize("by", [JONAS, MANAGER, ADMIN])
async def test_only_marketing_makes_and_changes_alerts(alerts: Alerts, by: str) -> None:
    told = await alerts.told()
    for refused in (
        alerts.save(by=by),
        alerts.save(told, by=by),
        alerts.withdraw(told, by=by),
        alerts.end(told, by=by),
    ):
        with pytest.raises(NotAllowed):
            await refused


async def test_marketings_manager_changes_any_and_another_marketer_only_their_own(alerts: Alerts) -> None:
    told = await alerts.told()
    await alerts.world.db.run(lambda tx: tx.people.add(person(8, "Max", Role.MARKETER, Side.MARKETING)))
    with pytest.raises(NotAllowed):
        await alerts.save(told, by="U8", audience="All")
    assert (await alerts.save(told, by=MONA, audience="All")).audience == "All"


@pytest.mark.parametrize("by", [JONAS, MARKETER, MONA, ADMIN])
async def test_only_sales_managers_approve(alerts: Alerts, by: str) -> None:
    proposed = await alerts.propose(await alerts.save())
    with pytest.raises(NotAllowed, match="Only sales managers"):
        await alerts.approve(proposed, by)
    with pytest.raises(NotAllowed, match="Only sales managers"):
        await alerts.send_back(proposed, by=by)


async def test_a_draft_that_lacks_something_is_kept_and_not_sent(alerts: Alerts) -> None:
    draft = await alerts.save(channels=(), buyer_sees="", new_offer="")
    with pytest.raises(Refused, match="fill in: What the buyer will see, The offer in one line, Sales channels"):
        await alerts.propose(draft)


async def test_what_sales_must_know_cannot_be_taken_out_once_it_waits_for_approval(alerts: Alerts) -> None:
    proposed = await alerts.propose(await alerts.save())
    with pytest.raises(FormError) as caught:
        await alerts.save(proposed, channels=(), new_offer="", audience="")
    assert set(caught.value.fields) == {"channels", "offer", "audience"}
    told = await alerts.approve(proposed)
    with pytest.raises(FormError, match="sales cannot be told without it"):
        await alerts.save(told, buyer_sees="")


async def test_what_somebody_changed_meanwhile_is_not_sent_unseen(alerts: Alerts) -> None:
    await alerts.world.configure(alerts_need_approval=False)
    seen = await alerts.save()
    await alerts.save(seen, new_offer="Free for ever", by=MONA)
    command = ActOnAlert(alert_id=seen.id, by=MARKETER, version=seen.version)
    with pytest.raises(Refused, match="changed since you saw it"):
        await alerts.world.db.run(campaign_alerts.propose, command)
    assert (await alerts.now(seen)).state is AlertState.DRAFT


async def test_the_message_says_that_it_is_live_as_soon_as_it_is(alerts: Alerts) -> None:
    told = await alerts.told()
    await alerts.world.said()
    await alerts.until(STARTS)
    (post,) = await alerts.posts(told)
    assert post.id in [row.subject_id for row in await alerts.world.outbox()]


async def test_alerts_of_an_owner_who_left_go_to_marketings_manager(alerts: Alerts) -> None:
    told = await alerts.told()
    waiting = await alerts.propose(await alerts.save(name="Fair"))
    await alerts.world.db.run(leaves, "p5")
    await alerts.world.sweep()
    for one in (told, waiting):
        assert (await alerts.now(one)).owner_id == "p7"
        assert (MONA, "yours") in await alerts.notices(one)
    assert (await alerts.now(told)).version == told.version, "what buyers see has not changed"


async def test_without_a_manager_of_marketing_the_admin_hears_of_alerts_that_nobody_owns(alerts: Alerts) -> None:
    told = await alerts.told()
    await alerts.world.change("p7", roles=frozenset({Role.MARKETER}))
    await alerts.world.db.run(leaves, "p5")
    await alerts.world.sweep()
    assert (await alerts.now(told)).owner_id == "p5"
    assert (await alerts.world.waits_for_brief("p6"))[Kind.UPKEEP] == 1


async def test_when_the_manager_who_was_asked_leaves_another_is_asked(alerts: Alerts) -> None:
    proposed = await alerts.propose(await alerts.save())
    await alerts.world.db.run(lambda tx: tx.people.add(person(8, "Olga", Role.MANAGER, Side.SALES)))
    await alerts.world.db.run(leaves, "p4")
    await alerts.world.sweep()
    assert await alerts.notices(proposed) == [(MANAGER, "approve"), ("U8", "approve")]


def leaves(tx: Transaction, person_id: str) -> None:
    """They are off the roster."""
    before = tx.people.get(person_id)
    assert before is not None
    tx.people.leave_roster(person_id)
    departures.note_change(tx, before, replace(before, on_roster=False))
