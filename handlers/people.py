"""What Slack tells of people: somebody joined, or their account changed."""

from __future__ import annotations

from collections.abc import Callable

from bot.ports import Account
from bot.services import accounts
from handlers import payloads
from handlers.once import once
from handlers.payloads import Event, Payload, Unreadable
from handlers.tables import Events
from storage.database import Database

ReadAccount = Callable[[Payload], Account]
"""Reads Slack's user object (bot/integrations/slack_accounts.py)."""


class PeopleHandlers:
    def __init__(self, db: Database, read_account: ReadAccount) -> None:
        self._db = db
        self._read_account = read_account

    def events(self) -> Events:
        return {"team_join": self.account_changed, "user_change": self.account_changed}

    async def account_changed(self, event: Event) -> None:
        user = payloads.user_object(event.content)
        try:
            account = self._read_account(user)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Unreadable("user") from None
        await self._db.run(once, event.id, accounts.record_account, account)
