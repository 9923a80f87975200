"""Slack is asked about people of the roster: by their account's id, else by their e-mail address, some at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.person import Person
from bot.errors import RetryLater
from bot.ports import Account, Chat
from bot.services.accounts import Answer

BATCH = 20
"""People asked about in a row and recorded in one transaction."""
INFO_S = 0.75
"""Seconds a question by id stands for. Slack allows 100 a minute (tier 4); the rest is left to people who click."""
LOOKUP_S = 1.5
"""Seconds a question by address stands for: Slack allows 50 a minute (tier 3)."""
LONGEST_S = 10.0
"""Real seconds after which no further question is begun, so that the answers are recorded within their lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    answers: Sequence[Answer]
    rest_s: float
    """How long to ask nothing further, to keep Slack's pace."""
    trouble: RetryLater | None = None
    """Why the others were not asked about."""


async def ask(chat: Chat, people: Sequence[Person]) -> Asked:
    """What Slack says of `people`; when it wants to be left alone, of as many as it answered for.

    Whoever's account is gone is looked for by address: they may have a new one. Raises Undeliverable.
    """
    answers: list[Answer] = []
    rest_s = 0.0
    end = time.monotonic() + LONGEST_S
    for person in people:
        if time.monotonic() > end:
            break
        account: Account | None = None
        try:
            if person.slack_id is not None:
                rest_s += INFO_S
                account = await chat.account(person.slack_id)
            if person.email is not None and (account is None or account.flags.is_deleted):
                rest_s += LOOKUP_S
                account = await chat.account_by_email(person.email) or account
        except RetryLater as error:
            return Asked(answers=answers, rest_s=rest_s, trouble=error)
        answers.append(Answer(person=person, account=account))
    return Asked(answers=answers, rest_s=rest_s)
