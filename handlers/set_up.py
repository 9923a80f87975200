"""Set-up from Slack: the first admin, the checklist in a window, people, teams and channels."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import FormError
from bot.services import channel_setup, first_admin, roster, roster_person, set_up
from bot.services.channel_setup import SaveChannels
from bot.services.roster import AddPeople
from bot.services.roster_person import EditPerson
from bot.views.channels_form import channels_form
from bot.views.form_parts import offered
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.replies import message_view
from bot.views.roster_forms import add_people_form, added_view, people_view, person_form
from bot.views.set_up import set_up_view
from bot.views.set_up_ids import read_id, read_seen_metadata
from handlers.directory import Directory
from handlers.payloads import Click, Submission, Surface
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database


class SetUpHandlers:
    def __init__(self, db: Database, directory: Directory, replies: Replies) -> None:
        self._db = db
        self._directory = directory
        self._replies = replies

    def actions(self) -> Actions:
        return {
            ActionId.SET_UP_FIRST_ADMIN: self.become_first_admin,
            ActionId.SET_UP_OPEN: self.open,
            ActionId.SET_UP_PEOPLE: self.open_people,
            ActionId.PEOPLE_ADD: self.open_add,
            ActionId.PERSON_EDIT: self.open_person,
            ActionId.PERSON_REMOVE: self.remove_person,
            ActionId.SET_UP_CHANNELS: self.open_channels,
        }

    def submissions(self) -> Submissions:
        return {
            CallbackId.PEOPLE_ADD_SUBMIT: self.add_people,
            CallbackId.PERSON_SUBMIT: self.edit_person,
            CallbackId.CHANNELS_SUBMIT: self.save_channels,
        }

    # -- the first admin and the checklist ------------------------------------------------------------------------
    async def become_first_admin(self, click: Click) -> None:
        await self._db.read(first_admin.may_ask, click.by)
        account = await self._directory.account(click.by)
        await self._db.run(first_admin.become_first_admin, account)
        if click.surface is Surface.MESSAGE:  # on Home, the checklist stands there now
            self._replies.afterwards(self.open(click), name="open checklist")

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, set_up_view(await self._db.read(set_up.set_up, click.by)))

    # -- people ---------------------------------------------------------------------------------------------------
    async def open_people(self, click: Click) -> None:
        await self._replies.open_form(click, people_view(await self._db.read(roster.people_list, click.by)))

    async def open_add(self, click: Click) -> None:
        form = await self._db.read(roster.add_form, click.by)
        groups = await self._directory.groups()
        form = replace(form, groups=groups.choices, no_groups=groups.why_none)
        await self._replies.open_form(click, add_people_form(form))

    async def add_people(self, submission: Submission) -> View:
        picked = submission.chosen(BlockId.PEOPLE)
        await self._db.read(roster.to_ask, submission.by, picked)
        group = submission.answer(BlockId.GROUP)
        if group is not None:
            picked += await self._directory.members(group)
        asked = await self._db.read(roster.to_ask, submission.by, picked)
        found = await self._directory.look_up(asked)
        command = AddPeople(
            by=submission.by,
            picked=picked,
            accounts=found.accounts,
            nobody=found.nobody,
            unanswered=found.unanswered,
            side=submission.answer(BlockId.SIDE) or "",
            roles=submission.chosen(BlockId.ROLES),
            team=submission.answer(BlockId.TEAM),
        )
        added = await self._db.run(roster.add_people, command)
        self._show_people(submission.by, submission.previous_view_id)
        self._show_checklist(submission.by, checklist_under(submission))
        return added_view(added)

    async def open_person(self, click: Click) -> None:
        form = await self._db.read(roster_person.person_form, read_id(click.value), click.by)
        await self._replies.open_form(click, person_form(form))

    async def edit_person(self, submission: Submission) -> None:
        ref = read_seen_metadata(submission.metadata)
        command = EditPerson(
            by=submission.by,
            person_id=ref.id,
            seen=ref.seen,
            side=submission.answer(BlockId.SIDE) or "",
            roles=submission.chosen(BlockId.ROLES),
            manager=submission.answer(BlockId.MANAGER),
            deputy=submission.answer(BlockId.DEPUTY),
            tz=(submission.answer(BlockId.TZ) or "").strip() or None,
            cap=read_number(submission, BlockId.CAP),
            weight=read_number(submission, BlockId.WEIGHT),
            teams=submission.chosen(BlockId.TEAMS),
            teams_shown=offered(submission.view, BlockId.TEAMS),
            take_out=submission.chosen(BlockId.TAKE_OUT),
        )
        await self._db.run(roster_person.edit_person, command)
        self._show_people(submission.by, submission.previous_view_id)
        self._show_checklist(submission.by, checklist_under(submission))

    async def remove_person(self, click: Click) -> None:
        seen = read_seen_metadata(click.metadata).seen
        name = await self._db.run(roster_person.remove_person, read_id(click.value), click.by, seen)
        said = (
            f"{name} is off the roster. Open offers go to colleagues; who hears of trouble is told of leads they own."
        )
        if click.view_id is not None:
            await self._replies.update_form(click.view_id, message_view(said, title="Person"))
        self._show_people(click.by, click.previous_view_id)

    def _show_people(self, by: str, view_id: str | None) -> None:
        """The list under a form follows."""

        async def people() -> View:
            return people_view(await self._db.read(roster.people_list, by))

        if view_id is not None:
            self._replies.follow_form(view_id, people)

    # -- channels -------------------------------------------------------------------------------------------------
    async def open_channels(self, click: Click) -> None:
        form = await self._db.read(channel_setup.channels_form, click.by)
        await self._replies.open_form(click, channels_form(form))

    async def save_channels(self, submission: Submission) -> None:
        command = SaveChannels(
            by=submission.by,
            seen=read_seen_metadata(submission.metadata).seen,
            fallback_channel=submission.answer(BlockId.FALLBACK_CHANNEL),
            marketing_channel=submission.answer(BlockId.MARKETING_CHANNEL),
            crm_hosts=tuple((submission.answer(BlockId.CRM_HOSTS) or "").replace(",", " ").split()),
            admin=submission.answer(BlockId.ADMIN),
            take_out=bool(submission.chosen(BlockId.TAKE_OUT)),
            sales_channels=submission.chosen(BlockId.SALES_CHANNELS),
            alerts_need_approval=bool(submission.chosen(BlockId.ALERTS_APPROVAL)),
        )
        # Whoever may not, asks Slack nothing; and it is asked only about channels that are new here.
        before = await self._db.read(channel_setup.channels_form, submission.by)
        await self._directory.refuse_unless_in(
            {
                BlockId.FALLBACK_CHANNEL: new_one(command.fallback_channel, before.fallback_channel),
                BlockId.MARKETING_CHANNEL: new_one(command.marketing_channel, before.marketing_channel),
            },
            inside={BlockId.FALLBACK_CHANNEL},
        )
        new = [one for one in command.sales_channels if one not in before.sales_channels]
        await self._directory.refuse_unless_in_all(BlockId.SALES_CHANNELS, new)
        await self._db.run(channel_setup.save_channels, command)
        self._show_checklist(submission.by, submission.previous_view_id)

    def _show_checklist(self, by: str, view_id: str | None) -> None:
        """The window with the checklist under the other forms follows."""

        async def checklist() -> View:
            return set_up_view(await self._db.read(set_up.set_up, by))

        if view_id is not None:
            self._replies.follow_form(view_id, checklist)


def checklist_under(submission: Submission) -> str | None:
    """The window with the checklist, where it lies under the list that this form was opened from."""
    return None if submission.root_view_id == submission.previous_view_id else submission.root_view_id


def new_one(wanted: str | None, before: str | None) -> str | None:
    """The channel, where it is another one than before."""
    return None if wanted == before else wanted


def read_number(submission: Submission, block: str) -> int | None:
    """A whole number, None where the field is empty. Raises FormError at the field."""
    text = submission.answer(block)
    if text is None or not text.strip():
        return None
    if not text.strip().isascii() or not text.strip().isdigit() or len(text) > 9:
        raise FormError({str(block): "Write a whole number from 0."})
    return int(text)
