"""Who would get this lead? What is foretold is what then happens, and foretelling changes nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.agreement_document import Agreement, Document
from bot.domain.lead import Priority
from bot.domain.matching import Condition, Operator
from bot.domain.person import SlackFlags
from bot.domain.routing import Rule, Target
from bot.errors import NotAllowed, StorageError
from bot.services import intake, rejects, routing_trial
from bot.services.lead_changes import new_lead
from bot.services.lead_records import HandOver
from bot.services.offers import route_of
from bot.services.routing import NOBODY
from bot.services.routing_trial import Trial
from storage.transaction import Transaction
from tests.services.everything import everything
from tests.services.world import ADMIN, INES, JONAS, MANAGER, START, World, everything_to

NAMES = {"p1": "Jonas", "p2": "Ines", "p3": "Priya"}


def lead(number: int = 1, **values: Any) -> HandOver:
    return HandOver(source="crm", external_id=str(number), given=frozenset(values), **values)


async def tried(world: World, **values: Any) -> Trial:
    return await world.db.read(routing_trial.try_lead, ADMIN, lead(**values))


def rule(number: int, target: Target, target_id: str, field: str, operator: Operator, value: str = "") -> Rule:
    condition = Condition(field=field, operator=operator, value=value)
    return Rule(
        id=f"r{number}", position=number, name=f"Rule {number}", condition=condition, target=target, target_id=target_id
    )


async def test_it_says_who_by_which_rule_and_why_not_the_others(world: World) -> None:
    await world.rules(
        rule(1, Target.POOL, "t2", "priority", Operator.IS, "hot"),
        rule(2, Target.REP, "p3", "country", Operator.IS, "DE"),
        rule(3, Target.TEAM, "t1", "", Operator.ANY),
        rule(4, Target.REP, "p1", "", Operator.ANY),
    )
    await world.change("p3", away_since=START)
    await world.change("p2", cap=0)
    answer = await tried(world, country="de")
    assert (answer.rep, answer.team, answer.fallback) == ("Jonas", "Europe", False)
    first, second, third, fourth = answer.rules
    assert (first.tried, first.matched, first.found) == (True, False, "warm")
    assert (second.matched, second.chosen, second.passed_over) == (True, False, ("Priya is away",))
    assert (third.matched, third.chosen, third.passed_over) == (True, True, ("Ines is at their cap",))
    assert not fourth.tried


async def test_who_is_not_confirmed_by_slack_is_named(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    await world.change("p1", flags=SlackFlags())
    answer = await tried(world)
    assert (answer.rep, answer.team, answer.fallback) == (None, None, True)
    assert answer.rules[0].passed_over == ("Jonas is not found in Slack",)
    await world.configure(fallback_channel=None)
    answer = await tried(world)
    assert (answer.rep, answer.team, answer.fallback) == (None, None, False)


async def test_a_pool_takes_it(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    answer = await tried(world)
    assert (answer.rep, answer.team) == (None, "Fast lane")
    assert answer.rules[0].chosen


async def test_what_is_no_mql_is_not_routed(world: World) -> None:
    terms = replace(DEFAULT_TERMS, criteria_needed=2)
    document = Document(terms=terms)
    await world.db.run(
        lambda tx: tx.agreements.add(Agreement(id="a1", version=1, document=document, in_force_from=tx.now))
    )
    answer = await tried(world, company="Nord")
    assert [one.criterion for one in answer.below] == ["criteria_needed"]


async def test_an_address_that_is_known_is_told(world: World) -> None:
    await world.hand_over(email="ada@example.com", country="DE")
    assert (await tried(world, email="Ada@example.com")).known == "Offered to Ines"
    assert (await tried(world, email="bob@example.com")).known is None


async def test_a_lead_that_somebody_has_gets_one_more_touch_and_goes_to_nobody(world: World) -> None:
    first = await world.hand_over("1", email="ada@example.com", country="DE")
    answer = await tried(world, email="ada@example.com")
    assert (answer.held, answer.known) == (True, "Offered to Ines")
    touched = await world.hand_over("2", email="ada@example.com")
    assert touched.handoff_id == first.handoff_id


async def test_a_lead_that_came_back_to_marketing_goes_by_what_is_known_of_it(world: World) -> None:
    await world.rules(
        rule(1, Target.REP, "p2", "country", Operator.IS, "DE"), rule(2, Target.REP, "p1", "", Operator.ANY)
    )
    first = await world.hand_over("1", email="ada@example.com", country="DE")
    handoff = await world.handoff(first.handoff_id)
    await world.db.run(
        rejects.reject_handoff,
        rejects.RejectHandoff(handoff_id=handoff.id, by=INES, reason="low_intent"),
    )
    answer = await tried(world, email="ada@example.com", country="US")
    assert (answer.held, answer.rep) == (False, "Ines")
    again = await world.hand_over("2", email="ada@example.com", country="US")
    assert (await world.handoff(again.handoff_id)).rep_id == "p2"


async def test_nobodys_turn_is_used(world: World) -> None:
    before = await everything(world)
    answers = {(await tried(world, country="DE")).rep for _ in range(5)}
    assert len(answers) == 1
    assert await everything(world) == before
    turns = [(await world.handoff((await world.hand_over(str(number))).handoff_id)).rep_id for number in range(2)]
    assert turns[0] != turns[1]
    assert NAMES[turns[0] or ""] in answers


async def test_to_look_at_a_route_is_no_change_and_to_go_it_is_one(world: World) -> None:
    """Breaks the promise once: the same way, gone instead of looked at, cannot be taken in a reading transaction."""

    def go(tx: Transaction, look_only: bool) -> None:
        found = new_lead(tx, lead(), None, None)
        route_of(tx, found, NOBODY, None, look_only=look_only)

    await world.db.read(go, True)
    with pytest.raises(StorageError):
        await world.db.read(go, False)


@pytest.mark.parametrize("by", [JONAS, MANAGER])
async def test_only_admins_ask(world: World, by: str) -> None:
    with pytest.raises(NotAllowed, match="Only Lockstep's admins"):
        await world.db.read(routing_trial.trial_form, by)
    with pytest.raises(NotAllowed, match="Only Lockstep's admins"):
        await world.db.read(routing_trial.try_lead, by, lead())


# -- fifty leads, whoever is there -------------------------------------------------------------------------------
COUNTRIES = ("DE", "AT", "US", "BR", None)
CONDITIONS = (
    ("country", Operator.ONE_OF, "DE, AT"),
    ("country", Operator.IS_NOT, "US"),
    ("country", Operator.MISSING, ""),
    ("priority", Operator.IS, "hot"),
    ("score", Operator.AT_LEAST, "50"),
    ("fields.employees", Operator.AT_MOST, "100"),
    ("domain", Operator.ENDS_WITH, "example.com"),
    ("campaign", Operator.PRESENT, ""),
    ("", Operator.ANY, ""),
)


def random_rules(chance: random.Random) -> list[Rule]:
    targets = [(Target.REP, one) for one in NAMES] + [(Target.TEAM, "t1"), (Target.TEAM, "t2"), (Target.POOL, "t2")]
    return [
        rule(number, *chance.choice(targets), *chance.choice(CONDITIONS)) for number in range(1, chance.randint(2, 6))
    ]


def random_lead(chance: random.Random, number: int) -> HandOver:
    values: dict[str, Any] = {
        "country": chance.choice(COUNTRIES),
        "priority": chance.choice(list(Priority)),
        "score": chance.choice((None, 10, 50, 71.5)),
        "email": chance.choice((None, f"a{number}@example.com", f"a{number}@example.org")),
        "campaign": chance.choice((None, "autumn", "never-seen")),
        "fields": {"employees": str(chance.randint(1, 300))} if chance.random() < 0.5 else {},
    }
    return lead(number, **{name: value for name, value in values.items() if value is not None})


async def something_happens(world: World, chance: random.Random) -> None:
    person_id = chance.choice(list(NAMES))
    match chance.randrange(8):
        case 0:
            await world.change(person_id, away_since=START)
        case 1:
            await world.change(person_id, away_since=None)
        case 2:
            await world.change(person_id, cap=chance.randint(0, 12))
        case 3:
            await world.change(person_id, days_off=("2026-03-02",) if chance.random() < 0.5 else ())
        case 4:
            await world.db.run(lambda tx: tx.teams.set_members("t1", [("p1", chance.randint(0, 3)), ("p2", 2)]))
        case 5:
            await world.rules(*random_rules(chance))
        case _:
            pass


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_foretold_of_fifty_leads_is_what_then_happens(world: World, seed: int) -> None:
    chance = random.Random(seed)
    await world.rules(*random_rules(chance))
    destinations = set()
    for number in range(50):
        await something_happens(world, chance)
        command = random_lead(chance, number)
        before = await everything(world)
        foretold = await world.db.read(routing_trial.try_lead, ADMIN, command)
        assert await everything(world) == before
        handed = await world.db.run(intake.hand_over, command)
        handoff = await world.handoff(handed.handoff_id)
        assert NAMES.get(handoff.rep_id or "") == foretold.rep
        assert (handoff.pool_channel is not None and handoff.team_id is None) == foretold.fallback
        assert {"t1": "Europe", "t2": "Fast lane"}.get(handoff.team_id or "") == foretold.team
        chosen = [one.rule.name for one in foretold.rules if one.chosen]
        assert handoff.routed_because.startswith(
            f"Rule “{chosen[0]}”" if chosen else ("No routing rule", "Nobody was free")
        )
        destinations.add(foretold.rep or foretold.team or "fallback")
    assert len(destinations) > 2
