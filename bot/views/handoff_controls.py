"""The controls of a handoff, the same on a card and on Home."""

from __future__ import annotations

from bot.views.blocks import Element, button, option, overflow
from bot.views.ids import ActionId, More, handoff_value, more_value

URL_MAX = 3000
"""Slack's limit of a URL."""

_LABELS = {
    More.OUTCOME: "Log outcome",
    More.RELEASE: "Release",
    More.REASSIGN: "Reassign",
    More.WITHDRAW: "Withdraw",
    More.SNOOZE: "Snooze…",
    More.TERMS: "What was agreed",
    More.LADDER: "What was agreed",
}


def accept_and_reject(handoff_id: str, version: int, name: str) -> list[Element]:
    """The two decision buttons. `name` is what screen readers say of whom."""
    value = handoff_value(handoff_id, version)
    return [
        button(
            "Accept",
            ActionId.HANDOFF_ACCEPT,
            value,
            style="primary",
            accessibility_label=f"Accept {name}",
        ),
        button(
            "Reject",
            ActionId.HANDOFF_REJECT,
            value,
            accessibility_label=f"Reject {name} with a reason",
        ),
    ]


def undo(handoff_id: str, version: int) -> Element:
    """Takes an accept back, for five minutes."""
    return button("Undo", ActionId.HANDOFF_UNDO, handoff_value(handoff_id, version))


def log_outcome(handoff_id: str, version: int, name: str, *, over: bool) -> Element:
    """What became of an accepted lead; once it is won or lost, to correct what was logged."""
    if over:
        return correct(handoff_id, version)
    value = handoff_value(handoff_id, version)
    return button("Log outcome", ActionId.OUTCOME_LOG, value, accessibility_label=f"Log outcome of {name}")


def correct(handoff_id: str, version: int) -> Element:
    return button("Correct…", ActionId.OUTCOME_HISTORY, handoff_value(handoff_id, version))


def lead_overflow(action_id: ActionId, handoff_id: str, crm_url: str | None, *further: More) -> Element:
    """The three dots of a lead: Details, Open in CRM where there is a record, and what its reader may do."""
    options = [option("Details", more_value(More.DETAILS, handoff_id))]
    if crm_url and len(crm_url) <= URL_MAX:
        options.append(option("Open in CRM", more_value(More.CRM, handoff_id), url=crm_url))
    options += [option(_LABELS[more], more_value(more, handoff_id)) for more in further]
    return overflow(action_id, options)


def open_in_crm(crm_url: str | None) -> Element | None:
    """A button to the lead's record, where there is one."""
    if not crm_url or len(crm_url) > URL_MAX:
        return None
    return button("Open in CRM", ActionId.OPEN_CRM, url=crm_url)
