"""The forms that ask for a note: Release for the owner, Reassign and Withdraw for managers."""

from __future__ import annotations

from bot.services import handoffs
from bot.services.handoffs import ReassignHandoff, ReleaseHandoff, WithdrawHandoff
from bot.views import ids
from bot.views.ids import BlockId, CallbackId
from handlers.payloads import Submission
from handlers.tables import Submissions
from storage.database import Database


class FormHandlers:
    def __init__(self, db: Database) -> None:
        self._db = db

    def submissions(self) -> Submissions:
        return {
            CallbackId.RELEASE_SUBMIT: self.release,
            CallbackId.REASSIGN_SUBMIT: self.reassign,
            CallbackId.WITHDRAW_SUBMIT: self.withdraw,
        }

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
        await self._db.run(handoffs.reassign_handoff, command)

    async def withdraw(self, submission: Submission) -> None:
        ref = ids.read_form_metadata(submission.metadata)
        command = WithdrawHandoff(
            handoff_id=ref.handoff_id,
            version=ref.version,
            by=submission.by,
            note=submission.answer(BlockId.NOTE) or "",
        )
        await self._db.run(handoffs.withdraw_handoff, command)
