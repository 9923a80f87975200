"""The one message that stands for all cards a channel did not get."""

from __future__ import annotations

from bot.ports import Message
from bot.services.floods import Listed, Summary
from bot.views.blocks import Block, actions, button, context, header, section
from bot.views.ids import ActionId, handoff_value
from bot.views.lead_lines import PRIORITY, who
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, mrkdwn, trusted

ON_HOME = "All of them stand on your Home tab under Needs you: open Lockstep, then Home."


def render_summary(summary: Summary) -> Message:
    """How many leads wait beside the cards, the first of them with a button to accept, and where all of them are."""
    title = _title(summary)
    blocks: list[Block] = [header(title), section(_because(summary))]
    for row in summary.rows:
        blocks += _line(row)
    more = summary.waiting - len(summary.rows)
    if more > 0:
        blocks.append(context(mrkdwn("and {count} more", count=more)))
    return Message(text=trusted(title), blocks=blocks)


def _title(summary: Summary) -> str:
    if summary.waiting == 0:
        return "Every further lead has been decided on"
    noun = "further lead waits" if summary.waiting == 1 else "further leads wait"
    return f"{summary.waiting} {noun}"


def _because(summary: Summary) -> Mrkdwn:
    decided = mrkdwn(" {count} decided already.", count=summary.decided) if summary.decided else trusted("")
    where = trusted(" ".join(_where(summary)))
    text = "More leads came than fit here at once, so these have no card of their own.{decided}\n{where}"
    return mrkdwn(text, decided=decided, where=where)


def _where(summary: Summary) -> list[str]:
    """Where the leads are found: some may wait in this pool, others be offered to people and only be told of here."""
    if not summary.rows or all(row.may_decide for row in summary.rows):
        return [ON_HOME]
    with_people = "Whom each was offered to has its card."
    if any(row.may_decide for row in summary.rows):
        return ["Those with buttons stand on your Home tab under Needs you.", "The others were offered to people."]
    return [with_people]


def _line(row: Listed) -> list[Block]:
    text = mrkdwn(
        "{mark} · {who}\nOffered {at}",
        mark=PRIORITY[row.priority],
        who=who(row.name, row.title, row.company),
        at=when(row.offered_at),
    )
    if not row.may_decide:
        return [section(text)]
    value = handoff_value(row.handoff_id, row.version)
    accept = button("Accept", ActionId.HANDOFF_ACCEPT, value, accessibility_label=f"Accept {row.name}")
    reject = button("Reject", ActionId.HANDOFF_REJECT, value, accessibility_label=f"Reject {row.name} with a reason")
    return [section(text), actions(accept, reject)]
