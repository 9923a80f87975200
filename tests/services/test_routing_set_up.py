"""Routing rules changed in Slack: the same checks as a file, one change at a time, nothing lost between two admins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.check_company import check_routing
from bot.domain.matching import Condition, Operator
from bot.domain.person import Role, SlackFlags
from bot.domain.routing import Rule, Target
from bot.errors import FormError, NotAllowed, NotFound
from bot.services import check, configuration, routing_set_up
from bot.services.routing_set_up import SaveRule
from tests.services.everything import set_up_events
from tests.services.world import ADMIN, JONAS, MANAGER, MARKETER, World

GERMANY = SaveRule(
    by=ADMIN, rule_id=None, seen="", name="Germany", field="country", further="", operator="is", value="DE",
    to="rep:p2",
)  # fmt: skip


async def save(world: World, command: SaveRule = GERMANY, **changes: Any) -> None:
    await world.db.run(routing_set_up.save_rule, replace(command, **changes))


async def listed(world: World) -> list[str]:
    rules = (await world.db.read(routing_set_up.rules_list, ADMIN)).rules
    assert [rule.position for rule in rules] == list(range(1, len(rules) + 1))
    return [rule.name for rule in rules]


async def opened(world: World, name: str, by: str = ADMIN) -> SaveRule:
    """The form of the rule, as it is sent off when nothing was typed."""
    rules = await world.db.read(lambda tx: tx.rules.all())
    form = await world.db.read(routing_set_up.rule_form, by, next(rule.id for rule in rules if rule.name == name))
    rule = form.rule
    assert rule is not None
    assert form.to is not None
    return SaveRule(
        by=by, rule_id=rule.id, seen=form.seen, name=rule.name, field=rule.condition.field, further="",
        operator=rule.condition.operator, value=rule.condition.value, to=form.to,
    )  # fmt: skip


async def told(world: World) -> list[tuple[str, str, dict[str, object]]]:
    """What the events say was done, and by whom."""
    return [(event.kind, event.actor, event.data) for event in await set_up_events(world)]


async def test_a_new_rule_is_tried_before_a_last_one_that_takes_every_lead(world: World) -> None:
    await save(world)
    assert await listed(world) == ["Germany", "All"]
    await save(world, name="Everything else", operator="any", field="country", value="x", to="pool:t2")
    assert await listed(world) == ["Germany", "All", "Everything else"]
    rules = await world.db.read(lambda tx: tx.rules.all())
    assert (rules[2].condition.field, rules[2].condition.value, rules[2].target) == ("", "", Target.POOL)
    lead = await world.hand_over(country="de")
    assert (await world.handoff(lead.handoff_id)).rep_id == "p2"


async def test_each_change_is_told_with_who_made_it(world: World) -> None:
    await save(world)
    changed = await opened(world, "Germany")
    await save(world, changed, value="DE, AT", operator="one_of")
    await world.db.run(routing_set_up.move_rule, ADMIN, changed.rule_id, up=False)
    changed = await opened(world, "Germany")
    await world.db.run(routing_set_up.delete_rule, ADMIN, changed.rule_id, changed.seen)
    assert [(kind, actor, data["place"]) for kind, actor, data in await told(world)] == [
        ("rule.added", "p6", 1), ("rule.changed", "p6", 1), ("rule.moved", "p6", 2), ("rule.deleted", "p6", 2),
    ]  # fmt: skip


async def test_what_was_not_changed_is_no_change(world: World) -> None:
    await save(world)
    await save(world, await opened(world, "Germany"))
    rule = await opened(world, "Germany")
    await world.db.run(routing_set_up.move_rule, ADMIN, rule.rule_id, up=True)
    assert [kind for kind, _, _ in await told(world)] == ["rule.added"]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": " "}, "name", "Is missing."),
        ({"name": "x" * 101}, "name", "at most 100 fit"),
        ({"field": ""}, "field", "Is missing."),
        ({"field": "land"}, "field", "Land is no field"),
        ({"field": "fields."}, "further", "Is missing: as the source calls the value"),
        ({"field": "fields.", "further": "x" * 101}, "field", "at most"),
        ({"value": ""}, "value", "Is missing"),
        ({"value": ", ,", "operator": "one_of"}, "value", "Is missing"),
        ({"field": "score", "operator": "at_least", "value": "NaN"}, "value", "NaN is no number"),
        ({"field": "priority", "value": "boiling"}, "value", "Boiling is no priority; there is hot, warm, cold."),
        ({"operator": "like"}, "operator", "Choose one of the list."),
        ({"to": "rep:p9"}, "to", "Is not there any more"),
        ({"to": "pool:t1"}, "to", "Is not there any more"),
        ({"to": "nobody"}, "to", "Is not there any more"),
        ({"to": ""}, "to", "Is not there any more"),
    ],
)
async def test_a_mistake_stands_at_its_field_and_changes_nothing(
    world: World, changes: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(FormError) as caught:
        await save(world, **changes)
    assert list(caught.value.fields) == [field]
    assert said in caught.value.fields[field]
    assert await listed(world) == ["All"]
    assert await told(world) == []


async def test_two_admins_at_once_lose_nothing(world: World) -> None:
    await world.change("p4", roles=frozenset({Role.ADMIN}))
    await save(world)
    mine, theirs = await opened(world, "Germany"), await opened(world, "Germany", by=MANAGER)
    await save(world, theirs, value="AT")
    with pytest.raises(FormError, match="Somebody else changed this rule meanwhile"):
        await save(world, mine, value="CH")
    with pytest.raises(NotFound, match="was not deleted"):
        await world.db.run(routing_set_up.delete_rule, ADMIN, mine.rule_id, mine.seen)
    # A rule that stands elsewhere now is the same rule.
    mine = await opened(world, "Germany")
    await world.db.run(routing_set_up.move_rule, MANAGER, mine.rule_id, up=False)
    await save(world, mine, value="CH")
    assert (await opened(world, "Germany")).value == "CH"
    gone = await opened(world, "Germany")
    await world.db.run(routing_set_up.delete_rule, MANAGER, gone.rule_id, gone.seen)
    for act in (
        save(world, gone, value="DE"),
        world.db.run(routing_set_up.move_rule, ADMIN, gone.rule_id, up=True),
        world.db.run(routing_set_up.delete_rule, ADMIN, gone.rule_id, gone.seen),
        world.db.read(routing_set_up.rule_form, ADMIN, gone.rule_id),
    ):
        with pytest.raises(NotFound, match="not there any more"):
            await act


@pytest.mark.parametrize("by", [JONAS, MANAGER, MARKETER])
async def test_only_admins_see_and_change_rules(world: World, by: str) -> None:
    for act in (
        save(world, by=by),
        world.db.read(routing_set_up.rules_list, by),
        world.db.read(routing_set_up.rule_form, by),
        world.db.run(routing_set_up.move_rule, by, "r1", up=True),
        world.db.run(routing_set_up.delete_rule, by, "r1", ""),
    ):
        with pytest.raises(NotAllowed, match="Only Lockstep's admins"):
            await act
    assert await listed(world) == ["All"]


async def test_the_list_says_by_which_rule_nobody_would_get_a_lead(world: World) -> None:
    await save(world)
    await save(world, name="Pool", value="US", to="pool:t2")
    assert [rule.trouble for rule in (await world.db.read(routing_set_up.rules_list, ADMIN)).rules] == [None] * 3
    await world.db.run(lambda tx: tx.people.leave_roster("p2"))
    await world.db.run(lambda tx: tx.teams.set_members("t1", []))
    pool = await world.db.read(lambda tx: tx.teams.get("t2"))
    assert pool is not None
    await world.db.run(lambda tx: tx.teams.save(replace(pool, pool_channel=None)))
    rules = (await world.db.read(routing_set_up.rules_list, ADMIN)).rules
    assert [rule.trouble for rule in rules] == [
        "is not on the roster any more", "has no pool channel", "has no members",
    ]  # fmt: skip


async def test_leads_that_wait_are_routed_again_by_a_new_rule(world: World) -> None:
    await world.rules()
    await world.configure(fallback_channel=None)
    lead = await world.hand_over(country="DE")
    assert lead.handoff_id is None
    await save(world)
    await world.sweep()
    [handoff] = await world.of_lead(lead.lead_id or "")
    assert handoff.rep_id == "p2"


async def test_the_forms_and_the_file_put_the_same_in_force(world: World) -> None:
    await save(world)
    await save(world, name="Big", field="fields.", further="employees", operator="at_least", value="250", to="team:t2")
    now = await world.db.read(configuration.current)
    assert [(rule.name, rule.field, rule.to) for rule in now.rules] == [
        ("Germany", "country", "ines@example.com"), ("Big", "fields.employees", "fast"), ("All", "", "europe"),
    ]  # fmt: skip
    assert (await world.db.run(configuration.apply, now)).changes == []
    assert await listed(world) == ["Germany", "Big", "All"]


async def test_a_rule_is_put_at_a_place_in_one_go(world: World) -> None:
    for name in ("A", "B", "C"):
        await save(world, name=name)
    await save(world, await opened(world, "All"), place=1)
    assert await listed(world) == ["All", "A", "B", "C"]
    await save(world, await opened(world, "A"), place=99)
    assert await listed(world) == ["All", "B", "C", "A"]
    await save(world, name="New", place=2)
    assert await listed(world) == ["All", "New", "B", "C", "A"]
    await save(world, await opened(world, "B"), value="AT")
    assert await listed(world) == ["All", "New", "B", "C", "A"]
    with pytest.raises(FormError) as caught:
        await save(world, await opened(world, "B"), place=0)
    assert set(caught.value.fields) == {"place"}


@pytest.mark.parametrize(
    ("target", "to", "changes", "trouble"),
    [
        (Target.REP, "p1", {}, None),
        (Target.REP, "p1", {"roles": frozenset({Role.MANAGER})}, "is no rep"),
        (Target.REP, "p1", {"flags": SlackFlags(is_deleted=True)}, "is not active in Slack"),
        (Target.TEAM, "t1", {}, None),
        (Target.TEAM, "t1", {"flags": SlackFlags(is_deleted=True)}, "has nobody who can be offered leads"),
        (Target.POOL, "t2", {"roles": frozenset()}, "has nobody who may take leads"),
        (Target.POOL, "t1", {}, "has no pool channel"),
    ],
)
async def test_the_list_says_where_a_rule_leads_nowhere_as_the_check_does(
    world: World, target: Target, to: str, changes: dict[str, Any], trouble: str | None
) -> None:
    for person_id in ("p1", "p2", "p3"):
        await world.change(person_id, **changes)
    rule = Rule(
        id="r1",
        position=1,
        name="All",
        condition=Condition(field="", operator=Operator.ANY),
        target=target,
        target_id=to,
    )
    await world.rules(rule)
    [row] = (await world.db.read(routing_set_up.rules_list, ADMIN)).rules
    assert row.trouble == trouble
    found = check_routing(await world.db.read(check.load_company))
    assert any("points at" in one.says for one in found) == (trouble is not None)


async def test_a_rule_to_somebody_who_is_no_rep_any_more_keeps_its_target_in_the_form(world: World) -> None:
    await world.rules(
        Rule(
            id="r1",
            position=1,
            name="All",
            condition=Condition(field="", operator=Operator.ANY),
            target=Target.REP,
            target_id="p1",
        )
    )
    await world.change("p1", roles=frozenset({Role.MANAGER}))
    form = await world.db.read(routing_set_up.rule_form, ADMIN, "r1")
    assert form.to in {choice.value for choice in form.people}
