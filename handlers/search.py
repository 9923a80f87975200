"""Find: what was typed after `/lockstep find`, and the window."""

from __future__ import annotations

from bot.ports import Message
from bot.services import note_messages, search
from bot.services.search import FIRST, Results
from bot.views.search import render_found, search_view
from bot.views.search_ids import (
    SearchAction,
    SearchBlock,
    SearchCallback,
    SearchRef,
    read_place_value,
    read_search_metadata,
)
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database
from storage.transaction import Transaction


class SearchHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {SearchAction.OPEN: self.open, SearchAction.BACK: self.back, SearchAction.ON: self.on}

    def submissions(self) -> Submissions:
        return {SearchCallback.SUBMIT: self.submit}

    async def typed(self, by: str, text: str) -> Message:
        """`/lockstep find words`."""
        return render_found(await self._db.read(_typed, by, text))

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, await self._view(click.by, SearchRef(click.value)))

    async def submit(self, submission: Submission) -> View:
        return await self._view(submission.by, SearchRef(submission.answer(SearchBlock.WORDS) or ""))

    async def back(self, click: Click) -> None:
        await self._turn(click, read_search_metadata(click.metadata).back())

    async def on(self, click: Click) -> None:
        await self._turn(click, read_search_metadata(click.metadata).on(read_place_value(click.value)))

    async def _turn(self, click: Click, ref: SearchRef) -> None:
        if click.view_id is not None:
            await self._replies.update_form(click.view_id, await self._view(click.by, ref))

    async def _view(self, by: str, ref: SearchRef) -> View:
        results = await self._db.read(search.find, by, ref.words, search.PAGE, ref.before)
        return search_view(results if ref.words else None, SearchRef(results.words, ref.ends))


def _typed(tx: Transaction, by: str, text: str) -> Results:
    return search.find(tx, by, note_messages.in_words(tx, text), FIRST)
