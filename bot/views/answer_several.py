"""The form to answer several rejects at once, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.dispute import LONGEST_SENTENCE
from bot.domain.recycling import RejectAnswer
from bot.services.answering_several import SeveralAnswered, SeveralForm, WaitingReject
from bot.views.blocks import (
    Block,
    View,
    context,
    input_block,
    modal,
    option,
    plain_text_input,
    radio_buttons,
    section,
    static_select,
)
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.pickers import checkboxes
from bot.views.untrusted import Mrkdwn, clean, escape, join, mrkdwn, trusted

IN_A_BLOCK = 10
"""Slack's limit of checkboxes in a block."""
SAID = 20
"""Of those that could not be answered, as many are named."""
SENTENCE = 300

_DONE = {
    RejectAnswer.ACCEPTED: "accepted",
    RejectAnswer.DISPUTED: "disputed",
    RejectAnswer.FIXED: "fixed, and their leads are sent again",
}


def several_form(form: SeveralForm) -> View:
    """Which of the rejects that wait, and one answer for them."""
    which = static_select(
        ActionId.REJECT_SEVERAL_WHICH, [option(one.label, one.value) for one in form.filters], initial=form.chosen
    )
    blocks: list[Block] = [input_block(BlockId.WHICH, "Which ones?", which, dispatch_action=True)]
    for start in range(0, len(form.rows), IN_A_BLOCK):
        rows = form.rows[start : start + IN_A_BLOCK]
        # The list has its own name for what is chosen: another filter begins with nothing ticked.
        label = "Rejects" if start == 0 else f"Rejects, from {start + 1}"
        boxes = checkboxes(ActionId.ANSWER, [option(_name(row), row.handoff_id, description=_why(row)) for row in rows])
        blocks.append(input_block(_block(start // IN_A_BLOCK), label, boxes, optional=True))
    if form.total > len(form.rows):
        blocks.append(
            context(mrkdwn("The first {shown} of {total}, the longest waiting first.",
                           shown=len(form.rows), total=form.total))
        )  # fmt: skip
    answers = [option("Accept: the reasons are right", RejectAnswer.ACCEPTED.value)]
    answers.append(option("Fixed where they come from: send them again", RejectAnswer.FIXED.value))
    if form.can_dispute:
        answers.append(option("Dispute: they should have been accepted", RejectAnswer.DISPUTED.value))
    radio = radio_buttons(ActionId.ANSWER, answers)
    blocks.append(input_block(BlockId.ANSWER_ALL, "One answer for all you ticked", radio))
    why = plain_text_input(
        ActionId.ANSWER,
        multiline=True,
        placeholder="One sentence for all of them",
        max_length=LONGEST_SENTENCE,
    )
    hint = "To send them again: what changed, for the reps. To dispute: why, for both managers. Else it may stay empty."
    blocks.append(input_block(BlockId.WHY, "What changed, or why?", why, optional=True, hint=hint))
    return modal(CallbackId.REJECT_SEVERAL_SUBMIT, "Answer several rejects", blocks, submit="Answer")


def chosen_rejects(choices: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The rejects ticked in all blocks of the form."""
    return tuple(
        one for block, chosen in choices.items() if block.startswith(BlockId.REJECTS.value) for one in chosen
    )  # fmt: skip


def answered_view(answered: SeveralAnswered) -> View:
    """How many were answered, and which could not be and why."""
    count = "1 reject is" if answered.done == 1 else f"{answered.done} rejects are"
    word = _DONE[answered.answer]
    lines: list[Mrkdwn] = [mrkdwn("*{count} {word}.*", count=count, word=word)]
    if answered.left_out:
        lines.append(trusted("These could not be answered:"))
        lines += [mrkdwn("• {why}", why=escape(one, SENTENCE)) for one in answered.left_out[:SAID]]
        if len(answered.left_out) > SAID:
            lines.append(mrkdwn("and {count} more", count=len(answered.left_out) - SAID))
    return modal(CallbackId.MESSAGE_VIEW, "Answer several rejects", [section(join(lines))], close="Close")


def _block(number: int) -> str:
    return BlockId.REJECTS.value if number == 0 else f"{BlockId.REJECTS.value}_{number}"


def _name(row: WaitingReject) -> str:
    name = clean(row.name, 40)
    return f"{name}, {clean(row.company, 30)}" if row.company else name


def _why(row: WaitingReject) -> str:
    return f"{clean(row.reason, 40)}, says {clean(row.rejected_by, 25)}"
