"""Routing rules in words: the same in the list, in the form's menus and in the answer to a try."""

from __future__ import annotations

from bot.domain.matching import FURTHER, Condition, Operator, unknown_countries
from bot.domain.routing import Target
from bot.services.routing_set_up import RuleRow
from bot.views.untrusted import Mrkdwn, escape, mrkdwn, trusted

NAME = 100
VALUE = 120

FIELD_WORDS = {
    "country": "Country",
    "company": "Company",
    "priority": "Priority",
    "source": "Source",
    "campaign": "Campaign",
    "origin": "Origin",
    "score": "Lead score",
    "touches": "Touches",
    "title": "Job title",
    "domain": "E-mail domain",
    "email": "E-mail",
    "name": "Name",
    "phone": "Phone",
    "summary": "Summary",
}
"""In the order of the menu."""
OPERATOR_WORDS = {
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.ONE_OF: "is one of",
    Operator.CONTAINS: "contains",
    Operator.STARTS_WITH: "starts with",
    Operator.ENDS_WITH: "ends with",
    Operator.AT_LEAST: "is at least",
    Operator.AT_MOST: "is at most",
    Operator.PRESENT: "is given",
    Operator.MISSING: "is missing",
    Operator.ANY: "whatever it says (every lead)",
}


def field_words(field: str) -> str:
    """`Country`, or the name of a further value, which is untrusted."""
    return FIELD_WORDS.get(field) or field.removeprefix(FURTHER)


def condition_words(condition: Condition) -> Mrkdwn:
    """`Country is one of DE, AT`."""
    if condition.operator is Operator.ANY:
        return trusted("Every lead")
    field = escape(field_words(condition.field), NAME)
    words = OPERATOR_WORDS[condition.operator]
    if condition.operator in (Operator.PRESENT, Operator.MISSING):
        return mrkdwn("{field} {words}", field=field, words=words)
    return mrkdwn("{field} {words} {value}", field=field, words=words, value=escape(condition.value, VALUE))


def target_words(target: Target, to: str) -> Mrkdwn:
    """`team Europe, in turn`."""
    name = escape(to, NAME)
    match target:
        case Target.REP:
            return mrkdwn("*{name}*", name=name)
        case Target.TEAM:
            return mrkdwn("team *{name}*, in turn", name=name)
        case Target.POOL:
            return mrkdwn("the pool of *{name}*, first to accept", name=name)


def unknown_words(condition: Condition) -> Mrkdwn | None:
    """Which countries of a condition we do not know."""
    unknown = unknown_countries(condition)
    if not unknown:
        return None
    named = escape(", ".join(unknown), VALUE)
    return mrkdwn("⚠️ I know no country called {named}: it is compared letter by letter.", named=named)


def trouble_words(rule: RuleRow) -> Mrkdwn | None:
    """Why nobody would get a lead by the rule."""
    if rule.trouble is None:
        return None
    return mrkdwn("⚠️ {to} {trouble}.", to=escape(rule.to, NAME), trouble=rule.trouble)
