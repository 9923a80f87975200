"""The card of a handoff: one lead, two buttons; after the decision what became of it, and by whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from bot.ports import Message
from bot.services.cards import Card, CardState
from bot.services.due import Urgency
from bot.views import practice
from bot.views.blocks import Block, Element, actions, context, header, section
from bot.views.due import HEADLINE, due_line, due_text, working_time
from bot.views.durations import human_duration
from bot.views.handoff_controls import accept_and_reject, correct, lead_overflow, log_outcome, undo
from bot.views.ids import ActionId, More
from bot.views.lead_lines import DOT, came_from, contact, headline, times, who, why, worked
from bot.views.links import when
from bot.views.standing import stands
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, trusted

SUMMARY = 400
COMMENT = 600
PASSED_ON = 1200
"""A note of 1,000 characters, and whose it is."""
SENTENCE = 300


def render_card(card: Card) -> Message:
    """The card as it stands in one place.

    Decision buttons only while it is offered; a mirror has nothing to press at all. Once the handoff is over the
    card says in a few lines what happened and what follows, without any button.
    """
    match card.state:
        case CardState.OFFERED:
            message = _offered(card)
        case CardState.ACCEPTED:
            message = _accepted(card)
        case _:
            message = _over(card)
    return practice.practised(message, card) if card.practice else message


def _offered(card: Card) -> Message:
    lead = card.lead
    blocks = [header(_headline(card)), *_due(card), *_passed_on(card), section(_qualified(card)), context(_came(card))]
    if card.is_mirror:
        offered_to = mrkdwn("Offered to *{rep}*.", rep=escape(card.offered_to or "a pool", SENTENCE))
        blocks.append(section(offered_to))
    else:
        if card.is_pool:
            blocks.append(section(_pool(card)))
        elif card.routed_because and not (card.passed_on or "").startswith(card.routed_because):
            because = escape(card.routed_because, SENTENCE)
            blocks.append(context(mrkdwn("Why you: {because}", because=because)))
        decide = accept_and_reject(card.handoff_id, card.version, lead.name)
        snooze = [More.SNOOZE] if card.can_snooze and not card.is_pool else []
        terms = [] if card.practice else [More.TERMS]
        further = [*snooze, *_managing(card, More.REASSIGN, More.WITHDRAW), *terms]
        blocks.append(actions(*decide, _overflow(card, *further)))
    new = mrkdwn("New {priority} lead{due}", priority=lead.priority.value, due=due_text(card.due))
    return Message(text=_text(new, card), blocks=blocks)


def _due(card: Card) -> list[Block]:
    return [section(due_line(card.due))] if card.due is not None else []


def _accepted(card: Card) -> Message:
    decided = _decided(card, trusted("Accepted"))
    blocks: list[Block] = [
        header(_headline(card)),
        section(mrkdwn("✓ *{decided}*", decided=decided)),
        *stands(card.standing, card.contact_due),
    ]
    reach = contact(card.lead.phone_e164, card.lead.phone, card.lead.email)
    if reach is not None and not card.masked and not card.is_mirror:
        blocks.append(section(reach))
    done = worked(card.last_contact)
    if done is not None and not card.masked and not card.is_mirror:
        blocks.append(context(done))
    blocks += _passed_on(card)
    if not card.is_mirror:
        blocks.append(section(_qualified(card)))
    blocks.append(context(_came(card)))
    if not card.is_mirror:
        over = card.standing is not None and card.standing.is_over
        release = [More.RELEASE] if card.standing is None or card.standing.can_be_given_back else []
        terms = [] if card.practice else [More.TERMS]
        more = _overflow(card, *release, *_managing(card, More.REASSIGN), *terms)
        first = [undo(card.handoff_id, card.version)] if card.can_undo else []
        blocks.append(actions(*first, log_outcome(card.handoff_id, card.version, card.lead.name, over=over), more))
    return Message(text=_text(decided, card), blocks=blocks)


def _over(card: Card) -> Message:
    happened = _what_happened(card)
    lines = [who(card.lead.name, card.lead.title, card.lead.company), mrkdwn("*{happened}*", happened=happened)]
    words = card.comment if card.state is CardState.REJECTED else card.note
    if words:
        lines.append(quote(words, COMMENT))
    if card.what_next:
        lines.append(escape(card.what_next, SENTENCE))
    blocks = [section(join(lines)), context(_came(card))]
    if card.state is CardState.DISQUALIFIED and not card.is_mirror:
        blocks.append(actions(correct(card.handoff_id, card.version), _overflow(card)))
    return Message(text=_text(happened, card), blocks=blocks)


def _what_happened(card: Card) -> Mrkdwn:
    match card.state:
        case CardState.REJECTED:
            reason = escape(card.reason or "", SENTENCE)
            if card.follow_up:
                follow_up = escape(card.follow_up, SENTENCE)
                reason = mrkdwn("{reason} ({follow_up})", reason=reason, follow_up=follow_up)
            decided = _decided(card, trusted("Rejected"))
            return mrkdwn("{decided}: {reason}", decided=decided, reason=reason)
        case CardState.WITHDRAWN if card.reassigned:
            return _after(escape(card.reassigned, SENTENCE), card, card.decided_at)
        case CardState.WITHDRAWN:
            return _decided(card, trusted("Withdrawn"))
        case CardState.EXPIRED:
            return trusted("Not decided in time")
        case CardState.RELEASED:
            return _ended(card, trusted("given back"))
        case CardState.TRANSFERRED if card.reassigned:
            return _after(escape(card.reassigned, SENTENCE), card, card.ended_at)
        case CardState.TRANSFERRED:
            return _ended(card, trusted("handed to somebody else"))
        case CardState.DISQUALIFIED:
            reason = escape(card.reason or "", SENTENCE)
            if card.follow_up:
                follow_up = escape(card.follow_up, SENTENCE)
                reason = mrkdwn("{reason} ({follow_up})", reason=reason, follow_up=follow_up)
            return mrkdwn("{ended}: {reason}", ended=_ended(card, trusted("disqualified")), reason=reason)
        case CardState.OFFERED | CardState.ACCEPTED:
            raise ValueError(f"The handoff is not over: {card.state}.")
    assert_never(card.state)


def _decided(card: Card, verb: Mrkdwn) -> Mrkdwn:
    """`Accepted by NAME after 2 min`, as far as it is known."""
    sentence = verb
    if card.decided_by:
        sentence = mrkdwn("{verb} by {name}", verb=verb, name=escape(card.decided_by, SENTENCE))
    return _after(sentence, card, card.decided_at)


def _after(sentence: Mrkdwn, card: Card, at: datetime | None) -> Mrkdwn:
    """The sentence, and how long after the offer that was: of working time, where the clock on the wall ran on over
    nights and holidays."""
    if at is None:
        return sentence
    if card.took is not None and card.took.own - card.took.own_business >= timedelta(minutes=1):
        own = working_time(card.took.own_business)
        return mrkdwn("{it} after {span} of working time", it=sentence, span=own)
    return mrkdwn("{it} after {span}", it=sentence, span=_span(card.offered_at, at))


def _ended(card: Card, verb: Mrkdwn) -> Mrkdwn:
    sentence = mrkdwn("{accepted}, {verb}", accepted=_decided(card, trusted("Accepted")), verb=verb)
    if card.ended_at is not None and card.decided_at is not None:
        return mrkdwn("{it} {span} later", it=sentence, span=_span(card.decided_at, card.ended_at))
    return sentence


def _span(start: datetime, end: datetime) -> str:
    return human_duration((end - start).total_seconds())


def _headline(card: Card) -> str:
    lead = card.lead
    if card.practice:
        return practice.headline(card)
    urgency = card.due.urgency if card.due is not None else Urgency.CALM
    return HEADLINE[urgency] + headline(lead.priority, lead.name, lead.title, lead.company)


def _text(what: Mrkdwn, card: Card) -> Mrkdwn:
    """The line for notifications and screen readers, which show no formatting."""
    lead = card.lead
    return mrkdwn("{what}: {who}", what=what, who=who(lead.name, lead.title, lead.company, bold=False))


def _qualified(card: Card) -> Mrkdwn:
    """Why it qualified: marketing's words first, then the criteria met with their values."""
    lines = [escape(card.lead.summary, SUMMARY)] if card.lead.summary else []
    lines.append(mrkdwn("*Why it qualified*  {why}", why=why(card.met)))
    return join(lines)


def _came(card: Card) -> Mrkdwn:
    """Where from and when; that it was offered later than it came; that the person came back since."""
    lead = card.lead
    parts = [came_from(lead.origin, lead.campaign, lead.source, lead.handed_over_by)]
    if lead.country:
        parts.append(escape(lead.country, 60))
    parts.append(mrkdwn("Came {at}", at=when(card.came_at)))
    if (card.offered_at - card.came_at).total_seconds() >= 60:
        parts.append(mrkdwn("Offered {at}", at=when(card.offered_at)))
    if card.came_back:
        parts.append(mrkdwn("*Came back {times} since*", times=times(card.came_back)))
    return join(parts, DOT)


def _passed_on(card: Card) -> list[Block]:
    """What whoever had it before, or a manager, said of it; for those alone who may read the lead's name."""
    if not card.passed_on or card.masked or card.is_mirror:
        return []
    return [section(quote(card.passed_on, PASSED_ON))]


def _pool(card: Card) -> Mrkdwn:
    """Who gets it, and why it is here: for the fallback pool that says why nobody was offered it directly."""
    pool = escape(card.pool_name or "a pool", SENTENCE)
    first = mrkdwn("Offered to {pool}: *the first to accept gets it.*", pool=pool)
    if not card.routed_because:
        return first
    return mrkdwn("{first}\n{because}", first=first, because=escape(card.routed_because, SENTENCE))


def _managing(card: Card, *options: More) -> tuple[More, ...]:
    """What managers may do stands where managers read: in pools. In a rep's direct message it would only refuse."""
    return options if card.is_pool else ()


def _overflow(card: Card, *further: More) -> Element:
    return lead_overflow(ActionId.HANDOFF_MORE, card.handoff_id, card.crm_url, *further)
