"""The house's Block Kit builders: values in, plain dicts out, always within Slack's limits.

Words of people are `str` and become plain_text, cleaned and cut; formatted text is `Mrkdwn` and nothing else.
What is ours to get right (ids, how many options) raises ValueError; what comes from outside is cut, never
refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

from bot.views.untrusted import EMPTY, Mrkdwn, clean, clip, trusted

Block: TypeAlias = dict[str, Any]
Element: TypeAlias = dict[str, Any]
View: TypeAlias = dict[str, Any]
Style: TypeAlias = Literal["primary", "danger"]

TEXT_MAX = 3000
FIELD_MAX = 2000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100


def plain(text: str, limit: int = TEXT_MAX, *, emoji: bool = False, multiline: bool = False) -> dict[str, Any]:
    """A plain_text object; "–" for an empty text. `emoji` draws :names:, for words of ours only."""
    return {"type": "plain_text", "text": clean(text, limit, multiline=multiline) or EMPTY, "emoji": emoji}


def formatted(text: Mrkdwn, limit: int = TEXT_MAX) -> dict[str, Any]:
    """A mrkdwn object that Slack formats and does not search for links and names (`verbatim`)."""
    return {"type": "mrkdwn", "text": clip(text, limit) or EMPTY, "verbatim": True}


# ----------------------------------------------------------------------------------------------------- blocks
def section(
    text: Mrkdwn | None = None,
    *,
    fields: Sequence[Mrkdwn] = (),
    accessory: Element | None = None,
    block_id: str | None = None,
) -> Block:
    """Formatted text, up to ten fields in two columns, or both, with one element at the right."""
    if text is None and not fields:
        raise ValueError("A section needs text or fields.")
    if len(fields) > 10:
        raise ValueError(f"A section shows at most 10 fields, not {len(fields)}.")
    return _with(
        {"type": "section"},
        text=None if text is None else formatted(text),
        fields=[formatted(one, FIELD_MAX) for one in fields] or None,
        accessory=accessory,
        block_id=_id(block_id),
    )


def plain_section(
    text: str, limit: int = TEXT_MAX, *, accessory: Element | None = None, block_id: str | None = None
) -> Block:
    """A person's words without any formatting, line ends kept."""
    return _with(
        {"type": "section", "text": plain(text, limit, multiline=True)},
        accessory=accessory,
        block_id=_id(block_id),
    )


def preformatted(text: str) -> Block:
    """Text of ours to be copied as it stands: Slack formats nothing in it and escapes nothing."""
    inner = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [inner]}


def context(*items: Mrkdwn, block_id: str | None = None) -> Block:
    """One to ten small grey texts in a row."""
    if not 1 <= len(items) <= 10:
        raise ValueError(f"A context shows 1 to 10 texts, not {len(items)}.")
    return _with({"type": "context", "elements": [formatted(one) for one in items]}, block_id=_id(block_id))


def header(text: str, *, block_id: str | None = None) -> Block:
    """A headline of at most 150 characters, in plain text."""
    return _with({"type": "header", "text": plain(text, 150)}, block_id=_id(block_id))


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Element, block_id: str | None = None) -> Block:
    """1 to 25 buttons, menus or pickers in a row."""
    if not 1 <= len(elements) <= 25:
        raise ValueError(f"A row of actions holds 1 to 25 elements, not {len(elements)}.")
    return _with({"type": "actions", "elements": list(elements)}, block_id=_id(block_id))


def input_block(
    block_id: str,
    label: str,
    element: Element,
    *,
    hint: str | None = None,
    optional: bool = False,
    dispatch_action: bool = False,
) -> Block:
    """A labelled field of a form. `dispatch_action` sends block_actions on every change."""
    return _with(
        {"type": "input", "block_id": _id(block_id), "label": plain(label, 2000), "element": element},
        hint=None if hint is None else plain(hint, 2000),
        optional=optional or None,
        dispatch_action=dispatch_action or None,
    )


# --------------------------------------------------------------------------------------------------- elements
def button(
    text: str,
    action_id: str,
    value: str | None = None,
    *,
    style: Style | None = None,
    url: str | None = None,
    confirm: dict[str, Any] | None = None,
    accessibility_label: str | None = None,
) -> Element:
    """A button. `url` must have passed `bot.views.links.is_linkable`; its click is sent to us as well."""
    if url is not None and not url.startswith("https://"):
        raise ValueError("A button links to https addresses only.")
    return _with(
        {"type": "button", "action_id": _id(action_id), "text": plain(text, 75, emoji=True)},
        value=_bounded(value, 2000, "value of a button"),
        style=style,
        url=_bounded(url, 3000, "url of a button"),
        confirm=confirm,
        accessibility_label=None if accessibility_label is None else clean(accessibility_label, 75) or EMPTY,
    )


def option(text: str, value: str, *, description: str | None = None, url: str | None = None) -> dict[str, Any]:
    """One choice: `text` and `description` at most 75 characters, `value` (an id of ours) at most 150."""
    if not value:
        raise ValueError(f"The option {text!r} needs a value.")
    return _with(
        {"text": plain(text, 75), "value": _bounded(value, 150, "value of an option")},
        description=plain(description, 75) if description else None,
        url=_bounded(url, 3000, "url of an option"),
    )


def overflow(action_id: str, options: Sequence[dict[str, Any]], *, confirm: dict[str, Any] | None = None) -> Element:
    """The three-dot menu with 1 to 5 options."""
    return _with({"type": "overflow", "action_id": _id(action_id), "options": _few(options, 5)}, confirm=confirm)


def radio_buttons(
    action_id: str, options: Sequence[dict[str, Any]], *, initial: str | None = None, focus: bool = False
) -> Element:
    """1 to 10 options of which one is chosen; `initial` is the value of the chosen one."""
    return _with(
        {"type": "radio_buttons", "action_id": _id(action_id), "options": _few(options, 10)},
        initial_option=_chosen(options, initial),
        focus_on_load=focus or None,
    )


def static_select(
    action_id: str,
    options: Sequence[dict[str, Any]],
    *,
    placeholder: str | None = None,
    initial: str | None = None,
    focus: bool = False,
) -> Element:
    """A menu of 1 to 100 options; `initial` is the value of the chosen one."""
    return _with(
        {"type": "static_select", "action_id": _id(action_id), "options": _few(options, 100)},
        placeholder=None if placeholder is None else plain(placeholder, 150),
        initial_option=_chosen(options, initial),
        focus_on_load=focus or None,
    )


def grouped_select(
    action_id: str,
    groups: Sequence[tuple[str, Sequence[dict[str, Any]]]],
    *,
    placeholder: str | None = None,
    initial: str | None = None,
) -> Element:
    """A menu of 1 to 100 groups under a label each, with 1 to 100 options in a group."""
    built = [{"label": plain(label, 75), "options": _few(options, 100)} for label, options in groups]
    return _with(
        {"type": "static_select", "action_id": _id(action_id), "option_groups": _few(built, 100)},
        placeholder=None if placeholder is None else plain(placeholder, 150),
        initial_option=_chosen([one for _, options in groups for one in options], initial),
    )


def datepicker(
    action_id: str, *, initial: date | str | None = None, placeholder: str | None = None, focus: bool = False
) -> Element:
    """A calendar; `initial` is a date or its ISO form."""
    return _with(
        {"type": "datepicker", "action_id": _id(action_id)},
        initial_date=initial.isoformat() if isinstance(initial, date) else initial,
        placeholder=None if placeholder is None else plain(placeholder, 150),
        focus_on_load=focus or None,
    )


def plain_text_input(
    action_id: str,
    *,
    multiline: bool = False,
    initial: str | None = None,
    placeholder: str | None = None,
    min_length: int | None = None,
    max_length: int = TEXT_MAX,
    focus: bool = False,
) -> Element:
    """A field to type into; takes at most `max_length` (1 to 3000) characters."""
    if not 1 <= max_length <= TEXT_MAX:
        raise ValueError(f"A text field takes 1 to {TEXT_MAX} characters, not {max_length}.")
    return _with(
        {"type": "plain_text_input", "action_id": _id(action_id), "max_length": max_length},
        multiline=multiline or None,
        initial_value=clean(initial, max_length, multiline=multiline) or None if initial else None,
        placeholder=None if placeholder is None else plain(placeholder, 150),
        min_length=min_length,
        focus_on_load=focus or None,
    )


def confirm(title: str, text: Mrkdwn, yes: str, no: str, *, style: Style | None = None) -> dict[str, Any]:
    """The question asked before a click counts."""
    return _with(
        {
            "title": plain(title, 100),
            "text": formatted(text, 300),
            "confirm": plain(yes, 30),
            "deny": plain(no, 30),
        },
        style=style,
    )


# ------------------------------------------------------------------------------------------------------ views
def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str = "Cancel",
    private_metadata: str | None = None,
    external_id: str | None = None,
    notify_on_close: bool = False,
) -> View:
    """A form. Raises ValueError above 100 blocks: a form that was cut could not be filled in."""
    if not 1 <= len(blocks) <= VIEW_BLOCKS:
        raise ValueError(f"A form holds 1 to {VIEW_BLOCKS} blocks, not {len(blocks)}.")
    if submit is None and any(block["type"] == "input" for block in blocks):
        raise ValueError("A form with fields needs a submit button.")
    return _with(
        {
            "type": "modal",
            "callback_id": _id(callback_id),
            "title": plain(title, 24),
            "close": plain(close, 24),
            "blocks": list(blocks),
        },
        submit=None if submit is None else plain(submit, 24),
        private_metadata=_bounded(private_metadata, 3000, "private_metadata"),
        external_id=_bounded(external_id, 255, "external_id"),
        notify_on_close=notify_on_close or None,
    )


def home(blocks: Sequence[Block], *, private_metadata: str | None = None) -> View:
    """A Home tab, cut visibly to 100 blocks."""
    return _with(
        {"type": "home", "blocks": fit(blocks, VIEW_BLOCKS)},
        private_metadata=_bounded(private_metadata, 3000, "private_metadata"),
    )


def fit(blocks: Sequence[Block], maximum: int = MESSAGE_BLOCKS) -> list[Block]:
    """At most `maximum` blocks; when some had to go, the last one says so."""
    if len(blocks) <= maximum:
        return list(blocks)
    return [*blocks[: maximum - 1], context(trusted("_There is more than fits here._"))]


def _with(built: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """The object with those optional fields that have a value: Slack refuses null."""
    return built | {name: value for name, value in optional.items() if value is not None}


def _id(value: str | None) -> str | None:
    return _bounded(value, 255, "id")


def _bounded(value: str | None, limit: int, what: str) -> str | None:
    if value is not None and len(value) > limit:
        raise ValueError(f"The {what} has {len(value)} characters; Slack takes {limit}.")
    return value


def _few(options: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    if not 1 <= len(options) <= most:
        raise ValueError(f"This menu takes 1 to {most} options, not {len(options)}.")
    return list(options)


def _chosen(options: Sequence[dict[str, Any]], value: str | None) -> dict[str, Any] | None:
    return next((one for one in options if one["value"] == value), None)
