"""Slack as the outbox needs it: every call has one of three outcomes (done, later, unknown) or will never
work."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import ChatError, OutcomeUnknown, RetryLater, Undeliverable
from bot.integrations.slack_accounts import NOBODY, account_of
from bot.integrations.slack_errors import RateLimited, meaning
from bot.ports import Account, Clock, Message, Posted

TIMEOUT_S = 10.0
"""Real seconds a call may take; half of it to connect."""
METADATA_EVENT = "lockstep_post"
CLOCK_SKEW = timedelta(minutes=2)
"""How far this machine's clock may be ahead of Slack's when history is searched."""
HISTORY_PAGE = 50
HISTORY_PAGES = 8
LONGEST_TROUBLE_S = 30.0
PER_CHANNEL = frozenset({"chat.postMessage"})
"""Methods whose limit is counted by channel; all others by workspace."""
CHANNELS_MEAN_WORKSPACE = 3
"""So many channels limited at once mean that the whole workspace is."""

NO_THREAD = frozenset({"thread_not_found", "message_not_found"})

Call = Callable[[], Awaitable[AsyncSlackResponse]]
Page = Callable[[str, str, str | None], Call]
"""The call for a page of messages: of a channel, from an oldest `ts` on, at a cursor."""


def web_client(token: str, base_url: str, session: aiohttp.ClientSession, *, local: bool = False) -> AsyncWebClient:
    """The Slack client of the whole process: it never repeats a call by itself (its default handler posts
    twice when a connection breaks), keeps its connections, and logs no message. `local`: Slack is a sandbox here."""
    logger = logging.getLogger("lockstep.slack_sdk")
    logger.setLevel(logging.WARNING)  # below that it logs what it sends
    client = AsyncWebClient(
        token=token,
        base_url=base_url,
        timeout=int(TIMEOUT_S),
        session=session,
        retry_handlers=[],
        logger=logger,
    )
    if local:
        # slack_sdk takes the environment's proxy for every address, this machine's included.
        client.proxy = None
    return client


def web_session() -> aiohttp.ClientSession:
    """The one shared session; made inside the running loop, closed by whoever made it."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S, connect=TIMEOUT_S / 2))


class SlackChat:
    """bot.ports.Chat on Slack's Web API.

    A method that Slack has limited is not called again before the time it named, whoever asks.
    """

    def __init__(self, client: AsyncWebClient, clock: Clock, *, seed: int | None = None) -> None:
        self._client = client
        self._clock = clock
        self._chance = random.Random(seed)  # noqa: S311 - spreads retries, decides nothing
        self._dms: dict[str, str] = {}
        self._closed_until: dict[tuple[str, str | None], datetime] = {}
        self._trouble = 0
        self._team_id: str | None = None

    async def post(self, place: str, message: Message, *, key: str, thread_ts: str | None = None) -> Posted:
        answer = await self._call(
            "chat.postMessage",
            lambda: self._client.chat_postMessage(
                channel=place,
                text=message.text,
                blocks=list(message.blocks),
                metadata={"event_type": METADATA_EVENT, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
                thread_ts=thread_ts,
            ),
            channel=place,
            idempotent=False,
        )
        channel, ts = answer.get("channel"), answer.get("ts")
        if not channel or not ts:
            raise OutcomeUnknown("chat.postMessage: Slack did not say where the message stands.")
        if place.startswith(("U", "W")):
            self._dms[place] = str(channel)
        return Posted(channel=str(channel), ts=str(ts))

    async def update(self, channel: str, ts: str, message: Message) -> None:
        await self._call(
            "chat.update",
            lambda: self._client.chat_update(channel=channel, ts=ts, text=message.text, blocks=list(message.blocks)),
        )

    async def find(self, place: str, key: str, *, since: datetime, thread_ts: str | None = None) -> Posted | None:
        channel = await self._channel_of(place)
        oldest = f"{(since - CLOCK_SKEW).timestamp():.6f}"
        if thread_ts is not None:
            try:
                found = await self._find("conversations.replies", self._replies(thread_ts), channel, key, oldest)
            except Undeliverable as error:
                # The message whose thread it was is gone, and so is the thread.
                if error.code not in NO_THREAD:
                    raise
                found = None
            if found is not None:
                return found
        return await self._find("conversations.history", self._history, channel, key, oldest)

    async def _find(self, method: str, page: Page, channel: str, key: str, oldest: str) -> Posted | None:
        """The message with this key on the pages of `method`."""
        cursor: str | None = None
        for _ in range(HISTORY_PAGES):
            answer = await self._call(method, page(channel, oldest, cursor))
            for message in answer.get("messages") or ():
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == key:
                    return Posted(channel=channel, ts=str(message["ts"]))
            cursor = _next(answer)
            if cursor is None:
                break
        return None

    async def account(self, slack_id: str) -> Account | None:
        return await self._account("users.info", lambda: self._client.users_info(user=slack_id))

    async def account_by_email(self, email: str) -> Account | None:
        return await self._account("users.lookupByEmail", lambda: self._client.users_lookupByEmail(email=email))

    async def _account(self, method: str, call: Call) -> Account | None:
        team_id = await self._team()
        try:
            answer = await self._call(method, call)
        except Undeliverable as error:
            if error.code in NOBODY:
                return None
            raise
        return account_of(answer["user"], team_id=team_id)

    async def publish_home(self, slack_id: str, view: dict[str, Any]) -> None:
        await self._call("views.publish", lambda: self._client.views_publish(user_id=slack_id, view=view))

    def _history(self, channel: str, oldest: str, cursor: str | None) -> Call:
        return lambda: self._client.conversations_history(
            channel=channel,
            oldest=oldest,
            inclusive=True,
            include_all_metadata=True,
            limit=HISTORY_PAGE,
            cursor=cursor,
        )

    def _replies(self, thread_ts: str) -> Page:
        return lambda channel, oldest, cursor: (
            lambda: self._client.conversations_replies(
                channel=channel,
                ts=thread_ts,
                oldest=oldest,
                inclusive=True,
                include_all_metadata=True,
                limit=HISTORY_PAGE,
                cursor=cursor,
            )
        )

    async def _channel_of(self, place: str) -> str:
        """The channel of a place: a person's direct message is asked for once."""
        if not place.startswith(("U", "W")):
            return place
        if place not in self._dms:
            answer = await self._call("conversations.open", lambda: self._client.conversations_open(users=place))
            self._dms[place] = str(answer["channel"]["id"])
        return self._dms[place]

    async def _team(self) -> str:
        if self._team_id is None:
            self._team_id = str((await self._call("auth.test", self._client.auth_test))["team_id"])
        return self._team_id

    async def _call(
        self, method: str, call: Call, *, channel: str | None = None, idempotent: bool = True
    ) -> AsyncSlackResponse:
        gate = (method, channel if method in PER_CHANNEL else None)
        self._refuse_while_closed(gate)
        try:
            answer = await call()
        except (
            SlackApiError,
            aiohttp.ClientError,
            OSError,
            TimeoutError,
            ValueError,
            AttributeError,
        ) as error:
            # slack_sdk raises ValueError for undecodable answers and AttributeError for 200 with plain text.
            raise self._noted(gate, meaning(error, method, idempotent=idempotent, wait_s=self._wait())) from error
        self._trouble = 0
        return answer

    def _refuse_while_closed(self, gate: tuple[str, str | None]) -> None:
        until = self._closed_until.get(gate)
        if until is None:
            return
        left = (until - self._clock.now()).total_seconds()
        if left > 0:
            raise RetryLater(f"{gate[0]}: Slack asked for patience.", after=left)
        del self._closed_until[gate]

    def _noted(self, gate: tuple[str, str | None], error: ChatError) -> ChatError:
        """Remember what the error means for the next calls."""
        if isinstance(error, RateLimited):
            now = self._clock.now()
            # Gates that opened meanwhile are forgotten: nobody may ever come back to them.
            self._closed_until = {other: at for other, at in self._closed_until.items() if at > now}
            self._closed_until[gate] = now + timedelta(seconds=error.after)
            # Slack does not say whether a channel or the workspace posts too much: several channels at once
            # tell.
            closed = sum(method == gate[0] for method, _ in self._closed_until)
            error.whole_workspace = closed >= CHANNELS_MEAN_WORKSPACE
        if isinstance(error, Undeliverable) or (isinstance(error, RateLimited) and error.told):
            self._trouble = 0
        else:
            self._trouble += 1
        return error

    def _wait(self) -> float:
        """Real trouble grows the wait: 1, 2, 4 … 30 s, each up to a quarter longer so that nobody comes in
        step."""
        wait = min(LONGEST_TROUBLE_S, 2.0 ** min(self._trouble, 10))
        return wait * (1 + self._chance.random() / 4)


def _next(answer: AsyncSlackResponse) -> str | None:
    metadata: dict[str, Any] = answer.get("response_metadata") or {}
    return metadata.get("next_cursor") or None
