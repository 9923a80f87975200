"""Handing a lead over by hand: the form behind `/lockstep lead`, the shortcut and the button."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError

from bot.domain.lead import Priority
from bot.errors import FormError
from bot.services import lead_form
from bot.services.lead_form import SOURCE, HandOverLead
from bot.services.lead_records import HandOver
from bot.views.ids import ActionId, BlockId, CallbackId, ShortcutId
from bot.views.lead_form import lead_form as render_form
from bot.views.replies import message_view
from handlers.lead_fields import read_email, read_priority, read_text
from handlers.payloads import Click, Submission
from handlers.phone_numbers import to_e164
from handlers.replies import Replies, View
from handlers.tables import Actions, Shortcuts, Submissions
from storage.database import Database

TITLE = "Hand over a lead"
READERS = {
    BlockId.NAME: read_text(200),
    BlockId.COMPANY: read_text(200),
    BlockId.EMAIL: read_email,
    BlockId.PHONE: read_text(50),
    BlockId.COUNTRY: read_text(100),
    BlockId.PRIORITY: read_priority,
    BlockId.CAMPAIGN: read_text(200),
    BlockId.SUMMARY: read_text(2000),
}


class LeadFormHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {ActionId.LEAD_NEW: self.open}

    def shortcuts(self) -> Shortcuts:
        return {ShortcutId.LEAD_NEW: self.open}

    def submissions(self) -> Submissions:
        return {CallbackId.LEAD_SUBMIT: self.submit}

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, render_form(await self._db.read(lead_form.lead_form, click.by)))

    async def submit(self, submission: Submission) -> View:
        command = HandOverLead(by=submission.by, lead=read_lead_form(submission))
        return message_view(await self._db.run(lead_form.hand_over_lead, command), title=TITLE)


def read_lead_form(submission: Submission) -> HandOver:
    """The lead in a form. Sent twice, it is the same lead. Raises FormError by field."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for block, read in READERS.items():
        try:
            values[block.value] = read(submission.answer(block))
        except PydanticCustomError as error:
            errors[block.value] = error.message()
    if not errors and not any(values[one] for one in (BlockId.NAME, BlockId.EMAIL, BlockId.PHONE)):
        errors[BlockId.NAME] = "Say who it is: a name, an e-mail address or a phone number."
    if not errors and not values[BlockId.SUMMARY]:
        errors[BlockId.SUMMARY] = "Say why in a few words: the rep reads it before they call."
    if errors:
        raise FormError(errors)
    values["priority"] = values["priority"] or Priority.WARM
    return HandOver(
        source=SOURCE,
        external_id=f"form-{submission.view_id}",
        delivery_id=f"form-{submission.view_id}",
        phone_e164=to_e164(values["phone"], values["country"]),
        given=frozenset(name for name, value in values.items() if value is not None),
        **values,
    )
