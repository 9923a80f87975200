"""What an answer of Slack's means for the one who called: later, unknown, or never; with a sentence.

Sources: the error tables of the methods' pages on docs.slack.dev; measured behaviour of slack_sdk 3.47.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.errors import AppRefused, ChatError, OutcomeUnknown, RetryLater, Undeliverable

SHORTEST_WAIT_S = 1.0
LONGEST_WAIT_S = 15 * 60.0
"""Whatever Retry-After says: below a second it would be a hot loop, and an absurd one must not silence us
for a day."""

OUTCOME_UNKNOWN = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
"""Errors after which Slack may have done it all the same (named so on the methods' pages)."""
RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
WORKSPACE_PAUSED = frozenset({"message_limit_exceeded", "team_added_to_org", "org_login_required"})
"""Errors of a whole workspace that pass by themselves: too many messages in all, or it is being moved."""
APP_REFUSED = frozenset(
    {
        "not_authed", "invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_allowed_token_type",
        "team_access_not_granted", "ekm_access_denied",
    }
)  # fmt: skip
"""Errors that say nothing about the message: it waits until the app is mended, and is asked for now and then."""
PAUSE_S = 60.0

REINSTALL = "Install the app again from its page on api.slack.com and set SLACK_BOT_TOKEN to the new token."
SCOPES = "Compare the app's scopes with manifest.yml, and install it again."
SENTENCES: dict[str, str] = {
    # The place
    "channel_not_found": "Slack does not know the channel, or it is private and Lockstep is not in it: "
    "invite @Lockstep to the channel, or choose another one.",
    "not_in_channel": "Lockstep is not in the channel: invite @Lockstep to the channel.",
    "is_archived": "The channel is archived: unarchive it, or choose another one.",
    "restricted_action": "The workspace does not let apps post in this channel: "
    "a workspace admin can change who may post there.",
    "restricted_action_read_only_channel": "The channel is read-only: a workspace admin can change that.",
    "messages_tab_disabled": "Direct messages to the app are off: switch on the Messages tab under App Home "
    "on the app's page.",
    "not_enabled": "The app's Home tab is off: switch it on under App Home on the app's page.",
    # The person
    "user_not_found": "Slack does not know this person: correct their e-mail address in the roster.",
    "users_not_found": "No Slack account has this e-mail address: correct it in the roster.",
    "user_not_visible": "The app may not see this person: they may be outside this workspace.",
    "user_disabled": "The person's Slack account is deactivated: take them off the roster.",
    "cannot_dm_bot": "An app cannot be sent direct messages: take it off the roster.",
    # The app
    "not_authed": f"Slack was called without a token. {REINSTALL}",
    "invalid_auth": f"Slack does not accept the bot token. {REINSTALL}",
    "token_revoked": f"The bot token was revoked. {REINSTALL}",
    "token_expired": f"The bot token has expired. {REINSTALL}",
    "account_inactive": f"The app was removed from the workspace, or its bot user deactivated. {REINSTALL}",
    "not_allowed_token_type": "SLACK_BOT_TOKEN is not a bot token: it must begin with xoxb-.",
    "missing_scope": f"The app lacks a permission. {SCOPES}",
    "no_permission": f"The app lacks a permission. {SCOPES}",
    "team_access_not_granted": "The organisation did not give the app access to this workspace: "
    "an organisation admin can.",
    "ekm_access_denied": "The organisation's key management suspends access: ask its admin.",
    # What we said
    "invalid_blocks": "Slack refuses the message's layout. Please report this as a bug of Lockstep.",
    "invalid_blocks_format": "Slack refuses the message's layout. Please report this as a bug of Lockstep.",
    "invalid_arguments": "Slack refuses what it was sent. Please report this as a bug of Lockstep.",
    "msg_blocks_too_long": "The message is too long for Slack. Please report this as a bug of Lockstep.",
    "msg_too_long": "The message is too long for Slack. Please report this as a bug of Lockstep.",
    "no_text": "The message is empty. Please report this as a bug of Lockstep.",
    "metadata_too_large": "The message carries too much metadata. Please report this as a bug of Lockstep.",
    # What stands there
    "message_not_found": "The message was deleted in Slack.",
    "cant_update_message": "The message was not written by this app: was the app changed?",
    "edit_window_closed": "The workspace does not allow messages to be edited that late.",
}

Headers = Mapping[str, str]


class RateLimited(RetryLater):
    """Slack wants to be left alone (429). `told`: it said for how long."""

    def __init__(self, sentence: str, *, after: float, told: bool) -> None:
        super().__init__(sentence, after=after)
        self.told = told


def seconds_of(retry_after: str | None) -> float | None:
    """Seconds to wait: what `Retry-After` says, held between 1 s and 15 min; None when it says nothing
    usable."""
    try:
        seconds = float(retry_after or "")
    except ValueError:
        return None
    if not seconds > 0:  # also NaN
        return None
    return min(max(seconds, SHORTEST_WAIT_S), LONGEST_WAIT_S)


def meaning(error: Exception, method: str, *, idempotent: bool, wait_s: float) -> ChatError:
    """The ChatError for what `method` raised.

    `idempotent` calls may be repeated at will, so an unknown outcome becomes RetryLater. `wait_s` is how
    long to wait where Slack does not say.
    """
    if isinstance(error, SlackApiError):
        return _meaning_of_answer(error, method, idempotent=idempotent, wait_s=wait_s)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        # Nothing was sent: refused, not resolved, no TLS. It hits every call alike.
        return RetryLater("Slack cannot be reached.", after=wait_s, whole_workspace=True)
    kind = "no answer in time" if isinstance(error, TimeoutError) else "the connection broke"
    return _unknown(f"{method}: {kind}.", idempotent=idempotent, wait_s=wait_s)


def _meaning_of_answer(error: SlackApiError, method: str, *, idempotent: bool, wait_s: float) -> ChatError:
    status, headers, body = _read(error.response)
    code = str(body.get("error", "")) if body is not None else ""
    if status == 429 or code in RATE_LIMITED:
        told = seconds_of(headers.get("Retry-After"))
        after = wait_s if told is None else told
        return RateLimited(f"{method}: Slack asks for {after:.0f} s of patience.", after=after, told=told is not None)
    if code in WORKSPACE_PAUSED:
        return RetryLater(f"{method}: the workspace is paused ({code}).", after=PAUSE_S, whole_workspace=True)
    if status >= 500 or status == 408 or code in OUTCOME_UNKNOWN:
        return _unknown(f"{method}: Slack has trouble ({code or status}).", idempotent=idempotent, wait_s=wait_s)
    if code in APP_REFUSED:
        return AppRefused(sentence_of(code, body), code=code, after=PAUSE_S)
    if code:
        return Undeliverable(sentence_of(code, body), code=code)
    if status == 200:
        return _unknown(f"{method}: the answer could not be read.", idempotent=idempotent, wait_s=wait_s)
    # Not Slack's API but something in between (a proxy, a captive portal) refused it.
    return RetryLater(f"Something between here and Slack answers {status}.", after=PAUSE_S, whole_workspace=True)


def sentence_of(code: str, body: Mapping[str, Any] | None = None) -> str:
    """What the admin can do about Slack's error `code`; the code itself is in the sentence."""
    sentence = SENTENCES.get(code, "Slack refuses this.")
    if code == "missing_scope" and body and body.get("needed"):
        sentence = f"The app lacks the permission {body['needed']}. {SCOPES}"
    return f"{sentence} (Slack says: {code})"


def _unknown(sentence: str, *, idempotent: bool, wait_s: float) -> ChatError:
    return RetryLater(sentence, after=wait_s) if idempotent else OutcomeUnknown(sentence)


def _read(response: Any) -> tuple[int, Headers, Mapping[str, Any] | None]:
    """Status, headers and JSON object of an answer: slack_sdk gives its own response, or aiohttp's when the
    body was not JSON."""
    status = getattr(response, "status_code", None) or getattr(response, "status", 0)
    data = getattr(response, "data", None)
    return int(status or 0), getattr(response, "headers", {}) or {}, data if isinstance(data, dict) else None
