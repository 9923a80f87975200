"""The few seams to the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn, Protocol

from bot.domain.person import SlackFlags


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is posted: Block Kit blocks and the text form for notifications and screen readers."""

    text: str
    blocks: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A Slack account as Slack describes it. `email` is None where Slack hides it."""

    slack_id: str
    name: str
    email: str | None
    title: str
    tz: str
    flags: SlackFlags


class Chat(Protocol):
    """Slack, as the outbox needs it. Raises RetryLater, OutcomeUnknown or Undeliverable (bot/errors.py)."""

    async def post(self, place: str, message: Message, *, key: str, thread_ts: str | None = None) -> Posted:
        """Post to a channel (C…, G…, D…) or to a person's direct message (U…), there in the thread of the message at
        `thread_ts`; `key` goes into the metadata."""
        ...

    async def update(self, channel: str, ts: str, message: Message) -> None: ...

    async def find(self, place: str, key: str, *, since: datetime, thread_ts: str | None = None) -> Posted | None:
        """Our message whose metadata carries `key`, posted at or after `since`; None when it is not there. It is looked
        for in the thread of the message at `thread_ts`, if that is there, and among the others of the place."""
        ...

    async def account(self, slack_id: str) -> Account | None:
        """None when Slack shows us no such account."""
        ...

    async def account_by_email(self, email: str) -> Account | None:
        """The active account with this address; None when Slack shows us none."""
        ...

    async def publish_home(self, slack_id: str, view: dict[str, Any]) -> None: ...


class WebAnswer(Protocol):
    """An HTTP answer; header names are lower-case."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...


class Web(Protocol):
    """Other systems, as the outbox needs them: https only outside this machine, no redirects, bounded time and size."""

    async def post_bytes(self, url: str, body: bytes, headers: dict[str, str]) -> WebAnswer:
        """The answer to a POST of exactly these bytes. Raises WebError when there is none."""
        ...


class Holidays(Protocol):
    """Public holidays by country (ISO 3166-1, two letters) and subdivision (its code without the country's)."""

    def mistake(self, country: str | None, subdivision: str | None) -> str | None:
        """What is wrong with the place, as a sentence; None when its holidays are known."""
        ...

    def dates(self, country: str | None, subdivision: str | None, now: date) -> frozenset[date]:
        """The public holidays there in the years around `now`, as far as business time looks ahead."""
        ...

    def names(self, country: str | None, subdivision: str | None, year: int) -> Mapping[date, str]:
        """The public holidays of a year with their names."""
        ...


class NoHolidays:
    """For programs that count nobody's working time: whoever asks for a place has been given the wrong ones."""

    def mistake(self, country: str | None, subdivision: str | None) -> str | None:
        return None if country is None else self._refuse()

    def dates(self, country: str | None, subdivision: str | None, now: date) -> frozenset[date]:
        return frozenset() if country is None else self._refuse()

    def names(self, country: str | None, subdivision: str | None, year: int) -> Mapping[date, str]:
        return {} if country is None else self._refuse()

    def _refuse(self) -> NoReturn:
        raise RuntimeError("This database was opened without public holidays: pass PublicHolidays() to it.")


NO_HOLIDAYS = NoHolidays()
