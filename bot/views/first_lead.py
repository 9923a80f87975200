"""The last step of set-up: a first lead, by hand or from a source."""

from __future__ import annotations

from bot.services.sources import SourceRow
from bot.views.blocks import Block, View, button, context, divider, modal, section
from bot.views.ids import ActionId, CallbackId
from bot.views.untrusted import escape, mrkdwn, trusted

LISTED = 20
NAME = 100


def first_lead_view(rows: tuple[SourceRow, ...]) -> View:
    """Both ways: the form, and for each source its address with an example."""
    by_hand = trusted("*By hand*\nFill in a form, and the lead goes the way of every other.")
    blocks: list[Block] = [
        section(by_hand, accessory=button("Hand over a lead…", ActionId.LEAD_NEW, "lead", style="primary")),
        divider(),
    ]
    for row in rows[:LISTED]:
        name = mrkdwn("*From {name}*\nAn example to paste into a terminal.", name=escape(row.name, NAME))
        label = f"Example of {row.name}"
        blocks.append(
            section(name, accessory=button("Example", ActionId.SOURCE_EXAMPLE, row.key, accessibility_label=label))
        )
    if len(rows) > LISTED:
        more = mrkdwn("And {count} more: *Sources…* has the example of each.", count=len(rows) - LISTED)
        blocks.append(context(more))
    return modal(CallbackId.FIRST_LEAD_VIEW, "First lead", blocks, close="Close")
