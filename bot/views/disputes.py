"""Disputes and disagreements: the message of a case, and the forms by which they are raised and decided."""

from __future__ import annotations

from bot.domain.agreement_data import Section
from bot.domain.dispute import LONGEST_SENTENCE, About, DisputeState, Ruling
from bot.domain.person import Side
from bot.ports import Message
from bot.services.dispute_forms import DecideForm, Deciding, DisagreementForm
from bot.services.dispute_messages import CaseShown, DisputeShown, OpinionShown, ReadAs
from bot.views.agreement_term import term_button
from bot.views.blocks import (
    MESSAGE_BLOCKS,
    Block,
    Element,
    View,
    actions,
    button,
    confirm,
    context,
    divider,
    fit,
    grouped_select,
    input_block,
    modal,
    option,
    plain_text_input,
    radio_buttons,
    section,
    static_select,
)
from bot.views.due import SETTLE, due_line
from bot.views.form_parts import grouped_options
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.lead_lines import who
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, trusted

NAME = 80
SENTENCE = 300
WORDS = 600
SHOWN = 10
"""Disputes of a case that a message or a form shows; all of them are decided together."""
ALL = "all"

_SIDE = {Side.SALES: "Sales", Side.MARKETING: "Marketing"}


def render_case(case: CaseShown) -> Message:
    """What its reader has to settle or to rule on, or how it ended."""
    headline = _headline(case)
    blocks: list[Block] = [section(mrkdwn("⚖️ *{said}*", said=headline))]
    if case.in_place_of:
        blocks.append(
            context(mrkdwn("You read this because you stand in for {name}.", name=escape(case.in_place_of, NAME)))
        )
    for one in case.disputes[:SHOWN]:
        blocks += [section(_about(one)), *_said(one)]
    if len(case.disputes) > SHOWN:
        blocks.append(context(mrkdwn("and {count} more: Home lists them all.", count=len(case.disputes) - SHOWN)))
    blocks += _deadline(case)
    buttons = _buttons(case)
    if buttons:
        blocks.append(actions(*buttons, term_button(Section.DISAGREEMENTS)))
    return Message(text=headline, blocks=fit(blocks, MESSAGE_BLOCKS))


def decide_form(form: DecideForm) -> View:
    """One opinion, or the ruling: what is contested, which of two, and a sentence."""
    is_reject = form.disputes[0].about is About.REJECT
    blocks: list[Block] = []
    if form.in_place_of:
        blocks.append(context(mrkdwn("In the name of {name}, who is away.", name=escape(form.in_place_of, NAME))))
    for one in form.disputes[:SHOWN]:
        blocks += [section(_about(one)), *_said(one)]
    blocks.append(divider())
    if len(form.disputes) > 1:
        options = [option(f"All {len(form.disputes)} of them", ALL)]
        options += [option(_plain_name(one), one.id) for one in form.disputes[:99]]
        # Where not all of them can be read here, nobody decides all of them without choosing to.
        which = static_select(ActionId.ANSWER, options, initial=ALL if len(form.disputes) <= SHOWN else None)
        blocks.append(input_block(BlockId.WHICH, "About which?", which))
    if form.asks_side:
        sides = [option(name, side.value) for side, name in _SIDE.items()]
        blocks.append(input_block(BlockId.FOR_SIDE, "For which side do you speak?", _radio(sides)))
    choices = [option(_choice(ruling, is_reject=is_reject), ruling.value) for ruling in Ruling]
    label = "What do you think of it?" if form.deciding is Deciding.OPINION else "What do you rule?"
    blocks.append(input_block(BlockId.RULING, label, _radio(choices)))
    sentence = plain_text_input(
        ActionId.ANSWER, multiline=True, placeholder="Both sides read this", max_length=LONGEST_SENTENCE
    )
    blocks.append(input_block(BlockId.SENTENCE, "Why, in a sentence?", sentence))
    if form.deciding is Deciding.OPINION:
        callback, title, submit = CallbackId.DISPUTE_OPINION_SUBMIT, "My opinion", "Say so"
        follows = trusted("If both managers say the same, it is settled. If not, the arbiter rules.")
    else:
        callback, title, submit = CallbackId.DISPUTE_RULE_SUBMIT, "Ruling", "Rule"
        follows = trusted("Your ruling is final, and told to both sides.")
    blocks += [context(follows), actions(term_button(Section.DISAGREEMENTS))]
    return modal(callback, title, blocks, submit=submit, private_metadata=form.case_id)


def disagreement_form(form: DisagreementForm) -> View:
    """What somebody disagrees with, and why."""
    groups = [("Definitions", form.definitions), ("Campaigns", form.campaigns), ("Goals", form.goals)]
    options = grouped_options([(label, found) for label, found in groups if found])
    menu = grouped_select(ActionId.ANSWER, options, placeholder="Choose one", initial=form.chosen)
    why = plain_text_input(
        ActionId.ANSWER,
        multiline=True,
        placeholder="What is wrong with it, and what you would change",
        max_length=LONGEST_SENTENCE,
    )
    blocks = [
        input_block(BlockId.ABOUT, "What do you disagree with?", menu),
        input_block(BlockId.WHY, "Why?", why),
        context(
            trusted(
                "It goes to the managers of both sides. What they do not settle in time goes to the arbiter, who rules."
                " If it is to change, a new version of the agreement is proposed."
            )
        ),
    ]
    blocks.append(actions(term_button(Section.DISAGREEMENTS)))
    return modal(CallbackId.DISAGREEMENT_SUBMIT, "Raise a disagreement", blocks, submit="Raise")


def raise_button(about: str) -> Element:
    """Opens the form to raise a disagreement on `about` (`about_value`, or `any`)."""
    return button("Raise a disagreement…", ActionId.DISAGREEMENT_RAISE, about)


def opinion_button(case_id: str, *, style: bool = True) -> Element:
    return button("My opinion…", ActionId.DISPUTE_OPINION, case_id, style="primary" if style else None)


def rule_button(case_id: str) -> Element:
    return button("Rule…", ActionId.DISPUTE_RULE, case_id, style="primary")


def stands(one: DisputeShown) -> Mrkdwn:
    """Where it is, or how it ended, in a line."""
    match one.state:
        case DisputeState.WITH_MANAGERS | DisputeState.WITH_ARBITER:
            names = escape(" and ".join(one.waits_for), NAME) if one.waits_for else trusted("nobody yet")
            if one.state is DisputeState.WITH_ARBITER:
                return mrkdwn("With the arbiter: {names}", names=names)
            return mrkdwn("With the managers: waits for {names}", names=names)
        case DisputeState.TAKEN_BACK:
            return trusted("Taken back")
        case _:
            by = escape(" and ".join(one.decided_by), NAME)
            return mrkdwn("*{ruling}*, {by}", ruling=_ruled(one), by=by)


def _headline(case: CaseShown) -> Mrkdwn:
    first, count = case.disputes[0], len(case.disputes)
    if first.about is not About.REJECT:
        said = mrkdwn("{who} disagrees", who=escape(first.raised_by, NAME))
    elif count == 1:
        said = mrkdwn("{who} disputes a reject", who=escape(first.raised_by, NAME))
    else:
        said = mrkdwn("{who} disputes {count} rejects", who=escape(first.raised_by, NAME), count=count)
    if case.is_with is None and all(one.state is DisputeState.TAKEN_BACK for one in case.disputes):
        return mrkdwn("{said}: taken back", said=said)
    if case.is_with is None:
        rulings = {one.ruling for one in case.disputes if one.ruling is not None}
        return mrkdwn("{said}: {ruling}", said=said, ruling=_ruled(first) if len(rulings) == 1 else "decided")
    if case.read_as is ReadAs.ARBITER:
        return mrkdwn("{said}: your ruling is needed", said=said)
    if case.is_with is DisputeState.WITH_ARBITER:
        return mrkdwn("{said}: the arbiter has it now", said=said)
    return mrkdwn("{said}: what do you think?", said=said)


def _about(one: DisputeShown) -> Mrkdwn:
    """What is contested, what sales said, and what the other side says."""
    lines: list[Mrkdwn] = []
    if one.about is About.REJECT:
        reason = escape(one.reason or "", SENTENCE)
        if one.follow_up:
            reason = mrkdwn("{reason} ({more})", reason=reason, more=escape(one.follow_up, SENTENCE))
        by = escape(one.rejected_by or "sales", NAME)
        lines.append(who(one.name, None, one.company))
        lines.append(mrkdwn("{by} rejected it: *{reason}*", by=by, reason=reason))
        if one.comment:
            lines.append(quote(one.comment, WORDS))
    else:
        lines.append(mrkdwn("*{name}*", name=escape(one.name, SENTENCE)))
    if one.why:
        lines.append(mrkdwn("{who} says:", who=escape(one.raised_by, NAME)))
        lines.append(quote(one.why, WORDS))
    return join(lines)


def _said(one: DisputeShown) -> list[Block]:
    """The opinions so far, and how it ended."""
    lines = [_opinion(each, is_reject=one.about is About.REJECT) for each in one.opinions]
    if one.ruling is not None and one.state is DisputeState.RULED:
        by = escape(" and ".join(one.decided_by), NAME)
        lines.append(mrkdwn("*The arbiter, {by}: {ruling}*", by=by, ruling=_ruled(one)))
        if one.sentence:
            lines.append(quote(one.sentence, WORDS))
    elif one.state is DisputeState.SETTLED:
        lines.append(mrkdwn("*Settled by both managers: {ruling}*", ruling=_ruled(one)))
    elif one.state is DisputeState.TAKEN_BACK:
        lines.append(trusted("*Taken back*"))
    if not one.is_open and one.what_next:
        lines.append(mrkdwn("Now: {where}", where=escape(one.what_next, SENTENCE)))
    return [section(join(lines))] if lines else []


def _opinion(one: OpinionShown, *, is_reject: bool) -> Mrkdwn:
    name = escape(one.name, NAME)
    if one.for_name:
        name = mrkdwn("{name} for {other}", name=name, other=escape(one.for_name, NAME))
    word = _thought(one.ruling, is_reject=is_reject)
    said = mrkdwn("{side}, {name} thinks: *{word}*", side=_SIDE.get(one.side, ""), name=name, word=word)
    return join([said, quote(one.sentence, WORDS)]) if one.sentence else said


def _deadline(case: CaseShown) -> list[Block]:
    if case.is_with is not DisputeState.WITH_MANAGERS or case.due is None:
        return []
    if case.due.trial:
        by_hand = "Until both teams have signed, it goes to no arbiter by time alone: *To the arbiter* hands it on."
        return [section(due_line(case.due, SETTLE)), context(trusted(by_hand))]
    return [
        section(due_line(case.due, SETTLE)),
        context(trusted("After that, or where the two managers do not say the same, the arbiter rules.")),
    ]


def _buttons(case: CaseShown) -> list[Element]:
    if case.read_as is ReadAs.MANAGER and case.is_with is DisputeState.WITH_MANAGERS:
        sure = confirm(
            "To the arbiter?", trusted("You do not settle it between you: the arbiter rules, and that is final."),
            "Hand it over", "Not yet",
        )  # fmt: skip
        hand = button("To the arbiter", ActionId.DISPUTE_TO_ARBITER, case.case_id, confirm=sure)
        return [opinion_button(case.case_id), hand]
    if case.read_as is ReadAs.ARBITER and case.is_with is DisputeState.WITH_ARBITER:
        return [rule_button(case.case_id)]
    return []


def _ruled(one: DisputeShown) -> str:
    return _word(one.ruling, is_reject=one.about is About.REJECT) if one.ruling is not None else "open"


def _word(ruling: Ruling, *, is_reject: bool) -> str:
    if is_reject:
        return "upheld" if ruling is Ruling.UPHELD else "overturned"
    return "it stands" if ruling is Ruling.UPHELD else "it changes"


def _thought(ruling: Ruling, *, is_reject: bool) -> str:
    """An opinion is not yet a ruling, and does not read like one."""
    if is_reject:
        return "it should stand" if ruling is Ruling.UPHELD else "the lead should be offered again"
    return "it should stand" if ruling is Ruling.UPHELD else "it should change"


def _choice(ruling: Ruling, *, is_reject: bool) -> str:
    if is_reject:
        upheld, overturned = "Uphold: the reject stands", "Overturn: the lead is offered again"
    else:
        upheld, overturned = "It stands as it is", "It changes"
    return upheld if ruling is Ruling.UPHELD else overturned


def _plain_name(one: DisputeShown) -> str:
    return f"{one.name}, {one.company}" if one.company else one.name


def _radio(options: list[dict[str, object]]) -> Element:
    return radio_buttons(ActionId.ANSWER, options)
