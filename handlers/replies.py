"""Private answers and forms: what one person sees in answer to one click, and nobody else.

They are best effort and never delay the acknowledgement: each is handed to the process's tasks, which are
counted and drained. What must arrive goes through the outbox instead.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.errors import LockstepError
from bot.ports import Message
from bot.views.replies import refusal_view, render_refusal
from handlers import answer_time
from handlers.in_turn import InTurn
from handlers.payloads import Click, Surface

log = structlog.get_logger(__name__)

View = Mapping[str, Any]

TIMEOUT_S = 10
FAILED_TO_OPEN = "Slack did not let me open the form in time. Nothing was changed: please click again."

_SLACK_HOSTS = (".slack.com", ".slack-gov.com")
TROUBLE = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError)
"""What slack_sdk raises for a call that did not work: the last two for answers that are not JSON."""


class Tasks(Protocol):
    """The tasks of the process (bot/integrations/tasks.py)."""

    def spawn(self, work: Coroutine[Any, Any, Any], *, name: str) -> None: ...

    def working(self) -> AbstractContextManager[None]: ...


async def begin(tasks: Tasks, work: Coroutine[Any, Any, None], *, name: str) -> None:
    """`work` is done, or goes on beside us when the time to answer is used up: what people wait for must not cost
    the acknowledgement."""
    done = asyncio.Event()

    async def run() -> None:
        answer_time.not_answering()
        try:
            await work
        finally:
            done.set()

    tasks.spawn(run(), name=name)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(answer_time.left_s()):
            await done.wait()


class Replies:
    """Says things to one person, where they are looking."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, tasks: Tasks) -> None:
        self._client = client
        self._session = session
        self._tasks = tasks
        self._in_turn = InTurn()

    def tell(self, click: Click, error: LockstepError) -> None:
        """The clicker reads the error privately: under the message, over Home, or in the form's place."""
        self._tasks.spawn(self._tell(click, error), name="private answer")

    def replace(self, click: Click, said: Message) -> None:
        """The private message that was clicked on says this instead."""
        self._tasks.spawn(self._replace(click, said), name="private answer")

    def say(self, click: Click, said: Message) -> None:
        """The clicker, and nobody else, reads it under the message in which they clicked."""
        self._tasks.spawn(self._say(click, said), name="private answer")

    async def open_form(self, click: Click, view: View) -> None:
        """The form opens for the clicker, who is told when Slack refuses; over a form it is the next one.

        It is there when this returns, unless Slack is slow: then it comes after the acknowledgement.
        """
        await begin(self._tasks, self._open(click, view), name="open form")

    async def update_form(self, view_id: str, view: View) -> None:
        """The form shows `view` instead, as open_form. Updates of one form arrive in the order they were asked for."""
        work = self._in_turn.run(view_id, lambda: self._update(view_id, view))
        await begin(self._tasks, work, name="update form")

    def follow_form(self, view_id: str, make: Callable[[], Awaitable[View]]) -> None:
        """After a change, the list under a form shows what is there now, beside the acknowledgement: what was changed
        stays changed, whether or not this can be read or shown. In its turn, as update_form."""
        self.afterwards(self._in_turn.run(view_id, lambda: self._follow(view_id, make)), name="follow form")

    def afterwards(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        """`work` is done beside the acknowledgement; where it is refused, that is logged and is nobody's answer."""

        async def run() -> None:
            answer_time.not_answering()
            try:
                await work
            except LockstepError as error:
                log.info("not_shown", task=name, error_type=type(error).__name__)

        self._tasks.spawn(run(), name=name)

    async def _follow(self, view_id: str, make: Callable[[], Awaitable[View]]) -> None:
        await self._update(view_id, await make())

    async def _tell(self, click: Click, error: LockstepError) -> None:
        crash_points.reached(CrashPoint.CLICK_LOSER_NOT_TOLD)
        match click.surface:
            case Surface.MESSAGE:
                await self._say(click, render_refusal(error))
            case Surface.HOME:
                # Home has no response_url and shows no ephemeral message: a small window is what is seen there.
                await self._call("views.open", trigger_id=click.trigger_id, view=refusal_view(error))
            case Surface.FORM if click.view_id:
                await self._update(click.view_id, refusal_view(error))
            case _:
                log.warning("nowhere_to_answer")

    async def _say(self, click: Click, said: Message) -> None:
        if not await self._respond(click.response_url, said):
            await self._whisper(click, said)

    async def _open(self, click: Click, view: View) -> None:
        method = "views.push" if click.surface is Surface.FORM else "views.open"
        error = await self._call(method, trigger_id=click.trigger_id, view=view)
        # Home and forms can be answered by a trigger only, and it is gone.
        if error is not None and click.surface is Surface.MESSAGE:
            await self._tell(click, LockstepError(FAILED_TO_OPEN))

    async def _update(self, view_id: str, view: View) -> None:
        await self._call("views.update", view_id=view_id, view=view)

    async def _replace(self, click: Click, said: Message) -> None:
        if not await self._respond(click.response_url, said, replace=True):
            await self._whisper(click, said)

    async def _respond(self, url: str | None, said: Message, *, replace: bool = False) -> bool:
        if url is None or not self._is_slacks(url):
            return False
        webhook = AsyncWebhookClient(url, timeout=TIMEOUT_S, session=self._session, retry_handlers=[])
        webhook.proxy = self._client.proxy
        try:
            answer = await webhook.send(
                text=said.text, blocks=list(said.blocks), response_type="ephemeral", replace_original=replace
            )
        except TROUBLE as error:
            log.info("response_url_failed", error_type=type(error).__name__)
            return False
        if answer.status_code != 200:
            log.info("response_url_refused", status=answer.status_code)
        return answer.status_code == 200

    async def _whisper(self, click: Click, said: Message) -> None:
        if click.channel is None:
            log.warning("nowhere_to_answer")
            return
        await self._call(
            "chat.postEphemeral", channel=click.channel, user=click.by, text=said.text, blocks=list(said.blocks)
        )

    async def _call(self, method: str, **arguments: Any) -> str | None:
        """Slack's error, or None when it was done."""
        try:
            await self._client.api_call(method, json=arguments)
        except SlackApiError as error:
            code = str(error.response.get("error", "")) or "unknown"
            log.info("private_answer_refused", method=method, code=code)
            return code
        except TROUBLE as error:
            log.info("private_answer_failed", method=method, error_type=type(error).__name__)
            return type(error).__name__
        return None

    def _is_slacks(self, url: str) -> bool:
        """Whether `url` leads to Slack, or to whatever stands in for Slack on this machine."""
        parts, api = urlsplit(url), urlsplit(self._client.base_url)
        if (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
            return True
        return parts.scheme == "https" and (parts.hostname or "").endswith(_SLACK_HOSTS)
