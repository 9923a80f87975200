"""The form of a campaign alert: what is wrong is named at its field, nothing typed is lost, nothing changes unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.agreement_document import DEFAULT_DOCUMENT
from bot.domain.campaign_alert import AlertState
from bot.domain.campaign_alert_input import LONGEST_INPUT
from bot.errors import FormError, NotAllowed
from bot.services import campaign_alert_form, campaign_alert_preview, campaign_alert_saving
from bot.services.campaign_alert_form import AlertForm
from bot.services.campaign_alert_reading import SaveAlert
from storage.transaction import Transaction
from tests.services.alert_world import answer, ask
from tests.services.alerting import ANSWERS, EMEA, SALES, STARTS, Alerts, populate
from tests.services.signed import put_in_force
from tests.services.world import JONAS, MANAGER, MARKETER, World


@pytest.fixture
async def alerts(world: World) -> Alerts:
    await world.db.run(populate)
    return Alerts(world)


async def form(alerts: Alerts, alert_id: str = "", by: str = MARKETER) -> AlertForm:
    return await alerts.world.db.read(campaign_alert_form.alert_form, by, alert_id)


def sent(shown: AlertForm, **changes: str) -> SaveAlert:
    """The form sent off as it was opened, but for `changes`."""
    answers = {
        "campaign": shown.campaign, "owner": shown.owner or "", "start_date": shown.start_date or "",
        "start_time": shown.start_time, "end_date": shown.end_date or "", "end_time": shown.end_time,
        "buyer_sees": shown.buyer_sees, "audience": shown.audience, "segment": shown.segment, "offer": shown.offer,
        "new_offer": shown.new_offer, "lead_looks_like": shown.lead_looks_like, "assets": shown.assets,
        "volume": "" if shown.volume is None else str(shown.volume), "cost": shown.cost, "currency": shown.currency,
    }  # fmt: skip
    return SaveAlert(
        by=MARKETER, alert_id=shown.alert_id, version=shown.version, tz=shown.tz, answers=answers | changes,
        questions=shown.questions, channels=shown.channels, questions_seen=shown.questions_seen,
    )  # fmt: skip


async def mistakes(alerts: Alerts, **changes: Any) -> dict[str, str]:
    with pytest.raises(FormError) as caught:
        await alerts.save(**changes)
    return caught.value.fields


async def test_a_new_form_begins_with_the_channels_of_sales_and_the_zone_of_whoever_opens_it(alerts: Alerts) -> None:
    new = await form(alerts)
    assert (new.channels, new.tz, new.owner, new.start_time) == ((SALES,), "Europe/Berlin", MARKETER, "09:00")
    with pytest.raises(NotAllowed):
        await form(alerts, by=JONAS)


async def test_everything_wrong_is_said_at_once_and_nothing_is_stored(alerts: Alerts) -> None:
    found = await mistakes(
        alerts, name="", owner=JONAS, start_date="", end_date="2026-03-01", assets="ftp://x", cost="much",
        volume="-1", questions=("Is it free?", "Q: "),
    )  # fmt: skip
    assert set(found) == {"campaign", "owner", "start_date", "assets", "cost", "volume", "questions.0", "questions.1"}
    assert "Jonas is no marketer" in found["owner"]
    assert await alerts.world.db.read(lambda tx: tx.campaign_alerts.untold()) == []


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"end_date": "2026-03-12", "end_time": "09:00"}, "end_date", "ends before it starts"),
        ({"cost": "12", "currency": ""}, "currency", "Choose the currency"),
        ({"key": "slack:me"}, "key", "hands over in Slack"),
        ({"name": "!!!"}, "key", "give it one"),
        ({"owner": ""}, "owner", "Choose who answers"),
        ({"start_date": "1999-01-01"}, "start_date", "between 2000 and 2100"),
        ({"start_date": "2020-01-01"}, "start_date", "more than 90 days ago"),
        ({"campaign": "gone"}, "campaign", "not there any more"),
        ({"offer": "gone", "new_offer": ""}, "offer", "not among those agreed on any more"),
    ],
)
async def test_each_mistake_has_a_sentence_at_its_field(
    alerts: Alerts, changes: dict[str, str], field: str, says: str
) -> None:
    assert says in (await mistakes(alerts, **changes))[field]


async def test_a_start_a_little_in_the_past_is_late_and_says_so_and_one_long_ago_is_a_slip(alerts: Alerts) -> None:
    today = alerts.world.clock.now().date()
    draft = await alerts.save(start_date=(today - timedelta(days=89)).isoformat())
    shown = await alerts.world.db.read(campaign_alert_preview.preview, draft.id, MARKETER)
    assert shown.lead_time.late is not None
    assert set(await mistakes(alerts, name="Autumn", start_date=(today - timedelta(days=91)).isoformat())) == {
        "start_date"
    }
    await alerts.until(alerts.world.clock.now() + timedelta(days=40))
    again = await alerts.world.db.run(campaign_alert_saving.save_alert, sent(await form(alerts, draft.id)))
    assert again == draft, "it was right when it was typed"


async def test_a_form_saved_as_it_was_opened_changes_nothing(alerts: Alerts) -> None:
    odd = "Line one\n\n\n\nline  two  "
    made = await alerts.save(buyer_sees=odd, questions=("Q: Why?\nA:  Because\n\n of it.", "Q: When?"))
    shown = await form(alerts, made.id)
    again = await alerts.world.db.run(campaign_alert_saving.save_alert, sent(shown))
    assert again == made


async def test_an_instant_stays_exactly_where_the_form_still_says_it(alerts: Alerts) -> None:
    told = await alerts.told()
    await alerts.until(STARTS + timedelta(minutes=7, seconds=11))
    ended = await alerts.end(await alerts.now(told))
    again = await alerts.world.db.run(campaign_alert_saving.save_alert, sent(await form(alerts, ended.id)))
    assert again.ends_at == ended.ends_at


async def test_the_key_of_a_new_campaign_is_made_of_its_name_and_it_is_its_owners(alerts: Alerts) -> None:
    made = await alerts.save()
    campaign = await alerts.world.db.read(lambda tx: tx.campaigns.get(made.campaign_id))
    assert campaign is not None
    assert (campaign.key, campaign.name, campaign.owner_id) == ("spring-webinar", "Spring webinar", "p5")
    assert "There is a campaign spring-webinar already" in (await mistakes(alerts))["key"]


async def test_a_campaign_that_only_leads_have_named_is_taken_over(alerts: Alerts) -> None:
    await alerts.world.hand_over("1", name="Ada", campaign="spring-webinar")
    made = await alerts.save()
    campaign = await alerts.world.db.read(lambda tx: tx.campaigns.by_key("spring-webinar"))
    assert campaign is not None
    assert (campaign.id, campaign.name, campaign.owner_id) == (made.campaign_id, "Spring webinar", "p5")


async def test_an_offer_is_one_of_those_agreed_on_or_marked_as_new(alerts: Alerts) -> None:
    document = replace(DEFAULT_DOCUMENT, offers=("Two months free", "A free check"))
    await alerts.world.db.run(put_in_force, document)
    made = await alerts.save()
    assert (made.offer, made.offer_is_new) == ("Two months free", False), "typed word for word it is the agreed one"
    marks = {one.label: one.value for one in (await form(alerts)).offers}
    chosen = await alerts.save(made, new_offer="", offer=marks["A free check"])
    assert (chosen.offer, chosen.offer_is_new) == ("A free check", False)
    assert "not both" in (await mistakes(alerts, alert=chosen, offer=marks["A free check"]))["new_offer"]
    await alerts.world.db.run(put_in_force, replace(document, offers=()))
    kept = await alerts.world.db.run(campaign_alert_saving.save_alert, sent(await form(alerts, chosen.id)))
    assert kept.offer == "A free check", "one that was agreed on then stays, until somebody chooses another"


async def test_somebody_elses_change_meanwhile_keeps_the_form_open(alerts: Alerts) -> None:
    made = await alerts.save()
    shown = await form(alerts, made.id)
    await alerts.save(made, audience="All")
    with pytest.raises(FormError, match="Nothing you typed is lost"):
        await alerts.world.db.run(campaign_alert_saving.save_alert, sent(shown, audience="Some"))
    assert (await alerts.now(made)).audience == "All"


async def test_questions_too_long_for_a_field_stay_as_they_are(alerts: Alerts) -> None:
    made = await alerts.save(questions=("Q: Short?\nA: Yes.",))

    def add_long(tx: Transaction) -> None:
        (first,) = tx.alert_questions.expected(made.id)
        place = tx.alert_questions.next_place(made.id)
        tx.alert_questions.add(replace(first, id="long", place=place, text="?" * LONGEST_INPUT, answer="!" * 2000))

    await alerts.world.db.run(add_long)
    shown = await form(alerts, made.id)
    assert (len(shown.questions), shown.questions_kept) == (1, 1)
    command = replace(sent(shown), questions=("Q: Short?\nA: No.\nQ: New?",))
    await alerts.world.db.run(campaign_alert_saving.save_alert, command)
    stored = await alerts.world.db.read(lambda tx: tx.alert_questions.expected(made.id))
    assert [(one.text[:6], one.answer and one.answer[:3]) for one in stored] == [
        ("Short?", "No."), ("??????", "!!!"), ("New?", None),
    ]  # fmt: skip


async def test_a_question_somebody_asked_stays_in_its_thread_when_it_leaves_the_alert(alerts: Alerts) -> None:
    made = await alerts.save(questions=("Q: Theirs?\nA: Yes.",))

    def asked(tx: Transaction) -> None:
        (first,) = tx.alert_questions.expected(made.id)
        tx.alert_questions.remove(first.id)
        tx.alert_questions.add(replace(first, asked_by="p1"))

    await alerts.world.db.run(asked)
    await alerts.save(made, questions=("",))
    (left,) = await alerts.world.db.read(lambda tx: tx.alert_questions.of_alert(made.id))
    assert (left.text, left.expected, left.answer) == ("Theirs?", False, "Yes.")


async def test_a_preview_shows_what_is_typed_and_stores_nothing(alerts: Alerts) -> None:
    command = SaveAlert(
        by=MARKETER, alert_id="", version=0, tz="Europe/Berlin", answers=ANSWERS | {"audience": ""},
        questions=("Q: Free?\nA: Yes.",), channels=(EMEA,),
    )  # fmt: skip
    shown = await alerts.world.db.read(campaign_alert_preview.preview_typed, command)
    assert (shown.alert.campaign, shown.alert.cost, shown.missing) == ("Spring webinar", "EUR 12,000", ("Audience",))
    assert [one.answer for one in shown.alert.questions] == ["Yes."]
    assert await alerts.world.db.read(lambda tx: tx.campaigns.by_key("spring-webinar")) is None


async def test_a_draft_is_for_marketing_and_what_waits_for_approval_for_sales_managers_too(alerts: Alerts) -> None:
    draft = await alerts.save()
    with pytest.raises(NotAllowed, match="Sales has not been told"):
        await alerts.world.db.read(campaign_alert_preview.preview, draft.id, MANAGER)
    assert (await alerts.world.db.read(campaign_alert_preview.preview, draft.id, MARKETER)).can_propose
    await alerts.propose(draft)
    seen = await alerts.world.db.read(campaign_alert_preview.preview, draft.id, MANAGER)
    assert (seen.can_approve, seen.can_edit, seen.alert.state) == (True, False, AlertState.PROPOSED)
    with pytest.raises(NotAllowed):
        await alerts.world.db.read(campaign_alert_preview.preview, draft.id, JONAS)


async def test_an_answer_that_was_added_while_the_form_was_open_is_not_lost(alerts: Alerts) -> None:
    told = await alerts.told()
    open_before = await form(alerts, told.id)
    question = await ask(alerts.world, JONAS, "Who speaks?", told.id)
    await answer(alerts.world, question, MARKETER, "Dana.", expected=True)
    meanwhile = replace(sent(open_before), questions=("Q: Is it free?\nA: No.",))
    with pytest.raises(FormError, match="answered, and its answer added here") as caught:
        await alerts.world.db.run(campaign_alert_saving.save_alert, meanwhile)
    assert list(caught.value.fields) == ["questions.0"]
    saved = await alerts.world.db.run(campaign_alert_saving.save_alert, sent(open_before, audience="All"))
    stored = await alerts.world.db.read(lambda tx: tx.alert_questions.expected(saved.id))
    assert [(one.text, one.answer) for one in stored] == [("Is it free?", "Yes."), ("Who speaks?", "Dana.")]
    assert saved.changed == ("audience",)
