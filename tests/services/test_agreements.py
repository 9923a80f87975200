"""The agreement's life: proposed, signed by both sides, in force at its instant, replaced, ended, reviewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.agreement_document import DEFAULT_DOCUMENT, Agreement, Document, PointOfContact
from bot.domain.budget import Kind
from bot.domain.ladder import Mode
from bot.domain.lead import Priority
from bot.domain.person import Role, Side, SlackFlags
from bot.domain.post import Post, Subject, TimerKind
from bot.domain.signing import State, Wish
from bot.errors import FormError, Refused
from bot.services import agreement_news, agreements
from bot.services.agreement_news import AgreementNotice
from bot.services.agreements import ChangeAgreement, ReplyToAgreement, SignAgreement
from storage.transaction import Transaction
from tests.services.world import INES, JONAS, MANAGER, MARKETER, START, World, person

MONA, LENA, ARBITER = "U7", "U8", "U9"
DAY = timedelta(days=1)


@pytest.fixture
async def teams(world: World) -> World:
    """The small world with a manager of marketing, a leader of both sides, and an arbiter."""

    def add(tx: Transaction) -> None:
        tx.people.add(person(7, "Mona", Role.MANAGER, Side.MARKETING))
        tx.people.add(person(8, "Lena", Role.MANAGER, Side.LEADERSHIP))
        tx.people.add(person(9, "Olu", Role.ARBITER, Side.OTHER))

    await world.db.run(add)
    return world


def faster(document: Document = DEFAULT_DOCUMENT, minutes: int = 10, **changed: Any) -> Document:
    terms = replace(document.terms, accept_minutes={**document.terms.accept_minutes, Priority.HOT: minutes})
    return replace(document, terms=terms, **changed)


async def propose(
    world: World, document: Document | None = None, from_at: datetime | None = None, by: str = MANAGER
) -> Agreement:
    def run(tx: Transaction) -> Agreement:
        proposer = tx.people.by_slack_id(by)
        assert proposer is not None
        return agreements.propose(tx, proposer, document or faster(), from_at)

    return await world.db.run(run)


async def sign(world: World, agreement: Agreement, by: str, side: Side | None = None) -> Agreement:
    command = SignAgreement(by=by, agreement_id=agreement.id, side=side)
    return await world.db.run(agreements.sign_agreement, command)


async def wish(world: World, agreement: Agreement, by: str, what: Wish | None, side: Side | None = None) -> Agreement:
    command = ChangeAgreement(by=by, agreement_id=agreement.id, wish=what, side=side)
    return await world.db.run(agreements.change_agreement, command)


async def signed(world: World, from_at: datetime | None = None, document: Document | None = None) -> Agreement:
    proposed = await propose(world, document, from_at)
    await sign(world, proposed, MANAGER)
    return await sign(world, proposed, MONA)


async def seen_again(world: World, *people: str) -> None:
    """Slack confirmed lately who they are."""
    for one in people:
        await world.change(one, flags=SlackFlags(checked_at=world.clock.now()))


async def present(world: World) -> Agreement:
    return await world.db.read(lambda tx: tx.agreements.in_force())


async def mode(world: World, agreement: Agreement) -> Mode:
    return await world.db.read(lambda tx: tx.agreements.mode(agreement.id))


async def state(world: World, agreement: Agreement) -> State:
    found = await world.db.read(lambda tx: tx.agreements.get(agreement.id))
    assert found is not None
    assert found.signing is not None
    return found.signing.state


async def messages(world: World, agreement: Agreement) -> list[Post]:
    return await world.db.read(lambda tx: tx.posts.of_subject(Subject.AGREEMENT, agreement.id))


async def notice(world: World, agreement: Agreement, reader: str) -> AgreementNotice:
    found = [post for post in await messages(world, agreement) if post.place == reader]
    said = await world.db.read(lambda tx: agreement_news.load_agreement_notice(tx, found[-1]))
    assert said is not None
    return said


async def test_a_proposal_reaches_the_managers_of_both_sides_once_with_its_difference(teams: World) -> None:
    proposed = await propose(teams)
    assert sorted(post.place for post in await messages(teams, proposed)) == [MANAGER, MONA, LENA]
    said = await notice(teams, proposed, MONA)
    assert [change.line for change in said.changes] == ["~ windows.accept.hot: 15 min → 10 min"]
    assert (said.may_sign, said.may_reply, said.may_withdraw, said.missing) == (
        True, True, True, (Side.SALES, Side.MARKETING),
    )  # fmt: skip
    assert "windows" not in said.defaults
    assert "definitions" in said.defaults


async def test_it_is_in_force_at_its_instant_once_both_have_signed_and_not_before(teams: World) -> None:
    later = START + 7 * DAY
    running = await teams.hand_over("running")
    proposed = await signed(teams, later)
    assert await state(teams, proposed) is State.SIGNED
    teams.clock.advance(7 * DAY - timedelta(microseconds=1))
    await teams.sweep()
    assert (await present(teams)).version == 0
    teams.clock.advance(timedelta(microseconds=1))
    assert (await present(teams)).id == proposed.id  # at the instant, whether or not its timer has fired
    await teams.sweep()
    assert (await state(teams, proposed), await mode(teams, proposed)) == (State.IN_FORCE, Mode.ENFORCED)
    before, after = await teams.handoff(running.handoff_id), await teams.hand_over("new", country="FR")
    assert before.terms == DEFAULT_DOCUMENT.terms
    assert await teams.db.read(lambda tx: tx.agreements.mode(before.agreement_id)) is Mode.TRIAL
    new = await teams.handoff(after.handoff_id)
    assert (new.agreement_id, new.terms.accept_minutes[Priority.HOT]) == (proposed.id, 10)


async def test_one_signature_leaves_it_a_proposal_and_a_trial(teams: World) -> None:
    proposed = await propose(teams)
    await sign(teams, proposed, MANAGER)
    assert (await state(teams, proposed), await mode(teams, proposed)) == (State.PROPOSED, Mode.TRIAL)
    said = await notice(teams, proposed, MANAGER)
    assert (said.may_sign, [one.name for one in said.signed], said.missing) == (False, ["Anna"], (Side.MARKETING,))


async def test_who_may_not_sign_is_refused(teams: World) -> None:
    proposed = await propose(teams)
    for nobody in (JONAS, MARKETER, ARBITER):
        with pytest.raises(Refused, match="Only managers"):
            await sign(teams, proposed, nobody)
    with pytest.raises(Refused, match="that side only"):
        await sign(teams, proposed, MANAGER, Side.MARKETING)


async def test_a_leader_of_both_sides_chooses_one_and_never_signs_both(teams: World) -> None:
    proposed = await propose(teams)
    with pytest.raises(FormError, match="choose for which one"):
        await sign(teams, proposed, LENA)
    await sign(teams, proposed, LENA, Side.SALES)
    with pytest.raises(Refused, match="signed already"):
        await sign(teams, proposed, MANAGER)
    with pytest.raises(Refused, match="a manager of its own"):
        await sign(teams, proposed, LENA)
    assert (await sign(teams, proposed, MONA)).signing is not None


async def test_the_deputy_of_an_absent_manager_signs_for_them(teams: World) -> None:
    await teams.db.run(lambda tx: tx.people.set_deputy("p7", "p5"))
    proposed = await propose(teams)
    with pytest.raises(Refused, match="Only managers"):
        await sign(teams, proposed, MARKETER)
    await teams.change("p7", away_since=teams.clock.now())
    await sign(teams, proposed, MARKETER)
    said = await notice(teams, proposed, MANAGER)
    assert [(one.side, one.name, one.for_name) for one in said.signed] == [(Side.MARKETING, "Sam", "Mona")]


async def test_a_deputy_of_both_sides_signs_for_one_of_them(teams: World) -> None:
    for manager in ("p4", "p7"):
        await teams.db.run(lambda tx, manager=manager: tx.people.set_deputy(manager, "p6"))
        await teams.change(manager, away_since=teams.clock.now())
    proposed = await propose(teams)
    await sign(teams, proposed, "U6", Side.SALES)
    with pytest.raises(Refused, match="a manager of its own"):
        await sign(teams, proposed, "U6", Side.MARKETING)


async def test_an_answer_reaches_who_proposed_it(teams: World) -> None:
    proposed = await propose(teams)
    with pytest.raises(FormError, match="Say what should be different"):
        await teams.db.run(agreements.reply_to, ReplyToAgreement(by=MONA, agreement_id=proposed.id, text=" "))
    command = ReplyToAgreement(by=MONA, agreement_id=proposed.id, text="20 minutes for hot leads")
    await teams.db.run(agreements.reply_to, command)
    said = await notice(teams, proposed, MANAGER)
    assert [(one.name, one.text) for one in said.replies] == [("Mona", "20 minutes for hot leads")]
    assert [post.place for post in await messages(teams, proposed)].count(MANAGER) == 2  # it must be noticed
    with pytest.raises(Refused, match="Only managers"):
        await teams.db.run(agreements.reply_to, ReplyToAgreement(by=JONAS, agreement_id=proposed.id, text="no"))


async def test_a_withdrawn_proposal_is_never_in_force(teams: World) -> None:
    proposed = await signed(teams, START + DAY)
    with pytest.raises(Refused, match="Only whoever proposed it"):
        await teams.db.run(agreements.withdraw_agreement, JONAS, proposed.id)
    await teams.db.run(agreements.withdraw_agreement, MONA, proposed.id)
    teams.clock.advance(2 * DAY)
    await teams.sweep()
    assert ((await present(teams)).version, await state(teams, proposed)) == (0, State.WITHDRAWN)
    assert (await notice(teams, proposed, MANAGER)).may_sign is False


async def test_a_later_version_replaces_the_former_whose_leads_are_still_held_to_it(teams: World) -> None:
    first = await signed(teams)
    second = await signed(teams, document=faster(minutes=5))
    assert (await state(teams, first), await state(teams, second)) == (State.REPLACED, State.IN_FORCE)
    assert await mode(teams, first) is Mode.ENFORCED
    await wish(teams, second, ARBITER, Wish.SUSPEND)
    assert (await mode(teams, first), await mode(teams, second)) == (Mode.TRIAL, Mode.TRIAL)


@pytest.mark.parametrize(("what", "after"), [(Wish.SUSPEND, State.SUSPENDED), (Wish.END, State.ENDED)])
async def test_both_sides_or_the_arbiter_suspend_or_end_it(teams: World, what: Wish, after: State) -> None:
    agreement = await signed(teams)
    await wish(teams, agreement, MANAGER, what)
    assert (await state(teams, agreement), (await notice(teams, agreement, MONA)).wish) == (State.IN_FORCE, what)
    await wish(teams, agreement, MANAGER, None)
    await wish(teams, agreement, MONA, what)
    assert await state(teams, agreement) is State.IN_FORCE
    await wish(teams, agreement, MANAGER, what)
    assert (await state(teams, agreement), await mode(teams, agreement)) == (after, Mode.TRIAL)
    assert (await present(teams)).id == agreement.id  # its windows still show
    with pytest.raises(Refused, match="Only managers"):
        await wish(teams, await signed(teams, document=faster(minutes=4)), JONAS, what)


async def test_a_suspended_one_is_resumed(teams: World) -> None:
    agreement = await signed(teams)
    await wish(teams, agreement, ARBITER, Wish.SUSPEND)
    await wish(teams, agreement, MONA, Wish.RESUME)
    await wish(teams, agreement, LENA, Wish.RESUME, Side.SALES)
    assert (await state(teams, agreement), await mode(teams, agreement)) == (State.IN_FORCE, Mode.ENFORCED)


async def test_after_it_is_in_force_managers_hear_at_once_and_everybody_else_in_their_brief(teams: World) -> None:
    agreement = await signed(teams)
    about = [post.data["about"] for post in await messages(teams, agreement) if post.place == MONA]
    assert about == ["proposal", "in_force"]
    for one in ("p1", "p2", "p3", "p5"):
        assert await teams.waits_for_brief(one) == {Kind.AGREEMENT: 1}
    assert await teams.waits_for_brief("p6") == {}  # of neither side


async def test_it_is_reviewed_on_its_day_and_weekly_until_somebody_has(teams: World) -> None:
    contacts = {Side.SALES: (PointOfContact(email="ines@example.com", about="windows"),)}
    agreement = await signed(teams, document=faster(review_every_days=30, contacts=contacts))
    timer = await teams.db.read(lambda tx: tx.timers.get(TimerKind.AGREEMENT_REVIEW, agreement.id))
    assert timer is not None
    assert timer.due_at == datetime.fromisoformat("2026-04-01T07:00:00+00:00")  # 9:00 in Berlin, 30 days later
    teams.clock.advance(timer.due_at - teams.clock.now())
    await teams.sweep()
    teams.clock.advance(7 * DAY)
    await teams.sweep()
    reminded = [post.place for post in await messages(teams, agreement) if post.data["about"] == "review"]
    assert sorted(reminded) == sorted([MANAGER, MONA, LENA, INES] * 2)
    await seen_again(teams, "p1", "p2")
    with pytest.raises(Refused, match="points of contact"):
        await teams.db.run(agreements.review_agreement, JONAS, agreement.id)
    await teams.db.run(agreements.review_agreement, INES, agreement.id)
    again = await teams.db.read(lambda tx: tx.timers.get(TimerKind.AGREEMENT_REVIEW, agreement.id))
    assert again is not None
    assert again.due_at - teams.clock.now() > 29 * DAY
    assert (await notice(teams, agreement, MANAGER)).may_review is False


async def test_what_names_somebody_who_is_not_there_or_starts_in_the_past_is_refused(teams: World) -> None:
    contacts = {Side.SALES: (PointOfContact(email="nobody@example.com"),)}
    with pytest.raises(Refused, match="nobody on the roster has the address"):
        await propose(teams, faster(contacts=contacts))
    with pytest.raises(FormError, match="has passed"):
        await propose(teams, from_at=START - 2 * DAY)
    with pytest.raises(Refused, match="within a year"):
        await propose(teams, from_at=START + 400 * DAY)
    agreement = await signed(teams)
    with pytest.raises(Refused, match="nothing to propose"):
        await propose(teams, agreement.document)


async def test_what_a_version_says_never_changes_whatever_becomes_of_it(teams: World) -> None:
    agreement = await signed(teams, START + DAY, faster(engagement=("Be kind.",)))
    said = agreement.document

    async def same() -> bool:
        found = await teams.db.read(lambda tx: tx.agreements.get(agreement.id))
        return found is not None and found.document == said and found.terms == said.terms

    teams.clock.advance(DAY)
    await teams.sweep()
    for what in (Wish.SUSPEND, Wish.RESUME, Wish.END):
        await wish(teams, agreement, ARBITER, what)
        assert await same()
    await signed(teams, document=faster(minutes=3))
    assert await same()
