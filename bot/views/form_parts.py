"""What the forms about a lead share: inputs by their block id, long lists of choices, errors by field."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Any

from bot.errors import FormError
from bot.services.forms import Choice
from bot.views.blocks import (
    Block,
    Element,
    context,
    grouped_select,
    input_block,
    option,
    plain_text_input,
    section,
    static_select,
)
from bot.views.ids import ActionId, BlockId
from bot.views.lead_lines import who
from bot.views.pickers import multi_grouped_select, multi_static_select
from bot.views.untrusted import mrkdwn

LISTED = 100
"""Options of one menu or of one group in it, and groups of one menu: Slack's limits."""
LONGEST_MENU = 180_000
"""Bytes of a menu's options: Slack takes forms of 250 kB. About 1,000 people."""
NOTE_MAX = 1000
"""Characters of a comment or a note."""


def lead_section(name: str, company: str | None, *, accessory: Element | None = None) -> Block:
    """Which lead the form is about."""
    return section(who(name, None, company), accessory=accessory)


def choice_input(
    block_id: str,
    label: str,
    choices: Sequence[Choice],
    *,
    placeholder: str,
    nothing: str,
    optional: bool,
    hint: str | None = None,
    initial: str | None = None,
) -> list[Block]:
    """A menu of `choices`, with more than a hundred of them under their first letters; where there are none a
    sentence, `nothing`, because Slack refuses an empty menu."""
    if not choices:
        return [context(mrkdwn("{label} {nothing}", label=label, nothing=nothing))]
    options = [option(one.label, one.value, description=one.description) for one in choices]
    if len(options) <= LISTED:
        menu = static_select(ActionId.ANSWER, options, placeholder=placeholder, initial=initial)
        return [input_block(block_id, label, menu, optional=optional, hint=hint)]
    groups = letter_groups(options)
    menu = grouped_select(ActionId.ANSWER, groups, placeholder=placeholder, initial=initial)
    blocks = [input_block(block_id, label, menu, optional=optional, hint=hint)]
    listed = sum(len(group) for _, group in groups)
    if listed < len(options):
        blocks.append(context(mrkdwn("Only the first {count} are listed.", count=listed)))
    return blocks


def multi_input(
    block_id: BlockId,
    label: str,
    choices: Sequence[Choice],
    *,
    placeholder: str,
    initial: Collection[str] = (),
    hint: str | None = None,
) -> list[Block]:
    """A menu of which several or none may be chosen, with more than a hundred choices under their first letters;
    nothing where there are no choices. What is chosen already comes first where not all fit. Slack lets a hundred be
    chosen beforehand: others that are chosen already are not in the menu, so that they stay."""
    if not choices:
        return []
    too_many = {one.value for one in [one for one in choices if one.value in initial][LISTED:]}
    left_out, choices = len(too_many), [one for one in choices if one.value not in too_many]
    options = [option(one.label, one.value, description=one.description) for one in choices]
    if len(options) <= LISTED:
        groups = [("", options)]
        menu = multi_static_select(ActionId.ANSWER, options, placeholder=placeholder, initial=initial)
    else:
        groups = letter_groups(sorted(options, key=lambda one: one["value"] not in initial))
        menu = multi_grouped_select(ActionId.ANSWER, groups, placeholder=placeholder, initial=initial)
    blocks = [input_block(block_id, label, menu, optional=True, hint=hint)]
    hidden = left_out + len(options) - sum(len(group) for _, group in groups)
    if hidden:
        blocks.append(context(mrkdwn("{count} more do not fit into the menu; nothing changes there.", count=hidden)))
    return blocks


def letter_groups(options: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The options under their first letters, as many as one menu can hold."""
    return _by_letter(_fitting(options))


def grouped_options(
    groups: Sequence[tuple[str, Sequence[Choice]]], texts: Mapping[str, str] = MappingProxyType({})
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The groups of one menu: each under its label, those of more than a hundred under it and their first letters.
    `texts`: how the options of a group read, such as `Team {name}`."""
    built: list[tuple[str, list[dict[str, Any]]]] = []
    room = LONGEST_MENU
    for label, choices in groups:
        options = _fitting([option(one.label, one.value, description=one.description) for one in choices], room)
        room -= sum(len(json.dumps(one)) for one in options)
        if len(options) <= LISTED:
            found = [(label, options)] if options else []
        else:
            found = [(f"{label}: {letter}", some) for letter, some in _by_letter(options)]
        built += [(name, [_reading(one, texts.get(label, "{name}")) for one in some]) for name, some in found]
    return built[:LISTED]


def _reading(one: dict[str, Any], text: str) -> dict[str, Any]:
    return one | option(text.format(name=one["text"]["text"]), one["value"])


def offered(view: Mapping[str, Any], block_id: str) -> tuple[str, ...]:
    """The values that a menu of a form offered, however they stood in groups; () where there is no such menu."""
    element = next((one.get("element") for one in view.get("blocks", []) if one.get("block_id") == block_id), None)
    if not isinstance(element, dict):
        return ()
    groups = element.get("option_groups") or [element]
    return tuple(str(one.get("value")) for group in groups for one in group.get("options") or ())


def _fitting(options: Sequence[dict[str, Any]], room: int = LONGEST_MENU) -> list[dict[str, Any]]:
    """As many of the options as one menu can hold, from the beginning; `room` in bytes."""
    kept: list[dict[str, Any]] = []
    for one in options:
        room -= len(json.dumps(one))
        if room < 0:
            break
        kept.append(one)
    return kept


def _by_letter(options: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The options under the first letters of their texts, at most a hundred a group.

    With more first letters than a menu has groups (Chinese names) each group says from which to which it goes.
    """
    ordered = sorted(options, key=_name_of)
    groups = [
        (letter, found[start : start + LISTED])
        for letter, found in ((letter, list(found)) for letter, found in groupby(ordered, key=_letter_of))
        for start in range(0, len(found), LISTED)
    ]
    if len(groups) <= LISTED:
        return groups
    chunks = [ordered[start : start + LISTED] for start in range(0, len(ordered), LISTED)]
    return [(f"{_letter_of(chunk[0])} – {_letter_of(chunk[-1])}", chunk) for chunk in chunks]


def _name_of(one: dict[str, Any]) -> str:
    """What the option is ordered by: É stands with E."""
    decomposed = unicodedata.normalize("NFKD", one["text"]["text"]).casefold()
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _letter_of(one: dict[str, Any]) -> str:
    first = _name_of(one)[:1].upper()
    return first if first.isalpha() else "…"


def text_input(
    block_id: BlockId,
    label: str,
    *,
    optional: bool,
    placeholder: str | None = None,
    max_length: int = NOTE_MAX,
) -> Block:
    """A field for a sentence or two."""
    element: Element = plain_text_input(ActionId.ANSWER, multiline=True, placeholder=placeholder, max_length=max_length)
    return input_block(block_id, label, element, optional=optional)


def form_errors(error: FormError, view: Mapping[str, Any]) -> dict[str, str]:
    """`response_action: errors` for this view: each sentence at its field.

    Slack shows nothing useful for a field that is not in the view: such a sentence goes to the first field.
    """
    inputs = [block["block_id"] for block in view.get("blocks", []) if block.get("type") == "input"]
    shown: dict[str, str] = {}
    for name, sentence in error.fields.items():
        at = name if name in inputs else inputs[0] if inputs else name
        shown[at] = f"{shown[at]} {sentence}" if at in shown else sentence
    return shown
