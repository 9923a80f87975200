"""The agreement of the two teams: definitions, windows and reasons. Version 0 is the shipped default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.lead import Lead, Priority
from bot.domain.matching import Condition, Operator, is_personal, matches, value_of


class FollowUp(StrEnum):
    """What a reject form asks in addition, for the chosen reason only."""

    NONE = "none"
    DATE = "date"
    PERSON = "person"
    CRITERION = "criterion"
    LEAD = "lead"
    TEXT = "text"


class Then(StrEnum):
    """What follows a reject."""

    RECYCLE = "recycle"
    """Back to marketing until the date given, then handed over again."""
    REROUTE = "reroute"
    """Good lead, wrong owner: offered to the person named, else routed again without the one who said so."""
    MERGE = "merge"
    """The same person as another lead: joined with it, whose owner is told."""
    CLOSE = "close"
    """Ends here."""
    MARKETING = "marketing"
    """Back to marketing with the reason; comes back when marketing hands it over again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason to reject. `required` says whether the follow-up must be answered."""

    code: str
    label: str
    then: Then
    ask: FollowUp = FollowUp.NONE
    question: str = ""
    required: bool = False
    counts_against_marketing: bool = True


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
    """What a handoff runs under; copied into each handoff when it is offered."""

    criteria: tuple[Criterion, ...]
    criteria_needed: int
    """How many criteria a lead must meet to be an MQL; 0: marketing's word is enough."""
    accept_minutes: dict[Priority, int]
    """Working minutes to decide, by priority."""
    reasons: tuple[Reason, ...]
    undo_seconds: int = 300

    def reason(self, code: str) -> Reason | None:
        return next((reason for reason in self.reasons if reason.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    id: str
    version: int
    terms: Terms
    in_force_from: datetime
    signed_at: datetime | None = None


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
    reasons=(
        Reason(
            code="not_icp",
            label="Company not a fit",
            then=Then.MARKETING,
            ask=FollowUp.CRITERION,
            question="What does not fit?",
            required=True,
        ),
        Reason(
            code="wrong_person",
            label="Wrong role, no influence",
            then=Then.MARKETING,
            ask=FollowUp.TEXT,
            question="Who would be the right contact?",
        ),
        Reason(code="low_intent", label="Not ready to talk to sales", then=Then.MARKETING),
        Reason(
            code="bad_timing",
            label="Real, but later",
            then=Then.RECYCLE,
            ask=FollowUp.DATE,
            question="When should it come back?",
            required=True,
        ),
        Reason(
            code="bad_data",
            label="Contact data wrong or missing",
            then=Then.MARKETING,
            ask=FollowUp.TEXT,
            question="What is wrong?",
        ),
        Reason(
            code="duplicate",
            label="Duplicate, already being worked",
            then=Then.MERGE,
            ask=FollowUp.LEAD,
            question="Which lead is it the same as?",
            required=True,
            counts_against_marketing=False,
        ),
        Reason(
            code="existing",
            label="Customer or open opportunity",
            then=Then.REROUTE,
            ask=FollowUp.PERSON,
            question="Whose account is it?",
            required=True,
            counts_against_marketing=False,
        ),
        Reason(
            code="ineligible",
            label="Competitor, partner, student, spam",
            then=Then.CLOSE,
            counts_against_marketing=False,
        ),
        Reason(
            code="misrouted",
            label="Good lead, wrong owner",
            then=Then.REROUTE,
            ask=FollowUp.PERSON,
            question="Who should have it? Leave empty to route it again.",
            counts_against_marketing=False,
        ),
        Reason(
            code="other",
            label="Other",
            then=Then.MARKETING,
            ask=FollowUp.TEXT,
            question="What is the reason?",
            required=True,
        ),
    ),
)
"""The shipped agreement. Windows and reasons: the suggested defaults of the field's practice; see docs/agreement.md."""

NOT_A_FIT = ("Industry", "Size", "Region", "Budget", "Something else")
"""What `FollowUp.CRITERION` offers beside the agreement's own criteria."""
ABOUT_COMPANY = frozenset({"company", "country", "domain"})
"""Fields of a lead that say something of its company."""
