"""The form to log what became of a lead, and to correct it: what happened first, then only what belongs to that."""

from __future__ import annotations

from datetime import date

from bot.domain.agreement_data import Section
from bot.domain.criteria import criterion_value
from bot.domain.local_time import spoken
from bot.domain.outcome import Attempt, Kind, Outcome
from bot.domain.reasons import FollowUp
from bot.services.outcome_form import OutcomeForm, Question
from bot.services.outcome_input import When
from bot.views.agreement_term import term_button
from bot.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    datepicker,
    input_block,
    modal,
    option,
    plain_text_input,
    radio_buttons,
    section,
    static_select,
)
from bot.views.form_parts import NOTE_MAX, choice_input, lead_section
from bot.views.ids import ActionId, BlockId, CallbackId, handoff_value
from bot.views.outcome_ref import OutcomeRef
from bot.views.pickers import checkboxes, timepicker
from bot.views.standing import ATTEMPTS, KINDS, standing_line
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

TAKE_OUT = "take_out"
"""In a correction: it never happened."""
LABEL, SENTENCE = 70, 300
WITH_REASONS = (Kind.DISQUALIFIED, Kind.LOST, Kind.WON)

HINTS = {
    Kind.ATTEMPT: "Tried, and nobody was reached yet",
    Kind.CONTACTED: "Spoke or wrote with them, both ways",
    Kind.QUALIFIED: "A real need: now an SQL",
    Kind.DISQUALIFIED: "No good after all, with the reason",
    Kind.GIVEN_BACK: "Somebody else should work it",
    Kind.OPPORTUNITY: "A possible deal, with its amount",
    Kind.WON: "They bought",
    Kind.LOST: "They did not",
}
WHEN = {
    When.NOW: "Just now",
    When.TODAY: "Earlier today",
    When.YESTERDAY: "Yesterday",
    When.EARLIER: "On another day",
    When.KEEP: "As it was logged",
}
FOLLOWS = {
    Kind.GIVEN_BACK: trusted("It is offered to somebody else at once; they read your note."),
    Kind.DISQUALIFIED: trusted("It leaves your leads. Marketing reads the reason."),
    Kind.LOST: trusted("It stays yours. With a day to come back it is handed over again that morning."),
}


def outcome_form(
    form: OutcomeForm, *, kind: str | None = None, when: str | None = None, reason: str | None = None
) -> View:
    """The form with what belongs to the chosen `kind`, and the question of the chosen `reason`. What is none of the
    choices counts as none chosen; in a correction the entry itself is chosen at first."""
    entry = form.correcting
    old = entry.outcome if entry is not None else None
    chosen = _chosen(form, kind if kind is not None else old.kind if old is not None else None)
    at = _when(form, when)
    about = Section.REASONS if chosen in WITH_REASONS else Section.FOLLOW_UP
    agreed = term_button(about, form.agreement_id)
    blocks: list[Block] = [lead_section(form.lead_name, form.company, accessory=agreed), *_stands(form)]
    if not form.possible and entry is None:
        return modal(CallbackId.MESSAGE_VIEW, "Log outcome", [*blocks, *_refused(form)], close="Close")
    blocks.append(_what(form, chosen, take_out=kind == TAKE_OUT))
    asked: Question | None = None
    if kind != TAKE_OUT and chosen is not None:
        asked = _asked(form, chosen, reason if reason is not None else old.reason if old is not None else None)
        blocks += _fields(form, chosen, asked, old)
        blocks += _when_blocks(form, at, old)
        blocks.append(_note(chosen, old))
    if entry is None:
        blocks += _refused(form)
    ref = OutcomeRef(
        handoff_id=form.handoff_id,
        version=form.version,
        kind=TAKE_OUT if kind == TAKE_OUT else chosen.value if chosen is not None else None,
        when=at.value,
        reason=asked.code if asked is not None else None,
        outcome_id=entry.id if entry is not None else None,
    )
    if entry is not None:
        title, submit, callback = "Correct", "Correct", CallbackId.CORRECT_SUBMIT
    else:
        title, submit, callback = "Log outcome", "Log", CallbackId.OUTCOME_SUBMIT
    return modal(callback, title, blocks, submit=submit, private_metadata=ref.as_text())


def _chosen(form: OutcomeForm, kind: str | None) -> Kind | None:
    return Kind(kind) if kind in form.possible else None


def _when(form: OutcomeForm, when: str | None) -> When:
    if when in list(When) and (when != When.KEEP or form.correcting is not None):
        return When(when)
    return When.NOW if form.correcting is None else When.KEEP


def _stands(form: OutcomeForm) -> list[Block]:
    lines = [standing_line(form.standing)] if form.standing is not None else []
    if form.for_owner:
        lines.append(mrkdwn("You log this for {name}.", name=escape(form.for_owner, LABEL)))
    built = [context(join(lines))] if lines else []
    if form.is_logged and form.correcting is None:
        value = handoff_value(form.handoff_id, form.version)
        built.append(actions(button("What was logged…", ActionId.OUTCOME_HISTORY, value)))
    return built


def _what(form: OutcomeForm, chosen: Kind | None, *, take_out: bool) -> Block:
    options = [option(KINDS[kind], kind.value, description=HINTS[kind]) for kind in form.possible]
    if form.correcting is not None:
        options.append(option("It did not happen", TAKE_OUT, description="Takes it out of the history"))
    initial = TAKE_OUT if take_out else chosen.value if chosen is not None else None
    label = "What happened?" if form.correcting is None else "What had happened?"
    return input_block(
        BlockId.WHAT, label, radio_buttons(ActionId.OUTCOME_WHAT, options, initial=initial), dispatch_action=True
    )


def _refused(form: OutcomeForm) -> list[Block]:
    """What cannot be logged now, and why: sentences that are the same stand once."""
    by_sentence: dict[str, list[str]] = {}
    for kind, why in form.refused:
        by_sentence.setdefault(why, []).append(KINDS[kind])
    if len(by_sentence) == 1 and not form.possible:
        return [section(escape(next(iter(by_sentence)), SENTENCE))]
    lines = [
        mrkdwn("_{kinds}_: {why}", kinds=", ".join(kinds), why=escape(why, SENTENCE))
        for why, kinds in by_sentence.items()
    ]
    return [context(join([trusted("*Not now*"), *lines]))] if lines else []


def _asked(form: OutcomeForm, kind: Kind, reason: str | None) -> Question | None:
    return next((one for one in _questions(form, kind) if one.code == reason), None)


def _questions(form: OutcomeForm, kind: Kind) -> tuple[Question, ...]:
    return {Kind.DISQUALIFIED: form.disqualify, Kind.LOST: form.loss, Kind.WON: form.win}.get(kind, ())


def _fields(form: OutcomeForm, kind: Kind, asked: Question | None, old: Outcome | None) -> list[Block]:
    match kind:
        case Kind.ATTEMPT:
            options = [option(word.capitalize(), attempt.value) for attempt, word in ATTEMPTS.items()]
            initial = old.attempt if old is not None and old.attempt is not None else Attempt.CALL
            return [
                input_block(BlockId.ATTEMPT, "How?", radio_buttons(ActionId.ANSWER, options, initial=initial.value))
            ]
        case Kind.OPPORTUNITY:
            close = old.expected_close.isoformat() if old is not None and old.expected_close else form.suggested_close
            picker = datepicker(ActionId.ANSWER, initial=close, placeholder="Choose a day")
            return [*_money(form, old, optional=False), input_block(BlockId.EXPECTED_CLOSE, "Expected close", picker)]
        case Kind.WON:
            return [_reasons(form.win, asked, "Why did they choose us?"), *_money(form, old, optional=True)]
        case Kind.DISQUALIFIED | Kind.LOST:
            question = "Why?" if kind is Kind.DISQUALIFIED else "Why was it lost?"
            blocks = [_reasons(_questions(form, kind), asked, question)]
            blocks += _question(form, asked, old) if asked is not None else []
            if kind is Kind.DISQUALIFIED and asked is not None and asked.ask is FollowUp.DATE:
                blocks.append(_again(chosen=form.again))
            return [*blocks, context(FOLLOWS[kind])]
        case Kind.GIVEN_BACK:
            return [context(FOLLOWS[kind])]
        case _:
            return []


def _reasons(questions: tuple[Question, ...], asked: Question | None, label: str) -> Block:
    options = [option(one.label, one.code) for one in questions[:100]]
    initial = asked.code if asked is not None else None
    menu = static_select(ActionId.OUTCOME_REASON, options, initial=initial, placeholder="Choose a reason")
    return input_block(BlockId.REASON, label, menu, dispatch_action=True)


def _question(form: OutcomeForm, asked: Question, old: Outcome | None) -> list[Block]:
    label, optional = asked.question or "Please say more", not asked.required
    match asked.ask:
        case FollowUp.NONE:
            return []
        case FollowUp.DATE:
            day = old.come_back_on.isoformat() if old is not None and old.come_back_on else form.suggested_return
            picker = datepicker(ActionId.ANSWER, initial=day if asked.required else None, placeholder="Choose a day")
            hint = f"From tomorrow until {spoken(date.fromisoformat(form.latest))}; it comes back that morning."
            return [input_block(BlockId.COME_BACK_ON, label, picker, hint=hint, optional=optional)]
        case FollowUp.CRITERION:
            return choice_input(
                BlockId.ANSWER, label, form.criteria, placeholder="Choose what does not fit",
                nothing="There is nothing to choose from.", optional=optional,
                initial=criterion_value(old.answer) if old is not None and old.answer else None,
            )  # fmt: skip
        case _:
            words = plain_text_input(
                ActionId.ANSWER, multiline=True, max_length=NOTE_MAX, initial=old.answer if old is not None else None
            )
            return [input_block(BlockId.ANSWER, label, words, optional=optional)]


def _again(*, chosen: bool) -> Block:
    box = option("Offer it to me again", "again")
    boxes = checkboxes(ActionId.ANSWER, [box], initial=("again",) if chosen else ())
    hint = "Unticked, it goes to a colleague."
    return input_block(BlockId.AGAIN, "Should it come back", boxes, optional=True, hint=hint)


def _money(form: OutcomeForm, old: Outcome | None, *, optional: bool) -> list[Block]:
    amount = format(old.amount, "f") if old is not None and old.amount is not None else None
    field = plain_text_input(ActionId.ANSWER, initial=amount, placeholder="12,000", max_length=40)
    currency = old.currency if old is not None and old.currency else form.currency
    codes = list(dict.fromkeys([*([currency] if currency not in form.currencies else []), *form.currencies]))
    menu = static_select(ActionId.ANSWER, [option(code, code) for code in codes], initial=currency)
    label = "Amount" if not optional else "Amount, if it is another than expected"
    return [
        input_block(BlockId.AMOUNT, label, field, optional=optional),
        input_block(BlockId.CURRENCY, "Currency", menu, optional=optional),
    ]


def _when_blocks(form: OutcomeForm, at: When, old: Outcome | None) -> list[Block]:
    words = [word for word in WHEN if word is not When.KEEP or old is not None]
    options = [option(WHEN[word], word.value) for word in words]
    menu = static_select(ActionId.OUTCOME_WHEN, options, initial=at.value)
    blocks = [input_block(BlockId.WHEN, "When?", menu, dispatch_action=True)]
    if at is When.EARLIER:
        picker = datepicker(ActionId.ANSWER, placeholder="Choose a day")
        hint = "Since the lead was accepted."
        blocks.append(input_block(BlockId.DAY, "On which day?", picker, hint=hint))
    if at in (When.TODAY, When.YESTERDAY, When.EARLIER):
        blocks.append(
            input_block(
                BlockId.AT,
                "At what time?",
                timepicker(ActionId.ANSWER, placeholder="Choose a time"),
                hint=f"Your time: {form.tz[:LABEL]}.",
            )
        )
    return blocks


def _note(kind: Kind, old: Outcome | None) -> Block:
    needed = kind is Kind.GIVEN_BACK
    field = plain_text_input(
        ActionId.ANSWER,
        multiline=True,
        max_length=NOTE_MAX,
        initial=old.note if old is not None else None,
        placeholder="Why, for whoever gets it next" if needed else "What should be remembered",
    )
    return input_block(BlockId.NOTE, "Why?" if needed else "Note", field, optional=not needed)


def said(words: str) -> Mrkdwn:
    """A sentence of ours about what was logged."""
    return escape(words, SENTENCE)
