"""Reasons: why a lead is rejected, disqualified, won or lost, what the form asks, and what each does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FollowUp(StrEnum):
    """What a reject form asks in addition, for the chosen reason only."""

    NONE = "none"
    DATE = "date"
    PERSON = "person"
    CRITERION = "criterion"
    LEAD = "lead"
    TEXT = "text"


class Then(StrEnum):
    """What follows a reject, a disqualification or a loss."""

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
    """A reason to say no. `required` says whether the follow-up must be answered."""

    code: str
    label: str
    then: Then
    ask: FollowUp = FollowUp.NONE
    question: str = ""
    required: bool = False
    counts_against_marketing: bool = True
    unreached: bool = False
    """To disqualify only: for a lead that was never reached, once the agreed attempts are made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WinReason:
    """Why a deal was won: counted, and told with the win."""

    code: str
    label: str


REJECT_REASONS = (
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
)
"""Before working the lead. The suggested reasons of the field's practice; see docs/agreement.md."""

DISQUALIFY_REASONS = (
    Reason(
        code="unable_to_reach",
        label="Could not be reached",
        then=Then.MARKETING,
        counts_against_marketing=False,
        unreached=True,
    ),
    Reason(code="no_need", label="No need", then=Then.MARKETING),
    Reason(code="no_budget", label="No budget", then=Then.MARKETING),
    Reason(
        code="no_authority",
        label="Cannot decide",
        then=Then.MARKETING,
        ask=FollowUp.TEXT,
        question="Who does?",
    ),
    Reason(
        code="no_timeline",
        label="Real, but later",
        then=Then.RECYCLE,
        ask=FollowUp.DATE,
        question="When should it come back?",
        required=True,
    ),
    Reason(
        code="no_fit",
        label="We do not fit their need",
        then=Then.MARKETING,
        ask=FollowUp.CRITERION,
        question="What does not fit?",
        required=True,
    ),
    Reason(
        code="solved",
        label="Solved already, or with a competitor",
        then=Then.MARKETING,
        ask=FollowUp.TEXT,
        question="With what, or with whom?",
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
)
"""After real contact or the agreed attempts: few, and none that nobody can act on, as the field's practice has it."""

WIN_REASONS = (
    WinReason(code="fit", label="Best fit for the need"),
    WinReason(code="price", label="Price or terms"),
    WinReason(code="speed", label="We were quicker"),
    WinReason(code="trust", label="Trust, references, relationship"),
    WinReason(code="product", label="A feature others lack"),
    WinReason(code="other", label="Other"),
)

LOSS_REASONS = (
    Reason(
        code="competitor",
        label="Chose a competitor",
        then=Then.CLOSE,
        ask=FollowUp.TEXT,
        question="Which one, and why?",
        counts_against_marketing=False,
    ),
    Reason(code="price", label="Price or terms", then=Then.CLOSE, counts_against_marketing=False),
    Reason(
        code="no_decision",
        label="No decision",
        then=Then.RECYCLE,
        ask=FollowUp.DATE,
        question="When should it come back?",
        counts_against_marketing=False,
    ),
    Reason(
        code="postponed",
        label="Postponed",
        then=Then.RECYCLE,
        ask=FollowUp.DATE,
        question="When should it come back?",
        required=True,
        counts_against_marketing=False,
    ),
    Reason(
        code="missing_feature",
        label="We lack something they need",
        then=Then.CLOSE,
        ask=FollowUp.TEXT,
        question="What is it?",
        required=True,
        counts_against_marketing=False,
    ),
    Reason(code="no_fit", label="Turned out not to fit", then=Then.CLOSE),
    Reason(
        code="other",
        label="Other",
        then=Then.CLOSE,
        ask=FollowUp.TEXT,
        question="What is the reason?",
        required=True,
        counts_against_marketing=False,
    ),
)
