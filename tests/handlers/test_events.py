"""Events of Slack: each counts once, and what cannot be stored is left for Slack to deliver again."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import StorageUnavailable
from storage.database import Database
from tests.handlers.office import Office
from tests.handlers.wire import BOT, TEAM
from tests.services.world import JONAS


def user(slack_id: str, **more: Any) -> dict[str, Any]:
    return {"id": slack_id, "team_id": TEAM, "name": "x", "tz": "UTC", "profile": {"real_name": "X"}, **more}


async def test_a_deactivated_account_is_known_at_once(office: Office) -> None:
    await office.event({"type": "user_change", "user": user(JONAS, deleted=True)})
    person = await office.world.db.read(lambda tx: tx.people.by_slack_id(JONAS))
    assert person is not None
    assert person.flags.is_deleted


async def test_of_somebody_who_joined_and_is_on_no_roster_nothing_is_kept(office: Office) -> None:
    await office.event({"type": "team_join", "user": user("U0NEW", is_restricted=True)})
    assert await office.world.db.read(lambda tx: tx.people.by_slack_id("U0NEW")) is None


async def test_an_event_delivered_again_counts_once(office: Office) -> None:
    await office.event({"type": "user_change", "user": user(JONAS, deleted=True)}, event_id="Ev7")
    await office.event({"type": "user_change", "user": user(JONAS)}, event_id="Ev7")
    person = await office.world.db.read(lambda tx: tx.people.by_slack_id(JONAS))
    assert person is not None
    assert person.flags.is_deleted


async def test_what_cannot_be_stored_is_delivered_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unreachable(*_: Any) -> None:
        raise StorageUnavailable("gone")

    monkeypatch.setattr(Database, "run", unreachable)
    answer = await office.event({"type": "user_change", "user": user(JONAS)})
    assert answer.status_code == 503


@pytest.mark.parametrize(
    "content",
    [
        {"type": "message", "user": JONAS, "text": "hello", "channel": "C1"},
        {"type": "message", "user": BOT, "bot_id": "B0BOT", "channel": "C1"},
        {"type": "message", "subtype": "message_changed", "channel": "C1"},
        {"type": "something_new"},
        {"type": "app_home_opened", "user": JONAS, "tab": "messages"},
        {"type": "user_change", "user": "U1"},
        {"type": "user_change", "user": {"id": 7}},
        {"type": "user_change", "user": {"id": "U1", "profile": []}},
        {"type": "user_change", "user": {"id": "U1", "enterprise_user": [1]}},
        {"type": "app_home_opened", "user": ["U1"]},
        {"type": ""},
        {},
    ],
)
async def test_what_nobody_asked_for_is_acknowledged(office: Office, content: dict[str, Any]) -> None:
    assert (await office.event(content)).status_code == 200


async def test_an_event_of_another_workspace_changes_nothing(office: Office) -> None:
    await office.event({"type": "user_change", "user": user(JONAS, deleted=True)}, team="T0OTHER")
    person = await office.world.db.read(lambda tx: tx.people.by_slack_id(JONAS))
    assert person is not None
    assert not person.flags.is_deleted


async def test_slacks_question_for_the_address_is_answered(office: Office) -> None:
    answer = await office.post_slack(b'{"type":"url_verification","challenge":"abc"}', "application/json")
    assert answer.status_code == 200
    assert "abc" in answer.text
