"""*Reached them?*: the reminder to try to reach an accepted lead, with the answers on it."""

from __future__ import annotations

from bot.domain.ladder import Step
from bot.ports import Message
from bot.services.reached import ContactReminder
from bot.views.blocks import Element, button
from bot.views.ids import ActionId, handoff_value
from bot.views.lead_lines import contact
from bot.views.reminder import Words, reminder_message
from bot.views.standing import REACH, TRY_AGAIN, standing_line
from bot.views.untrusted import Mrkdwn, trusted

_REACHED = trusted("Reached them?")
FIRST = Words(
    title={
        Step.REMIND: _REACHED,
        Step.AT_RISK: trusted("Reached them? Nearly out of time"),
        Step.EXPIRE: trusted("Leaking: nobody has tried to reach them"),
    },
    by=REACH,
)
AGAIN = Words(
    title={
        Step.REMIND: _REACHED,
        Step.AT_RISK: trusted("Reached them by now? Nearly out of time"),
        Step.EXPIRE: trusted("Reached them? Time to try again"),
    },
    by=TRY_AGAIN,
)


def render_contact_reminder(reminder: ContactReminder) -> Message:
    """One click logs *Reached* or *No answer*; *Give back* asks why. Once the agreed attempts are made it can be
    disqualified from here."""
    where = reminder.standing
    tried = where is not None and where.attempts > 0
    lines: list[Mrkdwn] = []
    if where is not None and tried:
        lines.append(standing_line(where))
    reach = contact(reminder.phone_e164, None, reminder.email)
    # What is history tempts nobody to tap.
    if reach is not None and reminder.has_buttons:
        lines.append(reach)
    return reminder_message(reminder, AGAIN if tried else FIRST, _buttons(reminder), lines)


def _buttons(reminder: ContactReminder) -> list[Element]:
    value, name = handoff_value(reminder.handoff_id, reminder.version), reminder.name
    found = [
        button("Reached", ActionId.OUTCOME_REACHED, value, style="primary", accessibility_label=f"Reached {name}"),
        button("No answer", ActionId.OUTCOME_NO_ANSWER, value, accessibility_label=f"No answer from {name}"),
        button("Give back…", ActionId.OUTCOME_GIVE_BACK, value, accessibility_label=f"Give back {name}"),
    ]
    if reminder.can_disqualify:
        label = f"Disqualify {name}: could not be reached"
        found.append(button("Disqualify…", ActionId.OUTCOME_DISQUALIFY, value, accessibility_label=label))
    return found
