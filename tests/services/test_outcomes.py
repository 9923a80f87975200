"""After Accept: what is logged, in which order, by whom, and what follows from it."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.countdown import CountdownKind
from bot.domain.handoff import End, Handoff
from bot.domain.lead import Lead, Stage
from bot.domain.target import Target
from bot.errors import AlreadyDecided, FormError, NotAllowed, Refused
from bot.services import crm, practice
from bot.services.crm import LeadErased
from tests.services.clocked import at, sign
from tests.services.marketing import known
from tests.services.outcome_world import correct, log, log_all, stage
from tests.services.world import INES, JONAS, MANAGER, MARKETER, START, World

KIND = CountdownKind.FIRST_CONTACT


async def on_the_day(world: World) -> None:
    """In the working hours of whoever gets it, thirty days on."""
    for hours in (30 * 24, 6, 20):
        world.clock.advance(timedelta(hours=hours))
        await world.sweep()


async def accepted(world: World, external_id: str = "1", **values: Any) -> tuple[Handoff, Lead]:
    """A lead that Jonas has accepted."""
    await world.change("p2", away_since=world.clock.now())
    handed = await world.hand_over(external_id, name="Dana Whitfield", company="Northwind", **values)
    await world.accept(handed.handoff_id, JONAS)
    handoff = await world.handoff(handed.handoff_id)
    assert handoff.is_owned
    return handoff, await world.lead(handoff.lead_id)


async def test_a_whole_life_from_accept_to_won(world: World) -> None:
    handoff, lead = await accepted(world)
    stages = []
    for kind in ("attempt", "attempt", "attempt", "contacted", "qualified", "opportunity", "won"):
        await log_all(world, handoff.id, kind)
        stages.append(await stage(world, lead.id))
    assert stages == ["sal"] * 4 + ["sql", "opportunity", "won"]
    history = await world.db.read(lambda tx: tx.outcomes.standing(handoff.id))
    assert [one.outcome.kind.value for one in history][-2:] == ["opportunity", "won"]
    assert history[-2].outcome.amount == Decimal("12000")
    assert (await world.handoff(handoff.id)).is_owned
    kinds = await world.events(lead.id)
    assert [kind for kind in kinds if kind.startswith("lead.")][-4:] == [
        "lead.contacted", "lead.qualified", "lead.opportunity", "lead.won",
    ]  # fmt: skip


def refused(*words: str) -> Any:
    return pytest.raises(Refused, match=".*".join(words))


IMPOSSIBLE = [
    ((), "qualified", "Log the contact first"),
    ((), "opportunity", "Log it as qualified first"),
    ((), "won", "Log it as qualified first"),
    ((), "lost", "disqualify it or give it back"),
    ((), "disqualified", "after 3 attempts"),
    (("attempt",), "disqualified", "2 more attempts"),
    (("contacted", "qualified"), "qualified", "qualified already"),
    (("contacted", "qualified"), "disqualified", "log it as lost instead"),
    (("contacted", "qualified"), "given_back", "ask your manager"),
    (("contacted", "qualified", "opportunity"), "opportunity", "correct that one"),
    (("contacted", "qualified", "won"), "lost", "this lead is won"),
    (("contacted", "qualified", "lost"), "attempt", "this lead is lost"),
]


@pytest.mark.parametrize(("done", "kind", "sentence"), IMPOSSIBLE)
async def test_impossible_orders_are_refused_with_a_sentence_and_change_nothing(
    world: World, done: tuple[str, ...], kind: str, sentence: str
) -> None:
    handoff, lead = await accepted(world)
    for one in done:
        await log_all(world, handoff.id, one)
    before = await world.lead(lead.id), await world.db.read(lambda tx: tx.outcomes.ever(handoff.id))
    with refused(sentence):
        await log(world, handoff.id, kind)
    assert before == (await world.lead(lead.id), await world.db.read(lambda tx: tx.outcomes.ever(handoff.id)))


MISTAKES: list[tuple[tuple[str, ...], dict[str, Any], set[str]]] = [
    ((), {"kind": "nonsense"}, {"what"}),
    ((), {"kind": "attempt", "attempt": None}, {"attempt"}),
    ((), {"kind": "attempt", "attempt": "smoke signal"}, {"attempt"}),
    ((), {"kind": "attempt", "when": "today", "at": None}, {"at"}),
    ((), {"kind": "attempt", "when": "today", "at": "23:59"}, {"at"}),
    ((), {"kind": "attempt", "when": "yesterday", "at": "10:00"}, {"at"}),
    ((), {"kind": "attempt", "when": "earlier", "day": "soon", "at": "10:00"}, {"day"}),
    ((), {"kind": "attempt", "when": "earlier", "day": "2026-03-01", "at": "10:00"}, {"day"}),
    ((), {"kind": "attempt", "when": "earlier", "day": "2026-03-03", "at": "10:00"}, {"day"}),
    ((), {"kind": "attempt", "when": "earlier", "day": "2026-03-02", "at": "06:00"}, {"at"}),
    ((), {"kind": "given_back", "note": " "}, {"note"}),
    ((), {"kind": "attempt", "note": "x" * 1001}, {"note"}),
    (("contacted",), {"kind": "disqualified", "reason": "nonsense"}, {"reason"}),
    (("contacted",), {"kind": "disqualified", "reason": "unable_to_reach"}, {"reason"}),
    (("contacted",), {"kind": "disqualified", "reason": "no_timeline"}, {"come_back_on"}),
    (("contacted",), {"kind": "disqualified", "reason": "no_timeline", "come_back_on": "2026-03-02"}, {"come_back_on"}),
    (("contacted",), {"kind": "disqualified", "reason": "no_timeline", "come_back_on": "soon"}, {"come_back_on"}),
    (("contacted",), {"kind": "disqualified", "reason": "other"}, {"answer"}),
    (("contacted", "qualified"), {"kind": "opportunity", "amount": "", "expected_close": ""},
     {"amount", "expected_close"}),
    (("contacted", "qualified"), {"kind": "opportunity", "amount": "a lot"}, {"amount"}),
    (("contacted", "qualified"), {"kind": "opportunity", "currency": "euro"}, {"currency"}),
    (("contacted", "qualified"), {"kind": "opportunity", "expected_close": "2026-03-01"}, {"expected_close"}),
    (("contacted", "qualified"), {"kind": "won", "reason": None}, {"reason"}),
    (("contacted", "qualified"), {"kind": "won", "amount": "much"}, {"amount"}),
    (("contacted", "qualified"), {"kind": "lost", "reason": "competitor2"}, {"reason"}),
]  # fmt: skip


@pytest.mark.parametrize(("done", "values", "fields"), MISTAKES)
async def test_a_mistake_is_told_at_its_field(
    world: World, done: tuple[str, ...], values: dict[str, Any], fields: set[str]
) -> None:
    handoff, _ = await accepted(world)
    for one in done:
        await log_all(world, handoff.id, one)
    kind = values.pop("kind")
    with pytest.raises(FormError) as error:
        await log(world, handoff.id, kind, **values)
    assert set(error.value.fields) == fields
    values["kind"] = kind


async def test_what_happened_earlier_counts_from_then(world: World) -> None:
    handoff, _ = await accepted(world)
    world.clock.advance(timedelta(hours=20))
    await log(world, handoff.id, "attempt", when="yesterday", at="10:30")
    (logged,) = await world.db.read(lambda tx: tx.outcomes.standing(handoff.id))
    assert logged.outcome.at.isoformat() == "2026-03-02T09:30:00+00:00"
    assert logged.logged_at == world.clock.now()


async def test_a_call_of_friday_is_logged_on_monday_and_was_in_time(world: World) -> None:
    await sign(world)
    world.clock.advance(at(6, 9) - world.clock.now())
    await known(world)
    handoff, lead = await accepted(world)
    world.clock.advance(at(9, 8) - world.clock.now())
    await known(world)
    await log(world, handoff.id, "attempt", when="earlier", day="2026-03-06", at="11:30")
    (logged,) = await world.db.read(lambda tx: tx.outcomes.standing(handoff.id))
    assert logged.outcome.at.isoformat() == "2026-03-06T10:30:00+00:00"
    events = await world.db.read(lambda tx: tx.events.of_lead(lead.id, 50))
    assert [one.data["result"] for one in events if one.kind == "handoff.first_contact"] == ["met"]


async def test_only_the_owner_and_sales_managers_log(world: World) -> None:
    handoff, _ = await accepted(world)
    for by in (INES, MARKETER):
        with pytest.raises(NotAllowed):
            await log(world, handoff.id, "attempt", by)
    await log(world, handoff.id, "attempt", MANAGER)
    (logged,) = await world.db.read(lambda tx: tx.outcomes.standing(handoff.id))
    assert logged.outcome.by == "p4"


async def test_a_deputy_logs_for_the_absent_manager_and_it_is_recorded_so(world: World) -> None:
    handoff, _ = await accepted(world)
    await world.db.run(lambda tx: tx.people.set_links("p1", "p4", None))
    await world.db.run(lambda tx: tx.people.set_deputy("p4", "p3"))
    await world.change("p4", away_since=world.clock.now())
    await log(world, handoff.id, "attempt", "U3")
    (logged,) = await world.db.read(lambda tx: tx.outcomes.standing(handoff.id))
    assert (logged.outcome.by, logged.for_id) == ("p3", "p4")


async def test_the_same_click_twice_is_one_attempt(world: World) -> None:
    handoff, _ = await accepted(world)
    await log(world, handoff.id, "attempt", once="same")
    done = await log(world, handoff.id, "attempt", once="same")
    assert done.repeated
    assert len(await world.db.read(lambda tx: tx.outcomes.standing(handoff.id))) == 1


async def test_an_accept_cannot_be_undone_once_something_is_logged(world: World) -> None:
    handoff, _ = await accepted(world)
    await log(world, handoff.id, "attempt")
    with pytest.raises(Refused, match="Use Release"):
        await world.undo(handoff.id, JONAS)


async def test_a_lead_that_went_on_takes_no_outcomes(world: World) -> None:
    handoff, _ = await accepted(world)
    await world.release(handoff.id, JONAS)
    with pytest.raises(AlreadyDecided):
        await log(world, handoff.id, "attempt")


async def test_a_disqualified_lead_goes_where_the_reason_says(world: World) -> None:
    cases = {
        "no_need": (Stage.RECYCLED, None),
        "no_timeline": (Stage.RECYCLED, "2026-04-01T07:00:00+00:00"),
    }
    for number, (reason, (expected, recycle_at)) in enumerate(cases.items()):
        handoff, lead = await accepted(world, str(number))
        await log_all(world, handoff.id, "contacted")
        day = {"come_back_on": "2026-04-01"} if recycle_at else {}
        await log(world, handoff.id, "disqualified", reason=reason, **day)
        lead = await world.lead(lead.id)
        assert lead.stage is expected
        assert (lead.recycle_at.isoformat() if lead.recycle_at else None) == recycle_at
        assert (await world.handoff(handoff.id)).end is End.DISQUALIFIED


async def test_could_not_be_reached_is_for_after_the_agreed_attempts(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, "attempt", "attempt", "attempt")
    await log(world, handoff.id, "disqualified", reason="unable_to_reach")
    assert await stage(world, lead.id) == "recycled"


async def test_a_lead_disqualified_until_a_date_comes_back_on_it(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, "contacted")
    await log(world, handoff.id, "disqualified", reason="no_timeline", come_back_on="2026-04-01")
    await on_the_day(world)
    latest = (await world.of_lead(lead.id))[-1]
    assert (latest.is_open, latest.opened.value) == (True, "recycled")


async def test_a_lost_lead_comes_back_on_its_date_as_a_new_handover(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, "contacted", "qualified")
    await log(world, handoff.id, "lost", reason="postponed", come_back_on="2026-04-01")
    assert (await world.handoff(handoff.id)).is_owned
    await on_the_day(world)
    handoffs = await world.of_lead(lead.id)
    assert [one.end for one in handoffs[:1]] == [End.RELEASED]
    assert (handoffs[-1].is_open, handoffs[-1].rep_id) == (True, "p1")
    assert await stage(world, lead.id) == "mql"


async def test_what_is_given_back_is_offered_to_somebody_else_with_the_note(world: World) -> None:
    handoff, lead = await accepted(world)
    await world.change("p2", away_since=None)
    await log(world, handoff.id, "given_back", note="Speaks Portuguese")
    latest = (await world.of_lead(lead.id))[-1]
    assert (latest.is_open, latest.rep_id) == (True, "p2")
    assert (await world.handoff(handoff.id)).note == "Speaks Portuguese"


async def test_a_qualified_lead_stays_so_when_it_changes_hands(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, "contacted", "qualified", "opportunity")
    await world.change("p2", away_since=None)
    await world.reassign(handoff.id, MANAGER, "p2")
    latest = (await world.of_lead(lead.id))[-1]
    await world.accept(latest.id, INES)
    assert await stage(world, lead.id) == "opportunity"
    with refused("correct that one"):
        await log(world, latest.id, "opportunity", INES)
    await log(world, latest.id, "won", INES)
    assert await stage(world, lead.id) == "won"


async def test_an_undone_accept_leaves_a_qualified_lead_qualified(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, "contacted", "qualified")
    await world.change("p2", away_since=None)
    await world.reassign(handoff.id, MANAGER, "p2")
    latest = (await world.of_lead(lead.id))[-1]
    await world.accept(latest.id, INES)
    await world.undo(latest.id, INES)
    again = (await world.of_lead(lead.id))[-1]
    await world.accept(again.id, INES)
    assert await stage(world, lead.id) == "sql"


async def test_marketing_hears_of_a_disqualification_as_of_a_reject(world: World) -> None:
    handoff, lead = await accepted(world, campaign="spring")
    await log_all(world, handoff.id, "contacted")
    await log(world, handoff.id, "disqualified", reason="no_need", note="They sell to us")
    notices = [post for post in await world.posts(lead.id) if post.subject.value == "reject_notice"]
    assert [post.place for post in notices] == ["C0MARKETING"]


async def told_of(world: World, lead_id: str, kind: str) -> dict[str, Any]:
    """What other systems are told, the last time of this kind."""
    events = await world.db.read(lambda tx: tx.events.of_lead(lead_id, 50))
    event = next(one for one in events if one.kind == kind)
    body = await world.db.read(lambda tx: tx.announcements.body(event.id))
    assert body is not None, "nobody is told"
    data: dict[str, Any] = json.loads(body)["data"]
    return data


async def test_other_systems_hear_of_each_outcome_with_the_stage_and_what_was_said(world: World) -> None:
    crm = Target(key="crm", url="https://crm.example.com/hook", secrets=("s",), created_at=START)
    await world.db.run(lambda tx: tx.targets.add(crm))
    handoff, lead = await accepted(world)
    await log(world, handoff.id, "attempt", attempt="mail", note="Left a message")
    data = await told_of(world, lead.id, "lead.attempted")
    assert (data["lead"]["stage"], data["outcome"]["attempt"], data["note"]) == ("sal", "mail", "Left a message")
    await log_all(world, handoff.id, "contacted", "qualified", "opportunity")
    data = await told_of(world, lead.id, "lead.opportunity")
    assert data["lead"]["stage"] == "opportunity"
    assert {name: data["outcome"][name] for name in ("amount", "currency", "expected_close")} == {
        "amount": "12000", "currency": "EUR", "expected_close": "2026-11-30",
    }  # fmt: skip
    await log(world, handoff.id, "lost", reason="competitor", answer="Acme, cheaper")
    data = await told_of(world, lead.id, "lead.lost")
    assert data["outcome"]["reason"] == {"code": "competitor", "label": "Chose a competitor"}
    assert data["comment"] == "Acme, cheaper"
    won = await told_of(world, lead.id, "lead.opportunity")
    await correct(world, handoff.id, 3, kind="opportunity", amount="9000")
    data = await told_of(world, lead.id, "lead.corrected")
    assert (data["compensates"], data["before"]["amount"], data["outcome"]["amount"]) == (
        won["event_id"], "12000", "9000",
    )  # fmt: skip


async def test_what_people_wrote_about_somebody_who_is_erased_is_gone_and_what_is_counted_stays(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, "contacted", "qualified")
    await log(world, handoff.id, "lost", reason="competitor", answer="Acme of Dana's brother", note="Dana said so")
    await correct(world, handoff.id, 2, kind="lost", reason="other", answer="Dana moved on", note="Dana again")
    await world.db.run(crm.hear, LeadErased(source="crm", external_id="1", at=world.clock.now()))
    ever = await world.db.read(lambda tx: tx.outcomes.ever(handoff.id))
    assert len(ever) == 4
    assert not [one for one in ever if one.outcome.note or one.outcome.answer]
    assert "Dana" not in str(await world.db.read(lambda tx: tx.events.of_lead(lead.id, 50)))


async def test_a_practice_lead_takes_every_outcome_and_tells_nobody(world: World) -> None:
    handoff = await world.db.run(practice.start_practice, JONAS)
    await world.accept(handoff.id, JONAS)
    await log_all(world, handoff.id, "attempt", "contacted", "qualified", "opportunity", "won")
    assert await stage(world, handoff.lead_id) == "won"
    assert await world.db.read(lambda tx: tx.countdowns.of(KIND, handoff.id)) is None
    again = await world.db.run(practice.start_practice, JONAS)
    await world.accept(again.id, JONAS)
    await log_all(world, again.id, "contacted", "disqualified")
    assert await stage(world, again.lead_id) == "closed"
    assert not [row for row in await world.outbox() if row.kind.value == "announce"]
