"""Clicks and forms: one use case, an answer in time, and a private sentence when nothing was changed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.handoff import Status
from bot.domain.person import SlackFlags
from bot.domain.routing import Target
from bot.errors import StorageUnavailable
from bot.services.home_rows import HomeLists
from bot.views import ids
from bot.views.ids import ActionId, CallbackId, More
from storage.database import Database
from tests.handlers import wire as wires
from tests.handlers.office import Office
from tests.services.world import INES, JONAS, MANAGER, MARKETER, PRIYA, everything_to


async def pooled(office: Office) -> str:
    """A handoff in the pool of Jonas and Priya."""
    await office.world.rules(everything_to(Target.POOL, "t2"))
    done = await office.world.hand_over(name="Maria Lopez", email="maria@example.com")
    assert done.handoff_id is not None
    return done.handoff_id


async def test_accept_is_one_click_and_says_nothing_more(office: Office) -> None:
    handoff_id = await pooled(office)
    answer = await office.click(JONAS, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1))
    assert (answer.status_code, answer.text) == (200, "")
    assert (await office.world.handoff(handoff_id)).rep_id == "p1"
    assert office.wire.calls == []


async def test_a_late_clicker_is_told_privately_who_took_it(office: Office) -> None:
    handoff_id = await pooled(office)
    await office.click(JONAS, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1))
    answer = await office.click(PRIYA, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1))
    assert answer.status_code == 200
    [said] = office.wire.called("respond")
    assert "Jonas accepted this lead" in said["text"]
    assert (said["response_type"], said["replace_original"]) == ("ephemeral", False)


async def test_a_double_click_changes_nothing_and_says_so(office: Office) -> None:
    handoff_id = await pooled(office)
    for _ in range(2):
        await office.click(JONAS, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1))
    assert "yours" in office.wire.called("respond")[0]["text"]


async def test_without_a_response_url_the_sentence_is_whispered_in_the_channel(office: Office) -> None:
    handoff_id = await pooled(office)
    office.wire.refuse["respond"] = "expired_url"
    await office.click(MARKETER, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1))
    [whispered] = office.wire.called("chat.postEphemeral")
    assert (whispered["user"], whispered["channel"]) == (MARKETER, "D1")


async def test_a_response_url_that_is_not_slacks_is_never_called(office: Office) -> None:
    handoff_id = await pooled(office)
    async with wires.running() as elsewhere:
        value = ids.handoff_value(handoff_id, 1)
        await office.click(MARKETER, ActionId.HANDOFF_ACCEPT, value, response_url=elsewhere.response_url)
        assert elsewhere.calls == []
    assert len(office.wire.called("chat.postEphemeral")) == 1


async def test_undo_opens_the_lead_again(office: Office) -> None:
    handoff_id = await pooled(office)
    await office.click(JONAS, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1))
    await office.click(JONAS, ActionId.HANDOFF_UNDO, ids.handoff_value(handoff_id, 2))
    handoffs = await office.world.of_lead((await office.world.handoff(handoff_id)).lead_id)
    assert [handoff.status for handoff in handoffs] == [Status.ACCEPTED, Status.OFFERED]


@pytest.mark.parametrize("value", ["", "nonsense", "a.b", "../etc.1", "x" * 3000, "made-up.1", "made-up.99999999999"])
@pytest.mark.parametrize("action", [ActionId.HANDOFF_ACCEPT, ActionId.HANDOFF_UNDO, ActionId.HANDOFF_REJECT])
async def test_a_forged_value_changes_nothing_and_gets_a_sentence(office: Office, action: str, value: str) -> None:
    handoff_id = await pooled(office)
    answer = await office.click(JONAS, action, value)
    assert answer.status_code == 200
    assert len(office.wire.called("respond")) == 1
    assert (await office.world.handoff(handoff_id)).is_open


async def test_who_clicked_comes_from_the_payload_and_not_from_the_value(office: Office) -> None:
    handoff_id = await pooled(office)
    await office.click(MARKETER, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1), user_id=JONAS)
    assert (await office.world.handoff(handoff_id)).is_open


async def test_an_account_slack_has_not_confirmed_is_asked_about(office: Office) -> None:
    handoff_id = await pooled(office)
    await office.world.change("p3", flags=SlackFlags())
    await office.click(PRIYA, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1))
    assert "try again in a moment" in office.wire.said()
    assert ("refresh_person", PRIYA) in [(row.kind, row.subject_id) for row in await office.world.outbox()]


async def test_people_of_another_workspace_are_refused(office: Office) -> None:
    handoff_id = await pooled(office)
    await office.click(JONAS, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1), team={"id": "T0OTHER"})
    assert "another Slack workspace" in office.wire.said()
    assert (await office.world.handoff(handoff_id)).is_open


async def test_when_nothing_can_be_saved_the_clicker_learns_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    handoff_id = await pooled(office)

    async def unreachable(*_: Any) -> None:
        raise StorageUnavailable("database is locked")

    monkeypatch.setattr(Database, "run", unreachable)
    answer = await office.click(JONAS, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1))
    assert answer.status_code == 200
    assert "Nothing was changed" in office.wire.said()
    assert "locked" not in office.wire.said()


async def test_an_unforeseen_failure_shows_a_reference_and_no_detail(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("Maria Lopez")

    monkeypatch.setattr(Database, "run", broken)
    await office.click(JONAS, ActionId.HANDOFF_ACCEPT, ids.handoff_value("h", 1))
    assert "reference" in office.wire.said()
    assert "Maria" not in office.wire.said()


async def test_reject_opens_a_form_and_choosing_a_reason_shows_its_question(office: Office) -> None:
    handoff_id = await pooled(office)
    await office.click(JONAS, ActionId.HANDOFF_REJECT, ids.handoff_value(handoff_id, 1))
    [opened] = office.wire.called("views.open")
    assert opened["trigger_id"] == "1.2.abc"
    view = {**opened["view"], "id": "V1", "state": {"values": {}}}
    option = {"type": "radio_buttons", "selected_option": {"value": "bad_timing"}, "value": None}
    payload = office.click_payload(JONAS, ActionId.REJECT_REASON, view=view)
    payload["actions"][0] |= option
    await office.interact(payload)
    [updated] = office.wire.called("views.update")
    assert updated["view_id"] == "V1"
    assert "recycle_on" in str(updated["view"]["blocks"])


async def test_two_reasons_chosen_quickly_end_with_the_last(office: Office) -> None:
    handoff_id = await pooled(office)
    view = {"id": "V1", "type": "modal", "private_metadata": ids.form_metadata(handoff_id, 1)}
    for reason in ("bad_timing", "other", "not_icp"):
        await office.click(JONAS, ActionId.REJECT_REASON, reason, view=view)
    assert "not_icp" in office.wire.called("views.update")[-1]["view"]["private_metadata"]


async def test_a_form_that_does_not_open_is_said(office: Office) -> None:
    handoff_id = await pooled(office)
    office.wire.refuse["views.open"] = "expired_trigger_id"
    await office.click(JONAS, ActionId.HANDOFF_REJECT, ids.handoff_value(handoff_id, 1))
    assert "click again" in office.wire.called("respond")[0]["text"]


async def test_reject_with_a_reason_is_stored_and_closes_the_form(office: Office) -> None:
    handoff_id = await pooled(office)
    answer = await office.submit(
        JONAS, CallbackId.REJECT_SUBMIT, ids.form_metadata(handoff_id, 1), reason="low_intent", comment="Not now"
    )
    assert (answer.status_code, answer.text) == (200, "")
    rejection = (await office.world.handoff(handoff_id)).rejection
    assert rejection is not None
    assert (rejection.reason, rejection.comment) == ("low_intent", "Not now")


async def test_a_reject_without_a_reason_keeps_the_form_open_at_the_field(office: Office) -> None:
    handoff_id = await pooled(office)
    answer = await office.submit(JONAS, CallbackId.REJECT_SUBMIT, ids.form_metadata(handoff_id, 1), reason=None)
    assert answer.json()["response_action"] == "errors"
    assert set(answer.json()["errors"]) == {"reason"}
    assert (await office.world.handoff(handoff_id)).is_open


async def test_a_form_sent_off_too_late_says_so_in_its_place(office: Office) -> None:
    handoff_id = await pooled(office)
    await office.click(PRIYA, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1))
    answer = await office.submit(JONAS, CallbackId.REJECT_SUBMIT, ids.form_metadata(handoff_id, 1), reason="low_intent")
    assert answer.json()["response_action"] == "update"
    assert "Priya accepted this lead" in str(answer.json()["view"])


async def test_what_was_typed_stays_when_nothing_can_be_saved(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unreachable(*_: Any) -> None:
        raise StorageUnavailable("gone")

    monkeypatch.setattr(Database, "run", unreachable)
    answer = await office.submit(JONAS, CallbackId.RELEASE_SUBMIT, ids.form_metadata("h", 1), note="long text")
    assert answer.json()["response_action"] == "errors"
    assert "Nothing was changed" in answer.json()["errors"]["note"]


@pytest.mark.parametrize("more", [More.DETAILS, More.RELEASE])
async def test_the_overflow_opens_what_its_reader_chose(office: Office, more: More) -> None:
    handoff_id = await pooled(office)
    await office.click(JONAS, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1))
    await office.click(JONAS, ActionId.HANDOFF_MORE, ids.more_value(more, handoff_id))
    [opened] = office.wire.called("views.open")
    assert opened["view"]["callback_id"].startswith(more.value)


async def test_a_manager_reassigns_and_withdraws_with_a_note(office: Office) -> None:
    handoff_id = await pooled(office)
    for more in (More.REASSIGN, More.WITHDRAW):
        await office.click(MANAGER, ActionId.HOME_MORE, ids.more_value(more, handoff_id))
    assert len(office.wire.called("views.open")) == 2
    metadata = ids.form_metadata(handoff_id, 1)
    await office.submit(MANAGER, CallbackId.REASSIGN_SUBMIT, metadata, person_id="p2", note="Closer")
    [_, successor] = await office.world.of_lead((await office.world.handoff(handoff_id)).lead_id)
    assert successor.rep_id == "p2"
    await office.submit(MANAGER, CallbackId.WITHDRAW_SUBMIT, ids.form_metadata(successor.id, 1), note="Spam")
    assert (await office.world.handoff(successor.id)).status is Status.WITHDRAWN


async def test_a_rep_who_reaches_for_a_managers_form_is_refused(office: Office) -> None:
    handoff_id = await pooled(office)
    await office.click(INES, ActionId.HANDOFF_MORE, ids.more_value(More.WITHDRAW, handoff_id))
    assert office.wire.called("views.open") == []
    assert len(office.wire.called("respond")) == 1


@pytest.mark.parametrize("action", ["open.crm", "answer", "link"])
async def test_links_and_inputs_are_acknowledged_in_silence(office: Office, action: str) -> None:
    assert (await office.click(JONAS, action)).status_code == 200
    assert office.wire.calls == []


async def test_a_button_of_an_older_version_is_explained(office: Office) -> None:
    await office.click(JONAS, "handoff.snooze", "h.1")
    assert "do not know this button" in office.wire.said()


HOME = {"id": "V0HOME", "type": "home", "private_metadata": "needs:0 mine:0"}


async def test_a_click_on_home_shows_home_anew_at_once(office: Office) -> None:
    handoff_id = await pooled(office)
    await office.click(JONAS, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1), view=HOME)
    published = office.wire.called("views.publish")
    assert published[-1]["user_id"] == JONAS
    assert "Maria Lopez" in str(published[-1]["view"])


async def test_a_refusal_on_home_is_a_small_window(office: Office) -> None:
    handoff_id = await pooled(office)
    await office.click(JONAS, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1))
    await office.click(PRIYA, ActionId.HANDOFF_ACCEPT, ids.handoff_value(handoff_id, 1), view=HOME)
    [opened] = office.wire.called("views.open")
    assert "Jonas accepted this lead" in str(opened["view"])


async def test_home_is_published_when_it_is_opened(office: Office) -> None:
    answer = await office.event({"type": "app_home_opened", "user": JONAS, "tab": "home", "channel": "D1"})
    assert answer.status_code == 200
    assert [call["user_id"] for call in office.wire.called("views.publish")] == [JONAS]


async def test_a_home_that_cannot_be_shown_says_why(office: Office) -> None:
    await office.event({"type": "app_home_opened", "user": "U0NOBODY", "tab": "home", "channel": "D1"})
    [published] = office.wire.called("views.publish")
    assert "try again in a moment" in str(published["view"])
    assert ("refresh_person", "U0NOBODY") in [(row.kind, row.subject_id) for row in await office.world.outbox()]


async def test_turning_a_page_keeps_the_other_lists_where_they_are(office: Office) -> None:
    await office.world.rules(everything_to(Target.REP, "p1"))
    for number in range(10):
        await office.world.hand_over(str(number), name=f"Lead {number}")
    turned = ids.page_value(HomeLists.NEEDS, 1)
    await office.click(JONAS, ActionId.HOME_PAGE_ON, turned, view=HOME)
    assert "needs:1" in office.wire.called("views.publish")[-1]["view"]["private_metadata"]


async def test_away_and_back_from_home(office: Office) -> None:
    await office.click(JONAS, ActionId.HOME_AWAY, "away", view=HOME)
    assert office.wire.called("views.open")[0]["view"]["callback_id"] == CallbackId.AWAY_SUBMIT
    await office.submit(JONAS, CallbackId.AWAY_SUBMIT, "", back_on="2026-03-09")
    person = await office.world.db.read(lambda tx: tx.people.get("p1"))
    assert person is not None
    assert person.is_away
    await office.click(JONAS, ActionId.HOME_BACK, "back", view=HOME)
    person = await office.world.db.read(lambda tx: tx.people.get("p1"))
    assert person is not None
    assert not person.is_away
