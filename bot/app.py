"""The composition root: builds everything, starts it and stops it in order. The only module that knows everybody."""

from __future__ import annotations

import asyncio
import functools
import signal
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import structlog

import handlers
from bot import crash_points
from bot.domain.local_time import use_pinned_zones
from bot.errors import LockstepError
from bot.integrations.clock import SandboxClock, SystemClock
from bot.integrations.holidays import PublicHolidays, calendar_data, read_data
from bot.integrations.slack import SlackChat, web_client, web_session
from bot.integrations.slack_accounts import account_of
from bot.integrations.slack_identity import Remembered, answers, identify, socket_link
from bot.integrations.tasks import Tasks
from bot.integrations.web import Web
from bot.integrations.web_server import WebServer
from bot.metrics import Metrics
from bot.services import people, replanning, standstills, workspace
from bot.services.standstills import Heartbeat
from bot.settings import Settings
from bot.views.webhook_example import PublicAddress
from handlers.front_door import FrontDoor
from handlers.health import Health
from handlers.in_flight import InFlight
from handlers.leads import LeadWebhook
from handlers.site import site
from handlers.socket_mode import SocketMode
from jobs.announce import Announce
from jobs.deliver_outbox import Outbox
from jobs.runner import Runner
from jobs.sweep_timers import Timers
from jobs.watchdog import Patience, Watchdog
from storage.database import Database
from storage.lockfile import only_one_running
from storage.schema import check_schema
from storage.transaction import Transaction

log = structlog.get_logger(__name__)

LEADS_AT_ONCE = 64
"""Deliveries of leads worked on side by side; more are asked to come again."""
TELL_S = 15.0
"""Real seconds another system has to answer; within Standard Webhooks' 15 to 30."""
LARGEST_ANSWER = 64 * 1024
"""Bytes of its answer, of which nothing but the status is read."""
DRAIN_S = 10.0
"""Real seconds in which what was begun may end after a signal."""


class Application:
    """A whole Lockstep, running between `async with` and its end.

    Entering raises ConfigError, SchemaOutdated or StorageUnavailable with a sentence, and leaves nothing open.
    """

    def __init__(self, settings: Settings, *, patience: Patience | None = None) -> None:
        self._settings = settings
        self._patience = patience
        self.stuck: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """What the watchdog found, once it found something: this process should end then."""
        self._stack = AsyncExitStack()
        self.port = settings.port
        """Where it listens, also when LOCKSTEP_PORT was 0."""

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await self._start(stack)
            # Everything started: what was built stays open until the end.
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _start(self, stack: AsyncExitStack) -> None:
        """Builds from the inside out; the stack closes in the opposite order."""
        settings = self._settings
        crash_points.arm(settings.crash_at)
        use_pinned_zones()
        clock = await self._clock(stack)
        await asyncio.to_thread(check_schema, settings.database_url)
        stack.enter_context(only_one_running(settings.database_url))
        db = Database.open(settings.database_url, clock=clock, holidays=PublicHolidays())
        stack.push_async_callback(db.close)

        session = await stack.enter_async_context(web_session())
        client = web_client(settings.slack_bot_token, settings.slack_api_url, session, local=settings.slack_is_local)
        identity = await identify(client)
        app_token = settings.slack_app_token
        link = await socket_link(client, app_token) if app_token is not None else None

        tasks = Tasks()
        metrics = Metrics()
        targets = await stack.enter_async_context(
            Web(timeout_s=TELL_S, largest_answer=LARGEST_ANSWER, reach=settings.reach)
        )
        outbox = Outbox(db, SlackChat(client, clock), announce=Announce(db, targets, real_now=_real_now))
        outbox.on_outcome = metrics.delivered
        runner = Runner(db, outbox, Timers(db, beat=Heartbeat()), tasks)
        runner.on_run = metrics.ticked
        stack.push_async_callback(runner.stop, timeout_s=DRAIN_S)

        app = handlers.slack_app(
            client,
            session,
            team_id=identity.team_id,
            enterprise_id=identity.enterprise_id,
            bot_id=identity.bot_id,
            bot_user_id=identity.bot_user_id,
        )
        handlers.register(
            app,
            db=db,
            client=client,
            session=session,
            tasks=tasks,
            read_account=functools.partial(account_of, team_id=identity.team_id),
            team_id=identity.team_id,
            bot_user_id=identity.bot_user_id,
            address=self._address,
        )
        door = FrontDoor(app, tasks)
        door.on_answered = metrics.acknowledged
        socket = None
        if settings.slack_app_token is not None:
            socket = SocketMode(app, client, door, tasks, app_token=settings.slack_app_token, link=link)
            stack.push_async_callback(socket.close)
        # Before the socket closes: what is being answered goes out on it.
        stack.push_async_callback(tasks.drain, timeout_s=DRAIN_S)

        leads = LeadWebhook(
            db,
            in_flight=InFlight(LEADS_AT_ONCE, working=tasks.working),
            now=clock.now,
            real_now=_real_now,
        )
        leads.on_answered = metrics.webhook_answered
        # By HTTP there is no connection to lose; whether Slack answers us is asked now and then.
        connected = socket.is_connected if socket else Remembered(functools.partial(answers, client))
        watchdog = Watchdog(
            last_runs=runner.last_runs,
            connected=socket.is_connected if socket else _always,
            slack_answers=functools.partial(answers, client),
            on_stuck=self._found_stuck,
            patience=self._patience,
        )
        server = WebServer(
            site(
                leads=leads,
                health=Health(db, connected=connected, stuck=lambda: watchdog.stuck, metrics=metrics),
                door=door,
                signing_secret=None if settings.socket_mode else settings.slack_signing_secret,
                real_now=_real_now,
            ),
            host=settings.host,
            port=settings.port,
        )
        await db.run(_catch_up, identity.url)
        tasks.spawn(asyncio.to_thread(read_data), name="holidays")
        runner.start()
        await server.start()
        self.port = server.port
        stack.push_async_callback(server.stop)
        if socket is not None:
            await socket.connect()
            stack.callback(socket.stop_taking)
        watchdog.start()
        stack.push_async_callback(watchdog.stop)
        if isinstance(clock, SandboxClock):
            clock.serve(runner)
        log.info("ready", mode="socket" if socket else "http", host=settings.host, port=self.port)

    def _address(self) -> PublicAddress:
        public_url = self._settings.public_url
        if public_url is not None:
            return PublicAddress(url=public_url, is_local=self._settings.is_public_url_local)
        return PublicAddress(url=f"http://127.0.0.1:{self.port}", is_local=True)

    def _found_stuck(self, what: str) -> None:
        if not self.stuck.done():
            self.stuck.set_result(what)

    async def _clock(self, stack: AsyncExitStack) -> SystemClock | SandboxClock:
        if self._settings.clock_url is None:
            return SystemClock()
        clock = SandboxClock(self._settings.clock_url, name="lockstep")
        await clock.start()
        stack.push_async_callback(clock.stop)
        return clock


async def run(settings: Settings, *, patience: Patience | None = None) -> None:
    """Lockstep runs until SIGTERM or SIGINT; then it takes no more work, finishes what it began, and closes.

    Raises LockstepError when the watchdog found it stuck: whoever supervises the process starts it again.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        async with Application(settings, patience=patience) as application:
            stopping = asyncio.create_task(stop.wait())
            ends: set[asyncio.Future[Any]] = {stopping, application.stuck}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            log.info("stopping")
        if application.stuck.done():
            raise LockstepError(application.stuck.result())
    finally:
        # A second signal ends at once.
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
    log.info("stopped")


def _catch_up(tx: Transaction, workspace_url: str | None) -> None:
    """What may have changed while nothing ran."""
    people.queue_refresh_of_all(tx)
    standstills.came_up(tx)
    replanning.note_calendar_data(tx, calendar_data())
    workspace.remember(tx, workspace_url)


async def _always() -> bool:
    return True


def _real_now() -> float:
    # Signatures live in the world's time, whatever clock the bot follows.
    return SystemClock().now().timestamp()
