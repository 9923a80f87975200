"""The form to be away."""

from __future__ import annotations

from bot.services.forms import AwayForm
from bot.views.blocks import View, datepicker, input_block, modal, section
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
    return modal(CallbackId.AWAY_SUBMIT, "I am away", [explained, day], submit="Save")
