"""What people read of disputes: the managers and the arbiter while it is theirs to settle, everybody else the outcome.
Each has one message a case, edited in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.agreement_document import Defined
from bot.domain.budget import Kind
from bot.domain.config import BY_HAND_PREFIX
from bot.domain.countdown import CountdownKind
from bot.domain.dispute import About, Dispute, DisputeState, Ruling, contenders, parties
from bot.domain.goals import GOALS
from bot.domain.handoff import Handoff, Opened
from bot.domain.lead import Lead
from bot.domain.person import Person, Side
from bot.domain.post import Post, PostRole, Subject
from bot.services import briefs, deciders, posting
from bot.services.cards import follow_up
from bot.services.due import DueShown, due_of
from bot.services.naming import lead_name
from bot.services.offering_again import is_latest
from bot.services.whereabouts import person_name, whereabouts
from storage.transaction import Transaction


class ReadAs(StrEnum):
    """In which part somebody reads of a case."""

    MANAGER = "manager"
    ARBITER = "arbiter"
    PARTY = "party"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionShown:
    """What one side's manager said. Text untrusted."""

    side: Side
    name: str
    for_name: str | None
    ruling: Ruling
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeShown:
    """One dispute or disagreement. All text is untrusted; empty where the person was erased."""

    id: str
    about: About
    name: str
    """The lead's name, or what the disagreement is about."""
    company: str | None
    reason: str | None
    follow_up: str | None
    comment: str | None
    rejected_by: str | None
    raised_by: str
    raised_at: datetime
    why: str
    state: DisputeState
    opinions: tuple[OpinionShown, ...]
    waits_for: tuple[str, ...]
    """Names of those who have still to say what they think of it, or to rule."""
    ruling: Ruling | None
    sentence: str
    decided_by: tuple[str, ...]
    decided_at: datetime | None
    what_next: str | None
    """Where the lead is now."""

    @property
    def is_open(self) -> bool:
        return self.state in (DisputeState.WITH_MANAGERS, DisputeState.WITH_ARBITER)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseShown:
    """What somebody reads of a case. `in_place_of` names the absent one for whom they read it: untrusted."""

    case_id: str
    read_as: ReadAs
    in_place_of: str | None
    due: DueShown | None
    """Until when the managers have to settle it."""
    disputes: tuple[DisputeShown, ...]

    @property
    def is_with(self) -> DisputeState | None:
        """With whom what is open is; None: nothing is open any more."""
        states = {one.state for one in self.disputes if one.is_open}
        return next((one for one in (DisputeState.WITH_MANAGERS, DisputeState.WITH_ARBITER) if one in states), None)


def tell_managers(tx: Transaction, case: Sequence[Dispute], *, but: str) -> None:
    """Both managers hear of a new case; not the one who raised it."""
    for person_id in (case[0].sales_manager_id, case[0].marketing_manager_id):
        manager = tx.people.get(person_id) if person_id and person_id != but else None
        if manager is not None:
            _tell(tx, case, manager, ReadAs.MANAGER)


def tell_arbiter(tx: Transaction, disputes: Sequence[Dispute]) -> None:
    """The arbiter hears what is to be ruled on."""
    by_arbiter: dict[str, list[Dispute]] = {}
    for one in disputes:
        by_arbiter.setdefault(one.arbiter_id or "", []).append(one)
    for arbiter_id, mine in by_arbiter.items():
        arbiter = tx.people.get(arbiter_id)
        if arbiter is not None:
            _tell(tx, mine, arbiter, ReadAs.ARBITER)


def tell_decided(tx: Transaction, disputes: Sequence[Dispute]) -> None:
    """Both sides hear the outcome: who raised it, who is contradicted, and the managers; not who decided."""
    concerned: dict[str, list[Dispute]] = {}
    for one in disputes:
        managers = {one.sales_manager_id, one.marketing_manager_id}
        for person_id in ({one.raised_by, one.against} | managers) - {None, *one.decided_by}:
            concerned.setdefault(person_id or "", []).append(one)
    for person_id in sorted(concerned):
        person = tx.people.get(person_id)
        if person is not None:
            _tell(tx, concerned[person_id], person, ReadAs.PARTY)


def show_again(tx: Transaction, case_id: str) -> None:
    """Every message of the case shows how it stands now."""
    for post in tx.posts.of_subject(Subject.DISPUTE, case_id):
        posting.sync(tx, post)


def load_case(tx: Transaction, post: Post) -> CaseShown | None:
    """The case as its reader sees it now; None when nothing of it concerns them (any more)."""
    read_as, person_id = ReadAs(post.data.get("as", ReadAs.PARTY)), str(post.data.get("person"))
    case = [one for one in tx.disputes.of_case(post.subject_id) if concerns(one, read_as, person_id)]
    if not case and read_as is ReadAs.ARBITER and post.ts is not None:
        # Another was asked instead: who read it sees where it is, and has nothing to do any more.
        case, read_as = tx.disputes.of_case(post.subject_id), ReadAs.PARTY
    if not case:
        return None
    person = tx.people.get(person_id)
    reader = tx.people.by_slack_id(post.place)
    instead = person is not None and reader is not None and reader.id != person.id
    return CaseShown(
        case_id=post.subject_id,
        read_as=read_as,
        in_place_of=person.name if instead and person is not None else None,
        due=due_of(tx, CountdownKind.SETTLE, post.subject_id),
        disputes=tuple(shown(tx, one) for one in case),
    )


def concerns(dispute: Dispute, read_as: ReadAs, person_id: str) -> bool:
    """Whether this person reads of it, in this part."""
    managers = (dispute.sales_manager_id, dispute.marketing_manager_id)
    match read_as:
        case ReadAs.MANAGER:
            return person_id in managers
        case ReadAs.ARBITER:
            return person_id == dispute.arbiter_id
        case ReadAs.PARTY:
            return dispute.ruling is not None and person_id in (dispute.raised_by, dispute.against, *managers)


def shown(tx: Transaction, dispute: Dispute) -> DisputeShown:
    """One dispute as it stands now."""
    handoff = tx.handoffs.get(dispute.subject_id) if dispute.about is About.REJECT else None
    lead = tx.leads.get(dispute.lead_id) if dispute.lead_id else None
    rejection = handoff.rejection if handoff is not None else None
    reason = handoff.terms.reason(rejection.reason) if handoff is not None and rejection is not None else None
    erased = lead is not None and lead.erased_at is not None
    return DisputeShown(
        id=dispute.id,
        about=dispute.about,
        name=lead_name(lead) if lead is not None else subject_name(tx, dispute.about, dispute.subject_id),
        company=lead.company if lead is not None else None,
        reason=reason.label if reason is not None else None,
        follow_up=follow_up(tx, handoff, masked=False) if handoff is not None and not erased else None,
        comment=rejection.comment if rejection is not None else None,
        rejected_by=person_name(tx, dispute.against) if dispute.against else None,
        raised_by=person_name(tx, dispute.raised_by),
        raised_at=dispute.raised_at,
        why=dispute.why,
        state=dispute.state,
        opinions=tuple(
            OpinionShown(
                side=side,
                name=person_name(tx, one.person_id),
                for_name=person_name(tx, one.for_id) if one.for_id else None,
                ruling=one.ruling,
                sentence=one.sentence,
            )
            for side, one in dispute.opinions.items()
        ),
        waits_for=tuple(person_name(tx, one) for one in waits_for(dispute)),
        ruling=dispute.ruling,
        sentence=dispute.sentence,
        decided_by=tuple(person_name(tx, one) for one in dispute.decided_by),
        decided_at=dispute.decided_at,
        what_next=_what_next(tx, dispute, handoff, lead) if lead is not None else None,
    )


def _what_next(tx: Transaction, dispute: Dispute, handoff: Handoff | None, lead: Lead) -> str:
    """Where the lead is now; of an overturned reject also why it was not offered again."""
    where = whereabouts(tx, lead)
    if dispute.ruling is not Ruling.OVERTURNED or handoff is None or is_latest(tx, handoff):
        return where
    later = [one for one in tx.handoffs.of_lead(lead.id) if one.id > handoff.id]
    was_offered = any(one.predecessor_id == handoff.id and one.opened is Opened.OVERTURNED for one in later)
    return where if was_offered else f"Not offered again because of this: it came back to sales before. {where}"


def waits_for(dispute: Dispute) -> list[str]:
    """Those who were asked and have not said anything yet."""
    asked: list[str | None] = []
    if dispute.state is DisputeState.WITH_MANAGERS:
        managers = {Side.SALES: dispute.sales_manager_id, Side.MARKETING: dispute.marketing_manager_id}
        asked = [manager for side, manager in managers.items() if side not in dispute.opinions]
    elif dispute.state is DisputeState.WITH_ARBITER:
        asked = [dispute.arbiter_id]
    return [one for one in asked if one is not None]


def subject_name(tx: Transaction, about: About, subject_id: str) -> str:
    """What a disagreement is about, in words."""
    match about:
        case About.DEFINITION:
            return f"The definition of {DEFINED.get(subject_id, subject_id)}"
        case About.GOAL:
            return f"The goal: {GOALS.get(subject_id, subject_id)}"
        case About.CAMPAIGN:
            campaign = tx.campaigns.get(subject_id)
            return f"The campaign {campaign.name}" if campaign is not None else "A campaign that is gone"
        case About.REJECT:
            return "A reject"


DEFINED = {
    Defined.PROSPECT.value: "a prospect",
    Defined.LEAD.value: "a lead",
    Defined.MQL.value: "an MQL",
    Defined.SAL.value: "a SAL",
    Defined.SQL.value: "an SQL",
    Defined.CONTACT.value: "a contact",
    Defined.OPPORTUNITY.value: "an opportunity",
}
"""How people say them in a sentence."""


def is_by_hand(key: str) -> bool:
    """Whether a campaign is only what somebody hands over in Slack."""
    return key.startswith(BY_HAND_PREFIX)


def _tell(tx: Transaction, case: Sequence[Dispute], person: Person, read_as: ReadAs) -> None:
    """A message of the case for this person in this part: made once, brought up to date afterwards."""
    reader = person
    if read_as is not ReadAs.PARTY:
        but = parties(case) if read_as is ReadAs.ARBITER else contenders(case)
        reader = deciders.reader_of(tx, person, but=but)
    place = posting.reads(reader)
    if place is None:
        return
    case_id = case[0].case_id
    told = [
        post
        for post in tx.posts.of_subject(Subject.DISPUTE, case_id)
        if post.data.get("as") == read_as.value and post.data.get("person") == person.id
    ]
    for post in told:
        posting.sync(tx, post)
    if told:
        return
    lead_id = case[0].lead_id if len(case) == 1 else None
    data: dict[str, object] = {"as": read_as.value, "person": person.id}

    def live() -> None:
        posting.say(tx, Subject.DISPUTE, case_id, place, PostRole.NOTICE, lead_id, data)

    briefs.tell(tx, reader, Kind.DISPUTE, case_id, lead_id, {}, live)
