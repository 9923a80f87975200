"""Block Kit as data: what Slack takes and refuses, and what people can enter into it.

Pure and standard library only. The limits come from Slack's reference (docs.slack.dev/reference/block-kit)
as of autumn 2026 and from @slack/types 3.2.0; what is not documented there is listed in docs/sandbox.md.
"""

from sandbox.blockkit.problem import Problem
from sandbox.blockkit.rules import Surface
from sandbox.blockkit.state import (
    STATEFUL,
    StateValues,
    carried_state,
    fill_ids,
    find_element,
    initial_state,
    initial_value,
    input_elements,
    interactive_elements,
    stateful_elements,
    walk_blocks,
)
from sandbox.blockkit.validate import validate_blocks, validate_message, validate_view

__all__ = [
    "STATEFUL",
    "Problem",
    "StateValues",
    "Surface",
    "carried_state",
    "fill_ids",
    "find_element",
    "initial_state",
    "initial_value",
    "input_elements",
    "interactive_elements",
    "stateful_elements",
    "validate_blocks",
    "validate_message",
    "validate_view",
    "walk_blocks",
]
