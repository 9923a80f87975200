"""A digest of 5,000 notes, and one of 200 campaigns: how long loading and rendering take, and how far each of Slack's
limits is. Beside them a floor of the same run: one scan of the same notes' rows by hand, in one statement."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import time as local_time
from pathlib import Path
from typing import Any

from bench.digest_company import BEFORE, CAMPAIGNS, NOTES, NOW, WEEK, StandingClock, build
from bot.domain.digest import DigestKind, Schedule
from bot.ports import Message
from bot.services import digest_content
from bot.services.digests import DigestShown
from bot.views.blocks import MESSAGE_BLOCKS, TEXT_MAX
from bot.views.digest import render_digest
from sandbox.blockkit import validate_blocks, validate_message
from storage.database import Database
from storage.schema import migrate
from storage.transaction import Transaction

ROUNDS = 15
MOST_MS = 200
"""Must show: a digest is built in under so long."""
UPDATE_TEXT_MAX = 4_000
MESSAGE_MAX = 13_200
"""Characters of a message from which on Slack has been seen to refuse it."""
_FLOOR = "SELECT kind, author_id, theme_id, count(*) FROM notes WHERE removed_at IS NULL GROUP BY 1, 2, 3"


async def digests(name: str, url: str | None) -> None:
    """Prints the figures; fails when a digest is over a limit, or takes too long."""
    with tempfile.TemporaryDirectory(prefix="lockstep-bench-") as folder:
        own = url or f"sqlite:///{Path(folder) / 'lockstep.db'}"
        migrate(own, lambda _: None)
        build(own)
        db = Database.open(own, clock=StandingClock())
        try:
            await _measure(db, name)
        finally:
            await db.close()


def schedule(kind: DigestKind) -> Schedule:
    return Schedule(
        id="s1", name="Everything", kind=kind, place="C0SALES01", weekdays=(0,), at=local_time(9), tz="Europe/Berlin",
        told_until=NOW - WEEK, made_by=None, created_at=NOW - WEEK, updated_at=NOW - WEEK,
    )  # fmt: skip


async def _measure(db: Database, name: str) -> None:
    await db.read(_scan)
    floor = statistics.median([await _timed(db, _scan) for _ in range(ROUNDS)])
    print(f"  {name}: floor, one scan of the {NOTES * (BEFORE + 1):,} notes by hand: {floor:.1f} ms", flush=True)
    what = {DigestKind.FIELD_NOTES: f"{NOTES:,} notes", DigestKind.CAMPAIGNS: f"{CAMPAIGNS} campaigns"}
    for kind, of in what.items():
        build_it = _builder(schedule(kind))
        first = await _timed(db, build_it)
        took = [await _timed(db, build_it) for _ in range(ROUNDS)]
        median = statistics.median(took)
        print(
            f"  {name}: {of}, loaded and rendered: median {median:.1f} ms, worst {max(took):.1f} ms, the first time "
            f"{first:.1f} ms ({median / floor:.2f} of the floor)",
            flush=True,
        )
        _sizes(name, of, await db.read(build_it))
        assert median < MOST_MS, f"{of}: {median:.0f} ms"


def _scan(tx: Transaction) -> object:
    return tx.posts._connection.exec_driver_sql(_FLOOR).all()


def _builder(what: Schedule) -> Callable[[Transaction], Message]:
    def build_it(tx: Transaction) -> Message:
        content = digest_content.load(tx, what, from_at=NOW - WEEK, until_at=NOW)
        return render_digest(DigestShown(content=content))

    return build_it


async def _timed(db: Database, use_case: Callable[[Transaction], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    await db.read(use_case)
    return (time.perf_counter() - began) * 1000


def _sizes(name: str, of: str, message: Message) -> None:
    blocks = list(message.blocks)
    assert validate_blocks(blocks) == []
    assert validate_message({"text": message.text, "blocks": blocks}) == []
    texts = [len(text) for text in _texts(blocks)]
    sizes = {
        "blocks": (len(blocks), MESSAGE_BLOCKS),
        "longest text": (max(texts), TEXT_MAX),
        "text for notifications": (len(message.text), UPDATE_TEXT_MAX),
        "characters in all": (sum(texts), MESSAGE_MAX),
        "charts": (sum(block["type"] == "data_visualization" for block in blocks), 2),
    }
    for what, (size, limit) in sizes.items():
        assert size <= limit, f"{what}: {size} of {limit}"
    said = ", ".join(f"{what} {size:,} of {limit:,}" for what, (size, limit) in sizes.items())
    print(f"  {name}: {of}: {said}; {len(json.dumps(blocks).encode()):,} bytes", flush=True)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for key, inner in value.items() if key != "text" or not own for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return []
