"""A message in Slack to be saved as a field note: what it says, whose it is, where it stands, and who is told."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.note import Quoted
from bot.domain.note_rights import may_write
from bot.domain.slack_text import people_in, readable
from bot.errors import Refused
from bot.services.handoffs import refuse
from bot.services.notes import SAVED_FROM
from bot.services.people import clicker
from storage.transaction import Transaction

_CHANNEL = re.compile(r"[CDG][A-Z0-9]{2,30}")
_TS = re.compile(r"\d{1,12}\.\d{1,8}")
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,62}(?:\.enterprise)?")

OURS = "This is one of my own messages. To save what you heard, type /note and write it in your words."
ONLY_YOURS = "Only you can see this message, so nobody could follow a link to it. Type /note and what you heard."
NO_PLACE = "I cannot tell where this message stands. Type /note and what you heard."


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackMessage:
    """A message as Slack hands it to a message shortcut: all of it untrusted. `text` is in Slack's own writing.
    `author`: a Slack id, None for an app without one. `domain`: the workspace's, as in `domain.slack.com`."""

    channel: str
    ts: str
    thread_ts: str | None
    domain: str
    author: str | None
    author_name: str
    text: str
    is_app: bool
    is_ours: bool
    is_ephemeral: bool
    is_public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """`id` is what the form carries. `tells`: the author is told that it was saved. `text` is as people read it."""

    id: str
    author: str
    text: str
    is_private: bool
    is_own: bool
    tells: bool


def capture(tx: Transaction, by: str, message: SlackMessage) -> Captured:
    """Where the message stands and whose it is are kept until the form is sent off; its text is not.

    Raises NotAllowed, PersonUnknown, and Refused for messages of Lockstep's own and for those nobody else can see.
    """
    refuse(may_write(clicker(tx, by).person))
    if message.is_ephemeral:
        raise Refused(ONLY_YOURS)
    if message.is_ours:
        raise Refused(OURS)
    link = link_of(tx, message)
    if link is None:
        raise Refused(NO_PLACE)
    known = tx.people.by_slack_id(message.author) if message.author else None
    name = (known.name if known else message.author_name.strip()) or ("an app" if message.is_app else "somebody")
    quoted = Quoted(
        link=link,
        slack_id=None if message.is_app else message.author,
        name=name[:200],
        private=not message.is_public,
    )
    capture_id = tx.new_key()
    tx.seen.remember(
        SAVED_FROM,
        capture_id,
        {"link": quoted.link, "slack_id": quoted.slack_id, "name": quoted.name, "private": quoted.private},
    )
    is_own = message.author == by
    return Captured(
        id=capture_id,
        author=name,
        text=in_words(tx, message.text),
        is_private=quoted.private,
        is_own=is_own,
        tells=quoted.private and not is_own and quoted.slack_id is not None,
    )


def in_words(tx: Transaction, text: str) -> str:
    """What somebody wrote in Slack, with the names of the people it mentions."""
    found = {one: tx.people.by_slack_id(one) for one in sorted(people_in(text))[:50]}
    return readable(text, {one: person.name for one, person in found.items() if person is not None})


def link_of(tx: Transaction, message: SlackMessage) -> str | None:
    """Where the message stands, as https://docs.slack.dev/reference/methods/chat.getPermalink gives it; None where
    that cannot be told."""
    if not _CHANNEL.fullmatch(message.channel) or not _TS.fullmatch(message.ts):
        return None
    workspace = tx.config.workspace_url
    if workspace is None and _DOMAIN.fullmatch(message.domain):
        workspace = f"https://{message.domain}.slack.com"
    if workspace is None:
        return None
    link = f"{workspace.rstrip('/')}/archives/{message.channel}/p{message.ts.replace('.', '')}"
    thread = message.thread_ts
    if thread and thread != message.ts and _TS.fullmatch(thread):
        link += f"?thread_ts={thread}&cid={message.channel}"
    return link
