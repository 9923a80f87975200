"""Log outcome: the form and what it updates, one-click answers to *Reached them?*, and corrections."""

from __future__ import annotations

from bot.domain.outcome import Attempt, Kind
from bot.services import corrections, outcome_form, outcomes
from bot.services.corrections import CorrectOutcome
from bot.services.outcome_input import Filled, When
from bot.services.outcomes import LogOutcome
from bot.views import ids, outcome_ref
from bot.views import outcome_form as views
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.outcome_history import history_view
from bot.views.outcome_ref import OutcomeRef
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database


class OutcomeHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {
            ActionId.OUTCOME_LOG: self.open,
            ActionId.OUTCOME_GIVE_BACK: self.open_give_back,
            ActionId.OUTCOME_DISQUALIFY: self.open_disqualify,
            ActionId.OUTCOME_REACHED: self.reached,
            ActionId.OUTCOME_NO_ANSWER: self.no_answer,
            ActionId.OUTCOME_WHAT: self.choose_what,
            ActionId.OUTCOME_WHEN: self.choose_when,
            ActionId.OUTCOME_REASON: self.choose_reason,
            ActionId.OUTCOME_HISTORY: self.history,
            ActionId.OUTCOME_CORRECT: self.open_correction,
        }

    def submissions(self) -> Submissions:
        return {CallbackId.OUTCOME_SUBMIT: self.submit, CallbackId.CORRECT_SUBMIT: self.correct}

    async def open(self, click: Click) -> None:
        await self._open(click, None)

    async def open_give_back(self, click: Click) -> None:
        await self._open(click, Kind.GIVEN_BACK)

    async def open_disqualify(self, click: Click) -> None:
        await self._open(click, Kind.DISQUALIFIED)

    async def reached(self, click: Click) -> None:
        await self._log_at_once(click, Filled(kind=Kind.CONTACTED))

    async def no_answer(self, click: Click) -> None:
        await self._log_at_once(click, Filled(kind=Kind.ATTEMPT, attempt=Attempt.NO_ANSWER))

    async def choose_what(self, click: Click) -> None:
        ref = outcome_ref.read_outcome_ref(click.metadata)
        await self._update(click, ref, kind=click.value, when=ref.when, reason=None)

    async def choose_when(self, click: Click) -> None:
        ref = outcome_ref.read_outcome_ref(click.metadata)
        await self._update(click, ref, kind=ref.kind, when=click.value, reason=ref.reason)

    async def choose_reason(self, click: Click) -> None:
        ref = outcome_ref.read_outcome_ref(click.metadata)
        await self._update(click, ref, kind=ref.kind, when=ref.when, reason=click.value)

    async def history(self, click: Click) -> None:
        ref = ids.read_handoff_value(click.value)
        shown = await self._db.read(outcome_form.history, ref.handoff_id, click.by)
        await self._replies.open_form(click, history_view(shown))

    async def open_correction(self, click: Click) -> None:
        ref = outcome_ref.read_entry_value(click.value)
        form = await self._db.read(outcome_form.correct_form, ref.handoff_id, ref.outcome_id or "", click.by)
        await self._replies.open_form(click, views.outcome_form(form))

    async def submit(self, submission: Submission) -> None:
        ref = outcome_ref.read_outcome_ref(submission.metadata)
        command = LogOutcome(
            handoff_id=ref.handoff_id,
            version=ref.version,
            by=submission.by,
            filled=_filled(submission),
            once=f"form:{submission.view_id}",
        )
        await self._db.run(outcomes.log_outcome, command)

    async def correct(self, submission: Submission) -> View:
        ref = outcome_ref.read_outcome_ref(submission.metadata)
        filled = _filled(submission)
        command = CorrectOutcome(
            handoff_id=ref.handoff_id,
            version=ref.version,
            by=submission.by,
            outcome_id=ref.outcome_id or "",
            filled=None if filled.kind == views.TAKE_OUT else filled,
        )
        await self._db.run(corrections.correct_outcome, command)
        return history_view(await self._db.read(outcome_form.history, ref.handoff_id, submission.by))

    async def _open(self, click: Click, kind: Kind | None) -> None:
        ref = ids.read_handoff_value(click.value)
        form = await self._db.read(outcome_form.outcome_form, ref.handoff_id, click.by)
        await self._replies.open_form(click, views.outcome_form(form, kind=kind))

    async def _log_at_once(self, click: Click, filled: Filled) -> None:
        ref = ids.read_handoff_value(click.value)
        command = LogOutcome(
            handoff_id=ref.handoff_id,
            version=ref.version,
            by=click.by,
            filled=filled,
            once=f"{ref.handoff_id}:{ref.version}:{filled.kind}",
        )
        await self._db.run(outcomes.log_outcome, command)

    async def _update(
        self, click: Click, ref: OutcomeRef, *, kind: str | None, when: str | None, reason: str | None
    ) -> None:
        if ref.outcome_id is None:
            form = await self._db.read(outcome_form.outcome_form, ref.handoff_id, click.by)
        else:
            form = await self._db.read(outcome_form.correct_form, ref.handoff_id, ref.outcome_id, click.by)
        if click.view_id is not None:
            view = views.outcome_form(form, kind=kind, when=when, reason=reason)
            await self._replies.update_form(click.view_id, view)


def _filled(submission: Submission) -> Filled:
    return Filled(
        kind=submission.answer(BlockId.WHAT) or "",
        when=submission.answer(BlockId.WHEN) or When.NOW,
        at=submission.answer(BlockId.AT),
        day=submission.answer(BlockId.DAY),
        attempt=submission.answer(BlockId.ATTEMPT),
        reason=submission.answer(BlockId.REASON),
        answer=submission.answer(BlockId.ANSWER),
        come_back_on=submission.answer(BlockId.COME_BACK_ON),
        amount=submission.answer(BlockId.AMOUNT),
        currency=submission.answer(BlockId.CURRENCY),
        expected_close=submission.answer(BlockId.EXPECTED_CLOSE),
        note=submission.answer(BlockId.NOTE),
        again=bool(submission.chosen(BlockId.AGAIN)),
    )
