"""`lockstep agreement`: shown as a file, compared, proposed by an admin or manager; every mistake is a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot import agreement_commands
from bot.domain.person import Role, Side, SlackFlags
from bot.domain.signing import State
from bot.errors import ConfigError
from storage.database import Database
from storage.schema import migrate
from tests.services.world import START, StandingClock, person, populate

BY = "anna@example.com"


@pytest.fixture
async def environ(tmp_path: Path) -> dict[str, str]:
    url = f"sqlite:///{tmp_path / 'lockstep.db'}"
    migrate(url, lambda _: None)
    db = Database.open(url, clock=StandingClock())
    await db.run(populate)
    gone = person(7, "Mark", Role.MANAGER, Side.MARKETING)
    await db.run(lambda tx: tx.people.add(replace(gone, flags=SlackFlags(is_deleted=True, checked_at=START))))
    await db.close()
    return {"LOCKSTEP_DATABASE_URL": url}


async def test_what_is_shown_as_a_file_would_change_nothing(tmp_path: Path, environ: dict[str, str]) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text(await agreement_commands.show(None, environ, as_toml=True), encoding="utf-8")
    assert await agreement_commands.diff(file, environ) == []
    shown = await agreement_commands.show(0, environ, as_toml=False)
    assert shown.startswith("Version 0: unsigned\nNew leads run under it; trial.")
    with pytest.raises(ConfigError, match="There is no version 7; the newest is 0"):
        await agreement_commands.show(7, environ, as_toml=False)


async def test_a_file_is_compared_and_proposed(tmp_path: Path, environ: dict[str, str]) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text('[windows.accept]\nhot = "10 min"\n', encoding="utf-8")
    assert await agreement_commands.diff(file, environ) == ["~ windows.accept.hot: 15 min → 10 min"]
    proposed, lines = await agreement_commands.propose(file, BY, None, environ)
    assert (proposed.version, lines) == (1, ["~ windows.accept.hot: 15 min → 10 min"])
    assert proposed.signing is not None
    assert (proposed.signing.state, proposed.signing.proposed_by) == (State.PROPOSED, "p4")
    assert "Waits for a signature of marketing" in await agreement_commands.show(1, environ, as_toml=False)
    assert "Version 1 is proposed" in await agreement_commands.show(None, environ, as_toml=False)


@pytest.mark.parametrize(
    ("text", "by", "start", "said"),
    [
        ("[windows", BY, None, "not valid TOML"),
        ('[windows]\nanswer = "soon"', BY, None, r"windows\.answer: there is no such term"),
        ('[disagreements]\narbiter = "gone@example.com"', BY, None, "nobody on the roster has the address gone@"),
        ("", "nobody@example.com", None, "--by: nobody on the roster has the address nobody@"),
        ("", "jonas@example.com", None, "--by: Jonas is neither an admin nor a manager"),
        ("", BY, "soon", "--from: “soon” is no start. Write a day, or a day and a local time, as in 2026-12-01T09:00"),
        ("", BY, "T09:00", "--from: “T09:00” is no start"),
        ("", BY, "2026-12-01T09:00+05:00", r"--from: “2026-12-01T09:00\+05:00” is no start"),
        ("", "mark@example.com", None, "--by: Mark is deactivated in Slack; name somebody who can act"),
        (
            '[disagreements]\narbiter = "mark@example.com"',
            BY,
            None,
            r"disagreements\.arbiter: Mark \(mark@example\.com\) is deactivated in Slack",
        ),
        ("", BY, "2020-01-01", "--from: This start has passed"),
    ],
)
async def test_every_mistake_is_named_and_nothing_is_proposed(
    tmp_path: Path, environ: dict[str, str], text: str, by: str, start: str | None, said: str
) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        await agreement_commands.propose(file, by, start, environ)
    assert "proposed" not in await agreement_commands.show(None, environ, as_toml=False)


@pytest.mark.parametrize("start", ["2026-12-01T09:00", "2026-12-01 09:00"])
async def test_a_start_is_a_local_day_and_time(tmp_path: Path, environ: dict[str, str], start: str) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text("[follow_up]\nattempts = 5", encoding="utf-8")
    proposed, _ = await agreement_commands.propose(file, BY, start, environ)
    assert proposed.signing is not None
    assert proposed.signing.from_at == datetime.fromisoformat("2026-12-01T09:00+01:00")


async def test_a_file_that_is_not_there_is_said(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="There is no file"):
        await agreement_commands.diff(tmp_path / "none.toml", environ)
