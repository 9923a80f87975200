"""Where an accepted lead stands: what was logged about it, replayed, and what the CRM says beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain import follow_up, money
from bot.domain.crm import Facts
from bot.domain.follow_up import Progress
from bot.domain.handoff import Handoff, can_undo
from bot.domain.lead import CARRIED_ON, CRM_STAGES, Lead, Stage
from bot.domain.outcome import BY_BEFORE, BY_CRM, NOT_LOGGED, SETS_STAGE, Attempt, Kind, Logged, Outcome, reason_of
from bot.errors import Refused
from storage.transaction import Transaction

KIND_OF_STAGE = {
    Stage.SQL: Kind.QUALIFIED,
    Stage.OPPORTUNITY: Kind.OPPORTUNITY,
    Stage.WON: Kind.WON,
    Stage.LOST: Kind.LOST,
}
STAGE_OF_KIND = {kind: stage for stage, kind in KIND_OF_STAGE.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What cards, Home and forms say of an accepted lead. `amount` is spoken, with its currency; `reason` is the label
    of why it was won or lost; `by_crm`: the stage is the CRM's word. Texts are untrusted."""

    stage: Stage
    attempts: int
    attempts_agreed: int
    last_attempt: Attempt | None = None
    last_attempt_at: datetime | None = None
    contacted_at: datetime | None = None
    qualified_at: datetime | None = None
    ended_at: datetime | None = None
    """When it was won or lost."""
    amount: str | None = None
    expected_close: date | None = None
    come_back_on: date | None = None
    reason: str | None = None
    by_crm: bool = False
    leaking_since: datetime | None = None
    """Nobody has tried to reach it, and the agreed window ended then."""
    is_logged: bool = False
    """Somebody logged something, so that there is something to correct."""

    @property
    def can_be_given_back(self) -> bool:
        """Until it is qualified."""
        return self.stage not in CRM_STAGES

    @property
    def is_over(self) -> bool:
        return self.stage in (Stage.WON, Stage.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The history of a handoff as it stands, and what it comes to, the CRM's word included. `word`: that word, where it
    is not in the history yet."""

    history: tuple[Logged, ...]
    progress: Progress
    word: Outcome | None = None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(logged.outcome for logged in self.history)

    @property
    def is_logged(self) -> bool:
        return any(one.by not in NOT_LOGGED for one in self.outcomes)


def known(tx: Transaction, handoff: Handoff, lead: Lead, history: Sequence[Logged] | None = None) -> Known:
    """What is known of an accepted handoff; `lead` is its lead as it is now."""
    found = tuple(tx.outcomes.standing(handoff.id) if history is None else history)
    progress = progress_of(handoff, found)
    word = None
    if handoff.is_owned and lead.stage in CRM_STAGES and lead.stage is not progress.stage:
        word = _crm_word(tx.facts.of(lead.id), lead.stage, progress)
        progress = follow_up.after(progress, word, handoff.terms)
    return Known(history=found, progress=progress, word=word)


def refuse_giving_back(tx: Transaction, handoff: Handoff, lead: Lead) -> None:
    """Raises Refused with a sentence once the lead is qualified, won or lost: it stays with whoever has it, until a
    manager reassigns it."""
    refusal = follow_up.refusal(known(tx, handoff, lead).progress, Kind.GIVEN_BACK, handoff.terms, tx.now)
    if refusal is not None:
        raise Refused(refusal)


def progress_of(handoff: Handoff, history: Sequence[Logged]) -> Progress:
    """What the history alone comes to."""
    return follow_up.replay(
        handoff.decided_at or handoff.offered_at, [logged.outcome for logged in history], handoff.terms
    )


def take_in_crm(tx: Transaction, handoff: Handoff, found: Known) -> Known:
    """The CRM's word stands in the history: what is logged from now on builds on it."""
    if found.word is None:
        return found
    logged = add_word(tx, handoff, found.word, found.word.at)
    return replace(found, history=(*found.history, logged), word=None)


def add_word(tx: Transaction, handoff: Handoff, word: Outcome, said_at: datetime) -> Logged:
    """What nobody logged stands in the history of `handoff`, as of `said_at`."""
    entry_id = tx.new_id()
    logged = Logged(
        id=entry_id, handoff_id=handoff.id, lead_id=handoff.lead_id, place=entry_id, outcome=word, logged_at=said_at
    )
    tx.outcomes.add(logged)
    return logged


def carry_on(tx: Transaction, handoff: Handoff, lead: Lead) -> None:
    """What somebody logged before this owner had the lead, and still holds, begins their history: a qualified lead
    that changes hands is qualified. The CRM's word needs no carrying."""
    if lead.stage not in CARRIED_ON or lead.stage is tx.facts.of(lead.id).stage:
        return
    before = [one for one in tx.outcomes.of_lead(lead.id) if one.taken_out_at is None and one.handoff_id != handoff.id]
    latest = next((one for one in reversed(before) if one.outcome.kind is KIND_OF_STAGE[lead.stage]), None)
    if latest is not None:
        at = handoff.decided_at or tx.now
        add_word(tx, handoff, replace(latest.outcome, at=at, by=BY_BEFORE, note=None, answer=None), latest.logged_at)


def stage_word_at(tx: Transaction, handoff_id: str) -> datetime | None:
    """When somebody last said in Slack which stage the lead of this handoff is in, by an entry or a correction of one;
    None when nobody has."""
    instants = [
        instant
        for one in tx.outcomes.ever(handoff_id)
        if one.outcome.kind in SETS_STAGE and one.outcome.by != BY_CRM
        for instant in (one.logged_at, one.taken_out_at)
        if instant is not None
    ]
    return max(instants, default=None)


def standing(tx: Transaction, handoff: Handoff, lead: Lead) -> Standing | None:
    """Where the lead stands; None unless somebody has it, or has disqualified it."""
    if not handoff.is_owned:
        return None
    return _standing(handoff, known(tx, handoff, lead), tx.leaks.since([handoff.id]).get(handoff.id), lead)


def can_undo_still(handoff: Handoff, where: Standing | None, now: datetime) -> bool:
    """Whether whoever accepted may take it back: for five minutes, and until something is logged."""
    logged = where is not None and where.is_logged
    return handoff.decided_by is not None and not logged and can_undo(handoff, handoff.decided_by, now)


def standings(tx: Transaction, pairs: Sequence[tuple[Handoff, Lead]]) -> dict[str, Standing]:
    """As standing, of a page of accepted handoffs at once, by handoff."""
    owned = [(handoff, lead) for handoff, lead in pairs if handoff.is_owned]
    ids = [handoff.id for handoff, _ in owned]
    histories, leaking = tx.outcomes.standing_of_many(ids), tx.leaks.since(ids)
    return {
        handoff.id: _standing(handoff, known(tx, handoff, lead, histories[handoff.id]), leaking.get(handoff.id), lead)
        for handoff, lead in owned
    }


def _standing(handoff: Handoff, found: Known, leaking_since: datetime | None, lead: Lead) -> Standing:
    progress, terms = found.progress, handoff.terms
    words = found.outcomes if found.word is None else (*found.outcomes, found.word)
    last = next((one for one in reversed(words) if one.kind in SETS_STAGE), None)
    return Standing(
        stage=lead.stage,
        attempts=progress.attempts,
        attempts_agreed=terms.attempts,
        last_attempt=progress.last_attempt,
        last_attempt_at=progress.last_attempt_at,
        contacted_at=progress.contacted_at,
        qualified_at=progress.qualified_at,
        ended_at=last.at if last is not None and progress.has_ended else None,
        amount=None if progress.amount is None else money.spoken(progress.amount, progress.currency),
        expected_close=progress.expected_close,
        come_back_on=progress.come_back_on,
        reason=_label(handoff, progress),
        by_crm=last is not None and last.by == BY_CRM,
        leaking_since=leaking_since,
        is_logged=found.is_logged,
    )


def _label(handoff: Handoff, progress: Progress) -> str | None:
    if progress.reason is None:
        return None
    if progress.stage is Stage.WON:
        return next((one.label for one in handoff.terms.win_reasons if one.code == progress.reason), progress.reason)
    reason = reason_of((*handoff.terms.loss_reasons, *handoff.terms.disqualify_reasons), progress.reason)
    return reason.label if reason is not None else progress.reason


def _crm_word(facts: Facts, stage: Stage, progress: Progress) -> Outcome:
    return Outcome(
        kind=KIND_OF_STAGE[stage],
        at=max(facts.stage_at or progress.accepted_at, progress.accepted_at),
        by=BY_CRM,
        amount=money.read_digits(facts.amount),
        currency=facts.currency,
    )
