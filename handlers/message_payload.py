"""A message in Slack on which somebody chose a shortcut, read once: whose it is, where it stands, and what it says,
whether it stands in its text, its blocks, what it forwards, or the names of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.services.note_messages import SlackMessage
from handlers.payloads import Click, Payload, Unreadable, shortcut

LONGEST = 40_000
"""Characters of a message in Slack."""
DEEPEST = 12
"""Blocks within blocks."""

_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_TEXTS = frozenset({"plain_text", "mrkdwn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OnMessage:
    """A message shortcut. `click` can be answered by a form, or privately where the message stands."""

    click: Click
    channel: str
    channel_name: str
    message: Payload
    domain: str

    @property
    def is_surely_private(self) -> bool:
        """A direct message, to one or several, or a private channel of the old kind."""
        named = self.channel_name in ("directmessage", "privategroup") or self.channel_name.startswith("mpdm-")
        return named or not self.channel.startswith("C")


def message_shortcut(payload: Payload) -> OnMessage:
    """A message_action payload. Raises Unreadable."""
    channel, message = _mapping(payload, "channel"), _mapping(payload, "message")
    return OnMessage(
        click=shortcut(payload),
        channel=_short(channel, "id"),
        channel_name=_short(channel, "name"),
        message=message,
        domain=_short(_mapping(payload, "team"), "domain"),
    )


def read_message(found: OnMessage, *, is_public: bool, bot_user_id: str) -> SlackMessage:
    """The message, as use cases take it; `bot_user_id` is our own."""
    message = found.message
    author = _short(message, "user")
    bot_id = _short(message, "bot_id")
    is_app = bool(bot_id) or message.get("subtype") == "bot_message"
    profile = _mapping(message, "bot_profile" if is_app else "user_profile")
    name = _short(profile, "name") or _short(profile, "real_name") or _short(message, "username")
    return SlackMessage(
        channel=found.channel,
        ts=_short(message, "ts"),
        thread_ts=_short(message, "thread_ts") or None,
        domain=found.domain,
        author=author if _USER.fullmatch(author) else None,
        author_name=name[:200],
        text=text_of(message),
        is_app=is_app,
        is_ours=author == bot_user_id,
        is_ephemeral=message.get("is_ephemeral") is True,
        is_public=is_public,
    )


def text_of(message: Payload) -> str:
    """What the message says, in Slack's own writing, at most LONGEST characters: its text; where it has none, that of
    its blocks and of what it forwards; and the names of its files."""
    said = _storable(message.get("text"))
    parts = [said] if said.strip() else [*_of_blocks(message.get("blocks")), *_of_attachments(message)]
    parts += [f"[{name}]" for name in _file_names(message)]
    return "\n".join(part for part in parts if part.strip())[:LONGEST]


def _of_attachments(message: Payload) -> Iterator[str]:
    for one in _list(message.get("attachments")):
        if not isinstance(one, Mapping):
            continue
        for name in ("pretext", "title", "text"):
            yield _storable(one.get(name))
        blocks = list(_of_blocks(one.get("blocks"))) + list(_of_blocks(one.get("message_blocks")))
        yield from blocks
        if not blocks and not any(one.get(name) for name in ("pretext", "title", "text")):
            yield _storable(one.get("fallback"))


def _of_blocks(blocks: object) -> Iterator[str]:
    for block in _list(blocks):
        if isinstance(block, Mapping):
            yield "".join(_of_element(block, DEEPEST)).strip()


def _of_element(element: Payload, room: int) -> Iterator[str]:
    """Every text in an element, whatever holds it: in `text`, `fields` and `elements`."""
    if room == 0:
        return
    kind, text = element.get("type"), element.get("text")
    if isinstance(text, Mapping):
        yield from _of_element(text, room - 1)
    elif isinstance(text, str):
        # Of rich text it is plain, elsewhere in Slack's writing.
        yield _storable(text) if kind in _TEXTS else _escaped(_storable(text))
    elif kind == "link":
        yield _escaped(_storable(element.get("url")))
    elif kind == "user":
        yield f"<@{_short(element, 'user_id')}>"
    elif kind == "channel":
        yield f"<#{_short(element, 'channel_id')}>"
    elif kind == "emoji":
        yield f":{_short(element, 'name')}:"
    elif kind == "broadcast":
        yield f"<!{_short(element, 'range')}>"
    for name in ("fields", "elements"):
        for inner in _list(element.get(name)):
            if isinstance(inner, Mapping):
                yield from _of_element(inner, room - 1)
    if kind in ("rich_text_section", "rich_text_preformatted", "rich_text_quote") or kind in _TEXTS:
        yield "\n"


def _file_names(message: Payload) -> Iterator[str]:
    for one in _list(message.get("files")):
        if isinstance(one, Mapping):
            yield _storable(one.get("title") or one.get("name"))[:200] or "file"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _storable(value: object) -> str:
    """The text, without what a database refuses; "" for anything else."""
    if not isinstance(value, str):
        return ""
    return value[:LONGEST].replace("\x00", "").encode("utf-8", "ignore").decode()


def _short(payload: Payload, name: str) -> str:
    return _storable(payload.get(name))[:255]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(payload: Payload, name: str) -> Payload:
    found = payload.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise Unreadable(name)
    return found
