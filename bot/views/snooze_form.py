"""The form to put reminders off."""

from __future__ import annotations

from datetime import datetime

from bot.domain.local_time import local_time, zone
from bot.services.snoozing import For, SnoozeForm
from bot.views.blocks import View, input_block, modal, option, radio_buttons, section
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.links import at_time
from bot.views.untrusted import escape, mrkdwn, trusted

NAME = 150
LABELS = {
    For.QUARTER: "15 minutes",
    For.HOUR: "1 hour",
    For.THREE_HOURS: "3 hours",
    For.TOMORROW: "Until my next day of work begins",
    For.LATEST: "As long as possible, until it is at risk",
}


def snooze_form(form: SnoozeForm) -> View:
    """For how long; only what is possible now."""
    due = mrkdwn(" It is due {at}.", at=at_time(form.due_at, zone(form.tz))) if form.due_at is not None else trusted("")
    said = mrkdwn("No reminders of *{name}* for a while.{due}", name=escape(form.lead_name, NAME), due=due)
    options = [
        option(LABELS[how_long], how_long.value, description=_until(until, form)) for how_long, until in form.choices
    ]
    menu = radio_buttons(ActionId.ANSWER, options, initial=form.choices[0][0].value)
    return modal(
        CallbackId.SNOOZE_SUBMIT,
        "Snooze",
        [section(said), input_block(BlockId.SNOOZE_FOR, "For how long?", menu)],
        submit="Snooze",
        private_metadata=form.countdown_id,
    )


def _until(until: datetime, form: SnoozeForm) -> str:
    local = until.astimezone(zone(form.tz))
    return f"until {local:%a} {local.day} {local:%b}, {local_time(until, form.tz):%H:%M}"
