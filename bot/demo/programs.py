"""The programs of a demo, each in a process of its own: the sandbox and one or more bots."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import LockstepError, WebError
from bot.integrations.web import Web

BOT_TOKEN = "xoxb-sandbox-bot"  # noqa: S105 - the sandbox's fixed, public credentials
APP_TOKEN = "xapp-sandbox-app"  # noqa: S105
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105
START_S = 60.0
"""Real seconds: a first start also compiles, and the machine may have more to do."""
STOP_S = 15.0


class DidNotStart(LockstepError):
    """A program of the demo did not start; the sentence ends with what it said last."""


@dataclass(slots=True)
class Program:
    """A running program. `log` is the file its output goes to."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    async def stop(self) -> None:
        """It has ended: asked first, then killed."""
        if self.process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), STOP_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()

    def last_words(self) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-15:])


async def start(name: str, arguments: list[str], environment: Mapping[str, str], folder: Path) -> Program:
    """`python ARGUMENTS` is running, with the environment given on top of this process's harmless variables."""
    log = folder / f"{name}.log"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LOCKSTEP_", "SLACK_"))}  # noqa: TID251 - a child process inherits PATH and the like
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdout=output,
            stderr=output,
            stdin=asyncio.subprocess.DEVNULL,
            # Ctrl-C in a terminal reaches the whole group: these are stopped in order instead.
            start_new_session=True,
            env={**kept, "PYTHONUNBUFFERED": "1", **environment},
        )
    return Program(name=name, process=process, log=log)


async def wait_until_ready(web: Web, program: Program, url: str) -> None:
    """`url` answers 200. Raises DidNotStart when the program ended, or is not ready in time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + START_S
    while loop.time() < deadline:
        if program.process.returncode is not None:
            break
        with contextlib.suppress(WebError):
            if (await web.get(url)).status == 200:
                return
        await asyncio.sleep(0.05)
    raise DidNotStart(f"{program.name} did not start:\n{program.last_words()}")


@contextlib.asynccontextmanager
async def sandbox(
    web: Web, folder: Path, *, port: int, request_url: str | None = None, company: Path | None = None
) -> AsyncIterator[str]:
    """A sandbox is running, with the company of that file or Brightwater; gives its address. It ends with the block."""
    arguments = ["-m", "sandbox", "--port", str(port)]
    if company is not None:
        arguments += ["--company", str(company)]
    if request_url is not None:
        arguments += ["--request-url", request_url]
    program = await start("sandbox", arguments, {}, folder)
    try:
        url = f"http://127.0.0.1:{port}"
        await wait_until_ready(web, program, f"{url}/_sandbox/clock")
        yield url
    finally:
        await program.stop()


def bot_environment(sandbox_url: str, *, database_url: str, port: int, socket_mode: bool, name: str) -> dict[str, str]:
    """The settings of a bot that lives on a sandbox."""
    follow = sandbox_url.replace("http://", "ws://") + f"/_sandbox/clock/follow?name={name}"
    environment = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{sandbox_url}/api/",
        "LOCKSTEP_DATABASE_URL": database_url,
        "LOCKSTEP_PORT": str(port),
        "LOCKSTEP_CLOCK_URL": follow,
    }
    if socket_mode:
        environment["SLACK_APP_TOKEN"] = APP_TOKEN
    return environment


@contextlib.asynccontextmanager
async def bot(web: Web, folder: Path, environment: Mapping[str, str], *, name: str = "bot") -> AsyncIterator[Program]:
    """A `lockstep run` is running and ready. It ends with the block."""
    program = await start(name, ["-m", "bot", "run"], environment, folder)
    try:
        await wait_until_ready(web, program, f"http://127.0.0.1:{environment['LOCKSTEP_PORT']}/readyz")
        yield program
    finally:
        await program.stop()
