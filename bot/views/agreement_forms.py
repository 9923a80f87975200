"""The forms of the agreement: change a section, propose, sign, answer, withdraw, suspend or end."""

from __future__ import annotations

from bot.domain.agreement_data import SECTIONS
from bot.domain.agreement_forms import LONGEST
from bot.domain.person import Side
from bot.domain.signing import State, Wish
from bot.services.agreement_drafts import DraftShown, SectionForm
from bot.services.agreement_news import AgreementNotice
from bot.services.agreement_shown import SignForm
from bot.services.agreements import REPLY_MAX
from bot.views.agreement_difference import change_lines, is_cut
from bot.views.agreement_notice import compared_lines
from bot.views.agreement_ref import TermRef, read_term_value, term_value
from bot.views.agreement_words import fitting, signature_lines, standing_line
from bot.views.blocks import (
    Block,
    Element,
    View,
    button,
    context,
    datepicker,
    input_block,
    modal,
    option,
    plain_text_input,
    radio_buttons,
    section,
)
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

ROOM = 2400
START, AT, SIDE, TEXT, WISH = BlockId.START, BlockId.AT, BlockId.SIDE, BlockId.TEXT, "wish"
"""The inputs; the names are those of FormError's fields. Those of a section are the keys of its form's fields."""
WITHDRAW, TAKE_BACK = "withdraw", "take_back"
_COMPARED = "@"
_SIDES = {Side.SALES: "For sales", Side.MARKETING: "For marketing"}
_WISHES = {
    Wish.SUSPEND: "Suspend it: nothing escalates until it is resumed",
    Wish.RESUME: "Resume it",
    Wish.END: "End it: a trial until both sides sign another version",
}


def section_form(form: SectionForm) -> View:
    """The section's terms as texts; what is not changed stays as it is."""
    blocks: list[Block] = [
        context(trusted("What you change goes into your draft. Nobody else sees it until you propose it."))
    ]
    for field, text in form.fields:
        entry = plain_text_input(ActionId.ANSWER, multiline=field.multiline, initial=text or None, max_length=LONGEST)
        blocks.append(input_block(field.key, field.label, entry, hint=field.hint or None, optional=True))
    for field in form.too_long:
        label = escape(field.label, 80)
        blocks.append(context(mrkdwn("{label} is too long for a form: change it with a file.", label=label)))
    if not form.fields:
        return modal(CallbackId.MESSAGE_VIEW, SECTIONS[form.section][:24], blocks, close="Close")
    blocks.insert(0, section(mrkdwn("*{title}*", title=SECTIONS[form.section])))
    return modal(
        CallbackId.AGREEMENT_EDIT_SUBMIT, "Propose a change", blocks, submit="Add to my draft",
        private_metadata=term_value(form.agreement_id, form.section),
    )  # fmt: skip


def propose_form(draft: DraftShown, agreement_id: str) -> View:
    """The difference once more, and from when."""
    shown, left = fitting(change_lines(draft.changes), ROOM)
    blocks: list[Block] = [section(join(shown))] if shown else []
    if left:
        blocks.append(context(mrkdwn("and {count} lines more", count=left)))
    if not draft.changes:
        blocks.append(section(trusted("It says what the version in force says; signing it ends the trial.")))
    blocks += [
        input_block(
            START, "In force from", datepicker(ActionId.ANSWER, placeholder="Choose a day"), optional=True,
            hint="Empty: as soon as a manager of each side has signed.",
        ),
        input_block(
            AT, "At", plain_text_input(ActionId.ANSWER, placeholder="09:00", max_length=5), optional=True,
            hint="Your local time; empty: midnight, as the day begins.",
        ),
        context(trusted("The managers of both sides get it with the difference, to sign or to answer.")),
    ]  # fmt: skip
    return modal(
        CallbackId.AGREEMENT_PROPOSE_SUBMIT, "Propose", blocks, submit="Propose",
        private_metadata=term_value(agreement_id),
    )  # fmt: skip


def sign_form(form: SignForm) -> View:
    """What is signed, and for which side where there is a choice."""
    notice = form.notice
    shown, left = fitting(change_lines(notice.changes), ROOM)
    lines = [_title(notice), standing_line(notice), *compared_lines(notice), *signature_lines(notice)]
    blocks: list[Block] = [section(join(lines))]
    blocks.append(section(join(shown or [mrkdwn("It says what version {v} says.", v=notice.compared_with)])))
    if left or is_cut(notice.changes):
        more = mrkdwn("and {count} lines more", count=left) if left else trusted("Long texts are cut here.")
        show_all = button("Show all", ActionId.AGREEMENT_CHANGES, term_value(notice.agreement_id))
        blocks.append(section(more, accessory=show_all))
    blocks += _sides(form)
    blocks.append(
        context(
            trusted("With both signatures it comes into force at its instant. Leads on their way keep their terms.")
        )
    )
    return modal(
        CallbackId.AGREEMENT_SIGN_SUBMIT, "Sign the agreement", blocks, submit="Sign",
        private_metadata=f"{term_value(notice.agreement_id)}{_COMPARED}{notice.compared_with}",
    )  # fmt: skip


def read_sign_value(text: str) -> tuple[TermRef, int | None]:
    """What the form to sign is about, and the version with which it was compared. Raises NotFound for what is none."""
    value, _, version = text.partition(_COMPARED)
    return read_term_value(value), int(version) if version.isascii() and version.isdigit() else None


def reply_form(notice: AgreementNotice) -> View:
    """A note to whoever proposed it."""
    entry = plain_text_input(ActionId.ANSWER, multiline=True, max_length=REPLY_MAX)
    name = escape(notice.proposed_by, 60)
    blocks: list[Block] = [
        section(join([_title(notice), standing_line(notice)])),
        input_block(TEXT, "What should be different?", entry),
        context(
            mrkdwn(
                "{name} reads it. To propose other words yourself, open this version, choose the section and"
                " Propose a change.",
                name=name,
            )
        ),
    ]
    return modal(
        CallbackId.AGREEMENT_REPLY_SUBMIT,
        "Answer",
        blocks,
        submit="Send",
        private_metadata=term_value(notice.agreement_id),
    )


def more_form(form: SignForm) -> View:
    """Withdraw what is to come; suspend, resume or end what is in force, or take back that one asked for it."""
    notice = form.notice
    blocks: list[Block] = [section(join([_title(notice), standing_line(notice)]))]
    if notice.state in (State.PROPOSED, State.SIGNED):
        blocks.append(section(trusted("It is withdrawn, and never comes into force. Another one can be proposed.")))
        submit = "Withdraw"
    else:
        choices = [option(_WISHES[wish], wish.value) for wish in form.wishes]
        if form.may_take_back:
            choices.append(option("Take back what I asked for", TAKE_BACK))
        first = notice.wish.value if notice.wish else None
        blocks.append(input_block(WISH, "What should happen?", radio_buttons(ActionId.ANSWER, choices, initial=first)))
        blocks += _sides(form)
        blocks.append(context(trusted("It happens when a manager of each side wants it, or the arbiter says so.")))
        submit = "Save"
    return modal(
        CallbackId.AGREEMENT_MORE_SUBMIT, "The agreement", blocks, submit=submit,
        private_metadata=term_value(notice.agreement_id),
    )  # fmt: skip


def _sides(form: SignForm) -> list[Block]:
    if len(form.sides) < 2:
        return []
    options = [option(_SIDES[side], side.value) for side in form.sides]
    entry: Element = radio_buttons(ActionId.ANSWER, options)
    return [input_block(SIDE, "For which side?", entry)]


def _title(notice: AgreementNotice) -> Mrkdwn:
    return mrkdwn("*Version {version} of the agreement*", version=notice.version)
