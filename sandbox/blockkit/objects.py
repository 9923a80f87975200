"""Composition objects: text, options, confirmation dialogs, filters, images."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.blockkit.problem import Path
from sandbox.blockkit.rules import (
    Rule,
    Walk,
    any_type,
    array,
    at_least_one,
    boolean,
    exactly_one,
    one_of,
    shape,
    string,
    typed,
)

TEXT_MAX = 3000
OPTION_TEXT_MAX = 75
OPTION_VALUE_MAX = 150
URL_MAX = 3000

# A scheme and something behind it. How far Slack parses one is not documented: only what is none is refused.
URL = r"[A-Za-z][A-Za-z0-9+.\-]*:\S+"
HTTP_URL = r"https?://\S+"


def text_shapes(maximum: int) -> dict[str, Rule]:
    """The two text objects of 1 to `maximum` characters, by their type."""
    words = string(maximum, 1)
    return {
        "plain_text": shape({"type": any_type, "text": words, "emoji": boolean}, ("text",)),
        "mrkdwn": shape({"type": any_type, "text": words, "verbatim": boolean}, ("text",)),
    }


def plain_text(maximum: int = TEXT_MAX) -> Rule:
    """A plain_text object of 1 to `maximum` characters."""
    return typed({"plain_text": text_shapes(maximum)["plain_text"]})


def mrkdwn(maximum: int = TEXT_MAX) -> Rule:
    """A mrkdwn object of 1 to `maximum` characters."""
    return typed({"mrkdwn": text_shapes(maximum)["mrkdwn"]})


def text(maximum: int = TEXT_MAX) -> Rule:
    """A plain_text or mrkdwn object of 1 to `maximum` characters."""
    return typed(text_shapes(maximum))


style = one_of("primary", "danger")
url = string(URL_MAX, 1, URL, "URL")
image_url = string(URL_MAX, 1, HTTP_URL, "image URL")

confirm = shape(
    {
        "title": plain_text(100),
        "text": text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
        "style": style,
    },
    ("title", "text", "confirm", "deny"),
)

slack_file = shape({"id": string(minimum=1), "url": string(URL_MAX, 1)}, (), exactly_one("id", "url"))

image_source: dict[str, Rule] = {
    "type": any_type,
    "image_url": image_url,
    "slack_file": slack_file,
    "alt_text": string(2000, 1),
}
image_element = shape(image_source, ("alt_text",), exactly_one("image_url", "slack_file"))
image = typed({"image": image_element})


def option(label: Rule, with_url: bool = False) -> Rule:
    """An option whose text keeps the rule `label`; `url` exists in overflow menus only."""
    fields: dict[str, Rule] = {
        "text": label,
        "value": string(OPTION_VALUE_MAX, 1),
        "description": plain_text(75),
    }
    if with_url:
        fields["url"] = url
    return shape(fields, ("text", "value"))


plain_option = option(plain_text(OPTION_TEXT_MAX))
marked_option = option(text(OPTION_TEXT_MAX))  # checkboxes and radio buttons also take mrkdwn
overflow_option = option(plain_text(OPTION_TEXT_MAX), with_url=True)

option_group = shape(
    {"label": plain_text(75), "options": array(plain_option, 1, 100)},
    ("label", "options"),
)

conversation_filter = shape(
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    (),
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)

dispatch_action_config = shape(
    {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)},
)


def _bare(choice: object) -> object:
    """An option without the flags that do not change what it says (emoji, verbatim)."""
    if not isinstance(choice, Mapping):
        return choice
    return {
        key: {k: v for k, v in item.items() if k not in ("emoji", "verbatim")} if isinstance(item, Mapping) else item
        for key, item in choice.items()
    }


def initial_among_options(walk: Walk, value: Mapping[str, object], path: Path) -> None:
    """`initial_option(s)` must each be one of the options, word for word."""
    choices = _options_of(value)
    initial = value.get("initial_option")
    if initial is not None and _bare(initial) not in choices:
        walk.fail((path, "initial_option"), "must match one of the options", "initial_option")
    several = value.get("initial_options")
    if isinstance(several, list):
        for index, one in enumerate(several):
            if _bare(one) not in choices:
                place = ((path, "initial_options"), index)
                walk.fail(place, "must match one of the options", "initial_option")


def _options_of(value: Mapping[str, object]) -> list[object]:
    found: list[object] = []
    options = value.get("options")
    if isinstance(options, list):
        found += [_bare(one) for one in options]
    groups = value.get("option_groups")
    for group in groups if isinstance(groups, list) else ():
        inner = group.get("options") if isinstance(group, Mapping) else None
        if isinstance(inner, list):
            found += [_bare(one) for one in inner]
    return found


def options_or_groups(minimum: int, maximum: int) -> dict[str, Rule]:
    """The two fields of a static select: options xor option_groups (the xor is `exactly_one`'s)."""
    return {
        "options": array(plain_option, minimum, maximum),
        "option_groups": array(option_group, minimum, maximum),
    }
