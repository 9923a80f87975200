"""A company with a million leads behind it, written past the use cases: in a minute instead of days.

Two years of leads that were accepted or rejected, each with its hand-over, card, event and the window in which it was
decided; and of today some thousands that wait for an answer or a first attempt, each with its window and its timer.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from bench.bulk import filled, loader
from bot.domain import ladder
from bot.domain.agreement_document import Agreement
from bot.domain.business_time import Calendar
from bot.domain.countdown import CountdownKind
from bot.domain.ladder import Countdown
from bot.domain.lead import Priority
from bot.domain.person import Person, Role, Side, SlackFlags, Team
from storage.database import run_now
from storage.postgres_connection import make_sync_engine
from storage.sqlite_connection import make_engine
from storage.tables.clock import countdowns, timers
from storage.tables.handoffs import events, handoffs
from storage.tables.leads import lead_keys, leads
from storage.tables.posts import posts
from storage.transaction import Transaction
from storage.urls import parse_url
from tests.services.signed import put_in_force

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
"""A Tuesday afternoon: everybody works."""
RUNNING, DUE = 20_000, 100
TEAMS, REPS_A_TEAM, CAMPAIGNS = 20, 15, 200
REPS = TEAMS * REPS_A_TEAM
_HISTORY = timedelta(days=730)
_INSTANTS = 50_000
_CHUNK = 20_000


@dataclass(frozen=True)
class StandingClock:
    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True, slots=True)
class Company:
    """`offered` are open offers to a rep: handoff and the rep's Slack id."""

    offered: Sequence[tuple[str, str]]
    rep: str
    manager: str
    marketer: str


def build(name: str, url: str, number: int) -> Company:
    """The migrated, empty database at `url` holds a company with `number` leads; prints how far it is."""
    agreement: Agreement = run_now(url, StandingClock(), _people)
    started = time.monotonic()
    parsed = parse_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    engine = make_engine(parsed, begin="BEGIN") if is_sqlite else make_sync_engine(parsed, patient=True)
    written = _Written(agreement, number)
    big = (leads, lead_keys, handoffs, posts, events, countdowns, timers)
    with engine.begin() as connection:
        indexes = sorted((index for table in big for index in table.indexes), key=lambda index: str(index.name))
        for index in indexes:
            index.drop(connection)
    bulk = loader(url)
    for count, (table, given, rows) in enumerate(written.tables(bulk.instant), 1):
        columns, values = filled(table, given, rows)
        done = 0
        while chunk := list(islice(values, _CHUNK)):
            bulk.load(table, columns, chunk)
            done += len(chunk)
            _say(f"  {name}: {table.name} ({count} of {len(big)}), {done:,} rows, {time.monotonic() - started:.0f} s")
    bulk.close()
    for count, index in enumerate(indexes, 1):
        _say(f"  {name}: index {count} of {len(indexes)}, {time.monotonic() - started:.0f} s")
        with engine.begin() as connection:
            index.create(connection)
    if not is_sqlite:
        # What PostgreSQL does by itself within minutes.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    _say(
        f"  {name}: {number:,} leads, {written.running:,} running timers, made in {time.monotonic() - started:.0f} s\n"
    )
    return Company(offered=written.offered, rep=_slack(0), manager="UM00", marketer="UK000")


def _say(text: str) -> None:
    """In place of the line before, until one ends."""
    line = text.rstrip("\n")
    sys.stdout.write(f"\r{line:<90}{text[len(line) :]}")
    sys.stdout.flush()


def _people(tx: Transaction) -> Agreement:
    """Twenty teams with their managers and pools, marketers with campaigns, and an agreement that is signed."""
    flags = SlackFlags(checked_at=NOW)
    shared: dict[str, Any] = {"flags": flags, "home_opened_at": NOW}
    tx.people.add(
        Person(id="boss", name="Boss", slack_id="UB", side=Side.SALES, roles=frozenset({Role.MANAGER}), **shared)
    )
    for team in range(TEAMS):
        manager = Person(
            id=f"manager{team:02}", name=f"Manager {team:02}", slack_id=f"UM{team:02}", side=Side.SALES,
            roles=frozenset({Role.MANAGER}), manager_id="boss", **shared,
        )  # fmt: skip
        tx.people.add(manager)
        tx.teams.add(Team(id=f"team{team:02}", key=f"team-{team}", name=f"Team {team}", pool_channel=f"C{team:02}"))
        members = []
        for rep in range(team * REPS_A_TEAM, (team + 1) * REPS_A_TEAM):
            tx.people.add(
                Person(
                    id=_rep(rep), name=f"Rep {rep:03}", slack_id=_slack(rep), side=Side.SALES,
                    roles=frozenset({Role.REP}), manager_id=manager.id, **shared,
                )
            )  # fmt: skip
            members.append((_rep(rep), 1))
        tx.teams.set_members(f"team{team:02}", members)
    for marketer in range(20):
        tx.people.add(
            Person(
                id=f"marketer{marketer:02}", name=f"Marketer {marketer:02}", slack_id=f"UK{marketer:03}",
                side=Side.MARKETING, roles=frozenset({Role.MARKETER}), **shared,
            )
        )  # fmt: skip
    for number in range(CAMPAIGNS):
        campaign = tx.campaigns.ensure(f"campaign-{number}")
        tx.campaigns.save(replace(campaign, id=campaign.id, owner_id=f"marketer{number % 20:02}"))
    return put_in_force(tx)


def _rep(number: int) -> str:
    return f"rep{number:04}"


def _slack(rep: int) -> str:
    return f"UR{rep:04}"


def _id(kind: int, number: int) -> str:
    """Older than any id made now, and in the order of `number`."""
    return f"01900000-0000-7000-{0x8000 + kind:04x}-{number:012x}"


class _Written:
    """The rows. Of `number` leads the last ones are of today."""

    def __init__(self, agreement: Agreement, number: int) -> None:
        self.running = min(RUNNING, number)
        self.offered: list[tuple[str, str]] = []
        self._agreement = agreement
        self._number = number
        self._first = number - self.running
        self._rows_of_today: list[_Today] = []

    def tables(self, instant: Callable[[datetime], Any]) -> Iterator[tuple[sa.Table, str, Iterator[tuple[Any, ...]]]]:
        """Each table with the columns that are given, and its rows; `instant` makes what the database takes."""
        step = _HISTORY / _INSTANTS
        past = [instant(NOW - _HISTORY + step * number) for number in range(_INSTANTS)]

        def at(n: int) -> Any:
            return past[n * (_INSTANTS - 1) // self._number]

        self._plan_today(instant)
        yield leads, _LEAD, (self._lead(n, at(n)) for n in range(self._number))
        yield lead_keys, "source external_id lead_id", (("crm", f"C-{n}", _id(0, n)) for n in range(self._number))
        yield handoffs, _HANDOFF, (self._handoff(n, at(n)) for n in range(self._number))
        yield posts, _POST, (self._post(n, at(n)) for n in range(self._number))
        yield events, _EVENT, (self._event(n, at(n)) for n in range(self._number))
        yield countdowns, _COUNTDOWN, self._countdowns(at, instant)
        yield timers, "id kind subject_id due_at attempts", self._timers()

    def _is_accepted(self, n: int) -> bool:
        return (n - self._first) % 2 == 1 if n >= self._first else n % 20 < 9

    def _stage(self, n: int) -> str:
        if n >= self._first:
            return "sal" if self._is_accepted(n) else "mql"
        return _STAGES[n % 20]

    def _lead(self, n: int, at: Any) -> tuple[Any, ...]:
        owner = _rep(n % REPS) if self._is_accepted(n) else None
        email = f"lead{n}@example.com"
        return (
            _id(0, n), "crm", f"C-{n}", email, email, f"Lead {n}", f"Company {n // 3}", f"company {n // 3} lead {n}",
            "Head of Data", "PT", at, "warm", _SUMMARY, self._stage(n), 1, at, at, owner,
        )  # fmt: skip

    def _handoff(self, n: int, at: Any) -> tuple[Any, ...]:
        is_today, rep = n >= self._first, _rep(n % REPS)
        status = "accepted" if self._is_accepted(n) else "offered" if is_today else "rejected"
        decided = None if status == "offered" else at
        by = None if decided is None else rep
        reason, rejection = ("low_intent", "{}") if status == "rejected" else (None, None)
        return (
            _id(1, n), _id(0, n), self._agreement.id, status, "handed_over", rep, f"team{n % REPS // REPS_A_TEAM:02}",
            "warm", "crm", "Rule “Everything”", at, at, decided, by, reason, rejection, 1 if decided is None else 2,
        )  # fmt: skip

    def _post(self, n: int, at: Any) -> tuple[Any, ...]:
        place = _slack(n % REPS)
        return (
            _id(2, n),
            "handoff",
            _id(1, n),
            _id(0, n),
            place,
            "primary",
            f"key{n}",
            f"D{place}",
            f"{n}.0001",
            1,
            at,
            at,
        )

    def _event(self, n: int, at: Any) -> tuple[Any, ...]:
        return _id(3, n), at, at, _rep(n % REPS), "slack", "handoff.offered", _id(0, n), _id(1, n), _DATA

    def _plan_today(self, instant: Callable[[datetime], Any]) -> None:
        """Every hundredth or so is due now; the others later, this afternoon or on the days to come."""
        terms = self._agreement.terms
        often = max(1, self.running // DUE)
        for number in range(self.running):
            n = self._first + number
            kind = CountdownKind.FIRST_CONTACT if self._is_accepted(n) else CountdownKind.ACCEPT
            of = terms.accept_window if kind is CountdownKind.ACCEPT else terms.first_contact_window
            window = of(Priority.WARM, "crm")
            is_due = (number // 2) % often == 0 if number % 2 else (number // 2 + 1) % often == 0
            counted = window * 0.5 if is_due else window * 0.49 * ((number * 7919) % 1000) / 1000
            counted -= counted % timedelta(seconds=1)
            planned = ladder.plan(Countdown(window=window, since=NOW, counted=counted), Calendar(), terms.ladder)
            timer_at = ladder.next_instant(planned, None, None)
            assert timer_at is not None
            assert planned.due_at is not None
            today = _Today(n, kind, window, counted, instant(planned.due_at), instant(timer_at))
            self._rows_of_today.append(today)
            if kind is CountdownKind.ACCEPT and not is_due:
                self.offered.append((_id(1, n), _slack(n % REPS)))

    def _countdowns(self, at: Callable[[int], Any], instant: Callable[[datetime], Any]) -> Iterator[tuple[Any, ...]]:
        window, now = 14_400, instant(NOW)
        for n in range(self._first):
            yield (
                _id(4, n), "accept", _id(1, n), self._agreement.id, _id(0, n), _rep(n % REPS), None, window, 60_000_000,
                at(n), at(n), at(n), at(n), "met",
            )  # fmt: skip
        for one in self._rows_of_today:
            yield (
                _id(4, one.n), one.kind.value, _id(1, one.n), self._agreement.id, _id(0, one.n), _rep(one.n % REPS),
                None, int(one.window.total_seconds()), int(one.counted.total_seconds() * 1_000_000), now, one.due_at,
                now, None, None,
            )  # fmt: skip

    def _timers(self) -> Iterator[tuple[Any, ...]]:
        for one in self._rows_of_today:
            yield _id(5, one.n), "countdown", _id(4, one.n), one.timer_at, 0


@dataclass(frozen=True, slots=True)
class _Today:
    n: int
    kind: CountdownKind
    window: timedelta
    counted: timedelta
    due_at: Any
    timer_at: Any


_STAGES = ("won", "lost", "lost", "lost", "lost", "lost", "lost", "opportunity", "sql") + ("closed",) * 11
_SUMMARY = "Asked for a demo after the webinar; has forty people in operations and a project this quarter. " * 3
_DATA = '{"opened":"handed_over","to":"rep","because":"Rule “Everything”"}'
_LEAD = (
    "id source external_id email email_normalised name company who_key title country engaged_at priority summary stage "
    "version created_at updated_at owner_id"
)
_HANDOFF = (
    "id lead_id agreement_id status opened rep_id team_id priority source routed_because received_at offered_at "
    "decided_at decided_by reason rejection version"
)
_POST = "id subject subject_id lead_id place role key channel ts shown_version created_at posted_at"
_EVENT = "id happened_at recorded_at actor origin kind lead_id handoff_id data"
_COUNTDOWN = (
    "id kind subject_id agreement_id lead_id owner_id team_id window_s counted_us since due_at started_at ended_at "
    "result"
)
