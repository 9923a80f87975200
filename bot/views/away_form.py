"""The form to be away."""

from __future__ import annotations

from bot.services.forms import AwayForm
from bot.views.blocks import Block, View, datepicker, input_block, modal, section
from bot.views.form_parts import choice_input
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.untrusted import trusted


def away_form(form: AwayForm) -> View:
    """Until when the person is away; without a day, until they say that they are back."""
    day = input_block(
        BlockId.BACK_ON,
        "First day back",
        datepicker(ActionId.ANSWER, placeholder="Choose a day"),
        hint=f"A day after today. From 9:00 on ({form.tz}) you are offered leads again. Without a day: until you press"
        " “I am back”.",
        optional=True,
    )
    explained = section(trusted("While you are away no leads are offered to you. What you were offered stays yours."))
    return modal(CallbackId.AWAY_SUBMIT, "I am away", [explained, day, *_deputy(form)], submit="Save")


def _deputy(form: AwayForm) -> list[Block]:
    """Nothing to choose where nobody else is on the roster."""
    if not form.people:
        return []
    hint = (
        "If a manager gives your leads to others, this colleague is suggested first. Nothing comes to them by itself."
    )
    if form.manages:
        hint = "While you are away they see your people on Home, and reassign, withdraw and assign in your place."
    return choice_input(
        BlockId.DEPUTY, "Who stands in for you?", form.people, placeholder="Choose a colleague", nothing="",
        optional=True, hint=hint, initial=form.deputy_id,
    )  # fmt: skip
