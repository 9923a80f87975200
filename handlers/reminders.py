"""What stands under a reminder beside the decision: Snooze."""

from __future__ import annotations

from bot.services import snoozing
from bot.services.snoozing import SnoozeReminders
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.replies import message_view
from bot.views.set_up_ids import read_id
from bot.views.snooze_form import snooze_form
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database

TITLE = "Snooze"


class ReminderHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {ActionId.REMINDER_SNOOZE: self.ask_how_long}

    def submissions(self) -> Submissions:
        return {CallbackId.SNOOZE_SUBMIT: self.snooze}

    async def ask_how_long(self, click: Click) -> None:
        form = await self._db.read(snoozing.snooze_form, read_id(click.value), click.by)
        await self._replies.open_form(click, snooze_form(form))

    async def snooze(self, submission: Submission) -> View:
        command = SnoozeReminders(
            countdown_id=read_id(submission.metadata),
            by=submission.by,
            how_long=submission.answer(BlockId.SNOOZE_FOR) or "",
        )
        return message_view(await self._db.run(snoozing.snooze, command), title=TITLE)
