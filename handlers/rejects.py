"""Reject: the form, its follow-up for the chosen reason, and its submission."""

from __future__ import annotations

from bot.services import forms, rejects
from bot.services.rejects import RejectHandoff
from bot.views import ids
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.reject_form import reject_form
from handlers.payloads import Click, Submission
from handlers.replies import Replies
from handlers.tables import Actions, Submissions
from storage.database import Database


class RejectHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {ActionId.HANDOFF_REJECT: self.open_form, ActionId.REJECT_REASON: self.choose_reason}

    def submissions(self) -> Submissions:
        return {CallbackId.REJECT_SUBMIT: self.submit}

    async def open_form(self, click: Click) -> None:
        ref = ids.read_handoff_value(click.value)
        form = await self._db.read(forms.reject_form, ref.handoff_id, click.by)
        await self._replies.open_form(click, reject_form(form))

    async def choose_reason(self, click: Click) -> None:
        ref = ids.read_form_metadata(click.metadata)
        form = await self._db.read(forms.reject_form, ref.handoff_id, click.by)
        if click.view_id is not None:
            await self._replies.update_form(click.view_id, reject_form(form, chosen=click.value))

    async def submit(self, submission: Submission) -> None:
        ref = ids.read_form_metadata(submission.metadata)
        command = RejectHandoff(
            handoff_id=ref.handoff_id,
            version=ref.version,
            by=submission.by,
            reason=submission.answer(BlockId.REASON) or "",
            comment=submission.answer(BlockId.COMMENT),
            recycle_on=submission.answer(BlockId.RECYCLE_ON),
            person_id=submission.answer(BlockId.PERSON_ID),
            criterion=submission.answer(BlockId.CRITERION),
            lead_id=submission.answer(BlockId.LEAD_ID),
            text=submission.answer(BlockId.TEXT),
            again=bool(submission.chosen(BlockId.AGAIN)),
        )
        await self._db.run(rejects.reject_handoff, command)
