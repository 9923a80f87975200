"""Accept, undo, release. Each is one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.domain import rights
from bot.domain.crm import BY_CRM, BY_IMPORT
from bot.domain.handoff import End, Handoff, Opened, Status, can_undo, undo_until
from bot.domain.lead import Lead, Stage
from bot.domain.local_time import ago
from bot.domain.post import TimerKind
from bot.domain.rights import Clicker
from bot.domain.routing import Unavailable, unavailable
from bot.errors import AlreadyDecided, FormError, NotAllowed, NotFound, OverCap, Stale, TooLate
from bot.services import accept_window, announcements, first_contact, floods, posting, standing, unrouted
from bot.services.crm_stage import settle_stage
from bot.services.offers import move_along, offer
from bot.services.people import clicker
from bot.services.whereabouts import person_name, reassigned, whereabouts
from storage.transaction import Transaction

LONGEST_NOTE = 1000
WAITS = ("system_s", "system_business_s", "own_s", "own_business_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """`by` is the Slack id of the one who clicked, from the signed request; the rest came back from the client
    and is not trusted."""

    handoff_id: str
    by: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptHandoff(Click): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoAccept(Click): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHandoff(Click):
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the click led to. `repeated`: it had been done before, by the same person; nothing changed."""

    handoff: Handoff
    lead: Lead
    repeated: bool = False
    successor: Handoff | None = None
    what_next: str = ""


def accept_handoff(tx: Transaction, command: AcceptHandoff) -> Decided:
    """The clicker owns the lead; the lead is a SAL; every card says so; Undo is open for five minutes.

    Raises AlreadyDecided when somebody was first, NotAllowed, OverCap (pools: a lead offered directly is within
    the cap already), PersonUnknown, NotFound. A second click of the same person changes nothing.
    """
    who, handoff, lead = to_decide(tx, command)
    if handoff.is_owned and handoff.rep_id == who.person.id:
        return Decided(handoff=handoff, lead=lead, repeated=True)
    if not handoff.is_open:
        raise already_decided(tx, handoff)
    if handoff.is_pool:
        _check_cap(tx, who)
    accepted = replace(
        handoff,
        status=Status.ACCEPTED,
        rep_id=who.person.id,
        decided_at=tx.now,
        decided_by=who.person.id,
        version=handoff.version + 1,
    )
    accepted = decide(tx, accepted)
    lead = move_along(tx, lead, Stage.SAL)
    standing.carry_on(tx, accepted, lead)
    lead = settle_stage(tx, lead)
    first_contact.start(tx, accepted, lead)
    until = undo_until(accepted)
    if until is not None:
        tx.timers.set(TimerKind.UNDO_END, accepted.id, until)
    record(tx, "handoff.accepted", accepted, who.person.id)
    floods.give_card(tx, accepted, who.person)
    return Decided(handoff=accepted, lead=lead)


def undo_accept(tx: Transaction, command: UndoAccept) -> Decided:
    """The accept never counted: the same card is open again for the same rep or pool.

    Only the one who accepted, and only before five minutes are over: else NotAllowed or TooLate.
    """
    who, handoff, lead = open_for(tx, command)
    if not handoff.is_owned:
        raise already_decided(tx, handoff)
    refuse(rights.may_give_up(who, handoff))
    if not can_undo(handoff, who.person.id, tx.now):
        raise TooLate("Undo ends five minutes after the accept. Use Release to give the lead back.")
    if standing.known(tx, handoff, lead).is_logged:
        raise TooLate("You have logged what became of this lead since. Use Release to give it back.")
    undone = replace(handoff, end=End.UNDONE, ended_at=tx.now, version=handoff.version + 1)
    finish(tx, undone)
    successor = replace(
        handoff,
        id=tx.new_id(),
        status=Status.OFFERED,
        opened=Opened.UNDONE,
        rep_id=None if handoff.is_pool else handoff.rep_id,
        predecessor_id=handoff.id,
        decided_at=None,
        decided_by=None,
        version=1,
    )
    successor = accept_window.go_on(tx, undone, successor)
    tx.handoffs.add(successor)
    # What was undone has no cards any more: they are the successor's, and show it.
    tx.posts.move(handoff.id, successor.id)
    posting.sync_lead(tx, lead.id)
    lead = _never_accepted(tx, lead, was_qualified=bool(tx.outcomes.standing(undone.id)))
    record(tx, "handoff.undone", undone, who.person.id)
    posting.sync_homes_of(tx, successor)
    return Decided(handoff=undone, lead=lead, successor=successor)


def _never_accepted(tx: Transaction, lead: Lead, *, was_qualified: bool) -> Lead:
    """The lead is an MQL, whatever the CRM said of it meanwhile: that is kept, and counts when somebody accepts. One
    that was qualified by whoever had it before stays so."""
    if was_qualified:
        return lead
    back = replace(lead, stage=Stage.MQL, version=lead.version + 1, updated_at=tx.now)
    tx.leads.save(back)
    return back


def release_handoff(tx: Transaction, command: ReleaseHandoff) -> Decided:
    """The owner gives the lead back; it is offered to somebody else at once."""
    who, handoff, lead = open_for(tx, command)
    if not handoff.is_owned:
        raise already_decided(tx, handoff)
    refuse(rights.may_give_up(who, handoff))
    standing.refuse_giving_back(tx, handoff, lead)
    return give_back(tx, who, handoff, lead, read_note(command.note, "note", required=False))


def give_back(tx: Transaction, who: Clicker, handoff: Handoff, lead: Lead, note: str | None) -> Decided:
    """The accepted handoff is released with this note, and its lead offered to somebody else. The caller holds the
    lead's lock and has looked at rights."""
    released = replace(handoff, end=End.RELEASED, ended_at=tx.now, note=note, version=handoff.version + 1)
    finish(tx, released)
    record(tx, "handoff.released", released, who.person.id, {"note": note})
    if lead.practice:
        tx.leads.close(lead.id)
        return Decided(handoff=released, lead=tx.leads.get(lead.id) or lead)
    exclude = tx.handoffs.held_before(lead.id) | {handoff.rep_id or who.person.id}
    successor = offer(
        tx, lead, Opened.RELEASED, exclude=exclude, predecessor=released, actor=who.person.id, origin="slack"
    )
    return Decided(handoff=released, lead=lead, successor=successor, what_next=what_next(tx, lead))


def open_for(tx: Transaction, command: Click) -> tuple[Clicker, Handoff, Lead]:
    """Who clicked, and the handoff and lead they clicked on, locked. Raises PersonUnknown, NotAllowed, NotFound."""
    who = clicker(tx, command.by)
    return who, *_locked(tx, _found(tx, command))


def to_decide(tx: Transaction, command: Click) -> tuple[Clicker, Handoff, Lead]:
    """As open_for, for somebody who may decide on it. Raises AlreadyDecided, too, when somebody else had.

    A decision is final, so the late clicker is refused before anything is locked: of fifty clicks at once one waits
    for nobody and the others hold up nobody.
    """
    who = clicker(tx, command.by)
    found = _found(tx, command)
    refuse(rights.may_decide(who, found))
    if not found.is_open and not (found.is_owned and found.rep_id == who.person.id):
        raise already_decided(tx, found)
    return who, *_locked(tx, found)


def _found(tx: Transaction, command: Click) -> Handoff:
    found = tx.handoffs.get(command.handoff_id)
    if found is None or (command.version is not None and command.version > found.version):
        raise NotFound("I do not know this lead. If the message is old, open Home for your present leads.")
    return found


def _locked(tx: Transaction, found: Handoff) -> tuple[Handoff, Lead]:
    lead = tx.leads.lock(found.lead_id)
    handoff = tx.handoffs.lock(found.id)
    if lead is None or handoff is None:
        raise NotFound("This lead is not there any more.")
    return handoff, lead


def refuse(sentence: str | None) -> None:
    """Raises NotAllowed with the sentence, unless it is None."""
    if sentence is not None:
        raise NotAllowed(sentence)


def already_decided(tx: Transaction, handoff: Handoff) -> AlreadyDecided:
    """What the late clicker is told: who was first, when, and where the lead is now."""
    by = person_name(tx, handoff.decided_by) if handoff.decided_by else _what_decided(handoff)
    when = f" {ago(handoff.decided_at, tx.now)}" if handoff.decided_at else ""
    match handoff.status:
        case Status.OFFERED:
            sentence = "Nobody has accepted this lead yet."
        case Status.ACCEPTED:
            sentence = f"{by} accepted this lead{when}."
            if handoff.reassigned is not None:
                sentence = reassigned_sentence(tx, handoff, handoff.ended_at)
            elif handoff.end is not None:
                lead = tx.leads.get(handoff.lead_id)
                now = f" {whereabouts(tx, lead)}." if lead else ""
                sentence = f"This card is out of date: the accept was {handoff.end}.{now}"
        case Status.REJECTED:
            sentence = f"{by} rejected this lead{when}."
        case Status.WITHDRAWN:
            sentence = f"{by} withdrew this offer{when}."
            if handoff.reassigned is not None:
                sentence = reassigned_sentence(tx, handoff, handoff.decided_at)
        case Status.EXPIRED:
            sentence = f"This offer expired{when}."
        case never:
            assert_never(never)
    return AlreadyDecided(sentence, status=handoff.status.value, by=by, at=handoff.decided_at)


def reassigned_sentence(tx: Transaction, handoff: Handoff, at: datetime | None) -> str:
    """Who gave the lead to whom, and when."""
    return f"{reassigned(tx, handoff)}{f' {ago(at, tx.now)}' if at else ''}."


def _what_decided(handoff: Handoff) -> str:
    """What stands where a person's name would, for what no person decided about the lead."""
    by = handoff.extra.get("ended_by")
    if by == BY_IMPORT:
        return "An admin, by undoing an import,"
    said = (by, handoff.extra.get("accepted_by"))
    return "Another system" if BY_CRM in said else "Lockstep"


def decide(tx: Transaction, handoff: Handoff) -> Handoff:
    """The decision is stored, if nobody was first; its clock has stopped, its timers are gone, its cards and Homes
    follow. The handoff as stored: with who waited for whom."""
    handoff, clock = accept_window.end(tx, handoff)
    if not tx.handoffs.decide(handoff):
        raise Stale("Somebody decided at the same moment.")
    _follow(tx, handoff, *([clock.id] if clock is not None else []))
    return handoff


def finish(tx: Transaction, handoff: Handoff) -> None:
    """The end of an accepted handoff is stored, if nobody was first; as decide."""
    if not tx.handoffs.finish(handoff):
        raise Stale("Somebody ended it at the same moment.")
    first_contact.over(tx, handoff)
    _follow(tx, handoff)


def record(tx: Transaction, kind: str, handoff: Handoff, actor: str, data: Mapping[str, object] | None = None) -> None:
    """The event of a person's decision; other systems hear of it."""
    event = tx.events.add(
        kind, lead_id=handoff.lead_id, handoff_id=handoff.id, actor=actor, origin="slack",
        data=dict(data or {}) | waited(kind, handoff),
    )  # fmt: skip
    announcements.announce(tx, event)


def waited(kind: str, handoff: Handoff) -> dict[str, object]:
    """What the event of a decision says of who waited for whom; empty for other events."""
    if kind not in ("handoff.accepted", "handoff.rejected", "handoff.expired") or handoff.own_s is None:
        return {}
    return {"waits": {name: getattr(handoff, name) for name in WAITS}}


def read_note(text: str | None, field: str, *, required: bool) -> str | None:
    """The note without outer space, None when empty. Raises FormError when it is missing or too long."""
    note = (text or "").strip()
    if required and not note:
        raise FormError({field: "Say why in a few words: the people concerned will read it."})
    if len(note) > LONGEST_NOTE:
        raise FormError({field: f"Keep it under {LONGEST_NOTE} characters; this has {len(note)}."})
    return note or None


def _follow(tx: Transaction, handoff: Handoff, *clocks: str) -> None:
    tx.timers.cancel_all(handoff.id, *clocks)
    if not handoff.is_owned and not handoff.practice:
        unrouted.try_soon(tx, unrouted.ROOM_FOR_ONE)
    posting.sync_lead(tx, handoff.lead_id)
    posting.sync_homes_of(tx, handoff)


def _check_cap(tx: Transaction, who: Clicker) -> None:
    person = tx.people.lock(who.person.id)
    if person is None:
        raise NotFound("You are not on the roster any more.")
    held = tx.handoffs.held_by(person.id)
    if unavailable(person, held, tx.now) is Unavailable.OVER_CAP:
        raise OverCap(f"You hold {held} leads, which is your limit of {person.cap}. Work or release one first.")


def what_next(tx: Transaction, lead: Lead) -> str:
    """Where the lead is now, in a sentence."""
    current = tx.leads.get(lead.id)
    return whereabouts(tx, current) if current else ""
