"""`lockstep check`: goes through the whole installation in order, and says what to fix. Reads only, so that it may be
run beside a running bot."""

from __future__ import annotations

import json
import zoneinfo
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from bot.domain.check_company import check_company
from bot.domain.check_database import check_database_clock, check_room, check_time_zones
from bot.domain.check_slack import ChannelUse, check_channels, check_clock, check_scopes, check_tokens
from bot.domain.findings import Area, Finding, Verdict, fix, note, ok
from bot.errors import ConfigError, SchemaOutdated, StorageError
from bot.integrations.clock import SystemClock, clock_of_bot
from bot.integrations.holidays import PublicHolidays
from bot.integrations.slack import web_client, web_session
from bot.integrations.slack_check import SlackCheck
from bot.ports import Clock
from bot.services import check
from bot.settings import Settings, database_url_from_env
from storage.database import Database
from storage.lockfile import is_running
from storage.probe import probe
from storage.schema import check_schema

REAL = SystemClock()


def _quietly(*_: object) -> None:
    """Tells nobody."""


async def go_through(
    environ: Mapping[str, str], *, clock: Clock = REAL, progress: Callable[[int, int], None] = _quietly
) -> list[Finding]:
    """What was found, in the order of Area. What cannot be looked at because of something before is left out: that
    has a line. `clock` is this machine's. Raises nothing that an admin could mend."""
    settings, found = _settings(environ)
    uses: list[ChannelUse] = []
    company: list[Finding] = []
    url = _database_url(environ)
    if url is not None:
        is_readable, seen = _database(url, clock.now())
        found += seen
        if is_readable:
            async with _opened(url, settings) as db:
                uses = await db.read(check.channels)
                loaded = await db.read(check.load_company)
            company = check_company(loaded)
            if loaded.sources and settings is not None and settings.public_url is None:
                company.append(_no_address())
    found += check_time_zones(len(zoneinfo.available_timezones()))
    if settings is not None:
        found += await _slack(settings, uses, clock, progress)
    return sorted([*found, *company], key=lambda one: list(Area).index(one.area))


def as_text(findings: Sequence[Finding]) -> list[str]:
    """Lines for a terminal; no name in them can move its cursor."""
    lines = []
    area = None
    for finding in findings:
        if finding.area is not area:
            area = finding.area
            lines.append(area.value.capitalize())
        lines.append(f"  {finding.verdict.value:<5} {_plain(finding.says)}")
        if finding.fix:
            lines.append(f"        → {_plain(finding.fix)}")
    counts = {verdict: sum(finding.verdict is verdict for finding in findings) for verdict in Verdict}
    return [*lines, "", f"{counts[Verdict.FIX]} to fix, {counts[Verdict.NOTE]} to note, {counts[Verdict.OK]} ok."]


def as_json(findings: Sequence[Finding]) -> str:
    """The same for programs: `{"ok": …, "findings": [{"area", "verdict", "says", "fix"}]}`, in the same order."""
    return json.dumps(
        {
            "ok": is_well(findings),
            "findings": [
                {"area": one.area.value, "verdict": one.verdict.value, "says": one.says, "fix": one.fix or None}
                for one in findings
            ],
        },
        indent=2,
    )


def is_well(findings: Sequence[Finding]) -> bool:
    """Whether nothing has to be mended."""
    return not any(finding.verdict is Verdict.FIX for finding in findings)


def _settings(environ: Mapping[str, str]) -> tuple[Settings | None, list[Finding]]:
    area = Area.SETTINGS
    try:
        settings = Settings.from_env(environ)
    except ConfigError as error:
        return None, [fix(area, line, "docs/settings.md lists them all.") for line in str(error).splitlines()]
    found = [ok(area, f"All that is needed is set; {'Socket Mode' if settings.socket_mode else 'signed HTTP'}.")]
    if settings.socket_mode and settings.slack_signing_secret is not None:
        says = "SLACK_SIGNING_SECRET is not used: SLACK_APP_TOKEN is set, so Slack is reached by Socket Mode."
        found.append(note(area, says, "Unset the one that is not meant."))
    if settings.slack_is_local:
        found.append(note(area, "SLACK_API_URL leads to a sandbox on this machine, not to Slack."))
    if settings.crash_at is not None:
        found.append(fix(area, f"LOCKSTEP_CRASH_AT is set: Lockstep dies at {settings.crash_at}.", "Unset it."))
    return settings, found


def _no_address() -> Finding:
    says = "LOCKSTEP_PUBLIC_URL is not set, so admins are shown an address of this machine for the webhooks of sources."
    return note(Area.SOURCES, says, "Set it to the https address by which other systems reach Lockstep.")


def _database_url(environ: Mapping[str, str]) -> str | None:
    try:
        return database_url_from_env(environ)
    except ConfigError:
        return None  # stands among the settings


def _database(url: str, now: datetime) -> tuple[bool, list[Finding]]:
    """Whether it can be read, and what was found."""
    area = Area.DATABASE
    try:
        check_schema(url)
        seen = probe(url)
    except SchemaOutdated as error:
        return False, [fix(area, str(error), "Run lockstep migrate.")]
    except (ConfigError, StorageError) as error:
        return False, [fix(area, str(error), "Check LOCKSTEP_DATABASE_URL, and that the database can be reached.")]
    found = [ok(area, f"{seen.where}: reached, its schema is this version's.")]
    if seen.unwritable is not None:
        return False, [fix(area, f"Nothing can be written: {seen.unwritable}.", "Give Lockstep's user the right to.")]
    if is_running(url) is False:
        found.append(note(area, "No lockstep run uses it just now: nothing is said, taken or done.", "Start it."))
    return True, [*found, *check_room(seen.free_bytes, seen.size_bytes), *check_database_clock(seen.clock, now)]


@asynccontextmanager
async def _opened(url: str, settings: Settings | None) -> AsyncIterator[Database]:
    """The database with the bot's clock: in a sandbox its own."""
    async with clock_of_bot(settings.clock_url if settings else None, name="check") as clock:
        db = Database.open(url, clock=clock, holidays=PublicHolidays())
        try:
            yield db
        finally:
            await db.close()


async def _slack(
    settings: Settings, uses: Sequence[ChannelUse], clock: Clock, progress: Callable[[int, int], None]
) -> list[Finding]:
    async with web_session() as session:
        client = web_client(settings.slack_bot_token, settings.slack_api_url, session, local=settings.slack_is_local)
        slack = SlackCheck(client, clock)
        bot = await slack.token()
        works = bot.reached and bot.error is None and bot.is_bot
        socket_error = None
        if works and settings.slack_app_token is not None:
            socket_error = await slack.socket(settings.slack_app_token)
        found = check_tokens(bot, socket_error, socket_mode=settings.socket_mode)
        if bot.reached:
            found += check_clock(bot.slack_at, bot.our_at)
        if works:
            found += check_scopes(bot.scopes)
            found += check_channels(uses, await slack.channels([use.channel for use in uses], progress))
        return found


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in text)
