"""The Home tab: opened, turned, and the away switch on it."""

from __future__ import annotations

from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import LockstepError
from bot.services import away, check, forms, home
from bot.services.home_rows import HomePages
from bot.views import ids
from bot.views.away_form import away_form
from bot.views.check import check_view
from bot.views.home import render_home
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.menu import help_view
from bot.views.pictures import plainer
from bot.views.replies import message_view, refusal_home
from handlers import payloads
from handlers.errors import Explainer
from handlers.in_turn import InTurn
from handlers.once import once
from handlers.payloads import Click, Event, Submission
from handlers.replies import TROUBLE, Replies, Tasks, View, begin
from handlers.tables import Actions, Events, Submissions
from storage.database import Database
from storage.transaction import Transaction

log = structlog.get_logger(__name__)


class Homes:
    """Publishes the Home of whoever is looking at it, in its present state."""

    def __init__(self, db: Database, client: AsyncWebClient, tasks: Tasks, explainer: Explainer) -> None:
        self._db = db
        self._client = client
        self._tasks = tasks
        self._explainer = explainer
        self._in_turn = InTurn()

    async def show(self, slack_id: str, pages: HomePages) -> None:
        """Home is published for this person, in the state after everything asked for before.

        It is there when this returns, unless Slack is slow: then it comes after the acknowledgement.
        """
        work = self._in_turn.run(slack_id, lambda: self._publish(slack_id, pages))
        await begin(self._tasks, work, name="publish Home")

    async def _publish(self, slack_id: str, pages: HomePages) -> None:
        if self._in_turn.waiting(slack_id):
            return  # the one that waits shows a later state
        try:
            await self._send(slack_id, dict(await self._view(slack_id, pages)))
        except SlackApiError as error:
            log.info("home_not_published", code=_code(error))
        except TROUBLE as error:
            log.info("home_not_published", error_type=type(error).__name__)

    async def _send(self, slack_id: str, view: dict[str, Any]) -> None:
        try:
            await self._client.views_publish(user_id=slack_id, view=view)
        except SlackApiError as error:
            simple = plainer(view, _code(error))
            if simple is None:
                raise
            await self._client.views_publish(user_id=slack_id, view=simple)

    async def _view(self, slack_id: str, pages: HomePages) -> View:
        """Their Home, or the sentence that says why there is none just now."""
        try:
            return render_home(await self._db.read(_load, slack_id, pages))
        except LockstepError as error:
            return refusal_home(await self._explainer.explain(error))


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error", ""))


def _load(tx: Transaction, slack_id: str, pages: HomePages) -> home.Home:
    return home.load_home(tx, slack_id, pages)


class HomeHandlers:
    def __init__(self, db: Database, homes: Homes, replies: Replies) -> None:
        self._db = db
        self._homes = homes
        self._replies = replies

    def actions(self) -> Actions:
        return {
            ActionId.HOME_AWAY: self.ask_until_when,
            ActionId.HOME_BACK: self.come_back,
            ActionId.HOME_HELP: self.help,
            ActionId.HOME_CHECK: self.check,
            **dict.fromkeys(ids.HOME_PAGE, self.turn),
        }

    def submissions(self) -> Submissions:
        return {CallbackId.AWAY_SUBMIT: self.go_away}

    def events(self) -> Events:
        return {"app_home_opened": self.opened}

    async def opened(self, event: Event) -> None:
        opened = payloads.home_opened(event.content)
        if opened is None:
            return
        await self._db.run(once, event.id, home.home_opened, opened.by)
        await self._homes.show(opened.by, ids.read_pages(opened.metadata))

    async def turn(self, click: Click) -> None:
        """Nothing to store: after each click on Home the page that it names is shown."""

    async def help(self, click: Click) -> None:
        await self._replies.open_form(click, help_view(await self._db.read(home.load_home, click.by)))

    async def check(self, click: Click) -> None:
        await self._replies.open_form(click, check_view(await self._db.read(check.check_now, click.by)))

    async def ask_until_when(self, click: Click) -> None:
        await self._replies.open_form(click, away_form(await self._db.read(forms.away_form, click.by)))

    async def go_away(self, submission: Submission) -> View | None:
        back_on = submission.answer(BlockId.BACK_ON)
        if BlockId.DEPUTY in submission.answers:
            deputy_id = submission.answer(BlockId.DEPUTY)
            _, moved = await self._db.run(away.set_away_with_deputy, submission.by, back_on, deputy_id)
        else:
            _, moved = await self._db.run(away.set_away, submission.by, back_on)
        return message_view(f"You are away.{moved}", title="I am away") if moved else None

    async def come_back(self, click: Click) -> None:
        _, moved = await self._db.run(away.set_back, click.by)
        if moved:
            await self._replies.open_form(click, message_view(f"Welcome back.{moved}", title="I am back"))
