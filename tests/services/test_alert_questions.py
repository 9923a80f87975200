"""Questions about campaign alerts: asked in the thread, answered for whoever asked, and for all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.budget import How, Kind
from bot.domain.campaign_alert import AlertState
from bot.domain.person import Role, Side
from bot.domain.post import Post, Subject
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import alert_details, alert_question_forms, alert_questions, campaign_alert_shown
from bot.services.alert_details import Tab
from bot.services.alert_question_messages import QuestionShown, To, load_question
from bot.services.alert_questions import AskQuestion
from storage.transaction import Transaction
from tests.services.alert_world import SALES, SALES_TOO, answer, ask, press, tell
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, World, person

LONG = "word " * 590 + "the end"


async def posts(world: World, question_id: str) -> dict[str, Post]:
    found = await world.db.read(lambda tx: tx.posts.of_subject(Subject.QUESTION, question_id))
    return {post.place: post for post in found}


async def shown(world: World, post: Post) -> QuestionShown:
    found = await world.db.read(load_question, post)
    assert found is not None
    return found


async def test_a_question_stands_in_the_thread_of_its_alert_in_each_channel(world: World) -> None:
    await world.db.run(tell)
    question = await ask(world, JONAS)
    alerts = await world.db.read(lambda tx: tx.posts.of_subject(Subject.CAMPAIGN_ALERT, "a1"))
    found = await posts(world, question)
    assert {post.place: post.thread_of for post in found.values() if post.thread_of} == {
        post.place: post.id for post in alerts
    }
    assert set(found) == {SALES, SALES_TOO, MARKETER}
    in_thread = await shown(world, found[SALES])
    assert (in_thread.to, in_thread.campaign, in_thread.asked_by) == (To.THREAD, "Spring webinar", "Jonas")
    assert (await shown(world, found[MARKETER])).to is To.OWNER


async def test_a_form_that_slack_delivers_twice_asks_once(world: World) -> None:
    await world.db.run(tell)
    for by in (JONAS, JONAS, INES):
        await world.db.run(alert_questions.ask, AskQuestion(alert_id="a1", by=by, text="When?", request="V1"))
    found = await world.db.read(lambda tx: tx.alert_questions.of_alert("a1"))
    assert [one.asked_by for one in found] == ["p1", "p2"]
    assert set(await posts(world, found[0].id)) == {SALES, SALES_TOO, MARKETER}


async def test_whoever_asked_is_told_of_the_answer_and_every_message_shows_it(world: World) -> None:
    await world.db.run(tell)
    question = await ask(world, JONAS)
    await answer(world, question, MARKETER, "Yes, until May.")
    found = await posts(world, question)
    assert set(found) == {SALES, SALES_TOO, MARKETER, JONAS}
    for post in found.values():
        one = await shown(world, post)
        assert (one.answer, one.answered_by) == ("Yes, until May.", "Sam")
    assert (await shown(world, found[JONAS])).to is To.ASKER


async def test_an_answer_for_all_stands_on_the_alert(world: World) -> None:
    await world.db.run(tell)
    await answer(world, await ask(world, JONAS, "Until when?"), MARKETER, "May.", expected=True)
    await answer(world, await ask(world, INES, "For me only?"), MARKETER, "Yes.")
    questions = await world.db.read(lambda tx: campaign_alert_shown.expected(tx, "a1"))
    assert [(one.text, one.answer) for one in questions] == [("Until when?", "May.")]


async def test_who_chose_the_brief_reads_it_there(world: World) -> None:
    await world.db.run(tell)
    for person_id in ("p1", "p5"):
        await world.db.run(choose_brief, person_id)
    question = await ask(world, JONAS)
    assert (await world.waits_for_brief("p5"))[Kind.QUESTION] == 1
    await answer(world, question, MARKETER)
    assert (await world.waits_for_brief("p1"))[Kind.QUESTION] == 1
    assert Kind.QUESTION not in await world.waits_for_brief("p5")
    assert set(await posts(world, question)) == {SALES, SALES_TOO}


def choose_brief(tx: Transaction, person_id: str) -> None:
    settings = tx.person_settings.of(person_id)
    tx.person_settings.save(replace(settings, kinds={Kind.QUESTION: How.BRIEF}))


async def test_an_answer_can_be_changed_and_nobody_is_told_twice(world: World) -> None:
    await world.db.run(tell)
    question = await ask(world, JONAS)
    await answer(world, question, MARKETER, "No.")
    seen = (await world.db.read(alert_question_forms.answer_form, question, MARKETER)).seen
    await answer(world, question, MARKETER, "Yes.", seen=seen, expected=True)
    found = await posts(world, question)
    assert (await shown(world, found[JONAS])).answer == "Yes."
    told = await world.db.read(lambda tx: tx.posts.of_subject(Subject.QUESTION, question))
    assert len(told) == 4


async def test_an_answer_sent_again_because_its_first_acknowledgement_got_lost_is_one_answer(world: World) -> None:
    await world.db.run(tell)
    question = await ask(world, JONAS)
    for _ in range(2):
        await answer(world, question, MARKETER, "Yes.")
    told = await world.db.read(lambda tx: tx.posts.of_subject(Subject.QUESTION, question))
    assert len(told) == 4
    with pytest.raises(Refused, match="answered this meanwhile"):
        await answer(world, question, MARKETER, "No.")


async def test_of_two_who_answer_at_once_the_second_is_told(world: World) -> None:
    await world.db.run(tell)
    await world.db.run(lambda tx: tx.people.add(person(7, "Mia", Role.MARKETER, Side.MARKETING)))
    question = await ask(world, JONAS)
    await answer(world, question, "U7", "No.")
    with pytest.raises(Refused, match="Mia answered this meanwhile"):
        await answer(world, question, MARKETER, "Yes.")
    assert (await world.db.read(lambda tx: tx.alert_questions.of_alert("a1")))[0].answer == "No."


async def test_an_owner_who_is_away_has_whoever_stands_in_told(world: World) -> None:
    await world.db.run(tell)
    await world.db.run(lambda tx: tx.people.add(person(7, "Mia", Role.MARKETER, Side.MARKETING)))
    await world.db.run(lambda tx: tx.people.set_deputy("p5", "p7"))
    await world.db.run(lambda tx: tx.people.set_away("p5", tx.now, None))
    question = await ask(world, JONAS)
    found = await posts(world, question)
    assert MARKETER not in found
    assert (await shown(world, found["U7"])).in_place_of == "Sam"


async def test_an_owner_who_left_leaves_the_question_to_marketings_manager(world: World) -> None:
    await world.db.run(tell)
    await world.db.run(lambda tx: tx.people.add(person(8, "Cleo", Role.MANAGER, Side.MARKETING)))
    await world.change("p5", on_roster=False)
    assert "U8" in await posts(world, await ask(world, JONAS))


@pytest.mark.parametrize("by", [MARKETER, ADMIN])
async def test_only_sales_asks(world: World, by: str) -> None:
    await world.db.run(tell)
    with pytest.raises(NotAllowed, match="for sales"):
        await ask(world, by)
    with pytest.raises(NotAllowed):
        await world.db.read(alert_question_forms.ask_form, "a1", by)


@pytest.mark.parametrize("by", [JONAS, MANAGER, ADMIN])
async def test_only_the_owner_and_marketing_answer(world: World, by: str) -> None:
    await world.db.run(tell)
    question = await ask(world, JONAS)
    with pytest.raises(NotAllowed, match="marketing"):
        await answer(world, question, by)
    with pytest.raises(NotAllowed):
        await world.db.read(alert_question_forms.answer_form, question, by)


async def test_nothing_is_asked_about_what_was_withdrawn(world: World) -> None:
    await world.db.run(tell, state=AlertState.WITHDRAWN)
    with pytest.raises(Refused, match="withdrawn"):
        await ask(world, JONAS)


@pytest.mark.parametrize("text", ["", "   ", "x" * 3001])
async def test_a_question_and_an_answer_have_words_and_as_many_as_fit(world: World, text: str) -> None:
    await world.db.run(tell)
    with pytest.raises(FormError):
        await ask(world, JONAS, text)
    question = await ask(world, JONAS)
    with pytest.raises(FormError):
        await answer(world, question, MARKETER, text)


async def test_long_words_are_kept_whole(world: World) -> None:
    await world.db.run(tell)
    question = await ask(world, JONAS, LONG)
    await answer(world, question, MARKETER, LONG)
    details = await world.db.read(alert_details.load_details, "a1", JONAS, Tab.QUESTIONS)
    assert (details.questions[0].text, details.questions[0].answer) == (LONG, LONG)


async def test_what_the_owner_expected_is_nobodys_to_answer_here(world: World) -> None:
    await world.db.run(tell)
    with pytest.raises(NotFound):
        await answer(world, "unknown", MARKETER)


async def test_the_alert_says_how_many_questions_wait(world: World) -> None:
    await world.db.run(tell)
    question = await ask(world, JONAS)
    await ask(world, INES, "And where?")
    await answer(world, question, MARKETER)
    await press(world, JONAS)
    details = await world.db.read(alert_details.load_details, "a1", MARKETER)
    assert (details.talk.waiting, details.questions_total) == (1, 2)
