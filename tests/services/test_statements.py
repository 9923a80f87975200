"""What an admin opens or saves takes as many statements in a company of hundreds as in one of six: each is a wait for
the database, and on SQLite all of them together keep every Accept waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.config import Source
from bot.domain.matching import Condition, Operator
from bot.domain.person import Person, Role, Side, SlackFlags, Team
from bot.domain.routing import Rule, Target
from bot.services import (
    channel_setup,
    check,
    home,
    reassigning_all_form,
    roster,
    roster_person,
    routing_set_up,
    routing_trial,
    set_up,
    team_setup,
)
from bot.services.lead_records import HandOver
from bot.services.roster_person import EditPerson
from bot.services.team_setup import SaveTeam
from storage.transaction import Transaction
from tests.services.world import ADMIN, MANAGER, START, World

PEOPLE, TEAMS, RULES, CAMPAIGNS, SOURCES = 60, 40, 50, 30, 10


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)


def grow(tx: Transaction) -> None:
    """A company of hundreds. Every rep is in two teams and of Anna's people, and nobody of the new ones is free: the
    rules are tried to their end."""
    for number in range(100, 100 + PEOPLE):
        tx.people.add(
            Person(
                id=f"p{number}", slack_id=f"U{number}", name=f"Rep {number:03}", email=f"rep{number}@example.com",
                side=Side.SALES, roles=frozenset({Role.REP}), manager_id="p4", cap=0,
                flags=SlackFlags(checked_at=START),
            )
        )  # fmt: skip
    for number in range(100, 100 + TEAMS):
        tx.teams.add(Team(id=f"t{number}", key=f"team-{number}", name=f"Team {number}", pool_channel=f"C{number}"))
        members = [f"p{100 + (number + step) % PEOPLE}" for step in (0, 1)]
        tx.teams.set_members(f"t{number}", [(one, 1) for one in members])
    tx.rules.replace(
        Rule(
            id=f"r{number}",
            position=number,
            name=f"Rule {number}",
            condition=Condition(field="", operator=Operator.ANY, value=""),
            target=Target.TEAM if number % 2 else Target.REP,
            target_id=f"t{100 + number % TEAMS}" if number % 2 else f"p{100 + number % PEOPLE}",
        )
        for number in range(1, RULES + 1)
    )
    for number in range(CAMPAIGNS):
        tx.campaigns.save(replace(tx.campaigns.ensure(f"campaign-{number}"), owner_id="p5" if number % 2 else None))
    for number in range(SOURCES):
        tx.sources.add(Source(key=f"source-{number}", name=f"Source {number}", secrets=("s",), created_at=START))


def edit_person(tx: Transaction) -> None:
    form = roster_person.person_form(tx, "p1", ADMIN)
    roster_person.edit_person(
        tx,
        EditPerson(
            by=ADMIN, person_id="p1", seen=form.seen, side=form.side, roles=form.roles, manager=form.manager,
            deputy=form.deputy, tz=form.tz, cap=7 if form.cap is None else form.cap + 1, weight=form.weight,
            teams=form.in_teams, teams_shown=tuple(team.value for team in form.teams),
        ),
    )  # fmt: skip


def save_team(tx: Transaction) -> None:
    form = team_setup.team_form(tx, "europe", ADMIN)
    team_setup.save_team(
        tx,
        SaveTeam(
            by=ADMIN, key="europe", seen=form.seen, name=f"{form.name} and more", side=form.side, members=form.members,
            pool_channel=form.pool_channel, mirror_channel=form.mirror_channel,
        ),
    )  # fmt: skip


def rule_to_delete(tx: Transaction) -> object:
    return routing_set_up.rule_to_delete(tx, ADMIN, "r1")


CALLS: dict[str, Callable[[Transaction], object]] = {
    "an admin's Home": lambda tx: home.load_home(tx, ADMIN),
    "a manager's Home": lambda tx: home.load_home(tx, MANAGER),
    "Set-up": lambda tx: set_up.set_up(tx, ADMIN),
    "the rules": lambda tx: routing_set_up.rules_list(tx, ADMIN),
    "a rule": lambda tx: routing_set_up.rule_form(tx, ADMIN, "r1"),
    "a rule to delete": rule_to_delete,
    "the lead to try": lambda tx: routing_trial.trial_form(tx, ADMIN),
    "a lead tried": lambda tx: routing_trial.try_lead(tx, ADMIN, HandOver(source="crm", external_id="1", name="Ada")),
    "the roster": lambda tx: roster.people_list(tx, ADMIN),
    "people to add": lambda tx: roster.add_form(tx, ADMIN),
    "a person": lambda tx: roster_person.person_form(tx, "p1", ADMIN),
    "a person changed": edit_person,
    "the teams": lambda tx: team_setup.team_list(tx, ADMIN),
    "a team": lambda tx: team_setup.team_form(tx, "europe", ADMIN),
    "a team changed": save_team,
    "the channels": lambda tx: channel_setup.channels_form(tx, ADMIN),
    "everything checked": lambda tx: check.check_now(tx, ADMIN),
    "somebody's leads to pass on": lambda tx: reassigning_all_form.reassign_all_form(tx, MANAGER, "p1"),
}


@pytest.mark.parametrize("what", CALLS)
async def test_it_takes_no_more_statements_in_a_larger_company(world: World, what: str) -> None:
    await world.db.run(lambda tx: tx.people.set_links("p1", "p4", None))
    with counted() as small:
        await world.db.run(CALLS[what])
    await world.db.run(grow)
    with counted() as large:
        await world.db.run(CALLS[what])
    assert len(large) <= len(small) + 4, "\n".join(large)
    assert len(small) < 60
