"""Digests from Slack: the list in a window, the form behind it, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.digest import DigestKind
from bot.errors import NotFound
from bot.services import digest_set_up, digests
from bot.services.digest_set_up import SaveDigest
from bot.views.digest import digest_preview
from bot.views.digest_ids import DigestAction, DigestBlock, DigestOption
from bot.views.digests import digest_form, digests_view
from bot.views.ids import CallbackId
from bot.views.set_up_ids import read_id
from bot.views.set_up_ref import page_of, read_ref
from handlers.directory import Directory
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.set_up import new_one
from handlers.tables import Actions, Submissions
from storage.database import Database
from storage.transaction import Transaction


class DigestHandlers:
    def __init__(self, db: Database, directory: Directory, replies: Replies) -> None:
        self._db = db
        self._directory = directory
        self._replies = replies

    def actions(self) -> Actions:
        return {
            DigestAction.OPEN: self.open,
            DigestAction.ADD: self.add,
            DigestAction.OFFERED: self.add_offered,
            DigestAction.EDIT: self.edit,
            DigestAction.PREVIEW: self.preview,
            DigestAction.SEND_NOW: self.send_now,
            DigestAction.SWITCH_ON: self.switch_on,
            DigestAction.SWITCH_OFF: self.switch_off,
            DigestAction.REMOVE: self.remove,
        }

    def submissions(self) -> Submissions:
        return {CallbackId.DIGEST_SUBMIT: self.save}

    async def view(self, by: str, page: int, note: str | None = None) -> View:
        """The list, as it is now."""
        return digests_view(await self._db.read(digest_set_up.digests_list, by), page, note=note)

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, await self.view(click.by, 0))

    async def add(self, click: Click) -> None:
        form = await self._db.read(digest_set_up.digest_form, click.by)
        await self._replies.open_form(click, digest_form(form, page_of(click.metadata)))

    async def edit(self, click: Click) -> None:
        form = await self._db.read(digest_set_up.digest_form, click.by, read_id(click.value))
        await self._replies.open_form(click, digest_form(form, page_of(click.metadata)))

    async def preview(self, click: Click) -> None:
        name, shown = await self._db.read(digest_set_up.preview, click.by, read_id(click.value))
        await self._replies.open_form(click, digest_preview(shown, name))

    async def add_offered(self, click: Click) -> None:
        kind = next((one for one in DigestKind if one == click.value), None)
        if kind is None:
            raise NotFound(digests.GONE)
        await self._show(click, await self._db.run(digest_set_up.add_offered, click.by, kind))

    async def send_now(self, click: Click) -> None:
        await self._do(click, digest_set_up.send_now)

    async def switch_on(self, click: Click) -> None:
        await self._do(click, lambda tx, by, one: digest_set_up.switch(tx, by, one, on=True))

    async def switch_off(self, click: Click) -> None:
        await self._do(click, lambda tx, by, one: digest_set_up.switch(tx, by, one, on=False))

    async def remove(self, click: Click) -> None:
        await self._do(click, digest_set_up.remove)

    async def save(self, submission: Submission) -> None:
        ref = read_ref(submission.metadata)
        chosen = submission.chosen(DigestBlock.OPTIONS)
        command = SaveDigest(
            by=submission.by,
            schedule_id=read_id(ref.thing) if ref.thing else None,
            seen=ref.seen,
            name=submission.answer(DigestBlock.NAME) or "",
            kind=submission.answer(DigestBlock.KIND) or "",
            channel=submission.answer(DigestBlock.CHANNEL),
            person=submission.answer(DigestBlock.PERSON),
            weekdays=submission.chosen(DigestBlock.WEEKDAYS),
            at=submission.answer(DigestBlock.AT) or "",
            tz=submission.answer(DigestBlock.TZ) or "",
            silent_when_empty=DigestOption.SILENT in chosen,
            closing_line=DigestOption.CLOSING in chosen,
        )
        # Whoever may not, asks Slack nothing; and it is asked only about a channel that is new here.
        before = await self._db.read(digest_set_up.digest_form, command.by, command.schedule_id)
        channel = new_one(command.channel, before.channel)
        await self._directory.refuse_unless_in({DigestBlock.CHANNEL: channel}, inside={DigestBlock.CHANNEL})
        note = await self._db.run(digest_set_up.save_digest, command)
        if submission.previous_view_id is not None:
            self._replies.follow_form(submission.previous_view_id, lambda: self.view(submission.by, ref.page, note))

    async def _do(self, click: Click, what: Callable[[Transaction, str, str], str]) -> None:
        await self._show(click, await self._db.run(what, click.by, read_id(click.value)))

    async def _show(self, click: Click, note: str) -> None:
        """The list, with what just happened."""
        if click.view_id is not None:
            await self._replies.update_form(click.view_id, await self.view(click.by, page_of(click.metadata), note))
