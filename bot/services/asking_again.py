"""Whoever in marketing was asked for an answer, to a reject or a field note, is not the one to ask any more: another
is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.countdown import CountdownKind
from bot.domain.post import TimerKind
from bot.domain.reject_answer import AnswerToReject, Asked
from bot.services import countdowns, note_window, notices, posting, reject_answers
from storage.transaction import Transaction

ANSWER = "answer:"
"""Before a handoff, in place of a person, in a timer's subject."""
AT_ONCE = 500


def owner_changed(tx: Transaction, campaign_id: str) -> None:
    """The campaign is somebody else's now: what waits for an answer about its leads is asked of them, soon."""
    _soon(tx, [one for one in _waiting(tx) if one.campaign_id == campaign_id])
    note_window.owner_changed(tx, campaign_id)


def somebody_left(tx: Transaction, person_id: str) -> None:
    """What waited for this person's answer is asked of somebody else, soon."""
    _soon(tx, [one for one in _waiting(tx) if one.asked_id == person_id])
    note_window.somebody_left(tx, person_id)


def ask_again(tx: Transaction, handoff_id: str) -> None:
    """Who is to be asked about this reject now is asked, with a window of their own, if that is somebody else. What
    went up to a manager already goes on there; its answer is the new one's to give all the same."""
    found = tx.reject_answers.get(handoff_id)
    lead = tx.leads.lock(found.lead_id) if found is not None else None
    answer, handoff = tx.reject_answers.get(handoff_id), tx.handoffs.get(handoff_id)
    if answer is None or lead is None or handoff is None or not answer.is_waiting:
        return
    asked = reject_answers.whom_to_ask(tx, handoff)
    if (asked.id if asked else None) == answer.asked_id:
        return
    moved = replace(answer, asked_id=asked.id if asked else None)
    tx.reject_answers.save(moved)
    for person_id in (answer.asked_id, moved.asked_id):
        posting.sync_home(tx, person_id)
    if answer.asked is Asked.MARKETER:
        countdowns.stop(tx, CountdownKind.ANSWER_REJECT, handoff.id, void=True)
        if asked is not None or tx.config.marketing_channel is not None:
            reject_answers.start_window(tx, handoff, asked)
        notices.tell_marketing(tx, handoff, lead)
    reject_answers.show_again(tx, moved)


def _waiting(tx: Transaction) -> Iterator[AnswerToReject]:
    page, skipped = tx.reject_answers.waiting(None, AT_ONCE), 0
    while page:
        yield from page
        skipped += len(page)
        page = tx.reject_answers.waiting(None, AT_ONCE, skipped)


def _soon(tx: Transaction, answers: list[AnswerToReject]) -> None:
    for one in answers:
        tx.timers.set(TimerKind.LEFT, f"{ANSWER}{one.handoff_id}", tx.now)
