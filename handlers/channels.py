"""Slack's answer to one question about a channel: can what is for this person stand in it?"""

from __future__ import annotations

import asyncio
from enum import StrEnum

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import answer_time
from handlers.replies import TROUBLE

log = structlog.get_logger(__name__)

FOR_THE_REST_S = 0.6
"""Real seconds kept for storing what was learned and answering."""
PAGE = 999
PAGES = 20
"""More channels than this nobody is in."""


class Fit(StrEnum):
    FITS = "fits"
    NOT_BOTH_IN = "not_both_in"
    """The person, or Lockstep, is not in it."""
    SHARED = "shared"
    """People of another organisation read it, or are about to."""
    UNKNOWN = "unknown"
    """Slack does not say just now."""


async def fit_of(client: AsyncWebClient, channel: str, slack_id: str) -> Fit:
    """Whether what is for this person can stand in `channel`."""
    try:
        answer = await client.conversations_info(channel=channel)
        found = answer.get("channel") or {}
        if not found.get("is_member"):
            return Fit.NOT_BOTH_IN
        if found.get("is_ext_shared") or found.get("is_pending_ext_shared"):
            return Fit.SHARED
        cursor = ""
        for _ in range(PAGES):
            answer = await client.users_conversations(
                user=slack_id, types="public_channel,private_channel", exclude_archived=True, limit=PAGE, cursor=cursor
            )
            if any(one.get("id") == channel for one in answer.get("channels") or ()):
                return Fit.FITS
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return Fit.NOT_BOTH_IN
    except SlackApiError as error:
        code = str(error.response.get("error", ""))
        log.info("channel_not_known", code=code)
        return Fit.NOT_BOTH_IN if code == "channel_not_found" else Fit.UNKNOWN
    except TROUBLE as error:
        log.info("channel_not_known", error_type=type(error).__name__)
    return Fit.UNKNOWN


async def is_public(client: AsyncWebClient, channel: str) -> bool:
    """Whether everybody in the workspace may read what stands in `channel`; not where Slack does not say so in time.

    What a payload says of a channel does not tell: private ones have ids of the same form.
    """
    try:
        async with asyncio.timeout(max(answer_time.SHORTEST_S, answer_time.left_s() - FOR_THE_REST_S)):
            answer = await client.conversations_info(channel=channel)
    except SlackApiError as error:
        log.info("channel_not_known", code=str(error.response.get("error", "")))
        return False
    except TROUBLE as error:
        log.info("channel_not_known", error_type=type(error).__name__)
        return False
    found = answer.get("channel") or {}
    return found.get("is_channel") is True and not any(
        found.get(one) for one in ("is_private", "is_im", "is_mpim", "is_group")
    )
