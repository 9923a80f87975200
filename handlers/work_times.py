"""Working hours: one's own from Home, those of a person and of a team for admins."""

from __future__ import annotations

from bot.domain.work_times import Written
from bot.errors import NotFound
from bot.services import work_times
from bot.services.work_times import SaveHours, Whose
from bot.views.hours_form import HOURS_BLOCKS, TITLES, hours_form, read_hours_of
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.replies import message_view
from bot.views.set_up_ids import read_id
from bot.views.set_up_ref import read_ref
from handlers.payloads import Click, Submission, Surface
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database


class WorkTimesHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {ActionId.HOME_HOURS: self.open, ActionId.PERSON_HOURS: self.open_person}

    def submissions(self) -> Submissions:
        return {CallbackId.HOURS_SUBMIT: self.save}

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, hours_form(await self._db.read(work_times.my_hours, click.by)))

    async def open_person(self, click: Click) -> None:
        """In the place of the person's form: Slack lays no fourth window over three."""
        view = hours_form(await self._db.read(work_times.hours_of_person, read_id(click.value), click.by))
        if click.surface is Surface.FORM and click.view_id is not None:
            await self._replies.update_form(click.view_id, view)
        else:
            await self._replies.open_form(click, view)

    async def save(self, submission: Submission) -> View:
        command = read_hours(submission)
        return message_view(await self._db.run(work_times.save_hours, command), title=TITLES[command.whose])


def read_hours(submission: Submission) -> SaveHours:
    """What the form says. Raises NotFound for a form that is none of ours."""
    ref = read_ref(submission.metadata)
    whose, found = read_hours_of(ref.thing)
    if whose not in list(Whose):
        raise NotFound("I cannot read this form any more. Please open it again.")

    def text(block: BlockId) -> str:
        return submission.answer(block) or ""

    return SaveHours(
        by=submission.by,
        whose=Whose(whose),
        id=found,
        seen=ref.seen,
        written=Written(
            tz=text(BlockId.TZ),
            days={day: text(block) for day, block in HOURS_BLOCKS.items()},
            days_off=text(BlockId.DAYS_OFF),
            country=text(BlockId.COUNTRY),
            subdivision=text(BlockId.SUBDIVISION),
        ),
    )
