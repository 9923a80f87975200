"""Costs stay flat as history grows: no query of a click or a tick reads a table from end to end.

Each call of a repository is made once; every statement it sends is explained by the database. PostgreSQL chooses by
what is in the tables, so there its tables are filled, and reading one whole is switched off where there is another way.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.brief import Brief, BriefItem, PersonSettings, Why
from bot.domain.budget import Kind
from bot.domain.countdown import CountdownKind, Running
from bot.domain.crm import Facts
from bot.domain.handoff import End, Handoff
from bot.domain.lead import Lead
from bot.domain.milestone import What
from bot.domain.outcome import Kind as OutcomeKind
from bot.domain.outcome import Logged, Outcome
from bot.domain.person import Person, Role, SlackFlags, Team
from bot.domain.post import OutboxKind, OutboxRow, Post, PostRole, Subject, Timer, TimerKind
from bot.errors import Stale
from storage.ids import Ids
from storage.postgres_connection import make_sync_engine
from storage.schema import migrate
from storage.sqlite_connection import make_engine
from storage.tables import metadata
from storage.transaction import Transaction
from storage.urls import parse_url
from tests.postgres import Server
from tests.storage import (
    answer_calls,
    campaign_alert_calls,
    clock_calls,
    digest_calls,
    marketing_calls,
    note_calls,
    schedule_calls,
    search_calls,
    talk_calls,
)
from tests.storage.conftest import BOTH
from tests.storage.samples import NOON, accepted, handoff, lead, person, reassignment

GROWING = {
    "people", "leads", "lead_keys", "handoffs", "events", "timers", "posts", "lanes", "outbox", "deliveries",
    "lead_facts", "waiting_news", "erasures", "announcements", "imports", "import_rows", "reassignments",
    "briefs", "brief_items", "brief_leads", "person_settings", "at_risk", "countdowns", "outcomes", "leaks",
    "milestones", "reject_answers", "disputes", "notes", "themes", "digests", "search_entries",
}  # fmt: skip
"""The others hold what the teams configured: some dozens of rows."""

BOUNDED = {
    "ix_reject_answers_waiting",  # rejects that wait for an answer
    "ix_reject_answers_asked",  # the same
    "ix_disputes_open",  # disputes that wait for somebody
    "ix_themes_waiting",  # field notes that wait for an answer
    "ix_themes_people",  # the same
    "ix_notes_open",  # the same, note by note
    "ix_people_roster",  # the roster
    "ix_leaks_rep",  # accepted leads nobody has touched
    "ix_leaks_since",  # the same
    "ix_outcomes_currency",  # read from its end, one row
    "ix_handoffs_waiting",  # open offers
    "ix_leads_parked",  # leads at the end of the ladder that nobody has
    "ix_countdowns_agreement",  # what runs
    "ix_leads_worked",  # leads that are being worked
    "ux_handoffs_offered",  # the same
    "ux_reassignments_running",  # what is on its way to others just now
    "ix_handoffs_practised",  # practice leads that wait
    "ix_handoffs_owned_latest",  # read from its end, up to a page
    "ix_people_home",  # who of the roster, today's and former, ever opened Home
    "ix_handoffs_campaign_waiting",  # open offers, of campaigns
    "ix_posts_waiting",  # what waits for something to be mended
    "ix_people_deputy",  # who of the roster, today's and former, names a deputy
    "ix_people_absent",  # who of the roster, today's and former, is away
    "ix_timers_unrouted",  # leads that wait for somebody
    "ix_timers_due",  # read from its beginning
    "ix_lanes_next",  # lanes with work
    "ix_outbox_lane",  # what is still to be said
    "ix_outbox_parked",  # what waits for a person
    "ix_outbox_parked_subject",  # the same
    "ux_outbox_pending",
}
"""Indexes that may be read without a condition: they hold the present, or are read up to a limit."""


class World:
    """A few rows to work on, and the statements that were sent."""

    person: Person
    lead: Lead
    offered: Handoff
    pooled: Handoff
    owned: Handoff
    post: Post
    timer: Timer
    leased: OutboxRow
    parked: OutboxRow
    brief: Brief
    item: BriefItem

    def __init__(self, connection: sa.Connection, prefix: str = "") -> None:
        self.connection = connection
        self.ids = Ids()
        self.sent: list[tuple[str, Any]] = []
        self._fill(self.transaction(), prefix)

    def transaction(self) -> Transaction:
        return Transaction(self.connection, now=NOON, ids=self.ids)

    def _fill(self, tx: Transaction, prefix: str) -> None:
        self.person = person(tx, slack_id=f"{prefix}U1", email="ines@example.com")
        tx.teams.add(Team(id=f"{prefix}t-1", key=f"{prefix}europe", name="Europe", pool_channel="C1"))
        tx.teams.set_members(f"{prefix}t-1", [(self.person.id, 1)])
        self.lead = lead(tx, f"{prefix}C-1", email_normalised="a@example.com", company="Nord", name="Léa")
        self.offered = handoff(tx, self.lead, rep_id=self.person.id)
        self.pooled = handoff(tx, lead(tx, f"{prefix}C-2"), pool_channel="C1")
        self.owned = accepted(handoff(tx, lead(tx, f"{prefix}C-3"), rep_id=self.person.id), self.person.id, NOON)
        tx.handoffs.decide(self.owned)
        tx.outcomes.add(_logged(self, tx))
        tx.leaks.start(self.owned.id, self.owned.lead_id, self.person.id, NOON)
        self.post = tx.posts.add(Subject.HANDOFF, self.offered.id, "U1", PostRole.PRIMARY, self.lead.id, {})
        tx.timers.set(TimerKind.UNDO_END, self.owned.id, NOON)
        timer = tx.timers.get(TimerKind.UNDO_END, self.owned.id)
        assert timer is not None
        self.timer = timer
        for lane in ("A", "B", "C"):
            tx.outbox.add(OutboxKind.SYNC_POST, f"{prefix}p-{lane}", f"{prefix}{lane}")
        self.leased, self.parked = tx.outbox.lease_lanes(2, timedelta(seconds=30))
        tx.outbox.park(self.parked, "gone")
        self.brief = Brief(
            id=tx.new_id(), person_id=self.person.id, why=Why.MORNING, day=NOON.date(), created_at=NOON
        )  # fmt: skip
        tx.briefs.keep(self.person.id, Kind.CAME_BACK, "said", self.lead.id, {})
        tx.briefs.add(self.brief)
        tx.briefs.keep(self.person.id, Kind.CAME_BACK, "waits", self.lead.id, {})
        (self.item,) = tx.briefs.items(self.brief.id, Kind.CAME_BACK, 1)
        tx.flush()

    def statements_of(self, call: Callable[[World, Transaction], object]) -> list[tuple[str, Any]]:
        self.sent = []
        tx = self.transaction()
        call(self, tx)
        tx.flush()
        return self.sent


@pytest.fixture(scope="session")
def crowded(postgres_server: Server) -> str:
    """A database with some thousand rows in every table that grows."""
    url = postgres_server.url(postgres_server.create())
    migrate(url, lambda _: None)
    engine = make_sync_engine(parse_url(url))
    with engine.begin() as connection:
        world = World(connection, prefix="copied-")
        copy = partial(_copy, connection)
        copy("people", world.person.id, 500, slack_id="'U-' || n", email_key="'e-' || n", on_roster="false")
        copy("leads", world.lead.id, 3000, external_id="'x-' || n", email_normalised="'e-' || n", who_key="'w-' || n")
        connection.exec_driver_sql(
            "INSERT INTO campaigns (id, key, name, created_at) "
            "SELECT 'copy-' || n, 'copy-' || n, n, now() FROM generate_series(1, 50) AS n"
        )
        by, at = "'copy-' || mod(n, 500) + 1", "offered_at - n * interval '1 hour'"
        decided = {"decided_at": at, "decided_by": by, "status": "'accepted'", "offered_at": at, "received_at": at}
        campaign = {"campaign_id": "'copy-' || mod(n, 50) + 1"}
        copy("handoffs", world.owned.id, 3000, lead_id="'copy-' || n", rep_id=by, **decided, **campaign)
        copy("posts", world.post.id, 3000, subject_id="'copy-' || n", lead_id="'copy-' || n", key="'k-' || n", ts="n")
        copy("outbox", world.parked.id, 3000, subject_id="'copy-' || n", status="'sent'", lane="'L-' || mod(n, 500)")
        copy("timers", world.timer.id, 500, subject_id="'copy-' || n", due_at="due_at + n * interval '1 hour'")
        copy("briefs", world.brief.id, 3000, person_id="'copy-' || mod(n, 500) + 1", day="n")
        copy("brief_items", world.item.id, 3000, person_id="'copy-' || mod(n, 500) + 1", brief_id="'copy-' || n",
             lead_id="'copy-' || n", subject_id="n")  # fmt: skip
        for statement in (
            "INSERT INTO events SELECT 'e-' || n, now(), now(), 'a', 'o', 'k', 'copy-' || n, NULL, '{}' FROM rows",
            "INSERT INTO lanes SELECT 'L-' || n FROM rows WHERE n <= 500",
            "INSERT INTO lead_keys SELECT 'copy', n, 'copy-' || n FROM rows",
            "INSERT INTO deliveries SELECT 'slack', n, now() FROM rows",
            "INSERT INTO countdowns SELECT 'c-' || n, 'accept', 'h-' || n, '00000000-0000-7000-8000-000000000000', "
            "NULL, 'copy-' || mod(n, 500) + 1, NULL, 60, 0, now(), now(), NULL, NULL, now(), now(), 'met' FROM rows",
            "INSERT INTO at_risk SELECT 'copy-' || mod(n, 500) + 1, 'c-' || n, now() FROM rows",
            # None of these is old enough to be forgotten: of many rows few are.
            "INSERT INTO announcements SELECT 'copied-' || n, 'k', 'copy-' || n, '{}', "
            "'2027-01-01'::timestamptz FROM rows",
            "INSERT INTO waiting_news SELECT 'copied-' || n, 's', n, 'k', '{}', '2027-01-01'::timestamptz FROM rows",
            "INSERT INTO reassignments SELECT 'copied-' || n, 'copy-1', 'copy-1', NULL, 'both', NULL, NULL, '', 1, 1, "
            "'n', '2027-01-01'::timestamptz, '2027-01-01'::timestamptz FROM rows",
            'INSERT INTO outcomes (id, handoff_id, lead_id, place, kind, happened_at, logged_at, "by") '
            "SELECT 'o-' || n, 'copy-' || n, 'copy-' || n, 'o-' || n, 'contacted', now(), now(), 'p' FROM rows",
        ):
            connection.exec_driver_sql(f"WITH rows AS (SELECT generate_series(1, 3000) AS n) {statement}")
        talk_calls.fill(connection)
        answer_calls.fill(connection)
        note_calls.fill(connection)
        search_calls.fill(connection)
        digest_calls.fill(connection)
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()
    return url


def _copy(connection: sa.Connection, table: str, row_id: str, times: int, **changed: str) -> None:
    """Copies a row; `changed` are columns by expressions of `n`, which counts from 1. Ids are copy-1, copy-2, ..."""
    changed |= {"id": "'copy-' || n"}
    columns = [column.name for column in metadata.tables[table].c]
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    connection.exec_driver_sql(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {times}) AS n "
        f"WHERE {table}.id = '{row_id}'"
    )


@pytest.fixture(params=BOTH, scope="module")
def made(request: pytest.FixtureRequest) -> Iterator[World]:
    """One world a database, in a transaction that nobody commits."""
    if request.param == "sqlite":
        folder = request.getfixturevalue("tmp_path_factory").mktemp("plans")
        path = shutil.copy(request.getfixturevalue("migrated_file"), folder)
        engine = make_engine(parse_url(f"sqlite:///{path}"), begin="BEGIN")
    else:
        # Patient: it is idle while other databases' tests run.
        engine = make_sync_engine(parse_url(request.getfixturevalue("crowded")), patient=True)
    with engine.connect() as connection:
        made = World(connection)

        @sa.event.listens_for(connection, "before_cursor_execute")
        def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
            # Many rows in one INSERT are one set of parameters, else the first of many is like the others.
            first_of_many = many and isinstance(parameters, list)
            made.sent.append((statement, parameters[0] if first_of_many else parameters))

        yield made
        connection.rollback()
    engine.dispose()


@pytest.fixture
def world(made: World) -> Iterator[World]:
    """As it was made, whatever the test before did with it."""
    with made.connection.begin_nested() as savepoint:
        yield made
        savepoint.rollback()


def _logged(world: World, tx: Transaction) -> Logged:
    outcome = Outcome(kind=OutcomeKind.CONTACTED, at=NOON, by=world.person.id)
    entry = tx.new_id()
    return Logged(
        id=entry, handoff_id=world.owned.id, lead_id=world.owned.lead_id, place=entry, outcome=outcome, logged_at=NOON
    )


def _reinstate(world: World, tx: Transaction) -> None:
    with suppress(Stale):
        tx.handoffs.reinstate(replace(world.owned, version=world.owned.version + 1))


def _at_risk(world: World, tx: Transaction) -> str:
    running = Running(
        id=tx.new_id(), kind=CountdownKind.ACCEPT, subject_id=world.offered.id, agreement_id=world.offered.agreement_id,
        window=timedelta(hours=4), since=NOON, started_at=NOON,
    )  # fmt: skip
    running = tx.countdowns.start(running)
    tx.at_risk.join(world.person.id, running.id)
    return running.id


CALLS: dict[str, Callable[[World, Transaction], object]] = {
    **marketing_calls.CALLS,
    **clock_calls.CALLS,
    **note_calls.CALLS,
    **digest_calls.CALLS,
    **schedule_calls.CALLS,
    **search_calls.CALLS,
    **answer_calls.CALLS,
    **talk_calls.CALLS,
    **campaign_alert_calls.CALLS,
    "outcomes.add": lambda w, tx: tx.outcomes.add(_logged(w, tx)),
    "outcomes.get": lambda w, tx: tx.outcomes.get("o-1"),
    "outcomes.standing": lambda w, tx: tx.outcomes.standing(w.owned.id),
    "outcomes.standing_of_many": lambda w, tx: tx.outcomes.standing_of_many([w.owned.id, w.offered.id]),
    "outcomes.ever": lambda w, tx: tx.outcomes.ever(w.owned.id),
    "outcomes.of_lead": lambda w, tx: tx.outcomes.of_lead(w.lead.id),
    "outcomes.take_out": lambda w, tx: tx.outcomes.take_out("o-1", w.person.id),
    "outcomes.last_currency": lambda w, tx: tx.outcomes.last_currency(),
    "milestones.get": lambda w, tx: tx.milestones.get("c-1", What.SQL),
    "milestones.of_handoff": lambda w, tx: tx.milestones.of_handoff(w.owned.id),
    "leaks.start": lambda w, tx: tx.leaks.start(w.owned.id, w.owned.lead_id, w.person.id, NOON),
    "leaks.end": lambda w, tx: tx.leaks.end(w.owned.id),
    "leaks.since": lambda w, tx: tx.leaks.since([w.owned.id, w.offered.id]),
    "leaks.count": lambda w, tx: tx.leaks.count([w.person.id, "p-2"]),
    "leaks.count of everybody": lambda w, tx: tx.leaks.count(),
    "leaks.longest": lambda w, tx: tx.leaks.longest([w.person.id, "p-2"], 5),
    "leaks.longest of everybody": lambda w, tx: tx.leaks.longest(None, 5),
    "handoffs.reinstate": _reinstate,
    "briefs.forget_about": lambda w, tx: tx.briefs.forget_about(w.lead.id, Kind.LEAKAGE),
    "people.get": lambda w, tx: tx.people.get(w.person.id),
    "people.get_many": lambda w, tx: tx.people.get_many([w.person.id, "p-2"]),
    "people.lock": lambda w, tx: tx.people.lock(w.person.id),
    "people.by_slack_id": lambda w, tx: tx.people.by_slack_id("U1"),
    "people.by_email": lambda w, tx: tx.people.by_email("ines@example.com"),
    "people.all": lambda w, tx: tx.people.all(),
    "people.absent": lambda w, tx: tx.people.absent(),
    "people.with_home": lambda w, tx: tx.people.with_home(rep_id=w.person.id, team_id="t-1", in_pool=True, limit=25),
    "people.with_home of a pool without a team": lambda w, tx: tx.people.with_home(
        rep_id=None, team_id=None, in_pool=True, limit=25
    ),
    "people.with_role": lambda w, tx: tx.people.with_role(Role.REP),
    "people.set_email": lambda w, tx: tx.people.set_email(w.person.id, "ines@example.org"),
    "settings.lock": lambda w, tx: tx.settings.lock(),
    "people.to_ask": lambda w, tx: tx.people.to_ask(NOON, 20),
    "people.to_find": lambda w, tx: tx.people.to_find(NOON, 20),
    "people.set_account": lambda w, tx: tx.people.set_account(w.person.id, "U1", SlackFlags(), tz=None),
    "people.lose_account": lambda w, tx: tx.people.lose_account(w.person.id),
    "people.set_flags": lambda w, tx: tx.people.set_flags(w.person.id, SlackFlags()),
    "people.set_roster": lambda w, tx: tx.people.set_roster(w.person),
    "people.set_links": lambda w, tx: tx.people.set_links(w.person.id, None, None),
    "people.leave_roster": lambda w, tx: tx.people.leave_roster(w.person.id),
    "people.set_away": lambda w, tx: tx.people.set_away(w.person.id, NOON, None),
    "people.who_name_as_deputy": lambda w, tx: tx.people.who_name_as_deputy(w.person.id),
    "people.set_deputy": lambda w, tx: tx.people.set_deputy(w.person.id, None),
    "people.welcome": lambda w, tx: tx.people.welcome(w.person.id, NOON),
    "people.mark_home_opened": lambda w, tx: tx.people.mark_home_opened(w.person.id, NOON),
    "teams.members": lambda w, tx: tx.teams.members("t-1"),
    "teams.ids_of_people": lambda w, tx: tx.teams.ids_of_people([w.person.id, "p-2"]),
    "teams.of_person": lambda w, tx: tx.teams.of_person(w.person.id),
    "teams.save_credits": lambda w, tx: tx.teams.save_credits("t-1", {w.person.id: 1}),
    "teams.by_pool_channel": lambda w, tx: tx.teams.by_pool_channel("C1"),
    "config": lambda w, tx: tx.config,
    "rules.all": lambda w, tx: tx.rules.all(),
    "sources.get": lambda w, tx: tx.sources.get("crm"),
    "agreements.in_force": lambda w, tx: tx.agreements.in_force(),
    "agreements.mode": lambda w, tx: tx.agreements.mode(w.offered.agreement_id),
    "agreements.pending": lambda w, tx: tx.agreements.pending(),
    "campaigns.ensure": lambda w, tx: tx.campaigns.ensure("autumn"),
    "leads.get": lambda w, tx: tx.leads.get(w.lead.id),
    "leads.lock": lambda w, tx: tx.leads.lock(w.lead.id),
    "leads.by_key": lambda w, tx: tx.leads.by_key("crm", "C-1"),
    "leads.add": lambda w, tx: lead(tx, "C-9"),
    "leads.add_key": lambda w, tx: tx.leads.add_key(w.lead.id, "form", "1"),
    "leads.save": lambda w, tx: tx.leads.save(replace(w.lead, version=2)),
    "leads.move_keys": lambda w, tx: tx.leads.move_keys(w.lead.id, w.pooled.lead_id),
    "leads.by_email": lambda w, tx: tx.leads.by_email("a@example.com"),
    "leads.similar": lambda w, tx: (
        lead(tx, "C-9", email_normalised="a@example.com", company="Nord", name="Léa"),
        tx.leads.similar(w.lead),
    ),
    "leads.last_by_source": lambda w, tx: tx.leads.last_by_source(),
    "leads.count_worked": lambda w, tx: tx.leads.count_worked(),
    "leads.unrouted": lambda w, tx: tx.leads.unrouted(8, 0),
    "leads.count_unrouted": lambda w, tx: tx.leads.count_unrouted(),
    "leads.lock_email": lambda w, tx: tx.leads.lock_email("a@example.com"),
    "handoffs.get": lambda w, tx: tx.handoffs.get(w.offered.id),
    "handoffs.lock": lambda w, tx: tx.handoffs.lock(w.offered.id),
    "handoffs.add": lambda w, tx: handoff(tx, lead(tx, "C-9"), rep_id=w.person.id),
    "handoffs.decide": lambda w, tx: tx.handoffs.decide(accepted(w.offered, w.person.id, NOON)),
    "handoffs.finish": lambda w, tx: tx.handoffs.finish(
        replace(w.owned, end=End.RELEASED, ended_at=NOON, version=w.owned.version + 1)
    ),
    "handoffs.save": lambda w, tx: tx.handoffs.save(replace(w.offered, version=2)),
    "handoffs.offered_of": lambda w, tx: tx.handoffs.offered_of(w.lead.id),
    "handoffs.owned_of": lambda w, tx: tx.handoffs.owned_of(w.lead.id),
    "handoffs.latest_of": lambda w, tx: tx.handoffs.latest_of(w.lead.id),
    "handoffs.of_lead": lambda w, tx: tx.handoffs.of_lead(w.lead.id),
    "handoffs.held_by": lambda w, tx: tx.handoffs.held_by(w.person.id),
    "handoffs.held_by_many": lambda w, tx: tx.handoffs.held_by_many([w.person.id, "p-2", "p-3"]),
    "handoffs.needs": lambda w, tx: tx.handoffs.needs(w.person.id, ["C1", "C2"], 8, 0),
    "handoffs.count_needs": lambda w, tx: tx.handoffs.count_needs(w.person.id, ["C1", "C2"]),
    "handoffs.offered_to": lambda w, tx: tx.handoffs.offered_to(w.person.id, 8, 8),
    "handoffs.count_offered_to": lambda w, tx: tx.handoffs.count_offered_to(w.person.id),
    "handoffs.offered_in_pools": lambda w, tx: tx.handoffs.offered_in_pools(["C1", "C2"], 8, 0),
    "handoffs.count_offered_in_pools": lambda w, tx: tx.handoffs.count_offered_in_pools(["C1", "C2"]),
    "handoffs.waiting": lambda w, tx: tx.handoffs.waiting(8, 0),
    "handoffs.count_waiting": lambda w, tx: tx.handoffs.count_waiting(),
    "handoffs.owned_by": lambda w, tx: tx.handoffs.owned_by(w.person.id, 8, 0),
    "handoffs.count_owned_by": lambda w, tx: tx.handoffs.count_owned_by(w.person.id),
    "handoffs.owned_by_absent": lambda w, tx: tx.handoffs.owned_by_absent([w.person.id, "p-2"], 8, 0),
    "handoffs.count_owned_by_absent": lambda w, tx: tx.handoffs.count_owned_by_absent([w.person.id, "p-2"]),
    "handoffs.owned_by_others": lambda w, tx: tx.handoffs.owned_by_others([w.person.id, "p-2"], 8, 0),
    "handoffs.had_offered": lambda w, tx: tx.handoffs.had_offered(w.person.id, NOON, w.owned.id, 20),
    "handoffs.newest_of": lambda w, tx: tx.handoffs.newest_of(w.person.id),
    "handoffs.had_accepted": lambda w, tx: tx.handoffs.had_accepted(w.person.id, NOON, w.owned.id, 20),
    "handoffs.loads": lambda w, tx: tx.handoffs.loads([w.person.id, "p-2", "p-3"]),
    "handoffs.practised_by": lambda w, tx: tx.handoffs.practised_by(w.person.id),
    "reassignments.get": lambda w, tx: tx.reassignments.get("r-1"),
    "reassignments.lock": lambda w, tx: tx.reassignments.lock("r-1"),
    "reassignments.running": lambda w, tx: tx.reassignments.running([w.person.id, "p-2"]),
    "reassignments.add": lambda w, tx: reassignment(tx, w.person),
    "reassignments.save_progress": lambda w, tx: tx.reassignments.save_progress("r-1", 1, None),
    "reassignments.save_progress end": lambda w, tx: tx.reassignments.save_progress("r-1", 1, NOON),
    "reassignments.prune": lambda w, tx: tx.reassignments.prune(NOON, 100),
    "handoffs.owned_practice_of": lambda w, tx: tx.handoffs.owned_practice_of(w.person.id),
    "handoffs.day_numbers": lambda w, tx: tx.handoffs.day_numbers(w.person.id, NOON),
    "handoffs.waiting_with": lambda w, tx: tx.handoffs.waiting_with([w.person.id, "p-2"], ["t-1", "t-2"], 8, 0),
    "handoffs.count_waiting_with": lambda w, tx: tx.handoffs.count_waiting_with([w.person.id], ["t-1"]),
    "numbers.offered": lambda w, tx: tx.numbers.offered(NOON),
    "numbers.decided": lambda w, tx: tx.numbers.decided(NOON),
    "numbers.offered_to": lambda w, tx: tx.numbers.offered_to([w.person.id, "p-2"], NOON),
    "numbers.decided_by": lambda w, tx: tx.numbers.decided_by([w.person.id, "p-2"], NOON),
    "campaign_numbers.of_each": lambda w, tx: tx.campaign_numbers.of_each(["c-1", "c-2"], NOON),
    "campaign_numbers.in_all": lambda w, tx: tx.campaign_numbers.in_all([w.person.id, "p-2"], NOON),
    "campaign_numbers.in_all of everybody": lambda w, tx: tx.campaign_numbers.in_all(None, NOON),
    "campaign_numbers.campaigns": lambda w, tx: tx.campaign_numbers.campaigns([w.person.id, "p-2"], NOON, 5, 0),
    "campaign_numbers.campaigns of everybody": lambda w, tx: tx.campaign_numbers.campaigns(None, NOON, 5, 0),
    "campaign_numbers.count_campaigns": lambda w, tx: tx.campaign_numbers.count_campaigns([w.person.id, "p-2"]),
    "campaign_numbers.rejects": lambda w, tx: tx.campaign_numbers.rejects([w.person.id, "p-2"], NOON, 5, 0),
    "campaign_numbers.rejects of everybody": lambda w, tx: tx.campaign_numbers.rejects(None, NOON, 5, 0),
    "campaign_numbers.count_rejects": lambda w, tx: tx.campaign_numbers.count_rejects([w.person.id, "p-2"], NOON),
    "campaign_numbers.count_rejects of everybody": lambda w, tx: tx.campaign_numbers.count_rejects(None, NOON),
    "campaigns.newest_unowned": lambda w, tx: tx.campaigns.newest_unowned(8),
    "campaigns.get_many": lambda w, tx: tx.campaigns.get_many(["c-1", "c-2"]),
    "campaigns.owned": lambda w, tx: tx.campaigns.owned(),
    "campaigns.owned_by": lambda w, tx: tx.campaigns.owned_by([w.person.id, "p-2"]),
    "handoffs.held_before": lambda w, tx: tx.handoffs.held_before(w.lead.id),
    "handoffs.listed_in": lambda w, tx: tx.handoffs.listed_in(w.post.id, 15),
    "handoffs.count_listed_in": lambda w, tx: tx.handoffs.count_listed_in(w.post.id),
    "posts.count_cards": lambda w, tx: tx.posts.count_cards("C1", NOON, NOON, 20),
    "posts.latest": lambda w, tx: tx.posts.latest(Subject.AT_RISK, w.person.id),
    "at_risk.join": _at_risk,
    "at_risk.leave": lambda w, tx: tx.at_risk.leave(_at_risk(w, tx)),
    "at_risk.managers_of": lambda w, tx: tx.at_risk.managers_of("c-1"),
    "at_risk.of": lambda w, tx: tx.at_risk.of([w.person.id, "p-2"], 15),
    "at_risk.count": lambda w, tx: tx.at_risk.count([w.person.id, "p-2"]),
    "posts.latest_summary": lambda w, tx: tx.posts.latest_summary("C1", NOON, NOON),
    "events.add": lambda w, tx: tx.events.add("x", lead_id=w.lead.id),
    "events.of_lead": lambda w, tx: tx.events.of_lead(w.lead.id),
    "timers.set": lambda w, tx: tx.timers.set(TimerKind.BACK, "p", NOON),
    "timers.get": lambda w, tx: tx.timers.get(TimerKind.BACK, "p"),
    "timers.hold": lambda w, tx: tx.timers.hold(TimerKind.BACK, "p"),
    "timers.cancel": lambda w, tx: tx.timers.cancel(TimerKind.BACK, "p"),
    "timers.cancel_all": lambda w, tx: tx.timers.cancel_all("p"),
    "timers.due": lambda w, tx: tx.timers.due(10),
    "timers.take": lambda w, tx: tx.timers.take(w.timer.id),
    "timers.postpone": lambda w, tx: tx.timers.postpone(w.timer, NOON),
    "timers.next_due": lambda w, tx: tx.timers.next_due(),
    "posts.get": lambda w, tx: tx.posts.get(w.post.id),
    "posts.of_subject": lambda w, tx: tx.posts.of_subject(Subject.HANDOFF, w.offered.id),
    "posts.of_lead": lambda w, tx: tx.posts.of_lead(w.lead.id),
    "posts.primary": lambda w, tx: tx.posts.primary(w.offered.id),
    "posts.by_message": lambda w, tx: tx.posts.by_message("D1", "1.2"),
    "posts.move": lambda w, tx: tx.posts.move(w.offered.id, "h-9"),
    "posts.shown": lambda w, tx: tx.posts.shown(w.post.id, "D1", "1.2", 1),
    "posts.gone": lambda w, tx: tx.posts.gone(w.post.id, "x"),
    "posts.following": lambda w, tx: tx.posts.following(w.lead.id),
    "posts.back": lambda w, tx: tx.posts.back(w.post.id),
    "posts.places_waiting": lambda w, tx: tx.posts.places_waiting(),
    "posts.waiting_at": lambda w, tx: tx.posts.waiting_at("C1", 100),
    "posts.count_waiting_at": lambda w, tx: tx.posts.count_waiting_at("C1"),
    "posts.save_data": lambda w, tx: tx.posts.save_data(w.post.id, {}),
    "timers.hurry_unrouted": lambda w, tx: tx.timers.hurry_unrouted(20),
    "outbox.add": lambda w, tx: [tx.outbox.add(OutboxKind.SYNC_POST, f"new-{lane}", lane) for lane in "ABCD"],
    "outbox.add later": lambda w, tx: tx.outbox.add(OutboxKind.SYNC_POST, "n", "B", NOON + timedelta(days=1)),
    "outbox.move": lambda w, tx: _move(tx),
    "outbox.forget_parked": lambda w, tx: tx.outbox.forget_parked(OutboxKind.SYNC_POST, w.parked.subject_id),
    "outbox.lease_lanes": lambda w, tx: tx.outbox.lease_lanes(8, timedelta(seconds=30)),
    "outbox.done": lambda w, tx: tx.outbox.done(w.leased, NOON),
    "outbox.retry": lambda w, tx: tx.outbox.retry(w.leased, NOON, "x"),
    "outbox.unknown": lambda w, tx: tx.outbox.unknown(w.leased, NOON, "x"),
    "outbox.park": lambda w, tx: tx.outbox.park(w.leased, "x"),
    "outbox.hold_lane": lambda w, tx: tx.outbox.hold_lane("C", NOON),
    "outbox.hold_all": lambda w, tx: tx.outbox.hold_all(NOON),
    "outbox.next_due": lambda w, tx: tx.outbox.next_due(),
    "outbox.counts": lambda w, tx: tx.outbox.counts(),
    "outbox.parked": lambda w, tx: tx.outbox.parked(9),
    "outbox.replay": lambda w, tx: tx.outbox.replay(w.parked.id),
    "outbox.prune": lambda w, tx: tx.outbox.prune(NOON),
    "outbox.lease_lanes to targets": lambda w, tx: tx.outbox.lease_lanes(4, timedelta(seconds=30), to_targets=True),
    "outbox.get": lambda w, tx: tx.outbox.get(w.parked.id),
    "posts.back_unless_replaced": lambda w, tx: (
        tx.posts.gone(w.post.id, "x"),
        tx.posts.back_unless_replaced(w.post.id),
    ),
    "leads.close": lambda w, tx: tx.leads.close(w.lead.id),
    "facts.of": lambda w, tx: tx.facts.of(w.lead.id),
    "facts.save": lambda w, tx: tx.facts.save(Facts(lead_id=w.lead.id)),
    "news.add": lambda w, tx: tx.news.add("crm", "C-7", "LeadOwner", {}),
    "news.count": lambda w, tx: tx.news.count("crm", "C-7"),
    "news.take": lambda w, tx: (tx.news.add("crm", "C-7", "LeadOwner", {}), tx.news.take("crm", "C-7")),
    "news.forget_address": lambda w, tx: tx.news.forget_address("a@example.com"),
    "news.prune": lambda w, tx: tx.news.prune(NOON),
    "erasures.digest": lambda w, tx: tx.erasures.digest("key", "crm", "C-1"),
    "erasures.erased_at": lambda w, tx: (tx.erasures.digest("x"), tx.erasures.erased_at("key", "crm", "C-1")),
    "erasures.remember": lambda w, tx: tx.erasures.remember("key", "crm", "C-1"),
    "erasures.merged_into": lambda w, tx: tx.erasures.merged_into(w.lead.id),
    "erasures.keys_of": lambda w, tx: tx.erasures.keys_of(w.lead.id),
    "erasures.blank": lambda w, tx: tx.erasures.blank(w.lead.id, [("crm", "C-1")]),
    "erasures.told": lambda w, tx: tx.erasures.told(w.lead.id),
    "erasures.save_told": lambda w, tx: tx.erasures.save_told("e-1", "{}"),
    "announcements.add": lambda w, tx: tx.announcements.add("a-9", "handoff.accepted", w.lead.id, "{}"),
    "announcements.body": lambda w, tx: tx.announcements.body("a-9"),
    "campaigns.newest": lambda w, tx: tx.campaigns.newest(100),
    "announcements.told_at": lambda w, tx: tx.announcements.told_at("l-9"),
    "announcements.prune": lambda w, tx: tx.announcements.prune(NOON),
    "imports.get": lambda w, tx: tx.imports.get("imp-1"),
    "imports.taken": lambda w, tx: tx.imports.taken("crm", "d"),
    "imports.begin": lambda w, tx: tx.imports.begin("imp-1", "crm", "a.csv"),
    "imports.finish": lambda w, tx: tx.imports.finish("imp-1"),
    "imports.on_offer": lambda w, tx: tx.imports.on_offer("imp-1", "", 20),
    "imports.undone": lambda w, tx: tx.imports.undone("imp-1"),
    "imports.add": lambda w, tx: (
        tx.imports.begin("imp-1", "crm", "a.csv"),
        tx.imports.add("imp-1", "crm", "d", lead_id=w.lead.id, handoff_id=w.offered.id, verdict="offered"),
    ),
    "briefs.keep": lambda w, tx: tx.briefs.keep(w.person.id, Kind.CAME_BACK, "x", w.lead.id, {}),
    "briefs.waits": lambda w, tx: tx.briefs.waits(w.person.id),
    "briefs.waiting": lambda w, tx: tx.briefs.waiting(w.person.id),
    "briefs.forget": lambda w, tx: tx.briefs.forget(w.person.id, [Kind.CAME_BACK, Kind.MERGED]),
    "briefs.forget_others": lambda w, tx: tx.briefs.forget_others(w.person.id, [Kind.CAME_BACK, Kind.MERGED]),
    "briefs.add": lambda w, tx: tx.briefs.add(replace(w.brief, id="b-9", day=date(2027, 1, 1))),
    "briefs.get": lambda w, tx: tx.briefs.get(w.brief.id),
    "briefs.last_day": lambda w, tx: tx.briefs.last_day(w.person.id),
    "briefs.counts": lambda w, tx: tx.briefs.counts(w.brief.id),
    "briefs.items": lambda w, tx: tx.briefs.items(w.brief.id, Kind.CAME_BACK, 20, 20),
    "briefs.of_lead": lambda w, tx: tx.briefs.of_lead(w.lead.id),
    "briefs.forget_lead": lambda w, tx: tx.briefs.forget_lead(w.lead.id),
    "briefs.prune": lambda w, tx: tx.briefs.prune(NOON + timedelta(days=1)),
    "person_settings.of": lambda w, tx: tx.person_settings.of(w.person.id),
    "person_settings.save": lambda w, tx: tx.person_settings.save(PersonSettings(person_id=w.person.id)),
    "standstills.alive_at": lambda w, tx: tx.standstills.alive_at(),
    "standstills.alive": lambda w, tx: tx.standstills.alive(),
    "standstills.since": lambda w, tx: tx.standstills.since(NOON),
    "standstills.add": lambda w, tx: tx.standstills.add(NOON, NOON + timedelta(hours=1)),
    "seen.first_time": lambda w, tx: tx.seen.first_time("slack", "Ev1"),
    "seen.remember": lambda w, tx: tx.seen.remember("slack", "Ev1", {}),
    "seen.answer_of": lambda w, tx: tx.seen.answer_of("slack", "Ev1"),
    "seen.prune": lambda w, tx: (tx.seen.first_time("a", "b"), tx.seen.prune(NOON + timedelta(days=1))),
}


def _move(tx: Transaction) -> None:
    tx.outbox.add(OutboxKind.SYNC_POST, "n", "B")
    tx.flush()
    tx.outbox.move(OutboxKind.SYNC_POST, "n", "D")


@pytest.mark.parametrize("name", CALLS)
def test_it_is_served_by_an_index(world: World, name: str) -> None:
    sent = [(text, given) for text, given in world.statements_of(CALLS[name]) if "pg_advisory" not in text]
    explain = _explain_sqlite if world.connection.dialect.name == "sqlite" else _explain_postgres
    assert sent or name.partition(" ")[0] in {"leads.lock_email", "settings.lock"}
    for statement, parameters in sent:
        for whole in explain(world.connection, statement, parameters):
            pytest.fail(f"{name} reads {whole} from end to end:\n{statement}")


def test_what_is_older_is_looked_up_in_the_index_of_words(crowded: str) -> None:
    """PostgreSQL: an old and rare word read one by one would cost as much as there ever was."""
    engine = make_sync_engine(parse_url(crowded))
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN {search_calls.older(connection)}", search_calls.GIVEN).scalars()
        assert any("Bitmap Index Scan on search_words" in line for line in plan)
    engine.dispose()


def test_every_call_of_a_repository_is_explained() -> None:
    """A new method is added above, or to what is rare."""
    rare = {
        "milestones.add", "milestones.set_corrected",
        "people.add", "people.all", "people.forget_who_runs_workspace", "leads.has_any",
        "teams.get", "teams.lock", "teams.by_key", "teams.all", "teams.add", "teams.save", "teams.all_members",
        "teams.count_members",
        "teams.set_members", "rules.replace", "settings.load", "settings.save", "sources.all", "sources.add",
        "sources.save", "sources.delete", "agreements.get", "agreements.terms_of", "agreements.add", "agreements.all",
        "campaigns.get", "campaigns.by_key", "campaigns.all", "campaigns.add", "campaigns.save", "leads.lock_key",
        "posts.add", "posts.lock_place", "outbox.flush", "targets.get", "targets.all", "targets.add", "targets.save",
        "targets.disable", "targets.delete", "person_settings.channels",
        "agreements.lock", "agreements.by_version", "agreements.newest_version", "agreements.save_signing",
        "agreement_drafts.of", "agreement_drafts.save", "agreement_drafts.discard",
    }  # fmt: skip
    rare |= campaign_alert_calls.RARE | search_calls.RARE
    no_repository = {"_config", "_ids", "holidays", "now", "wake"}
    repositories = [name for name in Transaction.__slots__ if name not in no_repository]
    annotations = {name: kind for name, kind in _repositories().items() if name in repositories}
    every = {
        f"{name}.{method}"
        for name, kind in annotations.items()
        for method in vars(kind)
        if not method.startswith("_") and callable(vars(kind)[method])
    }
    assert every - rare - talk_calls.RARE - schedule_calls.RARE - {name.partition(" ")[0] for name in CALLS} == set()


def _repositories() -> dict[str, type]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        tx = Transaction(connection, now=NOON, ids=Ids(1))
        found = {name: type(getattr(tx, name)) for name in Transaction.__slots__ if hasattr(tx, name)}
    engine.dispose()
    return {name: kind for name, kind in found.items() if kind.__module__.startswith("storage.")}


def _explain_sqlite(connection: sa.Connection, statement: str, parameters: Any) -> Iterator[str]:
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    for *_, detail in plan:
        found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", detail)
        if found and found[1] in GROWING and found[2] not in BOUNDED:
            yield detail


def _explain_postgres(connection: sa.Connection, statement: str, parameters: Any) -> Iterator[str]:
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    nodes = [(plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        kind, table = node["Node Type"], node.get("Relation Name")
        if kind == "Seq Scan" and table in GROWING:
            yield table
        whole = kind in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"} and "Index Cond" not in node
        if whole and node["Index Name"] not in BOUNDED and not _is_small(node["Index Name"]):
            yield node["Index Name"]


def _is_small(index: str) -> bool:
    return not any(index.split("_", 1)[1].startswith(table) for table in GROWING)
