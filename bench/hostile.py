"""Ten thousand webhook bodies and ten thousand Slack requests that lie: no 5xx, no row, nothing raised.

    python -m bench.hostile
    python -m bench.hostile --count 500 --seed 3

Slack's come by HTTP (unsigned, badly signed, and signed with odd payloads) and through Socket Mode.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import sqlite3
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from bench import hostile_slack, hostile_webhooks, mortal
from bench.hostile_values import Request
from bench.mortal import Mortal
from bot.demo import company
from bot.integrations.web import Web
from sandbox import company as sandbox_company
from sandbox.manifest import load as load_manifest
from sandbox.server import Running, running
from sandbox.workspace import Settings
from storage.urls import parse_url, sqlite_path

COUNT = 10_000
AT_ONCE = 16
TABLES = (
    "leads", "lead_keys", "lead_facts", "waiting_news", "handoffs", "posts", "campaigns", "sources", "teams",
    "routing_rules", "agreements", "erasures", "targets", "announcements", "imports", "import_rows",
)  # fmt: skip
"""What no liar may add to. People, events and the outbox are Slack's to change: a signed user_change is one."""
_OF_REAL = "lead_id IS NULL OR lead_id NOT IN (SELECT id FROM leads WHERE practice)"
REAL = {"leads": "NOT practice", "handoffs": "NOT practice", "lead_keys": _OF_REAL, "posts": _OF_REAL}
MANIFEST = Path(__file__).parent.parent / "manifest.yml"


@dataclass(slots=True)
class Outcome:
    """Answers by status, and what is wrong; `wrong` is empty when nothing happened."""

    sent: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def figures(self) -> str:
        listed = ", ".join(f"{count} x {answer}" for answer, count in sorted(self.answers.items()))
        return f"{self.sent} in {self.seconds:.0f} s: {listed}; wrong: {len(self.wrong)}"


@dataclass(slots=True)
class Target:
    """A bot, and the inside of the sandbox it lives on."""

    bot: Mortal
    sandbox: Running
    log_read: int = 0

    @property
    def people(self) -> list[str]:
        return [self.bot.slack.ids[mortal.email(number)] for number in range(mortal.REPS)]

    def rows(self) -> dict[str, int]:
        """How many rows there are of each table; without practice leads, which each rep may begin with one click."""
        path = sqlite_path(parse_url(self.bot.database_url))
        with contextlib.closing(sqlite3.connect(path)) as connection:
            return {
                table: connection.execute(f"SELECT count(*) FROM {table} WHERE {REAL.get(table, 'true')}").fetchone()[0]
                for table in TABLES
            }

    def complaints(self) -> list[str]:
        """Lines of the log since the last look that tell of a failure of ours."""
        text = self.bot.log.read_text(errors="replace") if self.bot.log.exists() else ""
        lines, self.log_read = text[self.log_read :].splitlines(), len(text)
        return [line for line in lines if '"level": "error"' in line or '"critical"' in line or "Traceback" in line]


@contextlib.asynccontextmanager
async def target(folder: Path, *, socket_mode: bool) -> AsyncIterator[Target]:
    """A bot with a roster that takes leads and clicks, on SQLite."""
    people = sandbox_company.load(mortal.company_file(folder, mortal.REPS))
    async with (
        running(Settings(company=people, manifest=load_manifest(MANIFEST))) as sandbox,
        Web() as web,
        mortal.spawner() as spawner,
    ):
        slack = company.Slack(web, sandbox.url)
        await slack.load()
        url = f"sqlite:///{folder / f'{uuid.uuid4().hex}.db'}"
        await mortal.prepare(slack, url, folder)
        bot = Mortal(web, spawner, slack, url, folder, socket_mode=socket_mode)
        await bot.start()
        try:
            yield Target(bot, sandbox)
        finally:
            await bot.kill()


async def webhooks(at: Target, *, count: int, seed: int, progress: bool = False) -> Outcome:
    """Leads and news that are none: each is refused, with a reason below 500; what carries our own mark is an echo."""
    return await _by_http(
        at,
        hostile_webhooks.webhooks(seed, count),
        count,
        progress=progress,
        taken=frozenset({hostile_webhooks.OUR_MARK}),
    )


async def slack_by_http(at: Target, *, count: int, seed: int, progress: bool = False) -> Outcome:
    """What Slack never sent, and what it signed: the first is refused, the second answered, neither with a 5xx."""
    requests = hostile_slack.slack_requests(seed, count, at.people)
    return await _by_http(at, requests, count, progress=progress, taken=frozenset({"signed by Slack"}))


async def slack_by_socket(at: Target, *, count: int, seed: int, progress: bool = False) -> Outcome:
    """Payloads through Socket Mode: each is acknowledged, and nothing comes of it."""

    async def send(payload: dict[str, Any], outcome: Outcome) -> None:
        kind = "events_api" if payload.get("type") == "event_callback" else "interactive"
        workspace = at.sandbox.workspace
        ack = await workspace.delivery.interaction(kind, "hostile", payload, accepts_response=True)
        outcome.answers["acknowledged" if ack.acked else f"not acknowledged ({ack.error})"] += 1
        if not ack.acked:
            outcome.wrong.append(f"not acknowledged: {json.dumps(payload)[:600]}")

    return await _send_all(at, hostile_slack.payloads(seed, count, at.people), send, count, progress=progress)


async def _by_http(
    at: Target, requests: Iterable[Request], count: int, *, progress: bool, taken: frozenset[str]
) -> Outcome:
    async with aiohttp.ClientSession(skip_auto_headers=["content-type", "user-agent"]) as http:

        async def send(request: Request, outcome: Outcome) -> None:
            url = URL(f"{at.bot.url}{request.path}", encoded=True)
            async with http.request(
                request.method, url, data=io.BytesIO(request.body), headers=request.headers
            ) as answer:
                text = await answer.text(errors="replace")
            outcome.answers[str(answer.status)] += 1
            if answer.status >= 500 or (answer.status < 400 and request.what not in taken):
                outcome.wrong.append(f"{answer.status} for {request.what}: {request.body[:400]!r} {text[:200]}")

        return await _send_all(at, requests, send, count, progress=progress)


async def _send_all(
    at: Target,
    things: Iterable[Any],
    send: Callable[[Any, Outcome], Awaitable[None]],
    count: int,
    *,
    progress: bool,
) -> Outcome:
    outcome, before, started = Outcome(), at.rows(), time.monotonic()
    at.complaints()
    places = asyncio.Semaphore(AT_ONCE)

    async def one(thing: Any) -> None:
        try:
            await send(thing, outcome)
        except aiohttp.ClientError as error:
            outcome.answers[type(error).__name__] += 1
            outcome.wrong.append(
                f"{type(error).__name__} instead of an answer to {getattr(thing, 'what', 'a payload')}"
            )
        finally:
            places.release()
        outcome.sent += 1
        if progress and outcome.sent % 100 == 0:
            print(f"\r  {outcome.sent} of {count}", end="", flush=True)

    async with asyncio.TaskGroup() as group:
        for thing in things:
            await places.acquire()
            group.create_task(one(thing))
    if progress:
        print()
    await at.bot.ready()
    outcome.wrong += [
        f"{table}: {rows - before[table]} more rows" for table, rows in at.rows().items() if rows != before[table]
    ]
    outcome.wrong += at.complaints()
    outcome.seconds = time.monotonic() - started
    return outcome


async def hostile(name: str = "SQLite", database_url: str | None = None, *, count: int = COUNT, seed: int = 1) -> None:
    """All of it on SQLite, with figures. Raises AssertionError when something came of it."""
    if database_url is not None:
        print(f"  {name}: what is refused before the database is the same; see SQLite")
        return
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="lockstep-bench-") as where:
        async with target(Path(where), socket_mode=False) as at:
            for kind, work in (("webhook bodies", webhooks), ("Slack by HTTP", slack_by_http)):
                outcome = await work(at, count=count, seed=seed, progress=True)
                print(f"  {kind}: {outcome.figures()}")
                wrong += outcome.wrong
        async with target(Path(where), socket_mode=True) as at:
            outcome = await slack_by_socket(at, count=count, seed=seed, progress=True)
            print(f"  Slack by Socket Mode: {outcome.figures()}")
            wrong += outcome.wrong
    for sentence in wrong[:20]:
        print(f"    {sentence}")
    assert not wrong, f"{len(wrong)} went wrong; again with --seed {seed}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description="Requests that lie.")
    parser.add_argument("--count", type=int, default=COUNT, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    asyncio.run(hostile(count=chosen.count, seed=chosen.seed))


if __name__ == "__main__":
    main()
