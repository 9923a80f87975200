"""Campaign alerts: written, previewed, sent for approval, approved, sent back, withdrawn, ended."""

from __future__ import annotations

from typing import Protocol

from bot.domain.campaign_alert_input import MOST_INPUTS
from bot.errors import FormError, Refused
from bot.services import (
    alert_details,
    campaign_alert_form,
    campaign_alert_preview,
    campaign_alert_saving,
    campaign_alerts,
)
from bot.services.campaign_alert_reading import SaveAlert
from bot.services.campaign_alerts import ActOnAlert, SayWhy
from bot.views import campaign_alert_form as views
from bot.views.alert_details import alert_details_view
from bot.views.campaign_alert_ids import (
    TEXTS,
    AlertAction,
    AlertBlock,
    AlertCallback,
    read_alert_metadata,
    read_alert_value,
)  # fmt: skip
from bot.views.ids import ShortcutId
from bot.views.replies import message_view, refusal_view
from bot.views.set_up_ids import read_id
from handlers.directory import Directory
from handlers.payloads import Click, Submission, Surface
from handlers.replies import Replies, View
from handlers.tables import Actions, Shortcuts, Submissions
from storage.database import Database

TITLE = "Campaign alert"
PREVIEW = '{"alert"'
"""Begins the metadata of the windows of views/campaign_alert_form.py."""
QUESTION_INPUTS = MOST_INPUTS + 1
"""Those that are filled, and one for more."""


class Answers(Protocol):
    """What is in a form, sent off or just now."""

    @property
    def by(self) -> str: ...

    @property
    def metadata(self) -> str: ...

    @property
    def view_id(self) -> str | None: ...

    def answer(self, block_id: str) -> str | None: ...

    def chosen(self, block_id: str) -> tuple[str, ...]: ...


class CampaignAlertHandlers:
    def __init__(self, db: Database, directory: Directory, replies: Replies) -> None:
        self._db = db
        self._directory = directory
        self._replies = replies

    def actions(self) -> Actions:
        return {
            AlertAction.NEW: self.open,
            AlertAction.EDIT: self.edit,
            AlertAction.PREVIEW: self.preview,
            AlertAction.TRY: self.preview_typed,
            AlertAction.APPROVE: self.approve,
            AlertAction.SEND_BACK: self.open_send_back,
            AlertAction.WITHDRAW: self.open_withdraw,
            AlertAction.END: self.end,
        }

    def shortcuts(self) -> Shortcuts:
        return {ShortcutId.CAMPAIGN_NEW: self.open}

    def submissions(self) -> Submissions:
        return {
            AlertCallback.SUBMIT: self.save,
            AlertCallback.PROPOSE_SUBMIT: self.propose,
            AlertCallback.SEND_BACK_SUBMIT: self.send_back,
            AlertCallback.WITHDRAW_SUBMIT: self.withdraw,
        }

    async def open(self, click: Click) -> None:
        form = await self._db.read(campaign_alert_form.alert_form, click.by)
        await self._replies.open_form(click, views.alert_form(form))

    async def edit(self, click: Click) -> None:
        alert_id = read_id(click.value)
        form = await self._db.read(campaign_alert_form.alert_form, click.by, alert_id)
        await self._lay(click, views.alert_form(form, over_preview=_over(click) and not _lies_over(click)))

    async def preview(self, click: Click) -> None:
        await self._lay(click, await self._preview(read_id(click.value), click.by))

    async def preview_typed(self, click: Click) -> None:
        try:
            shown = views.preview_view(await self._db.read(campaign_alert_preview.preview_typed, _read(click)))
        except (FormError, Refused) as error:
            # On top of the form, in which everything typed stays.
            shown = refusal_view(error)
        await self._replies.open_form(click, shown)

    async def save(self, submission: Submission) -> View | None:
        command = _read(submission)
        # Whoever may not, asks Slack nothing; and it is asked only about channels that are new here.
        before = await self._db.read(campaign_alert_form.alert_form, command.by, command.alert_id)
        known = set(before.channels) if command.alert_id else set()
        new = [one for one in command.channels if one not in known]
        await self._directory.refuse_unless_in_all(AlertBlock.CHANNELS, new)
        alert = await self._db.run(campaign_alert_saving.save_alert, command)
        if read_alert_metadata(submission.metadata).over_preview and submission.previous_view_id is not None:
            self._under(submission)
            return None
        return await self._preview(alert.id, command.by)

    async def propose(self, submission: Submission) -> View:
        command = _act(submission)
        alert = await self._db.run(campaign_alerts.propose, command)
        return message_view(await self._db.read(campaign_alert_preview.after_sending, alert.id), title=TITLE)

    async def approve(self, click: Click) -> None:
        alert_id, version = read_alert_value(click.value)
        await self._db.run(campaign_alerts.approve, ActOnAlert(alert_id=alert_id, by=click.by, version=version))
        await self._follow(click, alert_id)

    async def end(self, click: Click) -> None:
        alert_id = read_id(click.value)
        await self._db.run(campaign_alerts.end, ActOnAlert(alert_id=alert_id, by=click.by))
        await self._follow(click, alert_id)

    async def open_send_back(self, click: Click) -> None:
        shown = await self._db.read(campaign_alert_preview.to_send_back, read_id(click.value), click.by)
        await self._replies.open_form(click, views.send_back_form(shown, over_preview=_over(click)))

    async def open_withdraw(self, click: Click) -> None:
        shown = await self._db.read(campaign_alert_preview.to_withdraw, read_id(click.value), click.by)
        await self._replies.open_form(click, views.withdraw_form(shown, over_preview=_over(click)))

    async def send_back(self, submission: Submission) -> None:
        await self._db.run(campaign_alerts.send_back, _why(submission))
        self._under(submission)

    async def withdraw(self, submission: Submission) -> None:
        await self._db.run(campaign_alerts.withdraw, _why(submission))
        self._under(submission)

    async def _preview(self, alert_id: str, by: str) -> View:
        return views.preview_view(await self._db.read(campaign_alert_preview.preview, alert_id, by))

    async def _lay(self, click: Click, view: View) -> None:
        """Slack lays three windows on each other, and the form may have its preview over it: so it takes the place of
        one that lies over another."""
        if _lies_over(click) and click.view_id is not None:
            await self._replies.update_form(click.view_id, view)
        else:
            await self._replies.open_form(click, view)

    async def _window(self, alert_id: str, by: str, *, is_preview: bool) -> View:
        """The one in which somebody can decide, as it is now."""
        if is_preview:
            return await self._preview(alert_id, by)
        return alert_details_view(await self._db.read(alert_details.load_details, alert_id, by))

    async def _follow(self, click: Click, alert_id: str) -> None:
        """The window in which somebody decided shows what came of it."""
        if click.surface is Surface.FORM and click.view_id is not None:
            shown = await self._window(alert_id, click.by, is_preview=_over(click))
            await self._replies.update_form(click.view_id, shown)

    def _under(self, submission: Submission) -> None:
        """The preview or the details under the form show what came of it."""
        ref = read_alert_metadata(submission.metadata)
        by, alert_id, is_preview = submission.by, ref.alert_id, ref.over_preview
        if submission.previous_view_id is not None:
            make = lambda: self._window(alert_id, by, is_preview=is_preview)  # noqa: E731 - read when it is its turn
            self._replies.follow_form(submission.previous_view_id, make)


def _read(given: Answers) -> SaveAlert:
    ref = read_alert_metadata(given.metadata)
    typed = (given.answer(f"{AlertBlock.QUESTIONS}.{number}") for number in range(QUESTION_INPUTS))
    return SaveAlert(
        by=given.by,
        alert_id=read_id(ref.alert_id) if ref.alert_id else "",
        version=ref.version,
        tz=ref.tz,
        answers={one.value: given.answer(one) or "" for one in TEXTS},
        questions=tuple(text or "" for text in typed),
        channels=given.chosen(AlertBlock.CHANNELS),
        request=given.view_id or "",
        questions_seen=ref.questions,
    )


def _act(submission: Submission) -> ActOnAlert:
    ref = read_alert_metadata(submission.metadata)
    return ActOnAlert(alert_id=read_id(ref.alert_id), by=submission.by, version=ref.version)


def _why(submission: Submission) -> SayWhy:
    ref = read_alert_metadata(submission.metadata)
    why = submission.answer(AlertBlock.WHY) or ""
    return SayWhy(alert_id=read_id(ref.alert_id), by=submission.by, version=ref.version, why=why)


def _over(click: Click) -> bool:
    """Whether somebody clicked in a preview of an alert."""
    return click.metadata.startswith(PREVIEW)


def _lies_over(click: Click) -> bool:
    """Whether the window in which somebody clicked lies over another."""
    return click.surface is Surface.FORM and click.previous_view_id is not None
