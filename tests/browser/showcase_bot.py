"""A small real Bolt app for the page to show: every block, a form, a Home tab, and a button that is never answered."""

import re
import threading
from collections import Counter
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from tests.browser import showcase_blocks as blocks

Body = dict[str, Any]


class ShowcaseBot:
    """The app, connected to the sandbox at `url`. `dm` is its conversation with the person it posts to."""

    def __init__(self, url: str) -> None:
        self.client = WebClient(token="xoxb-sandbox-bot", base_url=f"{url}/api/")
        # One message a second and channel, as in Slack: wait when the sandbox says so.
        self.client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=5))
        self.app = App(client=self.client, process_before_response=True)
        self.clicks: Counter[str] = Counter()
        self.home_clicks = 0
        self.submitted: list[Body] = []
        self.released = threading.Event()
        self._listen_to_clicks()
        self._listen_to_forms()
        self._listen_to_the_rest()
        self.handler = SocketModeHandler(self.app, "xapp-sandbox-app")
        self.handler.connect()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        self.released.set()
        self.handler.close()  # type: ignore[no-untyped-call]

    def open_dm(self, user: str) -> str:
        return str(self.client.conversations_open(users=user)["channel"]["id"])

    def post_everything(self, place: str, person: str, channel: str) -> list[str]:
        """Post one of every block; returns the `ts` of each message."""
        messages = [
            blocks.text_message(person, channel), blocks.MARKDOWN, blocks.CONTROLS, blocks.ROUND_CHARTS,
            blocks.SQUARE_CHARTS, blocks.TABLES, blocks.LAYOUT,
        ]  # fmt: skip
        return [str(self.client.chat_postMessage(channel=place, text="Showcase", blocks=one)["ts"]) for one in messages]

    def _listen_to_clicks(self) -> None:
        app = self.app

        @app.action("accept")
        def accept(ack: Ack, body: Body, client: WebClient) -> None:
            ack()
            kept = [block for block in body["message"]["blocks"] if block["block_id"] != "decide"]
            done = {"type": "context", "elements": [blocks.mrkdwn(f"Accepted by <@{body['user']['id']}>")]}
            client.chat_update(
                channel=body["channel"]["id"], ts=body["message"]["ts"], text="Accepted", blocks=[*kept, done]
            )

        @app.action("never")
        def never(ack: Ack) -> None:
            # Answers far too late, as a bot does that works before it acknowledges.
            self.released.wait(10)

        @app.action("home_open")
        def home_open(ack: Ack, body: Body, client: WebClient) -> None:
            ack()
            self.home_clicks += 1
            client.views_publish(user_id=body["user"]["id"], view=blocks.home(self.home_clicks))

        @app.action("reason")
        def reason(ack: Ack, body: Body, client: WebClient) -> None:
            ack()
            chosen = body["actions"][0]["selected_option"]["value"]
            extra = blocks.labelled("Say more", {"type": "plain_text_input", "action_id": "other_text"})
            shown = [block for block in blocks.FORM["blocks"] if block.get("block_id") != "other_text"]
            at = next(index for index, block in enumerate(shown) if block.get("block_id") == "reason") + 1
            view = {**blocks.FORM, "blocks": [*shown[:at], *([extra] if chosen == "other" else []), *shown[at:]]}
            client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

        @app.action({"action_id": "colour", "block_id": "colour"})
        def colour(ack: Ack, body: Body, respond: Any) -> None:
            ack()
            respond(text=f"You chose *{body['actions'][0]['selected_option']['value']}*", replace_original=False)

        @app.options("region")
        def regions(ack: Ack, payload: Body) -> None:
            known = ("Nordics", "Iberia", "Benelux", "North America")
            ack(options=[blocks.option(name, name) for name in known if payload["value"].lower() in name.lower()])

    def _listen_to_forms(self) -> None:
        app = self.app

        @app.command("/showcase")
        def showcase(ack: Ack, body: Body, client: WebClient) -> None:
            if body["text"] == "slow":
                self.released.wait(10)
                return
            if body["text"] == "hello":
                ack(text="Hello, only you see this")
                return
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=blocks.FORM)

        @app.shortcut("open_form")
        def open_form(ack: Ack, body: Body, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=blocks.FORM)

        @app.shortcut("remember")
        def remember(ack: Ack, body: Body, respond: Respond) -> None:
            ack()
            respond(f"Remembered: {body['message']['text'][:40]}")

        @app.view("big_form")
        def submit(ack: Ack, body: Body) -> None:
            values = body["view"]["state"]["values"]
            if values["title"]["title"]["value"] == "bad":
                ack(response_action="errors", errors={"title": "That title is taken. Choose another one."})
                return
            self.submitted.append(values)
            ack()

    def _listen_to_the_rest(self) -> None:
        app = self.app

        @app.event("app_home_opened")
        def home_opened(event: Body, client: WebClient) -> None:
            client.views_publish(user_id=event["user"], view=blocks.home(self.home_clicks))

        @app.event("message")
        def message(event: Body) -> None:
            self.clicks["message"] += 1

        @app.action({"type": "block_actions", "action_id": re.compile(".*")})
        def anything(ack: Ack, body: Body) -> None:
            ack()
            self.clicks[body["actions"][0]["action_id"]] += 1
