"""`lockstep config apply` with a token: in force first, then people are looked up, and nothing is lost on the way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.configuration import Outcome, apply_file
from bot.errors import ConfigError
from bot.integrations.clock import SystemClock
from storage.database import Database
from storage.schema import migrate
from tests.integrations import fake_slack
from tests.integrations.fake_slack import Behaviour, FakeSlack, answers, error, limited

CHANNELS = json.dumps({"ok": True, "channels": [{"id": "C0FALLBACK", "name": "lead-fallback"}]})


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack.running() as slack:
        yield slack


class Desk:
    """Where somebody applies files."""

    def __init__(self, folder: Path, slack: FakeSlack) -> None:
        self.url = f"sqlite:///{folder / 'lockstep.db'}"
        self.file = folder / "lockstep.toml"
        self.slack = slack
        self.said: list[object] = []
        migrate(self.url, lambda _: None)

    async def apply(
        self, number: int, *behaviours: Behaviour, dry_run: bool = False, yes: bool = False, more: str = ""
    ) -> Outcome:
        """A roster of so many; `behaviours` are what the first lookups meet."""
        people = [f'[[people]]\nemail = "u{each}@example.com"\nname = "Rep {each}"\n' for each in range(number)]
        self.file.write_text("\n".join([more, *people, '[[sources]]\nkey = "crm"\n']))
        self.slack.next("conversations.list", answers(CHANNELS, content_type="application/json"))
        self.slack.next("users.lookupByEmail", *behaviours)
        environ = {
            "LOCKSTEP_DATABASE_URL": self.url,
            "SLACK_BOT_TOKEN": "xoxb-test",
            "SLACK_API_URL": self.slack.base_url,
        }
        return await apply_file(
            self.file,
            environ,
            dry_run=dry_run,
            yes=yes,
            in_force=lambda outcome: self.said.append(dict(outcome.new_secrets)),
            progress=lambda done, total: self.said.append((done, total)),
        )

    async def found(self) -> int:
        db = Database.open(self.url, clock=SystemClock())
        try:
            return sum(person.slack_id is not None for person in await db.read(lambda tx: tx.people.all()))
        finally:
            await db.close()


@pytest.fixture
def desk(tmp_path: Path, slack: FakeSlack) -> Desk:
    return Desk(tmp_path, slack)


def user(number: int) -> dict[str, object]:
    return {"id": f"U{number}", "team_id": "T0LOCKSTEP", "profile": {"email": f"u{number}@example.com"}}


async def test_people_are_looked_up_and_who_is_missing_is_named(desk: Desk) -> None:
    desk.slack.users = {f"U{number}": user(number) for number in range(2)}
    outcome = await desk.apply(3)
    assert outcome.missing == ["Rep 2"]
    assert await desk.found() == 2
    secrets, progress = desk.said
    assert isinstance(secrets, dict)
    assert secrets["crm"].startswith("whsec_")
    assert progress == (3, 3)


async def test_applied_again_only_those_not_found_are_looked_up(desk: Desk) -> None:
    desk.slack.users = {f"U{number}": user(number) for number in range(2)}
    await desk.apply(3)
    desk.slack.calls.clear()
    await desk.apply(3)
    assert desk.slack.called("users.lookupByEmail") == [{"email": "u2@example.com"}]


async def test_slacks_wish_to_be_left_alone_is_waited_out(desk: Desk) -> None:
    desk.slack.users = {f"U{number}": user(number) for number in range(3)}
    outcome = await desk.apply(3, limited("1"))
    assert (outcome.missing, outcome.trouble) == ([], None)
    assert await desk.found() == 3


@pytest.mark.parametrize("code", ["token_revoked", "missing_scope"])
async def test_trouble_with_slack_loses_neither_the_configuration_nor_its_secrets(desk: Desk, code: str) -> None:
    outcome = await desk.apply(3, error(code))
    assert outcome.trouble is not None
    assert code in outcome.trouble
    assert outcome.missing is None
    assert "crm" in outcome.new_secrets
    assert await desk.found() == 0


async def test_a_dry_run_looks_people_up_and_names_channels_and_changes_nothing(desk: Desk) -> None:
    desk.slack.users = {f"U{number}": user(number) for number in range(2)}
    outcome = await desk.apply(3, dry_run=True, more='[lockstep]\nfallback_channel = "#lead-fallback"')
    assert outcome.missing == ["Rep 2"]
    assert "~ fallback_channel: nothing -> #lead-fallback" in outcome.changes
    assert desk.said == [(3, 3)]
    assert await desk.found() == 0


async def test_a_dry_run_says_when_slack_did_not_answer_for_everybody(desk: Desk) -> None:
    outcome = await desk.apply(1, error("invalid_auth"), dry_run=True)
    assert outcome.missing is None
    assert outcome.trouble is not None
    assert "Not everybody was looked up" in outcome.trouble
    assert any(line.startswith("+ person") for line in outcome.changes)


async def test_what_is_not_in_the_file_goes_only_when_somebody_says_yes(desk: Desk) -> None:
    """It may have been added in Slack since the file was written; a source would lose its secret for good."""
    desk.slack.users = {f"U{number}": user(number) for number in range(3)}
    await desk.apply(3, more='[[sources]]\nkey = "forms"\n')
    with pytest.raises(ConfigError) as caught:
        await desk.apply(1)
    said = str(caught.value)
    assert all(
        line in said for line in ("- person u1@example.com", "- person u2@example.com", "- source forms", "--yes")
    )
    assert await desk.found() == 3
    outcome = await desk.apply(1, dry_run=True)
    assert "- source forms" in outcome.changes
    outcome = await desk.apply(1, yes=True)
    assert "- source forms" in outcome.changes
