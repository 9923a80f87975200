"""`lockstep config apply | export`: the configuration in force as one TOML file."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.domain.configuration import Configuration
from bot.domain.person import Person
from bot.domain.reach import Reach
from bot.errors import AppRefused, ChatError, ConfigError
from bot.integrations.clock import SystemClock
from bot.integrations.holidays import PublicHolidays
from bot.integrations.slack import SlackChat, web_client, web_session
from bot.integrations.slack_channels import channels_by_name
from bot.ports import Clock
from bot.services import accounts, configuration
from bot.settings import SLACK_API_URL, database_url_from_env, reach_from_env
from handlers.config_export import write_config_file
from handlers.config_file import read_config_file
from jobs.ask_accounts import BATCH, ask
from storage.database import Database
from storage.schema import check_schema
from storage.transaction import Transaction

CLOCK = SystemClock()
HOLIDAYS = PublicHolidays()
EVERYBODY = 1_000_000
"""More than any roster has."""
_CHANNEL = re.compile(r"\b[CG][A-Z0-9]{7,}\b")
REMOVALS = ("- person ", "- team ", "- source ", "- target ", "- digest ")
"""How lines of a difference begin that tell what goes and does not come back by itself."""
PATIENCE = 5
"""Times in a row that Slack may want to be left alone before the rest is left to the running bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`changes`, a line each; `new_secrets` by source, shown this once; `missing`: names with no Slack account,
    None when Slack was not asked or, with the sentence in `trouble`, not to the end."""

    changes: list[str]
    new_secrets: dict[str, str]
    missing: list[str] | None = None
    trouble: str | None = None


def _quietly(*_: object) -> None:
    """Tells nobody."""


async def apply_file(
    path: Path,
    environ: Mapping[str, str],
    *,
    dry_run: bool = False,
    yes: bool = False,
    in_force: Callable[[Outcome], None] = _quietly,
    progress: Callable[[int, int], None] = _quietly,
    clock: Clock = CLOCK,
) -> Outcome:
    """The configuration in `path` is in force; with `dry_run` nothing changes: the difference is told, and who of it
    has no account in Slack. People, teams, sources and targets that are not in it go only with `yes`: they may have
    been added in Slack since the file was written, and a source that goes takes its secret along.

    With SLACK_BOT_TOKEN set, channels may be written as #name, and people not found in Slack before are looked up
    there by e-mail at once; without, a running bot looks people up. `in_force` is called before Slack is asked about
    anybody, `progress` with how many of how many were looked up. Raises ConfigError with every mistake of the file.
    """
    try:
        text = await asyncio.to_thread(path.read_text, encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as UTF-8 text: {error}.") from error
    database_url = database_url_from_env(environ)
    check_schema(database_url)
    token = environ.get("SLACK_BOT_TOKEN", "").strip()
    session = web_session() if token else None
    db = Database.open(database_url, clock=clock, holidays=HOLIDAYS)
    try:
        chat = None
        channels: dict[str, str] = {}
        if session is not None:
            api_url = environ.get("SLACK_API_URL", "").strip() or SLACK_API_URL
            client = web_client(token, api_url, session)
            chat = SlackChat(client, clock)
            channels = await channels_by_name(client)
        wanted = read_config_file(
            text, lambda name: _channel_id(name, channels, asked=chat is not None), PublicHolidays().mistake
        )
        _check_reach(wanted, reach_from_env(environ))
        if dry_run:
            changes = _with_names(await db.read(configuration.preview, wanted), channels)
            return await _tried(db, chat, wanted, Outcome(changes=changes, new_secrets={}), progress)
        began = clock.now()
        applied = await db.run(_apply, wanted, yes)
        outcome = Outcome(changes=_with_names(applied.changes, channels), new_secrets=applied.new_secrets)
        in_force(outcome)
        if chat is None:
            return outcome
        try:
            await _look_up(db, chat, began, progress)
        except ChatError as error:
            return replace(outcome, trouble=f"{error} The running bot looks up whom I did not.")
        return replace(outcome, missing=await db.read(_not_in_slack, wanted))
    finally:
        await db.close()
        if session is not None:
            await session.close()


def _apply(tx: Transaction, wanted: Configuration, yes: bool) -> configuration.Applied:
    """Raises ConfigError when something would be taken away and nobody said `yes`."""
    tx.settings.lock()
    lost = [line for line in configuration.preview(tx, wanted) if line.startswith(REMOVALS)]
    if lost and not yes:
        lines = "\n".join(lost)
        raise ConfigError(
            f"Nothing was changed, because this would be taken away:\n{lines}\nWhere it was added in Slack after the"
            " file was written: lockstep config export writes a file that has it. If it is meant to go: the same"
            " command with --yes."
        )
    return configuration.apply(tx, wanted)


def _check_reach(wanted: Configuration, reach: Reach) -> None:
    """Raises ConfigError when a target can be seen to lead where none may."""
    wrong = [(target.key, why) for target in wanted.targets if (why := reach.why_not(target.url)) is not None]
    if wrong:
        raise ConfigError("\n".join(f"targets {key}: url: {why}" for key, why in wrong))


async def _look_up(db: Database, chat: SlackChat, since: datetime, progress: Callable[[int, int], None]) -> None:
    """Whoever has no active account yet is looked up, a batch a transaction. Raises ChatError."""

    async def batch() -> list[Person]:
        return await db.read(_to_find, since, BATCH)

    async def record(answers: Sequence[accounts.Answer]) -> None:
        await db.run(accounts.record_answers, answers)

    total = len(await db.read(_to_find, since, EVERYBODY))
    await _ask_all(chat, total, batch, record, progress)


async def _tried(
    db: Database, chat: SlackChat | None, wanted: Configuration, outcome: Outcome, progress: Callable[[int, int], None]
) -> Outcome:
    """The outcome with who of `wanted` Slack has no active account for; nothing is recorded."""
    if chat is None:
        return outcome
    left = await db.read(_unknown, wanted)
    missing: list[str] = []

    async def batch() -> list[Person]:
        return left[:BATCH]

    async def record(answers: Sequence[accounts.Answer]) -> None:
        missing.extend(one.person.name for one in answers if one.account is None or one.account.flags.is_deleted)
        del left[: len(answers)]

    try:
        await _ask_all(chat, len(left), batch, record, progress)
    except ChatError as error:
        return replace(outcome, trouble=f"{error} Not everybody was looked up.")
    return replace(outcome, missing=missing)


async def _ask_all(
    chat: SlackChat,
    total: int,
    batch: Callable[[], Awaitable[list[Person]]],
    record: Callable[[Sequence[accounts.Answer]], Awaitable[None]],
    progress: Callable[[int, int], None],
) -> None:
    """Slack is asked about one batch after the other, at its pace, until there is none. Raises ChatError."""
    done = troubles = 0
    while people := await batch():
        asked = await ask(chat, people)
        await record(asked.answers)
        done += len(asked.answers)
        progress(done, total)
        troubles = 0 if asked.answers else troubles + 1
        if asked.trouble is None:
            if done < total:
                await asyncio.sleep(asked.rest_s)
        elif isinstance(asked.trouble, AppRefused) or troubles == PATIENCE:
            raise asked.trouble
        else:
            await asyncio.sleep(asked.trouble.after)


def _to_find(tx: Transaction, since: datetime, limit: int) -> list[Person]:
    return tx.people.to_find(since, limit)


async def export(environ: Mapping[str, str], *, clock: Clock = CLOCK) -> str:
    """The configuration in force, as the text of a file that `apply_file` takes."""
    database_url = database_url_from_env(environ)
    check_schema(database_url)
    db = Database.open(database_url, clock=clock, holidays=HOLIDAYS)
    try:
        return write_config_file(await db.read(configuration.current))
    finally:
        await db.close()


def _channel_id(name: str, channels: Mapping[str, str], *, asked: bool) -> str | None:
    """The id for `#name` or an id. Without a token ids are taken as they are written."""
    if name.startswith("#"):
        if not asked:
            raise ConfigError(
                f"{name} can be looked up only with SLACK_BOT_TOKEN, which is not set in this terminal: set it (with an"
                " .env file: set -a; . ./.env; set +a), or write the channel's id (C…)."
            )
        return channels.get(name[1:])
    if asked:
        return name if name in channels.values() else None
    looks_right = name[:1] in {"C", "G"} and name.isalnum() and name.isupper()
    return name if looks_right else None


def _not_in_slack(tx: Transaction, wanted: Configuration) -> list[str]:
    found = [tx.people.by_email(entry.email) for entry in wanted.people]
    return [person.name for person in found if person is not None and person.slack_id is None]


def _unknown(tx: Transaction, wanted: Configuration) -> list[Person]:
    """Whoever of `wanted` has no active account in Slack that we know of."""
    known = {entry.email: tx.people.by_email(entry.email) for entry in wanted.people}
    return [
        Person(id="", name=entry.name, email=entry.email)
        for entry in wanted.people
        if (person := known[entry.email]) is None or person.slack_id is None or person.flags.is_deleted
    ]


def _with_names(changes: Sequence[str], channels: Mapping[str, str]) -> list[str]:
    """The lines with channels named as people name them; one that Slack does not list keeps its id."""
    names = {channel: f"#{name}" for name, channel in channels.items()}
    return [_CHANNEL.sub(lambda found: names.get(found[0], found[0]), line) for line in changes]
