"""Settings and the brief: the form, what is saved, and the window with everything in a brief."""

from __future__ import annotations

import re
from datetime import time

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.budget import How, Kind
from bot.errors import FormError
from bot.services import brief_content, person_settings
from bot.services.person_settings import Place, SaveSettings
from bot.views import ids
from bot.views.brief import brief_page
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.replies import message_view
from bot.views.settings_form import KIND_BLOCKS, WORK_START, settings_form
from handlers.channels import Fit, fit_of
from handlers.payloads import Click, Submission, Surface
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database

TITLE = "Settings"
UNFIT = {
    Fit.UNKNOWN: "Slack does not answer just now. Please save again in a moment.",
    Fit.NOT_BOTH_IN: "You and Lockstep must both be in it: type /invite @Lockstep there, or choose another one.",
    Fit.SHARED: "It is shared with another organisation, whose people would read which companies show interest. Choose"
    " a channel of this workspace alone.",
}
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}")


class PersonSettingsHandlers:
    def __init__(self, db: Database, client: AsyncWebClient, replies: Replies) -> None:
        self._db = db
        self._client = client
        self._replies = replies

    def actions(self) -> Actions:
        return {
            ActionId.HOME_SETTINGS: self.open,
            ActionId.BRIEF_NOW: self.send_now,
            **dict.fromkeys((ActionId.BRIEF_ALL, ActionId.BRIEF_PAGE_BACK, ActionId.BRIEF_PAGE_ON), self.show_page),
        }

    def submissions(self) -> Submissions:
        return {CallbackId.SETTINGS_SUBMIT: self.submit}

    async def open(self, click: Click) -> None:
        form = await self._db.read(person_settings.settings_form, click.by)
        await self._replies.open_form(click, settings_form(form))

    async def submit(self, submission: Submission) -> View:
        command = read_settings(submission)
        if command.channel is not None:
            await self._check_channel(command.channel, submission.by)
        return message_view(await self._db.run(person_settings.save_settings, command), title=TITLE)

    async def send_now(self, click: Click) -> None:
        said = await self._db.run(person_settings.send_now, click.by)
        form = await self._db.read(person_settings.settings_form, click.by)
        if click.view_id is not None:
            await self._replies.update_form(click.view_id, settings_form(form, said))

    async def show_page(self, click: Click) -> None:
        brief_id, page = ids.read_brief_page_value(click.value)
        view = brief_page(await self._db.read(brief_content.load_page, brief_id, click.by, page))
        if click.surface is Surface.FORM and click.view_id is not None:
            await self._replies.update_form(click.view_id, view)
        else:
            await self._replies.open_form(click, view)

    async def _check_channel(self, channel: str, by: str) -> None:
        unfit = UNFIT.get(await fit_of(self._client, channel, by))
        if unfit is not None:
            raise FormError({BlockId.BRIEF_CHANNEL: unfit})


def read_settings(submission: Submission) -> SaveSettings:
    """What the form says. Raises FormError by field."""
    errors: dict[str, str] = {}
    at = submission.answer(BlockId.BRIEF_AT) or WORK_START
    if at != WORK_START and not _TIME.fullmatch(at):
        errors[BlockId.BRIEF_AT] = "Choose one of the times in the list."
    place = submission.answer(BlockId.BRIEF_PLACE) or Place.MESSAGES
    channel = submission.answer(BlockId.BRIEF_CHANNEL)
    if place not in list(Place):
        errors[BlockId.BRIEF_PLACE] = "Choose one of the two."
    elif place == Place.CHANNEL and (channel is None or not _CHANNEL.fullmatch(channel)):
        errors[BlockId.BRIEF_CHANNEL] = "Choose the channel in which your brief is to come."
    told: dict[Kind, How] = {}
    for kind, block in KIND_BLOCKS.items():
        answer = submission.answer(block)
        if answer is not None and answer not in list(How):
            errors[block] = "Choose one of the answers in the list."
        elif answer is not None:
            told[kind] = How(answer)
    if errors:
        raise FormError(errors)
    return SaveSettings(
        by=submission.by,
        brief_at=None if at == WORK_START else time.fromisoformat(at),
        channel=channel if place == Place.CHANNEL else None,
        told=told,
        asked=frozenset(kind for kind in Kind if kind.value in submission.metadata.split(",")),
        in_brief=frozenset(Kind(one) for one in submission.chosen(BlockId.IN_BRIEF) if one in list(Kind)),
    )
