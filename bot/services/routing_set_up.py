"""The routing rules, as admins see and change them in Slack: one rule at a time, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.check_people import can_take
from bot.domain.matching import FURTHER, Condition, Operator
from bot.domain.person import Member, Person, Role, Team
from bot.domain.routing import Rule, Target
from bot.domain.rule_check import WITHOUT_VALUE, check_rule
from bot.errors import FormError, NotFound
from bot.services import unrouted
from bot.services.forms import Choice
from bot.services.people import reps
from bot.services.set_up_changes import admin, change, changed, refuse_mistakes, seen
from storage.transaction import Transaction

GONE = "This rule is not there any more: somebody deleted it, or applied a configuration file."


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule in words to come. `to`: a person's or team's name; `trouble`: why nobody would get a lead by it."""

    id: str
    position: int
    name: str
    condition: Condition
    target: Target
    to: str
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesList:
    """In the order they are tried. `has_fallback`: leads that no rule places go to the fallback channel."""

    rules: tuple[RuleRow, ...]
    has_fallback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleForm:
    """`rule` None: a new one. The choices are values of `to`, by name; `seen` marks how the rule looks now."""

    people: tuple[Choice, ...]
    teams: tuple[Choice, ...]
    pools: tuple[Choice, ...]
    rule: Rule | None = None
    to: str | None = None
    seen: str = ""
    count: int = 0
    """How many rules there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRule:
    """`rule_id` None: a new one. `place` from 1; None for where it is, or the usual one for a new rule. `field` is a
    lead's field, or `fields.` with the name in `further`; `to` as RuleForm offers it; `seen` the mark of the rule as
    the form showed it."""

    by: str
    rule_id: str | None
    seen: str
    name: str
    field: str
    further: str
    operator: str
    value: str
    to: str
    place: int | None = None


def rules_list(tx: Transaction, by: str) -> RulesList:
    """Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    return RulesList(
        rules=rule_rows(tx, tx.rules.all()),
        has_fallback=tx.config.fallback_channel is not None,
    )


def rule_rows(tx: Transaction, rules: Sequence[Rule]) -> tuple[RuleRow, ...]:
    """The rules with the names of today. As many statements for one as for all."""
    people = tx.people.get_many(rule.target_id for rule in rules if rule.target is Target.REP)
    teams = {team.id: team for team in tx.teams.all()}
    members = tx.teams.all_members()
    return tuple(_row(rule, people, teams, members) for rule in rules)


def _row(
    rule: Rule, people: Mapping[str, Person], teams: Mapping[str, Team], members: Mapping[str, Sequence[Member]]
) -> RuleRow:
    person = people.get(rule.target_id) if rule.target is Target.REP else None
    team = teams.get(rule.target_id) if rule.target is not Target.REP else None
    found = person or team
    trouble = (
        _trouble_of_person(person)
        if rule.target is Target.REP
        else _trouble_of_team(rule.target, team, members.get(rule.target_id, ()))
    )
    return RuleRow(
        id=rule.id,
        position=rule.position,
        name=rule.name,
        condition=rule.condition,
        target=rule.target,
        to=found.name if found else "somebody who left",
        trouble=trouble,
    )


def rule_form(tx: Transaction, by: str, rule_id: str | None = None) -> RuleForm:
    """The form for one rule, or for a new one. Raises NotFound, NotAllowed, PersonUnknown."""
    admin(tx, by)
    rule, rules = None, tx.rules.all()
    if rule_id is not None:
        rule = rules[_place(rules, rule_id)]
    teams = [team for team in tx.teams.all() if team.removed_at is None]
    people = reps(tx)
    named = tx.people.get(rule.target_id) if rule is not None and rule.target is Target.REP else None
    if named is not None and named.on_roster and all(person.id != named.id for person in people):
        people = [*people, named]  # no rep any more: the rule can be changed all the same
    return RuleForm(
        people=tuple(_choice(Target.REP, person) for person in people),
        teams=tuple(_choice(Target.TEAM, team) for team in teams),
        pools=tuple(_choice(Target.POOL, team) for team in teams if team.pool_channel is not None),
        rule=rule,
        to=f"{rule.target}:{rule.target_id}" if rule else None,
        seen=seen(_content(rule)) if rule else "",
        count=len(rules),
    )


def rule_to_delete(tx: Transaction, by: str, rule_id: str) -> tuple[RuleForm, RuleRow]:
    """The rule, as the question before it goes shows it. Raises as rule_form."""
    form = rule_form(tx, by, rule_id)
    if form.rule is None:
        raise NotFound(GONE)
    return form, rule_rows(tx, [form.rule])[0]


def save_rule(tx: Transaction, command: SaveRule) -> None:
    """The rule is in force, at its place; beyond the end, as the last. A new one without a place is tried last, but
    before a rule at the end that takes every lead. Leads that wait for somebody are routed again.

    Raises FormError by field (name, field, further, operator, value, to, place), NotFound, NotAllowed, PersonUnknown.
    """
    person = change(tx, command.by)
    rules = tx.rules.all()
    rule = _read(tx, command)
    if command.rule_id is None:
        last_takes_all = bool(rules) and rules[-1].condition.operator is Operator.ANY
        at = len(rules) - (last_takes_all and rule.condition.operator is not Operator.ANY)
        if command.place is not None:
            at = min(command.place - 1, len(rules))
        rules.insert(at, rule)
    else:
        at = _place(rules, command.rule_id)
        if seen(_content(rules[at])) != command.seen:
            now = f"Somebody else changed this rule meanwhile; it is called “{rules[at].name}” now."
            raise FormError({"name": f"{now} Nothing was changed: close this form and open the rule again."})
        to = at if command.place is None else min(command.place, len(rules)) - 1
        if _content(rule) == _content(rules[at]) and to == at:
            return
        del rules[at]
        rules.insert(to, rule)
        at = to
    _put(tx, rules)
    changed(tx, person, "rule.added" if command.rule_id is None else "rule.changed", rule=rule.name, place=at + 1)


def move_rule(tx: Transaction, by: str, rule_id: str, *, up: bool) -> None:
    """The rule is tried one place earlier or later; at the end of the list it stays. Raises NotFound, NotAllowed,
    PersonUnknown."""
    person = change(tx, by)
    rules = tx.rules.all()
    at = _place(rules, rule_id)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rules):
        return
    rules[at], rules[to] = rules[to], rules[at]
    _put(tx, rules)
    changed(tx, person, "rule.moved", rule=rules[to].name, place=to + 1)


def delete_rule(tx: Transaction, by: str, rule_id: str, seen_as: str) -> None:
    """The rule is gone. Raises NotFound, also when somebody changed it since it looked like `seen_as`; NotAllowed,
    PersonUnknown."""
    person = change(tx, by)
    rules = tx.rules.all()
    at = _place(rules, rule_id)
    if seen(_content(rules[at])) != seen_as:
        raise NotFound("Somebody else changed this rule meanwhile, so it was not deleted: look at it again first.")
    rule = rules.pop(at)
    _put(tx, rules)
    changed(tx, person, "rule.deleted", rule=rule.name, place=at + 1)


def _put(tx: Transaction, rules: Sequence[Rule]) -> None:
    tx.rules.replace([replace(rule, position=number) for number, rule in enumerate(rules, 1)])
    unrouted.try_soon(tx, unrouted.SOMEBODY_IS_BACK)


def _read(tx: Transaction, command: SaveRule) -> Rule:
    try:
        operator = Operator(command.operator)
    except ValueError:
        raise FormError({"operator": "Choose one of the list."}) from None
    field = command.field
    if operator is Operator.ANY:
        field = ""
    elif field == FURTHER:
        field += command.further.strip()
    value = "" if operator in WITHOUT_VALUE else command.value.strip()
    condition = Condition(field=field, operator=operator, value=value)
    mistakes = check_rule(command.name, condition)
    if field == FURTHER and "field" in mistakes:
        del mistakes["field"]
        mistakes["further"] = "is missing: as the source calls the value, for example employees"
    target, target_id = _target(tx, command.to)
    if command.place is not None and command.place < 1:
        mistakes["place"] = "is a whole number from 1"
    if target_id is None:
        mistakes["to"] = "is not there any more; choose somebody else"
    refuse_mistakes(mistakes)
    return Rule(
        id=command.rule_id or tx.new_id(),
        position=0,
        name=command.name.strip(),
        condition=condition,
        target=target,
        target_id=target_id or "",
    )


def _target(tx: Transaction, to: str) -> tuple[Target, str | None]:
    """Whom a choice of the form names; no id where they cannot get leads by a rule any more."""
    word, _, target_id = to.partition(":")
    if word not in set(Target):
        return Target.TEAM, None
    target = Target(word)
    if target is Target.REP:
        person = tx.people.get(target_id)
        return target, target_id if person is not None and person.on_roster else None
    team = tx.teams.get(target_id)
    is_there = team is not None and team.removed_at is None
    return target, target_id if is_there and _has_place(target, team) else None


def _has_place(target: Target, team: Team | None) -> bool:
    return target is not Target.POOL or (team is not None and team.pool_channel is not None)


def _trouble_of_person(person: Person | None) -> str | None:
    if person is None or not person.on_roster:
        return "is not on the roster any more"
    if not person.has(Role.REP):
        return "is no rep"
    return None if can_take(person) else "is not active in Slack"


def _trouble_of_team(target: Target, team: Team | None, members: Sequence[Member]) -> str | None:
    if team is None or team.removed_at is not None:
        return "is not there any more"
    if target is Target.POOL:
        if team.pool_channel is None:
            return "has no pool channel"
        return None if any(can_take(one.person) for one in members) else "has nobody who may take leads"
    if not members:
        return "has no members"
    can_be_offered = any(one.weight > 0 and can_take(one.person) for one in members)
    return None if can_be_offered else "has nobody who can be offered leads"


def _choice(target: Target, who: Person | Team) -> Choice:
    return Choice(value=f"{target}:{who.id}", label=who.name)


def _content(rule: Rule) -> tuple[object, ...]:
    """What a rule says, wherever it stands."""
    return (rule.name, rule.condition, rule.target, rule.target_id)


def _place(rules: Sequence[Rule], rule_id: str) -> int:
    at = next((number for number, rule in enumerate(rules) if rule.id == rule_id), None)
    if at is None:
        raise NotFound(GONE)
    return at
