"""Set-up of field notes: who reads them all."""

from __future__ import annotations

from bot.services import note_set_up
from bot.services.note_set_up import SaveNoteReaders
from bot.views.note_ids import NoteAction, NoteBlock, NoteCallback
from bot.views.note_set_up import note_readers_form
from bot.views.set_up_ids import read_seen_metadata
from handlers.payloads import Click, Submission
from handlers.replies import Replies
from handlers.tables import Actions, Submissions
from storage.database import Database


class NoteSetUpHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {NoteAction.SET_UP: self.open}

    def submissions(self) -> Submissions:
        return {NoteCallback.SET_UP_SUBMIT: self.save}

    async def open(self, click: Click) -> None:
        form = await self._db.read(note_set_up.note_readers_form, click.by)
        await self._replies.open_form(click, note_readers_form(form))

    async def save(self, submission: Submission) -> None:
        command = SaveNoteReaders(
            by=submission.by,
            seen=read_seen_metadata(submission.metadata).seen,
            read_by=submission.chosen(NoteBlock.READ_BY),
        )
        await self._db.run(note_set_up.save_note_readers, command)
