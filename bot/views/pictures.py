"""Numbers as pictures: Slack's own charts and tables. Text beside them says the same, because screen readers read it
and some workspaces refuse these blocks.

Limits: https://docs.slack.dev/reference/block-kit/blocks/ (table, data_visualization).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.ports import Message
from bot.views.blocks import Block, View
from bot.views.untrusted import EMPTY, clean

TITLE_MAX = 50
LABEL_MAX = 20
POINTS_MAX = 20
SERIES_MAX = 12
ROWS_MAX = 100
CELL_MAX = 60
"""Characters: 100 rows of 5 cells stay within the 10,000 of all tables of a view only when most are short."""
CELLS_MAX = 10_000
PICTURES = ("data_visualization", "table")
REFUSED = frozenset({"invalid_arguments", "invalid_blocks", "invalid_blocks_format"})
"""What Slack answers to a view with blocks it does not take."""


def bar_chart(title: str, categories: Sequence[str], series: Mapping[str, Sequence[int]], *, x: str, y: str) -> Block:
    """Bars side by side: for each category one of each series. Labels are cut and told apart; at most 20 categories."""
    labels = _distinct([clean(one, LABEL_MAX) or EMPTY for one in categories[:POINTS_MAX]])
    return {
        "type": "data_visualization",
        "title": clean(title, TITLE_MAX) or EMPTY,
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": clean(name, LABEL_MAX) or EMPTY,
                    "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=False)],
                }
                for name, values in list(series.items())[:SERIES_MAX]
            ],
            "axis_config": {"categories": labels, "x_label": x, "y_label": y},
        },
    }


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    """A table; the first column stands left and the others, which are numbers, right. As many rows as fit."""
    cells = [[clean(cell, CELL_MAX) or EMPTY for cell in row] for row in [heads, *rows][:ROWS_MAX]]
    while len(cells) > 1 and sum(len(cell) for row in cells for cell in row) > CELLS_MAX:
        cells.pop()
    return {
        "type": "table",
        "column_settings": [{"align": "left"}, *({"align": "right"} for _ in heads[1:])],
        "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in cells],
    }


def plainer(view: View, error: str) -> View | None:
    """The view without pictures, for a workspace that refused it with `error`: the text beside them says the same.
    None when pictures cannot have been the reason."""
    kept = [block for block in view["blocks"] if block["type"] not in PICTURES]
    if error not in REFUSED or len(kept) == len(view["blocks"]):
        return None
    return {**view, "blocks": kept}


def plainer_message(message: Message, error: str) -> Message | None:
    """As `plainer`, of a message."""
    kept = [block for block in message.blocks if block["type"] not in PICTURES]
    if error not in REFUSED or not kept or len(kept) == len(message.blocks):
        return None
    return replace(message, blocks=kept)


def _distinct(labels: list[str]) -> list[str]:
    """Labels that are equal once cut get a number: Slack takes each category once."""
    seen: dict[str, int] = {}
    found: list[str] = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        number = seen[label]
        while number > 1 and f"{label[: LABEL_MAX - 3]} {number}" in found:
            number += 1
        found.append(label if number == 1 and label not in found else f"{label[: LABEL_MAX - 3]} {number}")
    return found
