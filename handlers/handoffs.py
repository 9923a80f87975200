"""Accept, Undo and the overflow of a lead, on a card and on Home."""

from __future__ import annotations

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.domain.agreement_data import Section
from bot.errors import Refused
from bot.services import agreement_shown, forms, handoffs, outcome_form, snoozing
from bot.services.handoffs import AcceptHandoff, UndoAccept
from bot.views import ids
from bot.views.agreement_window import agreement_view
from bot.views.details import details_view
from bot.views.handoff_forms import reassign_form, release_form, withdraw_form
from bot.views.ids import ActionId, More
from bot.views.outcome_form import outcome_form as outcome_form_view
from bot.views.snooze_form import snooze_form
from handlers.payloads import Click
from handlers.replies import Replies, View
from handlers.tables import Actions
from storage.database import Database

ACCEPTED_ALREADY = "You have accepted this lead already; it is yours."


class HandoffHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {
            ActionId.HANDOFF_ACCEPT: self.accept,
            ActionId.HANDOFF_UNDO: self.undo,
            **dict.fromkeys(ids.MORE, self.more),
        }

    async def accept(self, click: Click) -> None:
        ref = ids.read_handoff_value(click.value)
        command = AcceptHandoff(handoff_id=ref.handoff_id, version=ref.version, by=click.by)
        decided = await self._db.run(handoffs.accept_handoff, command)
        crash_points.reached(CrashPoint.CLICK_COMMITTED)
        if decided.repeated:
            raise Refused(ACCEPTED_ALREADY)

    async def undo(self, click: Click) -> None:
        ref = ids.read_handoff_value(click.value)
        command = UndoAccept(handoff_id=ref.handoff_id, version=ref.version, by=click.by)
        await self._db.run(handoffs.undo_accept, command)

    async def more(self, click: Click) -> None:
        what, handoff_id = ids.read_more_value(click.value)
        if what is not More.CRM:  # a link: Slack has opened it already
            await self._replies.open_form(click, await self._form(what, handoff_id, click.by))

    async def _form(self, what: More, handoff_id: str, by: str) -> View:
        match what:
            case More.RELEASE:
                return release_form(await self._db.read(forms.note_form, handoff_id, by, "release"))
            case More.WITHDRAW:
                return withdraw_form(await self._db.read(forms.note_form, handoff_id, by, "withdraw"))
            case More.SNOOZE:
                return snooze_form(await self._db.read(snoozing.snooze_form_of_handoff, handoff_id, by))
            case More.TERMS:
                return agreement_view(await self._db.read(agreement_shown.load_terms, by, handoff_id))
            case More.LADDER:
                shown = await self._db.read(agreement_shown.load_terms, by, handoff_id, Section.LADDER)
                return agreement_view(shown)
            case More.OUTCOME:
                return outcome_form_view(await self._db.read(outcome_form.outcome_form, handoff_id, by))
            case More.REASSIGN:
                return reassign_form(await self._db.read(forms.reassign_form, handoff_id, by))
            case _:
                return details_view(await self._db.read(forms.details, handoff_id, by))
