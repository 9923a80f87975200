"""What Slack's answers say about tokens, scopes, clock and channels. Values in, findings out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.findings import Area, Finding, counted, fix, note, ok
from bot.domain.scopes import NEEDED, OPTIONAL

SIGNATURES_GOOD_FOR = timedelta(minutes=5)
"""How old a signed request of Slack's may be: https://docs.slack.dev/authentication/verifying-requests-from-slack"""
WORTH_A_NOTE = timedelta(seconds=30)

INSTALL_AGAIN = "install the app to the workspace again, from its page on api.slack.com, OAuth & Permissions"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """`error`: Slack's code, or a sentence when it did not answer at all (`reached` False)."""

    reached: bool = True
    error: str | None = None
    team: str = ""
    is_bot: bool = True
    scopes: frozenset[str] | None = None
    """None: Slack did not say."""
    slack_at: datetime | None = None
    """What Slack's clock said, and what ours did at about the same moment."""
    our_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelUse:
    """A channel the configuration names. `what`: `pool of Europe`. `takes_leads`: who is in it may accept leads."""

    channel: str
    what: str
    takes_leads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAnswer:
    """What Slack says of a channel; `error` its code when it does not know it, or did not answer."""

    name: str = ""
    error: str | None = None
    is_archived: bool = False
    is_member: bool = True
    is_ext_shared: bool = False


def check_tokens(bot: TokenAnswer, socket_error: str | None, *, socket_mode: bool) -> list[Finding]:
    """`socket_error`: Slack's code when it does not open Socket Mode."""
    if not bot.reached:
        return [
            fix(
                Area.TOKENS,
                f"Slack cannot be reached: {bot.error}",
                "Check the network, a proxy in between, and SLACK_API_URL; then run this again.",
            )
        ]
    if bot.error is not None:
        return [
            fix(
                Area.TOKENS,
                f"Slack does not accept SLACK_BOT_TOKEN ({bot.error}).",
                "Copy the Bot User OAuth Token from your app's page, OAuth & Permissions, and start Lockstep again.",
            )
        ]
    if not bot.is_bot:
        return [
            fix(
                Area.TOKENS,
                "SLACK_BOT_TOKEN is not a bot's token.",
                "Set it to the Bot User OAuth Token, which begins with xoxb-.",
            )
        ]
    found = [ok(Area.TOKENS, f"SLACK_BOT_TOKEN is a bot's, in the workspace {bot.team}.")]
    if not socket_mode:
        return [*found, ok(Area.TOKENS, "Slack posts to /slack/events, signed with SLACK_SIGNING_SECRET.")]
    if socket_error is None:
        return [*found, ok(Area.TOKENS, "SLACK_APP_TOKEN opens Socket Mode.")]
    return [
        *found,
        fix(
            Area.TOKENS,
            f"Slack does not open Socket Mode with SLACK_APP_TOKEN ({socket_error}).",
            "Make an app-level token with connections:write on your app's page, Basic Information, and switch on Socket"
            " Mode; or unset SLACK_APP_TOKEN to be reached by HTTP.",
        ),
    ]


def check_scopes(scopes: Collection[str] | None, needed: Mapping[str, str] = NEEDED) -> list[Finding]:
    """What is missing, each with what does not work without it; what is more than needed as a note."""
    if scopes is None:
        return [note(Area.SCOPES, "Slack did not say which scopes the token has.")]
    found = [
        (note if scope in OPTIONAL else fix)(
            Area.SCOPES,
            f"The scope {scope} is missing, with which Lockstep {what}.",
            f"Add it as in manifest.yml, then {INSTALL_AGAIN}.",
        )
        for scope, what in needed.items()
        if scope not in scopes
    ]
    more = sorted(set(scopes) - set(needed))
    if more:
        found.append(
            note(Area.SCOPES, f"The token may more than Lockstep needs: {', '.join(more)}.", "Take it away again.")
        )
    return found or [ok(Area.SCOPES, f"All {len(needed)} scopes of manifest.yml are there, and no others.")]


def check_clock(slack_at: datetime | None, our_at: datetime | None) -> list[Finding]:
    """Ours against Slack's: signed requests are refused when they are five minutes apart."""
    if slack_at is None or our_at is None:
        return [note(Area.CLOCK, "Slack did not say what time it is.")]
    apart = our_at - slack_at
    seconds = round(abs(apart.total_seconds()))
    word = "ahead of" if apart > timedelta(0) else "behind"
    says = f"This machine's clock is {seconds} s {word} Slack's"
    how = "Let the machine follow a time server (for example with systemd-timesyncd or chrony)."
    if abs(apart) >= SIGNATURES_GOOD_FOR:
        return [fix(Area.CLOCK, f"{says}: signed requests are refused from {_minutes()} on.", how)]
    if abs(apart) >= WORTH_A_NOTE:
        return [note(Area.CLOCK, f"{says}; from {_minutes()} on signed requests are refused.", how)]
    return [ok(Area.CLOCK, "This machine's clock agrees with Slack's.")]


def check_channels(uses: Sequence[ChannelUse], answers: Mapping[str, ChannelAnswer]) -> list[Finding]:
    """Each channel the configuration names: it exists, Lockstep is in it, and it is nobody else's."""
    if not uses:
        return [note(Area.CHANNELS, "The configuration names no channel.", "Home, Set-up, Channels… names them.")]
    found = [finding for use in uses for finding in _channel(use, answers.get(use.channel))]
    return found or [ok(Area.CHANNELS, f"{counted(len(uses), 'channel', 'channels')}: all there, Lockstep is in them.")]


def _channel(use: ChannelUse, answer: ChannelAnswer | None) -> list[Finding]:
    shown = f"#{answer.name}" if answer and answer.name else use.channel
    says = f"The {use.what}, {shown},"
    if answer is None:
        return [note(Area.CHANNELS, f"{says} was not asked about: Slack wanted to be left alone.", "Run this again.")]
    if answer.error == "channel_not_found":
        return [
            fix(
                Area.CHANNELS,
                f"{says} is not known to Slack, or it is private and Lockstep is not in it.",
                "Invite @Lockstep to the channel, or choose another one.",
            )
        ]
    if answer.error is not None:
        return [note(Area.CHANNELS, f"{says} could not be looked at ({answer.error}).", "Run this again.")]
    if answer.is_archived:
        return [fix(Area.CHANNELS, f"{says} is archived.", "Unarchive it, or choose another one.")]
    found = []
    if not answer.is_member:
        found.append(
            fix(Area.CHANNELS, f"{says} does not have Lockstep in it.", f"Invite @Lockstep there: /invite in {shown}.")
        )
    if answer.is_ext_shared and use.takes_leads:
        found.append(
            fix(
                Area.CHANNELS,
                f"{says} is shared with another organisation, whose people read there which companies show interest.",
                "Choose a channel of this workspace alone.",
            )
        )
    elif answer.is_ext_shared:
        found.append(note(Area.CHANNELS, f"{says} is shared with another organisation.", "Check that this is meant."))
    return found


def _minutes() -> str:
    return f"{int(SIGNATURES_GOOD_FOR.total_seconds() // 60)} minutes"
