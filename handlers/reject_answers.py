"""Marketing's answers to rejects: fix and resend, accept, dispute, one by one or several at once."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError

from bot.errors import FormError
from bot.services import answering_several, raising_disputes, reject_answers, resending
from bot.services.answering_several import AnswerSeveral
from bot.services.raising_disputes import DisputeReject
from bot.services.reject_answers import AnswerReject
from bot.services.resending import ResendLead
from bot.views import ids
from bot.views.answer_several import answered_view, chosen_rejects, several_form
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.reject_answers import dispute_form, resend_form
from bot.views.replies import message_view
from handlers.lead_fields import read_email, read_priority, read_text
from handlers.payloads import Click, Submission
from handlers.phone_numbers import to_e164
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database

READERS = {
    BlockId.NAME: read_text(200),
    BlockId.COMPANY: read_text(200),
    BlockId.TITLE: read_text(200),
    BlockId.EMAIL: read_email,
    BlockId.PHONE: read_text(50),
    BlockId.COUNTRY: read_text(100),
    BlockId.PRIORITY: read_priority,
    BlockId.SUMMARY: read_text(2000),
}


class RejectAnswerHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {
            ActionId.REJECT_FIX: self.open_fix,
            ActionId.REJECT_AGREE: self.accept,
            ActionId.REJECT_DISPUTE: self.open_dispute,
            ActionId.REJECT_SEVERAL: self.open_several,
            ActionId.REJECT_SEVERAL_WHICH: self.choose_several,
        }

    def submissions(self) -> Submissions:
        return {
            CallbackId.REJECT_FIX_SUBMIT: self.fix,
            CallbackId.REJECT_DISPUTE_SUBMIT: self.dispute,
            CallbackId.REJECT_SEVERAL_SUBMIT: self.answer_several,
        }

    async def open_fix(self, click: Click) -> None:
        form = await self._db.read(resending.resend_form, ids.read_lead_value(click.value), click.by)
        await self._replies.open_form(click, resend_form(form))

    async def fix(self, submission: Submission) -> View:
        values = _values(submission)
        command = ResendLead(
            handoff_id=ids.read_lead_value(submission.metadata),
            by=submission.by,
            values=values,
            what_changed=submission.answer(BlockId.WHAT_CHANGED) or "",
        )
        done = await self._db.run(resending.resend_lead, command)
        return message_view(f"Sent again. {done.what_next}.", title="Fix and resend")

    async def accept(self, click: Click) -> None:
        command = AnswerReject(handoff_id=ids.read_lead_value(click.value), by=click.by)
        await self._db.run(reject_answers.accept_reject, command)

    async def open_dispute(self, click: Click) -> None:
        form = await self._db.read(answering_several.dispute_form, ids.read_lead_value(click.value), click.by)
        await self._replies.open_form(click, dispute_form(form))

    async def dispute(self, submission: Submission) -> None:
        command = DisputeReject(
            handoff_id=ids.read_lead_value(submission.metadata),
            by=submission.by,
            why=submission.answer(BlockId.WHY) or "",
        )
        await self._db.run(raising_disputes.dispute_reject, command)

    async def open_several(self, click: Click) -> None:
        form = await self._db.read(answering_several.several_form, click.by)
        await self._replies.open_form(click, several_form(form))

    async def choose_several(self, click: Click) -> None:
        form = await self._db.read(answering_several.several_form, click.by, click.value)
        if click.view_id is not None:
            await self._replies.update_form(click.view_id, several_form(form))

    async def answer_several(self, submission: Submission) -> View:
        command = AnswerSeveral(
            by=submission.by,
            handoff_ids=chosen_rejects(submission.choices),
            answer=submission.answer(BlockId.ANSWER_ALL) or "",
            why=submission.answer(BlockId.WHY) or "",
        )
        return answered_view(await self._db.run(answering_several.answer_several, command))


def _values(submission: Submission) -> dict[str, Any]:
    """The lead as the form has it. Raises FormError by field."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for block, read in READERS.items():
        try:
            values[block.value] = read(submission.answer(block))
        except PydanticCustomError as error:
            errors[block.value] = error.message()
    if not errors and not any(values[one.value] for one in (BlockId.NAME, BlockId.EMAIL, BlockId.PHONE)):
        errors[BlockId.NAME.value] = "Say who it is: a name, an e-mail address or a phone number."
    if errors:
        raise FormError(errors)
    if values["priority"] is None:
        del values["priority"]
    return values | {"phone_e164": to_e164(values["phone"], values["country"])}
