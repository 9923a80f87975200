"""Slack's user objects, read into ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.person import SlackFlags
from bot.ports import Account

NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found", "user_disabled"})
"""Slack's ways to say that it shows us no such account."""
SLACKBOT = "USLACKBOT"
"""Slack's own bot, the one account whose `is_bot` is false although nobody sits behind it."""


def account_of(user: Mapping[str, Any], *, team_id: str) -> Account:
    """The account a user object of users.info, users.lookupByEmail or user_change describes.

    `is_app_user` is not looked at: it says that a person has authorised the app, not that they are one
    (https://docs.slack.dev/reference/objects/user-object). A flag that is not there is believed to be
    false, because Slack leaves most of them out for deactivated accounts.
    """
    profile: Mapping[str, Any] = user.get("profile") or {}
    slack_id = str(user["id"])
    return Account(
        slack_id=slack_id,
        name=str(profile.get("real_name") or user.get("real_name") or user.get("name") or slack_id),
        email=str(profile["email"]) if profile.get("email") else None,
        title=str(profile.get("title") or ""),
        tz=str(user.get("tz") or ""),
        flags=SlackFlags(
            is_bot=slack_id == SLACKBOT or bool(user.get("is_bot")) or bool(user.get("is_workflow_bot")),
            is_guest=bool(user.get("is_restricted")) or bool(user.get("is_ultra_restricted")),
            is_stranger=bool(user.get("is_stranger")) or not _belongs(user, team_id),
            is_deleted=bool(user.get("deleted")),
            runs_workspace=any(user.get(flag) is True for flag in ("is_admin", "is_owner", "is_primary_owner")),
        ),
    )


def _belongs(user: Mapping[str, Any], team_id: str) -> bool:
    """Whether the account is of this workspace: its own, or one of an organisation whose workspaces include
    it."""
    home = user.get("team_id")
    enterprise: Mapping[str, Any] = user.get("enterprise_user") or {}
    return home is None or home == team_id or team_id in (enterprise.get("teams") or ())
