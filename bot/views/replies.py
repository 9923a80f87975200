"""Private answers to one person: as a message only they see, or as a small window where no message would show."""

from __future__ import annotations

from datetime import datetime

from bot.errors import AlreadyDecided, LockstepError
from bot.ports import Message
from bot.views.blocks import TEXT_MAX, View, home, modal, plain_section, section
from bot.views.ids import CallbackId
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, escape, mrkdwn, trusted

LONGEST = 1500
GIVEN_BACK = 4
"""Blocks of text."""


def render_refusal(error: LockstepError) -> Message:
    """Why nothing was changed. A late clicker also reads at what time somebody else was first."""
    at = error.at if isinstance(error, AlreadyDecided) else None
    return _message(_sentence(str(error), at))


def give_back(refusal: Message, written: str) -> Message:
    """The refusal with what somebody wrote, to be copied: as much as a private answer holds. Under a long text the
    refusal stands once more, because Slack shows the end of what is new."""
    if not written:
        return refusal
    pieces = [written[start : start + TEXT_MAX] for start in range(0, len(written), TEXT_MAX)][:GIVEN_BACK]
    said = section(trusted("You wrote:"))
    again = refusal.blocks if len(pieces) > 1 else []
    return Message(text=refusal.text, blocks=[*refusal.blocks, said, *(plain_section(one) for one in pieces), *again])


def render_reply(sentence: str) -> Message:
    """A sentence to one person; names of people in it are untrusted."""
    return _message(_sentence(sentence))


def message_view(sentence: str, *, title: str = "Lockstep") -> View:
    """The sentence in a window of its own: over Home, or in the place of a form that cannot go on."""
    return modal(CallbackId.MESSAGE_VIEW, title, [section(_sentence(sentence))], close="Close")


def refusal_view(error: LockstepError) -> View:
    """`render_refusal` in a window of its own."""
    at = error.at if isinstance(error, AlreadyDecided) else None
    return modal(CallbackId.MESSAGE_VIEW, "Lockstep", [section(_sentence(str(error), at))], close="Close")


def refusal_home(error: LockstepError) -> View:
    """A Home that cannot be shown just now, and why."""
    return home([section(_sentence(str(error)))])


def _sentence(sentence: str, at: datetime | None = None) -> Mrkdwn:
    said = escape(sentence, LONGEST, multiline=True)
    return said if at is None else mrkdwn("{said} That was {at}.", said=said, at=when(at))


def _message(said: Mrkdwn) -> Message:
    return Message(text=said, blocks=[section(said)])
