"""Forms behave as Slack's: what is entered, what is asked again, what an answer does to the stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from sandbox.views import MAX_STACK
from tests.sandbox.slack_driver import ADA, POOL, Slack, actions, asked, button, modal, options, text

Answer = Callable[[dict[str, Any]], dict[str, Any]]


class Forms:
    """A Bolt app that opens `view` on any click and answers its submission with `answer`."""

    def __init__(self, view: dict[str, Any], answer: dict[str, Any] | None = None) -> None:
        self.view = view
        self.answer = answer or {}
        self.bodies: list[dict[str, Any]] = []

    def __call__(self, app: AsyncApp) -> None:
        @app.action("open")
        async def opened(ack: Any, body: dict[str, Any], client: Any) -> None:
            self.bodies.append(body)
            await client.views_open(trigger_id=body["trigger_id"], view=self.view)
            await ack()

        @app.action("push")
        async def pushed(ack: Any, body: dict[str, Any], client: Any) -> None:
            await client.views_push(trigger_id=body["trigger_id"], view=self.view)
            await ack()

        @app.view("")
        async def submitted(ack: Any, body: dict[str, Any]) -> None:
            self.bodies.append(body)
            await ack(**self.answer)

        @app.view_closed("")
        async def closed(ack: Any, body: dict[str, Any]) -> None:
            self.bodies.append(body)
            await ack()


async def opened(slack: Slack) -> str:
    """Ada clicks the button that opens the form; the trigger's id is in the last delivery."""
    blocks = [actions(button("open"))]
    ts = (await slack.bot.chat_postMessage(channel=POOL, text="card", blocks=blocks))["ts"]
    answer = await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="open")
    assert answer["acked"], answer
    return str(ts)


async def form(slack: Slack) -> Any:
    return (await slack.screen(ADA))["form"]


async def test_a_submission_carries_every_input_and_nulls_for_the_empty_ones(slack: Slack) -> None:
    forms = Forms(
        modal(
            asked("why", {"type": "radio_buttons", "options": options("budget", "timing")}),
            asked("when", {"type": "datepicker"}, optional=True),
            asked("who", {"type": "users_select"}, optional=True),
            asked("tags", {"type": "checkboxes", "options": options("a", "b")}, optional=True),
            asked("comment", optional=True),
            private_metadata="lead-7",
        )
    )
    async with slack.bolt(forms):
        await opened(slack)
        answer = await slack.act(ADA, "submit", values={"why": {"it": "timing"}, "when": {"it": "2026-12-01"}})
    assert answer["acked"]
    view = forms.bodies[-1]["view"]
    assert view["private_metadata"] == "lead-7"
    assert view["state"]["values"] == {
        "why": {"it": {"type": "radio_buttons", "selected_option": options("timing")[0]}},
        "when": {"it": {"type": "datepicker", "selected_date": "2026-12-01"}},
        "who": {"it": {"type": "users_select", "selected_user": None}},
        "tags": {"it": {"type": "checkboxes", "selected_options": []}},
        "comment": {"it": {"type": "plain_text_input", "value": None}},
    }
    assert await form(slack) is None


async def test_an_incomplete_form_is_not_sent(slack: Slack) -> None:
    forms = Forms(modal(asked("comment", {"type": "plain_text_input", "min_length": 3})))
    async with slack.bolt(forms):
        await opened(slack)
        empty = await slack.act(ADA, "submit")
        short = await slack.act(ADA, "submit", values={"comment": {"it": "ab"}})
        assert (empty["acked"], "required" in empty["error"]) == (False, True)
        assert short["errors"] == {"comment": "Please enter at least 3 characters."}
        assert (await form(slack))["errors"] == short["errors"]
    assert len(forms.bodies) == 1


async def test_errors_keep_the_form_open_with_what_was_entered(slack: Slack) -> None:
    forms = Forms(modal(asked("comment")), {"response_action": "errors", "errors": {"comment": "Too vague."}})
    async with slack.bolt(forms):
        await opened(slack)
        await slack.act(ADA, "submit", values={"comment": {"it": "hm"}})
    shown = await form(slack)
    assert shown["errors"] == {"comment": "Too vague."}
    assert shown["state"]["values"]["comment"]["it"]["value"] == "hm"


async def test_an_error_for_no_input_is_trouble_for_the_person(slack: Slack) -> None:
    forms = Forms(modal(asked("comment")), {"response_action": "errors", "errors": {"nowhere": "x"}})
    async with slack.bolt(forms):
        await opened(slack)
        answer = await slack.act(ADA, "submit", values={"comment": {"it": "hm"}})
    assert answer["error"] == "invalid_errors"
    screen = await slack.screen(ADA)
    assert screen["form"] is not None
    assert "trouble connecting" in screen["errors"][0]


async def test_an_update_keeps_the_id_and_what_was_entered(slack: Slack) -> None:
    second = modal(asked("comment"), asked("more", optional=True), private_metadata="second")
    forms = Forms(modal(asked("comment")), {"response_action": "update", "view": second})
    async with slack.bolt(forms):
        await opened(slack)
        before = await form(slack)
        await slack.act(ADA, "submit", values={"comment": {"it": "hm"}})
    after = await form(slack)
    assert (after["id"], after["private_metadata"]) == (before["id"], "second")
    assert after["hash"] != before["hash"]
    assert after["state"]["values"]["comment"]["it"]["value"] == "hm"


async def test_views_stack_up_to_three_and_close_one_by_one_or_all(slack: Slack) -> None:
    view = modal(actions(button("push")), notify_on_close=True)
    forms = Forms(view)
    async with slack.bolt(forms):
        await opened(slack)
        for _ in range(MAX_STACK - 1):
            await slack.act(ADA, "click", **{"in": "form"}, action_id="push")
        top = await form(slack)
        trigger = slack.workspace.world.new_trigger(ADA, 1e12, top["id"])
        fourth = await slack.call("views.push", trigger_id=trigger, view=view)
        assert fourth["error"] == "push_limit_reached"
        await slack.act(ADA, "close")
        assert (await form(slack))["id"] == top["previous_view_id"]
        await slack.act(ADA, "close", clear=True)
    assert await form(slack) is None
    assert [body["is_cleared"] for body in forms.bodies[1:]] == [False, True, True]


async def test_push_and_clear_answer_a_submission(slack: Slack) -> None:
    forms = Forms(modal(asked("comment", optional=True)), {"response_action": "push", "view": modal(asked("two"))})
    async with slack.bolt(forms):
        await opened(slack)
        first = await form(slack)
        await slack.act(ADA, "submit")
        pushed = await form(slack)
        assert (pushed["previous_view_id"], pushed["root_view_id"]) == (first["id"], first["id"])
        forms.answer = {"response_action": "clear"}
        await slack.act(ADA, "submit", values={"two": {"it": "x"}})
    assert await form(slack) is None


async def test_a_trigger_is_good_for_three_seconds_and_one_form(slack: Slack) -> None:
    forms = Forms(modal(asked("comment")))
    async with slack.bolt(forms):
        await opened(slack)
    trigger = forms.bodies[0]["trigger_id"]
    assert (await slack.call("views.open", trigger_id=trigger, view=forms.view))["error"] == "exchanged_trigger_id"
    late = slack.workspace.world.new_trigger(ADA, real_now=0.0)
    assert (await slack.call("views.open", trigger_id=late, view=forms.view))["error"] == "expired_trigger_id"
    assert (await slack.call("views.open", trigger_id="1.2.x", view=forms.view))["error"] == "invalid_trigger_id"


async def test_a_view_is_updated_by_id_or_own_id_with_its_hash(slack: Slack) -> None:
    forms = Forms(modal(asked("comment"), external_id="mine"))
    async with slack.bolt(forms):
        await opened(slack)
    view = await form(slack)
    assert (await slack.call("views.update", external_id="mine", view=forms.view))["ok"]
    stale = await slack.call("views.update", view_id=view["id"], hash=view["hash"], view=forms.view)
    assert stale["error"] == "hash_conflict"
    assert (await slack.call("views.update", view_id="V0", view=forms.view))["error"] == "not_found"
    broken = await slack.call("views.update", view_id=view["id"], view=modal())
    assert broken["error"] == "invalid_arguments"
    assert "/view/blocks" in broken["response_metadata"]["messages"][0]


async def test_a_choice_in_a_form_is_sent_only_where_slack_sends_it(slack: Slack) -> None:
    choice = {"type": "static_select", "options": options("a", "b")}
    forms = Forms(
        modal(
            asked("quiet", choice),
            asked("loud", choice, dispatch_action=True),
            {"type": "section", "block_id": "beside", "text": text("x"), "accessory": {**choice, "action_id": "it"}},
        )
    )
    async with slack.bolt(forms):
        await opened(slack)
        for block in ("quiet", "loud", "beside"):
            await slack.act(ADA, "select", **{"in": "form"}, block_id=block, action_id="it", value="b")
        sent = [entry for entry in await slack.log("delivery") if entry["type"] == "block_actions"][1:]
    assert [entry["payload"]["actions"][0]["block_id"] for entry in sent] == ["loud", "beside"]
    assert sent[-1]["payload"]["view"]["state"]["values"]["quiet"]["it"]["selected_option"]["value"] == "b"
    assert "no option 'z'" in await slack.refused(
        ADA, "select", **{"in": "form"}, block_id="quiet", action_id="it", value="z"
    )


async def test_an_external_select_offers_what_the_app_says(slack: Slack) -> None:
    element = {"type": "external_select", "min_query_length": 1}
    forms = Forms(modal(asked("lead", element)))

    def listeners(app: AsyncApp) -> None:
        forms(app)

        @app.options("it")
        async def suggest(ack: Any, payload: dict[str, Any]) -> None:
            await ack(options=options(payload["value"] + "1", payload["value"] + "2"))

    where = {"in": "form", "block_id": "lead", "action_id": "it"}
    async with slack.bolt(listeners):
        await opened(slack)
        offered = await slack.post("options", {"user": ADA, **where, "value": "acme"})
        await slack.act(ADA, "submit", values={"lead": {"it": "acme2"}})
    assert [option["value"] for option in offered["options"]] == ["acme1", "acme2"]
    values = forms.bodies[-1]["view"]["state"]["values"]
    assert values["lead"]["it"]["selected_option"]["value"] == "acme2"


@pytest.mark.parametrize("action", ["submit", "close"])
async def test_without_an_open_form_there_is_nothing_to_do(slack: Slack, action: str) -> None:
    assert "no form open" in await slack.refused(ADA, action)
