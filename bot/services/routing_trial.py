"""Who would get this lead? The same rules and the same roster as for a real one, and nothing changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.lead import normalise_email
from bot.domain.matching import value_of
from bot.domain.qualification import Shortfall
from bot.services.below_definition import shortfalls_of
from bot.services.crm_owner import owner_of_record
from bot.services.forms import Choice
from bot.services.intake import current_of, same_person
from bot.services.lead_changes import new_lead
from bot.services.lead_form import SOURCE
from bot.services.lead_records import HandOver, gaps
from bot.services.offers import route_of
from bot.services.routing import NOBODY, Route, Tried
from bot.services.routing_set_up import RuleRow, rule_rows
from bot.services.set_up_changes import admin
from bot.services.whereabouts import whereabouts
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRule:
    """A rule in its order. `found` is the lead's value of its field, "" for none; `passed_over` names who could not
    have the lead, and why. `chosen`: it decided; the rules after it are not `tried`."""

    rule: RuleRow
    found: str
    tried: bool
    matched: bool = False
    chosen: bool = False
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Who would get it now: `rep`, or else the pool of `team`, or else the fallback pool where `fallback`, or nobody.

    `below`: what the agreement asks for and it lacks; then it is kept and not handed over. `known`: where the lead is
    that the same person has already. `held`: somebody has that one, so this is added to it and goes to nobody, and the
    rest is about a lead that is new; else the rest is about that lead, which is handed over again.
    """

    rep: str | None = None
    team: str | None = None
    fallback: bool = False
    below: tuple[Shortfall, ...] = ()
    known: str | None = None
    held: bool = False
    rules: tuple[TriedRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialForm:
    """Sources by name; the newest campaign, as an example of a key."""

    sources: tuple[Choice, ...]
    campaigns: tuple[Choice, ...]


def trial_form(tx: Transaction, by: str) -> TrialForm:
    """Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    sources = [Choice(value=SOURCE, label="Handed over in Slack")]
    sources += [Choice(value=source.key, label=source.name) for source in tx.sources.all()]
    return TrialForm(
        sources=tuple(sources),
        campaigns=tuple(Choice(value=one.key, label=one.name) for one in tx.campaigns.newest(1)),
    )


def try_lead(tx: Transaction, by: str, command: HandOver) -> Trial:
    """Who would get `command` if it were handed over now under a key nobody knows. Nothing is stored, and nobody's
    turn is used. Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    email = normalise_email(command.email)
    campaign = tx.campaigns.by_key(command.campaign) if command.campaign else None
    known = same_person(tx, email)
    held = known is not None and current_of(tx, known) is not None
    again = known if not held else None
    if again is None:
        lead, owner = new_lead(tx, command, email, campaign), None
    else:
        lead, owner = replace(again, **gaps(again, command, campaign)), owner_of_record(tx, again, look_only=True)
    route = Route(destination=owner) if owner else route_of(tx, lead, NOBODY, None, look_only=True)
    to = route.destination
    tried = {one.rule.id: one for one in route.tried}
    decided = route.tried[-1].rule.id if route.tried and to and (to.rep_id or to.team_id) else None
    rep = tx.people.get(to.rep_id) if to and to.rep_id else None
    team = tx.teams.get(to.team_id) if to and to.team_id else None
    return Trial(
        rep=rep.name if rep else None,
        team=team.name if team else None,
        fallback=to is not None and rep is None and team is None,
        below=shortfalls_of(tx, lead),
        known=whereabouts(tx, known) if known else None,
        held=held,
        rules=tuple(
            _tried_rule(row, value_of(lead, row.condition.field), tried.get(row.id), decided)
            for row in rule_rows(tx, tx.rules.all())
        ),
    )


def _tried_rule(rule: RuleRow, found: str, tried: Tried | None, decided: str | None) -> TriedRule:
    if tried is None:
        return TriedRule(rule=rule, found=found, tried=False)
    return TriedRule(
        rule=rule,
        found=found,
        tried=True,
        matched=tried.matched,
        chosen=rule.id == decided,
        passed_over=tried.passed_over,
    )
