"""`lockstep demo`: the company on a local Slack, in the browser, with leads that arrive while one looks."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import shlex
import signal
import socket
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.configuration import apply_file
from bot.demo import company, programs
from bot.errors import ConfigError
from bot.integrations.web import Web
from storage.schema import migrate

FIRST_LEADS = 9
"""Leads that are there when the page is opened for the first time; the others arrive one by one."""
PAUSE_S = 25.0
DATABASE = "lockstep.db"
ENVIRONMENT = "lockstep.env"
"""The file whose settings aim a `lockstep` of another terminal at the demo."""


Scene = Callable[[Web, company.Slack, str], Coroutine[Any, Any, None]]
"""What goes on while somebody looks; the last argument is the bot's address."""


async def run_demo(
    *, port: int, http: bool = False, empty: bool = False, keep: Path | None = None, month: Scene | None = None
) -> None:
    """The demo runs until interrupted; everything it makes is in a temporary folder and gone afterwards.

    With `empty` the company's people and channels are in its Slack, Lockstep knows nobody, and no leads arrive. With
    `keep` the folder stays, with the database. With `month` that is played, and then stands there. Raises ConfigError
    when that folder holds a database already.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    with _folder(keep) as folder:
        async with contextlib.AsyncExitStack() as stack:
            web = await stack.enter_async_context(Web())
            roster = None if empty else company.ROSTER
            slack, bot_url = await start_company(stack, web, folder, port=port, socket_mode=not http, roster=roster)
            note = "start_empty" if empty else "start_month" if month is not None else "start_here"
            await slack.start_here(company.note(note))
            _say(f"Open  {slack.url}/  in a browser. The note “Start here” says what to click. Ctrl-C ends it.")
            env_file = shlex.quote(str(folder / ENVIRONMENT))
            _say(f"From another terminal:  set -a; . {env_file}; set +a")
            _say("then  .venv/bin/lockstep check,  config export  or  import  is about this demo.")
            scene = month or (_nothing_happens if empty else _leads_arrive)
            arriving = asyncio.create_task(scene(web, slack, bot_url))
            stopping = asyncio.create_task(stop.wait())
            # The leads end some day and the demo goes on, so what ends it is a signal, or leads that cannot be posted.
            await asyncio.wait({arriving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            _say("Stopping.")
            arriving.cancel()
            if stopping.done():
                await asyncio.gather(arriving, return_exceptions=True)
            else:
                await arriving
    if keep is None:
        _say("What was set up here is gone, with its leads; `lockstep demo --keep FOLDER` keeps the database.")
    else:
        _say(f"The database is kept: {folder / DATABASE}. The Slack of the demo is gone, with its messages.")


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """A temporary folder, or `keep`, whose settings afterwards name only what is still there: the database."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="lockstep-demo-") as temporary:
            yield Path(temporary)
        return
    folder = keep.absolute()
    if (folder / DATABASE).exists():
        raise ConfigError(
            f"{folder} holds the database of another demo. Its Slack is gone, so it cannot go on: name another folder."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be made: {error.strerror}.") from error
    try:
        yield folder
    finally:
        _write_environment(folder, {"LOCKSTEP_DATABASE_URL": _database_url(folder)})


def _database_url(folder: Path) -> str:
    return f"sqlite:///{folder / DATABASE}"


def _write_environment(folder: Path, environment: Mapping[str, str]) -> None:
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in environment.items()]
    (folder / ENVIRONMENT).write_text("".join(lines))


async def start_company(
    stack: contextlib.AsyncExitStack,
    web: Web,
    folder: Path,
    *,
    port: int = 0,
    socket_mode: bool = True,
    database_url: str | None = None,
    company_file: Path | None = None,
    roster: Path | None = company.ROSTER,
) -> tuple[company.Slack, str]:
    """A company is up, Brightwater unless files say otherwise: sandbox, database, roster (None: nobody), bot.

    Gives the sandbox's automation and the bot's address.
    """
    sandbox_port = free_port(port)
    bot_port = free_port(0)
    bot_url = f"http://127.0.0.1:{bot_port}"
    request_url = None if socket_mode else f"{bot_url}/slack/events"
    database = database_url or _database_url(folder)
    # Each pair side by side: most of a start is Python reading its modules, and there are two cores.
    starting = programs.sandbox(web, folder, port=sandbox_port, request_url=request_url, company=company_file)
    url, _ = await asyncio.gather(stack.enter_async_context(starting), asyncio.to_thread(migrate, database, _quietly))
    environment = programs.bot_environment(
        url, database_url=database, port=bot_port, socket_mode=socket_mode, name="bot"
    )
    _write_environment(folder, environment)
    running = stack.enter_async_context(programs.bot(web, folder, environment))
    if roster is None:
        await running
    else:
        await asyncio.gather(running, apply_file(roster, environment))
    slack = company.Slack(web, url)
    await slack.load()
    return slack, bot_url


def free_port(wanted: int) -> int:
    """`wanted` if it is free on this machine, else any that is."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("No port is free on 127.0.0.1.")


async def _leads_arrive(web: Web, slack: company.Slack, bot_url: str) -> None:
    """The leads of the file, the first of them at once; then the same people come back, one at a time."""
    for number, lead in enumerate(company.leads()):
        if number >= FIRST_LEADS:
            await asyncio.sleep(PAUSE_S)
        await company.post_lead(web, bot_url, lead, delivery=f"demo-{number}", at=await slack.now())
    for number, lead in enumerate(itertools.cycle(company.leads())):
        await asyncio.sleep(PAUSE_S * 2)
        again = {**lead, "external_id": f"{lead['external_id']}-{number}", "summary": "Came back to the website."}
        await company.post_lead(web, bot_url, again, delivery=f"demo-again-{number}", at=await slack.now())


async def _nothing_happens(_web: Web, _slack: company.Slack, _bot_url: str) -> None:
    """No lead arrives by itself."""
    await asyncio.Event().wait()


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the demo talks to whoever started it


def _quietly(_step: str) -> None:
    """Migrations of an empty database need no report."""
