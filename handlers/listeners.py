"""The few listeners Bolt knows, one a kind of payload: parse, one use case, acknowledge; nothing after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.errors import WHOLE_FORM, FormError, LockstepError, NotAllowed, PersonUnknown, Refused, StorageUnavailable
from bot.views import ids
from bot.views.form_parts import form_errors
from bot.views.replies import give_back, refusal_view, render_refusal
from handlers import message_payload, payloads
from handlers.commands import CommandHandlers
from handlers.errors import Explainer
from handlers.home import Homes
from handlers.message_payload import OnMessage
from handlers.payloads import Click, Payload, Submission, Surface, Unreadable
from handlers.replies import Replies
from handlers.tables import Actions, Events, OnMessages, OnTop, Shortcuts, Submissions

log = structlog.get_logger(__name__)

OTHER_TEAM = "This Lockstep works for another Slack workspace. Nothing was changed."
UNKNOWN_BUTTON = "I do not know this button any more. Please open Home for your present leads."


class NotHandled(Exception):
    """An event of Slack's is to be delivered again."""


class Listeners:
    """`team_id` is the one workspace whose people are heard."""

    def __init__(
        self,
        *,
        team_id: str,
        actions: Actions,
        submissions: Submissions,
        events: Events,
        shortcuts: Shortcuts,
        on_messages: OnMessages,
        commands: CommandHandlers,
        replies: Replies,
        homes: Homes,
        explainer: Explainer,
    ) -> None:
        self._team_id = team_id
        self._actions = actions
        self._submissions = submissions
        self._events = events
        self._shortcuts = shortcuts
        self._on_messages = on_messages
        self._commands = commands
        self._replies = replies
        self._homes = homes
        self._explainer = explainer

    async def action(self, ack: AsyncAck, body: Payload) -> None:
        """A button, a menu or an input that reports each change."""
        try:
            click = payloads.click(body)
        except Unreadable as error:
            await self._explainer.explain(error)
            await ack()
            return
        try:
            self._refuse_strangers(body)
            await self._act(click)
        except Exception as error:  # noqa: BLE001 - it is explained and logged there
            # Whatever happened, the clicker learns it in a sentence, and Slack gets its answer in time.
            self._replies.tell(click, await self._explainer.explain(error))
        if click.surface is Surface.HOME:
            await self._homes.show(click.by, ids.read_pages(click.metadata, click.value))
        await ack()

    async def _act(self, click: Click) -> None:
        handler = self._actions.get(click.action_id)
        if handler is not None:
            await handler(click)
        elif "." in click.action_id and click.value:
            # An old message of ours. Links and inputs report here too and have nothing to be told.
            raise Refused(UNKNOWN_BUTTON)

    async def submission(self, ack: AsyncAck, body: Payload) -> None:
        """A form sent off. What is wrong stands at its field; a refusal stands in the form's place."""
        try:
            submission = payloads.submission(body)
        except Unreadable as error:
            await ack(response_action="update", view=refusal_view(await self._explainer.explain(error)))
            return
        try:
            self._refuse_strangers(body)
            view = await self._submit(submission)
        except FormError as error:
            await self._explainer.explain(error)
            await ack(response_action="errors", errors=form_errors(error, submission.view))
            return
        except PersonUnknown as error:
            await self._keep_open(ack, submission, await self._explainer.explain(error))
            return
        except Refused as error:
            await ack(response_action="update", view=refusal_view(await self._explainer.explain(error)))
            return
        except Exception as error:  # noqa: BLE001 - it is explained and logged there
            # The form stays open with all that was typed, so that it can be sent again.
            await self._keep_open(ack, submission, await self._explainer.explain(error))
            return
        if view is None:
            await ack()
        else:
            await ack(response_action="push" if isinstance(view, OnTop) else "update", view=dict(view))

    async def _submit(self, submission: Submission) -> Mapping[str, Any] | None:
        handler = self._submissions.get(submission.callback_id)
        if handler is None:
            raise Refused(UNKNOWN_BUTTON)
        return await handler(submission)

    async def _keep_open(self, ack: AsyncAck, submission: Submission, error: LockstepError) -> None:
        errors = form_errors(FormError({WHOLE_FORM: str(error)}), submission.view)
        if WHOLE_FORM in errors:  # no input to put it at
            await ack(response_action="update", view=refusal_view(error))
        else:
            await ack(response_action="errors", errors=errors)

    async def command(self, ack: AsyncAck, body: Payload) -> None:
        """A slash command; the answer is seen by the one who typed it."""
        written = ""
        try:
            self._refuse_strangers(body)
            command = payloads.command(body)
            written = self._commands.to_give_back(command)
            answer = await self._commands.answer(command)
        except Exception as error:  # noqa: BLE001 - it is explained and logged there
            answer = give_back(render_refusal(await self._explainer.explain(error)), written)
        if answer is None:
            await ack()
            return
        await ack(text=answer.text, blocks=list(answer.blocks), response_type="ephemeral")

    async def shortcut(self, ack: AsyncAck, body: Payload) -> None:
        """A global shortcut: a form opens, or a small window that says why not."""
        try:
            click = payloads.shortcut(body)
        except Unreadable as error:
            await self._explainer.explain(error)
            await ack()
            return
        try:
            self._refuse_strangers(body)
            await self._shortcut(click)
        except Exception as error:  # noqa: BLE001 - it is explained and logged there
            self._replies.tell(click, await self._explainer.explain(error))
        await ack()

    async def _shortcut(self, click: Click) -> None:
        handler = self._shortcuts.get(click.action_id)
        if handler is None:
            raise Refused(UNKNOWN_BUTTON)
        await handler(click)

    async def message_shortcut(self, ack: AsyncAck, body: Payload) -> None:
        """A shortcut of a message: a form opens, or a small window that says why not."""
        try:
            found = message_payload.message_shortcut(body)
        except Unreadable as error:
            await self._explainer.explain(error)
            await ack()
            return
        try:
            self._refuse_strangers(body)
            await self._on_message(found)
        except Exception as error:  # noqa: BLE001 - it is explained and logged there
            self._replies.tell(found.click, await self._explainer.explain(error))
        await ack()

    async def _on_message(self, found: OnMessage) -> None:
        handler = self._on_messages.get(found.click.action_id)
        if handler is None:
            raise Refused(UNKNOWN_BUTTON)
        await handler(found)

    async def event(self, ack: AsyncAck, body: Payload) -> None:
        """Something that happened. Only when it could not be stored Slack is left to deliver it again."""
        try:
            self._refuse_strangers(body)
            event = payloads.event(body)
            handler = self._events.get(event.kind)
            if handler is not None:
                await handler(event)
        except StorageUnavailable as error:
            raise NotHandled from error
        except LockstepError as error:
            await self._explainer.explain(error)
        except Exception as error:
            await self._explainer.explain(error)
            raise NotHandled from error
        await ack()

    async def anything_else(self, ack: AsyncAck, body: Payload) -> None:
        """Closed forms nobody asked for: Slack shows an error unless it is answered."""
        log.info("not_handled", kind=str(body.get("type", ""))[:40])
        await ack()

    async def options(self, ack: AsyncAck) -> None:
        """No menu of ours is filled from here."""
        await ack(options=[])

    def _refuse_strangers(self, body: Payload) -> None:
        team_id = payloads.team_of(body)
        if team_id != self._team_id:
            log.warning("other_team", team_id=team_id)
            raise NotAllowed(OTHER_TEAM)


async def failed(error: Exception) -> BoltResponse | None:
    """What Bolt answers after an error: an event that was not handled stays unacknowledged.

    Anything else happened inside Bolt, which reads parts of a payload before any listener of ours can check them:
    such a payload would come out the same a second time.
    """
    if isinstance(error, NotHandled):
        log.warning("event_not_handled", exc_info=error)
        return None
    log.error("payload_refused", exc_info=error)
    return BoltResponse(status=200)
