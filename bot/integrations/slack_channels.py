"""The channels Lockstep can see, for people who write `#name` where Slack wants an id."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ConfigError

PAGE = 200
PAGES = 100


async def channels_by_name(client: AsyncWebClient) -> dict[str, str]:
    """Channel ids by name without #: public channels, and private ones Lockstep is in. Archived ones are left out.

    Raises ConfigError with Slack's reason when they cannot be listed.
    """
    found: dict[str, str] = {}
    cursor = ""
    for _ in range(PAGES):
        try:
            answer = await client.conversations_list(
                types="public_channel,private_channel", exclude_archived=True, limit=PAGE, cursor=cursor
            )
        except SlackApiError as error:
            reason = error.response.get("error", "no reason")
            raise ConfigError(
                f"Slack does not list its channels ({reason}). Check SLACK_BOT_TOKEN, or write channel ids (C…)."
            ) from error
        for channel in answer.get("channels") or ():
            found[channel["name"]] = channel["id"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return found
