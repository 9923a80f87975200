"""Opening a handoff: the lead is offered to a rep or a pool, with its card."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.business_time import next_working_instant
from bot.domain.handoff import Handoff, Opened, Status
from bot.domain.ladder import Rung
from bot.domain.lead import CARRIED_ON, Lead, Stage, may_move
from bot.domain.person import Role
from bot.domain.post import PostRole, Subject, TimerKind
from bot.errors import Refused
from bot.services import accept_window, floods, posting, routing
from bot.services.calendars import calendar_of_person, calendar_of_team
from bot.services.routing import NOBODY, Destination, Route
from storage.transaction import Transaction

RETRY_UNROUTED = timedelta(hours=1)
"""After how long a lead that nobody could be offered is routed again, if nothing else makes it sooner."""
AGAIN = timedelta(seconds=1)
"""After how long a card comes again that met somebody deciding at the same moment."""


def offer(
    tx: Transaction,
    lead: Lead,
    opened: Opened,
    *,
    to: Destination | None = None,
    exclude: AbstractSet[str] = NOBODY,
    not_to: str | None = None,
    predecessor: Handoff | None = None,
    received_at: datetime | None = None,
    actor: str = "lockstep",
    origin: str = "lockstep",
) -> Handoff | None:
    """The lead is offered: to `to`, else where the rules say. Its stage is MQL, its card is on its way.

    None when there is nobody and no fallback pool: then the lead waits as MQL, stands on managers' Home and is
    routed again (services/unrouted.py), and the admin is told.
    The caller holds the lead's lock, and the lead has no open or owned handoff.
    """
    agreement = tx.agreements.in_force()
    destination = to or destination_of(tx, lead, exclude, not_to)
    lead = move_along(tx, lead, Stage.MQL, below_at=None, recycle_at=None, rung=_rung(lead, opened))
    if destination is None:
        received_at = received_at or (predecessor.received_at if predecessor else tx.now)
        _wait(tx, lead, opened, predecessor, received_at, actor, origin)
        return None
    handoff = Handoff(
        id=tx.new_id(),
        lead_id=lead.id,
        agreement_id=agreement.id,
        terms=agreement.terms,
        status=Status.OFFERED,
        opened=opened,
        rep_id=destination.rep_id,
        team_id=destination.team_id,
        pool_channel=destination.pool_channel,
        priority=lead.priority,
        source=lead.source,
        campaign_id=lead.campaign_id,
        routed_because=destination.because,
        predecessor_id=predecessor.id if predecessor else None,
        engaged_at=lead.engaged_at,
        received_at=received_at or (predecessor.received_at if predecessor else tx.now),
        offered_at=tx.now,
        practice=lead.practice,
        extra={"rung": lead.rung} if opened is Opened.EXPIRED else {},
    )
    tx.handoffs.add(handoff)
    accept_window.start(tx, handoff, agreement.mode(tx.now))
    tx.events.add(
        "handoff.offered",
        lead_id=lead.id,
        handoff_id=handoff.id,
        actor=actor,
        origin=origin,
        data={"opened": opened, "to": handoff.rep_id or handoff.pool_channel, "because": destination.because},
    )
    if opened is Opened.EXPIRED:
        _post_in_working_hours(tx, handoff)
    else:
        post_cards(tx, handoff)
    posting.sync_homes_of(tx, handoff)
    return handoff


def _rung(lead: Lead, opened: Opened) -> Rung | None:
    """How far up the ladder the lead goes on from: from the bottom when it is handed over anew, or was parked."""
    goes_on = (Opened.EXPIRED, Opened.REROUTED, Opened.RELEASED, Opened.REASSIGNED, Opened.UNDONE)
    return lead.rung if opened in goes_on and lead.rung is not Rung.PARKED else None


def leave_waiting(tx: Transaction, lead: Lead, opened: Opened, predecessor: Handoff, actor: str, origin: str) -> None:
    """Nobody was found for the lead: as offer leaves it then, without asking the rules again."""
    lead = move_along(tx, lead, Stage.MQL, recycle_at=None)
    _wait(tx, lead, opened, predecessor, predecessor.received_at, actor, origin)


def move(tx: Transaction, lead: Lead, stage: Stage, **changes: object) -> Lead:
    """The lead is in `stage`, with `changes` to its other columns. Raises Refused for a move that is not in the
    table of stages."""
    if lead.stage is not stage and not may_move(lead.stage, stage):
        raise Refused(f"A lead that is {lead.stage.value} cannot become {stage.value}.")
    moved = replace(lead, stage=stage, version=lead.version + 1, updated_at=tx.now, **changes)  # type: ignore[arg-type]
    tx.leads.save(moved)
    return moved


def move_along(tx: Transaction, lead: Lead, stage: Stage, **changes: object) -> Lead:
    """As move; but a lead that the CRM carries on as qualified, open or won keeps its stage when it changes hands."""
    return move(tx, lead, lead.stage if lead.stage in CARRIED_ON else stage, **changes)


def destination_of(tx: Transaction, lead: Lead, exclude: AbstractSet[str], not_to: str | None) -> Destination | None:
    """Where the lead goes now, as route_of."""
    return route_of(tx, lead, exclude, not_to).destination


def route_of(
    tx: Transaction, lead: Lead, exclude: AbstractSet[str], not_to: str | None, *, look_only: bool = False
) -> Route:
    """Where the lead goes now by the rules, and why.

    With `look_only` nobody's turn is used and nothing is locked.
    """
    return routing.find_route(tx, lead, exclude=exclude, not_to=not_to, look_only=look_only)


def post_cards(tx: Transaction, handoff: Handoff) -> None:
    """The card of a new handoff is on its way to its rep (and team) or pool. Raises Refused for a rep without Slack."""
    if handoff.pool_channel is not None:
        _post_card(tx, handoff, handoff.pool_channel, PostRole.PRIMARY)
        return
    rep = tx.people.get(handoff.rep_id) if handoff.rep_id else None
    if rep is None or rep.slack_id is None:
        raise Refused("This person has no Slack account, so no card can reach them.")
    _post_card(tx, handoff, rep.slack_id, PostRole.PRIMARY)
    team = tx.teams.get(handoff.team_id) if handoff.team_id else None
    if team is not None and team.mirror_channel is not None:
        _post_card(tx, handoff, team.mirror_channel, PostRole.MIRROR)


def card_is_due(tx: Transaction, lead_id: str) -> None:
    """The card that waited for its reader's working hours is posted, if the lead is still with them. Somebody who
    decides at this moment holds the lead: then it comes a second later."""
    if tx.leads.try_lock(lead_id) is None:
        tx.timers.set(TimerKind.CARD, lead_id, tx.now + AGAIN)
        return
    handoff = tx.handoffs.offered_of(lead_id) or tx.handoffs.owned_of(lead_id)
    if handoff is None or tx.posts.of_subject(Subject.HANDOFF, handoff.id):
        return
    if handoff.is_open:
        _post_in_working_hours(tx, handoff)
    else:
        post_cards(tx, handoff)


def _post_in_working_hours(tx: Transaction, handoff: Handoff) -> None:
    """Nobody is disturbed at night by a lead that somebody else let expire: its window counts from their next working
    time anyway. Who has none ahead has the card at once: it must not stay unseen."""
    rep = tx.people.get(handoff.rep_id) if handoff.rep_id else None
    calendar = calendar_of_person(tx, rep) if rep is not None else calendar_of_team(tx, handoff.team_id)
    at = next_working_instant(calendar, tx.now)
    if at is None or at <= tx.now:
        post_cards(tx, handoff)
    else:
        tx.timers.set(TimerKind.CARD, handoff.lead_id, at)


def _post_card(tx: Transaction, handoff: Handoff, place: str, role: PostRole) -> None:
    posting.sync(tx, floods.place_card(tx, handoff.id, place, role, handoff.lead_id))


def _wait(
    tx: Transaction,
    lead: Lead,
    opened: Opened,
    predecessor: Handoff | None,
    received_at: datetime,
    actor: str,
    origin: str,
) -> None:
    attempt = {
        "opened": opened,
        "received_at": received_at.isoformat(),
        "predecessor": predecessor.id if predecessor else None,
    }
    tx.events.add("lead.unrouted", lead_id=lead.id, actor=actor, origin=origin, data=attempt)
    tx.timers.set(TimerKind.UNROUTED, lead.id, tx.now + RETRY_UNROUTED)
    for manager in tx.people.with_role(Role.MANAGER):
        posting.sync_home(tx, manager.id)
    if tx.seen.first_time("alert", f"unrouted:{tx.now:%Y-%m-%d}"):
        posting.alert(
            tx,
            "A lead has nowhere to go",
            "No rule has somebody free and there is no fallback channel. The lead is stored, waits on the Home of the "
            "sales managers, and is tried again every hour and whenever somebody is back. Name a fallback "
            "channel in the configuration, so that somebody sees such leads at once.",
        )
