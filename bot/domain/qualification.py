"""The definition of an MQL as data: what a lead must have before it is handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bot.domain.config import BY_HAND
from bot.domain.lead import Lead
from bot.domain.matching import Condition, matches, value_of

ANY_SOURCE = "*"
"""The minimum score of sources that have none of their own; not of leads that people hand over by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A market the two teams go for: a lead is in it when it meets every condition."""

    name: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification:
    """`minimum_score` by source, ANY_SOURCE for the rest. An excluded domain excludes its subdomains too. Where there
    are `segments`, a lead must be in one of them. Empty: nothing is asked, marketing's word is enough."""

    minimum_score: Mapping[str, int | float] = field(default_factory=dict)
    required_fields: tuple[str, ...] = ()
    excluded_domains: tuple[str, ...] = ()
    excluded_countries: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What a lead lacks. `criterion` names the term of the agreement; the sentence has none of the lead's own text."""

    criterion: str
    sentence: str


def shortfalls(qualification: Qualification, lead: Lead) -> tuple[Shortfall, ...]:
    """Each criterion of `qualification` that `lead` does not meet, in the agreement's order; empty: it qualifies."""
    found = [
        Shortfall(criterion=f"required_fields.{name}", sentence=f"The agreement asks for {name}, and it is missing.")
        for name in qualification.required_fields
        if not value_of(lead, name).strip()
    ]
    found += _score(qualification, lead)
    domain = value_of(lead, "domain").strip().casefold()
    for excluded in qualification.excluded_domains:
        own = excluded.casefold()
        if domain == own or domain.endswith(f".{own}"):
            found.append(
                Shortfall(criterion="excluded_domains", sentence=f"The agreement excludes addresses at {excluded}.")
            )
    country = value_of(lead, "country").strip().casefold()
    for excluded in qualification.excluded_countries:
        if country == excluded.casefold():
            found.append(
                Shortfall(criterion="excluded_countries", sentence=f"The agreement excludes the country {excluded}.")
            )
    if qualification.segments and not segments_of(qualification, lead):
        names = ", ".join(segment.name for segment in qualification.segments)
        found.append(Shortfall(criterion="segments", sentence=f"It is in none of the agreed market segments: {names}."))
    return tuple(found)


def segments_of(qualification: Qualification, lead: Lead) -> tuple[str, ...]:
    """The names of the agreed segments `lead` is in."""
    return tuple(
        segment.name
        for segment in qualification.segments
        if all(matches(condition, lead) for condition in segment.conditions)
    )


def _score(qualification: Qualification, lead: Lead) -> list[Shortfall]:
    key = lead.source if lead.source in qualification.minimum_score else ANY_SOURCE
    if key == ANY_SOURCE and lead.source == BY_HAND:
        return []  # nobody who hands a lead over by hand scores it
    least = qualification.minimum_score.get(key)
    if least is None or (lead.score is not None and Decimal(str(lead.score)) >= Decimal(str(least))):
        return []
    what = "no score" if lead.score is None else f"a score of {lead.score}"
    whose = "" if key == ANY_SOURCE else f" for the source {key}"
    return [
        Shortfall(
            criterion=f"minimum_score.{key}",
            sentence=f"It has {what}; the agreement asks for at least {least}{whose}.",
        )
    ]
