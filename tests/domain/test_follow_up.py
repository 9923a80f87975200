from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.business_time import Calendar
from bot.domain.follow_up import (
    Progress,
    accepted,
    ask_again_at,
    corrected,
    disqualify_reasons,
    is_leaking,
    log,
    replay,
)
from bot.domain.lead import Priority, Stage, may_move
from bot.domain.outcome import Attempt, Kind, Outcome
from bot.domain.recycling import Refusal, RejectAnswer, comes_back, may_answer, not_offered_to
from bot.errors import FormError, Refused

TERMS = DEFAULT_TERMS
MONDAY = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
TODAY = MONDAY.date()
CALENDAR = Calendar()


def outcome(kind: Kind, hours: float = 1, **values: Any) -> Outcome:
    filled = {
        Kind.ATTEMPT: {"attempt": Attempt.CALL},
        Kind.DISQUALIFIED: {"reason": "no_need"},
        Kind.GIVEN_BACK: {"note": "Speaks French only"},
        Kind.OPPORTUNITY: {"amount": Decimal(12000), "expected_close": date(2027, 3, 1)},
        Kind.WON: {"reason": "fit"},
        Kind.LOST: {"reason": "price"},
    }.get(kind, {})
    return Outcome(**{"kind": kind, "at": MONDAY + timedelta(hours=hours), "by": "ana"} | filled | values)


def after(*kinds: Kind) -> Progress:
    return replay(MONDAY, [outcome(kind, hours) for hours, kind in enumerate(kinds, 1)], TERMS)


def refusal(progress: Progress, kind: Kind, **values: Any) -> str:
    with pytest.raises(Refused) as refused:
        log(progress, outcome(kind, 9, **values), TERMS, TODAY)
    return str(refused.value)


def mistakes(progress: Progress, kind: Kind, **values: Any) -> set[str]:
    with pytest.raises(FormError) as error:
        log(progress, outcome(kind, 9, **values), TERMS, TODAY)
    return set(error.value.fields)


ATTEMPTS = (Kind.ATTEMPT,) * 3
QUALIFIED = (Kind.CONTACTED, Kind.QUALIFIED)


def test_a_whole_life_from_accept_to_won() -> None:
    progress = accepted(MONDAY)
    stages = []
    for kind in (*ATTEMPTS, *QUALIFIED, Kind.OPPORTUNITY, Kind.WON):
        progress = log(progress, outcome(kind), TERMS, TODAY)
        stages.append(progress.stage)
    assert stages == [*[Stage.SAL] * 4, Stage.SQL, Stage.OPPORTUNITY, Stage.WON]
    assert (progress.attempts, progress.amount, progress.has_ended) == (3, Decimal(12000), True)


@pytest.mark.parametrize(
    ("done", "kind", "sentence"),
    [
        ((), Kind.QUALIFIED, "Log the contact first"),
        ((), Kind.DISQUALIFIED, "after 3 attempts: log the contact, or 3 more attempts, or give it back"),
        (ATTEMPTS[:2], Kind.DISQUALIFIED, "or 1 more attempt, or give it back"),
        ((), Kind.OPPORTUNITY, "Log it as qualified first."),
        ((Kind.CONTACTED,), Kind.WON, "Log it as qualified first."),
        ((Kind.CONTACTED,), Kind.LOST, "To end it without, disqualify it or give it back."),
        (QUALIFIED, Kind.QUALIFIED, "qualified already"),
        (QUALIFIED, Kind.DISQUALIFIED, "log it as lost instead"),
        (QUALIFIED, Kind.GIVEN_BACK, "ask your manager to reassign it"),
        ((*QUALIFIED, Kind.OPPORTUNITY), Kind.OPPORTUNITY, "correct that one"),
        ((*QUALIFIED, Kind.WON), Kind.LOST, "this lead is won"),
        ((*QUALIFIED, Kind.LOST), Kind.ATTEMPT, "this lead is lost"),
        ((Kind.CONTACTED, Kind.DISQUALIFIED), Kind.CONTACTED, "is back with marketing"),
        ((Kind.GIVEN_BACK,), Kind.ATTEMPT, "was given back"),
    ],
)
def test_an_order_that_cannot_have_happened_is_refused_with_a_sentence(
    done: tuple[Kind, ...], kind: Kind, sentence: str
) -> None:
    assert sentence in refusal(after(*done), kind)


def test_nothing_is_logged_before_the_accept() -> None:
    assert "before the lead was accepted" in refusal(after(), Kind.ATTEMPT, at=MONDAY - timedelta(seconds=1))


def test_could_not_be_reached_is_for_leads_nobody_reached_after_the_agreed_attempts() -> None:
    assert disqualify_reasons(after(*ATTEMPTS[:2]), TERMS) == ()
    assert "unable_to_reach" in {reason.code for reason in disqualify_reasons(after(*ATTEMPTS), TERMS)}
    assert "unable_to_reach" not in {reason.code for reason in disqualify_reasons(after(Kind.CONTACTED), TERMS)}
    gone = log(after(*ATTEMPTS), outcome(Kind.DISQUALIFIED, 9, reason="unable_to_reach"), TERMS, TODAY)
    assert (gone.stage, gone.has_ended) == (Stage.RECYCLED, True)


@pytest.mark.parametrize(
    ("done", "kind", "values", "fields"),
    [
        ((), Kind.ATTEMPT, {"attempt": None}, {"attempt"}),
        ((Kind.CONTACTED,), Kind.DISQUALIFIED, {"reason": "bored"}, {"reason"}),
        ((Kind.CONTACTED,), Kind.DISQUALIFIED, {"reason": None}, {"reason"}),
        ((Kind.CONTACTED,), Kind.DISQUALIFIED, {"reason": "unable_to_reach"}, {"reason"}),
        ((Kind.CONTACTED,), Kind.DISQUALIFIED, {"reason": "other"}, {"answer"}),
        ((Kind.CONTACTED,), Kind.DISQUALIFIED, {"reason": "no_timeline"}, {"come_back_on"}),
        (QUALIFIED, Kind.LOST, {"reason": "postponed"}, {"come_back_on"}),
        (QUALIFIED, Kind.LOST, {"come_back_on": TODAY}, {"come_back_on"}),
        (QUALIFIED, Kind.LOST, {"come_back_on": TODAY + timedelta(days=400)}, {"come_back_on"}),
        (QUALIFIED, Kind.OPPORTUNITY, {"amount": None, "expected_close": None}, {"amount", "expected_close"}),
        (QUALIFIED, Kind.OPPORTUNITY, {"amount": Decimal("0.001")}, {"amount"}),
        (QUALIFIED, Kind.OPPORTUNITY, {"amount": Decimal("NaN")}, {"amount"}),
        (QUALIFIED, Kind.OPPORTUNITY, {"amount": Decimal(-5)}, {"amount"}),
        (QUALIFIED, Kind.OPPORTUNITY, {"expected_close": TODAY - timedelta(days=1)}, {"expected_close"}),
        (QUALIFIED, Kind.WON, {"reason": None}, {"reason"}),
        ((), Kind.GIVEN_BACK, {"note": " "}, {"note"}),
    ],
)
def test_what_is_missing_is_named_by_field(
    done: tuple[Kind, ...], kind: Kind, values: dict[str, Any], fields: set[str]
) -> None:
    assert mistakes(after(*done), kind, **values) == fields


def test_a_lost_lead_can_have_a_day_to_come_back() -> None:
    day = date(2027, 2, 1)
    lost = log(after(*QUALIFIED), outcome(Kind.LOST, 9, come_back_on=day), TERMS, TODAY)
    assert (lost.stage, lost.come_back_on) == (Stage.LOST, day)


def test_a_reason_that_closes_closes() -> None:
    closing = replace(TERMS.disqualify_reasons[1], then=TERMS.loss_reasons[0].then)
    terms = replace(TERMS, disqualify_reasons=(closing,))
    assert log(after(Kind.CONTACTED), outcome(Kind.DISQUALIFIED, 9), terms, TODAY).stage is Stage.CLOSED


def test_the_rep_is_asked_when_the_window_to_the_first_contact_ends_and_again_after_each_vain_attempt() -> None:
    def asked(*kinds: Kind) -> datetime | None:
        return ask_again_at(after(*kinds), TERMS, Priority.WARM, "web", CALENDAR)

    assert asked() == MONDAY + timedelta(days=1)
    assert asked(Kind.ATTEMPT) == MONDAY + timedelta(days=1, hours=1)
    assert asked(Kind.CONTACTED) is None
    assert asked(Kind.GIVEN_BACK) is None


def test_a_lead_nobody_touched_in_its_window_leaks_and_one_that_was_tried_does_not() -> None:
    def leaks(progress: Progress, now: datetime) -> bool:
        return is_leaking(progress, TERMS, Priority.HOT, "web", CALENDAR, now)

    assert not leaks(after(), MONDAY + timedelta(minutes=59))
    assert leaks(after(), MONDAY + timedelta(minutes=60))
    assert not leaks(after(Kind.ATTEMPT), MONDAY + timedelta(days=9))
    assert not leaks(after(Kind.GIVEN_BACK), MONDAY + timedelta(days=9))


def test_what_is_logged_late_counts_from_when_it_was() -> None:
    history = [outcome(Kind.ATTEMPT, 5), outcome(Kind.ATTEMPT, 2)]
    progress = replay(MONDAY, history, TERMS)
    assert progress.first_touch_at == MONDAY + timedelta(hours=2)
    assert progress.last_attempt_at == MONDAY + timedelta(hours=5)


def test_a_correction_replaces_one_entry_and_keeps_the_rest() -> None:
    history = [outcome(kind, hours) for hours, kind in enumerate((*QUALIFIED, Kind.OPPORTUNITY, Kind.WON), 1)]
    lost = outcome(Kind.LOST, 4)
    new, progress = corrected(MONDAY, history, 3, lost, TERMS, TODAY)
    assert new == (*history[:3], lost)
    assert progress.stage is Stage.LOST
    shorter, progress = corrected(MONDAY, history, 3, None, TERMS, TODAY)
    assert (shorter, progress.stage) == (tuple(history[:3]), Stage.OPPORTUNITY)


def test_a_correction_that_what_followed_rests_on_is_refused() -> None:
    history = [outcome(kind, hours) for hours, kind in enumerate((*QUALIFIED, Kind.WON), 1)]
    with pytest.raises(Refused, match=r"would not fit what was logged after it\. Log the contact first"):
        corrected(MONDAY, history, 0, None, TERMS, TODAY)
    with pytest.raises(FormError):
        corrected(MONDAY, history, 2, outcome(Kind.LOST, 3, reason="bored"), TERMS, TODAY)
    with pytest.raises(IndexError):
        corrected(MONDAY, history, 3, None, TERMS, TODAY)


@given(st.lists(st.sampled_from(Kind), max_size=8))
def test_every_order_ends_in_a_stage_the_lead_may_move_to_or_is_refused(kinds: list[Kind]) -> None:
    progress = accepted(MONDAY)
    for kind in kinds:
        try:
            following = log(progress, outcome(kind, 9), TERMS, TODAY)
        except Refused:
            continue
        assert following.stage is progress.stage or may_move(progress.stage, following.stage)
        assert not progress.has_ended
        progress = following


def test_marketing_answers_a_reject_once_and_only_one_that_counts_against_it() -> None:
    def answer(answer: RejectAnswer = RejectAnswer.ACCEPTED, **values: Any) -> str | None:
        return may_answer(answer, **{"counts": True, "answered": None, "stage": Stage.RECYCLED} | values)

    assert answer() is None
    assert "does not count" in (answer(counts=False) or "")
    assert "answered already: disputed" in (answer(answered=RejectAnswer.DISPUTED) or "")
    assert answer(RejectAnswer.FIXED, what_changed="New phone number") is None
    assert "Say what changed" in (answer(RejectAnswer.FIXED, what_changed=" ") or "")
    assert "with sales again" in (answer(RejectAnswer.FIXED, what_changed="x", stage=Stage.MQL) or "")
    assert "merged" in (answer(RejectAnswer.FIXED, what_changed="x", stage=Stage.MERGED) or "")


def test_a_recycled_lead_comes_back_as_often_as_agreed_and_not_to_those_who_refused_it() -> None:
    assert [comes_back(replace(TERMS, recycles_at_most=2), times) for times in range(4)] == [True, True, False, False]
    refusals = [Refusal(rep_id="ana"), Refusal(rep_id="rui", said_so=True), Refusal(rep_id="ana", said_so=True)]
    assert not_offered_to(refusals) == frozenset()
    assert not_offered_to([*refusals, Refusal(rep_id="rui")]) == {"rui"}
