"""What Slack's directory says: who somebody is, which user groups there are, whether Lockstep is in a channel.

Asked before a transaction, never in one, and only as long as the answer to the click can wait.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import FormError, Refused
from bot.ports import Account
from bot.services.forms import Choice
from handlers import answer_time
from handlers.payloads import Payload
from handlers.replies import TROUBLE

log = structlog.get_logger(__name__)

ReadAccount = Callable[[Payload], Account]
"""Reads Slack's user object (bot/integrations/slack_accounts.py)."""

AT_ONCE = 10
FOR_THE_REST_S = 0.6
"""Real seconds kept for storing what was learned and answering."""
NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
NO_ANSWER = "Slack does not answer just now. Nothing was changed: please try again in a moment."
NO_SCOPE = (
    "User groups are not offered: the app lacks the scope usergroups:read. Reinstall it from manifest.yml to have them;"
    " choosing people works all the same."
)
NO_PLAN = "User groups are not offered: they come with Slack's paid plans. Choosing people works all the same."
NO_GROUPS_NOW = "User groups are not offered: Slack does not list them just now. Choosing people works all the same."

_GROUP = re.compile(r"S[A-Z0-9]{1,30}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Slack's user groups, or None and the sentence that says why there are none to choose from."""

    choices: tuple[Choice, ...] | None
    why_none: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """`nobody`: ids Slack shows no account for; `unanswered`: how many it did not answer for in time."""

    accounts: tuple[Account, ...]
    nobody: tuple[str, ...]
    unanswered: int


class Directory:
    def __init__(self, client: AsyncWebClient, read_account: ReadAccount) -> None:
        self._client = client
        self._read_account = read_account

    async def groups(self) -> Groups:
        """The user groups of the workspace, by name."""
        try:
            async with asyncio.timeout(_time()):
                answer = await self._client.usergroups_list(include_count=True)
        except SlackApiError as error:
            code = str(error.response.get("error", ""))
            log.info("groups_not_known", code=code)
            why = {"missing_scope": NO_SCOPE, "plan_upgrade_required": NO_PLAN}.get(code, NO_GROUPS_NOW)
            return Groups(choices=None, why_none=why)
        except TROUBLE as error:
            log.info("groups_not_known", error_type=type(error).__name__)
            return Groups(choices=None, why_none=NO_GROUPS_NOW)
        found = [_group(one) for one in answer.get("usergroups") or () if _GROUP.fullmatch(str(one.get("id")))]
        return Groups(choices=tuple(sorted(found, key=lambda one: one.label.casefold())))

    async def members(self, group: str) -> tuple[str, ...]:
        """Everybody in a user group. Raises FormError(group)."""
        if not _GROUP.fullmatch(group):
            raise FormError({"group": "I do not know this user group. Please open the form again."})
        try:
            async with asyncio.timeout(_time()):
                answer = await self._client.usergroups_users_list(usergroup=group)
        except SlackApiError as error:
            code = str(error.response.get("error", ""))
            log.info("group_not_known", code=code)
            sentence = NO_SCOPE if code == "missing_scope" else f"Slack does not say who is in this group ({code})."
            raise FormError({"group": sentence}) from None
        except TROUBLE as error:
            log.info("group_not_known", error_type=type(error).__name__)
            raise FormError({"group": NO_ANSWER}) from None
        return tuple(str(user) for user in answer.get("users") or ())

    async def account(self, slack_id: str) -> Account:
        """Who this is. Raises Refused when Slack does not say."""
        found = await self.look_up([slack_id])
        if not found.accounts:
            raise Refused(NO_ANSWER)
        return found.accounts[0]

    async def look_up(self, slack_ids: Sequence[str]) -> LookedUp:
        """What Slack says of these people, as many as it answers for in time."""
        places = asyncio.Semaphore(AT_ONCE)

        async def ask(slack_id: str) -> Account | None:
            async with places:
                answer = await self._client.users_info(user=slack_id)
            return self._read_account(answer["user"])

        tasks = {asyncio.create_task(ask(slack_id)): slack_id for slack_id in slack_ids}
        if not tasks:
            return LookedUp(accounts=(), nobody=(), unanswered=0)
        _, waiting = await asyncio.wait(tasks, timeout=_time())
        for task in waiting:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        accounts: list[Account] = []
        nobody: list[str] = []
        for task, slack_id in tasks.items():
            error = None if task.cancelled() else task.exception()
            if task.cancelled() or isinstance(error, Exception):
                if _is_nobody(error):
                    nobody.append(slack_id)
            elif (account := task.result()) is not None and account.slack_id == slack_id:
                accounts.append(account)
        left = len(tasks) - len(accounts) - len(nobody)
        if left:
            log.info("accounts_not_known", count=left)
        return LookedUp(accounts=tuple(accounts), nobody=tuple(nobody), unanswered=left)

    async def refuse_unless_in(self, channels: Mapping[str, str | None], *, inside: Collection[str] = ()) -> None:
        """Raises FormError by field for each channel that Lockstep is not in, or of which Slack does not say, and for
        each of the fields `inside`, where leads stand to be taken, that another organisation reads as well."""
        asked = {field: channel for field, channel in channels.items() if channel is not None}
        told = await asyncio.gather(*(self._why_not_in(one, inside=field in inside) for field, one in asked.items()))
        errors = {field: why for field, why in zip(asked, told, strict=True) if why is not None}
        if errors:
            raise FormError(errors)

    async def refuse_unless_in_all(self, field: str, channels: Sequence[str]) -> None:
        """Raises FormError(field) where Lockstep is not in each of these channels, or Slack does not say."""
        told = await asyncio.gather(*(self._why_not_in(one, inside=False) for one in channels))
        wrong = [why for why in told if why is not None]
        if wrong:
            raise FormError({field: wrong[0] if len(channels) == 1 else f"Of {len(wrong)} of the new ones: {wrong[0]}"})

    async def _why_not_in(self, channel: str, *, inside: bool) -> str | None:
        if not _CHANNEL.fullmatch(channel):
            return "This is no channel. Please choose one of the list."
        try:
            async with asyncio.timeout(_time()):
                answer = await self._client.conversations_info(channel=channel)
        except SlackApiError as error:
            code = str(error.response.get("error", ""))
            log.info("channel_not_known", code=code)
            return NOT_IN if code == "channel_not_found" else f"Slack does not say whether I am in it ({code})."
        except TROUBLE as error:
            log.info("channel_not_known", error_type=type(error).__name__)
            return NO_ANSWER
        found = answer.get("channel") or {}
        if found.get("is_archived"):
            return "This channel is archived. Please choose another one."
        if not found.get("is_member"):
            return NOT_IN
        is_shared = found.get("is_ext_shared") or found.get("is_pending_ext_shared")
        return SHARED if inside and is_shared else None


NOT_IN = "I am not in this channel. Type /invite @Lockstep there, then save again."
SHARED = "This channel is shared with another organisation: its people would see leads. Please choose another one."


def _time() -> float:
    return max(answer_time.SHORTEST_S, answer_time.left_s() - FOR_THE_REST_S)


def _is_nobody(error: object) -> bool:
    return isinstance(error, SlackApiError) and error.response.get("error") in NOBODY


def _group(one: Payload) -> Choice:
    count = one.get("user_count")
    described = f"@{one.get('handle')}" + (f", {count} people" if isinstance(count, int | str) and count else "")
    return Choice(value=str(one["id"]), label=str(one.get("name") or one.get("handle")), description=described)
