"""Settings: what one is told at once, in the brief or not at all, and when and where the brief comes."""

from __future__ import annotations

from datetime import time

from bot.domain.budget import TABLE, How, Kind
from bot.services.person_settings import Place, SettingsForm
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
    radio_buttons,
    section,
    static_select,
)
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.pickers import channel_select, checkboxes
from bot.views.untrusted import Mrkdwn, escape, mrkdwn, trusted

HOWS = {How.LIVE: "At once", How.BRIEF: "In my brief", How.MUTED: "Not at all"}
TIMES = range(5 * 60, 14 * 60 + 1, 30)
"""Minutes since midnight: a morning, every half hour. Whose day starts later follows their day."""
WORK_START = "start"
"""The option that follows the person's working day."""
ZONE = 60
SENTENCE = 300
KIND_BLOCKS = {
    Kind.REJECT: BlockId.TOLD_REJECT,
    Kind.HOTTER: BlockId.TOLD_HOTTER,
    Kind.MILESTONE: BlockId.TOLD_MILESTONE,
    Kind.NOTE_ANSWERED: BlockId.TOLD_NOTE_ANSWERED,
    Kind.CAMPAIGN: BlockId.TOLD_CAMPAIGN,
    Kind.QUESTION: BlockId.TOLD_QUESTION,
}
"""Kinds with more than two choices, each with a menu of its own."""


def settings_button() -> Element:
    """Opens Settings, from Home and from a brief."""
    return button("Settings…", ActionId.HOME_SETTINGS, "settings")


def settings_form(form: SettingsForm, said: str | None = None) -> View:
    """The form, with what the person chose so far. `said`: what came of *Send me my brief now*."""
    blocks: list[Block] = [
        section(
            trusted(
                "Leads reach you at once. What can wait comes in *one brief* on the morning of each day you work;"
                " a day on which nothing happened has none."
            )
        ),
        _time(form),
        _place(form),
        _channel(form),
        *_kinds(form),
        actions(button("Send me my brief now", ActionId.BRIEF_NOW, "now")),
        context(_waiting(form) if said is None else mrkdwn("*{said}*", said=escape(said, SENTENCE))),
    ]
    asked = ",".join(form.kinds)
    return modal(CallbackId.SETTINGS_SUBMIT, "Settings", blocks, submit="Save", private_metadata=asked)


def _waiting(form: SettingsForm) -> Mrkdwn:
    if not form.waiting:
        return trusted("Nothing waits for your next brief.")
    what = "1 thing waits" if form.waiting == 1 else f"{form.waiting} things wait"
    return mrkdwn("{what} for your next brief.", what=what)


def _time(form: SettingsForm) -> Block:
    times = [time(minutes // 60, minutes % 60) for minutes in TIMES]
    if form.brief_at is not None and form.brief_at not in times:
        times = sorted([*times, form.brief_at])
    options = [option(f"When my day starts ({form.work_start:%H:%M})", WORK_START)]
    options += [option(f"{at:%H:%M}", f"{at:%H:%M}") for at in times]
    initial = f"{form.brief_at:%H:%M}" if form.brief_at is not None else WORK_START
    return input_block(
        BlockId.BRIEF_AT,
        "When it comes",
        static_select(ActionId.ANSWER, options, initial=initial),
        hint=f"Your time: {form.tz[:ZONE]}. Not on days off or while you are away.",
    )


def _place(form: SettingsForm) -> Block:
    options = [
        option("Here, in my messages with Lockstep", Place.MESSAGES.value),
        option("In a channel", Place.CHANNEL.value, description="Without names: companies and counts only"),
    ]
    initial = Place.CHANNEL if form.channel else Place.MESSAGES
    return input_block(
        BlockId.BRIEF_PLACE, "Where it comes", radio_buttons(ActionId.ANSWER, options, initial=initial.value)
    )


def _channel(form: SettingsForm) -> Block:
    menu = channel_select(ActionId.ANSWER, initial=form.channel, placeholder="Choose a channel")
    return input_block(
        BlockId.BRIEF_CHANNEL, "Which channel", menu, optional=True, hint="One that you and Lockstep are both in."
    )


def _kinds(form: SettingsForm) -> list[Block]:
    blocks = []
    for kind, chosen in form.kinds.items():
        rule = TABLE[kind]
        if kind in KIND_BLOCKS:
            options = [option(HOWS[one], one.value) for one in rule.choices]
            menu = static_select(ActionId.ANSWER, options, initial=chosen.value)
            blocks.append(input_block(KIND_BLOCKS[kind], rule.label, menu))
    briefed = {kind: how for kind, how in form.kinds.items() if kind not in KIND_BLOCKS}
    if briefed:
        boxes = checkboxes(
            ActionId.ANSWER,
            [option(TABLE[kind].label, kind.value) for kind in briefed],
            initial=[kind.value for kind, how in briefed.items() if how is How.BRIEF],
        )
        hint = "What is not ticked is not said at all."
        blocks.append(input_block(BlockId.IN_BRIEF, "In my brief", boxes, optional=True, hint=hint))
    return blocks
