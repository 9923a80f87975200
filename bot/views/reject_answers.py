"""Marketing's answer to a reject: the buttons under its notice, how it stands, and the forms."""

from __future__ import annotations

from bot.domain.agreement_data import Section
from bot.domain.dispute import LONGEST_SENTENCE, Ruling
from bot.domain.lead import Priority
from bot.domain.reject_answer import AnswerState
from bot.services.answer_shown import AnswerShown
from bot.services.answering_several import DisputeForm
from bot.services.dispute_messages import DisputeShown
from bot.services.resending import ResendForm
from bot.views.agreement_term import term_button
from bot.views.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    input_block,
    modal,
    option,
    plain_text_input,
    section,
    static_select,
)
from bot.views.due import REPLY, SETTLE, due_line
from bot.views.form_parts import NOTE_MAX, lead_section
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.lead_lines import PRIORITY
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, trusted

NAME = 80
WORDS = 600
SHORT = 200
WHY = 2000

_LINES = (
    (BlockId.NAME, "Name"),
    (BlockId.COMPANY, "Company"),
    (BlockId.TITLE, "Title"),
    (BlockId.EMAIL, "E-mail"),
    (BlockId.PHONE, "Phone"),
    (BlockId.COUNTRY, "Country"),
)


def answer_blocks(answer: AnswerShown) -> list[Block]:
    """Under the notice of a reject: until when to answer and the three answers, or what was answered."""
    if answer.state is AnswerState.VOID:
        return []
    if answer.is_waiting:
        return [section(_until(answer)), actions(*answer_buttons(answer), term_button(Section.WINDOWS))]
    blocks: list[Block] = [section(answer_line(answer))]
    if answer.state is AnswerState.DISPUTED and answer.case_id and answer.dispute is not None:
        blocks += [actions(take_back(answer.case_id))] if answer.dispute.is_open else []
    return blocks


def answer_buttons(answer: AnswerShown) -> list[Element]:
    """The answers this reject can be given."""
    found = []
    if answer.can_fix:
        found.append(button("Fix and resend…", ActionId.REJECT_FIX, answer.handoff_id, style="primary"))
    found.append(button("Accept the reason", ActionId.REJECT_AGREE, answer.handoff_id))
    if answer.can_dispute:
        found.append(button("Dispute…", ActionId.REJECT_DISPUTE, answer.handoff_id))
    return found


def take_back(case_id: str) -> Element:
    return button("Take back", ActionId.DISPUTE_TAKE_BACK, case_id)


def answer_line(answer: AnswerShown) -> Mrkdwn:
    """What was answered, by whom, and what became of it."""
    by = escape(answer.answered_by or "somebody", NAME)
    match answer.state:
        case AnswerState.FIXED:
            head = mrkdwn("🔧 *Fixed and sent again* by {by}", by=by)
        case AnswerState.ACCEPTED if answer.dispute is not None:
            head = mrkdwn("✓ *The reason is accepted*: {by} took the dispute back", by=by)
        case AnswerState.ACCEPTED:
            head = mrkdwn("✓ *The reason is accepted* by {by}", by=by)
        case _:
            head = mrkdwn("⚖️ *Disputed* by {by}", by=by)
    if answer.answered_at is not None:
        head = mrkdwn("{head}, {at}", head=head, at=when(answer.answered_at))
    lines = [head]
    if answer.said:
        lines.append(quote(answer.said, WORDS))
    if answer.dispute is not None and answer.state is AnswerState.DISPUTED:
        lines.append(dispute_stands(answer.dispute, answer))
    return join(lines)


def dispute_stands(dispute: DisputeShown, answer: AnswerShown) -> Mrkdwn:
    """Where the dispute is, or how it ended."""
    if dispute.ruling is not None:
        word = (
            trusted("*Upheld*: the reject stands")
            if dispute.ruling is Ruling.UPHELD
            else trusted("*Overturned*: the reject counts against nobody")
        )
        by = escape(" and ".join(dispute.decided_by), NAME)
        said = mrkdwn("{word}, says {by}", word=word, by=by)
        return join([said, quote(dispute.sentence, WORDS)]) if dispute.sentence else said
    names = escape(" and ".join(dispute.waits_for) or "an arbiter", NAME)
    stands = mrkdwn("With {names}", names=names)
    return join([stands, due_line(answer.settle, SETTLE)]) if answer.settle is not None else stands


def resend_form(form: ResendForm) -> View:
    """What is known of the lead, to be mended, and what changed."""
    reason = mrkdwn(
        "{name} rejected it: *{reason}*", name=escape(form.rejected_by, NAME), reason=escape(form.reason, NAME)
    )
    said = [reason, quote(form.comment, WORDS)] if form.comment else [reason]
    blocks: list[Block] = [section(join(said))]
    changed = plain_text_input(
        ActionId.ANSWER, multiline=True, placeholder="The rep who gets it next reads this", max_length=NOTE_MAX
    )
    blocks.append(input_block(BlockId.WHAT_CHANGED, "What changed?", changed))
    for block_id, label in _LINES:
        line = plain_text_input(ActionId.ANSWER, initial=form.values.get(block_id.value), max_length=SHORT)
        blocks.append(input_block(block_id, label, line, optional=True))
    hot = static_select(
        ActionId.ANSWER,
        [option(PRIORITY[priority], priority.value) for priority in Priority],
        initial=form.priority.value,
    )
    blocks.append(input_block(BlockId.PRIORITY, "How hot is it?", hot))
    why = plain_text_input(ActionId.ANSWER, multiline=True, initial=form.values.get("summary"), max_length=WHY)
    blocks.append(input_block(BlockId.SUMMARY, "Why should a rep call?", why, optional=True))
    goes_to = escape(form.goes_to, SHORT)
    blocks.append(context(mrkdwn("It is offered again: to {goes_to}.", goes_to=goes_to)))
    return modal(
        CallbackId.REJECT_FIX_SUBMIT, "Fix and resend", blocks, submit="Send again", private_metadata=form.handoff_id
    )


def dispute_form(form: DisputeForm) -> View:
    """Why marketing contests this reject."""
    why = plain_text_input(
        ActionId.ANSWER,
        multiline=True,
        placeholder="Why sales should have accepted it. Both managers read this.",
        max_length=LONGEST_SENTENCE,
    )
    blocks = [
        lead_section(form.lead_name, form.company, accessory=term_button(Section.DISAGREEMENTS)),
        section(
            mrkdwn(
                "{name} rejected it: *{reason}*", name=escape(form.rejected_by, NAME), reason=escape(form.reason, NAME)
            )
        ),
        input_block(BlockId.WHY, "Why?", why),
        context(
            trusted(
                "The managers of both sides say what they think of it; where they differ, the arbiter rules. If it"
                " is overturned, the lead is offered again, and the reject counts against nobody."
            )
        ),
    ]
    return modal(
        CallbackId.REJECT_DISPUTE_SUBMIT, "Dispute a reject", blocks, submit="Dispute", private_metadata=form.handoff_id
    )


def _until(answer: AnswerShown) -> Mrkdwn:
    lines = []
    if answer.late_of is not None:
        late = mrkdwn("⏰ *{name} did not answer this reject in time.*", name=escape(answer.late_of, NAME))
        lines.append(late)
    elif answer.missed:
        return trusted("⌛ *Not answered in time*, and told to the manager. It still waits for your answer.")
    lines.append(due_line(answer.due, REPLY) if answer.due is not None else trusted("*Your answer?*"))
    return join(lines)
