"""The blocks everybody uses: section, actions, context, header, image, input and their like."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.blockkit import elements
from sandbox.blockkit.objects import TEXT_MAX, image_source, image_url, plain_text, text, text_shapes, url
from sandbox.blockkit.problem import Path
from sandbox.blockkit.rich_text import elements as rich_text_elements
from sandbox.blockkit.rules import (
    Check,
    Rule,
    Walk,
    any_type,
    array,
    at_least_one,
    boolean,
    exactly_one,
    shape,
    string,
    typed,
)

MARKDOWN_MAX = 12_000

_block_id_text = string(255, 1)


def block_id(walk: Walk, value: object, path: Path) -> None:
    """1 to 255 characters, used once in the message or view."""
    _block_id_text(walk, value, path)
    if isinstance(value, str):
        if value in walk.block_ids:
            walk.fail(path, f"`block_id` {value} already exists for another block", "unique")
        walk.block_ids.add(value)


block_fields: dict[str, Rule] = {"type": any_type, "block_id": block_id}


def block(fields: Mapping[str, Rule], required: tuple[str, ...] = (), *checks: Check) -> Rule:
    """A block: its own fields beside `type` and `block_id`; no action_id stands twice in it."""
    rule = shape({**block_fields, **fields}, required, *checks)

    def check(walk: Walk, value: object, path: Path) -> None:
        outer, walk.action_ids = walk.action_ids, set()
        rule(walk, value, path)
        walk.action_ids = outer

    return check


def _markdown_text(walk: Walk, value: object, path: Path) -> None:
    """1 to 12 000 characters, which all markdown blocks of one payload share."""
    _markdown_one(walk, value, path)
    if isinstance(value, str):
        before, walk.markdown_chars = walk.markdown_chars, walk.markdown_chars + len(value)
        if before <= MARKDOWN_MAX < walk.markdown_chars and len(value) <= MARKDOWN_MAX:
            walk.fail(
                path,
                f"all markdown blocks together must be less than {MARKDOWN_MAX + 1} characters",
                "max_length",
                MARKDOWN_MAX,
            )


_markdown_one = string(MARKDOWN_MAX, 1)


def _note_input(walk: Walk, value: Mapping[str, object], path: Path) -> None:
    walk.has_input = True


section = block(
    {
        "text": text(TEXT_MAX),
        "fields": array(text(2000), 1, 10),
        "accessory": elements.element(elements.IN_SECTION),
        "expand": boolean,
    },
    (),
    at_least_one("text", "fields"),
)
actions = block({"elements": array(elements.element(elements.IN_ACTIONS), 1, 25)}, ("elements",))

context = block(
    {"elements": array(typed({"image": elements.SHAPES["image"], **text_shapes(TEXT_MAX)}), 1, 10)},
    ("elements",),
)
divider = block({})
header = block({"text": plain_text(150)}, ("text",))
image = block({**image_source, "title": plain_text(2000)}, ("alt_text",), exactly_one("image_url", "slack_file"))
input_block = block(
    {
        "label": plain_text(2000),
        "hint": plain_text(2000),
        "element": elements.element(elements.IN_INPUT),
        "optional": boolean,
        "dispatch_action": boolean,
    },
    ("label", "element"),
    _note_input,
)
rich_text = block({"elements": rich_text_elements}, ("elements",))
markdown = block({"text": _markdown_text}, ("text",))
video = block(
    {
        "video_url": url,
        "thumbnail_url": image_url,
        "alt_text": string(2000, 1),
        "title": plain_text(199),
        "title_url": string(2000, 1),
        "author_name": string(49),
        "provider_name": string(50),
        "provider_icon_url": string(2000, 1),
        "description": plain_text(200),
    },
    ("video_url", "thumbnail_url", "alt_text", "title"),
)
context_actions = block({"elements": array(elements.element(elements.IN_CONTEXT_ACTIONS), 1, 5)}, ("elements",))
