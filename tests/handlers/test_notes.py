"""Field notes from Slack: `/note`, the shortcuts, the form, and what is clicked under a note just saved."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.domain.note import Note, NoteKind
from bot.services.note_shown import mine
from bot.views.note_ids import join_value, kind_value
from tests.handlers.office import FORM, Office
from tests.handlers.wire import BOT, TEAM
from tests.services.marketing import add_marketing
from tests.services.noting import answer as reply
from tests.services.world import INES, JONAS, MANAGER, MARKETER

Json = dict[str, Any]
PUBLIC: Json = {"conversations.info": {"channel": {"id": "C0DEALS", "is_channel": True, "is_private": False}}}


async def note(office: Office, by: str, text: str, *, trigger: str = "1.2.abc") -> Json:
    fields = {"command": "/note", "text": text, "user_id": by, "team_id": TEAM, "trigger_id": trigger}
    answer = await office.post_slack(urlencode(fields).encode(), FORM)
    assert answer.status_code == 200
    found: Json = answer.json() if answer.content else {}
    return found


async def on_message(office: Office, by: str, message: Json, **channel: str) -> None:
    answer = await office.interact(
        {
            "type": "message_action",
            "callback_id": "note.save",
            "user": {"id": by},
            "team": {"id": TEAM, "domain": "brightwater"},
            "channel": {"id": "C0DEALS", "name": "deals", **channel},
            "message_ts": "1772442000.000100",
            "message": {"type": "message", "ts": "1772442000.000100", **message},
            "trigger_id": "1.2.abc",
            "response_url": office.wire.response_url,
        }
    )
    assert answer.status_code == 200


async def notes_of(office: Office, person_id: str = "p1") -> list[Note]:
    return await office.world.db.read(lambda tx: tx.notes.by_author(person_id, 50))


def opened(office: Office) -> Json:
    view: Json = office.wire.called("views.open")[-1]["view"]
    return view


def field(view: Json, block_id: str) -> Json:
    element: Json = next(block["element"] for block in view["blocks"] if block.get("block_id") == block_id)
    return element


async def send(office: Office, by: str, view: Json, *, view_id: str = "V1", **answers: str | None) -> Json:
    """The form as it was opened, with some answers of one's own."""
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, name = block["element"], block["block_id"]
            chosen = (element.get("initial_option") or {}).get("value")
            said = answers.get(name, element.get("initial_value") or chosen)
            option = None if said is None else {"value": said}
            values[name] = {
                "answer": {"type": "static_select", "selected_option": option}
                if element["type"] == "static_select"
                else {"type": "plain_text_input", "value": said}
            }
    blocks = [{"block_id": f"b{number}", **block} for number, block in enumerate(view["blocks"])]
    sent = view | {"id": view_id, "state": {"values": values}, "blocks": blocks}
    payload = {"type": "view_submission", "user": {"id": by}, "team": {"id": TEAM}, "trigger_id": "1.2.a", "view": sent}
    answer = await office.interact(payload)
    found: Json = answer.json() if answer.content else {}
    return found


# -- /note --------------------------------------------------------------------------------------------------------
async def test_a_typed_note_is_saved_before_anything_is_asked(office: Office) -> None:
    answer = await note(office, JONAS, "Objection: too expensive for <@U2|ines>, says R&amp;D at &lt;Alpine&gt;")
    (saved,) = await notes_of(office)
    assert saved.text == "too expensive for @Ines, says R&D at <Alpine>", "the kind says the rest"
    assert saved.kind is NoteKind.OBJECTION
    assert answer["response_type"] == "ephemeral"
    assert {"note.kind", "note.details", "note.take_back"} <= set(_action_ids(answer["blocks"]))
    assert "Read by sales, marketing, leadership, and whoever answers it. An answer is due by" in json.dumps(answer)
    assert office.wire.called("views.open") == []


async def test_note_alone_the_shortcut_and_the_button_open_one_form(office: Office) -> None:
    assert await note(office, JONAS, "") == {}
    await office.interact(
        {"type": "shortcut", "callback_id": "note.new", "user": {"id": JONAS}, "team": {"id": TEAM}, "trigger_id": "1"}
    )
    await office.click(JONAS, "note.new", "note", view={"id": "VH", "type": "home"})
    forms = [call["view"] for call in office.wire.called("views.open")]
    assert [form["callback_id"] for form in forms] == ["note.submit"] * 3
    assert all(form["blocks"] == forms[0]["blocks"] for form in forms)
    assert "Up to 3,000 characters; a longer one is written with /note." in json.dumps(forms[0]), "Slack takes no more"


async def test_the_same_command_delivered_twice_is_one_note(office: Office) -> None:
    await note(office, JONAS, "Too dear", trigger="7.7.x")
    await note(office, JONAS, "Too dear", trigger="7.7.x")
    assert len(await notes_of(office)) == 1


async def test_an_overlong_note_is_answered_with_a_sentence(office: Office) -> None:
    answer = await note(office, JONAS, "x" * 40_001)
    assert "40,001 characters" in json.dumps(answer)
    assert await notes_of(office) == []


async def test_what_could_not_be_saved_is_given_back_to_be_copied(office: Office) -> None:
    await office.world.change("p1", on_roster=False)
    answer = await note(office, JONAS, "Too dear for <@U2>")
    assert "not on Lockstep's roster" in json.dumps(answer)
    assert answer["blocks"][-1]["text"] == {"type": "plain_text", "text": "Too dear for <@U2>", "emoji": False}


@pytest.mark.parametrize("text", ['""', "Objection:"])
async def test_what_says_nothing_is_given_back_and_not_saved(office: Office, text: str) -> None:
    answer = await note(office, JONAS, text)
    assert "there is nothing to save yet" in json.dumps(answer)
    assert answer["blocks"][-1]["text"]["text"] == text
    assert await notes_of(office) == []


async def test_the_kind_the_same_of_others_and_take_back_answer_in_place(office: Office) -> None:
    await note(office, INES, "Too expensive for small teams", trigger="1")
    answer = await note(office, JONAS, "too expensive for our team", trigger="2")
    (theirs,), (saved,) = await notes_of(office, "p2"), await notes_of(office)
    assert join_value(saved.id, theirs.theme_id) in json.dumps(answer)
    await office.click(JONAS, "note.kind", kind_value(NoteKind.OBJECTION, saved.id))
    await office.click(JONAS, "note.join", join_value(saved.id, theirs.theme_id))
    (joined,) = await notes_of(office)
    assert (joined.kind, joined.theme_id) == (NoteKind.OBJECTION, theirs.theme_id)
    shown = office.wire.called("respond")
    assert [one["replace_original"] for one in shown] == [True, True]
    assert "2 people said the same" in json.dumps(shown[-1])
    await office.click(JONAS, "note.leave", saved.id)
    assert (await notes_of(office))[0].theme_id != theirs.theme_id
    await office.click(JONAS, "note.take_back", saved.id)
    assert await notes_of(office) == []
    assert "Taken back" in json.dumps(office.wire.called("respond")[-1])


@pytest.mark.parametrize("action", ["note.kind", "note.details", "note.take_back"])
@pytest.mark.parametrize("window", [None, {"id": "V5", "type": "modal", "private_metadata": ""}])
async def test_a_button_from_before_the_answer_shows_the_answer_and_is_gone(
    office: Office, action: str, window: Json | None
) -> None:
    await office.world.db.run(add_marketing)
    await note(office, JONAS, "Too dear")
    (saved,) = await notes_of(office)
    await reply(office.world, saved, text="A plan for small teams.")
    value = kind_value(NoteKind.IDEA, saved.id) if action == "note.kind" else saved.id
    office.wire.calls.clear()
    await office.click(JONAS, action, value, **({"view": window} if window else {}))
    (shown,) = office.wire.called("views.update" if window else "respond")
    said = json.dumps(shown)
    assert "Marketing has answered this field note" in said
    assert "A plan for small teams." in said
    assert "note.take_back" not in said
    assert window or shown["replace_original"]
    assert office.wire.called("views.open") == office.wire.called("views.push") == []
    assert (await notes_of(office))[0].kind is NoteKind.OTHER


# -- the form -----------------------------------------------------------------------------------------------------
async def test_a_form_sent_off_is_saved_with_all_it_says(office: Office) -> None:
    await office.world.db.run(lambda tx: tx.campaigns.ensure("spring"))
    await office.click(JONAS, "note.new", "note", view={"id": "VH", "type": "home"})
    view = opened(office)
    campaign = field(view, "campaign")["options"][0]["value"]
    answer = await send(
        office, JONAS, view, text="Globex is cheaper", kind="competitor", account="Alpine", competitor="Globex",
        campaign=campaign, read_by="managers",
    )  # fmt: skip
    (saved,) = await notes_of(office)
    assert (saved.text, saved.kind, saved.account, saved.competitor) == (
        "Globex is cheaper", NoteKind.COMPETITOR, "Alpine", "Globex",
    )  # fmt: skip
    assert (saved.campaign_id, saved.managers_only) == (campaign, True)
    assert answer["response_action"] == "update"
    assert answer["view"]["callback_id"] == "note.saved.view"
    await send(office, JONAS, view, text="Globex is cheaper", kind="competitor")
    assert len(await notes_of(office)) == 1


async def test_an_empty_form_is_mended_at_its_field(office: Office) -> None:
    await office.click(JONAS, "note.new", "note", view={"id": "VH", "type": "home"})
    answer = await send(office, JONAS, opened(office), text="   ")
    assert list(answer["errors"]) == ["text"]
    assert await notes_of(office) == []


async def test_details_are_added_to_a_note_and_its_text_stays_word_for_word(office: Office) -> None:
    await note(office, JONAS, "zero\u200bwidth   blanks\n\n\n\nand lines")
    (saved,) = await notes_of(office)
    await office.click(JONAS, "note.details", saved.id)
    answer = await send(office, JONAS, opened(office), account="Alpine")
    (after,) = await notes_of(office)
    assert (after.text, after.account) == (saved.text, "Alpine")
    assert answer["view"]["callback_id"] == "note.saved.view"


async def test_details_added_in_the_window_of_a_saved_note_are_shown_in_it(office: Office) -> None:
    await office.click(JONAS, "note.new", "note", view={"id": "VH", "type": "home"})
    await send(office, JONAS, opened(office), text="Too dear", kind="idea")
    (saved,) = await notes_of(office)
    window = {"id": "V5", "type": "modal", "private_metadata": ""}
    await office.click(JONAS, "note.details", saved.id, view=window)
    form = office.wire.called("views.push")[-1]["view"] | {"previous_view_id": "V5"}
    assert await send(office, JONAS, form, account="Alpine") == {}
    under = office.wire.called("views.update")[-1]
    assert (under["view_id"], under["view"]["callback_id"]) == ("V5", "note.saved.view")
    assert "Alpine" in json.dumps(under["view"])


async def test_a_form_opened_before_another_change_changes_nothing(office: Office) -> None:
    await note(office, JONAS, "Too dear")
    (saved,) = await notes_of(office)
    await office.click(JONAS, "note.details", saved.id)
    form = opened(office)
    await office.click(JONAS, "note.kind", kind_value(NoteKind.IDEA, saved.id))
    answer = await send(office, JONAS, form, text="Changed")
    assert "was changed since" in json.dumps(answer)
    assert [one.text for one in await notes_of(office)] == ["Too dear"]


# -- my field notes -----------------------------------------------------------------------------------------------
async def test_my_notes_are_changed_and_taken_back_from_their_window(office: Office) -> None:
    await note(office, JONAS, "Too dear")
    (saved,) = await notes_of(office)
    await office.click(JONAS, "note.mine", "mine", view={"id": "VH", "type": "home"})
    listed = opened(office)
    assert "Too dear" in json.dumps(listed)
    window = {"id": "V9", "type": "modal", "private_metadata": listed["private_metadata"]}
    await office.click(JONAS, "note.more", f"change:{saved.id}", view=window)
    form = office.wire.called("views.push")[-1]["view"] | {"previous_view_id": "V9"}
    assert await send(office, JONAS, form, text="Much too dear") == {}
    assert "Much too dear" in json.dumps(office.wire.called("views.update")[-1])
    await office.click(JONAS, "note.more", f"open:{saved.id}", view=window)
    assert office.wire.called("views.push")[-1]["view"]["callback_id"] == "note.view"
    await office.click(JONAS, "note.more", f"take_back:{saved.id}", view=window)
    assert office.wire.called("views.update")[-1]["view_id"] == "V9"
    assert await notes_of(office) == []


async def test_a_long_note_is_read_whole_page_by_page(office: Office) -> None:
    text = " ".join(f"word{number}" for number in range(1500))
    await note(office, JONAS, text)
    (saved,) = await notes_of(office)
    pages, seen = 0, ""
    await office.click(JONAS, "note.open", f"{saved.id}.0", view={"id": "V1", "type": "modal"})
    view = office.wire.called("views.push")[-1]["view"]
    while True:
        pages, seen = pages + 1, seen + json.dumps(view)
        on = [one for one in _elements(view["blocks"]) if one.get("action_id") == "note.on"]
        if not on:
            break
        await office.click(JONAS, "note.on", on[0]["value"], view={"id": "V2", "type": "modal"})
        view = office.wire.called("views.update")[-1]["view"]
    assert pages > 2
    assert all(f"word{number}" in seen for number in range(1500))


async def test_somebody_elses_note_is_read_by_whoever_may_and_by_nobody_else(office: Office) -> None:
    await note(office, JONAS, "Too dear")
    (saved,) = await notes_of(office)
    await office.world.configure(notes_read_by=("marketing",))
    for by, reads in ((MARKETER, True), (INES, False), (MANAGER, False), (JONAS, True)):
        office.wire.calls.clear()
        await office.click(by, "note.open", f"{saved.id}.0")
        assert ("Too dear" in office.wire.said()) is reads, by


# -- a message saved as a field note ------------------------------------------------------------------------------
async def test_a_message_of_a_public_channel_is_saved_with_one_submit(office: Office) -> None:
    office.wire.content = PUBLIC
    await on_message(office, JONAS, {"user": INES, "text": "They said &gt;20 seats is <https://a.example|too dear>"})
    view = opened(office)
    assert field(view, "text")["initial_value"] == "They said >20 seats is too dear (https://a.example)"
    assert "is told" not in json.dumps(view)
    await send(office, JONAS, view)
    (saved,) = await notes_of(office)
    assert saved.quoted is not None
    assert saved.quoted.link == "https://brightwater.slack.com/archives/C0DEALS/p1772442000000100"
    assert (saved.quoted.slack_id, saved.quoted.name, saved.quoted.private) == (INES, "Ines", False)
    assert await told(office, saved) == []


@pytest.mark.parametrize(
    ("channel", "answer"),
    [
        ({"id": "D0IM", "name": "directmessage"}, PUBLIC),
        ({"id": "G0GROUP", "name": "mpdm-a--b-1"}, PUBLIC),
        ({"name": "privategroup"}, PUBLIC),
        ({"name": "board"}, {"conversations.info": {"channel": {"is_channel": True, "is_private": True}}}),
        ({"name": "board"}, {}),  # Slack does not say
    ],
)
async def test_the_author_of_a_private_message_is_told_after_a_plain_warning(
    office: Office, channel: Json, answer: Json
) -> None:
    office.wire.content = answer
    await on_message(office, JONAS, {"user": INES, "text": "They will not renew"}, **channel)
    view = opened(office)
    assert "Ines is told that you did" in json.dumps(view)
    assert view["submit"]["text"] == "Save and tell them"
    assert await told(office) == []
    await send(office, JONAS, view)
    (saved,) = await notes_of(office)
    assert saved.quoted is not None
    assert saved.quoted.private is True
    assert await told(office, saved) == [INES]


async def test_ones_own_private_message_tells_nobody(office: Office) -> None:
    await on_message(office, JONAS, {"user": JONAS, "text": "Too dear"}, id="D0IM", name="directmessage")
    assert "Your own message" in json.dumps(opened(office))
    await send(office, JONAS, opened(office))
    assert await told(office, *(await notes_of(office))) == []


async def test_a_reply_in_a_thread_is_linked_in_its_thread(office: Office) -> None:
    office.wire.content = PUBLIC
    await on_message(office, JONAS, {"user": INES, "text": "Yes", "thread_ts": "1772441000.000200"})
    await send(office, JONAS, opened(office))
    (saved,) = await notes_of(office)
    assert saved.quoted is not None
    assert saved.quoted.link.endswith("/p1772442000000100?thread_ts=1772441000.000200&cid=C0DEALS")


async def test_an_apps_message_is_saved_and_nobody_is_told(office: Office) -> None:
    message = {"user": "U0APP", "bot_id": "B0APP", "bot_profile": {"name": "Gong"}, "text": "Call: price"}
    await on_message(office, JONAS, message, id="D0IM", name="directmessage")
    assert "nobody is told" in json.dumps(opened(office))
    await send(office, JONAS, opened(office))
    (saved,) = await notes_of(office)
    assert saved.quoted is not None
    assert (saved.quoted.name, saved.quoted.slack_id) == ("Gong", None)
    assert await told(office, saved) == []


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({"user": BOT, "bot_id": "B0BOT", "text": "Maria Lopez"}, "one of my own messages"),
        ({"user": INES, "text": "x", "is_ephemeral": True}, "Only you can see"),
        ({"user": INES, "text": "x", "ts": "../../evil"}, "where this message stands"),
    ],
)
async def test_a_message_that_cannot_be_saved_says_why(office: Office, message: Json, sentence: str) -> None:
    office.wire.content = PUBLIC
    await on_message(office, JONAS, message)
    assert opened(office)["callback_id"] == "message.view"
    assert sentence in office.wire.said()


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"text": "", "files": [{"title": "Deck.pdf"}]}, "[Deck.pdf]"),
        ({"text": "Look", "files": [{"name": "a.png"}]}, "Look\n[a.png]"),
        (
            {
                "text": "",
                "blocks": [
                    {"type": "section", "text": {"type": "mrkdwn", "text": "*Deal* &amp; <@U2>"}},
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [{"type": "text", "text": "a < b "}, {"type": "user", "user_id": "U2"}],
                            }
                        ],
                    },
                ],
            },
            "*Deal* & @Ines\na < b @Ines",
        ),
        ({"text": "", "attachments": [{"fallback": "Forwarded", "text": "what they said"}]}, "what they said"),
        ({"text": ""}, None),
        ({"text": None, "blocks": "no", "files": [7], "attachments": {"a": 1}}, None),
        ({"text": "a\x00b\ud800c"}, "abc"),
    ],
)
async def test_a_message_of_any_shape_opens_the_form_with_what_it_says(
    office: Office, message: Json, text: str | None
) -> None:
    office.wire.content = PUBLIC
    await on_message(office, JONAS, {"user": INES, **message})
    assert field(opened(office), "text").get("initial_value") == text


async def test_a_message_longer_than_a_field_is_saved_whole(office: Office) -> None:
    office.wire.content = PUBLIC
    text = " ".join(f"word{number}" for number in range(4000))
    await on_message(office, JONAS, {"user": INES, "text": text})
    await send(office, JONAS, opened(office))
    (saved,) = await notes_of(office)
    assert saved.text.split() == text.split()


async def test_a_form_with_a_message_nobody_kept_saves_nothing(office: Office) -> None:
    office.wire.content = PUBLIC
    await on_message(office, JONAS, {"user": INES, "text": "Too dear"})
    view = opened(office)
    forged = view | {"private_metadata": view["private_metadata"].replace(_message_id(view), "0" * 32)}
    answer = await send(office, JONAS, forged)
    assert "too old" in json.dumps(answer)
    assert await notes_of(office) == []


async def test_the_window_of_mine_shows_nothing_of_others(office: Office) -> None:
    await note(office, INES, "Theirs")
    assert (await office.world.db.read(mine, JONAS)).rows == ()


async def told(office: Office, *saved: Note) -> list[str]:
    """Who is told at once of notes saved from their messages."""

    def places(tx: Any) -> list[str]:
        posts = [post for one in saved for post in tx.posts.of_subject("note_notice", one.id)]
        return [post.place for post in posts]

    return await office.world.db.read(places)


def _message_id(view: Json) -> str:
    return str(json.loads(view["private_metadata"])["message"])


def _elements(blocks: list[Json]) -> list[Json]:
    return [one for block in blocks for one in [*block.get("elements", []), block.get("accessory") or {}]]


def _action_ids(blocks: list[Json]) -> list[str]:
    return [str(one["action_id"]) for one in _elements(blocks) if "action_id" in one]
