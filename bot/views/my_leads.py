"""`/lockstep lead`: one's leads, each with *Log outcome*."""

from __future__ import annotations

from bot.ports import Message
from bot.services.home_rows import HomeRow
from bot.services.my_leads import MyLeads
from bot.views.blocks import Block, actions, button, context, section
from bot.views.handoff_controls import log_outcome
from bot.views.home_rows import lines, short, since
from bot.views.ids import ActionId
from bot.views.lead_lines import contact, worked
from bot.views.standing import standing_lines
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

WORD = 60


def render_my_leads(mine: MyLeads) -> Message:
    """Seen by whoever typed it alone."""
    said = _head(mine)
    blocks: list[Block] = [section(mrkdwn("*{said}*", said=said)), *(_row(row, mine.by) for row in mine.rows)]
    if mine.found > len(mine.rows):
        more = "The first {shown}. A name after the word finds one: `/lockstep lead NAME`. All of them are on Home."
        blocks.append(context(mrkdwn(more, shown=len(mine.rows))))
    if mine.may_hand_over:
        blocks.append(actions(button("Hand over a lead…", ActionId.LEAD_NEW, "lead")))
    return Message(text=said, blocks=blocks)


def _head(mine: MyLeads) -> Mrkdwn:
    if mine.asked:
        word = escape(mine.asked, WORD)
        if not mine.found:
            return mrkdwn("I find no accepted lead “{word}” of yours or your people's.", word=word)
        count = "One lead" if mine.found == 1 else f"{mine.found} leads"
        return mrkdwn("{count} found for “{word}”", count=count, word=word)
    if not mine.found:
        return trusted("You have no accepted leads.")
    return mrkdwn("You have {count}.", count="1 accepted lead" if mine.found == 1 else f"{mine.found} accepted leads")


def _row(row: HomeRow, by: str) -> Block:
    where = standing_lines(row.standing, row.contact_due) if row.standing is not None else []
    over = row.standing is not None and row.standing.is_over
    reach = contact(row.phone_e164, None, row.email)
    accepted = since("Accepted", row)
    if row.owner is not None and row.owner != by:
        accepted = join([mrkdwn("With {name}", name=short(row.owner)), since("accepted", row)], ", ")
    text = lines(row, accepted, *where, worked(row.last_contact), reach)
    return section(text, accessory=log_outcome(row.handoff_id, row.version, row.name, over=over))
