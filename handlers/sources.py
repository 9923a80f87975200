"""Sources from Slack: the list in a window, and a secret that one person sees once."""

from __future__ import annotations

from collections.abc import Callable

from bot.errors import NotFound
from bot.services import sources
from bot.views import sources as views
from bot.views.first_lead import first_lead_view
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.set_up_ref import SetUpBlock, page_of, read_choice, read_ref
from bot.views.webhook_example import PublicAddress
from handlers.lead_form import LeadFormHandlers
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database


class SourceHandlers:
    """`address`: where other systems reach us; it is known when we listen."""

    def __init__(
        self, db: Database, replies: Replies, lead_form: LeadFormHandlers, address: Callable[[], PublicAddress]
    ) -> None:
        self._db = db
        self._replies = replies
        self._lead_form = lead_form
        self._address = address

    def actions(self) -> Actions:
        return {
            ActionId.SET_UP_SOURCES: self.open,
            ActionId.SET_UP_FIRST_LEAD: self.first_lead,
            ActionId.SOURCE_ADD: self.add,
            ActionId.SOURCE_MORE: self.more,
            ActionId.SOURCE_EXAMPLE: self.example,
        }

    def submissions(self) -> Submissions:
        return {
            CallbackId.SOURCE_SUBMIT: self.save,
            CallbackId.SOURCE_RENEW: self.renew,
            CallbackId.SOURCE_END: self.end,
            CallbackId.SOURCE_DELETE: self.delete,
        }

    async def view(self, by: str, page: int, note: str | None = None) -> View:
        """The list, as it is now."""
        return views.sources_view(await self._db.read(sources.sources_list, by), page, note=note)

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, await self.view(click.by, 0))

    async def first_lead(self, click: Click) -> None:
        rows = await self._db.read(sources.sources_list, click.by)
        if rows:
            await self._replies.open_form(click, first_lead_view(rows))
        else:
            await self._lead_form.open(click)

    async def add(self, click: Click) -> None:
        await self._db.read(sources.may_add, click.by)
        await self._replies.open_form(click, views.source_form(page_of(click.metadata)))

    async def example(self, click: Click) -> None:
        row = await self._db.read(sources.source_row, click.by, click.value)
        await self._replies.open_form(click, views.example_view(row, self._address()))

    async def more(self, click: Click) -> None:
        word, key = read_choice(click.value, views.WORDS)
        page = page_of(click.metadata)
        try:
            row = await self._db.read(sources.source_row, click.by, key)
        except NotFound as error:
            self._show(click.view_id, click.by, page, str(error))
            return
        match word:
            case views.RENEW:
                form = views.renew_form(row, page)
            case views.END:
                form = views.end_form(row, page)
            case views.DELETE:
                form = views.delete_source_form(row, page)
            case _:
                form = views.example_view(row, self._address())
        await self._replies.open_form(click, form)

    async def save(self, submission: Submission) -> View:
        made = await self._db.run(
            sources.add_source,
            submission.by,
            key=submission.answer(SetUpBlock.KEY) or "",
            name=submission.answer(BlockId.NAME) or "",
        )
        self._follow(submission)
        return views.secret_view(made, self._address())

    async def renew(self, submission: Submission) -> View:
        ref = read_ref(submission.metadata)
        made = await self._db.run(sources.renew_secret, submission.by, ref.thing, ref.seen)
        self._follow(submission)
        return views.secret_view(made, self._address())

    async def end(self, submission: Submission) -> None:
        ref = read_ref(submission.metadata)
        await self._db.run(sources.end_old_secret, submission.by, ref.thing, ref.seen)
        self._follow(submission)

    async def delete(self, submission: Submission) -> None:
        ref = read_ref(submission.metadata)
        await self._db.run(sources.delete_source, submission.by, ref.thing, ref.seen)
        self._follow(submission)

    def _follow(self, submission: Submission) -> None:
        """The list under the form follows."""
        self._show(submission.previous_view_id, submission.by, page_of(submission.metadata))

    def _show(self, view_id: str | None, by: str, page: int, note: str | None = None) -> None:
        if view_id is not None:
            self._replies.follow_form(view_id, lambda: self.view(by, page, note))
