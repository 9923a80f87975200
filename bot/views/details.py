"""Everything about one lead, in a window to read."""

from __future__ import annotations

from datetime import datetime

from bot.services.cards import Card, CardState
from bot.services.forms import Details, HistoryLine
from bot.views.blocks import TEXT_MAX, Block, View, context, divider, modal, section
from bot.views.due import due_line, took_line
from bot.views.handoff_controls import open_in_crm
from bot.views.ids import CallbackId
from bot.views.lead_lines import PRIORITY, came_from, contact, who, why
from bot.views.links import when
from bot.views.practice import MARK
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

HISTORY_SHOWN = 15
FIELDS_SHOWN = 20
VALUE = 300
PASSED_ON = 1200
DECISIONS = {
    CardState.ACCEPTED: trusted("Accepted"),
    CardState.REJECTED: trusted("Rejected"),
    CardState.EXPIRED: trusted("Not decided in time: it went on"),
    CardState.RELEASED: trusted("Accepted"),
    CardState.TRANSFERRED: trusted("Accepted"),
}
"""What the time until the decision is said of; a withdrawn offer was nobody's to decide."""


def details_view(details: Details) -> View:
    """Everything its reader may see of a lead, and its history, newest first. Nothing in it decides."""
    card = details.card
    lead = card.lead
    mark = MARK if card.practice else PRIORITY[lead.priority]
    blocks: list[Block] = [
        section(
            join([who(lead.name, lead.title, lead.company), mrkdwn("{mark}", mark=mark)]),
            accessory=open_in_crm(card.crm_url),
        )
    ]
    reach = contact(lead.phone_e164, lead.phone, lead.email)
    if reach is not None:
        blocks.append(section(reach))
    if card.masked:
        blocks.append(context(trusted("Name and contact show as soon as somebody has accepted it.")))
    blocks += _sections(_facts(card))
    blocks += _sections(_fields(card))
    if details.history:
        blocks += [divider(), *_sections(_history(details.history))]
    return modal(CallbackId.DETAILS_VIEW, "Lead", blocks, close="Close")


def _facts(card: Card) -> list[Mrkdwn]:
    lead = card.lead
    facts: list[Mrkdwn] = []
    if lead.summary:
        facts.append(_fact("What marketing says", lead.summary))
    facts.append(mrkdwn("*Why it qualified*  {why}", why=why(card.met)))
    came = came_from(lead.origin, lead.campaign, lead.source, lead.handed_over_by)
    facts.append(mrkdwn("*From*  {origin}", origin=came))
    for label, value in (("Country", lead.country), ("Lead score", lead.score), ("Touches", lead.touches)):
        if value not in (None, ""):
            facts.append(_fact(label, str(value)))
    if lead.engaged_at is not None:
        facts.append(mrkdwn("*Showed interest*  {at}", at=when(lead.engaged_at)))
    facts.append(mrkdwn("*Came*  {at}", at=when(card.came_at)))
    facts.append(mrkdwn("*Offered*  {at}", at=when(card.offered_at)))
    if card.due is not None:
        facts.append(due_line(card.due))
    if card.took is not None and card.state in DECISIONS:
        facts.append(took_line(DECISIONS[card.state], card.took))
    if card.offered_to or card.pool_name:
        facts.append(_fact("Offered to", card.offered_to or card.pool_name or ""))
    if card.routed_because:
        facts.append(_fact("Routed because", card.routed_because))
    if card.passed_on and not card.masked:
        facts.append(mrkdwn("*Passed on*  {words}", words=escape(card.passed_on, PASSED_ON)))
    return facts


def _fields(card: Card) -> list[Mrkdwn]:
    """The further key-values of the lead, in the order they came."""
    shown = [_fact(key, value) for key, value in list(card.lead.fields.items())[:FIELDS_SHOWN]]
    rest = len(card.lead.fields) - len(shown)
    if rest > 0:
        shown.append(mrkdwn("and {count} more in the CRM", count=rest))
    return shown


def _fact(label: str, value: str) -> Mrkdwn:
    return mrkdwn("*{label}*  {value}", label=escape(label, 60), value=escape(value, VALUE))


def _history(history: tuple[HistoryLine, ...]) -> list[Mrkdwn]:
    lines = [trusted("*What happened*")]
    for line in history[:HISTORY_SHOWN]:
        at = when(datetime.fromisoformat(line.at_iso))
        lines.append(mrkdwn("{at}  {text}", at=at, text=escape(line.text, VALUE)))
    return lines


def _sections(lines: list[Mrkdwn]) -> list[Block]:
    """The lines in as many sections as Slack's limit of a section's text makes necessary."""
    built: list[Block] = []
    together: list[Mrkdwn] = []
    for line in lines:
        if together and len(join([*together, line])) > TEXT_MAX:
            built.append(section(join(together)))
            together = []
        together.append(line)
    return [*built, section(join(together))] if together else built
