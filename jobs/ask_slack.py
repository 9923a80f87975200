"""The outbox rows that are no messages: Home tabs to publish, accounts to ask about."""

from __future__ import annotations

from typing import Any

from bot.domain.person import SlackFlags
from bot.domain.post import OutboxRow
from bot.errors import PersonUnknown, Undeliverable
from bot.ports import Account, Chat
from bot.services import home, people
from bot.views.home import render_home
from jobs import records
from jobs.records import Record
from storage.database import Database
from storage.transaction import Transaction

NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found", "user_disabled"})
"""Slack does not show us this account: nothing to publish to, nothing to learn, nothing an admin need mend."""


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
            await self._chat.publish_home(slack_id, view)
        except Undeliverable as error:
            if error.code not in NOBODY:
                raise
        return records.done

    async def refresh_person(self, row: OutboxRow) -> Record:
        try:
            account = await self._chat.account(row.subject_id)
        except Undeliverable as error:
            if error.code not in NOBODY:
                raise
            return _nobody(row.subject_id)
        return _learn([account], everybody=False)

    async def refresh_people(self, row: OutboxRow) -> Record:
        return _learn(await self._chat.accounts(), everybody=True)


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


def _nobody(slack_id: str) -> Record:
    """Slack shows us no such account: somebody we knew by it may not act any more."""

    def record(tx: Transaction, row: OutboxRow) -> None:
        if tx.outbox.done(row, tx.now) and tx.people.by_slack_id(slack_id) is not None:
            tx.people.set_flags(slack_id, SlackFlags(is_deleted=True, checked_at=tx.now))

    return record


def _learn(accounts: list[Account], *, everybody: bool) -> Record:
    def record(tx: Transaction, row: OutboxRow) -> None:
        if not tx.outbox.done(row, tx.now):
            return
        if everybody:
            people.record_accounts(tx, accounts)
        else:
            people.record_account(tx, accounts[0])

    return record
