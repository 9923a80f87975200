"""`lockstep agreement show | diff | propose`: the agreement of the two teams as a TOML file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.domain.agreement_changes import changes, still_default
from bot.domain.agreement_data import SECTIONS
from bot.domain.agreement_document import Agreement
from bot.domain.lead import normalise_email
from bot.domain.person import Side
from bot.domain.signing import State, in_force
from bot.errors import ConfigError, FormError, Refused
from bot.integrations.clock import clock_of_bot
from bot.integrations.holidays import PublicHolidays
from bot.services import agreement_input, agreements
from bot.settings import clock_url_from_env, database_url_from_env
from handlers.agreement_file import read_agreement_file, write_agreement_file
from storage.database import Database
from storage.schema import check_schema
from storage.transaction import Transaction

_STATE = {State.IN_FORCE: "in force", State.SIGNED: "signed by both sides"}


async def show(version: int | None, environ: Mapping[str, str], *, as_toml: bool) -> str:
    """The version, or the one in force: as the file that `propose` takes, or where it stands in a few lines.

    Raises ConfigError when there is no such version.
    """
    async with _opened(environ) as db:
        agreement = await db.read(_version, version)
        return write_agreement_file(agreement.document) if as_toml else await db.read(_standing, agreement)


async def diff(path: Path, environ: Mapping[str, str]) -> list[str]:
    """What the file makes different from the version in force, a line each. Raises ConfigError."""
    text = await _text(path)
    async with _opened(environ) as db:
        present = await db.read(lambda tx: tx.agreements.in_force())
        return [change.line for change in changes(present.document, read_agreement_file(text, present.document))]


async def propose(path: Path, by: str, start: str | None, environ: Mapping[str, str]) -> tuple[Agreement, list[str]]:
    """The file is proposed in the name of the admin or manager with the e-mail `by`, to begin at `start`: a day, or a
    day and a time (2026-12-01T09:00), local to them. Returns the version and its difference, a line each.

    The running bot tells the managers of both sides. Raises ConfigError for what has to be mended, Refused.
    """
    text = await _text(path)
    async with _opened(environ) as db:
        return await db.run(_propose, text, by, start)


def _propose(tx: Transaction, text: str, by: str, start: str | None) -> tuple[Agreement, list[str]]:
    email = normalise_email(by)
    person = tx.people.by_email(email) if email else None
    if person is None or not person.on_roster:
        raise ConfigError(f"--by: nobody on the roster has the address {by}.")
    if not person.roles & agreements.MAY_PROPOSE_FILES:
        raise ConfigError(f"--by: {person.name} is neither an admin nor a manager; name one who is.")
    if person.flags.may_never_act:
        raise ConfigError(f"--by: {person.name} is {person.flags.why_never}; name somebody who can act.")
    present = tx.agreements.in_force()
    document = read_agreement_file(text, present.document)
    lines = [change.line for change in changes(present.document, document)]
    from_at = _start(start, person.tz)
    try:
        return agreements.propose(tx, person, document, from_at, origin="cli"), lines
    except FormError as error:
        raise ConfigError(f"--from: {error}") from None
    except Refused as error:
        raise ConfigError(str(error)) from None


def _start(start: str | None, tz: str) -> datetime | None:
    day, _, at = (start or "").strip().replace(" ", "T", 1).partition("T")
    try:
        return agreement_input.start_of(day, at, tz)
    except FormError:
        raise ConfigError(
            f"--from: “{start}” is no start. Write a day, or a day and a local time, as in 2026-12-01T09:00; without"
            " --from it begins as soon as both sides have signed."
        ) from None


def _version(tx: Transaction, version: int | None) -> Agreement:
    agreement = tx.agreements.in_force() if version is None else tx.agreements.by_version(version)
    if agreement is None:
        raise ConfigError(f"There is no version {version}; the newest is {tx.agreements.newest_version()}.")
    return agreement


def _standing(tx: Transaction, agreement: Agreement) -> str:
    present = tx.agreements.in_force()
    signing = in_force(agreement.signing, tx.now) if agreement.signing is not None else None
    lines = [
        f"Version {agreement.version}: {_STATE.get(signing.state, signing.state.value) if signing else 'unsigned'}"
    ]
    if agreement.id == present.id:
        lines.append(f"New leads run under it; {agreement.mode(tx.now).value}.")
    if agreement.in_force_from is not None and signing is not None:
        lines.append(f"In force from {agreement.in_force_from:%Y-%m-%d %H:%M} UTC")
    for side, signature in signing.signatures.items() if signing else ():
        person = tx.people.get(signature.person_id)
        lines.append(f"Signed for {side.value} by {person.name if person else 'somebody'}, {signature.at:%Y-%m-%d}")
    lines += [f"Waits for a signature of {side.value}" for side in _missing(agreement)]
    for one in tx.agreements.pending():
        if one.id != agreement.id and one.signing is not None:
            lines.append(f"Version {one.version} is {_STATE.get(one.signing.state, one.signing.state.value)}")
    defaults = [SECTIONS[key] for key in still_default(agreement.document)]
    if defaults:
        lines.append(f"As shipped: {', '.join(defaults)}")
    return "\n".join(lines)


def _missing(agreement: Agreement) -> tuple[Side, ...]:
    waits = agreement.signing is not None and agreement.signing.state is State.PROPOSED
    return agreement.signing.missing() if waits and agreement.signing is not None else ()


async def _text(path: Path) -> str:
    try:
        return await asyncio.to_thread(path.read_text, encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as UTF-8 text: {error}.") from error


@asynccontextmanager
async def _opened(environ: Mapping[str, str]) -> AsyncIterator[Database]:
    """The database, at the time the running bot has."""
    url = database_url_from_env(environ)
    await asyncio.to_thread(check_schema, url)
    async with clock_of_bot(clock_url_from_env(environ), name="agreement") as clock:
        db = Database.open(url, clock=clock, holidays=PublicHolidays())
        try:
            yield db
        finally:
            await db.close()
