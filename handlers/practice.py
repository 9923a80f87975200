"""A practice lead: from the welcome, from a practice card that is over, and from Home."""

from __future__ import annotations

from bot.services import practice
from bot.views.ids import ActionId
from bot.views.replies import message_view
from handlers.payloads import Click, Surface
from handlers.replies import Replies
from handlers.tables import Actions
from storage.database import Database

ON_ITS_WAY = "A practice lead is in your messages with me: open Messages, the tab beside Home."


class PracticeHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {ActionId.PRACTICE_START: self.start}

    async def start(self, click: Click) -> None:
        await self._db.run(practice.start_practice, click.by)
        if click.surface is Surface.HOME:
            await self._replies.open_form(click, message_view(ON_ITS_WAY, title="Practice lead"))
