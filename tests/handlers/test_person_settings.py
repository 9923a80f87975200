"""Settings and briefs over the wire: the form, what comes back from it, and what Slack says of a channel."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.brief import Brief, PersonSettings, Why
from bot.domain.budget import How, Kind
from bot.views import ids
from bot.views.ids import ActionId, CallbackId
from storage.transaction import Transaction
from tests.handlers.office import Office
from tests.handlers.wire import TEAM, Json
from tests.services.world import ADMIN, JONAS, MARKETER

ROOM = "C0ROOM"


async def saved(office: Office, person_id: str = "p1") -> PersonSettings:
    return await office.world.db.read(lambda tx: tx.person_settings.of(person_id))


async def save(office: Office, by: str = JONAS, **answers: Any) -> Json:
    """The form sent off as Slack sends it; the answer."""
    elements: dict[str, Json] = {
        "brief_at": {"type": "static_select", "selected_option": {"value": answers.get("brief_at", "start")}},
        "brief_place": {"type": "radio_buttons", "selected_option": {"value": answers.get("place", "messages")}},
        "brief_channel": {"type": "conversations_select", "selected_conversation": answers.get("channel")},
        "in_brief": {"type": "checkboxes", "selected_options": [{"value": one} for one in answers.get("in_brief", ())]},
    }
    for name in ("told_hotter", "told_reject"):
        if name in answers:
            elements[name] = {"type": "static_select", "selected_option": {"value": answers[name]}}
    view: Json = {
        "id": "V1",
        "type": "modal",
        "callback_id": CallbackId.SETTINGS_SUBMIT,
        "private_metadata": ",".join(answers.get("asked", Kind)),
        "blocks": [{"type": "input", "block_id": name, "label": {}, "element": {}} for name in elements],
        "state": {"values": {name: {"answer": element} for name, element in elements.items()}},
    }
    answer = await office.interact(
        {"type": "view_submission", "user": {"id": by}, "team": {"id": TEAM}, "trigger_id": "1.2.abc", "view": view}
    )
    found: Json = answer.json()
    return found


def slack_says(office: Office, *, bot_is_in: bool = True, person_is_in: bool = True) -> None:
    office.wire.content["conversations.info"] = {"channel": {"id": ROOM, "is_member": bot_is_in}}
    channels = [{"id": ROOM}] if person_is_in else [{"id": "C0OTHER"}]
    office.wire.content["users.conversations"] = {"channels": channels}


@pytest.mark.parametrize("where", ["button", "command"])
async def test_settings_open_from_home_and_by_word(office: Office, where: str) -> None:
    if where == "button":
        home = {"view": {"id": "V0", "type": "home", "private_metadata": ""}}
        await office.click(JONAS, ActionId.HOME_SETTINGS, "settings", **home)
    else:
        assert await office.command(JONAS, "settings") == {}
    (opened,) = [call for method, call in office.wire.calls if method == "views.open"]
    assert opened["view"]["callback_id"] == CallbackId.SETTINGS_SUBMIT


async def test_what_was_chosen_is_saved_and_said(office: Office) -> None:
    answer = await save(office, brief_at="07:30", told_hotter="brief", in_brief=["came_back"])
    assert "at 07:30, in your messages with me" in str(answer)
    settings = await saved(office)
    assert f"{settings.brief_at:%H:%M}" == "07:30"
    not_ticked = dict.fromkeys((Kind.MERGED, Kind.LEAKAGE, Kind.CAMPAIGN_NEWS), How.MUTED)
    assert dict(settings.kinds) == {Kind.HOTTER: How.BRIEF, **not_ticked}


async def test_a_channel_both_are_in_is_taken(office: Office) -> None:
    slack_says(office)
    answer = await save(office, place="channel", channel=ROOM)
    assert "in the channel you chose" in str(answer)
    assert (await saved(office)).channel == ROOM


@pytest.mark.parametrize("who", ["bot_is_in", "person_is_in"])
async def test_a_channel_one_of_them_is_not_in_is_refused_at_its_field(office: Office, who: str) -> None:
    slack_says(office, **{who: False})
    answer = await save(office, place="channel", channel=ROOM)
    assert set(answer["errors"]) == {"brief_channel"}
    assert "both be in it" in answer["errors"]["brief_channel"]
    assert (await saved(office)).channel is None


async def test_a_channel_nobody_knows_and_a_slack_that_does_not_answer_change_nothing(office: Office) -> None:
    for error, sentence in (("channel_not_found", "both be in it"), ("fatal_error", "does not answer just now")):
        office.wire.refuse["conversations.info"] = error
        answer = await save(office, place="channel", channel=ROOM)
        assert sentence in answer["errors"]["brief_channel"]
    assert (await saved(office)) == PersonSettings(person_id="p1")


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"brief_at": "25:00"}, "brief_at"),
        ({"brief_at": "soon"}, "brief_at"),
        ({"place": "nowhere"}, "brief_place"),
        ({"place": "channel"}, "brief_channel"),
        ({"place": "channel", "channel": "U1"}, "brief_channel"),
        ({"told_hotter": "louder"}, "told_hotter"),
    ],
)
async def test_made_up_answers_are_refused_at_their_field(
    office: Office, answers: dict[str, Any], field: str
) -> None:  # fmt: skip
    answer = await save(office, **answers)
    assert set(answer["errors"]) == {field}
    assert (await saved(office)) == PersonSettings(person_id="p1")


async def test_kinds_that_are_not_ones_own_or_not_ones_to_choose_are_not_saved(office: Office) -> None:
    in_brief = ["lead", "trouble", "upkeep", "made up", "came_back", "merged", "leakage", "campaign_news"]
    await save(office, told_reject="muted", in_brief=in_brief)
    assert dict((await saved(office)).kinds) == {}
    await save(office, MARKETER, told_reject="muted", in_brief=["other_reject", "note", "campaign_news"])
    assert dict((await saved(office, "p5")).kinds) == {Kind.REJECT: How.MUTED}


async def test_send_me_my_brief_now_answers_in_the_form(office: Office) -> None:
    form = {"view": {"id": "V1", "type": "modal", "private_metadata": ""}}
    await office.click(ADMIN, ActionId.BRIEF_NOW, "now", **form)
    assert "Nothing waits to be said." in str(office.wire.calls[-1])
    await office.world.db.run(lambda tx: tx.briefs.keep("p6", Kind.UPKEEP, "u", None, {"title": "t"}))
    await office.click(ADMIN, ActionId.BRIEF_NOW, "now", **form)
    method, call = office.wire.calls[-1]
    assert (method, call["view_id"]) == ("views.update", "V1")
    assert "on its way" in str(call)


async def test_show_all_opens_a_window_and_turns_in_it(office: Office) -> None:
    def brief(tx: Transaction) -> str:
        for number in range(50):
            tx.briefs.keep("p1", Kind.UPKEEP, str(number), None, {"title": f"No. {number}"})
        made = Brief(id=tx.new_id(), person_id="p1", why=Why.REQUESTED, day=tx.now.date(), created_at=tx.now)
        tx.briefs.add(made)
        return made.id

    brief_id = await office.world.db.run(brief)
    await office.click(JONAS, ActionId.BRIEF_ALL, ids.brief_page_value(brief_id, 0))
    assert office.wire.calls[-1][0] == "views.open"
    assert "No. 19" in str(office.wire.calls[-1])
    form = {"view": {"id": "V1", "type": "modal", "private_metadata": ""}}
    await office.click(JONAS, ActionId.BRIEF_PAGE_ON, ids.brief_page_value(brief_id, 1), **form)
    assert office.wire.calls[-1][0] == "views.update"
    assert "No. 20" in str(office.wire.calls[-1])
