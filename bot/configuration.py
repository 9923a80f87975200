"""`lockstep config apply | export`: the configuration in force as one TOML file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.domain.configuration import Configuration
from bot.errors import ConfigError
from bot.integrations.clock import SystemClock
from bot.integrations.slack import SlackChat, web_client, web_session
from bot.integrations.slack_channels import channels_by_name
from bot.services import configuration, people
from bot.settings import SLACK_API_URL, database_url_from_env
from handlers.config_export import write_config_file
from handlers.config_file import read_config_file
from storage.database import Database
from storage.schema import check_schema
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`changes`, a line each; `new_secrets` by source, shown this once; `missing`: names with no Slack account,
    None when Slack was not asked."""

    changes: list[str]
    new_secrets: dict[str, str]
    missing: list[str] | None


async def apply_file(path: Path, environ: Mapping[str, str], *, dry_run: bool = False) -> Outcome:
    """The configuration in `path` is in force; with `dry_run` nothing changes and only the difference is told.

    With SLACK_BOT_TOKEN set, channels may be written as #name and people are looked up in Slack by e-mail at once;
    without, a running bot looks people up. Raises ConfigError with every mistake of the file.
    """
    try:
        text = await asyncio.to_thread(path.read_text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as UTF-8 text: {error}.") from error
    database_url = database_url_from_env(environ)
    check_schema(database_url)
    token = environ.get("SLACK_BOT_TOKEN", "").strip()
    session = web_session() if token else None
    db = Database.open(database_url, clock=SystemClock())
    try:
        chat = None
        channels: dict[str, str] = {}
        if session is not None:
            api_url = environ.get("SLACK_API_URL", "").strip() or SLACK_API_URL
            client = web_client(token, api_url, session)
            chat = SlackChat(client, SystemClock())
            channels = await channels_by_name(client)
        wanted = read_config_file(text, lambda name: _channel_id(name, channels, asked=chat is not None))
        if dry_run:
            return Outcome(changes=await db.read(configuration.preview, wanted), new_secrets={}, missing=None)
        applied = await db.run(configuration.apply, wanted)
        missing = None
        if chat is not None:
            await db.run(people.record_accounts, await chat.accounts())
            missing = await db.read(_not_in_slack, wanted)
        return Outcome(changes=applied.changes, new_secrets=applied.new_secrets, missing=missing)
    finally:
        await db.close()
        if session is not None:
            await session.close()


async def export(environ: Mapping[str, str]) -> str:
    """The configuration in force, as the text of a file that `apply_file` takes."""
    database_url = database_url_from_env(environ)
    check_schema(database_url)
    db = Database.open(database_url, clock=SystemClock())
    try:
        return write_config_file(await db.read(configuration.current))
    finally:
        await db.close()


def _channel_id(name: str, channels: Mapping[str, str], *, asked: bool) -> str | None:
    """The id for `#name` or an id. Without a token ids are taken as they are written."""
    if name.startswith("#"):
        return channels.get(name[1:])
    if asked:
        return name if name in channels.values() else None
    looks_right = name[:1] in {"C", "G"} and name.isalnum() and name.isupper()
    return name if looks_right else None


def _not_in_slack(tx: Transaction, wanted: Configuration) -> list[str]:
    found = [tx.people.by_email(entry.email) for entry in wanted.people]
    return [person.name for person in found if person is not None and person.slack_id is None]
