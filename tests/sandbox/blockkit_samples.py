"""Valid blocks, elements and views of every kind, as small as Slack takes them, to be bent by the tests."""

from typing import Any

Json = dict[str, Any]


def plain(text: str = "text") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "text") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str = "text", value: str = "value") -> Json:
    return {"text": plain(text), "value": value}


IMAGE: Json = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
RICH_TEXT: Json = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hello"}]}],
}

ELEMENTS: dict[str, Json] = {
    "button": {"text": plain()},
    "checkboxes": {"options": [option()]},
    "radio_buttons": {"options": [option()]},
    "datepicker": {},
    "timepicker": {},
    "datetimepicker": {},
    "overflow": {"options": [option()]},
    "static_select": {"options": [option()]},
    "multi_static_select": {"options": [option()]},
    "external_select": {},
    "multi_external_select": {},
    "users_select": {},
    "multi_users_select": {},
    "conversations_select": {},
    "multi_conversations_select": {},
    "channels_select": {},
    "multi_channels_select": {},
    "plain_text_input": {},
    "email_text_input": {},
    "url_text_input": {},
    "number_input": {"is_decimal_allowed": False},
    "file_input": {},
    "rich_text_input": {},
    "workflow_button": {"text": plain(), "workflow": {"trigger": {"url": "https://slack.com/shortcuts/x"}}},
    "feedback_buttons": {
        "positive_button": {"text": plain(), "value": "1"},
        "negative_button": {"text": plain(), "value": "0"},
    },
    "icon_button": {"icon": "trash", "text": plain()},
}

CELL: Json = {"type": "raw_text", "text": "x"}
CHART: Json = {
    "type": "bar",
    "series": [{"name": "s", "data": [{"label": "a", "value": 1}]}],
    "axis_config": {"categories": ["a"]},
}
BLOCKS: dict[str, Json] = {
    "section": {"text": mrkdwn()},
    "actions": {"elements": [{"type": "button", "text": plain()}]},
    "context": {"elements": [mrkdwn()]},
    "divider": {},
    "header": {"text": plain()},
    "image": {"image_url": "https://example.com/a.png", "alt_text": "a"},
    "input": {"label": plain(), "element": {"type": "plain_text_input"}},
    "rich_text": {"elements": RICH_TEXT["elements"]},
    "video": {
        "video_url": "https://example.com/v",
        "thumbnail_url": "https://example.com/t.png",
        "alt_text": "v",
        "title": plain(),
    },
    "markdown": {"text": "# text"},
    "table": {"rows": [[CELL]]},
    "data_table": {"rows": [[CELL], [CELL]], "caption": "c"},
    "data_visualization": {"title": "t", "chart": CHART},
    "card": {"title": mrkdwn()},
    "carousel": {"elements": [{"type": "card", "title": mrkdwn()}]},
    "container": {"title": plain(), "child_blocks": [{"type": "divider"}]},
    "alert": {"text": plain()},
    "context_actions": {"elements": [{"type": "icon_button", "icon": "trash", "text": plain()}]},
    "task_card": {"task_id": "1", "title": "t", "status": "complete"},
    "plan": {"title": "t", "tasks": [{"task_id": "1", "title": "t", "status": "pending"}]},
}
SURFACES: dict[str, set[str]] = {
    "message": set(BLOCKS) - {"alert"},
    "modal": {
        "section", "actions", "context", "divider", "header", "image", "input", "rich_text", "video", "card", "alert",
    },
    "home": {
        "section", "actions", "context", "divider", "header", "image", "input", "rich_text", "video", "card", "table",
        "data_table", "data_visualization", "carousel", "container",
    },
}  # fmt: skip


def block(kind: str, **changes: Any) -> Json:
    """A valid block of that type with some fields changed; a field set to None is left out."""
    return _bent({"type": kind, **BLOCKS[kind]}, changes)


def element(kind: str, **changes: Any) -> Json:
    """A valid element of that type with some fields changed."""
    return _bent({"type": kind, **ELEMENTS[kind]}, changes)


def modal(*blocks: Json, **changes: Any) -> Json:
    """A valid modal with a submit button."""
    view = {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks) or [block("divider")]}
    return _bent(view, changes)


def _bent(value: Json, changes: Json) -> Json:
    return {key: one for key, one in {**value, **changes}.items() if one is not None}
