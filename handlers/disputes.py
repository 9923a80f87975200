"""Disputes and disagreements: raised, opinions, rulings, taken back."""

from __future__ import annotations

from bot.domain.dispute import DisputeState
from bot.services import dispute_forms, disputes, raising_disputes
from bot.services.disputes import ActOnCase, Decide
from bot.services.raising_disputes import RaiseDisagreement
from bot.views import ids
from bot.views.disputes import ALL, decide_form, disagreement_form
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.replies import message_view
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database

WITH_MANAGERS = "Raised: it is with the managers of both sides now. Home shows where it stands."
NOT_WITH_THEM = "Raised: a side has no manager to settle it, so it is the arbiter's. Home shows where it stands."


class DisputeHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {
            ActionId.DISPUTE_OPINION: self.open_opinion,
            ActionId.DISPUTE_RULE: self.open_ruling,
            ActionId.DISPUTE_TO_ARBITER: self.to_arbiter,
            ActionId.DISPUTE_TAKE_BACK: self.take_back,
            ActionId.DISAGREEMENT_RAISE: self.open_disagreement,
        }

    def submissions(self) -> Submissions:
        return {
            CallbackId.DISPUTE_OPINION_SUBMIT: self.give_opinion,
            CallbackId.DISPUTE_RULE_SUBMIT: self.rule,
            CallbackId.DISAGREEMENT_SUBMIT: self.disagree,
        }

    async def open_opinion(self, click: Click) -> None:
        form = await self._db.read(dispute_forms.opinion_form, ids.read_lead_value(click.value), click.by)
        await self._replies.open_form(click, decide_form(form))

    async def open_ruling(self, click: Click) -> None:
        form = await self._db.read(dispute_forms.ruling_form, ids.read_lead_value(click.value), click.by)
        await self._replies.open_form(click, decide_form(form))

    async def give_opinion(self, submission: Submission) -> None:
        await self._db.run(disputes.give_opinion, _decide(submission))

    async def rule(self, submission: Submission) -> None:
        await self._db.run(disputes.rule, _decide(submission))

    async def to_arbiter(self, click: Click) -> None:
        await self._db.run(disputes.hand_to_arbiter, _act(click))

    async def take_back(self, click: Click) -> None:
        await self._db.run(disputes.take_back, _act(click))

    async def open_disagreement(self, click: Click) -> None:
        form = await self._db.read(dispute_forms.disagreement_form, click.by, click.value)
        await self._replies.open_form(click, disagreement_form(form))

    async def disagree(self, submission: Submission) -> View:
        about, _, subject_id = (submission.answer(BlockId.ABOUT) or "").partition(":")
        command = RaiseDisagreement(
            by=submission.by, about=about, subject_id=subject_id, why=submission.answer(BlockId.WHY) or ""
        )
        raised = await self._db.run(raising_disputes.raise_disagreement, command)
        said = WITH_MANAGERS if raised.state is DisputeState.WITH_MANAGERS else NOT_WITH_THEM
        return message_view(said, title="Raise a disagreement")


def _act(click: Click) -> ActOnCase:
    return ActOnCase(case_id=ids.read_lead_value(click.value), by=click.by)


def _decide(submission: Submission) -> Decide:
    which = submission.answer(BlockId.WHICH)
    return Decide(
        case_id=ids.read_lead_value(submission.metadata),
        by=submission.by,
        ruling=submission.answer(BlockId.RULING) or "",
        sentence=submission.answer(BlockId.SENTENCE) or "",
        which=None if which in (None, ALL) else which,
        side=submission.answer(BlockId.FOR_SIDE),
    )
