"""Disputes and disagreements: who settles them, who may, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.countdown import CountdownKind, Result
from bot.domain.dispute import DisputeState, Ruling
from bot.domain.handoff import Opened
from bot.domain.person import Role, Side
from bot.domain.reject_answer import AnswerState
from bot.errors import FormError, NotAllowed, Refused
from bot.services import (
    agreement_force,
    answering_several,
    departures,
    dispute_forms,
    dispute_messages,
    erasure,
    home_marketing,
)
from bot.services.answering_several import AnswerSeveral
from bot.services.dispute_messages import ReadAs
from storage.transaction import Transaction
from tests.services.clocked import at, deliver, sign, until
from tests.services.marketing import (
    ARBITER,
    CMO,
    add_marketing,
    answer_of,
    disagree,
    dispute,
    known,
    messages,
    opinion,
    readers,
    rejected,
    ruled,
    take_back,
    to_arbiter,
)
from tests.services.signed import put_in_force
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, World, person


@pytest.fixture
async def teams(world: World) -> World:
    await world.db.run(add_marketing)
    return world


async def test_a_dispute_goes_to_both_managers_and_settled_by_them_offers_the_lead_again(teams: World) -> None:
    handoff_id = await rejected(teams)
    raised = await dispute(teams, handoff_id)
    assert await readers(teams, raised.case_id) == [(MANAGER, "manager"), (CMO, "manager")]
    await opinion(teams, raised.case_id, MANAGER, Ruling.OVERTURNED)
    settled = await opinion(teams, raised.case_id, CMO, Ruling.OVERTURNED)
    assert (settled.state, settled.ruling) == (DisputeState.SETTLED, Ruling.OVERTURNED)
    answer = await answer_of(teams, handoff_id)
    assert (answer.state, answer.ruling) == (AnswerState.DISPUTED, Ruling.OVERTURNED)
    offered = (await teams.of_lead(answer.lead_id))[-1]
    rejecter = (await teams.handoff(handoff_id)).decided_by
    assert (offered.opened, offered.predecessor_id) == (Opened.OVERTURNED, handoff_id)
    assert offered.rep_id not in (None, rejecter)


async def test_every_message_follows_the_lead_after_the_ruling(teams: World) -> None:
    handoff_id = await rejected(teams)
    case_id = (await dispute(teams, handoff_id)).case_id
    for manager in (MANAGER, CMO):
        await opinion(teams, case_id, manager, Ruling.OVERTURNED)
    await deliver(teams)
    offered = (await teams.of_lead((await teams.handoff(handoff_id)).lead_id))[-1]
    before = {post.id: post.shown_version for post in await messages(teams, case_id)}
    await teams.accept(offered.id, {"p1": JONAS, "p2": INES}[offered.rep_id or ""])
    await deliver(teams)
    after = {post.id: post.shown_version for post in await messages(teams, case_id)}
    assert after == {post_id: (version or 0) + 1 for post_id, version in before.items()}


async def test_two_managers_who_differ_leave_it_to_the_arbiter(teams: World) -> None:
    handoff_id = await rejected(teams)
    case_id = (await dispute(teams, handoff_id)).case_id
    await opinion(teams, case_id, MANAGER, Ruling.UPHELD)
    moved = await opinion(teams, case_id, CMO, Ruling.OVERTURNED)
    assert (moved.state, moved.arbiter_id) == (DisputeState.WITH_ARBITER, "p9")
    upheld = await ruled(teams, case_id, ARBITER, Ruling.UPHELD)
    assert (upheld.state, upheld.ruling) == (DisputeState.RULED, Ruling.UPHELD)
    assert (await answer_of(teams, handoff_id)).ruling is Ruling.UPHELD
    places = await readers(teams, case_id)
    assert {(MARKETER, "party"), (MANAGER, "party"), (CMO, "party"), (ARBITER, "arbiter")} < set(places)


async def test_an_upheld_reject_stays_a_reject_and_the_lead_with_marketing(teams: World) -> None:
    handoff_id = await rejected(teams)
    case_id = (await dispute(teams, handoff_id)).case_id
    await to_arbiter(teams, case_id, CMO)
    await ruled(teams, case_id, ARBITER, Ruling.UPHELD)
    assert len(await teams.of_lead((await teams.handoff(handoff_id)).lead_id)) == 1
    with pytest.raises(Refused, match="final"):
        await ruled(teams, case_id, ARBITER, Ruling.OVERTURNED)


async def test_what_is_not_settled_in_time_is_the_arbiters(teams: World) -> None:
    await sign(teams, settle_minutes=120)
    handoff_id = await rejected(teams)
    case_id = (await dispute(teams, handoff_id)).case_id
    running = await teams.db.read(lambda tx: tx.countdowns.of(CountdownKind.SETTLE, case_id))
    assert running is not None
    assert running.due_at == at(2, 11)
    await until(teams, at(2, 11, 1))
    found = await teams.db.read(lambda tx: tx.disputes.get(case_id))
    assert found is not None
    assert (found.state, found.arbiter_id) == (DisputeState.WITH_ARBITER, "p9")
    ended = await teams.db.read(lambda tx: tx.countdowns.of(CountdownKind.SETTLE, case_id))
    assert ended is not None
    assert (ended.is_running, ended.result) == (False, Result.MISSED)
    assert (ARBITER, "arbiter") in await readers(teams, case_id)


async def test_nobody_else_settles_rules_or_takes_back(teams: World) -> None:
    case_id = (await dispute(teams, await rejected(teams))).case_id
    for by in (JONAS, MARKETER, ADMIN, ARBITER):
        with pytest.raises(NotAllowed):
            await opinion(teams, case_id, by, Ruling.UPHELD)
        with pytest.raises(NotAllowed):
            await to_arbiter(teams, case_id, by)
    with pytest.raises(Refused, match="two managers first"):
        await ruled(teams, case_id, ARBITER, Ruling.UPHELD)
    with pytest.raises(Refused, match="Only whoever raised it"):
        await take_back(teams, case_id, CMO)
    await to_arbiter(teams, case_id, MANAGER)
    for by in (JONAS, MARKETER, ADMIN, MANAGER, CMO):
        with pytest.raises(Refused):
            await ruled(teams, case_id, by, Ruling.UPHELD)


async def test_an_opinion_and_a_ruling_need_a_sentence_and_one_of_two_words(teams: World) -> None:
    case_id = (await dispute(teams, await rejected(teams))).case_id
    with pytest.raises(FormError) as caught:
        await opinion(teams, case_id, MANAGER, Ruling.UPHELD, sentence="  ")
    assert set(caught.value.fields) == {"sentence"}
    await to_arbiter(teams, case_id, MANAGER)
    with pytest.raises(FormError) as caught:
        await ruled(teams, case_id, ARBITER, Ruling.UPHELD, sentence="x" * 1001)
    assert set(caught.value.fields) == {"sentence"}


async def test_a_deputy_speaks_for_the_absent_manager_and_no_longer_once_she_is_back(teams: World) -> None:
    await teams.change("p8", deputy_id="p5", away_since=teams.clock.now())
    await teams.db.run(lambda tx: tx.people.set_deputy("p8", "p6"))
    case_id = (await dispute(teams, await rejected(teams))).case_id
    assert (ADMIN, "manager") in await readers(teams, case_id)
    form = await teams.db.read(dispute_forms.opinion_form, case_id, ADMIN)
    assert form.in_place_of == "Carla"
    said = await opinion(teams, case_id, ADMIN, Ruling.OVERTURNED)
    (marketing,) = said.opinions.values()
    assert (marketing.person_id, marketing.for_id) == ("p6", "p8")
    await teams.change("p8", away_since=None)
    with pytest.raises(NotAllowed):
        await opinion(teams, case_id, ADMIN, Ruling.UPHELD)


async def test_the_deputy_of_an_absent_arbiter_rules_and_a_party_never(teams: World) -> None:
    await teams.change("p9", away_since=teams.clock.now())
    await teams.db.run(lambda tx: tx.people.set_deputy("p9", "p6"))
    case_id = (await dispute(teams, await rejected(teams))).case_id
    await to_arbiter(teams, case_id, MANAGER)
    assert (ADMIN, "arbiter") in await readers(teams, case_id)
    assert (await ruled(teams, case_id, ADMIN, Ruling.UPHELD)).decided_by == ("p6",)
    second = (await dispute(teams, await rejected(teams, "2"))).case_id
    await to_arbiter(teams, second, MANAGER)
    await teams.db.run(lambda tx: tx.people.set_deputy("p9", "p5"))
    with pytest.raises(Refused, match="party"):
        await ruled(teams, second, MARKETER, Ruling.OVERTURNED)


async def test_without_an_arbiter_the_admin_is_told_and_whoever_becomes_one_rules(teams: World) -> None:
    await teams.change("p9", roles=frozenset({Role.MANAGER}))
    case_id = (await dispute(teams, await rejected(teams))).case_id
    await to_arbiter(teams, case_id, MANAGER)
    found = await teams.db.read(lambda tx: tx.disputes.get(case_id))
    assert found is not None
    assert (found.state, found.arbiter_id) == (DisputeState.WITH_ARBITER, None)
    alerts = [row for row in await teams.outbox() if row.lane == ADMIN]
    assert alerts
    await teams.change("p3", roles=frozenset({Role.REP, Role.ARBITER}))
    assert (await ruled(teams, case_id, "U3", Ruling.UPHELD)).state is DisputeState.RULED


async def test_taken_back_the_reason_is_accepted_and_nobody_decides_any_more(teams: World) -> None:
    handoff_id = await rejected(teams)
    case_id = (await dispute(teams, handoff_id)).case_id
    assert (await take_back(teams, case_id, MARKETER)).state is DisputeState.TAKEN_BACK
    assert (await answer_of(teams, handoff_id)).state is AnswerState.ACCEPTED
    with pytest.raises(Refused, match="taken back"):
        await opinion(teams, case_id, MANAGER, Ruling.UPHELD)


async def test_a_manager_who_raises_it_has_said_what_she_thinks(teams: World) -> None:
    raised = await dispute(teams, await rejected(teams), by=CMO)
    found = await teams.db.read(lambda tx: tx.disputes.get(raised.id))
    assert found is not None
    assert [one.person_id for one in found.opinions.values()] == ["p8"]
    assert await readers(teams, raised.case_id) == [(MANAGER, "manager")]


async def test_an_overturned_lead_that_sales_has_already_is_not_offered_twice(teams: World) -> None:
    handoff_id = await rejected(teams)
    case_id = (await dispute(teams, handoff_id)).case_id
    await teams.hand_over("1", score=90)
    lead_id = (await teams.handoff(handoff_id)).lead_id
    before = len(await teams.of_lead(lead_id))
    await opinion(teams, case_id, MANAGER, Ruling.OVERTURNED)
    await opinion(teams, case_id, CMO, Ruling.OVERTURNED)
    assert len(await teams.of_lead(lead_id)) == before


async def test_several_are_one_case_with_one_message_each_and_may_be_decided_one_by_one(teams: World) -> None:
    ids = [await rejected(teams, str(number)) for number in range(4)]
    await teams.db.run(
        answering_several.answer_several,
        AnswerSeveral(by=MARKETER, handoff_ids=tuple(ids[:3]), answer="disputed", why="All asked for a demo."),
    )
    case = await teams.db.read(lambda tx: tx.disputes.of_rejects(ids))
    assert set(case) == set(ids[:3])
    (case_id,) = {one.case_id for one in case.values()}
    assert await readers(teams, case_id) == [(MANAGER, "manager"), (CMO, "manager")]
    await opinion(teams, case_id, MANAGER, Ruling.OVERTURNED, which=case[ids[0]].id)
    await opinion(teams, case_id, CMO, Ruling.OVERTURNED)
    states = {one.subject_id: one.state for one in await teams.db.read(lambda tx: tx.disputes.of_case(case_id))}
    assert [states[one] for one in ids[:3]] == [
        DisputeState.SETTLED, DisputeState.WITH_MANAGERS, DisputeState.WITH_MANAGERS,
    ]  # fmt: skip


async def test_either_side_disagrees_on_a_definition_and_once_at_a_time(teams: World) -> None:
    raised = await disagree(teams, JONAS)
    assert await readers(teams, raised.case_id) == [(MANAGER, "manager"), (CMO, "manager")]
    with pytest.raises(Refused, match="raised this already"):
        await disagree(teams, JONAS)
    await opinion(teams, raised.case_id, MANAGER, Ruling.OVERTURNED)
    assert (await opinion(teams, raised.case_id, CMO, Ruling.OVERTURNED)).state is DisputeState.SETTLED
    assert (JONAS, "party") in await readers(teams, raised.case_id)
    await disagree(teams, JONAS)
    with pytest.raises(Refused):
        await disagree(teams, ADMIN)
    for about, subject in (("definition", "nonsense"), ("goal", "x"), ("campaign", "x"), ("reject", "x"), ("", "")):
        with pytest.raises(FormError):
            await disagree(teams, JONAS, about=about, subject_id=subject)


async def test_nothing_of_what_was_said_is_left_of_somebody_who_was_erased(teams: World) -> None:
    handoff_id = await rejected(teams)
    case_id = (await dispute(teams, handoff_id, why="Maria wrote to us")).case_id
    await opinion(teams, case_id, MANAGER, Ruling.UPHELD, sentence="Maria is a student")
    waiting = await rejected(teams, "2")
    for key in ("1", "2"):
        await teams.db.run(lambda tx, key=key: erasure.erase_key(tx, "crm", key, None, actor="crm"))
    (found,) = await teams.db.read(lambda tx: tx.disputes.of_case(case_id))
    assert (found.why, found.sentence, found.is_open) == ("", "", False)
    assert [one.sentence for one in found.opinions.values()] == [""]
    answer = await answer_of(teams, handoff_id)
    assert (answer.said, answer.state) == ("", AnswerState.ACCEPTED) or answer.said == ""
    assert (await answer_of(teams, waiting)).state is AnswerState.VOID
    running = await teams.db.read(lambda tx: tx.countdowns.of(CountdownKind.ANSWER_REJECT, waiting))
    assert running is None or not running.is_running


async def test_other_systems_hear_of_answers_and_rulings(teams: World) -> None:
    handoff_id = await rejected(teams)
    case_id = (await dispute(teams, handoff_id)).case_id
    await to_arbiter(teams, case_id, MANAGER)
    await ruled(teams, case_id, ARBITER, Ruling.OVERTURNED)
    kinds = await teams.events((await teams.handoff(handoff_id)).lead_id)
    for kind in ("reject.answered", "dispute.raised", "dispute.to_arbiter", "dispute.decided", "handoff.offered"):
        assert kind in kinds
    numbers = await teams.db.read(lambda tx: tx.campaign_numbers.in_all(None, teams.clock.now() - timedelta(days=1)))
    assert (numbers.rejected, numbers.waiting) == (0, 1)
    rejecter, since = (await teams.handoff(handoff_id)).decided_by or "", teams.clock.now() - timedelta(days=1)
    assert (await teams.db.read(lambda tx: tx.handoffs.day_numbers(rejecter, since))).rejected == 0
    assert await teams.db.read(lambda tx: tx.numbers.decided(since)) == []
    assert await teams.db.read(lambda tx: tx.numbers.decided_by([rejecter], since)) == []


async def test_of_several_the_others_go_on_to_the_arbiter_when_one_person_is_erased(teams: World) -> None:
    await sign(teams, settle_minutes=120)
    ids = [await rejected(teams, "1"), await rejected(teams, "2")]
    await teams.db.run(
        answering_several.answer_several,
        AnswerSeveral(by=MARKETER, handoff_ids=tuple(ids), answer="disputed", why="Both asked for a demo."),
    )
    await teams.db.run(lambda tx: erasure.erase_key(tx, "crm", "1", None, actor="crm"))
    await until(teams, at(2, 12))
    case = await teams.db.read(lambda tx: tx.disputes.of_rejects(ids))
    assert case[ids[0]].state is DisputeState.TAKEN_BACK
    assert case[ids[1]].state is DisputeState.WITH_ARBITER


async def test_who_rejected_is_no_manager_of_it_neither_for_themself_nor_for_an_absent_one(teams: World) -> None:
    handoff_id = await rejected(teams)
    rejecter = (await teams.handoff(handoff_id)).decided_by
    by = {"p1": JONAS, "p2": INES}[rejecter or ""]
    await teams.db.run(lambda tx: tx.people.set_deputy("p4", rejecter))
    await teams.change("p4", away_since=teams.clock.now())
    case_id = (await dispute(teams, handoff_id)).case_id
    assert (by, "manager") not in await readers(teams, case_id)
    for refused in (opinion(teams, case_id, by, Ruling.UPHELD), to_arbiter(teams, case_id, by)):
        with pytest.raises(Refused, match="party"):
            await refused
    with pytest.raises(Refused, match="party"):
        await teams.db.read(dispute_forms.opinion_form, case_id, by)
    await teams.change(rejecter or "", roles=frozenset({Role.REP, Role.MANAGER}))
    with pytest.raises(Refused, match="party"):
        await opinion(teams, case_id, by, Ruling.UPHELD)


async def test_a_marketer_who_raised_it_does_not_settle_it_for_the_absent_manager(teams: World) -> None:
    case_id = (await dispute(teams, await rejected(teams))).case_id
    await teams.db.run(lambda tx: tx.people.set_deputy("p8", "p5"))
    await teams.change("p8", away_since=teams.clock.now())
    with pytest.raises(Refused, match="party"):
        await opinion(teams, case_id, MARKETER, Ruling.OVERTURNED)


async def test_the_deputy_of_an_arbiter_who_is_a_party_is_refused_before_they_write_a_ruling(teams: World) -> None:
    await teams.change("p9", roles=frozenset({Role.ARBITER, Role.MARKETER}), side=Side.MARKETING)
    await teams.db.run(lambda tx: tx.people.set_deputy("p9", "p6"))
    await teams.db.run(lambda tx: tx.campaigns.save(replace(tx.campaigns.ensure("spring"), owner_id="p9")))
    case_id = (await dispute(teams, await rejected(teams), by=ARBITER)).case_id
    await to_arbiter(teams, case_id, CMO)
    await teams.change("p9", away_since=teams.clock.now())
    with pytest.raises(NotAllowed):
        await teams.db.read(dispute_forms.ruling_form, case_id, ADMIN)
    with pytest.raises(NotAllowed):
        await ruled(teams, case_id, ADMIN, Ruling.UPHELD)


async def test_overturned_does_not_undo_what_was_refused_since_and_says_so(teams: World) -> None:
    handoff_id = await rejected(teams, "1", "bad_timing", recycle_on="2026-03-04")
    case_id = (await dispute(teams, handoff_id)).case_id
    lead_id = (await teams.handoff(handoff_id)).lead_id
    await until(teams, at(4, 12), delivered=False)
    await known(teams)
    second = (await teams.of_lead(lead_id))[-1]
    await teams.reject(second.id, {"p1": JONAS, "p2": INES}[second.rep_id or ""], "ineligible")
    await opinion(teams, case_id, MANAGER, Ruling.OVERTURNED)
    settled = await opinion(teams, case_id, CMO, Ruling.OVERTURNED)
    assert [one.id for one in await teams.of_lead(lead_id)] == [handoff_id, second.id]
    seen = await teams.db.read(lambda tx: dispute_messages.shown(tx, settled))
    assert seen.what_next is not None
    assert seen.what_next.startswith("Not offered again")


async def test_when_the_arbiter_leaves_another_is_asked_and_the_old_message_asks_nothing(
    teams: World,
) -> None:
    await teams.db.run(lambda tx: tx.people.add(person(12, "Bea", Role.ARBITER, Side.LEADERSHIP)))
    case_id = (await dispute(teams, await rejected(teams))).case_id
    assert (await to_arbiter(teams, case_id, CMO)).arbiter_id == "p9"
    await deliver(teams)

    def leave(tx: Transaction) -> None:
        ada = tx.people.get("p9")
        assert ada is not None
        tx.people.leave_roster("p9")
        departures.note_change(tx, ada, replace(ada, on_roster=False))

    await teams.db.run(leave)
    await teams.sweep()
    assert ("U12", "arbiter") in await readers(teams, case_id)
    bea = await teams.db.read(lambda tx: tx.people.get("p12"))
    assert bea is not None
    assert (await teams.db.read(home_marketing.list_waiting, bea, 0)).total == 1
    (old,) = [post for post in await messages(teams, case_id) if post.place == ARBITER]
    seen = await teams.db.read(dispute_messages.load_case, old)
    assert seen is not None
    assert seen.read_as is ReadAs.PARTY
    assert (await ruled(teams, case_id, "U12", Ruling.UPHELD)).state is DisputeState.RULED


async def test_another_agreement_that_names_another_arbiter_asks_them(teams: World) -> None:
    case_id = (await dispute(teams, await rejected(teams))).case_id
    await to_arbiter(teams, case_id, CMO)

    def name(tx: Transaction) -> None:
        present = tx.agreements.in_force().document
        agreement_force.mode_changed(tx, put_in_force(tx, replace(present, arbiter="noor@example.com")))

    await teams.db.run(name)
    teams.clock.advance(timedelta(minutes=1))
    await teams.sweep()
    assert (await teams.db.read(lambda tx: tx.disputes.get(case_id))).arbiter_id == "p6"  # type: ignore[union-attr]
    admin = await teams.db.read(lambda tx: tx.people.get("p6"))
    assert admin is not None
    assert (await teams.db.read(home_marketing.list_waiting, admin, 0)).total == 1
