"""On a campaign alert: who got it, what waits for an answer, its leads so far, and the buttons to say so and to ask."""

from __future__ import annotations

from bot.domain.campaign_alert import AlertState
from bot.ports import Message
from bot.services.alert_talk import AlertTalk, GotItCounts, LeadsSoFar
from bot.services.got_its import Pressed
from bot.views.alert_talk_ids import TalkAction, details_value
from bot.views.blocks import Block, Element, actions, button, context, section
from bot.views.ids import handoff_value
from bot.views.lead_lines import DOT
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

REASON = 60


def talk_blocks(alert_id: str, version: int, state: AlertState, talk: AlertTalk) -> list[Block]:
    """What stands under an alert in a channel: its counts, and the buttons of sales."""
    return [context(counts(talk)), actions(*buttons(alert_id, version, state))]


def counts(talk: AlertTalk) -> Mrkdwn:
    """Got it, what waits for an answer, and the leads so far, in as many lines as there is something to say."""
    first = [got_it(talk.got_it)]
    if talk.waiting:
        first.append(waiting(talk.waiting))
    lines = [join(first, DOT)]
    if talk.leads.handed_over:
        lines.append(leads(talk.leads))
    return join(lines)


def got_it(found: GotItCounts) -> Mrkdwn:
    """`12 of 20 got it (3 before it was changed)`."""
    said = mrkdwn("*{got_it} of {asked}* got it", got_it=found.got_it, asked=max(found.asked, found.got_it))
    if not found.earlier:
        return said
    return mrkdwn("{said} ({earlier} before it was changed)", said=said, earlier=found.earlier)


def waiting(questions: int) -> Mrkdwn:
    if questions == 1:
        return trusted("1 question waits for an answer")
    return mrkdwn("{questions} questions wait for an answer", questions=questions)


def leads(found: LeadsSoFar) -> Mrkdwn:
    """`Leads so far: 14 handed over · 9 accepted · 3 rejected: Not a fit (2), Student (1)`."""
    parts = [
        mrkdwn("{count} handed over", count=found.handed_over),
        mrkdwn("{count} accepted", count=found.accepted),
        mrkdwn("{count} rejected", count=found.rejected),
    ]
    said = mrkdwn("Leads so far: {parts}", parts=join(parts, DOT))
    if not found.reasons:
        return said
    reasons = [
        mrkdwn("{label} ({count})", label=escape(label, REASON), count=count) for label, count in found.reasons
    ]  # fmt: skip
    return mrkdwn("{said}: {reasons}", said=said, reasons=join(reasons, ", "))


def buttons(alert_id: str, version: int, state: AlertState) -> list[Element]:
    """Those of sales. What is over is only asked and told about; what was withdrawn is only read."""
    found: list[Element] = []
    if state in (AlertState.SCHEDULED, AlertState.LIVE):
        found.append(got_it_button(alert_id, version))
    if state.is_told:
        found += [ask_button(alert_id), feedback_button(alert_id)]
    return [*found, details_button(alert_id)]


def got_it_button(alert_id: str, version: int) -> Element:
    return button("Got it", TalkAction.GOT_IT, handoff_value(alert_id, version), style="primary")


def ask_button(alert_id: str) -> Element:
    return button("Ask a question…", TalkAction.ASK, alert_id)


def feedback_button(alert_id: str) -> Element:
    return button("Feedback on the message…", TalkAction.FEEDBACK, alert_id)


def details_button(alert_id: str, label: str = "Details") -> Element:
    return button(label, TalkAction.DETAILS, details_value(alert_id))


def noted(pressed: Pressed) -> Message:
    """To whoever pressed *Got it*, and nobody else."""
    said = got_it(pressed.counts)
    if pressed.earlier:
        text = mrkdwn("Noted, but it was changed after what you saw: please look again. {said}.", said=said)
    elif pressed.again:
        text = mrkdwn("You had said so already. {said}.", said=said)
    else:
        text = mrkdwn("Noted: {said}.", said=said)
    return Message(text=text, blocks=[section(text)])
