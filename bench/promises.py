"""What the outside world was promised, what there is, and a sentence for each promise that does not hold."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bench.mortal import Json, Mortal
from bot.demo import company
from bot.domain.config import Event
from bot.domain.crm import Facts, decided_last
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.post import PostRole, Subject
from bot.domain.target import EVENTS
from bot.integrations.clock import SystemClock
from storage.database import run_now
from storage.transaction import Transaction
from tests.handlers.toy_crm import Heard

Standing = tuple[str, str, Json]
"""A message of ours by its key: where it stands, and what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """Somebody pressed Accept on the card of a lead and Slack got its acknowledgement."""

    external_id: str
    by: str
    """Slack id."""


@dataclass(slots=True)
class Said:
    """What the CRM said last of a lead, None where it said nothing."""

    title: str | None = None
    activity_at: datetime | None = None
    amount: str | None = None
    owner: str | None = None
    owner_at: datetime | None = None


@dataclass(slots=True)
class Acknowledged:
    """What the outside world was promised."""

    leads: set[str] = field(default_factory=set)
    clicks: list[Click] = field(default_factory=list)
    moving: set[str] = field(default_factory=set)
    """Leads whose accepts may be undone, and which the CRM gives to others: an acknowledged Accept may not last."""
    said: dict[str, Said] = field(default_factory=lambda: defaultdict(Said))
    """By lead the CRM's latest words, each acknowledged."""


@dataclass(slots=True)
class Found:
    """What the database holds of the leads; `cards` counts what stands in Slack, by external id."""

    handoffs: dict[str, list[Handoff]] = field(default_factory=dict)
    slack_ids: dict[str, str | None] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    """External ids by the key of the message they stand in: a card, or the summary of a channel that was full."""
    undone: int = 0
    parked: int = 0
    leads: dict[str, Lead] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    emails: dict[str, str | None] = field(default_factory=dict)
    """By id of a person."""
    told: dict[str, Event] = field(default_factory=dict)
    """By id every decision that other systems are told of."""
    notices: set[str] = field(default_factory=set)
    """Keys of messages about a lead beside its card, such as the card of whoever accepted it from a summary."""
    over: set[str] = field(default_factory=set)
    """Keys of cards whose handoff is over."""
    cards: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    standing: list[Standing] = field(default_factory=list)


async def look(bot: Mortal, external_ids: set[str]) -> Found:
    """The database and the sandbox's record, as they are. Call it with the bot settled or dead."""
    found = await asyncio.to_thread(
        run_now, bot.database_url, SystemClock(), _read, sorted(external_ids), list(bot.slack.ids.values())
    )
    found.standing = await standing(bot)
    for key, _, message in found.standing:
        if key in found.keys:
            found.cards.update(found.keys[key])
        elif key in found.over:
            if "handoff.accept" in str(message):
                found.strange.append(f"can be accepted, and is over: {message.get('text')}")
        elif key not in found.notices and "Lead " in str(message):
            found.strange.append(str(message.get("text")))
    return found


async def standing(bot: Mortal) -> list[Standing]:
    """Every message of ours that stands somewhere: its key, the id of the place, and the message."""
    found = []
    for place in await _places(bot):
        for entry in (await bot.slack.record(place))["messages"]:
            key = ((entry["message"].get("metadata") or {}).get("event_payload") or {}).get("key")
            if key is not None and not entry["deleted"]:
                found.append((str(key), place, entry["message"]))
    return found


def broken(promised: Acknowledged, found: Found) -> list[str]:
    """A sentence for each promise that does not hold; empty when all do."""
    wrong = [f"lead {one} was acknowledged and is not there" for one in promised.leads - found.handoffs.keys()]
    wrong += [f"a message nobody knows of: {text}" for text in found.strange]
    if found.undone or found.parked:
        wrong.append(f"{found.undone} things are still to be said, {found.parked} were given up")
    clickers: dict[str, set[str]] = defaultdict(set)
    for click in promised.clicks:
        clickers[click.external_id].add(click.by)
    for one, handoffs in found.handoffs.items():
        live = [handoff for handoff in handoffs if _is_live(handoff)]
        if len(live) != 1:
            wrong.append(f"lead {one} has {len(live)} live handoffs")
        if found.cards[one] != 1:
            wrong.append(f"lead {one} has {found.cards[one]} primary cards")
        owners = [handoff for handoff in handoffs if handoff.is_owned]
        if one in clickers and one not in promised.moving and not owners:
            wrong.append(f"lead {one} was accepted, acknowledged, and has no owner")
        wrong += _unheard(one, promised.said[one], found) if one in promised.said else []
    return wrong


def _unheard(one: str, said: Said, found: Found) -> list[str]:
    """What the CRM said last of a lead, was acknowledged, and does not hold."""
    lead, facts = found.leads[one], found.facts[one]
    wrong = []
    if said.title is not None and lead.title != said.title:
        wrong.append(f"lead {one} has the title {lead.title}, acknowledged was {said.title}")
    if said.amount is not None and facts.amount != said.amount:
        wrong.append(f"lead {one} has the amount {facts.amount}, acknowledged was {said.amount}")
    known = facts.last_activity_at
    # The bot's clock may be a moment behind, and nothing happens later than now.
    if said.activity_at is not None and (known is None or known < said.activity_at - timedelta(seconds=1)):
        wrong.append(f"lead {one} had its last activity at {facts.last_activity_at}, not {said.activity_at}")
    if said.owner is not None and said.owner_at is not None:
        decided_at = decided_last(found.handoffs[one])
        has_it = [found.emails.get(handoff.rep_id or "") for handoff in found.handoffs[one] if _is_live(handoff)]
        if facts.owner_email != said.owner:
            wrong.append(f"lead {one} has the owner {facts.owner_email} in the CRM, acknowledged was {said.owner}")
        elif (decided_at is None or decided_at < said.owner_at) and has_it != [said.owner]:
            wrong.append(f"lead {one} is with {has_it}, the CRM's last word was {said.owner}")
    return wrong


def untold(found: Found, heard: Sequence[Heard]) -> list[str]:
    """A sentence for each decision the CRM was not told of as promised: at least once, under one id with the same
    bytes, nothing that was not decided, of one lead nothing before what came first, an undo with what it takes back."""
    first: dict[str, Heard] = {}
    wrong = []
    wrong += [f"{one.id} came with other bytes later" for one in heard if first.setdefault(one.id, one).raw != one.raw]
    wrong += [f"{event.kind} {key} was never told" for key, event in found.told.items() if key not in first]
    wrong += [f"{one.message['type']} {key} was told and never decided" for key, one in first.items()
              if key not in found.told]  # fmt: skip
    latest: dict[str | None, str] = {}
    for key in first:
        event = found.told.get(key)
        if event is None:
            continue
        if key < latest.get(event.lead_id, ""):
            wrong.append(f"{event.kind} {key} came after a later one of its lead")
        latest[event.lead_id] = key
        if event.kind == "handoff.undone":
            taken_back = found.told.get(first[key].message["data"]["compensates"])
            if taken_back is None or (taken_back.kind, taken_back.handoff_id) != ("handoff.accepted", event.handoff_id):
                wrong.append(f"handoff.undone {key} does not name the accept it takes back")
    return wrong


def _is_live(handoff: Handoff) -> bool:
    return handoff.is_open or handoff.is_owned


def _read(tx: Transaction, external_ids: list[str], slack_ids: list[str]) -> Found:
    found = Found()
    for external_id in external_ids:
        known = tx.leads.by_key(company.SOURCE, external_id)
        if known is None:
            continue
        found.handoffs[external_id] = tx.handoffs.of_lead(known.id)
        found.leads[external_id], found.facts[external_id] = known, tx.facts.of(known.id)
        events = tx.events.of_lead(known.id, 1000)
        found.told.update({event.id: event for event in events if event.kind in EVENTS})
        live = {handoff.id for handoff in found.handoffs[external_id] if _is_live(handoff)}
        for post in tx.posts.of_lead(known.id):
            if post.role is PostRole.NOTICE:
                found.notices.add(post.key)
            if post.subject is Subject.HANDOFF and post.role is PostRole.PRIMARY:
                shown = tx.posts.get(post.listed_in) if post.listed_in else post
                if post.subject_id in live:
                    found.keys.setdefault((shown or post).key, []).append(external_id)
                elif not post.listed_in:
                    found.over.add(post.key)
    for slack_id in slack_ids:
        person = tx.people.by_slack_id(slack_id)
        if person is not None:
            found.slack_ids[person.id], found.emails[person.id] = slack_id, person.email
    counts = tx.outbox.counts()
    found.parked = counts.pop("parked", 0)  # type: ignore[call-overload]
    found.undone = sum(counts.values())
    return found


async def _places(bot: Mortal) -> set[str]:
    """Every channel, and every rep's direct message with Lockstep."""
    found: set[str] = set()
    for one in bot.slack.ids:
        found |= {place["id"] for place in await bot.slack.places(one) if place["kind"] in ("channel", "dm")}
    return found
