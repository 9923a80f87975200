"""Blocks of 2025 and 2026 that frame other content: card, carousel, container, alert, task_card and plan."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.blockkit import blocks, data_blocks, elements
from sandbox.blockkit.blocks import block, block_fields
from sandbox.blockkit.objects import image, plain_text, text, url
from sandbox.blockkit.problem import Path
from sandbox.blockkit.rich_text import rich_text
from sandbox.blockkit.rules import (
    Rule,
    Walk,
    any_type,
    array,
    at_least_one,
    boolean,
    one_of,
    shape,
    string,
    typed,
)


def _one_icon(walk: Walk, value: Mapping[str, object], path: Path) -> None:
    if "icon" in value and "slack_icon" in value:
        walk.fail(path, "`icon` and `slack_icon` cannot both be provided", "exactly_one_of", ["icon", "slack_icon"])


card = block(
    {
        "hero_image": image,
        "icon": image,
        "slack_icon": typed({"icon": shape({"type": any_type, "name": string(minimum=1)}, ("name",))}),
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": array(typed({"button": elements.button}), 1, 3),
    },
    (),
    at_least_one("hero_image", "title", "actions", "body"),
    _one_icon,
)
carousel = block({"elements": array(typed({"card": card}), 1, 10)}, ("elements",))


def _collapsing(walk: Walk, value: Mapping[str, object], path: Path) -> None:
    collapsible = value.get("is_collapsible") is True
    if value.get("default_collapsed") is True and not collapsible:
        walk.fail((path, "default_collapsed"), "requires `is_collapsible` to be true", "requires", "is_collapsible")
    if value.get("has_header_divider") is True and collapsible:
        message = "is allowed only when `is_collapsible` is not true"
        walk.fail((path, "has_header_divider"), message, "excludes", "is_collapsible")


_CHILDREN: dict[str, Rule] = {
    "actions": blocks.actions,
    "context": blocks.context,
    "divider": blocks.divider,
    "header": blocks.header,
    "image": blocks.image,
    "input": blocks.input_block,
    "rich_text": blocks.rich_text,
    "section": blocks.section,
    "table": data_blocks.table,
    "video": blocks.video,
}
container = block(
    {
        "title": plain_text(150),
        "rich_text_title": rich_text,
        "subtitle": text(150),
        "child_blocks": array(typed(_CHILDREN), 1, 10),
        "width": one_of("narrow", "standard", "wide", "full"),
        "icon": image,
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    ("child_blocks",),
    at_least_one("title", "rich_text_title"),
    _collapsing,
)

alert = block({"text": text(200), "level": one_of("default", "info", "warning", "error", "success")}, ("text",))

_source = typed({"url": shape({"type": any_type, "url": url, "text": string(minimum=1)}, ("url", "text"))})
_task: dict[str, Rule] = {
    "task_id": string(minimum=1),
    "title": string(minimum=1),
    "details": rich_text,
    "output": rich_text,
    "sources": array(_source),
}
# A task on its own is being worked on or done; only a plan has tasks that wait.
task_card = block({**_task, "status": one_of("in_progress", "complete", "error")}, ("task_id", "title", "status"))
_planned = shape(
    {**block_fields, **_task, "status": one_of("pending", "in_progress", "complete", "error")},
    ("task_id", "title", "status"),
)


def _unique_tasks(walk: Walk, value: Mapping[str, object], path: Path) -> None:
    seen: set[object] = set()
    tasks = value.get("tasks")
    for index, task in enumerate(tasks if isinstance(tasks, list) else ()):
        identity = task.get("task_id") if isinstance(task, Mapping) else None
        if isinstance(identity, str):
            if identity in seen:
                walk.fail((((path, "tasks"), index), "task_id"), "task_id must be unique in its plan", "unique")
            seen.add(identity)


plan = block({"title": string(minimum=1), "tasks": array(_planned, 0, 50)}, ("title",), _unique_tasks)
