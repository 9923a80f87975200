"""The jobs over a real database and the real Slack client, with a fake Slack at the wire and a clock that stands."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.config import Config
from bot.domain.person import Person, Role, Side, SlackFlags
from bot.domain.post import OutboxStatus, Post, PostRole, Subject
from bot.integrations.holidays import PublicHolidays
from bot.integrations.slack import SlackChat, web_client, web_session
from bot.services import posting
from bot.services.delivery import Said, what_to_say
from bot.services.notices import Alert
from jobs.deliver_outbox import Outbox
from storage.database import Database
from storage.schema import migrate
from storage.transaction import Transaction
from tests.integrations import fake_slack
from tests.integrations.conftest import ManualClock
from tests.integrations.fake_slack import FakeSlack

ADMIN = "U0ADMIN"


def begin(tx: Transaction, now: datetime) -> None:
    admin = Person(
        id="admin",
        name="Ada Admin",
        slack_id=ADMIN,
        side=Side.SALES,
        roles=frozenset({Role.ADMIN}),
        flags=SlackFlags(checked_at=now),
    )
    tx.people.add(admin)
    tx.settings.save(Config(admin_id="admin"))


def say(tx: Transaction, place: str, text: str, role: PostRole = PostRole.NOTICE) -> Post:
    """Something to be said at a place; `load` says what."""
    return posting.say(tx, Subject.TOUCH_NOTICE, tx.new_id(), place, role, None, {"title": text, "text": text})


def load(tx: Transaction, post_id: str) -> tuple[Post, Said] | None:
    """What Lockstep says, with plain words for touch notices: delivering does not care what is said."""
    post = tx.posts.get(post_id)
    if post is not None and post.gone is None and post.subject is Subject.TOUCH_NOTICE:
        return post, Alert(title=post.data["title"], text=post.data["text"])
    return what_to_say(tx, post_id)


def change(tx: Transaction, post: Post, text: str) -> None:
    """The post says something else from now on."""
    tx.posts.save_data(post.id, {"title": text, "text": text})
    current = tx.posts.get(post.id)
    assert current is not None
    posting.sync(tx, current)


def post_of(tx: Transaction, post: Post) -> Post:
    found = tx.posts.get(post.id)
    assert found is not None
    return found


OpenAnother = Callable[[], Awaitable[Database]]


class World:
    """One database, one Slack, any number of deliverers."""

    def __init__(self, db: Database, slack: FakeSlack, clock: ManualClock, open_another: OpenAnother) -> None:
        self.db = db
        self.slack = slack
        self.clock = clock
        self.open_another = open_another
        self.chat: SlackChat
        self.outbox: Outbox

    def deliverer(self, db: Database | None = None) -> Outbox:
        """One more process that delivers."""
        return Outbox(db or self.db, self.chat, load=load, seed=1)

    async def say(self, place: str, text: str, role: PostRole = PostRole.NOTICE) -> Post:
        return await self.db.run(say, place, text, role)

    async def change(self, post: Post, text: str) -> None:
        await self.db.run(change, post, text)

    async def post(self, post: Post) -> Post:
        return await self.db.read(post_of, post)

    async def advance(self, seconds: float) -> None:
        """The clock moves on, and what is due by then is delivered."""
        self.clock.advance(seconds)
        await self.outbox.deliver_due()

    async def pass_time(self, seconds: float, outbox: Outbox | None = None) -> None:
        """The clock moves on from one due instant to the next, and each time what is due is delivered."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while True:
            await (outbox or self.outbox).deliver_due()
            due = await self.db.read(lambda tx: tx.outbox.next_due())
            if due is None or due > end:
                break
            self.clock.at = due
        self.clock.at = end

    async def statuses(self) -> dict[OutboxStatus, int]:
        """How many rows are not done, by status."""
        counts = await self.db.read(lambda tx: tx.outbox.counts())
        return {status: count for status, count in counts.items() if count}

    def said(self, channel: str) -> list[str]:
        """What people read in a channel: the first lines of our alerts."""
        return [str(text).removeprefix("Lockstep needs you: ") for text in self.slack.texts(channel)]


@pytest.fixture
def clock() -> ManualClock:
    clock = ManualClock()
    clock.at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    return clock


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the present schema."""
    path = tmp_path_factory.mktemp("template") / "lockstep.db"
    migrate(f"sqlite:///{path}", progress=lambda _: None)
    return path


@pytest.fixture
def sqlite_url(template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(template, tmp_path)}"


@pytest.fixture
def migrated_postgres_url(postgres_url: str) -> str:
    migrate(postgres_url, progress=lambda _: None)
    return postgres_url


async def _world(url: str, clock: ManualClock, stack: AsyncExitStack) -> World:
    slack = await stack.enter_async_context(fake_slack.running())
    slack.now = clock.now
    session = await stack.enter_async_context(web_session())

    async def database() -> Database:
        db = Database.open(url, clock=clock, holidays=PublicHolidays())
        stack.push_async_callback(db.close)
        return db

    world = World(await database(), slack, clock, database)
    world.chat = SlackChat(web_client("xoxb-test", slack.base_url, session), clock, seed=1)
    world.outbox = world.deliverer()
    await world.db.run(begin, clock.now())
    return world


@pytest.fixture
async def world(sqlite_url: str, clock: ManualClock) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        yield await _world(sqlite_url, clock, stack)


@pytest.fixture
async def postgres_world(migrated_postgres_url: str, clock: ManualClock) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        yield await _world(migrated_postgres_url, clock, stack)
