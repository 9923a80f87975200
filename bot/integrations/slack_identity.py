"""Who we are in Slack: asked once at the start, so that wrong tokens end it with a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ConfigError

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


async def identify(client: AsyncWebClient) -> Identity:
    """Whose bot token this is. Raises ConfigError, naming the variable and the fix."""
    try:
        answer = await client.auth_test()
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
    )


async def check_app_token(client: AsyncWebClient, app_token: str) -> None:
    """Slack would open a Socket Mode connection for this token. Raises ConfigError.

    slack_sdk itself would try a wrong token for ever, without a word.
    """
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        raise ConfigError(
            f"Slack does not open Socket Mode with SLACK_APP_TOKEN ({_code(error)}). Make an app-level token with"
            " connections:write on your app's page, Basic Information, and switch on Socket Mode; or unset"
            " SLACK_APP_TOKEN to be reached by HTTP."
        ) from None
    except _UNREACHABLE as error:
        raise ConfigError(_unreachable(client, error)) from None


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error", "no reason given"))


def _unreachable(client: AsyncWebClient, error: BaseException) -> str:
    return (
        f"Slack cannot be reached at {client.base_url} ({type(error).__name__}). Check the network, a proxy in between,"
        " and SLACK_API_URL."
    )
