"""The form of a reject: a reason, the question that belongs to it, and room for a comment."""

from __future__ import annotations

from datetime import date

from bot.domain.agreement_data import Section
from bot.domain.local_time import spoken
from bot.domain.reasons import FollowUp, Reason, Then
from bot.services.forms import RejectForm
from bot.views.agreement_term import term_button
from bot.views.blocks import (
    Block,
    View,
    context,
    datepicker,
    input_block,
    modal,
    option,
    radio_buttons,
    static_select,
)
from bot.views.form_parts import choice_input, lead_section, text_input
from bot.views.ids import ActionId, BlockId, CallbackId, form_metadata
from bot.views.pickers import checkboxes
from bot.views.untrusted import Mrkdwn, join, trusted

RADIO_MAX = 10
"""Slack's limit of radio buttons; more reasons are a menu."""

_THEN = {
    Then.RECYCLE: trusted("It goes back to marketing and is handed over again on that day."),
    Then.REROUTE: trusted("It is offered to the colleague you name."),
    Then.MERGE: trusted("It is joined with that lead, whose owner is told."),
    Then.CLOSE: trusted("It is closed."),
    Then.MARKETING: trusted("It goes back to marketing with your reason."),
}


def reject_form(form: RejectForm, *, chosen: str | None = None) -> View:
    """The form with the follow-up of the chosen reason, and of no other.

    Choosing another reason sends `reject.reason`; the view rendered again for it keeps what was entered, because
    ids stay the same. A code that is not one of the reasons counts as none chosen.
    """
    reason = next((one for one in form.reasons if one.code == chosen), None)
    agreed = term_button(Section.REASONS, form.agreement_id)
    blocks = [lead_section(form.lead_name, form.company, accessory=agreed), _reasons(form, reason)]
    if reason is not None:
        blocks += _follow_up(form, reason)
        blocks += _again(reason)
        blocks.append(context(_what_follows(reason, form)))
        blocks.append(
            text_input(
                BlockId.COMMENT,
                "Comment",
                optional=True,
                placeholder="Anything marketing should know",
            )
        )
    return modal(
        CallbackId.REJECT_SUBMIT,
        "Reject lead",
        blocks,
        submit="Reject",
        private_metadata=form_metadata(form.handoff_id, form.version, reason=None if reason is None else reason.code),
    )


def _reasons(form: RejectForm, chosen: Reason | None) -> Block:
    options = [option(reason.label, reason.code) for reason in form.reasons]
    initial = None if chosen is None else chosen.code
    element = (
        radio_buttons(ActionId.REJECT_REASON, options, initial=initial)
        if len(options) <= RADIO_MAX
        else static_select(ActionId.REJECT_REASON, options[:100], initial=initial, placeholder="Choose a reason")
    )
    return input_block(BlockId.REASON, "Why is it not for you?", element, dispatch_action=True)


def _follow_up(form: RejectForm, reason: Reason) -> list[Block]:
    question, optional = reason.question or "Please say more", not reason.required
    match reason.ask:
        case FollowUp.DATE:
            hint = f"From tomorrow until {spoken(date.fromisoformat(form.latest))}."
            picker = datepicker(ActionId.ANSWER, initial=form.suggested_date, placeholder="Choose a day")
            return [input_block(BlockId.RECYCLE_ON, question, picker, hint=hint, optional=optional)]
        case FollowUp.PERSON:
            return choice_input(
                BlockId.PERSON_ID,
                question,
                form.people,
                placeholder="Choose a colleague",
                nothing="There is no other rep to offer it to.",
                optional=optional,
            )
        case FollowUp.CRITERION:
            return choice_input(
                BlockId.CRITERION,
                question,
                form.criteria,
                placeholder="Choose what does not fit",
                nothing="There is nothing to choose from.",
                optional=optional,
            )
        case FollowUp.LEAD if not form.similar:
            return [
                text_input(BlockId.TEXT, question, optional=optional, placeholder="Its name, or its number in the CRM")
            ]
        case FollowUp.LEAD:
            return choice_input(
                BlockId.LEAD_ID,
                question,
                form.similar,
                placeholder="Choose a lead",
                nothing="I know no lead like this one.",
                optional=optional,
            )
        case FollowUp.TEXT:
            return [text_input(BlockId.TEXT, question, optional=optional)]
        case FollowUp.NONE:
            return []


def _again(reason: Reason) -> list[Block]:
    """Whoever refuses a lead gets it back only if they say so."""
    if reason.then not in (Then.RECYCLE, Then.MARKETING):
        return []
    boxes = checkboxes(ActionId.ANSWER, [option("Offer it to me again", "again")])
    hint = "Unticked, it goes to a colleague."
    return [input_block(BlockId.AGAIN, "Should it come back", boxes, optional=True, hint=hint)]


def _what_follows(reason: Reason, form: RejectForm) -> Mrkdwn:
    # Without a lead we know there is nothing to join it with.
    then = Then.CLOSE if reason.then is Then.MERGE and not form.similar else reason.then
    sentences = [_THEN[then]]
    if reason.then is Then.REROUTE and not reason.required:
        sentences.append(trusted("Without a name it is routed again, not to you."))
    if not reason.counts_against_marketing:
        sentences.append(trusted("It does not count against marketing."))
    return join(sentences, " ")
