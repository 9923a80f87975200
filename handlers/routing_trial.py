"""Who would get this lead? A form whose values are read as a source's are."""

from __future__ import annotations

from typing import Any

from bot.domain.config import BY_HAND
from bot.errors import FormError
from bot.services import routing_trial
from bot.services.lead_records import HandOver
from bot.services.routing_trial import Trial, TrialForm
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.routing_trial import answer_view, trial_view
from bot.views.set_up_ref import SetUpBlock
from handlers.lead_payload import InvalidLead, read_lead
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.tables import Actions, OnTop, Submissions
from storage.database import Database
from storage.transaction import Transaction

PLAIN = (BlockId.COMPANY, BlockId.COUNTRY, BlockId.PRIORITY, BlockId.CAMPAIGN, BlockId.EMAIL)
NUMBERS = ("score", "touches")
SHOWN = frozenset({*PLAIN, SetUpBlock.SOURCE, SetUpBlock.SCORE})
"""Inputs of their own; what is wrong with any other value stands at SetUpBlock.MORE."""


class RoutingTrialHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {ActionId.SET_UP_WHO_WOULD_GET: self.open}

    def submissions(self) -> Submissions:
        return {CallbackId.TRIAL_SUBMIT: self.submit}

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, trial_view(await self._db.read(routing_trial.trial_form, click.by)))

    async def submit(self, submission: Submission) -> View:
        form, trial = await self._db.read(_try, submission)
        if submission.previous_view_id in (None, submission.root_view_id):
            return OnTop(answer_view(trial))
        # Slack lays three views on each other at most, and this form is the third.
        return trial_view(form, submission.answers, trial)


def _try(tx: Transaction, submission: Submission) -> tuple[TrialForm, Trial]:
    form = routing_trial.trial_form(tx, submission.by)
    return form, routing_trial.try_lead(tx, submission.by, read_trial(tx, submission))


def read_trial(tx: Transaction, submission: Submission) -> HandOver:
    """The lead in a form, read as a source's. Raises FormError by field."""
    values: dict[str, Any] = {block.value: submission.answer(block) for block in PLAIN}
    values["score"] = _number(submission.answer(SetUpBlock.SCORE))
    if isinstance(values["score"], str):
        raise FormError({SetUpBlock.SCORE: "Write a number, such as 71."})
    values |= _further(submission.answer(SetUpBlock.MORE) or "")
    message = {
        "type": "lead.ready",
        "timestamp": tx.now.isoformat(),
        "data": {"external_id": "try"} | {name: value for name, value in values.items() if value is not None},
    }
    source = submission.answer(SetUpBlock.SOURCE) or BY_HAND
    try:
        return read_lead(message, source=source, delivery_id=None, now=tx.now)
    except InvalidLead as error:
        raise FormError(_by_field(error)) from None


def _further(text: str) -> dict[str, Any]:
    """`title: Head of Sales`, one a line."""
    found: dict[str, Any] = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        name, value = name.strip(), value.strip()
        if not line.strip():
            continue
        if not colon or not name:
            raise FormError({SetUpBlock.MORE: f"Write “name: value”, one a line; “{line.strip()[:60]}” is not."})
        if name == "external_id":
            continue
        found[name.removeprefix("fields.")] = _number(value) if name in NUMBERS else value or None
    return found


def _number(text: str | None) -> object:
    """A number where it is one; what is none is told to be none where it is read."""
    stripped = (text or "").strip()
    for read in (int, float):
        try:
            return read(stripped)
        except ValueError:
            continue
    return stripped or None


def _by_field(error: InvalidLead) -> dict[str, str]:
    fields: dict[str, str] = {}
    for problem in error.errors:
        name = problem.field.removeprefix("data.").removeprefix("fields.")
        at = name if name in SHOWN else SetUpBlock.MORE
        sentence = problem.detail if name in SHOWN else f"{name}: {problem.detail}"
        fields[at] = f"{fields[at]} {sentence}" if at in fields else sentence
    return fields
