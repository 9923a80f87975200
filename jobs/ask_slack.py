"""The outbox rows that are no messages: Home tabs to publish, accounts to ask about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.domain.person import Person
from bot.domain.post import OutboxRow
from bot.errors import PersonUnknown, Undeliverable
from bot.ports import Account, Chat
from bot.services import accounts, home, people
from bot.views.home import render_home
from bot.views.pictures import plainer
from jobs import records
from jobs.ask_accounts import BATCH, Asked, ask
from jobs.records import Record
from storage.database import Database
from storage.transaction import Transaction

NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found", "user_disabled"})
"""Slack does not show us this account: nothing to publish to, nothing an admin need mend."""


class AskSlack:
    """Carries out SYNC_HOME, REFRESH_PERSON and REFRESH_PEOPLE. Each may be repeated at will."""

    def __init__(self, db: Database, chat: Chat) -> None:
        self._db = db
        self._chat = chat

    async def sync_home(self, row: OutboxRow) -> Record:
        try:
            found = await self._db.read(_home_of, row.subject_id)
        except PersonUnknown as error:
            # Nothing is shown to an account Slack has not confirmed lately; opening Home shows it again.
            return _ask_first(error.slack_id)
        if found is None:
            return records.done
        slack_id, view = found
        try:
            await self._publish(slack_id, view)
        except Undeliverable as error:
            if error.code not in NOBODY:
                raise
        return records.done

    async def _publish(self, slack_id: str, view: dict[str, Any]) -> None:
        try:
            await self._chat.publish_home(slack_id, view)
        except Undeliverable as error:
            simple = plainer(view, error.code)
            if simple is None:
                raise
            await self._chat.publish_home(slack_id, simple)

    async def refresh_person(self, row: OutboxRow) -> Record:
        person = await self._db.read(_known, row.subject_id)
        if person is not None and person.on_roster:
            return _learn(await ask(self._chat, [person]), clicker=person)
        return _learn_clicker(row.subject_id, await self._chat.account(row.subject_id))

    async def refresh_people(self, row: OutboxRow) -> Record:
        """A batch of the roster; the rest follows in the same lane, at Slack's pace."""
        since = datetime.fromisoformat(row.subject_id)
        return _learn(await ask(self._chat, await self._db.read(_to_ask, since)), since=since)


def _known(tx: Transaction, slack_id: str) -> Person | None:
    return tx.people.by_slack_id(slack_id)


def _to_ask(tx: Transaction, since: datetime) -> list[Person]:
    return tx.people.to_ask(since, BATCH)


def _home_of(tx: Transaction, person_id: str) -> tuple[str, dict[str, Any]] | None:
    person = tx.people.get(person_id)
    if person is None or person.slack_id is None:
        return None
    return person.slack_id, render_home(home.load_home(tx, person.slack_id))


def _ask_first(slack_id: str) -> Record:
    def record(tx: Transaction, row: OutboxRow) -> None:
        if tx.outbox.done(row, tx.now):
            people.queue_refresh(tx, slack_id)

    return record


def _learn_clicker(slack_id: str, account: Account | None) -> Record:
    def record(tx: Transaction, row: OutboxRow) -> None:
        if not tx.outbox.done(row, tx.now):
            return
        if account is None:
            accounts.record_no_account(tx, slack_id)
        else:
            accounts.record_clicker(tx, account)

    return record


def _learn(asked: Asked, *, clicker: Person | None = None, since: datetime | None = None) -> Record:
    """What Slack answered is kept whatever comes after. With `since`, the rest of the roster is asked about next."""

    def record(tx: Transaction, row: OutboxRow) -> None:
        accounts.record_answers(tx, asked.answers)
        if asked.trouble is not None:
            records.later(asked.trouble)(tx, row)
            return
        if clicker is not None:
            accounts.show_home(tx, clicker.id)
        if tx.outbox.done(row, tx.now + timedelta(seconds=asked.rest_s)) and since and tx.people.to_ask(since, 1):
            tx.outbox.add(row.kind, row.subject_id, row.lane)

    return record
