"""What the forms about a lead share: inputs by their block id, long lists of choices, errors by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import FormError
from bot.services.forms import Choice
from bot.views.blocks import (
    Block,
    Element,
    context,
    input_block,
    option,
    plain_text_input,
    section,
    static_select,
)
from bot.views.ids import ActionId, BlockId
from bot.views.lead_lines import who
from bot.views.untrusted import mrkdwn

LISTED = 100
"""Options of one menu, Slack's limit."""
NOTE_MAX = 1000
"""Characters of a comment or a note."""


def lead_section(name: str, company: str | None) -> Block:
    """Which lead the form is about."""
    return section(who(name, None, company))


def choice_input(
    block_id: BlockId,
    label: str,
    choices: Sequence[Choice],
    *,
    placeholder: str,
    nothing: str,
    optional: bool,
    hint: str | None = None,
) -> list[Block]:
    """A menu of `choices`; where there are none a sentence, `nothing`, because Slack refuses an empty menu."""
    if not choices:
        return [context(mrkdwn("{label} {nothing}", label=label, nothing=nothing))]
    listed = list(choices)[:LISTED]
    options = [option(one.label, one.value, description=one.description) for one in listed]
    blocks = [
        input_block(
            block_id,
            label,
            static_select(ActionId.ANSWER, options, placeholder=placeholder),
            optional=optional,
            hint=hint,
        )
    ]
    if len(choices) > LISTED:
        blocks.append(context(mrkdwn("Only the first {count} are listed.", count=LISTED)))
    return blocks


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
