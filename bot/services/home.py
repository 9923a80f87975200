"""What a person's Home shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.local_time import midnight_before
from bot.domain.person import Person, Role
from bot.domain.rights import leads_sales
from bot.errors import PersonUnknown
from bot.services import team_lists
from bot.services.home_rows import PAGE, AcceptedList, HomeList, UnroutedList, row_of, within
from bot.services.people import ask_whom
from storage.transaction import Transaction


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

    For managers, None for everybody else: `unrouted`, leads that nobody could be offered; `team`, open offers, the
    longest waiting first; `accepted`, what the team owns, first of those who are not there.
    """

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
    unrouted: UnroutedList | None = None
    accepted: AcceptedList | None = None
    whom_to_ask: str = ""
    """For somebody on no roster: who can add them. Holds a person's name: untrusted."""


NO_LIST = HomeList(rows=(), total=0, page=0)


def load_home(
    tx: Transaction,
    slack_id: str,
    *,
    needs_page: int = 0,
    mine_page: int = 0,
    unrouted_page: int = 0,
    team_page: int = 0,
    accepted_page: int = 0,
) -> Home:
    """What this person sees; for somebody on no roster an almost empty one. Raises PersonUnknown for an account
    Slack has not confirmed lately."""
    person = tx.people.by_slack_id(slack_id)
    if person is None or not person.flags.is_known(tx.now):
        raise PersonUnknown(slack_id)
    if not person.on_roster or person.flags.may_never_act:
        return _stranger(tx, person)
    manages = leads_sales(person)
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
        unrouted=team_lists.unrouted(tx, unrouted_page) if manages else None,
        team=team_lists.waiting(tx, team_page) if manages else None,
        accepted=team_lists.accepted(tx, accepted_page) if manages else None,
        today=Today(
            offered=numbers.offered,
            accepted=numbers.accepted,
            rejected=numbers.rejected,
            median_seconds_to_accept=numbers.median_seconds_to_accept,
        ),
    )


def home_opened(tx: Transaction, slack_id: str) -> None:
    """From now on this person's Home is kept up to date; those opened last come first."""
    person = tx.people.by_slack_id(slack_id)
    if person is not None:
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
    page = within(page, total)
    rows = tx.handoffs.needs(person.id, channels, PAGE, page * PAGE)
    return HomeList(
        rows=tuple(row_of(tx, handoff, lead, since=handoff.offered_at) for handoff, lead in rows),
        total=total,
        page=page,
    )


def _mine(tx: Transaction, person: Person, page: int) -> HomeList:
    total = tx.handoffs.count_owned_by(person.id)
    page = within(page, total)
    rows = tx.handoffs.owned_by(person.id, PAGE, page * PAGE)
    return HomeList(
        rows=tuple(row_of(tx, handoff, lead, since=handoff.decided_at or handoff.offered_at) for handoff, lead in rows),
        total=total,
        page=page,
    )


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
