"""The forms that ask for a note: Release for the owner, Reassign, Assign and Withdraw for managers."""

from __future__ import annotations

from bot.services import assigning, forms, handoffs, reassigning
from bot.services.assigning import AssignLead
from bot.services.handoffs import ReleaseHandoff
from bot.services.reassigning import ReassignHandoff, WithdrawHandoff
from bot.views import ids
from bot.views.handoff_forms import assign_form
from bot.views.ids import ActionId, BlockId, CallbackId
from handlers.payloads import Click, Submission
from handlers.replies import Replies
from handlers.tables import Actions, Submissions
from storage.database import Database


class FormHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {ActionId.LEAD_ASSIGN: self.open_assign}

    def submissions(self) -> Submissions:
        return {
            CallbackId.RELEASE_SUBMIT: self.release,
            CallbackId.REASSIGN_SUBMIT: self.reassign,
            CallbackId.ASSIGN_SUBMIT: self.assign,
            CallbackId.WITHDRAW_SUBMIT: self.withdraw,
        }

    async def open_assign(self, click: Click) -> None:
        form = await self._db.read(forms.assign_form, ids.read_lead_value(click.value), click.by)
        await self._replies.open_form(click, assign_form(form))

    async def assign(self, submission: Submission) -> None:
        command = AssignLead(
            lead_id=ids.read_lead_value(submission.metadata),
            by=submission.by,
            person_id=submission.answer(BlockId.PERSON_ID) or "",
            note=submission.answer(BlockId.NOTE) or "",
        )
        await self._db.run(assigning.assign_lead, command)

    async def release(self, submission: Submission) -> None:
        ref = ids.read_form_metadata(submission.metadata)
        command = ReleaseHandoff(
            handoff_id=ref.handoff_id,
            version=ref.version,
            by=submission.by,
            note=submission.answer(BlockId.NOTE),
        )
        await self._db.run(handoffs.release_handoff, command)

    async def reassign(self, submission: Submission) -> None:
        ref = ids.read_form_metadata(submission.metadata)
        command = ReassignHandoff(
            handoff_id=ref.handoff_id,
            version=ref.version,
            by=submission.by,
            person_id=submission.answer(BlockId.PERSON_ID) or "",
            note=submission.answer(BlockId.NOTE) or "",
        )
        await self._db.run(reassigning.reassign_handoff, command)

    async def withdraw(self, submission: Submission) -> None:
        ref = ids.read_form_metadata(submission.metadata)
        command = WithdrawHandoff(
            handoff_id=ref.handoff_id,
            version=ref.version,
            by=submission.by,
            note=submission.answer(BlockId.NOTE) or "",
        )
        await self._db.run(reassigning.withdraw_handoff, command)
