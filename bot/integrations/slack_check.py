"""Asks Slack what `lockstep check` wants to know. Changes nothing: a Socket Mode link that nobody uses expires."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.check_slack import ChannelAnswer, TokenAnswer
from bot.ports import Clock

PATIENCE_S = 60.0
"""Real seconds in all for which Slack may ask us to come again."""
SHORTEST_WAIT_S = 1.0
_LIMITED = frozenset({"ratelimited", "rate_limited"})
_UNREACHABLE = (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError)
"""What slack_sdk raises when no answer came, or none of Slack's."""


class NoAnswer(Exception):
    """Slack was not reached, or wanted to be left alone for longer than anybody waits."""


class SlackCheck:
    """Asks one question after the other. `progress` hears how many channels of how many were asked about."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._patience_s = PATIENCE_S

    async def token(self) -> TokenAnswer:
        """Whose bot token it is, its scopes, and Slack's clock."""
        try:
            answer = await self._ask(self._client.auth_test)
        except SlackApiError as error:
            slack_at = _date(error.response.headers)
            return TokenAnswer(error=_code(error), slack_at=slack_at, our_at=self._clock.now())
        except NoAnswer as error:
            return TokenAnswer(reached=False, error=str(error))
        scopes = _header(answer.headers, "x-oauth-scopes")
        return TokenAnswer(
            team=str(answer.get("team", "")),
            is_bot=bool(answer.get("bot_id")),
            scopes=_scopes(scopes),
            slack_at=_date(answer.headers),
            our_at=self._clock.now(),
        )

    async def socket(self, app_token: str) -> str | None:
        """Why Socket Mode does not open, as Slack's code; None when it does."""
        try:
            await self._ask(lambda: self._client.apps_connections_open(app_token=app_token))
        except SlackApiError as error:
            return _code(error)
        except NoAnswer as error:
            return str(error)
        return None

    async def channels(self, channels: Sequence[str], progress: Callable[[int, int], None]) -> dict[str, ChannelAnswer]:
        """What Slack says of each; those it did not come to are not in it."""
        found: dict[str, ChannelAnswer] = {}
        for channel in dict.fromkeys(channels):
            try:
                found[channel] = await self._channel(channel)
            except NoAnswer:
                break
            progress(len(found), len(set(channels)))
        return found

    async def _channel(self, channel: str) -> ChannelAnswer:
        try:
            answer = await self._ask(lambda: self._client.conversations_info(channel=channel))
        except SlackApiError as error:
            return ChannelAnswer(error=_code(error))
        info = answer["channel"]
        return ChannelAnswer(
            name=str(info.get("name", "")),
            is_archived=bool(info.get("is_archived")),
            is_member=bool(info.get("is_member")),
            is_ext_shared=bool(info.get("is_ext_shared") or info.get("is_pending_ext_shared")),
        )

    async def _ask(self, call: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
        """The answer; asked for again while Slack wants to be left alone and patience lasts.

        Raises SlackApiError for a refusal, NoAnswer when there is none.
        """
        while True:
            try:
                return await call()
            except SlackApiError as error:
                if _code(error) not in _LIMITED and error.response.status_code < 500:
                    raise
                told = _header(error.response.headers, "retry-after") or ""
                wait = max(SHORTEST_WAIT_S, float(told)) if told.isdigit() else SHORTEST_WAIT_S
                if wait > self._patience_s:
                    raise NoAnswer(f"it wants to be left alone for {wait:.0f} s ({_code(error)})") from None
                self._patience_s -= wait
                await asyncio.sleep(wait)
            except _UNREACHABLE as error:
                raise NoAnswer(f"no answer from {self._client.base_url} ({type(error).__name__})") from None


def _scopes(header: str | None) -> frozenset[str] | None:
    """None when Slack does not say; a sandbox without a manifest grants `*`."""
    if header is None or header == "*":
        return None
    return frozenset(one.strip() for one in header.split(",") if one.strip())


def _date(headers: Mapping[str, str] | None) -> datetime | None:
    """What Slack's clock says, from the Date of its answer."""
    date = _header(headers, "date")
    try:
        found = parsedate_to_datetime(date) if date else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def _header(headers: Mapping[str, str] | None, name: str) -> str | None:
    """A header, whatever its case."""
    return next((str(value) for key, value in (headers or {}).items() if key.lower() == name), None)


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error", "no reason given"))
