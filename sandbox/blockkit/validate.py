"""The three questions: are these blocks, this view, this message what Slack would take?"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sandbox.blockkit import blocks, composed_blocks, data_blocks
from sandbox.blockkit.objects import plain_text
from sandbox.blockkit.problem import Path, Problem
from sandbox.blockkit.rules import Rule, Surface, Walk, any_type, array, boolean, shape, string, typed

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
ATTACHMENTS = 100

_EVERYWHERE: dict[str, Rule] = {
    "section": blocks.section,
    "actions": blocks.actions,
    "context": blocks.context,
    "divider": blocks.divider,
    "header": blocks.header,
    "image": blocks.image,
    "input": blocks.input_block,
    "rich_text": blocks.rich_text,
    "video": blocks.video,
    "card": composed_blocks.card,
}
_MESSAGE_AND_HOME: dict[str, Rule] = {
    "table": data_blocks.table,
    "data_table": data_blocks.data_table,
    "data_visualization": data_blocks.data_visualization,
    "carousel": composed_blocks.carousel,
    "container": composed_blocks.container,
}
BLOCKS_OF: dict[Surface, dict[str, Rule]] = {
    "message": {
        **_EVERYWHERE,
        **_MESSAGE_AND_HOME,
        "markdown": blocks.markdown,
        "context_actions": blocks.context_actions,
        "task_card": composed_blocks.task_card,
        "plan": composed_blocks.plan,
    },
    "modal": {**_EVERYWHERE, "alert": composed_blocks.alert},
    "home": {**_EVERYWHERE, **_MESSAGE_AND_HOME},
}
_ANY_BLOCK: dict[Surface, Rule] = {surface: typed(known) for surface, known in BLOCKS_OF.items()}
_BLOCKS: dict[Surface, Rule] = {
    "message": array(_ANY_BLOCK["message"], 0, MESSAGE_BLOCKS),
    "modal": array(_ANY_BLOCK["modal"], 1, VIEW_BLOCKS),
    "home": array(_ANY_BLOCK["home"], 1, VIEW_BLOCKS),
}


def validate_blocks(value: object, surface: Surface = "message") -> list[Problem]:
    """All broken rules of an array of blocks on that surface; empty when Slack would take it.

    Pointers start at the array: "/0/text/text".
    """
    walk = Walk(surface)
    _BLOCKS[surface](walk, value, None)
    return walk.problems


def _view_shape(surface: Surface, **fields: Rule) -> Rule:
    return shape(
        {
            "type": any_type,
            "blocks": _BLOCKS[surface],
            "private_metadata": string(3000),
            "callback_id": string(255),
            "external_id": string(255),
            **fields,
        },
        ("blocks", *(("title",) if surface == "modal" else ())),
    )


_MODAL = _view_shape(
    "modal",
    title=plain_text(24),
    submit=plain_text(24),
    close=plain_text(24),
    clear_on_close=boolean,
    notify_on_close=boolean,
    submit_disabled=boolean,
)
_HOME = _view_shape("home")
_VIEW = typed({"modal": _MODAL, "home": _HOME})


def validate_view(view: object) -> list[Problem]:
    """All broken rules of a modal or home view; empty when `views.*` would take it.

    Pointers start at the view: "/title/text", "/blocks/0/label". A view above 250 kB is one problem whose
    constraint has the type "view_too_large", because `views.*` has its own error code for it.
    """
    surface: Surface = "home" if isinstance(view, Mapping) and view.get("type") == "home" else "modal"
    walk = Walk(surface)
    _VIEW(walk, view, None)
    if isinstance(view, Mapping):
        if surface == "modal" and walk.has_input and "submit" not in view:
            walk.fail(None, "missing required field: submit", "required", "submit")
        size = len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
        if size > VIEW_BYTES:
            walk.fail(None, f"view must be less than {VIEW_BYTES + 1} bytes", "view_too_large", VIEW_BYTES)
    return walk.problems


def validate_message(message: object) -> list[Problem]:
    """All broken rules of a message's `blocks` and `attachments`; everything else in it is left alone.

    Pointers start at the message: "/blocks/0/text". A block_id is unique over blocks and attachments.
    """
    walk = Walk("message")
    if not isinstance(message, Mapping):
        walk.fail(None, "must provide an object", "type", "object")
        return walk.problems
    if "blocks" in message:
        _BLOCKS["message"](walk, message["blocks"], (None, "blocks"))
    if "attachments" in message:
        _ATTACHMENTS(walk, message["attachments"], (None, "attachments"))
    return walk.problems


def _attachment(walk: Walk, value: object, path: Path) -> None:
    if not isinstance(value, Mapping):
        walk.fail(path, "must provide an object", "type", "object")
        return
    for key, rule in _ATTACHMENT_FIELDS.items():
        if key in value:
            rule(walk, value[key], (path, key))


_ATTACHMENT_FIELDS: dict[str, Rule] = {
    "blocks": _BLOCKS["message"],
    "footer": string(300),
    "actions": array(any_type, 0, 5),
}
_ATTACHMENTS = array(_attachment, 0, ATTACHMENTS)
