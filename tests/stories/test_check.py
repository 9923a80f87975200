"""Stories: `lockstep check` beside a running bot, with each thing broken once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import checking
from bot.demo import programs
from bot.demo.company import SECRET
from bot.domain.findings import Area, Finding, Verdict
from bot.domain.post import OutboxKind
from bot.integrations.clock import SystemClock
from storage.database import Database, run_now
from storage.transaction import Transaction
from tests.stories.brightwater import Brightwater

pytestmark = pytest.mark.story

DEACTIVATED = "Viktor Lindqvist"
"""On Brightwater's roster, and not in Slack any more: always found."""


class OffBy:
    """This machine's clock, wrong."""

    def __init__(self, **span: float) -> None:
        self._span = timedelta(**span)

    def now(self) -> Any:
        return SystemClock().now() + self._span


async def checked(office: Brightwater, *, clock: Any = None, **changes: str) -> list[Finding]:
    environment = programs.bot_environment(
        office.slack.url, database_url=office.database_url, port=0, socket_mode=True, name="check"
    )
    return await checking.go_through({**environment, **changes}, clock=clock or SystemClock())


def to_fix(findings: list[Finding], area: Area) -> list[str]:
    return [one.says for one in findings if one.area is area and one.verdict is Verdict.FIX]


def fixes(findings: list[Finding]) -> list[str]:
    """What is to be fixed beside what is always wrong in Brightwater."""
    return [one.says for one in findings if one.verdict is Verdict.FIX and DEACTIVATED not in one.says]


async def change(office: Brightwater, work: Any) -> None:
    db = Database.open(office.database_url, clock=SystemClock())
    try:
        await db.run(work)
    finally:
        await db.close()


async def test_a_running_lockstep_is_well_and_goes_on_meanwhile(office: Brightwater) -> None:
    await office.hands_over()
    found = await checked(office)
    assert fixes(found) == []
    assert {one.area for one in found} == set(Area)
    assert [one.area for one in found] == sorted((one.area for one in found), key=list(Area).index)
    assert any(DEACTIVATED in says for says in to_fix(found, Area.PEOPLE))
    assert any("the last lead came" in one.says for one in found if one.area is Area.SOURCES)
    assert not any("No lockstep run" in one.says for one in found)
    await office.hands_over(external_id="WEB-2", email="another@example.com", name="Another")


async def test_a_lockstep_that_is_not_running_is_told(closed_office: Brightwater) -> None:
    found = await checked(closed_office)
    (says,) = [one.says for one in found if one.area is Area.DATABASE and one.verdict is Verdict.NOTE]
    assert says.startswith("No lockstep run uses it just now")


async def test_sources_need_an_address_that_others_reach(office: Brightwater) -> None:
    said = [one.says for one in await checked(office) if one.area is Area.SOURCES]
    assert any("LOCKSTEP_PUBLIC_URL is not set" in one for one in said)
    found = await checked(office, LOCKSTEP_PUBLIC_URL="https://lockstep.example.com")
    assert not any("LOCKSTEP_PUBLIC_URL" in one.says for one in found)


async def test_nothing_secret_and_nothing_of_a_lead_is_said(office: Brightwater) -> None:
    await office.hands_over()
    found = await checked(office)
    said = checking.as_json(found) + "\n".join(checking.as_text(found))
    for secret in (SECRET, programs.BOT_TOKEN, programs.APP_TOKEN, programs.SIGNING_SECRET, "Marchand", "e.marchand@"):
        assert secret not in said


async def test_a_missing_scope_is_named(office: Brightwater) -> None:
    workspace = office.slack.workspace
    workspace.manifest = replace(workspace.manifest, scopes=(workspace.manifest.scopes or frozenset()) - {"im:write"})
    (says,) = fixes(await checked(office))
    assert "im:write" in says


async def test_an_archived_channel_is_named_with_its_use(office: Brightwater) -> None:
    pool = await office.jonas.place("#lead-pool")
    await office.slack.post("places", {"place": pool, "is_archived": True})
    (says,) = fixes(await checked(office))
    assert says.startswith("The pool of ")
    assert "#lead-pool, is archived" in says


async def test_a_channel_without_lockstep_and_one_that_strangers_read(office: Brightwater) -> None:
    pool, fallback = await office.jonas.place("#lead-pool"), await office.anna.place("#lead-fallback")
    bot = office.slack.workspace.world.bot.id
    await office.slack.post("places", {"place": pool, "remove": bot})
    await office.slack.post("places", {"place": fallback, "is_ext_shared": True})
    out, shared = sorted(fixes(await checked(office)), reverse=True)
    assert "#lead-pool, does not have Lockstep in it" in out
    assert "#lead-fallback, is shared with another organisation" in shared


async def test_wrong_tokens_are_told_apart(office: Brightwater) -> None:
    (says,) = fixes(await checked(office, SLACK_BOT_TOKEN="xoxb-not-ours"))
    assert "does not accept SLACK_BOT_TOKEN (invalid_auth)" in says
    (says,) = fixes(await checked(office, SLACK_APP_TOKEN="xapp-not-ours"))
    assert "does not open Socket Mode with SLACK_APP_TOKEN (invalid_auth)" in says


async def test_a_clock_that_is_wrong_is_measured(office: Brightwater) -> None:
    (says,) = fixes(await checked(office, clock=OffBy(minutes=-6)))
    assert "behind Slack's: signed requests are refused" in says


async def test_slack_that_is_down_hides_nothing_else(office: Brightwater) -> None:
    found = await checked(office, SLACK_API_URL="http://127.0.0.1:9/api/")
    (says,) = fixes(found)
    assert says.startswith("Slack cannot be reached")
    assert {Area.PEOPLE, Area.ROUTING, Area.OUTBOX} <= {one.area for one in found}
    assert Area.CHANNELS not in {one.area for one in found}


async def test_slack_that_wants_to_be_left_alone_is_waited_for(office: Brightwater) -> None:
    await office.fault("rate_limit", method="auth.test", retry_after=1)
    await office.fault("rate_limit", method="conversations.info", retry_after=1)
    assert fixes(await checked(office)) == []
    await office.fault("rate_limit", method="conversations.info", retry_after=600)
    found = await checked(office)
    assert fixes(found) == []
    assert any("Slack wanted to be left alone" in one.says for one in found)


async def test_the_configurations_own_mistakes_are_found(office: Brightwater) -> None:
    def spoil(tx: Transaction) -> None:
        tx.settings.save(replace(tx.config, fallback_channel=None))
        tx.outbox.add(OutboxKind.SYNC_HOME, "nobody", "home:nobody")
        tx.flush()
        for row in tx.outbox.lease_lanes(10, timedelta(seconds=30)):
            tx.outbox.park(row, "channel_not_found")

    await change(office, spoil)
    found = await checked(office)
    assert any("no fallback channel" in says for says in to_fix(found, Area.ROUTING))
    assert any("given up. Last: channel_not_found" in says for says in to_fix(found, Area.OUTBOX))


async def test_a_database_that_is_not_there_or_older_names_the_command(
    closed_office: Brightwater, tmp_path: Path
) -> None:
    found = await checked(closed_office, LOCKSTEP_DATABASE_URL=f"sqlite:///{tmp_path}/other.db")
    (says,) = fixes(found)
    assert "There is no database" in says
    assert Area.PEOPLE not in {one.area for one in found}
    url = "postgresql://lockstep@127.0.0.1:9/lockstep"
    (says,) = fixes(await checked(closed_office, LOCKSTEP_DATABASE_URL=url))
    assert "database" in says


async def test_settings_that_are_wrong_are_all_named_and_the_database_is_looked_at_all_the_same(
    closed_office: Brightwater,
) -> None:
    found = await checked(closed_office, SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="nonsense")
    assert len(to_fix(found, Area.SETTINGS)) == 2
    assert Area.PEOPLE in {one.area for one in found}
    assert Area.TOKENS not in {one.area for one in found}
    assert "nonsense" not in checking.as_json(found)


async def test_the_text_has_a_verdict_a_line_and_no_name_moves_the_cursor(office: Brightwater) -> None:
    def rename(tx: Transaction) -> None:
        person = tx.people.by_email("jonas.brandt@example.com")
        assert person is not None
        tx.people.set_roster(replace(person, name="Jonas\x1b[2J", tz="Europe/\x1b[31mBerlin", tz_follows_slack=False))

    run_now(office.database_url, SystemClock(), rename)
    found = await checked(office)
    lines = checking.as_text(found)
    assert lines[0] == "Settings"
    assert not [line for line in lines if "\x1b" in line]
    assert lines[-1].endswith("ok.")
    document = json.loads(checking.as_json(found))
    assert document["ok"] is False
    assert {"area", "verdict", "says", "fix"} == set(document["findings"][0])
