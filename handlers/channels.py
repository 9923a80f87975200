"""Slack's answer to one question about a channel: are this person and Lockstep both in it?"""

from __future__ import annotations

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.replies import TROUBLE

log = structlog.get_logger(__name__)

PAGE = 999
PAGES = 20
"""More channels than this nobody is in."""


async def are_both_in(client: AsyncWebClient, channel: str, slack_id: str) -> bool | None:
    """Whether both are members of `channel`; None when Slack does not say just now."""
    try:
        answer = await client.conversations_info(channel=channel)
        if not (answer.get("channel") or {}).get("is_member"):
            return False
        cursor = ""
        for _ in range(PAGES):
            answer = await client.users_conversations(
                user=slack_id, types="public_channel,private_channel", exclude_archived=True, limit=PAGE, cursor=cursor
            )
            if any(found.get("id") == channel for found in answer.get("channels") or ()):
                return True
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return False
    except SlackApiError as error:
        code = str(error.response.get("error", ""))
        log.info("channel_not_known", code=code)
        return False if code == "channel_not_found" else None
    except TROUBLE as error:
        log.info("channel_not_known", error_type=type(error).__name__)
    return None
