"""Routing rules from Slack: the list in a window, its overflow, and the forms behind it."""

from __future__ import annotations

from bot.errors import NotFound
from bot.services import routing_set_up
from bot.services.routing_set_up import SaveRule
from bot.views import routing_rules
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.routing_rules import delete_rule_form, rule_form, rules_view
from bot.views.set_up_ref import SetUpBlock, page_of, read_choice, read_ref
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.set_up import read_number
from handlers.tables import Actions, Submissions
from storage.database import Database


class RoutingRuleHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {ActionId.SET_UP_ROUTING: self.open, ActionId.RULE_ADD: self.add, ActionId.RULE_MORE: self.more}

    def submissions(self) -> Submissions:
        return {CallbackId.RULE_SUBMIT: self.save, CallbackId.RULE_DELETE: self.delete}

    async def view(self, by: str, page: int, note: str | None = None) -> View:
        """The list, as it is now."""
        return rules_view(await self._db.read(routing_set_up.rules_list, by), page, note=note)

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, await self.view(click.by, 0))

    async def add(self, click: Click) -> None:
        form = await self._db.read(routing_set_up.rule_form, click.by)
        await self._replies.open_form(click, rule_form(form, page_of(click.metadata)))

    async def more(self, click: Click) -> None:
        word, rule_id = read_choice(click.value, routing_rules.WORDS)
        page = page_of(click.metadata)
        try:
            match word:
                case routing_rules.UP | routing_rules.DOWN:
                    up = word == routing_rules.UP
                    await self._db.run(routing_set_up.move_rule, click.by, rule_id, up=up)
                case routing_rules.DELETE:
                    form, row = await self._db.read(routing_set_up.rule_to_delete, click.by, rule_id)
                    await self._replies.open_form(click, delete_rule_form(form, row, page))
                    return
                case _:
                    form = await self._db.read(routing_set_up.rule_form, click.by, rule_id)
                    await self._replies.open_form(click, rule_form(form, page))
                    return
            note = None
        except NotFound as error:
            note = str(error)
        self._show(click.view_id, click.by, page, note)

    async def save(self, submission: Submission) -> None:
        ref = read_ref(submission.metadata)
        command = SaveRule(
            by=submission.by,
            rule_id=ref.thing or None,
            seen=ref.seen,
            name=submission.answer(BlockId.NAME) or "",
            field=submission.answer(SetUpBlock.FIELD) or "",
            further=submission.answer(SetUpBlock.FURTHER) or "",
            operator=submission.answer(SetUpBlock.OPERATOR) or "",
            value=submission.answer(SetUpBlock.VALUE) or "",
            to=submission.answer(SetUpBlock.TO) or "",
            place=read_number(submission, SetUpBlock.PLACE),
        )
        await self._db.run(routing_set_up.save_rule, command)
        self._show(submission.previous_view_id, submission.by, ref.page)

    async def delete(self, submission: Submission) -> None:
        ref = read_ref(submission.metadata)
        await self._db.run(routing_set_up.delete_rule, submission.by, ref.thing, ref.seen)
        self._show(submission.previous_view_id, submission.by, ref.page)

    def _show(self, view_id: str | None, by: str, page: int, note: str | None = None) -> None:
        """The list that lies under a form, or was clicked in, follows."""
        if view_id is not None:
            self._replies.follow_form(view_id, lambda: self.view(by, page, note))
