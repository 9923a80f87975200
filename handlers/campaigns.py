"""Campaigns from Slack: the list in a window, and the form behind it."""

from __future__ import annotations

from bot.services import campaign_set_up
from bot.services.campaign_set_up import SaveCampaign
from bot.views.campaigns import campaign_form, campaigns_view
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.set_up_ids import read_id
from bot.views.set_up_ref import SetUpBlock, page_of, read_ref
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database


class CampaignHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {
            ActionId.SET_UP_CAMPAIGNS: self.open,
            ActionId.CAMPAIGN_ADD: self.add,
            ActionId.CAMPAIGN_EDIT: self.edit,
        }

    def submissions(self) -> Submissions:
        return {CallbackId.CAMPAIGN_SUBMIT: self.save}

    async def view(self, by: str, page: int) -> View:
        """The list, as it is now."""
        return campaigns_view(await self._db.read(campaign_set_up.campaigns_list, by), page)

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, await self.view(click.by, 0))

    async def add(self, click: Click) -> None:
        form = await self._db.read(campaign_set_up.campaign_form, click.by)
        await self._replies.open_form(click, campaign_form(form, page_of(click.metadata)))

    async def edit(self, click: Click) -> None:
        form = await self._db.read(campaign_set_up.campaign_form, click.by, read_id(click.value))
        await self._replies.open_form(click, campaign_form(form, page_of(click.metadata)))

    async def save(self, submission: Submission) -> None:
        ref = read_ref(submission.metadata)
        command = SaveCampaign(
            by=submission.by,
            campaign_id=read_id(ref.thing) if ref.thing else None,
            seen=ref.seen,
            key=submission.answer(SetUpBlock.KEY) or "",
            name=submission.answer(BlockId.NAME) or "",
            owner=submission.answer(SetUpBlock.OWNER),
        )
        await self._db.run(campaign_set_up.save_campaign, command)
        if submission.previous_view_id is not None:
            self._replies.follow_form(submission.previous_view_id, lambda: self.view(submission.by, ref.page))
