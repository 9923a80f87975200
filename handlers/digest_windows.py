"""The window with everything of a digest: opened in a digest, and turned."""

from __future__ import annotations

from bot.services import digest_window
from bot.views.digest_window import digest_window as window_view
from bot.views.digest_window_ids import WindowAction, read_window_value
from handlers.payloads import Click, Surface
from handlers.replies import Replies
from handlers.tables import Actions
from storage.database import Database


class DigestWindowHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return dict.fromkeys(WindowAction, self.show)

    async def show(self, click: Click) -> None:
        """A page of it: in place of the one before, or in a window of its own."""
        ref = read_window_value(click.value)
        view = window_view(await self._db.read(digest_window.load_window, click.by, ref))
        if click.surface is Surface.FORM and click.view_id is not None and click.action_id != WindowAction.ALL:
            await self._replies.update_form(click.view_id, view)
        else:
            await self._replies.open_form(click, view)
