"""The reasons to reject as a list in a window, and the form for one of them."""

from __future__ import annotations

from bot.domain.agreement_data import Section
from bot.domain.reason_check import LABEL_MAX, QUESTION_MAX
from bot.domain.reasons import FollowUp, Reason, Then
from bot.services.reject_reasons import ReasonForm, ReasonsList
from bot.views.agreement_ref import term_value
from bot.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    input_block,
    modal,
    option,
    overflow,
    plain_text_input,
    section,
    static_select,
)
from bot.views.ids import ActionId, CallbackId
from bot.views.pickers import checkboxes
from bot.views.set_up_ref import PAGE, SetUpBlock, choice_value, ref_metadata, turn, within
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

LIST = "reasons"
EDIT, UP, DOWN, RETIRE = WORDS = ("edit", "up", "down", "retire")
"""What the overflow of a reason asks for."""
YES = "yes"
NOTE = 300
THEN_WORDS = {
    Then.MARKETING: "Back to marketing",
    Then.RECYCLE: "Back to marketing until a day",
    Then.REROUTE: "Offered to a colleague",
    Then.MERGE: "Joined with another lead",
    Then.CLOSE: "Closed",
}
ASK_WORDS = {
    FollowUp.NONE: "Nothing",
    FollowUp.TEXT: "A sentence or two",
    FollowUp.CRITERION: "Which criterion does not fit",
}
_ANSWER_WORDS = {
    FollowUp.TEXT: "in a sentence or two",
    FollowUp.CRITERION: "a criterion",
    FollowUp.DATE: "a day",
    FollowUp.PERSON: "a colleague",
    FollowUp.LEAD: "a lead",
}
_CHOSEN = (FollowUp.NONE, FollowUp.TEXT, FollowUp.CRITERION)
"""What may be asked where nothing that follows asks for something of its own."""


def reasons_view(listed: ReasonsList, page: int = 0, *, note: str | None = None) -> View:
    """The reasons in the order of the form, PAGE a page. `note`: what just happened."""
    page = within(page, listed.reasons)
    shown = listed.reasons[page * PAGE : (page + 1) * PAGE]
    blocks: list[Block] = []
    if note is not None:
        blocks.append(section(mrkdwn("{note}", note=escape(note, NOTE))))
    blocks.append(context(_version(listed)))
    many = len(listed.reasons)
    blocks += [_row(listed, reason, page * PAGE + number, many) for number, reason in enumerate(shown)]
    blocks += turn(LIST, page, listed.reasons)
    if listed.is_signed:
        value = term_value(listed.agreement_id, Section.REASONS)
        blocks += [
            divider(),
            actions(button("Propose a new version…", ActionId.AGREEMENT_EDIT, value, style="primary")),
        ]
    else:
        blocks += [divider(), actions(button("Add a reason…", ActionId.REASON_ADD, "reason", style="primary"))]
    return modal(
        CallbackId.REASONS_VIEW, "Reasons to reject", blocks, close="Close", private_metadata=ref_metadata(page=page)
    )


def reason_form(form: ReasonForm, page: int = 0) -> View:
    """One reason: what the rep chooses, what is asked then, and what follows."""
    reason = form.reason
    ask = reason.ask if reason and reason.ask in _CHOSEN else FollowUp.NONE
    label = plain_text_input(
        ActionId.ANSWER,
        initial=reason.label if reason else None,
        placeholder="Already a customer",
        max_length=LABEL_MAX,
    )
    question = plain_text_input(
        ActionId.ANSWER,
        initial=reason.question if reason else None,
        placeholder="Whose account is it?",
        max_length=QUESTION_MAX,
    )
    then = [option(words, then.value) for then, words in THEN_WORDS.items()]
    asks = [option(ASK_WORDS[one], one.value) for one in _CHOSEN]
    required = [option("The question must be answered", YES)]
    counts = [option("It counts against marketing in the reject rate", YES)]
    blocks = [
        input_block(SetUpBlock.LABEL, "Reason", label, hint="The rep chooses it by these words."),
        input_block(
            SetUpBlock.THEN,
            "What follows?",
            static_select(
                ActionId.ANSWER, then, initial=(reason.then if reason else Then.MARKETING).value,
                placeholder="Choose what follows",
            ),
        ),
        input_block(
            SetUpBlock.ASK,
            "What is asked then?",
            static_select(ActionId.ANSWER, asks, initial=ask.value),
            hint="A day, a colleague or a lead is asked for by itself where what follows needs one.",
        ),
        input_block(
            SetUpBlock.QUESTION, "The question", question, optional=True, hint="Needed unless nothing is asked."
        ),
        input_block(
            SetUpBlock.REQUIRED,
            "Answer",
            checkboxes(ActionId.ANSWER, required, initial=[YES] if reason and reason.required else []),
            optional=True,
        ),
        input_block(
            SetUpBlock.COUNTS,
            "Reject rate",
            checkboxes(
                ActionId.ANSWER, counts, initial=[YES] if reason is None or reason.counts_against_marketing else []
            ),
            optional=True,
        ),
    ]  # fmt: skip
    return modal(
        CallbackId.REASON_SUBMIT,
        "Change reason" if reason else "Add a reason",
        blocks,
        submit="Save" if reason else "Add",
        private_metadata=ref_metadata(thing=reason.code if reason else "", seen=form.seen, page=page),
    )


def retire_form(form: ReasonForm, page: int = 0) -> View:
    """The question before a reason is offered no more."""
    reason = form.reason
    if reason is None:
        raise ValueError("There is no reason to retire.")
    blocks = [
        section(_words(reason)),
        section(
            trusted(
                "It is not offered with new leads any more. Whoever has been offered a lead already may still choose"
                " it, and what was rejected with it keeps it."
            )
        ),
    ]
    return modal(
        CallbackId.REASON_RETIRE,
        "Retire reason",
        blocks,
        submit="Retire",
        private_metadata=ref_metadata(thing=reason.code, page=page),
    )


def _version(listed: ReasonsList) -> Mrkdwn:
    if listed.is_signed:
        return mrkdwn(
            "Version {version} of the agreement is signed by both teams: its reasons change only with a new version"
            " that they sign.",
            version=listed.version,
        )
    return mrkdwn(
        "Version {version} of the agreement. Each change makes a new version; leads that are offered"
        " already keep theirs.",
        version=listed.version,
    )


def _row(listed: ReasonsList, reason: Reason, place: int, many: int) -> Block:
    if listed.is_signed:
        return section(_words(reason))
    options = [option("Change…", choice_value(EDIT, reason.code))]
    if place > 0:
        options.append(option("Move up", choice_value(UP, reason.code)))
    if place < many - 1:
        options.append(option("Move down", choice_value(DOWN, reason.code)))
    if many > 1:
        options.append(option("Retire…", choice_value(RETIRE, reason.code)))
    return section(_words(reason), accessory=overflow(ActionId.REASON_MORE, options))


def _words(reason: Reason) -> Mrkdwn:
    """What is chosen, what is asked, and what follows."""
    lines = [mrkdwn("*{label}*", label=escape(reason.label, LABEL_MAX))]
    if reason.ask is not FollowUp.NONE:
        must = trusted("must be answered") if reason.required else trusted("may stay empty")
        kind = _ANSWER_WORDS[reason.ask]
        lines.append(
            mrkdwn(
                "“{question}” ({kind}; {must})", question=escape(reason.question, QUESTION_MAX), kind=kind, must=must
            )
        )
    against = "counts" if reason.counts_against_marketing else "does not count"
    lines.append(mrkdwn("{then}; {against} against marketing", then=THEN_WORDS[reason.then], against=against))
    return join(lines)
