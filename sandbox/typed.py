"""What a person types, as Slack stores it: escaped text with mentions, and its rich_text block."""

import re
from typing import Any

from sandbox.ids import block_id
from sandbox.world import World

Json = dict[str, Any]
_MENTION = re.compile(r"@([\w.\-]+)")
_CHANNEL = re.compile(r"#([\w\-]+)")
_TOKEN = re.compile(r"<(@U\w+|@W\w+|#C\w+|!here|!channel|!everyone)(?:\|[^>]*)?>")
_ESCAPED_TOKEN = re.compile(r"&lt;(@U\w+|#C\w+)&gt;")


def typed_text(world: World, raw: str) -> str:
    """The `text` of a message somebody typed: ``& < >`` escaped, ``@name`` and ``#channel`` turned into mentions.

    Mentions written in Slack's own way (``<@U…>``) are kept.
    """
    text = raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _ESCAPED_TOKEN.sub(r"<\1>", text)
    people = {person.handle.lower(): person.id for person in world.people.values()}
    people[world.bot.name.lower()] = world.bot.id
    return _MENTION.sub(lambda found: _person(people, found), text)


def escape_command(world: World, text: str) -> str:
    """A slash command's text for `should_escape`: ``<@U…|handle>`` and ``<#C…|name>`` for names that exist."""
    people = {person.handle.lower(): person for person in world.people.values()}
    channels = {place.name: place.id for place in world.places.values() if place.kind == "channel"}

    def mention(found: re.Match[str]) -> str:
        person = people.get(found[1].lower())
        return f"<@{person.id}|{person.handle}>" if person else found[0]

    def channel(found: re.Match[str]) -> str:
        return f"<#{channels[found[1]]}|{found[1]}>" if found[1] in channels else found[0]

    return _CHANNEL.sub(channel, _MENTION.sub(mention, text))


def typed_blocks(text: str) -> list[Json]:
    """The rich_text block Slack makes of a typed message; its texts are not escaped."""
    elements: list[Json] = []
    position = 0
    for found in _TOKEN.finditer(text):
        if found.start() > position:
            elements.append(_text(text[position : found.start()]))
        elements.append(_element(found[1]))
        position = found.end()
    if position < len(text):
        elements.append(_text(text[position:]))
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": block_id(), "elements": [section]}]


def _person(people: dict[str, str], found: re.Match[str]) -> str:
    name, tail = found[1], ""
    while name and name.lower() not in people and name[-1] in ".-":
        name, tail = name[:-1], name[-1] + tail
    user = people.get(name.lower())
    # `<@U…>` has been turned back already and matches here too; its name is nobody's.
    return f"<@{user}>{tail}" if user else found[0]


def _text(escaped: str) -> Json:
    plain = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return {"type": "text", "text": plain}


def _element(token: str) -> Json:
    if token.startswith("@"):
        return {"type": "user", "user_id": token[1:]}
    if token.startswith("#"):
        return {"type": "channel", "channel_id": token[1:]}
    return {"type": "broadcast", "range": token[1:]}
