"""The form by which all of a person's leads go to others."""

from __future__ import annotations

from bot.domain.reassignment import Which
from bot.services.reassigning_all_form import ReassignAllForm
from bot.views.blocks import (
    Block,
    View,
    context,
    datepicker,
    grouped_select,
    input_block,
    modal,
    option,
    radio_buttons,
    section,
)
from bot.views.form_parts import grouped_options, text_input
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.links import when
from bot.views.reassign_all_ref import ReassignAllRef, reassign_all_metadata
from bot.views.untrusted import Mrkdwn, escape, mrkdwn, trusted

NAME = 80
WHO_READS = "Every rep who gets one reads this, and other systems. Nobody's health, please."
SENTENCE = 300


def reassign_all_form(form: ReassignAllForm) -> View:
    """Which leads, to whom, why, and until when the person is away; one line says how many."""
    blocks = [section(_who(form)), _which(form), _to(form), _preview(form)]
    blocks.append(text_input(BlockId.NOTE, "Why?", optional=False, placeholder=WHO_READS))
    if form.may_be_marked_away:
        blocks.append(_away(form))
    ref = ReassignAllRef(id=form.id, person_id=form.person_id, which=form.which, to=form.to)
    return modal(
        CallbackId.REASSIGN_ALL_SUBMIT,
        "Reassign all leads",
        blocks,
        submit="Reassign",
        private_metadata=reassign_all_metadata(ref),
    )


def _who(form: ReassignAllForm) -> Mrkdwn:
    name = escape(form.name, NAME)
    if form.absence is None:
        return mrkdwn("*{name}* is here.", name=name)
    until = mrkdwn(" until {at}", at=when(form.until)) if form.until else trusted("")
    return mrkdwn("*{name}* is {why}{until}.", name=name, why=escape(form.absence, NAME), until=until)


def _which(form: ReassignAllForm) -> Block:
    options = [
        option(f"Those that wait for a decision ({form.offers})", Which.OFFERS),
        option(f"The accepted ones ({form.accepted})", Which.ACCEPTED),
        option(f"Both ({form.offers + form.accepted})", Which.BOTH),
    ]
    radio = radio_buttons(ActionId.REASSIGN_ALL_CHOOSE, options, initial=form.which)
    return input_block(BlockId.WHICH, "Which leads?", radio, dispatch_action=True)


def _to(form: ReassignAllForm) -> Block:
    groups = [("By turns", form.by_turns), *([("One rep", form.reps)] if form.reps else [])]
    menu = grouped_select(ActionId.REASSIGN_ALL_CHOOSE, grouped_options(groups), initial=form.to)
    return input_block(BlockId.TO, "Who should have them?", menu, dispatch_action=True)


def _preview(form: ReassignAllForm) -> Block:
    mark = "⚠️" if form.is_trouble else "→"
    return context(mrkdwn("{mark} {said}", mark=mark, said=escape(form.preview, SENTENCE)))


def _away(form: ReassignAllForm) -> Block:
    return input_block(
        BlockId.BACK_ON,
        "Mark them away until",
        datepicker(ActionId.ANSWER, placeholder="First day back"),
        hint="No leads are offered to them until 9:00 that day, their time. Without a day nothing changes about that.",
        optional=True,
    )
