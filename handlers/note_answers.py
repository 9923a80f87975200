"""Answers to field notes: a theme in its window, the form to answer it, what is asked for, and what is seen."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.note_answer import How
from bot.errors import WHOLE_FORM, FormError, NotAllowed, NotFound
from bot.services import note_answer_form, note_answers, note_theme_shown, requests
from bot.services.note_answers import AnswerTheme
from bot.views.note_answer_ids import (
    AnswerAction,
    AnswerBlock,
    AnswerCallback,
    AnswerRef,
    read_answer_metadata,
    read_requests_metadata,
    read_theme_value,
    read_themes_value,
    theme_value,
)
from bot.views.note_answers import answer_form, answered_text, theme_view
from bot.views.note_ids import read_note_id, read_page
from bot.views.replies import message_view
from bot.views.requests import requests_view
from handlers.payloads import Click, Submission, Surface
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database

TITLE = "Answer"
KEPT = "Nothing was sent; what you typed stays here to be copied."


class NoteAnswerHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {
            AnswerAction.THEME: self.open_theme,
            AnswerAction.THEME_BACK: self.turn_theme,
            AnswerAction.THEME_ON: self.turn_theme,
            AnswerAction.SEEN: self.seen,
            AnswerAction.ANSWER: self.open_form,
            AnswerAction.HOW: self.choose_how,
            AnswerAction.REQUESTS: self.open_requests,
            AnswerAction.REQUESTS_BACK: self.turn_requests,
            AnswerAction.REQUESTS_ON: self.turn_requests,
        }

    def submissions(self) -> Submissions:
        return {AnswerCallback.SUBMIT: self.submit}

    async def open_theme(self, click: Click) -> None:
        page = read_requests_metadata(click.metadata)
        await self._replies.open_form(click, await self._theme(click.value, click.by, page))

    async def turn_theme(self, click: Click) -> None:
        view = await self._theme(click.value, click.by, read_requests_metadata(click.metadata))
        if click.surface is Surface.FORM and click.view_id is not None:
            await self._replies.update_form(click.view_id, view)

    async def seen(self, click: Click) -> None:
        await self._db.run(note_answers.mark_seen, click.by, read_themes_value(click.value))

    async def open_form(self, click: Click) -> None:
        form = await self._db.run(note_answer_form.open_form, read_note_id(click.value), click.by)
        page = read_requests_metadata(click.metadata)
        await self._replies.open_form(click, answer_form(form, requests_page=page))

    async def choose_how(self, click: Click) -> None:
        """The form asks for what this answer needs; what was typed stays, and so does the answer it was opened on. What
        is there to be answered no more is said when it is sent off: a refusal now would take the form's place."""
        ref = read_answer_metadata(click.metadata)
        try:
            form = await self._db.read(note_answer_form.answer_form, ref.theme_id, click.by)
        except (NotFound, NotAllowed):
            return
        if click.view_id is not None and click.value in list(How):
            view = answer_form(
                replace(form, seen=ref.seen), chosen=How(click.value), requests_page=ref.requests_page, waits=ref.waits
            )  # fmt: skip
            await self._replies.update_form(click.view_id, view)

    async def submit(self, submission: Submission) -> View | None:
        ref = read_answer_metadata(submission.metadata)
        command = AnswerTheme(
            by=submission.by,
            theme_id=ref.theme_id,
            seen=ref.seen,
            how=submission.answer(AnswerBlock.HOW) or "",
            text=submission.answer(AnswerBlock.TEXT) or "",
            link=submission.answer(AnswerBlock.LINK) or "",
            waits=ref.waits,
        )
        try:
            answered = await self._db.run(note_answers.answer, command)
        except (NotFound, NotAllowed) as error:
            # It was taken back, erased or hidden while somebody wrote: what they typed is theirs.
            raise FormError({WHOLE_FORM: f"{error} {KEPT}"}) from error
        self._follow(submission, ref)
        return message_view(answered_text(answered), title=TITLE)

    def _follow(self, submission: Submission, ref: AnswerRef) -> None:
        """What lies under the form shows the answer: a theme, the window of requests, or that and a theme over it."""
        under, page = submission.previous_view_id, ref.requests_page
        requests_view_id = None if page is None else submission.root_view_id or under

        async def theme() -> View:
            return await self._theme(theme_value(ref.theme_id), submission.by, page)

        async def listed() -> View:
            return await self._requests(submission.by, page or 0)

        if under is not None and under != requests_view_id:
            self._replies.follow_form(under, theme)
        if requests_view_id is not None:
            self._replies.follow_form(requests_view_id, listed)

    async def open_requests(self, click: Click) -> None:
        await self._replies.open_form(click, await self._requests(click.by, read_page(click.value)))

    async def turn_requests(self, click: Click) -> None:
        if click.surface is Surface.FORM and click.view_id is not None:
            await self._replies.update_form(click.view_id, await self._requests(click.by, read_page(click.value)))

    async def _theme(self, value: str, by: str, requests_page: int | None = None) -> View:
        theme_id, page = read_theme_value(value)
        theme = await self._db.run(note_theme_shown.open_theme, theme_id, by, page)
        return theme_view(theme, requests_page=requests_page)

    async def _requests(self, by: str, page: int) -> View:
        return requests_view(await self._db.read(requests.ranked, by, page))
