"""Disputes and disagreements: the manager of each side says what they think; what they do not settle the arbiter rules
on, and that is final. What was raised in one act is one case: one message to each, one opinion or ruling for all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import dispute as rules
from bot.domain.countdown import CountdownKind
from bot.domain.dispute import About, Dispute, DisputeState, Ruling, is_party
from bot.domain.handoff import Opened
from bot.domain.person import Person, Side
from bot.domain.post import TimerKind
from bot.domain.reject_answer import AnswerState
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import (
    announcements,
    countdowns,
    deciders,
    dispute_messages,
    offering_again,
    posting,
    reject_answers,
    settle_window,
)
from bot.services.people import clicker
from storage.transaction import Transaction

RULING = "ruling:"
"""Before a case, in place of a person, in a timer's subject."""
NO_ARBITER = (
    "A dispute waits for a ruling, and nobody can give it: the agreement names no arbiter, and nobody on the roster "
    "has the role, or all who have it are a party to it. Give somebody the role arbiter, under Set-up, People."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOnCase:
    """`by` is the Slack id of the one who clicked; the rest came back from the client and is not trusted."""

    case_id: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(ActOnCase):
    """An opinion or a ruling. `which` is one dispute of the case; None: all of them that are open. `side` is for whom
    a manager of leadership speaks."""

    ruling: str
    sentence: str
    which: str | None = None
    side: str | None = None


def give_opinion(tx: Transaction, command: Decide) -> list[Dispute]:
    """What a manager, or their deputy, says of it. Both sides the same: settled. Not the same: to the arbiter now.

    Raises NotAllowed, PersonUnknown, NotFound, FormError (ruling, sentence, side), and Refused when it is not with the
    managers (any more).
    """
    who, case = _case(tx, command)
    ruling, open_ones = _ruling(command), _chosen(case, command.which, DisputeState.WITH_MANAGERS)
    acting = deciders.acting_manager(tx, who, _asked(case))
    if acting is None:
        raise NotAllowed("Only managers of sales and of marketing can settle a dispute.")
    open_ones = [one for one in open_ones if rules.may_settle(one, acting.person, acting.by)] or open_ones[:1]
    side = _side(acting.person, command.side, open_ones)
    said = [
        rules.give_opinion(
            one, acting.person, ruling, command.sentence, tx.now, as_side=side, by=acting.by
        )
        for one in open_ones
    ]  # fmt: skip
    for one in said:
        record(tx, "dispute.opinion", one, who, {"ruling": ruling.value})
    return settle(tx, command.case_id, said, who)


def hand_to_arbiter(tx: Transaction, command: ActOnCase) -> list[Dispute]:
    """A manager hands it to the arbiter without waiting. Raises as give_opinion."""
    who, case = _case(tx, command)
    acting = deciders.acting_manager(tx, who, _asked(case))
    if acting is None:
        raise NotAllowed("Only managers of sales and of marketing can hand a dispute to the arbiter.")
    open_ones = _chosen(case, None, DisputeState.WITH_MANAGERS)
    mine = [one for one in open_ones if rules.may_settle(one, acting.person, acting.by)] or open_ones[:1]
    return settle(tx, command.case_id, [rules.to_arbiter(one, acting.person, acting.by) for one in mine], who)


def rule(tx: Transaction, command: Decide) -> list[Dispute]:
    """The arbiter's ruling, or their deputy's, final. Raises NotAllowed, PersonUnknown, NotFound, FormError (ruling,
    sentence), and Refused when it is not with the arbiter."""
    who, case = _case(tx, command)
    ruling, open_ones = _ruling(command), _chosen(case, command.which, DisputeState.WITH_ARBITER)
    if any(is_party(one, who.id) for one in open_ones):
        raise Refused(rules.NOT_YOURS_TO_RULE)
    acting = deciders.acting_arbiter(tx, who, but=rules.parties(open_ones))
    if acting is None:
        raise NotAllowed("Only the arbiter can rule on it.")
    ruled = [
        rules.rule(one, acting.person, ruling, command.sentence, tx.now, named=True, by=acting.by) for one in open_ones
    ]
    return settle(tx, command.case_id, ruled, who)


def take_back(tx: Transaction, command: ActOnCase) -> list[Dispute]:
    """Whoever raised it takes back all of it that is open. Raises PersonUnknown, NotAllowed, NotFound, Refused."""
    who, case = _case(tx, command)
    open_ones = [one for one in case if one.is_open] or case[:1]
    return settle(tx, command.case_id, [rules.take_back(one, who, tx.now) for one in open_ones], who)


def window_over(tx: Transaction, case_id: str) -> None:
    """The managers did not settle it in time: what is left of it is with the arbiter."""
    case = _locked(tx, case_id)
    left = [one for one in case if one.state is DisputeState.WITH_MANAGERS]
    if left:
        countdowns.miss(tx, CountdownKind.SETTLE, case_id)
        late = [rules.timed_out(replace(one, to_arbiter_at=tx.now), tx.now) for one in left]
        settle(tx, case_id, late, None)


def arbiters_changed(tx: Transaction) -> None:
    """Somebody else may rule now, or somebody no more: whoever waits for a ruling is seen to soon (`ask_again`)."""
    for case_id in tx.disputes.cases_with_arbiter():
        tx.timers.set(TimerKind.LEFT, f"{RULING}{case_id}", tx.now)


def ask_again(tx: Transaction, case_id: str) -> None:
    """What waits for a ruling waits for somebody who may rule: whoever was asked and may not any more is told so, and
    another hears of it; the admin where nobody may."""
    case = _locked(tx, case_id)
    changed: list[Dispute] = []
    for one in case:
        but = rules.parties([one])
        may = {person.id for person in deciders.arbiters(tx, but=but)}
        if one.state is not DisputeState.WITH_ARBITER or one.arbiter_id in may:
            continue
        found = deciders.arbiter(tx, but=but)
        posting.sync_home(tx, one.arbiter_id)
        if found is not None or one.arbiter_id is not None:
            changed.append(replace(one, arbiter_id=found.id if found else None))
    for one in changed:
        tx.disputes.save(one)
        posting.sync_home(tx, one.arbiter_id)
    dispute_messages.show_again(tx, case_id)
    if changed:
        _tell_arbiter(tx, changed)


def forget(tx: Transaction, lead_id: str) -> None:
    """The person is erased: nothing of what was said of them is left, and nothing is decided about them any more."""
    for found in tx.disputes.of_lead(lead_id):
        case = tx.disputes.lock_case(found.case_id)
        blank = [_blanked(one, tx.now) for one in case if one.lead_id == lead_id]
        for one in blank:
            tx.disputes.save(one)
        left = tx.disputes.of_case(found.case_id)
        if any(one.state is DisputeState.WITH_MANAGERS for one in left):
            settle_window.goes_on(tx, found.case_id, left)
        else:
            _stop_window(tx, found.case_id, void=True)
        dispute_messages.show_again(tx, found.case_id)


def settle(tx: Transaction, case_id: str, changed: Sequence[Dispute], who: Person | None) -> list[Dispute]:
    """What changed of a case is stored, with all that follows from it. The caller holds the locks."""
    done = [_with_arbiter(tx, one) for one in changed]
    for one in done:
        tx.disputes.save(one)
        _follow(tx, one, who)
    case = tx.disputes.of_case(case_id)
    if any(one.state is DisputeState.WITH_MANAGERS for one in case):
        settle_window.goes_on(tx, case_id, case)
    else:
        _stop_window(tx, case_id)
    dispute_messages.show_again(tx, case_id)
    new = [one for one in done if one.state is DisputeState.WITH_ARBITER]
    if new:
        _to_arbiter(tx, new)
    decided = [one for one in done if one.ruling is not None]
    if decided:
        dispute_messages.tell_decided(tx, decided)
    for person_id in {one for dispute in done for one in _everybody(dispute)} | ({who.id} if who else set()):
        posting.sync_home(tx, person_id)
    return done


def _follow(tx: Transaction, dispute: Dispute, who: Person | None) -> None:
    """What a ruling or taking back means for the reject, and its event."""
    if dispute.is_open:
        return
    if dispute.ruling is not None:
        actor = who or tx.people.get(dispute.decided_by[0])
        record(tx, "dispute.decided", dispute, actor, {"ruling": dispute.ruling.value, "note": dispute.sentence})
    else:
        record(tx, "dispute.taken_back", dispute, who, {})
    if dispute.about is not About.REJECT:
        return
    answer = tx.reject_answers.get(dispute.subject_id)
    handoff = tx.handoffs.get(dispute.subject_id)
    if answer is None or handoff is None:
        return
    state = answer.state if dispute.ruling is not None else AnswerState.ACCEPTED
    answer = replace(answer, ruling=dispute.ruling, state=state)
    tx.reject_answers.save(answer)
    lead = tx.leads.get(answer.lead_id)
    may_be_offered = lead is not None and offering_again.is_free(tx, lead) and offering_again.is_latest(tx, handoff)
    if dispute.ruling is Ruling.OVERTURNED and lead is not None and may_be_offered:
        offering_again.offer_again(tx, lead, Opened.OVERTURNED, after=handoff, origin="dispute")
    reject_answers.show_again(tx, answer)


def _with_arbiter(tx: Transaction, dispute: Dispute) -> Dispute:
    if dispute.state is not DisputeState.WITH_ARBITER or dispute.arbiter_id is not None:
        return dispute
    found = deciders.arbiter(tx, but=rules.parties([dispute]))
    return replace(dispute, arbiter_id=found.id if found else None)


def _to_arbiter(tx: Transaction, disputes: Sequence[Dispute]) -> None:
    for one in disputes:
        record(tx, "dispute.to_arbiter", one, None, {})
    _tell_arbiter(tx, disputes)


def _tell_arbiter(tx: Transaction, disputes: Sequence[Dispute]) -> None:
    stuck = any(one.arbiter_id is None for one in disputes)
    if stuck and tx.seen.first_time("alert", f"no-arbiter:{tx.now:%Y-%m-%d}"):
        posting.alert(tx, "A dispute has no arbiter", NO_ARBITER)
    dispute_messages.tell_arbiter(tx, [one for one in disputes if one.arbiter_id is not None])


def _case(tx: Transaction, command: ActOnCase) -> tuple[Person, list[Dispute]]:
    who = clicker(tx, command.by).person
    return who, _locked(tx, command.case_id)


def _locked(tx: Transaction, case_id: str) -> list[Dispute]:
    """The case, with its leads locked first, in one order."""
    for lead_id in sorted({one.lead_id for one in tx.disputes.of_case(case_id) if one.lead_id is not None}):
        tx.leads.lock(lead_id)
    case = tx.disputes.lock_case(case_id)
    if not case:
        raise NotFound("I do not know this dispute any more.")
    return case


def _chosen(case: Sequence[Dispute], which: str | None, state: DisputeState) -> list[Dispute]:
    wanted = [one for one in case if which is None or one.id == which]
    if not wanted:
        raise NotFound("I do not know this dispute any more.")
    return [one for one in wanted if one.state is state] or wanted[:1]


def _ruling(command: Decide) -> Ruling:
    if command.ruling not in list(Ruling):
        raise FormError({"ruling": "Choose one of the two."})
    return Ruling(command.ruling)


def _side(manager: Person, asked: str | None, disputes: Sequence[Dispute]) -> Side | None:
    """For which side a manager of leadership speaks: the one they chose, else the one they were asked for."""
    if manager.side is not Side.LEADERSHIP:
        return None
    if asked in (Side.SALES.value, Side.MARKETING.value):
        return Side(asked)
    if manager.id == disputes[0].sales_manager_id:
        return Side.SALES
    return Side.MARKETING if manager.id == disputes[0].marketing_manager_id else None


def _asked(case: Sequence[Dispute]) -> set[str | None]:
    return {person_id for one in case for person_id in (one.sales_manager_id, one.marketing_manager_id)}


def _everybody(dispute: Dispute) -> set[str | None]:
    asked = {dispute.sales_manager_id, dispute.marketing_manager_id, dispute.arbiter_id}
    return asked | {dispute.raised_by, dispute.against}


def _stop_window(tx: Transaction, case_id: str, *, void: bool = False) -> None:
    countdowns.stop(tx, CountdownKind.SETTLE, case_id, void=void)


def _blanked(dispute: Dispute, now: datetime) -> Dispute:
    opinions = {side: replace(opinion, sentence="") for side, opinion in dispute.opinions.items()}
    blank = replace(dispute, why="", sentence="", opinions=opinions)
    return replace(blank, state=DisputeState.TAKEN_BACK, decided_at=now) if dispute.is_open else blank


def record(
    tx: Transaction, kind: str, dispute: Dispute, who: Person | None, data: dict[str, object]
) -> None:  # fmt: skip
    """The event of a dispute; other systems hear of those about a lead."""
    about = {} if dispute.lead_id is not None else {"dispute": dispute.id, "subject": dispute.subject_id}
    handoff_id = dispute.subject_id if dispute.about is About.REJECT else None
    event = tx.events.add(
        kind, lead_id=dispute.lead_id, handoff_id=handoff_id, actor=who.id if who else "lockstep",
        origin="slack" if who else "timer", data={**data, **about},
    )  # fmt: skip
    announcements.announce(tx, event)
