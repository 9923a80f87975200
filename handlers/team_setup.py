"""Teams, set up from Slack: all of them, one, its shares, its end."""

from __future__ import annotations

from bot.services import set_up, team_setup, work_times
from bot.services.team_setup import SaveTeam
from bot.views.hours_form import hours_form
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.set_up import set_up_view
from bot.views.set_up_ids import TeamMore, read_team_value
from bot.views.set_up_ref import page_of, read_ref
from bot.views.team_forms import delete_team_form, shares_form, team_form, teams_view
from handlers.directory import Directory
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.set_up import checklist_under, new_one, read_number
from handlers.tables import Actions, Submissions
from storage.database import Database


class TeamSetupHandlers:
    def __init__(self, db: Database, directory: Directory, replies: Replies) -> None:
        self._db = db
        self._directory = directory
        self._replies = replies

    def actions(self) -> Actions:
        return {
            ActionId.SET_UP_TEAMS: self.open,
            ActionId.TEAM_ADD: self.open_new,
            ActionId.TEAM_MORE: self.open_more,
        }

    def submissions(self) -> Submissions:
        return {
            CallbackId.TEAM_SUBMIT: self.save,
            CallbackId.SHARES_SUBMIT: self.save_shares,
            CallbackId.TEAM_DELETE_SUBMIT: self.delete,
        }

    async def view(self, by: str, page: int) -> View:
        """The list, as it is now."""
        return teams_view(await self._db.read(team_setup.team_list, by), page)

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, await self.view(click.by, 0))

    async def open_new(self, click: Click) -> None:
        form = await self._db.read(team_setup.team_form, None, click.by)
        await self._replies.open_form(click, team_form(form, page_of(click.metadata)))

    async def open_more(self, click: Click) -> None:
        what, key = read_team_value(click.value)
        await self._replies.open_form(click, await self._form(what, key, click.by, page_of(click.metadata)))

    async def _form(self, what: TeamMore, key: str, by: str, page: int) -> View:
        match what:
            case TeamMore.HOURS:
                return hours_form(await self._db.read(work_times.hours_of_team, key, by))
            case TeamMore.SHARES:
                return shares_form(await self._db.read(team_setup.shares_form, key, by), page)
            case TeamMore.DELETE:
                return delete_team_form(await self._db.read(team_setup.team_form, key, by), page)
            case _:
                return team_form(await self._db.read(team_setup.team_form, key, by), page)

    async def save(self, submission: Submission) -> None:
        ref = read_ref(submission.metadata)
        command = SaveTeam(
            by=submission.by,
            key=ref.thing or None,
            seen=ref.seen,
            new_key=(submission.answer(BlockId.KEY) or "").strip() or None,
            name=submission.answer(BlockId.NAME) or "",
            side=submission.answer(BlockId.SIDE) or "",
            members=submission.chosen(BlockId.MEMBERS),
            take_out=submission.chosen(BlockId.TAKE_OUT),
            pool_channel=submission.answer(BlockId.POOL_CHANNEL),
            mirror_channel=submission.answer(BlockId.MIRROR_CHANNEL),
        )
        # Whoever may not, asks Slack nothing; and it is asked only about channels that are new here.
        before = await self._db.read(team_setup.team_form, command.key, submission.by)
        await self._directory.refuse_unless_in(
            {
                BlockId.POOL_CHANNEL: new_one(command.pool_channel, before.pool_channel),
                BlockId.MIRROR_CHANNEL: new_one(command.mirror_channel, before.mirror_channel),
            },
            inside={BlockId.POOL_CHANNEL},
        )
        await self._db.run(team_setup.save_team, command)
        self._show(submission)

    async def save_shares(self, submission: Submission) -> None:
        ref = read_ref(submission.metadata)
        shares = {person_id: read_number(submission, person_id) for person_id in submission.answers}
        await self._db.run(team_setup.save_shares, ref.thing, ref.seen, shares, submission.by)
        self._show(submission)

    async def delete(self, submission: Submission) -> None:
        ref = read_ref(submission.metadata)
        await self._db.run(team_setup.delete_team, ref.thing, submission.by, ref.seen)
        self._show(submission)

    def _show(self, submission: Submission) -> None:
        """The list under the form follows, and the checklist under that."""
        by, page = submission.by, page_of(submission.metadata)

        async def checklist() -> View:
            return set_up_view(await self._db.read(set_up.set_up, by))

        if submission.previous_view_id is not None:
            self._replies.follow_form(submission.previous_view_id, lambda: self.view(by, page))
        under = checklist_under(submission)
        if under is not None:
            self._replies.follow_form(under, checklist)
