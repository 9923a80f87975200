"""Marketing's answers to rejects: who may, what follows, what silence brings; and how leads come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.budget import Kind
from bot.domain.countdown import CountdownKind
from bot.domain.handoff import Opened
from bot.domain.lead import Stage
from bot.domain.person import Role, Side
from bot.domain.post import Post, Subject
from bot.domain.qualification import Qualification
from bot.domain.reject_answer import AnswerState, Asked
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import answering_several, asking_again, cards, departures, erasure, home, resending
from bot.services.answering_several import AnswerSeveral
from storage.transaction import Transaction
from tests.services.clocked import at, sign, until
from tests.services.marketing import (
    ARBITER,
    CMO,
    accept,
    add_marketing,
    answer_of,
    dispute,
    known,
    rejected,
    resend,
)
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, PRIYA, World, person


@pytest.fixture
async def teams(world: World) -> World:
    await world.db.run(add_marketing)
    return world


async def notices(world: World, handoff_id: str) -> list[Post]:
    return await world.db.read(lambda tx: tx.posts.of_subject(Subject.REJECT_NOTICE, handoff_id))


async def test_a_reject_that_counts_asks_the_campaigns_owner_and_one_that_does_not_asks_nobody(teams: World) -> None:
    handoff_id = await rejected(teams)
    answer = await answer_of(teams, handoff_id)
    assert (answer.asked_id, answer.state, answer.asked) == ("p5", AnswerState.WAITING, Asked.MARKETER)
    running = await teams.db.read(lambda tx: tx.countdowns.of(CountdownKind.ANSWER_REJECT, handoff_id))
    assert running is not None
    assert (running.owner_id, running.window) == ("p5", timedelta(hours=16))
    fine = await rejected(teams, "2", "ineligible")
    assert await teams.db.read(lambda tx: tx.reject_answers.get(fine)) is None
    with pytest.raises(NotFound):
        await accept(teams, fine)


async def test_only_marketing_answers_and_once(teams: World) -> None:
    handoff_id = await rejected(teams)
    for by in (JONAS, INES, PRIYA, MANAGER, ADMIN, ARBITER):
        with pytest.raises(NotAllowed):
            await accept(teams, handoff_id, by)
        with pytest.raises(NotAllowed):
            await dispute(teams, handoff_id, by)
        with pytest.raises(NotAllowed):
            await resend(teams, handoff_id, by)
    assert (await accept(teams, handoff_id, CMO)).answered_by == "p8"
    with pytest.raises(Refused, match="Carla has answered this reject already: accepted"):
        await accept(teams, handoff_id)
    with pytest.raises(Refused):
        await dispute(teams, handoff_id)
    assert await teams.db.read(lambda tx: tx.countdowns.of(CountdownKind.ANSWER_REJECT, handoff_id).is_running) is False


async def test_mended_and_sent_again_the_next_card_says_what_changed(teams: World) -> None:
    handoff_id = await rejected(teams, reason="bad_data", text="A fax")
    rejecter = (await teams.handoff(handoff_id)).decided_by
    done = await resend(teams, handoff_id, phone="+49 30 901820", phone_e164="+4930901820", name="Maria López")
    assert done.successor is not None
    assert (done.successor.opened, done.lead.stage) == (Opened.RESENT, Stage.MQL)
    assert done.successor.rep_id not in (None, rejecter)
    assert (done.lead.phone_e164, done.lead.name) == ("+4930901820", "Maria López")
    card = await teams.db.read(lambda tx: cards.card_of(tx, done.successor, masked=False))
    assert card is not None
    assert card.passed_on == "Sent again by Sam: The number. (rejected before: Contact data wrong or missing)"
    with pytest.raises(Refused, match="fixed"):
        await resend(teams, handoff_id)


async def test_sent_again_it_goes_to_the_rep_who_asked_for_it(teams: World) -> None:
    handoff_id = await rejected(teams, again=True)
    rejecter = (await teams.handoff(handoff_id)).decided_by
    form = await teams.db.read(resending.resend_form, handoff_id, MARKETER)
    assert "who asked for it" in form.goes_to
    done = await resend(teams, handoff_id)
    assert done.successor is not None
    assert done.successor.rep_id == rejecter


async def test_without_what_changed_nothing_is_sent_and_with_sales_again_neither(teams: World) -> None:
    handoff_id = await rejected(teams)
    with pytest.raises(FormError) as caught:
        await resend(teams, handoff_id, what_changed=" ")
    assert set(caught.value.fields) == {"what_changed"}
    await teams.hand_over("1", score=90)
    with pytest.raises(Refused, match="with sales again"):
        await resend(teams, handoff_id)
    assert (await accept(teams, handoff_id)).state is AnswerState.ACCEPTED


async def test_it_is_not_sent_as_a_second_record_of_somebody_sales_has_nor_below_the_definition(teams: World) -> None:
    handoff_id = await rejected(teams)
    await teams.hand_over("2", name="Maria Lopez", email="2@example.com", campaign="spring")
    with pytest.raises(FormError, match="address already: Maria Lopez"):
        await resend(teams, handoff_id, email="2@example.com")
    await sign(teams, qualification=Qualification(required_fields=("company",)))
    with pytest.raises(FormError, match="asks for company"):
        await resend(teams, handoff_id)
    assert (await answer_of(teams, handoff_id)).is_waiting
    await resend(teams, handoff_id, company="Acme")
    assert (await teams.lead((await teams.handoff(handoff_id)).lead_id)).stage is Stage.MQL


async def test_an_old_reject_is_not_sent_again_over_a_later_one(teams: World) -> None:
    handoff_id = await rejected(teams, "1", "bad_timing", recycle_on="2026-03-04")
    await until(teams, at(4, 12), delivered=False)
    await known(teams)
    second = (await teams.of_lead((await teams.handoff(handoff_id)).lead_id))[-1]
    await teams.reject(second.id, {"p1": JONAS, "p2": INES}[second.rep_id or ""], "ineligible")
    with pytest.raises(Refused, match="refused again"):
        await resend(teams, handoff_id)


async def test_several_that_were_mended_at_the_source_are_sent_again_with_one_sentence(teams: World) -> None:
    ids = [await rejected(teams, str(number)) for number in range(3)]
    sent = AnswerSeveral(by=MARKETER, handoff_ids=tuple(ids), answer="fixed", why="")
    with pytest.raises(FormError) as caught:
        await teams.db.run(answering_several.answer_several, sent)
    assert set(caught.value.fields) == {"why"}
    await teams.hand_over("0", score=90)
    await teams.db.run(lambda tx: erasure.erase_key(tx, "crm", "2", None, actor="crm"))
    said = await teams.db.run(answering_several.answer_several, replace(sent, why="The country is right now."))
    lead_ids = [(await teams.handoff(one)).lead_id for one in ids]
    last = (await teams.of_lead(lead_ids[1]))[-1]
    assert (last.opened, last.predecessor_id) == (Opened.RESENT, ids[1])
    assert (await answer_of(teams, ids[1])).said == "The country is right now."
    assert (said.done, len(said.left_out)) == (1, 2)
    assert any("with sales again" in one for one in said.left_out)


async def test_several_are_answered_at_once_and_who_was_first_stays(teams: World) -> None:
    ids = [await rejected(teams, str(number)) for number in range(3)]
    await accept(teams, ids[0], CMO)
    command = AnswerSeveral(by=MARKETER, handoff_ids=(*ids, "unknown"), answer="accepted", why="We know.")
    done = await teams.db.run(answering_several.answer_several, command)
    assert done.done == 2
    assert [one for one in done.left_out if "Carla has answered this reject already" in one]
    assert (await answer_of(teams, ids[1])).said == "We know."
    for broken in (
        AnswerSeveral(by=MARKETER, handoff_ids=(), answer="accepted"),
        AnswerSeveral(by=MARKETER, handoff_ids=tuple(ids), answer="disputed", why=" "),
        AnswerSeveral(by=MARKETER, handoff_ids=tuple(ids), answer="fixed"),
    ):
        with pytest.raises(FormError):
            await teams.db.run(answering_several.answer_several, broken)


async def test_the_list_is_filtered_by_reason_and_campaign(teams: World) -> None:
    await rejected(teams, "1")
    await rejected(teams, "2", "bad_data")
    form = await teams.db.read(answering_several.several_form, MARKETER)
    assert [one.value for one in form.filters[:3]] == ["all", "reason:low_intent", "reason:bad_data"]
    narrow = await teams.db.read(answering_several.several_form, MARKETER, "reason:bad_data")
    assert [row.reason for row in narrow.rows] == ["Contact data wrong or missing"]
    assert len((await teams.db.read(answering_several.several_form, MARKETER, "nonsense")).rows) == 2
    with pytest.raises(NotAllowed):
        await teams.db.read(answering_several.several_form, JONAS)


async def test_silence_is_told_up_the_line_counted_once_and_never_an_answer(teams: World) -> None:
    await sign(teams)
    await teams.change("p8", manager_id="p9")
    await teams.db.run(lambda tx: tx.people.set_links("p8", "p9", None))
    handoff_id = await rejected(teams)
    reminders = [post async for post in _reminders(teams, handoff_id, at(5, 16))]
    assert [post.place for post in reminders][:1] == [MARKETER]
    answer = await answer_of(teams, handoff_id)
    assert (answer.state, answer.asked) == (AnswerState.WAITING, Asked.MANAGER)
    assert answer.missed_at is not None
    assert [(post.place, post.data) for post in await notices(teams, handoff_id)][1:] == [(CMO, {"late": True})]
    await until(teams, at(20, 16))
    answer = await answer_of(teams, handoff_id)
    assert (answer.state, answer.asked) == (AnswerState.WAITING, Asked.ABOVE)
    assert [post.place for post in await notices(teams, handoff_id)] == [MARKETER, CMO, ARBITER]
    await known(teams)
    found = await teams.db.read(home.load_home, CMO)
    assert found.answers is not None
    assert [row.missed for row in found.answers.rows] == [True]
    assert found.week.answers is not None
    numbers = await teams.db.read(lambda tx: tx.reject_answers.numbers(None, at(1, 0)))
    assert (numbers.answered, numbers.missed) == (0, 1)
    assert (await accept(teams, handoff_id)).state is AnswerState.ACCEPTED


async def _reminders(world: World, handoff_id: str, instant):  # type: ignore[no-untyped-def]
    await until(world, instant)
    running = await world.db.read(lambda tx: tx.countdowns.of(CountdownKind.ANSWER_REJECT, handoff_id))
    for post in await world.db.read(lambda tx: tx.posts.of_subject(Subject.REMINDER, running.id)):
        yield post


async def test_until_both_have_signed_nobody_is_reminded(teams: World) -> None:
    handoff_id = await rejected(teams)
    await until(teams, at(20, 16))
    assert [post.place for post in await notices(teams, handoff_id)] == [MARKETER]
    assert (await answer_of(teams, handoff_id)).missed_at is None


async def test_without_an_owner_marketings_manager_is_asked_and_any_marketer_may_answer_nobodys(world: World) -> None:
    handed = await world.hand_over("1", name="Maria", campaign="nobodys")
    handoff = await world.handoff(handed.handoff_id)
    await world.reject(handoff.id, JONAS if handoff.rep_id == "p1" else INES, "low_intent")
    assert (await answer_of(world, handoff.id)).asked_id is None
    assert (await accept(world, handoff.id)).answered_by == "p5"
    await world.db.run(add_marketing)
    handed = await world.hand_over("2", name="Maria", campaign="nobodys")
    handoff = await world.handoff(handed.handoff_id)
    await world.reject(handoff.id, JONAS if handoff.rep_id == "p1" else INES, "low_intent")
    assert (await answer_of(world, handoff.id)).asked_id == "p8"


# -- coming back -------------------------------------------------------------------------------------------------
async def later(world: World, key: str = "1", day: str = "2026-03-16", **answers: bool) -> tuple[str, str]:
    """A lead that was put off: its id, and who did so."""
    handoff = await world.handoff(await rejected(world, key, "bad_timing", recycle_on=day, **answers))
    return handoff.lead_id, handoff.decided_by or ""


async def test_it_does_not_come_back_to_the_rep_who_refused_it_without_saying_so(teams: World) -> None:
    lead_id, rep = await later(teams)
    await until(teams, at(16, 12))
    last = (await teams.of_lead(lead_id))[-1]
    assert last.opened is Opened.RECYCLED
    assert last.rep_id not in (None, rep)
    await known(teams)
    lead_id, rep = await later(teams, "2", "2026-03-18", again=True)
    await until(teams, at(18, 12))
    assert (await teams.of_lead(lead_id))[-1].rep_id == rep


async def test_on_a_day_without_work_it_waits_for_the_next_working_hour(teams: World) -> None:
    lead_id, _ = await later(teams, day="2026-03-14")
    await until(teams, at(16, 7))
    assert (await teams.lead(lead_id)).stage is Stage.RECYCLED
    await until(teams, at(16, 9))
    assert (await teams.lead(lead_id)).stage is Stage.MQL


async def test_it_comes_back_as_often_as_agreed_and_then_stays_with_marketing(teams: World) -> None:
    await sign(teams, recycles_at_most=1, accept_minutes=dict.fromkeys(["hot", "warm", "cold"], 10**6))
    lead_id, rep = await later(teams, again=True)
    await until(teams, at(16, 12))
    last = (await teams.of_lead(lead_id))[-1]
    await known(teams)
    by = {"p1": JONAS, "p2": INES}[rep]
    await teams.reject(last.id, by, "bad_timing", recycle_on="2026-03-23", again=True)
    await until(teams, at(23, 12))
    lead = await teams.lead(lead_id)
    assert (lead.stage, lead.recycle_at) == (Stage.RECYCLED, None)
    assert (await teams.waits_for_brief("p5")).get(Kind.OTHER_REJECT) == 1


async def test_to_whom_nobody_may_be_offered_it_waits_in_the_fallback_pool(teams: World) -> None:
    lead_id, rep = await later(teams)
    other = {"p1": "p2", "p2": "p1"}[rep]
    await teams.change(other, away_since=teams.clock.now())
    await until(teams, at(16, 17))
    assert (await teams.of_lead(lead_id))[-1].is_pool


async def test_what_waits_follows_the_campaign_to_its_new_owner_who_has_the_whole_window(teams: World) -> None:
    await sign(teams)
    handoff_id = await rejected(teams)
    await teams.db.run(lambda tx: tx.people.add(person(13, "Mia", Role.MARKETER, Side.MARKETING)))
    teams.clock.advance(timedelta(hours=1))

    def give(tx: Transaction) -> None:
        campaign = replace(tx.campaigns.ensure("spring"), owner_id="p13")
        tx.campaigns.save(campaign)
        asking_again.owner_changed(tx, campaign.id)

    await teams.db.run(give)
    await teams.sweep()
    answer = await answer_of(teams, handoff_id)
    assert (answer.asked_id, answer.missed_at) == ("p13", None)
    running = await teams.db.read(lambda tx: tx.countdowns.of(CountdownKind.ANSWER_REJECT, handoff_id))
    assert running is not None
    assert (running.owner_id, running.is_running, running.started_at) == ("p13", True, teams.clock.now())
    assert "U13" in [post.place for post in await notices(teams, handoff_id)]


async def test_when_whoever_was_asked_leaves_marketings_manager_is_asked_at_once(teams: World) -> None:
    await sign(teams)
    handoff_id = await rejected(teams)

    def leave(tx: Transaction) -> None:
        sam = tx.people.get("p5")
        assert sam is not None
        tx.people.leave_roster("p5")
        departures.note_change(tx, sam, replace(sam, on_roster=False))

    await teams.db.run(leave)
    await teams.sweep()
    answer = await answer_of(teams, handoff_id)
    assert (answer.asked_id, answer.asked, answer.missed_at) == ("p8", Asked.MARKETER, None)
    assert "C0MARKETING" in [post.place for post in await notices(teams, handoff_id)], "as where nobody owns it"


async def test_a_lead_that_comes_back_as_the_same_person_as_another_does_not_go_to_who_refused_it(teams: World) -> None:
    def by_of(rep_id: str | None) -> str:
        return {"p1": JONAS, "p2": INES}[rep_id or ""]

    handed = await teams.hand_over("1", name="Maria Lopez", company="Acme", campaign="spring")
    first = await teams.handoff(handed.handoff_id)
    await teams.reject(first.id, by_of(first.rep_id), "low_intent")
    twin = await teams.handoff((await teams.hand_over("2", name="Maria Lopez", company="Acme")).handoff_id)
    await teams.reject(twin.id, by_of(twin.rep_id), "duplicate", lead_id=first.lead_id)
    again = (await teams.of_lead(first.lead_id))[-1]
    assert (again.opened, again.rep_id != first.rep_id) == (Opened.RECYCLED, True)
