"""Cards that do not fit into a channel any more are listed in one summary, which follows what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import flood
from bot.domain.handoff import Handoff
from bot.domain.lead import Priority
from bot.domain.person import Person
from bot.domain.post import Post, PostRole, Subject
from bot.services import posting
from bot.services.naming import masked_name
from storage.transaction import Transaction

LISTED = 15
"""Leads that are shown; the others are counted. Far under Slack's 50 blocks, and still read on a phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One lead of a summary, masked: nothing remains that tells who it is. Text untrusted."""

    handoff_id: str
    version: int
    name: str
    title: str | None
    company: str | None
    priority: Priority
    offered_at: datetime
    may_decide: bool
    """It waits in a pool, where leads are accepted; elsewhere it is only read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What came while the channel was full. `rows`: those that still wait, the hottest first, at most LISTED of
    `waiting`."""

    rows: tuple[Listed, ...]
    waiting: int
    decided: int


def place_card(tx: Transaction, handoff_id: str, place: str, role: PostRole, lead_id: str) -> Post:
    """The handoff has a card at `place`: one of its own, or, in a channel that is full, a line in the summary.

    Whoever places cards in the same channel at the same moment waits, so that the limit holds.
    """
    listed_in = None
    if flood.may_be_flooded(place):
        tx.posts.lock_place(place)
        since = tx.now - flood.WINDOW
        made_since = tx.now - flood.STILL_TO_COME
        if flood.is_full(tx.posts.count_cards(place, since, made_since, flood.MOST_CARDS)):
            found = tx.posts.latest_summary(place, since, made_since)
            summary = found or tx.posts.add(Subject.SUMMARY, tx.new_id(), place, PostRole.NOTICE, None, {})
            listed_in = summary.id
    return tx.posts.add(Subject.HANDOFF, handoff_id, place, role, lead_id, {}, listed_in=listed_in)


def load_summary(tx: Transaction, post: Post) -> Summary:
    """The summary as it is to be shown now."""
    open_ones = tx.handoffs.listed_in(post.id, LISTED)
    total, waiting = tx.handoffs.count_listed_in(post.id)
    return Summary(
        rows=tuple(
            Listed(
                handoff_id=handoff.id,
                version=handoff.version,
                name=masked_name(lead),
                title=lead.title,
                company=lead.company,
                priority=handoff.priority,
                offered_at=handoff.offered_at,
                may_decide=handoff.is_pool,
            )
            for handoff, lead in open_ones
        ),
        waiting=waiting,
        decided=total - waiting,
    )


def give_card(tx: Transaction, handoff: Handoff, person: Person) -> None:
    """Whoever accepted a lead that has a line in a summary gets its card, with name and phone, in their direct
    message: it stands nowhere else."""
    card = tx.posts.primary(handoff.id)
    place = posting.direct_message_of(person)
    if card is not None and card.listed_in is not None and place is not None:
        posting.say(tx, Subject.HANDOFF, handoff.id, place, PostRole.NOTICE, handoff.lead_id)
