"""A dispute: marketing contests a reject, or either side raises a disagreement. The two managers try to settle it; else
the arbiter rules, and that is final."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.person import Person, Role, Side
from bot.errors import FormError, Refused

LONGEST_SENTENCE = 1000
SIDES = (Side.SALES, Side.MARKETING)
NOT_A_PARTY = "You are a party to this dispute: another manager of your side, or the arbiter, has to decide it."
NOT_YOURS_TO_RULE = "You are a party to this dispute: somebody who is not has to rule on it."


class About(StrEnum):
    REJECT = "reject"
    DEFINITION = "definition"
    CAMPAIGN = "campaign"
    GOAL = "goal"


class DisputeState(StrEnum):
    WITH_MANAGERS = "with_managers"
    WITH_ARBITER = "with_arbiter"
    SETTLED = "settled"
    """By the two managers, who said the same."""
    RULED = "ruled"
    """By the arbiter."""
    TAKEN_BACK = "taken_back"


class Ruling(StrEnum):
    UPHELD = "upheld"
    """What is contested stands: a reject stays a reject."""
    OVERTURNED = "overturned"
    """It does not: the lead is offered again, and the reject counts against nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one manager says of a dispute. `sentence` is untrusted text."""

    person_id: str
    ruling: Ruling
    sentence: str
    at: datetime
    for_id: str | None = None
    """The absent manager for whom they stood in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """`subject_id` is the rejected handoff, or what the disagreement is about; `against` is who rejected, else None.

    `case_id` is shared by what was raised together, in one act and with one sentence: the id of the first of it.
    `to_arbiter_at` is when it goes to the arbiter unless it is settled before. `why` and `sentence` are untrusted text.
    `sales_manager_id`, `marketing_manager_id` and `arbiter_id` are those who were asked; None: nobody was there.
    """

    id: str = ""
    case_id: str = ""
    lead_id: str | None = None
    about: About
    subject_id: str
    raised_by: str
    side: Side
    why: str
    raised_at: datetime
    against: str | None = None
    sales_manager_id: str | None = None
    marketing_manager_id: str | None = None
    arbiter_id: str | None = None
    to_arbiter_at: datetime | None
    state: DisputeState = DisputeState.WITH_MANAGERS
    opinions: Mapping[Side, Opinion] = field(default_factory=dict)
    ruling: Ruling | None = None
    sentence: str = ""
    decided_by: tuple[str, ...] = ()
    decided_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in (DisputeState.WITH_MANAGERS, DisputeState.WITH_ARBITER)


def dispute_reject(
    handoff_id: str,
    person: Person,
    why: str,
    now: datetime,
    *,
    rejected_by: str,
    counts: bool,
    to_arbiter_at: datetime | None,
) -> Dispute:
    """Marketing contests a reject. `counts`: whether its reason counts against marketing; others are not disputed.

    Raises Refused for whoever is not of marketing, and for a reject that counts against nobody; FormError (`why`).
    """
    if not person.on_roster or person.side not in (Side.MARKETING, Side.LEADERSHIP):
        raise Refused("Only marketing can dispute a reject; sales can raise a disagreement instead.")
    if not counts:
        raise Refused("This reject does not count against marketing: there is nothing to dispute.")
    return Dispute(
        about=About.REJECT,
        subject_id=handoff_id,
        raised_by=person.id,
        side=Side.MARKETING,
        why=_sentence(why, "why", "Say why the lead should have been accepted: both managers will read it."),
        raised_at=now,
        against=rejected_by,
        to_arbiter_at=to_arbiter_at,
    )


def raise_disagreement(
    about: About, subject_id: str, person: Person, why: str, now: datetime, *, to_arbiter_at: datetime | None
) -> Dispute:
    """Either side disagrees on a definition, a campaign or a goal. Raises Refused for others, FormError (`why`)."""
    if about is About.REJECT:
        raise Refused("A reject is disputed by marketing, from the message about it.")
    if not person.on_roster or person.side not in SIDES:
        raise Refused("Only people of sales and of marketing can raise a disagreement.")
    return Dispute(
        about=about,
        subject_id=subject_id,
        raised_by=person.id,
        side=person.side,
        why=_sentence(why, "why", "Say what you disagree with, and what you would change."),
        raised_at=now,
        to_arbiter_at=to_arbiter_at,
    )


def give_opinion(
    dispute: Dispute,
    person: Person,
    ruling: Ruling,
    sentence: str,
    now: datetime,
    *,
    as_side: Side | None = None,
    by: Person | None = None,
) -> Dispute:
    """The opinion of the manager `person`, in place of an earlier one of their side. Both the same: settled, with both
    sentences. Both given and not the same: it goes to the arbiter now. `by` is who says it in their absence.

    Raises Refused for whoever manages neither side, for a party (`may_settle`), and when it is not with the managers;
    FormError (`sentence`).
    """
    if dispute.state is not DisputeState.WITH_MANAGERS:
        raise Refused(_where(dispute))
    side = person.side if person.side in SIDES else as_side
    if not person.has(Role.MANAGER) or (person.side not in SIDES and person.side is not Side.LEADERSHIP):
        raise Refused("Only managers of sales and of marketing can settle a dispute.")
    if side not in SIDES or (as_side is not None and as_side is not side):
        raise Refused("Say for which side, sales or marketing, you answer.")
    others = {other: opinion for other, opinion in dispute.opinions.items() if other is not side}
    speaker = by or person
    if not may_settle(dispute, person, by):
        raise Refused(NOT_A_PARTY)
    if any({opinion.person_id, opinion.for_id} & {person.id, speaker.id} for opinion in others.values()):
        raise Refused("You have answered for the other side: each side needs a manager of its own.")
    text = _sentence(sentence, "sentence", "Say why, in a sentence: both sides will read it.")
    for_id = person.id if speaker.id != person.id else None
    said = Opinion(person_id=speaker.id, ruling=ruling, sentence=text, at=now, for_id=for_id)
    opinions = {**others, side: said}
    answered = replace(dispute, opinions={each: opinions[each] for each in SIDES if each in opinions})
    if len(opinions) < len(SIDES):
        return answered
    if len({opinion.ruling for opinion in opinions.values()}) > 1:
        return replace(answered, state=DisputeState.WITH_ARBITER)
    return replace(
        answered,
        state=DisputeState.SETTLED,
        ruling=ruling,
        sentence=" ".join(dict.fromkeys(answered.opinions[each].sentence for each in SIDES)),
        decided_by=tuple(answered.opinions[each].person_id for each in SIDES),
        decided_at=now,
    )


def may_settle(dispute: Dispute, manager: Person, by: Person | None = None) -> bool:
    """Whether `manager`, or `by` in their absence, may speak as a manager: not who is contradicted, and of who raised
    it only a manager for themself."""
    speaker = by or manager
    if dispute.against in (manager.id, speaker.id):
        return False
    return by is None or by.id != dispute.raised_by


def to_arbiter(dispute: Dispute, person: Person, by: Person | None = None) -> Dispute:
    """A manager hands it to the arbiter without waiting, or `by` in their absence. Raises Refused for others, for a
    party and when it is not with them."""
    if dispute.state is not DisputeState.WITH_MANAGERS:
        raise Refused(_where(dispute))
    if not person.has(Role.MANAGER) or person.side not in (*SIDES, Side.LEADERSHIP):
        raise Refused("Only managers of sales and of marketing can hand a dispute to the arbiter.")
    if not may_settle(dispute, person, by):
        raise Refused(NOT_A_PARTY)
    return replace(dispute, state=DisputeState.WITH_ARBITER)


def timed_out(dispute: Dispute, now: datetime) -> Dispute:
    """As it stands at `now`: what the managers have not settled in time is with the arbiter."""
    if dispute.state is not DisputeState.WITH_MANAGERS or dispute.to_arbiter_at is None or now < dispute.to_arbiter_at:
        return dispute
    return replace(dispute, state=DisputeState.WITH_ARBITER)


def rule(
    dispute: Dispute,
    person: Person,
    ruling: Ruling,
    sentence: str,
    now: datetime,
    *,
    named: bool = False,
    by: Person | None = None,
) -> Dispute:
    """The arbiter's ruling, with its sentence; final. `named`: the agreement names `person` as its arbiter. `by` is who
    rules in their absence. Raises Refused for others, for whoever is a party to it, and when it is not with the
    arbiter; FormError (`sentence`)."""
    if dispute.state is not DisputeState.WITH_ARBITER:
        raise Refused(_where(dispute))
    if not (named or person.has(Role.ARBITER)):
        raise Refused("Only the arbiter can rule on it.")
    speaker = by or person
    if is_party(dispute, speaker.id):
        raise Refused(NOT_YOURS_TO_RULE)
    text = _sentence(sentence, "sentence", "Say why, in a sentence: both sides will read it.")
    return replace(
        dispute,
        state=DisputeState.RULED,
        ruling=ruling,
        sentence=text,
        decided_by=(speaker.id,),
        decided_at=now,
    )


def is_party(dispute: Dispute, person_id: str) -> bool:
    """Whether somebody raised it, is the one it is about, or has said as a manager what they think of it."""
    return person_id in parties([dispute])


def parties(disputes: Iterable[Dispute]) -> set[str | None]:
    """Everybody who is a party to one of them, see `is_party`."""
    found: set[str | None] = set()
    for dispute in disputes:
        found |= {dispute.raised_by, dispute.against}
        found |= {one for opinion in dispute.opinions.values() for one in (opinion.person_id, opinion.for_id)}
    return found


def contenders(disputes: Iterable[Dispute]) -> set[str | None]:
    """Who raised one of them, and who is contradicted."""
    return {one for dispute in disputes for one in (dispute.raised_by, dispute.against)}


def take_back(dispute: Dispute, person: Person, now: datetime) -> Dispute:
    """Whoever raised it takes it back; what was contested stands. Raises Refused for others and when it is decided."""
    if not dispute.is_open:
        raise Refused(_where(dispute))
    if person.id != dispute.raised_by:
        raise Refused("Only whoever raised it can take it back.")
    return replace(dispute, state=DisputeState.TAKEN_BACK, decided_by=(person.id,), decided_at=now)


def _where(dispute: Dispute) -> str:
    return {
        DisputeState.WITH_MANAGERS: "It is with the two managers first.",
        DisputeState.WITH_ARBITER: "It is with the arbiter now.",
        DisputeState.SETTLED: "The two managers have settled it.",
        DisputeState.RULED: "The arbiter has ruled on it: that is final.",
        DisputeState.TAKEN_BACK: "It was taken back.",
    }[dispute.state]


def _sentence(text: str, name: str, hint: str) -> str:
    text = text.strip()
    if not text:
        raise FormError({name: hint})
    if len(text) > LONGEST_SENTENCE:
        raise FormError({name: f"Keep it under {LONGEST_SENTENCE} characters; this has {len(text)}."})
    return text
