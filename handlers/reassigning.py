"""All of a person's leads go to others: the form from a manager's Home, its preview, and its submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.reassignment import Which
from bot.services import reassigning_all, reassigning_all_form
from bot.services.reassigning_all import ReassignAll
from bot.services.reassigning_all_form import ReassignAllForm
from bot.views import ids
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.reassign_all_form import reassign_all_form
from bot.views.reassign_all_ref import ReassignAllRef, read_reassign_all_metadata
from bot.views.replies import message_view
from handlers.payloads import Click, Submission
from handlers.replies import Replies
from handlers.tables import Actions, Submissions
from storage.database import Database
from storage.transaction import Transaction


class ReassigningHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {ActionId.PEOPLE_REASSIGN: self.open_form, ActionId.REASSIGN_ALL_CHOOSE: self.choose}

    def submissions(self) -> Submissions:
        return {CallbackId.REASSIGN_ALL_SUBMIT: self.submit}

    async def open_form(self, click: Click) -> None:
        person_id = ids.read_lead_value(click.value)
        form = await self._db.read(reassigning_all_form.reassign_all_form, click.by, person_id)
        await self._replies.open_form(click, reassign_all_form(form))

    async def choose(self, click: Click) -> None:
        """The preview follows what was chosen."""
        ref = read_reassign_all_metadata(click.metadata)
        changed = {"which" if click.value in list(Which) else "to": click.value}
        form = await self._db.read(_form, click.by, replace(ref, **changed))
        if click.view_id is not None:
            await self._replies.update_form(click.view_id, reassign_all_form(form))

    async def submit(self, submission: Submission) -> Mapping[str, Any]:
        ref = read_reassign_all_metadata(submission.metadata)
        command = ReassignAll(
            id=ref.id,
            by=submission.by,
            person_id=ref.person_id,
            which=submission.answer(BlockId.WHICH) or "",
            to=submission.answer(BlockId.TO) or "",
            note=submission.answer(BlockId.NOTE) or "",
            back_on=submission.answer(BlockId.BACK_ON),
        )
        asked = await self._db.run(reassigning_all.reassign_all, command)
        return message_view(await self._db.read(reassigning_all_form.said_of, asked), title="Reassign all leads")


def _form(tx: Transaction, by: str, ref: ReassignAllRef) -> ReassignAllForm:
    return reassigning_all_form.reassign_all_form(tx, by, ref.person_id, form_id=ref.id, which=ref.which, to=ref.to)
