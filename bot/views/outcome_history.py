"""What was logged about a lead, to look at and to correct; what was corrected stands struck through."""

from __future__ import annotations

from bot.domain import money
from bot.domain.local_time import spoken
from bot.services.corrections import Entry
from bot.services.outcome_form import HistoryShown
from bot.views.blocks import Block, View, button, context, modal, section
from bot.views.form_parts import lead_section
from bot.views.ids import ActionId, CallbackId
from bot.views.lead_lines import DOT
from bot.views.links import when
from bot.views.outcome_ref import entry_value
from bot.views.standing import ATTEMPTS, KINDS
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, trusted

SHOWN = 30
NAME, REASON, WORDS = 60, 100, 300


def history_view(history: HistoryShown) -> View:
    """Each entry, the newest first, with *Correct…* where it can be corrected."""
    blocks: list[Block] = [lead_section(history.lead_name, history.company)]
    if not history.entries:
        blocks.append(section(trusted("Nothing was logged yet.")))
    blocks += [_entry(history, entry) for entry in history.entries[:SHOWN]]
    if len(history.entries) > SHOWN:
        blocks.append(context(mrkdwn("The last {shown} of {count}.", shown=SHOWN, count=len(history.entries))))
    return modal(CallbackId.HISTORY_VIEW, "What was logged", blocks, close="Back")


def _entry(history: HistoryShown, entry: Entry) -> Block:
    lines = [_first(entry), mrkdwn("{at} by {name}", at=when(entry.outcome.at), name=escape(entry.by, NAME))]
    # Who logged it later than it happened says when.
    if (entry.logged_at - entry.outcome.at).total_seconds() >= 60:
        lines[-1] = mrkdwn("{line}, logged {at}", line=lines[-1], at=when(entry.logged_at))
    words = [one for one in (entry.outcome.answer, entry.outcome.note) if one]
    lines += [quote(one, WORDS) for one in words]
    if entry.taken_out_at is not None:
        name = escape(entry.taken_out_by or "somebody who left", NAME)
        lines.append(mrkdwn("_Corrected by {name} {at}_", name=name, at=when(entry.taken_out_at)))
    accessory = None
    if entry.can_be_corrected:
        value = entry_value(history.handoff_id, history.version, entry.id)
        accessory = button(
            "Correct…", ActionId.OUTCOME_CORRECT, value, accessibility_label=f"Correct {KINDS[entry.outcome.kind]}"
        )
    return section(join(lines), accessory=accessory)


def _first(entry: Entry) -> Mrkdwn:
    """What happened, in a line; struck through when it was corrected."""
    outcome = entry.outcome
    word = KINDS[outcome.kind]
    details: list[Mrkdwn] = []
    if outcome.attempt is not None:
        details.append(trusted(ATTEMPTS[outcome.attempt]))
    if entry.reason:
        details.append(escape(entry.reason, REASON))
    if outcome.amount is not None:
        details.append(escape(money.spoken(outcome.amount, outcome.currency), REASON))
    if outcome.expected_close is not None:
        details.append(mrkdwn("expected {day}", day=spoken(outcome.expected_close)))
    if outcome.come_back_on is not None:
        details.append(mrkdwn("comes back {day}", day=spoken(outcome.come_back_on)))
    if entry.taken_out_at is not None:
        return join([mrkdwn("~{word}~", word=word), *details], DOT)
    return join([mrkdwn("*{word}*", word=word), *details], DOT)
