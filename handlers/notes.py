"""Field notes: `/note`, the shortcuts, the form, what follows a saved note, and one's own notes."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.note import Note, NoteKind
from bot.errors import NotFound, StorageUnavailable, TooLate
from bot.ports import Message
from bot.services import note_form, note_messages, note_shown, note_themes, notes
from bot.services.notes import ChangeNote, SaveNote
from bot.views.ids import BlockId
from bot.views.note_form import MANAGERS, block_of
from bot.views.note_form import note_form as render_form
from bot.views.note_ids import (
    NoteAction,
    NoteBlock,
    NoteCallback,
    NoteMore,
    NoteRef,
    NoteShortcut,
    read_join_value,
    read_kind_value,
    read_note_id,
    read_note_metadata,
    read_note_more_value,
    read_note_page_value,
    read_page,
)
from bot.views.notes import my_notes_view, note_view, render_saved, render_taken_back, saved_view, taken_back_view
from bot.views.replies import message_view, render_reply
from handlers.channels import is_public
from handlers.message_payload import OnMessage, read_message
from handlers.note_set_up import NoteSetUpHandlers
from handlers.payloads import Click, Command, Submission, Surface
from handlers.replies import Replies, View
from handlers.tables import Actions, OnMessages, Shortcuts, Submissions
from storage.database import Database
from storage.transaction import Transaction

SAVED = "Saved as a field note. My field notes, on Home, shows it."


class NoteHandlers:
    def __init__(self, db: Database, client: AsyncWebClient, replies: Replies, *, bot_user_id: str) -> None:
        self._db = db
        self._client = client
        self._replies = replies
        self._bot_user_id = bot_user_id
        self._set_up = NoteSetUpHandlers(db, replies)

    def actions(self) -> Actions:
        return {
            NoteAction.NEW: self.open,
            NoteAction.MINE: self.mine,
            NoteAction.MINE_BACK: self.turn_mine,
            NoteAction.MINE_ON: self.turn_mine,
            NoteAction.MORE: self.more,
            NoteAction.OPEN: self.whole,
            NoteAction.BACK: self.turn_whole,
            NoteAction.ON: self.turn_whole,
            NoteAction.KIND: self.kind,
            NoteAction.JOIN: self.join,
            NoteAction.LEAVE: self.leave,
            NoteAction.DETAILS: self.change,
            NoteAction.TAKE_BACK: self.take_back,
            **self._set_up.actions(),
        }

    def submissions(self) -> Submissions:
        return {NoteCallback.SUBMIT: self.submit, **self._set_up.submissions()}

    def shortcuts(self) -> Shortcuts:
        return {NoteShortcut.NEW: self.open}

    def on_messages(self) -> OnMessages:
        return {NoteShortcut.SAVE: self.save_message}

    async def command(self, command: Command) -> Message | None:
        """`/note text` saves at once; alone it opens the form."""
        if not command.text:
            await self.open(command.click)
            return None
        note = await self._db.run(_save_typed, command)
        # It is saved: whatever becomes of the rest. The same of others is looked for outside of what holds up others.
        try:
            return render_saved(await self._db.read(note_shown.saved, command.by, note.id))
        except StorageUnavailable:
            return render_reply(SAVED)

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, render_form(await self._db.read(note_form.open, click.by)))

    async def save_message(self, found: OnMessage) -> None:
        public = not found.is_surely_private and await is_public(self._client, found.channel)
        message = read_message(found, is_public=public, bot_user_id=self._bot_user_id)
        form = await self._db.run(note_form.of_message, found.click.by, message)
        await self._replies.open_form(found.click, render_form(form))

    async def submit(self, submission: Submission) -> View | None:
        ref = read_note_metadata(submission.metadata)
        if ref.note_id is None:
            note = await self._db.run(notes.save_note, _save(submission, ref))
            return await self._saved(submission.by, note)
        note = await self._db.run(notes.change_note, _change(submission, ref, ref.note_id))
        under = submission.previous_view_id
        if under is None:
            return await self._saved(submission.by, note)

        async def again() -> View:
            if ref.page is None:
                return saved_view(await self._db.read(note_shown.saved, submission.by, note.id))
            return my_notes_view(await self._db.read(note_shown.mine, submission.by, ref.page))

        self._replies.follow_form(under, again)
        return None

    async def _saved(self, by: str, note: Note) -> View:
        try:
            return saved_view(await self._db.read(note_shown.saved, by, note.id))
        except StorageUnavailable:
            return message_view(SAVED, title="Field note")

    async def kind(self, click: Click) -> None:
        kind, note_id = read_kind_value(click.value)
        try:
            await self._db.run(notes.set_kind, click.by, note_id, kind)
        except TooLate as error:
            await self._too_late(click, note_id, error)
        else:
            await self._show(click, note_id)

    async def join(self, click: Click) -> None:
        note_id, theme_id = read_join_value(click.value)
        await self._db.run(note_themes.join, click.by, note_id, theme_id)
        await self._show(click, note_id)

    async def leave(self, click: Click) -> None:
        await self._leave(click, read_note_id(click.value))

    async def _leave(self, click: Click, note_id: str) -> None:
        await self._db.run(note_themes.leave, click.by, note_id)
        await self._show(click, note_id)

    async def change(self, click: Click) -> None:
        await self._change(click, read_note_id(click.value))

    async def _change(self, click: Click, note_id: str) -> None:
        try:
            form = await self._db.read(note_form.to_change, click.by, note_id)
        except TooLate as error:
            await self._too_late(click, note_id, error)
            return
        page = read_page(click.metadata) if _in_my_notes(click) else None
        await self._replies.open_form(click, render_form(form, page=page))

    async def take_back(self, click: Click) -> None:
        await self._take_back(click, read_note_id(click.value))

    async def _take_back(self, click: Click, note_id: str) -> None:
        try:
            await self._db.run(notes.take_back, click.by, note_id)
        except TooLate as error:
            await self._too_late(click, note_id, error)
            return
        if _in_my_notes(click):
            await self._show(click, note_id)
        elif click.surface is Surface.MESSAGE:
            self._replies.replace(click, render_taken_back())
        elif click.view_id is not None:
            await self._replies.update_form(click.view_id, taken_back_view())

    async def more(self, click: Click) -> None:
        what, note_id = read_note_more_value(click.value)
        match what:
            case NoteMore.OPEN:
                await self._replies.open_form(click, note_view(await self._db.read(note_shown.one, click.by, note_id)))
            case NoteMore.CHANGE:
                await self._change(click, note_id)
            case NoteMore.LEAVE:
                await self._leave(click, note_id)
            case NoteMore.TAKE_BACK:
                await self._take_back(click, note_id)

    async def mine(self, click: Click) -> None:
        await self._replies.open_form(click, my_notes_view(await self._db.read(note_shown.mine, click.by)))

    async def turn_mine(self, click: Click) -> None:
        if click.view_id is not None:
            mine = await self._db.read(note_shown.mine, click.by, read_page(click.value))
            await self._replies.update_form(click.view_id, my_notes_view(mine))

    async def whole(self, click: Click) -> None:
        note_id, page = read_note_page_value(click.value)
        note = await self._db.read(note_shown.one, click.by, note_id)
        await self._replies.open_form(click, note_view(note, page))

    async def turn_whole(self, click: Click) -> None:
        note_id, page = read_note_page_value(click.value)
        if click.view_id is not None:
            note = await self._db.read(note_shown.one, click.by, note_id)
            await self._replies.update_form(click.view_id, note_view(note, page))

    async def _too_late(self, click: Click, note_id: str, error: TooLate) -> None:
        """It was answered since this was shown, and Slack lets nobody change a private answer before somebody clicks on
        it: now it says so, with the answer, and offers it no more. The list of one's own is told as any refusal."""
        if _in_my_notes(click):
            raise error
        await self._show(click, note_id, str(error))

    async def _show(self, click: Click, note_id: str, why_not: str | None = None) -> None:
        """The note as it is now, where it was clicked on."""
        if _in_my_notes(click) and click.view_id is not None:
            mine = await self._db.read(note_shown.mine, click.by, read_page(click.metadata))
            await self._replies.update_form(click.view_id, my_notes_view(mine))
            return
        saved = await self._db.read(note_shown.saved, click.by, note_id)
        if click.surface is Surface.MESSAGE:
            self._replies.replace(click, render_saved(saved, why_not))
        elif click.view_id is not None:
            await self._replies.update_form(click.view_id, saved_view(saved, why_not))


def _in_my_notes(click: Click) -> bool:
    return click.action_id == NoteAction.MORE


def _save_typed(tx: Transaction, command: Command) -> Note:
    text = note_messages.in_words(tx, command.text)
    return notes.save_note(tx, SaveNote(by=command.by, text=text, sent=f"typed:{command.trigger_id}"))


def _save(submission: Submission, ref: NoteRef) -> SaveNote:
    return SaveNote(
        by=submission.by,
        text=_text(submission),
        sent=f"form:{submission.view_id}",
        kind=_kind(submission),
        account=submission.answer(NoteBlock.ACCOUNT) or "",
        competitor=submission.answer(NoteBlock.COMPETITOR) or "",
        lead_id=submission.answer(BlockId.LEAD_ID),
        campaign_id=submission.answer(BlockId.CAMPAIGN),
        alert_id=ref.alert_id,
        managers_only=submission.answer(NoteBlock.READ_BY) == MANAGERS,
        message=ref.message,
    )


def _change(submission: Submission, ref: NoteRef, note_id: str) -> ChangeNote:
    return ChangeNote(
        by=submission.by,
        note_id=note_id,
        version=ref.version,
        text=None if _is_as_it_was(submission) else _text(submission),
        kind=_kind(submission),
        account=submission.answer(NoteBlock.ACCOUNT) or "",
        competitor=submission.answer(NoteBlock.COMPETITOR) or "",
        lead_id=submission.answer(BlockId.LEAD_ID),
        campaign_id=submission.answer(BlockId.CAMPAIGN),
        managers_only=submission.answer(NoteBlock.READ_BY) == MANAGERS,
    )


def _kind(submission: Submission) -> NoteKind:
    word = submission.answer(NoteBlock.KIND) or ""
    if word not in list(NoteKind):
        raise NotFound("I do not know this kind of field note. Please open the form again.")
    return NoteKind(word)


def _pieces(submission: Submission) -> list[str]:
    """The text, piece for piece."""
    found: list[str] = []
    while (block := block_of(len(found))) in submission.answers:
        found.append(submission.answer(block) or "")
    return found


def _text(submission: Submission) -> str:
    return "\n".join(piece for piece in _pieces(submission) if piece)


def _is_as_it_was(submission: Submission) -> bool:
    """Whether the text is what the form was opened with: what a field cannot show of it stays, too."""
    began = {
        block.get("block_id"): (block.get("element") or {}).get("initial_value") or ""
        for block in submission.view.get("blocks", ())
    }
    return all(began.get(block_of(number)) == piece for number, piece in enumerate(_pieces(submission)))
