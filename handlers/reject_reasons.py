"""The reasons to reject from Slack: the list in a window, its overflow, and the forms behind it."""

from __future__ import annotations

from bot.errors import NotFound
from bot.services import reject_reasons
from bot.services.reject_reasons import SaveReason
from bot.views import reject_reasons as views
from bot.views.ids import ActionId, CallbackId
from bot.views.set_up_ref import SetUpBlock, page_of, read_choice, read_ref
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database


class RejectReasonHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {ActionId.SET_UP_REASONS: self.open, ActionId.REASON_ADD: self.add, ActionId.REASON_MORE: self.more}

    def submissions(self) -> Submissions:
        return {CallbackId.REASON_SUBMIT: self.save, CallbackId.REASON_RETIRE: self.retire}

    async def view(self, by: str, page: int, note: str | None = None) -> View:
        """The list, as it is now."""
        return views.reasons_view(await self._db.read(reject_reasons.reasons_list, by), page, note=note)

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, await self.view(click.by, 0))

    async def add(self, click: Click) -> None:
        form = await self._db.read(reject_reasons.reason_form, click.by)
        await self._replies.open_form(click, views.reason_form(form, page_of(click.metadata)))

    async def more(self, click: Click) -> None:
        word, code = read_choice(click.value, views.WORDS)
        page = page_of(click.metadata)
        note = None
        try:
            if word in (views.UP, views.DOWN):
                await self._db.run(reject_reasons.move_reason, click.by, code, up=word == views.UP)
            else:
                form = await self._db.read(reject_reasons.reason_form, click.by, code)
                opened = views.retire_form(form, page) if word == views.RETIRE else views.reason_form(form, page)
                await self._replies.open_form(click, opened)
                return
        except NotFound as error:
            note = str(error)
        self._show(click.view_id, click.by, page, note)

    async def save(self, submission: Submission) -> None:
        ref = read_ref(submission.metadata)
        command = SaveReason(
            by=submission.by,
            code=ref.thing or None,
            seen=ref.seen,
            label=submission.answer(SetUpBlock.LABEL) or "",
            then=submission.answer(SetUpBlock.THEN) or "",
            ask=submission.answer(SetUpBlock.ASK) or "",
            question=submission.answer(SetUpBlock.QUESTION) or "",
            required=views.YES in submission.chosen(SetUpBlock.REQUIRED),
            counts_against_marketing=views.YES in submission.chosen(SetUpBlock.COUNTS),
        )
        await self._db.run(reject_reasons.save_reason, command)
        self._show(submission.previous_view_id, submission.by, ref.page)

    async def retire(self, submission: Submission) -> None:
        ref = read_ref(submission.metadata)
        await self._db.run(reject_reasons.retire_reason, submission.by, ref.thing, ref.seen)
        self._show(submission.previous_view_id, submission.by, ref.page)

    def _show(self, view_id: str | None, by: str, page: int, note: str | None = None) -> None:
        """The list that lies under a form, or was clicked in, follows."""
        if view_id is not None:
            self._replies.follow_form(view_id, lambda: self.view(by, page, note))
