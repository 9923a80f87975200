"""A bot that is killed and started again, on a sandbox with people who take leads; and what must hold afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.configuration import apply_file
from bot.demo import company, programs
from bot.demo.demo import free_port
from bot.domain.post import OutboxStatus
from bot.errors import WebError
from bot.integrations.clock import SystemClock
from bot.integrations.web import Web
from storage.database import run_now
from storage.schema import migrate
from storage.transaction import Transaction
from tests.handlers import toy_crm

Json = dict[str, Any]

REPS = 6
READY_S = 30.0
POOL, FALLBACK, CAMPAIGNS = "pool", "fallback", "campaigns"
MARKETER, MANAGER = "marketer@example.com", "manager@example.com"
HOUR_S = 3600
SETTLED_S = 120
"""Virtual seconds after which everything said has arrived: a lease of 30, looks at 0, 10 and 30, and some pace."""


class NotReady(RuntimeError):
    """The bot did not come up; its last words follow."""


class Spawner:
    """Forks bots; see bench/spawner.py."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def start(self, environment: Json, log: Path) -> int:
        """The process id of a new bot with these settings."""
        return int((await self._order(do="start", environment=environment, log=str(log)))["pid"])

    async def ended(self, pid: int) -> int:
        """Its exit code, once it has ended."""
        return int((await self._order(do="wait", pid=pid))["code"])

    async def _order(self, **order: Any) -> Json:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        line = await self._process.stdout.readline()
        answer: Json = json.loads(line)
        return answer


@contextlib.asynccontextmanager
async def spawner() -> AsyncIterator[Spawner]:
    """Ready to fork bots, until the block ends."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LOCKSTEP_", "SLACK_"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.spawner", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=kept
    )
    try:
        yield Spawner(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


@dataclass(slots=True)
class Mortal:
    """One bot, killed and started again on the same database, address and sandbox. `api` is where it finds Slack."""

    web: Web
    spawner: Spawner
    slack: company.Slack
    database_url: str
    folder: Path
    api: str = ""
    socket_mode: bool = True
    port: int = field(default_factory=lambda: free_port(0))
    pid: int | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "bot.log"

    async def start(self, *, crash_at: str | None = None, ready: bool = True) -> None:
        """It runs; with `ready` it also takes leads and clicks. Raises NotReady."""
        assert self.pid is None, "it runs already: the one before would never be killed"
        environment = programs.bot_environment(
            self.slack.url, database_url=self.database_url, port=self.port, socket_mode=self.socket_mode, name="bot"
        )
        environment["LOCKSTEP_LOG"] = "json"
        if self.api:
            environment["SLACK_API_URL"] = self.api
        if crash_at is not None:
            environment["LOCKSTEP_CRASH_AT"] = crash_at
        self.pid = await self.spawner.start(environment, self.log)
        if ready:
            await self.ready()

    async def ready(self) -> None:
        """Returns when it takes leads and clicks. Raises NotReady."""
        if not await wait_until_ready(self, lambda: self.alive):
            raise NotReady("\n".join(self.log.read_text(errors="replace").splitlines()[-15:]))

    @property
    def alive(self) -> bool:
        return self.pid is not None and _state(self.pid) not in ("Z", "")

    async def kill(self) -> None:
        """`kill -9`; returns when it is gone."""
        if self.pid is not None:
            pid, self.pid = self.pid, None
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            await self.spawner.ended(pid)

    async def died(self) -> int:
        """Its exit code, once it died by itself."""
        assert self.pid is not None
        pid, self.pid = self.pid, None
        return await asyncio.wait_for(self.spawner.ended(pid), READY_S)

    async def settled(self, seconds: int = SETTLED_S) -> None:
        """Time goes by, and everything due in it happens."""
        await self.slack.advance(seconds)


async def wait_until_ready(bot: Mortal, alive: Callable[[], bool] = lambda: True) -> bool:
    """Whether something answers at the bot's address that it is ready, before it ends or half a minute is over."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + READY_S
    while loop.time() < deadline and alive():
        with contextlib.suppress(WebError):
            if (await bot.web.get(f"{bot.url}/readyz")).status == 200:
                return True
        await asyncio.sleep(0.02)
    return False


def _state(pid: int) -> str:
    """The letter of /proc/PID/stat; empty when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return ""


@contextlib.asynccontextmanager
async def people(web: Web, folder: Path, *, reps: int = REPS) -> AsyncIterator[company.Slack]:
    """A sandbox with reps who share one pool and one fallback pool, a marketer, and a sales manager. Its clock runs."""
    port = free_port(0)
    async with programs.sandbox(web, folder, port=port, company=company_file(folder, reps)) as url:
        slack = company.Slack(web, url)
        await slack.load()
        yield slack


async def prepare(
    slack: company.Slack, database_url: str, folder: Path, *, reps: int = REPS, crm_url: str | None = None
) -> None:
    """The database has the schema and the roster of `people`; decisions are told to `crm_url`, if given."""
    await asyncio.to_thread(migrate, database_url, lambda _: None)
    environment = programs.bot_environment(
        slack.url, database_url=database_url, port=0, socket_mode=True, name="set-up"
    )
    await apply_file(roster_file(folder, reps, crm_url), environment)


def email(number: int) -> str:
    return f"rep{number}@example.com"


def lead(external_id: str, *, hot: bool = False, **more: Any) -> Json:
    """A lead that goes to a rep in turn, or when `hot` to the pool."""
    return {
        "external_id": external_id, "name": f"Lead {external_id}", "company": f"Company {external_id}", "score": 80,
        "priority": "hot" if hot else "warm", **more,
    }  # fmt: skip


async def post(bot: Mortal, data: Json, *, delivery: str, kind: str = "lead.ready", at: datetime | None = None) -> int:
    """The status of the answer to a message of the source; 0 when there was none. `at`: when it happened, else now."""
    at = at or SystemClock().now()
    try:
        answer = await company.post_message(bot.web, bot.url, kind, data, delivery=delivery, at=at)
    except WebError:
        return 0
    return answer.status


async def all_said(bot: Mortal) -> None:
    """Time goes by until nothing is left to be said or to happen by now: an hour in small steps, because a channel
    takes one message a second, then two days in large ones, because a target that refused is told again after hours."""
    for seconds in [SETTLED_S] * 30 + [HOUR_S] * 48:
        await bot.settled(seconds)
        counts, due = await asyncio.to_thread(run_now, bot.database_url, SystemClock(), _left)
        is_over = due is None or due > await bot.slack.now()
        if is_over and not sum(count for status, count in counts.items() if status != "parked"):
            return
        # A slow machine: virtual days must not be over before the bot had real time to say anything.
        await asyncio.sleep(0.2)


def _left(tx: Transaction) -> tuple[dict[OutboxStatus, int], datetime | None]:
    """What is to be said, by its state, and when the next thing happens by itself."""
    return tx.outbox.counts(), tx.timers.next_due()


def company_file(folder: Path, reps: int) -> Path:
    rows = ['[team]\nid = "T0LOCKSTEP"\nname = "Mortal"\ndomain = "mortal"\n']
    rows += [
        f'[[people]]\nname = "Rep {number}"\nemail = "{email(number)}"\ntz = "Europe/Berlin"\n'
        for number in range(reps)
    ]
    rows += [
        f'[[people]]\nname = "{name}"\nemail = "{one}"\ntz = "Europe/Berlin"\n'
        for one, name in ((MARKETER, "Marketer"), (MANAGER, "Manager"))
    ]
    members = ", ".join(f'"rep{number}"' for number in range(reps))
    channels = {POOL: members, FALLBACK: members, CAMPAIGNS: f'{members}, "marketer", "manager"'}
    rows += [f'[[channels]]\nname = "{name}"\nbot = true\nmembers = [{them}]\n' for name, them in channels.items()]
    file = folder / "mortal-company.toml"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


def roster_file(folder: Path, reps: int, crm_url: str | None = None) -> Path:
    members = ", ".join(f'"{email(number)}"' for number in range(reps))
    rows = [f'[lockstep]\nfallback_channel = "#{FALLBACK}"\nsales_channels = ["#{CAMPAIGNS}"]\n']
    rows += [f'[[people]]\nemail = "{email(number)}"\nname = "Rep {number}"\n' for number in range(reps)]
    rows.append(f'[[people]]\nemail = "{MARKETER}"\nname = "Marketer"\nside = "marketing"\nroles = ["marketer"]\n')
    rows.append(f'[[people]]\nemail = "{MANAGER}"\nname = "Manager"\nside = "sales"\nroles = ["manager"]\n')
    rows.append(f'[[teams]]\nkey = "all"\nname = "All"\npool_channel = "#{POOL}"\nmembers = [{members}]\n')
    rows.append('[[routing]]\nname = "Hot"\nfield = "priority"\noperator = "is"\nvalue = "hot"\npool = "all"\n')
    rows.append('[[routing]]\nname = "All"\noperator = "any"\nteam = "all"\n')
    rows.append(f'[[sources]]\nkey = "{company.SOURCE}"\nname = "Load"\nsecrets = ["{company.SECRET}"]\n')
    if crm_url is not None:
        secrets = ", ".join(f'"{secret}"' for secret in toy_crm.SECRETS)
        rows.append(f'[[targets]]\nkey = "crm"\nurl = "{crm_url}"\nsecrets = [{secrets}]\n')
    file = folder / "mortal-roster.toml"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file
