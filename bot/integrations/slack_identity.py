"""Who we are in Slack: asked once at the start, so that wrong tokens end it with a sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import ConfigError, LockstepError

log = structlog.get_logger(__name__)

PATIENCE_S = 60.0
"""Real seconds for which Slack may ask us to come again, before the start is given up."""
LONGEST_WAIT_S = 30.0
ASKED_EVERY_S = 30.0
ANSWER_S = 3.0
"""Real seconds after which Slack counts as not answering, for whoever asks how we are."""
_NOT_NOW = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"})
"""Slack's trouble, or our own haste: nothing an admin could mend in the settings."""

_UNREACHABLE = (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError)
"""What slack_sdk raises when no answer came, or none of Slack's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The workspace this installation works for, and our app in it."""

    team_id: str
    team_name: str
    enterprise_id: str | None
    bot_id: str
    bot_user_id: str
    url: str | None = None
    """Where the workspace is read in a browser, https; None where Slack does not say."""


async def identify(client: AsyncWebClient) -> Identity:
    """Whose bot token this is. Raises ConfigError, naming the variable and the fix."""
    try:
        answer = await _patiently(client.auth_test)
    except SlackApiError as error:
        raise ConfigError(
            f"Slack does not accept SLACK_BOT_TOKEN ({_code(error)}). Copy the Bot User OAuth Token from your app's"
            " page, OAuth & Permissions; install the app to the workspace first."
        ) from None
    except _UNREACHABLE as error:
        raise ConfigError(_unreachable(client, error)) from None
    if not answer.get("bot_id"):
        raise ConfigError("SLACK_BOT_TOKEN is not a bot's token: it must be the one that begins with xoxb-.")
    return Identity(
        team_id=str(answer["team_id"]),
        team_name=str(answer.get("team", "")),
        enterprise_id=answer.get("enterprise_id"),
        bot_id=str(answer["bot_id"]),
        bot_user_id=str(answer["user_id"]),
        url=url if (url := str(answer.get("url", ""))).startswith("https://") else None,
    )


async def socket_link(client: AsyncWebClient, app_token: str) -> str:
    """A link for one Socket Mode connection, which shows that the token is good. Raises ConfigError.

    slack_sdk itself would try a wrong token for ever, without a word.
    """
    try:
        answer = await _patiently(lambda: client.apps_connections_open(app_token=app_token))
        return str(answer["url"])
    except SlackApiError as error:
        raise ConfigError(
            f"Slack does not open Socket Mode with SLACK_APP_TOKEN ({_code(error)}). Make an app-level token with"
            " connections:write on your app's page, Basic Information, and switch on Socket Mode; or unset"
            " SLACK_APP_TOKEN to be reached by HTTP."
        ) from None
    except _UNREACHABLE as error:
        raise ConfigError(_unreachable(client, error)) from None


async def answers(client: AsyncWebClient) -> bool:
    """Whether Slack's Web API answers at all, and knows us."""
    try:
        await client.auth_test()
    except (SlackApiError, *_UNREACHABLE):
        return False
    return True


class Remembered:
    """What `ask` answered last, asked again when that is older than ASKED_EVERY_S: whoever looks often, like a load
    balancer, does not use up Slack's patience."""

    def __init__(self, ask: Callable[[], Awaitable[bool]], *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._monotonic = monotonic
        self._asked_at: float | None = None
        self._answer = False
        self._asking = asyncio.Lock()

    async def __call__(self) -> bool:
        async with self._asking:
            if self._asked_at is None or self._monotonic() - self._asked_at >= ASKED_EVERY_S:
                try:
                    async with asyncio.timeout(ANSWER_S):
                        self._answer = await self._ask()
                except TimeoutError:
                    self._answer = False
                self._asked_at = self._monotonic()
            return self._answer


async def _patiently(call: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
    """The answer, asked for again while Slack only says "not now". Raises SlackApiError, or LockstepError after a
    minute: whoever supervises the process starts it again."""
    loop = asyncio.get_running_loop()
    deadline, wait = loop.time() + PATIENCE_S, 1.0
    while True:
        try:
            return await call()
        except SlackApiError as error:
            told = _told_to_wait(error)
            if _code(error) not in _NOT_NOW and error.response.status_code < 500:
                raise
            pause = min(LONGEST_WAIT_S, told or wait)
            if loop.time() + pause > deadline:
                raise LockstepError(
                    f"Slack has answered “not now” for a minute ({_code(error)}). Nothing is wrong with the settings:"
                    " start again later."
                ) from None
            log.warning("slack_not_ready", code=_code(error), wait_s=pause)
            await asyncio.sleep(pause)
            wait *= 2


def _told_to_wait(error: SlackApiError) -> float | None:
    headers = getattr(error.response, "headers", None) or {}
    told = str(headers.get("Retry-After") or headers.get("retry-after") or "")
    return float(told) if told.isdigit() and len(told) < 6 else None


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error", "no reason given"))


def _unreachable(client: AsyncWebClient, error: BaseException) -> str:
    return (
        f"Slack cannot be reached at {client.base_url} ({type(error).__name__}). Check the network, a proxy in between,"
        " and SLACK_API_URL."
    )
