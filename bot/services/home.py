"""What a person's Home shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.handoff import Handoff, can_undo
from bot.domain.lead import Lead, Priority
from bot.domain.local_time import midnight_before
from bot.domain.person import Person, Role
from bot.domain.rights import leads_sales
from bot.errors import PersonUnknown
from bot.services.cards import crm_url
from bot.services.naming import lead_name, masked_name
from bot.services.people import ask_whom
from bot.services.whereabouts import person_name, pool_name
from storage.transaction import Transaction

PAGE = 8
"""Leads on a page of Home: far under Slack's 100 blocks for all lists together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRow:
    """One lead in a list. Text untrusted; masked already where it must be (pools)."""

    handoff_id: str
    version: int
    name: str
    title: str | None
    company: str | None
    priority: Priority
    since: datetime
    """Offered (needs you, team) or accepted (my leads)."""
    pool_name: str | None = None
    offered_to: str | None = None
    """Set in a manager's list of the team's leads."""
    owner: str | None = None
    crm_url: str | None = None
    phone_e164: str | None = None
    email: str | None = None
    can_undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeList:
    rows: tuple[HomeRow, ...]
    total: int
    page: int
    """From 0."""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """A person's own numbers since their local midnight."""

    offered: int
    accepted: int
    rejected: int
    median_seconds_to_accept: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """`needs_you`: offered to me or in my pools, longest waiting first. `mine`: accepted by me, newest first.
    `team`: for managers, open leads offered to others, longest waiting first; None for everybody else."""

    first_name: str
    on_roster: bool
    is_rep: bool
    is_away: bool
    away_until: datetime | None
    tz: str
    now: datetime
    needs_you: HomeList
    mine: HomeList
    team: HomeList | None
    today: Today
    whom_to_ask: str = ""
    """For somebody on no roster: who can add them. Holds a person's name: untrusted."""


NO_LIST = HomeList(rows=(), total=0, page=0)


def load_home(tx: Transaction, slack_id: str, *, needs_page: int = 0, mine_page: int = 0, team_page: int = 0) -> Home:
    """What this person sees; for somebody on no roster an almost empty one. Raises PersonUnknown for an account
    Slack has not confirmed lately."""
    person = tx.people.by_slack_id(slack_id)
    if person is None or not person.flags.is_known(tx.now):
        raise PersonUnknown(slack_id)
    if not person.on_roster or person.flags.may_never_act:
        return _stranger(tx, person)
    numbers = tx.handoffs.day_numbers(person.id, midnight_before(tx.now, person.tz))
    return Home(
        first_name=person.name.split()[0] if person.name.split() else person.name,
        on_roster=True,
        is_rep=person.has(Role.REP),
        is_away=person.is_away,
        away_until=person.away_until,
        tz=person.tz,
        now=tx.now,
        needs_you=_needs_you(tx, person, needs_page),
        mine=_mine(tx, person, mine_page),
        team=_team(tx, team_page) if leads_sales(person) else None,
        today=Today(
            offered=numbers.offered,
            accepted=numbers.accepted,
            rejected=numbers.rejected,
            median_seconds_to_accept=numbers.median_seconds_to_accept,
        ),
    )


def home_opened(tx: Transaction, slack_id: str) -> None:
    """From now on this person's Home is kept up to date."""
    person = tx.people.by_slack_id(slack_id)
    if person is not None and person.home_opened_at is None:
        tx.people.mark_home_opened(person.id, tx.now)


def pools_of(tx: Transaction, person: Person) -> list[str]:
    """The pool channels from which this person may take leads."""
    channels: list[str] = []
    if person.has(Role.REP):
        channels += [team.pool_channel for team in tx.teams.of_person(person.id) if team.pool_channel]
    if tx.config.fallback_channel and (person.has(Role.REP) or leads_sales(person)):
        channels.append(tx.config.fallback_channel)
    return channels


def _needs_you(tx: Transaction, person: Person, page: int) -> HomeList:
    channels = pools_of(tx, person)
    total = tx.handoffs.count_needs(person.id, channels)
    page = _within(page, total)
    rows = tx.handoffs.needs(person.id, channels, PAGE, page * PAGE)
    return HomeList(
        rows=tuple(_row(tx, handoff, lead, since=handoff.offered_at) for handoff, lead in rows),
        total=total,
        page=page,
    )


def _mine(tx: Transaction, person: Person, page: int) -> HomeList:
    total = tx.handoffs.count_owned_by(person.id)
    page = _within(page, total)
    rows = tx.handoffs.owned_by(person.id, PAGE, page * PAGE)
    return HomeList(
        rows=tuple(_row(tx, handoff, lead, since=handoff.decided_at or handoff.offered_at) for handoff, lead in rows),
        total=total,
        page=page,
    )


def _team(tx: Transaction, page: int) -> HomeList:
    total = tx.handoffs.count_waiting()
    page = _within(page, total)
    rows = tx.handoffs.waiting(PAGE, page * PAGE)
    return HomeList(
        rows=tuple(_row(tx, handoff, lead, since=handoff.offered_at, for_manager=True) for handoff, lead in rows),
        total=total,
        page=page,
    )


def _row(tx: Transaction, handoff: Handoff, lead: Lead, *, since: datetime, for_manager: bool = False) -> HomeRow:
    masked = handoff.is_pool and not handoff.is_owned and not for_manager
    offered_to = None
    if for_manager and not handoff.is_pool:
        offered_to = person_name(tx, handoff.rep_id)
    return HomeRow(
        handoff_id=handoff.id,
        version=handoff.version,
        name=masked_name(lead) if masked else lead_name(lead),
        title=lead.title,
        company=lead.company,
        priority=handoff.priority,
        since=since,
        pool_name=pool_name(tx, handoff) if handoff.is_pool else None,
        offered_to=offered_to,
        owner=person_name(tx, handoff.rep_id) if handoff.is_owned else None,
        crm_url=None if masked else crm_url(tx, lead),
        phone_e164=None if masked else lead.phone_e164,
        email=None if masked else lead.email,
        can_undo=handoff.decided_by is not None and can_undo(handoff, handoff.decided_by, tx.now),
    )


def _within(page: int, total: int) -> int:
    return max(0, min(page, -(-total // PAGE) - 1))


def _stranger(tx: Transaction, person: Person) -> Home:
    return Home(
        first_name=person.name,
        on_roster=False,
        is_rep=False,
        is_away=False,
        away_until=None,
        tz=person.tz,
        now=tx.now,
        needs_you=NO_LIST,
        mine=NO_LIST,
        team=None,
        today=Today(offered=0, accepted=0, rejected=0, median_seconds_to_accept=None),
        whom_to_ask=ask_whom(tx),
    )
