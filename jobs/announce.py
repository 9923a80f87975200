"""Tells one target of one decision: signed as Standard Webhooks says, the same bytes at every attempt."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.domain import signature
from bot.domain.post import OutboxRow
from bot.domain.target import ATTEMPTS, Target, wait_after
from bot.errors import WebError
from bot.ports import Web
from bot.services import announcements
from jobs import records
from jobs.records import Record
from storage.database import Database
from storage.transaction import Transaction

log = structlog.get_logger(__name__)

GONE = 410
AGENT = "Lockstep"
UNDELIVERABLE = "undeliverable"


class Announce:
    """Carries out ANNOUNCE. Returns what is to be recorded, and how it ended in the words of `Outbox.on_outcome`;
    another system's trouble never raises."""

    def __init__(self, db: Database, web: Web, *, real_now: Callable[[], float], seed: int | None = None) -> None:
        """`real_now` (seconds since 1970) is what signatures carry."""
        self._db = db
        self._web = web
        self._real_now = real_now
        self._chance = random.Random(seed)  # noqa: S311 - spreads retries, decides nothing

    async def carry_out(self, row: OutboxRow) -> tuple[Record, str]:
        crash_points.reached(CrashPoint.ANNOUNCE_LEASED)
        announcement_id, target, body = await self._db.read(announcements.what_to_tell, row.subject_id)
        if target is None:
            return records.done, "done"  # it was taken out of the configuration
        if body is None:
            return _park("What was decided is not kept any more.", tell=False), UNDELIVERABLE
        if target.disabled_at is not None:
            return _park(f"{target.key} is disabled: {target.disabled_why}.", tell=False), UNDELIVERABLE
        try:
            answer = await self._web.post_bytes(target.url, body.encode(), self._headers(target, announcement_id, body))
        except WebError as error:
            log.info("target not reached", name=target.key, row=row.id)
            return self._again(row, f"{target.key} was not reached: {error}.")
        if 200 <= answer.status < 300:
            crash_points.reached(CrashPoint.ANNOUNCE_ANSWERED)
            return records.done, "done"
        log.info("target refused", name=target.key, row=row.id, status=answer.status)
        if answer.status == GONE:
            return _gone(target.key), UNDELIVERABLE
        return self._again(row, f"{target.key} answered {answer.status}.", _asked_for(answer.headers, self._real_now()))

    def _headers(self, target: Target, announcement_id: str, body: str) -> dict[str, str]:
        stamp = int(self._real_now())
        signed = [
            signature.sign(secret, message_id=announcement_id, timestamp=stamp, body=body.encode())
            for secret in target.secrets
        ]
        return {
            "content-type": "application/json",
            "user-agent": AGENT,
            "webhook-id": announcement_id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": " ".join(signed),
        }

    def _again(self, row: OutboxRow, why: str, asked_for: timedelta | None = None) -> tuple[Record, str]:
        """Tried again by the schedule, then parked and the admin told."""
        wait = wait_after(row.attempts, self._chance.random(), asked_for)
        if wait is None:
            return _park(f"{why} It was tried {ATTEMPTS} times.", tell=True), UNDELIVERABLE

        def record(tx: Transaction, row: OutboxRow) -> None:
            tx.outbox.retry(row, tx.now + wait, why)

        return record, "later"


def _park(why: str, *, tell: bool) -> Record:
    def record(tx: Transaction, row: OutboxRow) -> None:
        if tx.outbox.park(row, why) and tell:
            announcements.given_up(tx, row, why)

    return record


def _gone(key: str) -> Record:
    def record(tx: Transaction, row: OutboxRow) -> None:
        if tx.outbox.park(row, f"{key} answered 410 Gone."):
            announcements.gone(tx, key)

    return record


def _asked_for(headers: Mapping[str, str], real_now: float) -> timedelta | None:
    """Retry-After, in seconds or as a date; None when there is none that can be read."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return timedelta(seconds=int(text))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    wait = at.astimezone(UTC) - datetime.fromtimestamp(real_now, UTC)
    return max(wait, timedelta(0))
