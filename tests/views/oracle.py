"""What a reader of Slack would be exposed to: every text that is shown, and every link or mention in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.ports import Message
from sandbox.blockkit import interactive_elements, validate_blocks, validate_message, validate_view
from tests.views.samples import CRM_URL, OWNER

Shown = Message | dict[str, Any]

OURS = re.compile(
    r"<!date\^-?\d+\^\{date_short_pretty\} at \{time\}\|[^<>|]+>"
    r"|<!date\^-?\d+\^\{time\} \{date_short_pretty\}\|[^<>|]+>"
    r"|<https://brightwater\.slack\.com/archives/D012345/p1700000000000100\|Open its card>"
    r"|<https://brightwater\.slack\.com/archives/D01/p1700000000000100\|(?:Your message|the message)>"
    r"|<https://brightwater\.slack\.com/archives/C0SALES01/p1700000000000100\|[^<>|]+>"
    "|<https://content\\.example\\.com/[^<>|]*\\|Open on content\\.\u2060example\\.\u2060com>"
    r"|<tel:\+[1-9][0-9]{6,14}\|[^<>|]+>"
    r"|<mailto:[A-Za-z0-9._+\-]+@[A-Za-z0-9.\-]+\|[^<>|]+>"
    rf"|<@{OWNER}>"
    r"|<#C0(?:POOL|MIRROR)>"
)
"""The only links and mentions that views make."""
BROADCASTS = ("<!channel", "<!here", "<!everyone", "<!subteam", "<#")
BARE = re.compile(r"https?://|www\.\w|(?<![\w\u2060])@\w|:[a-z_]+:", re.IGNORECASE)
"""What clients link, expand or draw on their own, outside our own tokens."""


def blocks_of(shown: Shown) -> list[dict[str, Any]]:
    return list(shown.blocks) if isinstance(shown, Message) else list(shown["blocks"])


def texts(shown: Shown) -> Iterator[tuple[str, str]]:
    """(type, text) of every text object; a message's own text counts as mrkdwn."""
    if isinstance(shown, Message):
        yield "mrkdwn", shown.text
    yield from _texts(list(shown.blocks) if isinstance(shown, Message) else shown)


def _texts(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "plain_text") and isinstance(value.get("text"), str):
            yield value["type"], value["text"]
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def words(shown: Shown) -> str:
    """Everything shown, as one text."""
    return "\n".join(text for _, text in texts(shown))


def action_ids(shown: Shown) -> list[str]:
    return [str(element.get("action_id")) for _, element in interactive_elements(blocks_of(shown))]


def options_of(shown: Shown, action_id: str) -> list[str]:
    """The texts of the options of the first menu with this action id."""
    for _, element in interactive_elements(blocks_of(shown)):
        if element.get("action_id") == action_id:
            return [option["text"]["text"] for option in element["options"]]
    return []


def block_ids(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if "block_id" in block]


def assert_slack_takes(shown: Shown) -> None:
    """The limits of Slack, by the sandbox's rules; and chat.update's limit of 4,000 characters of text."""
    if isinstance(shown, Message):
        assert validate_blocks(list(shown.blocks)) == []
        assert validate_message({"text": shown.text, "blocks": list(shown.blocks)}) == []
        assert 1 <= len(shown.text) <= 4000
        json.dumps({"text": shown.text, "blocks": list(shown.blocks)}).encode()
    else:
        assert validate_view(shown) == []


def assert_harmless(shown: Shown) -> None:
    """Nobody is pinged, nothing is linked and no line is forged by text that is not ours."""
    for kind, text in texts(shown):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u0000-\u0008]", text), text
        if kind == "plain_text":
            continue
        rest = OURS.sub("", text)
        assert "<" not in rest, text
        assert ">" not in rest, text
        for broadcast in BROADCASTS:
            assert broadcast not in rest, text
        assert not BARE.search(rest), text
    for url in _urls(blocks_of(shown)):
        assert url == CRM_URL, url


def _urls(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("url", "image_url") and isinstance(inner, str):
                yield inner
            yield from _urls(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _urls(inner)
