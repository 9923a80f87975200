"""Teams, set up from Slack: all of them, one, its shares, its end."""

from __future__ import annotations

from bot.errors import NotFound
from bot.services import set_up, team_setup
from bot.services.team_setup import SaveTeam
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.set_up import set_up_view
from bot.views.set_up_ids import TeamMore, read_id, read_seen_metadata, read_team_value
from bot.views.team_forms import delete_team_form, shares_form, team_form, teams_view
from handlers.directory import Directory
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.set_up import checklist_under, read_number
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

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, teams_view(await self._db.read(team_setup.team_list, click.by)))

    async def open_new(self, click: Click) -> None:
        await self._replies.open_form(click, team_form(await self._db.read(team_setup.team_form, None, click.by)))

    async def open_more(self, click: Click) -> None:
        what, key = read_team_value(click.value)
        await self._replies.open_form(click, await self._form(what, key, click.by))

    async def _form(self, what: TeamMore, key: str, by: str) -> View:
        match what:
            case TeamMore.SHARES:
                return shares_form(await self._db.read(team_setup.shares_form, key, by))
            case TeamMore.DELETE:
                return delete_team_form(await self._db.read(team_setup.team_form, key, by))
            case _:
                return team_form(await self._db.read(team_setup.team_form, key, by))

    async def save(self, submission: Submission) -> None:
        ref = read_seen_metadata(submission.metadata)
        command = SaveTeam(
            by=submission.by,
            key=ref.id or None,
            seen=ref.seen,
            new_key=(submission.answer(BlockId.KEY) or "").strip() or None,
            name=submission.answer(BlockId.NAME) or "",
            side=submission.answer(BlockId.SIDE) or "",
            members=submission.chosen(BlockId.MEMBERS),
            pool_channel=submission.answer(BlockId.POOL_CHANNEL),
            mirror_channel=submission.answer(BlockId.MIRROR_CHANNEL),
        )
        await self._db.read(team_setup.team_form, command.key, submission.by)  # whoever may not, asks Slack nothing
        await self._directory.refuse_unless_in(
            {BlockId.POOL_CHANNEL: command.pool_channel, BlockId.MIRROR_CHANNEL: command.mirror_channel}
        )
        await self._db.run(team_setup.save_team, command)
        await self._show(submission)

    async def save_shares(self, submission: Submission) -> None:
        ref = read_seen_metadata(submission.metadata)
        shares = {person_id: read_number(submission, person_id) for person_id in submission.answers}
        await self._db.run(team_setup.save_shares, ref.id, ref.seen, shares, submission.by)
        await self._show(submission)

    async def delete(self, submission: Submission) -> None:
        ref = read_seen_metadata(submission.metadata)
        if not ref.id:
            raise NotFound(team_setup.GONE)
        await self._db.run(team_setup.delete_team, read_id(ref.id), submission.by)
        await self._show(submission)

    async def _show(self, submission: Submission) -> None:
        """The list under the form follows, and the checklist under that."""
        if submission.previous_view_id is not None:
            teams = teams_view(await self._db.read(team_setup.team_list, submission.by))
            await self._replies.update_form(submission.previous_view_id, teams)
        checklist = checklist_under(submission)
        if checklist is not None:
            view = set_up_view(await self._db.read(set_up.set_up, submission.by))
            await self._replies.update_form(checklist, view)
