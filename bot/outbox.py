"""`lockstep outbox`: what is still to be said, what was given up and why, and saying it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.post import OutboxKind, OutboxRow
from bot.errors import ConfigError
from bot.integrations.clock import SystemClock
from bot.ports import Clock
from bot.services import announcements
from bot.settings import database_url_from_env
from storage.database import run_now
from storage.schema import check_schema
from storage.transaction import Transaction

CLOCK = SystemClock()
AT_ONCE = 100
"""Rows replayed in one transaction: short enough for a click to wait for."""
MOST = 1_000_000


def listing(environ: Mapping[str, str], *, limit: int, clock: Clock = CLOCK) -> list[str]:
    """How much waits, and the parked rows, the newest first: id, what, where, how often tried, and why."""
    return run_now(_url(environ), clock, _listing, limit)


def replay(
    environ: Mapping[str, str], ids: Sequence[str], *, target: str | None, everything: bool, clock: Clock = CLOCK
) -> list[str]:
    """The parked rows named are due now: by id, of one target, or all. A line for each that could not be.

    Raises ConfigError when nothing or too much is named.
    """
    if sum((bool(ids), target is not None, everything)) != 1:
        raise ConfigError("Name the ids to send again, or give --target KEY, or --all.")
    url = _url(environ)
    if not ids:
        ids = run_now(url, clock, _parked, target)
    lines: list[str] = []
    sent = 0
    for start in range(0, len(ids), AT_ONCE):
        refused = run_now(url, clock, _replay, ids[start : start + AT_ONCE])
        lines += refused
        sent += len(ids[start : start + AT_ONCE]) - len(refused)
    return [*lines, f"{sent} to be sent again." if sent else "Nothing to send again."]


def enable(environ: Mapping[str, str], key: str, *, clock: Clock = CLOCK) -> str:
    """The target is told of decisions from now on. Raises ConfigError when there is none of this key."""
    return run_now(_url(environ), clock, _enable, key)


def _url(environ: Mapping[str, str]) -> str:
    url = database_url_from_env(environ)
    check_schema(url)
    return url


def _listing(tx: Transaction, limit: int) -> list[str]:
    counts = tx.outbox.counts()
    lines = [", ".join(f"{status.value} {count}" for status, count in counts.items())]
    lines += [_line(row) for row in tx.outbox.parked(limit)]
    lines += [
        f"Target {target.key} is disabled since {target.disabled_at:%Y-%m-%d %H:%M} UTC: {target.disabled_why}."
        for target in tx.targets.all()
        if target.disabled_at is not None
    ]
    return lines


def _line(row: OutboxRow) -> str:
    what = row.subject_id if row.kind is OutboxKind.ANNOUNCE else row.lane
    return f"{row.id}  {row.kind.value}  {what}  tried {row.attempts} times  {row.last_error or 'no reason recorded'}"


def _parked(tx: Transaction, target: str | None) -> list[str]:
    rows = tx.outbox.parked(MOST)
    # The oldest first: what happened first is said first.
    return [row.id for row in reversed(rows) if target is None or row.subject_id.endswith(f"@{target}")]


def _replay(tx: Transaction, ids: Sequence[str]) -> list[str]:
    refused = []
    for row_id in ids:
        row = tx.outbox.get(row_id)
        if row is None:
            refused.append(f"{row_id}: there is no such row.")
        elif row.kind is OutboxKind.ANNOUNCE and (why := _cannot_tell(tx, row)):
            refused.append(f"{row_id}: {why}")
        elif row.kind is OutboxKind.SYNC_POST and not tx.posts.back_unless_replaced(row.subject_id):
            refused.append(f"{row_id}: another message has taken its place.")
        elif not tx.outbox.replay(row_id):
            refused.append(f"{row_id}: it was not given up, so it is sent anyway.")
    return refused


def _cannot_tell(tx: Transaction, row: OutboxRow) -> str | None:
    _, target, body = announcements.what_to_tell(tx, row.subject_id)
    if target is None:
        return f"the target {row.subject_id.partition('@')[2]} is not in the configuration any more."
    return "what was decided is not kept any more." if body is None else None


def _enable(tx: Transaction, key: str) -> str:
    target = tx.targets.get(key)
    if target is None:
        known = ", ".join(one.key for one in tx.targets.all()) or "none"
        raise ConfigError(f"There is no target {key}; there is {known}.")
    tx.targets.save(replace(target, disabled_at=None, disabled_why=None))
    return (
        f"{key} is told of decisions again. What it was not told meanwhile, of {announcements.KEPT.days} days at most: "
        f"lockstep outbox replay --target {key}"
    )
