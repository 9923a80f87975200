"""On campaign alerts: Got it, questions and answers, feedback, and the windows with all of an alert and all alerts."""

from __future__ import annotations

from bot.services import alert_details, alert_question_forms, alert_questions, alert_window, got_its, note_form
from bot.services.alert_questions import AnswerQuestion, AskQuestion
from bot.services.got_its import PressGotIt
from bot.views import alert_talk_ids as talk
from bot.views import ids
from bot.views.alert_details import alert_details_view
from bot.views.alert_lists import alert_window_view
from bot.views.alert_questions import answer_form, ask_form
from bot.views.alert_talk import noted
from bot.views.alert_talk_ids import TalkAction, TalkBlock, TalkCallback
from bot.views.note_form import note_form as render_note_form
from bot.views.replies import message_view
from handlers.payloads import Click, Submission, Surface
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database

ASKED = "Asked: it stands in the alert's thread, and you are told of the answer."
ANSWERED = "Answered: it stands under the question, and whoever asked is told."
FOR_ALL = "Answered: it stands under the question and on the alert, and whoever asked is told."


class AlertTalkHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {
            TalkAction.GOT_IT: self.got_it,
            TalkAction.ASK: self.open_question,
            TalkAction.ANSWER: self.open_answer,
            TalkAction.FEEDBACK: self.open_feedback,
            **dict.fromkeys(talk.DETAILS, self.details),
            **dict.fromkeys(talk.LISTS, self.list_all),
        }

    def submissions(self) -> Submissions:
        return {TalkCallback.ASK_SUBMIT: self.ask, TalkCallback.ANSWER_SUBMIT: self.answer}

    async def got_it(self, click: Click) -> None:
        seen = ids.read_handoff_value(click.value)
        command = PressGotIt(alert_id=seen.handoff_id, version=seen.version, by=click.by)
        pressed = await self._db.run(got_its.got_it, command)
        if click.surface is Surface.FORM and click.view_id is not None:
            details = await self._db.read(alert_details.load_details, seen.handoff_id, click.by)
            await self._replies.update_form(click.view_id, alert_details_view(details))
        elif click.surface is Surface.MESSAGE:
            self._replies.say(click, noted(pressed))

    async def open_question(self, click: Click) -> None:
        form = await self._db.read(alert_question_forms.ask_form, talk.read_id(click.value), click.by)
        await self._replies.open_form(click, ask_form(form))

    async def ask(self, submission: Submission) -> View:
        command = AskQuestion(
            alert_id=talk.read_id(submission.metadata),
            by=submission.by,
            text=submission.answer(TalkBlock.QUESTION) or "",
            request=submission.view_id,
        )
        await self._db.run(alert_questions.ask, command)
        return message_view(ASKED, title="Ask a question")

    async def open_answer(self, click: Click) -> None:
        form = await self._db.read(alert_question_forms.answer_form, talk.read_id(click.value), click.by)
        await self._replies.open_form(click, answer_form(form))

    async def answer(self, submission: Submission) -> View:
        ref = talk.read_answer_metadata(submission.metadata)
        command = AnswerQuestion(
            question_id=ref.question_id,
            by=submission.by,
            text=submission.answer(TalkBlock.ANSWER) or "",
            expected=TalkBlock.EXPECTED in submission.chosen(TalkBlock.EXPECTED),
            seen=ref.seen,
        )
        answered = await self._db.run(alert_questions.answer, command)
        return message_view(FOR_ALL if answered.expected else ANSWERED, title="Answer a question")

    async def open_feedback(self, click: Click) -> None:
        form = await self._db.read(note_form.open, click.by, talk.read_id(click.value))
        await self._replies.open_form(click, render_note_form(form))

    async def details(self, click: Click) -> None:
        ref = talk.read_details_value(click.value)
        details = await self._db.read(alert_details.load_details, ref.alert_id, click.by, ref.tab, ref.page)
        turns = click.action_id != TalkAction.DETAILS
        await self._show(click, alert_details_view(details, question_id=ref.question_id), in_place=turns)

    async def list_all(self, click: Click) -> None:
        which, page = talk.read_list_value(click.value)
        window = await self._db.read(alert_window.load_window, click.by, which, page)
        await self._show(click, alert_window_view(window), in_place=click.action_id != TalkAction.ALL)

    async def _show(self, click: Click, view: View, *, in_place: bool) -> None:
        """A window, over what is open; `in_place`: another part of the one in which somebody clicked."""
        if in_place and click.surface is Surface.FORM and click.view_id is not None:
            await self._replies.update_form(click.view_id, view)
        else:
            await self._replies.open_form(click, view)
