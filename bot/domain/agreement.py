"""The agreement of the two teams: definitions, windows and reasons. Version 0 is the shipped default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.ladder import Ladder
from bot.domain.lead import Lead, Priority
from bot.domain.matching import Condition, Operator, is_personal, matches, value_of
from bot.domain.qualification import Qualification, Shortfall, shortfalls
from bot.domain.reasons import DISQUALIFY_REASONS, LOSS_REASONS, REJECT_REASONS, WIN_REASONS, Reason, WinReason
from bot.domain.windows import (
    ByPriority,
    MarketingWindows,
    SourceWindows,
    first_contact_by_default,
    window_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion of the definition of an MQL, with the label people read."""

    label: str
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A criterion a lead meets, with the lead's own value (untrusted text)."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a handoff runs under; those of a stored version never change."""

    criteria: tuple[Criterion, ...]
    criteria_needed: int
    """How many criteria a lead must meet to be an MQL; 0: marketing's word is enough."""
    accept_minutes: ByPriority
    """Working minutes to decide, by priority."""
    reasons: tuple[Reason, ...]
    """Reasons to reject."""
    undo_seconds: int = 300
    # What follows came later: terms written before it have the shipped default.
    qualification: Qualification = field(default_factory=Qualification)
    first_contact_minutes: ByPriority = field(default_factory=first_contact_by_default)
    """Working minutes from the accept to the first attempt to reach the lead, by priority."""
    by_source: Mapping[str, SourceWindows] = field(default_factory=dict)
    follow_up_minutes: int = 480
    """Working minutes after an attempt that reached nobody until the rep is asked again."""
    attempts: int = 3
    """How many attempts before a lead counts as one that could not be reached."""
    recycles_at_most: int = 3
    """How many times a lead comes back by itself."""
    marketing: MarketingWindows = field(default_factory=MarketingWindows)
    settle_minutes: int = 960
    """Working minutes the two managers have to settle a dispute before the arbiter gets it."""
    ladder: Ladder = field(default_factory=Ladder)
    disqualify_reasons: tuple[Reason, ...] = DISQUALIFY_REASONS
    win_reasons: tuple[WinReason, ...] = WIN_REASONS
    loss_reasons: tuple[Reason, ...] = LOSS_REASONS

    def reason(self, code: str) -> Reason | None:
        return next((reason for reason in self.reasons if reason.code == code), None)

    def accept_window(self, priority: Priority, source: str) -> timedelta:
        """Working time to accept or reject a lead of `priority` from `source`."""
        own = self.by_source.get(source)
        return window_of(self.accept_minutes, own.accept if own else None, priority)

    def first_contact_window(self, priority: Priority, source: str) -> timedelta:
        """Working time from the accept to the first attempt to reach the lead."""
        own = self.by_source.get(source)
        return window_of(self.first_contact_minutes, own.first_contact if own else None, priority)


def criteria_met(terms: Terms, lead: Lead, *, masked: bool = False) -> tuple[Met, ...]:
    """The criteria of `terms` that `lead` meets, in the agreement's order, with the lead's values.

    `masked`: only those whose values do not tell who the lead is.
    """
    return tuple(
        Met(label=criterion.label, value=value_of(lead, criterion.condition.field))
        for criterion in terms.criteria
        if matches(criterion.condition, lead) and not (masked and is_personal(criterion.condition.field))
    )


def is_mql(terms: Terms, lead: Lead) -> bool:
    """Whether `lead` meets as many criteria as the agreement asks for."""
    return len(criteria_met(terms, lead)) >= terms.criteria_needed


def below_definition(terms: Terms, lead: Lead) -> tuple[Shortfall, ...]:
    """What keeps `lead` from being an MQL under `terms`, in the agreement's order; empty: it is one."""
    found = shortfalls(terms.qualification, lead)
    met = len(criteria_met(terms, lead))
    if met < terms.criteria_needed:
        labels = ", ".join(criterion.label for criterion in terms.criteria)
        sentence = f"It meets {met} of the criteria ({labels}); the agreement asks for {terms.criteria_needed}."
        found += (Shortfall(criterion="criteria_needed", sentence=sentence),)
    return found


def _criterion(label: str, field: str, operator: Operator, value: str = "") -> Criterion:
    return Criterion(label=label, condition=Condition(field=field, operator=operator, value=value))


DEFAULT_TERMS = Terms(
    criteria=(
        _criterion("Asked to talk to us", "priority", Operator.IS, "hot"),
        _criterion("Lead score", "score", Operator.AT_LEAST, "50"),
        _criterion("Touches", "touches", Operator.AT_LEAST, "3"),
        _criterion("Role", "title", Operator.PRESENT),
        _criterion("Company", "company", Operator.PRESENT),
        _criterion("Country", "country", Operator.PRESENT),
    ),
    criteria_needed=0,
    accept_minutes={Priority.HOT: 15, Priority.WARM: 240, Priority.COLD: 1440},
    reasons=REJECT_REASONS,
)
"""The shipped agreement. Windows and reasons: the suggested defaults of the field's practice; see docs/agreement.md."""

NOT_A_FIT = ("Industry", "Size", "Region", "Budget", "Something else")
"""What `FollowUp.CRITERION` offers beside the agreement's own criteria."""
ABOUT_COMPANY = frozenset({"company", "country", "domain"})
"""Fields of a lead that say something of its company."""
